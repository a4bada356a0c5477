//! `[severity]`, and that of a watch: each level lies above the one before.

use orszem_core::settings::Severity;
use toml::Spanned;
use toml::de::DeValue;

use super::entry::Entry;
use crate::diagnostics::Report;

pub(super) fn check(section: Entry<'_>, report: &mut Report<'_>) {
    let Severity { some, many, very_many, above, far_above, .. } = Severity::default();
    let levels = [
        [("some", some), ("many", many)],
        [("many", many), ("very_many", very_many)],
        [("above", above), ("far_above", far_above)],
    ];
    for [(lower, usual), (higher, usual_higher)] in levels {
        let low = number(section, lower).unwrap_or(usual);
        let high = number(section, higher).unwrap_or(usual_higher);
        if low > high {
            let key = if section.has(higher) { higher } else { lower };
            let message = format!("\"{lower}\" ({low}) is more than \"{higher}\" ({high})");
            report.error(section.at(key), message, format!("set \"{higher}\" to at least {low}"));
        }
    }
}

fn number(section: Entry<'_>, key: &str) -> Option<f64> {
    let value = section.table.get(key).map(Spanned::get_ref)?;
    let text = match value {
        DeValue::Integer(integer) => integer.as_str(),
        DeValue::Float(float) => float.as_str(),
        _ => return None,
    };
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    #[test]
    fn each_level_lies_above_the_one_before() {
        case(
            "[severity]\nmany = 500\n",
            &["a.toml:2:8: \"many\" (500) is more than \"very_many\" (250); set \"very_many\" to at least 500"],
        );
        case("[severity]\nsome = 3\nmany = 3\nvery_many = 20\n", &[]);
        let watch = "[[watch]]\nname = \"a\"\nterms = [\"abcd\"]\nescalation = \"e\"\nseverity = { above = 9.5 }\n";
        let fault = "a.toml:5:22: \"above\" (9.5) is more than \"far_above\" (4); set \"far_above\" to at least 9.5";
        case(watch, &[fault]);
    }
}

//! `[respond]`: retries.

use orszem_core::settings::Respond;

use super::entry::Entry;
use crate::diagnostics::Report;

pub(super) fn check(section: Entry<'_>, report: &mut Report<'_>) {
    let default = Respond::default();
    let first = section.span("retry_first").unwrap_or(default.retry_first.0);
    let longest = section.span("retry_longest").unwrap_or(default.retry_longest.0);
    if first > longest {
        let key = if section.has("retry_longest") { "retry_longest" } else { "retry_first" };
        report.error(section.at(key), "\"retry_first\" is longer than \"retry_longest\"", None);
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    #[test]
    fn the_first_wait_is_no_longer_than_the_longest() {
        case("[respond]\nretry_first = \"2m\"\n", &["a.toml:2:15: \"retry_first\" is longer than \"retry_longest\""]);
    }
}

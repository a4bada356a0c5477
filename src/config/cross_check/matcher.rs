//! `match` of a route, `when` and `mute` of an inhibition: what they ask for can be.

use std::collections::BTreeMap;
use std::ops::Range;

use orszem_core::routing::facts::Fact;
use orszem_core::routing::known::{Idle, Known};
use orszem_core::routing::matcher::Matcher;
use orszem_records::matcher::{Match, Patterns};
use toml::de::DeValue;

use super::entry::Entry;
use crate::diagnostics::{Report, quoted, suggestion};

/// The matcher that a table writes under `key`, as far as it can be read; every incident where nothing is written.
pub(super) fn read(entry: Entry<'_>, key: &str) -> Match {
    let Some(table) = entry.tables(key).into_iter().next() else { return Match::default() };
    let labels = table.tables("labels").into_iter().next();
    let labels = labels.map_or_else(BTreeMap::new, |labels| {
        let names = labels.table.keys().map(|name| name.get_ref().to_string());
        names.filter_map(|name| Some((name.clone(), patterns(labels, &name)?))).collect()
    });
    let [watch, desk, kind, severity, language, source] =
        ["watch", "desk", "kind", "severity", "language", "source"].map(|key| patterns(table, key));
    Match { watch, desk, kind, severity, language, source, labels }
}

fn patterns(table: Entry<'_>, key: &str) -> Option<Patterns> {
    match table.table.get(key)?.get_ref() {
        DeValue::String(text) => Some(Patterns::One(text.to_string())),
        DeValue::Array(_) => Some(Patterns::Several(table.texts(key).map(|(text, _)| text.to_owned()).collect())),
        _ => None,
    }
}

/// Checks the matcher under `key`. Whether something is wrong with it.
pub(super) fn check(entry: Entry<'_>, key: &str, known: &Known, report: &mut Report<'_>) -> bool {
    let written = read(entry, key);
    let place = |fact: &Fact, pattern: Option<usize>| place(entry, key, fact, pattern).unwrap_or(entry.at(key));
    let faults = Matcher::new(&written).err().unwrap_or_default();
    // An empty list is told by what it is, not by what it would match.
    for fault in &faults {
        report.error(place(&fault.fact, Some(fault.pattern)), fault.what.clone(), fault.right.clone());
    }
    let idle = known.idle(&written);
    for Idle { fact, pattern, known } in &idle {
        let at = place(fact, *pattern);
        let names = known.iter().map(String::as_str);
        let text = report.piece(at.clone()).map(|text| text.trim_matches(['"', '\'']).to_owned()).unwrap_or_default();
        let asked = quoted(&text);
        match (fact, pattern) {
            (Fact::Watch, _) => report.error(at, format!("there is no watch {asked}"), suggestion(&text, names)),
            (Fact::Label(_), None) => {
                let help = suggestion(&text, names).unwrap_or("add labels = { … } to a [[watch]]".to_owned());
                report.error(at, format!("no watch has a label {asked}"), help);
            }
            (Fact::Language, _) => {
                let help = "the language is what a label of the watch says: labels = { language = \"hu\" }".to_owned();
                report.warning(at, format!("no watch is of the language {asked}, so nothing matches this"), help);
            }
            _ => {
                let help = suggestion(&text, names);
                report.warning(at, format!("no watch has the {fact} {asked}, so nothing matches this"), help);
            }
        }
    }
    !faults.is_empty() || !idle.is_empty()
}

/// Where a pattern stands; the name of a label where there is no pattern.
fn place(entry: Entry<'_>, key: &str, fact: &Fact, pattern: Option<usize>) -> Option<Range<usize>> {
    let table = entry.tables(key).into_iter().next()?;
    let (table, name) = match fact {
        Fact::Label(label) => (table.tables("labels").into_iter().next()?, label.as_str()),
        fact => (table, fact.name()),
    };
    let Some(pattern) = pattern else {
        return table.table.keys().find(|key| key.get_ref() == name).map(toml::Spanned::span);
    };
    let item = table.texts(name).nth(pattern).map(|(_, at)| at);
    Some(item.unwrap_or(table.at(name)))
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    fn matched(written: &str, expected: &[&str]) {
        case(&format!("[[inhibit]]\nmute = {{ kind = \"silence\" }}\nwhen = {written}\n"), expected);
    }

    #[test]
    fn what_can_be_is_taken() {
        matched("{ watch = \"w\", severity = [\"1\", \"<= 2\"], source = \"x*\" }", &[]);
        matched("{ watch = [\"!= acme\", \"feed\", \"w*\"], kind = \"no-data\", labels = {} }", &[]);
    }

    #[test]
    fn what_cannot_be_is_told_where_it_stands() {
        matched(
            "{ watch = [\"w\", \"ww\"], severity = \"<= 5\", desk = \"car\" }",
            &[
                "a.toml:3:24: there is no watch \"ww\"; did you mean \"w\"?",
                "a.toml:3:42: \"<= 5\" is no severity; write a number from 1 (the highest) to 4, alone or after <=, >=, = or \
                 !=: \"<= 2\"",
                "a.toml:3:57: there is no desk \"car\"; one of crisis, care, employer, audience",
            ],
        );
        matched(
            "{ desk = \"care\", language = \"hu\" }",
            &[
                "a.toml:3:17: warning: no watch has the desk \"care\", so nothing matches this; known here: crisis",
                "a.toml:3:36: warning: no watch is of the language \"hu\", so nothing matches this; the language is what a \
                 label of the watch says: labels = { language = \"hu\" }",
            ],
        );
        matched(
            "{ labels = { stroy = \"x\" } }",
            &["a.toml:3:21: no watch has a label \"stroy\"; add labels = { … } to a [[watch]]"],
        );
        matched("{ kind = [] }", &["a.toml:3:17: the list is empty, so nothing matches; leave it out"]);
        matched(
            "{ severty = \"1\" }",
            &["a.toml:3:10: unknown key \"severty\" in [inhibit.when]; did you mean \"severity\"?"],
        );
        matched(
            "{ severity = 1 }",
            &["a.toml:3:21: \"severity\" in [inhibit.when] must be a text, and is a whole number; write it in quotes"],
        );
    }
}

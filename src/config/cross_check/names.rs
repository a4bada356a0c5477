//! Names: given once, called where they are there, and used.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::entry::Entry;
use crate::diagnostics::{Report, nearest, quoted, suggestion};

/// Names that are given twice.
pub(super) fn duplicates(kind: &str, entries: &[Entry<'_>], report: &mut Report<'_>) {
    let mut first = BTreeMap::new();
    for (name, at) in entries.iter().filter_map(|entry| entry.text("name")) {
        match first.get(name) {
            Some(line) => {
                let message = format!("the name {} is taken by the {kind} in line {line}", quoted(name));
                report.error(at, message, "give it another".to_owned());
            }
            None => {
                first.insert(name, report.line(at.start));
            }
        }
    }
}

/// Former names of watches: each belongs to one watch, and to none that is still there.
pub(super) fn former(watches: &[Entry<'_>], report: &mut Report<'_>) {
    let names: BTreeMap<&str, Range<usize>> = watches.iter().filter_map(|watch| watch.text("name")).collect();
    let mut first = BTreeMap::new();
    for (name, at) in watches.iter().filter_map(|watch| watch.text("formerly")) {
        let line = report.line(at.start);
        if let Some(taken) = names.get(name) {
            let message =
                format!("the former name {} is that of the watch in line {}", quoted(name), report.line(taken.start));
            report.error(at, message, "leave out \"formerly\", or rename that watch".to_owned());
        } else if let Some(before) = first.get(name) {
            let message = format!("the former name {} belongs to the watch in line {before}", quoted(name));
            report.error(at, message, "leave it out in one of them".to_owned());
        } else {
            first.insert(name, line);
        }
    }
}

/// Names that are called but not there, and those that are there but never called, not even by a slip of the pen.
pub(super) fn references(kind: &str, calls: Vec<(&str, Range<usize>)>, entries: &[Entry<'_>], report: &mut Report<'_>) {
    let mut called: BTreeSet<&str> = calls.iter().map(|(name, _)| *name).collect();
    called.extend(known(kind, calls, entries, report));
    unused(kind, &called, entries, report);
}

/// Names that nothing calls.
pub(super) fn unused(kind: &str, called: &BTreeSet<&str>, entries: &[Entry<'_>], report: &mut Report<'_>) {
    let names = entries.iter().filter_map(|entry| entry.text("name"));
    for (name, at) in names.filter(|(name, _)| !called.contains(name)) {
        let user = match kind {
            "receiver" | "rotation" => "step of an escalation",
            "person" => "step of an escalation and no rotation",
            "hours" => "route or step",
            _ => "watch",
        };
        report.warning(at, format!("no {user} names the {kind} {}", quoted(name)), None);
    }
}

/// Names that are called but not there. Returns those that were likely meant.
pub(super) fn known<'n>(
    kind: &str,
    calls: Vec<(&str, Range<usize>)>,
    entries: &[Entry<'n>],
    report: &mut Report<'_>,
) -> BTreeSet<&'n str> {
    let names: BTreeSet<&str> = entries.iter().filter_map(|entry| Some(entry.text("name")?.0)).collect();
    let mut meant = BTreeSet::new();
    for (name, at) in calls.into_iter().filter(|(name, _)| !names.contains(name)) {
        meant.extend(nearest(name, names.iter().copied()));
        let help = suggestion(name, names.iter().copied()).unwrap_or(format!("add a [[{kind}]] of that name"));
        let there = if kind == "hours" { "there are no" } else { "there is no" };
        report.error(at, format!("{there} {kind} {}", quoted(name)), help);
    }
    meant
}

/// Names that stand twice in one list.
pub(super) fn twice<'n>(
    kind: &str,
    names: impl IntoIterator<Item = (&'n str, Range<usize>)>,
    place: &str,
    report: &mut Report<'_>,
) {
    let mut seen = BTreeSet::new();
    for (name, at) in names.into_iter().filter(|(name, _)| !seen.insert(*name)) {
        let message = format!("{kind} {} is named twice in one {place}", quoted(name));
        report.error(at, message, "leave one out".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{GOOD, case, faults};

    #[test]
    fn names_have_a_form_and_are_given_once() {
        case(
            "[[watch]]\nname = \"Légi Őr\"\nterms = [\"aa\"]\nescalation = \"e\"\n",
            &[
                "a.toml:2:8: \"name\" in [[watch]]: \"Légi Őr\" is not a valid name; small letters a–z, digits and \"-\" are allowed, at most 63, \
         the first no \"-\": \"legi-or\"",
            ],
        );
        let twice = GOOD.matches('\n').count() + 3;
        let text = format!("{GOOD}[[watch]]\n\nname = \"w\"\nterms = [\"bb\"]\nescalation = \"e\"\n");
        assert_eq!(
            faults(&text),
            [format!("a.toml:{twice}:8: the name \"w\" is taken by the watch in line 3; give it another")]
        );
    }

    #[test]
    fn a_former_name_belongs_to_one_watch_and_to_none_that_is_there() {
        let watch = |name: &str, formerly: &str| {
            format!(
                "[[watch]]\nname = \"{name}\"\nformerly = \"{formerly}\"\nterms = [\"kellemes\"]\nescalation = \"e\"\n"
            )
        };
        let at = GOOD.matches('\n').count();
        let (first, second) = (at + 3, at + 8);
        assert_eq!(faults(&format!("{GOOD}{}", watch("neu", "alt"))), [""; 0]);
        assert_eq!(
            faults(&format!("{GOOD}{}", watch("neu", "w"))),
            [format!(
                "a.toml:{first}:12: the former name \"w\" is that of the watch in line 3; leave out \"formerly\", or \
                 rename that watch"
            )]
        );
        assert_eq!(
            faults(&format!("{GOOD}{}{}", watch("neu", "alt"), watch("other", "alt"))),
            [format!(
                "a.toml:{second}:12: the former name \"alt\" belongs to the watch in line {first}; leave it out in one of \
                 them"
            )]
        );
    }

    #[test]
    fn references_lead_somewhere_and_everything_is_used() {
        let text = r#"[[watch]]
name = "w"
terms = ["kellemes"]
escalation = "dutty"
[[escalation]]
name = "duty"
step = [{ receivers = ["pagr", "pager", "pager", "fax"], acknowledge_within = "0s" }, { receivers = [], acknowledge_within = "1m" }]
[[receiver]]
kind = "console"
name = "pager"
[[receiver]]
kind = "console"
name = "spare"
"#;
        assert_eq!(
            faults(text),
            [
                "a.toml:4:14: there is no escalation \"dutty\"; did you mean \"duty\"?",
                "a.toml:7:24: there is no receiver \"pagr\"; did you mean \"pager\"?",
                "a.toml:7:41: receiver \"pager\" is named twice in one step; leave one out",
                "a.toml:7:50: there is no receiver \"fax\"; known here: pager, spare",
                "a.toml:7:79: \"acknowledge_within\" in [[escalation.step]]: \"0s\" is too short; 1s to 7d are allowed",
                "a.toml:7:87: this step tells nobody; name receivers, people or rotations",
                "a.toml:13:8: warning: no step of an escalation names the receiver \"spare\"",
            ]
        );
        case(
            "[[escalation]]\nname = \"f\"\nstep = []\n",
            &[
                "a.toml:2:8: warning: no watch names the escalation \"f\"",
                "a.toml:3:8: \"step\" in [[escalation]] is empty",
            ],
        );
    }
}

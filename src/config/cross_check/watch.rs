//! `[[watch]]`: something to look for, and somebody to tell.

use std::collections::BTreeMap;

use orszem_records::signal::FEED;

use super::entry::Entry;
use super::query;
use super::severity;
use super::who::Who;
use crate::diagnostics::{Report, quoted};

/// `by_itself`: its escalation alone says who is told, for there are no routes. `who`: the people and the rotations.
pub(super) fn check(watch: Entry<'_>, by_itself: bool, who: &Who<'_>, report: &mut Report<'_>) {
    query::check(watch, report);
    terms(watch, report);
    crisis(watch, report);
    watch.tables("severity").into_iter().for_each(|section| severity::check(section, report));
    for (_, at) in ["name", "formerly"].into_iter().filter_map(|key| watch.text(key)).filter(|(name, _)| *name == FEED)
    {
        report.error(at, "the name \"feed\" is that of the feed itself", "give the watch another".to_owned());
    }
    if let Some((owner, at)) = watch.text("owner") {
        who.check(owner, at, report);
    }
    if by_itself && !watch.has("escalation") {
        let message = format!("{} has no escalation: its incidents are shown, but nobody is notified", named(watch));
        report.warning(watch.header(), message, "add escalation = \"…\"".to_owned());
    }
}

/// `watch "kellemes"`, or the header when it has no name.
fn named(entry: Entry<'_>) -> String {
    entry.text("name").map_or("this [[watch]]".into(), |(name, _)| format!("watch {}", quoted(name)))
}

fn terms(watch: Entry<'_>, report: &mut Report<'_>) {
    let mut seen = BTreeMap::new();
    for (term, at) in watch.texts("terms") {
        let folded = orszem_text::fold::folded(term);
        let letters = folded.chars().filter(|c| c.is_alphanumeric()).count();
        if term.trim().is_empty() {
            report.error(at, "this term is empty", "leave it out".to_owned());
        } else if folded.chars().all(|c| c.is_whitespace() || "@#$".contains(c)) {
            let help = "a term needs a letter, a digit or a sign".to_owned();
            report.error(at, format!("nothing is left of the term {} without case and accents", quoted(term)), help);
        } else if term.chars().count() > 200 {
            report.error(at, "this term has more than 200 characters", "name the words that matter".to_owned());
        } else if letters <= 1 && folded.chars().count() <= 2 && folded.is_ascii() {
            let help = "a name or a phrase finds what is meant".to_owned();
            report.warning(
                at,
                format!("the term {} is a single character and will match far too much", quoted(term)),
                help,
            );
        } else if let Some(before) = seen.insert(folded, term) {
            let message = format!("the term {} finds the same as {}", quoted(term), quoted(before));
            report.warning(at, message, "leave one out".to_owned());
        }
    }
}

/// A threshold without a number has no effect.
fn crisis(watch: Entry<'_>, report: &mut Report<'_>) {
    for crisis in watch.tables("crisis") {
        if !crisis.has("mentions") && !crisis.has("negatives") {
            let message = "\"crisis\" has neither \"mentions\" nor \"negatives\"";
            report.error(
                watch.at("crisis"),
                message,
                "say how many: crisis = { negatives = 100, within = \"1h\" }".to_owned(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{GOOD, faults};

    /// A good configuration whose watch has an owner, and these parts beside it.
    fn owned(owner: &str, others: &str) -> Vec<String> {
        let watch = GOOD.replacen("name = \"w\"\n", &format!("name = \"w\"\nowner = \"{owner}\"\n"), 1);
        assert_ne!(watch, GOOD);
        faults(&format!("{others}{watch}"))
    }

    #[test]
    fn who_answers_for_a_watch_is_there() {
        let person = "[[person]]\nname = \"anna\"\nroles = [\"admin\"]\n";
        assert_eq!(
            owned("ana", person),
            ["a.toml:7:9: there is no rotation and no person \"ana\"; \"anna\" is meant?"]
        );
        assert_eq!(
            owned("press-team", ""),
            [
                "a.toml:4:9: there is no rotation and no person \"press-team\"; add a [[rotation]] or a [[person]] of that \
                 name"
            ]
        );
    }

    #[test]
    fn who_answers_for_a_watch_is_in_use() {
        let person = "[[person]]\nname = \"anna\"\nway = [{ receiver = \"r\" }]\n";
        let rotation = "[[rotation]]\nname = \"press\"\ntime_zone = \"Europe/Budapest\"\n[[rotation.layer]]\n\
             shift = \"daily\"\nstretch = [{ from = \"2026-03-30 09:00\", members = [\"anna\"] }]\n";
        assert_eq!(owned("anna", person), [""; 0]);
        assert_eq!(owned("press", &format!("{person}{rotation}")), [""; 0]);
        let silent = owned("anna", "[[person]]\nname = \"anna\"\n");
        let told = "warning: person \"anna\" has no way: nothing reaches them; add [[person.way]] with a receiver";
        assert_eq!(silent, [format!("a.toml:2:8: {told}")]);
    }
}

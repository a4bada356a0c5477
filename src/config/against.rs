//! What another configuration would cut off: watches that are gone, and those that nobody is called for any more; and
//! which shifts would change hands.

use orszem_core::oncall::{Difference, Roster, differences};
use orszem_core::settings::{Config, Watch};
use orszem_core::words::{Language, Words, Zone};
use orszem_records::team::Record;
use orszem_records::time::Timestamp;

/// A watch whose open incidents would not go on as they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// The name that it is counted under: what its incidents are called by.
    pub key: String,
    /// What would become of it.
    pub how: How,
}

/// What would become of a watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// It is not there any more. `likely` is a new watch that looks for the same.
    Gone {
        /// The new watch's name.
        likely: Option<String>,
    },
    /// It names no escalation any more.
    NoEscalation,
}

impl std::fmt::Display for CutOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = &self.key;
        match &self.how {
            How::Gone { likely: None } => write!(f, "watch \"{key}\" is gone: its open incidents end"),
            How::Gone { likely: Some(name) } => write!(
                f,
                "watch \"{key}\" is gone: its open incidents end. If \"{name}\" is its new name, add formerly = \"{key}\" \
                 to that, and they go on"
            ),
            How::NoEscalation => {
                write!(f, "watch \"{key}\" has no escalation any more: nobody else is called for its open incidents")
            }
        }
    }
}

/// What of `running` would be cut off by `new`.
pub fn cut_off(running: &Config, new: &Config) -> Vec<CutOff> {
    let cut_off = |watch: &Watch| {
        let how = match new.watches.iter().find(|other| other.key() == watch.key()) {
            None => How::Gone { likely: successor(watch, running, new) },
            Some(other) if watch.escalation.is_some() && other.escalation.is_none() => How::NoEscalation,
            Some(_) => return None,
        };
        Some(CutOff { key: watch.key().to_owned(), how })
    };
    running.watches.iter().filter_map(cut_off).collect()
}

/// A part of a rotation that other people would have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeOfHands {
    /// The rotation's name.
    pub rotation: String,
    /// The zone in which its times are told.
    pub time_zone: String,
    /// Whether somebody has it at this moment who would lose it.
    pub is_now: bool,
    /// When, and who; `None` where the rotation is gone.
    pub difference: Option<Difference>,
}

impl std::fmt::Display for ChangeOfHands {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rotation = &self.rotation;
        let Some(Difference { from, to, before, after }) = &self.difference else {
            return write!(f, "rotation \"{rotation}\" is gone: nobody is called by it any more");
        };
        let words = Words::new(Language::English, Zone::named(Some(&self.time_zone)));
        let who = |names: &[String]| if names.is_empty() { "nobody".to_owned() } else { names.join(" and ") };
        let from = if self.is_now { "now".to_owned() } else { words.sortable(*from) };
        let (to, zone) = (words.sortable(*to), words.abbreviation(*to));
        write!(f, "rotation \"{rotation}\": from {from} to {to} {zone} {} instead of {}", who(after), who(before))
    }
}

/// The shifts from `now` to `to` that people have by `running` and others would have by `new`. `records`: what people
/// changed, and what was read from calendars.
pub fn changes_of_hands(
    (running, new): (&Config, &Config),
    records: &[Record],
    now: Timestamp,
    to: Timestamp,
) -> Vec<ChangeOfHands> {
    let [before, after] = [running, new].map(|config| {
        let mut roster = Roster::new(config);
        roster.record(records);
        roster
    });
    let of_rotation = |rotation: &orszem_core::settings::Rotation| {
        let name = &rotation.name;
        let changes: Vec<Option<Difference>> = match new.rotation(name) {
            None => vec![None],
            Some(_) => differences(&before, &after, name, now, to).into_iter().map(Some).collect(),
        };
        let change = |difference: Option<Difference>| ChangeOfHands {
            rotation: name.clone(),
            time_zone: new.rotation(name).unwrap_or(rotation).time_zone.clone(),
            is_now: difference.as_ref().is_some_and(|it| it.from == now),
            difference,
        };
        changes.into_iter().map(change).collect::<Vec<_>>()
    };
    running.rotations.iter().flat_map(of_rotation).collect()
}

/// The new watch that looks for the same as one that is gone.
fn successor(gone: &Watch, running: &Config, new: &Config) -> Option<String> {
    let is_new = |watch: &&Watch| running.watches.iter().all(|other| other.key() != watch.key());
    let same = |watch: &&Watch| {
        (watch.terms == gone.terms && watch.query == gone.query) || (gone.title.is_some() && watch.title == gone.title)
    };
    new.watches.iter().filter(is_new).find(same).map(|watch| watch.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(watches: &[(&str, &str, &str)]) -> Config {
        let watch = |(name, term, more): &(&str, &str, &str)| {
            format!("[[watch]]\nname = \"{name}\"\nterms = [\"{term}\"]\n{more}\n")
        };
        toml::from_str(&watches.iter().map(watch).collect::<String>()).unwrap()
    }

    #[test]
    fn what_is_gone_renamed_or_without_an_escalation_is_named() {
        let duty = "escalation = \"duty\"";
        let running =
            config(&[("acme", "acme", duty), ("bolt", "bolt", duty), ("core", "core", ""), ("dot", "dot", "")]);
        let new = config(&[("acme-hu", "acme", duty), ("bolt", "bolt", ""), ("core", "core", "")]);
        let told: Vec<String> = cut_off(&running, &new).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "watch \"acme\" is gone: its open incidents end. If \"acme-hu\" is its new name, add formerly = \"acme\" \
                 to that, and they go on",
                "watch \"bolt\" has no escalation any more: nobody else is called for its open incidents",
                "watch \"dot\" is gone: its open incidents end",
            ]
        );
        let renamed = config(&[("acme-hu", "acme", "formerly = \"acme\"")]);
        assert_eq!(cut_off(&config(&[("acme", "acme", "")]), &renamed), []);
    }

    #[test]
    fn shifts_that_change_hands_are_told_in_the_time_of_the_rotation() {
        let config = |members: &str| -> Config {
            let layer =
                format!("shift = \"daily\", stretch = [{{ from = \"2026-03-01 09:00\", members = [{members}] }}]");
            let rotation = |name: &str| {
                format!("[[rotation]]\nname = \"{name}\"\ntime_zone = \"Europe/Budapest\"\nlayer = [{{ {layer} }}]\n")
            };
            let people = "person = [{ name = \"anna\" }, { name = \"bela\" }, { name = \"csilla\" }]\n";
            toml::from_str(&format!("{people}{}{}", rotation("press"), rotation("care"))).unwrap()
        };
        let (running, mut new) = (config("\"anna\", \"bela\""), config("\"anna\", \"bela\", \"csilla\""));
        new.rotations.pop();
        // 2026-03-03T08:00:00Z, when Anna takes over.
        let now = Timestamp(1_772_524_800_000);
        let told = |from: i64| -> Vec<String> {
            let hour = 3_600_000;
            let changes = changes_of_hands((&running, &new), &[], now.plus(from * hour), now.plus(48 * hour));
            changes.iter().map(ToString::to_string).collect()
        };
        let gone = "rotation \"care\" is gone: nobody is called by it any more";
        assert_eq!(
            told(-2),
            [
                "rotation \"press\": from 2026-03-03 09:00 to 2026-03-04 09:00 CET csilla instead of anna",
                "rotation \"press\": from 2026-03-04 09:00 to 2026-03-05 09:00 CET anna instead of bela",
                gone
            ]
        );
        assert_eq!(told(1)[0], "rotation \"press\": from now to 2026-03-04 09:00 CET csilla instead of anna");
        let same = changes_of_hands((&running, &running), &[], now, now.plus(1));
        assert_eq!(same, []);
    }
}

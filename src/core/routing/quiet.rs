//! Quiet: whether anybody may be called for an incident at a moment, and if not, why and until when.

use orszem_records::ledger::ByWhom;
use orszem_records::time::Timestamp;

use super::facts::Facts;
use super::inhibit::Inhibited;
use super::silence::Silences;
use super::tree::MutedBy;

/// Nobody is called for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// Every reason there is, in this order: windows, silences, another incident.
    pub reasons: Vec<Reason>,
    /// When to ask again: the first of these may be over then, though others may hold on. `None` where only another
    /// incident or the configuration can change it.
    pub ask_at: Option<Timestamp>,
}

/// Why nobody is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is one of the route's mute times.
    MuteTime {
        /// The name of the window.
        hours: String,
    },
    /// It is outside of the route's active times.
    NotActive {
        /// The names of the windows.
        hours: Vec<String>,
    },
    /// A silence holds it.
    Silence {
        /// Its id.
        id: String,
        /// Who made it.
        owner: ByWhom,
        /// Why.
        reason: String,
        /// When it is over.
        until: Timestamp,
    },
    /// Another incident is open that keeps it quiet.
    Inhibited(Inhibited),
}

/// Why nobody is called for an incident; `None` where somebody is. `muted` is what its route says of the moment.
pub fn quiet(
    facts: &Facts,
    muted: Option<&MutedBy>,
    silences: &Silences,
    inhibited: Option<&Inhibited>,
    at: Timestamp,
) -> Option<Quiet> {
    let mut reasons = Vec::new();
    let mut ask_at: Option<Timestamp> = None;
    if let Some(muted) = muted {
        reasons.extend(muted.mute.iter().map(|hours| Reason::MuteTime { hours: hours.clone() }));
        if !muted.outside.is_empty() {
            reasons.push(Reason::NotActive { hours: muted.outside.clone() });
        }
        ask_at = muted.until;
    }
    let holding = silences.holding(facts, at);
    reasons.extend(holding.iter().map(|silence| Reason::Silence {
        id: silence.id.clone(),
        owner: silence.owner.clone(),
        reason: silence.terms.reason.clone(),
        until: silence.over_at(),
    }));
    if !holding.is_empty() {
        let free = silences.free_at(facts, at);
        // Both must be over: until the later one there is nothing to ask.
        ask_at = Some(ask_at.map_or(free, |until| until.max(free)));
    }
    reasons.extend(inhibited.cloned().map(Reason::Inhibited));
    (!reasons.is_empty()).then_some(Quiet { reasons, ask_at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::fixture::{at, facts, silence};

    #[test]
    fn every_reason_is_told_and_the_last_to_end_is_waited_for() {
        let mut silences = Silences::default();
        assert_eq!(quiet(&facts(), None, &silences, None, at(5)), None);
        silences.put(silence("one", "", 0, 10)).unwrap();
        let held = quiet(&facts(), None, &silences, None, at(5)).unwrap();
        assert!(matches!(&held.reasons[..], [Reason::Silence { id, until, .. }] if id == "one" && *until == at(10)));
        assert_eq!(held.ask_at, Some(at(10)));
        let muted = MutedBy { mute: vec!["night".into()], outside: Vec::new(), until: Some(at(20)) };
        let held = quiet(&facts(), Some(&muted), &silences, None, at(5)).unwrap();
        assert_eq!((held.reasons.len(), held.ask_at), (2, Some(at(20))));
    }
}

//! Incidents, configurations and moments for the tests.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::desk::Desk;
use orszem_records::ledger::{ByWhom, IncidentId};
use orszem_records::signal::{Kind, Phase, Signal};
use orszem_records::team::silence::{Silence, Terms};
use orszem_records::time::Timestamp;

use crate::settings::Config;

use super::facts::Facts;
use super::inhibit::{Inhibited, Inhibitions};
use super::matcher::Matcher;
use super::tree::{Leaf, ROOT, Target};

/// This number of minutes after the first signal.
pub(super) fn at(minutes: i64) -> Timestamp {
    Timestamp(minutes * 60_000)
}

/// An instant in UTC.
pub(super) fn utc(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// Negativity of severity 3 about `acme` of the crisis desk.
pub(super) fn facts() -> Facts {
    Facts {
        watch: "acme".into(),
        former: None,
        desk: Desk::Crisis,
        kind: Kind::Negativity,
        severity: 3,
        languages: BTreeSet::new(),
        sources: BTreeSet::new(),
        labels: BTreeMap::new(),
        drill: false,
    }
}

/// With labels of these names and values.
pub(super) fn labelled(labels: &[(&str, &str)]) -> Facts {
    let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Facts { labels: labels.collect(), ..facts() }
}

pub(super) fn id(text: &str) -> IncidentId {
    IncidentId(text.to_owned())
}

/// A leaf that leads to `duty` without a wait.
pub(super) fn leaf() -> Leaf {
    Leaf {
        route: ROOT.into(),
        target: Target::Escalation("duty".into()),
        key: BTreeMap::from([("watch".to_owned(), "acme".to_owned())]),
        shares: true,
        wait_ms: 0,
        reopen_within_ms: 0,
        muted: None,
    }
}

/// The configuration of a text, which need not be whole.
pub(super) fn config(text: &str) -> Config {
    toml::from_str(text).unwrap_or_else(|fault| panic!("{fault}"))
}

pub(super) fn matcher(written: &str) -> Matcher {
    Matcher::parse(written).unwrap_or_else(|fault| panic!("{written}: {fault}")).1
}

/// A silence of Anna's from one minute to another.
pub(super) fn silence(id: &str, written: &str, from: i64, to: i64) -> Silence {
    Silence {
        id: id.into(),
        made_at: at(from),
        owner: ByWhom::new("Anna", "link"),
        terms: Terms {
            matcher: Matcher::parse(written).unwrap().0,
            reason: "a known problem".into(),
            from: at(from),
            to: at(to),
            drill: false,
            ended: None,
        },
    }
}

/// A signal of this kind and severity.
pub(super) fn signal(kind: Kind, severity: u8) -> Signal {
    Signal { severity, observed: 40, ..Signal::plain(Phase::Opened, kind, at(0)) }
}

/// Which of the open incidents others keep quiet.
pub(super) fn inhibited(rules: &Inhibitions, open: &BTreeMap<IncidentId, Facts>) -> BTreeMap<IncidentId, Inhibited> {
    let roles = open.iter().filter_map(|(id, facts)| Some((id.clone(), rules.roles(facts)?)));
    rules.inhibited(&roles.collect())
}

//! Facts: what routes, silences and inhibitions know of an incident.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::desk::Desk;
use orszem_records::signal::{Kind, Signal, WHOLE_TOPIC};

use crate::settings::{Config, Watch};

/// What is known of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The name of the watch in the configuration.
    pub watch: String,
    /// The name that it is counted under, where it was renamed. It is the watch's as well.
    pub former: Option<String>,
    /// The desk.
    pub desk: Desk,
    /// What kind of finding it is now.
    pub kind: Kind,
    /// The highest severity so far, from 1 (the highest) to 4.
    pub severity: u8,
    /// Its languages.
    pub languages: BTreeSet<String>,
    /// Its sources.
    pub sources: BTreeSet<String>,
    /// The labels of its watch.
    pub labels: BTreeMap<String, String>,
    /// It is a drill.
    pub drill: bool,
}

/// A fact by its name: what matchers look at, what groups have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// The watch.
    Watch,
    /// The desk.
    Desk,
    /// The kind of finding.
    Kind,
    /// The highest severity so far.
    Severity,
    /// The language.
    Language,
    /// The source.
    Source,
    /// A label of the watch.
    Label(String),
}

impl Fact {
    /// The fact of this name in `group_by` and `equal`: a label, unless it is one that every incident has.
    pub fn of(name: &str) -> Fact {
        match name {
            "watch" => Fact::Watch,
            "desk" => Fact::Desk,
            "kind" => Fact::Kind,
            "severity" => Fact::Severity,
            "language" => Fact::Language,
            "source" => Fact::Source,
            label => Fact::Label(label.to_owned()),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Fact::Watch => "watch",
            Fact::Desk => "desk",
            Fact::Kind => "kind",
            Fact::Severity => "severity",
            Fact::Language => "language",
            Fact::Source => "source",
            Fact::Label(label) => label,
        }
    }
}

impl std::fmt::Display for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fact::Label(label) => write!(f, "label {label}"),
            fact => f.write_str(fact.name()),
        }
    }
}

impl Facts {
    /// Of a watch, a signal, and the highest severity so far. `watch` is the name that it is counted under.
    pub fn new(config: &Config, watch: &str, signal: &Signal, severity: u8) -> Facts {
        Facts::of_watch(config.watch(watch).as_deref(), watch, signal, severity)
    }

    /// The same, of a watch as it was found in the configuration.
    pub fn of_watch(configured: Option<&Watch>, watch: &str, signal: &Signal, severity: u8) -> Facts {
        let labels = configured.map(|watch| watch.labels.clone()).unwrap_or_default();
        let name = configured.map_or(watch, |watch| &watch.name).to_owned();
        let former = (name != watch).then(|| watch.to_owned());
        let own = |label: &str| labels.get(label).map(|text| BTreeSet::from([text.clone()]));
        let languages = own("language").unwrap_or_default();
        let sources = sources(signal, own("source"));
        Facts {
            watch: name,
            former,
            desk: signal.desk,
            kind: signal.kind,
            severity,
            languages,
            sources,
            labels,
            drill: signal.drill.is_some(),
        }
    }

    /// What it has of a fact; nothing where it lacks that.
    pub fn values(&self, fact: &Fact) -> Vec<&str> {
        match fact {
            Fact::Watch => std::iter::once(self.watch.as_str()).chain(self.former.as_deref()).collect(),
            Fact::Desk => vec![self.desk.name()],
            Fact::Kind => vec![self.kind.name()],
            Fact::Severity => vec![severity_name(self.severity)],
            Fact::Language => self.languages.iter().map(String::as_str).collect(),
            Fact::Source => self.sources.iter().map(String::as_str).collect(),
            Fact::Label(label) => self.labels.get(label).map(String::as_str).into_iter().collect(),
        }
    }

    /// What it has of a fact, as one text: the key of what it has in common with others. `None` where it lacks that.
    pub fn common(&self, fact: &Fact) -> Option<String> {
        match fact {
            // A watch that was renamed is still the same.
            Fact::Watch => Some(self.former.as_ref().unwrap_or(&self.watch).clone()),
            fact => Some(self.values(fact).join(", ")).filter(|text| !text.is_empty()),
        }
    }
}

/// The sources that bring nothing, for an incident of the feed; else what the watch says, or those that are shown.
fn sources(signal: &Signal, own: Option<BTreeSet<String>>) -> BTreeSet<String> {
    match (&signal.about, own) {
        (Some(about), _) if about == WHOLE_TOPIC => BTreeSet::new(),
        (Some(about), _) => about.split(", ").map(str::to_owned).collect(),
        (None, Some(own)) => own,
        (None, None) => signal.samples.iter().map(|sample| sample.source.clone()).collect(),
    }
}

const fn severity_name(severity: u8) -> &'static str {
    match severity {
        0 | 1 => "1",
        2 => "2",
        3 => "3",
        _ => "4",
    }
}

//! What the detectors conclude: the records that open, update and close an incident.

use crate::key_terms::TermKind;
use serde::{Deserialize, Serialize};

use crate::chart::Chart;
use crate::counts::MentionCounts;
use crate::desk::Desk;
use crate::judgement::Grounds;
pub use crate::limit_reached::LimitReached;
use crate::statistic::Statistic;
use crate::tally::Sample;
use crate::time::Timestamp;

/// The name that incidents of the feed have in place of a watch's.
pub const FEED: &str = "feed";

/// What an incident of the feed is [`about`](Signal::about) where nothing comes from any source.
pub const WHOLE_TOPIC: &str = "the whole topic";

/// What kind of finding it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// More negative mentions than the watch's past leads one to expect.
    Negativity,
    /// More mentions than expected; sentiment unknown or unchanged.
    Volume,
    /// More mentions than expected, and they are friendly: goes to nobody's pager.
    Praise,
    /// The share or the level of negatives has crept up over half a day or more, without a burst.
    SlowBurn,
    /// The watch is not mentioned any more, while its feed still brings other mentions. Pages nobody.
    Silence,
    /// A source, a partition or the whole topic brings nothing: a finding for anyone who runs the program.
    NoData,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 6] =
        [Kind::Negativity, Kind::Volume, Kind::Praise, Kind::SlowBurn, Kind::Silence, Kind::NoData];

    /// Whether an incident of this kind may page.
    pub const fn pages(self) -> bool {
        !matches!(self, Kind::Praise | Kind::Silence)
    }

    /// The name used in metrics, config and pages.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Negativity => "negativity",
            Kind::Volume => "volume",
            Kind::Praise => "praise",
            Kind::SlowBurn => "slow-burn",
            Kind::Silence => "silence",
            Kind::NoData => "no-data",
        }
    }

    /// Whether its figures are of negatives rather than of all mentions.
    pub const fn counts_negatives(self) -> bool {
        matches!(self, Kind::Negativity | Kind::SlowBurn)
    }
}

/// Where in its life the incident is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// It begins. Figures may still grow: the slice it began in need not be closed.
    Opened,
    /// It goes on; these are the newest figures.
    Updated,
    /// The stream is back to what was expected: the all-clear.
    Closed,
}

/// One conclusion about one watch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Signal {
    /// Begins, goes on, ends.
    pub phase: Phase,
    /// What kind of finding.
    pub kind: Kind,
    /// 1 (highest) to 4 (lowest).
    pub severity: u8,
    /// The slice's end up to which the figures count, event time. Its name in JSON is its own: a ledger entry holds the
    /// signal's fields beside its own `at`.
    #[serde(rename = "until")]
    pub at: Timestamp,
    /// Event time at which the incident began (start of the slice that first surprised).
    pub opened_at: Timestamp,
    /// What was counted (mentions, or negatives where the kind counts those) in the window.
    pub observed: u64,
    /// What was expected in the window.
    pub expected: f64,
    /// The interval in which `observed` would lie 95 times of 100, were nothing the matter: (low, high).
    pub interval: (f64, f64),
    /// The length of the window in seconds.
    pub window_s: u32,
    /// How many false alarms a week a detector set to this observation would raise.
    pub expected_per_week: f64,
    /// What these figures are of, where a past is known to hold them against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The limit of the watch's settings that was reached: a crisis outright.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitReached>,
    /// It is told, and pages nobody: more mentions, and nothing else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub note: bool,
    /// It ended because it lasted for so long that what comes now is the new usual.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new_usual: bool,
    /// The budget of the watch in false alarms a week.
    pub budget: f64,
    /// The time zone that people are shown times of this incident in, by its IANA name; `None` is UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The drill that it is part of, by its id: nothing happened, and what it shows is invented or was recorded before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drill: Option<String>,
    /// The team that the watch belongs to.
    #[serde(default)]
    pub desk: Desk,
    /// Hours of past the watch has learnt from.
    pub learnt_hours: u32,
    /// Still learning: the finding stands on its sheer size, not on a past.
    pub learning: bool,
    /// Hours until the past is long enough; 0 when it is.
    #[serde(default)]
    pub learning_left: u32,
    /// Where it goes from here, while it is open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forecast: Vec<Forecast>,
    /// What of the feed delivers nothing, for [`Kind::NoData`]. The names of sources in it are from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Counts since the incident began.
    pub counts: Counts,
    /// What its mentions have more often than the watch's past, the most striking first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drivers: Vec<Driver>,
    /// Mentions to show.
    pub samples: Vec<Sample>,
    /// Its course.
    #[serde(flatten)]
    pub chart: Chart,
}

impl Signal {
    /// A signal that says nothing but what it is and when: what cases, simulations and tests begin with. Severity 2,
    /// and nothing counted where about one was expected in five minutes.
    pub fn plain(phase: Phase, kind: Kind, at: Timestamp) -> Signal {
        Signal {
            phase,
            kind,
            severity: 2,
            at,
            opened_at: at,
            observed: 0,
            expected: 1.0,
            interval: (0.0, 3.0),
            window_s: 300,
            expected_per_week: 0.01,
            reason: None,
            limit: None,
            note: false,
            new_usual: false,
            budget: 0.5,
            time_zone: None,
            drill: None,
            desk: Desk::default(),
            learnt_hours: 100,
            learning: false,
            learning_left: 0,
            forecast: Vec::new(),
            drivers: Vec::new(),
            about: None,
            counts: Counts::default(),
            samples: Vec::new(),
            chart: Chart::default(),
        }
    }

    /// Whether its incident may page.
    pub fn pages(&self) -> bool {
        self.kind.pages() && !self.note
    }
}

/// What the figures of a signal are of, and what they are held against.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reason {
    /// The statistic.
    pub statistic: Statistic,
    /// The past that it is held against.
    pub held_against: HeldAgainst,
    /// All mentions in the window; where the statistic is of negatives, those that were judged.
    pub mentions: u64,
    /// The share of negatives that is usual, where the statistic is of negatives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual_share: Option<f64>,
}

/// The past that a statistic is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HeldAgainst {
    /// The average of the last days, whatever the time of day.
    LastDays,
    /// The same hours of the last seven days.
    SameHours,
    /// The mentions of the window, and the share that was negative in the last weeks.
    Mentions,
}

/// Counts over an incident.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Counts {
    /// All mentions.
    pub mentions: u64,
    /// Of them negative.
    pub negatives: u64,
    /// Of them positive.
    pub positives: u64,
    /// Neither reposts nor copies.
    pub originals: u64,
    /// Reposts.
    pub reposts: u64,
    /// Copies of a text seen before.
    pub copies: u64,
    /// Reposts and copies of the one text that is repeated most: at most this many.
    #[serde(default)]
    pub of_one_text: u64,
    /// Distinct authors (an estimate, ±5 %).
    pub authors: u64,
    /// Sum of followers.
    pub reach: u64,
    /// What the judgements stand on.
    #[serde(default, skip_serializing_if = "Grounds::is_empty")]
    pub grounds: Grounds,
}

impl Counts {
    /// The counts of an incident: its mentions, how many authors they have, and how many of them repeat the one text
    /// that is repeated most.
    pub fn new(mentions: &MentionCounts, authors: u64, of_one_text: u64) -> Counts {
        let MentionCounts { mentions, negatives, positives, originals, reposts, copies, reach, grounds, .. } =
            *mentions;
        Counts { mentions, negatives, positives, originals, reposts, copies, of_one_text, authors, reach, grounds }
    }
}

impl From<Counts> for MentionCounts {
    fn from(counts: Counts) -> MentionCounts {
        let Counts { mentions, negatives, positives, originals, reposts, copies, reach, grounds, .. } = counts;
        // A signal does not say how many are neutral: the rest.
        let neutrals = mentions.saturating_sub(negatives).saturating_sub(positives);
        MentionCounts { mentions, negatives, neutrals, positives, originals, reposts, copies, reach, grounds }
    }
}

/// A term that drives an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Driver {
    /// What it is.
    pub kind: TermKind,
    /// The term, as mentions have it: from outside.
    pub text: String,
    /// The share of the mentions that have it.
    pub share: f64,
    /// How many times its usual share that is; at most 1,000.
    pub times: f64,
    /// How far it stands out, in standard errors.
    pub z: f64,
}

/// A forecast of mentions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Forecast {
    /// The number of hours from now.
    pub hours: u8,
    /// Mentions in them.
    pub mentions: f64,
    /// Where they will lie 95 times of 100: (low, high).
    pub interval: (f64, f64),
}

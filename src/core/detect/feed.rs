//! The feed itself: a source, a partition or the whole topic that brings nothing is a finding for anyone who runs the
//! program, and not one of the watches.
//!
//! All that is silent at a time is one incident, of the kind `no-data`, of the name
//! [`FEED`](orszem_records::signal::FEED). What comes late counts as coming: a feed that lags is not silent.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use orszem_records::chart::Chart;
use orszem_records::desk::Desk;
use orszem_records::signal::{Counts, Kind, Phase, Signal};
use orszem_records::time::Timestamp;

use super::absence::{Presence, SilencePolicy};
use super::baseline::interval;
use super::numbered::Numbered;

/// The name of the whole topic among what is listened to.
const TOPIC: &str = orszem_records::signal::WHOLE_TOPIC;
/// The whole topic is missed after a quarter of an hour, once it came for a day.
const OF_TOPIC: SilencePolicy = SilencePolicy { min_gap: 15, warm_up: 1440 };
/// A source or partition after half an hour, once it came for eight days: a week-end must have been seen.
const OF_PART: SilencePolicy = SilencePolicy { min_gap: 30, warm_up: 8 * 1440 };
/// What is silent for this long (a week) is gone for good, and is forgotten.
const GONE: i64 = 7 * 1440;
/// More than this is not listened to.
const MOST_STREAMS: usize = 512;

/// One thing that is listened to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Stream {
    presence: Presence,
    /// Minutes that are not complete.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    open: BTreeSet<i64>,
    /// It was found to be silent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    silent: bool,
    /// The minute of the next thing that happens: something came, is missed, or is gone for good.
    next: Option<i64>,
}

impl Stream {
    /// What happens with `minute`. Says whether it fell silent, is back, or is gone.
    fn step(&mut self, minute: i64, policy: SilencePolicy) -> bool {
        let before = self.silent;
        if self.open.first() == Some(&minute) {
            self.open.pop_first();
            self.presence.seen(minute, policy);
            self.silent = false;
        } else if self.silent {
            self.next = None;
            return true;
        } else {
            self.silent = true;
        }
        self.plan(policy);
        self.silent != before
    }

    fn plan(&mut self, policy: SilencePolicy) {
        let due = match self.silent {
            true => self.presence.last().map(|last| last + GONE),
            // One that is too young to be missed waits for its next mention, or a week.
            false => self.presence.due(policy).or_else(|| self.presence.last().map(|last| last + GONE)),
        };
        self.next = self.open.first().copied().into_iter().chain(due).min();
    }
}

/// Everything that is listened to, and the incident that is open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    streams: BTreeMap<String, Stream>,
    incidents: u64,
    /// When the open incident began.
    opened: Option<i64>,
    /// When what is silent now or was last began to be, and until when.
    quiet: Option<(i64, i64)>,
    /// What the newest signal said is silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<String>,
}

fn policy_of(name: &str) -> SilencePolicy {
    if name == TOPIC { OF_TOPIC } else { OF_PART }
}

impl Feed {
    /// Takes in minutes in which something was heard; `closed` is the last that is complete.
    pub fn heard(&mut self, heard: &BTreeMap<String, Vec<i64>>, closed: Option<i64>) {
        for (name, minutes) in heard {
            if self.streams.len() >= MOST_STREAMS && !self.streams.contains_key(name) {
                continue;
            }
            // Late is not silent.
            let minutes = || minutes.iter().map(|minute| (*minute).max(closed.map_or(i64::MIN, |closed| closed + 1)));
            for name in [name.as_str(), TOPIC] {
                let stream = self.streams.entry(name.to_owned()).or_default();
                stream.open.extend(minutes());
                stream.plan(policy_of(name));
            }
        }
    }

    /// The first minute in which something was heard, of those that are not complete.
    pub fn first_open(&self) -> Option<i64> {
        self.streams.get(TOPIC)?.open.first().copied()
    }

    /// Completes all minutes up to `closed`. `zone` is the time zone that signals name for people; `None` is UTC.
    pub fn advance(&mut self, closed: i64, zone: Option<&str>, out: &mut Vec<Numbered>) {
        let next = |streams: &BTreeMap<String, Stream>| streams.values().filter_map(|stream| stream.next).min();
        while let Some(minute) = next(&self.streams).filter(|minute| *minute <= closed) {
            let mut news = false;
            self.streams.retain(|name, stream| {
                if stream.next == Some(minute) {
                    news |= stream.step(minute, policy_of(name));
                }
                stream.next.is_some()
            });
            if news {
                self.tell(minute, zone, out);
            }
        }
        if self.opened.is_some()
            && let Some(quiet) = &mut self.quiet
        {
            quiet.1 = closed;
        }
    }

    /// Whether anything was silent at `minute`: a watch that is quiet then tells nothing of the watch.
    pub fn is_quiet(&self, minute: i64) -> bool {
        self.quiet.is_some_and(|(from, to)| (from..=to).contains(&minute))
    }

    fn tell(&mut self, minute: i64, zone: Option<&str>, out: &mut Vec<Numbered>) {
        let silent: Vec<&String> =
            self.streams.iter().filter(|(_, stream)| stream.silent).map(|(name, _)| name).collect();
        let topic = silent.iter().find(|name| **name == TOPIC);
        let name = topic.or_else(|| silent.first()).map(|name| (*name).clone());
        let about = match (topic, silent.len()) {
            (Some(_), _) => Some(TOPIC.to_owned()),
            (None, 0) => None,
            (None, _) => Some(silent.iter().take(5).map(|name| name.as_str()).collect::<Vec<_>>().join(", ")),
        };
        let since = silent.iter().filter_map(|name| self.streams[name.as_str()].presence.last()).min();
        let phase = match (self.opened, since) {
            (None, None) => return,
            (None, Some(since)) => {
                self.incidents += 1;
                self.opened = Some(since + 1);
                self.quiet = Some((since + 1, minute));
                Phase::Opened
            }
            (Some(_), Some(_)) if about == self.told => return,
            (Some(_), Some(_)) => Phase::Updated,
            (Some(_), None) => Phase::Closed,
        };
        let Some(opened) = self.opened else { return };
        self.told.clone_from(&about);
        if phase == Phase::Closed {
            self.opened = None;
            self.quiet = self.quiet.map(|(from, _)| (from, minute));
        }
        let stream = name.as_ref().map(|name| &self.streams[name]);
        let silence = stream.and_then(|stream| stream.presence.silence(minute));
        let minutes = silence.map_or(minute - opened, |silence| silence.minutes);
        let signal = Signal {
            phase,
            kind: Kind::NoData,
            severity: if topic.is_some() { 2 } else { 3 },
            at: Timestamp::end_of_minute(minute),
            opened_at: Timestamp::start_of_minute(opened),
            observed: 0,
            expected: silence.map_or(0.0, |silence| silence.expected),
            interval: silence.map_or((0.0, 0.0), |silence| interval(silence.expected, 0.0)),
            window_s: u32::try_from(minutes.max(1) * 60).unwrap_or(u32::MAX),
            expected_per_week: silence.map_or(0.0, |silence| silence.expected_per_week),
            reason: None,
            limit: None,
            note: false,
            new_usual: false,
            budget: 0.0,
            time_zone: zone.map(str::to_owned),
            drill: None,
            desk: Desk::default(),
            learnt_hours: stream.map_or(0, |stream| u32::try_from(stream.presence.learnt() / 60).unwrap_or(u32::MAX)),
            learning: false,
            learning_left: 0,
            forecast: Vec::new(),
            about,
            counts: Counts::default(),
            drivers: Vec::new(),
            samples: Vec::new(),
            chart: Chart::default(),
        };
        out.push((self.incidents, signal));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten days of two sources, minute by minute, then what `later` says of each for a day.
    fn run(later: impl Fn(i64) -> (bool, bool)) -> Vec<(i64, Phase, Option<String>)> {
        let mut feed = Feed::default();
        let mut out = Vec::new();
        let mut told = Vec::new();
        for minute in 0..11 * 1440 {
            let (news, posts) = if minute < 10 * 1440 { (minute % 3 == 0, true) } else { later(minute - 10 * 1440) };
            let mut heard = BTreeMap::new();
            if news {
                heard.insert("source news".to_owned(), vec![minute]);
            }
            if posts {
                heard.insert("source posts".to_owned(), vec![minute]);
            }
            feed.heard(&heard, Some(minute - 1));
            feed.advance(minute, None, &mut out);
            told.extend(out.drain(..).map(|(_, signal)| (minute - 10 * 1440, signal.phase, signal.about)));
        }
        told
    }

    #[test]
    fn a_source_that_stops_is_missed_once_and_told_when_it_is_back() {
        let told = run(|minute| (minute > 300 && minute % 3 == 0, true));
        let news = || Some("source news".to_owned());
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].0 > 30 && told[0].0 < 90 && told[0].1 == Phase::Opened && told[0].2 == news(), "{told:?}");
        assert!(told[1].0 > 300 && told[1].1 == Phase::Closed, "{told:?}");
    }

    #[test]
    fn when_all_stops_it_is_the_topic() {
        let told = run(|minute| (minute > 600, minute > 600));
        assert_eq!(told[0].1, Phase::Opened);
        assert_eq!(told[0].2.as_deref(), Some(TOPIC));
        assert!(told[0].0 <= 20, "{told:?}");
        assert_eq!(told.last().map(|told| told.1), Some(Phase::Closed));
        assert_eq!(told.iter().filter(|told| told.1 == Phase::Opened).count(), 1);
    }

    #[test]
    fn late_is_not_silent() {
        let mut feed = Feed::default();
        let mut out = Vec::new();
        for minute in 0..12 * 1440 {
            // From the tenth day on everything is three hours old.
            let stamp = if minute < 10 * 1440 { minute } else { minute - 180 };
            feed.heard(&BTreeMap::from([("source news".to_owned(), vec![stamp])]), Some(minute - 1));
            feed.advance(minute, None, &mut out);
        }
        assert!(out.is_empty(), "{out:?}");
    }

    #[test]
    fn steps_of_any_size_tell_the_same() {
        let heard: Vec<i64> =
            (0..12 * 1440).filter(|minute| *minute < 10 * 1440 || *minute > 10 * 1440 + 400).collect();
        let fold = |step: usize| {
            let mut feed = Feed::default();
            let mut out = Vec::new();
            for minutes in heard.chunks(step) {
                feed.heard(&BTreeMap::from([("source a".to_owned(), minutes.to_vec())]), None);
                feed.advance(minutes[minutes.len() - 1], None, &mut out);
            }
            out
        };
        assert_eq!(fold(1), fold(977));
        assert_eq!(fold(1).len(), 2);
    }
}

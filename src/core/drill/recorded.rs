//! Recorded drills: signals of the past, from a file, run again.

use orszem_records::ledger::{Entry, Event, IncidentId};
use orszem_records::signal::{Phase, Signal};
use orszem_records::team::drill::Course;
use orszem_records::time::Timestamp;

/// The most signals of a recorded drill.
const MOST: usize = 100;
/// The most bytes of its course: it stands in one record.
const BYTES: usize = 500_000;
/// The longest that one may last, in ms: a day.
const LONGEST_MS: i64 = 24 * 3_600_000;
/// How long after the newest signal the all-clear comes where the file has none, in ms: ten minutes.
const END_MS: i64 = 10 * 60_000;

/// Why a file is no course of a drill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordedFault {
    /// A line is neither a signal nor an entry of the ledger.
    #[error("line {0}: neither a signal nor an entry of the ledger: {1}")]
    Unreadable(usize, String),
    /// It tells of several incidents.
    #[error("it tells of two incidents, {0} and {1}: keep the lines of one")]
    Several(IncidentId, IncidentId),
    /// There is no signal in it.
    #[error("it has no signal: `orszem.ledger` has one in each entry with \"event\": \"signal\"")]
    Empty,
    /// None of its signals would call anybody.
    #[error("none of its signals is of a kind that calls people: nobody would hear of the drill")]
    CallsNobody,
    /// There are too many.
    #[error("it has {0} signals; at most {MOST}: leave some of the updates out")]
    Many(usize),
    /// It is too large for a record.
    #[error("its signals have {0} bytes; at most {BYTES}: leave out \"course\", \"chart\" or samples")]
    Large(usize),
    /// It lasts too long.
    #[error("it lasts for longer than a day: keep a part of it")]
    Long,
}

/// The course of a drill from a text with a signal, or an entry of the ledger, on each line. Entries that are no
/// signals are left out. The first signal is at the beginning of the drill; where the last is no all-clear, one
/// follows.
///
/// # Errors
/// Why it is not one.
pub fn recorded(text: &str) -> Result<Course, RecordedFault> {
    let mut signals: Vec<Signal> = Vec::new();
    let mut incident: Option<IncidentId> = None;
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let found = match Entry::from_json(line.as_bytes()) {
            Ok(entry) => {
                let Event::Signal(signal) = entry.event else { continue };
                match &incident {
                    Some(known) if *known != entry.incident => {
                        return Err(RecordedFault::Several(known.clone(), entry.incident));
                    }
                    _ => incident = Some(entry.incident),
                }
                *signal
            }
            Err(_) => {
                serde_json::from_str(line).map_err(|fault| RecordedFault::Unreadable(number + 1, fault.to_string()))?
            }
        };
        signals.push(found);
    }
    signals.sort_by_key(|signal| signal.at);
    let begins = signals.first().ok_or(RecordedFault::Empty)?.at;
    if let Some(end) = signals.iter().position(|signal| signal.phase == Phase::Closed) {
        signals.truncate(end + 1);
    }
    for signal in &mut signals {
        let earlier = -begins.0;
        signal.at = signal.at.plus(earlier);
        signal.opened_at = signal.opened_at.plus(earlier);
        if !signal.chart.is_empty() {
            signal.chart.from = signal.chart.from.plus(earlier);
        }
        signal.samples.iter_mut().for_each(|sample| sample.published_at = sample.published_at.plus(earlier));
        if signal.phase == Phase::Opened {
            signal.phase = Phase::Updated;
        }
    }
    if let Some(last) = signals.last().filter(|last| last.phase != Phase::Closed).cloned() {
        let at = last.at.plus(END_MS);
        signals.push(Signal { phase: Phase::Closed, at, observed: 0, ..last });
    }
    // One that begins with its end has nothing in between.
    if let [only] = signals.as_slice() {
        let end = Signal { at: only.at.plus(END_MS), ..only.clone() };
        signals.push(end);
    }
    if let Some(first) = signals.first_mut() {
        first.phase = Phase::Opened;
        first.at = Timestamp(0);
    }
    checked(Course(signals))
}

fn checked(course: Course) -> Result<Course, RecordedFault> {
    let Course(signals) = &course;
    let bytes = serde_json::to_vec(&course).map_or(0, |json| json.len());
    let last = signals.last().map_or(Timestamp(0), |last| last.at);
    match signals.len() {
        many if many > MOST => Err(RecordedFault::Many(many)),
        _ if !signals.iter().any(Signal::pages) => Err(RecordedFault::CallsNobody),
        _ if bytes > BYTES => Err(RecordedFault::Large(bytes)),
        _ if last.0 > LONGEST_MS => Err(RecordedFault::Long),
        _ => Ok(course),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::signal::Kind;

    fn line(incident: &str, phase: Phase, kind: Kind, at: i64) -> String {
        let event = Event::Signal(Box::new(Signal::plain(phase, kind, Timestamp(at))));
        let entry = Entry { watch: "acme".into(), incident: IncidentId(incident.into()), at: Timestamp(at), event };
        String::from_utf8(entry.to_json()).unwrap()
    }

    fn lines(of: &[(&str, Phase, Kind, i64)]) -> String {
        of.iter().map(|(incident, phase, kind, at)| line(incident, *phase, *kind, *at) + "\n").collect()
    }

    #[test]
    fn the_past_is_seen_again_from_its_beginning_and_always_ends() {
        let text =
            lines(&[("acme.1", Phase::Opened, Kind::Volume, 5_000), ("acme.1", Phase::Updated, Kind::Volume, 65_000)]);
        let acknowledged =
            r#"{"watch":"acme","incident":"acme.1","at":1,"event":"acknowledged","by":"anna","via":"link"}"#;
        let Course(signals) = recorded(&format!("{text}{acknowledged}\n\n")).unwrap();
        let course: Vec<(Phase, i64)> = signals.iter().map(|signal| (signal.phase, signal.at.0)).collect();
        assert_eq!(course, [(Phase::Opened, 0), (Phase::Updated, 60_000), (Phase::Closed, 660_000)]);
        let plain = serde_json::to_string(&Signal::plain(Phase::Updated, Kind::Volume, Timestamp(9_000))).unwrap();
        let Course(alone) = recorded(&plain).unwrap();
        assert_eq!((alone.len(), alone[0].phase, alone[0].at), (2, Phase::Opened, Timestamp(0)));
    }

    #[test]
    fn what_is_no_course_is_refused_with_the_reason() {
        let fault = |text: &str| recorded(text).unwrap_err();
        assert_eq!(fault(""), RecordedFault::Empty);
        assert!(matches!(fault("\n{\"a\": 1}"), RecordedFault::Unreadable(2, _)));
        let two = lines(&[("acme.1", Phase::Opened, Kind::Volume, 0), ("acme.2", Phase::Opened, Kind::Volume, 1)]);
        assert!(matches!(fault(&two), RecordedFault::Several(..)));
        let praise = lines(&[("acme.1", Phase::Opened, Kind::Praise, 0)]);
        assert_eq!(fault(&praise), RecordedFault::CallsNobody);
        let long =
            [("acme.1", Phase::Opened, Kind::Volume, 0), ("acme.1", Phase::Closed, Kind::Volume, LONGEST_MS + 1)];
        assert_eq!(fault(&lines(&long)), RecordedFault::Long);
        let many: Vec<_> = (0..101).map(|n| ("acme.1", Phase::Updated, Kind::Volume, n)).collect();
        assert_eq!(fault(&lines(&many)), RecordedFault::Many(102));
    }
}

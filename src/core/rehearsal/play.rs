//! Plays a case: the core of respond, a ledger, receivers that answer as told, and a clock.

use std::collections::BTreeMap;

use orszem_records::height::Height;
use orszem_records::ledger::{
    Action, ByWhom, Closing, Delivery, Entry, Event, HandOver, IncidentId, Joined, Known, Note, Outcome,
};
use orszem_records::signal::{Counts, Kind, Phase, Signal};
use orszem_records::team::silence::{Ended, Terms};
use orszem_records::team::{Change, Record};
use orszem_records::time::Timestamp;

use super::Case;
use super::deed::{Act, Answer, Course, Deed};
use super::moment;
use crate::notification::Capabilities;
use crate::respond::core::{Core, Dispatch};
use crate::respond::settings::Settings;
use crate::routing::matcher::Matcher;
use crate::settings::Config;

/// The partition of the ledger that all is written to.
const PARTITION: i32 = 0;
/// A case whose messages never end is stopped after this number of them.
const MOST: usize = 100_000;

/// What is not as the case says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A message, or a word of the ledger, that did not come.
    Missing(String),
    /// A message that came and should not have.
    Unexpected(String),
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Difference::Missing(line) => write!(f, "missing:    {line}"),
            Difference::Unexpected(line) => write!(f, "unexpected: {line}"),
        }
    }
}

impl Case {
    /// Runs the case. Says what differs from what it expects, in order of time.
    ///
    /// # Errors
    /// When it cannot be run: a line names an incident that is not there, or messages come without end.
    pub fn run(&self) -> Result<Vec<Difference>, String> {
        let mut play = Play::new(self);
        for (at, deed) in &self.happens {
            play.until(*at)?;
            play.happens(deed)?;
            play.settle()?;
        }
        play.until(self.until)?;
        Ok(self.compare(&play))
    }

    fn compare(&self, play: &Play<'_>) -> Vec<Difference> {
        let mut expected = self.expects.clone();
        let mut told = Vec::new();
        for line in &play.told {
            match expected.iter().position(|wanted| wanted == line) {
                Some(at) => drop(expected.remove(at)),
                None => told.push((line, false)),
            }
        }
        let unheard = self.ledger.iter().filter(|line| !play.written.contains(line));
        told.extend(expected.iter().map(|line| (line, true)));
        told.extend(unheard.map(|line| (line, true)));
        told.sort();
        let shown = |(at, what): &(Timestamp, String)| format!("{} {what}", moment::shown(*at, self.start));
        let difference = |(line, missing)| match missing {
            true => Difference::Missing(shown(line)),
            false => Difference::Unexpected(shown(line)),
        };
        told.into_iter().map(difference).collect()
    }
}

struct Play<'a> {
    case: &'a Case,
    settings: Settings,
    core: Core,
    /// The time that goes by, and by how much the copy's clock is ahead of it, in ms.
    now: Timestamp,
    ahead_ms: i64,
    ledger: Vec<Entry>,
    answers: BTreeMap<String, Answer>,
    /// The number of the newest incident of each watch, and its newest signal.
    incidents: BTreeMap<String, (u64, Signal)>,
    /// By receiver, the newest message that was accepted: its incident, its id and its try.
    accepted: BTreeMap<String, (IncidentId, String, u32)>,
    silences: Vec<Record>,
    told: Vec<(Timestamp, String)>,
    written: Vec<(Timestamp, String)>,
}

impl<'a> Play<'a> {
    fn new(case: &'a Case) -> Play<'a> {
        let settings = settings(&case.config, case);
        let mut core = Core::new(settings.clone());
        core.ready(PARTITION);
        Play {
            case,
            settings,
            core,
            now: case.start,
            ahead_ms: 0,
            ledger: Vec::new(),
            answers: BTreeMap::new(),
            incidents: BTreeMap::new(),
            accepted: BTreeMap::new(),
            silences: Vec::new(),
            told: Vec::new(),
            written: Vec::new(),
        }
    }

    /// What the copy's clock shows.
    fn clock(&self) -> Timestamp {
        self.now.plus(self.ahead_ms)
    }

    fn until(&mut self, end: Timestamp) -> Result<(), String> {
        self.settle()?;
        while let Some(deadline) = self.core.next_deadline()
            && deadline.plus(-self.ahead_ms) < end
        {
            self.now = deadline.plus(-self.ahead_ms).max(self.now.plus(1));
            self.settle()?;
        }
        self.now = end.max(self.now);
        Ok(())
    }

    fn settle(&mut self) -> Result<(), String> {
        loop {
            let mut entries = Vec::new();
            self.core.decide(self.clock(), &mut entries);
            drop(self.core.refreshes());
            let sends = self.core.committed(self.clock());
            if entries.is_empty() {
                return Ok(());
            }
            entries.into_iter().for_each(|(_, entry)| self.take(entry));
            sends.into_iter().for_each(|dispatch| self.send(&dispatch));
            if self.told.len() > MOST {
                return Err(format!("more than {MOST} messages: the case never ends"));
            }
        }
    }

    fn send(&mut self, dispatch: &Dispatch) {
        let attempt = &dispatch.attempt;
        let what = match attempt.action {
            Action::Trigger if attempt.digest => "digest",
            Action::Trigger => "call",
            Action::Update => "update",
            Action::Acknowledge => "acknowledged",
            Action::Resolve => "over",
        };
        let again = if attempt.try_number > 0 { " again" } else { "" };
        let others = dispatch.others.iter().map(|other| format!(" {}", other.incident.id.0));
        let others: String = others.collect();
        let line = format!("{} {what}{again} {}{others}", attempt.receiver, shown(&dispatch.incident.id));
        self.told.push((self.now, line));
        let answer = self.answers.get(&attempt.receiver).copied().unwrap_or(Answer::Accepts);
        let reason = "as the case says".to_owned();
        let result = match answer {
            Answer::Accepts => Delivery::Accepted { reference: Some(attempt.message.clone()) },
            Answer::Refuses => Delivery::Failed { reason },
            Answer::Retry(after_ms) => Delivery::Retry { reason, after_ms },
            Answer::Silent => return,
        };
        let of = |incident: &IncidentId, message: &str, result| {
            let outcome = Outcome::new(message.to_owned(), attempt.receiver.clone(), attempt.try_number, result);
            (incident.clone(), Event::Outcome(outcome))
        };
        let mut outcomes = vec![of(&dispatch.incident.id, &attempt.message, result.clone())];
        for other in &dispatch.others {
            outcomes.push(of(&other.incident.id, &other.attempt.message, result.clone()));
        }
        if matches!(result, Delivery::Accepted { .. }) {
            let newest = (dispatch.incident.id.clone(), attempt.message.clone(), attempt.try_number);
            self.accepted.insert(attempt.receiver.clone(), newest);
        }
        outcomes.into_iter().for_each(|(incident, event)| self.write(&incident, event));
    }

    fn write(&mut self, incident: &IncidentId, event: Event) {
        let watch = incident.0.rsplit_once('.').map_or(&*incident.0, |(watch, _)| watch).to_owned();
        self.take(Entry { watch, incident: incident.clone(), at: self.clock(), event });
    }

    fn take(&mut self, entry: Entry) {
        if let Some(word) = word(&entry.event) {
            self.written.push((self.now, format!("{word} {}", shown(&entry.incident))));
        }
        if let Event::JoinedGroup(Joined { group, sharing: Some(_), .. }) = &entry.event {
            let begun_by = group.rsplit_once('/').map_or(group.as_str(), |(incident, _)| incident);
            let begun_by = shown(&IncidentId(begun_by.to_owned())).to_owned();
            self.written.push((self.now, format!("joins {begun_by} {}", shown(&entry.incident))));
        }
        self.core.apply(PARTITION, &entry, self.clock());
        self.ledger.push(entry);
    }

    fn happens(&mut self, deed: &Deed) -> Result<(), String> {
        match deed {
            Deed::Signal { watch, what, severity, observed } => self.signals(watch, *what, *severity, *observed)?,
            Deed::Person { who, what, watch, through } => {
                let incident = self.incident(watch)?;
                let event = self.acts(who, what, through.as_deref(), watch);
                self.write(&incident, event);
            }
            Deed::Answers { receiver, answer } => drop(self.answers.insert(receiver.clone(), *answer)),
            Deed::Undelivered { receiver } => {
                let (incident, message, try_number) =
                    self.accepted.get(receiver).cloned().ok_or_else(|| format!("{receiver} accepted nothing"))?;
                let result = Delivery::Failed { reason: "it did not arrive after all".into() };
                self.write(&incident, Event::Outcome(Outcome::new(message, receiver.clone(), try_number, result)));
            }
            Deed::Silences { who, matcher, until } => {
                let (matcher, _) = Matcher::parse(matcher)?;
                let (from, to) = (self.clock(), *until);
                let terms = Terms { matcher, reason: "known".into(), from, to, drill: false, ended: None };
                let id = self.silences.len().to_string();
                let (by, change) = (ByWhom::new(who.clone(), "link"), Change::Silence(Box::new(terms)));
                let record = Record { id, at: from, by, change };
                self.core.team(&record)?;
                self.silences.push(record);
            }
            Deed::Unsilences { who } => {
                let ended = Some(Ended { at: self.clock(), by: ByWhom::new(who.clone(), "link") });
                let silence = self.silences.last_mut().ok_or("there is no silence yet")?;
                if let Change::Silence(terms) = &mut silence.change {
                    terms.ended = ended;
                }
                self.core.team(silence)?;
            }
            Deed::Crash => {
                self.core = Core::new(self.settings.clone());
                for silence in &self.silences {
                    self.core.team(silence)?;
                }
                for entry in &self.ledger {
                    self.core.apply(PARTITION, entry, self.clock());
                }
                self.core.ready(PARTITION);
            }
            Deed::Reload { name } => {
                let config = self.case.reload.get(name).ok_or_else(|| format!("there is no [reload.{name}]"))?;
                self.settings = settings(config, self.case);
                self.core.configure(self.settings.clone());
            }
            Deed::Clock { by_ms } => self.ahead_ms += by_ms,
        }
        Ok(())
    }

    fn incident(&self, watch: &str) -> Result<IncidentId, String> {
        let (number, _) = self.incidents.get(watch).ok_or_else(|| format!("{watch} has no incident yet"))?;
        Ok(IncidentId::new(watch, *number))
    }

    fn acts(&self, who: &str, what: &Act, through: Option<&str>, watch: &str) -> Event {
        let person = self.case.config.person(who).map(|person| person.name.clone());
        let through = through.map(str::to_owned);
        let by = ByWhom { through, person, ..ByWhom::new(who, "link") };
        match what {
            Act::Acknowledges => Event::Acknowledged(by),
            Act::TakesOver => Event::TakenOver(by),
            Act::HandsOver(to) => Event::HandedOver(HandOver { by, to: to.clone() }),
            Act::GivesBack => Event::GivenBack(by),
            Act::Escalates => Event::Escalated(by),
            Act::Notes => Event::Noted(Note { by, text: "a note".into() }),
            Act::Knows => match self.incidents.get(watch) {
                Some((_, signal)) => Event::Known(Known { by, height: Height::of(signal) }),
                None => Event::Acknowledged(by),
            },
            Act::Resolves => {
                let height = self.incidents.get(watch).map(|(_, signal)| Height::of(signal));
                Event::Resolved(Closing { by, height, false_alarm: false })
            }
        }
    }

    fn signals(
        &mut self,
        watch: &str,
        what: Course,
        severity: Option<u8>,
        observed: Option<u64>,
    ) -> Result<(), String> {
        let known = self.incidents.get(watch);
        let (number, phase) = match (what, known) {
            (Course::Opens, known) => (known.map_or(1, |(number, _)| number + 1), Phase::Opened),
            (Course::Updates, Some((number, _))) => (*number, Phase::Updated),
            (Course::Over, Some((number, _))) => (*number, Phase::Closed),
            (_, None) => return Err(format!("{watch} has no incident yet")),
        };
        let before = known.map(|(_, signal)| signal).filter(|_| what != Course::Opens);
        let severity = severity.or(before.map(|signal| signal.severity)).unwrap_or(2);
        let observed = match what {
            Course::Over => 0,
            _ => observed.or(before.map(|signal| signal.observed)).unwrap_or(50),
        };
        let opened_at = before.map_or(self.now, |signal| signal.opened_at);
        let signal = Signal { opened_at, ..signal(phase, severity, observed, self.now) };
        self.incidents.insert(watch.to_owned(), (number, signal.clone()));
        self.write(&IncidentId::new(watch, number), Event::Signal(Box::new(signal)));
        Ok(())
    }
}

/// The first incident of a watch goes by the watch's name alone.
fn shown(incident: &IncidentId) -> &str {
    incident.0.strip_suffix(".1").unwrap_or(&incident.0)
}

/// What a case can expect of the ledger.
fn word(event: &Event) -> Option<String> {
    Some(match event {
        Event::NobodyOnCall(step) => format!("nobody-on-call step {}", step.step + 1),
        Event::EscalationExhausted { .. } => "exhausted".into(),
        Event::Withheld(withheld) => format!("withheld {}", withheld.receiver),
        Event::Reminded => "reminded".into(),
        Event::CallsRestarted(restart) => format!("calls-restarted {}", restart.reason.name()),
        Event::NobodyNotified => "nobody-notified".into(),
        Event::Reopened(_) => "reopened".into(),
        Event::JoinedGroup(joined) => {
            format!("goes-to {}", joined.escalation.as_deref().unwrap_or("nobody"))
        }
        Event::CallsEnded => "calls-ended".into(),
        Event::Ended { .. } => "ended".into(),
        Event::Outcome(outcome) if matches!(outcome.result, Delivery::Failed { .. }) => {
            format!("failed {}", outcome.receiver)
        }
        _ => return None,
    })
}

fn settings(config: &Config, case: &Case) -> Settings {
    let able = |name: &str| {
        let own = case.able.get(name);
        let kind = || case.able.get(name.split_once('/').map_or(name, |(_, receiver)| receiver));
        let words = own.or_else(kind).map(Vec::as_slice).unwrap_or_default();
        let has = |word: &str| words.iter().any(|it| it == word);
        Capabilities {
            updates: has("updates"),
            acknowledges: has("acknowledges"),
            keep_firing: None,
            calls_itself: has("calls-itself"),
        }
    };
    let names = config.all_receivers().map(|receiver| receiver.name().to_owned());
    Settings::new(config, names.map(|name| (name.clone(), able(&name))).collect())
}

fn signal(phase: Phase, severity: u8, observed: u64, at: Timestamp) -> Signal {
    let counts = Counts { mentions: observed, negatives: observed, ..Counts::default() };
    Signal { severity, observed, counts, ..Signal::plain(phase, Kind::Negativity, at) }
}

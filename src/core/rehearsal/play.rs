//! Plays a case: the core of respond, a ledger, receivers that answer as told, and a clock.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::ask::AskAnswered;
use orszem_records::desk::Desk;
use orszem_records::height::Height;
use orszem_records::incident::{Incident, State};
use orszem_records::ledger::{
    Action, ByWhom, Closing, Delivery, Entry, Event, HandOver, IncidentId, ItemKind, Joined, Known, Note, Outcome, Tick,
};
use orszem_records::signal::{Counts, Kind, Phase, Signal};
use orszem_records::statement::{Approval, Draft, NotApproved, Post};
use orszem_records::team::drill::DrillScheduled;
use orszem_records::team::silence::{Ended, Terms};
use orszem_records::team::{Change, Kind as Stands, Of, Override, Record};
use orszem_records::time::Timestamp;

use super::calls::Calls;
use super::deed::{Act, Answer, Course, Deed};
use super::difference::Difference;
use super::ids;
use super::moment;
use crate::notification::Capabilities;
use crate::posting::approval::{Refused, may_approve};
use crate::posting::offers::offers;
use crate::posting::who::people;
use crate::respond::core::{AskDispatch, Core, Dispatch};
use crate::respond::drills::DrillWork;
use crate::respond::settings::Settings;
use crate::routing::matcher::Matcher;
use crate::routing::preview::{PAST_MS, Verdict, judge, preview};
use crate::settings::Config;
use crate::words::Words;

/// The partition of the ledger that all is written to.
const PARTITION: i32 = 0;
/// What stands behind the name of a watch where its drill is meant.
const DRILL: &str = ".drill";
/// A case whose messages never end is stopped after this number of them.
const MOST: usize = 100_000;

impl Calls {
    pub(super) fn run(&self) -> Result<Vec<Difference>, String> {
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
        let mut expected: BTreeMap<(Timestamp, &str), Vec<usize>> = BTreeMap::new();
        for one in self.expects.iter().rev() {
            expected.entry((one.at, &one.what)).or_default().push(one.line);
        }
        let mut differences = Vec::new();
        for (at, what) in &play.told {
            if expected.get_mut(&(*at, what.as_str())).and_then(Vec::pop).is_none() {
                differences.push((*at, what.as_str(), None));
            }
        }
        let untold = expected
            .into_iter()
            .flat_map(|((at, what), lines)| lines.into_iter().map(move |line| (at, what, Some(line))));
        differences.extend(untold);
        let written: BTreeSet<(Timestamp, &str)> = play.written.iter().map(|(at, what)| (*at, what.as_str())).collect();
        let unwritten = self.ledger.iter().filter(|one| !written.contains(&(one.at, one.what.as_str())));
        differences.extend(unwritten.map(|one| (one.at, one.what.as_str(), Some(one.line))));
        differences.sort();
        let difference = |(at, what, line)| {
            let what = format!("{} {what}", moment::shown(at, self.start));
            match line {
                Some(line) => Difference::Missing { what, line },
                None => Difference::Unexpected { what, line: None },
            }
        };
        differences.into_iter().map(difference).collect()
    }
}

struct Play<'a> {
    case: &'a Calls,
    config: &'a Config,
    settings: Settings,
    core: Core,
    /// The time that goes by, and by how much the copy's clock is ahead of it, in ms.
    now: Timestamp,
    ahead_ms: i64,
    ledger: Vec<Entry>,
    answers: BTreeMap<String, Answer>,
    /// The number of the newest incident of each watch, and its newest signal.
    incidents: BTreeMap<String, (u64, Signal)>,
    /// By watch, the newest incident that is a drill.
    drills: BTreeMap<String, IncidentId>,
    /// By receiver, the newest message that was accepted: its incident, its id and its try.
    accepted: BTreeMap<String, (IncidentId, String, u32)>,
    /// By receiver, how long it takes to answer, in ms; and the answers that are on their way.
    delays: BTreeMap<String, i64>,
    on_the_way: BTreeMap<Timestamp, Vec<(IncidentId, Event)>>,
    /// The copy dies when the next message is accepted; it has died.
    dies_at_answer: bool,
    died: bool,
    /// The incidents as the ledger has them.
    folds: BTreeMap<IncidentId, Incident>,
    /// What people changed for all: the silences and overrides, and the last silence.
    team: Vec<Record>,
    /// Silences that somebody was asked about.
    asked: Vec<String>,
    told: Vec<(Timestamp, String)>,
    written: Vec<(Timestamp, String)>,
}

impl<'a> Play<'a> {
    fn new(case: &'a Calls) -> Play<'a> {
        let settings = settings(&case.config, case);
        let mut core = Core::new(settings.clone());
        core.ready(PARTITION);
        Play {
            case,
            config: &case.config,
            settings,
            core,
            now: case.start,
            ahead_ms: 0,
            ledger: Vec::new(),
            answers: BTreeMap::new(),
            incidents: BTreeMap::new(),
            drills: BTreeMap::new(),
            accepted: BTreeMap::new(),
            delays: BTreeMap::new(),
            on_the_way: BTreeMap::new(),
            dies_at_answer: false,
            died: false,
            folds: BTreeMap::new(),
            team: Vec::new(),
            asked: Vec::new(),
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
        while let Some(next) = self.next().filter(|next| *next < end) {
            self.now = next.max(self.now.plus(1));
            while let Some(first) = self.on_the_way.first_entry().filter(|first| *first.key() <= self.now) {
                first.remove().into_iter().for_each(|(incident, event)| self.write(&incident, event));
            }
            self.settle()?;
        }
        self.now = end.max(self.now);
        Ok(())
    }

    /// When something is due: for the copy by its clock, or an answer.
    fn next(&self) -> Option<Timestamp> {
        let deadline = self.core.next_deadline().map(|deadline| deadline.plus(-self.ahead_ms));
        deadline.into_iter().chain(self.on_the_way.keys().next().copied()).min()
    }

    fn settle(&mut self) -> Result<(), String> {
        loop {
            let mut entries = Vec::new();
            self.core.decide(self.clock(), &mut entries);
            drop(self.core.refreshes());
            for message in self.core.shift_messages() {
                let told = &message.told;
                if let Some(way) = message.ways.first().filter(|_| self.case.shifts) {
                    let line = format!("{way} {} {}", told.when.name(), ids::shown(&told.rotation));
                    self.told.push((self.now, line));
                }
                self.team.push(told.clone().record(self.clock()));
            }
            let begun = self.drills();
            let sends = self.core.committed(self.clock());
            let asks = self.core.asks();
            if entries.is_empty() && begun.is_empty() {
                return Ok(());
            }
            begun.into_iter().for_each(|entry| self.take(entry));
            entries.into_iter().for_each(|(_, entry)| self.take(entry));
            for dispatch in sends {
                self.send(&dispatch);
                if std::mem::take(&mut self.died) {
                    self.crash()?;
                    break;
                }
            }
            asks.iter().for_each(|ask| self.ask(ask));
            if self.told.len() > MOST {
                return Err(format!("more than {MOST} messages: the case never ends"));
            }
        }
    }

    /// What the core does for drills: the entries are still to be written.
    fn drills(&mut self) -> Vec<Entry> {
        let DrillWork { entries, records, messages } = self.core.drill_work();
        self.team.extend(records);
        for message in messages.iter().filter(|_| self.case.shifts) {
            if let Some(way) = message.ways.first() {
                self.told.push((self.now, format!("{way} drill-soon {}", message.watch)));
            }
        }
        entries
    }

    /// Another copy reads the ledger. Answers that were on their way are lost.
    fn crash(&mut self) -> Result<(), String> {
        self.on_the_way.clear();
        self.core = Core::new(self.settings.clone());
        for record in &self.team {
            self.core.team(record)?;
        }
        for entry in &self.ledger {
            self.core.apply(PARTITION, entry, self.clock());
        }
        self.core.ready(PARTITION);
        Ok(())
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
        let others: Vec<String> = dispatch.others.iter().map(|other| other.incident.id.0.clone()).collect();
        let unnamed = match &dispatch.page {
            Some(page) if page.more > 0 => format!(" and {} more", page.others.len() + page.more),
            _ => String::new(),
        };
        let (incident, others) = (ids::shown(&dispatch.incident.id.0), ids::listed(&others));
        let line = format!("{} {what}{again} {incident}{unnamed}{others}", attempt.receiver);
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
            if std::mem::take(&mut self.dies_at_answer) {
                self.died = true;
                return;
            }
            let newest = (dispatch.incident.id.clone(), attempt.message.clone(), attempt.try_number);
            self.accepted.insert(attempt.receiver.clone(), newest);
        }
        match self.delays.get(&attempt.receiver) {
            Some(delay) => self.on_the_way.entry(self.now.plus(*delay)).or_default().extend(outcomes),
            None => outcomes.into_iter().for_each(|(incident, event)| self.write(&incident, event)),
        }
    }

    /// A message to one person.
    fn ask(&mut self, dispatch: &AskDispatch) {
        let AskDispatch { incident, asked, others, .. } = dispatch;
        let Some(receiver) = asked.receiver.clone() else { return };
        let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
        let line = format!("{receiver} {} {}{more}", asked.ask.ask.name(), ids::shown(&incident.id.0));
        self.told.push((self.now, line));
        let reason = "as the case says".to_owned();
        let result = match self.answers.get(&receiver).copied().unwrap_or(Answer::Accepts) {
            Answer::Accepts => Delivery::Accepted { reference: None },
            Answer::Refuses => Delivery::Failed { reason },
            Answer::Retry(after_ms) => Delivery::Retry { reason, after_ms },
            Answer::Silent => return,
        };
        for asked in std::iter::once(asked).chain(others) {
            let (ask, receiver, result) = (asked.ask.clone(), receiver.clone(), result.clone());
            let answered = AskAnswered { ask, receiver, try_number: asked.try_number, result };
            self.write(&incident.id, Event::AskAnswered(answered));
        }
    }

    /// What the page of an incident says of who may post and what is offered.
    fn reads(&mut self, watch: &str) -> Result<(), String> {
        let id = self.incident(watch)?;
        let incident = self.folds.get(&id).ok_or("it is not known")?;
        let now = self.clock();
        let found = offers(self.config, incident, now);
        let mut lines = Vec::new();
        for offer in &found.offers {
            let instead = match (&found.language, offer.is_fallback) {
                (Some(wanted), true) => format!(" instead of {wanted}"),
                _ => String::new(),
            };
            lines.push(format!("offered {} {}{instead} {watch}", offer.statement.name, offer.text.language));
        }
        for (statement, text) in &found.expired {
            lines.push(format!("expired {} {} {} {watch}", statement.name, text.language, text.until.0));
        }
        if incident.statements.usable().is_some() {
            let who = people(&self.settings.roster, &self.config.posting.on_duty, now);
            lines.push(format!("may-post {} {watch}", who.join(" ")));
        }
        self.written.extend(lines.into_iter().map(|line| (self.now, line)));
        Ok(())
    }

    fn write(&mut self, incident: &IncidentId, event: Event) {
        let watch = incident.0.rsplit_once('.').map_or(&*incident.0, |(watch, _)| watch).to_owned();
        self.take(Entry { watch, incident: incident.clone(), at: self.clock(), event });
    }

    fn take(&mut self, entry: Entry) {
        let incident = ids::shown(&entry.incident.0).to_owned();
        let fold = self.folds.get(&entry.incident);
        if let Some(word) = fold.and_then(|fold| said(&entry.event, fold)).or_else(|| word(&entry.event)) {
            self.written.push((self.now, format!("{word} {incident}")));
        }
        if entry.incident.is_drill() {
            self.drills.insert(entry.watch.clone(), entry.incident.clone());
        }
        if let Event::JoinedGroup(Joined { group, sharing: Some(_), .. }) = &entry.event {
            let begun_by = group.rsplit_once('/').map_or(group.as_str(), |(incident, _)| incident);
            self.written.push((self.now, format!("joins {} {incident}", ids::shown(begun_by))));
        }
        match self.folds.get_mut(&entry.incident) {
            Some(fold) => fold.fold(&entry),
            None => self.folds.extend(Incident::begin(&entry).map(|begun| (entry.incident.clone(), begun))),
        }
        self.core.apply(PARTITION, &entry, self.clock());
        self.ledger.push(entry);
    }

    fn happens(&mut self, deed: &Deed) -> Result<(), String> {
        match deed {
            Deed::Signal { watch, what, severity, observed } => self.signals(watch, *what, *severity, *observed)?,
            Deed::Reads { watch } => self.reads(watch)?,
            Deed::Person { who, what, watch, through } => {
                let incident = self.incident(watch)?;
                if let Act::Approves(revision) = what
                    && let Err(refused) = self.may_approve(who, &incident, *revision)
                {
                    self.written.push((self.now, format!("refused {refused} {who} {watch}")));
                    return Ok(());
                }
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
            Deed::Silences { who, matcher, until, drill } => self.silences(who, matcher, *until, *drill)?,
            Deed::Drills { who, scenario, watch, at, announce } => {
                let (course, scenario) =
                    (scenario.course(watch, Desk::default(), None, &Words::default()), scenario.name());
                let (watch, scenario, begins) = (watch.clone(), scenario.to_owned(), *at);
                let (every_days, time_zone, announce) = (None, None, *announce);
                let drill = DrillScheduled { watch, scenario, begins, every_days, time_zone, announce, course };
                self.changes(who, Change::DrillScheduled(Box::new(drill)))?;
            }
            Deed::Cancels { who } => {
                let is_drill = |record: &&Record| matches!(record.change, Change::DrillScheduled(_));
                let newest = self.team.iter().rfind(is_drill).ok_or("there is no drill yet")?;
                self.changes(who, Change::DrillCancelled(Of { of: newest.id.clone() }))?;
            }
            Deed::Unsilences { who } => {
                let ended = Some(Ended { at: self.clock(), by: ByWhom::new(who.clone(), "link") });
                let mut newest =
                    self.team.iter_mut().rev().filter(|record| matches!(record.change, Change::Silence(_)));
                let silence = newest.next().ok_or("there is no silence yet")?;
                if let Change::Silence(terms) = &mut silence.change {
                    terms.ended = ended;
                }
                self.core.team(silence)?;
            }
            Deed::StandsIn { who, instead_of, rotation, until } => {
                let kind = Stands::Replace { people: vec![who.clone()], instead_of: vec![instead_of.clone()] };
                let (rotation, from, to) = (rotation.clone(), self.clock(), *until);
                self.changes(who, Change::Override(Override { rotation, from, to, kind, reason: None }))?;
            }
            Deed::TakesTime { receiver, ms } => drop(self.delays.insert(receiver.clone(), *ms)),
            Deed::Crash => self.crash()?,
            Deed::CrashAtAnswer => self.dies_at_answer = true,
            Deed::Reload { name } => {
                let config = self.case.reload.get(name).ok_or_else(|| format!("there is no [reload.{name}]"))?;
                self.config = config;
                self.settings = settings(config, self.case);
                self.core.configure(self.settings.clone());
            }
            Deed::Clock { by_ms } => self.ahead_ms += by_ms,
        }
        Ok(())
    }

    /// A silence is made as the page makes it: what can never match is refused, what means everything is asked about.
    fn silences(&mut self, who: &str, written: &str, until: Timestamp, drill: bool) -> Result<(), String> {
        let (terms, matcher) = Matcher::parse(written)?;
        let now = self.clock();
        let past = (now.plus(-PAST_MS), now.plus(1));
        let muted = preview(&matcher, self.config, &self.ledger, past);
        let is_asked = self.asked.iter().any(|asked| asked == written);
        match judge(&matcher, self.config, &muted) {
            Verdict::Refused(_) => self.written.push((self.now, format!("silence-refused {who}"))),
            Verdict::Ask(_) if !is_asked && !drill => {
                self.asked.push(written.to_owned());
                self.written.push((self.now, format!("silence-asked {} of {} {who}", muted.count(), muted.paging)));
            }
            Verdict::Ask(_) | Verdict::Made => {
                let terms = Terms { matcher: terms, reason: "known".into(), from: now, to: until, drill, ended: None };
                self.changes(who, Change::Silence(Box::new(terms)))?;
            }
        }
        Ok(())
    }

    /// Somebody changes something for all.
    fn changes(&mut self, who: &str, change: Change) -> Result<(), String> {
        let (id, by) = (self.team.len().to_string(), ByWhom::new(who.to_owned(), "link"));
        let record = Record { id, at: self.clock(), by, change };
        self.core.team(&record)?;
        self.team.push(record);
        Ok(())
    }

    fn incident(&self, watch: &str) -> Result<IncidentId, String> {
        if let Some(watch) = watch.strip_suffix(DRILL) {
            return self.drills.get(watch).cloned().ok_or_else(|| format!("{watch} has no drill yet"));
        }
        let (number, _) = self.incidents.get(watch).ok_or_else(|| format!("{watch} has no incident yet"))?;
        Ok(IncidentId::new(watch, *number))
    }

    /// Whether somebody may approve a revision, as the page asks.
    fn may_approve(&self, who: &str, incident: &IncidentId, revision: u32) -> Result<(), &'static str> {
        let Some(fold) = self.folds.get(incident) else { return Ok(()) };
        let person = self.config.person(who).map(|person| person.name.clone());
        let by = ByWhom { person, ..ByWhom::new(who, "link") };
        may_approve(self.config, &self.settings.roster, fold, (&by, revision), self.clock()).map_err(|refused| {
            match refused {
                Refused::WhoIsIt => "unknown-person",
                Refused::NotTheirs => "not-an-approver",
                Refused::Revision(NotApproved::WhoIsIt) => "unknown-writer",
                Refused::Revision(NotApproved::OwnText) => "own-text",
                Refused::Revision(NotApproved::Changed) => "changed",
                Refused::Revision(NotApproved::Unknown) => "no-such-revision",
                Refused::Revision(NotApproved::Before) => "approved-before",
            }
        })
    }

    fn acts(&self, who: &str, what: &Act, through: Option<&str>, watch: &str) -> Event {
        let person = self.config.person(who).map(|person| person.name.clone());
        let through = through.map(str::to_owned);
        let by = ByWhom { through, person, ..ByWhom::new(who, "link") };
        match what {
            Act::Acknowledges => Event::Acknowledged(by),
            Act::TakesOver => Event::TakenOver(by),
            Act::HandsOver(to) => Event::HandedOver(HandOver { by, to: to.clone() }),
            Act::GivesBack => Event::GivenBack(by),
            Act::Escalates => Event::Escalated(by.into()),
            Act::Notes => Event::Noted(Note { by, text: "a note".into() }),
            Act::Ticks | Act::Unticks => {
                let (playbook, item) = ("a playbook".to_owned(), "a move".to_owned());
                Event::Ticked(Tick { by, playbook, kind: ItemKind::Move, item, due: None, done: *what == Act::Ticks })
            }
            Act::Drafts => {
                // No two drafts are alike.
                let text = format!("What we say at {}.", self.clock());
                Event::Drafted(Draft { by, text, language: "en".into(), statement: None })
            }
            Act::Approves(revision) => Event::Approved(Approval { by, revision: *revision }),
            Act::Posts(revision) => Event::Posted(Post { by, revision: *revision, account: None, url: None }),
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
        let drilled = watch.strip_suffix(DRILL);
        let desk = self.config.watches.iter().find(|known| known.name == drilled.unwrap_or(watch));
        let desk = desk.map(|watch| watch.desk).unwrap_or_default();
        let drill = drilled.map(|_| number.to_string());
        let signal = Signal { opened_at, desk, drill, ..signal(phase, severity, observed, self.now) };
        self.incidents.insert(watch.to_owned(), (number, signal.clone()));
        let incident = match drilled {
            Some(watch) => IncidentId::of_drill(watch, &number.to_string()),
            None => IncidentId::new(watch, number),
        };
        self.write(&incident, Event::Signal(Box::new(signal)));
        Ok(())
    }
}

/// What comes of what a person says, by where the incident stood before.
fn said(event: &Event, before: &Incident) -> Option<String> {
    if let Event::Ticked(Tick { by, playbook, item, done, .. }) = event {
        return Some(match (before.ticks.of(playbook, item), done) {
            (Some(first), true) => format!("ticked-before {} {}", first.by.by, by.by),
            (None, true) => format!("ticked {}", by.by),
            (_, false) => format!("unticked {}", by.by),
        });
    }
    let Event::Acknowledged(by) = event else { return None };
    Some(match (before.state(), &before.acknowledged) {
        (State::Resolved, _) => format!("too-late {}", by.by),
        (_, Some(first)) if !before.waits_for_word_of(by) => format!("after {} acknowledged {}", first.by.by, by.by),
        _ => format!("acknowledged {}", by.by),
    })
}

/// What a case can expect of the ledger.
fn word(event: &Event) -> Option<String> {
    Some(match event {
        Event::NobodyOnCall(step) => format!("nobody-on-call step {}", step.step + 1),
        Event::EscalationExhausted { .. } => "exhausted".into(),
        Event::Withheld(withheld) => format!("withheld {}", withheld.receiver),
        Event::Reminded => "reminded".into(),
        Event::Approved(approval) => format!("approved {} {}", approval.revision, approval.by.by),
        Event::ApprovalWaived(waiver) => format!("waived {} {}", waiver.revision, waiver.mandated.join(" ")),
        Event::Asked(asked) if asked.receiver.is_none() => format!("no-way {}", asked.ask.whose),
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

fn settings(config: &Config, case: &Calls) -> Settings {
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

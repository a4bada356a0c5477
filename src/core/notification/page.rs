//! What is told: the same content for every receiver, before it takes the form of one.

use super::format::{Zone, count, figure, length};
use super::quote::{Quote, SHOWN};
use super::reason::why;
use orszem_records::desk::Desk;
use orszem_records::incident::State;
use serde::{Deserialize, Serialize};

use crate::settings::Watch;
use orszem_records::incident::Incident;
use orszem_records::judgement::Confusion;
use orszem_records::key_terms::TermKind;
use orszem_records::ledger::{Action, ByWhom, IncidentId, Recipients};
use orszem_records::signal::Driver;
use orszem_records::signal::Forecast;
use orszem_records::signal::{Counts, Kind, Signal};
use orszem_records::tally::Sample;
use orszem_records::time::Timestamp;

use orszem_text::sanitize;
use orszem_text::truncate::{Unit, cut};

/// One message to one receiver.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The same over retries: `<incident>/<receiver>/<revision>`.
    pub message: String,
    /// What it is to do.
    pub action: Action,
    /// Counts the messages of this incident to this receiver, from 0.
    pub revision: u32,
    /// What the receiver answered to the newest message of this incident that it took, where later ones need it.
    pub reference: Option<String>,
    /// The recipients that no longer need this message, from its earlier tries.
    pub settled: Recipients,
    /// When this try is made, by the clock.
    pub sent_at: Timestamp,
    /// The content.
    pub page: Page,
}

/// What a person needs to know of an incident, in words and figures. Every text in it that came from a mention is
/// hostile: receivers escape it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The incident.
    pub incident: IncidentId,
    /// The watch's name.
    pub watch: String,
    /// The watch's name for people.
    pub title: String,
    /// What kind of finding.
    pub kind: Kind,
    /// 1 (highest) to 4.
    pub severity: u8,
    /// The team that the watch belongs to.
    #[serde(default)]
    pub desk: Desk,
    /// Where the incident stands.
    pub state: State,
    /// Who acknowledged or resolved it.
    pub by: Option<String>,
    /// One sentence for a lock screen: what is seen against what was expected. Ours alone, at most 120 characters.
    pub headline: String,
    /// What became of it against what was said before: `closed at 02:10 by anna, and rising`. Names a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Observed, expected, interval, window, expected per week, learning: a few short lines. Ours alone.
    pub facts: Vec<Fact>,
    /// What stands out in what was said, one clean line; empty where nothing does. Other people's words.
    #[serde(default)]
    pub driven_by: String,
    /// What to do first (from the configuration).
    pub advice: Option<String>,
    /// Mentions to show.
    pub samples: Vec<Sample>,
    /// Counts over the incident.
    pub counts: Counts,
    /// When it began, event time.
    pub opened_at: Timestamp,
    /// When it ended, event time.
    pub closed_at: Option<Timestamp>,
    /// The time zone that times are shown in, by its IANA name; `None` is UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The signed link to the incident.
    pub link: String,
    /// Other incidents that the message tells of too, because the receiver allows no message for each; the worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Other>,
    /// How many more there are than `others` names.
    #[serde(default)]
    pub more: usize,
}

/// Another incident that a message tells of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Other {
    /// The incident.
    pub incident: IncidentId,
    /// 1 (highest) to 4.
    pub severity: u8,
    /// Its headline.
    pub headline: String,
    /// The signed link to it.
    pub link: String,
}

/// A line of the page: a name and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// `Observed`, `Expected`, …
    pub name: String,
    /// The value with its unit.
    pub value: String,
}

/// The most characters of a headline: what a lock screen shows.
pub const HEADLINE: usize = 120;
/// The most characters of a watch's title on a page.
pub const TITLE: usize = 60;

impl Page {
    /// What there is to tell of `incident` now. `link` is the signed link to it.
    ///
    /// Headline and facts hold our words, figures and the configured title only; what mentions say is in `samples`, as
    /// it came. Names of people (`by`) are made one clean line.
    pub fn of(incident: &Incident, watch: &Watch, link: String) -> Page {
        let signal = &incident.signal;
        let title = sanitize::line(watch.title.as_deref().unwrap_or(&watch.name));
        let title = cut(&title, TITLE, Unit::Characters).into_owned();
        let state = incident.state();
        let stamp = match state {
            State::Resolved => incident.resolved.as_ref(),
            State::Acknowledged => incident.acknowledged.as_ref(),
            State::Open => None,
        };
        let ended = match (&incident.resolved, incident.closed) {
            (_, true) => Some(signal.at),
            (Some(stamp), false) => Some(stamp.at),
            (None, false) => incident.ended.map(|(_, at)| at),
        };
        Page {
            incident: incident.id.clone(),
            watch: watch.name.clone(),
            headline: headline(&title, signal),
            title,
            kind: signal.kind,
            severity: incident.severity,
            desk: signal.desk,
            state,
            by: stamp.map(|stamp| name(&stamp.by)),
            note: note(incident),
            facts: facts(signal, incident.severity, incident.rarest),
            driven_by: driven_by(&signal.drivers),
            advice: watch.advice.as_deref().map(sanitize::lines).filter(|advice| !advice.is_empty()),
            samples: signal.samples.clone(),
            counts: signal.counts,
            opened_at: signal.opened_at,
            closed_at: ended,
            time_zone: signal.time_zone.clone(),
            link,
            others: Vec::new(),
            more: 0,
        }
    }

    /// The most other incidents that a message names.
    pub const MOST_OTHERS: usize = 30;

    /// Tells of another incident too.
    pub fn tell_also(&mut self, other: &Page) {
        let (incident, severity, link) = (other.incident.clone(), other.severity, other.link.clone());
        self.others.push(Other { incident, severity, headline: other.summary(), link });
    }

    /// Why the message tells of others too, and of how many; `None` where it does not.
    pub fn bundle(&self) -> Option<String> {
        let number = self.others.len() + self.more;
        let incidents = if number == 1 { "incident" } else { "incidents" };
        (number > 0).then(|| {
            format!("This message tells of {number} more {incidents}, because the receiver allows no message for each")
        })
    }

    /// The others, a line each, without their links; the last says how many more there are.
    pub fn other_lines(&self) -> Vec<String> {
        let line = |other: &Other| format!("[P{}] {}", other.severity, other.headline);
        let more = (self.more > 0).then(|| format!("and {} more", self.more));
        self.others.iter().map(line).chain(more).collect()
    }

    /// The lines of figures with what drives it after the kind, for receivers that escape every line.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        fn line(fact: &Fact) -> (&str, &str) {
            (&fact.name, &fact.value)
        }
        let driven_by = Some(("Driven by", self.driven_by.as_str())).filter(|(_, words)| !words.is_empty());
        self.facts.iter().take(1).map(line).chain(driven_by).chain(self.facts.iter().skip(1).map(line))
    }

    /// When it ended, for people.
    pub fn until(&self) -> Option<String> {
        Some(self.zone().moment(self.closed_at?))
    }

    /// The first [`SHOWN`] of its mentions as people may see them.
    pub fn quotes(&self) -> Vec<Quote> {
        let zone = self.zone();
        self.samples.iter().take(SHOWN).map(|sample| Quote::of(sample, &zone)).collect()
    }

    fn zone(&self) -> Zone {
        Zone::named(self.time_zone.as_deref())
    }

    /// Where the incident stands, in words: `open`, `acknowledged by anna`, `resolved by anna`, `resolved: back to
    /// normal`; with its note behind it, where there is one.
    pub fn standing(&self) -> String {
        let standing = match (self.state, &self.by) {
            (State::Open, _) => "open".to_owned(),
            (State::Acknowledged, Some(by)) => format!("acknowledged by {by}"),
            (State::Acknowledged, None) => "acknowledged".to_owned(),
            (State::Resolved, Some(by)) => format!("resolved by {by}"),
            (State::Resolved, None) if self.note.is_some() => "ended".to_owned(),
            (State::Resolved, None) => "resolved: back to normal".to_owned(),
        };
        match &self.note {
            Some(note) => format!("{standing}: {note}"),
            None => standing,
        }
    }

    /// Whether it says that an incident goes on which a person closed.
    pub fn goes_on(&self) -> bool {
        self.state == State::Resolved && self.by.is_some() && self.note.is_some()
    }

    /// The headline with its note before it: one line for services that show no standing.
    pub fn summary(&self) -> String {
        match &self.note {
            Some(note) => format!("{}: {}", capital(note), self.headline),
            None => self.headline.clone(),
        }
    }

    /// The headline with what became of it before it: `Resolved: Acme: 212 …`. For a subject or a title.
    pub fn subject(&self) -> String {
        let number = self.others.len() + self.more;
        if number > 0 {
            return format!("[P{}] {}, and {number} more", self.severity, self.summary());
        }
        match self.state {
            State::Open => format!("[P{}] {}", self.severity, self.summary()),
            State::Acknowledged => format!("Acknowledged: {}", self.headline),
            State::Resolved if self.note.is_some() => self.summary(),
            State::Resolved => format!("Resolved: {}", self.headline),
        }
    }
}

/// The words for a severity that services without numbers want: `critical`, `error`, `warning`, `info`.
pub const fn severity_word(severity: u8) -> &'static str {
    match severity {
        0 | 1 => "critical",
        2 => "error",
        3 => "warning",
        _ => "info",
    }
}

/// A person's name, made one clean line.
fn name(who: &ByWhom) -> String {
    cut(&sanitize::line(&who.by), TITLE, Unit::Characters).into_owned()
}

/// What became of an incident against what was said before.
fn note(incident: &Incident) -> Option<String> {
    let zone = Zone::of(&incident.signal);
    let closed = |at, by| format!("closed at {} by {}", zone.clock(at), name(by));
    match (&incident.resolved, &incident.reopened) {
        _ if incident.closed => None,
        _ if incident.ended.is_some() => {
            incident.ended.map(|(reason, _)| format!("ended, because {}", reason.meaning()))
        }
        (Some(stamp), _) if incident.going_on => Some(format!("{}, and still going on", closed(stamp.at, &stamp.by))),
        (Some(_), _) => None,
        (None, _) if incident.calls_ended => {
            Some("nobody else is called, because the watch no longer has an escalation".to_owned())
        }
        (None, Some(reopening)) => Some(format!("{}, and rising", closed(reopening.closed_at, &reopening.by))),
        (None, None) => None,
    }
}

/// A note as the beginning of a line.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn headline(title: &str, signal: &Signal) -> String {
    let (observed, span, expected) = (count(signal.observed), length(signal.window_s.into()), figure(signal.expected));
    let found = match signal.kind {
        Kind::Negativity => format!(": {observed} negative mentions in {span}, {expected} expected"),
        Kind::SlowBurn => format!(": a slow burn, {observed} negative mentions in {span}, {expected} expected"),
        Kind::Volume => format!(": {observed} mentions in {span}, {expected} expected"),
        Kind::Praise => format!(": {observed} mostly friendly mentions in {span}, {expected} expected"),
        Kind::Silence => format!(": no mentions in {span}, {expected} expected"),
        Kind::NoData => format!(": nothing in {span} from {}", about(signal)),
    };
    let room = HEADLINE.saturating_sub(found.chars().count());
    format!("{}{found}", cut(title, room, Unit::Characters))
}

/// What of the feed delivers nothing.
fn about(signal: &Signal) -> String {
    let about = sanitize::line(signal.about.as_deref().unwrap_or("parts of it"));
    cut(&about, TITLE, Unit::Characters).into_owned()
}

fn facts(signal: &Signal, severity: u8, rarest: f64) -> Vec<Fact> {
    let counted = if signal.kind.counts_negatives() { "negative mentions" } else { "mentions" };
    let (low, high) = signal.interval;
    let counts = &signal.counts;
    let zone = Zone::of(signal);
    if signal.kind == Kind::NoData {
        return vec![
            fact("Kind", signal.kind.meaning().to_owned()),
            fact("From", about(signal)),
            fact("Quiet", format!("{} up to {}", length(signal.window_s.into()), zone.moment(signal.at))),
            fact("Expected", format!("{} minutes with mentions, by its own past", figure(signal.expected))),
            fact("Since", zone.moment(signal.opened_at)),
            fact("Severity", format!("{severity} of 4 ({})", severity_word(severity))),
            fact("Desk", signal.desk.meaning().to_owned()),
        ];
    }
    let mut facts = vec![fact("Kind", signal.kind.meaning().to_owned())];
    facts.extend(why(signal).map(|why| fact("Why", why)));
    facts.extend([
        fact("Observed", format!("{} {counted}", count(signal.observed))),
        fact(
            "Expected",
            format!("{}, {} to {} in 95 of 100 such windows", figure(signal.expected), figure(low), figure(high)),
        ),
        fact(
            "Expected per week",
            format!("{} false alarms at this setting, the budget is {}", figure(rarest), figure(signal.budget)),
        ),
        fact("Counts", breakdown(counts)),
        fact("Since", zone.moment(signal.opened_at)),
        fact("Severity", format!("{severity} of 4 ({})", severity_word(severity))),
    ]);
    if !signal.forecast.is_empty() {
        facts.push(fact("Forecast", forecast(signal)));
    }
    if signal.learning {
        let (left, learnt) = (count(signal.learning_left.into()), count(signal.learnt_hours.into()));
        facts.push(fact("Past", format!("learning, {left} hours left ({learnt} so far)")));
    } else {
        facts.push(fact("Past", format!("{} hours learnt", count(signal.learnt_hours.into()))));
    }
    facts.extend([
        fact("Window", format!("{} up to {}", length(signal.window_s.into()), zone.moment(signal.at))),
        fact("Classifier", classifier(counts)),
        fact("Reach", format!("at most {} followers", count(counts.reach))),
        fact("Desk", signal.desk.meaning().to_owned()),
    ]);
    facts
}

/// How often the classifier is wrong, and what of the mentions it judges on lesser grounds.
pub fn classifier(counts: &Counts) -> String {
    match counts.grounds.words(counts.mentions) {
        Some(lesser) => format!("{}; {lesser}", Confusion::words()),
        None => Confusion::words(),
    }
}

/// `212 mentions: 31 originals, 170 reposts of one text, 11 copies, by about 180 authors`.
pub fn breakdown(counts: &Counts) -> String {
    let Counts { mentions, originals, reposts, copies, of_one_text: one, .. } = *counts;
    // So much of the one text that nothing else is to be said of the others.
    let nearly_all = |of: u64| of > 1 && one as f64 >= 0.9 * of as f64;
    let (originals, by) = (count(originals), count(counts.authors));
    let repeats = match (count(reposts), count(copies)) {
        (r, c) if one <= reposts && nearly_all(reposts) => format!("{r} reposts of one text, {c} copies"),
        (r, c) if one <= copies && nearly_all(copies) => format!("{r} reposts, {c} copies of one text"),
        (r, c) if nearly_all(reposts.saturating_add(copies)) => format!("{r} reposts and {c} copies of one text"),
        (r, c) => format!("{r} reposts, {c} copies"),
    };
    let text = format!("{} mentions: {originals} originals, {repeats}, by about {by} authors", count(mentions));
    match one as f64 >= 0.75 * mentions as f64 && one > 3 {
        true => format!("{text}. Three in four or more are one repeated text"),
        false => text,
    }
}

/// What stands out, the most striking first; empty where nothing does. Words from outside, made one clean line.
pub fn driven_by(drivers: &[Driver]) -> String {
    let of = |driver: &Driver| {
        let text = cut(&sanitize::line(&driver.text), TITLE, Unit::Characters).into_owned();
        let named = match driver.kind {
            TermKind::Term | TermKind::Phrase | TermKind::Hashtag | TermKind::Handle | TermKind::Link => text,
            TermKind::Author => format!("author {text}"),
            TermKind::Source => format!("source {text}"),
            TermKind::Language => format!("language {text}"),
        };
        let times = if driver.times < 1_000.0 { figure(driver.times) } else { "1,000 or more".to_owned() };
        format!("{named} (×{times})")
    };
    drivers.iter().map(of).collect::<Vec<_>>().join(", ")
}

/// `about 340 mentions (160 to 720) in the next hour, 700 mentions (320 to 1,500) in the next 3 hours`.
fn forecast(signal: &Signal) -> String {
    let of = |forecast: &Forecast| {
        let (low, high) = forecast.interval;
        let hours = if forecast.hours == 1 { "hour".to_owned() } else { format!("{} hours", forecast.hours) };
        let mentions = figure(forecast.mentions.round());
        format!("{mentions} mentions ({} to {}) in the next {hours}", figure(low), figure(high))
    };
    let lines: Vec<String> = signal.forecast.iter().map(of).collect();
    format!("about {}", lines.join(", "))
}

fn fact(name: &str, value: String) -> Fact {
    Fact { name: name.to_owned(), value }
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;

//! What the API answers. These names are promised to clients (docs/api.md); the structs inside may change.

use serde::Serialize;

use orszem_core::playbook::{self, due};
use orszem_core::settings::Config;
use orszem_core::words::Words;
use orszem_records::chart::{self, Chart, Counted};
use orszem_records::class::Class;
use orszem_records::desk::Desk;
use orszem_records::incident::{self, Incident, State};
use orszem_records::ledger::{Action, EndReason};
use orszem_records::peak::Peak;
use orszem_records::press::{Pressed, Standing};
use orszem_records::signal::{Counts, Driver, Forecast, Kind, LimitReached, Reason};
use orszem_records::statement::Revision;
use orszem_records::tally;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::address::{percent_encode, web_address};
use crate::render::format::{outcome, title};

use super::history::HistoryEvent;

/// `GET /api/v1/incidents`.
#[derive(Clone, Debug, Serialize)]
pub struct Listing {
    /// Open before acknowledged before resolved, the newest first among each.
    pub incidents: Vec<Summary>,
}

/// An incident in a list. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Its id: `<watch>.<n>`, of a drill `<watch>.drill-<id>`.
    pub id: String,
    /// The drill that it is, by its id; missing where it is real.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drill: Option<String>,
    /// The watch.
    pub watch: String,
    /// The watch's name for people.
    pub title: String,
    /// The team that the watch belongs to: `crisis`, `care`, `employer`, `audience`.
    pub desk: Desk,
    /// Where it stands.
    pub state: State,
    /// Why it ended, where neither the all-clear nor a person ended it: `watch-removed`.
    pub ended: Option<EndReason>,
    /// How often it rose above what a person saw when closing it, and opened again.
    pub reopened: u32,
    /// Nobody else is called: the watch names no escalation any more.
    pub calls_ended: bool,
    /// What kind of finding.
    pub kind: Kind,
    /// The highest severity so far, 1 (highest) to 4.
    pub severity: u8,
    /// The severity of the newest figures.
    pub severity_now: u8,
    /// When it began, event time.
    pub opened_at: String,
    /// Up to when the figures count, event time.
    pub updated_at: String,
    /// When the detector gave the all-clear, event time.
    pub closed_at: Option<String>,
    /// What was counted in the window.
    pub observed: u64,
    /// What was expected in it.
    pub expected: f64,
    /// Where the count would lie 95 times of 100, were nothing the matter.
    pub interval: Interval,
    /// The length of the window, seconds.
    pub window_seconds: u32,
    /// False alarms a week of a detector set to the rarest observation of the incident.
    pub expected_per_week: f64,
    /// The figures at its height.
    pub height: Height,
    /// The limit of the watch's settings that was reached, where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitReached>,
    /// What these figures are of, and what they are held against; missing without a past.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// It is told, and pages nobody.
    pub note: bool,
    /// It ended because it lasted for so long that what comes now is the new usual.
    pub new_usual: bool,
    /// The budget of the watch, false alarms a week.
    pub budget_per_week: f64,
    /// It stands on its sheer size, not on a past.
    pub learning: bool,
    /// Hours until the past is long enough; 0 when it is.
    pub learning_left_hours: u32,
    /// Hours of past the watch has learnt from.
    pub learnt_hours: u32,
    /// Mentions to come, while it is open.
    pub forecast: Vec<Forecast>,
    /// What its mentions have more often than the watch's past.
    pub drivers: Vec<Driver>,
    /// Counts since it began.
    pub counts: Counts,
    /// The first acknowledgement.
    pub acknowledged: Option<Stamp>,
    /// A person's resolve.
    pub resolved: Option<Stamp>,
    /// A person called it a false alarm.
    pub false_alarm: bool,
    /// Every step of the escalation passed and nobody acknowledged.
    pub escalation_exhausted: bool,
    /// Its page.
    pub url: String,
}

/// What was counted at the height of an incident.
#[derive(Clone, Debug, Serialize)]
pub struct Height {
    /// What kind of finding it was.
    pub kind: Kind,
    /// Counted in the window.
    pub observed: u64,
    /// Expected in it.
    pub expected: f64,
    /// The length of the window, seconds.
    pub window_seconds: u32,
    /// Until when was counted, event time.
    pub at: String,
}

/// `GET /api/v1/incidents/{id}`: the summary and all that led to it.
#[derive(Clone, Debug, Serialize)]
pub struct Detail {
    /// What a list shows of it.
    #[serde(flatten)]
    pub summary: Summary,
    /// Mentions that drive it. Hostile text: escape it.
    pub samples: Vec<Sample>,
    /// What its chart is of.
    pub chart_of: Counted,
    /// The course of it, oldest first.
    pub chart: Vec<Span>,
    /// What was sent, to whom, and what came of it.
    pub messages: Vec<Message>,
    /// The buttons that were pressed, oldest first.
    pub presses: Vec<Press>,
    /// What is due, in the order of its times.
    pub due: Vec<Due>,
    /// What is to be said in public: the newest revision. Missing while nobody wrote one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<Statement>,
    /// What happened, oldest first.
    pub history: Vec<HistoryEvent>,
}

/// The newest revision of the statement, and where it was posted.
#[derive(Clone, Debug, Serialize)]
pub struct Statement {
    /// Counts the revisions, from 1.
    pub revision: u32,
    /// When it was written.
    pub at: String,
    /// Who wrote it.
    pub by: String,
    /// Its language.
    pub language: String,
    /// What it says.
    pub text: String,
    /// Who approved it, and when.
    pub approved: Option<Stamp>,
    /// Since when it may go out though nobody approved it.
    pub waived_at: Option<String>,
    /// Where this revision was posted: by which accounts, when.
    pub posted: Vec<Posted>,
}

/// That the statement was posted.
#[derive(Clone, Debug, Serialize)]
pub struct Posted {
    /// When.
    pub at: String,
    /// Who says so; `orszem`, where it was seen in the stream.
    pub by: String,
    /// The account's name.
    pub account: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
}

impl Statement {
    fn of(newest: &Revision, incident: &Incident) -> Statement {
        let posts = incident.statements.posts().iter().filter(|posted| posted.post.revision == newest.number);
        Statement {
            revision: newest.number,
            at: newest.at.to_string(),
            by: newest.draft.by.by.clone(),
            language: newest.draft.language.clone(),
            text: newest.draft.text.clone(),
            approved: newest.approved.as_ref().map(|approved| Stamp {
                at: approved.at.to_string(),
                by: approved.by.by.clone(),
                via: approved.by.via.clone(),
            }),
            waived_at: newest.waived.as_ref().map(|waived| waived.at.to_string()),
            posted: posts
                .map(|posted| Posted {
                    at: posted.at.to_string(),
                    by: posted.post.by.by.clone(),
                    account: posted.post.account.clone(),
                    url: posted.post.url.clone(),
                })
                .collect(),
        }
    }
}

/// A press of a button of a playbook.
#[derive(Clone, Debug, Serialize)]
pub struct Press {
    /// Its id.
    pub press: String,
    /// The playbook's name.
    pub playbook: String,
    /// The button.
    pub button: String,
    /// When it was pressed.
    pub at: String,
    /// Who pressed it.
    pub by: String,
    /// `under-way`, `accepted`, `refused`, `unknown`.
    pub outcome: &'static str,
    /// Why it was not accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the answer came.
    pub answered_at: Option<String>,
}

/// A thing that is due.
#[derive(Clone, Debug, Serialize)]
pub struct Due {
    /// `move`, `stakeholder`, `clock`, `promise`.
    pub kind: &'static str,
    /// The playbook's name; empty for a promise.
    pub playbook: String,
    /// What.
    pub item: String,
    /// Who is to tell whom; of a promise, who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// When it is due.
    pub due: String,
    /// Its time is over, and it is not done.
    pub late: bool,
    /// Who did it, and when.
    pub done: Option<Stamp>,
}

/// The answer to an acknowledgement or a resolve.
#[derive(Clone, Debug, Serialize)]
pub struct Acted {
    /// Whether it was written; `false` when there was nothing left to do.
    pub changed: bool,
    /// What came of it, in words.
    pub note: &'static str,
    /// The incident now.
    pub incident: Detail,
}

/// Both ends of an interval.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A person's action.
#[derive(Clone, Debug, Serialize)]
pub struct Stamp {
    /// When, by the clock.
    pub at: String,
    /// Who: a receiver's name, or what an API client gave.
    pub by: String,
    /// `link` or `api`.
    pub via: String,
}

/// A mention shown as an example.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    /// Its id.
    pub id: String,
    /// When it was published.
    pub published_at: String,
    /// Where.
    pub source: String,
    /// By whom.
    pub author: String,
    /// Followers of the author; 0 when unknown.
    pub followers: u64,
    /// How it was judged.
    pub sentiment: Class,
    /// The text, possibly cut.
    pub text: String,
    /// Its address, http or https.
    pub url: Option<String>,
}

/// A span of the chart: counts, and shares as parts of 1.
#[derive(Clone, Debug, Serialize)]
pub struct Span {
    /// Where it begins.
    pub at: String,
    /// Seconds it covers.
    pub seconds: u32,
    /// What the chart is of; `None` for the share of no mention.
    pub seen: Option<f32>,
    /// What was expected of that; `None` where no past says.
    pub expected: Option<f32>,
    /// Lower end of its 95 % interval.
    pub low: Option<f32>,
    /// Upper end of its 95 % interval.
    pub high: Option<f32>,
    /// Mentions seen.
    pub mentions: u32,
    /// Of them negative.
    pub negatives: u32,
}

/// A message to a receiver.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// The receiver.
    pub receiver: String,
    /// What it was to do.
    pub action: Action,
    /// The message of another incident that told of this one too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// Tries so far.
    pub tries: u32,
    /// The step of the escalation, from 1.
    pub step: u32,
    /// The round of the escalation, from 1.
    pub round: u32,
    /// The first try.
    pub first_at: String,
    /// The newest try.
    pub last_at: String,
    /// `under-way`, `accepted`, `retry`, `failed`.
    pub outcome: &'static str,
    /// Why it was not accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the answer came.
    pub outcome_at: Option<String>,
}

impl From<&Peak> for Height {
    fn from(peak: &Peak) -> Height {
        Height {
            kind: peak.kind,
            observed: peak.observed,
            expected: peak.expected,
            window_seconds: peak.window_s,
            at: peak.at.to_string(),
        }
    }
}

impl Summary {
    /// What a list shows of `incident`.
    pub fn of(incident: &Incident, config: &Config) -> Summary {
        let signal = &incident.signal;
        Summary {
            id: incident.id.0.clone(),
            drill: signal.drill.clone(),
            watch: incident.watch.clone(),
            title: title(config, &incident.watch, &Words::default()),
            desk: signal.desk,
            state: incident.state(),
            ended: incident.ended.map(|(reason, _)| reason),
            reopened: incident.reopened.as_ref().map_or(0, |reopening| reopening.number),
            calls_ended: incident.calls_ended,
            kind: signal.kind,
            severity: incident.severity,
            severity_now: signal.severity,
            opened_at: signal.opened_at.to_string(),
            updated_at: signal.at.to_string(),
            closed_at: incident.closed.then(|| signal.at.to_string()),
            observed: signal.observed,
            expected: signal.expected,
            interval: Interval { low: signal.interval.0, high: signal.interval.1 },
            window_seconds: signal.window_s,
            expected_per_week: incident.rarest,
            height: Height::from(&incident.peak),
            limit: incident.limit,
            reason: signal.reason,
            note: signal.note,
            new_usual: signal.new_usual,
            budget_per_week: signal.budget,
            learning: signal.learning,
            learning_left_hours: signal.learning_left,
            forecast: signal.forecast.clone(),
            drivers: signal.drivers.clone(),
            learnt_hours: signal.learnt_hours,
            counts: signal.counts,
            acknowledged: incident.acknowledged.as_ref().map(Stamp::from),
            resolved: incident.resolved.as_ref().map(Stamp::from),
            false_alarm: incident.false_alarm,
            escalation_exhausted: incident.exhausted,
            url: format!("{}/incidents/{}", config.web.public_url, percent_encode(&incident.id.0)),
        }
    }
}

impl Detail {
    /// All of `incident`.
    pub fn of(incident: &Incident, config: &Config) -> Detail {
        let now = clock::now();
        Detail {
            summary: Summary::of(incident, config),
            samples: incident.signal.samples.iter().map(Sample::from).collect(),
            chart_of: incident.signal.chart.of,
            chart: spans(&incident.signal.chart),
            messages: incident.messages.iter().map(Message::from).collect(),
            presses: incident.presses.iter().map(|pressed| Press::of(pressed, now)).collect(),
            due: due(config, incident).iter().map(|due| Due::of(due, now)).collect(),
            statement: incident.statements.newest().map(|newest| Statement::of(newest, incident)),
            history: incident.history.iter().map(HistoryEvent::from).collect(),
        }
    }
}

impl Press {
    fn of(pressed: &Pressed, now: Timestamp) -> Press {
        let (outcome, reason) = match pressed.stands(now) {
            Standing::UnderWay => ("under-way", None),
            Standing::Answered(result) => (result.name(), result.reason().map(str::to_owned)),
            Standing::Lost => ("unknown", Some("the copy that sent it stopped before it had an answer".to_owned())),
        };
        Press {
            press: pressed.press.clone(),
            playbook: pressed.playbook.clone(),
            button: pressed.button.clone(),
            at: pressed.at.to_string(),
            by: pressed.by.by.clone(),
            outcome,
            reason,
            answered_at: pressed.answer.as_ref().map(|(at, _)| at.to_string()),
        }
    }
}

impl Due {
    fn of(due: &playbook::Due, now: Timestamp) -> Due {
        Due {
            kind: due.kind.name(),
            playbook: due.playbook.clone(),
            item: due.what.clone(),
            who: due.who.clone(),
            due: due.at.to_string(),
            late: due.is_late(now),
            done: due.done.as_ref().map(Stamp::from),
        }
    }
}

impl From<&incident::Stamp> for Stamp {
    fn from(stamp: &incident::Stamp) -> Stamp {
        Stamp { at: stamp.at.to_string(), by: stamp.by.by.clone(), via: stamp.by.via.clone() }
    }
}

impl From<&tally::Sample> for Sample {
    fn from(sample: &tally::Sample) -> Sample {
        Sample {
            id: sample.id.clone(),
            published_at: sample.published_at.to_string(),
            source: sample.source.clone(),
            author: sample.author.clone(),
            followers: sample.followers,
            sentiment: sample.class,
            text: sample.text.clone(),
            url: sample.url.as_deref().and_then(web_address).map(|(url, _)| url),
        }
    }
}

fn spans(chart: &Chart) -> Vec<Span> {
    let span = |(at, point): (Timestamp, &chart::Point)| {
        let usual = point.usual(chart.of);
        Span {
            at: at.to_string(),
            seconds: chart.seconds,
            seen: point.seen(chart.of),
            expected: usual.map(|usual| usual.expected),
            low: usual.map(|usual| usual.low),
            high: usual.map(|usual| usual.high),
            mentions: point.mentions.round() as u32,
            negatives: point.negatives.round() as u32,
        }
    };
    chart.spans().map(span).collect()
}

impl From<&incident::Message> for Message {
    fn from(message: &incident::Message) -> Message {
        let (outcome, reason) = outcome(message.outcome.as_ref(), message.note.as_deref());
        Message {
            receiver: message.attempt.receiver.clone(),
            action: message.attempt.action,
            within: message.attempt.within.clone(),
            tries: message.attempt.try_number.saturating_add(1),
            step: message.attempt.step.saturating_add(1),
            round: message.attempt.round.saturating_add(1),
            first_at: message.first_at.to_string(),
            last_at: message.last_at.to_string(),
            outcome,
            reason: reason.map(str::to_owned),
            outcome_at: message.outcome_at.map(|at| at.to_string()),
        }
    }
}

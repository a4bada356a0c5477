//! The report of a drill: how long it took from what was seen to the first message, to the person who has it, and to
//! what may be said; for each person and way.

use orszem_records::incident::{Incident, Message};
use orszem_records::ledger::{Action, Delivery, Entry, Event};
use orszem_records::time::Timestamp;
use orszem_text::sanitize;

use crate::notification::Fact;
use crate::words::Words;

/// What a drill measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// When the decider wrote its first signal.
    pub detected: Timestamp,
    /// The steps from there, in order.
    pub steps: Vec<Step>,
    /// The calls, in the order in which they were begun.
    pub calls: Vec<Call>,
    /// When it was over; `None` while it goes on.
    pub over: Option<Timestamp>,
}

/// One of the times that a drill measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name in the catalogue.
    pub name: &'static str,
    /// When it was reached, where it was; who reached it, or by which way.
    pub reached: Option<(Timestamp, String)>,
}

/// A call of a person or a receiver.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The way: `anna/sms`, or the name of a receiver.
    pub way: String,
    /// When it was begun.
    pub begun: Timestamp,
    /// When the other side took it, where it did.
    pub arrived: Option<Timestamp>,
    /// Why it did not arrive.
    pub failed: Option<String>,
    /// When it was acknowledged by this way; where the person did it on the pages, that counts for each of their ways.
    pub acknowledged: Option<Timestamp>,
}

impl Report {
    /// What is known of a drill so far; `None` of an incident that is not a drill.
    pub fn of(incident: &Incident) -> Option<Report> {
        if !incident.is_drill() {
            return None;
        }
        let is_signal = |entry: &&Entry| matches!(entry.event, Event::Signal(_));
        let detected = incident.history.iter().find(is_signal)?.at;
        let calls: Vec<Call> = calls(incident);
        let paged = calls.iter().filter_map(|call| Some((call.arrived?, call.way.clone()))).min();
        let steps = vec![
            Step { name: "drill-paged", reached: paged },
            Step { name: "drill-acknowledged", reached: acknowledgements(incident).into_iter().next() },
            Step { name: "drill-approved", reached: approved(incident) },
        ];
        let closed = incident.history.iter().rfind(is_signal).map(|entry| entry.at).filter(|_| incident.closed);
        let ended = incident.resolved.as_ref().map(|stamp| stamp.at);
        let over = ended.into_iter().chain(closed).chain(incident.ended.map(|(_, at)| at)).min();
        Some(Report { detected, steps, calls, over })
    }

    /// The times, each with how long it took.
    pub fn times(&self, words: &Words) -> Vec<Fact> {
        let fact = |id: &str, value: String| Fact { name: words.say(id), value };
        let step = |step: &Step| {
            let value = match &step.reached {
                Some((at, by)) => {
                    words.with("drill-after-by", [("time", self.after(*at).into()), ("by", sanitize::line(by).into())])
                }
                None => words.say("drill-not-reached"),
            };
            fact(step.name, value)
        };
        let mut times = vec![fact("drill-detected", words.moment_seconds(self.detected))];
        times.extend(self.steps.iter().map(step));
        let over = self.over.map(|at| words.with("drill-after", [("time", self.after(at).into())]));
        times.push(fact("drill-over", over.unwrap_or_else(|| words.say("drill-goes-on"))));
        times
    }

    /// What became of a call, in a sentence.
    pub fn of_call(&self, call: &Call, words: &Words) -> String {
        let begun = words.with("drill-called", [("time", self.after(call.begun).into())]);
        let came = match (call.arrived, &call.failed) {
            (Some(at), _) => words.with("drill-arrived", [("time", self.after(at).into())]),
            (None, Some(reason)) => words.with("drill-failed", [("reason", sanitize::line(reason).into())]),
            (None, None) => words.say("drill-unanswered"),
        };
        let has = match call.acknowledged {
            Some(at) => words.with("drill-has", [("time", self.after(at).into())]),
            None => words.say("drill-has-not"),
        };
        format!("{begun}, {came}, {has}")
    }

    /// All of it as text, a line each.
    pub fn text(&self, words: &Words) -> String {
        let times = self.times(words).into_iter().map(|fact| format!("{}: {}\n", fact.name, fact.value));
        let mut text: String = times.collect();
        text.push_str(&format!("\n{}:\n", words.say("drill-calls")));
        if self.calls.is_empty() {
            text.push_str(&format!("  {}\n", words.say("drill-no-calls")));
        }
        for call in &self.calls {
            text.push_str(&format!("  {}: {}\n", sanitize::line(&call.way), self.of_call(call, words)));
        }
        text
    }

    /// How long after it was seen: `1:23`, in minutes and seconds.
    fn after(&self, at: Timestamp) -> String {
        let seconds = at.since(self.detected).max(0) / 1000;
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }
}

/// Who acknowledged, in order.
fn acknowledgements(incident: &Incident) -> Vec<(Timestamp, String)> {
    let of = |event: &Event| match event {
        Event::Acknowledged(by) | Event::TakenOver(by) => Some(by.by.clone()),
        Event::Known(known) => Some(known.by.by.clone()),
        _ => None,
    };
    incident.history.iter().filter_map(|entry| Some((entry.at, of(&entry.event)?))).collect()
}

/// When a statement was approved first, and by whom. One that was approved and changed later was approved then.
fn approved(incident: &Incident) -> Option<(Timestamp, String)> {
    let newest = incident.statements.newest()?.number;
    let revisions = (1..=newest).filter_map(|number| incident.statements.revision(number)?.approved.as_ref());
    revisions.map(|approved| (approved.at, approved.by.by.clone())).min()
}

fn calls(incident: &Incident) -> Vec<Call> {
    let is_call = |message: &&Message| message.attempt.action == Action::Trigger;
    let mut calls: Vec<Call> =
        incident.messages.iter().filter(is_call).map(|message| call(message, incident)).collect();
    calls.sort_by(|a, b| a.begun.cmp(&b.begun).then_with(|| a.way.cmp(&b.way)));
    calls
}

fn call(message: &Message, incident: &Incident) -> Call {
    let failed = match &message.outcome {
        Some(Delivery::Failed { reason } | Delivery::Retry { reason, .. }) => Some(reason.clone()),
        Some(Delivery::Accepted { .. }) | None => None,
    };
    let way = message.attempt.receiver.clone();
    let own = |event: &Event| {
        let by = match event {
            Event::Acknowledged(by) | Event::TakenOver(by) => by,
            Event::Known(known) => &known.by,
            _ => return false,
        };
        match &by.through {
            Some(through) => *through == way,
            None => by.person.is_some() && by.person.as_deref() == message.attempt.person(),
        }
    };
    let answered = incident.history.iter().filter(|entry| entry.at >= message.first_at && own(&entry.event));
    Call {
        begun: message.first_at,
        arrived: message.outcome_at.filter(|_| message.arrived()),
        failed: failed.filter(|_| !message.arrived()),
        acknowledged: answered.map(|entry| entry.at).next(),
        way,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, Zone};
    use orszem_records::ledger::{Attempt, ByWhom, IncidentId, Outcome};
    use orszem_records::signal::{Kind, Phase, Signal};
    use orszem_records::statement::Approval;

    fn attempt(way: &str, message: &str) -> Event {
        let json = serde_json::json!({
            "message": message, "receiver": way, "action": "trigger", "revision": 0, "try_number": 0, "step": 0,
            "round": 0, "signals": 1,
        });
        Event::Attempt(serde_json::from_value::<Attempt>(json).unwrap())
    }

    fn outcome(way: &str, message: &str, result: Delivery) -> Event {
        Event::Outcome(Outcome::new(message.into(), way.into(), 0, result))
    }

    /// A drill, and what happened at which second.
    fn drill(then: Vec<(i64, Event)>) -> Incident {
        let signal = |phase, at| {
            let drill = Some("7f".to_owned());
            Event::Signal(Box::new(Signal { drill, ..Signal::plain(phase, Kind::Volume, Timestamp(at)) }))
        };
        let id = IncidentId("acme.drill-7f".into());
        let entry =
            |at: i64, event| Entry { watch: "acme".into(), incident: id.clone(), at: Timestamp(at * 1000), event };
        let mut incident = Incident::begin(&entry(0, signal(Phase::Opened, 0))).unwrap();
        then.into_iter().for_each(|(at, event)| incident.apply(&entry(at, event)));
        incident
    }

    #[test]
    fn it_says_how_long_each_step_took_for_each_person_and_way() {
        let anna =
            ByWhom { person: Some("anna".into()), through: Some("anna/sms".into()), ..ByWhom::new("Anna", "link") };
        let incident = drill(vec![
            (0, attempt("anna/push", "m0")),
            (1, outcome("anna/push", "m0", Delivery::Failed { reason: "no such device".into() })),
            (2, attempt("anna/sms", "m1")),
            (5, outcome("anna/sms", "m1", Delivery::Accepted { reference: None })),
            (83, Event::Acknowledged(anna)),
        ]);
        let report = Report::of(&incident).unwrap();
        let text = report.text(&Words::new(Language::English, Zone::UTC));
        for line in [
            "First message arrived: after 0:05 (anna/sms)",
            "Acknowledged: after 1:23 (Anna)",
            "Statement approved: not reached",
            "Over: it goes on",
            "  anna/push: called after 0:00, not delivered (no such device), not acknowledged",
            "  anna/sms: called after 0:02, arrived after 0:05, acknowledged after 1:23",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        let hungarian = report.text(&Words::new(Language::Hungarian, Zone::UTC));
        assert!(hungarian.contains("1:23") && !hungarian.contains("Acknowledged"), "{hungarian}");
    }

    #[test]
    fn the_first_approval_of_a_statement_is_measured_also_where_it_was_changed_later() {
        let draft = |text: &str| {
            let json =
                serde_json::json!({"by": "Anna", "via": "link", "person": "anna", "text": text, "language": "en"});
            Event::Drafted(serde_json::from_value(json).unwrap())
        };
        let bela = ByWhom { person: Some("bela".into()), ..ByWhom::new("Béla", "link") };
        let approved = Event::Approved(Approval { by: bela, revision: 1 });
        let incident = drill(vec![(60, draft("One.")), (125, approved), (180, draft("Two."))]);
        let text = Report::of(&incident).unwrap().text(&Words::default());
        assert!(text.contains("Statement approved: after 2:05 (Béla)"), "{text}");
    }

    #[test]
    fn what_is_no_drill_has_no_report_and_one_that_called_nobody_says_so() {
        let quiet = drill(vec![]);
        let text = Report::of(&quiet).unwrap().text(&Words::default());
        assert!(text.contains("nobody was called"), "{text}");
        let mut real = quiet;
        real.signal.drill = None;
        real.id = IncidentId::new("acme", 1);
        assert_eq!(Report::of(&real), None);
    }
}

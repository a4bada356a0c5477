//! Compares injected events with found incidents: the table at the end.

use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use statrs::distribution::{DiscreteCDF, Poisson};
use std::collections::BTreeSet;
use std::sync::Arc;

use super::story::{length, moment};
use super::terminal;
use orszem_core::simulate::{Kind, Pages, Truth, TruthInjection};
use orszem_records::incident::{Incident, State};
use orszem_records::ledger::{Action, Delivery};
use orszem_records::signal::Kind as Finding;
use orszem_records::time::{MINUTE_MS, Timestamp};

/// An incident that begins this long after the end of an event still belongs to it.
const ECHO_MS: i64 = 3 * 60 * MINUTE_MS;

/// If the probability of this many false pages, or more, within the budget is below this, the demonstration fails.
const BEYOND_CHANCE: f64 = 0.01;

/// The outcome of a demonstration.
pub(super) struct Verdict {
    rows: Vec<Row>,
    /// Pages without an injected event, if chance explains their number.
    pub(super) false_pages: usize,
    /// The problems; empty if everything is correct.
    pub(super) wrong: Vec<String>,
}

struct Row {
    injected: String,
    due: &'static str,
    found: String,
    after: String,
    /// Who was called, or why nobody was.
    did: String,
}

/// Compares the incidents with the truth. `expected`: the average number of false pages within the budget.
pub(super) fn judge(truth: &Truth, incidents: &[Arc<Incident>], expected: f64) -> Verdict {
    let mut verdict = Verdict { rows: Vec::new(), false_pages: 0, wrong: Vec::new() };
    let mut left: Vec<&Arc<Incident>> = incidents.iter().collect();
    left.sort_by_key(|incident| incident.signal.opened_at);
    for injection in &truth.injections {
        let (ours, others) = left.into_iter().partition(|incident| belongs(incident, injection));
        left = others;
        verdict.injected(injection, ours);
    }
    let false_pages = left.iter().filter(|incident| is_paged(incident)).count();
    let within = is_chance(false_pages, expected);
    verdict.false_pages = if within { false_pages } else { 0 };
    for incident in left {
        let paged = is_paged(incident);
        if paged && !within {
            verdict.wrong.push(format!("{} paged, but nothing was injected", incident.id));
        }
        verdict.rows.push(Row {
            injected: format!("nothing\n{}", incident.watch),
            due: "no",
            found: found(incident),
            after: String::new(),
            did: match paged {
                true if within => format!("{}\na false alarm within the budget", called(&[incident])),
                true => called(&[incident]),
                false => silence_of(incident),
            },
        });
    }
    verdict
}

/// Whether chance explains this many false pages, if `expected` are the average.
fn is_chance(false_pages: usize, expected: f64) -> bool {
    let fewer = false_pages.checked_sub(1).and_then(|fewer| u64::try_from(fewer).ok());
    match (fewer, Poisson::new(expected)) {
        (None, _) => true,
        (Some(fewer), Ok(chance)) => chance.sf(fewer) >= BEYOND_CHANCE,
        (Some(_), Err(_)) => false,
    }
}

fn belongs(incident: &Incident, injection: &TruthInjection) -> bool {
    let at = incident.signal.opened_at;
    let watch = injection.watch.as_ref().is_none_or(|watch| *watch == incident.watch);
    watch && at >= injection.start.plus(-10 * MINUTE_MS) && at <= injection.end.plus(ECHO_MS)
}

pub(super) fn is_paged(incident: &Incident) -> bool {
    let accepted =
        |message: &orszem_records::incident::Message| matches!(message.outcome, Some(Delivery::Accepted { .. }));
    incident.messages.iter().any(|message| message.attempt.action == Action::Trigger && accepted(message))
}

fn found(incident: &Incident) -> String {
    format!("{}, severity {}", incident.signal.kind.name(), incident.severity)
}

/// The receivers that were called, and whether somebody answered.
fn called(incidents: &[&Arc<Incident>]) -> String {
    let calls = incidents.iter().flat_map(|incident| &incident.messages);
    let arrived = calls.filter(|message| message.attempt.action == Action::Trigger && message.arrived());
    let receivers: BTreeSet<&str> = arrived.map(|message| message.attempt.receiver.as_str()).collect();
    let receivers = receivers.into_iter().collect::<Vec<_>>().join(", ");
    let has_it = incidents.iter().any(|incident| incident.acknowledged.is_some());
    let is_over = incidents.iter().all(|incident| incident.state() == State::Resolved);
    let now = match (has_it, is_over) {
        (true, true) => "acknowledged, over",
        (true, false) => "acknowledged, goes on",
        (false, true) => "over",
        (false, false) => "nobody has it yet",
    };
    format!("called {receivers};\n{now}")
}

fn silence_of(incident: &Incident) -> String {
    match incident.signal.kind {
        Finding::Praise => "praise does not page".into(),
        Finding::Silence => "silence does not page".into(),
        Finding::NoData => "the operator is notified, see [feed]".into(),
        _ => "no escalation was notified".into(),
    }
}

fn span(from: Timestamp, to: Timestamp) -> String {
    length(to.since(from).max(0) / MINUTE_MS)
}

impl Verdict {
    fn injected(&mut self, injection: &TruthInjection, incidents: Vec<&Arc<Incident>>) {
        let what = injection.watch.as_deref().unwrap_or("the whole feed");
        let paged = incidents.iter().any(|incident| is_paged(incident));
        let (due, fault) = match injection.page {
            Pages::Yes => ("yes", (!paged).then(|| format!("the {} of {what} was missed", injection.kind.name()))),
            Pages::May => ("optional", None),
            Pages::No => ("no", paged.then(|| format!("the {} of {what} paged", injection.kind.name()))),
        };
        self.wrong.extend(fault);
        let did = match incidents.first() {
            _ if paged => called(&incidents),
            Some(incident) => silence_of(incident),
            None => match injection.kind {
                Kind::Copies => "one text by a few accounts counts as a few mentions".into(),
                Kind::Silence | Kind::Outage => "fewer mentions are not a burst".into(),
                _ => "not rare enough for the budget".into(),
            },
        };
        self.rows.push(Row {
            injected: format!("{}, {what}\n{}", injection.kind.name(), moment(injection.start)),
            due,
            found: incidents.iter().map(|incident| found(incident)).collect::<Vec<_>>().join("\n"),
            after: incidents.first().map_or(String::new(), |incident| span(injection.start, incident.signal.opened_at)),
            did,
        });
    }

    pub(super) fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(terminal::WIDTH).unwrap_or(u16::MAX));
        table.set_header(["in the story", "should page", "found", "after", "what orszem did"]);
        for row in &self.rows {
            table.add_row([&row.injected, row.due, &row.found, &row.after, &row.did]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn false_pages_count_only_if_chance_does_not_explain_them() {
        assert!(is_chance(0, 0.0) && is_chance(1, 0.6) && is_chance(2, 0.6));
        assert!(!is_chance(4, 0.6) && !is_chance(1, 0.0));
    }
}

//! What respond counts, and what it logs of it: one call does both.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use orszem_core::receivers::Sent;
use orszem_core::settings::Config;
use orszem_notify::LateReport;
use orszem_records::incident::State;
use orszem_records::ledger::{Action, Attempt, Delivery, IncidentId};
use orszem_records::team::shifts::CalendarShifts;
use orszem_records::time::Timestamp;
use orszem_runtime::metrics::{HistogramVec, IntCounterVec, IntGaugeVec, Registry, keep, registry};

static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics::new(registry()));

/// The counters are private: who counts calls a function below, which logs as well where there is something to log.
struct Metrics {
    incidents_open: IntGaugeVec,
    deliveries: IntCounterVec,
    exhausted: IntCounterVec,
    page_delay: HistogramVec,
    undelivered: IntCounterVec,
    calendar_read: IntGaugeVec,
    calendar_faults: IntGaugeVec,
}

impl Metrics {
    fn new(registry: &Registry) -> Metrics {
        Metrics {
            incidents_open: registry.int_gauges(
                "orszem_incidents_open",
                "Incidents that are open or acknowledged.",
                &["watch", "state"],
            ),
            deliveries: registry.counters(
                "orszem_deliveries_total",
                "Tries to send a notification, by outcome: accepted, retry, failed.",
                &["receiver", "action", "outcome"],
            ),
            exhausted: registry.counters(
                "orszem_escalations_exhausted_total",
                "Escalations that ended without an acknowledgement.",
                &["escalation"],
            ),
            page_delay: registry.histograms(
                "orszem_page_delay_seconds",
                "From the signal in the ledger to the receiver's answer, first page of an incident.",
                &["receiver"],
                &[0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0],
            ),
            undelivered: registry.counters(
                "orszem_undelivered_total",
                "Notifications that a receiver had accepted and that did not arrive after all.",
                &["receiver"],
            ),
            calendar_read: registry.int_gauges(
                "orszem_calendar_read_timestamp_seconds",
                "When the calendar of a rotation was read last, since 1970; 0 while it was not read yet.",
                &["rotation"],
            ),
            calendar_faults: registry.int_gauges(
                "orszem_calendar_faults",
                "What of the calendar of a rotation could not be taken as it stands there, when it was read last.",
                &["rotation"],
            ),
        }
    }

    fn seed(&self, config: &Config) {
        let names: Vec<String> = config.all_receivers().map(|receiver| receiver.name().to_owned()).collect();
        let receivers = || names.iter().map(String::as_str);
        let escalations = || config.escalations.iter().map(|escalation| escalation.name.as_str());
        for receiver in receivers() {
            for action in Action::ALL {
                for outcome in ["accepted", "retry", "failed"] {
                    self.deliveries.with_label_values(&[receiver, action.name(), outcome]);
                }
            }
            self.page_delay.with_label_values(&[receiver]);
            self.undelivered.with_label_values(&[receiver]);
        }
        for escalation in escalations() {
            self.exhausted.with_label_values(&[escalation]);
        }
        keep(&self.deliveries, "receiver", receivers());
        keep(&self.page_delay, "receiver", receivers());
        keep(&self.undelivered, "receiver", receivers());
        keep(&self.exhausted, "escalation", escalations());
    }
}

/// A message that was accepted did not arrive after all.
pub(super) fn undelivered(receiver: &str, report: &LateReport) {
    let LateReport { message, reason } = report;
    METRICS.undelivered.with_label_values(&[receiver]).inc();
    tracing::warn!(receiver, message, reason, "accepted, and not delivered after all");
}

/// The rotations that have calendars elsewhere, as far as this copy reads them.
pub(super) fn calendars<'r>(rotations: impl Iterator<Item = &'r str> + Clone) {
    for gauge in [&METRICS.calendar_read, &METRICS.calendar_faults] {
        rotations.clone().for_each(|rotation| drop(gauge.with_label_values(&[rotation])));
        keep(gauge, "rotation", rotations.clone());
    }
}

/// A calendar was read.
pub(super) fn calendar_read(rotation: &str, at: Timestamp, read: &CalendarShifts) {
    let faults = i64::try_from(read.faults.len()).unwrap_or(i64::MAX) + i64::from(read.further_faults);
    let before = METRICS.calendar_faults.with_label_values(&[rotation]);
    if before.get() != faults {
        for fault in &read.faults {
            let (what, event, at) = (fault.fault.name(), &fault.event, fault.at.map(|at| at.to_string()));
            tracing::warn!(
                rotation,
                fault = what,
                event,
                at,
                "an event of the calendar is not taken as it stands there"
            );
        }
    }
    before.set(faults);
    METRICS.calendar_read.with_label_values(&[rotation]).set(at.0.div_euclid(1000));
}

/// A calendar could not be read; `again`: for the same reason as the last time.
pub(super) fn calendar_not_read(rotation: &str, reason: &str, again: bool) {
    let since = Timestamp(1000 * METRICS.calendar_read.with_label_values(&[rotation]).get());
    let last = (since.0 > 0).then(|| since.to_string());
    if again {
        tracing::debug!(rotation, reason, last, "calendar still not read");
    } else {
        tracing::warn!(rotation, reason, last, "calendar not read, the shifts that were read last stay");
    }
}

/// Registers the metrics, so that they are shown.
pub fn register() {
    LazyLock::force(&METRICS);
}

/// Begins at 0 what this configuration lets one foresee, and forgets receivers and escalations that no longer exist.
pub fn seed(config: &Config) {
    METRICS.seed(config);
}

/// Says which open incidents a changed configuration cuts off. With each, whether its watch is gone.
pub(super) fn cut_off(incidents: &[(IncidentId, bool)]) {
    let named = |gone: bool| {
        let named = incidents.iter().filter(|(_, is_gone)| *is_gone == gone);
        named.map(|(id, _)| id.0.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (ended, uncalled) = (named(true), named(false));
    if !ended.is_empty() {
        tracing::warn!(
            incidents = ended,
            "watches removed while their incidents are open: the incidents end, and those who were told hear why"
        );
    }
    if !uncalled.is_empty() {
        tracing::warn!(
            incidents = uncalled,
            "watches without an escalation while their incidents are open: nobody else is called, and those who were \
             told hear so"
        );
    }
}

/// Shows how many incidents are open. `shown` are the labels that were ever shown: what is no longer open falls to 0.
pub(super) fn incidents_open(
    open: impl IntoIterator<Item = ((String, State), i64)>,
    shown: &mut BTreeSet<(String, &'static str)>,
) {
    let mut seen = BTreeSet::new();
    for ((watch, state), number) in open {
        METRICS.incidents_open.with_label_values(&[watch.as_str(), state.name()]).set(number);
        seen.insert((watch, state.name()));
    }
    for (watch, state) in shown.difference(&seen) {
        METRICS.incidents_open.with_label_values(&[watch.as_str(), *state]).set(0);
    }
    shown.append(&mut seen);
}

/// A receiver answered a try, or gave no answer in time.
pub(super) fn answered(attempt: &Attempt, sent: &Sent) {
    let outcome = match &sent.result {
        Delivery::Accepted { .. } => "accepted",
        Delivery::Retry { .. } => "retry",
        Delivery::Failed { .. } => "failed",
    };
    let (message, receiver) = (attempt.message.as_str(), attempt.receiver.as_str());
    let (action, try_number) = (attempt.action.name(), attempt.try_number);
    METRICS.deliveries.with_label_values(&[receiver, action, outcome]).inc();
    match &sent.result {
        Delivery::Accepted { .. } => match &sent.note {
            Some(note) => {
                tracing::warn!(message, receiver, action, try_number, note, "notification accepted, see note")
            }
            None => tracing::info!(message, receiver, action, try_number, "notification accepted"),
        },
        Delivery::Retry { reason, .. } if !sent.recipients.reached.is_empty() => {
            tracing::warn!(
                message,
                receiver,
                action,
                try_number,
                reason,
                "notification not accepted by all recipients yet"
            );
        }
        Delivery::Retry { reason, after_ms } => {
            tracing::warn!(message, receiver, action, try_number, reason, after_ms, "notification not accepted yet");
        }
        Delivery::Failed { reason } => {
            tracing::error!(message, receiver, action, try_number, reason, "notification rejected permanently");
        }
    }
}

/// The first page of an incident was accepted so long after its signal.
pub(super) fn paged(receiver: &str, after: Duration) {
    METRICS.page_delay.with_label_values(&[receiver]).observe(after.as_secs_f64());
}

/// An escalation came to its end without an acknowledgement, and that is committed.
pub(super) fn escalation_exhausted(escalation: &str) {
    METRICS.exhausted.with_label_values(&[escalation]).inc();
    tracing::warn!(escalation, "escalation exhausted: nobody acknowledged");
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"
        [[receiver]]
        name = "terminal"
        kind = "console"
        [[escalation]]
        name = "duty"
        [[escalation.step]]
        receivers = ["terminal"]
        acknowledge_within = "5m"
    "#;

    #[test]
    fn counters_begin_at_zero() {
        let registry = Registry::default();
        Metrics::new(&registry).seed(&toml::from_str(CONFIG).unwrap());
        let text = registry.text();
        for line in [
            "orszem_deliveries_total{action=\"trigger\",outcome=\"failed\",receiver=\"terminal\"} 0",
            "orszem_escalations_exhausted_total{escalation=\"duty\"} 0",
            "orszem_page_delay_seconds_count{receiver=\"terminal\"} 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not among:\n{text}");
        }
    }

    #[test]
    fn a_reload_forgets_receivers_and_escalations_that_are_gone() {
        let registry = Registry::default();
        let metrics = Metrics::new(&registry);
        metrics.seed(&toml::from_str(CONFIG).unwrap());
        metrics.page_delay.with_label_values(&["terminal"]).observe(0.2);
        let after = CONFIG.replace("terminal", "console").replace("duty", "night");
        metrics.seed(&toml::from_str(&after).unwrap());
        let text = registry.text();
        assert!(text.contains("receiver=\"console\"") && text.contains("escalation=\"night\""), "{text}");
        for gone in ["\"terminal\"", "\"duty\""] {
            assert!(!text.contains(gone), "{gone} is still there:\n{text}");
        }
    }

    #[test]
    fn an_incident_that_is_no_longer_open_falls_to_zero() {
        let mut shown = BTreeSet::new();
        incidents_open([(("gone-by".to_owned(), State::Open), 2)], &mut shown);
        let value = || METRICS.incidents_open.with_label_values(&["gone-by", State::Open.name()]).get();
        assert_eq!(value(), 2);
        incidents_open([], &mut shown);
        assert_eq!(value(), 0);
    }
}

//! What the instances of a service answered, taken together: one that takes a notice is enough.

use orszem_records::ledger::Delivery;

use super::http::Reading;
use crate::finding::{Finding, State};

/// The answers of all instances, taken together.
#[derive(Debug, PartialEq, Eq)]
pub struct Together {
    /// What they mean.
    pub reading: Reading,
    /// The instances that took it; empty where the service has only one.
    pub taken_by: Vec<String>,
    /// The instances that did not take it while another did, with the reason.
    pub left_out: Vec<(String, String)>,
}

/// What each instance (by its name, where there are several) said.
pub fn together(said: Vec<(Option<String>, Reading)>) -> Together {
    let (mut accepted, mut taken_by, mut refused) = (None, Vec::new(), Vec::new());
    for (instance, reading) in said {
        match (instance, reading) {
            // A service without instances: what it says is all there is.
            (None, reading) => return Together { reading, taken_by, left_out: Vec::new() },
            (Some(instance), Reading::Outcome(taken @ Delivery::Accepted { .. })) => {
                accepted.get_or_insert(taken);
                taken_by.push(instance);
            }
            (Some(instance), Reading::Outcome(delivery)) => refused.push((instance, delivery)),
            (Some(instance), Reading::Noted { reference, .. }) => {
                accepted.get_or_insert(Delivery::Accepted { reference });
                taken_by.push(instance);
            }
            (Some(instance), Reading::Gone(reason)) => refused.push((instance, Delivery::Failed { reason })),
        }
    }
    match accepted {
        Some(taken) => {
            let left_out = refused.into_iter().map(|(instance, delivery)| (instance, reason(delivery))).collect();
            Together { reading: taken.into(), taken_by, left_out }
        }
        None => Together { reading: refusal(refused).into(), taken_by, left_out: Vec::new() },
    }
}

/// The outcome where no instance took it: another try while any of them may yet, after the shortest wait asked for.
fn refusal(refused: Vec<(String, Delivery)>) -> Delivery {
    let waits = refused.iter().filter_map(|(_, delivery)| match delivery {
        Delivery::Retry { after_ms, .. } => Some(*after_ms),
        _ => None,
    });
    let wait = waits.min();
    let told: Vec<String> =
        refused.into_iter().map(|(instance, delivery)| format!("{instance}: {}", reason(delivery))).collect();
    let reason = told.join("; ");
    match wait {
        Some(after_ms) => Delivery::Retry { reason, after_ms },
        None => Delivery::Failed { reason },
    }
}

fn reason(delivery: Delivery) -> String {
    match delivery {
        Delivery::Accepted { .. } => String::new(),
        Delivery::Retry { reason, .. } | Delivery::Failed { reason } => reason,
    }
}

/// An instance that does not work is a warning while another does.
pub fn soften(findings: &mut [Finding]) {
    let any_works = findings.iter().any(|finding| finding.state == State::Works);
    for finding in findings.iter_mut().filter(|finding| any_works && finding.state == State::Broken) {
        finding.state = State::Warning;
        finding.detail += "; another instance takes the alerts";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(reference: &str) -> Reading {
        Delivery::Accepted { reference: Some(reference.into()) }.into()
    }

    fn retry(after_ms: Option<u64>) -> Reading {
        Delivery::Retry { reason: "busy".into(), after_ms }.into()
    }

    fn of(said: Vec<(&str, Reading)>) -> Together {
        together(said.into_iter().map(|(instance, reading)| (Some(instance.to_owned()), reading)).collect())
    }

    #[test]
    fn one_that_takes_it_is_enough_and_the_others_are_named() {
        let all = of(vec![("a", retry(None)), ("b", taken("r")), ("c", taken("s"))]);
        assert_eq!(all.reading, taken("r"));
        assert_eq!((all.taken_by, all.left_out), (vec!["b".into(), "c".into()], vec![("a".into(), "busy".into())]));
    }

    #[test]
    fn where_none_takes_it_a_try_is_worth_it_while_any_may_and_after_the_shortest_wait() {
        let failed = || Reading::from(Delivery::Failed { reason: "no".into() });
        let all = of(vec![("a", failed()), ("b", retry(Some(9000))), ("c", retry(Some(4000)))]);
        let reason = "a: no; b: busy; c: busy".to_owned();
        assert_eq!(all.reading, Delivery::Retry { reason, after_ms: Some(4000) }.into());
        assert_eq!(of(vec![("a", failed())]).reading, Delivery::Failed { reason: "a: no".into() }.into());
    }

    #[test]
    fn a_service_without_instances_speaks_for_itself() {
        for reading in [taken("r"), retry(Some(1)), Reading::Gone("deleted".into())] {
            assert_eq!(together(vec![(None, reading.clone())]).reading, reading);
        }
    }
}

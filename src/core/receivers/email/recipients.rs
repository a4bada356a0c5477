//! What became of a mail to several recipients: each has an outcome of its own.

use std::collections::BTreeMap;

use orszem_records::ledger::{Delivery, Recipients};

use crate::receivers::Sent;

/// The outcome of a try. `before` says for whom earlier tries settled the message, `tried` what came of this try for
/// each of the rest. The message is done when nobody waits any more, and has failed only when nobody was reached.
pub fn together(before: &Recipients, tried: Vec<(String, Delivery)>, reference: String) -> Sent {
    let mut recipients = before.clone();
    let mut waiting = BTreeMap::new();
    for (recipient, result) in tried {
        match result {
            Delivery::Accepted { .. } => {
                recipients.merge(&Recipients { reached: vec![recipient], ..Recipients::default() })
            }
            Delivery::Failed { reason } => {
                recipients.refused.insert(recipient, reason);
            }
            Delivery::Retry { reason, .. } => {
                waiting.insert(recipient, reason);
            }
        }
    }
    let (reached, refused) = (!recipients.reached.is_empty(), !recipients.refused.is_empty());
    let result = match (waiting.is_empty(), reached) {
        (false, _) => Delivery::Retry { reason: told(&recipients, &waiting), after_ms: None },
        (true, true) => Delivery::Accepted { reference: Some(reference) },
        (true, false) => Delivery::Failed { reason: told(&recipients, &waiting) },
    };
    let note = (waiting.is_empty() && reached && refused).then(|| told(&recipients, &waiting));
    Sent { result, recipients, note }
}

/// Who has it, who does not yet, and who never will, in one sentence for people.
fn told(recipients: &Recipients, waiting: &BTreeMap<String, String>) -> String {
    let mut reasons = waiting.values().chain(recipients.refused.values());
    let first = reasons.next();
    // One reason for all, such as a server that is away, is all there is to say.
    if let Some(reason) = first
        && recipients.reached.is_empty()
        && reasons.all(|other| other == reason)
    {
        return reason.clone();
    }
    let mut parts = Vec::new();
    if !recipients.reached.is_empty() {
        parts.push(format!("{} got it", recipients.reached.join(", ")));
    }
    parts.extend(waiting.iter().map(|(recipient, reason)| format!("{recipient} not yet: {reason}")));
    parts.extend(recipients.refused.iter().map(|(recipient, reason)| format!("{recipient} refused: {reason}")));
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn retry(reason: &str) -> Delivery {
        Delivery::Retry { reason: reason.into(), after_ms: None }
    }

    fn failed(reason: &str) -> Delivery {
        Delivery::Failed { reason: reason.into() }
    }

    fn tried(of: &[(&str, Delivery)]) -> Vec<(String, Delivery)> {
        of.iter().map(|(recipient, result)| ((*recipient).to_owned(), result.clone())).collect()
    }

    const TAKEN: Delivery = Delivery::Accepted { reference: None };

    #[test]
    fn each_recipient_has_an_outcome_of_its_own() {
        let first = together(
            &Recipients::default(),
            tried(&[("anna", TAKEN), ("full", retry("452 full")), ("gone", failed("550 no such mailbox"))]),
            "<id>".into(),
        );
        let told = "anna got it; full not yet: 452 full; gone refused: 550 no such mailbox";
        assert_eq!((first.result, first.note), (retry(told), None));
        assert!(first.recipients.has("anna") && first.recipients.has("gone") && !first.recipients.has("full"));
        let second = together(&first.recipients, tried(&[("full", TAKEN)]), "<id>".into());
        assert_eq!(second.result, Delivery::Accepted { reference: Some("<id>".into()) });
        assert_eq!(second.note.unwrap(), "anna, full got it; gone refused: 550 no such mailbox");
    }

    #[test]
    fn only_a_mail_that_nobody_got_has_failed() {
        let nobody =
            together(&Recipients::default(), tried(&[("a", failed("550 x")), ("b", failed("551 y"))]), "i".into());
        assert_eq!(nobody.result, failed("a refused: 550 x; b refused: 551 y"));
        let away = together(&Recipients::default(), tried(&[("a", retry("away")), ("b", retry("away"))]), "i".into());
        assert_eq!(away.result, retry("away"), "one reason for all is said once");
    }

    proptest! {
        #[test]
        fn whoever_has_it_keeps_it_and_the_rest_is_tried_until_nobody_waits(
            tries in proptest::collection::vec(proptest::collection::vec(0u8..3, 4), 1..6),
        ) {
            let mut known = Recipients::default();
            for answers in tries {
                let of = (0..4).map(|n| n.to_string()).zip(answers).filter(|(recipient, _)| !known.has(recipient));
                let of: Vec<_> = of
                    .map(|(recipient, answer)| (recipient, [TAKEN, retry("r"), failed("f")][usize::from(answer)].clone()))
                    .collect();
                let waits = of.iter().any(|(_, result)| matches!(result, Delivery::Retry { .. }));
                let sent = together(&known, of, "i".into());
                prop_assert_eq!(matches!(sent.result, Delivery::Retry { .. }), waits);
                let is_failed = matches!(sent.result, Delivery::Failed { .. });
                prop_assert_eq!(is_failed, !waits && sent.recipients.reached.is_empty());
                prop_assert!(known.reached.iter().all(|one| sent.recipients.reached.contains(one)));
                known = sent.recipients;
            }
        }
    }
}

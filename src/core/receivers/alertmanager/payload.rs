//! A notice as an alert of Alertmanager.

use std::time::Duration;

use orszem_records::incident::State;
use orszem_records::ledger::Action;
use serde_json::json;

use crate::notification::{Notice, severity_word};

/// An alert fires for this many resend intervals after it was last sent (Prometheus does the same with 4), but not for
/// less than [`FIRES_AT_LEAST`]. Explicit, not left to `resolve_timeout`: that is another team's setting and may be
/// shorter than our interval, and an instance that missed the resolve must stop by itself.
const RESENDS: u32 = 4;
/// Alertmanager's own default for alerts without an end.
const FIRES_AT_LEAST: Duration = Duration::from_secs(300);

/// The severity that an alert is labelled with: that of the first message that was taken.
pub(super) fn severity(notice: &Notice) -> &str {
    match notice.reference.as_deref() {
        Some(first @ ("critical" | "error" | "warning" | "info")) => first,
        _ => severity_word(notice.page.severity),
    }
}

/// The alert that tells of a notice; `resend` is how often it is sent again.
pub(super) fn alert(notice: &Notice, resend: Duration) -> Vec<u8> {
    let page = &notice.page;
    let over = notice.action == Action::Resolve || page.state == State::Resolved;
    let fires_for = (resend * RESENDS).max(FIRES_AT_LEAST);
    let fires_for = i64::try_from(fires_for.as_millis()).unwrap_or(i64::MAX);
    // The end is by the clock, not by event time: Alertmanager compares it with its own clock.
    let ends_at = if over { notice.sent_at } else { notice.sent_at.plus(fires_for) };
    let mut annotations = json!({
        "summary": page.headline,
        "severity": severity_word(page.severity),
        "state": page.state.name(),
        "link": page.link,
    });
    let facts = page.facts.iter().map(|fact| format!("{}: {}", fact.name, fact.value));
    let meaning = Some(page.meaning.clone()).filter(|meaning| !meaning.is_empty());
    annotations["description"] = meaning.into_iter().chain(facts).collect::<Vec<String>>().join("\n").into();
    if let Some(advice) = page.advice_shown() {
        annotations["advice"] = advice.into();
    }
    let mut alert = json!([{
        "labels": {
            "alertname": "OrszemIncident",
            "incident": page.incident,
            "watch": page.watch,
            "severity": severity(notice),
        },
        "annotations": annotations,
        // Never after the end, which is refused.
        "startsAt": page.opened_at.min(notice.sent_at).to_string(),
        "endsAt": ends_at.to_string(),
        "generatorURL": page.link,
    }]);
    if page.drill {
        // So that rules of Alertmanager can tell it from what is real.
        alert[0]["labels"]["drill"] = "yes".into();
    }
    alert.to_string().into_bytes()
}

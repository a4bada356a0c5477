//! What an Alertmanager answers about itself.

use serde_json::Value;

use crate::finding::Finding;
use crate::receivers::{Answer, excerpt};

/// What the status of an instance shows.
pub(super) fn status(answer: &Answer) -> Finding {
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let cluster = body["cluster"]["status"].as_str();
    match (answer.status, body["versionInfo"]["version"].as_str(), cluster) {
        (200, Some(version), Some("ready" | "disabled")) => {
            Finding::works("", format!("Alertmanager {} is ready", excerpt(version)))
        }
        (200, Some(version), Some(cluster)) => Finding::warning(
            "",
            format!("Alertmanager {}: its cluster is {}", excerpt(version), excerpt(cluster)),
            "wait a minute; if it stays so, see the log of this instance",
        ),
        _ => Finding::broken(
            "",
            format!("{} to GET /api/v2/status: this is not an Alertmanager", answer.told()),
            "give in urls the address of each instance, with its path prefix and without /api",
        ),
    }
}

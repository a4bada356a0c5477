//! What PagerDuty answers, and what it means.

use orszem_records::ledger::Delivery;

use super::payload::dedup_key;
use crate::notification::Page;
use crate::receivers::Answer;

/// The wait after a 429 that names none: PagerDuty asks for "a few minutes"; a page cannot spare more than two.
pub(super) const BUSY_MS: u64 = 120_000;

/// 202 is taken; 429, 5xx and the like may pass; everything else, 200 from some other server included, may not.
pub(super) fn read(answer: &Answer, page: &Page) -> Delivery {
    match answer.status {
        202 => Delivery::Accepted { reference: Some(dedup_key(page)) },
        200..=299 => Delivery::Failed { reason: format!("{}; PagerDuty answers 202", answer.told()) },
        429 => Delivery::Retry { reason: answer.told(), after_ms: answer.retry_after_ms.or(Some(BUSY_MS)) },
        _ => answer.refusal(),
    }
}

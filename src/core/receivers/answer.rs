//! What a service answered by HTTP, and what that means for most services.

use std::time::Duration;

use orszem_records::ledger::Delivery;
use orszem_records::time::Timestamp;
use orszem_text::sanitize;
use orszem_text::truncate::{Unit, cut};

/// The longest wait that a service may ask for: a page must not sleep for days because a header says so.
pub const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// The most characters of a service's words in a reason.
const EXCERPT: usize = 200;

/// What a service answered.
#[derive(Debug, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The wait it asks for, in ms, at most [`LONGEST_WAIT`].
    pub retry_after_ms: Option<u64>,
    /// The beginning of the body, secrets taken out.
    pub body: String,
    /// Why the rest of the body is not known; `None` where `body` is all of it. The status is known in any case, and
    /// decides where the service says that it does.
    pub cut_off: Option<String>,
    /// The headers, as they came, their names in small letters.
    pub headers: Vec<(String, String)>,
    /// Our clock when the request was sent, and when the headers had come.
    pub between: (Timestamp, Timestamp),
}

impl Answer {
    /// From what came, the body whole: `retry-after` is read against the time when the headers had come.
    pub fn new(status: u16, headers: Vec<(String, String)>, body: String, between: (Timestamp, Timestamp)) -> Answer {
        let answer = Answer { status, retry_after_ms: None, body, cut_off: None, headers, between };
        let retry_after_ms = answer.header("retry-after").and_then(|value| wait(value, between.1));
        Answer { retry_after_ms, ..answer }
    }

    /// The first value of a header. `name` in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the status is 2xx.
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// What a status that is no success means for most services: 408, 425, 429 and 5xx may pass; the rest, redirects
    /// included, will not.
    pub fn refusal(&self) -> Delivery {
        match self.status {
            408 | 425 | 429 | 500..=599 => Delivery::Retry { reason: self.told(), after_ms: self.retry_after_ms },
            300..=399 => Delivery::Failed { reason: format!("{}; redirects are not followed", self.told()) },
            _ => Delivery::Failed { reason: self.told() },
        }
    }

    /// What it says in `date`: when it was made, by the service's clock.
    pub fn date(&self) -> Option<Timestamp> {
        date_of(self.header("date")?)
    }

    /// Status and the beginning of the body, for a reason.
    pub fn told(&self) -> String {
        let said = match excerpt(&self.body) {
            body if body.is_empty() => format!("answered {}", self.status),
            body => format!("answered {}: {body}", self.status),
        };
        match &self.cut_off {
            Some(why) => format!("{said} (the answer is incomplete: {why})"),
            None => said,
        }
    }
}

/// Foreign words for a reason: one clean short line.
pub fn excerpt(text: &str) -> String {
    // A page of error HTML may be 64 KB: what lies far behind the excerpt need not be cleaned.
    let beginning = cut(text, EXCERPT * 8, Unit::Characters);
    cut(&sanitize::line(&beginning), EXCERPT, Unit::Characters).into_owned()
}

/// `Retry-After` in ms from `now`: seconds, or a date of RFC 9110's preferred form.
fn wait(value: &str, now: Timestamp) -> Option<u64> {
    let value = value.trim();
    let longest = u64::try_from(LONGEST_WAIT.as_millis()).unwrap_or(u64::MAX);
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse::<u64>().map_or(longest, |seconds| seconds.saturating_mul(1000).min(longest)));
    }
    let ms = date_of(value)?.since(now).max(0);
    Some(u64::try_from(ms).unwrap_or(0).min(longest))
}

/// A date of RFC 9110's preferred form.
fn date_of(text: &str) -> Option<Timestamp> {
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Timestamp(date.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(784_111_777_000); // Sun, 06 Nov 1994 08:49:37 GMT

    #[test]
    fn a_wait_is_read_in_seconds_or_as_a_date() {
        assert_eq!(wait("120", NOW), Some(120_000));
        assert_eq!(wait(" 0 ", NOW), Some(0));
        assert_eq!(wait("Sun, 06 Nov 1994 08:50:07 GMT", NOW), Some(30_000));
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT", NOW), Some(0), "a date gone by means now");
        assert_eq!(wait("soon", NOW), None);
        assert_eq!(wait("-5", NOW), None);
    }

    #[test]
    fn nobody_makes_a_page_wait_for_days() {
        assert_eq!(wait("86400", NOW), Some(3_600_000));
        assert_eq!(wait("99999999999999999999999", NOW), Some(3_600_000));
        assert_eq!(wait("Sun, 06 Nov 2044 08:49:37 GMT", NOW), Some(3_600_000));
    }

    #[test]
    fn statuses_are_told_apart() {
        let refusal = |status| Answer { status, retry_after_ms: Some(7), ..Answer::default() }.refusal();
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            assert!(matches!(refusal(status), Delivery::Retry { after_ms: Some(7), .. }), "{status}");
        }
        for status in [301, 302, 307, 400, 401, 403, 404, 410, 413, 422] {
            assert!(matches!(refusal(status), Delivery::Failed { .. }), "{status}");
        }
    }

    #[test]
    fn the_wait_and_the_date_are_taken_from_the_headers() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = vec![header("date", "Sun, 06 Nov 1994 08:49:36 GMT"), header("retry-after", "7")];
        let answer = Answer::new(429, headers, String::new(), (NOW, NOW));
        assert_eq!((answer.retry_after_ms, answer.date()), (Some(7000), Some(Timestamp(NOW.0 - 1000))));
    }
}

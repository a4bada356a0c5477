//! What pages say in words.

use orszem_core::notification::breakdown;
pub(super) use orszem_core::notification::format::{count, figure, length, moment, moment_seconds};
use orszem_records::incident::State;
use orszem_records::signal::Forecast;
use orszem_records::signal::{Counts, Kind, Signal};
pub(super) use orszem_text::sanitize::{in_place, lines};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// How rare this number a week is: `about once in 6 years`.
pub(super) fn rarity(per_week: f64) -> String {
    if !per_week.is_finite() || per_week < 0.0 {
        return "unknown".into();
    }
    let weeks = 1.0 / per_week;
    match weeks {
        weeks if weeks < 0.75 => format!("about {} times a week", figure(per_week)),
        weeks if weeks < 1.5 => "about once a week".into(),
        weeks if weeks < 9.0 => format!("about once in {} weeks", weeks.round()),
        weeks if weeks < 78.0 => format!("about once in {} months", (weeks / 4.345).round()),
        weeks if weeks < 5_218.0 => format!("about once in {} years", (weeks / 52.18).round()),
        _ => "less than once in a century".into(),
    }
}

/// What is counted in an incident of this kind.
pub(super) const fn counted(kind: Kind) -> &'static str {
    match kind {
        Kind::Negativity | Kind::SlowBurn => "negative mentions",
        Kind::Volume | Kind::Praise | Kind::Silence => "mentions",
        Kind::NoData => "minutes with mentions",
    }
}

/// One sentence: what is seen against what was expected.
pub(super) fn sentence(signal: &Signal) -> String {
    format!(
        "{} {} in {}, where {} {} expected",
        count(signal.observed),
        counted(signal.kind),
        length(i64::from(signal.window_s)),
        figure(signal.expected),
        if figure(signal.expected) == "1" { "was" } else { "were" }
    )
}

/// The state, for people.
pub(super) const fn state(state: State) -> &'static str {
    match state {
        State::Open => "Open",
        State::Acknowledged => "Acknowledged",
        State::Resolved => "Resolved",
    }
}

/// A forecast, in one line.
pub(super) fn forecast(forecast: &Forecast) -> String {
    let (low, high) = forecast.interval;
    format!("about {} mentions ({} to {} in 95 of 100 cases)", figure(forecast.mentions), figure(low), figure(high))
}

/// What the counts of an incident say, in one line.
pub(super) fn counts(counts: &Counts) -> String {
    format!(
        "{}; {} negative, {} positive; at most {} followers reached",
        breakdown(counts),
        count(counts.negatives),
        count(counts.positives),
        count(counts.reach),
    )
}

/// An address from outside, where it is http or https and names no user: normalised, and its host as a browser
/// would ask for it (letters outside ASCII as punycode, so that a host cannot look like another).
pub(super) fn web_address(url: &str) -> Option<(String, String)> {
    let url = url::Url::parse(url).ok()?;
    let named = url.username().is_empty() && url.password().is_none();
    let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
    (named && matches!(url.scheme(), "http" | "https")).then(|| (url.into(), host))
}

/// What need not be written as `%XX` in any part of an address (RFC 3986, unreserved) stays as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Text as a part of an address: every byte but letters, digits and `-._~` as `%XX`.
pub(super) fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rarity_reads_as_a_person_would_say_it() {
        assert_eq!(rarity(3.0), "about 3 times a week");
        assert_eq!(rarity(0.5), "about once in 2 weeks");
        assert_eq!(rarity(0.003), "about once in 6 years");
        assert_eq!(rarity(0.0), "less than once in a century");
        assert_eq!(rarity(f64::NAN), "unknown");
    }

    #[test]
    fn only_plain_web_addresses_are_followed() {
        for url in
            ["javascript:alert(1)", "data:text/html,x", "//x.example", "https://bank.example@evil.example/", "x", " "]
        {
            assert_eq!(web_address(url), None, "{url}");
        }
        assert_eq!(
            web_address("HTTPS://Example.com/\"><script>"),
            Some(("https://example.com/%22%3E%3Cscript%3E".into(), "example.com".into()))
        );
        assert_eq!(web_address("http://exämple.com/").unwrap().1, "xn--exmple-cua.com");
    }
}

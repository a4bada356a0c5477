//! Figures and times in words, and hostile text made harmless to read.

use orszem_core::notification::breakdown;
use orszem_records::incident::State;
use orszem_records::signal::Forecast;
use orszem_records::signal::{Counts, Kind, Signal};
use orszem_records::time::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// `1 Aug 2014, 16:30 UTC`. There is no zone that every reader shares: UTC, and said so.
pub(super) fn moment(at: Timestamp) -> String {
    formatted(at, "%-d %b %Y, %H:%M UTC")
}

/// `1 Aug 2014, 16:30:05 UTC`.
pub(super) fn moment_seconds(at: Timestamp) -> String {
    formatted(at, "%-d %b %Y, %H:%M:%S UTC")
}

fn formatted(at: Timestamp, form: &str) -> String {
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(instant) => instant.strftime(form).to_string(),
        Err(_) => at.to_string(),
    }
}

/// A length of time in its two largest units: `45 s`, `10 min`, `1 h 20 min`, `2 d 3 h`.
pub(super) fn length(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let first = units.iter().position(|(size, _)| seconds >= *size).unwrap_or(3);
    let (size, name) = units[first];
    let mut words = format!("{} {name}", seconds / size);
    if let Some((next, next_name)) = units.get(first + 1) {
        let rest = seconds % size / next;
        if rest > 0 {
            words.push_str(&format!(" {rest} {next_name}"));
        }
    }
    words
}

/// A whole number with a thin space (no line breaks) between thousands.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A number that need not be whole: no more digits than say something.
pub(super) fn figure(number: f64) -> String {
    match number {
        number if !number.is_finite() => "unknown".into(),
        number if number.abs() < 0.000_95 && number != 0.0 => "less than 0.001".into(),
        number if number.abs() < 0.095 => trimmed(format!("{number:.3}")),
        number if number.abs() < 9.95 => trimmed(format!("{number:.1}")),
        // Saturates far above anything that can be counted.
        number if number < 0.0 => format!("−{}", count(number.abs().round() as u64)),
        number => count(number.round() as u64),
    }
}

fn trimmed(number: String) -> String {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => number,
    }
}

/// How rare so many a week are: `about once in 6 years`.
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

/// Text from outside without the characters that act instead of showing: controls (but line ends), and the marks that
/// turn the direction of what follows. HTML is escaped where it is written, not here.
pub(super) fn inert(text: &str) -> String {
    let acts = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
    };
    text.chars().map(|c| if acts(c) { ' ' } else { c }).collect()
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
    fn lengths_keep_their_two_largest_units() {
        let lengths =
            [(0, "0 s"), (45, "45 s"), (600, "10 min"), (4_800, "1 h 20 min"), (86_400 * 2 + 3 * 3600 + 59, "2 d 3 h")];
        for (seconds, words) in lengths {
            assert_eq!(length(seconds), words);
        }
        assert_eq!(length(-5), "0 s");
    }

    #[test]
    fn figures_have_no_more_digits_than_say_something() {
        let figures = [
            (0.0, "0"),
            (0.0001, "less than 0.001"),
            (0.031, "0.031"),
            (0.5, "0.5"),
            (3.04, "3"),
            (9.96, "10"),
            (1234.6, "1\u{202f}235"),
            (f64::NAN, "unknown"),
            (100.0, "100"),
        ];
        for (number, words) in figures {
            assert_eq!(figure(number), words);
        }
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn rarity_reads_as_a_person_would_say_it() {
        assert_eq!(rarity(3.0), "about 3 times a week");
        assert_eq!(rarity(0.5), "about once in 2 weeks");
        assert_eq!(rarity(0.003), "about once in 6 years");
        assert_eq!(rarity(0.0), "less than once in a century");
        assert_eq!(rarity(f64::NAN), "unknown");
    }

    #[test]
    fn times_out_of_any_calendar_do_not_break_a_page() {
        assert_eq!(moment(Timestamp(1_406_910_600_000)), "1 Aug 2014, 16:30 UTC");
        assert_eq!(moment(Timestamp(i64::MAX)), format!("{} ms", i64::MAX));
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

    #[test]
    fn text_that_acts_is_made_to_show() {
        assert_eq!(inert("a\u{202e}b\u{0}c\r\nd\u{2066}\u{200d}"), "a b c \nd \u{200d}");
    }
}

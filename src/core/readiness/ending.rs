//! What ends by itself: certificates and tokens, as far as they say so.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use orszem_records::time::Timestamp;
use serde_json::{Map, Value};

/// What is accepted for this long is renewed by a machine, in ms: a week.
const SHORT_MS: i64 = 7 * 24 * 3_600_000;

/// Something that a setting names and that ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ending {
    /// The setting that names it: `[web.tls] certificate`.
    pub setting: String,
    /// Where it is kept, as the configuration has it: `env:NAME`, `file:PATH`, or the path of a file.
    pub place: String,
    /// What it is.
    pub what: EndingKind,
    /// From when to when it is accepted.
    pub life: Life,
}

/// From when to when something is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Life {
    /// When it was made; `None` where it does not say so.
    pub from: Option<Timestamp>,
    /// The moment from which it is not accepted.
    pub to: Timestamp,
}

impl Life {
    /// Whether somebody has to see to it at `now`: it is over, or will be within `ahead_ms`. What lives a week or less
    /// is renewed by a machine, and is told of only when it is over.
    pub(super) fn is_ending(self, now: Timestamp, ahead_ms: i64) -> bool {
        let is_short = self.from.is_some_and(|from| self.to.since(from) <= SHORT_MS);
        self.to.since(now) < if is_short { 0 } else { ahead_ms }
    }
}

/// What ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndingKind {
    /// A certificate.
    Certificate,
    /// A token.
    Token,
}

/// How long a token is accepted; `None` where it is not a JSON Web Token (RFC 7519), or does not say when it ends. It
/// is not verified.
pub fn life_of_token(token: &str) -> Option<Life> {
    let mut parts = token.split('.');
    let (header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !object(header)?.contains_key("alg") {
        return None;
    }
    let claims = object(claims)?;
    let time = |claim: &str| {
        // What is outside the calendar is not a time.
        let seconds = claims.get(claim)?.as_f64().filter(|seconds| (0.0..253_402_300_800.0).contains(seconds))?;
        Some(Timestamp((seconds * 1000.0) as i64))
    };
    Some(Life { from: time("iat"), to: time("exp")? })
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.c2lnbmF0dXJl", part(header), part(claims))
    }

    #[test]
    fn a_token_says_when_it_ends() {
        let life = |claims: &str| life_of_token(&token(r#"{"alg":"HS256","typ":"JWT"}"#, claims));
        let ends = |claims: &str| life(claims).map(|life| life.to);
        assert_eq!(ends(r#"{"sub":"orszem","exp":1780358400}"#), Some(Timestamp(1_780_358_400_000)));
        assert_eq!(ends(r#"{"exp":1780358400.5}"#), Some(Timestamp(1_780_358_400_500)));
        for without in [r#"{"sub":"orszem"}"#, r#"{"exp":"1780358400"}"#, r#"{"exp":-1}"#, r#"{"exp":1e300}"#, "[1]"] {
            assert_eq!(ends(without), None, "{without}");
        }
        let from = life(r#"{"iat":1780000000,"exp":1780358400}"#).and_then(|life| life.from);
        assert_eq!(from, Some(Timestamp(1_780_000_000_000)));
    }

    #[test]
    fn what_lives_a_week_or_less_is_told_of_only_when_it_is_over() {
        let day = |days: i64| Timestamp(days * 24 * 3_600_000);
        let is_ending = |from: Option<i64>, to: i64, now: i64| {
            Life { from: from.map(day), to: day(to) }.is_ending(day(now), day(30).0)
        };
        assert_eq!((is_ending(Some(0), 90, 60), is_ending(Some(0), 90, 61)), (false, true));
        assert_eq!((is_ending(Some(0), 8, 1), is_ending(None, 7, 6)), (true, true));
        assert_eq!((is_ending(Some(0), 7, 6), is_ending(Some(0), 7, 8)), (false, true));
    }

    #[test]
    fn what_is_no_token_or_a_broken_one_says_nothing() {
        let good = token(r#"{"alg":"none"}"#, r#"{"exp":1780358400}"#);
        assert!(life_of_token(&good).is_some());
        let broken = [
            token(r#"{"typ":"JWT"}"#, r#"{"exp":1780358400}"#),
            format!("{good}.more"),
            good.rsplit_once('.').unwrap().0.to_owned(),
            good.replacen('e', "!", 1),
            format!("x{good}"),
            "xoxb-1-2-3".to_owned(),
            "192.168.1".to_owned(),
            "..".to_owned(),
            String::new(),
        ];
        for text in broken {
            assert_eq!(life_of_token(&text), None, "{text}");
        }
    }
}

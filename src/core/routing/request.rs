//! A silence that somebody asks for, on a page, by API or in the terminal: what it says, or what is wrong with it.

use orszem_records::team::silence::{Silence, Terms};
use orszem_records::time::Timestamp;

use super::matcher::Matcher;

/// The longest silence, in milliseconds: 30 days. What is quiet for longer is a matter of the configuration.
pub const LONGEST_MS: i64 = 30 * 24 * 3_600_000;

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The matcher as it was written: `desk = "care", severity = ">= 3"`.
    pub matcher: String,
    /// Why.
    pub reason: String,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// It is asked for in a drill.
    pub drill: bool,
}

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// The matcher cannot be read. What is wrong with it.
    #[error("{0}")]
    Matcher(String),
    /// It has no reason.
    #[error("a silence needs a reason: others will ask why nobody was called")]
    NoReason,
    /// The reason is too long.
    #[error("the reason has more than {most} characters", most = Silence::LONGEST_REASON)]
    LongReason,
    /// It is over before it begins.
    #[error("it must end after it begins")]
    Backwards,
    /// It is over already.
    #[error("it would be over already")]
    Past,
    /// It is longer than any may be.
    #[error("a silence lasts for 30 days at most; for longer, write a route with nobody = true")]
    TooLong,
}

impl Request {
    /// What the silence says, with its matcher, where it is asked for at `now`. One that begins in the past begins now:
    /// what was told until then was told.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn read(&self, now: Timestamp) -> Result<(Terms, Matcher), Vec<RequestFault>> {
        let from = self.from.max(now);
        let reason = self.reason.trim();
        let checks = [
            (reason.is_empty(), RequestFault::NoReason),
            (reason.chars().count() > Silence::LONGEST_REASON, RequestFault::LongReason),
            (self.to <= self.from, RequestFault::Backwards),
            (self.to > self.from && self.to <= now, RequestFault::Past),
            (self.to.since(from) > LONGEST_MS, RequestFault::TooLong),
        ];
        let mut faults: Vec<RequestFault> = checks.into_iter().filter(|(is, _)| *is).map(|(_, fault)| fault).collect();
        match Matcher::parse(&self.matcher) {
            Ok((written, matcher)) if faults.is_empty() => {
                let (reason, to, drill) = (reason.to_owned(), self.to, self.drill);
                Ok((Terms { matcher: written, reason, from, to, drill, ended: None }, matcher))
            }
            Ok(_) => Err(faults),
            Err(fault) => {
                faults.insert(0, RequestFault::Matcher(fault));
                Err(faults)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::fixture::at;

    fn request() -> Request {
        let (matcher, reason) = ("desk = \"care\"".to_owned(), " a known problem ".to_owned());
        Request { matcher, reason, from: at(10), to: at(70), drill: false }
    }

    #[test]
    fn what_is_in_order_is_read() {
        let (terms, _) = request().read(at(5)).unwrap();
        assert_eq!((terms.matcher.to_string().as_str(), terms.reason.as_str()), ("desk = \"care\"", "a known problem"));
        assert_eq!((terms.from, terms.to), (at(10), at(70)));
        assert_eq!(request().read(at(20)).unwrap().0.from, at(20), "it mutes nothing that is past");
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let faults = |request: Request| request.read(at(5)).unwrap_err();
        let wrong = Request { matcher: "desk = \"x\"".into(), reason: "  ".into(), to: at(10), ..request() };
        assert!(matches!(
            &faults(wrong)[..],
            [RequestFault::Matcher(_), RequestFault::NoReason, RequestFault::Backwards]
        ));
        assert_eq!(faults(Request { from: at(1), to: at(4), ..request() }), [RequestFault::Past]);
        assert_eq!(faults(Request { to: at(100_000), ..request() }), [RequestFault::TooLong]);
        assert_eq!(faults(Request { reason: "x".repeat(501), ..request() }), [RequestFault::LongReason]);
    }
}

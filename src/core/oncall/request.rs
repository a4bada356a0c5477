//! An override or a swap that somebody asks for, on a page or by API: what it says, or what is wrong with it.

use orszem_records::team::{Change, Kind, Override, SwapOffer};
use orszem_records::time::Timestamp;

use super::people::People;
use crate::settings::Config;

/// The longest span of an override or an offer, in milliseconds: 92 days. What is otherwise for longer is a matter of
/// the configuration.
pub const LONGEST_MS: i64 = 92 * 24 * 3_600_000;
/// The most characters of a reason.
pub const LONGEST_REASON: usize = 500;

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The rotation, by its name.
    pub rotation: String,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// What is asked for.
    pub what: What,
    /// Why, for people.
    pub reason: Option<String>,
}

/// What somebody asks for, with the names of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// They are on call beside those who are.
    Add(Vec<String>),
    /// They stand in for others: for everybody where no others are named.
    Replace(Vec<String>, Vec<String>),
    /// They are not on call.
    Remove(Vec<String>),
    /// Somebody is to take the shifts of this person.
    Offer(String),
}

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// The configuration has no such rotation.
    #[error("there is no rotation \"{0}\"")]
    Rotation(String),
    /// The configuration has no such person.
    #[error("there is no person \"{0}\"")]
    Person(String),
    /// The last day of a person comes before its end.
    #[error("{0} is not called any more at that time: their last day comes before")]
    Left(String),
    /// It names nobody.
    #[error("it names nobody")]
    Nobody,
    /// It is over before it begins.
    #[error("it must end after it begins")]
    Backwards,
    /// It is over already.
    #[error("it would be over already")]
    Past,
    /// It is longer than any may be.
    #[error("it lasts for 92 days at most; for longer, change the rotation in the configuration")]
    TooLong,
    /// The reason is too long.
    #[error("the reason has more than {LONGEST_REASON} characters")]
    LongReason,
}

impl Request {
    /// What is written, where it is asked for at `now`. What begins in the past begins now.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn read(&self, config: &Config, now: Timestamp) -> Result<Change, Vec<RequestFault>> {
        let everybody = People::of(config);
        let none = Vec::new();
        let (called, others) = match &self.what {
            What::Add(people) => (people, &none),
            What::Replace(people, instead_of) => (people, instead_of),
            What::Remove(people) => (&none, people),
            What::Offer(person) => (&none, &vec![person.clone()]),
        };
        let from = self.from.max(now);
        let reason = self.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        let mut faults = Vec::new();
        if config.rotation(&self.rotation).is_none() {
            faults.push(RequestFault::Rotation(self.rotation.clone()));
        }
        for name in called.iter().chain(others) {
            match everybody.numbers([name]).first() {
                None => faults.push(RequestFault::Person(name.clone())),
                Some(person) if called.contains(name) && !everybody.is_there(*person, self.to.plus(-1)) => {
                    faults.push(RequestFault::Left(name.clone()));
                }
                Some(_) => {}
            }
        }
        let checks = [
            (called.is_empty() && others.is_empty(), RequestFault::Nobody),
            (matches!(self.what, What::Replace(..)) && called.is_empty(), RequestFault::Nobody),
            (self.to <= self.from, RequestFault::Backwards),
            (self.to > self.from && self.to <= now, RequestFault::Past),
            (self.to.since(from) > LONGEST_MS, RequestFault::TooLong),
            (reason.is_some_and(|reason| reason.chars().count() > LONGEST_REASON), RequestFault::LongReason),
        ];
        faults.extend(checks.into_iter().filter(|(is, _)| *is).map(|(_, fault)| fault));
        faults.dedup();
        if !faults.is_empty() {
            return Err(faults);
        }
        let (rotation, to, reason) = (self.rotation.clone(), self.to, reason.map(str::to_owned));
        let over =
            |kind| Change::Override(Override { rotation: rotation.clone(), from, to, kind, reason: reason.clone() });
        Ok(match self.what.clone() {
            What::Add(people) => over(Kind::Add { people }),
            What::Replace(people, instead_of) => over(Kind::Replace { people, instead_of }),
            What::Remove(people) => over(Kind::Remove { people }),
            What::Offer(person) => Change::SwapOffered(SwapOffer { rotation, person, from, to }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"
        [[person]]
        name = "anna"
        [[person]]
        name = "bela"
        until = "2026-06-01"
        [[rotation]]
        name = "press"
        time_zone = "UTC"
        [[rotation.layer]]
        shift = "daily"
        stretch = [{ from = "2026-06-01 00:00", members = ["anna"] }]
    "#;
    /// 2026-06-01T00:00:00Z.
    const NOW: Timestamp = Timestamp(1_780_272_000_000);

    fn hour(hours: i64) -> Timestamp {
        NOW.plus(hours * 3_600_000)
    }

    fn request(what: What) -> Request {
        Request { rotation: "press".into(), from: hour(1), to: hour(3), what, reason: Some(" dentist ".into()) }
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn read(request: &Request) -> Result<Change, Vec<RequestFault>> {
        request.read(&toml::from_str(CONFIG).unwrap(), NOW)
    }

    #[test]
    fn what_is_in_order_is_read_and_begins_now_at_the_earliest() {
        let asked = request(What::Replace(names(&["bela"]), names(&["anna"])));
        let Change::Override(over) = read(&asked).unwrap() else { panic!("an override") };
        assert_eq!((over.from, over.reason.as_deref()), (hour(1), Some("dentist")));
        assert_eq!(over.kind, Kind::Replace { people: names(&["bela"]), instead_of: names(&["anna"]) });
        let past = Request { from: hour(-5), ..request(What::Offer("anna".into())) };
        assert!(matches!(read(&past).unwrap(), Change::SwapOffered(offer) if offer.from == NOW && offer.to == hour(3)));
        assert!(read(&request(What::Remove(names(&["anna"])))).is_ok());
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let wrong = Request { rotation: "x".into(), to: hour(1), ..request(What::Add(names(&["zoli", "anna"]))) };
        let faults = [RequestFault::Rotation("x".into()), RequestFault::Person("zoli".into()), RequestFault::Backwards];
        assert_eq!(read(&wrong).unwrap_err(), faults);
        let of = |request: Request| read(&request).unwrap_err();
        assert_eq!(of(request(What::Add(Vec::new()))), [RequestFault::Nobody]);
        assert_eq!(of(request(What::Replace(Vec::new(), names(&["anna"])))), [RequestFault::Nobody]);
        assert_eq!(
            of(Request { from: hour(-5), to: NOW, ..request(What::Offer("anna".into())) }),
            [RequestFault::Past]
        );
        let long = Request { to: hour(24 * 93), ..request(What::Remove(names(&["anna"]))) };
        assert_eq!(of(long), [RequestFault::TooLong]);
        let left = Request { to: hour(24).plus(1), ..request(What::Add(names(&["bela"]))) };
        assert_eq!(of(left), [RequestFault::Left("bela".into())]);
        let long = Request { reason: Some("x".repeat(501)), ..request(What::Add(names(&["anna"]))) };
        assert_eq!(of(long), [RequestFault::LongReason]);
    }
}

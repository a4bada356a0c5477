//! The plan of a simulation: companies, their rates, and events.

use serde::{Deserialize, Serialize};

use super::catalog::companies;
use super::event::Kind;
use orszem_records::time::{Timestamp, rfc3339};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// The trade of a company, which determines what people write about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// An airline.
    Flights,
    /// A bank.
    Banking,
    /// A restaurant chain.
    Food,
    /// A telephone and internet company.
    Telecom,
    /// A parcel service.
    Parcels,
    /// A streaming service.
    Streaming,
}

impl Topic {
    /// Every trade.
    pub const ALL: [Topic; 6] =
        [Topic::Flights, Topic::Banking, Topic::Food, Topic::Telecom, Topic::Parcels, Topic::Streaming];
}

/// An invented company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// Small letters, digits and `-`; the suggested name of its watch. Unique in the plan.
    pub id: String,
    /// Its name as people write it.
    pub name: String,
    /// Its account, without the `@`.
    pub handle: String,
    /// Its tag, without the `#`.
    pub tag: String,
    /// Its trade.
    pub topic: Topic,
    /// Mentions per hour, averaged over a week, without injected events.
    pub per_hour: f64,
    /// The share of its mentions that is in Hungarian, 0 to 1; the rest is in English.
    pub hungarian: f64,
    /// The usual share of negative mentions, 0 to 1.
    pub negative: f64,
    /// The usual share of positive mentions, 0 to 1; with `negative` at most 1.
    pub positive: f64,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Injection {
    /// Its kind.
    pub kind: Kind,
    /// The `id` of its company; none for an outage.
    pub company: Option<String>,
    /// When it begins, in milliseconds after the start of the plan.
    pub after_ms: i64,
    /// Its size: see [`Kind::default_size`]. Volume is relative to the usual of that hour, at night to half the mean.
    pub size: f64,
    /// Its duration in milliseconds.
    pub lasts_ms: i64,
}

/// The plan of a simulation. The same plan produces the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The random seed.
    pub seed: u64,
    /// The start time.
    #[serde(with = "rfc3339::exact")]
    pub start: Timestamp,
    /// The end time, exclusive.
    #[serde(with = "rfc3339::exact")]
    pub end: Timestamp,
    /// The companies.
    pub companies: Vec<Company>,
    /// Mentions per hour that name none of the companies.
    pub chatter_per_hour: f64,
    /// The events.
    pub injections: Vec<Injection>,
}

impl Plan {
    /// `days` of the six companies of the demonstration, with each kind of event once. The first half is quiet, for
    /// learning. Then, at about these parts of the time: joy .55, copies .62, silence .70, slow burn .72, outage .86,
    /// crisis .93.
    ///
    /// In plans of at least four days, events begin at a whole hour after `start`; shorter plans compress them.
    pub fn demo(seed: u64, start: Timestamp, days: u32) -> Plan {
        let span_ms = i64::from(days.max(1)) * DAY_MS;
        let events = [
            (Kind::Joy, Some("kellemes"), 0.55, 11),
            (Kind::Copies, Some("brontel"), 0.62, 14),
            (Kind::Silence, Some("tundrex"), 0.70, 10),
            (Kind::SlowBurn, Some("zalkora"), 0.72, 8),
            (Kind::Outage, None, 0.86, 10),
            (Kind::Crisis, Some("veltaro"), 0.93, 13),
        ];
        let injections = events
            .into_iter()
            .map(|(kind, company, part, hour)| {
                let (after_ms, lasts_ms) = place(kind, span_ms, part, hour);
                Injection { kind, company: company.map(Into::into), after_ms, size: kind.default_size(), lasts_ms }
            })
            .collect();
        Plan { seed, start, end: start.plus(span_ms), companies: companies(6), chatter_per_hour: 300.0, injections }
    }

    /// Multiplies every rate.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Plan {
        self.chatter_per_hour *= factor;
        for company in &mut self.companies {
            company.per_hour *= factor;
        }
        self
    }

    /// Checks the plan.
    pub fn check(&self) -> Result<(), PlanFault> {
        if self.end <= self.start || self.start < Timestamp::EARLIEST || self.end > Timestamp::LATEST {
            return Err(PlanFault::Range);
        }
        let is_rate = |rate: f64| (0.0..=1e10).contains(&rate);
        if !is_rate(self.chatter_per_hour) {
            return Err(PlanFault::Rate("chatter".into()));
        }
        let mut ids = std::collections::BTreeSet::new();
        for company in &self.companies {
            let id = || company.id.clone();
            if !ids.insert(&company.id) {
                return Err(PlanFault::Twice(id()));
            }
            if !is_rate(company.per_hour) {
                return Err(PlanFault::Rate(id()));
            }
            let shares = [company.hungarian, company.negative, company.positive, company.negative + company.positive];
            if !shares.iter().all(|share| (0.0..=1.0).contains(share)) {
                return Err(PlanFault::Share(id()));
            }
        }
        self.injections.iter().try_for_each(|injection| self.check_injection(injection))
    }

    fn check_injection(&self, injection: &Injection) -> Result<(), PlanFault> {
        let kind = injection.kind.name();
        match (&injection.company, injection.kind) {
            (Some(_), Kind::Outage) => return Err(PlanFault::NotOfCompany),
            (None, Kind::Outage) => {}
            (None, _) => return Err(PlanFault::NoCompany(kind)),
            (Some(id), _) if !self.companies.iter().any(|company| company.id == *id) => {
                let known = self.companies.iter().map(|company| company.id.as_str()).take(20).collect::<Vec<_>>();
                return Err(PlanFault::UnknownCompany { id: id.clone(), known: known.join(", ") });
            }
            (Some(_), _) => {}
        }
        let span_ms = self.end.since(self.start);
        if injection.after_ms < 0 || injection.lasts_ms <= 0 || injection.after_ms >= span_ms {
            return Err(PlanFault::Outside(kind));
        }
        let silent = matches!(injection.kind, Kind::Silence | Kind::Outage);
        if !silent && !(1.0..=10_000.0).contains(&injection.size) {
            return Err(PlanFault::Size(kind));
        }
        Ok(())
    }
}

/// The start and the duration of an event in the plan of the demonstration, in milliseconds.
fn place(kind: Kind, span_ms: i64, part: f64, hour: i64) -> (i64, i64) {
    let about_ms = (span_ms as f64 * part) as i64;
    if span_ms < 4 * DAY_MS {
        return (about_ms, kind.default_lasts_ms().min(span_ms / 16));
    }
    let after_ms = about_ms / DAY_MS * DAY_MS + hour * HOUR_MS;
    (after_ms, kind.default_lasts_ms().min(span_ms - after_ms))
}

/// Why a plan cannot be simulated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    /// The time range is empty, or outside the allowed times of mentions.
    #[error("the plan must end after it starts, and be between 1990 and 2100")]
    Range,
    /// An invalid rate.
    #[error("the rate of {0} must be a number from 0 to 10,000,000,000 mentions per hour")]
    Rate(String),
    /// An invalid share.
    #[error("the shares of {0} must be from 0 to 1, and negative and positive together at most 1")]
    Share(String),
    /// Two companies with the same id.
    #[error("the company {0} occurs twice")]
    Twice(String),
    /// An event that needs a company.
    #[error("{0} needs a company: {0}@COMPANY+OFFSET")]
    NoCompany(&'static str),
    /// An outage cannot have a company.
    #[error("an outage stops the whole feed: remove the company")]
    NotOfCompany,
    /// A company that is not in the plan.
    #[error("the plan has no company {id}; the companies are: {known}")]
    UnknownCompany {
        /// The unknown company.
        id: String,
        /// The first twenty companies of the plan.
        known: String,
    },
    /// An event outside the plan.
    #[error("{0} is outside the simulated time")]
    Outside(&'static str),
    /// An invalid size.
    #[error("the size of {0} must be from 1 to 10,000")]
    Size(&'static str),
}

/// An injection on the command line: `KIND[@COMPANY]+OFFSET[xSIZE][forDURATION]`, with optional spaces:
/// `crisis@veltaro+13d4h`, `joy@kellemes+9d x5 for 2h`, `outage+10d for 45m`.
#[derive(Clone, Debug, PartialEq)]
pub struct InjectionSpec(
    /// The injection, with defaults filled in.
    pub Injection,
);

impl std::str::FromStr for InjectionSpec {
    type Err = InjectionFault;

    fn from_str(text: &str) -> Result<InjectionSpec, InjectionFault> {
        let text: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
        let (who, when) = text.split_once('+').ok_or(InjectionFault::Shape)?;
        let (kind, company) = match who.split_once('@') {
            Some((kind, company)) if !company.is_empty() => (kind, Some(company.to_owned())),
            Some(_) => return Err(InjectionFault::Shape),
            None => (who, None),
        };
        let kind = Kind::ALL
            .into_iter()
            .find(|known| known.name() == kind)
            .ok_or_else(|| InjectionFault::Kind(kind.to_owned()))?;
        let (when, lasts) = match when.split_once("for") {
            Some((when, lasts)) => (when, Some(lasts)),
            None => (when, None),
        };
        let (offset, size) = match when.split_once(['x', '×']) {
            Some((offset, size)) => (offset, Some(size)),
            None => (when, None),
        };
        let size = match size {
            Some(size) => size.parse().map_err(|_| InjectionFault::Size(size.to_owned()))?,
            None => kind.default_size(),
        };
        let lasts_ms = lasts.map_or(Ok(kind.default_lasts_ms()), span_ms)?;
        Ok(InjectionSpec(Injection { kind, company, after_ms: span_ms(offset)?, size, lasts_ms }))
    }
}

fn span_ms(text: &str) -> Result<i64, InjectionFault> {
    let span = humantime::parse_duration(text).map_err(|_| InjectionFault::Span(text.to_owned()))?;
    i64::try_from(span.as_millis()).map_err(|_| InjectionFault::Span(text.to_owned()))
}

/// Why an injection is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InjectionFault {
    /// The wrong format.
    #[error(
        "write KIND[@COMPANY]+OFFSET[xSIZE][forDURATION], such as crisis@veltaro+13d4h or 'joy@kellemes+9d x5 for 2h'"
    )]
    Shape,
    /// An unknown kind.
    #[error("unknown kind {0:?}; the kinds are crisis, slow-burn, joy, copies, silence, outage")]
    Kind(String),
    /// An invalid duration.
    #[error("{0:?} is not a duration; write it as 90s, 45m, 36h or 13d4h")]
    Span(String),
    /// An invalid size.
    #[error("{0:?} is not a size; write a number, such as x6")]
    Size(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::time::MINUTE_MS;

    fn spec(text: &str) -> Result<Injection, InjectionFault> {
        text.parse::<InjectionSpec>().map(|spec| spec.0)
    }

    #[test]
    fn reads_injections() {
        let crisis = spec("crisis@veltaro+13d4h x3").unwrap();
        assert_eq!(crisis.kind, Kind::Crisis);
        assert_eq!(crisis.company.as_deref(), Some("veltaro"));
        assert_eq!(crisis.after_ms, 13 * DAY_MS + 4 * HOUR_MS);
        assert_eq!(crisis.size, 3.0);
        assert_eq!(crisis.lasts_ms, Kind::Crisis.default_lasts_ms());
        let outage = spec("outage+1d for 45m").unwrap();
        assert_eq!((outage.company, outage.lasts_ms), (None, 45 * MINUTE_MS));
        assert_eq!(spec("slow-burn@a+0s").unwrap().size, 2.5);
    }

    #[test]
    fn refuses_what_is_no_injection() {
        assert_eq!(spec("crisis@veltaro"), Err(InjectionFault::Shape));
        assert_eq!(spec("crisis@+1d"), Err(InjectionFault::Shape));
        assert_eq!(spec("crash@veltaro+1d"), Err(InjectionFault::Kind("crash".into())));
        assert_eq!(spec("crisis@veltaro+soon"), Err(InjectionFault::Span("soon".into())));
        assert_eq!(spec("crisis@veltaro+1dxbig"), Err(InjectionFault::Size("big".into())));
    }

    #[test]
    fn the_demo_is_sound_for_any_length_and_survives_serde() {
        for days in [1, 2, 3, 4, 7, 14, 28, 365] {
            let plan = Plan::demo(1, Timestamp(1_772_409_600_000), days);
            assert_eq!(plan.check(), Ok(()), "{days}");
            for injection in &plan.injections {
                let end_ms = injection.after_ms + injection.lasts_ms;
                assert!(end_ms <= plan.end.since(plan.start), "{days}: {injection:?}");
            }
            let json = serde_json::to_string(&plan).unwrap();
            assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
        }
    }

    #[test]
    fn finds_the_faults_of_a_plan() {
        let sound = Plan::demo(1, Timestamp(1_772_409_600_000), 7);
        let broken = |change: fn(&mut Plan)| {
            let mut plan = sound.clone();
            change(&mut plan);
            plan.check().unwrap_err()
        };
        assert_eq!(broken(|plan| plan.end = plan.start), PlanFault::Range);
        assert_eq!(broken(|plan| plan.chatter_per_hour = f64::NAN), PlanFault::Rate("chatter".into()));
        assert_eq!(broken(|plan| plan.companies[0].positive = 0.95), PlanFault::Share("veltaro".into()));
        assert_eq!(broken(|plan| plan.companies[1].id = "veltaro".into()), PlanFault::Twice("veltaro".into()));
        assert_eq!(broken(|plan| plan.injections[5].company = None), PlanFault::NoCompany("crisis"));
        assert_eq!(broken(|plan| plan.injections[4].company = Some("a".into())), PlanFault::NotOfCompany);
        assert_eq!(broken(|plan| plan.injections[5].after_ms = i64::MAX), PlanFault::Outside("crisis"));
        assert_eq!(broken(|plan| plan.injections[5].size = 0.5), PlanFault::Size("crisis"));
        assert!(matches!(
            broken(|plan| plan.injections[5].company = Some("nobody".into())),
            PlanFault::UnknownCompany { .. }
        ));
    }
}

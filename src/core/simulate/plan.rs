//! What to simulate: companies, their rates, and what is to happen to them.

use serde::{Deserialize, Serialize};

use super::catalog::companies;
use super::event::Kind;
use orszem_records::time::{Timestamp, rfc3339};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// The trade of a company: decides what people write about it.
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
    /// Mentions an hour, on the average of a week, everything included that is not injected.
    pub per_hour: f64,
    /// The share of its mentions that is in Hungarian, 0 to 1; the rest is in English.
    pub hungarian: f64,
    /// The usual share of negative mentions, 0 to 1.
    pub negative: f64,
    /// The usual share of positive mentions, 0 to 1; with `negative` at most 1.
    pub positive: f64,
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Injection {
    /// What.
    pub kind: Kind,
    /// To whom: a company's `id`; nobody in particular for an outage.
    pub company: Option<String>,
    /// When it begins, in milliseconds after the start of the plan.
    pub after_ms: i64,
    /// How large: see [`Kind::default_size`]. Volume is relative to the usual of that hour, at night to half the mean.
    pub size: f64,
    /// How long, in milliseconds.
    pub lasts_ms: i64,
}

/// What to simulate. The same plan gives the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Fixes everything that is left to chance.
    pub seed: u64,
    /// The first instant.
    #[serde(with = "rfc3339::exact")]
    pub start: Timestamp,
    /// The first instant after the last mention.
    #[serde(with = "rfc3339::exact")]
    pub end: Timestamp,
    /// The companies.
    pub companies: Vec<Company>,
    /// Mentions an hour that name none of the companies.
    pub chatter_per_hour: f64,
    /// What happens.
    pub injections: Vec<Injection>,
}

impl Plan {
    /// `days` of the six companies of the demonstration, each kind of event once: the first half is quiet, for
    /// learning; then, at about these parts of the time: joy .55, copies .62, silence .70, slow burn .72, outage .86,
    /// crisis .93.
    ///
    /// From four days on, events begin on a whole hour of the day after `start`; shorter plans squeeze them.
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

    /// Everything that is wrong with it.
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

/// Where in the plan of the demonstration an event stands and how long it lasts, both in milliseconds.
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
    /// The range of time is empty, or outside what a mention may carry.
    #[error("the plan must end after it starts, and lie between 1990 and 2100")]
    Range,
    /// A rate that is none.
    #[error("the rate of {0} must be a number from 0 to 10,000,000,000 mentions an hour")]
    Rate(String),
    /// A share that is none.
    #[error("the shares of {0} must lie from 0 to 1, and negative and positive together be at most 1")]
    Share(String),
    /// Two companies of one id.
    #[error("the company {0} is there twice")]
    Twice(String),
    /// An event that needs a company.
    #[error("{0} needs a company: {0}@COMPANY+OFFSET")]
    NoCompany(&'static str),
    /// An outage strikes all.
    #[error("an outage stops the whole feed: leave the company out")]
    NotOfCompany,
    /// A company that is not in the plan.
    #[error("no company {id} in the plan; there are: {known}")]
    UnknownCompany {
        /// The unknown one.
        id: String,
        /// The first twenty of the plan.
        known: String,
    },
    /// An event outside the plan.
    #[error("{0} lies outside the time that is simulated")]
    Outside(&'static str),
    /// A size that is none.
    #[error("the size of {0} must lie from 1 to 10,000")]
    Size(&'static str),
}

/// An injection as it is typed: `KIND[@COMPANY]+OFFSET[xSIZE][forDURATION]`, blanks where you like:
/// `crisis@veltaro+13d4h`, `joy@kellemes+9d x5 for 2h`, `outage+10d for 45m`.
#[derive(Clone, Debug, PartialEq)]
pub struct InjectionSpec(
    /// What was meant, defaults filled in.
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

/// Why an injection cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InjectionFault {
    /// Not of the form.
    #[error("write KIND[@COMPANY]+OFFSET[xSIZE][forDURATION], as crisis@veltaro+13d4h or 'joy@kellemes+9d x5 for 2h'")]
    Shape,
    /// No such kind.
    #[error("no kind {0:?}; there are crisis, slow-burn, joy, copies, silence, outage")]
    Kind(String),
    /// No length of time.
    #[error("{0:?} is not a duration; write it as 90s, 45m, 36h or 13d4h")]
    Span(String),
    /// No size.
    #[error("{0:?} is not a size; write a number, as x6")]
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

//! What was injected: for judging what was found, never for finding it.

use serde::{Deserialize, Serialize};

use super::event::{Course, Kind};
use super::names::Names;
use super::plan::{Plan, Topic};
use orszem_records::time::{Timestamp, rfc3339};

/// Whether somebody should be paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pages {
    /// A page is due; none is a miss.
    Yes,
    /// A page is welcome; none is no miss.
    May,
    /// A page is a false one.
    No,
}

/// The truth about a simulation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// The seed it was made from.
    pub seed: u64,
    /// The first instant.
    #[serde(with = "rfc3339::exact")]
    pub start: Timestamp,
    /// The first instant after it.
    #[serde(with = "rfc3339::exact")]
    pub end: Timestamp,
    /// The companies.
    pub companies: Vec<TruthCompany>,
    /// What happened to them, by start.
    pub injections: Vec<TruthInjection>,
}

/// A company and how to watch it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TruthCompany {
    /// The suggested name of its watch; its id in the plan.
    pub watch: String,
    /// Its name for people.
    pub name: String,
    /// Its trade.
    pub topic: Topic,
    /// What to look for: its name with every Hungarian ending that the texts use, its @handle and its #tag.
    pub terms: Vec<String>,
    /// Mentions an hour, on the average of a week.
    pub per_hour: f64,
}

/// One thing that was injected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TruthInjection {
    /// What.
    pub kind: Kind,
    /// The watch it concerns; none for an outage of the feed.
    pub watch: Option<String>,
    /// When it begins.
    #[serde(with = "rfc3339::exact")]
    pub start: Timestamp,
    /// When it first is as large as it gets.
    #[serde(with = "rfc3339::exact")]
    pub peak: Timestamp,
    /// The first instant after it.
    #[serde(with = "rfc3339::exact")]
    pub end: Timestamp,
    /// Whether somebody should be paged.
    pub page: Pages,
    /// How large: see [`Kind::default_size`].
    pub size: f64,
}

impl Truth {
    /// The truth about `plan`.
    pub fn of(plan: &Plan) -> Truth {
        let companies = plan
            .companies
            .iter()
            .map(|company| TruthCompany {
                watch: company.id.clone(),
                name: company.name.clone(),
                topic: company.topic,
                terms: Names::of(company).terms(),
                per_hour: company.per_hour,
            })
            .collect();
        let mut injections: Vec<TruthInjection> = plan
            .injections
            .iter()
            .map(|injection| {
                let course = Course::new(injection, plan.start);
                TruthInjection {
                    kind: injection.kind,
                    watch: injection.company.clone(),
                    start: course.start,
                    peak: course.peak,
                    end: course.end.min(plan.end),
                    page: injection.kind.pages(),
                    size: injection.size,
                }
            })
            .collect();
        injections.sort_by_key(|injection| injection.start);
        Truth { seed: plan.seed, start: plan.start, end: plan.end, companies, injections }
    }

    /// `[[watch]]` blocks for `alerts.toml`, one for each company.
    pub fn watches_toml(&self) -> String {
        use std::fmt::Write;
        let mut toml = String::new();
        for company in &self.companies {
            // Debug output of plain text is a valid basic string of TOML: names and terms hold letters and blanks only.
            let _ = write!(
                toml,
                "[[watch]]\nname = {:?}\ntitle = {:?}\nterms = {:?}\n\n",
                company.watch, company.name, company.terms
            );
        }
        toml
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_watches_are_a_configuration() {
        let truth = Truth::of(&Plan::demo(1, Timestamp(1_772_409_600_000), 14));
        let config: crate::settings::Config = toml::from_str(&truth.watches_toml()).unwrap();
        assert_eq!(config.watches.len(), truth.companies.len());
        for (watch, company) in config.watches.iter().zip(&truth.companies) {
            assert_eq!((&watch.name, &watch.terms), (&company.watch, &company.terms));
        }
        let json = serde_json::to_string(&truth).unwrap();
        assert_eq!(serde_json::from_str::<Truth>(&json).unwrap(), truth);
    }
}

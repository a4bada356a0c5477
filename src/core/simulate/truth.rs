//! The injected events: for judging the detectors, never as their input.

use serde::{Deserialize, Serialize};

use super::event::{Course, Kind};
use super::names::Names;
use super::plan::{Plan, Topic};
use orszem_records::time::{Timestamp, rfc3339};

/// Whether somebody should be paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pages {
    /// A page is required; otherwise it is a miss.
    Yes,
    /// A page is optional.
    May,
    /// A page would be false.
    No,
}

/// The truth about a simulation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Its seed.
    pub seed: u64,
    /// The start time.
    #[serde(with = "rfc3339::exact")]
    pub start: Timestamp,
    /// The first instant after it.
    #[serde(with = "rfc3339::exact")]
    pub end: Timestamp,
    /// The companies.
    pub companies: Vec<TruthCompany>,
    /// The events, by start.
    pub injections: Vec<TruthInjection>,
}

/// A company and the terms of its watch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TruthCompany {
    /// The suggested name of its watch; its id in the plan.
    pub watch: String,
    /// Its name for people.
    pub name: String,
    /// Its trade.
    pub topic: Topic,
    /// The terms: its name with every Hungarian ending in the texts, its @handle and its #tag.
    pub terms: Vec<String>,
    /// Mentions per hour, averaged over a week.
    pub per_hour: f64,
}

impl TruthCompany {
    /// The terms as a person writes them: a watch finds every ending of a name by itself.
    pub fn written(&self) -> Vec<&str> {
        let terms = self.terms.iter().map(String::as_str);
        terms.filter(|term| *term == self.name || term.starts_with(['@', '#'])).collect()
    }
}

/// An injected event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TruthInjection {
    /// Its kind.
    pub kind: Kind,
    /// Its watch; none for an outage of the feed.
    pub watch: Option<String>,
    /// When it begins.
    #[serde(with = "rfc3339::exact")]
    pub start: Timestamp,
    /// When it first reaches its peak.
    #[serde(with = "rfc3339::exact")]
    pub peak: Timestamp,
    /// The first instant after it.
    #[serde(with = "rfc3339::exact")]
    pub end: Timestamp,
    /// Whether somebody should be paged.
    pub page: Pages,
    /// Its size: see [`Kind::default_size`].
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

    /// `[[watch]]` blocks for `alerts.toml`, one for each company. They page nobody until they name an escalation.
    pub fn watches_toml(&self) -> String {
        use std::fmt::Write;
        let mut toml = String::new();
        for company in &self.companies {
            // Debug output of plain text is a valid TOML string, since names and terms have only letters and spaces.
            let _ = write!(
                toml,
                "[[watch]]\nname = {:?}\ntitle = {:?}\nterms = {:?}\n\n",
                company.watch,
                company.name,
                company.written()
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
            let handle = format!("@{}", company.watch);
            let tag = format!("#{}", company.watch);
            assert_eq!((&watch.name, &watch.terms), (&company.watch, &vec![company.name.clone(), handle, tag]));
            let query = orszem_text::query::terms_query(watch.terms.iter().map(String::as_str));
            let matcher = orszem_text::query::Matcher::new([query.as_ref()]);
            let mut found = orszem_text::query::Found::default();
            for term in &company.terms {
                matcher.find(term, &orszem_text::query::About::default(), &mut found);
                assert!(!found.is_empty(), "{term} is a form of {:?}", watch.terms);
            }
        }
        let json = serde_json::to_string(&truth).unwrap();
        assert_eq!(serde_json::from_str::<Truth>(&json).unwrap(), truth);
    }
}

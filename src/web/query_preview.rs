//! Queries tried on what a topic of mentions holds, before they are saved: `orszem watch try` for pages and API.

use std::sync::{Arc, LazyLock};

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use orszem_core::input::{NoMention, Reader};
use orszem_core::range::RangeQuery;
use orszem_core::settings::Config;
use orszem_runtime::clock;
use orszem_text::query::preview::{self, Diagnostics, Shown, Trial, Verdict};
use orszem_text::sentiment::Models;
use orszem_text::sentiment::container::ModelFault;

use crate::app::AppState;

/// What tells the language of texts, read at the first try. Models of one's own have no part in it.
static MODELS: LazyLock<Result<Arc<Models>, ModelFault>> = LazyLock::new(|| Models::shipped().map(Arc::new));
/// The most records that are read.
const RECORDS: usize = 50_000;
/// How long reading may take, in ms.
const READING_MS: i64 = 5_000;
/// The most mentions of each sample.
const SAMPLE: usize = 20;
/// How far back it can look, in hours: a choice of the page, and the most.
pub(crate) const HOURS: [u32; 5] = [1, 6, 24, 72, 168];
/// How far back it looks unless told otherwise, in hours.
const USUAL_HOURS: u32 = 24;

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Params {
    #[serde(default)]
    pub query: String,
    /// A second query, to compare the first with.
    #[serde(default)]
    pub with: String,
    /// The first topic that is read when `None`.
    pub topic: Option<String>,
    hours: Option<u32>,
}

/// Why nothing was tried.
#[derive(Debug)]
pub(crate) enum PreviewError {
    /// A query cannot be read: its faults, each with its caret.
    BadQuery(String),
    /// Something else that is asked for cannot be: why, and what can.
    BadRequest(String),
    /// Another query is being tried.
    Busy,
    /// The topic cannot be read.
    Unreadable,
}

impl PreviewError {
    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            PreviewError::BadQuery(_) | PreviewError::BadRequest(_) => StatusCode::BAD_REQUEST,
            PreviewError::Busy | PreviewError::Unreadable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The stable code of docs/api.md.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            PreviewError::BadQuery(_) | PreviewError::BadRequest(_) => "bad-query",
            PreviewError::Busy => "busy",
            PreviewError::Unreadable => "unread",
        }
    }

    /// What is wrong, without a full stop at its end.
    pub(crate) fn message(&self) -> &str {
        match self {
            PreviewError::BadQuery(message) | PreviewError::BadRequest(message) => message,
            PreviewError::Busy => "another query is being tried; try again in a few seconds",
            PreviewError::Unreadable => "the topic could not be read; the log of the program says why",
        }
    }
}

/// The result, as the API says it and the page shows it.
#[derive(Debug, Serialize)]
pub(crate) struct Preview {
    pub topic: String,
    pub hours: u32,
    /// Mentions looked at.
    pub mentions: u64,
    /// Records that are not mentions, and should be.
    pub refused: u64,
    /// Why the first of them is not one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused_because: Option<String>,
    /// Whether that was all that came in these hours.
    pub complete: bool,
    first: Option<String>,
    last: Option<String>,
    pub queries: Vec<Query>,
    by_hour: Vec<Hour>,
    pub matches: Sample,
    pub near: Sample,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_first: Option<Sample>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_second: Option<Sample>,
    #[serde(skip)]
    pub verdict: Verdict,
}

/// A query, and what it came to.
#[derive(Debug, Serialize)]
pub(crate) struct Query {
    query: String,
    /// As it is read.
    pub read_as: String,
    pub warnings: Vec<String>,
    pub matched: u64,
    pub per_hour: f64,
}

/// Some of many mentions.
#[derive(Debug, Serialize)]
pub(crate) struct Sample {
    /// All there were.
    pub count: u64,
    pub sample: Vec<Shown>,
}

impl From<&preview::Sample> for Sample {
    fn from(sample: &preview::Sample) -> Sample {
        Sample { count: sample.count(), sample: sample.shown().into_iter().cloned().collect() }
    }
}

#[derive(Debug, Serialize)]
struct Hour {
    at: String,
    matched: [u64; 2],
}

/// What reading a topic came to.
struct Reading {
    topic: String,
    hours: u32,
    trial: Trial,
    refused: u64,
    refused_because: Option<String>,
    complete: bool,
}

impl Params {
    /// Whether nothing was asked yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.query.trim().is_empty() && self.second().is_none()
    }

    /// How far back to look.
    pub(crate) fn hours(&self) -> u32 {
        self.hours.unwrap_or(USUAL_HOURS)
    }

    fn second(&self) -> Option<&str> {
        Some(self.with.trim()).filter(|with| !with.is_empty())
    }

    /// The topic, and how its records are read.
    fn source(&self, config: &Config) -> Result<(String, Reader), PreviewError> {
        let most = HOURS[HOURS.len() - 1];
        if !(1..=most).contains(&self.hours()) {
            return Err(PreviewError::BadRequest(format!("hours must be 1 to {most}")));
        }
        let topics = config.topics();
        let topic = self.topic.clone().filter(|topic| !topic.is_empty()).unwrap_or_else(|| topics[0].clone());
        let Some(input) = config.input(&topic) else {
            let message = format!("topic must be one of: {}", topics.join(", "));
            return Err(PreviewError::BadRequest(message));
        };
        Ok((topic, Reader::new(&input).map_err(PreviewError::BadRequest)?))
    }

    /// The faults or warnings of each query, each with its caret.
    fn with_carets(&self, told: Diagnostics) -> [Vec<String>; 2] {
        let queries = [self.query.as_str(), self.second().unwrap_or_default()];
        [0, 1].map(|n| told[n].iter().map(|fault| fault.with_caret(queries[n]).to_string()).collect())
    }

    /// Tries it: one query at a time, on a thread where it may block.
    pub(crate) async fn run(self, app: &AppState) -> Result<Preview, PreviewError> {
        let config = app.config.load();
        let (topic, reader) = self.source(&config)?;
        let sentiment = MODELS.as_ref().map_err(|_| PreviewError::Unreadable)?.clone();
        let (trial, warnings) = Trial::new(&self.query, self.second(), SAMPLE, sentiment)
            .map_err(|faults| PreviewError::BadQuery(self.with_carets(faults).concat().join("\n")))?;
        let warnings = self.with_carets(warnings);
        let permit = Arc::clone(&app.trying).try_acquire_owned().map_err(|_| PreviewError::Busy)?;
        let (past, most_bytes) = (Arc::clone(&app.past), config.score.max_mention_bytes);
        let hours = self.hours();
        let read = tokio::task::spawn_blocking(move || {
            // Anyone who asked may be gone: the next one waits for the work, not for the answer.
            let _permit = permit;
            let mut reading = Reading { topic, hours, trial, refused: 0, refused_because: None, complete: false };
            let now = clock::now();
            let since = now.plus(-i64::from(hours) * 3_600_000);
            let extent = RangeQuery { since: Some(since), newest: Some(RECORDS), until: Some(now.plus(READING_MS)) };
            reading.complete = past.read(&reading.topic, extent, &mut |record| match reader.read(
                &record.value,
                &record.headers,
                most_bytes,
            ) {
                Ok(mention) => reading.trial.take(&mention),
                Err(NoMention::Skipped(_)) => {}
                Err(NoMention::Fault(fault)) => {
                    reading.refused += 1;
                    reading.refused_because.get_or_insert_with(|| fault.to_string());
                }
            })?;
            Ok::<Reading, String>(reading)
        });
        match read.await {
            Ok(Ok(reading)) => Ok(self.preview(reading, warnings)),
            Ok(Err(fault)) => {
                tracing::warn!(fault, "cannot read the topic to try a query");
                Err(PreviewError::Unreadable)
            }
            Err(_) => Err(PreviewError::Unreadable),
        }
    }

    fn preview(&self, reading: Reading, warnings: [Vec<String>; 2]) -> Preview {
        let Reading { topic, hours, trial, refused, refused_because, complete } = reading;
        let verdict = trial.verdict().clone();
        let written = [Some(self.query.as_str()), self.second()];
        let queries = written.into_iter().flatten().zip(trial.queries()).zip(warnings).enumerate();
        let queries = queries.map(|(n, ((query, node), warnings))| Query {
            query: query.to_owned(),
            read_as: node.to_string(),
            warnings,
            matched: verdict.matched[n],
            per_hour: verdict.matched[n] as f64 / verdict.length(),
        });
        let two = trial.queries().len() > 1;
        Preview {
            topic,
            hours,
            mentions: verdict.mentions,
            refused,
            refused_because,
            complete,
            first: verdict.span.map(|(first, _)| first.to_string()),
            last: verdict.span.map(|(_, last)| last.to_string()),
            queries: queries.collect(),
            by_hour: verdict.hours.iter().map(|(at, matched)| Hour { at: at.to_string(), matched: *matched }).collect(),
            matches: (&verdict.matches).into(),
            near: (&verdict.near).into(),
            only_first: two.then(|| (&verdict.only[0]).into()),
            only_second: two.then(|| (&verdict.only[1]).into()),
            verdict,
        }
    }
}

#[cfg(test)]
#[path = "query_preview_tests.rs"]
mod tests;

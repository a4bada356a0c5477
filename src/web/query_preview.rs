//! Queries tried on what a topic of mentions holds, before they are saved: `orszem watch try` as a page and by API.

use axum::http::StatusCode;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, LazyLock};

use orszem_core::input::{NoMention, Reader};
use orszem_core::range::{RangeQuery, Read};
use orszem_core::settings::Config;
use orszem_runtime::clock;
use orszem_text::query::MAX_BYTES;
use orszem_text::query::preview::{Sample, Shown, Told, Trial, Verdict};
use orszem_text::sentiment::Models;
use orszem_text::sentiment::model::ModelFault;

use super::{AppState, chart, format, pages};

/// What tells the language of texts, read at the first try. Models of one's own have no part in it.
static MODELS: LazyLock<Result<Arc<Models>, ModelFault>> = LazyLock::new(|| Models::shipped().map(Arc::new));
/// The most records that are read.
const RECORDS: usize = 50_000;
/// How long reading may take, in ms.
const READING_MS: i64 = 5_000;
/// The most mentions of each sample.
const SAMPLE: usize = 20;
/// How far back it can look, in hours: a choice of the page, and the most.
const HOURS: [u32; 5] = [1, 6, 24, 72, 168];
/// How far back it looks unless told otherwise.
const USUAL_HOURS: u32 = 24;

/// Where queries find mentions of the past.
pub trait Past: Send + Sync {
    /// Gives `take` what of a topic is in the extent; says whether nothing in it was left out. Blocks.
    ///
    /// # Errors
    /// Why the topic cannot be read.
    fn read(&self, topic: &str, extent: RangeQuery, take: &mut dyn FnMut(&Read)) -> Result<bool, String>;
}

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    query: String,
    #[serde(default)]
    with: String,
    topic: Option<String>,
    hours: Option<u32>,
}

/// Why nothing was tried.
#[derive(Debug)]
pub(super) enum Untried {
    /// A query cannot be read: its faults, each with its caret.
    Fault(String),
    /// What is asked for cannot be: why, and what can.
    Asked(String),
    /// Another query is being tried.
    Busy,
    /// The topic cannot be read.
    Unread,
}

impl Untried {
    /// The answer's.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Untried::Fault(_) | Untried::Asked(_) => StatusCode::BAD_REQUEST,
            Untried::Busy | Untried::Unread => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// A stable code, and words.
    pub(super) fn told(&self) -> (&'static str, &str) {
        match self {
            Untried::Fault(fault) => ("bad-query", fault),
            Untried::Asked(why) => ("bad-query", why),
            Untried::Busy => ("busy", "another query is being tried; try again in a few seconds"),
            Untried::Unread => ("unread", "the topic could not be read; the log of the program says why"),
        }
    }
}

/// A query, and what it came to.
#[derive(Debug, Serialize)]
struct Query {
    query: String,
    /// As it is read.
    read_as: String,
    warnings: Vec<String>,
    matched: u64,
    per_hour: f64,
}

/// Some of many.
#[derive(Debug, Serialize)]
struct Several {
    count: u64,
    sample: Vec<Shown>,
}

impl From<&Sample> for Several {
    fn from(sample: &Sample) -> Several {
        Several { count: sample.count(), sample: sample.shown().into_iter().cloned().collect() }
    }
}

/// What came of it.
#[derive(Debug, Serialize)]
pub(super) struct Tried {
    topic: String,
    hours: u32,
    /// Mentions looked at.
    mentions: u64,
    /// Records that are none, and should be.
    refused: u64,
    /// Why the first of them is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused_because: Option<String>,
    /// Whether that was all that came in these hours.
    complete: bool,
    first: Option<String>,
    last: Option<String>,
    queries: Vec<Query>,
    by_hour: Vec<Hour>,
    matches: Several,
    near: Several,
    #[serde(skip_serializing_if = "Option::is_none")]
    only_first: Option<Several>,
    #[serde(skip_serializing_if = "Option::is_none")]
    only_second: Option<Several>,
    #[serde(skip)]
    verdict: Verdict,
}

#[derive(Debug, Serialize)]
struct Hour {
    at: String,
    matched: [u64; 2],
}

impl Asked {
    /// Whether nothing was asked yet.
    pub(super) fn is_empty(&self) -> bool {
        self.query.trim().is_empty() && self.second().is_none()
    }

    fn second(&self) -> Option<&str> {
        Some(self.with.trim()).filter(|with| !with.is_empty())
    }

    /// Tries it: one query at a time, on a thread where it may block.
    pub(super) async fn run(self, app: &AppState) -> Result<Tried, Untried> {
        let config = app.config.load();
        let hours = self.hours.unwrap_or(USUAL_HOURS);
        let most = HOURS[HOURS.len() - 1];
        if !(1..=most).contains(&hours) {
            return Err(Untried::Asked(format!("hours is 1 to {most}")));
        }
        let topics = config.topics();
        let topic = self.topic.clone().filter(|topic| !topic.is_empty()).unwrap_or_else(|| topics[0].clone());
        let Some(input) = config.input(&topic) else {
            return Err(Untried::Asked(format!("topic is one of those that are read: {}", topics.join(", "))));
        };
        let reader = Reader::new(&input).map_err(Untried::Asked)?;
        let with = self.second().map(str::to_owned);
        let carets = |told: Told| {
            let written = [self.query.as_str(), with.as_deref().unwrap_or_default()];
            [0, 1].map(|n| told[n].iter().map(|fault| fault.with_caret(written[n]).to_string()).collect::<Vec<_>>())
        };
        let sentiment = MODELS.as_ref().map_err(|_| Untried::Unread)?.clone();
        let (trial, odd) = Trial::new(&self.query, with.as_deref(), SAMPLE, sentiment)
            .map_err(|faults| Untried::Fault(carets(faults).concat().join("\n")))?;
        let odd = carets(odd);
        let turn = Arc::clone(&app.trying).try_acquire_owned().map_err(|_| Untried::Busy)?;
        let (past, most_bytes) = (Arc::clone(&app.past), config.score.max_mention_bytes);
        let read = tokio::task::spawn_blocking(move || {
            // Whoever asked may be gone: the next one waits for the work, not for the answer.
            let _turn = turn;
            let mut trial = trial;
            let mut refused = (0_u64, None);
            let now = clock::now();
            let since = now.plus(-i64::from(hours) * 3_600_000);
            let extent = RangeQuery { since: Some(since), newest: Some(RECORDS), until: Some(now.plus(READING_MS)) };
            let complete = past.read(&topic, extent, &mut |record| match reader.read(
                &record.value,
                &record.headers,
                most_bytes,
            ) {
                Ok(mention) => trial.take(&mention),
                Err(NoMention::Skipped(_)) => {}
                Err(NoMention::Fault(fault)) => {
                    refused.0 += 1;
                    refused.1.get_or_insert_with(|| fault.to_string());
                }
            });
            complete.map(|complete| (trial, topic, refused, complete))
        });
        let (trial, topic, refused, complete) = match read.await {
            Ok(Ok(read)) => read,
            Ok(Err(fault)) => {
                tracing::warn!(fault, "cannot read the topic to try a query");
                return Err(Untried::Unread);
            }
            Err(_) => return Err(Untried::Unread),
        };
        let verdict = trial.verdict().clone();
        let written = [Some(self.query.clone()), with];
        let queries = written.into_iter().flatten().zip(trial.queries()).zip(odd).enumerate();
        let queries = queries.map(|(n, ((query, node), warnings))| Query {
            query,
            read_as: node.to_string(),
            warnings,
            matched: verdict.matched[n],
            per_hour: verdict.matched[n] as f64 / verdict.length(),
        });
        let two = trial.queries().len() > 1;
        Ok(Tried {
            topic,
            hours,
            mentions: verdict.mentions,
            refused: refused.0,
            refused_because: refused.1,
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
        })
    }

    /// The page: the form, and what came of it.
    pub(super) fn page(&self, root: &str, config: &Config, came: Option<&Result<Tried, Untried>>) -> Markup {
        let main = html! {
            nav { a href={ (root) "watches" } { "Watches" } }
            h1 { "Try a query" }
            (self.form(config))
            @match came {
                None => p.quiet { "Nothing is saved here: what works goes into " code { "query = '…'" } " of a " code { "[[watch]]" } "." },
                Some(Err(Untried::Fault(fault))) => {
                    div.warning role="alert" { p { "The query cannot be read." } pre { (format::in_place(fault)) } }
                }
                Some(Err(untried)) => div.warning role="alert" { p { "Nothing was tried: " (format::in_place(untried.told().1)) "." } },
                Some(Ok(tried)) => (tried.section()),
            }
        };
        pages::layout(root, "Try a query", None, &main)
    }

    fn form(&self, config: &Config) -> Markup {
        let topics = config.topics();
        let hours = self.hours.unwrap_or(USUAL_HOURS);
        html! {
            form.try method="get" {
                label for="query" { "Query" }
                textarea #query name="query" rows="3" maxlength=(MAX_BYTES) required spellcheck="false" autocapitalize="off" { (format::in_place(&self.query)) }
                label for="with" { "A second query, to see what changes " span.quiet { "(may be left empty)" } }
                textarea #with name="with" rows="2" maxlength=(MAX_BYTES) spellcheck="false" autocapitalize="off" { (format::in_place(&self.with)) }
                div.choices {
                    @if topics.len() > 1 {
                        label { "Topic "
                            select name="topic" { @for topic in &topics {
                                option value=(topic) selected[self.topic.as_ref() == Some(topic)] { (topic) }
                            } }
                        }
                    }
                    label { "Mentions of the last "
                        select name="hours" { @for choice in HOURS {
                            option value=(choice) selected[choice == hours] { (format::length(i64::from(choice) * 3_600)) }
                        } }
                    }
                    button.primary type="submit" { "Try" }
                }
            }
        }
    }
}

impl Tried {
    fn section(&self) -> Markup {
        let two = self.queries.len() > 1;
        html! {
            @for (n, query) in self.queries.iter().enumerate() {
                h2 { @if two { (["First query", "Second query"][n]) } @else { "What it matches" } }
                p { code { (format::in_place(&query.read_as)) } }
                @for warning in &query.warnings { div.warning { pre { (format::in_place(warning)) } } }
                p.headline {
                    (format::count(query.matched)) " of " (format::count(self.mentions)) " mentions, "
                    (format::figure(query.per_hour)) " an hour"
                }
            }
            p.quiet {
                "What came to the topic " code { (format::in_place(&self.topic)) } " in the last " (format::length(i64::from(self.hours) * 3_600))
                @if let Some((first, last)) = self.verdict.span { ", published from " (format::moment(first)) " to " (format::moment(last)) }
                @if !self.complete { "; only the newest of it, because that is more than a page reads: " code { "orszem watch try --topic" } " reads all" }
                @if let Some(because) = &self.refused_because { "; left out, being no mentions: " (format::count(self.refused)) ", the first because " (format::in_place(because)) }
                "."
            }
            (chart::hours(&self.verdict.hours, two))
            (sample(if two { "The first matches" } else { "Matches" }, &self.matches))
            (sample("Nearly matched", &self.near))
            @for (title, only) in [("Only the first matches", &self.only_first), ("Only the second matches", &self.only_second)] {
                @if let Some(only) = only { (sample(title, only)) }
            }
        }
    }
}

fn sample(title: &str, of: &Several) -> Markup {
    html! {
        h2 { (title) " " span.quiet { (format::count(of.count)) } }
        @if of.sample.is_empty() { p.quiet { "None." } }
        @for Shown { id, published_at, pieces, why } in &of.sample {
            figure.mention.card {
                blockquote dir="auto" { @for piece in pieces {
                    @if piece.marked { mark { (format::in_place(&piece.text)) } } @else { (format::in_place(&piece.text)) }
                } }
                figcaption {
                    (format::moment(*published_at)) " · " bdi { (format::in_place(id)) }
                    @if let Some(why) = why { br; bdi { (format::in_place(why)) } }
                }
            }
        }
        @if of.count > of.sample.len() as u64 { p.quiet { "A sample: " (of.sample.len()) " of " (format::count(of.count)) "." } }
    }
}

#[cfg(test)]
#[path = "query_preview_tests.rs"]
mod tests;

//! A preview of a query on given mentions: what it matches, near misses with the reason, and the difference to a second
//! query.

use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

use crate::sentiment::Sentiment;
use orszem_records::mention::Mention;
use orszem_records::time::{Timestamp, rfc3339};

use super::fault::QueryFault;
use super::fields::About;
use super::lint::examine;
use super::matcher::{Found, Matcher};
use super::near_miss::NearMiss;
use super::tree::Node;
use crate::fold::is_invisible;

/// An hour in milliseconds.
const HOUR_MS: i64 = 3_600_000;
/// The newest hours that are counted separately.
const HOURS_MOST: usize = 24 * 366;
/// The maximum number of characters of a text: before its first mark, and in total.
const LEAD: usize = 60;
const SHOWN: usize = 240;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The text, without control characters and invisible characters.
    pub text: String,
    /// Whether the query matches it.
    pub marked: bool,
}

/// A mention for display.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// When it was published.
    #[serde(serialize_with = "rfc3339::serialize")]
    pub published_at: Timestamp,
    /// Its id, cleaned like its text.
    pub id: String,
    /// Its text around the matched words, 240 characters at most.
    pub pieces: Vec<Piece>,
    /// Why it does not match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A sample of mentions. The choice depends only on their ids, not on their order.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// The number of all mentions.
    count: u64,
    kept: BTreeMap<(u64, String), Shown>,
}

impl Sample {
    fn offer(&mut self, most: usize, mention: &Mention<'_>, show: impl FnOnce() -> Shown) {
        self.count += 1;
        let key = xxh3_64(mention.id.as_bytes());
        let beyond = self.kept.len() >= most && self.kept.last_key_value().is_none_or(|(last, _)| last.0 <= key);
        if beyond {
            return;
        }
        self.kept.insert((key, mention.id.to_string()), show());
        if self.kept.len() > most {
            self.kept.pop_last();
        }
    }

    /// The number of all mentions, not only of those in the sample.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mentions of the sample, the oldest first.
    pub fn shown(&self) -> Vec<&Shown> {
        let mut shown: Vec<&Shown> = self.kept.values().collect();
        shown.sort_by_key(|shown| (shown.published_at, &shown.id));
        shown
    }
}

/// The first query with one part changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The changed query.
    pub query: String,
    /// How many mentions it matches that the first query does not.
    pub brings: u64,
}

/// The result.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// The number of mentions.
    pub mentions: u64,
    /// When the first and the last of them were published.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The matches of each query in the hours that begin at these times; only hours with a match.
    pub hours: BTreeMap<Timestamp, [u64; 2]>,
    /// The matches of each query.
    pub matched: [u64; 2],
    /// A sample of the first query's matches.
    pub matches: Sample,
    /// A sample of the first query's near misses: mentions that lack exactly one part of it.
    pub near: Sample,
    /// Every change of one part, tried on every mention.
    pub changes: Vec<Change>,
    /// Samples of what only the first, and only the second query matches.
    pub only: [Sample; 2],
}

impl Verdict {
    /// How many hours the mentions span; at least 1.
    pub fn length(&self) -> f64 {
        self.span.map_or(1.0, |(first, last)| (last.since(first) as f64 / HOUR_MS as f64).max(1.0))
    }

    /// The changes that bring mentions, those that bring most first.
    pub fn helpful(&self) -> Vec<&Change> {
        let mut helpful: Vec<&Change> = self.changes.iter().filter(|change| change.brings > 0).collect();
        helpful.sort_by_key(|change| std::cmp::Reverse(change.brings));
        helpful
    }

    /// The hour with the most matches of a query, and their number.
    pub fn busiest(&self, query: usize) -> Option<(Timestamp, u64)> {
        let hours = self.hours.iter().map(|(hour, matched)| (*hour, matched[query]));
        hours.max_by_key(|(hour, matched)| (*matched, std::cmp::Reverse(*hour))).filter(|(_, matched)| *matched > 0)
    }
}

/// A preview of one query or two.
pub struct Trial {
    queries: Vec<Node>,
    matcher: Matcher,
    near: NearMiss,
    sentiment: Arc<dyn Sentiment>,
    found: Found,
    most: usize,
    verdict: Verdict,
}

/// For each query, the matched byte ranges of a text, if it matches.
pub type Spans = [Option<Vec<Range<usize>>>; 2];

/// The faults of each query, or the warnings about it.
pub type Diagnostics = [Vec<QueryFault>; 2];

impl Trial {
    /// A preview of a query, and of another one to compare with; also returns the warnings about each. Samples hold at
    /// most `most` mentions; `sentiment` detects the language of texts.
    ///
    /// # Errors
    /// The faults of each, if one of them is invalid.
    pub fn new(
        query: &str,
        with: Option<&str>,
        most: usize,
        sentiment: Arc<dyn Sentiment>,
    ) -> Result<(Trial, Diagnostics), Diagnostics> {
        let (mut queries, mut all_warnings, mut faults) = (Vec::new(), Diagnostics::default(), Diagnostics::default());
        for (n, query) in [Some(query), with].into_iter().flatten().enumerate() {
            match examine(query) {
                Ok((node, warnings)) => {
                    queries.push(node);
                    all_warnings[n] = warnings;
                }
                Err(found) => faults[n] = found,
            }
        }
        if faults.iter().any(|faults| !faults.is_empty()) {
            return Err(faults);
        }
        let matcher = Matcher::new(queries.iter().map(Some));
        let near = NearMiss::new(&queries[0]);
        let changes = near.queries().map(|query| Change { query: query.to_string(), brings: 0 }).collect();
        let (found, verdict) = (Found::default(), Verdict { changes, ..Verdict::default() });
        let trial = Trial { queries, matcher, near, sentiment, found, most, verdict };
        Ok((trial, all_warnings))
    }

    /// The queries as parsed.
    pub fn queries(&self) -> &[Node] {
        &self.queries
    }

    /// Matches a mention without counting it.
    pub fn look(&mut self, mention: &Mention<'_>) -> Spans {
        let sentiment = Arc::clone(&self.sentiment);
        self.spans(mention, &About::of(mention, &*sentiment))
    }

    fn spans(&mut self, mention: &Mention<'_>, about: &About<'_>) -> Spans {
        self.matcher.find(&mention.text, about, &mut self.found);
        let mut spans = [None, None];
        for (query, places) in self.found.watches() {
            spans[query] = Some(places.to_vec());
        }
        spans
    }

    /// Matches and counts a mention.
    pub fn take(&mut self, mention: &Mention<'_>) {
        let sentiment = Arc::clone(&self.sentiment);
        // The language is detected once, for the queries and for the near misses.
        let about = About::of(mention, &*sentiment);
        let spans = self.spans(mention, &about);
        let (verdict, most, at) = (&mut self.verdict, self.most, mention.published_at);
        verdict.mentions += 1;
        verdict.span = Some(verdict.span.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        if spans.iter().any(Option::is_some) {
            let hour = verdict.hours.entry(Timestamp(at.0.div_euclid(HOUR_MS) * HOUR_MS)).or_default();
            for ((count, all), spans) in hour.iter_mut().zip(&mut verdict.matched).zip(&spans) {
                *count += u64::from(spans.is_some());
                *all += u64::from(spans.is_some());
            }
            if verdict.hours.len() > HOURS_MOST {
                verdict.hours.pop_first();
            }
        }
        match &spans[0] {
            Some(spans) => verdict.matches.offer(most, mention, || shown(mention, spans, None)),
            None => {
                if let Some(near) = self.near.look(&mention.text, &about) {
                    near.changes.iter().for_each(|change| verdict.changes[*change].brings += 1);
                    verdict.near.offer(most, mention, || shown(mention, &near.spans, Some(near.why)));
                }
            }
        }
        match &spans {
            [Some(spans), None] if self.queries.len() > 1 => {
                verdict.only[0].offer(most, mention, || shown(mention, spans, None));
            }
            [None, Some(spans)] => verdict.only[1].offer(most, mention, || shown(mention, spans, None)),
            _ => {}
        }
    }

    /// The result so far.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }
}

/// Removes everything that can move a cursor or change the direction of text.
fn clean(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_invisible(*c));
    seen.map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c }).collect()
}

fn shown(mention: &Mention<'_>, spans: &[Range<usize>], why: Option<String>) -> Shown {
    let text = &*mention.text;
    let start = spans.first().map_or(0, |span| span.start);
    let lead = text[..start].char_indices().rev().nth(LEAD).map_or(0, |(at, _)| at);
    let end = text[lead..].char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| lead + at);
    let mut pieces = Vec::new();
    let mut add = |text: String, marked: bool| {
        if !text.is_empty() {
            pieces.push(Piece { text, marked });
        }
    };
    let mut at = lead;
    let mut before = if lead > 0 { "…".to_owned() } else { String::new() };
    for span in spans.iter().filter(|span| span.end <= end) {
        before.push_str(&clean(&text[at..span.start]));
        add(std::mem::take(&mut before), false);
        add(clean(&text[span.clone()]), true);
        at = span.end;
    }
    before.push_str(&clean(&text[at..end]));
    before.push_str(if end < text.len() { "…" } else { "" });
    add(before, false);
    Shown { published_at: mention.published_at, id: clean(&mention.id), pieces, why: why.map(|why| clean(&why)) }
}

#[cfg(test)]
#[path = "preview_tests.rs"]
mod tests;

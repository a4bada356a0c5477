//! Finds all watches whose query matches, in one pass over a text.

use std::collections::HashMap;
use std::ops::Range;

use super::fault::QueryFault;
use super::fields::About;
use super::index::Index;
use super::pattern::{Pattern, Scratch, count_words};
use super::program::{Hit, MatchContext, Program, Workspace};
use super::tree::{How, Node, Words};
use crate::fold::{Folded, is_invisible};

/// The index of a watch in the list that the matcher was built from.
pub type WatchIndex = usize;

/// The query for a list of terms: any of them. `None` if no term has anything to search for.
pub fn terms_query<'a>(terms: impl IntoIterator<Item = &'a str>) -> Option<Node> {
    let nodes: Vec<Node> = terms
        .into_iter()
        .map(|term| term.split_whitespace().collect::<Vec<_>>().join(" "))
        .map(|text| Words { text, how: How::Inflected })
        .filter(|words| super::parse::check_words(words, &(0..0)).is_ok())
        .map(Node::Words)
        .collect();
    (!nodes.is_empty()).then(|| Node::or(nodes))
}

/// The query of a configured watch, from its query or its terms.
///
/// # Errors
/// When the query is invalid.
pub fn query_of(query: Option<&str>, terms: &[String]) -> Result<Option<Node>, QueryFault> {
    match query {
        Some(query) => super::parse::parse(query).map(Some),
        None => Ok(terms_query(terms.iter().map(String::as_str))),
    }
}

/// The compiled queries of all watches. Built once for a configuration, and shared by reference.
#[derive(Debug)]
pub struct Matcher {
    index: Index,
    patterns: Vec<Pattern>,
    /// For each number of words, where the watches that contain it begin in `users`.
    first_user: Vec<u32>,
    users: Vec<u32>,
    programs: Vec<Option<Program>>,
    /// Watches that can hold without any of their words.
    always: Vec<u32>,
}

/// The maximum number of places kept for one text, 20 MB. Only texts that repeat the same words have more, and then the
/// first places of each word are enough.
const MOST_HITS: usize = 1 << 20;

/// The matches in a text. The buffers are reused for the next text.
#[derive(Debug, Default)]
pub struct Found {
    folded: Folded,
    scratch: Scratch,
    workspace: Workspace,
    hits: Vec<Hit>,
    candidates: Vec<u32>,
    spans: Vec<Range<usize>>,
    /// Watches, and where their spans end in `spans`.
    watches: Vec<(u32, u32)>,
}

impl Found {
    /// The matching watches, in order, each with the byte ranges of its words in the original text: sorted, not
    /// overlapping, the first thousand. There are none if only fields made it match.
    pub fn watches(&self) -> impl Iterator<Item = (WatchIndex, &[Range<usize>])> {
        self.watches.iter().enumerate().map(|(place, (watch, end))| {
            let start = place.checked_sub(1).map_or(0, |before| self.watches[before].1 as usize);
            (*watch as usize, &self.spans[start..*end as usize])
        })
    }

    /// The folded form of the last searched text.
    pub fn folded(&self) -> &str {
        self.folded.text()
    }

    /// Whether no watch matched.
    pub fn is_empty(&self) -> bool {
        self.watches.is_empty()
    }
}

impl Matcher {
    /// Builds the matcher for these queries; a missing query matches nothing.
    pub fn new<'a>(queries: impl IntoIterator<Item = Option<&'a Node>>) -> Matcher {
        let mut numbers: HashMap<Words, u32> = HashMap::new();
        let mut patterns = Vec::new();
        let mut programs = Vec::new();
        for query in queries {
            programs.push(query.map(|query| {
                Program::of(query, &mut |words| {
                    if let Some(number) = numbers.get(words) {
                        return *number;
                    }
                    let number = numbers.len() as u32;
                    patterns.extend(Pattern::of(words, number).into_iter().filter(|pattern| !pattern.text.is_empty()));
                    numbers.insert(words.clone(), number);
                    number
                })
            }));
        }
        let mut uses: Vec<(u32, u32)> = Vec::new();
        let mut always = Vec::new();
        for (watch, program) in (0_u32..).zip(&programs).filter_map(|(watch, program)| Some((watch, program.as_ref()?)))
        {
            program.leaves(&mut |leaf| uses.push((leaf, watch)));
            if program.needs_no_words() {
                always.push(watch);
            }
        }
        uses.sort_unstable();
        uses.dedup();
        let first_user =
            (0..=numbers.len() as u32).map(|leaf| uses.partition_point(|(of, _)| *of < leaf) as u32).collect();
        let index = Index::new(patterns.iter().map(|pattern| &*pattern.text));
        let users = uses.into_iter().map(|(_, watch)| watch).collect();
        patterns.shrink_to_fit();
        Matcher { index, patterns, first_user, users, programs, always }
    }

    /// Finds the watches that match a mention with this text.
    pub fn find(&self, text: &str, about: &About<'_>, found: &mut Found) {
        let Found { folded, scratch, workspace, hits, candidates, spans, watches } = found;
        hits.clear();
        candidates.clear();
        spans.clear();
        watches.clear();
        folded.fold(text);
        folded.open_underscores();
        let mut most = MOST_HITS;
        self.index.walk(folded.text(), |number, at, word| {
            let pattern = &self.patterns[number];
            if let Some(end) = pattern.ends(text, folded, at, || about.is_in("en", text), scratch) {
                if hits.len() >= most {
                    thin(hits);
                    most = MOST_HITS.max(2 * hits.len());
                }
                let range = folded.original(at..end);
                // Invisible characters after a word do not belong to it.
                let to = range.start + text[range.clone()].trim_end_matches(is_invisible).len();
                hits.push(Hit {
                    leaf: pattern.leaf,
                    first: word,
                    last: word + count_words(&folded.text()[at..end]) - 1,
                    from: range.start as u32,
                    to: to as u32,
                });
            }
        });
        if hits.is_empty() && self.always.is_empty() {
            return;
        }
        hits.sort_unstable();
        for hit in hits.chunk_by(|one, other| one.leaf == other.leaf) {
            let leaf = hit[0].leaf as usize;
            let users = self.first_user[leaf] as usize..self.first_user[leaf + 1] as usize;
            candidates.extend_from_slice(&self.users[users]);
        }
        candidates.extend_from_slice(&self.always);
        candidates.sort_unstable();
        candidates.dedup();
        let case = MatchContext { hits, about, text };
        for watch in candidates.iter() {
            let Some(program) = &self.programs[*watch as usize] else { continue };
            if program.holds(&case, workspace) {
                spans.extend_from_slice(program.spans(&case, workspace));
                watches.push((*watch, spans.len() as u32));
            }
        }
    }

    /// Its approximate size in bytes.
    pub fn bytes(&self) -> usize {
        self.index.bytes()
            + self.patterns.iter().map(|pattern| size_of::<Pattern>() + pattern.bytes()).sum::<usize>()
            + (self.first_user.len() + self.users.len() + self.always.len()) * 4
            + self.programs.len() * size_of::<Option<Program>>()
    }
}

/// Keeps only the first places of each word: an equal share of half of [`MOST_HITS`], but at least one.
#[cold]
fn thin(hits: &mut Vec<Hit>) {
    hits.sort_unstable();
    let different = hits.chunk_by(|one, other| one.leaf == other.leaf).count();
    let most = (MOST_HITS / 2 / different).max(1);
    let (mut leaf, mut kept) = (None, 0);
    hits.retain(|hit| {
        kept = if leaf == Some(hit.leaf) { kept + 1 } else { 1 };
        leaf = Some(hit.leaf);
        kept <= most
    });
}

#[cfg(test)]
#[path = "matcher_tests.rs"]
mod tests;

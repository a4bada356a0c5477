//! Finds, in one pass over a text, every watch whose query holds.

use std::collections::HashMap;
use std::ops::Range;

use super::fault::QueryFault;
use super::fields::About;
use super::index::Index;
use super::pattern::{Pattern, Scratch, count_words};
use super::program::{Hit, MatchContext, Program, Workspace};
use super::tree::{How, Node, Words};
use crate::fold::{Folded, is_invisible};

/// The number of a watch: its place in the list the matcher was built from.
pub type WatchIndex = usize;

/// The query that a list of terms stands for: any of them. None when no term has anything to look for.
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

/// The query of a watch as it is configured: its query, or its terms.
///
/// # Errors
/// When the query cannot be read.
pub fn query_of(query: Option<&str>, terms: &[String]) -> Result<Option<Node>, QueryFault> {
    match query {
        Some(query) => super::parse::parse(query).map(Some),
        None => Ok(terms_query(terms.iter().map(String::as_str))),
    }
}

/// The queries of all watches. Built once for a configuration, shared by reference.
#[derive(Debug)]
pub struct Matcher {
    index: Index,
    patterns: Vec<Pattern>,
    /// For each number of words the watches that have them: where they begin in `users`.
    first_user: Vec<u32>,
    users: Vec<u32>,
    programs: Vec<Option<Program>>,
    /// Watches that can hold without any of their words.
    always: Vec<u32>,
}

/// The most places that are kept of one text, 20 MB: only a flood of the same words has more, and the first of each of
/// them are enough.
const MOST_HITS: usize = 1 << 20;

/// What was found in a text. The buffers are used again for the next text.
#[derive(Debug, Default)]
pub struct Found {
    folded: Folded,
    scratch: Scratch,
    workspace: Workspace,
    hits: Vec<Hit>,
    candidates: Vec<u32>,
    spans: Vec<Range<usize>>,
    /// Watches and where their spans end in `spans`.
    watches: Vec<(u32, u32)>,
}

impl Found {
    /// The watches found, in order, each with the byte ranges of the original text that its words stand in: sorted and
    /// apart from each other, the first thousand; none where fields alone made it hold.
    pub fn watches(&self) -> impl Iterator<Item = (WatchIndex, &[Range<usize>])> {
        self.watches.iter().enumerate().map(|(place, (watch, end))| {
            let start = place.checked_sub(1).map_or(0, |before| self.watches[before].1 as usize);
            (*watch as usize, &self.spans[start..*end as usize])
        })
    }

    /// The folded text that was searched last.
    pub fn folded(&self) -> &str {
        self.folded.text()
    }

    /// Whether no watch was found.
    pub fn is_empty(&self) -> bool {
        self.watches.is_empty()
    }
}

impl Matcher {
    /// Builds the matcher for these queries; one that is none finds nothing.
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

    /// Finds the watches whose query holds for a mention with this text.
    pub fn find(&self, text: &str, about: &About<'_>, found: &mut Found) {
        let Found { folded, scratch, workspace, hits, candidates, spans, watches } = found;
        hits.clear();
        candidates.clear();
        spans.clear();
        watches.clear();
        folded.fold(text);
        let mut most = MOST_HITS;
        self.index.walk(folded.text(), |number, at, word| {
            let pattern = &self.patterns[number];
            if let Some(end) = pattern.ends(text, folded, at, || about.is_in("en", text), scratch) {
                if hits.len() >= most {
                    thin(hits);
                    most = MOST_HITS.max(2 * hits.len());
                }
                let range = folded.original(at..end);
                // What shows nothing after a word is no part of it.
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

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.index.bytes()
            + self.patterns.iter().map(|pattern| size_of::<Pattern>() + pattern.bytes()).sum::<usize>()
            + (self.first_user.len() + self.users.len() + self.always.len()) * 4
            + self.programs.len() * size_of::<Option<Program>>()
    }
}

/// Keeps the first places of each of the words, as many for each as make half of [`MOST_HITS`], and at least one.
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

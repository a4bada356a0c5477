//! Near misses: mentions that lack exactly one part of a query, and what that is. Each is found by matching the changed
//! query, so what is advised was tried.

use std::ops::Range;

use orszem_records::language_code::Code;

use super::changes::{self, Change, Kind};
use super::fields::About;
use super::matcher::{Found, Matcher};
use super::tree::{Field, Node};
use crate::fold::folded;

/// The maximum number of reasons for one mention.
const REASONS: usize = 3;

/// A query with one part changed, in every way that makes it match more.
pub(super) struct NearMiss {
    changes: Vec<Change>,
    matcher: Matcher,
    found: Found,
}

/// A mention that lacks one part of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Near {
    /// What it lacks.
    pub(super) why: String,
    /// The places of the words for which the changed query matches.
    pub(super) spans: Vec<Range<usize>>,
    /// The changes, each of which alone makes the query match, as numbers of [`NearMiss::queries`].
    pub(super) changes: Vec<usize>,
}

impl NearMiss {
    /// The near misses of a query.
    pub(super) fn new(query: &Node) -> NearMiss {
        let changes = changes::of(query);
        let matcher = Matcher::new(changes.iter().map(|change| Some(&change.query)));
        NearMiss { changes, matcher, found: Found::default() }
    }

    /// The changed queries.
    pub(super) fn queries(&self) -> impl Iterator<Item = &Node> {
        self.changes.iter().map(|change| &change.query)
    }

    /// For a mention that the query does not match: what it lacks. `None` if it is not a near miss.
    pub(super) fn look(&mut self, text: &str, about: &About<'_>) -> Option<Near> {
        self.matcher.find(text, about, &mut self.found);
        let matched: Vec<usize> = self.found.watches().map(|(change, _)| change).collect();
        let best = &self.changes[*matched.first()?];
        let (_, spans) = self.found.watches().next()?;
        let mut reasons: Vec<String> = Vec::new();
        for change in matched.iter().map(|change| &self.changes[*change]) {
            let reason = why(change, text, spans, about);
            let is_as_small = (change.kind, change.depth) == (best.kind, best.depth);
            if is_as_small && reasons.len() < REASONS && !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        Some(Near { why: reasons.join(", or "), spans: spans.to_vec(), changes: matched })
    }
}

/// What a mention lacks that only the changed query matches.
fn why(change: &Change, text: &str, spans: &[Range<usize>], about: &About<'_>) -> String {
    let part = without_not_not(&change.part);
    let whole = || {
        let begin = folded(&part.to_string()).trim_start_matches(['=', '"']).trim_end_matches('"').to_owned();
        let span = spans.iter().find(|span| folded(&text[(*span).clone()]).starts_with(&begin)).or(spans.first());
        short(span.map_or("", |span| &text[span.clone()]))
    };
    match (change.kind, part) {
        (Kind::Spelling, _) => format!("{} is spelled differently from {}", whole(), short(&part.to_string())),
        (Kind::Ending, Node::Words(words)) => {
            let star = Node::Words(super::tree::Words { text: words.text.clone(), how: super::tree::How::Prefix });
            format!("{part} is only part of another word: {}; {star} would match", whole())
        }
        (Kind::Order | Kind::Distance | Kind::Anywhere, Node::Near { distance, ordered, left, right }) => {
            let [left, right] = [left, right].map(|side| short(&side.to_string()));
            match (change.kind, ordered) {
                (Kind::Order, _) => format!("{left} and {right} are in the wrong order"),
                (Kind::Anywhere, true) => {
                    format!("{left} and {right} are more than {distance} words apart, or in the wrong order")
                }
                (_, _) if *distance == 1 => format!("{left} and {right} are not next to each other"),
                _ => format!("{left} and {right} are more than {distance} words apart"),
            }
        }
        (_, Node::Field(field @ Field::Lang(_))) if change.wanted => {
            let language = about.language(text);
            let language = language.as_ref().map_or("an unknown language", Code::as_str);
            format!("{field} does not match; the text is in {language}")
        }
        (_, Node::Field(field)) if change.wanted => format!("{field} does not match"),
        (_, Node::Not(inner)) if change.wanted => format!("excluded by NOT: {} matches", short(&inner.to_string())),
        _ if change.wanted => format!("{} is missing", short(&part.to_string())),
        _ => format!("excluded by NOT: {} matches", short(&part.to_string())),
    }
}

fn without_not_not(node: &Node) -> &Node {
    match node {
        Node::Not(inner) => match &**inner {
            Node::Not(inner) => without_not_not(inner),
            _ => node,
        },
        _ => node,
    }
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(query: &str, text: &str) -> Option<(String, Vec<String>)> {
        let mut near = NearMiss::new(&crate::query::parse(query).unwrap());
        let found = near.look(text, &About::default())?;
        let queries: Vec<String> = near.queries().map(Node::to_string).collect();
        Some((found.why, found.changes.iter().map(|change| queries[*change].clone()).collect()))
    }

    fn why(query: &str, text: &str) -> String {
        look(query, text).map(|(why, _)| why).unwrap_or_default()
    }

    #[test]
    fn the_reason_names_what_is_lacking() {
        assert_eq!(why("=Győr", "a gyo\u{30b}r volt"), "gyo\u{30b}r is spelled differently from =Győr");
        assert_eq!(why("=Győr", "a Gyo\u{30b}rben volt"), "Gyo\u{30b}rben is spelled differently from =Győr");
        assert_eq!(why("posta", "a Postabank"), "posta is only part of another word: Postabank; posta* would match");
        assert_eq!(why("(posta AND bank) OR (vas AND busz)", "a posta"), "bank is missing");
        assert_eq!(why("(posta AND bank) OR (posta AND busz)", "a posta"), "bank is missing, or busz is missing");
        assert_eq!(why("posta NEAR/3 bank", "a posta"), "bank is missing");
        assert_eq!(why("posta NEAR/1 bank", "a bank és a posta"), "posta and bank are not next to each other");
        assert_eq!(why("posta NEAR/3f bank", "a bank és a posta"), "posta and bank are in the wrong order");
        assert_eq!(why("posta AND NOT NOT bank", "a posta"), "bank is missing");
        assert_eq!(why("posta AND (bank OR busz)", "a posta"), "bank OR busz is missing");
        assert_eq!(why("posta AND NOT (bank OR busz)", "posta és bank"), "excluded by NOT: bank matches");
        assert_eq!(why("posta AND lang:hu", "a posta"), "lang:hu does not match; the text is in an unknown language");
    }

    /// The support account is part of nearly every text, and the complaint of few.
    #[test]
    fn a_mention_that_lacks_two_parts_is_no_near_miss() {
        let query = "spotify AND (crash OR \"not working\")";
        assert_eq!(look(query, "@SpotifyCares thank you!"), None);
        assert_eq!(look(query, "hello"), None);
        let (why, changed) = look(query, "@SpotifyCares it is not working").unwrap();
        assert_eq!(why, "spotify is only part of another word: SpotifyCares; spotify* would match");
        assert_eq!(changed, ["spotify* AND (crash OR \"not working\")", "crash OR \"not working\""]);
        assert_eq!(look(query, "spotify is great").unwrap().1, ["spotify"]);
    }
}

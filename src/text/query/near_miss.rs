//! Near misses: mentions that a query almost matches, and why it does not.

use std::ops::Range;

use orszem_records::language_code::Code;

use super::fields::About;
use super::matcher::{Found, Matcher};
use super::tree::{How, Node, Words};
use crate::fold::{Folded, folded};

/// The parts of a query, to explain why a mention does not match.
pub struct NearMiss {
    query: Node,
    /// Words and NEARs, each as a separate query; first the wanted ones, then those under NOT.
    parts: Vec<Node>,
    /// The number of wanted parts.
    wanted: usize,
    matcher: Matcher,
    /// Its words, folded and complete.
    words: Vec<String>,
    found: Found,
    folded: Folded,
    scratch: Folded,
}

impl NearMiss {
    /// Splits a query into its parts.
    pub fn new(query: &Node) -> NearMiss {
        let (mut parts, mut unwanted) = (Vec::new(), Vec::new());
        gather(query, &mut parts, &mut unwanted);
        let wanted = parts.len();
        parts.append(&mut unwanted);
        let mut words: Vec<String> = parts[..wanted]
            .iter()
            .filter_map(|part| if let Node::Words(words) = part { Some(words) } else { None })
            .filter(|words| words.how != How::Prefix)
            .map(|Words { text, .. }| folded(text).trim_start_matches(['@', '#', '$']).to_owned())
            // Shorter words are part of almost any text.
            .filter(|word| word.chars().count() >= 3)
            .collect();
        words.sort_unstable();
        words.dedup();
        let matcher = Matcher::new(parts.iter().map(Some));
        NearMiss {
            query: query.clone(),
            parts,
            wanted,
            matcher,
            words,
            found: Found::default(),
            folded: Folded::default(),
            scratch: Folded::default(),
        }
    }

    /// For a mention that the query does not match: the reason, and the places of the words that it does contain.
    /// `None` if it is not a near miss.
    pub fn look(&mut self, text: &str, about: &About<'_>) -> Option<(String, Vec<Range<usize>>)> {
        self.matcher.find(text, about, &mut self.found);
        let held: Vec<(usize, Vec<Range<usize>>)> =
            self.found.watches().map(|(part, spans)| (part, spans.to_vec())).collect();
        let is = |node: &Node| held.iter().any(|(part, _)| self.parts[*part] == *node);
        let has_words = held.iter().any(|(part, _)| *part < self.wanted);
        if has_words {
            let mut spans: Vec<Range<usize>> = held.iter().flat_map(|(_, spans)| spans.iter().cloned()).collect();
            spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
            spans.dedup_by(|next, kept| next.start < kept.end);
            let mut scratch = std::mem::take(&mut self.scratch);
            let mut holds = |node: &Node| match node {
                Node::Field(field) => field.holds(about, text, &mut scratch),
                other => is(other),
            };
            let mut why = why_not(&self.query, &mut holds);
            self.scratch = scratch;
            if why.contains("lang:") {
                let language = about.language(text);
                let language = language.as_ref().map_or("an unknown language", Code::as_str);
                why = format!("{why}; the text is in {language}");
            }
            return Some((why, spans));
        }
        self.inside_a_word(text)
    }

    /// Finds a word of the query that occurs only inside a longer word.
    fn inside_a_word(&mut self, text: &str) -> Option<(String, Vec<Range<usize>>)> {
        self.folded.fold(text);
        let place = self.folded.text();
        for word in &self.words {
            let Some(at) = place.find(word.as_str()) else { continue };
            let part_of_word = super::pattern::is_word;
            let start = place[..at]
                .rfind(|c| !part_of_word(c))
                .map_or(0, |end| end + place[end..].chars().next().map_or(1, char::len_utf8));
            let after = at + word.len();
            let end = place[after..].find(|c| !part_of_word(c)).map_or(place.len(), |more| after + more);
            let range = self.folded.original(start..end);
            let whole = &text[range.clone()];
            // Compare folded lengths: a text with decomposed letters has more characters.
            let why = if end - start > word.len() {
                let star = if start == at { format!("; {word}* would match") } else { String::new() };
                format!("{word} is only part of another word: {whole}{star}")
            } else {
                format!("{whole} is spelled differently from the query")
            };
            return Some((why, vec![range]));
        }
        None
    }
}

/// Collects the parts that are evaluated separately: words, NEARs and their words. Parts under NOT go to `unwanted`.
fn gather(node: &Node, wanted: &mut Vec<Node>, unwanted: &mut Vec<Node>) {
    match node {
        Node::Words(_) => wanted.push(node.clone()),
        Node::Near { left, right, .. } => {
            wanted.push(node.clone());
            gather(left, wanted, unwanted);
            gather(right, wanted, unwanted);
        }
        Node::Field(_) => {}
        Node::Not(inner) => gather(inner, unwanted, wanted),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| gather(node, wanted, unwanted)),
    }
}

fn value(node: &Node, holds: &mut impl FnMut(&Node) -> bool) -> bool {
    match node {
        Node::Words(_) | Node::Field(_) | Node::Near { .. } => holds(node),
        Node::Not(inner) => !value(inner, holds),
        Node::And(nodes) => nodes.iter().all(|node| value(node, holds)),
        Node::Or(nodes) => nodes.iter().any(|node| value(node, holds)),
    }
}

/// Explains which parts of a query fail.
fn why_not(node: &Node, holds: &mut impl FnMut(&Node) -> bool) -> String {
    match node {
        Node::And(nodes) => {
            let failing: Vec<String> =
                nodes.iter().filter(|node| !value(node, holds)).map(|node| short(&node.to_string())).collect();
            match nodes.iter().find(|node| !value(node, holds)) {
                Some(only) if failing.len() == 1 => why_not(only, holds),
                _ => format!("these do not match: {}", failing.join("; ")),
            }
        }
        Node::Not(inner) => match &**inner {
            Node::Not(inner) => why_not(inner, holds),
            inner => format!("excluded by NOT: {} matches", short(&inner.to_string())),
        },
        Node::Or(nodes) => {
            // For each alternative that matches partly: what it lacks.
            let near: Vec<&Node> = nodes.iter().filter(|node| is_touched(node, holds)).collect();
            let reasons: Vec<String> = near.iter().map(|node| why_not(node, holds)).collect();
            if reasons.is_empty() { format!("{} is missing", short(&node.to_string())) } else { reasons.join(", or ") }
        }
        Node::Near { left, right, distance, .. } if value(left, holds) && value(right, holds) => {
            format!(
                "{} and {} are more than {distance} words apart, or in the wrong order",
                short(&left.to_string()),
                short(&right.to_string())
            )
        }
        Node::Near { left, right, .. } if value(left, holds) => why_not(right, holds),
        Node::Near { left, right, .. } if value(right, holds) => why_not(left, holds),
        Node::Field(field) => format!("{field} does not match"),
        other => format!("{} is missing", short(&other.to_string())),
    }
}

/// Whether any wanted part holds.
fn is_touched(node: &Node, holds: &mut impl FnMut(&Node) -> bool) -> bool {
    match node {
        Node::Words(_) | Node::Field(_) => holds(node),
        Node::Near { left, right, .. } => is_touched(left, holds) || is_touched(right, holds),
        Node::Not(inner) => matches!(&**inner, Node::Not(inner) if is_touched(inner, holds)),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().any(|node| is_touched(node, holds)),
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

    fn why(query: &str, text: &str) -> String {
        let query = crate::query::parse(query).unwrap();
        NearMiss::new(&query).look(text, &About::default()).map(|(why, _)| why).unwrap_or_default()
    }

    /// Each of these reasons was imprecise once.
    #[test]
    fn the_reason_names_what_is_lacking() {
        assert_eq!(why("=Győr", "a gyo\u{30b}r volt"), "gyo\u{30b}r is spelled differently from the query");
        assert!(why("=Győr", "a Gyo\u{30b}rben volt").starts_with("gyor is only part of another word"));
        assert_eq!(why("(posta AND bank) OR (vas AND busz)", "a posta"), "bank is missing");
        assert_eq!(why("(posta AND bank) OR (posta AND busz)", "a posta"), "bank is missing, or busz is missing");
        assert_eq!(why("posta NEAR/3 bank", "a posta"), "bank is missing");
        assert_eq!(why("posta AND NOT NOT bank", "a posta"), "bank is missing");
        assert_eq!(why("posta AND (bank OR busz)", "a posta"), "bank OR busz is missing");
    }
}

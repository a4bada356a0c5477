//! What a mention is about, in a few words: what drivers are found from.
//!
//! A tally carries the key terms of up to [`KEPT`] of its mentions, those whose ids have the smallest hashes. That is a
//! fair sample, and one that merges in any order to the same. They are one short text, made in one pass; the terms in
//! it are read where they are counted.

use serde::{Deserialize, Serialize};
use std::ops::Range;

use crate::mention::Mention;

/// Mentions of a tally whose key terms are kept.
pub const KEPT: usize = 8;
/// Words that are kept of a mention.
const WORDS: usize = 16;
/// Bytes of the text beyond which no word begins.
const SAID: usize = 160;
/// Characters of a word, a link or a name that are kept.
const CHARS: usize = 40;

/// What one mention is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyTerms {
    /// The hash of its id: its rank in the sample.
    #[serde(rename = "k")]
    pub key: u64,
    /// Its words, small and in order, a space between two that followed each other and a line's end between others.
    /// Where from and links are lines that begin with a mark no word begins with: see [`KeyTerms::terms`].
    #[serde(rename = "t")]
    pub said: Box<str>,
}

/// What a term is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TermKind {
    /// A word.
    Term,
    /// Two words in a row.
    Phrase,
    /// A `#tag`.
    Hashtag,
    /// A `@handle` or `$cashtag` that is called.
    Handle,
    /// A link: host and beginning of the path.
    Link,
    /// An author.
    Author,
    /// A source.
    Source,
    /// A language.
    Language,
}

/// What lines that are no words begin with.
const MARKS: [(char, TermKind); 4] =
    [('>', TermKind::Link), ('~', TermKind::Author), ('^', TermKind::Source), ('|', TermKind::Language)];

impl KeyTerms {
    /// Every term once: words, pairs of words that followed each other, and the rest.
    pub fn terms(&self) -> Vec<(TermKind, &str)> {
        let mut terms = Vec::with_capacity(2 * WORDS + 8);
        for line in self.said.lines() {
            if let Some((mark, what)) = MARKS.iter().find(|(mark, _)| line.starts_with(*mark)) {
                terms.push((*what, &line[mark.len_utf8()..]));
                continue;
            }
            let mut before = None;
            for word in line.split(' ').filter(|word| !word.is_empty()) {
                let begin = word.as_ptr() as usize - line.as_ptr() as usize;
                let what = match word.as_bytes()[0] {
                    b'#' => TermKind::Hashtag,
                    b'@' | b'$' => TermKind::Handle,
                    _ => TermKind::Term,
                };
                terms.push((what, word));
                if let Some(before) = before {
                    terms.push((TermKind::Phrase, &line[before..begin + word.len()]));
                }
                before = Some(begin);
            }
        }
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

/// Keeps those with the smallest keys.
pub fn merge(into: &mut Vec<KeyTerms>, more: &[KeyTerms]) {
    for key_terms in more {
        offer(into, key_terms.key, || key_terms.clone());
    }
}

/// Keeps a mention of this key if it is among the smallest; `make` is called only then.
pub fn offer(key_terms: &mut Vec<KeyTerms>, key: u64, make: impl FnOnce() -> KeyTerms) {
    let place = key_terms.partition_point(|key_terms| key_terms.key < key);
    if place >= KEPT || key_terms.get(place).is_some_and(|key_terms| key_terms.key == key) {
        return;
    }
    key_terms.truncate(KEPT - 1);
    key_terms.insert(place, make());
}

/// The key terms of a mention. `hits` are the places at which the watch was found, in order: they are no news. `said`
/// is a buffer that is used again.
pub fn key_terms(key: u64, mention: &Mention<'_>, hits: &[Range<usize>], said: &mut String) -> KeyTerms {
    said.clear();
    let facets =
        [('~', mention.author.label()), ('^', &*mention.source), ('|', mention.lang.as_deref().unwrap_or_default())];
    for (mark, text) in facets {
        if !text.is_empty() {
            said.push(mark);
            said.extend(text.chars().take(CHARS).map(|c| if c.is_control() { ' ' } else { c }));
            said.push('\n');
        }
    }
    let text = &*mention.text;
    let base = text.as_ptr() as usize;
    let (mut words, mut hits) = (0, hits);
    for token in text.split_whitespace() {
        let at = token.as_ptr() as usize - base;
        while let [first, rest @ ..] = hits
            && first.end <= at
        {
            hits = rest;
        }
        if words == WORDS || said.len() >= SAID {
            break;
        }
        if let Some(link) = link(token) {
            line(said);
            said.push('>');
            let end = link.char_indices().nth(CHARS).map_or(link.len(), |(end, _)| end);
            push_small(said, &link[..end]);
            said.push('\n');
            continue;
        }
        let begin = said.len();
        let is_hit = hits.first().is_some_and(|hit| hit.start < at + token.len());
        if is_hit || !push_word(said, token) {
            said.truncate(begin);
            line(said);
            continue;
        }
        words += 1;
        said.push(if token.ends_with([',', '.', '!', '?', ';', ':']) { '\n' } else { ' ' });
    }
    said.truncate(said.trim_end().len());
    KeyTerms { key, said: said.as_str().into() }
}

/// Ends the line: what comes did not follow.
fn line(said: &mut String) {
    if said.ends_with(' ') {
        said.pop();
    }
    if !said.is_empty() && !said.ends_with('\n') {
        said.push('\n');
    }
}

/// Appends the word that is in `token`, on a line of its own if it is called or tagged; false if it says nothing, and
/// then what was appended is to be dropped.
fn push_word(said: &mut String, token: &str) -> bool {
    let (sigil, word) = match token.as_bytes()[0] {
        sigil @ (b'#' | b'@' | b'$') => (Some(char::from(sigil)), &token[1..]),
        _ => (None, token),
    };
    let word = bare(word);
    if let Some(sigil) = sigil {
        line(said);
        said.push(sigil);
    }
    let begin = said.len();
    push_small(said, word);
    let word = &said[begin..];
    let (letters, length) = if word.is_ascii() {
        (word.bytes().any(|byte| byte.is_ascii_alphabetic()), word.len())
    } else {
        (word.contains(char::is_alphabetic), word.chars().count())
    };
    letters && (3..=CHARS).contains(&length) && (sigil.is_some() || !is_stop(word))
}

/// A word without the marks around it.
fn bare(word: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    if is_plain(word.as_bytes().first()) && is_plain(word.as_bytes().last()) {
        return word;
    }
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Appends a text in small letters.
fn push_small(said: &mut String, text: &str) {
    let begin = said.len();
    if text.is_ascii() {
        said.push_str(text);
        said[begin..].make_ascii_lowercase();
    } else {
        said.extend(text.chars().flat_map(char::to_lowercase));
    }
}

/// The host and the path of a link.
fn link(token: &str) -> Option<&str> {
    let rest = token.strip_prefix("https://").or_else(|| token.strip_prefix("http://"))?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest).trim_end_matches(['/', '.', ',', ')', '…']);
    (!rest.is_empty()).then_some(rest)
}

/// Words that say nothing of what a text is about, Hungarian and English, and what the networks themselves add.
fn is_stop(word: &str) -> bool {
    let first = usize::from(word.as_bytes()[0]);
    let alike = &STOP[usize::from(STOP_FROM[first])..usize::from(STOP_FROM[first + 1])];
    alike.contains(&word)
}

/// For each byte the first of [`STOP`] that begins with it, or would stand after such.
static STOP_FROM: [u8; 257] = {
    let mut from = [0; 257];
    let (mut byte, mut at) = (0, 0);
    while byte < 256 {
        while at < STOP.len() && (STOP[at].as_bytes()[0] as usize) < byte {
            at += 1;
        }
        from[byte] = at as u8;
        byte += 1;
    }
    from[256] = STOP.len() as u8;
    from
};
const _: () = assert!(STOP.len() <= u8::MAX as usize);

/// In order.
const STOP: &[&str] = &[
    "about",
    "after",
    "again",
    "ahogy",
    "aki",
    "akik",
    "akkor",
    "alatt",
    "all",
    "also",
    "amely",
    "amelyek",
    "ami",
    "amik",
    "amit",
    "amp",
    "and",
    "annak",
    "any",
    "are",
    "arra",
    "at",
    "azok",
    "azon",
    "azt",
    "azzal",
    "azért",
    "be",
    "because",
    "been",
    "before",
    "being",
    "but",
    "bár",
    "can",
    "cannot",
    "could",
    "csak",
    "did",
    "does",
    "doing",
    "don",
    "don't",
    "egy",
    "egyik",
    "el",
    "else",
    "elég",
    "ennek",
    "erre",
    "ez",
    "ezek",
    "ezen",
    "ezt",
    "ezzel",
    "ezért",
    "felé",
    "for",
    "from",
    "get",
    "got",
    "had",
    "hanem",
    "has",
    "have",
    "having",
    "her",
    "here",
    "him",
    "his",
    "hiszen",
    "hogy",
    "hogyan",
    "how",
    "i'm",
    "i've",
    "igen",
    "ill",
    "illetve",
    "ilyen",
    "into",
    "isn't",
    "it's",
    "its",
    "itt",
    "just",
    "jön",
    "kell",
    "kellett",
    "ki",
    "lehet",
    "lesz",
    "lett",
    "like",
    "maga",
    "majd",
    "me",
    "meg",
    "mellett",
    "mely",
    "mert",
    "mi",
    "miatt",
    "mikor",
    "milyen",
    "mind",
    "minden",
    "mindig",
    "mint",
    "mit",
    "most",
    "much",
    "my",
    "már",
    "még",
    "míg",
    "nagyon",
    "neki",
    "nem",
    "nincs",
    "not",
    "now",
    "néha",
    "of",
    "off",
    "olyan",
    "on",
    "one",
    "only",
    "or",
    "other",
    "our",
    "out",
    "over",
    "own",
    "pedig",
    "per",
    "persze",
    "really",
    "rá",
    "same",
    "sem",
    "she",
    "should",
    "sincs",
    "so",
    "some",
    "such",
    "szerint",
    "tehát",
    "teljesen",
    "than",
    "that",
    "that's",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "too",
    "tovább",
    "továbbá",
    "több",
    "under",
    "until",
    "up",
    "utolsó",
    "után",
    "vagy",
    "vagyok",
    "vala",
    "valaki",
    "valami",
    "van",
    "vannak",
    "very",
    "via",
    "viszont",
    "volna",
    "volt",
    "voltak",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "why",
    "will",
    "with",
    "won't",
    "would",
    "you",
    "your",
    "által",
    "át",
    "én",
    "és",
    "így",
    "úgy",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str, hits: &[Range<usize>]) -> KeyTerms {
        let record =
            serde_json::json!({ "id": "1", "published_at": 1_700_000_000, "text": text, "source": "news", "lang": "hu",
            "author": { "name": "Anna\nKiss" } })
            .to_string();
        key_terms(7, &crate::mention::parse(record.as_bytes(), 10_000).unwrap(), hits, &mut String::new())
    }

    #[test]
    fn words_pairs_tags_links_and_where_from_but_no_stop_words_and_not_the_watch() {
        let text =
            "Kellemes: the lost baggage, of @anna #botrány https://www.hir.example/Cikk/1?x=2 nem van Lost poggyász!";
        let key_terms = of(text, std::slice::from_ref(&(0..8)));
        assert_eq!(
            key_terms.terms(),
            [
                (TermKind::Term, "baggage"),
                (TermKind::Term, "lost"),
                (TermKind::Term, "poggyász"),
                (TermKind::Phrase, "lost baggage"),
                (TermKind::Phrase, "lost poggyász"),
                (TermKind::Hashtag, "#botrány"),
                (TermKind::Handle, "@anna"),
                (TermKind::Link, "hir.example/cikk/1"),
                (TermKind::Author, "Anna Kiss"),
                (TermKind::Source, "news"),
                (TermKind::Language, "hu"),
            ],
            "{:?}",
            key_terms.said
        );
    }

    #[test]
    fn a_text_cannot_pass_for_an_author_or_a_link() {
        let key_terms = of("~chief says\n~chief >evil.example |hu ^press", &[]);
        let authors: Vec<_> = key_terms.terms().into_iter().filter(|(what, _)| *what > TermKind::Handle).collect();
        assert_eq!(authors, [(TermKind::Author, "Anna Kiss"), (TermKind::Source, "news"), (TermKind::Language, "hu")]);
    }

    #[test]
    fn the_stop_words_are_found() {
        let mut sorted = STOP.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, STOP);
        assert!(STOP.iter().all(|word| is_stop(word)));
        assert!(["parcel", "zzz", "ő", "th", "theres", "7", "~"].iter().all(|word| !is_stop(word)));
    }

    proptest! {
        #[test]
        fn any_text_has_a_gist_of_bounded_size(text in ".{1,400}", at in 0_usize..400) {
            let key_terms = of(&format!("x{text}"), std::slice::from_ref(&(at..at + 3)));
            prop_assert!(key_terms.said.chars().count() <= 2 * SAID + 4 * CHARS, "{:?}", key_terms.said);
            prop_assert!(key_terms.terms().iter().all(|(_, term)| !term.is_empty() && !term.contains('\n')));
        }

        #[test]
        fn samples_merge_in_any_order(keys in proptest::collection::vec(0_u64..200, 0..60), split in 0_usize..60) {
            let key_terms: Vec<KeyTerms> = keys.iter().map(|key| KeyTerms { key: *key, said: key.to_string().into() }).collect();
            let (left, right) = key_terms.split_at(split.min(key_terms.len()));
            let fold = |parts: [&[KeyTerms]; 2]| {
                let mut all = Vec::new();
                for part in parts {
                    let mut own = Vec::new();
                    part.iter().for_each(|key_terms| merge(&mut own, std::slice::from_ref(key_terms)));
                    merge(&mut all, &own);
                }
                all
            };
            prop_assert_eq!(fold([left, right]), fold([right, left]));
            let mut whole = Vec::new();
            merge(&mut whole, &key_terms);
            prop_assert_eq!(fold([left, right]), whole);
        }
    }
}

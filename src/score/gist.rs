//! What a mention is about, in a few words: what drivers are found from.
//!
//! A tally carries the gist of up to [`GISTS`] of its mentions, those whose ids have the smallest hashes. That is a fair
//! sample, and one that merges in any order to the same.

use serde::{Deserialize, Serialize};
use std::ops::Range;

use crate::mention::Mention;

/// Mentions of a tally whose gist is kept.
pub const GISTS: usize = 16;
/// Words and pairs of words that are kept of a mention.
const WORDS: usize = 16;
/// Terms of all kinds that are kept of a mention.
const TERMS: usize = 40;
/// Characters of a word, a link or a name that are kept.
const CHARS: usize = 40;

/// What one mention is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gist {
    /// The hash of its id: its rank in the sample.
    #[serde(rename = "k")]
    pub key: u64,
    /// Words, pairs, `#tags`, `@handles`, `$cashtags`; `link:…`, `by:…` (the author), `in:…` (the source), `lang:…`.
    #[serde(rename = "t")]
    pub terms: Vec<String>,
}

/// Keeps those with the smallest keys.
pub fn merge(into: &mut Vec<Gist>, more: &[Gist]) {
    into.extend_from_slice(more);
    into.sort_by_key(|gist| gist.key);
    into.dedup_by_key(|gist| gist.key);
    into.truncate(GISTS);
}

/// Whether a mention of this key would be kept.
pub fn is_kept(gists: &[Gist], key: u64) -> bool {
    gists.len() < GISTS || gists.last().is_some_and(|last| key < last.key)
}

/// The gist of a mention. `hits` are the places at which the watch was found, in order: they are no news.
pub fn gist(key: u64, mention: &Mention<'_>, hits: &[Range<usize>]) -> Gist {
    let mut terms: Vec<String> = Vec::new();
    let add = |term: String, terms: &mut Vec<String>| {
        if terms.len() < TERMS && !terms.contains(&term) {
            terms.push(term);
        }
    };
    let mut before: Option<String> = None;
    let mut words = 0;
    let text = &*mention.text;
    for (at, token) in tokens(text) {
        let hit = hits.iter().any(|hit| hit.start < at + token.len() && at < hit.end);
        if let Some(link) = link(token) {
            add(format!("link:{link}"), &mut terms);
            before = None;
            continue;
        }
        let (sigil, word) = match token.chars().next() {
            Some(sigil @ ('#' | '@' | '$')) => (Some(sigil), &token[1..]),
            _ => (None, token),
        };
        let word: String = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let plain = word.chars().count() >= 3 && word.chars().any(char::is_alphabetic) && word.chars().count() <= CHARS;
        if hit || !plain || (sigil.is_none() && is_stop(&word)) {
            before = None;
            continue;
        }
        if words == WORDS {
            break;
        }
        match sigil {
            Some(sigil) => {
                add(format!("{sigil}{word}"), &mut terms);
                before = None;
            }
            None => {
                words += 1;
                if let Some(before) = before.take() {
                    add(format!("{before} {word}"), &mut terms);
                }
                add(word.clone(), &mut terms);
                before = (!token.ends_with([',', '.', '!', '?', ';', ':'])).then_some(word);
            }
        }
    }
    let short = |text: &str| text.chars().take(CHARS).collect::<String>();
    let author = mention.author.label();
    if !author.is_empty() {
        add(format!("by:{}", short(author)), &mut terms);
    }
    if !mention.source.is_empty() {
        add(format!("in:{}", short(&mention.source)), &mut terms);
    }
    if let Some(lang) = mention.lang.as_deref().filter(|lang| !lang.is_empty()) {
        add(format!("lang:{}", short(lang)), &mut terms);
    }
    Gist { key, terms }
}

fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = text.as_ptr() as usize;
    text.split_whitespace().map(move |token| (token.as_ptr() as usize - base, token))
}

/// The host and the beginning of the path of a link.
fn link(token: &str) -> Option<String> {
    let rest = token.strip_prefix("https://").or_else(|| token.strip_prefix("http://"))?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest).trim_end_matches(['/', '.', ',', ')', '…']);
    (!rest.is_empty()).then(|| rest.chars().take(CHARS).collect::<String>().to_lowercase())
}

/// Words that say nothing of what a text is about, Hungarian and English, and what the networks themselves add.
fn is_stop(word: &str) -> bool {
    STOP.binary_search(&word).is_ok()
}

/// In order.
static STOP: &[&str] = &[
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

    fn of(text: &str, hits: &[Range<usize>]) -> Vec<String> {
        let record =
            serde_json::json!({ "id": "1", "published_at": 1_700_000_000, "text": text, "source": "news", "lang": "hu",
            "author": { "name": "Anna" } })
            .to_string();
        gist(7, &crate::mention::parse(record.as_bytes(), 10_000).unwrap(), hits).terms
    }

    #[test]
    fn words_pairs_tags_links_and_where_from_but_no_stop_words_and_not_the_watch() {
        let text = "Kellemes: the lost baggage of @anna #botrány https://www.hir.example/cikk/1?x=2 nem van poggyász!";
        let terms = of(text, std::slice::from_ref(&(0..8)));
        for term in [
            "lost",
            "baggage",
            "lost baggage",
            "@anna",
            "#botrány",
            "link:hir.example/cikk/1",
            "poggyász",
            "by:Anna",
            "in:news",
            "lang:hu",
        ] {
            assert!(terms.iter().any(|found| found == term), "{term} is not in {terms:?}");
        }
        for term in ["kellemes", "the", "nem", "van", "kellemes the"] {
            assert!(terms.iter().all(|found| found != term), "{term} is in {terms:?}");
        }
    }

    #[test]
    fn the_stop_words_are_found() {
        let mut sorted = STOP.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, STOP);
    }

    proptest! {
        #[test]
        fn any_text_has_a_gist_of_bounded_size(text in ".{1,400}") {
            let terms = of(&format!("x{text}"), &[]);
            prop_assert!(terms.len() <= TERMS);
            prop_assert!(terms.iter().all(|term| term.chars().count() <= 2 * CHARS + 6));
        }

        #[test]
        fn samples_merge_in_any_order(keys in proptest::collection::vec(0_u64..200, 0..60), split in 0_usize..60) {
            let gists: Vec<Gist> = keys.iter().map(|key| Gist { key: *key, terms: vec![key.to_string()] }).collect();
            let (left, right) = gists.split_at(split.min(gists.len()));
            let fold = |parts: [&[Gist]; 2]| {
                let mut all = Vec::new();
                for part in parts {
                    let mut own = Vec::new();
                    part.iter().for_each(|gist| merge(&mut own, std::slice::from_ref(gist)));
                    merge(&mut all, &own);
                }
                all
            };
            prop_assert_eq!(fold([left, right]), fold([right, left]));
            let mut whole = Vec::new();
            merge(&mut whole, &gists);
            prop_assert_eq!(fold([left, right]), whole);
        }
    }
}

//! Hungarian endings by rule: which chains of letters may follow a noun, over names never seen before.
//!
//! A word is a stem and then, each at most once and in this order: an adjective (-s, -i, -beli, …) or -né; a plural, a
//! possessive or -ék; -é; a case. Each ending says what it may follow: a vowel or a consonant, back or front vowels.
//! Stems are folded, so that posta → postá- needs no rule; where -val doubles a letter of two signs (busz → busszal) the
//! pattern that is looked for is another one (see [`doubled`]).
//!
//! Accents may be left off as a whole, but one that is written must belong there.

use super::stem::{Harmony, Stem, is_vowel};

/// Where in the chain one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The bare stem.
    Stem,
    /// An adjective in -s.
    Like,
    /// An adjective in -i, or of -beli, -féle, -szerű: its plural has a linking vowel.
    Of,
    /// -né.
    Wife,
    /// A plural in -k.
    Many,
    /// -ék: the people of.
    People,
    /// A possessive.
    Owned,
    /// A possessive that is never the end: -já-, -jé-.
    OwnedOpen,
    /// A possessive of several things, without a person yet: -i, -jai.
    OwnedMany,
    /// -é: what belongs to it.
    Belonging,
    /// A case: the end.
    Done,
}

/// What an ending may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Vowel,
    Consonant,
    /// A consonant that carries a bare -t.
    Carrying,
    Any,
}

/// An ending, for back and for front vowels; the same for both when the second is empty.
struct Ending {
    back: &'static str,
    front: &'static str,
    after: After,
    to: State,
}

const fn ending(back: &'static str, front: &'static str, after: After, to: State) -> Ending {
    Ending { back, front, after, to }
}

use After::{Any, Carrying, Consonant, Vowel};
use State::{Belonging, Done, Like, Many, Of, Owned, OwnedMany, OwnedOpen, People, Wife};

/// No word ends so: stands where only the other row has a form.
const NONE: &str = "\0";

const ADJECTIVES: &[Ending] = &[
    ending("s", "", Vowel, Like),
    ending("os", "es", Consonant, Like),
    ending("as", "ös", Consonant, Like),
    ending("i", "", Any, Of),
    ending("beli", "", Any, Of),
    ending("féle", "", Any, Of),
    ending("szerű", "", Any, Of),
    ending("né", "", Any, Wife),
    ending("ott", "ett", Consonant, Done),
    ending(NONE, "ött", Consonant, Done),
    ending("otti", "etti", Consonant, Of),
    ending(NONE, "ötti", Consonant, Of),
    ending("nként", "", Vowel, Done),
    ending("onként", "enként", Consonant, Done),
    ending("stul", "stül", Vowel, Done),
    ending("ostul", "estül", Consonant, Done),
    ending("astul", "östül", Consonant, Done),
];

const PLURALS: &[Ending] =
    &[ending("k", "", Vowel, Many), ending("ok", "ek", Consonant, Many), ending("ak", "ök", Consonant, Many)];

const LINKED_PLURALS: &[Ending] = &[ending("ak", "ek", Any, Many)];
const FELE_PLURALS: &[Ending] = &[ending("k", "", Any, Many)];
const PEOPLE: &[Ending] = &[ending("ék", "", Any, People)];

const POSSESSIVES: &[Ending] = &[
    ending("m", "", Vowel, Owned),
    ending("om", "em", Consonant, Owned),
    ending("am", "öm", Consonant, Owned),
    ending("d", "", Vowel, Owned),
    ending("od", "ed", Consonant, Owned),
    ending("ad", "öd", Consonant, Owned),
    ending("ja", "je", Any, Done),
    ending("já", "jé", Any, OwnedOpen),
    ending("a", "e", Consonant, Done),
    ending("á", "é", Consonant, OwnedOpen),
    ending("nk", "", Vowel, Owned),
    ending("unk", "ünk", Consonant, Owned),
    ending("tok", "tek", Vowel, Owned),
    ending(NONE, "tök", Vowel, Owned),
    ending("otok", "etek", Consonant, Owned),
    ending("atok", "ötök", Consonant, Owned),
    ending("juk", "jük", Any, Owned),
    ending("uk", "ük", Consonant, Owned),
    ending("i", "", Vowel, OwnedMany),
    ending("jai", "jei", Any, OwnedMany),
    ending("ai", "ei", Consonant, OwnedMany),
];

const PERSONS: &[Ending] = &[
    ending("m", "", Any, Owned),
    ending("d", "", Any, Owned),
    ending("nk", "", Any, Owned),
    ending("tok", "tek", Any, Owned),
    ending("k", "", Any, Owned),
];

const BELONGING: &[Ending] = &[ending("é", "", Any, Belonging), ending("éi", "", Any, Belonging)];

const CASES: &[Ending] = &[
    ending("ban", "ben", Any, Done),
    ending("ba", "be", Any, Done),
    ending("ból", "ből", Any, Done),
    ending("nál", "nél", Any, Done),
    ending("nak", "nek", Any, Done),
    ending("tól", "től", Any, Done),
    ending("ról", "ről", Any, Done),
    ending("ra", "re", Any, Done),
    ending("hoz", "hez", Any, Done),
    ending(NONE, "höz", Any, Done),
    ending("ig", "", Any, Done),
    ending("ként", "", Any, Done),
    ending("képp", "", Any, Done),
    ending("képpen", "", Any, Done),
    ending("ért", "", Any, Done),
    ending("val", "vel", Vowel, Done),
    ending("vá", "vé", Vowel, Done),
    ending("t", "", Vowel, Done),
    ending("t", "", Carrying, Done),
    ending("ot", "et", Consonant, Done),
    ending("at", "öt", Consonant, Done),
    ending("n", "", Vowel, Done),
    ending("on", "en", Consonant, Done),
    ending(NONE, "ön", Consonant, Done),
];

/// Of an adjective: "mávosan".
const ADVERBS: &[Ending] = &[ending("an", "en", Any, Done)];

/// The lists that go on from a state.
fn lists(state: State) -> &'static [&'static [Ending]] {
    match state {
        State::Stem => &[ADJECTIVES, PLURALS, PEOPLE, POSSESSIVES, BELONGING, CASES],
        Like => &[ADVERBS, PLURALS, PEOPLE, POSSESSIVES, BELONGING, CASES],
        Of => &[LINKED_PLURALS, FELE_PLURALS, BELONGING, CASES],
        Wife => &[PEOPLE, POSSESSIVES, BELONGING, CASES],
        Many | People | Owned | Belonging => &[BELONGING, CASES],
        OwnedOpen => &[BELONGING, CASES],
        OwnedMany => &[PERSONS, BELONGING, CASES],
        Done => &[],
    }
}

fn is_last(state: State) -> bool {
    !matches!(state, State::Stem | OwnedOpen)
}

/// How the ending stands by the stem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// Written together.
    Closed,
    /// After a hyphen, as with acronyms and foreign names: the letters do not tell how the stem is read, so that any
    /// vowels and any linking go.
    Hyphen,
}

/// Whether `rest` is a chain of endings of `stem`. `rest` is in small letters, with its accents as far as they are
/// written.
pub(super) fn is_ending(stem: Stem, rest: &[char], joint: Joint) -> bool {
    let walk = Walk { stem, joint };
    !rest.is_empty() && walk.from(State::Stem, stem.harmony, rest, 0)
}

/// Whether `rest` is what goes on where the last consonant of a stem is doubled already: "bussz|al", "bussz|á".
pub(super) fn is_assimilated(stem: Stem, rest: &[char]) -> bool {
    let walk = Walk { stem, joint: Joint::Closed };
    walk.assimilated(stem.harmony, rest)
}

/// The pattern of a stem in a letter of two signs before -val and -vá: busz → bussz, Balázs → Balázzs; what is double
/// already stays as it is: rossz. Folded.
pub(super) fn doubled(stem: &str) -> Option<String> {
    let mut letters = stem.chars().rev();
    let (last, first) = (letters.next()?, letters.next()?);
    let two = matches!((first, last), ('s' | 'z' | 'c', 's') | ('s', 'z') | ('d', 'z') | ('g' | 'l' | 'n' | 't', 'y'));
    // "dzs" doubles its first sign as well.
    if !two || first == last {
        return None;
    }
    if letters.next() == Some(first) {
        return Some(stem.to_owned());
    }
    let cut = stem.len() - last.len_utf8() - first.len_utf8();
    Some(format!("{}{first}{first}{last}", &stem[..cut]))
}

/// The stem of a word whose last vowel goes before endings that begin with one: bokor → bokr, étterem → étterm,
/// Eger → egr. Folded. Which words do so no rule can tell; the forms of the others are no words at all, so that it costs
/// nothing to look for them.
pub(super) fn shortened(stem: &str) -> Option<String> {
    let letters: Vec<char> = stem.rsplit(|c: char| !c.is_alphanumeric()).next()?.chars().rev().collect();
    let [last, fleeting, rest @ ..] = letters.as_slice() else { return None };
    let before = match rest {
        ['z', 's', vowel, ..] | ['s', 'z' | 'c', vowel, ..] | ['y', 'g' | 'l' | 'n' | 't', vowel, ..] => *vowel,
        [consonant, vowel, ..] if !is_vowel(*consonant) => *vowel,
        _ => return None,
    };
    let goes =
        matches!(last, 'r' | 'l' | 'm' | 'n' | 'g' | 'k' | 'z') && matches!(fleeting, 'e' | 'o') && is_vowel(before);
    goes.then(|| format!("{}{last}", &stem[..stem.len() - 2]))
}

/// Whether `rest` is a chain of endings that begins with a vowel.
pub(super) fn is_vowel_ending(stem: Stem, rest: &[char]) -> bool {
    rest.first().is_some_and(|first| is_vowel(bare(*first))) && is_ending(stem, rest, Joint::Closed)
}

struct Walk {
    stem: Stem,
    joint: Joint,
}

impl Walk {
    /// Whether the rest from `at` on is a chain that begins in `state`.
    fn from(&self, state: State, harmony: Harmony, rest: &[char], at: usize) -> bool {
        let left = &rest[at..];
        if left.is_empty() {
            return is_last(state);
        }
        if state != Done && state != State::Stem && self.doubled_consonant(harmony, rest, at) {
            return true;
        }
        if state == State::Stem && self.stem_doubled(harmony, left) {
            return true;
        }
        lists(state).iter().flat_map(|list| list.iter()).any(|ending| {
            let forms = [(ending.back, Harmony::Back), (ending.front, Harmony::Front)];
            forms.into_iter().any(|(form, wants)| {
                let both = ending.front.is_empty();
                if form.is_empty() || form == NONE || !(both || agrees(harmony, wants)) {
                    return false;
                }
                if harmony == Harmony::Bare
                    && wants == Harmony::Front
                    && form.starts_with(['e', 'é'])
                    && self.joint == Joint::Closed
                {
                    return false;
                }
                let strict = state == State::Stem && ending.to == Belonging && self.joint == Joint::Closed;
                let Some(length) = begins(left, form, strict) else { return false };
                if !self.may_follow(ending.after, rest, at) {
                    return false;
                }
                let next = match ending.to {
                    // -beli and -szerű have front vowels of their own, and -féle as well.
                    Of if length > 2 => Harmony::Front,
                    _ => harmony,
                };
                self.from(ending.to, next, rest, at + length)
            })
        })
    }

    fn may_follow(&self, after: After, rest: &[char], at: usize) -> bool {
        if after == Any {
            return true;
        }
        if at == 0 && self.joint == Joint::Hyphen {
            return true;
        }
        let (vowel, consonant, last, before) = match at {
            0 => (self.stem.ends_in_vowel(), self.stem.ends_in_consonant(), self.stem.last, self.stem.before),
            _ => {
                let last = bare(rest[at - 1]);
                (is_vowel(last), !is_vowel(last), last, if at > 1 { bare(rest[at - 2]) } else { self.stem.last })
            }
        };
        match after {
            Vowel => vowel,
            Consonant => consonant,
            // "postást", "mávost", "győrit", "Telekomt" not: s, z, l, r, n, j and soft ones carry a -t.
            Carrying => {
                let carries = matches!(last, 's' | 'z' | 'l' | 'r' | 'n' | 'j' | 'x')
                    || (last == 'y' && matches!(before, 'n' | 'l'));
                carries && at == 0 || (at > 0 && matches!(last, 's'))
            }
            Any => true,
        }
    }

    /// -val and -vá on the stem itself, after a consonant: that consonant, and then -al or -á.
    fn stem_doubled(&self, harmony: Harmony, left: &[char]) -> bool {
        let Stem { last, before, .. } = self.stem;
        if self.joint == Joint::Hyphen {
            // As it sounds: Renault-val, Bosch-sal, iPhone-nal, Philips-szel.
            let signs = left.iter().take_while(|c| !is_vowel(bare(**c))).count();
            return (1..=3).contains(&signs) && self.assimilated(Harmony::Either, &left[signs..]);
        }
        if !self.stem.ends_in_consonant() {
            return false;
        }
        // "Mariottal": three of the same are written as two.
        if last == before && self.assimilated(harmony, left) {
            return true;
        }
        let plain = left.first() == Some(&last) && self.assimilated(harmony, &left[1..]);
        let sounds: &[char] = match (before, last) {
            (_, 'x') => &['s', 'z'],
            ('t', 'h') => &['t'],
            _ => return plain,
        };
        plain || (left.starts_with(sounds) && self.assimilated(harmony, &left[sounds.len()..]))
    }

    /// The same after an ending: "postákkal".
    fn doubled_consonant(&self, harmony: Harmony, rest: &[char], at: usize) -> bool {
        let last = bare(rest[at - 1]);
        !is_vowel(last) && rest[at] == last && self.assimilated(harmony, &rest[at + 1..])
    }

    fn assimilated(&self, harmony: Harmony, left: &[char]) -> bool {
        [("al", Harmony::Back), ("á", Harmony::Back), ("el", Harmony::Front), ("é", Harmony::Front)]
            .into_iter()
            .any(|(form, wants)| agrees(harmony, wants) && begins(left, form, false) == Some(left.len()))
    }
}

fn agrees(harmony: Harmony, wants: Harmony) -> bool {
    matches!(harmony, Harmony::Either | Harmony::Bare) || harmony == wants
}

/// How many letters of `left` are `form`. Accents of the form may be left off unless `strict`; one that the form has not
/// must not be there. Of two accents one does for the other: not every keyboard has ő.
fn begins(left: &[char], form: &str, strict: bool) -> Option<usize> {
    let mut length = 0;
    for wanted in form.chars() {
        let is = *left.get(length)?;
        let same = is == wanted || (!wanted.is_ascii() && bare(is) == bare(wanted) && (!strict || !is.is_ascii()));
        if !same {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// A small letter without its accent.
pub(super) fn bare(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ö' | 'ő' | 'ò' | 'ô' | 'õ' => 'o',
        'ú' | 'ü' | 'ű' | 'ù' | 'û' | 'ũ' => 'u',
        other => other,
    }
}

#[cfg(test)]
#[path = "hungarian_tests.rs"]
mod tests;

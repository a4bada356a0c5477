//! Hungarian endings by rule: the chains of endings that may follow a noun, also for unknown names.
//!
//! A word is a stem and then, each at most once and in this order: an adjective (-s, -i, -beli, …) or -né; a plural, a
//! possessive or -ék; -é; a case. Each ending defines what it may follow: a vowel or a consonant, back or front vowels.
//! Stems are folded, so that posta → postá- needs no rule; where -val doubles a letter of two signs (busz → busszal)
//! there is a separate pattern (see [`super::shapes`]).
//!
//! Accents may be left out altogether, but a written accent must be right.

use super::stem::{Harmony, Stem, is_vowel};

/// The position in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The bare stem.
    Stem,
    /// An adjective in -s.
    Like,
    /// An adjective in -i, or of -beli, -szerű, -nyi: its plural has a linking vowel.
    Of,
    /// -féle: its plural has none.
    Kind,
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
    /// -é: a possession of it.
    Belonging,
    /// A case: the end.
    Done,
}

/// The sounds that an ending may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Vowel,
    Consonant,
    /// A consonant that carries a bare -t.
    Carrying,
    /// A name in -r, -s or -c: the old -ott and -ett live on with these only (Győrött, Pécsett, Vácott). "halott" and
    /// "molett" are other words.
    Settled,
    /// A stem in -i: an adjective, or a name that was one (budapestiek, Rákócziak).
    Adjective,
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

use After::{Adjective, Any, Carrying, Consonant, Settled, Vowel};
use State::{Belonging, Done, Kind, Like, Many, Of, Owned, OwnedMany, OwnedOpen, People, Wife};

/// A form that no word has: a placeholder if only the other row has one.
const NONE: &str = "\0";

const ADJECTIVES: &[Ending] = &[
    ending("s", "", Vowel, Like),
    ending("os", "es", Consonant, Like),
    ending("as", "ös", Consonant, Like),
    ending("i", "", Any, Of),
    ending("beli", "", Any, Of),
    ending("féle", "", Any, Kind),
    ending("szerű", "", Any, Of),
    ending("nyi", "", Any, Of),
    ending("né", "", Any, Wife),
    ending("ott", "ett", Settled, Done),
    ending(NONE, "ött", Settled, Done),
    ending("otti", "etti", Settled, Of),
    ending(NONE, "ötti", Settled, Of),
    ending("nként", "", Vowel, Done),
    ending("onként", "enként", Consonant, Done),
    ending("anként", "önként", Consonant, Done),
    ending("stul", "stül", Vowel, Done),
    ending("ostul", "estül", Consonant, Done),
    ending("astul", "östül", Consonant, Done),
];

const PLURALS: &[Ending] = &[
    ending("k", "", Vowel, Many),
    ending("ok", "ek", Consonant, Many),
    ending("ak", "ök", Consonant, Many),
    ending("ak", "ek", Adjective, Many),
];

/// What follows an adjective in -i: "győriek", "városias".
const OF: &[Ending] = &[ending("ak", "ek", Any, Many), ending("as", "es", Any, Like)];
const KINDS: &[Ending] = &[ending("k", "", Any, Many)];
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

/// The lists of endings that may follow a state.
fn lists(state: State) -> &'static [&'static [Ending]] {
    match state {
        State::Stem => &[ADJECTIVES, PLURALS, PEOPLE, POSSESSIVES, BELONGING, CASES],
        Like => &[ADVERBS, PLURALS, PEOPLE, POSSESSIVES, BELONGING, CASES],
        Of => &[OF, BELONGING, CASES],
        Kind => &[KINDS, BELONGING, CASES],
        Wife => &[PEOPLE, BELONGING, CASES],
        Many | People | Owned | Belonging => &[BELONGING, CASES],
        OwnedOpen => &[BELONGING, CASES],
        OwnedMany => &[PERSONS, BELONGING, CASES],
        Done => &[],
    }
}

fn is_last(state: State) -> bool {
    !matches!(state, State::Stem | OwnedOpen)
}

/// How the ending is attached to the stem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// Written as one word.
    Closed,
    /// After a hyphen, as with acronyms and foreign names: the spelling does not show the pronunciation, so any vowels
    /// and any linking are accepted.
    Hyphen,
}

/// Whether `rest` is a chain of endings of `stem`. `rest` has small letters, with the accents as written.
pub(super) fn is_ending(stem: Stem, rest: &[char], joint: Joint) -> bool {
    let harmony = if joint == Joint::Hyphen { Harmony::Either } else { stem.harmony };
    let walk = Walk { stem, joint };
    if rest.is_empty() {
        return false;
    }
    // "Rossmannál": of three equal letters, two are written.
    let merged = || {
        let Stem { last, before, .. } = stem;
        let merges = joint == Joint::Closed && last == before && !is_vowel(last) && is_vowel(bare(rest[0]));
        merges && walk.from(State::Stem, harmony, &[&[last], rest].concat(), 0)
    };
    walk.from(State::Stem, harmony, rest, 0) || merged()
}

/// Whether `rest` continues a stem whose last consonant is already doubled: "bussz|al", "bussz|á".
pub(super) fn is_assimilated(stem: Stem, rest: &[char]) -> bool {
    let walk = Walk { stem, joint: Joint::Closed };
    walk.assimilated(stem.harmony, rest)
}

/// Whether `rest` continues a stem in -v. "hova" and "árva" are other words.
pub(super) fn is_in_v(stem: Stem, rest: &[char]) -> bool {
    let owned = match stem.before {
        'o' if stem.harmony == Harmony::Back => rest == ['a'],
        before => !is_vowel(before) && (rest == ['a'] || rest.starts_with(&['á'])),
    };
    !owned && is_vowel_ending(stem, rest)
}

/// Whether `rest` is a chain of endings that begins with -i.
pub(super) fn is_of(stem: Stem, rest: &[char]) -> bool {
    rest.first() == Some(&'i') && is_ending(stem, rest, Joint::Closed)
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
    /// Whether the rest from `at` is a chain that begins in `state`.
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
                if form.is_empty() || form == NONE || !(both || agrees(harmony, wants)) || !rounds(harmony, form) {
                    return false;
                }
                if harmony == Harmony::Bare
                    && wants == Harmony::Front
                    && form.starts_with(['e', 'é'])
                    && self.joint == Joint::Closed
                {
                    return false;
                }
                let Some(length) = begins(left, form, self.stem.strict || self.needs_accent(state, ending, left))
                else {
                    return false;
                };
                if !self.may_follow(ending.after, rest, at) {
                    return false;
                }
                let next = match (ending.to, harmony) {
                    // -beli, -féle and -szerű have front vowels of their own.
                    (Of | Kind, _) if length > 3 => Harmony::Front,
                    // An unknown harmony is now known from the ending.
                    (_, Harmony::Bare | Harmony::Either) if !both && self.joint == Joint::Closed => wants,
                    (_, harmony) => harmony,
                };
                self.from(ending.to, after(next, form), rest, at + length)
            })
        })
    }

    /// Whether an ending must have its accent: a bare -é ("vase", "mole"), a later one but before a case of two
    /// letters ("loket"), -féle ("ügyfele") and -vá ("hova").
    fn needs_accent(&self, state: State, ending: &Ending, left: &[char]) -> bool {
        self.joint == Joint::Closed
            && match ending.to {
                Belonging => state == State::Stem || left.len() < 3,
                Kind => true,
                _ => ending.back == "vá",
            }
    }

    fn may_follow(&self, after: After, rest: &[char], at: usize) -> bool {
        if after == Any {
            return true;
        }
        if at == 0 && self.joint == Joint::Hyphen {
            return after != Settled;
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
                    || (last == 'y' && matches!(before, 'n' | 'l'))
                    || self.stem.sounds() == ["s"];
                carries && at == 0 || (at > 0 && matches!(last, 's'))
            }
            Settled => at == 0 && matches!(last, 'r' | 's' | 'c'),
            Adjective => at == 0 && last == 'i',
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
        if left.first() == Some(&last) && self.assimilated(harmony, &left[1..]) {
            return true;
        }
        self.stem
            .sounds()
            .iter()
            .any(|sound| begins(left, sound, true).is_some_and(|length| self.assimilated(harmony, &left[length..])))
    }

    /// The same after an ending: "postákkal".
    fn doubled_consonant(&self, harmony: Harmony, rest: &[char], at: usize) -> bool {
        let last = bare(rest[at - 1]);
        !is_vowel(last) && rest[at] == last && self.assimilated(harmony, &rest[at + 1..])
    }

    /// -al or -á, this one with its accent: "molla" and "vacka" are other words.
    fn assimilated(&self, harmony: Harmony, left: &[char]) -> bool {
        [("al", Harmony::Back), ("á", Harmony::Back), ("el", Harmony::Front), ("é", Harmony::Front)]
            .into_iter()
            .any(|(form, wants)| agrees(harmony, wants) && begins(left, form, true) == Some(left.len()))
    }
}

fn agrees(harmony: Harmony, wants: Harmony) -> bool {
    match harmony {
        Harmony::Either | Harmony::Bare => true,
        Harmony::Front | Harmony::Rounded => wants == Harmony::Front,
        Harmony::Back => wants == Harmony::Back,
    }
}

/// Whether a form goes with how the lips are at the last vowel: Győrhöz and Szegedhez, never the other way. A stem in ö
/// may be linked by an e all the same: földet.
fn rounds(harmony: Harmony, form: &str) -> bool {
    match harmony {
        Harmony::Front => !form.contains('ö'),
        Harmony::Rounded => form != "hez",
        _ => true,
    }
}

/// Front vowels after a form: its last vowel tells.
fn after(harmony: Harmony, form: &str) -> Harmony {
    let front = matches!(harmony, Harmony::Front | Harmony::Rounded);
    match form.chars().rfind(|letter| is_vowel(bare(*letter))) {
        Some('ö' | 'ő' | 'ü' | 'ű') if front => Harmony::Rounded,
        Some('e' | 'é' | 'i') if front => Harmony::Front,
        _ => harmony,
    }
}

/// How many letters of `left` match `form`. Accents of the form may be missing unless `strict`; other accents must not
/// occur. A long ő or ű may be short or a similar letter, since not every keyboard has it.
fn begins(left: &[char], form: &str, strict: bool) -> Option<usize> {
    let mut length = 0;
    for wanted in form.chars() {
        let is = *left.get(length)?;
        let same = is == wanted
            || (!strict && !wanted.is_ascii() && is == bare(wanted))
            || matches!((wanted, is), ('ő' | 'ö', 'ő' | 'ö' | 'õ' | 'ô') | ('ű' | 'ü', 'ű' | 'ü' | 'û' | 'ũ'));
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

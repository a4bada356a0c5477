//! Detects the language of a text: a linear model over pieces of words, whole words and accented letters.
//!
//! It also works for text without accents, because it was trained on texts with and without them.

use serde::{Deserialize, Serialize};

use super::accumulate::{Sums, Weights};
use super::container::{self, ModelFault};
use super::corpus::{Example, Part};
use super::feature_buffer::Gathered;
use super::features::feature;
use super::fit::{Row, Settings, fit};
use super::learn::scale;
use super::normalize::{self, ASCII, Kind};
use super::word::{Start, Word};
use orszem_records::language_code::Code;

const MAGIC: &[u8; 8] = b"orszlang";
/// The table has 2^13 slots.
const BITS: u32 = 13;
/// The maximum number of languages.
pub const MOST: usize = 16;
/// The maximum number of bytes read: by then the language is clear.
const READ: usize = 240;
/// The rest is read only if the language is not clear after this many bytes.
const FIRST: usize = 40;
/// The lead that counts as clear, as log odds.
const PLAIN: f32 = 3.0;
/// The lengths of beginnings that it also trains on, in characters.
const BRIEF: usize = 36;
/// The minimum number of features.
const FEWEST: u32 = 6;

/// The detected language of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// The likeliest language.
    pub code: Code,
    /// Its lead over the next one, as log odds.
    pub lead: f32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    languages: Vec<String>,
    scales: Vec<f32>,
    biases: Vec<f32>,
    texts: u32,
}

/// The language detector.
pub struct Languages {
    header: Header,
    codes: Vec<Code>,
    table: Box<[[i8; MOST]]>,
}

impl std::fmt::Debug for Languages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Languages").field("codes", &self.codes).finish_non_exhaustive()
    }
}

/// The last three letters of a word, with marks for its beginning and end; the oldest is lowest.
fn three(word: &Word) -> u32 {
    feature(word.last >> 40)
}

/// Passes the language features of a text to `take`, from the beginning of a word to the end of the word at `until`;
/// returns that end.
fn features(text: &str, from: usize, until: usize, take: &mut impl FnMut(&[u32])) -> usize {
    let mut gathered = Gathered::new(take);
    let table = normalize::table();
    let bytes = text.as_bytes();
    let mut word = Word::NONE;
    let mut at = from;
    let letter = |word: &mut Word, gathered: &mut Gathered<'_, _>, letter: u8| {
        let before = word.len;
        word.letter(letter);
        gathered.push_if(word.len > before, three(word));
    };
    while at < bytes.len().min(READ) && (at < until || word.len > 0) {
        gathered.make_room();
        let byte = bytes[at];
        if byte == b' ' {
            end(&mut word, &mut gathered);
            at += 1;
            continue;
        }
        if word.len == 0
            && let Some(start) = bytes[at..].first_chunk().and_then(|eight| Start::of(*eight))
        {
            gathered.push_first(start.len + usize::from(start.is_whole), threes(start));
            match start.is_whole {
                true => gathered.push(feature(start.hash())),
                false => word = Word::begun(start),
            }
            at += start.len;
            continue;
        }
        if byte.is_ascii() {
            at += 1;
            match ASCII[usize::from(byte)] {
                small if small > b'0' => letter(&mut word, &mut gathered, small),
                _ if byte == b'\'' => {}
                _ if byte == b':' && bytes[at..].starts_with(b"//") => {
                    word = Word::NONE;
                    at += bytes[at..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
                }
                _ => {
                    end(&mut word, &mut gathered);
                    if byte == b'@' {
                        let handle = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                        at += bytes[at..].iter().take_while(handle).count();
                    }
                }
            }
            continue;
        }
        if let Some((plain, small)) = bytes.get(at + 1).and_then(|second| table.accented(byte, *second)) {
            gathered.push(feature(u64::from(small) << 32));
            letter(&mut word, &mut gathered, plain);
            at += 2;
            continue;
        }
        let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
        at += character.len_utf8();
        match normalize::kind(table, character) {
            Kind::Plain(plain) if !plain.is_ascii_digit() => letter(&mut word, &mut gathered, plain),
            Kind::Other(other) => {
                gathered.push(feature(u64::from(other as u32) << 32));
                for byte in other.encode_utf8(&mut [0; 4]).bytes() {
                    letter(&mut word, &mut gathered, byte);
                }
            }
            Kind::Mark if character == '’' => {}
            Kind::Nothing => {}
            Kind::Plain(_) | Kind::Mark => end(&mut word, &mut gathered),
        }
    }
    if at >= bytes.len() {
        end(&mut word, &mut gathered);
    }
    gathered.give();
    at
}

/// Ends a word, if there is one.
#[inline(always)]
fn end<E: FnMut(&[u32])>(word: &mut Word, gathered: &mut Gathered<'_, E>) {
    let there = word.len > 0;
    gathered.push_if(there, feature(word.hash()));
    word.last = word.last >> 8 | u64::from(b'_') << 56;
    gathered.push_if(there, three(word));
    *word = Word::NONE;
}

/// The features of three letters of a word with this beginning, one by one; the last one is that of its end, if it ends
/// there.
#[inline(always)]
fn threes(Start { letters, len, is_whole, .. }: Start) -> [u32; 8] {
    let end = if is_whole { u64::from(b'_') << (8 * len) } else { 0 };
    let (lower, upper) = (letters << 16 | u64::from(b'_') << 8 | end << 16, letters >> 32 | end >> 32);
    std::array::from_fn(|at| {
        let window = if at < 6 { lower >> (8 * at) } else { upper >> (8 * (at - 6)) };
        feature(window & 0xff_ffff)
    })
}

/// A text without its accents.
pub fn without_accents(text: &str) -> String {
    let table = normalize::table();
    let bare = |character: char| match normalize::kind(table, character) {
        Kind::Plain(letter) if !character.is_ascii() && character.is_uppercase() => {
            Some(char::from(letter.to_ascii_uppercase()))
        }
        Kind::Plain(letter) if !character.is_ascii() => Some(char::from(letter)),
        Kind::Nothing => None,
        _ => Some(character),
    };
    text.chars().filter_map(bare).collect()
}

impl Weights<MOST> for Languages {
    #[inline(always)]
    fn sum(&self, features: &[u32]) -> [i32; MOST] {
        let mut sums = [0_i16; MOST];
        for feature in features {
            let weights = &self.table[(*feature >> (32 - BITS)) as usize];
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i16::from(*weight));
        }
        sums.map(i32::from)
    }
}

impl Languages {
    /// Trains on texts in several languages; ignores the held-out ones.
    ///
    /// Uses at most [`MOST`] languages.
    pub fn train(texts: &[(Code, Vec<Example>)]) -> Languages {
        let texts = &texts[..texts.len().min(MOST)];
        let (mut places, mut ends) = (Vec::new(), Vec::new());
        for (class, (_, examples)) in texts.iter().enumerate() {
            for example in examples.iter().filter(|example| Part::of(&example.text) != Part::HeldOut) {
                // Unchanged, without accents, and its beginning only: all three occur in practice.
                let text = example.text.as_str();
                let brief = text.char_indices().nth(BRIEF).map_or(text, |(end, _)| &text[..end]);
                for text in [text, &without_accents(text), &without_accents(brief)] {
                    features(text, 0, READ, &mut |features| {
                        places.extend(features.iter().map(|feature| feature >> (32 - BITS)))
                    });
                    ends.push((places.len(), class));
                }
            }
        }
        let starts = std::iter::once(0).chain(ends.iter().map(|(end, _)| *end));
        let rows = starts.zip(&ends).map(|(start, (end, class))| Row {
            class: *class,
            features: &places[start..*end],
            count: (end - start) as u32,
        });
        let rows: Vec<Row<'_>> = rows.collect();
        let fitted = fit::<MOST>(
            &rows,
            &[],
            &[],
            Settings { features: 1 << BITS, epochs: 3, rate: 0.1, damping: 1e-8, decay: 0.0 },
        );
        let lanes: Vec<Vec<f32>> =
            (0..MOST).map(|lane| fitted.weights.iter().map(|weights| weights[lane]).collect()).collect();
        let scales: Vec<f32> = lanes.iter().map(|lane| scale(lane)).collect();
        // One scale for all, so that integers can be compared.
        let scale = scales.iter().copied().fold(0.0, f32::max);
        let small = |weight: f32| (weight / scale).round().clamp(-127.0, 127.0) as i8;
        let table = fitted.weights.iter().map(|weights| weights.map(small)).collect();
        let codes: Vec<Code> = texts.iter().map(|(code, _)| *code).collect();
        let header = Header {
            languages: codes.iter().map(|code| code.as_str().to_owned()).collect(),
            scales: vec![scale],
            biases: fitted.bias[..codes.len()].to_vec(),
            texts: rows.len() as u32,
        };
        Languages { header, codes, table }
    }

    /// The likeliest language of a text; `None` if it is too short.
    pub fn guess(&self, text: &str) -> Option<Guess> {
        let mut sums = Sums::of(self);
        let at = features(text, 0, FIRST, &mut |features| sums.add(features));
        let first = self.likeliest(sums.so_far());
        if at >= text.len().min(READ) || first.is_some_and(|guess| guess.lead >= PLAIN) {
            return first;
        }
        features(text, at, READ, &mut |features| sums.add(features));
        self.likeliest(sums.so_far())
    }

    fn likeliest(&self, (sums, count): ([i32; MOST], u32)) -> Option<Guess> {
        if count < FEWEST {
            return None;
        }
        let step = self.header.scales[0] / (count as f32).sqrt();
        let (mut best, mut first, mut second) = (0, f32::MIN, f32::MIN);
        for (lane, (sum, bias)) in sums.iter().zip(&self.header.biases).enumerate() {
            let logit = *sum as f32 * step + bias;
            if logit > first {
                second = first;
                first = logit;
                best = lane;
            } else if logit > second {
                second = logit;
            }
        }
        Some(Guess { code: *self.codes.get(best)?, lead: first - second })
    }

    /// Whether it knows this language.
    pub fn knows(&self, code: Code) -> bool {
        self.codes.contains(&code)
    }

    /// The bytes of its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let weights = self.table.iter().flatten().map(|weight| weight.cast_unsigned());
        container::written(MAGIC, &self.header, weights)
    }

    /// Reads its file.
    ///
    /// # Errors
    /// When it is not a detector's file, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Languages, ModelFault> {
        bytes.strip_prefix(MAGIC).ok_or(ModelFault::NoModel)?;
        let (header, weights): (Header, _) = container::read(bytes, MAGIC.len())?;
        let codes: Vec<Code> = header.languages.iter().filter_map(|code| Code::of(code)).collect();
        let count = header.languages.len();
        let fits = codes.len() == count && header.biases.len() == count && header.scales.len() == 1;
        if !fits || !(2..=MOST).contains(&count) || weights.len() != MOST << BITS {
            return Err(ModelFault::Damaged);
        }
        let table = weights.as_chunks::<MOST>().0.iter().map(|place| place.map(u8::cast_signed)).collect();
        Ok(Languages { header, codes, table })
    }
}

#[cfg(test)]
#[path = "language_tests.rs"]
mod tests;

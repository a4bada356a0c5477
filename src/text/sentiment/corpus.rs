//! Labelled texts: `neg|neu|pos<TAB>text`, one per line, plain or compressed; and the held-out parts.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

use crate::packed::unpacked;
use orszem_records::class::Class;

/// A labelled text.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Its label.
    pub class: Class,
    /// The text, with the escapes of data sets decoded.
    pub text: String,
    /// The year of the text, if the data set tells it.
    pub year: Option<u16>,
}

/// Why a file of labelled texts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CorpusFault {
    /// It cannot be read.
    #[error("cannot read {}", .0.display())]
    Read(PathBuf, #[source] io::Error),
    /// Lines are not `neg|neu|pos<TAB>text`.
    #[error("{}", describe(.path, .lines, *.count))]
    Lines {
        /// The file.
        path: PathBuf,
        /// The first invalid lines, numbered from 1, and what is wrong with each.
        lines: Vec<(usize, String)>,
        /// How many there are.
        count: usize,
    },
    /// It has no texts.
    #[error("{} has no texts", .0.display())]
    Empty(PathBuf),
    /// A file of years does not match its texts.
    #[error("{} must have a line for each of the {texts} texts that begins with a year", .path.display())]
    Years {
        /// The file of years.
        path: PathBuf,
        /// How many texts there are.
        texts: usize,
    },
}

/// The maximum number of reported invalid lines.
const TOLD: usize = 5;
/// The maximum number of shown characters of each.
const SHOWN: usize = 40;

fn describe(path: &Path, lines: &[(usize, String)], count: usize) -> String {
    let mut text: String =
        lines.iter().map(|(line, wrong)| format!("{} line {line}: {wrong}\n", path.display())).collect();
    if count > lines.len() {
        text += &format!("and {} more such lines\n", count - lines.len());
    }
    text + "expected neg, neu or pos, a tab, and a text on each line"
}

/// Reads a file of labelled texts, compressed or not. `open` opens it, since this crate opens no files itself.
///
/// # Errors
/// When the file cannot be read, has invalid lines, or has no texts.
pub fn read<R: Read + 'static>(
    path: &Path,
    open: impl FnOnce(&Path) -> io::Result<R>,
) -> Result<Vec<Example>, CorpusFault> {
    let failed = |fault| CorpusFault::Read(path.to_owned(), fault);
    let (mut examples, mut wrong, mut count) = (Vec::new(), Vec::new(), 0);
    for (number, line) in (1..).zip(open(path).and_then(unpacked).map_err(failed)?.split(b'\n')) {
        let line = line.map_err(failed)?;
        match example(line.strip_prefix(b"\xef\xbb\xbf".as_slice()).filter(|_| number == 1).unwrap_or(&line)) {
            Ok(example) => examples.extend(example),
            Err(fault) => {
                count += 1;
                if wrong.len() < TOLD {
                    wrong.push((number, fault));
                }
            }
        }
    }
    if count > 0 {
        return Err(CorpusFault::Lines { path: path.to_owned(), lines: wrong, count });
    }
    if examples.is_empty() {
        return Err(CorpusFault::Empty(path.to_owned()));
    }
    Ok(examples)
}

/// Adds their years to texts. The file `path` has a line for each text, which begins with the year ("2016test").
///
/// # Errors
/// When the file cannot be read, or a line is missing or does not begin with a year.
pub fn date<R: Read + 'static>(
    examples: &mut [Example],
    path: &Path,
    open: impl FnOnce(&Path) -> io::Result<R>,
) -> Result<(), CorpusFault> {
    let failed = |fault| CorpusFault::Read(path.to_owned(), fault);
    let lines: Vec<String> = open(path).and_then(unpacked).and_then(|file| file.lines().collect()).map_err(failed)?;
    let years: Vec<u16> = lines.iter().map_while(|line| line.get(..4)?.parse().ok()).collect();
    if years.len() != examples.len() || lines.len() != examples.len() {
        return Err(CorpusFault::Years { path: path.to_owned(), texts: examples.len() });
    }
    examples.iter_mut().zip(years).for_each(|(example, year)| example.year = Some(year));
    Ok(())
}

/// The example on a line, `None` for an empty line, or what is wrong with it.
fn example(line: &[u8]) -> Result<Option<Example>, String> {
    let line = str::from_utf8(line).map_err(|fault| format!("invalid UTF-8 from byte {}", fault.valid_up_to() + 1))?;
    if line.trim().is_empty() {
        return Ok(None);
    }
    let line = line.trim_end_matches('\r');
    let found = |text: &str| format!("{:?}", text.chars().take(SHOWN).collect::<String>());
    let (label, text) = line.split_once('\t').ok_or_else(|| format!("no tab in {}", found(line)))?;
    let class = Class::from_label(label).ok_or_else(|| format!("the label {} is not neg, neu or pos", found(label)))?;
    Ok(Some(Example { class, text: unescaped(text).into_owned(), year: None }))
}

/// Decodes the escapes of data sets and exports: `\u002c`, `&amp;` and the like.
pub fn unescaped(text: &str) -> Cow<'_, str> {
    const MARKS: [(&str, &str); 6] =
        [("&gt;", ">"), ("&lt;", "<"), ("&quot;", "\""), ("&#39;", "'"), ("\\\"\"", "\""), ("&amp;", "&")];
    let mut plain = Cow::Borrowed(text);
    if memchr::memchr2(b'&', b'\\', text.as_bytes()).is_none() {
        return plain;
    }
    if text.contains("\\u") {
        plain = Cow::Owned(without_codes(text));
    }
    for (escape, mark) in MARKS {
        if plain.contains(escape) {
            plain = Cow::Owned(plain.replace(escape, mark));
        }
    }
    plain
}

fn without_codes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\u") {
        plain.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.and_then(char::from_u32) {
            Some(character) => {
                plain.push(character);
                rest = &rest[at + 6..];
            }
            None => {
                plain.push_str("\\u");
                rest = &rest[at + 2..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// The words that identify a text: without handles, links, case and punctuation.
fn words(text: &str) -> Vec<String> {
    let told = text.split_whitespace().filter(|word| !word.starts_with('@') && !word.starts_with("http"));
    let parts = told.flat_map(|word| word.split(|character: char| !character.is_alphanumeric()));
    parts.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn key(words: &[String]) -> u64 {
    xxh3_64(words.join(" ").as_bytes())
}

/// The use of a text. It depends only on its words, so that the same text in two files has the same use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Training: eight in ten.
    Training,
    /// Calibration of probabilities: one in ten.
    Calibration,
    /// Evaluation: one in ten, never used for training.
    HeldOut,
}

impl Part {
    /// The part of a text.
    pub fn of(text: &str) -> Part {
        match key(&words(text)) % 10 {
            0 => Part::HeldOut,
            1 => Part::Calibration,
            _ => Part::Training,
        }
    }
}

/// Texts that must be kept out of training. Data sets contain copies: a third of SemEval's "validation" is in its
/// "training".
#[derive(Clone, Debug, Default)]
pub struct Apart(HashSet<u64>);

/// The number of consecutive words that two texts hardly share by chance.
const SHINGLE: usize = 6;

fn shingles(text: &str) -> Vec<u64> {
    let words = words(text);
    if words.len() < SHINGLE {
        return vec![key(&words)];
    }
    words.windows(SHINGLE).map(key).collect()
}

impl Apart {
    /// Keeps a text out of training.
    pub fn add(&mut self, text: &str) {
        self.0.extend(shingles(text));
    }

    /// Whether a text is a copy of a kept-out text, or similar: a quarter of its sequences of six words are in one.
    pub fn is_close(&self, text: &str) -> bool {
        let shingles = shingles(text);
        let shared = shingles.iter().filter(|shingle| self.0.contains(shingle)).count();
        shared > 0 && shared * 4 >= shingles.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_copies_are_known_and_lie_on_one_side() {
        let mut apart = Apart::default();
        apart.add("@user The flight was late again and nobody told us why http://t.co/x");
        assert!(apart.is_close("RT the flight was LATE again, and nobody told us why!"));
        assert!(!apart.is_close("The flight was on time and everybody was happy with it"));
        assert_eq!(Part::of("@a Hello, world"), Part::of("hello world http://x"));
    }

    #[test]
    fn every_line_is_read_or_reported() {
        let path = Path::new("texts.tsv");
        let read = |bytes: &[u8]| {
            let bytes = io::Cursor::new(bytes.to_vec());
            read(path, |_| Ok(bytes)).map_err(|fault| fault.to_string())
        };
        let texts = read("\u{feff}neg\trossz\r\n\r\npos\tjó\tnagyon\n".as_bytes()).unwrap();
        let texts: Vec<_> = texts.iter().map(|example| (example.class, &*example.text)).collect();
        assert_eq!(texts, [(Class::Negative, "rossz"), (Class::Positive, "jó\tnagyon")]);
        let fault = read(b"neg\tbad\nnegative\tbad\nneg bad\npos\t\xff\nx\nx\nx\nx\n").unwrap_err();
        let name = path.display().to_string();
        for told in [
            "line 2: the label \"negative\" is not neg, neu or pos",
            "line 3: no tab in \"neg bad\"",
            "line 4: invalid UTF-8 from byte 5",
            "and 2 more such lines",
        ] {
            assert!(fault.contains(told) && fault.contains(&name), "{fault}");
        }
        assert!(read(b"\n").unwrap_err().ends_with("has no texts"));
    }

    #[test]
    fn every_text_gets_its_year_or_the_file_is_refused() {
        let dated = |years: &'static str| {
            let example = |text: &str| Example { class: Class::Neutral, text: text.into(), year: None };
            let mut examples = [example("one"), example("two")];
            let read = date(&mut examples, Path::new("years.txt"), |_| Ok(io::Cursor::new(years.as_bytes())));
            read.map(|()| examples.map(|example| example.year)).map_err(|fault| fault.to_string())
        };
        assert_eq!(dated("2013train\n2016\n"), Ok([Some(2013), Some(2016)]));
        for wrong in ["2013\n", "2013\n2014\n2015\n", "2013\nx\n"] {
            assert!(dated(wrong).unwrap_err().contains("each of the 2 texts"), "{wrong}");
        }
    }

    #[test]
    fn escapes_are_undone_once() {
        assert_eq!(unescaped(r"a\u002c b &amp;lt; \uZZ"), r"a, b &lt; \uZZ");
    }
}

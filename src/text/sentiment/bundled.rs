//! The training of the built-in models: one command reproduces them, byte for byte.

use std::io::{self, Read};
use std::path::Path;

use super::corpus::{Apart, CorpusFault, Example, date, read};
use super::language::Languages;
use super::learn::{TrainFault, confusion};
use super::measure::Judged;
use super::model::{HeldOut, Model};
use super::neutral::from_english;
use super::prior::Prior;
use super::texts::Kind;
use super::train::{train, train_with};
use orszem_records::class::Class;
use orszem_records::language_code::Code;

/// The languages of the detector, and their files.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("en", &[ENGLISH]),
    ("hu", HUNGARIAN),
    ("de", &["de-train-tweets"]),
    ("sk", &["sk-train-tweets"]),
    ("pl", &["pl-train-tweets"]),
    ("sv", &["sv-train-tweets"]),
    ("es", &["es-train-tweets"]),
    ("bg", &["bg-train-tweets"]),
    ("hr", &["hr-train-tweets"]),
    ("sl", &["sl-train-tweets"]),
];
const ENGLISH: &str = "en-train";
const HUNGARIAN: &[&str] = &["hu-train-reviews", "hu-train-news", "hu-train-tweets"];
/// Texts that must not be used for training, nor similar ones.
const APART: &[&str] = &["en-val"];

/// Why the models cannot be trained.
#[derive(Debug, thiserror::Error)]
pub enum ShippedFault {
    /// A file of texts.
    #[error(transparent)]
    Corpus(#[from] CorpusFault),
    /// The built-in words.
    #[error("the built-in words cannot be read")]
    Words(#[from] io::Error),
    /// Training.
    #[error(transparent)]
    Train(#[from] TrainFault),
}

fn apart<R: Read + 'static>(folder: &Path, open: impl Fn(&Path) -> io::Result<R>) -> Result<Apart, CorpusFault> {
    let mut apart = Apart::default();
    for name in APART {
        let texts = read(&folder.join(format!("{name}.tsv.gz")), &open)?;
        texts.iter().for_each(|example| apart.add(&example.text));
    }
    Ok(apart)
}

fn dated_english<R: Read + 'static>(
    folder: &Path,
    open: impl Fn(&Path) -> io::Result<R>,
) -> Result<Vec<Example>, CorpusFault> {
    let mut examples = read(&folder.join(format!("{ENGLISH}.tsv.gz")), &open)?;
    date(&mut examples, &folder.join(format!("{ENGLISH}-years.txt.gz")), &open)?;
    Ok(examples)
}

/// The English model as it would be without the texts of one year, and these texts: how good such models are on a year
/// that they have not seen. Also calibration does without that year.
///
/// # Errors
/// When a set cannot be read, or the other years are not enough for training.
pub fn english_without<R: Read + 'static>(
    year: u16,
    folder: &Path,
    open: impl Fn(&Path) -> io::Result<R>,
) -> Result<(Model, Vec<Example>), ShippedFault> {
    let mut apart = apart(folder, &open)?;
    let (texts, examples): (Vec<Example>, Vec<Example>) =
        dated_english(folder, &open)?.into_iter().partition(|example| example.year == Some(year));
    texts.iter().for_each(|example| apart.add(&example.text));
    let kind = Kind { name: ENGLISH.to_owned(), examples };
    Ok((train_with(&[kind], &Prior::english()?, apart)?.model, texts))
}

/// English tweets of 2016, judged as Hungarian tweets are: by a model of tweets for and against, and by marks.
///
/// # Errors
/// When the set cannot be read.
pub fn english_as_hungarian<R: Read + 'static>(
    folder: &Path,
    open: impl Fn(&Path) -> io::Result<R>,
) -> Result<Vec<Judged>, ShippedFault> {
    let examples = dated_english(folder, &open)?;
    let from_english = from_english(&examples);
    let judged = examples
        .iter()
        .filter(|example| example.year == Some(2016))
        .map(|example| Judged { truth: example.class, probabilities: from_english.probabilities(&example.text) });
    Ok(judged.collect())
}

/// The judgements of texts, by label and class.
fn left_out(texts: &[Example], judge: impl Fn(&str) -> Option<[f32; 3]>) -> [[u32; 3]; 3] {
    let mut judged = [[0; 3]; 3];
    for example in texts {
        let Some(probabilities) = judge(&example.text) else { continue };
        judged[example.class.index()][Class::counted(probabilities).index()] += 1;
    }
    judged
}

/// How models that were not trained on a kind of text judge it, for each kind with neutral texts.
fn sources_left_out(kinds: &[Kind], apart: Apart) -> Result<Vec<HeldOut>, TrainFault> {
    let mut held_out = Vec::new();
    for (number, kind) in kinds.iter().enumerate() {
        if !kind.examples.iter().any(|example| example.class == Class::Neutral) {
            continue;
        }
        let others: Vec<Kind> =
            kinds.iter().enumerate().filter(|(other, _)| *other != number).map(|(_, kind)| kind.clone()).collect();
        let mut apart = apart.clone();
        kind.examples.iter().for_each(|example| apart.add(&example.text));
        let model = train(&others, apart)?.model;
        let judged = left_out(&kind.examples, |text| model.probabilities(text, &[], &[]));
        held_out.push(HeldOut { kind: format!("{} left out", kind.name), judged });
    }
    Ok(held_out)
}

/// The files of all built-in models, by name, trained on the data sets in a folder. `open` opens a file, since this
/// crate opens no files itself.
///
/// # Errors
/// When a set cannot be read.
pub fn all<R: Read + 'static>(
    folder: &Path,
    open: impl Fn(&Path) -> io::Result<R>,
) -> Result<Vec<(&'static str, Vec<u8>)>, ShippedFault> {
    let examples = |name: &str| read(&folder.join(format!("{name}.tsv.gz")), &open);
    let mut sets: Vec<(Code, Vec<Example>)> = Vec::new();
    for (code, names) in LANGUAGES {
        let mut texts = Vec::new();
        for name in *names {
            texts.extend(examples(name)?);
        }
        sets.extend(Code::of(code).map(|code| (code, texts)));
    }
    let apart = || apart(folder, &open);
    let kind = |name: &str| Ok::<_, CorpusFault>(Kind { name: name.to_owned(), examples: examples(name)? });
    let dated = dated_english(folder, &open)?;
    let from_english = from_english(&dated);
    let dated_2016: Vec<Example> = dated.iter().filter(|example| example.year == Some(2016)).cloned().collect();
    let english = Kind { name: ENGLISH.to_owned(), examples: dated };
    let english = train_with(&[english], &Prior::english()?, apart()?)?;
    let kinds = HUNGARIAN.iter().map(|name| kind(name)).collect::<Result<Vec<_>, _>>()?;
    let tweets = left_out(&dated_2016, |text| Some(from_english.probabilities(text)));
    let mut hungarian = train_with(&kinds, &Prior::with_marks(from_english.by_marks, from_english.spread), apart()?)?;
    hungarian.model.header.held_out = sources_left_out(&kinds, apart()?)?;
    hungarian.model.header.held_out.push(HeldOut { kind: "tweets, English in their place".to_owned(), judged: tweets });
    hungarian.model.header.confusion = confusion(&hungarian.model.header.held_out, true);
    let with_own = |code: &Code| matches!(code.as_str(), "en" | "hu");
    let others = sets.iter().filter(|(code, _)| !with_own(code)).flat_map(|(_, texts)| texts.iter().cloned()).collect();
    let other = train(&[Kind { name: "tweets in eight languages".into(), examples: others }], apart()?)?;
    Ok(vec![
        ("en.model", english.model.to_bytes()),
        ("hu.model", hungarian.model.to_bytes()),
        ("other.model", other.model.to_bytes()),
        ("languages.model", Languages::train(&sets).to_bytes()),
    ])
}

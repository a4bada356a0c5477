//! The training of the built-in models: one command reproduces them, byte for byte.

use std::io::{self, Read};
use std::path::Path;

use super::corpus::{Apart, CorpusFault, Example, date, read};
use super::language::Languages;
use super::model::Model;
use super::prior::Prior;
use super::train::{Kind, TrainFault, train, train_with};
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
    let english = Kind { name: ENGLISH.to_owned(), examples: dated_english(folder, &open)? };
    let english = train_with(&[english], &Prior::english()?, apart()?)?;
    let hungarian = train(&HUNGARIAN.iter().map(|name| kind(name)).collect::<Result<Vec<_>, _>>()?, apart()?)?;
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

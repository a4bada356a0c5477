//! The models for a stream: one for each language with its own model, one for other languages, and the language
//! detector.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::bare_links::bare_links;
use super::container::ModelFault;
use super::denial::denied;
use super::features::features;
use super::language::{Guess, Languages};
use super::model::Model;
use crate::sentiment::Sentiment;
use orszem_records::class::Class;
use orszem_records::judgement::Confusion;
use orszem_records::judgement::{Basis, Judgement};
use orszem_records::language_code::Code;

/// A record's language is used unless the text is in another one with more than this (log odds).
const CONTRADICTS: f32 = 2.0;
/// The same if the detector does not know the record's language: then the likeliest of the wrong languages always looks
/// likely.
const CONTRADICTS_UNKNOWN: f32 = 5.0;
/// The same if no detector here knows it: related languages look likelier still.
const CONTRADICTS_ALL: f32 = 10.0;
/// If the record has no language, a text whose language leads by less is in an unknown language.
const PLAIN: f32 = 0.4;

/// A guess with a smaller lead needs a second opinion: of a detector that knows most languages that look like this one.
const SURE: f32 = 4.0;
/// The same if the other detector does not know the guessed language: what it says is then of little use.
const SURE_ALONE: f32 = 0.6;
/// The only language of its script that the detector knows: a text in this script may be in any other.
const ALONE_IN_SCRIPT: [u8; 2] = *b"bg";
/// What is judged of a text that only denies a complaint.
const DENIED: [f32; 3] = [0.05, 0.9, 0.05];

/// Models by language. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Models {
    languages: Arc<Languages>,
    own: BTreeMap<[u8; 2], Arc<Model>>,
    other: Arc<Model>,
}

impl Models {
    /// The built-in models.
    ///
    /// # Errors
    /// Never, once the tests have passed: they are part of the program.
    pub fn shipped() -> Result<Models, ModelFault> {
        let model = |bytes| Model::from_bytes(bytes).map(Arc::new);
        let english = model(include_bytes!("../../../models/en.model"))?;
        let hungarian = model(include_bytes!("../../../models/hu.model"))?;
        Ok(Models {
            languages: Arc::new(Languages::from_bytes(include_bytes!("../../../models/languages.model"))?),
            own: BTreeMap::from([(*b"en", english), (*b"hu", hungarian)]),
            other: model(include_bytes!("../../../models/other.model"))?,
        })
    }

    /// The same models, with another one for a language.
    #[must_use]
    pub fn with(mut self, code: Code, model: Model) -> Models {
        self.own.insert(code.letters(), Arc::new(model));
        self
    }

    /// The model for a language, and its basis; `None` for languages without a model.
    fn model(&self, code: Option<Code>) -> Option<(&Model, Basis)> {
        let code = code?;
        match self.own.get(&code.letters()) {
            Some(model) => Some((model, Basis::Own)),
            None => self.languages.knows(code).then_some((&*self.other, Basis::Multilingual)),
        }
    }
}

/// Whether a guess of our detector stands: that of a language that it does not know looks like one that it knows.
fn stands(guess: Guess, text: &str) -> bool {
    let code = guess.code.as_str();
    let is_sure = |lead: f32| guess.lead >= lead;
    is_sure(SURE) || (is_sure(SURE_ALONE) && !has_opinion_on(guess.code)) || second_opinion(text) == Some(code)
}

/// The language by a detector of sixteen languages, ours not among all of them.
fn second_opinion(text: &str) -> Option<&'static str> {
    use whichlang::Lang;
    let language = match whichlang::detect_language(text) {
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Fra => "fr",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
        // A script of their own says these.
        _ => return None,
    };
    Some(language)
}

/// Whether the second detector knows this language.
fn has_opinion_on(code: Code) -> bool {
    matches!(code.as_str(), "de" | "en" | "es" | "sv" | "fr" | "it" | "nl" | "pt" | "tr" | "vi")
}

impl Sentiment for Models {
    fn language(&self, text: &str, said: Option<&str>) -> Option<Code> {
        let said = said.and_then(Code::of);
        let guess = self.languages.guess(text);
        match (said, guess) {
            (Some(said), Some(guess)) if guess.code != said => {
                let limit = match said {
                    _ if self.languages.knows(said) => CONTRADICTS,
                    _ if guess.code.letters() == ALONE_IN_SCRIPT => return Some(said),
                    _ if has_opinion_on(said) => CONTRADICTS_UNKNOWN,
                    _ => CONTRADICTS_ALL,
                };
                Some(if guess.lead > limit && stands(guess, text) { guess.code } else { said })
            }
            (said @ Some(_), _) => said,
            (None, guess) => guess.filter(|guess| guess.lead >= PLAIN && stands(*guess, text)).map(|guess| guess.code),
        }
    }

    fn judge(
        &self,
        text: &str,
        language: Option<Code>,
        target: &[Range<usize>],
        out_of_scope: &[Range<usize>],
    ) -> Judgement {
        let wordless = Judgement { language, basis: Basis::Wordless, ..Judgement::UNKNOWN };
        let Some((model, basis)) = self.model(language) else {
            return match features(text, target, out_of_scope, &mut |_| {}).words {
                0 => wordless,
                _ => Judgement { language, ..Judgement::UNKNOWN },
            };
        };
        let Some(probabilities) = model.probabilities(text, target, out_of_scope) else { return wordless };
        if is_link_alone(text, target, out_of_scope) {
            return wordless;
        }
        let probabilities = undenied(model, probabilities, text, language, target, out_of_scope);
        let class = Class::likeliest(probabilities);
        // Halves up, without a call.
        let mistaken = (model.header().confusion.mistaken.clamp(0.0, 1.0) * 1000.0 + 0.5) as u16;
        Judgement { class, confidence: probabilities[class.index()], probabilities, language, basis, mistaken }
    }

    fn error(&self, lang: &str) -> Option<Confusion> {
        self.model(Code::of(lang)).map(|(model, _)| model.header().confusion)
    }
}

/// Ranges that are left out of a text, with more of them; sorted.
fn with(out_of_scope: &[Range<usize>], more: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut all = [out_of_scope, &more].concat();
    all.sort_unstable_by_key(|range| range.start);
    all
}

/// Whether no word is left beside links that are written without their scheme.
fn is_link_alone(text: &str, target: &[Range<usize>], out_of_scope: &[Range<usize>]) -> bool {
    if !text.contains('.') {
        return false;
    }
    let links: Vec<Range<usize>> = bare_links(text).collect();
    // Most texts with a link have words before it.
    !links.is_empty() && features(text, target, &with(out_of_scope, links), &mut |_| {}).words == 0
}

/// What a text says that was judged negative, without the complaints that it denies.
fn undenied(
    model: &Model,
    judged: [f32; 3],
    text: &str,
    language: Option<Code>,
    target: &[Range<usize>],
    out_of_scope: &[Range<usize>],
) -> [f32; 3] {
    let is_negative = |judged| [Class::counted(judged), Class::likeliest(judged)].contains(&Class::Negative);
    let Some(language) = language.filter(|_| is_negative(judged)) else { return judged };
    let denied = denied(text, language.as_str());
    if denied.is_empty() {
        return judged;
    }
    match model.probabilities(text, target, &with(out_of_scope, denied)) {
        None => DENIED,
        Some(rest) if rest[0] < judged[0] => rest,
        Some(_) => judged,
    }
}

#[cfg(test)]
#[path = "models_tests.rs"]
mod tests;

//! The models for a stream: one for each language with its own model, one for other languages, and the language
//! detector.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::container::ModelFault;
use super::features::features;
use super::language::Languages;
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
/// If the record has no language, a text whose language leads by less is in an unknown language.
const PLAIN: f32 = 0.4;

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

impl Sentiment for Models {
    fn language(&self, text: &str, said: Option<&str>) -> Option<Code> {
        let said = said.and_then(Code::of);
        let guess = self.languages.guess(text);
        match (said, guess) {
            (Some(said), Some(guess)) => {
                let limit = if self.languages.knows(said) { CONTRADICTS } else { CONTRADICTS_UNKNOWN };
                Some(if guess.lead > limit { guess.code } else { said })
            }
            (said @ Some(_), None) => said,
            (None, guess) => guess.filter(|guess| guess.lead >= PLAIN).map(|guess| guess.code),
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
        let class = Class::likeliest(probabilities);
        // Halves up, without a call.
        let mistaken = (model.header().confusion.mistaken.clamp(0.0, 1.0) * 1000.0 + 0.5) as u16;
        Judgement { class, confidence: probabilities[class.index()], probabilities, language, basis, mistaken }
    }

    fn error(&self, lang: &str) -> Option<Confusion> {
        self.model(Code::of(lang)).map(|(model, _)| model.header().confusion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    static MODELS: LazyLock<Models> = LazyLock::new(|| Models::shipped().unwrap());

    fn class(text: &str, lang: Option<&str>) -> Class {
        MODELS.judge(text, MODELS.language(text, lang), &[], &[]).class
    }

    #[test]
    fn a_screen_full_of_emoji_does_not_outvote_the_words() {
        for emoji in ["🚨", "🎉", "❤"] {
            let text = format!("Veltaro is terrible, awful. {}", emoji.repeat(10_000));
            assert_eq!(class(&text, Some("en")), Class::Negative, "{emoji}");
        }
    }

    #[test]
    fn a_language_that_no_model_has_seen_is_neutral_and_unsure() {
        let judgement = MODELS.judge("kamala", MODELS.language("kamala", Some("fi")), &[], &[]);
        assert_eq!(judgement, Judgement { language: Code::of("fi"), ..Judgement::UNKNOWN });
        assert_eq!(judgement.class, Class::Neutral);
        assert_eq!(MODELS.error("fi"), None);
    }

    #[test]
    fn where_no_word_is_left_nothing_is_judged() {
        let name = "Terrible Bank";
        for (text, lang) in [(name, Some("en")), ("Terrible Bank \u{1f621} https://t.co/x", None), ("2024", Some("fi"))]
        {
            let target = if text.starts_with(name) { 0..name.len() } else { 0..0 };
            let judgement = MODELS.judge(text, MODELS.language(text, lang), &[target], &[]);
            assert_eq!((judgement.basis, judgement.class), (Basis::Wordless, Class::Neutral), "{text}");
        }
        let bank = 0..name.len();
        let judgement = MODELS.judge("Terrible Bank sucks", Code::of("en"), std::slice::from_ref(&bank), &[]);
        assert_eq!((judgement.basis, judgement.class), (Basis::Own, Class::Negative));
    }

    #[test]
    fn a_language_without_a_model_of_its_own_is_marked() {
        let german = "Das ist wirklich eine ganz schlimme Katastrophe, schade";
        let judgement = MODELS.judge(german, MODELS.language(german, Some("de")), &[], &[]);
        assert_eq!((judgement.class, judgement.basis), (Class::Negative, Basis::Multilingual));
    }

    #[test]
    fn a_record_is_believed_until_its_text_contradicts_it() {
        let hungarian = "Ez a legrosszabb légitársaság, soha többet nem utazom velük";
        assert_eq!(MODELS.language(hungarian, Some("en")), Code::of("hu"));
        assert_eq!(MODELS.language(hungarian, None), Code::of("hu"));
        assert_eq!(MODELS.language("ok", Some("hu")), Code::of("hu"));
        assert_eq!(MODELS.language("ok", None), None);
    }

    #[test]
    fn errors_are_measured_and_bearable() {
        for lang in ["en", "hu"] {
            let error = MODELS.error(lang).unwrap();
            assert!(error.found > 0.55 && error.mistaken < 0.3, "{lang}: {error:?}");
        }
    }

    #[test]
    fn the_error_is_that_of_the_models() {
        let models = Models::shipped().unwrap();
        for (lang, stated) in [("en", Confusion::ENGLISH), ("hu", Confusion::HUNGARIAN)] {
            let measured = models.error(lang).unwrap();
            assert!((measured.found - stated.found).abs() < 0.01, "{measured:?} is stated as {stated:?}");
            assert!((measured.mistaken - stated.mistaken).abs() < 0.01, "{measured:?} is stated as {stated:?}");
        }
    }
}

//! The models that a configuration asks for: those that come with the program, and the user's own.

use std::path::Path;

use orszem_records::language_code::Code;
use orszem_text::sentiment::{Model, Models};

use orszem_core::settings::{OwnModel, Sentiment};

/// The largest file that is read as a model, in bytes; a trained one has 2 MB at most.
const LARGEST: u64 = 1 << 27;

/// Reads a model from its file. The fault names no file: the caller knows it.
pub fn read(path: &Path) -> Result<Model, String> {
    let about = std::fs::metadata(path).map_err(|fault| format!("cannot be read: {fault}"))?;
    if !about.is_file() || about.len() > LARGEST {
        return Err("is not a regular file of the size of a model".into());
    }
    let bytes = std::fs::read(path).map_err(|fault| format!("cannot be read: {fault}"))?;
    Model::from_bytes(&bytes).map_err(|fault| fault.to_string())
}

/// Loads the models that these settings ask for: reads files.
///
/// # Errors
/// The file that is no model, and why.
pub fn load(settings: &Sentiment) -> Result<Models, String> {
    let mut models = Models::shipped().map_err(|fault| format!("a model of the program {fault}"))?;
    for OwnModel { lang, file } in &settings.models {
        let code = Code::of(lang).ok_or_else(|| format!("{lang:?} is not a language"))?;
        let model = read(file).map_err(|fault| format!("the model {} {fault}", file.display()))?;
        models = models.with(code, model);
    }
    Ok(models)
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_text::sentiment::Sentiment as _;

    #[test]
    fn a_model_of_ones_own_judges_its_language_and_no_other() {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
        let own = |lang: &str, file: &str| OwnModel { lang: lang.into(), file: shipped.join(file) };
        let text = "Ez borzasztó, felháborító és szörnyű.";
        let judged = |models: &[OwnModel], lang: &str| {
            let sentiment = Sentiment { models: models.to_vec(), ..Sentiment::default() };
            load(&sentiment).unwrap().judge(text, Code::of(lang), &[], &[])
        };
        let [hungarian, english] = ["hu", "en"].map(|lang| judged(&[], lang));
        assert_ne!(hungarian.probabilities, english.probabilities);
        let swapped = [own("hu", "en.model"), own("fi", "hu.model")];
        assert_eq!(judged(&swapped, "hu").probabilities, english.probabilities);
        assert_eq!(judged(&swapped, "fi").probabilities, hungarian.probabilities);
        assert_eq!(judged(&swapped, "en"), english);

        let fault = |file: &str| {
            let sentiment = Sentiment { models: vec![own("hu", file)], ..Sentiment::default() };
            load(&sentiment).err().unwrap()
        };
        assert!(fault("README.md").ends_with("README.md is not a sentiment model of orszem"));
        assert!(fault("none.model").contains("none.model cannot be read"));
        assert!(fault(".").contains("is not a regular file"));
    }
}

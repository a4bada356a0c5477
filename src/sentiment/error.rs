//! How often the classifier is wrong: measured, so that detection can allow for it and every alert can say so.

/// What a classifier makes of negative texts and of others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confusion {
    /// The share of negative texts that it finds.
    pub found: f64,
    /// The share of other texts that it takes for negative.
    pub mistaken: f64,
}

impl Confusion {
    /// That of the lexicon on English: `en-val`, 2,000 tweets, none of which was used to make it.
    pub const ENGLISH: Confusion = Confusion { found: 0.64, mistaken: 0.16 };
    /// That of the lexicon on Hungarian: `hu-train-reviews`, 8,442 sentences of film reviews, likewise.
    pub const HUNGARIAN: Confusion = Confusion { found: 0.22, mistaken: 0.10 };

    /// What detection reckons with: a watch's mentions may be in either language.
    pub const MISTAKEN: f64 = (Confusion::ENGLISH.mistaken + Confusion::HUNGARIAN.mistaken) / 2.0;

    /// The error in one sentence, for alerts.
    pub fn words() -> String {
        let (en, hu) = (Confusion::ENGLISH, Confusion::HUNGARIAN);
        let percent = |share: f64| format!("{:.0}", share * 100.0);
        format!(
            "finds {} of 100 negative mentions in English, {} in Hungarian; takes {} and {} of 100 others for negative",
            percent(en.found),
            percent(hu.found),
            percent(en.mistaken),
            percent(hu.mistaken)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentiment::{Class, Lexicon, Sentiment};
    use std::io::Read;

    fn measured(file: &str, lang: &str) -> Confusion {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/sentiment").join(file);
        let mut text = String::new();
        flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
        let lexicon = Lexicon::new();
        let (mut negatives, mut others) = ((0.0, 0.0), (0.0, 0.0));
        for (label, text) in text.lines().filter_map(|line| line.split_once('\t')) {
            let judged = lexicon.judge(text, Some(lang), &[]).class == Class::Negative;
            let (all, hit) = if label == "neg" { &mut negatives } else { &mut others };
            *all += 1.0;
            *hit += f64::from(u8::from(judged));
        }
        Confusion { found: negatives.1 / negatives.0, mistaken: others.1 / others.0 }
    }

    #[test]
    fn the_error_is_as_measured() {
        let english = (measured("en-val.tsv.gz", "en"), Confusion::ENGLISH);
        let hungarian = (measured("hu-train-reviews.tsv.gz", "hu"), Confusion::HUNGARIAN);
        for (measured, stated) in [english, hungarian] {
            assert!((measured.found - stated.found).abs() < 0.01, "{measured:?} is stated as {stated:?}");
            assert!((measured.mistaken - stated.mistaken).abs() < 0.01, "{measured:?} is stated as {stated:?}");
        }
    }
}

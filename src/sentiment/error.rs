//! How often the classifier is wrong: measured, so that detection can allow for it and every alert can say so.

use serde::{Deserialize, Serialize};

/// What a classifier makes of negative texts and of others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confusion {
    /// The share of negative texts that it finds.
    pub found: f64,
    /// The share of other texts that it takes for negative.
    pub mistaken: f64,
}

impl Confusion {
    /// That of the English model on what was held out of its tweets.
    pub const ENGLISH: Confusion = Confusion { found: 0.773, mistaken: 0.160 };
    /// That of the Hungarian model on what was held out of its reviews and news.
    pub const HUNGARIAN: Confusion = Confusion { found: 0.751, mistaken: 0.220 };

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
    use crate::sentiment::{Models, Sentiment};

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

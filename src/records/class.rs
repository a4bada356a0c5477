//! The three classes that a text is judged to be of.

use serde::{Deserialize, Serialize};

/// From this probability of negative on, a text counts as negative in detection.
///
/// Three times the usual negatives, which were a fifth of the mentions, stand out by a z that grows with
/// (found − mistaken) / √(s (1 − s)), where s is the share that is called negative. On tweets of 2016, by models
/// without that year, z is the same from .45 to .6 (3.03 at 100 mentions an hour, 6.1 at 400) and falls beyond. On
/// those of 2015 it is best from .35 to .45, as on Hungarian sources that were left out. By the likeliest class it is
/// 2.98 and 6.0.
pub const COUNTS_AS_NEGATIVE: f32 = 0.45;

/// The three classes of sentiment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Speaks against the watched name.
    Negative,
    /// Neither, or nothing here can tell.
    #[default]
    Neutral,
    /// Speaks for the watched name.
    Positive,
}

impl Class {
    /// All of them, in the order of their probabilities.
    pub const ALL: [Class; 3] = [Class::Negative, Class::Neutral, Class::Positive];

    /// Its place among probabilities.
    pub fn index(self) -> usize {
        match self {
            Class::Negative => 0,
            Class::Neutral => 1,
            Class::Positive => 2,
        }
    }

    /// The class with the highest probability; of equal ones the milder judgement.
    pub fn likeliest([negative, neutral, positive]: [f32; 3]) -> Class {
        if negative > neutral && negative > positive {
            Class::Negative
        } else if positive > neutral && positive > negative {
            Class::Positive
        } else {
            Class::Neutral
        }
    }

    /// What a text with these probabilities counts as in detection. People are shown the likeliest class; what is
    /// counted as negative is set by what finds three times the negatives best ([`COUNTS_AS_NEGATIVE`]).
    pub fn counted([negative, neutral, positive]: [f32; 3]) -> Class {
        match () {
            () if negative >= COUNTS_AS_NEGATIVE => Class::Negative,
            () if positive > neutral => Class::Positive,
            () => Class::Neutral,
        }
    }

    /// As data sets write it: `neg`, `neu` or `pos`.
    pub fn label(self) -> &'static str {
        match self {
            Class::Negative => "neg",
            Class::Neutral => "neu",
            Class::Positive => "pos",
        }
    }

    /// The class that data sets write so.
    pub fn from_label(label: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.label() == label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_and_what_counts_may_differ() {
        let both = |probabilities| (Class::likeliest(probabilities), Class::counted(probabilities));
        assert_eq!(both([0.40, 0.35, 0.25]), (Class::Negative, Class::Neutral));
        assert_eq!(both([0.40, 0.28, 0.32]), (Class::Negative, Class::Positive));
        assert_eq!(both([0.46, 0.04, 0.50]), (Class::Positive, Class::Negative));
        assert_eq!(both([0.0, 1.0, 0.0]), (Class::Neutral, Class::Neutral));
    }
}

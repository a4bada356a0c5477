//! The three classes that a text is judged to be of.

use serde::{Deserialize, Serialize};

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

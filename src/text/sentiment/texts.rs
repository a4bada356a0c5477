//! Labelled texts as training reads them: their features, and the numbers of the known ones.

use super::corpus::Example;
use super::features::features;
use super::fit::{Row, Settings};
use super::vocabulary::Vocabulary;
use orszem_records::class::Class;

/// How weights of sentiment are fitted.
pub(super) const TEXTS: Settings = Settings { features: 0, epochs: 8, rate: 0.07, damping: 1e-2, decay: 1e-3 };

/// Labelled texts of one kind.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Its name in the model.
    pub name: String,
    /// Its texts.
    pub examples: Vec<Example>,
}

/// The features of texts, one after the other.
#[derive(Default)]
pub(super) struct Texts {
    features: Vec<u32>,
    /// Where each text ends, with its class.
    pub(super) ends: Vec<(usize, Class)>,
}

impl Texts {
    pub(super) fn add(&mut self, example: &Example) {
        features(&example.text, &[], &[], &mut |features| self.features.extend_from_slice(features));
        self.ends.push((self.features.len(), example.class));
    }

    /// Whether there is a text of this class.
    pub(super) fn have(&self, wanted: Class) -> bool {
        self.ends.iter().any(|(_, class)| *class == wanted)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u32], Class)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(end, _)| *end));
        starts.zip(&self.ends).map(|(start, (end, class))| (&self.features[start..*end], *class))
    }

    pub(super) fn numbered(&self, vocabulary: &Vocabulary) -> Numbered {
        let mut numbered = Numbered::default();
        for (features, class) in self.iter() {
            numbered.numbers.extend(features.iter().filter_map(|feature| vocabulary.number(*feature)));
            numbered.ends.push((numbered.numbers.len(), features.len() as u32, class));
        }
        numbered
    }
}

/// The numbers of the known features of texts, one text after the other.
#[derive(Default)]
pub(super) struct Numbered {
    numbers: Vec<u32>,
    /// Where each text ends, how many features it has, and its class.
    pub(super) ends: Vec<(usize, u32, Class)>,
}

impl Numbered {
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(end, ..)| *end));
        starts.zip(&self.ends).map(|(start, (end, count, class))| Row {
            class: class.index(),
            features: &self.numbers[start..*end],
            count: *count,
        })
    }
}

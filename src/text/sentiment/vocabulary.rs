//! The features that a model learns: those that occur in at least two texts, and the words of lists.
//!
//! A feature of a single text does not generalise, and would only take the slot of a useful one.

use std::collections::BTreeMap;

/// Numbered features.
pub(super) struct Vocabulary {
    /// Sorted, with the number of texts; the number of a feature is its index here.
    features: Vec<(u32, u32)>,
}

impl Vocabulary {
    /// The features of at least `least` texts, and the `listed` ones.
    pub(super) fn of<'a>(
        texts: impl Iterator<Item = &'a [u32]>,
        least: u32,
        listed: impl Iterator<Item = u32>,
    ) -> Vocabulary {
        let mut all: Vec<u32> = Vec::new();
        for text in texts {
            let mut once = text.to_vec();
            once.sort_unstable();
            once.dedup();
            all.extend(once);
        }
        all.sort_unstable();
        let mut features: BTreeMap<u32, u32> = listed.map(|feature| (feature, 0)).collect();
        for row in all.chunk_by(|one, other| one == other) {
            let texts = row.len() as u32;
            if texts >= least || features.contains_key(&row[0]) {
                features.insert(row[0], texts);
            }
        }
        Vocabulary { features: features.into_iter().collect() }
    }

    /// The number of features.
    pub(super) fn len(&self) -> usize {
        self.features.len()
    }

    /// The number of a feature, if it is known.
    pub(super) fn number(&self, feature: u32) -> Option<u32> {
        self.features.binary_search_by_key(&feature, |(known, _)| *known).ok().map(|number| number as u32)
    }

    /// The features in order of their numbers, each with the number of its texts.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        self.features.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_text_has_is_unknown_unless_listed() {
        let texts: [&[u32]; 2] = [&[7, 3, 3, 9], &[3, 9]];
        let vocabulary = Vocabulary::of(texts.into_iter(), 2, [7, 1].into_iter());
        assert_eq!(vocabulary.iter().collect::<Vec<_>>(), [(1, 0), (3, 2), (7, 1), (9, 2)]);
        assert_eq!((vocabulary.number(7), vocabulary.number(2), vocabulary.len()), (Some(2), None, 4));
    }
}

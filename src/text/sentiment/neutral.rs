//! What is neutral, for a kind of text that has no neutral training texts: from marks that need no language.
//!
//! How strongly a text is for or against, how many words it has, links, handles and punctuation say in any language
//! whether it takes a side at all. How much each of them says is learnt from English tweets, which have neutral texts.
//! A model of Hungarian tweets brings how strongly they are for or against.

use super::by_marks::{ByMarks, MARKS, inputs, listed};
use super::corpus::Example;
use super::features::Marks;
use super::fit::{Row, Settings, fit};
use super::line::Line;
use super::numbers::{Dice, softmax, spread};
use super::prior::Prior;
use super::texts::{Numbered, TEXTS, Texts};
use super::vocabulary::Vocabulary;
use orszem_records::class::Class;

/// What English tweets teach.
pub(super) struct FromEnglish {
    /// What marks say; the kind is still to be set.
    pub(super) by_marks: ByMarks,
    /// How far texts that take a side are for or against, as a standard deviation.
    pub(super) spread: f32,
    against: Against,
}

/// As many texts for and against as there are Hungarian tweets.
const PLAYED: [usize; 2] = [1500, 5000];
/// The year of these texts.
const PLAYED_YEAR: u16 = 2013;
/// Texts up to this year teach what marks say.
const LAST_YEAR: u16 = 2015;

/// Learns it. English plays Hungarian: a model of as many texts for and against, without neutral ones, judges other
/// texts; what it says of them and their marks have to tell which are neutral.
pub(super) fn from_english(english: &[Example]) -> FromEnglish {
    let mut order: Vec<&Example> = english.iter().collect();
    Dice(3).shuffle(&mut order);
    let mut left = PLAYED;
    let (played, others): (Vec<&Example>, Vec<&Example>) = order.into_iter().partition(|example| {
        let left = match example.class {
            Class::Negative => &mut left[0],
            Class::Positive => &mut left[1],
            Class::Neutral => return false,
        };
        let is_played = example.year == Some(PLAYED_YEAR) && *left > 0;
        *left -= usize::from(is_played);
        is_played
    });
    let against = Against::of(&played);
    let others: Vec<(f32, i32, Marks, Class)> = others
        .into_iter()
        .filter(|example| example.year.is_some_and(|year| year <= LAST_YEAR))
        .map(|example| {
            let (of_text, listed, marks) = against.read(&example.text);
            (of_text, listed, marks, example.class)
        })
        .collect();
    let sided = others.iter().filter(|(.., class)| *class != Class::Neutral).map(|(against, ..)| *against);
    let spread = spread(&sided.collect::<Vec<_>>());
    let rows = others.iter().map(|(against, listed, marks, class)| (inputs(*against, *listed, marks), class.index()));
    FromEnglish { by_marks: fit_marks(&rows.collect::<Vec<_>>()), spread, against }
}

impl FromEnglish {
    /// The probabilities of an English text, judged as a Hungarian tweet is.
    pub(super) fn probabilities(&self, text: &str) -> [f32; 3] {
        let (against, listed, marks) = self.against.read(text);
        let [negative, positive] = self.by_marks.logits(against, listed, &marks);
        softmax([negative, 0.0, positive])
    }
}

/// A model of texts for and against.
struct Against {
    vocabulary: Vocabulary,
    prior: Prior,
    weights: Vec<f32>,
    bias: f32,
    line: Line,
}

impl Against {
    /// Nine in ten of the texts train it, the others calibrate it.
    fn of(examples: &[&Example]) -> Against {
        let prior = Prior::lists();
        let (mut texts, mut apart) = (Texts::default(), Vec::new());
        for (number, example) in examples.iter().enumerate() {
            match number % 10 {
                0 => apart.push(*example),
                _ => texts.add(example),
            }
        }
        let all = texts.iter().map(|(features, _)| features);
        let vocabulary = Vocabulary::of(all, 2, prior.groups.keys().copied());
        let groups: Vec<u8> =
            vocabulary.iter().map(|(feature, _)| prior.groups.get(&feature).copied().unwrap_or(0)).collect();
        let numbered: Numbered = texts.numbered(&vocabulary);
        let rows: Vec<Row<'_>> = numbered.rows().collect();
        let fitted = fit::<3>(&rows, &groups, &[], Settings { features: groups.len(), ..TEXTS });
        let weights = fitted.weights.iter().map(|weights| weights[0] - weights[2]).collect();
        let bias = fitted.bias[0] - fitted.bias[2];
        let mut against = Against { vocabulary, prior, weights, bias, line: Line::PLAIN };
        let points = apart.iter().map(|example| ([against.read(&example.text).0, 0.0], example.class));
        against.line = Line::of(points.collect::<Vec<_>>().into_iter(), false);
        against
    }

    /// How much a text is against rather than for, its words of our lists, and its marks.
    fn read(&self, text: &str) -> (f32, i32, Marks) {
        let (mut sum, mut count, mut words) = (0.0, 0_u32, 0);
        let marks = super::features::features(text, &[], &[], &mut |features| {
            count += features.len() as u32;
            for feature in features {
                sum += self.vocabulary.number(*feature).map_or(0.0, |number| self.weights[number as usize]);
                words += self.prior.groups.get(feature).map_or(0, |group| i32::from(listed(*group)));
            }
        });
        (self.line.against(sum / (count.max(1) as f32).sqrt() + self.bias), words, marks)
    }
}

/// Multinomial logistic regression over a few dense inputs, classes balanced: descent with momentum over all rows.
fn fit_marks(rows: &[([f32; MARKS], usize)]) -> ByMarks {
    let count = rows.len().max(1) as f32;
    let mut mean = [0.0_f32; MARKS];
    let mut of_class = [0.0_f32; 3];
    for (inputs, class) in rows {
        mean.iter_mut().zip(inputs).for_each(|(mean, input)| *mean += input / count);
        of_class[*class] += 1.0;
    }
    let mut size = [0.0_f32; MARKS];
    for (inputs, _) in rows {
        let parts = size.iter_mut().zip(inputs.iter().zip(&mean));
        parts.for_each(|(size, (input, mean))| *size += (input - mean) * (input - mean) / count);
    }
    let size = size.map(|square| square.sqrt().max(SMALLEST));
    let even: Vec<[f32; MARKS]> =
        rows.iter().map(|(inputs, _)| std::array::from_fn(|at| (inputs[at] - mean[at]) / size[at])).collect();
    let (mut weights, mut speed) = ([[0.0_f32; 2]; MARKS + 1], [[0.0_f32; 2]; MARKS + 1]);
    for _ in 0..ROUNDS {
        let mut slope = [[0.0_f32; 2]; MARKS + 1];
        for (inputs, (_, class)) in even.iter().zip(rows) {
            let mut logits = weights[MARKS];
            for (input, weights) in inputs.iter().zip(&weights) {
                logits.iter_mut().zip(weights).for_each(|(logit, weight)| *logit += input * weight);
            }
            let likely = softmax([logits[0], 0.0, logits[1]]);
            let weight = 1.0 / (3.0 * of_class[*class]);
            let miss = [0, 2].map(|of| weight * (likely[of] - f32::from(u8::from(of == *class))));
            for (slope, input) in slope.iter_mut().zip(inputs.iter().chain(&[1.0])) {
                slope.iter_mut().zip(miss).for_each(|(slope, miss)| *slope += input * miss);
            }
        }
        for (at, (weights, (speed, mut slope))) in weights.iter_mut().zip(speed.iter_mut().zip(slope)).enumerate() {
            for side in 0..2 {
                // A mark that few texts have must not weigh much.
                let size = size.get(at).copied().unwrap_or(f32::INFINITY);
                slope[side] += weights[side] / (size * size * count);
                speed[side] = MOMENTUM * speed[side] - RATE * slope[side];
                weights[side] += speed[side];
            }
        }
    }
    let mut bias = weights[MARKS];
    let weights: [[f32; 2]; MARKS] = std::array::from_fn(|at| weights[at].map(|weight| weight / size[at]));
    for (weights, mean) in weights.iter().zip(mean) {
        bias.iter_mut().zip(weights).for_each(|(bias, weight)| *bias -= weight * mean);
    }
    ByMarks { kind: 0, weights, bias }
}

/// The smallest standard deviation of a mark.
const SMALLEST: f32 = 0.02;
const ROUNDS: usize = 500;
const MOMENTUM: f32 = 0.9;
const RATE: f32 = 0.2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentiment::by_marks::{AGAINST, FOR};

    #[test]
    fn a_text_that_takes_no_side_and_has_a_link_is_neutral() {
        // Negative and positive texts are far from the middle, neutral ones are near it and have a link.
        let row = |n: usize| {
            let class = n % 3;
            let against = [2.0, 0.0, -2.0][class] + (n / 3 % 5) as f32 * 0.3 - 0.6;
            let marks = Marks { words: 8, links: u32::from(class == 1), ..Marks::default() };
            (inputs(against, 0, &marks), class)
        };
        let by_marks = fit_marks(&(0..300).map(row).collect::<Vec<_>>());
        let class = |against: f32, links: u32| {
            let [negative, positive] = by_marks.logits(against, 0, &Marks { words: 8, links, ..Marks::default() });
            Class::likeliest(softmax([negative, 0.0, positive]))
        };
        assert_eq!([class(2.0, 0), class(0.1, 1), class(-2.0, 0)], Class::ALL);
        assert_eq!(class(1.2, 0), Class::Negative);
        assert_eq!(class(1.2, 1), Class::Neutral, "the same words with a link");
    }

    #[test]
    fn a_sum_of_listed_words_holds_two_counts() {
        let groups = Prior::lists().groups;
        let word = |word: &str| listed(groups[&super::super::features::of_word(word)[0].0]);
        assert_eq!((word("best"), word("worst")), (FOR, AGAINST));
        let sum = 2 * i32::from(FOR) + 3 * i32::from(AGAINST);
        let inputs = inputs(0.0, sum, &Marks::default());
        assert_eq!(inputs[19..], [3.0, 2.0, 0.0, 1.0]);
    }
}

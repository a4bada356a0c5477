//! The quality of judgements, compared with people's labels of the same texts.

use serde::Serialize;

use super::numbers::Dice;
use orszem_records::class::Class;

/// A judged text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// The label.
    pub truth: Class,
    /// The probabilities of negative, neutral and positive.
    pub probabilities: [f32; 3],
}

impl Judged {
    fn called(&self) -> Class {
        Class::likeliest(self.probabilities)
    }

    fn is_right(&self) -> bool {
        self.called() == self.truth
    }
}

/// One row of a reliability table: the texts whose probability of negative is in this tenth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Tenth {
    /// The beginning of the tenth.
    pub from: f64,
    /// The number of texts in it.
    pub texts: u32,
    /// Their mean predicted probability.
    pub said: f64,
    /// The share of them that is negative, with equal weight for each class, like the probabilities.
    pub were: f64,
}

/// Measures over some texts. A measure is `null` if a class has no texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measures {
    /// The number of texts.
    pub texts: u32,
    /// Texts by label (negative, neutral, positive) and judged class.
    pub confusion: [[u32; 3]; 3],
    /// The recall of each class.
    pub recall: [Option<f64>; 3],
    /// The precision of each class.
    pub precision: [Option<f64>; 3],
    /// The harmonic mean of both.
    pub f1: [Option<f64>; 3],
    /// The mean of the classes' recalls.
    pub macro_recall: Option<f64>,
    /// The share of right judgements.
    pub accuracy: Option<f64>,
    /// The probability that a negative text has a higher probability of negative than another text.
    pub negative_auc: Option<f64>,
    /// The mean distance between the predicted and the actual probability of negative, with equal weight for each
    /// class.
    pub calibration_error: Option<f64>,
    /// By tenths of the probability of negative.
    pub reliability: Vec<Tenth>,
}

impl Measures {
    /// Measures judgements.
    pub fn of(judged: &[Judged]) -> Measures {
        let mut confusion = [[0_u32; 3]; 3];
        judged.iter().for_each(|text| confusion[text.truth.index()][text.called().index()] += 1);
        let share = |part: u32, all: u32| (all > 0).then(|| f64::from(part) / f64::from(all));
        let recall = [0, 1, 2].map(|class| share(confusion[class][class], confusion[class].iter().sum()));
        let called = [0, 1, 2].map(|class| confusion.iter().map(|row| row[class]).sum::<u32>());
        let precision = [0, 1, 2].map(|class| share(confusion[class][class], called[class]));
        let f1 = [0, 1, 2].map(|class| {
            let all = called[class] + confusion[class].iter().sum::<u32>();
            share(2 * confusion[class][class], all)
        });
        let right = (0..3).map(|class| confusion[class][class]).sum();
        let (reliability, calibration_error) = reliability(judged);
        Measures {
            texts: judged.len() as u32,
            confusion,
            recall,
            precision,
            f1,
            macro_recall: mean(recall),
            accuracy: share(right, judged.len() as u32),
            negative_auc: auc(judged),
            calibration_error,
            reliability,
        }
    }
}

fn mean(shares: [Option<f64>; 3]) -> Option<f64> {
    let (count, sum) = shares.iter().flatten().fold((0.0, 0.0), |(count, sum), share| (count + 1.0, sum + share));
    (count > 0.0).then(|| sum / count)
}

/// By ranks; ties get the middle rank.
fn auc(judged: &[Judged]) -> Option<f64> {
    let mut scores: Vec<(f32, bool)> =
        judged.iter().map(|text| (text.probabilities[0], text.truth == Class::Negative)).collect();
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut won, mut negatives) = (0.0_f64, 0.0_f64, 0.0_f64);
    for tied in scores.chunk_by(|a, b| a.0 == b.0) {
        let against = tied.iter().filter(|(_, negative)| *negative).count() as f64;
        let others = tied.len() as f64 - against;
        won += against * (below + others / 2.0);
        below += others;
        negatives += against;
    }
    (negatives > 0.0 && below > 0.0).then(|| won / (negatives * below))
}

fn reliability(judged: &[Judged]) -> (Vec<Tenth>, Option<f64>) {
    let count = |class: Class| judged.iter().filter(|text| text.truth == class).count() as f64;
    let counts = Class::ALL.map(count);
    let mut bins = [(0_u32, 0.0_f64, 0.0_f64, 0.0_f64); 10];
    for text in judged {
        let said = f64::from(text.probabilities[0]);
        let weight = 1.0 / counts[text.truth.index()];
        let bin = &mut bins[((said * 10.0) as usize).min(9)];
        bin.0 += 1;
        bin.1 += weight;
        bin.2 += weight * said;
        bin.3 += if text.truth == Class::Negative { weight } else { 0.0 };
    }
    let total: f64 = bins.iter().map(|bin| bin.1).sum();
    let off: f64 = bins.iter().map(|(_, _, said, were)| (said - were).abs()).sum();
    let tenths = bins.iter().enumerate().filter(|(_, bin)| bin.0 > 0).map(|(tenth, (texts, weight, said, were))| {
        Tenth { from: tenth as f64 / 10.0, texts: *texts, said: said / weight, were: were / weight }
    });
    (tenths.collect(), (total > 0.0).then(|| off / total))
}

/// A comparison of two models on the same texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Texts that only the first model judges rightly.
    pub only_first: u32,
    /// Texts that only the second model judges rightly.
    pub only_second: u32,
    /// The probability of a split at least this uneven if both are equally good (McNemar's test, exact up to 2000
    /// texts, two-sided).
    pub p_value: f64,
    /// Macro-recall of the second minus that of the first.
    pub gain: f64,
    /// The 95 % interval of this gain (paired bootstrap, 1000 draws with a fixed seed).
    pub interval: [f64; 2],
}

/// The number of bootstrap draws.
const DRAWS: usize = 1000;

impl Comparison {
    /// Compares the judgements of the same texts, up to the end of the shorter list.
    pub fn of(first: &[Judged], second: &[Judged]) -> Comparison {
        let pairs: Vec<(&Judged, &Judged)> = first.iter().zip(second).collect();
        let alone =
            |first: bool| pairs.iter().filter(|(a, b)| a.is_right() == first && b.is_right() != first).count() as u32;
        let (only_first, only_second) = (alone(true), alone(false));
        let gain = |picked: &mut dyn Iterator<Item = usize>| {
            let (mut right, mut all) = ([[0_u32; 3]; 2], [0_u32; 3]);
            for (a, b) in picked.map(|index| pairs[index]) {
                let class = a.truth.index();
                all[class] += 1;
                right[0][class] += u32::from(a.is_right());
                right[1][class] += u32::from(b.is_right());
            }
            let recall = |right: [u32; 3]| {
                let share = |class: usize| (all[class] > 0).then(|| f64::from(right[class]) / f64::from(all[class]));
                mean([0, 1, 2].map(share)).unwrap_or(0.0)
            };
            recall(right[1]) - recall(right[0])
        };
        let mut dice = Dice(7);
        let mut gains: Vec<f64> =
            (0..DRAWS).map(|_| gain(&mut (0..pairs.len()).map(|_| dice.below(pairs.len())))).collect();
        gains.sort_by(f64::total_cmp);
        Comparison {
            only_first,
            only_second,
            p_value: mcnemar(only_first, only_second),
            gain: gain(&mut (0..pairs.len())),
            interval: [gains[DRAWS / 40], gains[DRAWS - 1 - DRAWS / 40]],
        }
    }
}

/// The two-sided probability of a split at least as uneven, each side equally likely.
fn mcnemar(one: u32, other: u32) -> f64 {
    let (few, all) = (one.min(other), one + other);
    if all == 0 {
        return 1.0;
    }
    if all > 2000 {
        // The normal approximation, with continuity correction.
        let z = ((f64::from(all - few) - f64::from(few)).abs() - 1.0).max(0.0) / f64::from(all).sqrt();
        return statrs::function::erf::erfc(z / std::f64::consts::SQRT_2);
    }
    // Each term from the one before; in logarithms, since 2^-2000 underflows a double.
    let mut term = -f64::from(all) * std::f64::consts::LN_2;
    let mut tail = term.exp();
    for chosen in 0..few {
        term += (f64::from(all - chosen) / f64::from(chosen + 1)).ln();
        tail += term.exp();
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(rows: &[(Class, [f32; 3])]) -> Vec<Judged> {
        rows.iter().map(|(truth, probabilities)| Judged { truth: *truth, probabilities: *probabilities }).collect()
    }

    #[test]
    fn measures_are_those_of_the_textbook() {
        use Class::{Negative, Neutral, Positive};
        let texts = judged(&[
            (Negative, [0.8, 0.1, 0.1]),
            (Negative, [0.2, 0.7, 0.1]),
            (Neutral, [0.2, 0.7, 0.1]),
            (Positive, [0.6, 0.1, 0.3]),
        ]);
        let measures = Measures::of(&texts);
        assert_eq!(measures.recall, [Some(0.5), Some(1.0), Some(0.0)]);
        assert_eq!(measures.precision, [Some(0.5), Some(0.5), None]);
        assert_eq!(measures.macro_recall, Some(0.5));
        assert_eq!(measures.f1[0], Some(0.5));
        // .8 beats both others, .2 ties with one and loses to the other: 2.5 of 4.
        assert_eq!(measures.negative_auc, Some(0.625));
        assert_eq!(measures.reliability.len(), 3);
    }

    #[test]
    fn even_splits_are_chance_and_uneven_ones_are_not() {
        assert_eq!(mcnemar(0, 0), 1.0);
        assert_eq!(mcnemar(5, 5), 1.0);
        // 2 · (1 + 10) / 2^10.
        assert!((mcnemar(1, 9) - 22.0 / 1024.0).abs() < 1e-12);
        let (exact, normal) = (mcnemar(950, 1050), mcnemar(951, 1050));
        assert!((exact - normal).abs() < 0.003, "{exact} {normal}");
    }

    #[test]
    fn a_better_model_gains() {
        let truth = |index: usize| Class::ALL[index % 3];
        let sure = |class: Class| std::array::from_fn(|index| if index == class.index() { 0.9 } else { 0.05 });
        let good: Vec<Judged> =
            (0..300).map(|index| Judged { truth: truth(index), probabilities: sure(truth(index)) }).collect();
        let poor: Vec<Judged> =
            (0..300).map(|index| Judged { truth: truth(index), probabilities: sure(truth(index / 2)) }).collect();
        let comparison = Comparison::of(&poor, &good);
        assert!(comparison.p_value < 1e-6 && comparison.interval[0] > 0.0, "{comparison:?}");
        assert_eq!(Comparison::of(&good, &good).interval, [0.0, 0.0]);
    }
}

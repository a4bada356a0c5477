//! Calibrates probabilities: fits a factor and two constants for each kind of text, and again for the mixture of the
//! kinds, by maximum likelihood on the calibration part, with equal weight for each class (Platt scaling for three
//! classes).

use super::corpus::Part;
use super::model::{Header, MIDDLE, Model};
use super::numbers::softmax;
use super::train::Kind;
use orszem_records::class::Class;

/// The minimum number of texts for a calibration.
const FEWEST: usize = 30;

/// The factor of the logits, and the offsets added to those of negative and positive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) sharpness: f32,
    pub(super) tilt: [f32; 2],
}

impl Line {
    const PLAIN: Line = Line { sharpness: 1.0, tilt: [0.0; 2] };

    /// That of texts whose logits are those of models that were not trained on them.
    pub(super) fn of(texts: impl Iterator<Item = ([f32; 2], Class)>, neutral: bool) -> Line {
        fit(&weighted(texts), neutral)
    }

    /// How much a text is against rather than for, as log odds, from the logits of negative and 0.
    pub(super) fn against(self, negative: f32) -> f32 {
        negative * self.sharpness + self.tilt[0] - self.tilt[1]
    }

    /// The probabilities of negative, neutral and positive.
    pub(super) fn probabilities(self, [negative, positive]: [f32; 2], neutral: bool) -> [f32; 3] {
        let (negative, positive) = (negative * self.sharpness + self.tilt[0], positive * self.sharpness + self.tilt[1]);
        if neutral {
            return softmax([negative, 0.0, positive]);
        }
        // It only knows which of the two is likelier, so the middle counts as neutral.
        let half = (negative - positive) / 2.0;
        softmax([half, MIDDLE, -half])
    }
}

/// The calibration of a model.
#[derive(Clone, Debug)]
pub(super) struct Calibration {
    kinds: Vec<Line>,
    whole: Line,
}

impl Calibration {
    /// Puts it into a model without a calibration.
    pub(super) fn apply(&self, header: &mut Header) {
        for (kind, line) in self.kinds.iter().enumerate() {
            put(header, kind, *line);
        }
        header.sharpness = self.whole.sharpness;
        header.tilt = self.whole.tilt;
    }
}

fn put(header: &mut Header, kind: usize, line: Line) {
    for (side, tilt) in line.tilt.into_iter().enumerate() {
        let lane = 2 * kind + side;
        header.scales[lane] *= line.sharpness;
        header.biases[lane] = header.biases[lane] * line.sharpness + tilt;
    }
}

/// A text's logits, its class, and its weight.
type Point = ([f32; 2], usize, f32);

/// Calibrates a model on the calibration part of its texts.
pub(super) fn calibrate(model: &mut Model, kinds: &[Kind]) -> Calibration {
    let mut lines = vec![Line::PLAIN; kinds.len()];
    if kinds.len() > 1 {
        let by_marks = model.header.by_marks.as_ref().map(|by_marks| by_marks.kind);
        for (index, kind) in kinds.iter().enumerate() {
            // What marks say is calibrated.
            if by_marks == Some(index) {
                continue;
            }
            let points = points(kind, &|text| model.logits_of_kind(text, index));
            let neutral = points.iter().any(|(_, class, _)| *class == 1);
            let mut line = fit(&points, neutral);
            // For a kind without neutral training texts, the middle counts as neutral.
            if model.header.neutral && !neutral {
                line.tilt.iter_mut().for_each(|tilt| *tilt -= MIDDLE);
            }
            lines[index] = line;
        }
        for (kind, line) in lines.iter().enumerate() {
            put(&mut model.header, kind, *line);
        }
    }
    let mut whole: Vec<Point> = Vec::new();
    for kind in kinds {
        let points = points(kind, &|text| model.logits(text));
        // A kind without neutral texts has no information about their probability.
        if !model.header.neutral || points.iter().any(|(_, class, _)| *class == 1) {
            whole.extend(points);
        }
    }
    Calibration { kinds: lines, whole: fit(&whole, model.header.neutral) }
}

fn points(kind: &Kind, logits: &dyn Fn(&str) -> [f32; 2]) -> Vec<Point> {
    let part = kind.examples.iter().filter(|example| Part::of(&example.text) == Part::Calibration);
    weighted(part.map(|example| (logits(&example.text), example.class)))
}

/// Each class has the same weight.
fn weighted(texts: impl Iterator<Item = ([f32; 2], Class)>) -> Vec<Point> {
    let mut points: Vec<Point> = texts.map(|(logits, class)| (logits, class.index(), 0.0)).collect();
    let mut counts = [0.0_f32; 3];
    points.iter().for_each(|(_, class, _)| counts[*class] += 1.0);
    points.iter_mut().for_each(|(_, class, weight)| *weight = 1.0 / counts[*class]);
    points
}

fn fit(points: &[Point], neutral: bool) -> Line {
    if points.len() < FEWEST {
        return Line::PLAIN;
    }
    let total: f32 = points.iter().map(|(_, _, weight)| weight).sum();
    let Line { mut sharpness, mut tilt } = Line::PLAIN;
    for step in 0..400 {
        let (mut of_sharpness, mut of_tilt) = (0.0, [0.0; 2]);
        for ([negative, positive], class, weight) in points {
            let neutral = if neutral { 0.0 } else { -1000.0 };
            let likely = softmax([negative * sharpness + tilt[0], neutral, positive * sharpness + tilt[1]]);
            let miss = |index: usize| weight / total * (likely[index] - f32::from(u8::from(*class == index)));
            of_sharpness += miss(0) * negative + miss(2) * positive;
            of_tilt[0] += miss(0);
            of_tilt[1] += miss(2);
        }
        let rate = if step < 300 { 1.0 } else { 0.3 };
        sharpness = (sharpness - rate * of_sharpness).clamp(0.05, 20.0);
        tilt.iter_mut().zip(of_tilt).for_each(|(tilt, gradient)| *tilt -= rate * gradient);
    }
    Line { sharpness, tilt }
}

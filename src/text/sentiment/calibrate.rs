//! Calibrates probabilities: fits a line for each kind of text, and again for the mixture of the kinds, on the
//! calibration part.

use super::corpus::Part;
use super::line::{Line, MIDDLE, Point, fit, weighted};
use super::model::{Header, Model};
use super::texts::Kind;

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

//! What is otherwise in a text, word by word.

use similar::{ChangeTag, TextDiff};

/// A part of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Both have it.
    Same(String),
    /// Only the first has it.
    Removed(String),
    /// Only the second has it.
    Added(String),
}

/// The parts of which two texts are made, in order.
pub fn difference(before: &str, after: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for change in TextDiff::from_words(before, after).iter_all_changes() {
        let text = change.value();
        match (change.tag(), parts.last_mut()) {
            (ChangeTag::Equal, Some(Part::Same(whole)))
            | (ChangeTag::Delete, Some(Part::Removed(whole)))
            | (ChangeTag::Insert, Some(Part::Added(whole))) => whole.push_str(text),
            (ChangeTag::Equal, _) => parts.push(Part::Same(text.to_owned())),
            (ChangeTag::Delete, _) => parts.push(Part::Removed(text.to_owned())),
            (ChangeTag::Insert, _) => parts.push(Part::Added(text.to_owned())),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_out_and_put_in_is_told_by_words() {
        let parts = difference("We know nothing yet.", "We know what happened.");
        let [same, ..] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!(*same, Part::Same("We know ".into()));
        let of = |wanted: fn(&Part) -> Option<&String>| parts.iter().filter_map(wanted).cloned().collect::<String>();
        let removed = of(|part| match part {
            Part::Removed(text) | Part::Same(text) => Some(text),
            Part::Added(_) => None,
        });
        let added = of(|part| match part {
            Part::Added(text) | Part::Same(text) => Some(text),
            Part::Removed(_) => None,
        });
        assert_eq!((removed.as_str(), added.as_str()), ("We know nothing yet.", "We know what happened."));
    }
}

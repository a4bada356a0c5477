//! How many mentions there were, by what they are.

use crate::class::Class;
use crate::judgement::Grounds;

/// Mentions of a watch over some span of event time, by what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MentionCounts {
    /// All mentions, repeats of an id not counted.
    pub mentions: u64,
    /// Mentions judged negative.
    pub negatives: u64,
    /// Mentions judged neutral, or not judged: without words, or in a language that nothing here can judge.
    pub neutrals: u64,
    /// Mentions judged positive.
    pub positives: u64,
    /// Mentions that are neither reposts nor copies.
    pub originals: u64,
    /// Mentions that pass another on: they name it (`repost_of`), or begin with `RT @name:`.
    pub reposts: u64,
    /// Mentions whose text, or nearly the same, was seen before, from another id.
    pub copies: u64,
    /// Sum of the followers of the authors, where known: how many could have seen it at most.
    pub reach: u64,
    /// What the judgements stand on.
    pub grounds: Grounds,
}

impl MentionCounts {
    /// Adds other mentions. Commutative and associative.
    pub fn add(&mut self, other: &MentionCounts) {
        self.mentions += other.mentions;
        self.negatives += other.negatives;
        self.neutrals += other.neutrals;
        self.positives += other.positives;
        self.originals += other.originals;
        self.reposts += other.reposts;
        self.copies += other.copies;
        self.reach = self.reach.saturating_add(other.reach);
        self.grounds.add(&other.grounds);
    }

    /// The mentions of a class.
    pub fn of_class(&mut self, class: Class) -> &mut u64 {
        match class {
            Class::Negative => &mut self.negatives,
            Class::Neutral => &mut self.neutrals,
            Class::Positive => &mut self.positives,
        }
    }

    /// Mentions that were judged: what a share of negatives is a share of.
    pub fn judged(&self) -> u64 {
        self.mentions.saturating_sub(self.grounds.unjudged).saturating_sub(self.grounds.wordless)
    }

    /// Reposts and copies.
    pub fn repeats(&self) -> u64 {
        self.mentions.saturating_sub(self.originals)
    }
}

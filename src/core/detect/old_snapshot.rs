//! Snapshots of the layout before: their numbers written as those of the present layout are.
//!
//! A watch goes on without learning again. Counts go on as they are. What the layout before did not have begins empty:
//! the same hours of the days before are known three days later, and shares page once they were learnt for as long as
//! any past is.

use orszem_records::statistic::{STATISTICS, Statistic};

use super::drivers::TermHistory;
use super::minute_counts::MINUTES;
use super::pack::{Packer, Unpacker};
use super::rhythm::Rhythm;
use super::slow_share::{Judged, SlowShare};
use super::weighed_counts::PARTS;

/// The layout before.
pub(super) const VERSION: u32 = 3;
/// Tests of slow burns that it had.
const SLOW_TESTS: usize = 5;

/// What a count of the layout before was.
struct Counts {
    mentions: u64,
    negatives: u64,
    positives: u64,
    weighed: u64,
    weighed_negatives: u64,
}

impl Counts {
    /// Repeats are discounted as they were weighed.
    fn into_array(self) -> [u64; 8] {
        let Counts { mentions, negatives, positives, weighed, weighed_negatives } = self;
        let parts = |count: u64| count.saturating_mul(PARTS);
        [
            mentions,
            negatives,
            weighed,
            weighed_negatives,
            parts(weighed),
            parts(weighed_negatives),
            parts(positives.min(weighed)),
            parts(weighed),
        ]
    }
}

/// The numbers of a snapshot of the layout before as they would be in this one.
pub(super) fn numbers(old: &[u8]) -> Option<Vec<u8>> {
    let mut from = Unpacker::new(old);
    let mut to = Packer::default();
    to.signed(from.signed()?);
    let newest = minutes(&mut from, &mut to)?;
    let positives = averages(&mut from, &mut to)?;
    Rhythm::unpack(&mut from)?.pack(&mut to);
    scores(&mut from, &mut to, newest)?;
    let slow = slow_burns(&mut from)?;
    let terms = TermHistory::unpack(&mut from, Default::default())?;
    let block = from.signed()?;
    let counts = Counts {
        mentions: from.unsigned()?,
        negatives: from.unsigned()?,
        positives: from.unsigned()?,
        weighed: from.unsigned()?,
        weighed_negatives: from.unsigned()?,
    };
    // The half hours begin with the one under way.
    to.signed(block);
    to.unsigned(0);
    let mut share = SlowShare::default();
    share.seed(block, Judged { positives: positives * slow.mentions, ..slow });
    share.pack(&mut to);
    terms.pack(&mut to);
    to.signed(block);
    counts.into_array().into_iter().for_each(|count| to.unsigned(count));
    Some(to.finish())
}

/// The minutes. Returns the newest of them.
fn minutes(from: &mut Unpacker<'_>, to: &mut Packer) -> Option<i64> {
    let head = from.signed()?;
    to.signed(head);
    to.signed(from.signed()?);
    let mut minute = head.checked_sub(MINUTES)?.checked_add(1)?;
    loop {
        let run = from.unsigned()?;
        to.unsigned(run);
        minute = minute.checked_add(i64::try_from(run).ok()?)?;
        if minute > head {
            return Some(head);
        }
        let (mentions, negatives, positives) = (from.unsigned()?, from.unsigned()?, from.unsigned()?);
        let lighter = from.unsigned()?;
        let lighter_negatives = if lighter & 1 == 1 { from.unsigned()? } else { 0 };
        let weighed = mentions.checked_sub(lighter >> 1)?;
        let weighed_negatives = negatives.checked_sub(lighter_negatives)?;
        let [_, others @ ..] = Counts { mentions, negatives, positives, weighed, weighed_negatives }.into_array();
        to.unsigned(mentions.checked_mul(2)? | 1);
        others.into_iter().for_each(|count| to.unsigned(count));
        minute += 1;
    }
}

/// The slow averages. Returns the newest share of positives.
fn averages(from: &mut Unpacker<'_>, to: &mut Packer) -> Option<f64> {
    to.signed(from.signed()?);
    let anchors = from.unsigned()?;
    to.unsigned(anchors);
    let mut share = 0.0;
    for _ in 0..anchors {
        to.signed(from.signed()?);
        let [mentions, negatives, positives, weighed, weighed_negatives] =
            [from.float()?, from.float()?, from.float()?, from.float()?, from.float()?];
        [mentions, negatives, weighed_negatives, weighed].into_iter().for_each(|sum| to.float(sum));
        for _ in 0..3 {
            to.float(from.float()?);
        }
        share = if mentions > 0.0 { f64::from(positives / mentions) } else { 0.0 };
    }
    Some(share)
}

/// The highest scores of the hours: shares have none before the hour after `newest`.
fn scores(from: &mut Unpacker<'_>, to: &mut Packer, newest: i64) -> Option<()> {
    let (open, hours) = (from.unsigned()?, from.unsigned()?);
    to.unsigned(open);
    to.unsigned(hours);
    for _ in 0..hours.checked_add(open)? {
        to.signed(from.signed()?);
        let (mentions, negatives) = (from.signed()?, from.signed()?);
        let mut scores = [i64::from(i16::MIN); STATISTICS];
        scores[Statistic::Mentions as usize] = mentions;
        scores[Statistic::TimeOfDay as usize] = mentions;
        scores[Statistic::Negatives as usize] = negatives;
        scores.into_iter().for_each(|score| to.signed(score));
        to.unsigned(from.unsigned()?);
    }
    // No incident is known to have been open in any of them.
    to.unsigned(0);
    to.signed(newest.div_euclid(60) + 1);
    Some(())
}

/// What slow burns were held against: the share of negatives among original mentions.
fn slow_burns(from: &mut Unpacker<'_>) -> Option<Judged> {
    from.signed()?;
    from.unsigned()?;
    from.signed()?;
    for _ in 0..from.unsigned()? {
        if from.unsigned()? > 1 {
            from.unsigned()?;
        }
    }
    let anchors = from.unsigned()?;
    let mut slow = Judged::default();
    for _ in 0..anchors.checked_add(1)? {
        from.signed()?;
        slow = Judged { mentions: from.float()?.into(), negatives: from.float()?.into(), positives: 0.0 };
        from.float()?;
    }
    for _ in 0..2 * SLOW_TESTS {
        from.float()?;
    }
    Some(slow)
}

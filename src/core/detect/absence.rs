//! Whether something that used to come has stopped coming: a watch, a source, a partition, the whole topic.
//!
//! Its own gaps of the last two weeks say how long it may be quiet. A silence is one that lasts twice the longest of
//! them and in which twenty minutes with a mention were missed on average: nights and week-ends are known by then.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Days that are remembered.
const DAYS: i64 = 14;
/// Minutes with a mention that must have been missed.
const MISSED: f64 = 20.0;
/// This many times the longest gap of the past.
const TIMES: i64 = 2;

/// What a day was like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Day {
    day: i32,
    /// The longest gap that ended on it, in minutes.
    gap: u16,
    /// Minutes with a mention.
    minutes: u16,
}

/// The last two weeks of coming and not coming.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// The first and the last minute with a mention.
    span: Option<(i64, i64)>,
    days: VecDeque<Day>,
}

/// What counts as a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SilencePolicy {
    /// The shortest, in minutes.
    pub min_gap: i64,
    /// How long it must have come before it can be missed, in minutes.
    pub warm_up: i64,
}

/// A silence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Silence {
    /// Minutes in it.
    pub minutes: i64,
    /// Minutes with a mention that were expected in it.
    pub expected: f64,
    /// How many silences so long are expected in a week.
    pub expected_per_week: f64,
}

impl Presence {
    /// Takes in a minute in which something came. Minutes come in order; one that came before is passed over.
    pub fn seen(&mut self, minute: i64, policy: SilencePolicy) {
        let Some((first, last)) = self.span else {
            self.span = Some((minute, minute));
            self.today(minute, 0);
            return;
        };
        if minute <= last {
            return;
        }
        // A silence is not learnt at its whole length, or the next would have to last twice as long.
        let most = self.due(policy).map_or(i64::MAX, |due| due - last);
        self.span = Some((first, minute));
        self.today(minute, (minute - last - 1).min(most));
    }

    fn today(&mut self, minute: i64, gap: i64) {
        let day = minute.div_euclid(1440) as i32;
        let gap = u16::try_from(gap).unwrap_or(u16::MAX);
        match self.days.back_mut() {
            Some(today) if today.day == day => {
                today.gap = today.gap.max(gap);
                today.minutes += 1;
            }
            _ => self.days.push_back(Day { day, gap, minutes: 1 }),
        }
        let oldest = day - DAYS as i32;
        while self.days.front().is_some_and(|first| first.day < oldest) {
            self.days.pop_front();
        }
    }

    /// Minutes with a mention in a minute, on average, and the longest gap.
    fn usual(&self) -> Option<(f64, i64)> {
        let (first, last) = self.span?;
        let from = first.max((i64::from(self.days.front()?.day)) * 1440);
        let minutes: i64 = self.days.iter().map(|day| i64::from(day.minutes)).sum();
        let longest = self.days.iter().map(|day| i64::from(day.gap)).max()?;
        Some((minutes as f64 / (last - from + 1).max(1) as f64, longest))
    }

    /// The minute with which a silence is one, should nothing come until then; `None` while it is too young.
    pub fn due(&self, policy: SilencePolicy) -> Option<i64> {
        let (first, last) = self.span?;
        if last - first < policy.warm_up {
            return None;
        }
        let (rate, longest) = self.usual()?;
        Some(last + (TIMES * longest).max(policy.min_gap).max((MISSED / rate).ceil() as i64))
    }

    /// The last minute in which something came.
    pub fn last(&self) -> Option<i64> {
        self.span.map(|(_, last)| last)
    }

    /// Minutes since it first came.
    pub fn learnt(&self) -> i64 {
        self.span.map_or(0, |(first, last)| last - first)
    }

    /// The silence up to `minute`. Gaps beyond the longest are taken to be as rare as an exponential law has it whose
    /// longest gap in as many mentions that is.
    pub fn silence(&self, minute: i64) -> Option<Silence> {
        let (_, last) = self.span?;
        let (rate, longest) = self.usual()?;
        let gaps: i64 = self.days.iter().map(|day| i64::from(day.minutes)).sum();
        let scale = longest.max(1) as f64 / (gaps.max(3) as f64).ln();
        let minutes = minute - last;
        let expected_per_week = 7.0 / DAYS as f64 * (-(minutes - longest).max(0) as f64 / scale).exp();
        Some(Silence { minutes, expected: rate * minutes as f64, expected_per_week: expected_per_week.max(1e-6) })
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.days.capacity() * size_of::<Day>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: SilencePolicy = SilencePolicy { min_gap: 60, warm_up: 8 * 1440 };

    /// Something every `every` minutes from eight to eight, for this many days.
    fn office(every: i64, days: i64) -> Presence {
        let mut presence = Presence::default();
        let minutes = (0..days * 1440).filter(|minute| (480..1200).contains(&(minute % 1440)) && minute % every == 0);
        minutes.for_each(|minute| presence.seen(minute, POLICY));
        presence
    }

    #[test]
    fn a_night_is_no_silence_and_a_day_without_anything_is() {
        let presence = office(5, 20);
        let (last, due) = (presence.last().unwrap(), presence.due(POLICY).unwrap());
        assert!(due - last > 12 * 60, "the night has twelve hours");
        assert!(due - last <= 25 * 60, "{}", due - last);
        let silence = presence.silence(due).unwrap();
        assert!(silence.expected > 100.0 && silence.expected_per_week < 0.01, "{silence:?}");
    }

    #[test]
    fn a_stream_that_never_pauses_is_missed_after_an_hour() {
        let mut presence = Presence::default();
        (0..20 * 1440).for_each(|minute| presence.seen(minute, POLICY));
        assert_eq!(presence.due(POLICY), Some(20 * 1440 - 1 + 60));
    }

    #[test]
    fn what_comes_seldom_is_waited_for() {
        let mut presence = Presence::default();
        (0..20).for_each(|day| presence.seen(day * 1440, POLICY));
        assert!(presence.due(POLICY).unwrap() - presence.last().unwrap() > 15 * 1440);
    }

    #[test]
    fn a_young_one_is_not_missed_and_a_silence_is_not_learnt_whole() {
        assert_eq!(office(5, 5).due(POLICY), None);
        let mut presence = office(5, 20);
        let usual = presence.due(POLICY).unwrap() - presence.last().unwrap();
        presence.seen(presence.last().unwrap() + 10_000, POLICY);
        assert_eq!(presence.due(POLICY).unwrap() - presence.last().unwrap(), 2 * usual);
    }
}

//! Mentions whose time is far from that of all others: a post that claims the year 2099, or an import that is dated
//! years back. One of them would move the whole backtest, so they are set aside and counted.
//!
//! Live, the broker's clock refuses a time from the future, and what is old is late. A file has no clock but its own
//! order: what comes next says whether a jump is real.

use orszem_records::tally::InputPartition;
use orszem_records::time::Timestamp;

const DAY_MS: i64 = 86_400_000;
/// How many mentions are looked at before the first is passed on.
const HEAD: usize = 50;
/// The share of them that may be far off: one in ten.
const FAR_ONE_IN: usize = 10;
/// What is far off is away by at least this many times the length of the rest.
const TIMES: i64 = 10;
/// A jump forward of more than this is believed when enough follows it: two weeks.
const JUMP_MS: i64 = 14 * DAY_MS;
/// How many mentions after a jump are enough.
const ENOUGH: usize = 20;

/// A mention that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) partition: InputPartition,
    pub(super) at: Timestamp,
    pub(super) value: Vec<u8>,
}

/// What becomes of a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is passed on.
    Now,
    /// It waits, or is passed on with those that waited.
    Later,
    /// It is set aside.
    Aside,
}

/// Sets aside what is dated far from the rest.
#[derive(Debug, Default)]
pub(super) struct FarTimes {
    /// The first mentions, until there are enough.
    head: Vec<Waiting>,
    /// The first and the latest time of what was passed on, once the head is.
    span: Option<(Timestamp, Timestamp)>,
    passed: usize,
    /// Those after a jump.
    held: Vec<Waiting>,
    /// How many were set aside, since last asked.
    aside: u64,
}

impl FarTimes {
    /// Says what becomes of a mention. What is to be passed on before it is appended to `ready`, in order.
    pub(super) fn offer(
        &mut self,
        (partition, at, value): (InputPartition, Timestamp, &[u8]),
        ready: &mut Vec<Waiting>,
    ) -> Verdict {
        let waiting = || Waiting { partition, at, value: value.to_vec() };
        let Some((first, latest)) = self.span else {
            self.head.push(waiting());
            if self.head.len() >= HEAD {
                self.settle(ready);
            }
            return Verdict::Later;
        };
        if at < first.plus(-DAY_MS) {
            self.aside += 1;
            return Verdict::Aside;
        }
        if let Some(jumped) = self.held.first() {
            if at < jumped.at.plus(-DAY_MS) {
                // Time goes back: the jump was not real.
                self.aside += self.held.len() as u64;
                self.held.clear();
            } else {
                self.held.push(waiting());
                if self.held.len() >= ENOUGH.min(self.passed + 1) {
                    self.release(ready);
                }
                return Verdict::Later;
            }
        }
        let jump = at.since(latest);
        if jump > JUMP_MS && jump > latest.since(first) {
            self.held.push(waiting());
            return Verdict::Later;
        }
        self.passed += 1;
        self.span = Some((first.min(at), latest.max(at)));
        Verdict::Now
    }

    /// Ends the input: what waits is passed on, but for a few that jumped away from many.
    pub(super) fn finish(&mut self, ready: &mut Vec<Waiting>) {
        if self.span.is_none() {
            self.settle(ready);
        }
        if self.passed >= FAR_ONE_IN * self.held.len() {
            self.aside += std::mem::take(&mut self.held).len() as u64;
        }
        self.release(ready);
    }

    /// How many were set aside, since last asked.
    pub(super) fn take_aside(&mut self) -> u64 {
        std::mem::take(&mut self.aside)
    }

    fn release(&mut self, ready: &mut Vec<Waiting>) {
        for waiting in self.held.drain(..) {
            let (first, latest) = self.span.unwrap_or((waiting.at, waiting.at));
            self.span = Some((first.min(waiting.at), latest.max(waiting.at)));
            self.passed += 1;
            ready.push(waiting);
        }
    }

    /// Passes on the head without the few that are far from the rest.
    fn settle(&mut self, ready: &mut Vec<Waiting>) {
        let mut times: Vec<Timestamp> = self.head.iter().map(|waiting| waiting.at).collect();
        times.sort_unstable();
        let (low, high) = core(&times);
        let before = self.head.len();
        self.head.retain(|waiting| (low..=high).contains(&waiting.at));
        self.aside += (before - self.head.len()) as u64;
        self.held.append(&mut self.head);
        self.release(ready);
    }
}

/// The first and the last of the times without the few that are far from the rest.
fn core(times: &[Timestamp]) -> (Timestamp, Timestamp) {
    let (Some(&first), Some(&last)) = (times.first(), times.last()) else { return Default::default() };
    let few = times.len() / FAR_ONE_IN;
    let (lowest, highest) = (times[few], times[times.len() - 1 - few]);
    let is_far = |gap: i64, rest: i64| gap > DAY_MS && gap > TIMES * rest;
    let begins = (1..=few).rev().find(|&at| is_far(times[at].since(times[at - 1]), highest.since(times[at])));
    let ends = (times.len() - 1 - few..times.len() - 1)
        .find(|&at| is_far(times[at + 1].since(times[at]), times[at].since(lowest)));
    (begins.map_or(first, |at| times[at]), ends.map_or(last, |at| times[at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_795_000_000_000;

    /// Passes times through, and returns those that are passed on, in order, and how many are set aside.
    fn passed(times: &[i64]) -> (Vec<i64>, u64) {
        let (mut far, mut ready, mut all) = (FarTimes::default(), Vec::new(), Vec::new());
        for at in times {
            let verdict = far.offer((0, Timestamp(*at), b"x"), &mut ready);
            all.extend(ready.drain(..).map(|waiting| waiting.at.0));
            if verdict == Verdict::Now {
                all.push(*at);
            }
        }
        far.finish(&mut ready);
        all.extend(ready.drain(..).map(|waiting| waiting.at.0));
        (all, far.take_aside())
    }

    /// A day of a mention a minute.
    fn day() -> Vec<i64> {
        (0..1440).map(|minute| NOW + minute * 60_000).collect()
    }

    /// One post dated years back, or decades ahead, moved a whole backtest.
    #[test]
    fn a_time_that_lies_is_set_aside_wherever_it_stands() {
        for lie in [NOW - 4_000 * DAY_MS, NOW - 3 * DAY_MS, NOW + 26_000 * DAY_MS, NOW + 60 * DAY_MS] {
            for place in [0, 1, 30, 49, 50, 700, 1440] {
                let mut times = day();
                times.insert(place, lie);
                assert_eq!(passed(&times), (day(), 1), "{lie} at {place}");
            }
        }
        let mut several = day();
        several.splice(0..0, [NOW - 9_000 * DAY_MS, NOW - 4_000 * DAY_MS, NOW - 1_000 * DAY_MS]);
        assert_eq!(passed(&several), (day(), 3));
    }

    #[test]
    fn a_real_gap_is_no_lie() {
        let gap = [day(), day().into_iter().map(|at| at + 90 * DAY_MS).collect()].concat();
        assert_eq!(passed(&gap), (gap.clone(), 0));
        let rare: Vec<i64> = (0..120).map(|number| NOW + number * 20 * DAY_MS).collect();
        assert_eq!(passed(&rare), (rare.clone(), 0));
        let few = [NOW, NOW + 400 * DAY_MS, NOW + 401 * DAY_MS];
        assert_eq!(passed(&few), (few.to_vec(), 0));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_without_being_counted(times in prop::collection::vec(0_i64..200 * 365, 0..200)) {
            let times: Vec<i64> = times.into_iter().map(|day| day * DAY_MS).collect();
            let (all, aside) = passed(&times);
            prop_assert_eq!(all.len() + aside as usize, times.len());
        }
    }
}

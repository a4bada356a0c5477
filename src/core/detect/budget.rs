//! How the budget of a watch is shared among the statistics, and how many each must count to find anything.

use orszem_records::statistic::{PerStatistic, Statistic};

use crate::settings::Volume;

use super::minute_counts::{WINDOWS, window_minutes};

/// Fewer mentions, or negatives, than this in the longest window are no finding of their number …
const LEAST_COUNTED: u32 = 3;
/// … and fewer negatives than this are no finding of their share.
const LEAST_OF_SHARE: u32 = 6;
/// The part of the mentions where they page nobody.
const NOTED: f64 = 0.4;
/// The time of day has a tenth of what the mentions have, on top of it.
const TIME_OF_DAY: f64 = 0.1;
const WEEK_MINUTES: f64 = 7.0 * 24.0 * 60.0;

/// How many a statistic must count in the longest window.
pub(super) fn least(statistic: Statistic) -> u32 {
    match statistic {
        Statistic::Mentions | Statistic::TimeOfDay | Statistic::Negatives => LEAST_COUNTED,
        Statistic::Share | Statistic::LongShare | Statistic::SlowBurn => LEAST_OF_SHARE,
    }
}

/// The false pages a week that findings of each statistic may cost, of `budget` in all. `negatives` is how many are
/// usual in a minute; `None` where it is not known which mentions are negative: then the mentions have all of it.
///
/// The parts add up to more than one: the statistics find the same things, and fire together. But where negatives are
/// rare, what is about them cannot cost its part. What is left of it goes to the mentions, where they are `varied`: no
/// few texts that many repeat.
pub(super) fn shared(budget: f64, negatives: Option<f64>, volume: Volume, varied: bool) -> PerStatistic<f64> {
    let mut parts = Statistic::ALL.map(|statistic| {
        let part = match statistic {
            Statistic::Mentions => 0.2,
            Statistic::TimeOfDay => 0.0,
            Statistic::Share => 0.45,
            Statistic::LongShare => 0.15,
            Statistic::SlowBurn => 0.1,
            Statistic::Negatives => 0.4,
        };
        part * budget
    });
    let of_mentions = Statistic::Mentions as usize;
    parts[of_mentions] = match (negatives, volume) {
        (None, _) => budget,
        // They page nobody, and have no use for more.
        (Some(_), Volume::Note) => NOTED * budget,
        (Some(_), Volume::Page) if !varied => parts[of_mentions],
        (Some(negatives), Volume::Page) => (parts[of_mentions] + left_over(&parts, negatives)).min(budget),
    };
    parts[Statistic::TimeOfDay as usize] = TIME_OF_DAY * parts[of_mentions];
    parts
}

/// What the statistics of negatives cannot cost: they find nothing more often than their least number comes together.
fn left_over(parts: &PerStatistic<f64>, negatives: f64) -> f64 {
    let of_negatives = Statistic::ALL.into_iter().filter(|statistic| statistic.is_of_negatives());
    let left = |statistic: Statistic| {
        let most = together_a_week(least(statistic), negatives);
        (parts[statistic as usize] - most).max(0.0)
    };
    of_negatives.map(left).sum()
}

/// How many times a week one comes by chance as the `least`th or a later one within the longest window, where
/// `a_minute` are usual.
fn together_a_week(least: u32, a_minute: f64) -> f64 {
    let usual = a_minute * window_minutes(WINDOWS - 1) as f64;
    // Of a Poisson number the chances of 0, 1 … that came before.
    let (mut chance, mut fewer) = ((-usual).exp(), 0.0);
    for before in 1..least {
        fewer += chance;
        chance *= usual / f64::from(before);
    }
    a_minute * WEEK_MINUTES * (1.0 - fewer).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: f64 = 1.0 / 60.0;

    fn of_mentions(negatives: Option<f64>, volume: Volume) -> f64 {
        shared(2.0, negatives, volume, true)[Statistic::Mentions as usize]
    }

    #[test]
    fn what_rare_negatives_cannot_cost_goes_to_the_mentions() {
        assert_eq!(of_mentions(None, Volume::Page), 2.0);
        assert!((of_mentions(Some(10.0 * HOUR), Volume::Page) - 0.4).abs() < 1e-9, "they cost their parts");
        let rare = [0.5, 0.2, 0.1, 0.05, 0.01, 1e-9].map(|an_hour| of_mentions(Some(an_hour * HOUR), Volume::Page));
        assert!(rare.is_sorted(), "{rare:?}");
        assert!((1.4..1.7).contains(&rare[2]), "six within half a day are rare: {rare:?}");
        assert_eq!(rare[5], 2.0, "no more than where nothing is known of negatives");
        let time_of_day = shared(2.0, Some(0.01 * HOUR), Volume::Page, true)[Statistic::TimeOfDay as usize];
        assert!((time_of_day - 0.1 * rare[4]).abs() < 1e-9);
    }

    #[test]
    fn mentions_that_page_nobody_and_texts_that_many_repeat_take_nothing_over() {
        assert!((of_mentions(Some(0.1 * HOUR), Volume::Note) - 0.8).abs() < 1e-9);
        let repeated = shared(2.0, Some(0.1 * HOUR), Volume::Page, false)[Statistic::Mentions as usize];
        assert!((repeated - 0.4).abs() < 1e-9);
    }

    #[test]
    fn a_number_comes_together_as_often_as_by_chance() {
        // One in ten hours, about 1.07 in the longest window: two or more others came before one in 3.4 of 16.8 a week.
        assert!((together_a_week(3, 0.1 * HOUR) - 4.87).abs() < 0.02, "{}", together_a_week(3, 0.1 * HOUR));
        assert!((together_a_week(1, 0.1 * HOUR) - 16.8).abs() < 1e-9);
        assert!((together_a_week(6, 1000.0) - 1000.0 * WEEK_MINUTES).abs() < 1e-3);
        assert_eq!(together_a_week(6, 0.0), 0.0);
    }
}

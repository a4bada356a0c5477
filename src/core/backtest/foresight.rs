//! The accuracy of forecasts: that of each incident, one hour after its start, compared with the actual mentions.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::detect::forecast::HOURS;
use orszem_records::ledger::IncidentId;
use orszem_records::signal::Forecast;
use orszem_records::signal::{Phase, Signal};
use orszem_records::tally::Tally;
use orszem_records::time::Timestamp;

const HOUR_MS: i64 = 3_600_000;

/// Forecasts that wait for their actual mentions.
#[derive(Debug, Default)]
pub struct Foresight {
    asked: HashSet<IncidentId>,
    /// By watch.
    trials: HashMap<String, Vec<Trial>>,
}

#[derive(Debug)]
struct Trial {
    from: Timestamp,
    forecasts: Vec<(Forecast, u64)>,
}

/// A forecast and the actual mentions.
pub type Held = (Forecast, u64);

impl Foresight {
    /// Takes the forecast of an incident when it is an hour old; `now` is the time up to which mentions are counted.
    pub fn signal(&mut self, incident: &IncidentId, watch: &str, signal: &Signal, now: Timestamp) {
        let old = signal.at.since(signal.opened_at) >= HOUR_MS;
        if signal.phase == Phase::Closed || !old || signal.forecast.is_empty() || !self.asked.insert(incident.clone()) {
            return;
        }
        let forecasts = signal.forecast.iter().map(|forecast| (*forecast, 0)).collect();
        self.trials.entry(watch.to_owned()).or_default().push(Trial { from: signal.at.max(now), forecasts });
    }

    /// Counts actual mentions.
    pub fn tally(&mut self, tally: &Tally) {
        for trial in self.trials.get_mut(&tally.watch).into_iter().flatten() {
            let after = tally.slice.start().since(trial.from);
            for (forecast, seen) in &mut trial.forecasts {
                if (0..i64::from(forecast.hours) * HOUR_MS).contains(&after) {
                    *seen += tally.counts.mentions;
                }
            }
        }
    }

    /// The forecasts whose period is over when the input ends at `last`.
    pub fn finish(self, last: Timestamp) -> Vec<Held> {
        let trials = self.trials.into_values().flatten();
        let held = trials.flat_map(|trial| trial.forecasts.into_iter().map(move |held| (trial.from, held)));
        let over = |from: Timestamp, hours: u8| from.plus(i64::from(hours) * HOUR_MS) <= last;
        held.filter(|(from, (forecast, _))| over(*from, forecast.hours)).map(|(_, held)| held).collect()
    }
}

/// The accuracy of the forecasts over a number of hours.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Skill {
    /// Hours ahead.
    pub hours: u8,
    /// Incidents that were an hour old and for which this many further hours are known.
    pub incidents: usize,
    /// The median of |forecast − seen| / seen.
    pub median_error: f64,
    /// The share of them whose interval contains the actual number.
    pub within: f64,
}

/// By hours ahead, if there were any forecasts.
pub fn skills(held: &[Held]) -> Vec<Skill> {
    let of = |hours: u8| {
        let ours: Vec<&Held> = held.iter().filter(|(forecast, _)| forecast.hours == hours).collect();
        let mut errors: Vec<f64> = ours
            .iter()
            .map(|(forecast, seen)| (forecast.mentions - *seen as f64).abs() / (*seen as f64).max(1.0))
            .collect();
        errors.sort_by(f64::total_cmp);
        let median_error = *errors.get(errors.len() / 2)?;
        let holds = |(forecast, seen): &&&Held| (forecast.interval.0..=forecast.interval.1).contains(&(*seen as f64));
        let within = ours.iter().filter(holds).count() as f64 / ours.len() as f64;
        Some(Skill { hours, incidents: ours.len(), median_error, within })
    };
    HOURS.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::counts::MentionCounts;

    #[test]
    fn what_comes_within_the_time_is_held_against_the_forecast_once() {
        let forecast = |hours, mentions| Forecast { hours, mentions, interval: (mentions / 2.0, mentions * 2.0) };
        let opened = Timestamp(1_000 * HOUR_MS);
        let signal = |after: i64| Signal {
            at: opened.plus(after),
            opened_at: opened,
            forecast: vec![forecast(1, 10.0), forecast(3, 30.0)],
            ..crate::backtest::incident::tests::signal(Phase::Updated, orszem_records::signal::Kind::Volume, 5)
        };
        let mut foresight = Foresight::default();
        let id = IncidentId::new("acme", 1);
        foresight.signal(&id, "acme", &signal(HOUR_MS / 2), opened);
        foresight.signal(&id, "acme", &signal(HOUR_MS), opened);
        foresight.signal(&id, "acme", &signal(2 * HOUR_MS), opened);
        let came = |at: i64, mentions| {
            let counts = MentionCounts { mentions, ..MentionCounts::default() };
            Tally { counts, ..Tally::new("acme", opened.plus(at).slice()) }
        };
        for (at, mentions) in
            [(HOUR_MS / 2, 100), (HOUR_MS, 8), (2 * HOUR_MS - 1, 4), (2 * HOUR_MS, 60), (4 * HOUR_MS, 9)]
        {
            foresight.tally(&came(at, mentions));
        }
        let held = foresight.finish(opened.plus(4 * HOUR_MS));
        assert_eq!(held.iter().map(|(_, seen)| *seen).collect::<Vec<_>>(), [12, 72]);
        let skills = skills(&held);
        assert_eq!((skills[0].within, skills[1].within), (1.0, 0.0));
        assert!((skills[0].median_error - 2.0 / 12.0).abs() < 1e-9);
    }
}

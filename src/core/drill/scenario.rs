//! Scenarios: crises that are invented, with the course that a real one of their kind has.

use orszem_records::class::Class;
use orszem_records::desk::Desk;
use orszem_records::key_terms::TermKind;
use orszem_records::language_code::Code;
use orszem_records::signal::{Counts, Driver, Kind, Phase, Signal};
use orszem_records::tally::{Role, Sample};
use orszem_records::team::drill::Course;
use orszem_records::time::Timestamp;

use crate::words::Words;

/// An invented crisis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// An accusation spreads for three quarters of an hour: severity 2 at first, 1 after six minutes.
    Scandal,
    /// A service is down for twenty-five minutes, and people ask why: severity 2.
    Outage,
}

/// A moment of a course: after how many minutes, what was counted, and how severe that is.
struct Moment(i64, u64, u8);

impl Scenario {
    /// All of them.
    pub const ALL: [Scenario; 2] = [Scenario::Scandal, Scenario::Outage];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Scenario::Scandal => "scandal",
            Scenario::Outage => "outage",
        }
    }

    /// The scenario of this name.
    pub fn of(name: &str) -> Option<Scenario> {
        Scenario::ALL.into_iter().find(|scenario| scenario.name() == name)
    }

    const fn moments(self) -> &'static [Moment] {
        match self {
            Scenario::Scandal => &[
                Moment(0, 64, 2),
                Moment(3, 131, 2),
                Moment(6, 412, 1),
                Moment(12, 884, 1),
                Moment(20, 1_250, 1),
                Moment(30, 610, 1),
                Moment(45, 6, 1),
            ],
            Scenario::Outage => {
                &[Moment(0, 58, 2), Moment(5, 143, 2), Moment(10, 205, 2), Moment(16, 88, 2), Moment(25, 4, 2)]
            }
        }
    }

    /// What is seen in it, of a watch of this title and desk. Every mention in it says that it is invented. Texts are
    /// in the language of `words`.
    pub fn course(self, title: &str, desk: Desk, time_zone: Option<&str>, words: &Words) -> Course {
        let moments = self.moments();
        let last = moments.len().saturating_sub(1);
        let mut total = 0;
        let signal = |(place, Moment(minutes, observed, severity)): (usize, &Moment)| {
            let phase = match place {
                0 => Phase::Opened,
                place if place == last => Phase::Closed,
                _ => Phase::Updated,
            };
            total += observed;
            let counts = Counts {
                mentions: total + total / 4,
                negatives: total,
                originals: total / 3,
                reposts: total - total / 3,
                copies: total / 4,
                authors: total,
                reach: 900 * total,
                ..Counts::default()
            };
            Signal {
                opened_at: Timestamp(0),
                severity: *severity,
                observed: *observed,
                expected: 5.0,
                interval: (1.0, 11.0),
                window_s: 600,
                expected_per_week: 0.0003,
                desk,
                time_zone: time_zone.map(str::to_owned),
                learnt_hours: 672,
                counts,
                drivers: vec![self.driver(words)],
                samples: self.samples(title, words),
                ..Signal::plain(phase, Kind::Negativity, Timestamp(minutes * 60_000))
            }
        };
        Course(moments.iter().enumerate().map(signal).collect())
    }

    fn driver(self, words: &Words) -> Driver {
        let id = match self {
            Scenario::Scandal => "drill-scandal-term",
            Scenario::Outage => "drill-outage-term",
        };
        Driver { kind: TermKind::Term, text: words.say(id), share: 0.6, times: 40.0, z: 30.0 }
    }

    fn samples(self, title: &str, words: &Words) -> Vec<Sample> {
        let said: [&str; 3] = match self {
            Scenario::Scandal => ["drill-scandal-first", "drill-scandal-farthest", "drill-scandal-typical"],
            Scenario::Outage => ["drill-outage-first", "drill-outage-farthest", "drill-outage-typical"],
        };
        let roles = [(Role::First, 240), (Role::Farthest, 41_000), (Role::Typical, 85)];
        let sample = |(id, (role, followers)): (&str, (Role, u64))| Sample {
            id: format!("drill-{}", role_name(role)),
            published_at: Timestamp(0),
            source: words.say("drill-source"),
            author: words.say("drill-author"),
            followers,
            class: Class::Negative,
            text: words.with("drill-invented", [("text", words.with(id, [("title", title.into())]).into())]),
            url: None,
            language: Code::of(words.language().code()),
            role: Some(role),
        };
        said.into_iter().zip(roles).map(sample).collect()
    }
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::First => "first",
        Role::Farthest => "farthest",
        Role::Typical => "typical",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, Zone};

    #[test]
    fn a_course_opens_pages_and_ends_and_every_mention_says_that_it_is_invented() {
        for scenario in Scenario::ALL {
            for (language, says) in [(Language::English, "invented"), (Language::Hungarian, "kitalált")] {
                let words = Words::new(language, Zone::UTC);
                let Course(signals) = scenario.course("Veltaro", Desk::Care, Some("Europe/Budapest"), &words);
                let phases: Vec<Phase> = signals.iter().map(|signal| signal.phase).collect();
                assert_eq!((phases.first(), phases.last()), (Some(&Phase::Opened), Some(&Phase::Closed)));
                assert!(phases[1..phases.len() - 1].iter().all(|phase| *phase == Phase::Updated));
                assert!(signals.is_sorted_by_key(|signal| signal.at) && signals[0].pages());
                assert_eq!(signals[0].desk, Desk::Care);
                let mut samples = signals.iter().flat_map(|signal| &signal.samples);
                assert!(samples.all(|sample| sample.text.to_lowercase().contains(says)), "{scenario:?} {language:?}");
            }
            assert_eq!(Scenario::of(scenario.name()), Some(scenario));
        }
    }
}

//! Invented incidents for tests. The tests of the sentiment service's client include this file, so it names crates and
//! not `crate`.

use orszem_records::class::Class;
use orszem_records::ledger::{ByWhom, Entry, Event, IncidentId};
use orszem_records::signal::{Counts, Kind, Phase, Point, Signal};
use orszem_records::tally::Sample;
use orszem_records::time::Timestamp;

/// 2014-08-01T16:30:00Z.
pub(crate) const BEGAN: Timestamp = Timestamp(1_406_910_600_000);

/// A crisis after two quiet hours.
pub(crate) fn signal(phase: Phase) -> Signal {
    let shape = |index: i64| match index {
        0..24 => (36 + (index * 7) % 23, 4 + (index * 5) % 6),
        24..30 => (60 + (index - 24) * 95, 10 + (index - 24) * 62),
        _ => (560 - (index - 30) * 13, 330 - (index - 30) * 8),
    };
    let chart = (0..42_i64).map(|index| {
        let (mentions, negatives) = shape(index);
        let expected = 45.0 + 6.0 * ((index as f32) / 9.0).sin();
        Point {
            at: BEGAN.plus((index - 24) * 300_000),
            seconds: 300,
            mentions: u32::try_from(mentions).unwrap(),
            negatives: u32::try_from(negatives).unwrap(),
            expected,
            low: expected * 0.55,
            high: expected * 1.7,
        }
    });
    Signal {
        phase,
        kind: Kind::Negativity,
        severity: 2,
        at: BEGAN.plus(18 * 300_000),
        opened_at: BEGAN,
        observed: 3_412,
        expected: 61.3,
        interval: (31.0, 104.0),
        window_s: 4_800,
        expected_per_week: 0.0031,
        budget: 0.5,
        learnt_hours: 19 * 24 + 5,
        learning: false,
        learning_left: 0,
        forecast: Vec::new(),
        drivers: Vec::new(),
        about: None,
        counts: Counts {
            mentions: 7_310,
            negatives: 4_204,
            positives: 611,
            originals: 3_950,
            reposts: 2_700,
            copies: 660,
            of_one_text: 900,
            authors: 5_840,
            reach: 41_200_000,
            ..Counts::default()
        },
        samples: vec![
            sample(
                "1",
                "mention-1",
                "Is Acme down for everyone or only me? Nothing loads since half past six. 😡 #acmedown",
                182_400,
                Class::Negative,
            ),
            sample(
                "2",
                "Hírek percről percre",
                "Leállt az Acme, a cég egyelőre nem közölt részleteket. Frissítjük, amint többet tudunk.",
                96_000,
                Class::Neutral,
            ),
            sample("3", "شبكة", "لا يعمل أكمي منذ ساعة", 0, Class::Negative),
        ],
        chart: chart.collect(),
    }
}

pub(crate) fn sample(id: &str, author: &str, text: &str, followers: u64, class: Class) -> Sample {
    Sample {
        id: id.into(),
        published_at: BEGAN.plus(120_000),
        source: "bluesky".into(),
        author: author.into(),
        followers,
        class,
        text: text.into(),
        url: Some(format!("https://social.example/{id}")),
        role: None,
    }
}

pub(crate) fn entry(watch: &str, n: u64, event: Event) -> Entry {
    Entry { watch: watch.into(), incident: IncidentId::new(watch, n), at: BEGAN.plus(60_000), event }
}

pub(crate) fn acknowledged(watch: &str, n: u64) -> Entry {
    entry(watch, n, Event::Acknowledged(ByWhom { by: "slack-crisis".into(), via: "link".into() }))
}

pub(crate) fn resolved(watch: &str, n: u64) -> Entry {
    entry(watch, n, Event::Resolved(ByWhom { by: "mail-lead".into(), via: "link".into() }))
}

use super::series::HOUR_MS;
use super::*;
use crate::fixture::{entry, signal};
use crate::render::style::STYLE;
use orszem_core::words::{Language, Zone};
use orszem_records::ledger::Event;
use orszem_records::signal::{Phase, Point, Signal};
use proptest::prelude::*;

/// The chart of an incident of this one signal.
fn drawn(signal: &Signal) -> Markup {
    let incident = Incident::begin(&entry("acme", 1, Event::Signal(Box::new(signal.clone())))).unwrap();
    let zone = Zone::named(signal.time_zone.as_deref());
    figure(&incident, &Words::new(Language::English, zone))
}

#[test]
fn every_colour_is_one_of_the_style_sheet() {
    let html = drawn(&signal(Phase::Opened)).into_string();
    assert_eq!(html.matches("<svg").count(), 2);
    for own in ["#0", "style=", "stroke=", "fill="] {
        assert!(!html.contains(own), "{own} in {html}");
    }
    for class in ["grid", "label", "band", "expected", "observed", "negative", "began"] {
        assert!(html.contains(&format!(" {class}\"")), "{class} is not drawn");
        assert!(STYLE.contains(&format!(".{class}")), "{class} has no style");
    }
}

#[test]
fn every_shape_is_closed_or_a_browser_draws_nothing_after_the_first() {
    let html = drawn(&signal(Phase::Opened)).into_string();
    for shape in ["svg", "polyline", "polygon", "text"] {
        let opened = html.matches(&format!("<{shape} ")).count();
        assert!(opened > 1, "{shape} in {html}");
        assert_eq!(html.matches(&format!("</{shape}>")).count(), opened, "{shape} in {html}");
    }
}

#[test]
fn the_axis_is_labelled_with_times_of_the_day() {
    let mut signal = signal(Phase::Opened);
    for (index, point) in signal.chart.iter_mut().enumerate() {
        // 22:00 UTC onwards, in steps of five minutes.
        point.at = Timestamp(1_406_930_400_000 + i64::try_from(index).unwrap() * 300_000);
        point.seconds = 300;
    }
    let html = drawn(&signal).into_string();
    assert!(html.contains(">23:00<"), "{html}");
    assert!(html.contains(">2 Aug<"), "midnight shows the new day");
    assert!(html.contains("Times in UTC, from 1 Aug 2014, 22:00 UTC"), "{html}");
}

#[test]
fn the_day_on_the_axis_begins_where_the_watch_is() {
    let mut signal = signal(Phase::Opened);
    signal.time_zone = Some("Asia/Kolkata".into());
    for (index, point) in signal.chart.iter_mut().enumerate() {
        // From 17:00 UTC, which is 22:30 in India, in steps of five minutes.
        point.at = Timestamp(1_406_912_400_000 + i64::try_from(index).unwrap() * 300_000);
        point.seconds = 300;
    }
    let html = drawn(&signal).into_string();
    assert!(html.contains(">23:00<") && html.contains(">2 Aug<"), "full hours there, not here: {html}");
    assert!(html.contains("Times in IST, from 1 Aug 2014, 22:30 IST"), "{html}");
}

#[test]
fn too_little_to_draw_is_said() {
    let mut signal = signal(Phase::Opened);
    signal.chart.truncate(1);
    assert!(drawn(&signal).into_string().contains("Not enough data"));
    signal.chart.clear();
    assert!(drawn(&signal).into_string().contains("Not enough data"));
}

#[test]
fn hours_without_a_match_are_drawn_and_old_ones_are_not() {
    let at = |hour: i64| Timestamp(1_406_930_400_000 + hour * HOUR_MS);
    let counted = BTreeMap::from([(at(0), [3, 0]), (at(5), [800, 20]), (at(-9_000), [9, 9])]);
    let series = Series::of_hours(&counted, &Words::default()).unwrap();
    assert_eq!(series.steps.len(), 336);
    let seen: Vec<f64> = series.steps[330..].iter().map(|step| step.seen).collect();
    assert_eq!(seen, [3.0, 0.0, 0.0, 0.0, 0.0, 800.0]);
    let page = hours(&counted, true, &Words::default()).into_string();
    assert!(page.contains("at most 800 by the first query, 20 by the second") && page.contains("line expected"));
    let one = hours(&BTreeMap::from([(at(0), [3, 0])]), false, &Words::default()).into_string();
    assert!(one.contains("line observed") && !one.contains("expected") && !one.contains("band"), "{one}");
    assert_eq!(hours(&BTreeMap::new(), true, &Words::default()).into_string(), "");
    let odd = BTreeMap::from([(Timestamp(i64::MAX), [1, 1]), (Timestamp(i64::MIN), [1, 1])]);
    assert_eq!(hours(&odd, true, &Words::default()).into_string(), "", "no time of a calendar");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_chart_breaks_the_page(
        points in proptest::collection::vec(
            (any::<i64>(), any::<u32>(), any::<u32>(), any::<u32>(), any::<f32>(), any::<f32>(), any::<f32>()),
            0..5,
        ),
        near in any::<bool>(),
        opened in any::<i64>(),
    ) {
        let mut signal = signal(Phase::Opened);
        signal.opened_at = Timestamp(opened);
        signal.chart = points
            .into_iter()
            .map(|(at, seconds, mentions, negatives, expected, low, high)| Point {
                at: if near { Timestamp(1_406_930_400_000 + at % 100_000_000) } else { Timestamp(at) },
                seconds: if near { seconds % 4_000 } else { seconds },
                mentions, negatives, expected, low, high,
            })
            .collect();
        let html = drawn(&signal).into_string();
        prop_assert!(!html.contains("NaN") && html.len() < 60_000, "{}", html.len());
    }
}

use super::series::HOUR_MS;
use super::*;
use crate::fixture::{entry, signal};
use crate::render::style::STYLE;
use orszem_core::words::{Language, Zone};
use orszem_records::chart::{Chart, Point, Usual};
use orszem_records::ledger::Event;
use orszem_records::signal::{Kind, LimitReached, Phase, Signal};
use proptest::prelude::*;

fn incident(signal: &Signal) -> Incident {
    Incident::begin(&entry("acme", 1, Event::Signal(Box::new(signal.clone())))).unwrap()
}

/// The chart of an incident of this one signal.
fn drawn(signal: &Signal) -> Markup {
    let zone = Zone::named(signal.time_zone.as_deref());
    figure(&incident(signal), &Words::new(Language::English, zone))
}

/// The fixture's incident when it fades.
fn fading() -> Incident {
    let mut incident = incident(&signal(Phase::Opened));
    let later = Signal {
        observed: 12,
        window_s: 300,
        at: signal(Phase::Opened).at.plus(30 * 60_000),
        ..signal(Phase::Updated)
    };
    incident.apply(&entry("acme", 1, Event::Signal(Box::new(later))));
    incident
}

/// The places that a line of this class goes through, in the wide chart.
fn places(html: &str, class: &str) -> Vec<(f64, f64)> {
    let line = html.split(&format!("class=\"line {class}\"")).nth(1).unwrap();
    let path = line.split_once("d=\"").unwrap().1.split_once('"').unwrap().0;
    let (mut places, mut at) = (Vec::new(), (0.0, 0.0));
    let commands: Vec<usize> = path.match_indices(|c: char| c.is_ascii_uppercase()).map(|(place, _)| place).collect();
    for (number, from) in commands.iter().enumerate() {
        let (name, rest) = path[*from..commands.get(number + 1).copied().unwrap_or(path.len())].split_at(1);
        let numbers: Vec<f64> = rest.split(' ').map(|number| number.parse().unwrap()).collect();
        at = match name {
            "H" => (numbers[0], at.1),
            "V" => (at.0, numbers[0]),
            _ => (numbers[0], numbers[1]),
        };
        places.push(at);
    }
    places
}

/// The seconds from the start of the chart that a place stands for.
fn seconds(html: &str, signal: &Signal, x: f64) -> f64 {
    // The axis is a path along the bottom, which the grid draws first.
    let (left, right) = (places(html, "grid")[0].0, places(html, "grid")[1].0);
    (x - left) / (right - left) * (signal.chart.end().since(signal.chart.from) / 1000) as f64
}

#[test]
fn negatives_are_drawn_against_those_expected_and_the_window_of_the_height_is_marked() {
    let incident = fading();
    let html = figure(&incident, &Words::default()).into_string();
    for text in [
        "Negative mentions in 5 minutes",
        "At the worst: 3,412 negative mentions in 80 minutes, until 18:00",
        "Negative mentions, 5 minutes at a time, since 1 Aug 2014, 14:30 UTC: at most 330, at 17:00. About",
        "<title>17:00: 330 (usual: 6.8)</title>",
    ] {
        assert!(html.contains(text), "{text} is not in {html}");
    }
    assert!(!html.contains("of them negative") && !html.contains("limit"), "{html}");
    let marked = places(&html, "window");
    let [from, to] = [marked[0].0, marked[3].0].map(|x| seconds(&html, &incident.signal, x));
    let begins = incident.peak.at.since(incident.signal.chart.from) / 1000 - 4_800;
    assert!((from - begins as f64).abs() < 60.0 && (to - from - 4_800.0).abs() < 60.0, "{from} to {to}, not {begins}");
}

#[test]
fn the_limit_is_drawn_where_one_was_reached_and_nothing_usual_while_that_is_not_known() {
    let mut signal = signal(Phase::Opened);
    signal.learning = true;
    signal.limit = Some(LimitReached { negatives: true, least: 1_200, within_s: 3_600 });
    signal.chart.points.iter_mut().for_each(|point| point.usual = None);
    let html = drawn(&signal).into_string();
    assert!(html.contains("Your limit: 1,200 in an hour, drawn evenly: 100 in 5 minutes"), "{html}");
    assert!(html.contains("What is usual is not known yet."), "{html}");
    assert!(!html.contains("line expected") && !html.contains("area band") && !html.contains("(usual:"), "{html}");
    // A hundred lies as high as a point of a hundred.
    let top = places(&html, "observed").into_iter().map(|(_, y)| y).fold(f64::MAX, f64::min);
    let (bottom, limit) = (237.0, places(&html, "limit")[0].1);
    let part = (bottom - limit) / (bottom - top);
    assert!((part - 100.0 / 330.0).abs() < 0.05, "{part}");
    signal.limit = Some(LimitReached { negatives: false, least: 1_200, within_s: 3_600 });
    assert!(!drawn(&signal).into_string().contains("limit"), "a limit of all mentions is of something else");
}

#[test]
fn a_slow_burn_is_a_share_with_gaps_where_nothing_came() {
    let mut signal = Signal { kind: Kind::SlowBurn, ..signal(Phase::Opened) };
    signal.chart.of = Counted::Share;
    signal.chart.points[10] = Point { mentions: 0.0, negatives: 0.0, usual: None };
    let html = drawn(&signal).into_string();
    assert!(html.contains("Share of negative mentions in 5 minutes"), "{html}");
    assert!(html.contains(">20%<") && html.contains(": at most 60%, at 16:55."), "{html}");
    assert_eq!(html.matches("class=\"line observed\"").count(), 4, "two runs in each form");
}

#[test]
fn what_has_passed_of_the_last_point_is_drawn_at_its_pace() {
    let mut signal = signal(Phase::Opened);
    // One minute of the last five.
    signal.at = signal.chart.end().plus(-4 * 60_000);
    signal.chart.points.last_mut().unwrap().negatives = 40.0;
    let html = drawn(&signal).into_string();
    assert!(html.contains(": 200 (usual: "), "forty a minute: {html}");
    let (last, marked) = (places(&html, "observed").last().unwrap().0, places(&html, "window")[3].0);
    assert!((last - marked).abs() < 0.2, "it ends where the figures do: {last} {marked}");
    signal.chart.of = Counted::Share;
    assert!(!drawn(&signal).into_string().contains("100%"), "a share of one minute says nothing");
}

#[test]
fn a_chart_of_the_last_release_is_drawn_as_mentions() {
    let mut signal = signal(Phase::Opened);
    signal.chart.of = Counted::Mentions;
    let html = drawn(&signal).into_string();
    assert!(html.contains("Mentions in 5 minutes") && html.contains("of them negative"), "{html}");
    assert!(html.contains("area negative"), "{html}");
}

#[test]
fn it_is_said_in_hungarian() {
    let words = Words::new(Language::Hungarian, Zone::named(Some("Europe/Budapest")));
    let html = figure(&fading(), &words).into_string();
    for text in ["Negatív említések 5 perc alatt", "A csúcson: 3412 negatív említés 80 perc alatt, 20:00-ig"] {
        assert!(html.contains(text), "{text} is not in {html}");
    }
}

#[test]
fn every_colour_is_one_of_the_style_sheet() {
    let html = drawn(&signal(Phase::Opened)).into_string();
    assert_eq!(html.matches("<svg").count(), 2);
    for own in ["#0", "style=", "stroke=", "fill="] {
        assert!(!html.contains(own), "{own} in {html}");
    }
    for class in ["grid", "label", "band", "expected", "high", "observed", "window", "began"] {
        assert!(html.contains(&format!(" {class}\"")), "{class} is not drawn");
        assert!(STYLE.contains(&format!(".{class}")), "{class} has no style");
    }
}

#[test]
fn every_shape_is_closed_or_a_browser_draws_nothing_after_the_first() {
    let html = drawn(&signal(Phase::Opened)).into_string();
    for shape in ["svg", "path", "text"] {
        let opened = html.matches(&format!("<{shape} ")).count();
        assert!(opened > 1, "{shape} in {html}");
        assert_eq!(html.matches(&format!("</{shape}>")).count(), opened, "{shape} in {html}");
    }
}

#[test]
fn the_axis_is_labelled_with_times_of_the_day() {
    let mut signal = signal(Phase::Opened);
    // 22:00 UTC onwards, in steps of five minutes.
    signal.chart.from = Timestamp(1_406_930_400_000);
    let html = drawn(&signal).into_string();
    assert!(html.contains(">23:00<"), "{html}");
    assert!(html.contains(">2 Aug<"), "midnight shows the new day");
    assert!(html.contains("Times in UTC, from 1 Aug 2014, 22:00 UTC"), "{html}");
}

#[test]
fn the_day_on_the_axis_begins_where_the_watch_is() {
    let mut signal = signal(Phase::Opened);
    signal.time_zone = Some("Asia/Kolkata".into());
    // From 17:00 UTC, which is 22:30 in India, in steps of five minutes.
    signal.chart.from = Timestamp(1_406_912_400_000);
    let html = drawn(&signal).into_string();
    assert!(html.contains(">23:00<") && html.contains(">2 Aug<"), "full hours there, not here: {html}");
    assert!(html.contains("Times in IST, from 1 Aug 2014, 22:30 IST"), "{html}");
}

#[test]
fn too_little_to_draw_is_said() {
    let mut signal = signal(Phase::Opened);
    signal.chart.points.truncate(1);
    assert!(drawn(&signal).into_string().contains("Not enough data"));
    signal.chart.points.clear();
    assert!(drawn(&signal).into_string().contains("Not enough data"));
}

#[test]
fn hours_without_a_match_are_drawn_and_old_ones_are_not() {
    let at = |hour: i64| Timestamp(1_406_930_400_000 + hour * HOUR_MS);
    let counted = BTreeMap::from([(at(0), [3, 0]), (at(5), [800, 20]), (at(-9_000), [9, 9])]);
    let series = Series::of_hours(&counted, true, &Words::default()).unwrap();
    assert_eq!(series.steps.len(), 336);
    let seen: Vec<f64> = series.steps[330..].iter().filter_map(|step| step.seen).collect();
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
        points in proptest::collection::vec((any::<f32>(), any::<f32>(), any::<Option<[f32; 3]>>()), 0..5),
        from in any::<i64>(),
        seconds in any::<u32>(),
        near in any::<bool>(),
        opened in any::<i64>(),
        of in prop_oneof![Just(Counted::Mentions), Just(Counted::Negatives), Just(Counted::Share)],
        limit in any::<Option<(u64, u32)>>(),
    ) {
        let mut signal = signal(Phase::Opened);
        signal.opened_at = Timestamp(opened);
        signal.limit = limit.map(|(least, within_s)| LimitReached { negatives: true, least, within_s });
        let usual = |[expected, low, high]: [f32; 3]| Usual { expected, low, high };
        let point = |(mentions, negatives, known): (f32, f32, Option<[f32; 3]>)| Point {
            mentions, negatives, usual: known.map(usual),
        };
        signal.chart = Chart {
            of,
            from: if near { Timestamp(1_406_930_400_000 + from % 100_000_000) } else { Timestamp(from) },
            seconds: if near { seconds % 4_000 } else { seconds },
            points: points.into_iter().map(point).collect(),
        };
        let html = drawn(&signal).into_string();
        prop_assert!(!html.contains("NaN") && !html.contains("inf") && html.len() < 60_000, "{}", html.len());
    }
}

use super::*;
use crate::sentiment::Models;
use orszem_records::mention::parse;
use serde_json::json;

fn trial(query: &str, with: Option<&str>, most: usize) -> Result<(Trial, Diagnostics), Diagnostics> {
    Trial::new(query, with, most, Arc::new(Models::shipped().unwrap()))
}

fn take(trial: &mut Trial, id: &str, at: i64, text: &str) {
    let record = json!({ "id": id, "published_at": at, "text": text }).to_string();
    trial.take(&parse(record.as_bytes(), 1 << 20).unwrap());
}

fn line(shown: &Shown) -> String {
    let pieces = shown.pieces.iter();
    pieces.map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
}

#[test]
fn a_sample_is_the_same_in_whatever_order_mentions_come() {
    let mut ids: Vec<i64> = (0..500).collect();
    let of = |ids: &[i64]| {
        let (mut trial, _) = trial("telekom", None, 7).unwrap();
        ids.iter().for_each(|id| take(&mut trial, &format!("m{id}"), 1_790_000_000 + id, "a telekom"));
        let matches = &trial.verdict().matches;
        assert_eq!((matches.count(), matches.shown().len()), (500, 7));
        matches.shown().into_iter().cloned().collect::<Vec<_>>()
    };
    let there = of(&ids);
    assert!(there.is_sorted_by_key(|shown| shown.published_at));
    assert!(there.last().unwrap().published_at.since(there[0].published_at) > 100_000, "from all over the range");
    ids.reverse();
    assert_eq!(of(&ids), there);
    // An id that comes twice takes the place of one.
    let (mut trial, _) = trial("telekom", None, 7).unwrap();
    (0..3).for_each(|_| take(&mut trial, "a", 1_790_000_000, "telekom"));
    assert_eq!((trial.verdict().matches.count(), trial.verdict().matches.shown().len()), (3, 1));
}

#[test]
fn hours_are_counted_for_each_query() {
    let (mut trial, _) = trial("telekom", Some("posta"), 3).unwrap();
    let hour = 1_790_002_800;
    for (n, (at, text)) in
        [(0, "telekom"), (3_599, "telekom posta"), (3_600, "posta"), (7_200, "semmi"), (-1, "telekom")]
            .into_iter()
            .enumerate()
    {
        take(&mut trial, &n.to_string(), hour + at, text);
    }
    let verdict = trial.verdict();
    let hours: Vec<(i64, [u64; 2])> =
        verdict.hours.iter().map(|(at, counts)| ((at.0 / 1000 - hour) / 3_600, *counts)).collect();
    assert_eq!(hours, [(-1, [1, 0]), (0, [2, 1]), (1, [0, 1])]);
    assert_eq!((verdict.mentions, verdict.matched), (5, [3, 2]));
    assert_eq!(verdict.busiest(0).map(|(at, count)| (at.0 / 1000 - hour, count)), Some((0, 2)));
    assert_eq!(verdict.only.each_ref().map(Sample::count), [2, 1]);
    assert!((verdict.length() - 7_201.0 / 3_600.0).abs() < 1e-9);
}

/// What is advised brings what it says: the changed query, tried on the same mentions, matches as many more.
#[test]
fn every_change_brings_as_many_as_it_says() {
    let texts = [
        "telekom",
        "telekom lassú",
        "telekommunikáció lassú",
        "telekomos drága",
        "lassú",
        "telekom lassú posta",
        "telekom drága posta",
        "semmi",
    ];
    let take_all = |trial: &mut Trial| {
        texts.iter().enumerate().for_each(|(n, text)| take(trial, &n.to_string(), 1_790_000_000, text));
    };
    let query = "telekom AND (lassú OR drága) AND NOT posta";
    let (mut first, _) = trial(query, None, 9).unwrap();
    take_all(&mut first);
    let verdict = first.verdict();
    let helpful: Vec<_> = verdict.helpful().iter().map(|change| (change.query.clone(), change.brings)).collect();
    assert!(helpful.contains(&("telekom AND (lassú OR drága)".to_owned(), 2)), "{helpful:?}");
    assert!(helpful.len() >= 4 && helpful.is_sorted_by_key(|(_, brings)| std::cmp::Reverse(*brings)));
    for (changed, brings) in helpful {
        let (mut both, _) = trial(query, Some(&changed), 9).unwrap();
        take_all(&mut both);
        assert_eq!(both.verdict().only.each_ref().map(Sample::count), [0, brings], "{changed}");
    }
    assert_eq!((verdict.matched[0], verdict.near.count()), (2, 5));
}

#[test]
fn shown_texts_are_short_and_harmless() {
    let (mut trial, _) = trial("telekom", None, 3).unwrap();
    let long = format!("{} \u{202e}a\u{200b} \u{1b}[31m Telekomnál\n{}", "á".repeat(300), "b".repeat(300));
    take(&mut trial, "\u{1b}]x\u{202e}", 1_790_000_000, &long);
    let shown = trial.verdict().matches.shown()[0].clone();
    assert_eq!(shown.id, " ]x");
    let line = line(&shown);
    assert!(line.starts_with("…á") && line.ends_with("b…") && line.contains(" a  [31m [Telekomnál] bbb"), "{line}");
    assert!(line.chars().count() <= SHOWN + 4, "{}", line.chars().count());
    take(&mut trial, "near", 1_790_000_000, "telekommunikáció\u{7}");
    let near = trial.verdict().near.shown()[0].clone();
    assert!(near.why.unwrap().contains("only part of another word"));
    assert!(near.pieces.iter().any(|piece| piece.marked && piece.text == "telekommunikáció"));
}

#[test]
fn the_query_with_the_fault_is_named() {
    let faults = |query: &str, with| trial(query, with, 1).err().unwrap().map(|faults| faults.len());
    assert_eq!(faults("(telekom", None), [1, 0]);
    assert_eq!(faults("telekom", Some("(posta")), [0, 1]);
    assert_eq!(faults("a1 OR b*", Some("(posta OR foo:x")), [1, 2]);
    let (_, warnings) = trial("telekom", Some("NOT posta"), 1).unwrap();
    assert_eq!(warnings.map(|warnings| warnings.len()), [0, 1]);
}

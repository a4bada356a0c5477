use super::*;
use crate::input::NoHeaders;
use orszem_text::sentiment::Models;
use proptest::prelude::*;
use std::sync::LazyLock;

static MODELS: LazyLock<Arc<Models>> = LazyLock::new(|| Arc::new(Models::shipped().unwrap()));

fn watch(name: &str, terms: &[&str]) -> Watch {
    Watch { name: name.into(), terms: terms.iter().map(|term| (*term).to_owned()).collect(), ..Watch::default() }
}

fn core(window: u32) -> Core {
    let rules = CompiledWatches::new(&[watch("acme", &["acme"]), watch("zeta", &["zeta"])], MODELS.clone()).unwrap();
    let settings =
        Settings { lateness_ms: 30_000, future_tolerance_ms: 120_000, max_bytes: 10_000, repeat_window: window };
    let mut core = Core::new(settings, Arc::new(rules));
    core.assign(0, 0);
    core
}

const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn record(id: u32, at: Timestamp, text: &str) -> Vec<u8> {
    serde_json::to_vec(&serde_json::json!({ "id": id, "published_at": at.0, "text": text, "lang": "en", "author": { "id": id % 7, "followers": id } }))
        .unwrap()
}

fn input(offset: i64, value: &[u8]) -> Input<'_> {
    Input { partition: 0, offset, timestamp: NOW, value, headers: &NoHeaders, replayed: false }
}

#[test]
fn counts_each_watch_once_with_its_sentiment() {
    let mut core = core(100);
    assert_eq!(core.read(input(0, &record(1, NOW, "acme is terrible, ACME!"))), Read::Scored(1));
    assert_eq!(core.read(input(1, &record(2, NOW, "acme and zeta are great"))), Read::Scored(2));
    assert_eq!(core.read(input(2, &record(1, NOW, "acme is terrible, ACME!"))), Read::Repeat);
    assert_eq!(core.read(input(3, &record(4, NOW, "nothing here"))), Read::Scored(0));
    let tallies = core.take().tallies;
    assert_eq!(tallies.len(), 2);
    let acme = &tallies[0];
    assert_eq!(
        (acme.counts.mentions, acme.counts.negatives, acme.counts.positives, acme.counts.originals),
        (2, 1, 1, 2)
    );
    assert_eq!((acme.counts.reach, acme.authors.count(), acme.samples.len()), (3, 2, 2));
    assert_eq!(acme.slice, NOW.slice());
}

/// A mention that looks like a canary, with this text.
fn canary_like(text: &str) -> Vec<u8> {
    let id = format!("orszem-canary-{}", "0a".repeat(16));
    serde_json::to_vec(&serde_json::json!({
        "id": id, "source": "orszem-canary", "published_at": NOW.0 + 60_000, "text": text,
    }))
    .unwrap()
}

#[test]
fn a_canary_is_passed_on_and_counted_for_nothing_and_moves_no_time() {
    let mut core = core(100);
    core.read(input(0, &record(1, Timestamp(NOW.0 - 3_600_000), "acme")));
    let before = (core.watermarks(&BTreeMap::new()), core.take_heard().len());
    let token = "0a".repeat(16);
    assert_eq!(core.read(input(1, &canary_like(&token))), Read::Canary(token.clone()));
    let replayed = canary_like(&token);
    let replayed = Input { replayed: true, ..input(1, &replayed) };
    assert_eq!(core.read(replayed), Read::Replayed);
    assert_eq!(core.watermarks(&BTreeMap::new()), before.0, "an old backlog in its partition must not become late");
    assert!(core.take_heard().is_empty(), "its source is not one that is missed when it stops");
    assert_eq!(core.take().tallies.len(), 1);
}

#[test]
fn a_mention_that_a_watch_matches_is_counted_whatever_it_calls_itself() {
    let mut core = core(100);
    assert_eq!(core.read(input(0, &canary_like("acme is terrible"))), Read::Scored(1));
    let counts = core.take().tallies[0].counts;
    assert_eq!((counts.mentions, counts.negatives), (1, 1), "nobody can hide a mention by naming that source");
}

#[test]
fn a_mention_without_words_is_counted_and_not_judged() {
    let mut core = core(100);
    core.ask_about(Arc::new(HashSet::from(["acme".to_owned()])));
    for (id, text) in [(1, "@acme \u{1f621}"), (2, "acme https://t.co/x 2024"), (3, "acme is terrible, awful")] {
        core.read(input(i64::from(id), &record(id, NOW, text)));
    }
    assert_eq!(core.questions().len(), 1, "nobody else can judge them either");
    let counts = core.take().tallies[0].counts;
    assert_eq!((counts.mentions, counts.negatives, counts.grounds.wordless, counts.judged()), (3, 1, 2, 1));
    assert_eq!(counts.grounds.unjudged, 0);
}

#[test]
fn reposts_and_copies_are_told_apart() {
    let mut core = core(100);
    let text = "acme lost all of our bags again";
    core.read(input(0, &record(1, NOW, text)));
    core.read(input(1, &record(2, NOW, &format!("{text} https://t.co/2"))));
    let repost = format!(r#"{{"id":"3","published_at":{},"text":"{text}","repost_of":"1"}}"#, NOW.0);
    core.read(input(2, repost.as_bytes()));
    let tally = &core.take().tallies[0];
    assert_eq!((tally.counts.originals, tally.counts.copies, tally.counts.reposts), (1, 1, 1));
}

#[test]
fn one_text_is_one_text_however_it_is_passed_on() {
    let mut core = core(100);
    let text = "acme lost every single one of our bags again and nobody there answers the phone";
    let said = [
        text.to_owned(),
        format!("RT @ann: {text}"),
        format!("@cleo {text} 😡😡 https://t.co/9"),
        text.replace("bags", "suitcases"),
        "acme has a new lounge with a view and the food there is good".to_owned(),
    ];
    for (offset, text) in (0..).zip(&said) {
        core.read(input(offset, &record(offset as u32, NOW, text)));
    }
    let tally = &core.take().tallies[0];
    assert_eq!((tally.counts.originals, tally.counts.reposts, tally.counts.copies), (2, 1, 2));
    assert_eq!(tally.repeated.most(), 3);
    assert_eq!(tally.discount.mentions, 500 + 667 + 750, "a half, a third and a quarter of a mention are left of them");
}

#[test]
fn a_time_far_ahead_is_the_brokers_and_moves_no_watermark() {
    let mut core = core(100);
    core.read(input(0, &record(1, NOW.plus(86_400_000), "acme")));
    let taken = core.take();
    assert_eq!(taken.oddities.future, 1);
    assert_eq!(taken.tallies[0].slice, NOW.slice());
    assert_eq!(core.watermarks(&BTreeMap::new()).low(), Some(NOW.plus(-30_000)));
}

#[test]
fn an_idle_partition_walks_with_the_clock() {
    let mut core = core(100);
    core.assign(1, 0);
    core.read(input(0, &record(1, NOW, "acme")));
    assert_eq!(core.watermarks(&BTreeMap::new()).low(), None, "partition 1 has brought nothing and is not idle");
    assert_eq!(core.watermarks(&BTreeMap::from([(1, 5)])).low(), Some(NOW.plus(-30_000)));
    assert_eq!(core.watermarks(&BTreeMap::from([(0, 60_000), (1, 5)])).low(), Some(NOW.plus(30_000)));
}

proptest! {
    /// However the records are cut into batches, and wherever the program dies between two, the sum is the same.
    #[test]
    fn batches_and_restarts_change_no_count(ids in proptest::collection::vec(0_u32..60, 1..150), cuts in proptest::collection::vec(1_usize..20, 1..40), window in 1_u32..60) {
        let texts = [
            "acme lost every single one of our bags in vienna again today",
            "acme lost every single one of our bags in berlin again today",
            "acme is awful and broken today", "zeta and acme agree on all", "nothing to see", "acme lost all of our bags again"];
        let records: Vec<Vec<u8>> = ids.iter().map(|id| record(*id, NOW.plus(i64::from(*id) * 3_000 - 90_000), texts[*id as usize % texts.len()])).collect();
        let fold = |tallies: Vec<Tally>| {
            let mut sum: BTreeMap<(String, Slice), Tally> = BTreeMap::new();
            for tally in tallies {
                sum.entry((tally.watch.clone(), tally.slice)).and_modify(|sum| sum.merge(&tally)).or_insert(tally);
            }
            sum
        };
        let mut whole = core(window);
        for (value, offset) in records.iter().zip(0..) {
            whole.read(input(offset, value));
        }
        let whole = fold(whole.take().tallies);

        let mut parts = Vec::new();
        let mut committed = 0;
        for cut in cuts.iter().cycle() {
            if committed == records.len() { break; }
            let mut core = core(window);
            let from = core.assign(0, i64::try_from(committed).unwrap());
            let until = (committed + cut).min(records.len());
            for offset in from..i64::try_from(until).unwrap() {
                let replayed = offset < i64::try_from(committed).unwrap();
                core.read(Input { replayed, ..input(offset, &records[offset as usize]) });
            }
            parts.extend(core.take().tallies);
            committed = until;
        }
        parts.reverse();
        prop_assert_eq!(fold(parts), whole);
    }
}

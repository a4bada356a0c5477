use super::*;
use proptest::prelude::*;

fn tallies() -> impl Strategy<Value = Vec<Tally>> {
    let mention = (0_u32..500, 0_u32..50, 0_u64..30, 0_u8..3);
    let tally = proptest::collection::vec(mention, 0..12).prop_map(|mentions| {
        let mut tally = Tally::new("acme", Slice(7));
        for (id, author, followers, class) in mentions {
            let class = [Class::Negative, Class::Neutral, Class::Positive][usize::from(class)];
            // The same id is the same mention wherever it is sampled.
            let followers = followers.min(u64::from(id));
            tally.counts.mentions += 1;
            tally.counts.reach += followers;
            tally.authors.add(&author.to_string());
            tally.offer_sample(&format!("{id}-{followers}-{class:?}"), class, followers, || Sample {
                id: format!("{id}-{followers}-{class:?}"),
                published_at: Timestamp(i64::from(id)),
                source: String::new(),
                author: String::new(),
                followers,
                class,
                text: String::new(),
                url: None,
                language: None,
                role: None,
            });
        }
        tally
    });
    proptest::collection::vec(tally, 1..8)
}

fn merged<'a>(tallies: impl IntoIterator<Item = &'a Tally>) -> Tally {
    let mut sum = Tally::new("acme", Slice(7));
    tallies.into_iter().for_each(|tally| sum.merge(tally));
    sum
}

#[test]
fn records_are_read_as_they_were_written() {
    let marks =
        [(0, Some(5)), (11, None)].map(|(partition, at)| (partition, Watermark::idle(at.map(Timestamp), 10_000)));
    let mut tally = Tally::new("acme", Slice(7));
    (0..1000).for_each(|id| tally.authors.add(&id.to_string()));
    for record in [TallyRecord::Watermark(Watermarks::from(BTreeMap::from(marks))), TallyRecord::Tally(tally)] {
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<TallyRecord>(&text).unwrap(), record);
    }
}

proptest! {
    #[test]
    fn any_order_and_grouping_merges_to_the_same(tallies in tallies(), split in 0_usize..8) {
        let whole = merged(&tallies);
        prop_assert_eq!(&merged(tallies.iter().rev()), &whole);
        let (left, right) = tallies.split_at(split.min(tallies.len()));
        prop_assert_eq!(&merged([&merged(right), &merged(left)]), &whole);
    }

    #[test]
    fn a_record_reads_back_as_it_was_written(tallies in tallies()) {
        let mark = Watermark::awake(Timestamp(7));
        let watermark = TallyRecord::Watermark(Watermarks::from(BTreeMap::from([(3, mark)])));
        for record in [TallyRecord::Tally(merged(&tallies)), watermark] {
            let json = serde_json::to_string(&record).unwrap();
            prop_assert_eq!(serde_json::from_str::<TallyRecord>(&json).unwrap(), record);
        }
    }
}

#[test]
fn partitions_of_different_topics_are_told_apart_and_those_of_one_are_written_as_they_were() {
    let mark = |at| Watermark::awake(Timestamp(at));
    let plain = Watermarks::from(BTreeMap::from([(0, mark(5)), (1, mark(6))]));
    assert_eq!(serde_json::to_string(&plain).unwrap(), r#"{"partitions":[[0,{"at":5}],[1,{"at":6}]]}"#);
    let mut all = plain.clone();
    all.merge(&Watermarks::from(BTreeMap::from([(0, mark(3))])).in_topic("posts"));
    assert_eq!((all.partitions.len(), all.low()), (3, Some(Timestamp(3))));
    let written = serde_json::to_string(&all).unwrap();
    assert!(written.contains(r#"["posts/0",{"at":3}]"#), "{written}");
    assert_eq!(serde_json::from_str::<Watermarks>(&written).unwrap(), all);
    for bad in [r#"{"partitions":[["posts",{"at":3}]]}"#, r#"{"partitions":[["posts/x",{"at":3}]]}"#] {
        assert!(serde_json::from_str::<Watermarks>(bad).is_err());
    }
}

#[test]
fn a_topic_that_is_read_no_more_stops_no_time() {
    let mark = |at| Watermark::awake(Timestamp(at));
    let mut marks = Watermarks::from(BTreeMap::from([(0, mark(10_000))])).in_topic("gone");
    marks.merge(&Watermarks::from(BTreeMap::from([(0, mark(90_000))])));
    assert_eq!(marks.low(), Some(Timestamp(10_000)), "nothing is said of the topics");
    let told = Watermarks { topics: vec![String::new()], ..Watermarks::from(BTreeMap::from([(0, mark(91_000))])) };
    marks.merge(&told);
    assert_eq!((marks.low(), marks.partitions.len()), (Some(Timestamp(91_000)), 1));
}

/// What a scorer says of its one partition; idle after ten seconds.
fn word(partition: InputPartition, mark: Watermark) -> Watermarks {
    Watermarks { idle_after_ms: 10_000, ..Watermarks::from(BTreeMap::from([(partition, mark)])) }
}

fn quiet(at: i64, for_ms: i64) -> Watermark {
    Watermark::idle(Some(Timestamp(at)), for_ms)
}

#[test]
fn after_a_silence_no_scorer_runs_ahead_of_another() {
    let mut marks = word(0, quiet(10_000, 20_000));
    marks.merge(&word(1, quiet(10_500, 30_000)));
    assert_eq!(marks.low(), Some(Timestamp(10_500)), "all are idle");
    marks.merge(&word(0, Watermark::awake(Timestamp(90_000))));
    assert_eq!(marks.low(), Some(Timestamp(10_500)), "the other may bring as much");
    let mut back: Watermarks = serde_json::from_str(&serde_json::to_string(&marks).unwrap()).unwrap();
    assert_eq!(back, marks, "a checkpoint in between changes nothing");
    back.merge(&word(1, quiet(11_500, 31_000)));
    back.merge(&word(1, quiet(20_400, 39_900)));
    assert_eq!(back.low(), Some(Timestamp(20_400)), "it may not have come to look yet");
    back.merge(&word(1, quiet(20_500, 40_000)));
    assert_eq!(back.low(), Some(Timestamp(90_000)), "it was quiet for the idle time since");
}

#[test]
fn what_came_in_between_is_waited_for_and_its_end_is_no_second_silence() {
    let mut marks = word(0, quiet(10_000, 20_000));
    marks.merge(&word(1, Watermark::idle(None, 30_000)));
    marks.merge(&word(0, Watermark::awake(Timestamp(90_000))));
    assert_eq!(marks.low(), None, "nobody knows what it will bring");
    marks.merge(&word(1, Watermark::awake(Timestamp(40_000))));
    assert_eq!(marks.low(), Some(Timestamp(40_000)));
    marks.merge(&word(1, quiet(50_000, 10_000)));
    assert_eq!(marks.low(), Some(Timestamp(90_000)), "it has been idle since");
}

#[test]
fn a_scorer_of_a_version_that_does_not_tell_how_long_is_believed_at_once() {
    let of = |partition, mark| Watermarks::from(BTreeMap::from([(partition, mark)]));
    let mut marks = of(0, quiet(10_000, 0));
    marks.merge(&of(1, quiet(10_500, 0)));
    marks.merge(&of(0, Watermark::awake(Timestamp(90_000))));
    assert_eq!(marks.low(), Some(Timestamp(10_500)));
    marks.merge(&of(1, quiet(11_000, 0)));
    assert_eq!(marks.low(), Some(Timestamp(90_000)));
}

#[test]
fn a_partition_that_nobody_has_told_of_yet_holds_time_up() {
    let mark = |at| Watermark::awake(Timestamp(at));
    let partition = |partition| TopicPartition { topic: String::new(), partition };
    let of = |partition, at| Watermarks::from(BTreeMap::from([(partition, mark(at))]));
    let first = Watermarks { awaited: vec![partition(0), partition(1)], ..of(1, 99_000) };
    let mut marks = Watermarks::default();
    marks.merge(&first);
    assert_eq!(marks.low(), None, "partition 0 may have everything before it");
    marks.merge(&of(0, 10_000));
    assert_eq!(marks.low(), Some(Timestamp(10_000)));
    let mut back = marks.clone();
    back.merge(&first);
    assert_eq!(back, marks, "what was told stays told");
}

#[test]
fn one_partition_hours_behind_holds_the_others_up_until_it_is_idle() {
    let mark = |at| Watermark::awake(Timestamp(at));
    let mut marks = Watermarks::from(BTreeMap::from([(0, mark(10_000)), (1, mark(99_000))]));
    assert_eq!(marks.low(), Some(Timestamp(10_000)));
    marks.merge(&word(0, quiet(10_000, 10_000)));
    assert_eq!(marks.low(), Some(Timestamp(99_000)));
    marks.merge(&word(1, mark(50_000)));
    assert_eq!(marks.low(), Some(Timestamp(99_000)), "a mark never goes back");
}

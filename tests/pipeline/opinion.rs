//! A sentiment service beside the stream: what it is asked, what its answers change, and what its faults do not.

use orszem_records::tally::Tally;
use serde_json::json;

use crate::support::doubles::{Answer, Judges, Pagerduty};
use crate::support::setup::{Setup, WATCH};
use crate::support::{http, kafka, wait};

use super::stream;

/// How many mentions follow the crisis in each round: negative ones of the watch in crisis and of another.
const ROUND: u64 = 100;

#[test]
fn a_service_judges_the_mentions_of_an_open_incident_and_no_others() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (judges, pager) = runtime.block_on(async { (Judges::start("positive").await, Pagerduty::start().await) });
    // One thread: of two, each may have a question under way when the service fails.
    let setup = Setup::for_crisis("opinion").with(&format!(
        "[score]\nthreads = 1\n[sentiment]\nservice = \"{}\"\ntimeout = \"2s\"\n[[watch]]\nname = \"calm\"\nterms = [\"calm\"]\n",
        judges.url()
    ));
    let setup = setup.pagerduty("pager", &pager).step(&["pager"], "1h");
    let (_home, mut orszem) = setup.start();
    setup.deliver_crisis(kafka, |_, _| {});
    assert_eq!(stream::incidents(kafka, "opinion").len(), 1);
    let incidents = || http::get(&format!("{}/api/v1/incidents?state=open", setup.url())).expect("an answer").body;
    wait::holds("the copy knows of the incident", wait::LONG, || incidents().contains(WATCH));

    // What the service said of them so far is part of it: the crisis may have been seen before its end was read.
    let counts = |watch: &str| {
        let tallies = stream::tallies(kafka, "opinion");
        let of =
            |count: fn(&Tally) -> u64| tallies.values().filter(|tally| tally.watch == watch).map(count).sum::<u64>();
        (of(|tally| tally.counts.mentions), of(|tally| tally.counts.negatives), of(|tally| tally.counts.positives))
    };
    let before = [WATCH, "calm"].map(counts);
    assert_eq!(before[1].0, 0);
    let mut round = 0;
    let mut deliver = || {
        round += 1;
        let mention = |watch: &str, number: u64| {
            let text = format!("{watch} is awful, terrible: my {} broke", number * 37 % 991);
            let id = format!("{watch}:{round}:{number}");
            json!({ "id": id, "published_at": 1_790_900_100 + round, "lang": "en", "source": "x", "text": text })
                .to_string()
        };
        kafka.produce(setup.mentions(), (0..ROUND).flat_map(|n| [mention(WATCH, n), mention("calm", n)]));
        let all = before[0].0 + round * ROUND;
        wait::holds("all are counted", stream::THROUGH, || counts(WATCH).0 == all && counts("calm").0 == round * ROUND);
    };

    // A batch learns of the watches that matter when the one before it is committed; a quiet feed commits now and then.
    deliver();
    let judged = |watch: &str| {
        let mentions = judges.mentions();
        mentions
            .iter()
            .filter(|mention| {
                mention["watch"] == watch && mention["id"].as_str().is_some_and(|id| id.starts_with(watch))
            })
            .count() as u64
    };
    assert!(judged(WATCH) > 0, "the service was asked about nothing");
    assert_eq!(judged("calm"), 0, "the service is asked about what matters alone");
    let (mentions, negatives, positives) = counts(WATCH);
    assert_eq!(mentions, before[0].0 + ROUND);
    assert!(positives >= before[0].2 + judged(WATCH), "what the service says is counted: {positives}");
    assert!(negatives + judged(WATCH) <= before[0].1 + ROUND, "and in its place: {negatives}");
    assert!(counts("calm").1 > ROUND * 9 / 10, "the built-in model judges the others");
    assert_eq!(judges.faults(), Vec::<String>::new());

    // One that fails changes nothing and loses nothing.
    let asked = judges.mentions().len();
    judges.script(vec![Answer::Status(500, "oops".into())]);
    let before_failure = counts(WATCH);
    deliver();
    assert_eq!((judges.unused(), judges.mentions().len()), (0, asked), "one failure, and it is left alone");
    assert!(counts(WATCH).1 > before_failure.1 + ROUND * 9 / 10, "the built-in model judges them");
    let metrics = http::get(&format!("{}/metrics", setup.url())).expect("an answer").body;
    let count = |selector: &str| {
        let line = metrics.lines().find_map(|line| line.strip_prefix(selector));
        line.and_then(|count| count.trim().parse::<u64>().ok()).unwrap_or_else(|| panic!("{selector}: {metrics}"))
    };
    assert_eq!(count("orszem_sentiment_service_mentions_total{outcome=\"judged\"}"), asked as u64);
    assert!(count("orszem_sentiment_service_mentions_total{outcome=\"failed\"}") > 0);
    let disagreed = count("orszem_sentiment_service_judgements_total{built_in=\"neg\",service=\"pos\"}");
    assert!(disagreed > asked as u64 * 9 / 10, "{disagreed} of {asked}");
    assert!(orszem.terminate(wait::LONG).success());
}

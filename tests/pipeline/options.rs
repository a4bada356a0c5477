//! `[kafka.options]`: what goes through to librdkafka works, all the way to a page.

use crate::support::doubles::Slack;
use crate::support::kafka::{self, Kafka};
use crate::support::orszem::{Home, Running};
use crate::support::setup::{Setup, WATCH};
use crate::support::{http, wait};

use super::stream;

/// A program that pages Slack for `veltaro`, with these brokers and options.
struct Run {
    setup: Setup,
    home: Home,
    orszem: Running,
    slack: Slack,
}

impl Run {
    fn start(runtime: &tokio::runtime::Runtime, prefix: &str, brokers: &str, options: &str) -> Run {
        let slack = runtime.block_on(Slack::start());
        let setup = Setup::new(prefix)
            .brokers(brokers)
            .kafka("partitions = 2")
            .with(&format!("[kafka.options]\n{options}\n"))
            .watch_simulated()
            .slack("chat", &slack)
            .step(&["chat"], "30m");
        let home = setup.home();
        home.succeed(&["check", "--secrets"]);
        Run { orszem: setup.start_in(&home), setup, home, slack }
    }

    /// A crisis, written with the same options, reaches Slack once.
    fn page(&self, kafka: &Kafka) {
        let crisis = ["--seed", "5", "--days", "8", "--rate", "0.5", "--inject", "crisis@veltaro+7d22h"];
        self.home.replay_simulated(&crisis);
        stream::wait_judged(kafka, self.setup.prefix(), self.setup.mentions());
        wait::holds("Slack is told", stream::THROUGH, || !self.slack.pages().is_empty());
        assert_eq!((self.slack.pages().len(), self.slack.faults()), (1, vec![]));
    }
}

#[test]
fn groups_of_kip_848_page_and_are_taken_up_again() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let kafka = kafka::shared();
    let mut run = Run::start(&runtime, "kip848", &kafka.brokers(), "\"group.protocol\" = \"consumer\"");
    run.page(kafka);
    for stage in ["score", "detect", "respond"] {
        let group = kafka.classic_group(&format!("kip848-{stage}"));
        assert_eq!(group, ("Dead".to_owned(), String::new()), "the group of {stage} is a classic one");
    }
    // Its name is the same after a restart, which the broker must not hold against it.
    assert!(run.orszem.terminate(wait::LONG).success());
    let mut again = run.setup.start_in(&run.home);
    let counted = || stream::tallies(kafka, "kip848").values().map(|tally| tally.counts.mentions).sum::<u64>();
    let before = counted();
    let late = r#"{"id":"after","published_at":"2026-03-10T00:00:00Z","text":"veltaro once more"}"#;
    kafka.produce(run.setup.mentions(), [late]);
    wait::holds("what comes after is counted, and nothing twice", stream::THROUGH, || counted() == before + 1);
    assert_eq!(run.slack.pages().len(), 1, "paged again after the restart");
    assert!(again.terminate(wait::LONG).success());
}

#[test]
fn a_broker_is_reached_by_tls_and_a_password_that_shows_nowhere() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let kafka = Kafka::start_secured();
    let options = |password: &str| {
        format!(
            "\"security.protocol\" = \"SASL_SSL\"\n\"sasl.mechanism\" = \"PLAIN\"\n\"sasl.username\" = \"{}\"\n\
             \"sasl.password\" = \"{password}\"\n\"ssl.ca.location\" = \"{}\"",
            kafka::USER,
            kafka.ca_file().display()
        )
    };
    let mut run = Run::start(&runtime, "secured", &kafka.secured(), &options("env:KAFKA_PASSWORD"));
    run.page(&kafka);
    let metrics = http::get(&format!("{}/metrics", run.setup.url())).expect("an answer").body;
    let log = run.orszem.log();
    assert!(run.orszem.terminate(wait::LONG).success());
    for (place, text) in [("the log", &log), ("/metrics", &metrics)] {
        assert!(!text.contains(kafka::PASSWORD), "the password is in {place}");
    }

    // In the file itself it is refused, and not repeated.
    run.home.configure(&format!("[kafka.options]\n{}\n", options(kafka::PASSWORD)));
    let refused = run.home.run(&["run"], b"");
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && told.contains("sasl.password"), "{told}");
    assert!(!told.contains(kafka::PASSWORD), "{told}");
    // A wrong one is waited out, with the reason in the log and without the password.
    let wrong = "not-the-one-it-has-to-be";
    let setup = Setup::with_default_names().brokers(&kafka.secured()).web("").watch(WATCH, &[WATCH]);
    let setup = setup.with(&format!("[kafka.options]\n{}\n", options("env:KAFKA_PASSWORD")));
    let home = setup.home().with("KAFKA_PASSWORD", wrong);
    let mut stranger = home.start(&["run"]);
    stranger.wait_log("Authentication failed");
    assert!(stranger.ended().is_none() && !stranger.log().contains(wrong), "{}", stranger.log());
    assert!(stranger.terminate(wait::LONG).success());
}

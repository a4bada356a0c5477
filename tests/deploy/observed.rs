//! Board and rules against a run: a real Prometheus scrapes the real program while it finds a crisis and pages for it.

use crate::support::doubles::{Judges, Pagerduty, Slack};
use crate::support::orszem::{Home, Running};
use crate::support::prometheus::Prometheus;
use crate::support::setup::{Setup, WATCH};
use crate::support::switch::Switch;
use crate::support::{http, kafka, repository, wait};
use crate::{
    ADDRESS_VARIABLE, BOARD, Query, RULE_TESTS, RULES, Variables, alert_queries, alerts, board_queries, metrics_in,
    panels, read,
};

/// What a run in which all goes well does not raise above 0, and why. Everything else on the board must have been.
const LEVEL: [(&str, &str); 17] = [
    (
        "Waiting mentions A",
        "a stage that keeps up has none waiting when the client's statistics come, every five seconds",
    ),
    ("Lag A", "the same"),
    ("Incidents acknowledged A", "nobody acknowledges, so that the escalation is spent"),
    ("Wrong times A", "no mention claims a time to come"),
    ("Wrong times B", "nothing is written after its slice was closed"),
    ("$watch: observed and expected B", "of few mentions in five minutes there may well be none"),
    ("Learning: hours to go A", "0 once the watch has learnt, and a replay is scraped after that as well"),
    ("Lag B", "no other producer leaves a transaction open"),
    ("Kafka faults A", "no broker goes away"),
    ("Kafka faults B", "every call returns"),
    ("Kafka faults C", "nothing is deleted before it is read"),
    ("Kafka faults D", "no topic is made again"),
    ("Kafka faults E", "no topic is deleted"),
    ("Kafka faults F", "broker and program have the same clock"),
    ("Not delivered after all A", "no receiver tells late that something did not arrive"),
    ("Calendars: faults A", "the calendar is never read"),
    ("Canaries lost, and how far they came A", "every canary comes through"),
];

/// The alerts that such a run rightly sets off.
const FIRING: [&str; 1] = ["OrszemEscalationExhausted"];

/// A week to learn from, and the first hour of a crisis: the incident stays open.
const SIMULATED: [&str; 7] = ["--seed", "5", "--days", "8", "--rate", "0.5", "--inject=crisis@veltaro+7d23h"];

/// The program, its receivers and what scrapes it.
struct Observed {
    setup: Setup,
    home: Home,
    orszem: Running,
    slack: Slack,
    pager: Pagerduty,
    judges: Judges,
    switch: Switch,
    prometheus: Prometheus,
}

fn start(runtime: &tokio::runtime::Runtime) -> Observed {
    let (slack, pager, judges) =
        runtime.block_on(async { (Slack::start().await, Pagerduty::start().await, Judges::start("negative").await) });
    let setup = Setup::with_default_names()
        .kafka("partitions = 2")
        .with(&format!("[sentiment]\nservice = \"{}\"\n", judges.url()))
        // Nothing listens there.
        .with(
            "[[rotation]]\nname = \"press\"\ntime_zone = \"UTC\"\n\
             calendar = { url = \"https://127.0.0.1:9/press.ics\", allow_private = true }\n",
        )
        .with(
            "[canary]\nreceiver = \"quiet\"\nping = \"env:PING_URL\"\nevery = \"30s\"\nwithin = \"30s\"\n\
             allow_private = true\n",
        )
        .receiver("quiet", "console", "")
        .watch_simulated()
        .watch("zalkora", &["zalkora"])
        .slack("chat", &slack)
        .pagerduty("pager", &pager)
        .step(&["chat"], "1s")
        .step(&["pager"], "1s");
    let switch = Switch::start();
    let home = setup.home().with("PING_URL", switch.url());
    let mut orszem = home.start(&["run"]);
    orszem.wait_ready(&setup.url());
    let prometheus = Prometheus::start(&[setup.address()], &[&repository(RULES)], &[(ADDRESS_VARIABLE, &setup.url())]);
    prometheus.wait_scraped();
    Observed { setup, home, orszem, slack, pager, judges, switch, prometheus }
}

/// Feeds it until a crisis was found, told and acknowledged by nobody, and Prometheus knows.
fn run_through(observed: &mut Observed) {
    let file = observed.home.replay_simulated(&SIMULATED);
    kafka::shared().produce("mentions", ["no mention"]);
    // The same once more is a repeat.
    let last = std::fs::read_to_string(file).expect("the stream").lines().last().expect("a mention").to_owned();
    kafka::shared().produce_to("mentions", 0, [&last, &last]);
    observed.orszem.hang_up();
    observed.orszem.wait_log("configuration reloaded");
    wait::holds("both receivers are told", wait::LONG, || {
        !observed.slack.pages().is_empty() && !observed.pager.incidents().is_empty()
    });
    // Mentions of the open incident, for the sentiment service: time that went by since the last is no matter.
    let ask = |number: u32| {
        let mut mention: serde_json::Value = serde_json::from_str(&last).expect("a mention");
        mention["id"] = format!("asked:{number}").into();
        mention["text"] = "veltaro is terrible".into();
        mention.to_string()
    };
    let mut asked = 0..;
    wait::holds("the sentiment service is asked", wait::LONG, || {
        kafka::shared().produce("mentions", asked.by_ref().take(5).map(ask));
        !observed.judges.mentions().is_empty()
    });
    let risen = [
        "orszem_escalations_exhausted_total",
        "orszem_dead_letters_total",
        "orszem_config_reloads_total",
        "orszem_sentiment_service_mentions_total",
        "orszem_sentiment_service_judgements_total",
    ];
    for counter in risen {
        let query = format!("sum(increase({counter}[5m])) > 0");
        wait::holds(counter, wait::LONG, || observed.prometheus.query(&query).is_ok_and(|found| !found.is_empty()));
    }
    wait::holds("a canary came through", wait::LONG, || observed.switch.calls() > 0);
    // The first may come before the first scrape: the next is seen to rise.
    let canary = || observed.prometheus.query("sum(increase(orszem_canary_duration_seconds_count[5m])) > 0");
    wait::holds("it is counted", wait::LONG, || canary().is_ok_and(|found| !found.is_empty()));
    // Lag comes with the client's statistics, every five seconds.
    let stages = || observed.prometheus.query("count by (stage) (orszem_consumer_lag)");
    wait::holds("lag of each stage", wait::LONG, || stages().is_ok_and(|found| found.len() == 3));
    // So are the gauges of the watches, which are worked out as seldom.
    let shown = || observed.prometheus.query("orszem_watch_expected > 0");
    wait::holds("gauges of each watch", wait::LONG, || shown().is_ok_and(|found| found.len() == 2));
    // Rules are evaluated on a clock of their own, and the last step of a range lies up to a second back.
    let firing = || observed.prometheus.query("ALERTS{alertstate=\"firing\"} offset 2s");
    wait::holds("an alert fires", wait::LONG, || firing().is_ok_and(|found| !found.is_empty()));
    assert_eq!((observed.slack.faults(), observed.pager.faults()), (vec![], vec![]));
}

/// What of an expression is read from the store: `metric{label="value"}`.
fn selectors(expression: &str) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut selectors = Vec::new();
    for (at, _) in expression.match_indices("orszem_").chain(expression.match_indices("up{")) {
        if expression[..at].ends_with(|c| is_name(c) || c == '"') {
            continue;
        }
        let rest = &expression[at..];
        let name = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let labels = rest[name..].strip_prefix('{').and_then(|labels| labels.find('}')).map_or(0, |end| end + 2);
        selectors.push(rest[..name + labels].to_owned());
    }
    selectors
}

#[test]
fn every_query_has_data_of_a_run() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut observed = start(&runtime);
    let prometheus = &observed.prometheus;
    let began = prometheus.now();
    run_through(&mut observed);
    let prometheus = &observed.prometheus;

    let watches = prometheus.label_values("orszem_watch_observed", "watch");
    assert_eq!(watches, [WATCH, "zalkora"]);
    let range = format!("{}s", (prometheus.now() - began).ceil());
    // At one scrape a second; and `$watch` once with all of them and once with the one that had the crisis, as in the
    // panel that is repeated for each.
    let all = Variables { watches: &watches, rate_interval: "4s", range: &range };
    let one = Variables { watches: &watches[..1], ..all };
    let mut wrong = Vec::new();
    let mut ask = |query: &Query, variables: &Variables<'_>| {
        let asked = query.asked(variables);
        let level = LEVEL.iter().any(|(name, _)| query.name == *name);
        match prometheus.query_since(began, &asked) {
            Err(fault) => wrong.push(format!("{}: {asked}\n  is refused: {fault}", query.name)),
            Ok(series) if series.iter().all(Vec::is_empty) => {
                wrong.push(format!("{}: {asked}\n  has no data", query.name))
            }
            Ok(series) if !level && series.iter().flatten().all(|value| *value <= 0.0) => {
                wrong.push(format!("{}: {asked}\n  never rose above 0", query.name));
            }
            Ok(_) => {}
        }
    };
    let queries = board_queries();
    assert!(queries.len() > 30, "{}", queries.len());
    for query in &queries {
        ask(query, &all);
        ask(query, &one);
    }
    for (name, _) in LEVEL {
        assert!(queries.iter().any(|query| query.name == name), "an exception for what is not on the board: {name}");
    }

    // When all is well the expression of an alert is empty, so what it looks at is asked for.
    for alert in alert_queries() {
        let found = selectors(&alert.text);
        assert!(!found.is_empty(), "{} looks at nothing", alert.name);
        for selector in found {
            match prometheus.query(&selector) {
                Ok(series) if !series.is_empty() => {}
                other => wrong.push(format!("{}: {selector}\n  has no data: {other:?}", alert.name)),
            }
        }
        if let Err(fault) = prometheus.query(&alert.text) {
            wrong.push(format!("{}: {}\n  is refused: {fault}", alert.name, alert.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let evaluated = || {
        let rules = prometheus.rules()["groups"][0]["rules"].as_array().expect("rules").clone();
        rules.iter().all(|rule| rule["health"] == "ok").then_some(rules)
    };
    let rules = wait::until("every rule is evaluated", wait::LONG, evaluated);
    assert_eq!(rules.len(), alerts().len());
    let firing = rules.iter().filter(|rule| rule["state"] == "firing");
    let firing: Vec<&str> = firing.filter_map(|rule| rule["name"].as_str()).collect();
    assert_eq!(firing, FIRING);

    // The address in an alert, as Prometheus sends it, is that of a section of the handbook which the program serves.
    let page = |url: &str| http::get(url).filter(|answer| answer.status == 200).expect("the handbook").body;
    let raised = rules.iter().find(|rule| rule["state"] == "firing").expect("an alert")["alerts"][0].clone();
    let runbook = raised["annotations"]["runbook_url"].as_str().expect("a runbook").to_owned();
    let (address, section) = runbook.split_once('#').expect("a section");
    assert_eq!(
        (address, section),
        (&*format!("{}/docs/operations", observed.setup.url()), "orszemescalationexhausted")
    );
    let handbook = page(address);
    for alert in alerts() {
        let anchor = alert["alert"].as_str().expect("a name").to_lowercase();
        assert!(handbook.contains(&format!("<h3 id=\"{anchor}\">")), "{address} has no section {anchor}");
    }

    // And what board and rules name is there, word for word.
    let exposition = http::get(&format!("{}/metrics", observed.setup.url())).expect("an answer").body;
    for path in [BOARD, RULES, RULE_TESTS] {
        for name in metrics_in(&read(path)) {
            let is_it = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']));
            assert!(exposition.lines().any(is_it), "{path} names {name}, which the run does not show:\n{exposition}");
        }
    }
    assert!(panels().len() > 20);
    assert!(observed.orszem.terminate(wait::LONG).success());
}

#[test]
fn selectors_are_found_in_an_expression() {
    let expression =
        "sum(rate(orszem_a{job=\"orszem\", x=\"y\"}[5m])) > 0 or (up{job=\"orszem\"} unless orszem_b offset 15m)";
    assert_eq!(selectors(expression), ["orszem_a{job=\"orszem\", x=\"y\"}", "orszem_b", "up{job=\"orszem\"}"]);
}

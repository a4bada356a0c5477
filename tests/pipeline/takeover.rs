//! Two copies share the work; when one dies, the other goes on with what it had begun.

use crate::support::doubles::{Pagerduty, Slack};
use crate::support::orszem::{Home, Running};
use crate::support::setup::Setup;
use crate::support::{http, kafka, wait};

use super::stream;

/// One of several copies of the program.
struct Copy {
    setup: Setup,
    home: Home,
    orszem: Running,
}

impl Copy {
    /// The value of a metric; 0 while it has none.
    fn metric(&self, line: &str) -> f64 {
        let answer = http::get(&format!("{}/metrics", self.setup.url()));
        let metrics = answer.map(|answer| answer.body).unwrap_or_default();
        let value = metrics.lines().find_map(|metric| metric.strip_prefix(line));
        value.and_then(|value| value.trim().parse().ok()).unwrap_or(0.0)
    }
}

#[test]
fn the_other_copy_escalates_what_the_dead_one_began() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (slack, pager) = runtime.block_on(async { (Slack::start().await, Pagerduty::start().await) });
    let shared = Setup::new("takeover").signing_links().watch_simulated();
    let shared = shared.slack("chat", &slack).pagerduty("pager", &pager).step(&["chat"], "20s").step(&["pager"], "30m");
    let copy = |name: &str| {
        let setup = shared.copy(name);
        let home = setup.home();
        Copy { orszem: setup.launch(&home), setup, home }
    };
    let mut copies = [copy("takeover-a"), copy("takeover-b")];
    let assigned = |copy: &Copy| copy.metric("orszem_partitions_assigned{stage=\"respond\"}");
    wait::holds("one of them decides for all partitions", stream::THROUGH, || {
        let mut counts = copies.each_ref().map(assigned);
        counts.sort_by(f64::total_cmp);
        counts == [0.0, 4.0]
    });

    // The stream ends in the middle of the crisis: nothing closes the incident.
    copies[0].home.replay_simulated(&[
        "--seed",
        "5",
        "--days",
        "8",
        "--rate",
        "0.5",
        "--inject",
        "crisis@veltaro+7d23h",
    ]);
    wait::holds("Slack is told", stream::THROUGH, || !slack.pages().is_empty());

    let told = "orszem_deliveries_total{action=\"trigger\",outcome=\"accepted\",receiver=\"chat\"}";
    wait::holds("the owner has counted it", wait::LONG, || copies.iter().any(|copy| copy.metric(told) > 0.0));
    let owner = copies.iter().position(|copy| copy.metric(told) > 0.0).expect("an owner");
    assert!(pager.incidents().is_empty(), "step 2 came before its time");
    copies[owner].orszem.kill();

    wait::holds("the other escalates", stream::THROUGH, || !pager.incidents().is_empty());
    let incidents = stream::incidents(kafka, "takeover");
    let paged: Vec<_> = incidents.values().filter(|incident| !incident.messages.is_empty()).collect();
    assert_eq!(paged.len(), 1, "{incidents:?}");
    let [first, second] = [0, 1].map(|step| {
        let message = paged[0].messages.iter().find(|message| message.attempt.step == step);
        message.expect("a message of the step").first_at
    });
    assert!(second.since(first) >= 20_000, "step 2 came {} ms after step 1", second.since(first));
    assert_eq!((slack.pages().len(), pager.incidents().len()), (1, 1));
    assert_eq!((slack.faults(), pager.faults()), (vec![], vec![]));

    // Anybody's link works at any copy: here the living one takes the acknowledgement.
    let url = copies[1 - owner].setup.url();
    let id = &paged[0].id.0;
    let page = slack.pages()[0].links().into_iter().find(|link| link.contains("/incidents/")).expect("the link");
    let query = page.split_once('?').expect("a signed link").1.to_owned();
    let fields: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let here = format!("{url}/incidents/{id}");
    assert_eq!(http::get(&format!("{here}?{query}")).expect("an answer").status, 200);
    let state = || {
        let api = http::get(&format!("{url}/api/v1/incidents/{id}"));
        api.expect("an answer").json()["state"].as_str().map(str::to_owned)
    };
    assert_eq!(state().as_deref(), Some("open"), "a GET changed something");
    let answer = http::post_form(&format!("{here}/acknowledge"), &fields).expect("an answer");
    assert!(answer.status == 303 || answer.status == 200, "{} {}", answer.status, answer.body);
    wait::holds("it is acknowledged", wait::LONG, || state().as_deref() == Some("acknowledged"));
    wait::holds("the pager knows", wait::LONG, || pager.incidents()[0].status == "acknowledged");
}

//! The last part of the way, to servers that behave as servers do: a mailbox that is full, a service where a person was
//! faster, a proxy, a private certificate authority.

use orszem_records::ledger::{Action, Delivery, Entry, Event, Outcome};
use orszem_records::signal::Phase;
use orszem_records::team::{Change, Record};
use serde_json::json;

use crate::support::alertmanager::{self, Alertmanager};
use crate::support::crisis::START;
use crate::support::doubles::{Pagerduty, Webhook};
use crate::support::kafka;
use crate::support::setup::{Setup, WATCH};
use crate::support::smtp::Smtp;
use crate::support::{http, wait};

use super::stream;

const SOON: &str = "[respond]\nretry_first = \"100ms\"\nretry_longest = \"500ms\"\nretry_limit = 4\n\
                    update_interval = \"1d\"\n";

fn entries(prefix: &str) -> Vec<Entry> {
    let records = kafka::shared().read(&format!("{prefix}.ledger"));
    records.iter().map(|record| serde_json::from_str(&record.text()).expect("an entry")).collect()
}

fn outcomes(prefix: &str, receiver: &str) -> Vec<Outcome> {
    let outcome = |entry: Entry| match entry.event {
        Event::Outcome(outcome) if outcome.receiver == receiver => Some(outcome),
        _ => None,
    };
    entries(prefix).into_iter().filter_map(outcome).collect()
}

#[test]
fn mail_to_several_reaches_whoever_can_be_reached_and_once() {
    let smtp = Smtp::start();
    let to = ["slow@example.com", "anna@example.com", "full@example.com", "berta@example.com"];
    let setup = Setup::for_crisis("mail-to-several").mail_to("mail", &smtp, &to).step(&["mail"], "1h").with(SOON);
    let (_home, mut orszem) = setup.start();
    setup.deliver_crisis(kafka::shared(), |_, _| {});
    wait::holds("all tries are made", stream::THROUGH, || outcomes("mail-to-several", "mail").len() == 4);

    let mut told: Vec<String> = smtp.mails().iter().map(|mail| header(mail, "Envelope-to")).collect();
    told.sort();
    assert_eq!(told, ["anna@example.com", "berta@example.com"], "{}", smtp.log());
    let outcomes = outcomes("mail-to-several", "mail");
    let mut reached = outcomes[0].recipients.reached.clone();
    reached.sort();
    assert_eq!(reached, ["anna@example.com", "berta@example.com"], "{outcomes:?}");
    let last = &outcomes[3];
    assert!(last.recipients.refused.contains_key("slow@example.com"), "{last:?}");
    assert!(matches!(&last.result, Delivery::Retry { reason, .. } if reason.contains("full@example.com not yet")));
    // Nobody is called in the place of a receiver that was reached, and people see how it stands.
    let incidents = stream::incidents(kafka::shared(), "mail-to-several");
    let incident = incidents.values().next().expect("an incident");
    assert!(incident.told("mail") && !incident.exhausted);
    let page = http::get(&format!("{}/incidents/{}", setup.url(), incident.id)).expect("an answer").body;
    assert!(page.contains("accepted in part") && page.contains("anna@example.com"), "{page}");
    assert!(orszem.log().contains("not accepted by all recipients yet"), "{}", orszem.log());
    assert!(orszem.terminate(wait::LONG).success());
}

/// The value of a header.
fn header(mail: &str, name: &str) -> String {
    let start = format!("{name}: ");
    mail.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_default().trim_end_matches('\r').to_owned()
}

#[test]
fn a_person_who_resolves_in_pagerduty_is_not_rung_again_while_it_goes_on() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (pager, hook) = runtime.block_on(async { (Pagerduty::start().await, Webhook::start().await) });
    let prefix = "pagerduty-resolved";
    let terms = format!("terms = [\"{WATCH}\"]\ncrisis = {{ mentions = 5, within = \"5m\" }}");
    let setup = Setup::new(prefix)
        .watch_with(WATCH, &terms)
        .pagerduty("pager", &pager)
        .webhook("hook", &hook)
        // The same receiver twice: a later step rings nobody there either.
        .step(&["pager", "hook"], "1s")
        .step(&["pager"], "1h")
        .with("[respond]\nupdate_interval = \"1s\"\n");
    let (_home, mut orszem) = setup.start();
    let mut made = 0;
    let mut produce = |number: u64, at: u64| {
        let mentions = (0..number + 1).map(|n| {
            made += 1;
            // The last one says nothing of it, two minutes later: it makes the minutes before complete.
            let (text, at) = if n == number { ("nothing", at + 180) } else { (WATCH, at + n) };
            json!({ "id": format!("m{made}"), "published_at": at, "text": format!("{text} {made}"), "lang": "en",
                    "author": { "id": format!("a{made}") } })
        });
        kafka.produce(setup.mentions(), mentions.map(|mention| mention.to_string()));
    };
    produce(12, START);
    wait::holds("both are told", stream::THROUGH, || pager.incidents().len() == 1 && !hook.events().is_empty());
    pager.resolve_all();
    let updates = || hook.events().iter().filter(|event| event.body["type"] == "incident.updated").count();
    for (number, after) in [(15, 900), (35, 1800)] {
        let before = updates();
        produce(number, START + after);
        wait::holds("the newer figures are told", stream::THROUGH, || updates() > before);
    }
    stream::wait_judged(kafka, prefix, setup.mentions());
    let rises = {
        let severities = entries(prefix).into_iter().filter_map(|entry| match entry.event {
            Event::Signal(signal) if signal.phase != Phase::Closed => Some(signal.severity),
            _ => None,
        });
        let severities: Vec<u8> = severities.collect();
        let mut highest = severities[0];
        severities
            .into_iter()
            .filter(|severity| {
                *severity < highest && {
                    highest = *severity;
                    true
                }
            })
            .count()
    };
    let triggers = || pager.events().iter().filter(|event| event.action == "trigger").count();
    wait::holds("each rise is told", wait::LONG, || triggers() > rises);
    assert_eq!(triggers(), 1 + rises, "{:?}", pager.events());
    assert!(
        entries(prefix)
            .iter()
            .any(|entry| matches!(&entry.event, Event::Attempt(attempt) if attempt.action == Action::Update))
    );
    assert!(orszem.terminate(wait::LONG).success());
}

#[test]
fn receivers_are_reached_through_the_proxy_of_the_environment() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let proxy = runtime.block_on(Webhook::start());
    let settings = "url = \"http://hooks.x.invalid/hook\"\nsecrets = [\"env:HOOK_SECRET\"]";
    let setup = Setup::for_crisis("proxied").receiver("hook", "webhook", settings).step(&["hook"], "1h").with(SOON);
    let home = setup.home().with("HTTP_PROXY", &proxy.url_of("")).with("HTTPS_PROXY", &proxy.url_of(""));
    let mut orszem = setup.start_in(&home);
    setup.deliver_crisis(kafka::shared(), |_, _| {});
    wait::holds("the page is at the proxy", stream::THROUGH, || !proxy.events().is_empty());
    assert_eq!(proxy.requests()[0].headers["host"], "hooks.x.invalid");
    let report = home.run(&["doctor", "--json"], b"");
    let report = String::from_utf8_lossy(&report.stdout).into_owned();
    assert!(report.contains("through the proxy 127.0.0.1:"), "{report}");
    assert!(orszem.terminate(wait::LONG).success());
}

#[test]
fn a_receiver_is_tried_on_its_own_way_and_nothing_stays_open() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (pager, hook) = runtime.block_on(async { (Pagerduty::start().await, Webhook::start().await) });
    let smtp = Smtp::start();
    let setup = Setup::new("receiver-test").pagerduty("pager", &pager).webhook("hook", &hook).mail("mail", &smtp);
    let home = setup.home();
    kafka::shared().create_topic("receiver-test.team", 1, &[]);
    let test = |name: &str| String::from_utf8(home.succeed(&["receiver", "test", name]).stdout).expect("text");
    assert_eq!(test("hook"), "hook: the test was taken\n");
    assert_eq!(hook.events()[0].body["type"], "message");
    assert!(test("mail").starts_with("mail: the test was taken"));
    wait::holds("the mail is there", wait::LONG, || !smtp.mails().is_empty());
    let mail = &smtp.mails()[0];
    assert!(header(mail, "Subject").starts_with("Test: do messages arrive here?"), "{mail}");
    let said = test("pager");
    assert!(said.contains("pager: the test was taken") && said.contains("\npager: its end was taken"), "{said}");
    let incidents = pager.incidents();
    assert_eq!(incidents.iter().map(|incident| incident.status).collect::<Vec<_>>(), ["resolved"]);

    drop(hook);
    let refused = home.run(&["receiver", "test", "hook"], b"");
    let said = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert!(refused.status.code() == Some(1) && said.contains("NOT TAKEN"), "{said}");
    let records = kafka::shared().read("receiver-test.team");
    let records = records.iter().map(|record| Record::from_json(record.text().as_bytes()).expect("a record"));
    let kept: Vec<(String, bool)> = records
        .map(|record| match record.change {
            Change::ReceiverTested(tested) => (tested.receiver, tested.refused.is_none()),
            other => panic!("{other:?}"),
        })
        .collect();
    let kept: Vec<(&str, bool)> = kept.iter().map(|(receiver, good)| (receiver.as_str(), *good)).collect();
    assert_eq!(kept, [("hook", true), ("mail", true), ("pager", true), ("hook", false)]);
    let offline = home.run(&["receiver", "test", "pager", "--offline"], b"");
    assert!(offline.status.success() && kafka::shared().read("receiver-test.team").len() == 4);
    let unknown = home.run(&["receiver", "test", "hok"], b"");
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(unknown.status.code() == Some(1) && said.contains("known here: "), "{said}");
}

#[test]
fn a_receiver_with_a_private_authority_and_a_login_takes_pages() {
    let guarded = Alertmanager::start_guarded();
    let url = format!("urls = [\"https://localhost:{}\"]", guarded.port());
    let trust = format!("{url}\nca_file = \"{}\"", guarded.ca_file().display());
    let (user, login) = (alertmanager::USER, "password = \"env:ALERTMANAGER_PASSWORD\"");
    let setup = Setup::for_crisis("guarded")
        .receiver("known", "alertmanager", &format!("{trust}\nuser = \"{user}\"\n{login}"))
        .receiver("stranger", "alertmanager", &trust)
        .receiver("distrustful", "alertmanager", &url)
        .step(&["known", "stranger", "distrustful"], "1h")
        .with(SOON);
    let home = setup.home().with("ALERTMANAGER_PASSWORD", alertmanager::PASSWORD);
    home.succeed(&["check", "--secrets"]);
    let mut orszem = setup.start_in(&home);
    setup.deliver_crisis(kafka::shared(), |_, _| {});
    let result = |receiver: &str| outcomes("guarded", receiver).first().map(|outcome| outcome.result.clone());
    wait::holds("all were tried", stream::THROUGH, || {
        ["known", "stranger", "distrustful"].iter().all(|receiver| result(receiver).is_some())
    });
    assert!(matches!(result("known"), Some(Delivery::Accepted { .. })), "{:?}", result("known"));
    assert!(matches!(result("stranger"), Some(Delivery::Failed { reason }) if reason.contains("401")));
    assert!(matches!(result("distrustful"), Some(Delivery::Retry { reason, .. }) if reason.contains("certificate")));
    assert!(orszem.terminate(wait::LONG).success());
    assert!(!orszem.log().contains(alertmanager::PASSWORD));
}

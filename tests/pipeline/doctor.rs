//! `orszem doctor` against the real servers: what works, what is broken and how that is told, and that it leaves no
//! trace.

use serde_json::Value;
use std::collections::BTreeMap;

use crate::support::alertmanager::Alertmanager;
use crate::support::doubles::{Pagerduty, Slack, Webhook, pagerduty, slack, webhook};
use crate::support::kafka::{self, Kafka};
use crate::support::orszem::Home;
use crate::support::ports::Port;
use crate::support::setup::Setup;
use crate::support::smtp::{self, Smtp};
use crate::support::wait;

/// Our topics, behind their prefix.
const OURS: [&str; 6] = ["tallies", "state", "ledger", "team", "own", "dead-letters"];

/// As doctor says it. Who owns the one partition of the team decides.
fn partitions_of(topic: &str) -> &'static str {
    if ["team", "own"].contains(&topic) { "1 partition" } else { "4 partitions" }
}

/// Settings of `[web]`: a port is free, and no address leads to it.
const ANY_PORT: &str = "listen = \"127.0.0.1:0\"";

/// What a run of `orszem doctor` found.
struct Findings {
    status: i32,
    /// All that it printed.
    printed: String,
    report: Value,
}

impl Findings {
    fn by(home: &Home) -> Findings {
        let ran = home.run(&["doctor", "--json"], b"");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let out = text(&ran.stdout);
        let report = serde_json::from_str(&out).unwrap_or_else(|fault| panic!("no JSON ({fault}): {ran:?}"));
        Findings { status: ran.status.code().expect("an exit status"), printed: out + &text(&ran.stderr), report }
    }

    fn checks(&self) -> &[Value] {
        self.report["checks"].as_array().expect("the checks")
    }

    /// The state of a check, and what is said of it: the detail, and what to do.
    fn of(&self, kind: &str, name: &str) -> (&str, String) {
        let found = self.checks().iter().find(|check| check["kind"] == kind && check["name"] == name);
        let check = found.unwrap_or_else(|| panic!("no {kind} {name}: {}", self.printed));
        let text = |field: &str| check[field].as_str().unwrap_or_default();
        (text("state"), format!("{} → {}", text("detail"), text("fix")))
    }

    #[track_caller]
    fn assert(&self, kind: &str, name: &str, state: &str, words: &[&str]) {
        let (is, said) = self.of(kind, name);
        assert_eq!(is, state, "{kind} {name}: {said}");
        for word in words {
            assert!(said.contains(word), "{kind} {name}: {word:?} is not in: {said}");
        }
    }

    /// The names of all checks with this state.
    fn all(&self, state: &str) -> Vec<&str> {
        let with = self.checks().iter().filter(|check| check["state"] == state);
        with.filter_map(|check| check["name"].as_str()).collect()
    }
}

/// An offset for each partition.
type Offsets = BTreeMap<i32, i64>;

/// What a broker holds of a prefix: topics with their ends, and what the groups have committed.
fn holdings(kafka: &Kafka, prefix: &str) -> (BTreeMap<String, Offsets>, Vec<Offsets>) {
    let topics = kafka.topics().into_iter().filter(|topic| topic.starts_with(prefix));
    let ends = topics.map(|topic| (topic.clone(), kafka.end_offsets(&topic))).collect();
    let read = [("score", format!("{prefix}-mentions")), ("detect", format!("{prefix}.tallies"))];
    let exists = kafka.topics();
    let committed = read
        .iter()
        .filter(|(_, topic)| exists.contains(topic))
        .map(|(stage, topic)| kafka.committed(&format!("{prefix}-{stage}"), topic))
        .collect();
    (ends, committed)
}

#[test]
fn all_works_before_and_while_it_runs_and_nothing_is_changed() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (slack, pager, hook) =
        runtime.block_on(async { (Slack::start().await, Pagerduty::start().await, Webhook::start().await) });
    let (smtp, alertmanager) = (Smtp::start(), Alertmanager::start());
    let setup = Setup::for_crisis("doctor").slack("chat", &slack).pagerduty("pager", &pager).webhook("hook", &hook);
    let setup = setup.mail("mail", &smtp).alertmanager("alerts", &alertmanager).receiver("tty", "console", "");
    let setup = setup
        .receiver("room", "slack", "webhook = \"env:SLACK_WEBHOOK\"")
        .step(&["chat", "pager", "hook", "mail", "alerts", "tty", "room"], "1h");
    let home = setup.home().with("SLACK_WEBHOOK", &slack.webhook_url());
    kafka.create_topic(setup.mentions(), 3, &[]);
    kafka.produce(setup.mentions(), ["not read by anybody"]);

    // Before the first start.
    let before = holdings(kafka, "doctor");
    let seen = Findings::by(&home);
    assert_eq!((seen.status, &seen.report["ok"]), (0, &Value::Bool(true)), "{}", seen.printed);
    assert_eq!(holdings(kafka, "doctor"), before, "something was made or written");
    assert_eq!(before.0.keys().collect::<Vec<_>>(), ["doctor-mentions"]);
    seen.assert("kafka", &kafka.brokers(), "works", &[]);
    seen.assert("kafka", "cluster", "works", &["1 broker of cluster "]);
    seen.assert("topic", "doctor-mentions", "works", &["3 partitions, 1 replica"]);
    for topic in OURS {
        let will = format!("will be created by `orszem run`: {}, replication 1", partitions_of(topic));
        seen.assert("topic", &format!("doctor.{topic}"), "works", &[&will]);
    }
    seen.assert("permission", "read doctor-mentions", "works", &[]);
    seen.assert("permission", "transactions", "works", &["doctor-doctor"]);
    seen.assert("permission", "write and join", "skipped", &["not checked", "Write on the topics doctor.*"]);
    seen.assert("receiver", "chat", "works", &["signed in as orszem of Double", slack::CHANNEL]);
    seen.assert("receiver", "room", "works", &["rejects what is not a message"]);
    seen.assert("receiver", "pager", "works", &["only a test page shows"]);
    seen.assert("receiver", "hook", "works", &["only a test page shows"]);
    seen.assert("receiver", "mail", "works", &["STARTTLS", "logged in", "no mail was sent"]);
    let instance = format!("alerts {}", alertmanager.url().trim_start_matches("http://"));
    seen.assert("receiver", &instance, "works", &["is ready"]);
    seen.assert("receiver", "tty", "works", &[]);
    seen.assert("clock", "clock", "works", &["Date of 127.0.0.1"]);
    let listen = format!("listen {}", setup.address());
    seen.assert("web", &listen, "works", &["free"]);
    seen.assert("sentiment", "models", "works", &[]);

    // The same as lines.
    let ran = home.succeed(&["doctor", "--config", "alerts.toml"]);
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(text.contains("works    receiver       mail "), "{text}");
    assert!(text.lines().last().is_some_and(|line| line.contains(" checks: ")), "{text}");

    // While it runs.
    let mut orszem = setup.start_in(&home);
    let seen = Findings::by(&home);
    assert_eq!(seen.status, 0, "{}", seen.printed);
    for topic in OURS {
        let words = [partitions_of(topic), "settings as they must be"];
        seen.assert("topic", &format!("doctor.{topic}"), "works", &words);
    }
    for group in ["doctor-score", "doctor-detect", "doctor-respond"] {
        seen.assert("permission", group, "works", &["may be seen"]);
    }
    seen.assert("web", &listen, "works", &["orszem already runs, and is ready"]);
    seen.assert("web", &format!("public_url {}", setup.url()), "works", &["leads to orszem"]);
    assert!(orszem.ended().is_none() && !orszem.log().contains("fenced"), "{}", orszem.log());
    assert!(orszem.terminate(wait::LONG).success());

    // With topics and groups that nobody works on: nothing moves.
    let before = holdings(kafka, "doctor");
    assert_eq!(before.0.len(), 1 + OURS.len());
    assert_eq!(Findings::by(&home).status, 0);
    assert_eq!(holdings(kafka, "doctor"), before, "something was written or committed");

    // Nobody was paged.
    assert_eq!(slack.messages(), []);
    assert_eq!((pager.events(), hook.events(), hook.requests().len()), (vec![], vec![], 0));
    assert!(smtp.mails().is_empty() && alertmanager.alerts().is_empty());
    for secret in [slack::TOKEN, slack::WEBHOOK_PATH, pagerduty::ROUTING_KEY, webhook::SECRET, smtp::PASSWORD] {
        assert!(!seen.printed.contains(secret) && !text.contains(secret), "{secret} was printed");
    }
}

#[test]
fn each_fault_is_told_with_what_to_do_and_stops_no_other_check() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (slack, pager) = runtime.block_on(async { (Slack::start().await, Pagerduty::start().await) });
    let (smtp, alertmanager, away) = (Smtp::start(), Alertmanager::start(), Port::take());
    kafka.create_topic("ill.ledger", 4, &[("cleanup.policy", "compact"), ("message.timestamp.type", "LogAppendTime")]);
    let mail = |password: &str, ca: &str| {
        format!(
            "host = \"localhost\"\nport = {}\nuser = \"{}\"\npassword = \"env:{password}\"\n{ca}\n\
             from = \"orszem@example.com\"\nto = [\"desk@example.com\"]",
            smtp.port(),
            smtp::USER
        )
    };
    let setup = Setup::for_crisis("ill")
        .pagerduty("pager", &pager)
        .receiver("mail", "email", &mail("WRONG_PASSWORD", &format!("ca_file = \"{}\"", smtp.ca_file().display())))
        .receiver("stranger", "email", &mail("MAIL_PASSWORD", ""))
        .receiver(
            "chat",
            "slack",
            &format!("token = \"env:WRONG_TOKEN\"\nchannel = \"C0\"\nbase_url = \"{}\"", slack.url()),
        )
        .receiver("room", "slack", "webhook = \"env:WRONG_WEBHOOK\"")
        .receiver(
            "hook",
            "webhook",
            "url = \"https://no-such-host.invalid/key-of-the-hook\"\nsecrets = [\"env:HOOK_SECRET\"]",
        )
        .receiver("alerts", "alertmanager", &format!("urls = [\"http://127.0.0.1:{away}\"]"))
        .receiver("pair", "alertmanager", &format!("urls = [\"http://127.0.0.1:{away}\", \"{}\"]", alertmanager.url()))
        .step(&["pager", "mail", "stranger", "chat", "room", "hook", "alerts", "pair"], "1h");
    let wrong_webhook = slack.webhook_url().replace("doubledoubledouble", "revokedrevokedrevoked");
    let home = setup
        .home()
        .with("WRONG_PASSWORD", "not-the-password-of-exim")
        .with("WRONG_TOKEN", "xoxb-not-the-token-of-slack")
        .with("WRONG_WEBHOOK", &wrong_webhook);
    let listen = setup.address();
    let _taken = std::net::TcpListener::bind(&listen).expect("the address of the pages");

    let seen = Findings::by(&home);
    assert_eq!((seen.status, &seen.report["ok"]), (1, &Value::Bool(false)), "{}", seen.printed);
    let ledger =
        ["cleanup.policy is compact, must be delete", "--entity-name ill.ledger --add-config", "cleanup.policy=delete"];
    seen.assert("topic", "ill.ledger", "broken", &ledger);
    seen.assert("topic", "ill.tallies", "works", &["will be created"]);
    seen.assert("topic", "ill-mentions", "warning", &["does not exist", "check its name"]);
    seen.assert("receiver", "mail", "broken", &["535", "check `user` and the password"]);
    seen.assert("receiver", "stranger", "broken", &["certificate", "ca_file"]);
    seen.assert("receiver", "chat", "broken", &["Slack answered invalid_auth", "`token`"]);
    seen.assert("receiver", "room", "broken", &["no_service", "make a new incoming webhook"]);
    seen.assert("receiver", "hook", "broken", &["no-such-host.invalid", "DNS"]);
    seen.assert("receiver", &format!("alerts 127.0.0.1:{away}"), "broken", &["connection refused"]);
    seen.assert("receiver", &format!("pair 127.0.0.1:{away}"), "warning", &["another instance takes the alerts"]);
    seen.assert("web", &format!("listen {listen}"), "broken", &["another program listens there"]);
    seen.assert("receiver", "pager", "works", &[]);
    assert_eq!(seen.all("broken").len(), 8, "{:?}", seen.all("broken"));
    assert_eq!((slack.messages().len(), smtp.mails().len(), pager.events().len()), (0, 0, 0));
    for secret in
        ["not-the-password", "xoxb-not-the-token", "revokedrevoked", "key-of-the-hook", webhook::SECRET, smtp::PASSWORD]
    {
        assert!(!seen.printed.contains(secret), "{secret} was printed: {}", seen.printed);
    }
}

#[test]
fn a_broker_that_is_away_is_told_and_the_receivers_are_checked_all_the_same() {
    let away = Port::take();
    let home = Setup::with_default_names()
        .brokers(&format!("127.0.0.1:{away}, no-such-host.invalid:9092"))
        .web(ANY_PORT)
        .watch("acme", &["acme"])
        .receiver("tty", "console", "")
        .step(&["tty"], "5m")
        .home();
    let seen = Findings::by(&home);
    assert_eq!(seen.status, 1, "{}", seen.printed);
    seen.assert("kafka", &format!("127.0.0.1:{away}"), "broken", &["connection refused"]);
    seen.assert("kafka", "no-such-host.invalid:9092", "broken", &["no-such-host.invalid", "DNS"]);
    seen.assert("topic", "all topics", "skipped", &["no broker can be reached"]);
    seen.assert("permission", "all permissions", "skipped", &["no broker can be reached"]);
    seen.assert("receiver", "tty", "works", &[]);
    seen.assert("clock", "clock", "skipped", &["not compared"]);
    seen.assert("web", "link_secret", "warning", &["link_secret = "]);

    // One address of several is enough to begin with. This broker makes every topic that a client asks for carelessly.
    let kafka = Kafka::start_with(&[("auto.create.topics.enable", "true")]);
    let with_prefix = |name: &str| Setup::new(name).reading("mentions").web(ANY_PORT).watch("acme", &["acme"]);
    let one_of_two = with_prefix("one-of-two").brokers(&format!("127.0.0.1:{away},{}", kafka.brokers()));
    home.configure(&one_of_two.config());
    let seen = Findings::by(&home);
    seen.assert("kafka", &format!("127.0.0.1:{away}"), "warning", &["another address works"]);
    seen.assert("topic", "one-of-two.ledger", "works", &["will be created"]);
    assert_eq!(seen.status, 0, "{}", seen.printed);

    // More replicas than brokers.
    let three = with_prefix("three").brokers(&kafka.brokers()).kafka("replication = 3");
    home.configure(&three.config());
    let seen = Findings::by(&home);
    seen.assert("topic", "three.state", "broken", &["replication = 3", "the cluster has 1 broker"]);
    assert_eq!(kafka.topics(), Vec::<String>::new(), "a check made a topic");
}

#[test]
fn a_user_who_may_not_log_in_or_may_do_nothing_is_told_what_is_missing() {
    let kafka = Kafka::start_guarded();
    for topic in ["closed-mentions", "closed.ledger"] {
        kafka.create_topic(topic, 1, &[]);
    }
    let setup = |protocol: &str| {
        let options = format!(
            "[kafka.options]\n\"security.protocol\" = \"{protocol}\"\n\"sasl.mechanism\" = \"PLAIN\"\n\
             \"sasl.username\" = \"{}\"\n\"sasl.password\" = \"env:KAFKA_PASSWORD\"\n\"ssl.ca.location\" = \"{}\"\n",
            kafka::USER,
            kafka.ca_file().display()
        );
        Setup::new("closed").brokers(&kafka.secured()).with(&options).web(ANY_PORT).watch("acme", &["acme"])
    };
    let wrong = "not-the-password-of-the-broker";
    let seen = Findings::by(&setup("SASL_SSL").home().with("KAFKA_PASSWORD", wrong));
    seen.assert("kafka", &kafka.secured(), "works", &["takes connections"]);
    seen.assert("kafka", "cluster", "broken", &["Authentication failed", "sasl.password"]);
    seen.assert("topic", "all topics", "skipped", &[]);
    assert!(seen.status == 1 && !seen.printed.contains(wrong), "{}", seen.printed);

    // Without TLS on a port that wants it.
    let seen = Findings::by(&setup("SASL_PLAINTEXT").home());
    seen.assert("kafka", "cluster", "broken", &["security.protocol"]);

    // In, and with no right to anything.
    let seen = Findings::by(&setup("SASL_SSL").home());
    assert_eq!(seen.status, 1, "{}", seen.printed);
    seen.assert("kafka", "cluster", "works", &[]);
    seen.assert(
        "topic",
        "closed-mentions",
        "broken",
        &["may not see it", "Describe and Read on the topic closed-mentions"],
    );
    seen.assert("topic", "closed.ledger", "broken", &["may not see it"]);
    seen.assert("permission", "closed-detect", "broken", &["not permitted", "Read on the group closed-detect"]);
    seen.assert(
        "permission",
        "transactions",
        "broken",
        &["not permitted", "transactional ids that begin with closed-"],
    );
    assert!(!seen.printed.contains(kafka::PASSWORD), "{}", seen.printed);
}

#[test]
fn without_a_configuration_nothing_else_is_checked() {
    let home = Home::new("[kafka]\nbrokrs = \"localhost:9092\"\n[web]\nlink_secret = \"env:ORSZEM_NOT_SET\"\n");
    let seen = Findings::by(&home);
    assert_eq!((seen.status, &seen.report["ok"]), (1, &Value::Bool(false)));
    seen.assert("configuration", "alerts.toml:2:1", "broken", &["brokrs", "brokers"]);
    let kinds = seen.checks().iter().map(|check| check["kind"].as_str().unwrap_or_default());
    assert!(kinds.into_iter().all(|kind| kind == "configuration"), "{}", seen.printed);
    assert!(seen.printed.contains("ORSZEM_NOT_SET"), "a secret that is not there is a fault: {}", seen.printed);

    std::fs::remove_file(home.path().join("alerts.toml")).expect("the configuration");
    let seen = Findings::by(&home);
    assert_eq!(seen.status, 2, "{}", seen.printed);
    seen.assert("configuration", "alerts.toml", "broken", &["cannot be read", "--config"]);
}

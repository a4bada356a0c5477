//! The way from a mention to a page, on real servers.

#[path = "pipeline/backlog.rs"]
mod backlog;
#[path = "pipeline/calendar.rs"]
mod calendar;
#[path = "pipeline/canary.rs"]
mod canary;
#[path = "pipeline/cluster.rs"]
mod cluster;
#[path = "pipeline/counted.rs"]
mod counted;
#[path = "pipeline/crash.rs"]
mod crash;
#[path = "pipeline/decider.rs"]
mod decider;
#[path = "pipeline/delivery.rs"]
mod delivery;
#[path = "pipeline/doctor.rs"]
mod doctor;
#[path = "pipeline/drills.rs"]
mod drills;
#[path = "pipeline/faults.rs"]
mod faults;
#[path = "pipeline/hostile.rs"]
mod hostile;
#[path = "pipeline/inputs.rs"]
mod inputs;
#[path = "pipeline/lifecycle.rs"]
mod lifecycle;
#[path = "pipeline/logs.rs"]
mod logs;
#[path = "pipeline/night.rs"]
mod night;
#[path = "pipeline/operate.rs"]
mod operate;
#[path = "pipeline/options.rs"]
mod options;
#[path = "pipeline/paged.rs"]
mod paged;
#[path = "pipeline/people.rs"]
mod people;
#[path = "pipeline/readme.rs"]
mod readme;
#[path = "pipeline/restore.rs"]
mod restore;
#[path = "pipeline/opinion.rs"]
mod second_opinion;
#[path = "pipeline/serving.rs"]
mod serving;
mod support;
#[path = "pipeline/takeover.rs"]
mod takeover;

use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use support::alertmanager::Alertmanager;
use support::kafka::Kafka;
use support::smtp::Smtp;
use support::{browser, http, kafka, scratch, smtp, stream, wait};

#[test]
fn kafka_keeps_records_over_stop_and_kill() {
    let mut kafka = Kafka::start();
    kafka.create_topic("events", 2, &[("message.timestamp.type", "LogAppendTime")]);
    assert_eq!(kafka.topics(), ["events"]);
    kafka.produce("events", ["one", "two", "three"]);

    kafka.stop();
    kafka.restart();
    kafka.produce_to("events", 1, ["four"]);
    kafka.kill();
    kafka.restart();
    kafka.produce_keyed("events", [("key".to_owned(), "five")]);

    let records = kafka.read("events");
    let mut texts: Vec<String> = records.iter().map(kafka::Stored::text).collect();
    texts.sort();
    assert_eq!(texts, ["five", "four", "one", "three", "two"]);
    assert!(records.iter().all(|record| record.timestamp > 0));
    assert_eq!(kafka.end_offsets("events").values().sum::<i64>(), 5);
    assert!(!kafka.is_read("nobody", "events"));
    assert!(kafka.committed("nobody", "events").is_empty());
}

/// What others have committed behind an open transaction cannot be read: a group is not through before it is closed.
#[test]
fn a_topic_is_not_read_while_a_transaction_is_open_in_it() {
    let kafka = kafka::shared();
    kafka.create_topic("open", 1, &[]);
    let mut client = kafka.client();
    let open: BaseProducer = client.set("transactional.id", "open").create().expect("a producer");
    open.init_transactions(wait::LONG).expect("the first transaction");
    open.begin_transaction().expect("a transaction");
    open.send(BaseRecord::<str, str>::to("open").payload("one")).expect("room for a record");
    open.flush(wait::LONG).expect("written");
    kafka.produce("open", ["two"]);

    assert!(kafka.read("open").is_empty());
    assert_eq!(kafka.end_offsets("open"), [(0, 2)].into());
    assert_eq!(kafka.closed_ends("open"), None);
    assert!(!kafka.is_read("nobody", "open"));
    open.abort_transaction(wait::LONG).expect("the end");
    let ends = wait::until("the marker", wait::LONG, || kafka.closed_ends("open"));
    assert_eq!(ends, [(0, 3)].into());
    assert_eq!(kafka.read("open").len(), 1);
}

#[test]
fn mail_server_takes_mail_over_tls_only() {
    let server = Smtp::start();
    let ca = Certificate::from_pem(&std::fs::read(server.ca_file()).expect("the CA")).expect("PEM");
    let tls = TlsParameters::builder(server.host().into()).add_root_certificate(ca).build().expect("TLS");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let send = |port: u16, tls: Tls, subject: &str| {
        let mail = Message::builder()
            .from("Orszem <orszem@example.com>".parse().expect("an address"))
            .to("desk@example.com".parse().expect("an address"))
            .to("second@example.com".parse().expect("an address"))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body("árvíztűrő".to_owned())
            .expect("a mail");
        let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host())
            .port(port)
            .credentials(Credentials::new(smtp::USER.into(), smtp::PASSWORD.into()))
            .tls(tls)
            .build();
        runtime.block_on(transport.send(mail))
    };
    assert!(send(server.port(), Tls::None, "plain").is_err());
    send(server.port(), Tls::Required(tls.clone()), "starttls").expect("taken");
    server.wait_mails(1);
    send(server.tls_port(), Tls::Wrapper(tls), "tls").expect("taken");

    let mails = server.wait_mails(2);
    assert_eq!(mails.len(), 2, "{mails:?}\n{}", server.log());
    assert!(mails[0].contains("Subject: starttls") && mails[1].contains("Subject: tls"), "{mails:?}");
    assert!(mails[0].contains("Envelope-to: desk@example.com,\n second@example.com"), "{}", mails[0]);
    assert!(server.log().contains("A=plain:orszem"), "{}", server.log());
}

#[test]
fn alertmanager_takes_an_alert_and_its_end() {
    let alertmanager = Alertmanager::start();
    let url = format!("{}/api/v2/alerts", alertmanager.url());
    let mut alert = serde_json::json!([{ "labels": { "alertname": "Crisis", "watch": "acme" } }]);
    assert_eq!(http::post_json(&url, &alert).expect("an answer").status, 200);
    let alerts =
        wait::until("the alert", wait::LONG, || Some(alertmanager.alerts()).filter(|alerts| alerts.len() == 1));
    assert_eq!(alerts[0]["labels"]["watch"], "acme");

    alert[0]["endsAt"] = "2020-01-01T00:00:00Z".into();
    alert[0]["startsAt"] = "2019-12-31T00:00:00Z".into();
    assert_eq!(http::post_json(&url, &alert).expect("an answer").status, 200);
    wait::holds("the alert is resolved", wait::LONG, || alertmanager.alerts().is_empty());
}

#[test]
fn browser_runs_a_page_and_takes_its_picture() {
    let page = "data:text/html,<p id=a></p><script>a.textContent=6*7</script>";
    assert!(browser::dom(page).contains("<p id=\"a\">42</p>"));

    let folder = scratch::folder("picture");
    let file = folder.path().join("page.png");
    browser::screenshot(page, 320, 200, &file);
    let picture = std::fs::read(&file).expect("the picture");
    assert_eq!(&picture[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(picture[16..24], [0, 0, 1, 64, 0, 0, 0, 200], "width and height");
}

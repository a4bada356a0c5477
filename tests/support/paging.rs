//! A stream with crises in it becomes pages at every kind of receiver, one for each incident, and the pages end.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use orszem_records::incident::Incident;
use orszem_records::time::Timestamp;

use super::alertmanager::Alertmanager;
use super::doubles::{Pagerduty, Slack};
use super::setup::Setup;
use super::smtp::Smtp;
use super::{kafka, stream, wait};

const HOUR_MS: i64 = 3_600_000;

/// A stream, and what is known of it.
pub struct Stream {
    /// The prefix of its topics.
    pub name: &'static str,
    /// The mentions.
    pub file: PathBuf,
    /// A watch whose incidents are told, and its term.
    pub watch: (&'static str, &'static str),
    /// A watch that has mentions and no escalation, and its term.
    pub without_escalation: (&'static str, &'static str),
    /// When a crisis of the first watch begins: an incident opens within the hour.
    pub crises: Vec<Timestamp>,
}

/// Replays the stream to a program with a receiver of each kind, and checks what each of them was told.
pub fn every_receiver_is_told_once(of: &Stream) {
    let name = of.name;
    let ((watch, term), (untold, untold_term)) = (of.watch, of.without_escalation);
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (slack, pager) = runtime.block_on(async { (Slack::start().await, Pagerduty::start().await) });
    let (mail, alertmanager) = (Smtp::start(), Alertmanager::start());
    let setup = Setup::new(name)
        .signing_links()
        .learning("3d")
        .watch(watch, &[term])
        .slack("chat", &slack)
        .pagerduty("pager", &pager)
        .mail("mail", &mail)
        .alertmanager("alerts", &alertmanager)
        .step(&["chat", "pager", "mail", "alerts"], "10m")
        .with(&format!("[[watch]]\nname = \"{untold}\"\nterms = [\"{untold_term}\"]\n"));
    let (home, mut orszem) = setup.start();
    home.succeed(&["replay", of.file.to_str().expect("a path")]);
    stream::wait_judged(kafka, name, setup.mentions());

    // Everybody is told of everything, and of the end of what has ended.
    let told = || {
        stream::incidents(kafka, name).into_values().filter(|incident| incident.watch == watch).all(|incident| {
            let messages = incident.messages.len();
            let answered = incident.messages.iter().all(|message| message.outcome.is_some());
            answered && (messages >= 8 || (messages >= 4 && !incident.closed) || !incident.signal.pages())
        })
    };
    wait::holds("every receiver is told", stream::THROUGH, told);
    let incidents = stream::incidents(kafka, name);
    let watched: Vec<_> = incidents.values().filter(|incident| incident.watch == watch).collect();
    for start in &of.crises {
        let within = |incident: &&&Incident| (*start..start.plus(HOUR_MS)).contains(&incident.signal.opened_at);
        assert!(watched.iter().find(within).is_some_and(|incident| incident.signal.pages()), "nothing at {start}");
    }

    let paged: BTreeSet<String> = watched
        .iter()
        .filter(|incident| !incident.messages.is_empty())
        .map(|incident| incident.id.dedup_key())
        .collect();
    let open = watched.iter().filter(|incident| !incident.messages.is_empty() && !incident.closed).count();
    assert_eq!((slack.faults(), pager.faults()), (vec![], vec![]));
    // One message an incident, in its last form; one incident at the pager, resolved; one alert, gone again.
    assert_eq!(slack.pages().len(), paged.len());
    assert!(slack.pages().iter().filter(|page| !page.earlier.is_empty()).count() >= paged.len() - open);
    let at_pager = pager.incidents();
    assert_eq!(at_pager.iter().map(|incident| incident.dedup_key.clone()).collect::<BTreeSet<_>>(), paged);
    assert_eq!(at_pager.len(), paged.len(), "an incident was opened twice");
    assert_eq!(at_pager.iter().filter(|incident| incident.status != "resolved").count(), open);
    wait::holds("the alerts are resolved", wait::LONG, || alertmanager.alerts().len() == open);
    let mails = mail.wait_mails(2 * paged.len() - open);
    let threads = mails.iter().filter(|mail| !mail.contains("\nIn-Reply-To:")).count();
    assert_eq!(threads, paged.len(), "one thread an incident");
    assert!(mails.iter().all(|mail| mail.contains("\nAuto-Submitted: auto-generated")));
    // Watches without an escalation are counted and tell nobody.
    assert!(
        incidents.values().filter(|incident| incident.watch == untold).all(|incident| incident.messages.is_empty())
    );
    assert!(stream::tallies(kafka, name).keys().any(|(watch, _)| watch == untold));
    assert!(orszem.terminate(Duration::from_secs(10)).success());
}

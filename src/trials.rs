//! Messages that try the ways to people.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use orszem_core::notification::Notice;
use orszem_core::receivers::Sent;
use orszem_core::settings::{Config, Person, Way};
use orszem_notify::{Outgoing, Receiver};
use orszem_records::ledger::Delivery;
use orszem_runtime::clock;
use orszem_runtime::live_config::ConfigReader;
use orszem_web::{Links, Signer, Trials, way_link};

/// Sends a message by a way of a person, with a link at which they answer it.
///
/// # Errors
/// Why it was not taken, without anything secret.
pub async fn send(config: &Config, signer: &Signer, person: &Person, way: &Way) -> Result<(), String> {
    let name = person.way_name(way);
    let built = receiver(config, &name).ok_or_else(|| format!("there is no receiver \"{}\"", way.receiver))??;
    let now = clock::now();
    let link = way_link(signer, &config.web.public_url, person, way, now);
    let notice = Notice::trial(&name, link, &config.words(Some(&name), None), now);
    match built.send(&notice).await.result {
        Delivery::Accepted { .. } => Ok(()),
        Delivery::Failed { reason } | Delivery::Retry { reason, .. } => Err(reason),
    }
}

/// Sends a message that is marked as a test by a receiver, and where its service keeps incidents, ends that of the
/// test. Says of each message what it was and what came of it.
///
/// # Errors
/// Why the receiver cannot be made.
pub async fn try_receiver(config: &Config, name: &str) -> Result<Vec<(&'static str, Sent)>, String> {
    let built = receiver(config, name).ok_or_else(|| format!("there is no receiver \"{name}\""))??;
    let words = config.words(Some(name), None);
    let notice = Notice::receiver_trial(name, config.web.public_url.clone(), &words, clock::now());
    let sent = built.send(&notice).await;
    let mut answers = vec![("the test", sent.clone())];
    if let Delivery::Accepted { reference } = sent.result
        && built.capabilities().has_states()
    {
        answers.push(("its end", built.send(&notice.ended(reference, clock::now())).await));
    }
    Ok(answers)
}

/// The receiver of this name, or the way to a person, made as the running program makes it; or why it cannot be.
fn receiver(config: &Config, name: &str) -> Option<Result<Arc<dyn Receiver>, String>> {
    let receiver = config.all_receivers().find(|receiver| receiver.name() == name)?;
    let built = Outgoing::new(&config.network).map_err(|fault| format!("[network] {fault}")).and_then(|outgoing| {
        orszem_notify::build(&receiver, &config.respond, &outgoing).map_err(|fault| fault.to_string())
    });
    Some(built)
}

/// What the pages try ways with.
pub(crate) struct WayTrials {
    pub(crate) config: ConfigReader,
    pub(crate) links: Arc<Links>,
}

impl Trials for WayTrials {
    fn send<'a>(
        &'a self,
        person: &'a str,
        receiver: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move {
            let config = self.config.load();
            let person = config.person(person).ok_or("there is no such person")?;
            let way = person.ways.iter().find(|way| way.receiver == receiver).ok_or("there is no such way")?;
            send(&config, &self.links.signer(), person, way).await
        })
    }
}

//! `orszem receiver`: tries a receiver before a crisis does.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;

use super::config_file::{ConfigFile, read_for_trial};
use super::team;
use crate::trials;
use orszem_core::receivers::Sent;
use orszem_records::ledger::{ByWhom, Delivery};
use orszem_records::team::receiver_test::ReceiverTested;
use orszem_runtime::clock;

/// Try receivers.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    #[command(about = "Send a message that is marked as a test, and say what the other side answered")]
    Test(Test),
}

/// Sends a message by a receiver that says that nothing happened, on the way of every other message, and prints what
/// the other side answered. At a service that opens incidents of its own (PagerDuty, Alertmanager), that of the test is
/// ended right away. What came of it is kept for the team in Kafka, unless --offline.
///
/// Exit status: 0 it was taken, 1 it was not, or there is no such receiver, 2 the configuration cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Test {
    /// The name of the receiver, as [[receiver]] has it; or a way of a person, as anna/mail
    name: String,
    #[command(flatten)]
    config: ConfigFile,
    /// Do not keep what came of it: Kafka is not asked
    #[arg(long)]
    offline: bool,
}

impl Args {
    /// Runs the command; a line for each message goes to standard output.
    ///
    /// # Errors
    /// When the configuration cannot be read, or has no such receiver.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let Command::Test(test) = &self.command;
        test.run()
    }
}

impl Test {
    fn run(&self) -> anyhow::Result<ExitCode> {
        let config = read_for_trial(&self.config.path)?;
        let known: Vec<String> = config.all_receivers().map(|receiver| receiver.name().to_owned()).collect();
        if !known.contains(&self.name) {
            bail!(
                "there is no receiver {:?} in {}; known here: {}",
                self.name,
                self.config.path.display(),
                known.join(", ")
            );
        }
        let runtime = tokio::runtime::Runtime::new()?;
        let answers = runtime.block_on(trials::try_receiver(&config, &self.name)).map_err(anyhow::Error::msg)?;
        let mut failed = false;
        for (what, sent) in &answers {
            failed |= !matches!(sent.result, Delivery::Accepted { .. });
            let line = orszem_text::sanitize::line(&format!("{}: {what} {}", self.name, answer(sent)));
            writeln!(std::io::stdout(), "{line}").context("cannot write the result")?;
        }
        if !self.offline {
            let tested = ReceiverTested { receiver: self.name.clone(), refused: refused(&answers) };
            let by = ByWhom::new("orszem", "test");
            if let Err(fault) = team::write(&config.kafka, &tested.record(clock::now(), by)) {
                let said = "what came of it is not kept for the team";
                writeln!(std::io::stderr(), "orszem: {said}: {fault:#}; with --offline Kafka is not asked")
                    .context("cannot write the result")?;
            }
        }
        super::ended(Ok(u8::from(failed)))
    }
}

/// Why the test, or its end, was not accepted; `None` where both were.
fn refused(answers: &[(&str, Sent)]) -> Option<String> {
    answers.iter().find_map(|(what, sent)| match &sent.result {
        Delivery::Accepted { .. } => None,
        Delivery::Failed { reason } | Delivery::Retry { reason, .. } => {
            Some(orszem_text::sanitize::line(&format!("{what}: {reason}")))
        }
    })
}

/// What the other side answered, in words.
fn answer(sent: &Sent) -> String {
    let note = sent.note.as_ref().map(|note| format!("; it says: {note}")).unwrap_or_default();
    match &sent.result {
        Delivery::Accepted { reference: Some(reference) } => format!("was taken, as {reference}{note}"),
        Delivery::Accepted { reference: None } => format!("was taken{note}"),
        Delivery::Failed { reason } => format!("was NOT TAKEN: {reason}"),
        Delivery::Retry { reason, .. } => format!("was NOT TAKEN, and would be tried again: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_the_first_reason_why_it_was_not_accepted() {
        let accepted = || Sent::from(Delivery::Accepted { reference: None });
        let failed = || Sent::from(Delivery::Failed { reason: "404\nnot here".into() });
        assert_eq!(refused(&[("the test", accepted()), ("its end", accepted())]), None);
        assert_eq!(refused(&[("the test", failed())]).as_deref(), Some("the test: 404 not here"));
        assert_eq!(
            refused(&[("the test", accepted()), ("its end", failed())]).as_deref(),
            Some("its end: 404 not here")
        );
    }

    #[test]
    fn what_the_other_side_answered_is_said_in_words() {
        let sent = |result, note: Option<&str>| Sent { note: note.map(str::to_owned), ..Sent::from(result) };
        let reference = Some("C1/123.4".to_owned());
        for (result, note, said) in [
            (Delivery::Accepted { reference }, None, "was taken, as C1/123.4"),
            (Delivery::Accepted { reference: None }, Some("queued"), "was taken; it says: queued"),
            (Delivery::Failed { reason: "invalid_auth".into() }, None, "was NOT TAKEN: invalid_auth"),
            (
                Delivery::Retry { reason: "503".into(), after_ms: None },
                None,
                "was NOT TAKEN, and would be tried again: 503",
            ),
        ] {
            assert_eq!(answer(&sent(result, note)), said);
        }
    }
}

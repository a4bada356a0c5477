//! `orszem person`: tries the ways to a person before a crisis does.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Subcommand;

use super::config_file::{ConfigFile, read_for_trial};
use crate::trials;
use orszem_core::settings::Config;
use orszem_runtime::live_config::ConfigReader;
use orszem_web::{Links, Signer};

/// Try the ways to people.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    #[command(about = "Send a person a message by each of their ways, which they answer by its link")]
    Test(Test),
}

/// Sends a person a message by each of their ways, or by one. It says that nothing happened, and has a link: who opens
/// it and presses the button confirms the way. The page "Ways" of the running program shows which are confirmed.
///
/// Exit status: 0 every message was taken, 1 one was not, or there is no such person, 2 the configuration cannot be
/// read.
#[derive(Clone, Debug, clap::Args)]
pub struct Test {
    /// The name of the person, as [[person]] has it
    name: String,
    /// Only the way by this receiver
    #[arg(long, value_name = "RECEIVER")]
    way: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

impl Args {
    /// Runs the command; a line for each way goes to standard output.
    ///
    /// # Errors
    /// When the configuration cannot be read, or has no such person or way.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let Command::Test(test) = &self.command;
        test.run()
    }
}

impl Test {
    fn run(&self) -> anyhow::Result<ExitCode> {
        let config = read_for_trial(&self.config.path)?;
        let Some(person) = config.person(&self.name) else {
            let (name, file) = (&self.name, self.config.path.display());
            let known: Vec<&str> = config.people.iter().map(|person| person.name.as_str()).collect();
            match known.as_slice() {
                [] => bail!("{file} names no people: add a [[person]], as docs/people.md says"),
                known => bail!("there is no person {name:?} in {file}; known here: {}", known.join(", ")),
            }
        };
        let asked = |receiver: &str| self.way.as_deref().is_none_or(|way| way == receiver);
        let ways: Vec<_> = person.ways.iter().filter(|way| asked(&way.receiver)).collect();
        if ways.is_empty() {
            let known: Vec<&str> = person.ways.iter().map(|way| way.receiver.as_str()).collect();
            bail!("{} has no such way; known: {}", self.name, known.join(", "));
        }
        let signer = signer(&config)?;
        let runtime = tokio::runtime::Runtime::new()?;
        let mut refused = 0;
        for way in ways {
            let line = match runtime.block_on(trials::send(&config, &signer, person, way)) {
                Ok(()) => "sent: it counts once the link in it is answered".to_owned(),
                Err(why) => {
                    refused += 1;
                    format!("NOT SENT: {why}")
                }
            };
            let line = orszem_text::sanitize::line(&format!("{}: {line}", person.way_name(way)));
            writeln!(std::io::stdout(), "{line}").context("cannot write the result")?;
        }
        super::ended(Ok(u8::from(refused > 0)))
    }
}

/// What the running program signs with: without a secret of the configuration it would not know the links.
fn signer(config: &Config) -> anyhow::Result<Arc<Signer>> {
    if config.web.link_secret.is_none() {
        bail!("set [web] link_secret: without it the running program does not know the link in the message");
    }
    let links = Links::new(ConfigReader::fixed(config.clone())).context("[web] link_secret")?;
    Ok(links.signer())
}

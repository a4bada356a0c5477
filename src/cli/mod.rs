//! The command line: one file for each command.

pub mod backtest;
pub mod check;
pub mod demo;
pub mod doctor;
pub mod input;
pub mod logs;
pub mod replay;
pub mod run;
pub mod sentiment;
pub mod simulate;
pub mod tune;
pub mod warm;
pub mod watch;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Crisis early warning: scores a Kafka stream of mentions, finds what is out of the ordinary, and pages the right
/// people.
#[derive(Debug, Parser)]
#[command(name = "orszem", version, propagate_version = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the whole of it in a minute: embedded broker, simulated mentions, a crisis, its page
    Demo(demo::Args),
    /// Run the stages against Kafka
    Run(run::Args),
    /// Show what the past would have paged
    Backtest(backtest::Args),
    /// Show what each budget of a watch would have paged
    Tune(tune::Args),
    /// Load history, so that watches need not learn
    Warm(warm::Args),
    /// Find every fault of a configuration
    Check(check::Args),
    /// Connect to what a configuration names, and say what does not work
    Doctor(doctor::Args),
    /// Try the query of a watch
    Watch(watch::Args),
    /// Try how records of a feed become mentions
    Input(input::Args),
    /// Write mentions of invented companies
    Simulate(simulate::Args),
    /// Train, measure and use models of sentiment
    Sentiment(sentiment::Args),
    /// Write mentions from files to the topic
    Replay(replay::Args),
}

impl Arguments {
    /// Runs the command; the code is the process's exit status.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Demo(args) => args.run(),
            Command::Run(args) => args.run(),
            Command::Backtest(args) => args.run(),
            Command::Tune(args) => args.run(),
            Command::Warm(args) => args.run(),
            Command::Check(args) => args.run(),
            Command::Doctor(args) => args.run(),
            Command::Watch(args) => args.run(),
            Command::Input(args) => args.run(),
            Command::Simulate(args) => simulate::run(&args).map(|()| ExitCode::SUCCESS),
            Command::Sentiment(args) => args.run(),
            Command::Replay(args) => args.run(),
        }
    }
}

/// Tells of a fault that ended a command, with its causes.
#[expect(clippy::print_stderr, reason = "the last word of a command goes to the terminal")]
pub fn complain(fault: &anyhow::Error) {
    eprintln!("orszem: {fault:#}");
}

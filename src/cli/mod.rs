//! The command line: one file for each command.

pub mod backtest;
pub mod check;
pub mod completions;
pub mod demo;
pub mod doctor;
#[cfg(test)]
mod fixture;
pub mod init;
pub mod input;
pub mod logs;
pub mod man;
pub mod replay;
pub mod run;
pub mod sentiment;
pub mod simulate;
pub mod tune;
mod version;
pub mod warm;
pub mod watch;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::io;
use std::process::ExitCode;

/// Crisis early warning: scores a Kafka stream of mentions, finds what is out of the ordinary, and pages the right
/// people.
#[derive(Debug, Parser)]
#[command(name = "orszem", version, propagate_version = true)]
pub struct Arguments {
    /// What the program was built from, which only the program itself knows.
    #[arg(skip = "unknown commit")]
    commit: &'static str,
    #[command(subcommand)]
    command: Command,
}

// A comment on a command here would take the place of the one on its arguments, which says more.
#[derive(Debug, Subcommand)]
enum Command {
    #[command(about = "Show the whole of it in a minute: embedded broker, simulated mentions, a crisis, its page")]
    Demo(demo::Args),
    #[command(about = "Run the stages against Kafka")]
    Run(run::Args),
    #[command(about = "Show what the past would have paged")]
    Backtest(backtest::Args),
    #[command(about = "Show what each budget of a watch would have paged")]
    Tune(tune::Args),
    #[command(about = "Load history, so that watches need not learn")]
    Warm(warm::Args),
    #[command(about = "Write a first configuration")]
    Init(init::Args),
    #[command(about = "Find every fault of a configuration")]
    Check(check::Args),
    #[command(about = "Connect to what the configuration names, and say what works")]
    Doctor(doctor::Args),
    #[command(about = "Try the query of a watch")]
    Watch(watch::Args),
    #[command(about = "Try how records of a feed become mentions")]
    Input(input::Args),
    #[command(about = "Write mentions of invented companies")]
    Simulate(simulate::Args),
    #[command(about = "Train, measure and use models of sentiment")]
    Sentiment(sentiment::Args),
    #[command(about = "Write mentions from files to the topic")]
    Replay(replay::Args),
    #[command(about = "Print the script with which a shell completes the command line")]
    Completions(completions::Args),
    #[command(about = "Print the manual page, or write those of all commands")]
    Man(man::Args),
}

impl Arguments {
    /// Reads the command line of this process; ends it after `--help` and `--version`, and where the line is wrong.
    /// `commit` is what the program was built from: `a21afe7, 2026-11-29`.
    pub fn of_process(commit: &'static str) -> Arguments {
        // Once in the life of a process.
        let version: &'static str = version::line(commit).leak();
        let found = Arguments::command().version(version).get_matches();
        let arguments = Arguments::from_arg_matches(&found).unwrap_or_else(|fault| fault.exit());
        Arguments { commit, ..arguments }
    }

    /// Runs the command; the code is the process's exit status.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Demo(args) => args.run(),
            Command::Run(args) => args.run(self.commit),
            Command::Backtest(args) => args.run(),
            Command::Tune(args) => args.run(),
            Command::Warm(args) => args.run(),
            Command::Init(args) => args.run(),
            Command::Check(args) => args.run(),
            Command::Doctor(args) => args.run(),
            Command::Watch(args) => args.run(),
            Command::Input(args) => args.run(),
            Command::Simulate(args) => simulate::run(&args).map(|()| ExitCode::SUCCESS),
            Command::Sentiment(args) => args.run(),
            Command::Replay(args) => args.run(),
            Command::Completions(args) => args.run(),
            Command::Man(args) => args.run(),
        }
    }
}

/// The exit status of a command that wrote. A reader that closes the pipe early, as `orszem man | head` does, means it:
/// that is no error.
fn ended(done: anyhow::Result<u8>) -> anyhow::Result<ExitCode> {
    let closed = |fault: &anyhow::Error| {
        let mut causes = fault.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
        causes.any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
    };
    match done {
        Err(fault) if closed(&fault) => Ok(ExitCode::SUCCESS),
        done => done.map(ExitCode::from),
    }
}

/// Tells of a fault that ended a command, with its causes.
#[expect(clippy::print_stderr, reason = "the last word of a command goes to the terminal")]
pub fn complain(fault: &anyhow::Error) {
    eprintln!("orszem: {fault:#}");
}

//! The command line: one file for each command.

pub mod backtest;
mod calendars;
pub mod check;
mod color;
pub mod completions;
mod config_file;
pub mod demo;
pub mod doctor;
pub mod drill;
#[cfg(test)]
mod fixture;
mod gaps;
pub mod init;
pub mod input;
mod kafka;
pub mod logs;
pub mod man;
pub mod oncall;
pub mod person;
mod progress;
pub mod readiness;
pub mod receiver;
pub mod rehearse;
pub mod replay;
pub mod report;
pub mod route;
pub mod run;
pub mod sentiment;
pub mod silence;
pub mod simulate;
mod team;
pub mod tune;
mod version;
pub mod warm;
pub mod watch;
mod ways;
mod words;
mod wrap;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use color::Color;
use config_file::Missing;
use orszem_config::Faults;
use std::io;
use std::process::ExitCode;

/// Crisis early warning: reads mentions from Kafka, finds what is unusual, and pages the right people.
#[derive(Debug, Parser)]
#[command(name = "orszem", version, propagate_version = true, after_help = STATUSES)]
pub struct Arguments {
    /// The commit that the program was built from; only the main program knows it.
    #[arg(skip = "unknown commit")]
    commit: &'static str,
    /// When to use colour. NO_COLOR in the environment is never, unless this says otherwise
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

/// The exit statuses of all commands.
const STATUSES: &str = "\
Exit status:
  0  it worked, and no fault was found
  1  it did not work, or faults were found
  2  wrong use: an option is wrong, or a file that you named cannot be read

Commands that need a configuration read alerts.toml; --config FILE names another. `orszem init` writes one.";

// Clap would show a doc comment here instead of the longer one on the command's arguments.
#[derive(Debug, Subcommand)]
enum Command {
    #[command(about = "Demonstrate everything in a minute: embedded broker, simulated mentions, a crisis and its page")]
    Demo(demo::Args),
    #[command(about = "Run the stages against Kafka")]
    Run(run::Args),
    #[command(about = "Show which pages would have been sent in the past")]
    Backtest(backtest::Args),
    #[command(about = "Show which pages each budget of a watch would have sent")]
    Tune(tune::Args),
    #[command(about = "Load history, so that watches do not have to learn first")]
    Warm(warm::Args),
    #[command(about = "Write a first configuration")]
    Init(init::Args),
    #[command(about = "Find every fault in a configuration")]
    Check(check::Args),
    #[command(about = "Connect to everything the configuration names, and report what works")]
    Doctor(doctor::Args),
    #[command(about = "Show who is on call, who is next, and where nobody is")]
    Oncall(oncall::Args),
    #[command(about = "List, make and end silences")]
    Silence(silence::Args),
    #[command(about = "Rehearse a crisis over the live path, and say how people did")]
    Drill(drill::Args),
    #[command(about = "Try the ways to people")]
    Person(person::Args),
    #[command(about = "Show what would not work tonight")]
    Readiness(readiness::Args),
    #[command(about = "Try receivers")]
    Receiver(receiver::Args),
    #[command(about = "Run cases of who is called when: nobody hears anything")]
    Rehearse(rehearse::Args),
    #[command(about = "Print the report of an incident, to learn from it")]
    Report(report::Args),
    #[command(about = "Try the query of a watch")]
    Watch(watch::Args),
    #[command(about = "Try the routes: who would be told of an incident, and when")]
    Route(route::Args),
    #[command(about = "Try how orszem reads the records of a feed")]
    Input(input::Args),
    #[command(about = "Write mentions of invented companies")]
    Simulate(simulate::Args),
    #[command(about = "Train, evaluate and apply sentiment models")]
    Sentiment(sentiment::Args),
    #[command(about = "Write mentions from files to the topic")]
    Replay(replay::Args),
    #[command(about = "Print the completion script for a shell")]
    Completions(completions::Args),
    #[command(about = "Print the manual page, or write those of all commands")]
    Man(man::Args),
}

impl Arguments {
    /// Reads the command line of this process; exits after `--help` and `--version`, and on invalid arguments.
    /// `commit` is the commit that the program was built from: `a21afe7, 2026-11-29`.
    pub fn of_process(commit: &'static str) -> Arguments {
        // Leaked on purpose: clap needs a static string, and this runs once per process.
        let version: &'static str = version::line(commit).leak();
        // Before anything is written: also the help and what is wrong with the arguments.
        Color::asked(std::env::args_os().skip(1)).unwrap_or_default().apply();
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
            Command::Oncall(args) => args.run(),
            Command::Person(args) => args.run(),
            Command::Readiness(args) => args.run(),
            Command::Receiver(args) => args.run(),
            Command::Silence(args) => args.run(),
            Command::Drill(args) => args.run(),
            Command::Rehearse(args) => args.run(),
            Command::Report(args) => args.run(),
            Command::Watch(args) => args.run(),
            Command::Route(args) => args.run(),
            Command::Input(args) => args.run(),
            Command::Simulate(args) => simulate::run(&args).map(|()| ExitCode::SUCCESS),
            Command::Sentiment(args) => args.run(),
            Command::Replay(args) => args.run(),
            Command::Completions(args) => args.run(),
            Command::Man(args) => args.run(),
        }
    }
}

/// The exit status of a command that wrote output. A closed pipe is not an error: `orszem man | head` closes it on
/// purpose.
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

/// The exit status for an error that ended a command: 2 if a file that was named is not there or cannot be read.
pub fn status_of(fault: &anyhow::Error) -> ExitCode {
    use io::ErrorKind::{AlreadyExists, IsADirectory, NotADirectory, NotFound, PermissionDenied};
    let is_wrong_use = fault.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let is_file = matches!(io, Some(AlreadyExists | IsADirectory | NotADirectory | NotFound | PermissionDenied));
        let is_config = cause.downcast_ref::<Faults>().is_some_and(Faults::is_unreadable);
        is_file || is_config || cause.is::<Missing>()
    });
    ExitCode::from(if is_wrong_use { 2 } else { 1 })
}

/// Prints the error that ended a command, with its causes.
#[expect(clippy::print_stderr, reason = "errors of a command go to the terminal")]
pub fn print_error(fault: &anyhow::Error) {
    eprintln!("orszem: {fault:#}");
}

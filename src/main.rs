//! The program: parses arguments, starts a command.

use clap::Parser;
use std::process::ExitCode;

use orszem::cli;

fn main() -> ExitCode {
    match cli::Arguments::parse().run() {
        Ok(code) => code,
        Err(fault) => {
            cli::complain(&fault);
            ExitCode::from(2)
        }
    }
}

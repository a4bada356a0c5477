//! The program: parses arguments, starts a command.

use std::process::ExitCode;

use orszem::cli;

fn main() -> ExitCode {
    match cli::Arguments::of_process(orszem_commit::commit!()).run() {
        Ok(code) => code,
        Err(fault) => {
            cli::print_error(&fault);
            cli::status_of(&fault)
        }
    }
}

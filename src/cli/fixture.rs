//! What the tests of the commands share.

use clap::{Args, Command, Error};

/// The arguments of a command, from the words after its name.
pub(super) fn args<A: Args>(words: &[&str]) -> Result<A, Error> {
    let command = A::augment_args(Command::new("orszem").no_binary_name(true));
    A::from_arg_matches(&command.try_get_matches_from(words)?)
}

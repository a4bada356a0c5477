//! The real servers that tests run against, and what starts, feeds, reads, stops and kills them.
//!
//! Each server has its own scratch folder and its own ports, and ends with the test, however that ends
//! ([`children`]). What must be installed is installed by `bash tests/run`, which says by environment variables
//! where it is; a test that finds one unset fails and says so.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test binary takes what it needs of this module")]
#![allow(clippy::print_stderr, reason = "the log of a server that failed belongs beside the failure")]
#![allow(clippy::unwrap_used, reason = "what goes wrong in here is the failure of the test")]

pub mod alertmanager;
pub mod browser;
pub mod certificates;
pub mod children;
pub mod cluster;
pub mod counting;
pub mod crisis;
mod data;
pub mod doubles;
pub mod http;
pub mod kafka;
pub mod orszem;
pub mod paging;
pub mod ports;
pub mod prometheus;
pub mod relay;
pub mod scratch;
pub mod server;
pub mod setup;
pub mod smtp;
pub mod stream;
pub mod switch;
pub mod wait;

use std::path::{Path, PathBuf};

pub(crate) use data::data;

/// Where `bash tests/run` put something: the value of `ORSZEM_<name>`.
///
/// # Panics
/// When the test was started without `tests/run` and without its environment.
pub fn place(name: &str) -> PathBuf {
    let name = format!("ORSZEM_{name}");
    match std::env::var_os(&name) {
        Some(value) if !value.is_empty() => value.into(),
        _ => panic!("{name} is not set: run `bash tests/run`, or `eval \"$(bash tests/run --env)\"` before cargo test"),
    }
}

/// A file of the repository, by its path from the top.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

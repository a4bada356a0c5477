//! Progress of what takes long: on a terminal only, on standard error.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

/// How often a spinner turns.
const TURN: Duration = Duration::from_millis(120);

/// A bar over `whole`, or a spinner where that is not known: how each looks, in the templates of indicatif.
fn bar(whole: Option<u64>, known: &str, unknown: &str) -> ProgressBar {
    let (bar, style) = match whole {
        Some(whole) => (ProgressBar::new(whole), known),
        None => (ProgressBar::no_length(), unknown),
    };
    // Also where an error ends the command.
    let bar = bar.with_finish(ProgressFinish::AndClear);
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(TURN);
    bar
}

/// A bar over the bytes of all files as they are on disk, or a counter where a size is unknown, as of standard input.
pub(super) fn of_files<'p>(files: impl IntoIterator<Item = &'p Path>) -> ProgressBar {
    let size = |path: &Path| std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|about| about.len());
    let bytes = files.into_iter().map(size).sum::<Option<u64>>().filter(|bytes| *bytes > 0);
    bar(bytes, "{bar:40} {bytes} of {total_bytes} read, {eta} left{msg}", "{spinner} {bytes} read, {elapsed}{msg}")
}

/// A bar over an amount that has no unit.
pub(super) fn of_whole(whole: u64, message: impl Into<Cow<'static, str>>) -> ProgressBar {
    let bar = bar(Some(whole), "{bar:40} {percent} %, {eta} left; {msg}", "{spinner} {elapsed}; {msg}");
    bar.set_message(message);
    bar
}

/// A spinner, for a wait of unknown length.
pub(super) fn waiting(message: impl Into<Cow<'static, str>>) -> ProgressBar {
    let bar = bar(None, "", "{spinner} {msg}, {elapsed}");
    bar.set_message(message);
    bar
}

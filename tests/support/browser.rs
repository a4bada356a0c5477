//! A real browser: Chromium without a window.

use std::path::Path;

use super::children::{self, Child};
use super::{place, scratch, wait};

/// The document at `url` as HTML, after its scripts ran.
pub fn dom(url: &str) -> String {
    run(&["--dump-dom".into(), url.into()])
}

/// Saves a picture (PNG) of the page at `url` in a window of `width` × `height` pixels.
pub fn screenshot(url: &str, width: u32, height: u32, file: &Path) {
    run(&[
        format!("--screenshot={}", file.display()),
        format!("--window-size={width},{height}"),
        "--hide-scrollbars".into(),
        url.into(),
    ]);
    assert!(file.exists(), "chromium saved no picture of {url}");
}

fn run(arguments: &[String]) -> String {
    let folder = scratch::folder("chromium");
    let (out, log) = (folder.path().join("out"), folder.path().join("log"));
    // Chromium prints the document and, on the other channel, complaints; a shell keeps them apart.
    let mut command = children::command("/bin/sh");
    command.args(["-c", "exec \"$@\" >\"$0\""]).arg(&out).arg(place("CHROMIUM"));
    command.args([
        "--headless",
        // Root may not have the sandbox; the pages are ours.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
    ]);
    command.arg(format!("--user-data-dir={}", folder.path().join("profile").display())).args(arguments);
    let mut browser = Child::start("chromium", command, &log);
    let status = browser.wait(wait::LONG);
    assert!(status.success(), "chromium ended with {status}; {}", browser.tail());
    String::from_utf8_lossy(&std::fs::read(&out).unwrap()).into_owned()
}

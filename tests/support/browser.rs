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

/// As [`screenshot`], in the theme that `scheme` names to Chromium: 0 is dark, 1 is light.
pub fn themed_screenshot(url: &str, (width, height): (u32, u32), scheme: u8, file: &Path) {
    run(&[
        format!("--screenshot={}", file.display()),
        format!("--window-size={width},{height}"),
        format!("--blink-settings=preferredColorScheme={scheme}"),
        "--hide-scrollbars".into(),
        url.into(),
    ]);
    assert!(file.exists(), "chromium saved no picture of {url}");
}

/// On how many sheets the page at `url` is printed.
pub fn printed_sheets(url: &str) -> usize {
    let folder = scratch::folder("print");
    let file = folder.path().join("page.pdf");
    run(&[format!("--print-to-pdf={}", file.display()), "--no-pdf-header-footer".into(), url.into()]);
    let pdf = std::fs::read(&file).unwrap_or_else(|fault| panic!("chromium printed nothing of {url}: {fault}"));
    let text = String::from_utf8_lossy(&pdf);
    // Each sheet is an object of the type Page; the list of them is of the type Pages.
    text.match_indices("/Type /Page").filter(|(at, found)| !text[at + found.len()..].starts_with('s')).count()
}

/// What axe-core wrote into the page at `url`, which loads and runs it.
pub fn audited(url: &str, width: u32, height: u32, scheme: u8) -> String {
    let page = run(&[
        "--dump-dom".into(),
        format!("--window-size={width},{height}"),
        format!("--blink-settings=preferredColorScheme={scheme}"),
        "--virtual-time-budget=10000".into(),
        url.into(),
    ]);
    let result = page.split("id=\"axe-result\">").nth(1).and_then(|rest| rest.split("</script>").next());
    result.map_or(page.clone(), str::to_owned)
}

/// The document at `url` after it was open for this many milliseconds of the browser's clock, which does not wait.
pub fn dom_after(url: &str, milliseconds: u32) -> String {
    run(&["--dump-dom".into(), format!("--virtual-time-budget={milliseconds}"), url.into()])
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

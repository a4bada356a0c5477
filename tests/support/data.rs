//! Where the real streams lie: one answer for the tests and the benches that read them.

use std::path::PathBuf;

/// A file of the real streams, in the folder that `ORSZEM_TEST_DATA` names: `data("mentions/stocks.jsonl.gz")`.
///
/// # Panics
/// When it is not there: a test that needs it must not pass without.
pub(crate) fn data(path: &str) -> PathBuf {
    let folder = match std::env::var_os("ORSZEM_TEST_DATA") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => panic!(
            "this test reads real streams: set ORSZEM_TEST_DATA to their folder (CONTRIBUTING.md says what it holds)"
        ),
    };
    let file = folder.join(path);
    assert!(
        file.exists(),
        "{} does not exist: ORSZEM_TEST_DATA names the wrong folder, or the file is missing",
        file.display()
    );
    file
}

//! Where the shared data lies: one answer for unit tests, integration tests and benches.

use std::path::{Path, PathBuf};

/// A file or folder of the shared data, which lies in `../shared/data` beside the repository, or where
/// `ORSZEM_TEST_DATA` says: `data("mentions/stocks.jsonl.gz")`.
///
/// # Panics
/// When it is not there: a test that needs it must not pass without.
pub(crate) fn data(path: &str) -> PathBuf {
    let folder = match std::env::var_os("ORSZEM_TEST_DATA") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
    };
    let file = folder.join(path);
    assert!(
        file.exists(),
        "{} is not there: put the shared data beside the repository, or set ORSZEM_TEST_DATA to its folder",
        file.display()
    );
    file
}

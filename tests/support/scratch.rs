//! Scratch folders.

use std::path::Path;
use std::sync::Once;
use tempfile::TempDir;

const PREFIX: &str = "orszem-test-";

/// A folder of one's own under the system's temporary one, removed when dropped.
///
/// Not under `target/`: the mail server runs as a user that need not be allowed to look into the repository.
pub fn folder(name: &str) -> TempDir {
    static SWEEP: Once = Once::new();
    SWEEP.call_once(sweep);
    tempfile::Builder::new().prefix(&format!("{PREFIX}{}-{name}-", std::process::id())).tempdir().unwrap()
}

/// Removes what processes that are gone left behind: nothing drops the servers that a whole test binary shares.
fn sweep() {
    for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_prefix(PREFIX)).and_then(|rest| rest.split('-').next());
        let Some(pid) = pid.and_then(|pid| pid.parse::<u32>().ok()) else { continue };
        if !Path::new(&format!("/proc/{pid}")).exists() {
            // Somebody else's, or swept by somebody else: not ours to worry about.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

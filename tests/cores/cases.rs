//! The cases of who is called when: `tests/cases`, a file each, by the command that runs others too.

use std::path::Path;

use super::command_line::orszem;

#[test]
fn every_case_of_who_is_called_when_holds() {
    let ran = orszem(Path::new(env!("CARGO_MANIFEST_DIR")), &["rehearse", "tests/cases"]);
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "\n{said}{}", String::from_utf8_lossy(&ran.stderr));
    let held = said.split(' ').next().and_then(|held| held.parse::<u32>().ok());
    assert!(held > Some(30), "{said}");
}

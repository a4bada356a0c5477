//! The pictures of the README show what the program shows.

use std::process::Command;

use crate::structure::repository;

#[test]
fn the_pictures_are_of_these_sources() {
    let script = repository("docs/pictures.sh");
    let output = Command::new("bash").arg(script).arg("--check").output().expect("bash runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

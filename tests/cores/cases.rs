//! The cases of who is called when: `tests/cases`, a file each.

use crate::structure::repository;
use orszem_core::rehearsal::Case;

#[test]
fn every_case_of_who_is_called_when_holds() {
    let folder = repository("tests/cases");
    let standing = std::fs::read_to_string(folder.join("standing.toml")).expect("the standing configuration");
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("the folder").map(|it| it.expect("a file").path()).collect();
    files.retain(|file| !file.ends_with("standing.toml"));
    files.sort();
    assert!(files.len() > 30, "{}", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a case");
        let name = file.file_name().expect("a name").display();
        match Case::parse(&text, Some(&standing)).and_then(|case| case.run()) {
            Ok(differences) if differences.is_empty() => {}
            Ok(differences) => wrong.extend(differences.iter().map(|difference| format!("{name}: {difference}"))),
            Err(fault) => wrong.push(format!("{name}: {fault}")),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

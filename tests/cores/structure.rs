//! The layers hold: pure crates stay pure, stages do not import one another. And tests are where one looks for them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Crates that decide: no clock, no files, no network, no randomness.
const PURE: [&str; 3] = ["records", "text", "core"];
/// The crates from the ground up; those of one row do not know each other.
const LAYERS: [&[&str]; 8] = [
    &["records"],
    &["text"],
    &["core"],
    &["runtime"],
    &["config", "kafka", "notify", "web"],
    &["stages"],
    &["commit"],
    &["orszem"],
];
/// What a pure crate must not be able to name, directly or through another.
const IMPURE: [&str; 17] = [
    "arc-swap",
    "axum",
    "hyper",
    "indicatif",
    "lettre",
    "mio",
    "native-tls",
    "openssl",
    "prometheus",
    "rdkafka",
    "rdkafka-sys",
    "reqwest",
    "rustix",
    "socket2",
    "tempfile",
    "tokio",
    "tracing-subscriber",
];

pub(super) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What every package of the workspace is built of: names of its normal dependencies, by the package's id.
fn resolved() -> (BTreeMap<String, String>, BTreeMap<String, Vec<String>>) {
    // Only what this platform is built of: the rest need not have been downloaded.
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &platform])
        .current_dir(repository(""))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let (packages, nodes) = (list(&metadata["packages"]), list(&metadata["resolve"]["nodes"]));
    let names = packages.iter().map(|package| (text(&package["id"]), text(&package["name"]))).collect();
    let normal = |dependency: &&Value| list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
    let edges = nodes.iter().map(|node| {
        let to = list(&node["deps"]).iter().filter(normal).map(|to| text(&to["pkg"])).collect();
        (text(&node["id"]), to)
    });
    (names, edges.collect())
}

/// The name of a package as this file calls it: `core`, not `orszem-core`.
fn short(name: &str) -> &str {
    name.strip_prefix("orszem-").unwrap_or(name)
}

#[test]
fn a_pure_crate_can_name_nothing_that_is_not() {
    let (names, edges) = resolved();
    let mut looked_at = 0;
    for (id, name) in names.iter().filter(|(_, name)| name.starts_with("orszem") && PURE.contains(&short(name))) {
        let (mut seen, mut open) = (BTreeSet::new(), vec![id]);
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(&edges[id]);
            }
        }
        let found: Vec<&str> = seen.iter().map(|id| names[*id].as_str()).filter(|name| IMPURE.contains(name)).collect();
        assert!(found.is_empty(), "{name} is a pure crate and depends on {found:?}");
        assert!(seen.len() > 10, "{name} has hardly any dependency: {seen:?}");
        looked_at += 1;
    }
    assert_eq!(looked_at, PURE.len());
}

#[test]
fn crates_depend_only_on_the_layers_below() {
    let (names, edges) = resolved();
    let layer = |name: &str| LAYERS.iter().position(|layer| layer.contains(&short(name)));
    let ours: Vec<(&String, usize)> = names
        .iter()
        .filter(|(_, name)| name.starts_with("orszem"))
        .map(|(id, name)| (id, layer(name).unwrap_or_else(|| panic!("{name} has no layer: add it to LAYERS"))))
        .collect();
    assert_eq!(ours.len(), LAYERS.iter().map(|layer| layer.len()).sum::<usize>());
    for (id, above) in &ours {
        for to in edges[*id].iter().filter(|to| names[*to].starts_with("orszem")) {
            let below = layer(&names[to]).expect("a layer");
            assert!(below < *above, "{} depends on {}, which is not below it", names[*id], names[to]);
        }
    }
}

#[test]
fn pure_crates_are_held_by_the_same_lints() {
    let lints = PURE.map(|name| std::fs::read_to_string(repository(&format!("src/{name}/clippy.toml"))).unwrap());
    assert!(lints.iter().all(|text| *text == lints[0]), "clippy.toml of {PURE:?} differ");
    for banned in
        ["std::fs::read", "std::env::var", "std::thread::spawn", "std::net::TcpStream", "std::time::Instant::now"]
    {
        assert!(lints[0].contains(banned), "{banned} is not banned");
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        match entry.is_dir() {
            true => sources(&entry, found),
            false if entry.extension().is_some_and(|it| it == "rs") => found.push(entry),
            false => {}
        }
    }
}

/// What does not count: tests may look at other stages.
fn is_test(path: &Path) -> bool {
    path.file_stem()
        .and_then(|it| it.to_str())
        .is_some_and(|it| it == "tests" || it.ends_with("fixture") || it.ends_with("_tests"))
}

#[test]
fn no_stage_imports_another() {
    const STAGES: [&str; 3] = ["score", "detect", "respond"];
    let mut looked_at = 0;
    for (root, prefix) in [("src/core", "crate::"), ("src/stages", "crate::")] {
        for stage in STAGES {
            let mut files = Vec::new();
            match repository(&format!("{root}/{stage}.rs")) {
                shell if shell.is_file() => files.push(shell),
                _ => sources(&repository(&format!("{root}/{stage}")), &mut files),
            }
            for file in files.iter().filter(|file| !is_test(file)) {
                let text = std::fs::read_to_string(file).expect("a source file");
                let text = text.split("#[cfg(test)]\nmod tests {").next().expect("a part");
                for other in STAGES.iter().filter(|other| **other != stage) {
                    let imported = [format!("{prefix}{other}::"), format!("super::super::{other}")];
                    let found = imported.iter().find(|path| text.contains(path.as_str()));
                    assert!(found.is_none(), "{} imports {other}: stages meet in the records", file.display());
                }
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 30, "{looked_at} files are not the stages");
}

#[test]
fn no_comment_is_longer_than_120_characters() {
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches"] {
        sources(&repository(folder), &mut files);
    }
    assert!(files.len() > 300, "{} files are not the sources", files.len());
    let mut long = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source file");
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim_start().starts_with("//") && line.chars().count() > 120 {
                long.push(format!("{}:{number}", file.display()));
            }
        }
    }
    assert_eq!(long, Vec::<String>::new());
}

/// What breaks the rule of CONTRIBUTING.md, "How tests are written", in a source file.
fn misplaced_tests(path: &Path, text: &str) -> Vec<String> {
    /// The most lines of an inline module of tests.
    const INLINE: usize = 100;
    let stem = path.file_stem().and_then(|it| it.to_str()).expect("a name");
    let mut faults = Vec::new();
    if path.components().any(|part| part.as_os_str() == "tests") {
        faults.push("a folder `tests` in src: name the files `*_tests.rs` and put them beside the code".to_owned());
    }
    let mut lines = text.lines();
    let mut only_tests = false;
    while let Some(line) = lines.next() {
        match line.trim_start() {
            "#[cfg(test)]" => only_tests = true,
            inline if only_tests && inline.ends_with("mod tests {") => {
                // The closing brace is as far in as the module.
                let end = format!("{}}}", &line[..line.len() - inline.len()]);
                let length = lines.by_ref().position(|line| line == end).map_or(usize::MAX, |at| at + 2);
                if length > INLINE {
                    faults.push(format!(
                        "{length} lines of inline tests, {INLINE} at most: move them to {stem}_tests.rs"
                    ));
                }
                only_tests = false;
            }
            "#[test]" | "#[tokio::test]" if stem != "tests" && !stem.ends_with("_tests") => {
                faults.push(
                    "a test outside `mod tests` in a file that is not named `tests.rs` or `*_tests.rs`".to_owned(),
                );
                break;
            }
            line if only_tests && !line.starts_with(['#', '/']) => {
                let name = line.strip_suffix(';').and_then(|line| line.rsplit_once("mod ")).map(|(_, name)| name);
                let is_known = |name: &str| {
                    ["doubles", "fixture", "tests"].contains(&name)
                        || name.ends_with("_fixture")
                        || name.ends_with("_tests")
                };
                if let Some(name) = name.filter(|name| !is_known(name)) {
                    faults.push(format!(
                        "the module {name} is for tests: call it `*_tests`, or `fixture` where tests share it"
                    ));
                }
                only_tests = false;
            }
            _ => {}
        }
    }
    faults
}

#[test]
fn tests_are_where_the_rule_puts_them() {
    let mut files = Vec::new();
    sources(&repository("src"), &mut files);
    assert!(files.len() > 200, "{} files are not the sources", files.len());
    let mut faults = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a source file");
        let path = path.strip_prefix(repository("")).expect("a file of the repository");
        faults.extend(misplaced_tests(path, &text).into_iter().map(|fault| format!("{}: {fault}", path.display())));
    }
    faults.sort();
    assert!(faults.is_empty(), "see \"How tests are written\" in CONTRIBUTING.md:\n{}", faults.join("\n"));
}

#[test]
fn a_misplaced_test_is_seen() {
    let inline = |lines: usize| format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "    #[test]\n".repeat(lines - 2));
    let faults = |path: &str, text: &str| misplaced_tests(Path::new(path), text).len();
    assert_eq!(faults("src/core/a.rs", &inline(100)), 0);
    assert_eq!(faults("src/core/a.rs", &inline(101)), 1);
    assert_eq!(faults("src/core/a.rs", &inline(100).replace("mod tests", "pub(super) mod tests")), 0);
    assert_eq!(faults("src/core/a.rs", "#[cfg(test)]\n#[path = \"a_tests.rs\"]\nmod tests;\n"), 0);
    assert_eq!(faults("src/core/a_tests.rs", "#[test]\nfn a() {}\n"), 0);
    assert_eq!(faults("src/core/golden.rs", "#[test]\nfn a() {}\n"), 1);
    assert_eq!(faults("src/core/tests/a_tests.rs", "#[test]\nfn a() {}\n"), 1);
    assert_eq!(faults("src/core/mod.rs", "#[cfg(test)]\npub(crate) mod world;\nmod a;\n"), 1);
    assert_eq!(faults("src/core/mod.rs", "#[cfg(test)]\nmod a_fixture;\n#[cfg(test)]\nfn f() {}\nmod world;\n"), 0);
}

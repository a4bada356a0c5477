//! How a release is made: scripts, archives and packages fit each other and `Cargo.toml`.

use orszem_config::SecretCheck;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::read;
use crate::support::repository;

const ADDRESS: &str = env!("CARGO_PKG_REPOSITORY");
pub(crate) const ARCHITECTURES: [&str; 2] = ["x86_64", "aarch64"];

fn manifest() -> toml::Table {
    read("Cargo.toml").parse().expect("Cargo.toml is TOML")
}

/// A value of `Cargo.toml` by its path.
fn setting<'a>(manifest: &'a toml::Table, path: &[&str]) -> &'a toml::Value {
    let (first, rest) = path.split_first().expect("a path");
    let start = manifest.get(*first).unwrap_or_else(|| panic!("no [{first}]"));
    rest.iter().fold(start, |at, key| at.get(*key).unwrap_or_else(|| panic!("no {key} in {path:?}")))
}

fn text<'a>(manifest: &'a toml::Table, path: &[&str]) -> &'a str {
    setting(manifest, path).as_str().unwrap_or_else(|| panic!("{path:?} is no text"))
}

/// What bash prints that has sourced what the scripts of a release share.
fn from_settings(script: &str) -> String {
    let script = format!(". deploy/release/settings.sh && {script}");
    let output = Command::new("bash").args(["-c", &script]).current_dir(repository("")).output().expect("bash runs");
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
}

fn run(script: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new("bash");
    command.arg(script).args(arguments).current_dir(repository("")).env_remove("GITHUB_REPOSITORY");
    command.output().expect("bash runs")
}

/// Every file of the repository but what builds and git make.
pub(crate) fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().expect("a name").to_string_lossy().into_owned();
        match entry.is_dir() {
            true if name == "target" || name == ".git" => {}
            true => files(&entry, found),
            false => found.push(entry),
        }
    }
}

#[test]
fn the_address_of_the_repository_stands_in_one_place() {
    let path = ADDRESS.split_once("://").map(|(_, rest)| rest.split_once('/').expect("a host and a path").1);
    let path = path.expect("`repository` in Cargo.toml is an address");
    assert_eq!(path.matches('/').count(), 1, "owner and name: {ADDRESS}");
    let mut all = Vec::new();
    files(&repository(""), &mut all);
    assert!(all.len() > 100, "{} files are not the repository", all.len());
    let holds = |file: &PathBuf| {
        let bytes = std::fs::read(file).unwrap_or_default();
        String::from_utf8_lossy(&bytes).contains(path)
    };
    let holders: Vec<PathBuf> = all.into_iter().filter(holds).collect();
    assert_eq!(holders, [repository("Cargo.toml")], "only Cargo.toml names {path}");
}

#[test]
fn binstall_finds_the_archives() {
    let manifest = manifest();
    let metadata = ["package", "metadata", "binstall"];
    let field = |name: &str| text(&manifest, &[&metadata[..], &[name]].concat()).to_owned();
    for architecture in ARCHITECTURES {
        let target = from_settings(&format!("triple {architecture}"));
        let name = from_settings(&format!("archive_name {architecture}"));
        let filled = |pattern: String| {
            let pattern = pattern.replace("{ repo }", ADDRESS).replace("{ version }", env!("CARGO_PKG_VERSION"));
            let pattern = pattern.replace("{ target }", &target).replace("{ bin }", "orszem");
            assert!(!pattern.contains('{'), "a variable that this test does not know: {pattern}");
            pattern
        };
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(filled(field("pkg-url")), format!("{ADDRESS}/releases/download/v{version}/{name}.tgz"));
        assert_eq!(filled(field("bin-dir")), format!("{name}/orszem"));
    }
    assert_eq!(field("pkg-fmt"), "tgz");
    // The names that the scripts write, and the tag that they ask for.
    assert!(read("deploy/release/archive.sh").contains(r#"gzip -9n >"$out/$name.tgz""#));
    assert!(read("deploy/release/checksums.sh").contains(r#""$(archive_name "$arch").tgz""#));
    assert!(read("deploy/release/check-tag.sh").contains(r#"[ "$tag" = "v$version" ]"#));
}

#[test]
fn the_scripts_read_cargo_toml() {
    assert_eq!(from_settings("echo $version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(from_settings("echo $repository"), ADDRESS);
    let manifest = manifest();
    let maintainer = text(&manifest, &["package", "metadata", "deb", "maintainer"]);
    assert_eq!(from_settings("metadata maintainer"), maintainer);
    assert_eq!(text(&manifest, &["profile", "dist", "inherits"]), "release");
    assert_eq!(from_settings("binary x86_64 | grep -c /dist/orszem"), "1");
}

#[test]
fn the_package_asks_before_it_starts_anything() {
    let manifest = manifest();
    let deb = ["package", "metadata", "deb"];
    for (key, wanted) in [("enable", false), ("start", false), ("restart-after-upgrade", true)] {
        let path = [&deb[..], &["systemd-units", key]].concat();
        assert_eq!(setting(&manifest, &path).as_bool(), Some(wanted), "{key}");
    }
    let assets = setting(&manifest, &["package", "metadata", "deb", "assets"]).as_array().expect("a list");
    let asset = |entry: &toml::Value| -> (String, String) {
        let part = |at: usize| entry[at].as_str().expect("a path").to_owned();
        (part(0), part(1))
    };
    let assets: Vec<(String, String)> = assets.iter().map(asset).collect();
    let staged = from_settings("echo $out/deb");
    for wanted in [
        ("target/release/orszem".to_owned(), "usr/bin/"),
        (format!("{staged}/share/**/*"), "usr/share/"),
        ("deploy/debian/alerts.toml".to_owned(), "etc/orszem/"),
    ] {
        assert!(assets.contains(&(wanted.0.clone(), wanted.1.to_owned())), "no asset {wanted:?} in {assets:?}");
    }
    let depends = text(&manifest, &["package", "metadata", "deb", "depends"]);
    let glibc = from_settings("echo $glibc");
    assert!(depends.starts_with(&format!("libc6 (>= {glibc}), ")), "{depends}, but built for glibc {glibc}");
    let units = text(&manifest, &["package", "metadata", "deb", "maintainer-scripts"]);
    assert_eq!(units, format!("{staged}/unit"));
    assert!(read("deploy/release/stage.sh").contains(r#"package_unit >"$to/unit/orszem.service""#));
    assert_eq!(text(&manifest, &["package", "metadata", "deb", "changelog"]), format!("{staged}/changelog"));
}

#[test]
fn the_package_brings_a_configuration_in_order() {
    let path = "deploy/debian/alerts.toml";
    let (config, faults) = orszem_config::examine(&read(path), Path::new(path), SecretCheck::Required);
    assert!(faults.is_empty(), "{faults:#?}");
    let config = config.expect("a configuration");
    assert!(config.web.listen.ip().is_loopback(), "a fresh installation is not open to the network");
    assert_eq!(config.watches.len(), 1);
}

#[test]
fn the_unit_of_the_package_differs_in_its_paths_only() {
    let source = read("deploy/orszem.service");
    let packaged = from_settings("package_unit");
    let differ: Vec<(&str, &str)> =
        source.trim_end().lines().zip(packaged.lines()).filter(|(here, there)| here != there).collect();
    let documentation = "share/doc/orszem/operations.md";
    let wanted = |prefix: &str| {
        [format!("Documentation=file://{prefix}/{documentation}"), format!("ExecStart={prefix}/bin/orszem run")]
    };
    let (here, there): (Vec<&str>, Vec<&str>) = differ.into_iter().unzip();
    assert_eq!(here, wanted("/usr/local"));
    assert_eq!(there, wanted("/usr"));
    assert_eq!(source.trim_end().lines().count(), packaged.lines().count());
    assert!(!packaged.contains("/usr/local"));
    // Where that documentation comes from, in a package and by hand.
    assert!(repository("docs/operations.md").exists());
    assert!(read("deploy/release/stage.sh").contains(r#"documents "$to/share/doc/orszem""#));
    assert!(read("docs/operations.md").contains("--target-directory=/usr/local/share/doc/orszem docs/*.md"));
    assert!(packaged.contains("WorkingDirectory=/etc/orszem\n"), "where the package puts alerts.toml");
}

#[test]
fn a_tag_that_does_not_fit_is_refused() {
    let output = run("deploy/release/check-tag.sh", &["v999.0.0"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    let version = env!("CARGO_PKG_VERSION");
    assert!(said.contains(&format!("the tag is v999.0.0 and Cargo.toml says {version}")), "{said}");
    // This version is either in the changelog, or cannot be released.
    let is_told = read("CHANGELOG.md").contains(&format!("\n## [{version}]"));
    assert_eq!(run("deploy/release/notes.sh", &[]).status.success(), is_told);
}

#[test]
fn changelog_has_the_form_of_keep_a_changelog() {
    let changelog = read("CHANGELOG.md");
    let headings: Vec<&str> = changelog.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(headings.first(), Some(&"[Unreleased]"));
    for heading in &headings[1..] {
        let (version, day) = heading.split_once(" - ").unwrap_or_else(|| panic!("\"{heading}\" has no day"));
        assert!(version.starts_with('[') && version.ends_with(']'), "{heading}");
        day.parse::<jiff::civil::Date>().unwrap_or_else(|fault| panic!("{heading}: {fault}"));
    }
    let kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    for (number, line) in changelog.lines().enumerate() {
        assert!(line.chars().count() <= 120, "line {} is longer than 120", number + 1);
        if let Some(kind) = line.strip_prefix("### ") {
            assert!(kinds.contains(&kind), "\"{kind}\" is none of {kinds:?}");
        }
    }
}

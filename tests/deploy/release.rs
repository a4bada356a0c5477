//! How a release is made: workflows, scripts, packages and the image fit each other and `Cargo.toml`.

use orszem::config::{self, Places};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use yaml_rust2::Yaml;

use crate::support::repository;
use crate::{list, read, yaml};

const CI: &str = ".github/workflows/ci.yml";
const RELEASE: &str = ".github/workflows/release.yml";
const ADDRESS: &str = env!("CARGO_PKG_REPOSITORY");
const ARCHITECTURES: [&str; 2] = ["x86_64", "aarch64"];

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
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().expect("a name").to_string_lossy().into_owned();
        match entry.is_dir() {
            true if name == "target" || name == ".git" => {}
            true => files(&entry, found),
            false => found.push(entry),
        }
    }
}

/// The jobs of a workflow, by name.
fn jobs(workflow: &Yaml) -> Vec<(&str, &Yaml)> {
    let jobs = workflow["jobs"].as_hash().expect("jobs");
    jobs.iter().map(|(name, job)| (name.as_str().expect("a name"), job)).collect()
}

/// Every line of every `run` of a workflow.
fn commands(workflow: &Yaml) -> Vec<String> {
    let steps = jobs(workflow).into_iter().flat_map(|(_, job)| list(&job["steps"], "steps"));
    let lines = steps.filter_map(|step| step["run"].as_str()).flat_map(str::lines);
    lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
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
        (format!("{staged}/unit/orszem.service"), "usr/lib/systemd/system/"),
        (format!("{staged}/share/**/*"), "usr/share/"),
        ("deploy/debian/alerts.toml".to_owned(), "etc/orszem/"),
    ] {
        assert!(assets.contains(&(wanted.0.clone(), wanted.1.to_owned())), "no asset {wanted:?} in {assets:?}");
    }
    assert_eq!(text(&manifest, &["package", "metadata", "deb", "changelog"]), format!("{staged}/changelog"));
}

#[test]
fn the_package_brings_a_configuration_in_order() {
    let path = "deploy/debian/alerts.toml";
    let (config, faults) = config::examine(&read(path), Path::new(path), Places::Here);
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
fn workflows_call_scripts_that_exist() {
    let mut called = BTreeSet::new();
    for path in [CI, RELEASE] {
        for command in commands(&yaml(path)) {
            let program = command.strip_prefix(r#"sudo env "PATH=$PATH" "HOME=$HOME" "#).unwrap_or(&command);
            let program = program.split_whitespace().next().expect("a program").to_owned();
            assert!(program.starts_with("deploy/release/") || program == ".ci/run", "{path} runs {command}");
            let permissions = std::fs::metadata(repository(&program)).map(|it| it.permissions().mode());
            let permissions = permissions.unwrap_or_else(|fault| panic!("{path} calls {program}: {fault}"));
            assert_eq!(permissions & 0o111, 0o111, "{program} cannot be executed");
            called.insert(program);
        }
    }
    // What makes a release is called, and so is everything in ci.
    for needed in ["tools", "build", "archive", "deb", "sbom", "checksums", "check-deb", "check-tag", "image", "publish"] {
        assert!(called.contains(&format!("deploy/release/{needed}.sh")), "no workflow calls {needed}.sh");
    }
    assert!(commands(&yaml(CI)).contains(&".ci/run".to_owned()));
    let architectures: BTreeSet<String> = jobs(&yaml(RELEASE))
        .into_iter()
        .flat_map(|(_, job)| job["strategy"]["matrix"]["include"].as_vec().cloned().unwrap_or_default())
        .map(|entry| entry["architecture"].as_str().expect("an architecture").to_owned())
        .collect();
    assert_eq!(architectures, ARCHITECTURES.map(str::to_owned).into());
}

#[test]
fn workflows_have_few_rights_and_fixed_actions() {
    let may_write = BTreeSet::from([("image", "packages"), ("publish", "contents")]);
    let mut writes = BTreeSet::new();
    for path in [CI, RELEASE] {
        let workflow = yaml(path);
        let rights = workflow["permissions"].as_hash().unwrap_or_else(|| panic!("{path} has no permissions"));
        assert!(rights.iter().all(|(_, right)| right.as_str() == Some("read")), "{path}: each job asks for what it writes");
        for (name, job) in jobs(&workflow) {
            assert!(job["timeout-minutes"].as_i64().is_some_and(|limit| limit <= 120), "{path}: {name} may hang");
            for (what, right) in job["permissions"].as_hash().into_iter().flatten() {
                let what = what.as_str().expect("a right").to_owned();
                if right.as_str() != Some("read") {
                    writes.insert((name.to_owned(), what));
                }
            }
            for step in list(&job["steps"], "steps") {
                let Some(action) = step["uses"].as_str() else { continue };
                let (action, commit) = action.split_once('@').expect("a version");
                let is_fixed = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
                assert!(is_fixed, "{path}: {action} is not fixed to a commit: {commit}");
                assert!(read(path).contains(&format!("{action}@{commit} # v")), "{path}: no version beside {action}");
                let leaves_token = action == "actions/checkout" && step["with"]["persist-credentials"].as_bool() != Some(false);
                assert!(!leaves_token, "{path}: {name} leaves its token in the checkout");
            }
        }
    }
    let may_write: BTreeSet<_> = may_write.into_iter().map(|(job, what)| (job.to_owned(), what.to_owned())).collect();
    assert_eq!(writes, may_write);
}

#[test]
fn image_has_a_plain_user_and_a_health_check() {
    let dockerfile = read("deploy/Dockerfile");
    let lines: Vec<&str> = dockerfile.lines().filter(|line| !line.starts_with('#')).collect();
    let last = lines.iter().rposition(|line| line.starts_with("FROM ")).expect("a stage");
    let (building, running) = lines.split_at(last);
    let users: Vec<&str> = running.iter().filter_map(|line| line.strip_prefix("USER ")).collect();
    let id = users.last().expect("a user").split(':').next().expect("an id");
    assert!(id.parse::<u32>().is_ok_and(|id| id > 0), "Kubernetes must see that it is not root: {id}");
    assert!(running.iter().any(|line| line.starts_with("HEALTHCHECK ")) && dockerfile.contains("GET /-/ready "));
    // The binaries of a release take the place of the first stage.
    assert!(running.contains(&"COPY --from=build /out/${TARGETARCH}/orszem /usr/local/bin/orszem"));
    assert!(running.contains(&"ARG TARGETARCH"));
    let image = read("deploy/release/image.sh");
    assert!(image.contains(r#"--build-context "build=$binaries""#) && image.contains(r#"mkdir -p "$binaries/out/$platform""#));
    assert!(image.contains(r#"org.opencontainers.image.source=$repository"#));
    let build = building.iter().find(|line| line.starts_with("FROM ")).expect("a stage");
    assert!(build.ends_with(" AS build"));
    assert!(building.iter().any(|line| line.contains("cargo build --profile dist --locked")));
    let rust = env!("CARGO_PKG_RUST_VERSION");
    assert!(build.starts_with(&format!("FROM rust:{rust}-")), "{build}, but rust-version is {rust}");
    for path in [CI, RELEASE] {
        let workflow = yaml(path);
        let images: Vec<&str> = jobs(&workflow).into_iter().filter_map(|(_, job)| job["container"].as_str()).collect();
        assert_eq!(images, [format!("rust:{rust}-bookworm")], "{path}");
    }
}

#[test]
fn image_is_built_from_all_that_the_program_includes() {
    let given = read("deploy/Dockerfile.dockerignore");
    let given: BTreeSet<&str> = given.lines().filter_map(|line| line.strip_prefix('!')).collect();
    for name in ["Cargo.toml", "Cargo.lock", "src", "LICENSE"] {
        assert!(given.contains(name), "Docker is not given {name}");
    }
    let mut sources = Vec::new();
    files(&repository("src"), &mut sources);
    let mut included = BTreeSet::new();
    for source in sources.iter().filter(|path| path.extension().is_some_and(|it| it == "rs")) {
        let text = std::fs::read_to_string(source).expect("a source file");
        for rest in text.split("include_bytes!(\"").skip(1) {
            let path = source.parent().expect("a folder").join(rest.split('"').next().expect("a path"));
            let path = path.canonicalize().unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
            let path = path.strip_prefix(repository("").canonicalize().expect("a folder")).expect("inside").to_owned();
            included.insert(path.components().next().expect("a name").as_os_str().to_string_lossy().into_owned());
        }
    }
    assert!(included.contains("models"), "the models are included: {included:?}");
    for name in included {
        assert!(given.contains(&*name), "Docker is not given {name}, which the program includes");
    }
}

#[test]
fn a_tag_that_does_not_fit_is_refused() {
    let output = run("deploy/release/check-tag.sh", &["v999.0.0"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    let version = env!("CARGO_PKG_VERSION");
    assert!(said.contains(&format!("the tag is v999.0.0 and Cargo.toml says {version}")), "{said}");
    // This version is either told of in the changelog, or cannot be released.
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

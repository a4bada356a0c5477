//! The workflows and the image: what they call exists, and they have few rights.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use yaml_rust2::Yaml;

use crate::release::{ARCHITECTURES, files};
use crate::support::repository;
use crate::{list, read, yaml};

const CI: &str = ".github/workflows/ci.yml";
const RELEASE: &str = ".github/workflows/release.yml";

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
    for needed in
        ["tools", "build", "archive", "deb", "sbom", "checksums", "check-deb", "check-tag", "image", "publish"]
    {
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
        assert!(
            rights.iter().all(|(_, right)| right.as_str() == Some("read")),
            "{path}: each job asks for what it writes"
        );
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
                let leaves_token =
                    action == "actions/checkout" && step["with"]["persist-credentials"].as_bool() != Some(false);
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
    assert!(
        image.contains(r#"--build-context "build=$binaries""#)
            && image.contains(r#"mkdir -p "$binaries/out/$platform""#)
    );
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
    // What only tests include, Docker need not be given.
    let is_test = |path: &Path| path.to_string_lossy().ends_with("tests.rs");
    for source in sources.iter().filter(|path| path.extension().is_some_and(|it| it == "rs") && !is_test(path)) {
        let text = std::fs::read_to_string(source).expect("a source file");
        let includes = ["include_bytes!(\"", "include_str!(\"", "include_str!(concat!(\""];
        for rest in includes.iter().flat_map(|include| text.split(include).skip(1)) {
            let path = source.parent().expect("a folder").join(rest.split('"').next().expect("a path"));
            let path = path.canonicalize().unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
            let path = path.strip_prefix(repository("").canonicalize().expect("a folder")).expect("inside").to_owned();
            included.insert(path.components().next().expect("a name").as_os_str().to_string_lossy().into_owned());
        }
    }
    for known in ["models", "docs"] {
        assert!(included.contains(known), "{known} is included: {included:?}");
    }
    for name in included {
        assert!(given.contains(&*name), "Docker is not given {name}, which the program includes");
    }
}

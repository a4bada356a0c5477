//! Every command of the README does what it says, in the order in which a reader types them; and the reader is paged.

use std::process::Command;
use std::time::Duration;

use crate::support::orszem::{Home, PROGRAM, Running};
use crate::support::{children, http, kafka, ports, repository, wait};

/// The lines of all blocks of commands.
fn commands() -> Vec<String> {
    let readme = std::fs::read_to_string(repository("README.md")).expect("the README");
    let blocks = readme.split("```sh\n").skip(1).map(|rest| rest.split("```").next().expect("a block ends"));
    blocks.flat_map(str::lines).map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Runs a line in a shell that finds the program, in `home`.
fn shell(home: &Home, line: &str) {
    let programs = std::path::Path::new(PROGRAM).parent().expect("a folder");
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let mut command: Command = children::command("bash");
    command.current_dir(home.path()).args(["-euc", line]).env("PATH", path);
    let output = command.output().expect("bash");
    let said = [&*output.stdout, b"\n", &*output.stderr].concat();
    assert!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&said));
}

/// Where the README's Kafka is for programs on this machine: inside and outside of its container.
const READERS: &str = "9094:9094";

/// The page that the link in the terminal of `orszem run` opens, once it is there.
fn the_page(running: &Running, address: &str) -> String {
    let link = wait::until("a page in the terminal", Duration::from_secs(120), || {
        let log = running.log();
        let from = log.find(address)?;
        let link = log[from..].split(|c: char| c.is_whitespace() || ")>\"".contains(c)).next()?;
        // It may be written only in part.
        log[from + link.len()..].starts_with(char::is_whitespace).then(|| link.to_owned())
    });
    let answer = http::get(&link).expect("an answer");
    assert_eq!(answer.status, 200, "{link}: {}", answer.body);
    answer.body
}

#[test]
fn each_command_of_the_readme_works() {
    let kafka = kafka::shared();
    let port = ports::Port::take();
    let home = Home::new("");
    std::fs::remove_file(home.path().join("alerts.toml")).expect("an empty folder");
    let mut running: Option<Running> = None;
    let mut paged = false;
    let commands = commands();
    assert!(commands.len() >= 12, "{commands:?}");
    for line in &commands {
        match line.as_str() {
            // What runs this test.
            "bash tests/run" => {}
            // What this test has instead; tests/deploy.rs reads the whole file.
            "docker compose -f deploy/compose.yaml up --detach --wait kafka" => {
                let compose = std::fs::read_to_string(repository("deploy/compose.yaml")).expect("the compose file");
                assert!(compose.contains("\n  kafka:\n") && compose.contains(&format!("- \"127.0.0.1:{READERS}\"")));
            }
            "cargo run --release -- demo" => {
                home.succeed(&["demo"]);
            }
            // A build of its own, so .ci/run does it.
            "cargo install --locked --path ." => {
                let ci = std::fs::read_to_string(repository(".ci/run")).expect(".ci/run");
                assert!(ci.contains(line.as_str()), ".ci/run does not run {line}");
            }
            line if line.starts_with("orszem run ") => {
                let arguments: Vec<&str> = line.split_whitespace().skip(1).collect();
                let mut started = home.start(&arguments);
                started.wait_ready(&format!("http://127.0.0.1:{port}"));
                running = Some(started);
            }
            line if line.starts_with("orszem ") => shell(&home, line),
            line => panic!("the README has a command that is not tested: {line}"),
        }
        if line.starts_with("orszem init") {
            // The reader's Kafka is at this address, and their port is free.
            let file = home.path().join("alerts.toml");
            let written = std::fs::read_to_string(&file).expect("what init wrote");
            let here = written
                .replace("localhost:9094", &kafka.brokers())
                .replace("127.0.0.1:8080", &format!("127.0.0.1:{port}"))
                .replace("localhost:8080", &format!("127.0.0.1:{port}"));
            assert_eq!(written.matches("localhost:9094").count() + written.matches(":8080").count(), 3);
            std::fs::write(&file, here).expect("written");
        }
        if line.starts_with("orszem replay") {
            let page = the_page(running.as_ref().expect("orszem run"), &format!("http://127.0.0.1:{port}/incidents/"));
            assert!(page.contains("Veltaro") && page.contains("<form"), "the page has its buttons: {page}");
            paged = true;
        }
    }
    assert!(paged, "the README ends without a page");
    assert!(home.path().join("backtest/report.html").exists());
    assert!(running.expect("orszem run").terminate(Duration::from_secs(10)).success());
}

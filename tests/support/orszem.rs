//! The program under test, as it is run in earnest.

use rustix::process::Signal;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;

use super::children::{self, Child};
use super::{http, scratch};

/// The program that cargo built for this test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_orszem");

/// A folder with an `alerts.toml`, from which the program is run.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
    environment: Vec<(String, String)>,
    started: AtomicU32,
}

impl Home {
    /// A folder with this configuration.
    pub fn new(config: &str) -> Home {
        let home = Home { folder: scratch::folder("home"), environment: Vec::new(), started: AtomicU32::new(0) };
        home.configure(config);
        home
    }

    /// Adds a variable to the environment of what is run from here.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Home {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Replaces the configuration; a running program takes it with [`Running::hang_up`].
    pub fn configure(&self, config: &str) {
        std::fs::write(self.path().join("alerts.toml"), config).unwrap();
    }

    /// Starts the program with these arguments and lets it run.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut command = children::command(PROGRAM);
        command.current_dir(self.path()).args(arguments).envs(self.environment.iter().cloned());
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let log = self.path().join(format!("orszem-{number}.log"));
        Running { child: Child::start("orszem", command, &log), log }
    }

    /// Runs the program with these arguments to its end, `input` on its standard input.
    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Output {
        let file = self.path().join("stdin");
        std::fs::write(&file, input).unwrap();
        let mut command = children::command(PROGRAM);
        command.current_dir(self.path()).args(arguments).envs(self.environment.iter().cloned());
        command.stdin(std::fs::File::open(&file).unwrap()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.output().unwrap()
    }

    /// As [`Home::run`], without input.
    ///
    /// # Panics
    /// When the program fails; shows what it printed.
    pub fn succeed(&self, arguments: &[&str]) -> Output {
        succeeded(arguments, self.run(arguments, b""))
    }

    /// Sends `lines` to the topic of mentions.
    pub fn replay(&self, lines: &str) {
        let arguments = ["replay", "-"];
        succeeded(&arguments, self.run(&arguments, lines.as_bytes()));
    }

    /// Simulates a stream with these options of `orszem simulate`, sends it to the topic of mentions, and gives back
    /// the file that holds it.
    pub fn replay_simulated(&self, options: &[&str]) -> PathBuf {
        let file = self.path().join("stream.jsonl");
        let path = file.to_str().unwrap();
        self.succeed(&[&["simulate"], options, &["-o", path]].concat());
        self.succeed(&["replay", path]);
        file
    }
}

fn succeeded(arguments: &[&str], output: Output) -> Output {
    let [out, said] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(output.status.success(), "{arguments:?}: {}\n{out}\n{said}", output.status);
    output
}

/// A running orszem. Killed when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// What it printed so far.
    pub fn log(&self) -> String {
        self.child.log()
    }

    /// The file with what it printed.
    pub fn log_file(&self) -> &Path {
        &self.log
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`, and waits until it is gone.
    pub fn kill(&mut self) {
        self.child.kill();
    }

    /// SIGTERM, and waits for its end.
    pub fn terminate(&mut self, within: Duration) -> ExitStatus {
        self.child.signal(Signal::TERM);
        self.child.wait(within)
    }

    /// SIGHUP: read the configuration again.
    pub fn hang_up(&mut self) {
        self.child.signal(Signal::HUP);
    }

    /// Any signal: SIGSTOP makes it a copy that hangs, SIGCONT lets it go on.
    pub fn signal(&mut self, signal: Signal) {
        self.child.signal(signal);
    }

    /// How it ended; `None` while it runs.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.ended()
    }

    /// Waits for it to end by itself.
    pub fn wait(&mut self, within: Duration) -> ExitStatus {
        self.child.wait(within)
    }

    /// Waits until it has printed `text`.
    pub fn wait_log(&mut self, text: &str) {
        let file = self.log.clone();
        self.child.wait_ready(|| {
            let log = std::fs::read(&file).unwrap_or_default();
            String::from_utf8_lossy(&log).contains(text).then_some(())
        });
    }

    /// Waits until `GET <url>/-/ready` answers 200.
    pub fn wait_ready(&mut self, url: &str) {
        let url = format!("{url}/-/ready");
        self.child.wait_ready(|| http::get(&url).filter(|answer| answer.status == 200));
    }

    /// Waits until `condition` holds; fails with the end of its log when it ends, or takes longer than
    /// [`super::wait::LONG`].
    pub fn wait_until(&mut self, mut condition: impl FnMut() -> bool) {
        self.child.wait_ready(|| condition().then_some(()));
    }

    /// Memory that it holds in RAM, bytes; 0 when it is gone.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        kilobytes.unwrap_or(0) * 1024
    }
}

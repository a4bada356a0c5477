//! Child processes that end with the test, however it ends.
//!
//! Dropping one kills its process group. That is not enough for servers in statics, which nothing drops, nor for a
//! test binary that is killed: so each also asks the kernel to be killed when its parent dies (`setpriv --pdeathsig`).
//! The kernel takes the *thread* that started it for the parent, so one thread starts them all and lives on.

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{LazyLock, Mutex, mpsc};
use std::time::Duration;

use super::wait;

type Order = (Command, mpsc::Sender<io::Result<std::process::Child>>);

static NURSERY: LazyLock<Mutex<mpsc::Sender<Order>>> = LazyLock::new(|| {
    let (orders, inbox) = mpsc::channel::<Order>();
    std::thread::Builder::new()
        .name("nursery".into())
        .spawn(move || {
            for (mut command, answer) in inbox {
                let _ = answer.send(command.spawn());
            }
        })
        .unwrap();
    Mutex::new(orders)
});

/// A running program. Killed with its process group when dropped.
#[derive(Debug)]
pub struct Child {
    name: String,
    process: std::process::Child,
    log: PathBuf,
}

/// Begins a command that ends with this process. Arguments, environment and folder are the caller's to add.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program.as_ref());
    command
}

impl Child {
    /// Starts a [`command`]; what it prints is appended to `log`.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(name: &str, mut command: Command, log: &Path) -> Child {
        let out = File::options().create(true).append(true).open(log).unwrap();
        let errors = out.try_clone().unwrap();
        {
            use std::os::unix::process::CommandExt;
            command.stdin(Stdio::null()).stdout(out).stderr(errors).process_group(0);
        }
        let (answer, started) = mpsc::channel();
        NURSERY.lock().unwrap().send((command, answer)).unwrap();
        let process = started.recv().unwrap().unwrap_or_else(|fault| panic!("{name} cannot be started: {fault}"));
        Child { name: name.into(), process, log: log.into() }
    }

    /// What it printed so far, standard output and errors as they came.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Sends it a signal; nothing when it is gone.
    pub fn signal(&mut self, signal: Signal) {
        // Not yet waited for, so the number is still its own.
        if self.process.try_wait().unwrap().is_none() {
            let _ = kill_process(Pid::from_child(&self.process), signal);
        }
    }

    /// Kills it and its process group, as a power cut would, and waits until it is gone.
    pub fn kill(&mut self) {
        if self.process.try_wait().unwrap().is_none() {
            let _ = kill_process_group(Pid::from_child(&self.process), Signal::KILL);
            self.process.wait().unwrap();
        }
    }

    /// How it ended; `None` while it runs.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().unwrap()
    }

    /// Waits for it to end by itself.
    ///
    /// # Panics
    /// When it does not `within` that time; shows the end of its log.
    pub fn wait(&mut self, within: Duration) -> ExitStatus {
        let ended = wait::until_or(within, || self.process.try_wait().unwrap());
        ended.unwrap_or_else(|| panic!("{} did not end within {within:?}; {}", self.name, self.tail()))
    }

    /// Waits until `ready` has something.
    ///
    /// # Panics
    /// When it ends before that, or has nothing within [`wait::LONG`]; shows the end of its log.
    pub fn wait_ready<T>(&mut self, mut ready: impl FnMut() -> Option<T>) -> T {
        let found = wait::until_or(wait::LONG, || match ready() {
            Some(found) => Some(Ok(found)),
            None => self.process.try_wait().unwrap().map(Err),
        });
        match found {
            Some(Ok(found)) => found,
            Some(Err(status)) => panic!("{} ended ({status}) before it was ready; {}", self.name, self.tail()),
            None => panic!("{} was not ready within {:?}; {}", self.name, wait::LONG, self.tail()),
        }
    }

    /// The end of its log, for the message of a failure.
    pub fn tail(&self) -> String {
        let log = self.log();
        let from = log.len().saturating_sub(4000);
        let from = (from..log.len()).find(|at| log.is_char_boundary(*at)).unwrap_or(log.len());
        format!("the end of its log:\n{}", &log[from..])
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            let _ = kill_process_group(Pid::from_child(&self.process), Signal::KILL);
            let _ = self.process.wait();
        }
        if std::thread::panicking() {
            eprintln!("{}: {}", self.name, self.tail());
        }
    }
}

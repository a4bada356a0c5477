//! Free ports that nobody else takes between being found and being listened on.

use std::fs::{File, OpenOptions};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the range from which Linux takes the ports of outgoing connections (32768 and up).
const FIRST: u16 = 20_000;
const COUNT: u16 = 10_000;

/// A port of 127.0.0.1 that is ours until this is dropped, whether something listens on it or not: a server that is
/// stopped and started again keeps it. Other test processes see the lock on its file.
#[derive(Debug)]
pub struct Port {
    number: u16,
    _lock: File,
}

impl Port {
    /// Takes a free one.
    ///
    /// # Panics
    /// When there is none.
    pub fn take() -> Port {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        // Each user has a folder: nobody can lock another's files.
        let user = rustix::process::geteuid().as_raw();
        let folder = std::env::temp_dir().join(format!("orszem-test-ports-{user}"));
        std::fs::create_dir_all(&folder).unwrap();
        // Processes begin at different places, so that they seldom ask for the same one.
        let own = u16::try_from(std::process::id() % u32::from(COUNT)).unwrap();
        for _ in 0..COUNT {
            let step = NEXT.fetch_add(1, Ordering::Relaxed) % COUNT;
            let number = FIRST + (own + step) % COUNT;
            let Ok(lock) =
                OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(number.to_string()))
            else {
                continue;
            };
            if lock.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", number)).is_ok() {
                return Port { number, _lock: lock };
            }
        }
        panic!("no free port from {FIRST} on");
    }

    /// Its number.
    pub fn number(&self) -> u16 {
        self.number
    }
}

impl std::fmt::Display for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.number)
    }
}

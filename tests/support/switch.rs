//! A dead man's switch on this machine: it counts its calls, and answers 200 to each.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The switch. Its thread ends with the test.
pub struct Switch {
    url: String,
    calls: Arc<AtomicUsize>,
}

impl Switch {
    /// Listens on a port of 127.0.0.1.
    pub fn start() -> Switch {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/ping/topsecret-uuid", listener.local_addr().expect("an address"));
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
                let lines: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
                // Anyone who only looks whether the port is open has not called.
                if lines.first().is_some_and(|line| line.starts_with("GET /ping/topsecret-uuid ")) {
                    counted.fetch_add(1, Ordering::SeqCst);
                }
                let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nOK");
            }
        });
        Switch { url, calls }
    }

    /// Its address: the value of the secret that `ping` names.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How often it was called.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

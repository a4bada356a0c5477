//! A network between a client and a server that can be cut: bytes then go nowhere, and nobody is told.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::ports::Port;
use super::wait;

/// Forwards connections from a port of its own to a server on this machine.
#[derive(Debug)]
pub struct Relay {
    port: Port,
    cut: Arc<AtomicBool>,
}

impl Relay {
    /// To the server at `target`.
    pub fn start(target: u16) -> Relay {
        let relay = Relay { port: Port::take(), cut: Arc::default() };
        let listener = TcpListener::bind(("127.0.0.1", relay.port.number())).unwrap();
        let cut = Arc::clone(&relay.cut);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", target)) else { continue };
                let ways = [(client.try_clone(), server.try_clone()), (Ok(server), Ok(client))];
                for (from, to) in ways {
                    let (Ok(from), Ok(to), cut) = (from, to, Arc::clone(&cut)) else { continue };
                    std::thread::spawn(move || forward(from, to, &cut));
                }
            }
        });
        relay
    }

    /// The port that clients connect to.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Lets nothing through from now on, or all that has waited and what comes.
    pub fn cut(&self, cut: bool) {
        self.cut.store(cut, Ordering::Release);
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream, cut: &AtomicBool) {
    let mut bytes = [0; 65_536];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        while cut.load(Ordering::Acquire) {
            wait::pause(Duration::from_millis(20));
        }
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

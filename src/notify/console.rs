//! The terminal: the page, word for word.

use std::future::Future;
use std::io::Write;
use std::pin::Pin;
use std::sync::Mutex;

use orszem_records::ledger::Delivery;
use orszem_runtime::probe::Finding;

use crate::{Probed, Receiver};
use orszem_core::notification::{Capabilities, Notice};
use orszem_core::receivers::Sent;
use orszem_core::receivers::console::Terminal;

/// Writes every notice to a writer, whole or not at all.
pub struct Console {
    terminal: Terminal,
    out: Mutex<Box<dyn Write + Send>>,
}

impl Console {
    /// Writes to standard output.
    pub fn stdout(terminal: Terminal) -> Console {
        Console::to(terminal, Box::new(std::io::stdout()))
    }

    /// Writes to `out`: the demo's terminal, a test's buffer.
    pub fn to(terminal: Terminal, out: Box<dyn Write + Send>) -> Console {
        Console { terminal, out: Mutex::new(out) }
    }

    fn write(&self, notice: &Notice) -> Delivery {
        // In one write, so that two pages never mix.
        let page = self.terminal.text(notice);
        let Ok(mut out) = self.out.lock() else {
            return Delivery::Failed { reason: "an earlier write to the terminal panicked".into() };
        };
        match out.write_all(page.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Delivery::Accepted { reference: None },
            Err(fault) => {
                Delivery::Retry { reason: format!("the terminal cannot be written to: {fault}"), after_ms: None }
            }
        }
    }
}

impl Receiver for Console {
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Sent> + Send + 'a>> {
        Box::pin(async move { self.write(notice).into() })
    }

    fn probe<'a>(&'a self) -> Pin<Box<dyn Future<Output = Probed> + Send + 'a>> {
        Box::pin(async { Finding::works("", "pages are written to the output of `orszem run`").into() })
    }

    fn capabilities(&self) -> Capabilities {
        self.terminal.capabilities()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use orszem_core::receivers::{Kind, Prepared, Secrets};
    use orszem_records::ledger::Action;
    use std::sync::Arc;

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn the_page_is_written_word_for_word_and_cannot_steer_the_terminal() {
        let buffer = Buffer::default();
        let settings = orszem_core::receivers::console::Console { name: "tty".into(), language: None, time_zone: None };
        let secrets = Secrets(&orszem_runtime::secret::reveal);
        let Ok(Prepared::Console(terminal)) = settings.prepare(secrets) else { panic!("a terminal") };
        let console = Console::to(terminal, Box::new(buffer.clone()));
        let notice = fixture::hostile_notice(Action::Trigger);
        assert_eq!(console.send(&notice).await.result, Delivery::Accepted { reference: None });
        let written = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
        assert!(written.starts_with("── tty: trigger acme.3 ──\n"));
        assert!(written.contains(&notice.page.text()));
        assert!(!written.contains(['\u{1b}', '\u{9b}', '\r', '\u{202e}']));
    }
}

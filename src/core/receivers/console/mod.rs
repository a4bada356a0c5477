//! The terminal: the page, word for word.

mod settings;

pub use settings::Console;

use crate::notification::{Capabilities, Notice};

/// A terminal, by its name.
pub struct Terminal {
    name: String,
}

impl Terminal {
    /// What is written of a notice. A page is built from cleaned text: no escape sequences reach the terminal.
    pub fn text(&self, notice: &Notice) -> String {
        let action = notice.action.name();
        format!("── {}: {action} {} ──\n{}\n", self.name, notice.page.incident, notice.page.text())
    }

    /// What was written stays written, so only what is new is worth a page: no updates. An acknowledgement is.
    pub fn capabilities(&self) -> Capabilities {
        Capabilities { updates: false, acknowledges: true, keep_firing: None, calls_itself: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notification::fixture::hostile_notice;
    use orszem_records::ledger::Action;

    #[test]
    fn the_page_is_written_word_for_word_and_cannot_steer_the_terminal() {
        let notice = hostile_notice(Action::Trigger);
        let written = Terminal { name: "tty".into() }.text(&notice);
        assert!(written.starts_with("── tty: trigger acme.3 ──\n"));
        assert!(written.contains(&notice.page.text()));
        assert!(!written.contains(['\u{1b}', '\u{9b}', '\r', '\u{202e}']));
    }
}

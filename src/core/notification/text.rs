//! A page as plain text: for mail, terminals and services that show text only.

use super::page::Page;
use orszem_text::sanitize;
use orszem_text::truncate::{Unit, cut};

/// The most characters of the advice on a notification; all of it is on the incident page.
const ADVICE: usize = 1000;

impl Page {
    /// The page as plain text, lines ended by `\n`, at most about 5,000 characters.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n\n", self.headline);
        text.push_str(&format!("{:<18} {}\n", "Incident", self.standing()));
        for (name, value) in self.lines() {
            text.push_str(&format!("{name:<18} {value}\n"));
        }
        if let Some(until) = self.until() {
            text.push_str(&format!("{:<18} {until}\n", "Until"));
        }
        if let Some(bundle) = self.bundle() {
            text.push_str(&format!("\n{bundle}:\n"));
            for other in &self.others {
                text.push_str(&format!("  [P{}] {}\n      {}\n", other.severity, other.headline, other.link));
            }
            if self.more > 0 {
                text.push_str(&format!("  and {} more\n", self.more));
            }
        }
        if let Some(advice) = self.advice_shown() {
            text.push_str(&format!("\nWhat to do first:\n{advice}\n"));
        }
        let quotes = self.quotes();
        if !quotes.is_empty() {
            text.push_str("\nMentions that drive it (quoted, not ours):\n");
        }
        for quote in quotes {
            text.push_str(&format!("  > {}\n    — {}\n", quote.text, quote.origin));
            if let Some(url) = quote.url {
                text.push_str(&format!("      {url}\n"));
            }
        }
        text.push_str(&format!("\nSee it, acknowledge it: {}\n", self.link));
        text
    }

    /// The advice, cleaned and short.
    pub fn advice_shown(&self) -> Option<String> {
        let advice = sanitize::lines(self.advice.as_deref()?);
        (!advice.is_empty()).then(|| cut(&advice, ADVICE, Unit::Characters).into_owned())
    }
}

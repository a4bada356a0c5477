//! A page as plain text: for mail, terminals and services that show text only.

use super::page::Page;

impl Page {
    /// The page as plain text, lines ended by `\n`, at most about 5,000 characters: what it is, what it means, what to
    /// do first, the link; then the rest.
    pub fn text(&self) -> String {
        let words = &self.words;
        let mut text = format!("{}\n", self.headline);
        for line in self.news.iter().chain(Some(&self.meaning).filter(|meaning| !meaning.is_empty())) {
            text.push_str(&format!("{line}\n"));
        }
        text.push_str(&format!("{}\n", self.severity_and_standing()));
        if let Some(advice) = self.advice_shown() {
            text.push_str(&format!("\n{}:\n{advice}\n", words.say("to-do")));
        }
        let link = match (self.plain, self.is_open()) {
            (true, _) => "plain-link",
            (false, true) => "link-line",
            (false, false) => "link-line-over",
        };
        text.push_str(&format!("\n{}\n\n", words.with(link, [("link", self.link.as_str().into())])));
        for (name, value) in self.lines() {
            text.push_str(&format!("{name}: {value}\n"));
        }
        if let Some(bundle) = self.bundle() {
            text.push_str(&format!("\n{bundle}:\n"));
            for other in &self.others {
                text.push_str(&format!("  {}\n      {}\n", self.other_line(other), other.link));
            }
            if let Some(more) = self.more_others() {
                text.push_str(&format!("  {more}\n"));
            }
        }
        let quotes = self.quotes();
        if !quotes.is_empty() {
            text.push_str(&format!("\n{}:\n", words.say("quotes")));
        }
        for quote in quotes {
            text.push_str(&format!("  > {}\n    — {}\n", quote.text, quote.origin));
            if let Some(url) = quote.url {
                text.push_str(&format!("      {url}\n"));
            }
        }
        if !self.plain {
            text.push_str(&format!("\n{}: {}\n", words.say("fact-incident"), self.incident));
        }
        text
    }
}

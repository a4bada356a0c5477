//! A page as HTML for mail: inline styles only (mail programs drop the rest), readable in light and in dark, one link.

use maud::{DOCTYPE, Markup, html};

use crate::notification::Page;
use orszem_records::incident::State;

// Text keeps the reader's own colour; what has one of its own keeps enough contrast on white and on black.
const BODY: &str = "margin:0;padding:16px;font-family:sans-serif;font-size:15px;line-height:1.5";
const BUTTON: &str = "display:inline-block;padding:12px 24px;border-radius:6px;background:#1d4ed8;color:#ffffff;\
    font-weight:bold;text-decoration:none";
const QUOTE: &str = "margin:12px 0;padding:4px 12px;border-left:4px solid #8a8f98";
const SMALL: &str = "font-size:13px;color:#7a7f88";
const NAME: &str = "padding:2px 16px 2px 0;color:#7a7f88;vertical-align:top;white-space:nowrap";

impl Page {
    /// The page as an HTML document. The one link leads to the incident; what acts there is a POST, so a program that
    /// follows the link changes nothing.
    pub fn html(&self) -> Markup {
        let words = &self.words;
        html! {
            (DOCTYPE)
            html lang=(words.language().code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width";
                    meta name="color-scheme" content="light dark";
                    meta name="supported-color-schemes" content="light dark";
                    title { (self.headline) }
                }
                body style=(BODY) {
                    p style=(format!("margin:0 0 8px;font-weight:bold;color:{}", self.colour())) {
                        (self.severity_and_standing())
                    }
                    h1 style="margin:0 0 8px;font-size:20px;line-height:1.3" { (self.headline) }
                    @if let Some(news) = &self.news { p style="margin:0 0 8px;font-weight:bold" { (news) } }
                    @if !self.meaning.is_empty() { p style="margin:0 0 16px" { (self.meaning) } }
                    @if let Some(advice) = self.advice_shown() {
                        p style="margin:0 0 4px;font-weight:bold" { (words.say("to-do")) }
                        @for line in advice.lines() { p style="margin:0" { (line) } }
                    }
                    p style="margin:16px 0" { a href=(self.link) style=(BUTTON) { (self.link_words()) } }
                    table role="presentation" style="margin:16px 0;border-collapse:collapse" {
                        @for (name, value) in self.lines() { (row(&name, value)) }
                    }
                    @if let Some(bundle) = self.bundle() {
                        p style="margin:16px 0 4px;font-weight:bold" { (bundle) ":" }
                        @for other in &self.others {
                            p style="margin:0" { a href=(other.link) { (self.other_line(other)) } }
                        }
                        @if let Some(more) = self.more_others() { p style="margin:0" { (more) } }
                    }
                    @if !self.samples.is_empty() {
                        p style="margin:16px 0 4px;font-weight:bold" { (words.say("quotes")) }
                    }
                    @for quote in self.quotes() {
                        blockquote dir="auto" style=(QUOTE) {
                            p style="margin:0" { bdi { (quote.text) } }
                            p style=(format!("margin:0;{SMALL}")) {
                                bdi { (quote.origin) }
                                @if let Some(url) = &quote.url { br; bdi { (url) } }
                            }
                        }
                    }
                    @if !self.plain {
                        p style=(SMALL) {
                            (words.with("quotes-note", [("incident", self.incident.0.as_str().into())]))
                        }
                    }
                }
            }
        }
    }

    fn colour(&self) -> &'static str {
        match (self.state, self.severity) {
            _ if self.plain => "#7a7f88",
            _ if self.drill => "#7c3aed",
            (State::Resolved, _) => "#15803d",
            (State::Acknowledged, _) => "#1d4ed8",
            (State::Open, 0..=2) => "#dc2626",
            (State::Open, _) => "#b45309",
        }
    }
}

fn row(name: &str, value: &str) -> Markup {
    html! { tr { td style=(NAME) { (name) } td style="padding:2px 0" { (value) } } }
}

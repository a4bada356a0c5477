//! A page as Slack blocks. Everything but the link is `plain_text`, where Slack reads no markup and makes no links, and
//! is escaped all the same, so that nothing rings should a client read it as markup.
//!
//! Slack counts "characters" and does not say which, and counts escapes; UTF-16 units after escaping are the careful
//! reading. A message over about 13,200 characters in all is refused, which is documented nowhere, so each part has
//! a budget and their sum stays below 13,000.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::notification::Page;
use orszem_text::truncate::cut_by;

/// A header's limit at Slack.
const HEADER: usize = 150;
/// What is new and what it means.
const TOLD: usize = 700;
/// A field of a section: Slack allows 2000, and ten of them.
const FIELD: usize = 200;
const FIELDS: usize = 10;
/// Slack allows 3000 for a section; five quotes and the advice share what the whole message allows.
const QUOTE: usize = 700;
const OTHERS: usize = 2900;
const ADVICE: usize = 1500;
/// The longest link that fits a section with its markup.
const LINK: usize = 2500;
const CONTEXT: usize = 300;
const FALLBACK: usize = 400;

/// The blocks of a page: what it is, what it means, what to do first, the link; then figures and quotes.
pub(super) fn blocks(page: &Page) -> Vec<Value> {
    let words = &page.words;
    let mut blocks = vec![json!({ "type": "header", "text": plain(&page.whole_subject(), HEADER) })];
    blocks.extend(told(page).map(|told| json!({ "type": "section", "text": plain(&told, TOLD) })));
    if let Some(advice) = page.advice_shown() {
        let text = format!("{}: {advice}", words.say("to-do"));
        blocks.push(json!({ "type": "section", "text": plain(&text, ADVICE) }));
    }
    blocks.extend(link(page));
    let standing = match page.plain {
        true => page.standing.clone(),
        false => format!("{} · {}", page.severity_and_standing(), page.incident),
    };
    blocks.push(json!({ "type": "context", "elements": [plain(&standing, CONTEXT)] }));
    let fields: Vec<Value> = page.lines().map(|(name, value)| plain(&format!("{name}\n{value}"), FIELD)).collect();
    for fields in fields.chunks(FIELDS).take(1) {
        blocks.push(json!({ "type": "section", "fields": fields }));
    }
    if let Some(bundle) = page.bundle() {
        // The others take the room of the quotes: their sum is below what the whole message allows.
        let lines = page.other_lines();
        blocks.push(json!({ "type": "section", "text": plain(&format!("{bundle}:\n{}", lines.join("\n")), OTHERS) }));
    }
    for quote in page.quotes().into_iter().filter(|_| page.others.is_empty()) {
        let mut said = format!("“{}”\n— {}", quote.text, quote.origin);
        if let Some(url) = quote.url {
            said.push_str(&format!("\n{url}"));
        }
        blocks.push(json!({ "type": "section", "text": plain(&said, QUOTE) }));
    }
    blocks
}

/// The blocks of a reply: what is new, the headline, and the link while it still asks for somebody.
pub(super) fn short_blocks(page: &Page) -> Vec<Value> {
    let told = page.news.iter().chain([&page.headline]).map(String::as_str).collect::<Vec<_>>().join("\n");
    let mut blocks = vec![json!({ "type": "section", "text": plain(&told, TOLD) })];
    blocks.extend(link(page).filter(|_| page.is_open()));
    blocks
}

/// What is new, and what it means.
fn told(page: &Page) -> Option<String> {
    let meaning = Some(&page.meaning).filter(|meaning| !meaning.is_empty());
    let told: Vec<&str> = page.news.iter().chain(meaning).map(String::as_str).collect();
    (!told.is_empty()).then(|| told.join("\n"))
}

/// A link and no button: a button asks for an app that answers to it, and shows a warning where there is none.
fn link(page: &Page) -> Option<Value> {
    let link = address(&page.link);
    let text = page.link_words();
    let text = format!("*<{link}|{text}>*");
    (link.len() <= LINK)
        .then(|| json!({ "type": "section", "text": { "type": "mrkdwn", "text": text, "verbatim": true } }))
}

/// What stands in a notification, and in clients that show no blocks.
pub(super) fn fallback(page: &Page) -> String {
    escape(&cut_by(&page.whole_subject(), FALLBACK, escaped_length))
}

fn plain(text: &str, limit: usize) -> Value {
    let text: Cow<'_, str> = match cut_by(text, limit, escaped_length) {
        // An empty text is refused.
        text if text.trim().is_empty() => "-".into(),
        text => text,
    };
    json!({ "type": "plain_text", "emoji": false, "text": escape(&text) })
}

/// The three characters that begin markup at Slack, escaped as Slack wants them.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn escaped_length(character: char) -> usize {
    match character {
        '&' => 5,
        '<' | '>' => 4,
        other => other.len_utf16(),
    }
}

/// Our own link inside `<…|…>`: what would end it is percent-encoded.
fn address(link: &str) -> String {
    escape(&link.replace('|', "%7C").replace('<', "%3C").replace('>', "%3E").replace([' ', '\n', '\r'], "%20"))
}

//! TOML that is not valid: every place where it breaks, and what can still be checked around them.
//!
//! A missing bracket makes the parser misread everything after it. So each time only the first error counts: the
//! statement that it lies in is blanked out, and the rest is parsed again. What is left at the end parsed cleanly, and
//! nothing that was misread is reported or shown.

use serde_json::Value;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, Error};

use super::diagnostics::Report;

/// The most errors that are looked for; a file with more is parsed no further.
const MOST: usize = 50;

/// Reports all syntax errors of a text. The text without the statements that they lie in, everything else at its old
/// place; `None` when the text is in order.
pub(super) fn repaired(text: &str, schema: &Value, report: &mut Report<'_>) -> Option<String> {
    let mut left = text.to_owned();
    let mut last = None;
    let mut rounds = 0;
    while let Some(fault) = first_error(&left) {
        rounds += 1;
        if rounds > MOST {
            blank(&mut left, 0..text.len());
            break;
        }
        let at = fault.span().unwrap_or(text.len()..text.len());
        if last.replace(at.start) != Some(at.start) {
            show_key(text, at.start, schema, report);
            report.error(at.clone(), format!("invalid TOML: {}", fault.message()), None);
        }
        let statement = statement(&left, at.start, fault.message());
        blank(&mut left, statement);
    }
    (rounds > 0).then_some(left)
}

/// Lets the excerpt show the key of the broken line, when it is one that the schema knows: nothing else in the line is
/// known to be harmless.
fn show_key(text: &str, at: usize, schema: &Value, report: &mut Report<'_>) {
    let at = text.floor_char_boundary(at);
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let Some((key, _)) = text[start..].lines().next().and_then(|line| line.split_once('=')) else { return };
    if knows(schema, key.trim()) {
        report.show(start..start + key.len());
    }
}

fn knows(schema: &Value, key: &str) -> bool {
    match schema {
        Value::Object(object) => {
            let here = object.get("properties").and_then(Value::as_object).is_some_and(|all| all.contains_key(key));
            here || object.values().any(|value| knows(value, key))
        }
        Value::Array(all) => all.iter().any(|value| knows(value, key)),
        _ => false,
    }
}

fn first_error(text: &str) -> Option<Error> {
    let (_, faults): (Spanned<DeTable<'_>>, _) = DeTable::parse_recoverable(text);
    faults.into_iter().min_by_key(|fault| fault.span().map_or(usize::MAX, |span| span.start))
}

/// The lines of the statement in which a byte lies.
fn statement(text: &str, at: usize, message: &str) -> Range<usize> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        lines.push((start..start + line.len(), Line::of(line)));
        start += line.len();
    }
    let broken = lines.iter().position(|(range, _)| at < range.end).unwrap_or(lines.len().saturating_sub(1));
    let Some((range, kind)) = lines.get(broken) else { return 0..text.len() };
    let nothing_left = range.is_empty() || text[range.clone()].trim().is_empty();
    let before = |line: usize| lines[..line].iter().rposition(|(_, kind)| *kind != Line::Other);
    // Inside a list or table the statement began before: at the line that opened what it did not close.
    let within = ["array", "comma", "inline table"].iter().any(|word| message.contains(word));
    let opener = || lines[..broken].iter().rposition(|(range, kind)| *kind == Line::Key && opens(&text[range.clone()]));
    let opener = if within { opener() } else { None };
    let first = match kind {
        _ if opener.is_some() => opener.unwrap_or(0),
        Line::Other => before(broken).unwrap_or(0),
        _ => broken,
    };
    // What the opener swallowed is in order again without it. A header goes together with all that is under it.
    let (from, until_header) = match opener {
        Some(opener) => (opener + 1, false),
        None => (broken + 1, lines[first].1 == Line::Header && first == broken),
    };
    let ends = |kind: Line| if until_header { kind == Line::Header } else { kind != Line::Other };
    let after = lines[from..].iter().position(|(_, kind)| ends(*kind));
    let last = after.map_or(lines.len(), |offset| from + offset);
    if nothing_left && first == broken {
        return 0..text.len();
    }
    lines[first].0.start..lines[last - 1].0.end
}

/// Whether a line opens more brackets than it closes. Brackets in texts count too: it is only a guess.
fn opens(line: &str) -> bool {
    let count = |brackets: &[char]| line.matches(brackets).count();
    count(&['[', '{']) > count(&[']', '}'])
}

#[derive(Clone, Copy, PartialEq)]
enum Line {
    Header,
    Key,
    Other,
}

impl Line {
    fn of(line: &str) -> Line {
        let name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "_-.\"' ".contains(c));
        let line = line.trim_start_matches('\u{feff}').trim();
        if let Some(header) = line.strip_prefix('[') {
            let inner = header.trim_start_matches('[');
            let inner = inner.split([']', '#']).next().unwrap_or_default();
            // An element of a list may look the same; it ends in a comma.
            return if name(inner) && !line.ends_with(',') { Line::Header } else { Line::Other };
        }
        match line.split_once('=') {
            Some((key, _)) if name(key) => Line::Key,
            _ => Line::Other,
        }
    }
}

/// Puts spaces in the place of everything but line ends.
fn blank(text: &mut String, range: Range<usize>) {
    let spaces: String = text[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(range, &spaces);
}

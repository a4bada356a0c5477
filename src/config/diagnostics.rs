//! Gathers faults against the text of a file, and decides what of that text may be shown again.
//!
//! Nothing is shown unless it is known to be harmless: keys, and values that the schema knows as no secrets. What was
//! meant as a secret, the value of a misspelt key and what could not be parsed stay hidden, because people do write
//! tokens where they must not.

use std::ops::Range;
use unicode_width::UnicodeWidthStr;

use orszem_text::sanitize::is_invisible;

use super::fault::{Excerpt, Fault, Position, Severity};
use super::parts::{Part, parts};

/// The most faults that are told of one file: what has more is no configuration.
const MOST: usize = 1_000;

/// The most characters of an excerpt on either side of its mark.
const AROUND: usize = 60;

/// The longest piece of the file that a message repeats, in characters.
const QUOTE: usize = 63;

#[derive(Clone, Copy, PartialEq)]
enum Redaction {
    Unknown,
    Shown,
    Hidden,
}

/// Faults of one text, in the making.
pub(super) struct Report<'t> {
    file: String,
    /// The files that the text is put together from.
    parts: Vec<Part>,
    text: &'t str,
    /// The first byte of each line.
    lines: Vec<usize>,
    sight: Vec<Redaction>,
    found: Vec<Found>,
    /// Values that are refused as secrets.
    secrets: Vec<Range<usize>>,
}

struct Found {
    at: Range<usize>,
    severity: Severity,
    message: String,
    help: Option<String>,
    within_text: bool,
}

impl<'t> Report<'t> {
    pub(super) fn new(file: &str, text: &'t str) -> Report<'t> {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let (parts, sight) = (parts(text), vec![Redaction::Unknown; text.len()]);
        Report { file: file.to_owned(), parts, text, lines, sight, found: Vec::new(), secrets: Vec::new() }
    }

    /// Adds an error. `at` is in bytes of the text.
    pub(super) fn error(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.add(Severity::Error, at, message.into(), help.into());
    }

    /// Adds a warning. `at` is in bytes of the text.
    pub(super) fn warning(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.add(Severity::Warning, at, message.into(), help.into());
    }

    pub(super) fn add(&mut self, severity: Severity, at: Range<usize>, message: String, help: Option<String>) {
        self.found.push(Found { at, severity, message, help, within_text: false });
    }

    /// Adds what is wrong within a text of the file. `at` is in bytes of the whole.
    pub(super) fn add_within(&mut self, severity: Severity, at: Range<usize>, message: String, help: Option<String>) {
        self.found.push(Found { at, severity, message, help, within_text: true });
    }

    /// This piece may be shown in excerpts. A piece of several lines stays hidden: where a quote is missing it may
    /// reach over what follows.
    pub(super) fn show(&mut self, at: Range<usize>) {
        if self.text.get(at.clone()).is_some_and(|piece| !piece.contains('\n')) {
            self.see(at, Redaction::Shown);
        }
    }

    /// Of a piece that is known to be harmless, the line in which a byte lies may be shown.
    pub(super) fn show_line(&mut self, piece: Range<usize>, at: usize) {
        let start = self.lines[self.line_of_text(at) - 1];
        let length = self.text[start..].find('\n').unwrap_or(self.text.len() - start);
        self.show(piece.start.max(start)..piece.end.min(start + length));
    }

    /// This piece must not be shown, whatever else is said of it.
    pub(super) fn hide(&mut self, at: Range<usize>) {
        self.see(at, Redaction::Hidden);
    }

    fn see(&mut self, at: Range<usize>, sight: Redaction) {
        for seen in self.sight.get_mut(at).into_iter().flatten().filter(|seen| **seen != Redaction::Hidden) {
            *seen = sight;
        }
    }

    /// The piece of the file at these bytes.
    pub(super) fn piece(&self, at: Range<usize>) -> Option<&'t str> {
        self.text.get(at)
    }

    /// This value is refused as a secret that must not be written there.
    pub(super) fn told_as_secret(&mut self, value: Range<usize>) {
        self.hide(value.clone());
        self.secrets.push(value);
    }

    /// Whether this value is refused already as a secret that must not be written there.
    pub(super) fn tells_as_secret(&self, value: &Range<usize>) -> bool {
        self.secrets.iter().any(|secret| secret.start <= value.start && value.end <= secret.end)
    }

    /// Whether a fault refuses this value as a whole.
    pub(super) fn refuses(&self, value: &Range<usize>) -> bool {
        self.found.iter().any(|found| found.severity == Severity::Error && found.at == *value)
    }

    pub(super) fn has_errors(&self) -> bool {
        self.found.iter().any(|found| found.severity == Severity::Error)
    }

    /// The line in which a byte lies, as a message names it: `3`, or `3 of team/press.toml`.
    pub(super) fn line(&self, at: usize) -> String {
        let part = self.part(at);
        let line = self.line_of_text(at) - self.lines_before(part);
        part.name.as_ref().map_or_else(|| line.to_string(), |name| format!("{line} of {name}"))
    }

    /// The number of the line of the whole text, from 1, in which a byte lies.
    fn line_of_text(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at)
    }

    /// The file in which a byte lies.
    fn part(&self, at: usize) -> &Part {
        &self.parts[self.parts.partition_point(|part| part.start <= at).saturating_sub(1)]
    }

    /// How many lines of the whole text come before a file.
    fn lines_before(&self, part: &Part) -> usize {
        self.lines.partition_point(|start| *start < part.start)
    }

    /// All faults in the order of the file.
    pub(super) fn finish(mut self) -> Vec<Fault> {
        let mut found = std::mem::take(&mut self.found);
        found.sort_by(|a, b| (a.at.start, a.severity, &a.message).cmp(&(b.at.start, b.severity, &b.message)));
        found.dedup_by(|a, b| a.at == b.at && a.message == b.message);
        let more = found.len().saturating_sub(MOST);
        if more > 0 {
            // Errors first, so that none is lost behind warnings. What is left out is as bad as the worst of them.
            found.sort_by_key(|found| found.severity);
            let severity = found.get(MOST).map_or(Severity::Error, |first| first.severity);
            found.truncate(MOST);
            let at = found.last().map_or(0..0, |last| last.at.clone());
            let message = format!("and {more} more");
            found.push(Found { at, severity, message, help: None, within_text: false });
        }
        found.into_iter().map(|found| self.fault(found)).collect()
    }

    fn fault(&self, found: Found) -> Fault {
        let Found { at, severity, message, help, within_text } = found;
        let start = self.border(at.start);
        let line = self.line_of_text(start);
        let line_start = self.lines[line - 1];
        let column = 1 + self.text[line_start..start].chars().count();
        let part = self.part(start);
        let position = Some(Position { line: line - self.lines_before(part), column });
        let file = part.name.clone().unwrap_or_else(|| self.file.clone());
        let excerpt = self.excerpt(line_start, start, self.border(at.end).max(start));
        Fault { file, position, severity, message, help, within_text, excerpt }
    }

    /// The nearest character border at or before a byte.
    fn border(&self, at: usize) -> usize {
        self.text.floor_char_boundary(at.min(self.text.len()))
    }

    fn excerpt(&self, line_start: usize, start: usize, end: usize) -> Option<Excerpt> {
        let line = self.text[line_start..].split('\n').next()?;
        let (mut text, mut from, mut to) = (Vec::new(), None, None);
        let mut masked = false;
        for (offset, character) in line.char_indices() {
            let at = line_start + offset;
            if at >= start {
                from.get_or_insert(text.len());
            }
            if at >= end {
                to.get_or_insert(text.len());
            }
            if from.is_some_and(|from| text.len() > from + 2 * AROUND) {
                break;
            }
            let punctuation = character.is_whitespace() || "=[]{},.\"'#".contains(character);
            let shown = match self.sight[at] {
                Redaction::Shown => true,
                Redaction::Hidden => false,
                Redaction::Unknown => punctuation,
            };
            if shown {
                let plain = !is_invisible(character);
                text.push(if character == '\t' || !plain { ' ' } else { character });
            } else if !masked {
                text.push('…');
            }
            masked = !shown;
        }
        let from = from.unwrap_or(text.len());
        let to = to.unwrap_or(text.len()).max(from);
        if text.iter().all(|character| !character.is_alphanumeric()) {
            return None;
        }
        let cut = from.saturating_sub(AROUND);
        let shown = |range: Range<usize>| text.iter().take(range.end).skip(range.start).collect::<String>();
        let end = cut + 2 * AROUND;
        let (before, marked) = (shown(cut..from), shown(from..to.min(end)));
        let text = shown(cut..end).trim_end().to_owned();
        Some(Excerpt { text, from: before.width(), length: marked.width().max(1) })
    }
}

/// A piece of the file as a message repeats it: in quotes, escaped, and cut to its first line.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTE).take_while(|c| *c != '\n').collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}

/// The nearest of the known names, when it is near enough to have been meant.
pub(super) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let plain = |name: &str| name.to_lowercase().replace('-', "_");
    // Longer names are no names, and the distance is quadratic.
    let name = plain(name.get(..name.floor_char_boundary(100))?);
    let most = (name.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&name, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `did you mean "x"?`, or what there is.
pub(super) fn suggestion<'n>(name: &str, known: impl IntoIterator<Item = &'n str> + Clone) -> Option<String> {
    if let Some(near) = nearest(name, known.clone()) {
        return Some(format!("did you mean \"{near}\"?"));
    }
    let all: Vec<&str> = known.into_iter().collect();
    match all.len() {
        0 => None,
        1..=12 => Some(format!("known here: {}", all.join(", "))),
        _ => None,
    }
}

//! The records of a file, however it is packed, encoded and laid out.
//!
//! Found out by the first bytes, not by the name: how it is packed ([`orszem_text::packed`]), whether it is UTF-16 or
//! another encoding, and its [`Form`]. JSON lines are the usual form and the fast one.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

use orszem_text::packed::{Ahead, unpacked};

use super::encoding::{self, Decoded};
use super::table::{Layout, Rows};
use super::values::{Scanner, Step, is_whole};

/// The longest record, in bytes: 8 MiB, well above the limit of a topic. Longer ones are skipped without buffering.
pub const LINE_MOST: usize = 8 << 20;
/// How much of a file is looked at to find out its form.
const START: usize = 1 << 16;
/// The mark in front of each record of a JSON sequence (RFC 7464).
const RECORD_MARK: u8 = 0x1e;

/// How the records of a file are laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A record in each line.
    Lines,
    /// JSON values that may go over several lines.
    Values,
    /// A JSON list, whose entries are the records.
    List,
    /// Server-sent events, whose data are the records.
    Events,
    /// A table, whose rows are the records.
    Table(Layout),
}

/// The records of a file.
pub struct Input {
    name: String,
    form: Form,
    notes: Vec<String>,
    /// What the packed file leaves out is known at its end.
    source: Source,
    /// Lines that were read to see where a value ends.
    waiting: VecDeque<Vec<u8>>,
    /// Within the list.
    in_list: bool,
}

enum Source {
    Text(Ahead<Box<dyn Noted>>),
    Rows(Box<Rows>),
}

/// A reader that may have something to say of what it left out.
trait Noted: BufRead {
    fn note(&self) -> Option<&'static str>;
}

impl Noted for orszem_text::packed::Unpacked {
    fn note(&self) -> Option<&'static str> {
        orszem_text::packed::Unpacked::note(self)
    }
}

impl<R: Noted> Noted for Decoded<R> {
    fn note(&self) -> Option<&'static str> {
        self.get_ref().note()
    }
}

/// The result of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Got {
    /// A record, without its line end.
    Line,
    /// A record of more than [`LINE_MOST`]; the buffer holds nothing.
    TooLong,
    /// The end.
    End,
}

impl Input {
    /// Finds out how `reader` is packed, encoded and laid out. `name` is for messages.
    ///
    /// # Errors
    /// When its first bytes cannot be read, or are those of a file that holds no records; says what to do.
    pub fn new(name: impl Into<String>, reader: impl Read + 'static) -> io::Result<Input> {
        let name = name.into();
        let own_name = |fault: io::Error| match fault.kind() {
            io::ErrorKind::InvalidData => io::Error::new(fault.kind(), fault.to_string().replace("FILE", &name)),
            _ => fault,
        };
        let mut source = unpacked(reader).map_err(own_name)?;
        let mut notes = Vec::new();
        let start = source.fill_buf()?;
        let utf16 = encoding::of(start, false);
        let mut text: Ahead<Box<dyn Noted>> = Ahead::new(match utf16 {
            None => Box::new(source),
            Some(encoding) => {
                notes.push(format!("it is {}, and is read as such", encoding.name()));
                Box::new(Decoded::new(source, encoding))
            }
        });
        let form = form(&mut text).map_err(own_name)?;
        let source = match &form {
            Form::Table(layout) => {
                let encoding = encoding::of(text.peek(START)?, true);
                let before = match layout.before {
                    0 => String::new(),
                    1 => "; 1 row before it is left out".to_owned(),
                    count => format!("; {count} rows before it are left out"),
                };
                let encoded = encoding.map_or(String::new(), |encoding| format!(" in {}", encoding.name()));
                notes.push(format!(
                    "it is a table of {} columns{encoded}, separated by {}, with its header in line {}{before}",
                    layout.columns.len(),
                    layout.delimiter_name(),
                    layout.line
                ));
                let text: Box<dyn BufRead> = match encoding {
                    None => Box::new(text),
                    Some(encoding) => Box::new(Decoded::new(text, encoding)),
                };
                Source::Rows(Box::new(Rows::new(text, layout.clone())?))
            }
            Form::Events => {
                notes.push("it holds server-sent events; their data are the records".into());
                Source::Text(text)
            }
            _ => Source::Text(text),
        };
        Ok(Input { name, form, notes, source, waiting: VecDeque::new(), in_list: false })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How its records are laid out.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// What people should know of it; empty for JSON lines. Some is known only at its end.
    pub fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Reads the next record into `line`; blank lines are passed over. Accepts LF and CRLF, and a last line without a
    /// line end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&mut self, line: &mut Vec<u8>) -> io::Result<Got> {
        let got = match &self.form {
            Form::Lines => self.line(line),
            Form::Values => self.value(line),
            Form::List => self.entry(line),
            Form::Events => self.event(line),
            Form::Table(_) => match &mut self.source {
                Source::Rows(rows) => Ok(if rows.read(line)? { Got::Line } else { Got::End }),
                Source::Text(_) => Ok(Got::End),
            },
        }?;
        if got == Got::End
            && let Source::Text(text) = &self.source
            && let Some(note) = text.get_ref().note()
            && !self.notes.iter().any(|known| known == note)
        {
            self.notes.push(note.to_owned());
        }
        Ok(got)
    }

    fn text(&mut self) -> io::Result<&mut Ahead<Box<dyn Noted>>> {
        match &mut self.source {
            Source::Text(text) => Ok(text),
            Source::Rows(_) => Err(io::Error::other("a table has no lines")),
        }
    }

    /// The next line that is not blank.
    fn line(&mut self, line: &mut Vec<u8>) -> io::Result<Got> {
        loop {
            match self.any_line(line)? {
                Got::Line if line.trim_ascii().is_empty() => {}
                got => return Ok(got),
            }
        }
    }

    /// The next line, also a blank one.
    fn any_line(&mut self, line: &mut Vec<u8>) -> io::Result<Got> {
        if let Some(waiting) = self.waiting.pop_front() {
            *line = waiting;
            return Ok(Got::Line);
        }
        line.clear();
        let text = self.text()?;
        if text.by_ref().take(LINE_MOST as u64 + 1).read_until(b'\n', line)? == 0 {
            return Ok(Got::End);
        }
        // The id of a schema in front of a record may hold a line end.
        if line.first() == Some(&0) && line.len() <= 5 && line.last() == Some(&b'\n') {
            text.by_ref().take(LINE_MOST as u64 + 1).read_until(b'\n', line)?;
        }
        if line.len() > LINE_MOST && line.last() != Some(&b'\n') {
            line.clear();
            skip_line(text)?;
            return Ok(Got::TooLong);
        }
        while matches!(line.last(), Some(b'\n' | b'\r')) {
            line.pop();
        }
        // Neither a byte order mark nor the mark of a sequence belongs to the line.
        if line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        if line.first() == Some(&RECORD_MARK) {
            line.remove(0);
        }
        Ok(Got::Line)
    }

    /// The next value, which may go over several lines. What is no value is given line by line.
    fn value(&mut self, line: &mut Vec<u8>) -> io::Result<Got> {
        match self.line(line)? {
            Got::Line => {}
            other => return Ok(other),
        }
        let separated = line.trim_ascii_start().strip_prefix(b",").map(<[u8]>::to_vec);
        if let Some(rest) = separated {
            *line = rest;
        }
        if line.trim_ascii().is_empty() {
            return self.value(line);
        }
        if !matches!(line.trim_ascii_start().first(), Some(b'{' | b'[')) {
            return Ok(Got::Line);
        }
        let (mut scanner, mut lines, mut next) = (Scanner::default(), Vec::new(), std::mem::take(line));
        loop {
            match scanner.line(&next) {
                Ok(Some(end)) => {
                    let rest = next.split_off(end);
                    lines.push(next);
                    let value = lines.join(&b'\n');
                    if lines.len() == 1 || is_whole(&value) {
                        match rest.trim_ascii().is_empty() {
                            // One whole value in a line: these are JSON lines, whose ends need not be looked for.
                            true if lines.len() == 1 => self.form = Form::Lines,
                            true => {}
                            false => self.waiting.push_front(rest),
                        }
                        *line = value;
                        return Ok(Got::Line);
                    }
                    if let Some(last) = lines.last_mut() {
                        last.extend(rest);
                    }
                    break;
                }
                Ok(None) => lines.push(std::mem::take(&mut next)),
                Err(_) => {
                    lines.push(next);
                    let at_end = self.waiting.is_empty() && self.text()?.fill_buf()?.is_empty();
                    if at_end && !holds_whole(&lines) {
                        *line = lines.join(&b'\n');
                        return Ok(Got::Line);
                    }
                    break;
                }
            }
            if lines.iter().map(Vec::len).sum::<usize>() > LINE_MOST {
                break;
            }
            match self.any_line(&mut next)? {
                Got::Line => {}
                // Cut off: it is one broken record, unless there are whole ones in it.
                _ if !holds_whole(&lines) => {
                    *line = lines.join(&b'\n');
                    return Ok(Got::Line);
                }
                _ => break,
            }
        }
        // The first line is broken; what follows it is looked at by itself.
        let mut lines = lines.into_iter();
        *line = lines.next().unwrap_or_default();
        for later in lines.rev() {
            self.waiting.push_front(later);
        }
        Ok(Got::Line)
    }

    /// The next entry of a list, or what follows the list.
    fn entry(&mut self, line: &mut Vec<u8>) -> io::Result<Got> {
        line.clear();
        loop {
            let in_list = self.in_list;
            let text = self.text()?;
            let Some(&first) = text.fill_buf()?.first() else {
                if in_list {
                    self.in_list = false;
                    self.notes.push("its list has no end: it was cut off".into());
                }
                return Ok(Got::End);
            };
            match (first, in_list) {
                (b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf, _) | (b',', true) => text.consume(1),
                (b'[', false) => {
                    text.consume(1);
                    self.in_list = true;
                }
                (b']', true) => {
                    text.consume(1);
                    self.in_list = false;
                }
                (b'{' | b'[', true) => return self.nested(line),
                // Another value, or what is no JSON.
                _ => return self.line(line),
            }
        }
    }

    /// An entry that begins with a bracket.
    fn nested(&mut self, line: &mut Vec<u8>) -> io::Result<Got> {
        let (mut scanner, mut too_long) = (Scanner::default(), false);
        loop {
            let text = self.text()?;
            let buffer = text.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            let mut end = None;
            for (at, byte) in buffer.iter().enumerate() {
                match scanner.push(*byte) {
                    Step::Inside => {}
                    step => {
                        end = Some((at + 1, step));
                        break;
                    }
                }
            }
            let used = end.map_or(buffer.len(), |(at, _)| at);
            match line.len() + used <= LINE_MOST {
                true => line.extend_from_slice(&buffer[..used]),
                false => too_long = true,
            }
            text.consume(used);
            if end.is_some() {
                break;
            }
        }
        while matches!(line.last(), Some(b'\n' | b'\r')) {
            line.pop();
        }
        if too_long {
            line.clear();
            return Ok(Got::TooLong);
        }
        Ok(Got::Line)
    }

    /// The data of the next event. An event with another name than that of a message or an update is given with its
    /// name, as the other interface of Mastodon writes it.
    fn event(&mut self, line: &mut Vec<u8>) -> io::Result<Got> {
        let (mut name, mut data, mut any) = (String::new(), Vec::new(), false);
        loop {
            let got = self.any_line(line)?;
            if got == Got::TooLong {
                return Ok(got);
            }
            if got == Got::End && !any {
                return Ok(got);
            }
            if got == Got::End || line.is_empty() {
                if !any {
                    continue;
                }
                *line = match name.as_str() {
                    "" | "message" | "update" => data,
                    _ => {
                        let payload = String::from_utf8_lossy(&data);
                        serde_json::to_vec(&serde_json::json!({ "event": name, "payload": payload }))?
                    }
                };
                return Ok(Got::Line);
            }
            let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
            let value = line.get(colon + 1..).unwrap_or_default();
            let value = value.strip_prefix(b" ").unwrap_or(value);
            match &line[..colon] {
                b"data" => {
                    if any {
                        data.push(b'\n');
                    }
                    data.extend_from_slice(value);
                    any = true;
                }
                b"event" => name = String::from_utf8_lossy(value).into_owned(),
                // Comments, ids, times to wait.
                _ => {}
            }
        }
    }
}

/// Whether a line after the first is a whole record.
fn holds_whole(lines: &[Vec<u8>]) -> bool {
    lines.iter().skip(1).any(|line| line.starts_with(b"{") && is_whole(line))
}

/// Skips the rest of a line.
fn skip_line(reader: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            return Ok(());
        }
        let (used, done) = match piece.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (piece.len(), false),
        };
        reader.consume(used);
        if done {
            return Ok(());
        }
    }
}

/// The form of a text. Only as much of it is read as is there, where its first line says enough.
fn form(text: &mut Ahead<Box<dyn Noted>>) -> io::Result<Form> {
    let mark = |bytes: &[u8]| if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let first = |bytes: &[u8]| bytes[mark(bytes)..].trim_ascii_start().first().copied();
    match first(text.fill_buf()?) {
        Some(b'{') => return Ok(Form::Values),
        Some(b'[') => return Ok(Form::List),
        Some(0..=8 | 0x1e) => return Ok(Form::Lines),
        _ => {}
    }
    let start = text.peek(START)?;
    let whole = start.len() < START;
    match first(start) {
        None | Some(0..=8 | 0x1e) => return Ok(Form::Lines),
        Some(b'{') => return Ok(Form::Values),
        Some(b'[') => return Ok(Form::List),
        Some(b'<') => {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it is XML or HTML; turn its items into JSON first, one in each line (for feeds: docs/input.md)",
            ));
        }
        _ => {}
    }
    let start = String::from_utf8_lossy(&start[mark(start)..]);
    let begins = |line: &str, names: &[&str]| names.iter().any(|name| line.starts_with(name));
    let mut lines = start.lines().filter(|line| !line.trim().is_empty());
    if lines.clone().any(|line| begins(line.trim_start(), &["{", "["])) {
        return Ok(Form::Lines);
    }
    let is_event = lines.next().is_some_and(|line| begins(line, &["data:", "event:", "id:", "retry:", ":"]));
    if is_event && start.lines().any(|line| line.starts_with("data:")) {
        return Ok(Form::Events);
    }
    Ok(Layout::of(&start, whole).map_or(Form::Lines, Form::Table))
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;

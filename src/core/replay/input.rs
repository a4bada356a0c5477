//! Lines of a plain, gzip or zstd file, recognised by its first bytes, not by its name.

use orszem_text::packed::unpacked;
use std::io::{self, BufRead, Read};

/// The longest line, in bytes: 8 MiB, well above the limit of a topic. Longer ones are skipped without buffering.
pub const LINE_MOST: usize = 8 << 20;

/// A file of lines.
pub struct Input {
    name: String,
    reader: Box<dyn BufRead>,
}

/// The result of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Got {
    /// A line, without its end.
    Line,
    /// A line of more than [`LINE_MOST`]; the buffer holds nothing.
    TooLong,
    /// The end.
    End,
}

impl Input {
    /// Detects the compression of `reader` by its first bytes. Several gzip members or zstd frames in one file are read
    /// as one. `name` is for messages.
    pub fn new(name: impl Into<String>, reader: impl Read + 'static) -> io::Result<Input> {
        Ok(Input { name: name.into(), reader: unpacked(reader)? })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the next non-blank line into `line`. Accepts LF and CRLF, and a last line without a line end.
    pub fn read(&mut self, line: &mut Vec<u8>) -> io::Result<Got> {
        loop {
            line.clear();
            if self.reader.by_ref().take(LINE_MOST as u64 + 1).read_until(b'\n', line)? == 0 {
                return Ok(Got::End);
            }
            if line.len() > LINE_MOST && line.last() != Some(&b'\n') {
                line.clear();
                self.skip_line()?;
                return Ok(Got::TooLong);
            }
            while matches!(line.last(), Some(b'\n' | b'\r')) {
                line.pop();
            }
            // A byte order mark does not belong to the first line.
            if line.starts_with(b"\xef\xbb\xbf") {
                line.drain(..3);
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Got::Line);
            }
        }
    }

    /// Skips the rest of the line.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let piece = self.reader.fill_buf()?;
            if piece.is_empty() {
                return Ok(());
            }
            let (used, done) = match piece.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (piece.len(), false),
            };
            self.reader.consume(used);
            if done {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn lines(bytes: Vec<u8>) -> Vec<String> {
        let mut input = Input::new("test", io::Cursor::new(bytes)).unwrap();
        let (mut line, mut all) = (Vec::new(), Vec::new());
        loop {
            match input.read(&mut line).unwrap() {
                Got::Line => all.push(String::from_utf8(line.clone()).unwrap()),
                Got::TooLong => all.push("too long".into()),
                Got::End => return all,
            }
        }
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_first_bytes_tell_how_a_file_is_packed() {
        let text = "one\ntwo\r\n\n  \nthree";
        let expected = ["one", "two", "three"];
        assert_eq!(lines(text.into()), expected);
        assert_eq!(lines(gzip(text)), expected);
        assert_eq!(lines(zstd::encode_all(text.as_bytes(), 1).unwrap()), expected);
        assert_eq!(lines([gzip("one\ntwo\n"), gzip("three\n")].concat()), expected);
        let frames = ["one\ntwo\n", "three\n"].map(|part| zstd::encode_all(part.as_bytes(), 1).unwrap());
        assert_eq!(lines(frames.concat()), expected);
        assert_eq!(lines(b"\xef\xbb\xbfone".into()), ["one"]);
        for short in ["", "a", "\x1f", "(\n"] {
            assert!(lines(short.into()).len() <= 1);
        }
    }

    #[test]
    fn an_endless_line_is_skipped_without_being_held() {
        let mut bytes = vec![b'x'; LINE_MOST + 100_000];
        bytes.extend_from_slice(b"\nafter\n");
        assert_eq!(lines(bytes), ["too long", "after"]);
        assert_eq!(lines(vec![b'x'; LINE_MOST])[0].len(), LINE_MOST);
    }

    #[test]
    fn a_file_cut_short_is_an_error_and_not_an_end() {
        let mut packed = gzip(&"a line\n".repeat(1000));
        packed.truncate(packed.len() - 10);
        let mut input = Input::new("cut", io::Cursor::new(packed)).unwrap();
        let mut line = Vec::new();
        let fault = loop {
            match input.read(&mut line) {
                Ok(Got::Line) => {}
                Ok(other) => panic!("{other:?}"),
                Err(fault) => break fault,
            }
        };
        assert_eq!(fault.kind(), io::ErrorKind::UnexpectedEof);
    }
}

//! Files that are not UTF-8: turned into it while they are read.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding};

/// Bytes that are decoded at a time.
const PIECE: usize = 1 << 14;

/// The encoding of a file that begins with `start`, where it is not UTF-8. `is_text`: it is a table or other text,
/// whose letters say what it is; JSON is UTF-8 or UTF-16.
pub(super) fn of(start: &[u8], is_text: bool) -> Option<&'static Encoding> {
    match start {
        [0xff, 0xfe, rest @ ..] if !rest.starts_with(&[0, 0]) => return Some(encoding_rs::UTF_16LE),
        [0xfe, 0xff, ..] => return Some(encoding_rs::UTF_16BE),
        // Without a mark, as some editors write it.
        [first, 0, second, 0, ..] if first.is_ascii() && second.is_ascii() && *first != 0 => {
            return Some(encoding_rs::UTF_16LE);
        }
        [0, first, 0, second, ..] if *first >= b'\t' && *second >= b'\t' && first.is_ascii() && second.is_ascii() => {
            return Some(encoding_rs::UTF_16BE);
        }
        _ => {}
    }
    let cut_off = |fault: std::str::Utf8Error| fault.error_len().is_none();
    let is_utf8 = std::str::from_utf8(start).map_or_else(cut_off, |_| true);
    if is_utf8 || !is_text {
        return None;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(start, false);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    // Hungarian in the encoding of Central Europe looks Western but for two letters.
    let hungarian = guess == encoding_rs::WINDOWS_1252 && is_hungarian(&encoding_rs::WINDOWS_1250.decode(start).0);
    Some(if hungarian { encoding_rs::WINDOWS_1250 } else { guess })
}

/// Whether all letters with marks are Hungarian ones, and one of them is of Hungarian alone.
fn is_hungarian(text: &str) -> bool {
    let mut marked =
        text.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).flat_map(char::to_lowercase).peekable();
    let mut own = false;
    marked.peek().is_some()
        && marked.all(|c| {
            own |= matches!(c, 'ő' | 'ű');
            orszem_text::fold::HUNGARIAN.contains(&c)
        })
        && own
}

/// A reader of another encoding, as UTF-8. What it cannot read becomes U+FFFD.
pub(super) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    text: String,
    at: usize,
    ended: bool,
}

impl<R: BufRead> Decoded<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Decoded<R> {
        Decoded { inner, decoder: encoding.new_decoder_with_bom_removal(), text: String::new(), at: 0, ended: false }
    }
}

impl<R> Decoded<R> {
    /// The reader behind it.
    pub(super) fn get_ref(&self) -> &R {
        &self.inner
    }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.text.len() && !self.ended {
            self.text.clear();
            self.at = 0;
            let bytes = self.inner.fill_buf()?;
            let bytes = &bytes[..bytes.len().min(PIECE)];
            self.text.reserve(4 * PIECE);
            let last = bytes.is_empty();
            let (result, read, _) = self.decoder.decode_to_string(bytes, &mut self.text, last);
            self.inner.consume(read);
            self.ended = last && result == CoderResult::InputEmpty;
        }
        Ok(&self.text.as_bytes()[self.at..])
    }

    fn consume(&mut self, used: usize) {
        self.at += used;
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut buffer = self.fill_buf()?;
        let read = buffer.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

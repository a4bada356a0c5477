//! Text files that are plain, gzip or zstd, recognised by their first bytes, not by their names.
//!
//! Files are read as others pack them: several gzip members or zstd frames in a row, skippable frames (pzstd), a window
//! of up to 2 GiB (the dumps of large archives), zeros after the end (tapes, padded uploads). What stands after the end
//! and is not packed is left out with a note, as gzip does. Other ways of packing are refused with the command that
//! unpacks them.

use std::io::{self, BufRead, BufReader, Read};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The last three bytes of the magic number of a skippable frame of zstd or lz4; the first is 0x50 to 0x5f.
const SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];
/// The largest window of zstd, as a power of two: what `zstd --long=31` writes. It is used only as far as a file is
/// long.
const LONGEST_WINDOW: u32 = if usize::BITS > 32 { 31 } else { 30 };
/// The number of bytes per read.
const BUFFER: usize = 1 << 16;
/// Where a tar archive names itself.
const TAR: std::ops::Range<usize> = 257..262;

/// What a file is that is not text: its name, and what to do. `FILE` stands for its name.
const OTHERS: [(&[u8], &str, &str); 18] = [
    (b"\xfd7zXZ\0", "it is packed with xz", "unpack it first: xz -dc FILE | orszem … -"),
    (b"\x04\x22\x4d\x18", "it is packed with lz4", "unpack it first: lz4 -dc FILE | orszem … -"),
    (b"\x02\x21\x4c\x18", "it is packed with lz4", "unpack it first: lz4 -dc FILE | orszem … -"),
    (b"BZh", "it is packed with bzip2", "unpack it first: bzip2 -dc FILE | orszem … -"),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7-Zip archive", "unpack it first: 7z x -so FILE | orszem … -"),
    (b"Rar!\x1a\x07", "it is a RAR archive", "unpack it first: unrar p -inul FILE | orszem … -"),
    (b"LZIP", "it is packed with lzip", "unpack it first: lzip -dc FILE | orszem … -"),
    (b"\x89LZO\0", "it is packed with lzop", "unpack it first: lzop -dc FILE | orszem … -"),
    (b"\x1f\x9d", "it is packed with compress", "unpack it first: gzip -dc FILE | orszem … -"),
    (b"\x1f\xa0", "it is packed with compress", "unpack it first: gzip -dc FILE | orszem … -"),
    (b"]\0\0\x80\0", "it is packed with lzma", "unpack it first: xz --format=lzma -dc FILE | orszem … -"),
    (b"\xff\x06\0\0sNaPpY", "it is packed with snappy", "unpack it first: snzip -dc FILE | orszem … -"),
    (
        b"PAR1",
        "it is a Parquet file",
        "turn it into JSON lines first: duckdb -c \"COPY (FROM 'FILE') TO '/dev/stdout' (FORMAT json)\" | orszem … -",
    ),
    (b"Obj\x01", "it is an Avro file", "turn it into JSON lines first: avro-tools tojson FILE | orszem … -"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "it is a workbook of an old Excel", "save it as CSV (UTF-8) first"),
    (
        b"SQLite format 3\0",
        "it is an SQLite database",
        "write its rows as JSON lines first: sqlite3 -json FILE 'SELECT …' | jq -c '.[]' | orszem … -",
    ),
    (b"%PDF-", "it is a PDF", "there are no records in it"),
    (b"ORC", "it is an ORC file", "turn it into JSON lines first: orc-contents FILE | orszem … -"),
];

/// What a file is that begins with these bytes, if it is a known kind that is not read, and what to do.
fn other_kind(start: &[u8]) -> Option<(&'static str, &'static str)> {
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        let has = |name: &[u8]| start.windows(name.len()).any(|window| window == name);
        return Some(match has(b"[Content_Types].xml") || has(b"xl/") {
            true => ("it is an Excel workbook", "save it as CSV (UTF-8) first"),
            false => ("it is a ZIP archive", "unpack it first: unzip -p FILE | orszem … -"),
        });
    }
    if start.get(TAR) == Some(b"ustar") {
        return Some(("it is a tar archive", "unpack it first: tar -xOf FILE | orszem … -"));
    }
    OTHERS.iter().find(|(magic, _, _)| start.starts_with(magic)).map(|(_, what, fix)| (*what, *fix))
}

fn refused(what: &str, fix: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{what}; {fix}"))
}

/// What is looked at in one go, in bytes, where it is there already: more than [`TAR`] lies within.
const AT_ONCE: usize = 512;

/// A reader that can be looked into ahead.
#[derive(Debug)]
pub struct Ahead<R> {
    ahead: Vec<u8>,
    at: usize,
    inner: R,
}

impl<R: BufRead> Ahead<R> {
    /// Nothing is read yet.
    pub fn new(inner: R) -> Ahead<R> {
        Ahead { ahead: Vec::new(), at: 0, inner }
    }

    /// The next `most` bytes, or fewer at the end. They stay to be read.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn peek(&mut self, most: usize) -> io::Result<&[u8]> {
        if self.at > 0 {
            self.ahead.drain(..self.at);
            self.at = 0;
        }
        while self.ahead.len() < most {
            let there = match self.inner.fill_buf() {
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
                there => there?,
            };
            if there.is_empty() {
                break;
            }
            let used = there.len().min(most.max(AT_ONCE) - self.ahead.len());
            self.ahead.extend_from_slice(&there[..used]);
            self.inner.consume(used);
        }
        Ok(&self.ahead[..most.min(self.ahead.len())])
    }

    /// The reader behind it.
    pub fn get_ref(&self) -> &R {
        &self.inner
    }

    /// Puts bytes in front of what is read next.
    pub fn put_back(&mut self, bytes: &[u8]) {
        self.ahead.splice(..self.at, bytes.iter().copied());
        self.at = 0;
    }
}

impl<R: BufRead> Read for Ahead<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.ahead.len() {
            return self.inner.read(into);
        }
        let mut rest = &self.ahead[self.at..];
        let read = rest.read(into)?;
        self.at += read;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Ahead<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.at < self.ahead.len() {
            true => Ok(&self.ahead[self.at..]),
            false => self.inner.fill_buf(),
        }
    }

    fn consume(&mut self, used: usize) {
        match self.at < self.ahead.len() {
            true => self.at += used,
            false => self.inner.consume(used),
        }
    }
}

type Source = Ahead<BufReader<Box<dyn Read>>>;

/// The parts of a file, one after the other.
enum Part {
    Plain(Source),
    Gzip(flate2::bufread::GzDecoder<Source>),
    Zstd(zstd::Decoder<'static, Source>),
    /// The end, or a fault before.
    End,
}

/// The content of a file.
pub struct Unpacked(BufReader<Parts>);

struct Parts {
    part: Part,
    /// Something was unpacked.
    begun: bool,
    note: Option<&'static str>,
}

impl Parts {
    /// Goes on to the next part.
    fn next(&mut self, mut source: Source) -> io::Result<()> {
        loop {
            let start = source.peek(8)?;
            let [first, a, b, c, size @ ..] = start else { break };
            if !(0x50..=0x5f).contains(first) || [*a, *b, *c] != SKIPPABLE || size.len() < 4 {
                break;
            }
            let size = size.iter().rev().fold(0_u64, |size, byte| size << 8 | u64::from(*byte));
            io::copy(&mut source.by_ref().take(8 + size), &mut io::sink())?;
            self.begun = true;
        }
        // The name of the first file tells a workbook from other archives.
        let most = if source.peek(2)? == b"PK" { 512 } else { 8 };
        let start = source.peek(most)?;
        let (gzip, zstd) = (start.starts_with(&GZIP), start.starts_with(&ZSTD));
        if gzip {
            self.part = Part::Gzip(flate2::bufread::GzDecoder::new(source));
        } else if zstd {
            let mut decoder = zstd::Decoder::with_buffer(source)?.single_frame();
            decoder.window_log_max(LONGEST_WINDOW)?;
            self.part = Part::Zstd(decoder);
        } else if start.is_empty() {
            self.part = Part::End;
        } else if let (false, Some((what, fix))) = (self.begun && !start.starts_with(b"\x04"), other_kind(start)) {
            return Err(refused(what, fix));
        } else if self.begun {
            self.note = Some(match start.iter().all(|byte| *byte == 0) {
                true => "zeros after the end of its packed content were left out",
                false => "bytes after the end of its packed content were left out, which are not packed",
            });
            self.part = Part::End;
        } else {
            self.part = Part::Plain(source);
        }
        self.begun |= gzip || zstd;
        Ok(())
    }
}

impl Read for Parts {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            let read = match &mut self.part {
                Part::End => return Ok(0),
                Part::Plain(source) => return source.read(into),
                Part::Gzip(decoder) => decoder.read(into)?,
                Part::Zstd(decoder) => decoder.read(into)?,
            };
            if read > 0 {
                return Ok(read);
            }
            match std::mem::replace(&mut self.part, Part::End) {
                Part::Gzip(decoder) => self.next(decoder.into_inner())?,
                Part::Zstd(decoder) => self.next(decoder.finish())?,
                Part::End | Part::Plain(_) => {}
            }
        }
    }
}

impl Unpacked {
    /// What was left out, once the end is reached.
    pub fn note(&self) -> Option<&'static str> {
        self.0.get_ref().note
    }
}

impl Read for Unpacked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl BufRead for Unpacked {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, used: usize) {
        self.0.consume(used);
    }
}

/// The content of `reader`, unpacked. Several gzip members or zstd frames in one file are read as one.
///
/// # Errors
/// When the first bytes cannot be read, or are those of a file that is packed in another way or holds no text.
pub fn unpacked(reader: impl Read + 'static) -> io::Result<Unpacked> {
    let reader: Box<dyn Read> = Box::new(reader);
    let source = Ahead::new(BufReader::with_capacity(BUFFER, reader));
    let mut parts = Parts { part: Part::End, begun: false, note: None };
    parts.next(source)?;
    let mut unpacked = Unpacked(BufReader::with_capacity(BUFFER, parts));
    if let Some((what, fix)) = other_kind(unpacked.fill_buf().unwrap_or_default()) {
        return Err(refused(what, fix));
    }
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        zstd::encode_all(text, 1).unwrap()
    }

    fn read(packed: Vec<u8>) -> io::Result<(String, Option<&'static str>)> {
        let mut unpacked = unpacked(io::Cursor::new(packed))?;
        let mut text = String::new();
        unpacked.read_to_string(&mut text)?;
        Ok((text, unpacked.note()))
    }

    #[track_caller]
    fn is(packed: Vec<u8>, text: &str) {
        assert_eq!(read(packed).unwrap(), (text.to_owned(), None));
    }

    #[test]
    fn parts_follow_each_other() {
        is(b"plain".to_vec(), "plain");
        is(Vec::new(), "");
        is([gzip(b"a"), gzip(b"b"), zstd(b"c"), gzip(b""), zstd(b"d")].concat(), "abcd");
    }

    /// pzstd writes a skippable frame in front, which made the file plain text.
    #[test]
    fn skippable_frames_are_passed_over() {
        let skippable = |first: u8| [&[first, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
        is([skippable(0x50), skippable(0x5f), zstd(b"a"), skippable(0x53), zstd(b"b"), skippable(0x50)].concat(), "ab");
        let lz4 = [&skippable(0x50)[..], b"\x04\x22\x4d\x18rest"].concat();
        assert!(read(lz4).unwrap_err().to_string().starts_with("it is packed with lz4; "));
    }

    /// A window of 2 GiB was refused, even around a file of a few bytes.
    #[test]
    fn a_long_window_is_read() {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        encoder.long_distance_matching(true).unwrap();
        encoder.window_log(28).unwrap();
        encoder.write_all(b"three mentions").unwrap();
        is(encoder.finish().unwrap(), "three mentions");
    }

    /// Zeros after a gzip file made the whole file unreadable.
    #[test]
    fn what_follows_the_end_is_left_out_with_a_note() {
        for packed in [gzip(b"a"), zstd(b"a")] {
            let (text, note) = read([packed.clone(), vec![0; 100_000]].concat()).unwrap();
            assert_eq!((text.as_str(), note), ("a", Some("zeros after the end of its packed content were left out")));
            let (text, note) = read([packed, b"garbage".to_vec()].concat()).unwrap();
            assert!(text == "a" && note.unwrap().starts_with("bytes after the end"), "{note:?}");
        }
    }

    #[test]
    fn a_file_cut_short_is_an_error() {
        for mut packed in [gzip(&[b'a'; 9999]), zstd(&[b'a'; 9999])] {
            packed.truncate(packed.len() - 5);
            assert_eq!(read(packed).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        }
    }

    /// These were read as text, one dead letter for each line.
    #[test]
    fn other_files_are_named_with_what_to_do() {
        let mut tar = vec![0; 512];
        tar[..5].copy_from_slice(b"a.txt");
        tar[TAR].copy_from_slice(b"ustar");
        for (start, what) in [
            (b"\xfd7zXZ\0\0".to_vec(), "it is packed with xz; unpack it first: xz -dc FILE"),
            (b"BZh91AY".to_vec(), "it is packed with bzip2; unpack it first: bzip2 -dc FILE"),
            (
                b"PK\x03\x04\x14\0\0\0\0\0........a.jsonl".to_vec(),
                "it is a ZIP archive; unpack it first: unzip -p FILE",
            ),
            (b"PK\x03\x04\x14\0\0\0....[Content_Types].xml".to_vec(), "it is an Excel workbook; save it as CSV"),
            (tar.clone(), "it is a tar archive"),
            (gzip(&tar), "it is a tar archive"),
            (b"PAR1\x15".to_vec(), "it is a Parquet file"),
        ] {
            let fault = read(start).unwrap_err().to_string();
            assert!(fault.starts_with(what), "{fault}");
        }
    }
}

//! Text files that are plain, gzip or zstd, recognised by their first bytes, not by their names.

use std::io::{self, BufRead, BufReader, Read};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The number of bytes per read.
const BUFFER: usize = 1 << 16;

/// The content of `reader`, unpacked. Several gzip members or zstd frames in one file are read as one.
///
/// # Errors
/// When the first bytes cannot be read.
pub fn unpacked(reader: impl Read + 'static) -> io::Result<Box<dyn BufRead>> {
    let mut reader = BufReader::with_capacity(BUFFER, reader);
    let mut magic = Vec::with_capacity(ZSTD.len());
    // A pipe may deliver one byte at a time.
    reader.by_ref().take(ZSTD.len() as u64).read_to_end(&mut magic)?;
    let (is_gzip, is_zstd) = (magic.starts_with(&GZIP), magic == ZSTD);
    let whole = io::Cursor::new(magic).chain(reader);
    Ok(if is_gzip {
        Box::new(BufReader::with_capacity(BUFFER, flate2::bufread::MultiGzDecoder::new(whole)))
    } else if is_zstd {
        Box::new(BufReader::with_capacity(BUFFER, zstd::Decoder::with_buffer(whole)?))
    } else {
        Box::new(whole)
    })
}

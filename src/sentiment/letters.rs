//! Letters as models see them: small, without accents, look-alike widths made plain.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters below this one have their plain letter in a table: all of Latin with its accents.
const PLAIN: u32 = 0x250;

/// For characters below [`PLAIN`] the ASCII letter or digit that is left without case and accent; 0 where there is none.
static LETTERS: LazyLock<[u8; PLAIN as usize]> = LazyLock::new(|| {
    let mut letters = [0; PLAIN as usize];
    for (letter, code) in letters.iter_mut().zip(0..) {
        *letter = char::from_u32(code).and_then(plain).unwrap_or(0);
    }
    letters
});

fn plain(character: char) -> Option<u8> {
    // Letters with a stroke do not decompose.
    let bare = match character {
        'đ' | 'Đ' | 'ð' | 'Ð' => 'd',
        'ł' | 'Ł' => 'l',
        'ø' | 'Ø' => 'o',
        'ı' => 'i',
        'ß' => 's',
        other => std::iter::once(other).nfkd().find(|part| !is_combining_mark(*part))?,
    };
    bare.is_ascii_alphanumeric().then(|| bare.to_ascii_lowercase() as u8)
}

/// What a character is to a reader of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A letter or digit of Latin script, without case and accent.
    Plain(u8),
    /// A letter of another script, small.
    Other(char),
    /// Something that stands between words.
    Mark,
    /// Something that is not seen or belongs to the character before it: it does not even part words.
    Nothing,
}

/// The table of plain letters, to be fetched once for each text.
pub(super) fn table() -> &'static [u8; PLAIN as usize] {
    &LETTERS
}

/// What a character beyond ASCII is.
pub(super) fn kind(table: &[u8; PLAIN as usize], character: char) -> Kind {
    let code = character as u32;
    match code {
        0..PLAIN => match table[code as usize] {
            0 if code == 0xad => Kind::Nothing,
            0 => Kind::Mark,
            letter => Kind::Plain(letter),
        },
        0x300..0x370 | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2069 | 0xfe00..=0xfe0f | 0xfeff => Kind::Nothing,
        // Full-width forms of ASCII.
        0xff01..=0xff5e => match table[(code - 0xfee0) as usize] {
            0 => Kind::Mark,
            letter => Kind::Plain(letter),
        },
        0x2000..0x2c00 | 0x1f000..0x20000 => Kind::Mark,
        _ if character.is_alphanumeric() => Kind::Other(character.to_lowercase().next().unwrap_or(character)),
        _ => Kind::Mark,
    }
}

//! Normalizes letters for the models: small, without accents, and with plain width.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters below this one are in a table: all Latin letters with accents.
const PLAIN: u32 = 0x250;

/// For characters below [`PLAIN`].
pub(super) struct Letters {
    /// The ASCII letter or digit without case and accent; 0 if there is none.
    plain: [u8; PLAIN as usize],
    /// The small form.
    small: [u16; PLAIN as usize],
}

static LETTERS: LazyLock<Letters> = LazyLock::new(|| {
    let mut letters = Letters { plain: [0; PLAIN as usize], small: [0; PLAIN as usize] };
    for (code, (letter, small)) in (0..).zip(letters.plain.iter_mut().zip(&mut letters.small)) {
        let character = char::from_u32(code).unwrap_or_default();
        *letter = plain(character).unwrap_or(0);
        *small = u16::try_from(self::small(character) as u32).unwrap_or(0);
    }
    letters
});

/// Small letters of ASCII, all digits as 0; 0 for the rest.
pub(super) static ASCII: [u8; 128] = {
    let mut letters = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_digit() {
            letters[byte] = b'0';
        } else if (byte as u8).is_ascii_alphabetic() {
            letters[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    letters
};

fn small(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

impl Letters {
    /// The Latin letter of two bytes of UTF-8, if they are one: without case and accent, and its small form.
    #[inline(always)]
    pub(super) fn accented(&self, first: u8, second: u8) -> Option<(u8, u16)> {
        let code = usize::from(first & 0x1f) << 6 | usize::from(second & 0x3f);
        match (first, self.plain.get(code)) {
            (0xc2..=0xdf, Some(letter @ b'a'..)) => Some((*letter, self.small[code])),
            _ => None,
        }
    }
}

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

/// The class of a character for splitting words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A letter or digit of Latin script, without case and accent.
    Plain(u8),
    /// A letter of another script, small.
    Other(char),
    /// A separator of words.
    Mark,
    /// Invisible, or part of the character before it: not even a separator.
    Nothing,
}

/// The table of plain letters; get it once per text.
pub(super) fn table() -> &'static Letters {
    &LETTERS
}

/// The class of a non-ASCII character.
pub(super) fn kind(table: &Letters, character: char) -> Kind {
    let code = character as u32;
    match code {
        0..PLAIN => match table.plain[code as usize] {
            0 if code == 0xad => Kind::Nothing,
            0 => Kind::Mark,
            letter => Kind::Plain(letter),
        },
        0x300..0x370 | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2069 | 0xfe00..=0xfe0f | 0xfeff => Kind::Nothing,
        // Full-width forms of ASCII.
        0xff01..=0xff5e => match table.plain[(code - 0xfee0) as usize] {
            0 => Kind::Mark,
            letter => Kind::Plain(letter),
        },
        0x2000..0x2c00 | 0x1f000..0x20000 => Kind::Mark,
        // Digits of other scripts.
        _ if character.is_numeric() => Kind::Plain(b'0'),
        _ if character.is_alphanumeric() => Kind::Other(small(character)),
        _ => Kind::Mark,
    }
}

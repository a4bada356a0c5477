//! Whether a text looks as if it had been drawn at random, as keys and tokens do. It may be an id as well: a reason to
//! ask, not to refuse.

use std::ops::Range;

/// The shortest random-looking piece that is told, in characters.
const SHORTEST: usize = 20;

/// Addresses that hold ids which look random and open nothing by themselves.
const PUBLIC: [&str; 4] = ["docs.google.com/", "drive.google.com/", "youtube.com/", "youtu.be/"];

/// The first random-looking piece of a text, in bytes.
pub(super) fn find(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for word in text.split_inclusive(|c: char| c.is_whitespace() || "\"'`()<>,;".contains(c)) {
        let at = start;
        start += word.len();
        if word.len() < SHORTEST || PUBLIC.iter().any(|host| word.contains(host)) || is_elsewhere(word) {
            continue;
        }
        let mut place = at;
        for piece in word.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || "+_-".contains(c))) {
            let bare = piece.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || "+_-".contains(c)));
            // A digest says what it is of; the name of a file, or a channel of YouTube, is public.
            let before = &text[at..place];
            let is_digest = ["sha1:", "sha256:", "sha384:", "sha512:", "md5:"].iter().any(|of| before.ends_with(of));
            let is_file = piece.ends_with('.') && is_hex(bare);
            let is_channel = bare.len() == 24 && bare.starts_with("UC");
            if !is_digest && !is_file && !is_channel && is_random(bare, SHORTEST) {
                return Some(place..place + bare.len());
            }
            place += piece.len();
        }
    }
    None
}

/// Where a secret is kept, and not the secret.
fn is_elsewhere(word: &str) -> bool {
    ["op://", "vault:", "env:", "file:", "arn:"].iter().any(|place| word.contains(place))
}

/// Whether a word of at least this many characters looks random: small and capital letters and digits that take turns
/// more often than words that were put together do; or as many hexadecimal digits as a key has.
pub(super) fn is_random(word: &str, shortest: usize) -> bool {
    if word.len() < shortest || !word.is_ascii() {
        return false;
    }
    let kinds: Vec<u8> = word.bytes().map(kind).collect();
    let has = |kind: u8| kinds.contains(&kind);
    if !(has(b'0') && (has(b'a') || has(b'A'))) {
        return false;
    }
    // 128, 160 or 256 bits. Ids with hyphens (UUIDs) are not secrets.
    if is_hex(word) {
        return matches!(word.len(), 32 | 40 | 64);
    }
    let turns = kinds.windows(2).filter(|pair| pair[0] != pair[1] && !pair.contains(&b'-')).count();
    has(b'a') && has(b'A') && turns * 5 >= word.len() * 2
}

fn is_hex(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn kind(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => b'0',
        b'a'..=b'z' => b'a',
        b'A'..=b'Z' => b'A',
        _ => b'-',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_piece_that_looks_random_is_found_where_it_is() {
        let text = "Send q8Zk2LmX0pR7vT4wB9nY1c to Anna";
        assert_eq!(find(text).map(|at| &text[at]), Some("q8Zk2LmX0pR7vT4wB9nY1c"));
        let address = "https://hook.example.com/q8Zk2LmX0pR7vT4wB9nY1c?x=1";
        assert_eq!(find(address).map(|at| &address[at]), Some("q8Zk2LmX0pR7vT4wB9nY1c"));
    }

    #[test]
    fn words_that_were_put_together_do_not_look_random() {
        for text in ["AnnaKovacsInstagram2026Account", "my-Very-Long-Name-Of-2026-Campaign", "kellemes_watch_2026_v2"] {
            assert!(!is_random(text, SHORTEST), "{text}");
        }
    }
}

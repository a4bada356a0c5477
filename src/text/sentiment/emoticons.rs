//! Emoticons made of punctuation.

/// The sentiment of an emoticon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Glad,
    Sad,
    Wink,
    Love,
    Wry,
}

/// A zero-width space, which can be invisibly between any two signs.
const INVISIBLE: &[u8] = "\u{200b}".as_bytes();

/// The emoticon at the beginning of a text, and its length in bytes.
pub(super) fn face(bytes: &[u8]) -> Option<(Face, usize)> {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(b' ');
    // The next visible sign.
    let after = |index: usize| {
        let mut next = index + 1;
        while bytes.get(next..).is_some_and(|rest| rest.starts_with(INVISIBLE)) {
            next += INVISIBLE.len();
        }
        next
    };
    let eyes = at(0);
    match eyes {
        b'<' if at(1) == b'3' => return Some((Face::Love, 2)),
        b'^' if at(1) == b'^' => return Some((Face::Glad, 2)),
        b'^' if at(1) == b'_' && at(2) == b'^' => return Some((Face::Glad, 3)),
        b':' | b';' | b'=' => {}
        _ => return None,
    }
    let mut last = after(0);
    if matches!(at(last), b'-' | b'o' | b'\'') {
        last = after(last);
    }
    let (mouth, next) = (at(last), at(after(last)));
    let face = match mouth {
        b')' | b']' | b'D' | b'*' if eyes == b';' => Face::Wink,
        b')' | b']' | b'D' | b'}' => Face::Glad,
        b'*' => Face::Love,
        b'P' | b'p' => Face::Wink,
        b'(' | b'[' | b'{' => Face::Sad,
        b'/' | b'\\' | b'|' | b'S' if eyes != b';' && next != b'/' => Face::Wry,
        _ => return None,
    };
    // ":Paris" is not an emoticon.
    if mouth.is_ascii_alphabetic() && next.is_ascii_alphanumeric() && next != mouth {
        return None;
    }
    while at(after(last)) == mouth {
        last = after(last);
    }
    Some((face, last + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faces_and_what_only_looks_like_one() {
        assert_eq!(face(b":) ok"), Some((Face::Glad, 2)));
        assert_eq!(face(b":-(("), Some((Face::Sad, 4)));
        assert_eq!(face(b"<3"), Some((Face::Love, 2)));
        assert_eq!(face(b";D"), Some((Face::Wink, 2)));
        for text in [&b"://x"[..], b":Paris", b": (", b"<4", b":"] {
            assert_eq!(face(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_shows_nothing_makes_no_face_of_a_word() {
        assert_eq!(face(":S\u{200b}a".as_bytes()), None);
        assert_eq!(face(":o\u{200b}Da".as_bytes()), None);
        assert_eq!(face(":D\u{200b}D\u{200b} x".as_bytes()), Some((Face::Glad, 6)));
        assert_eq!(face(":S\u{200b}".as_bytes()), Some((Face::Wry, 2)));
    }
}

//! Emoticons: faces made of punctuation.

/// What a face feels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Glad,
    Sad,
    Wink,
    Love,
    Wry,
}

/// The face that a text begins with, and its length in bytes.
pub(super) fn face(bytes: &[u8]) -> Option<(Face, usize)> {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(b' ');
    let eyes = at(0);
    match eyes {
        b'<' if at(1) == b'3' => return Some((Face::Love, 2)),
        b'^' if at(1) == b'^' => return Some((Face::Glad, 2)),
        b'^' if at(1) == b'_' && at(2) == b'^' => return Some((Face::Glad, 3)),
        b':' | b';' | b'=' => {}
        _ => return None,
    }
    let mut len = 1 + usize::from(matches!(at(1), b'-' | b'o' | b'\''));
    let mouth = at(len);
    let face = match mouth {
        b')' | b']' | b'D' | b'*' if eyes == b';' => Face::Wink,
        b')' | b']' | b'D' | b'}' => Face::Glad,
        b'*' => Face::Love,
        b'P' | b'p' => Face::Wink,
        b'(' | b'[' | b'{' => Face::Sad,
        b'/' | b'\\' | b'|' | b'S' if eyes != b';' && at(len + 1) != b'/' => Face::Wry,
        _ => return None,
    };
    // ":Paris" is no face.
    if mouth.is_ascii_alphabetic() && at(len + 1).is_ascii_alphanumeric() && at(len + 1) != mouth {
        return None;
    }
    while at(len) == mouth {
        len += 1;
    }
    Some((face, len))
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
}

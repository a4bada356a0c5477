//! JSON values in a file: where each ends, whatever the line ends between.

/// Follows a value byte by byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scanner {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The value has begun.
    begun: bool,
}

/// Where a value stands after a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It goes on.
    Inside,
    /// It ends with this byte.
    Ends,
    /// A line ends in a string: no JSON goes on from there.
    Broken,
}

impl Scanner {
    /// Takes the next byte. The first is the bracket that begins an object or a list.
    pub(super) fn push(&mut self, byte: u8) -> Step {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_string => self.escaped = true,
            b'\n' if self.in_string => return Step::Broken,
            b'"' => self.in_string = !self.in_string,
            b'{' | b'[' if !self.in_string => {
                self.depth += 1;
                self.begun = true;
            }
            b'}' | b']' if !self.in_string => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    return Step::Ends;
                }
            }
            _ => {}
        }
        Step::Inside
    }

    /// Takes the bytes of a line. Returns the byte after the end of the value, where it ends in it.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<Option<usize>, Broken> {
        for (at, byte) in line.iter().enumerate() {
            match self.push(*byte) {
                Step::Inside => {}
                Step::Ends => return Ok(Some(at + 1)),
                Step::Broken => return Err(Broken),
            }
        }
        match self.push(b'\n') {
            Step::Broken => Err(Broken),
            _ => Ok(None),
        }
    }
}

/// A line ends in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// Whether a text is one whole JSON value, but for what readers repair.
pub(super) fn is_whole(text: &[u8]) -> bool {
    let whole = |text: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
    whole(text) || crate::input::mended(text).is_some_and(|mended| whole(&mended))
}

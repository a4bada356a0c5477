//! The files that the text of a configuration is put together from.
//!
//! A line before each included file says which one follows. Faults are told in the file that they are in.

/// Begins the line before an included file: a comment with a letter for private use, which nobody writes.
const MARK: &str = "#\u{f8ff} file: ";

/// The line before an included file.
pub(super) fn mark(name: &str) -> String {
    format!("{MARK}{name}\n")
}

/// Where a file lies in the whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Its first byte.
    pub(super) start: usize,
    /// Its name; `None` for the main one.
    pub(super) name: Option<String>,
}

/// The files of a whole text, in order; the main one first.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut parts = vec![Part { start: 0, name: None }];
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        start += line.len();
        if let Some(name) = line.strip_prefix(MARK) {
            parts.push(Part { start, name: Some(name.trim_end().to_owned()) });
        }
    }
    parts
}

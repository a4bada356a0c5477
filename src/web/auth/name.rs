//! The name that somebody acts under.

/// The longest name, in characters.
pub(crate) const NAME: usize = 100;

/// A name to act under: trimmed, not too long, on one line.
pub(crate) fn name(by: &str) -> Option<String> {
    let by = by.trim();
    let fine = !by.is_empty() && by.chars().count() <= NAME && !by.chars().any(char::is_control);
    fine.then(|| by.to_owned())
}

/// A text as a name, cut to the length of one.
pub(crate) fn shortened(text: &str) -> String {
    orszem_text::sanitize::line(text).chars().take(NAME).collect()
}

//! Lines that fit a terminal.

use unicode_width::UnicodeWidthStr;

/// How wide a terminal is at least.
pub(super) const WIDTH: usize = 80;

/// Breaks a text between words so that no line is wider than [`WIDTH`], where its words allow it.
pub(super) fn wrapped(text: &str, first: &str, other: &str) -> String {
    let mut lines = vec![first.to_owned()];
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let line = lines.last().map_or("", String::as_str);
        if !is_empty && line.width() + 1 + word.width() > WIDTH {
            lines.push(other.to_owned());
            is_empty = true;
        }
        if let Some(line) = lines.last_mut() {
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_a_terminal() {
        let text = "szó ".repeat(60);
        let lines = wrapped(&text, "12 Oct  ", "        ");
        assert!(lines.lines().count() > 3 && lines.lines().all(|line| line.width() <= WIDTH), "{lines}");
        assert!(
            lines.starts_with("12 Oct  szó szó") && lines.lines().skip(1).all(|line| line.starts_with("        szó"))
        );
        let long = "x".repeat(100);
        assert_eq!(wrapped(&long, "> ", "  "), format!("> {long}"), "an address stays whole");
    }
}

//! Numbers as people read them, with no more digits than say something.

use super::language::Language;

/// A space that neither breaks the line nor the number.
const NO_BREAK: char = '\u{a0}';

/// A whole number with its thousands apart: `12,345`; in Hungarian `12 345`, where four digits stay together.
pub(super) fn count(language: Language, number: u64) -> String {
    let digits = number.to_string();
    let separator = match language {
        Language::English => ',',
        Language::Hungarian if digits.len() <= 4 => return digits,
        Language::Hungarian => NO_BREAK,
    };
    let mut out = String::with_capacity(digits.len() + digits.len() / 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A number that need not be whole: `0.004`, `1.4`, `212`, `12,345`. What is not finite is a dash.
pub(super) fn figure(language: Language, number: f64) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    // Rounded before it is looked at, so that 9.96 is 10 and not 10.0.
    let tenths = (number * 10.0).round() / 10.0;
    match number.abs() {
        0.0 => "0".to_owned(),
        small if small < 0.001 => decimals(language, 0.001, 3),
        small if small < 0.1 => decimals(language, number, 3),
        small if small < 1.0 => decimals(language, number, 2),
        _ if tenths.abs() < 10.0 => decimals(language, tenths, 1),
        large => {
            let sign = if number < 0.0 { "-" } else { "" };
            // Saturates where no reader tells the difference.
            format!("{sign}{}", count(language, large.round() as u64))
        }
    }
}

/// A number rounded to two digits, and how many millions that is.
pub(super) fn rounded(number: u64) -> (u64, f64) {
    let size = 10_u64.saturating_pow(number.checked_ilog10().unwrap_or(0).saturating_sub(1));
    let rounded = number.saturating_add(size / 2) / size * size;
    (rounded, rounded as f64 / 1e6)
}

/// A part of the whole in whole percent: `44%`; in Hungarian `44%` as well.
pub(super) fn percent(language: Language, part: f64) -> String {
    let percent = 100.0 * part;
    match percent.is_finite() {
        true if percent > 0.0 && percent < 0.95 => format!("{}%", decimals(language, percent, 1)),
        true => format!("{}%", count(language, percent.round().max(0.0) as u64)),
        false => "–".to_owned(),
    }
}

fn decimals(language: Language, number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    match language {
        Language::English => text,
        Language::Hungarian => text.replace('.', ","),
    }
}

//! Whether a secret stands in the configuration itself: in any text of any of its files, whatever its key.
//!
//! What is found is blanked out of the text before anything else looks at it: no other fault can repeat it.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostics::{Report, quoted};
use super::literal::Literal;
use super::random_looking;
use super::secret_patterns::{self, Certainty, Hit};
use orszem_core::settings::secret::Secret;

/// What to do with a secret.
const KEPT: &str = "keep it in a safe and write where it is kept, \"op://…\" or \"vault:…\"; in a setting that reads a \
                    secret: \"env:NAME\" or \"file:PATH\"; and replace it, because it stood in a file";

/// Keys of what is searched for: "password: x" may be what people are feared to write.
const SEARCHES: [&str; 2] = ["query", "terms"];

/// A secret in a file.
pub(super) struct Found {
    /// The value that it stands in, in bytes of the whole text.
    value: Range<usize>,
    /// Itself; it lies in the value.
    at: Range<usize>,
    key: String,
    what: &'static str,
    certainty: Certainty,
}

/// Every secret in the texts of a document.
pub(super) fn scan(document: &DeTable<'_>, text: &str) -> Vec<Found> {
    let mut scan = Scan { text, found: Vec::new() };
    scan.table(document);
    scan.found
}

/// The text with every secret that is known as one blanked out, everything else at its place. `None` when there is
/// none.
pub(super) fn masked(text: &str, found: &[Found]) -> Option<String> {
    let known: Vec<&Found> = found.iter().filter(|one| one.certainty == Certainty::Known).collect();
    let mut bytes = text.as_bytes().to_vec();
    for byte in known.iter().flat_map(|one| one.at.clone()) {
        // A line stays a line: what stands behind it keeps its place.
        if let Some(byte) = bytes.get_mut(byte).filter(|byte| !matches!(byte, b'\n' | b'\r')) {
            *byte = b'*';
        }
    }
    (!known.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

/// Adds what was found. Where the value is refused already as a secret that must not be written there, that is enough.
pub(super) fn report(found: &[Found], report: &mut Report<'_>) {
    for Found { value, at, key, what, certainty } in found {
        report.hide(value.clone());
        // An address is refused with its password where one is expected, with what to do about that.
        if report.tells_as_secret(value) || (*what == secret_patterns::ADDRESS && report.refuses(value)) {
            continue;
        }
        let key = quoted(key);
        match certainty {
            Certainty::Known => report.error(at.clone(), format!("{key} holds {what}"), KEPT.to_owned()),
            Certainty::Likely => {
                let help = format!("if it is a secret: {KEPT}");
                report.warning(at.clone(), format!("{key} may hold a secret: {what}"), help);
            }
        }
    }
}

struct Scan<'t> {
    text: &'t str,
    found: Vec<Found>,
}

impl Scan<'_> {
    fn table(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            self.value(key.get_ref(), value);
        }
    }

    fn value(&mut self, key: &str, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Table(table) => self.table(table),
            DeValue::Array(items) => items.iter().for_each(|item| self.value(key, item)),
            DeValue::String(text) => self.string(key, text, value.span()),
            _ => {}
        }
    }

    fn string(&mut self, key: &str, text: &str, value: Range<usize>) {
        if Secret::parse(text).is_ok_and(|_| !text.contains([' ', '\n'])) {
            return;
        }
        let is_search = SEARCHES.contains(&key);
        let mut hits = secret_patterns::find(text, is_search);
        if hits.is_empty() {
            hits.extend(secret_patterns::behind_key(key, text));
        }
        if hits.is_empty() && !is_search {
            let what = "a long text that looks random";
            hits.extend(random_looking::find(text).map(|at| Hit { at, what, certainty: Certainty::Likely }));
        }
        if hits.is_empty() {
            return;
        }
        let literal = self.text.get(value.clone()).and_then(|written| Literal::new(written, value.start, text));
        self.found.extend(hits.into_iter().map(|Hit { at, what, certainty }| {
            let at = literal.as_ref().map_or_else(|| value.clone(), |literal| literal.place(at));
            Found { value: value.clone(), at, key: key.to_owned(), what, certainty }
        }));
    }
}

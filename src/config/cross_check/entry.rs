//! A table of the document, looked into without asking whether it is right.

use std::ops::Range;
use std::time::Duration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

/// A table of the document, with the place of its header.
#[derive(Clone, Copy)]
pub(super) struct Entry<'d> {
    pub(super) table: &'d DeTable<'d>,
    whole: &'d Spanned<DeValue<'d>>,
}

impl<'d> Entry<'d> {
    pub(super) fn new(whole: &'d Spanned<DeValue<'d>>) -> Option<Entry<'d>> {
        Some(Entry { table: whole.get_ref().as_table()?, whole })
    }

    pub(super) fn header(self) -> Range<usize> {
        self.whole.span()
    }

    pub(super) fn has(self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn text(self, key: &str) -> Option<(&'d str, Range<usize>)> {
        let value = self.table.get(key)?;
        Some((value.get_ref().as_str()?, value.span()))
    }

    pub(super) fn at(self, key: &str) -> Range<usize> {
        self.table.get(key).map_or(self.header(), Spanned::span)
    }

    pub(super) fn span(self, key: &str) -> Option<Duration> {
        humantime::parse_duration(self.text(key)?.0).ok()
    }

    pub(super) fn url(self, key: &str) -> Option<(Url, Range<usize>)> {
        let (text, at) = self.text(key)?;
        Some((Url::parse(text).ok()?, at))
    }

    /// The texts of a list.
    pub(super) fn texts(self, key: &str) -> impl Iterator<Item = (&'d str, Range<usize>)> {
        let items = self.table.get(key).and_then(|value| value.get_ref().as_array());
        items
            .into_iter()
            .flat_map(|items| items.iter())
            .filter_map(|item| Some((item.get_ref().as_str()?, item.span())))
    }

    /// The texts of a list, and those of lists in it.
    pub(super) fn texts_within(self, key: &str) -> Vec<(&'d str, Range<usize>)> {
        fn gather<'d>(value: &'d Spanned<DeValue<'d>>, found: &mut Vec<(&'d str, Range<usize>)>) {
            match value.get_ref() {
                DeValue::Array(items) => items.iter().for_each(|item| gather(item, found)),
                other => found.extend(other.as_str().map(|text| (text, value.span()))),
            }
        }
        let mut found = Vec::new();
        if let Some(value) = self.table.get(key) {
            gather(value, &mut found);
        }
        found
    }

    /// A whole number.
    pub(super) fn number(self, key: &str) -> Option<i64> {
        let number = self.table.get(key)?.get_ref().as_integer()?;
        i64::from_str_radix(number.as_str(), number.radix()).ok()
    }

    /// The tables of `[[key]]`, or the one of `[key]`.
    pub(super) fn tables(self, key: &str) -> Vec<Entry<'d>> {
        tables(self.table, key)
    }
}

pub(super) fn tables<'d>(table: &'d DeTable<'d>, key: &str) -> Vec<Entry<'d>> {
    match table.get(key).map(|value| (value, value.get_ref())) {
        Some((_, DeValue::Array(items))) => items.iter().filter_map(Entry::new).collect(),
        Some((value, _)) => Entry::new(value).into_iter().collect(),
        None => Vec::new(),
    }
}

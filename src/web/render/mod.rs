//! What pages are made of: figures and times in words, the chart, the style sheet.

pub(crate) mod chart;
pub(crate) mod document;
pub(crate) mod format;
pub(crate) mod markdown;
pub(crate) mod style;

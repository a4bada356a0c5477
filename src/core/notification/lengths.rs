//! How long the parts of a message may be.

/// The most characters of a headline: what a lock screen shows.
pub const HEADLINE: usize = 120;
/// The most characters of a watch's title on a page, and of a name from outside.
pub const TITLE: usize = 60;
/// The most characters of the advice on a message; all of it is on the incident's page.
pub(super) const ADVICE: usize = 1000;

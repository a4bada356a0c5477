//! Who may read, and who may act: by the API's token, signed in with it, or by a signed link.
//!
//! A handler takes a [`reader::Reader`] or an [`actor::Actor`] as an argument and checks nothing itself: a request
//! without the right is refused before the handler runs.

pub(crate) mod actor;
pub(crate) mod cookies;
pub(crate) mod link;
pub(crate) mod link_check;
pub(crate) mod name;
pub(crate) mod preferences;
pub(crate) mod reader;
pub(crate) mod session;
pub(crate) mod token;

//! Who may read, and who may act: by the API's token, signed in with it or as a person, or by a signed link.
//!
//! A handler takes a [`reader::Reader`] or an [`actor::Actor`] as an argument and checks nothing itself: a request
//! without the right is refused before the handler runs. Who is signed in, the gate has found out before:
//! [`visitor::Visit`].

pub(crate) mod acting;
pub(crate) mod actor;
pub(crate) mod cookies;
pub(crate) mod link;
pub(crate) mod link_check;
pub(crate) mod metrics;
pub(crate) mod name;
pub(crate) mod oidc;
pub(crate) mod preferences;
pub(crate) mod proxy;
pub(crate) mod reader;
mod seldom;
pub(crate) mod session;
pub(crate) mod signing_in;
pub(crate) mod token;
pub(crate) mod visitor;

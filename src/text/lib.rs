//! Text analysis: the queries of watches and their matcher, the sentiment towards a name, and safe output of texts.
//!
//! Pure: the same text gives the same answer everywhere.
//!
//! ```
//! use orszem_text::query::{About, Found, Matcher, parse};
//!
//! let query = parse("acme NOT anvil").unwrap();
//! let (matcher, mut found) = (Matcher::new([Some(&query)]), Found::default());
//! matcher.find("Acme is down again", &About::default(), &mut found);
//! assert_eq!(found.watches().count(), 1);
//!
//! // The text of a mention is sanitized before a person sees it.
//! assert_eq!(orszem_text::sanitize::line("two\r\nlines"), "two lines");
//! ```

pub mod entity;
pub mod fold;
pub mod packed;
pub mod query;
pub mod sanitize;
mod scripts;
pub mod sentiment;
pub mod truncate;

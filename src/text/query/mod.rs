//! Watches: the language of their queries, and the matcher that finds all of them in one pass over a text.

mod english;
mod fault;
mod fields;
mod hungarian;
mod implied;
mod index;
mod lex;
pub mod matcher;
mod near_miss;
mod parse;
mod pattern;
mod program;
mod sense;
mod shapes;
mod stem;
pub mod tree;
pub mod trial;
mod typed;

pub use fault::QueryFault;
pub use fields::About;
pub use matcher::{Found, Matcher, query_of, terms_query};
pub use near_miss::NearMiss;
pub use parse::{MAX_BYTES, MAX_DEPTH, MAX_DISTANCE, MAX_PARTS, MAX_WORDS_CHARS, parse};
pub use sense::examine;
pub use tree::Node;

//! Watches: the language of their queries, and the matcher that finds all of them in one pass over a text.

mod changes;
mod english;
mod fault;
mod fields;
mod hungarian;
mod implied;
mod index;
mod korean;
mod lex;
mod lint;
pub mod matcher;
mod near_miss;
mod normalize;
mod parse;
mod pattern;
pub mod preview;
mod program;
#[cfg(test)]
mod scripts_tests;
mod shapes;
mod stem;
pub mod tree;

pub use fault::QueryFault;
pub use fields::About;
pub use lint::examine;
pub use matcher::{Found, Matcher, query_of, terms_query};
pub use parse::{MAX_BYTES, MAX_DEPTH, MAX_DISTANCE, MAX_PARTS, MAX_WORDS_CHARS, parse};
pub use tree::Node;

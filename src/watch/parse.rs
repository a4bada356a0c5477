//! The parser: a query's text to its tree, or its first fault.
//!
//! ```text
//! any   = all (["OR"] all)*                a plain list is OR
//! all   = not (("AND" | "AND NOT" | "NOT") not)*
//! not   = "NOT" not | near
//! near  = one ("NEAR/n" one)*
//! one   = "(" any ")" | words | words "~n" | field
//! ```

use std::ops::Range;

use super::fault::QueryFault;
use super::fields;
use super::fold::folded;
use super::lex::{Lexed, Token, lex};
use super::tree::{How, Node, Words};

/// The longest query, in bytes.
pub const MAX_BYTES: usize = 16 * 1024;
/// The most words, phrases and fields of a query.
pub const MAX_PARTS: usize = 1_000;
/// The deepest nesting of brackets and NOTs.
pub const MAX_DEPTH: usize = 32;
/// The longest word or phrase, in characters.
pub const MAX_WORDS_CHARS: usize = 200;
/// The largest distance of NEAR.
pub const MAX_DISTANCE: u16 = 100;

/// Reads a query.
///
/// # Errors
/// The first fault, with its place.
pub fn parse(query: &str) -> Result<Node, QueryFault> {
    parse_placed(query).map(|(node, _)| node)
}

/// Reads a query; also what looks odd in it though it can be read.
pub(super) fn parse_placed(query: &str) -> Result<(Node, Vec<QueryFault>), QueryFault> {
    if query.len() > MAX_BYTES {
        let message = format!("this query has more than {MAX_BYTES} bytes");
        return Err(QueryFault::new(0..query.len(), message, "split it into several watches"));
    }
    let tokens = lex(query)?;
    let mut parser = Parser { query, tokens, at: 0, parts: 0, depth: 0, odd: Vec::new() };
    if parser.tokens.is_empty() {
        return Err(QueryFault::new(0..query.len(), "this query is empty", "name what to look for"));
    }
    let node = parser.any()?;
    match parser.tokens.get(parser.at) {
        None => Ok((node, parser.odd)),
        Some(Lexed { at, .. }) => {
            Err(QueryFault::new(at.clone(), "this bracket closes nothing", "leave it out, or open it before"))
        }
    }
}

/// Whether a word or phrase reads as itself without quotes.
pub(super) fn reads_bare(text: &str) -> bool {
    let reads = |written: &str, how: How| {
        let is = |token: &Token| matches!(token, Token::Words(words) if words.text == text && words.how == how);
        lex(written).is_ok_and(|tokens| tokens.len() == 1 && is(&tokens[0].token))
    };
    // A star or an equals sign next to it must not change what it is.
    reads(text, How::Inflected) && reads(&format!("={text}"), How::Exact) && reads(&format!("{text}*"), How::Prefix)
}

struct Parser<'q> {
    query: &'q str,
    tokens: Vec<Lexed>,
    at: usize,
    parts: usize,
    depth: usize,
    odd: Vec<QueryFault>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|lexed| &lexed.token)
    }

    fn here(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.query.len()..self.query.len(), |lexed| lexed.at.clone())
    }

    fn any(&mut self) -> Result<Node, QueryFault> {
        let mut nodes = vec![self.all()?];
        let (mut listed, mut mixed) = (None, matches!(nodes[0], Node::And(_)));
        loop {
            match self.peek() {
                Some(Token::Or) => self.at += 1,
                None | Some(Token::Close) => break,
                _ => listed = listed.or(Some(self.here())),
            }
            let before = self.at;
            let node = self.all()?;
            mixed |= self.tokens[before..self.at].iter().any(|lexed| matches!(lexed.token, Token::And));
            nodes.push(node);
        }
        if let Some(at) = listed {
            let field = nodes.iter().any(|node| matches!(node, Node::Field(_)));
            if mixed || field {
                let message = if field {
                    "a list is OR: the field here is enough by itself"
                } else {
                    "a list is OR, and AND binds closer"
                };
                self.odd.push(QueryFault::new(at, message, "write AND or OR between all parts, with brackets"));
            }
        }
        Ok(Node::or(nodes))
    }

    fn all(&mut self) -> Result<Node, QueryFault> {
        let mut nodes = vec![self.not()?];
        loop {
            match self.peek() {
                Some(Token::And) => {
                    self.at += 1;
                    nodes.push(self.not()?);
                }
                Some(Token::Not) => nodes.push(self.not()?),
                _ => return Ok(Node::and(nodes)),
            }
        }
    }

    fn not(&mut self) -> Result<Node, QueryFault> {
        if self.peek() != Some(&Token::Not) {
            return self.near();
        }
        let at = self.here();
        self.deeper(at)?;
        self.at += 1;
        let inner = self.not()?;
        self.depth -= 1;
        Ok(Node::Not(Box::new(inner)))
    }

    fn near(&mut self) -> Result<Node, QueryFault> {
        let start = self.here().start;
        let mut left = self.one()?;
        let mut nested = 0;
        while let Some(Token::Near(distance, ordered)) = self.peek().cloned() {
            self.near_side(&left, start..self.here().start)?;
            let at = self.here();
            self.at += 1;
            nested += 1;
            if nested > MAX_DEPTH {
                return Err(QueryFault::new(
                    at,
                    format!("more than {MAX_DEPTH} NEARs in a row"),
                    "use brackets and OR",
                ));
            }
            let begins = self.here().start;
            let right = self.one()?;
            let ends = self.tokens.get(self.at - 1).map_or(begins, |lexed| lexed.at.end);
            self.near_side(&right, begins..ends)?;
            left = Node::Near { distance, ordered, left: Box::new(left), right: Box::new(right) };
        }
        Ok(left)
    }

    /// Both sides of a NEAR must be places in the text.
    fn near_side(&self, node: &Node, at: Range<usize>) -> Result<(), QueryFault> {
        fn is_place(node: &Node) -> bool {
            match node {
                Node::Words(_) | Node::Near { .. } => true,
                Node::Or(nodes) => nodes.iter().all(is_place),
                Node::Field(_) | Node::Not(_) | Node::And(_) => false,
            }
        }
        if is_place(node) {
            return Ok(());
        }
        let help = "put words, phrases or (one OR other) on either side, and join the rest by AND outside";
        Err(QueryFault::new(at, "NEAR is about places in the text, and this is none", help))
    }

    fn one(&mut self) -> Result<Node, QueryFault> {
        let at = self.here();
        let Some(token) = self.peek().cloned() else {
            let help = "name what to look for, or leave the operator out";
            return Err(QueryFault::new(at, "something is missing at the end", help));
        };
        self.at += 1;
        match token {
            Token::Open => {
                self.deeper(at.clone())?;
                if self.peek() == Some(&Token::Close) {
                    return Err(QueryFault::new(
                        at.start..self.here().end,
                        "nothing is in these brackets",
                        "leave them out",
                    ));
                }
                let inner = self.any()?;
                self.depth -= 1;
                if self.peek() != Some(&Token::Close) {
                    return Err(QueryFault::new(at, "this bracket is never closed", "add \")\" where it ends"));
                }
                self.at += 1;
                Ok(inner)
            }
            Token::Words(words) => {
                self.part(&at)?;
                check_words(&words, &at)?;
                self.note_oddities(&words, &at);
                Ok(Node::Words(words))
            }
            Token::Within(words, distance) => self.within(words, distance, &at),
            Token::Field(name, value) => {
                self.part(&at)?;
                fields::field(&name, &value, at)
            }
            Token::Close => {
                Err(QueryFault::new(at, "nothing stands before this bracket", "leave it out, or open it before"))
            }
            Token::And | Token::Or | Token::Not | Token::Near(..) => {
                let operator = self.query.get(at.clone()).unwrap_or_default();
                let help = format!(
                    "name what to look for on both sides of {operator}; as a word it stands in quotes: \"{operator}\""
                );
                Err(QueryFault::new(at, format!("{operator} has nothing before it"), help))
            }
        }
    }

    /// `"one other"~5` is one NEAR/5 other.
    fn within(&mut self, words: Vec<String>, distance: u16, at: &Range<usize>) -> Result<Node, QueryFault> {
        if words.len() > MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} words that are to be near each other");
            return Err(QueryFault::new(at.clone(), message, "name those that matter"));
        }
        let mut chain: Option<Node> = None;
        for text in words {
            self.part(at)?;
            let words = Words { text, how: How::Inflected };
            check_words(&words, at)?;
            let word = Node::Words(words);
            chain = Some(match chain {
                None => word,
                Some(left) => Node::Near { distance, ordered: false, left: Box::new(left), right: Box::new(word) },
            });
        }
        chain.ok_or_else(|| QueryFault::new(at.clone(), "nothing is in these quotes", "leave them out"))
    }

    fn deeper(&mut self, at: Range<usize>) -> Result<(), QueryFault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(QueryFault::new(
                at,
                format!("this query nests deeper than {MAX_DEPTH} levels"),
                "take brackets away",
            ));
        }
        Ok(())
    }

    fn part(&mut self, at: &Range<usize>) -> Result<(), QueryFault> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            let message = format!("this query has more than {MAX_PARTS} words, phrases and fields");
            return Err(QueryFault::new(at.clone(), message, "split it into several watches"));
        }
        Ok(())
    }

    fn note_oddities(&mut self, words: &Words, at: &Range<usize>) {
        let quoted = self.query.as_bytes().get(at.start) == Some(&b'"');
        if words.how == How::Inflected && !quoted && matches!(words.text.as_str(), "and" | "or" | "not" | "near") {
            let capitals = words.text.to_uppercase();
            let message = format!("\"{}\" is a word here, and will be looked for", words.text);
            self.odd.push(QueryFault::new(at.clone(), message, format!("operators are in capitals: {capitals}")));
        }
        if words.how == How::Inflected && !quoted && is_like_near(&words.text) {
            let message = format!("\"{}\" is looked for as words here", words.text);
            let help = "write NEAR/5, or NEAR/5f where the left one comes first; as words they stand in quotes";
            self.odd.push(QueryFault::new(at.clone(), message, help));
        }
        let inner = words.text.trim_matches(|c: char| !c.is_alphanumeric());
        if !quoted && words.how != How::Exact && inner.contains('?') {
            let message = format!("the ? in \"{}\" stands for itself, not for any letter", words.text);
            self.odd.push(QueryFault::new(at.clone(), message, "write (one OR other), or word* with an open end"));
        }
        let folded = folded(&words.text);
        if folded.chars().count() == 1 && folded.is_ascii() {
            let message = format!("{words} is a single character and will match far too much");
            self.odd.push(QueryFault::new(at.clone(), message, "a name or a phrase finds what is meant"));
        }
    }
}

/// Whether a word looks like an operator of distance that others have, or that is not in capitals: `near/5`, `W/3`.
fn is_like_near(text: &str) -> bool {
    let Some((name, number)) = text.split_once('/') else { return false };
    let number = number.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    ["near", "onear", "w", "within", "adj", "pre", "n"].contains(&name.to_ascii_lowercase().as_str())
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
}

/// Whether these words can be looked for.
pub(super) fn check_words(words: &Words, at: &Range<usize>) -> Result<(), QueryFault> {
    let fault = |message: String, help: &str| Err(QueryFault::new(at.clone(), message, help));
    let folded = folded(&words.text);
    if folded.chars().all(|c| c.is_whitespace() || "@#$".contains(c)) {
        return fault("nothing to look for is left of this".to_owned(), "it needs a letter, a digit or a sign");
    }
    if words.text.chars().count() > MAX_WORDS_CHARS {
        return fault(format!("this has more than {MAX_WORDS_CHARS} characters"), "name the words that matter");
    }
    if words.how == How::Prefix {
        let last = folded.rsplit(' ').next().unwrap_or_default();
        if last.chars().filter(|c| c.is_alphanumeric()).count() < 2 || !last.ends_with(char::is_alphanumeric) {
            return fault("too little stands before the star".to_owned(), "give at least two letters: te*");
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "parse_tests.rs"]
pub(super) mod tests;

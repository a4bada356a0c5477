//! The parser: turns a query into a tree, or reports its faults. After a fault it continues, to find further ones.
//!
//! ```text
//! any   = all (["OR"] all)*                a plain list is OR
//! all   = not (("AND" | "AND NOT" | "NOT") not)*
//! not   = "NOT" not | near
//! near  = one ("NEAR/n" one)*
//! one   = "(" any ")" | words | words "~n" | field | name ":(" any ")"
//! ```

use std::ops::Range;

use super::fault::{Diagnostics, QueryFault};
use super::fields;
use super::lex::{Lexed, Token, Tokens, Written, lex};
use super::normalize::Normalized;
use super::tree::{How, Node, Words};
use crate::fold::folded;

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
/// The first fault, with its place; [`super::examine`] reports all.
pub fn parse(query: &str) -> Result<Node, QueryFault> {
    parse_placed(query).map(|(node, _)| node).map_err(|mut faults| faults.swap_remove(0))
}

/// Parses a query, and returns warnings about it.
///
/// # Errors
/// Its faults, at least one, in the order of the query.
pub(super) fn parse_placed(query: &str) -> Result<(Node, Vec<QueryFault>), Vec<QueryFault>> {
    if query.len() > MAX_BYTES {
        let message = format!("this query has more than {MAX_BYTES} bytes");
        return Err(vec![QueryFault::new(0..query.len(), message, "split it into several watches")]);
    }
    let normalized = Normalized::new(query);
    let mut tokens = lex(&normalized.text);
    if tokens.list.is_empty() {
        return Err(vec![QueryFault::new(0..query.len(), "this query is empty", "say what to look for")]);
    }
    let brackets = pair_brackets(&mut tokens);
    let diagnostics = Diagnostics { faults: tokens.faults, warnings: Vec::new() };
    let mut parser = Parser {
        query: &normalized.text,
        tokens: tokens.list,
        at: 0,
        parts: 0,
        depth: 0,
        stopped: false,
        field: None,
        diagnostics,
    };
    // The query may have consisted of unmatched brackets only.
    let node = if parser.tokens.is_empty() { nothing() } else { parser.any() };
    let Diagnostics { mut faults, warnings } = parser.diagnostics;
    // After the others: faults that stop the parser must be among the first.
    faults.extend(brackets);
    let placed = |found: Vec<QueryFault>| {
        Diagnostics::in_order(found.into_iter().map(|fault| normalized.placed(fault)).collect::<Vec<QueryFault>>())
    };
    if faults.is_empty() { Ok((node, placed(warnings))) } else { Err(placed(faults)) }
}

/// Removes unmatched closing brackets, and closes unclosed ones at the end, so that the rest can be parsed. Returns the
/// faults of both.
fn pair_brackets(tokens: &mut Tokens) -> Vec<QueryFault> {
    let (mut faults, mut open) = (Vec::new(), Vec::new());
    tokens.list.retain(|Lexed { token, at }| {
        match token {
            Token::Open => open.push(at.clone()),
            Token::Close if open.pop().is_none() => {
                let help = "remove it, or add the opening bracket";
                faults.push(QueryFault::new(at.clone(), "this bracket has no opening bracket", help));
                return false;
            }
            _ => {}
        }
        true
    });
    let end = tokens.list.last().map_or(0, |last| last.at.end);
    for at in open {
        if !tokens.swallowed {
            faults.push(QueryFault::new(at, "this bracket is never closed", "add \")\" where it ends"));
        }
        tokens.list.push(Lexed { token: Token::Close, at: end..end });
    }
    faults
}

/// The placeholder for an invalid part.
fn nothing() -> Node {
    Node::Words(Words { text: String::new(), how: How::Inflected })
}

/// Whether a word or phrase can be written without quotes.
pub(super) fn reads_bare(text: &str) -> bool {
    let reads = |written: &str, how: How| {
        let is = |token: &Token| matches!(token, Token::Words(words) if words.text == text && words.how == how);
        let tokens = lex(&Normalized::new(written).text);
        tokens.faults.is_empty() && tokens.list.len() == 1 && is(&tokens.list[0].token)
    };
    // A star or an equals sign next to it must not change its meaning.
    reads(text, How::Inflected) && reads(&format!("={text}"), How::Exact) && reads(&format!("{text}*"), How::Prefix)
}

struct Parser<'q> {
    query: &'q str,
    tokens: Vec<Lexed>,
    at: usize,
    parts: usize,
    depth: usize,
    /// Too deep or too large: the rest is ignored.
    stopped: bool,
    /// The field whose values stand in the brackets that are read: `domain:(one.com OR other.com)`.
    field: Option<String>,
    diagnostics: Diagnostics,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|lexed| &lexed.token)
    }

    /// The place of the next token, or the end.
    fn here(&self) -> Range<usize> {
        let end = self.tokens.last().map_or(0, |last| last.at.end);
        self.tokens.get(self.at).map_or(end..end, |lexed| lexed.at.clone())
    }

    fn fault(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        if !self.stopped {
            self.diagnostics.faults.push(QueryFault::new(at, message, help));
        }
    }

    /// Reports a fault and stops the parser.
    fn stop(&mut self, at: Range<usize>, message: String, help: &str) {
        self.fault(at, message, help);
        self.stopped = true;
        self.at = self.tokens.len();
    }

    fn warn(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.warnings.push(QueryFault::new(at, message, help));
    }

    fn any(&mut self) -> Node {
        let mut nodes = vec![self.all()];
        let (mut listed, mut mixed) = (None, matches!(nodes[0], Node::And(_)));
        loop {
            match self.peek() {
                Some(Token::Or) => self.at += 1,
                None | Some(Token::Close) => break,
                _ => listed = listed.or(Some(self.here())),
            }
            let before = self.at;
            let node = self.all();
            mixed |= self.tokens[before..self.at].iter().any(|lexed| matches!(lexed.token, Token::And));
            nodes.push(node);
        }
        if let Some(at) = listed.filter(|_| self.field.is_none()) {
            let field = nodes.iter().any(|node| matches!(node, Node::Field(_)));
            if mixed || field {
                let message = if field {
                    "a list means OR, so the field alone is enough to match"
                } else {
                    "a list means OR, and AND binds more tightly"
                };
                self.warn(at, message, "write AND or OR between all parts, with brackets");
            }
        }
        Node::or(nodes)
    }

    fn all(&mut self) -> Node {
        let mut nodes = vec![self.not()];
        loop {
            match self.peek() {
                Some(Token::And) => {
                    self.at += 1;
                    nodes.push(self.not());
                }
                Some(Token::Not) => nodes.push(self.not()),
                _ => return Node::and(nodes),
            }
        }
    }

    fn not(&mut self) -> Node {
        if self.peek() != Some(&Token::Not) {
            return self.near();
        }
        if !self.deeper() {
            return nothing();
        }
        self.at += 1;
        let inner = self.not();
        self.depth -= 1;
        Node::Not(Box::new(inner))
    }

    fn near(&mut self) -> Node {
        let start = self.here().start;
        let mut left = self.one();
        let mut nested = 0;
        while let Some(Token::Near(distance, ordered)) = self.peek().cloned() {
            let at = self.here();
            self.near_side(&left, start..at.start);
            self.at += 1;
            nested += 1;
            if nested > MAX_DEPTH {
                self.stop(at, format!("more than {MAX_DEPTH} NEARs in a row"), "use brackets and OR");
                break;
            }
            let begins = self.here().start;
            let right = if self.peek() == Some(&Token::Not) { self.near_not() } else { self.one() };
            let ends = self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(begins, |last| last.at.end);
            self.near_side(&right, begins..ends.max(begins));
            left = Node::Near { distance, ordered, left: Box::new(left), right: Box::new(right) };
        }
        left
    }

    /// `one NEAR/3 NOT other`.
    fn near_not(&mut self) -> Node {
        let help = "move it outside: (one NEAR/3 other) AND NOT third";
        self.fault(self.here(), "NEAR needs words on both sides, so it cannot have NOT there", help);
        self.not();
        nothing()
    }

    /// Both sides of a NEAR must be places in the text.
    fn near_side(&mut self, node: &Node, at: Range<usize>) {
        fn is_place(node: &Node) -> bool {
            match node {
                Node::Words(_) | Node::Near { .. } => true,
                Node::Or(nodes) => nodes.iter().all(is_place),
                Node::Field(_) | Node::Not(_) | Node::And(_) => false,
            }
        }
        if !is_place(node) {
            let help = "put words, phrases or (one OR other) on each side, and combine the rest with AND outside";
            self.fault(at, "NEAR needs words of the text on both sides", help);
        }
    }

    fn one(&mut self) -> Node {
        let skipped = self.skip_operators();
        let at = self.here();
        match self.peek().cloned() {
            // An operator without a left side may also lack a right side: one fault is enough.
            None | Some(Token::Close) if skipped => nothing(),
            Some(token) if token != Token::Close => {
                self.at += 1;
                self.operand(token, at)
            }
            _ => {
                let place = if at.is_empty() { "at the end" } else { "before this bracket" };
                let help = "say what to look for, or remove the operator";
                self.fault(at, format!("something is missing {place}"), help);
                nothing()
            }
        }
    }

    /// Skips operators that have no left side, with one fault for all of them. Returns whether there were any.
    fn skip_operators(&mut self) -> bool {
        let at = self.here();
        let is_operator = |token: Option<&Token>| matches!(token, Some(Token::And | Token::Or | Token::Near(..)));
        if !is_operator(self.peek()) {
            return false;
        }
        let operator = self.query.get(at.clone()).unwrap_or_default();
        let help = format!(
            "say what to look for on both sides of {operator}; to search for the word itself, put it in quotes: \"{operator}\""
        );
        self.fault(at, format!("{operator} has nothing before it"), help);
        while is_operator(self.peek()) {
            self.at += 1;
        }
        true
    }

    fn operand(&mut self, token: Token, at: Range<usize>) -> Node {
        match token {
            Token::Open => {
                if !self.deeper() {
                    return nothing();
                }
                let node = if self.peek() == Some(&Token::Close) {
                    let end = self.here();
                    if !end.is_empty() {
                        self.fault(at.start..end.end, "these brackets are empty", "remove them");
                    }
                    nothing()
                } else {
                    self.any()
                };
                self.depth = self.depth.saturating_sub(1);
                // Every bracket has its closing one, unless the parser stopped.
                self.at += usize::from(self.peek() == Some(&Token::Close));
                node
            }
            Token::Words(words) if self.field.is_some() => {
                let name = self.field.clone().unwrap_or_default();
                if !self.part(&at) {
                    return nothing();
                }
                let star = words.how == How::Prefix;
                let value = Written { text: words.text, at: at.clone(), star, quoted: false };
                fields::field(&name, &value, at, &mut self.diagnostics).unwrap_or_else(nothing)
            }
            Token::Within(..) if self.field.is_some() => {
                self.fault(at, "a distance has no meaning among the values of a field", "write the values alone");
                nothing()
            }
            Token::Field(name, value)
                if value.text.is_empty()
                    && fields::is_name(&name)
                    && self.peek() == Some(&Token::Open)
                    && self.here().start == at.end =>
            {
                let outer = self.field.replace(name);
                let open = self.here();
                self.at += 1;
                let node = self.operand(Token::Open, open);
                self.field = outer;
                node
            }
            Token::Words(words) => {
                if self.part(&at) && self.is_good(&words, &at) {
                    self.note_warnings(&words, &at);
                }
                Node::Words(words)
            }
            Token::Within(words, distance) => self.within(words, distance, &at),
            Token::Field(name, value) => {
                if !self.part(&at) {
                    return nothing();
                }
                let node = fields::field(&name, &value, at.clone(), &mut self.diagnostics).unwrap_or_else(nothing);
                if let Node::Words(words) = &node
                    && *words.text != *""
                {
                    self.is_good(words, &at);
                }
                node
            }
            // Invalid text, or an operator in the wrong place.
            Token::Bad | Token::Close | Token::And | Token::Or | Token::Not | Token::Near(..) => nothing(),
        }
    }

    fn is_good(&mut self, words: &Words, at: &Range<usize>) -> bool {
        let fault = check_words(words, at).err();
        let good = fault.is_none();
        self.diagnostics.faults.extend(fault.filter(|_| !self.stopped));
        good
    }

    /// `"one other"~5` is one NEAR/5 other.
    fn within(&mut self, words: Vec<String>, distance: u16, at: &Range<usize>) -> Node {
        if words.len() > MAX_DEPTH {
            let message = format!("this phrase with a distance has more than {MAX_DEPTH} words");
            self.fault(at.clone(), message, "keep only the important ones");
            return nothing();
        }
        let mut chain: Option<Node> = None;
        for text in words {
            if !self.part(at) {
                break;
            }
            let words = Words { text, how: How::Inflected };
            self.is_good(&words, at);
            let word = Node::Words(words);
            chain = Some(match chain {
                None => word,
                Some(left) => Node::Near { distance, ordered: false, left: Box::new(left), right: Box::new(word) },
            });
        }
        chain.unwrap_or_else(nothing)
    }

    /// Enters a level; returns whether that is allowed.
    fn deeper(&mut self) -> bool {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            // A bracket is already consumed here, a NOT is not.
            let opened = self.at.checked_sub(1).and_then(|last| self.tokens.get(last));
            let at = opened.filter(|last| last.token == Token::Open).map_or(self.here(), |last| last.at.clone());
            self.stop(at, format!("this query nests deeper than {MAX_DEPTH} levels"), "remove brackets");
        }
        !self.stopped
    }

    /// Counts a part; returns whether it is allowed.
    fn part(&mut self, at: &Range<usize>) -> bool {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            let message = format!("this query has more than {MAX_PARTS} words, phrases and fields");
            self.stop(at.clone(), message, "split it into several watches");
        }
        !self.stopped
    }

    fn note_warnings(&mut self, words: &Words, at: &Range<usize>) {
        let written = self.query.get(at.clone()).unwrap_or_default();
        let text = words.text.as_str();
        let bare = words.how != How::Exact && !written.starts_with(opens_phrase);
        if written.starts_with('\'') {
            let help = "put a phrase in double quotes: \"magyar posta\"";
            self.warn(at.clone(), "' is not a quotation mark here: each word is searched for separately", help);
        }
        if words.how == How::Inflected && bare && matches!(text, "and" | "or" | "not" | "near") {
            let capitals = text.to_uppercase();
            let message = format!("\"{text}\" is an ordinary word here, and is searched for");
            self.warn(at.clone(), message, format!("write operators in capitals: {capitals}"));
        }
        if words.how == How::Inflected && bare && is_like_near(text) {
            let message = format!("\"{text}\" is not an operator here, and is searched for as words");
            let help = "write NEAR/5, or NEAR/5f if the left one must come first; to search for these words, put them in quotes";
            self.warn(at.clone(), message, help);
        }
        let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
        if bare && inner.contains('?') {
            let message = format!("the ? in \"{text}\" is a literal question mark, not a wildcard");
            self.warn(at.clone(), message, "write (one OR other), or word* for any ending");
        }
        if let Some((sign, help)) = others_sign(text).filter(|_| bare) {
            let message = format!("the {sign} in \"{text}\" is searched for literally");
            self.warn(at.clone(), message, help);
        }
        let folded = folded(text);
        let last = folded.chars().rev().find(|letter| letter.is_alphabetic());
        if words.how == How::Inflected && last.is_some_and(crate::scripts::has_unknown_endings) {
            let message = format!("{words} matches as a whole word: what is written together with it is not known");
            let help = format!("add other forms with OR, or write {text}* for any ending");
            self.warn(at.clone(), message, help);
        }
        let is_short = |letter: char| letter.is_ascii() || crate::scripts::is_unspaced(letter);
        if folded.chars().count() == 1 && folded.chars().all(is_short) {
            let message = format!("{words} is a single character and will match far too much");
            self.warn(at.clone(), message, "use a name or a phrase");
        }
    }
}

/// Whether a phrase in quotes or braces begins with this character.
fn opens_phrase(character: char) -> bool {
    super::lex::is_quote(character) || super::lex::is_of_pair(character) || matches!(character, '‘' | '‚' | '{')
}

/// A sign with a meaning in other tools, and what to write here instead.
fn others_sign(text: &str) -> Option<(&'static str, &'static str)> {
    const SIGNS: [(&str, &str); 6] = [
        ("[", "write groups in ( )"),
        ("]", "write groups in ( )"),
        ("~", "similar words are not matched: write (one OR other); after a phrase it is a distance: \"one other\"~5"),
        ("^", "words have no weights: remove it"),
        (">=", "only followers can be compared: followers:>=10000"),
        ("<=", "only followers can be compared: followers:<=10000"),
    ];
    if !text.contains(char::is_alphanumeric) {
        return None;
    }
    if let Some((name, _)) = text.split_once(['=', '<', '>'])
        && fields::is_name(name)
    {
        return Some(("sign", "a field has a colon: lang:hu, source:news"));
    }
    SIGNS.into_iter().find(|(sign, _)| text.contains(sign))
}

/// Whether a word looks like another tool's distance operator, or like one in small letters: `near/5`, `W/3`.
fn is_like_near(text: &str) -> bool {
    let Some((name, number)) = text.split_once('/') else { return false };
    let number = number.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    ["near", "onear", "w", "within", "adj", "pre", "n"].contains(&name.to_ascii_lowercase().as_str())
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
}

/// Checks that these words can be searched for.
pub(super) fn check_words(words: &Words, at: &Range<usize>) -> Result<(), QueryFault> {
    let fault = |message: String, help: &str| Err(QueryFault::new(at.clone(), message, help));
    let folded = folded(&words.text);
    if folded.chars().all(|c| c.is_whitespace() || "@#$_".contains(c)) {
        return fault("there is nothing to search for in this".to_owned(), "it needs a letter, a digit or a sign");
    }
    if words.text.chars().count() > MAX_WORDS_CHARS {
        return fault(format!("this has more than {MAX_WORDS_CHARS} characters"), "keep only the important words");
    }
    if words.how == How::Prefix {
        let last = folded.rsplit(' ').next().unwrap_or_default();
        if last.chars().filter(|c| c.is_alphanumeric()).count() < 2 || !last.ends_with(char::is_alphanumeric) {
            return fault("too few letters before the star".to_owned(), "give at least two letters: te*");
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "parse_tests.rs"]
pub(super) mod tests;

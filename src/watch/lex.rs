//! A query's text to its tokens, each with its place.

use std::ops::Range;

use super::fault::QueryFault;
use super::parse::MAX_DISTANCE;
use super::tree::{How, Words};

/// A piece of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    /// The distance, and whether the order counts.
    Near(u16, bool),
    Words(Words),
    /// Words of which each is at most so far from those before it: `"one other"~5`.
    Within(Vec<String>, u16),
    /// A name and its value as written, without quotes; the places are those of the token.
    Field(String, Written),
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) text: String,
    /// Where it stands in the query.
    pub(super) at: Range<usize>,
    /// Whether a star follows.
    pub(super) star: bool,
    pub(super) quoted: bool,
}

/// A token and its place in bytes.
#[derive(Clone, Debug)]
pub(super) struct Lexed {
    pub(super) token: Token,
    pub(super) at: Range<usize>,
}

/// Straight and curly quotes do the same: word processors put the latter.
pub(super) fn is_quote(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '‟')
}

pub(super) fn lex(query: &str) -> Result<Vec<Lexed>, QueryFault> {
    let mut lexer = Lexer { query, at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'q> {
    query: &'q str,
    at: usize,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.query[self.at..].chars().next()
    }

    fn skip(&mut self, character: char) {
        self.at += character.len_utf8();
    }

    fn token(&mut self) -> Result<Option<Lexed>, QueryFault> {
        while let Some(character) = self.peek().filter(|c| c.is_whitespace() || *c == ',' || *c == ';') {
            self.skip(character);
        }
        let start = self.at;
        let Some(first) = self.peek() else { return Ok(None) };
        let token = match first {
            '(' => {
                self.skip(first);
                Token::Open
            }
            ')' => {
                self.skip(first);
                Token::Close
            }
            _ if is_quote(first) => {
                let quoted = self.quoted()?;
                self.phrase(quoted, start)?
            }
            '=' => {
                self.skip(first);
                self.exact(start)?
            }
            '{' => self.braces(start)?,
            _ => self.word(start)?,
        };
        Ok(Some(Lexed { token, at: start..self.at }))
    }

    /// A text in quotes: what it says, and whether a star ends it.
    fn quoted(&mut self) -> Result<(String, bool), QueryFault> {
        let start = self.at;
        let (mut text, mut star) = (String::new(), false);
        if let Some(quote) = self.peek() {
            self.skip(quote);
        }
        while let Some(character) = self.peek() {
            self.skip(character);
            if is_quote(character) {
                if star {
                    text.pop();
                }
                return Ok((text.split_whitespace().collect::<Vec<_>>().join(" "), star));
            }
            star = character == '*';
            match (character, self.peek()) {
                ('\\', Some(escaped)) => {
                    self.skip(escaped);
                    text.push(escaped);
                }
                _ => text.push(character),
            }
        }
        let end = self.query[start..].chars().next().map_or(start, |quote| start + quote.len_utf8());
        Err(QueryFault::new(start..end, "this quote is never closed", "add \" where the phrase ends"))
    }

    /// What a quoted text is: a phrase, or one whose words are near each other: `"one other"~5`.
    fn phrase(&mut self, (text, star): (String, bool), start: usize) -> Result<Token, QueryFault> {
        if text.is_empty() {
            return Err(QueryFault::new(start..self.at, "nothing is in these quotes", "leave them out"));
        }
        if self.peek() == Some('~') {
            let sign = self.at;
            let (number, more) = self.bare();
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            return match distance_of(&number[1..]).filter(|_| !star && !more && words.len() > 1) {
                Some(distance) => Ok(Token::Within(words, distance)),
                None => {
                    let message = format!("~ stands between a phrase and a distance of 1 to {MAX_DISTANCE} words");
                    Err(QueryFault::new(sign..self.at, message, "write \"one other\"~5, or one NEAR/5 other"))
                }
            };
        }
        Ok(Token::Words(Words { text, how: if star { How::Prefix } else { How::Inflected } }))
    }

    /// `{word}` and `{a phrase}`: as `=word`, for those who come with such queries.
    fn braces(&mut self, start: usize) -> Result<Token, QueryFault> {
        let Some(end) = self.query[start..].find('}').map(|length| start + length) else {
            let help = "add } where it ends, or write =word";
            return Err(QueryFault::new(start..start + 1, "this brace is never closed", help));
        };
        self.at = end + 1;
        let text = self.query[start + 1..end].split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Err(QueryFault::new(start..self.at, "nothing is in these braces", "leave them out"));
        }
        Ok(Token::Words(Words { text, how: How::Exact }))
    }

    /// `=word` and `="a phrase"`.
    fn exact(&mut self, start: usize) -> Result<Token, QueryFault> {
        let (text, star) = match self.peek() {
            Some(quote) if is_quote(quote) => self.quoted()?,
            _ => self.bare(),
        };
        if text.is_empty() {
            return Err(QueryFault::new(
                start..self.at.max(start + 1),
                "nothing follows the =",
                "write =word, without a space",
            ));
        }
        if star {
            let help = "leave one of them out: =word is that word alone, word* any that begins so";
            return Err(QueryFault::new(start..self.at, "a word cannot be both exact and a beginning", help));
        }
        Ok(Token::Words(Words { text, how: How::Exact }))
    }

    /// Characters up to a space, a bracket, a quote, or a comma between letters; one at the end does not count.
    fn bare(&mut self) -> (String, bool) {
        let start = self.at;
        while let Some(character) = self.peek() {
            if character.is_whitespace() || matches!(character, '(' | ')') || is_quote(character) {
                break;
            }
            let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
            if matches!(character, ',' | ';')
                && is_letter(self.query[start..self.at].chars().next_back())
                && is_letter(self.query[self.at + 1..].chars().next())
            {
                break;
            }
            self.skip(character);
        }
        let whole = &self.query[start..self.at];
        let text = whole.trim_end_matches([',', ';']);
        self.at = start + text.len();
        match text.strip_suffix('*') {
            Some(beginning) => (beginning.to_owned(), true),
            None => (text.to_owned(), false),
        }
    }

    fn word(&mut self, start: usize) -> Result<Token, QueryFault> {
        let name: usize = self.query[start..].bytes().take_while(|b| b.is_ascii_alphabetic() || *b == b'_').count();
        if name > 0 && self.query[start + name..].starts_with(':') {
            return self.field(start, start + name);
        }
        let (text, star) = self.bare();
        let at = start..self.at;
        match text.as_str() {
            "AND" | "OR" | "NOT" if star => {}
            "AND" => return Ok(Token::And),
            "OR" => return Ok(Token::Or),
            "NOT" => return Ok(Token::Not),
            near if near == "NEAR" || near.starts_with("NEAR/") => return distance(near, at),
            _ => {}
        }
        if let Some(inside) = text.find('*').or(text.starts_with('*').then_some(0)) {
            let help = "only the end of a word is open: word*; in quotes \\* is a star itself";
            return Err(QueryFault::new(start + inside..start + inside + 1, "a star can only end a word", help));
        }
        if text.is_empty() {
            return Err(QueryFault::new(
                at,
                "a star alone would match everything",
                "write the beginning of a word: tele*",
            ));
        }
        if text.starts_with(['+', '-', '!']) && text.len() > 1 && text.chars().nth(1).is_some_and(char::is_alphanumeric)
        {
            let help =
                if text.starts_with('+') { "write AND between what must all be there" } else { "write AND NOT word" };
            return Err(QueryFault::new(start..start + 1, "this sign has no meaning here", help));
        }
        if matches!(text.as_str(), "&&" | "||" | "&" | "|") {
            let help = if text.starts_with('&') { "write AND" } else { "write OR" };
            return Err(QueryFault::new(at, "this sign has no meaning here", help));
        }
        if let Some(bar) = text.find('|') {
            return Err(QueryFault::new(start + bar..start + bar + 1, "this sign has no meaning here", "write OR"));
        }
        let how = if star { How::Prefix } else { How::Inflected };
        Ok(Token::Words(Words { text, how }))
    }

    fn field(&mut self, start: usize, colon: usize) -> Result<Token, QueryFault> {
        let name = self.query[start..colon].to_owned();
        self.at = colon + 1;
        if self.query[self.at..].starts_with("//") {
            self.bare();
            let help = "put it in quotes, or look for the host of the mention's address: domain:example.com";
            return Err(QueryFault::new(start..self.at, "an address stands in quotes", help));
        }
        let value_at = self.at;
        let (text, star, quoted) = match self.peek() {
            Some(quote) if is_quote(quote) => {
                let (text, star) = self.quoted()?;
                (text, star, true)
            }
            _ => {
                let (text, star) = self.bare();
                (text, star, false)
            }
        };
        Ok(Token::Field(name, Written { text, at: value_at..self.at, star, quoted }))
    }
}

/// `NEAR/3`, or `NEAR/3f` where the order counts.
fn distance(text: &str, at: Range<usize>) -> Result<Token, QueryFault> {
    let number = text.strip_prefix("NEAR/").unwrap_or_default();
    let (number, ordered) = number.strip_suffix('f').map_or((number, false), |number| (number, true));
    match distance_of(number) {
        Some(distance) => Ok(Token::Near(distance, ordered)),
        None => {
            let message = format!("NEAR needs a distance of 1 to {MAX_DISTANCE} words");
            Err(QueryFault::new(
                at,
                message,
                "write NEAR/5, or NEAR/5f where the left one comes first; as a word it stands in quotes",
            ))
        }
    }
}

fn distance_of(number: &str) -> Option<u16> {
    let distance = number.parse().ok().filter(|distance| (1..=MAX_DISTANCE).contains(distance))?;
    number.bytes().all(|b| b.is_ascii_digit()).then_some(distance)
}

//! The lexer: splits a query into tokens, each with its place. Invalid text becomes a token too, so that the rest is
//! still read as intended.

use std::ops::Range;

use super::fault::QueryFault;
use super::fields;
use super::parse::MAX_DISTANCE;
use super::tree::{How, Words};

/// A token of a query.
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
    /// Words, each at most this far from those before it: `"one other"~5`.
    Within(Vec<String>, u16),
    /// A name and its value as written, without quotes.
    Field(String, Written),
    /// Invalid text.
    Bad,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) text: String,
    /// Its place in the query.
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

/// Straight and curly quotes are equal, because word processors insert the latter.
pub(super) fn is_quote(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '‟')
}

/// Quotation marks in pairs, of Unicode's `Quotation_Mark` and the brackets of titles in Chinese and Japanese: one that
/// opens, and those that close it. « and » come in either order.
const PAIRS: [(char, &[char]); 13] = [
    ('«', &['«', '»']),
    ('»', &['«', '»']),
    ('‹', &['‹', '›']),
    ('›', &['‹', '›']),
    ('「', &['」']),
    ('『', &['』']),
    ('《', &['》']),
    ('〈', &['〉']),
    ('〝', &['〞', '〟']),
    ('｢', &['｣']),
    ('﹁', &['﹂']),
    ('﹃', &['﹄']),
    ('❝', &['❞']),
];

/// What closes the quote of a pair that this character opens.
fn closing(character: char) -> Option<&'static [char]> {
    PAIRS.iter().find(|(opening, _)| *opening == character).map(|(_, closing)| *closing)
}

/// Whether the character is one of a pair of quotation marks.
pub(super) fn is_of_pair(character: char) -> bool {
    PAIRS.iter().any(|(opening, closing)| *opening == character || closing.contains(&character))
}

/// Commas and semicolons of a list, in the scripts that have their own.
const LIST_MARKS: [char; 5] = [',', ';', '、', '،', '؛'];

/// Punctuation that ends a sentence does not belong to the word before it; neither do quotes that have no meaning here.
const AFTER_WORDS: [char; 7] = ['.', '!', '?', ':', '…', '\'', '’'];

/// The tokens of a query, and its faults so far.
#[derive(Default)]
pub(super) struct Tokens {
    pub(super) list: Vec<Lexed>,
    pub(super) faults: Vec<QueryFault>,
    /// Whether a quote is never closed: the text after it may contain closing brackets.
    pub(super) swallowed: bool,
}

pub(super) fn lex(query: &str) -> Tokens {
    let mut lexer = Lexer { query, at: 0, swallowed: false };
    let mut tokens = Tokens::default();
    while let Some(first) = lexer.next() {
        let start = lexer.at;
        let token = lexer.token(first).unwrap_or_else(|fault| {
            tokens.faults.push(fault);
            if lexer.at == start {
                lexer.skip(first);
            }
            Token::Bad
        });
        tokens.list.push(Lexed { token, at: start..lexer.at });
    }
    tokens.swallowed = lexer.swallowed;
    tokens
}

struct Lexer<'q> {
    query: &'q str,
    at: usize,
    swallowed: bool,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.query[self.at..].chars().next()
    }

    fn skip(&mut self, character: char) {
        self.at += character.len_utf8();
    }

    /// The character that the next token begins with.
    fn next(&mut self) -> Option<char> {
        while let Some(character) = self.peek().filter(|c| c.is_whitespace() || LIST_MARKS.contains(c)) {
            self.skip(character);
        }
        self.peek()
    }

    fn token(&mut self, first: char) -> Result<Token, QueryFault> {
        let start = self.at;
        Ok(match first {
            '(' => {
                self.skip(first);
                Token::Open
            }
            ')' => {
                self.skip(first);
                Token::Close
            }
            _ if self.opens_quote() => {
                let quoted = self.quoted()?;
                self.phrase(quoted, start)?
            }
            _ if is_of_pair(first) => {
                let help = "remove it, or add the one that opens the phrase";
                let at = start..start + first.len_utf8();
                return Err(QueryFault::new(at, "this quotation mark closes nothing", help));
            }
            '=' => {
                self.skip(first);
                self.exact(start)?
            }
            '{' => self.braces(start)?,
            _ => self.word(start)?,
        })
    }

    fn opens_quote(&self) -> bool {
        self.peek().is_some_and(|c| is_quote(c) || closing(c).is_some()) || self.single().is_some()
    }

    /// The byte at which ‘a phrase in single quotes’ ends, if one begins here: they are apostrophes as well, and the
    /// last must not be within a word.
    fn single(&self) -> Option<usize> {
        self.peek().filter(|c| matches!(c, '‘' | '‚'))?;
        let mut rest = self.query[self.at..].char_indices().skip(1).peekable();
        while let Some((at, character)) = rest.next() {
            let after = rest.peek().map(|(_, after)| *after);
            if matches!(character, '’' | '‘') && !after.is_some_and(char::is_alphanumeric) {
                return Some(self.at + at);
            }
        }
        None
    }

    /// A text in quotes: its content, and whether it ends with a star.
    fn quoted(&mut self) -> Result<(String, bool), QueryFault> {
        let start = self.at;
        let (mut text, mut star) = (String::new(), false);
        let single = self.single();
        let pair = self.peek().and_then(closing);
        if let Some(quote) = self.peek() {
            self.skip(quote);
        }
        while let Some(character) = self.peek() {
            let closes = match single {
                Some(end) => self.at == end,
                None => pair.map_or(is_quote(character), |closing| closing.contains(&character)),
            };
            self.skip(character);
            if closes {
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
        self.swallowed = true;
        Err(QueryFault::new(start..end, "this quote is never closed", "add \" where the phrase ends"))
    }

    /// A quoted text: a phrase, or words near each other: `"one other"~5`.
    fn phrase(&mut self, (text, star): (String, bool), start: usize) -> Result<Token, QueryFault> {
        if text.is_empty() {
            return Err(QueryFault::new(start..self.at, "these quotes are empty", "remove them"));
        }
        // Also `"one other" ~5`: by itself a ~5 means nothing.
        let space = self.query[self.at..].len() - self.query[self.at..].trim_start().len();
        let sign = self.at + space;
        let mut rest = self.query[sign..].chars();
        if rest.next() == Some('~') && (space == 0 || rest.next().is_some_and(|c| c.is_ascii_digit())) {
            self.at = sign;
            let (number, more) = self.bare();
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            return match distance_of(&number[1..]).filter(|_| !star && !more && words.len() > 1) {
                Some(distance) => Ok(Token::Within(words, distance)),
                None => {
                    let message = format!("~ goes between a phrase and a distance of 1 to {MAX_DISTANCE} words");
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
            return Err(QueryFault::new(start..self.at, "these braces are empty", "remove them"));
        }
        Ok(Token::Words(Words { text, how: How::Exact }))
    }

    /// `=word` and `="a phrase"`.
    fn exact(&mut self, start: usize) -> Result<Token, QueryFault> {
        let (text, star) = if self.opens_quote() { self.quoted()? } else { self.bare() };
        if text.is_empty() {
            return Err(QueryFault::new(
                start..self.at.max(start + 1),
                "nothing follows the =",
                "write =word, without a space",
            ));
        }
        if star {
            let help = "use only one of them: =word matches that word alone, word* any word that begins this way";
            return Err(QueryFault::new(start..self.at, "a word cannot have both = and *", help));
        }
        Ok(Token::Words(Words { text, how: How::Exact }))
    }

    /// Characters up to a space, a bracket, a quote, or a comma between letters; one at the end does not count.
    fn bare(&mut self) -> (String, bool) {
        let start = self.at;
        while let Some(character) = self.peek() {
            let quote = is_quote(character) || is_of_pair(character);
            if character.is_whitespace() || matches!(character, '(' | ')') || quote {
                break;
            }
            let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
            if LIST_MARKS.contains(&character)
                && is_letter(self.query[start..self.at].chars().next_back())
                && is_letter(self.query[self.at + character.len_utf8()..].chars().next())
            {
                break;
            }
            self.skip(character);
        }
        let whole = &self.query[start..self.at];
        let text = whole.trim_end_matches(LIST_MARKS);
        self.at = start + text.len();
        match text.strip_suffix('*') {
            Some(beginning) => (beginning.to_owned(), true),
            None => (text.to_owned(), false),
        }
    }

    fn word(&mut self, start: usize) -> Result<Token, QueryFault> {
        let name: usize = self.query[start..].bytes().take_while(|b| b.is_ascii_alphabetic() || *b == b'_').count();
        if name > 0 && self.query[start + name..].starts_with(':') {
            return self.field(start, start + name, 1);
        }
        let compared = self.query[start + name..].starts_with(['<', '>', '=']);
        if compared && fields::is_number(&self.query[start..start + name]) {
            return self.field(start, start + name, 0);
        }
        let (text, star) = self.bare();
        let at = start..self.at;
        match text.as_str() {
            "AND" | "OR" | "NOT" if star => {}
            "AND" => return Ok(Token::And),
            "OR" => return Ok(Token::Or),
            "NOT" => return Ok(Token::Not),
            near if near == "NEAR" || near.starts_with("NEAR/") => {
                return distance(near, at);
            }
            _ => {}
        }
        if let Some(inside) = text.find('*').or(text.starts_with('*').then_some(0)) {
            let help = "put the star at the end: word*; a literal star in quotes is \\*";
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
            let help = if text.starts_with('+') {
                "write AND between parts that must all match"
            } else {
                "write AND NOT word"
            };
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
        let text = if star || !text.contains(char::is_alphanumeric) {
            text
        } else {
            text.trim_start_matches('\'').trim_end_matches(AFTER_WORDS).to_owned()
        };
        Ok(Token::Words(Words { text, how }))
    }

    /// A field whose name ends at `end`, with its value a number of bytes after that.
    fn field(&mut self, start: usize, end: usize, colon: usize) -> Result<Token, QueryFault> {
        let name = self.query[start..end].to_owned();
        self.at = end + colon;
        if self.query[self.at..].starts_with("//") {
            self.bare();
            let help = "put it in quotes, or look for the host of the mention's address: domain:example.com";
            return Err(QueryFault::new(start..self.at, "an address needs quotes", help));
        }
        let value_at = self.at;
        let quoted = self.opens_quote();
        let range = self.peek().filter(|c| *c == '[').and_then(|_| self.query[self.at..].find(']'));
        let (text, star) = match range {
            _ if quoted => self.quoted()?,
            // [100 TO 200]
            Some(length) => {
                self.at += length + 1;
                (self.query[value_at..self.at].to_owned(), false)
            }
            None => self.bare(),
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
        // Other tools count the words between.
        None if number == "0" => {
            let message = format!("{text} is {} here: neighbours are 1 apart", text.replace('0', "1"));
            let help = "write 1 more than in tools that count the words between: NEAR/1, or NEAR/1f in this order";
            Err(QueryFault::new(at, message, help))
        }
        None => {
            let message = format!("NEAR needs a distance of 1 to {MAX_DISTANCE} words");
            Err(QueryFault::new(
                at,
                message,
                "write NEAR/5, or NEAR/5f if the left one must come first; to search for the word itself, put it in quotes",
            ))
        }
    }
}

fn distance_of(number: &str) -> Option<u16> {
    let distance = number.parse().ok().filter(|distance| (1..=MAX_DISTANCE).contains(distance))?;
    number.bytes().all(|b| b.is_ascii_digit()).then_some(distance)
}

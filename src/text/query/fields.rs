//! Fields of a query: reading their values, and comparing them with a mention.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use crate::sentiment::Sentiment;
use orszem_records::language_code::{Code, short_code};

use super::fault::{Diagnostics, QueryFault};
use super::lex::Written;
use super::tree::{Comparison, Field, How, Kind, Node, Value, Words};
use crate::fold::folded;

/// The names of all fields.
const NAMES: [&str; 6] = ["lang", "source", "author", "domain", "followers", "is"];
/// Their names in other tools, and other tools' fields that are words here.
const OTHER_NAMES: [(&str, &str); 11] = [
    ("language", "lang"),
    ("site", "domain"),
    ("host", "domain"),
    ("url", "domain"),
    ("from", "author"),
    ("authorFollowers", "followers"),
    ("engagementType", "is"),
    ("raw", "raw"),
    ("hashtags", "hashtags"),
    ("at_mentions", "at_mentions"),
    ("links", "links"),
];
/// Fields of other tools that orszem does not have, and what to do instead.
const UNKNOWN_HERE: [(&str, &str); 3] = [
    ("title", "a mention has only one text: search for the words of the title directly, \"magyar posta\""),
    ("sentiment", "every matching mention is judged: remove this field"),
    ("country", "the country of a mention is unknown: use lang: or source:"),
];
/// The names of kinds in other tools.
const OTHER_KINDS: [(&str, Kind); 3] = [("retweet", Kind::Repost), ("share", Kind::Repost), ("comment", Kind::Reply)];

/// Whether this is the name of a field, here or elsewhere.
pub(super) fn is_name(name: &str) -> bool {
    known_as(name).is_some()
}

/// Whether this is the name of a field that is compared.
pub(super) fn is_number(name: &str) -> bool {
    known_as(name) == Some("followers")
}

fn known_as(name: &str) -> Option<&'static str> {
    let known = NAMES.iter().copied().find(|known| known.eq_ignore_ascii_case(name));
    let other = || OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, known)| *known);
    known.or_else(other)
}

/// Reads a field. If it is invalid, adds a fault and returns `None`.
pub(super) fn field(name: &str, value: &Written, at: Range<usize>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let name_at = at.start..at.start + name.len();
    let Some(known) = known_as(name) else {
        if let Some((unknown, help)) = UNKNOWN_HERE.iter().find(|(unknown, _)| unknown.eq_ignore_ascii_case(name)) {
            diagnostics.faults.push(QueryFault::new(
                name_at,
                format!("{unknown}: is a field of other tools, not of this one"),
                *help,
            ));
            return None;
        }
        let near = NAMES
            .iter()
            .map(|known| (strsim::damerau_levenshtein(&name.to_lowercase(), known), *known))
            .min()
            .filter(|(distance, _)| *distance <= 2);
        let help = match near {
            Some((_, near)) => format!("did you mean {near}: ? Put a word with a colon in quotes"),
            None => format!("the fields are {}:; put a word with a colon in quotes", NAMES.join(":, ")),
        };
        diagnostics.faults.push(QueryFault::new(name_at, format!("there is no field {name}:"), help));
        return None;
    };
    if value.text.is_empty() {
        let help = format!("write the value after the colon, without a space: {}", example(known));
        diagnostics.faults.push(QueryFault::new(at, format!("{name}: has no value"), help));
        return None;
    }
    // `is:original|reply` is short for both with OR.
    if value.text.contains('|') && !value.quoted {
        let (mut nodes, mut from) = (Vec::new(), value.at.start);
        let mut parts = value.text.split('|').peekable();
        while let Some(part) = parts.next() {
            // The lexer has already removed a star at the very end.
            let star = if parts.peek().is_none() { value.star } else { part.ends_with('*') };
            let text = part.strip_suffix('*').unwrap_or(part).to_owned();
            let written = Written { text, star, at: from..from + part.len(), quoted: false };
            from += part.len() + 1;
            nodes.push(one(known, &written, &at, diagnostics));
        }
        return nodes.into_iter().collect::<Option<Vec<Node>>>().map(Node::or);
    }
    one(known, value, &at, diagnostics)
}

fn example(name: &str) -> &'static str {
    match name {
        "lang" => "lang:hu",
        "source" => "source:news",
        "author" => "author:\"Kovács Anna\"",
        "domain" => "domain:example.com",
        "followers" => "followers:>=10000",
        "raw" => "raw:Posta, or =Posta",
        "hashtags" => "hashtags:posta, or #posta",
        "at_mentions" => "at_mentions:posta, or @posta",
        "links" => "links:example.com",
        _ => "is:original",
    }
}

fn one(name: &str, value: &Written, at: &Range<usize>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let place = if value.at.is_empty() { at.clone() } else { value.at.clone() };
    let fault = |diagnostics: &mut Diagnostics, message: String| {
        diagnostics.faults.push(QueryFault::new(place.clone(), message, format!("as in {}", example(name))));
        None
    };
    let text = folded(&value.text).trim().to_owned();
    if value.star && !matches!(name, "source" | "author" | "hashtags" | "at_mentions") {
        return fault(diagnostics, format!("{name}: does not allow a star"));
    }
    let words = |text: &str, how: How| Some(Node::Words(Words { text: text.to_owned(), how }));
    let inflected = if value.star { How::Prefix } else { How::Inflected };
    let open = |text: &str| Value { text: text.to_owned(), prefix: value.star };
    Some(Node::Field(match name {
        "raw" => return words(&value.text, How::Exact),
        "hashtags" => return words(&format!("#{}", value.text.trim_start_matches('#')), inflected),
        "at_mentions" => return words(&format!("@{}", value.text.trim_start_matches('@')), inflected),
        // Links are part of the text.
        "links" => match host_of(&value.text) {
            Some((host, _)) => return words(&shown_host(&host), How::Inflected),
            None => return fault(diagnostics, format!("\"{text}\" is not a host name")),
        },
        "lang" => {
            let (code, region) = text.split_once(['-', '_']).map_or((&*text, None), |(code, more)| (code, Some(more)));
            let good = (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase());
            if !good {
                return fault(diagnostics, format!("\"{text}\" is not a language code of two or three letters"));
            }
            let code = short_code(code);
            if region.is_some() {
                let message = format!("{name}: uses only the language: \"{text}\" matches all of {code}");
                diagnostics.warnings.push(QueryFault::new(place, message, format!("write lang:{code}")));
            }
            Field::Lang(code.to_owned())
        }
        "source" if !text.is_empty() => Field::Source(open(&text)),
        "author" if !text.trim_start_matches('@').is_empty() => Field::Author(open(text.trim_start_matches('@'))),
        "domain" => match host_of(&value.text) {
            Some((host, more)) => {
                if more {
                    let message = "domain: uses only the host, and matches everything on it";
                    let help = format!("write domain:{}", shown_host(&host));
                    diagnostics.warnings.push(QueryFault::new(place, message, help));
                }
                Field::Domain(host)
            }
            None => return fault(diagnostics, format!("\"{text}\" is not a host name")),
        },
        "followers" => match numbers(&text) {
            Some(node) => return Some(node),
            None => {
                let message = "followers: needs a comparison with a whole number";
                let help = "as in followers:>=10000; a range is followers:>=100 AND followers:<=200";
                diagnostics.faults.push(QueryFault::new(place, message, help));
                return None;
            }
        },
        "is" => match Kind::NAMES.iter().chain(&OTHER_KINDS).find(|(name, _)| *name == text) {
            Some((_, kind)) => Field::Is(*kind),
            None => return fault(diagnostics, format!("a mention is original, repost or reply, not \"{text}\"")),
        },
        _ => return fault(diagnostics, format!("{name}: has no value")),
    }))
}

/// A comparison of followers, or the two comparisons of `[100 TO 200]`; a star means no limit.
fn numbers(text: &str) -> Option<Node> {
    let number = |text: &str| text.trim().replace('_', "").parse::<u64>().ok();
    let compared = |comparison, number| Node::Field(Field::Followers(comparison, number));
    if let Some(range) = text.strip_prefix('[').and_then(|range| range.strip_suffix(']')) {
        let (from, to) = range.split_once(" to ")?;
        let from = if from.trim() == "*" { 0 } else { number(from)? };
        let mut limits = vec![compared(Comparison::AtLeast, from)];
        if to.trim() != "*" {
            limits.push(compared(Comparison::AtMost, number(to)?));
        }
        return Some(Node::and(limits));
    }
    let sign = Comparison::SIGNS.into_iter().find(|(sign, _)| text.starts_with(sign));
    let (sign, comparison) = sign.unwrap_or(("", Comparison::Equal));
    Some(compared(comparison, number(&text[sign.len()..])?))
}

/// The host of a value, in ASCII as in addresses, and whether the value had more than a host.
fn host_of(value: &str) -> Option<(String, bool)> {
    let value = value.trim();
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next()?;
    let more = !rest[authority.len()..].trim_end_matches('/').is_empty();
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let host = host.strip_prefix("*.").unwrap_or(host);
    let host = idna::domain_to_ascii(host.trim_matches('.')).ok()?;
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let good = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
    good.then(|| (host.to_owned(), more))
}

/// A host in readable letters.
pub(super) fn shown_host(host: &str) -> String {
    idna::domain_to_unicode(host).0
}

/// The properties of a mention that fields of a query can use. Borrowed, so it is cheap to create.
#[derive(Clone, Default)]
pub struct About<'a> {
    /// The language, as its record says.
    pub lang: Option<&'a str>,
    /// Where it was published; may be empty.
    pub source: &'a str,
    /// The id of its author.
    pub author_id: Option<&'a str>,
    /// The name of its author.
    pub author_name: Option<&'a str>,
    /// The followers of its author; 0 if unknown.
    pub followers: u64,
    /// Its address.
    pub url: Option<&'a str>,
    /// Whether it is a repost.
    pub repost: bool,
    /// Whether its record says that it is a reply.
    pub reply: bool,
    /// Detects the language of its text; without a detector, the record's language is used.
    pub(super) detector: Option<&'a dyn Sentiment>,
    /// The detected language; computed once, and only if needed.
    pub(super) detected: OnceCell<Option<Code>>,
}

impl<'a> About<'a> {
    /// The properties of `mention`; `detector` detects its language.
    pub fn of(mention: &'a orszem_records::mention::Mention<'_>, detector: &'a dyn Sentiment) -> About<'a> {
        About {
            lang: mention.lang.as_deref(),
            source: &mention.source,
            author_id: mention.author.id.as_deref(),
            author_name: mention.author.name.as_deref(),
            followers: mention.author.followers,
            url: mention.url.as_deref(),
            repost: mention.is_repost(),
            reply: mention.reply_to.is_some(),
            detector: Some(detector),
            detected: OnceCell::new(),
        }
    }

    /// The language of its text, which is `text`; `None` if unknown.
    pub fn language(&self, text: &str) -> Option<Code> {
        *self.detected.get_or_init(|| match self.detector {
            Some(detector) => detector.language(text, self.lang),
            None => self.lang.and_then(Code::of),
        })
    }

    /// Whether it is in the language with this code, which has two letters if the language has such a code: `en` also
    /// covers `en-US`, `EN` and `en_US`.
    pub(super) fn is_in(&self, code: &str, text: &str) -> bool {
        match code.len() {
            2 => self.language(text).is_some_and(|language| language.as_str() == code),
            // The detector does not know these languages.
            _ => self.lang.and_then(|of| of.split(['-', '_']).next()).is_some_and(|of| of.eq_ignore_ascii_case(code)),
        }
    }
}

impl Field {
    /// Whether it holds for a mention with this text. `scratch` is a reusable buffer.
    pub(super) fn holds(&self, about: &About<'_>, text: &str, scratch: &mut crate::fold::Folded) -> bool {
        match self {
            Field::Lang(lang) => about.is_in(lang, text),
            Field::Source(value) => value.is(about.source, scratch),
            Field::Author(value) => [about.author_id, about.author_name]
                .into_iter()
                .flatten()
                .any(|name| value.is(name.trim_start_matches('@'), scratch)),
            Field::Domain(domain) => about.url.and_then(host).is_some_and(|host| is_under(&host, domain)),
            Field::Followers(comparison, number) => comparison.holds(about.followers, *number),
            Field::Is(kind) => kind_of(about, text) == *kind,
        }
    }
}

impl Value {
    fn is(&self, text: &str, scratch: &mut crate::fold::Folded) -> bool {
        scratch.fold(text);
        let text = scratch.text().trim();
        if self.prefix { text.starts_with(&self.text) } else { text == self.text }
    }
}

/// The kind of a mention. A reply is one whose record says so, or whose text begins with a handle: most feeds do not
/// say, and on networks with handles an answer begins with the handle of the other author.
fn kind_of(about: &About<'_>, text: &str) -> Kind {
    let called = || text.trim_start().strip_prefix('@').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    if about.repost {
        Kind::Repost
    } else if about.reply || called() {
        Kind::Reply
    } else {
        Kind::Original
    }
}

/// Whether a host is `domain` or a subdomain of it.
pub(super) fn is_under(host: &str, domain: &str) -> bool {
    let Some(above) = host.len().checked_sub(domain.len()) else { return false };
    let (rest, end) = (&host.as_bytes()[..above], &host.as_bytes()[above..]);
    end.eq_ignore_ascii_case(domain.as_bytes()) && (rest.is_empty() || rest.ends_with(b"."))
}

/// The host of an address in ASCII, without user, port and path.
fn host(url: &str) -> Option<Cow<'_, str>> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.trim_end_matches('.');
    if host.is_ascii() { Some(host.into()) } else { idna::domain_to_ascii(host).ok().map(Cow::from) }
}

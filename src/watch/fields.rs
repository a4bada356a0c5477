//! Fields of a query: reading their values, and comparing them with a mention.

use std::ops::Range;

use super::fault::QueryFault;
use super::fold::folded;
use super::lex::Written;
use super::tree::{Comparison, Field, Kind, Node, Value};

/// The names of all fields.
const NAMES: [&str; 6] = ["lang", "source", "author", "domain", "followers", "is"];
/// What users of other tools call them.
const OTHER_NAMES: [(&str, &str); 6] = [
    ("language", "lang"),
    ("site", "domain"),
    ("host", "domain"),
    ("from", "author"),
    ("authorFollowers", "followers"),
    ("engagementType", "is"),
];

/// Reads a field.
pub(super) fn field(name: &str, value: &Written, at: Range<usize>) -> Result<Node, QueryFault> {
    let known = NAMES.iter().copied().find(|known| known.eq_ignore_ascii_case(name));
    let other = || OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, known)| *known);
    let Some(known) = known.or_else(other) else {
        let name_at = at.start..at.start + name.len();
        let near = NAMES
            .iter()
            .map(|known| (strsim::damerau_levenshtein(&name.to_lowercase(), known), *known))
            .min()
            .filter(|(distance, _)| *distance <= 2);
        let help = match near {
            Some((_, near)) => format!("did you mean {near}: ? A word with a colon stands in quotes"),
            None => format!("known are {}:; a word with a colon stands in quotes", NAMES.join(":, ")),
        };
        return Err(QueryFault::new(name_at, format!("there is no field {name}:"), help));
    };
    if value.text.is_empty() {
        let help = format!("write the value after the colon, without a space: {}", example(known));
        return Err(QueryFault::new(at, format!("{known}: has no value"), help));
    }
    // `is:original|reply` is short for both with OR.
    if value.text.contains('|') && !value.quoted {
        let mut nodes = Vec::new();
        let mut parts = value.text.split('|').peekable();
        while let Some(part) = parts.next() {
            // The star at the very end is read already.
            let star = if parts.peek().is_none() { value.star } else { part.ends_with('*') };
            let text = part.strip_suffix('*').unwrap_or(part).to_owned();
            let part = Written { text, star, ..value.clone() };
            nodes.push(Node::Field(one(known, &part, at.clone())?));
        }
        return Ok(Node::or(nodes));
    }
    one(known, value, at).map(Node::Field)
}

fn example(name: &str) -> &'static str {
    match name {
        "lang" => "lang:hu",
        "source" => "source:news",
        "author" => "author:\"Kovács Anna\"",
        "domain" => "domain:example.com",
        "followers" => "followers:>=10000",
        _ => "is:original",
    }
}

fn one(name: &str, value: &Written, at: Range<usize>) -> Result<Field, QueryFault> {
    let fault = |message: String| {
        let place = if value.at.is_empty() { at.clone() } else { value.at.clone() };
        Err(QueryFault::new(place, message, format!("as in {}", example(name))))
    };
    let text = folded(&value.text).trim().to_owned();
    if value.star && !matches!(name, "source" | "author") {
        return fault(format!("{name}: takes no star"));
    }
    let open = || Value { text: text.clone(), prefix: value.star };
    Ok(match name {
        "lang" => {
            let good = (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase());
            if !good {
                return fault(format!("\"{text}\" is no language's code of two or three letters"));
            }
            Field::Lang(text)
        }
        "source" if !text.is_empty() => Field::Source(open()),
        "author" if !text.trim_start_matches('@').is_empty() => {
            Field::Author(Value { text: text.trim_start_matches('@').to_owned(), prefix: value.star })
        }
        "domain" => {
            let host = text.trim_start_matches("www.").trim_matches('.');
            let good = !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
            if !good {
                return fault(format!("\"{text}\" is no name of a host"));
            }
            Field::Domain(host.to_owned())
        }
        "followers" => {
            let (sign, comparison) = Comparison::SIGNS
                .into_iter()
                .find(|(sign, _)| text.starts_with(sign))
                .unwrap_or(("", Comparison::Equal));
            match text[sign.len()..].trim().replace('_', "").parse() {
                Ok(number) => Field::Followers(comparison, number),
                Err(_) => return fault("followers: takes a comparison with a whole number".to_owned()),
            }
        }
        "is" => match Kind::NAMES.into_iter().find(|(name, _)| *name == text) {
            Some((_, kind)) => Field::Is(kind),
            None => return fault(format!("a mention is original, repost or reply, and never \"{text}\"")),
        },
        _ => return fault(format!("{name}: has no value")),
    })
}

/// What a query may ask about a mention beside its text. Borrowed: it costs nothing to make.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The language, where it is known.
    pub lang: Option<&'a str>,
    /// Where it was published; may be empty.
    pub source: &'a str,
    /// The id of its author.
    pub author_id: Option<&'a str>,
    /// The name of its author.
    pub author_name: Option<&'a str>,
    /// How many follow its author; 0 when unknown.
    pub followers: u64,
    /// Its address.
    pub url: Option<&'a str>,
    /// Whether it repeats another.
    pub repost: bool,
    /// Whether it says that it answers another.
    pub reply: bool,
}

impl About<'_> {
    /// Whether it is in the language with this code: `en` is also `en-US`, `EN` and `en_US`.
    pub(super) fn is_in(&self, code: &str) -> bool {
        let primary = self.lang.and_then(|of| of.split(['-', '_']).next());
        primary.is_some_and(|primary| primary.eq_ignore_ascii_case(code))
    }
}

impl<'a> From<&'a crate::mention::Mention<'_>> for About<'a> {
    fn from(mention: &'a crate::mention::Mention<'_>) -> About<'a> {
        About {
            lang: mention.lang.as_deref(),
            source: &mention.source,
            author_id: mention.author.id.as_deref(),
            author_name: mention.author.name.as_deref(),
            followers: mention.author.followers,
            url: mention.url.as_deref(),
            repost: mention.is_repost(),
            reply: mention.reply_to.is_some(),
        }
    }
}

impl Field {
    /// Whether it holds for a mention with this text. `scratch` is used again.
    pub(super) fn holds(&self, about: &About<'_>, text: &str, scratch: &mut super::fold::Folded) -> bool {
        match self {
            Field::Lang(lang) => about.is_in(lang),
            Field::Source(value) => value.is(about.source, scratch),
            Field::Author(value) => [about.author_id, about.author_name]
                .into_iter()
                .flatten()
                .any(|name| value.is(name.trim_start_matches('@'), scratch)),
            Field::Domain(domain) => about.url.and_then(host).is_some_and(|host| {
                scratch.fold(host);
                let rest = scratch.text().strip_suffix(domain.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }),
            Field::Followers(comparison, number) => comparison.holds(about.followers, *number),
            Field::Is(kind) => kind_of(about, text) == *kind,
        }
    }
}

impl Value {
    fn is(&self, text: &str, scratch: &mut super::fold::Folded) -> bool {
        scratch.fold(text);
        let text = scratch.text().trim();
        if self.prefix { text.starts_with(&self.text) } else { text == self.text }
    }
}

/// A mention that repeats another is a repost. One that says so, or calls somebody first, is a reply: most feeds do not
/// say, and on networks with handles an answer begins with whom it answers.
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

/// The host of an address: without who, port and path.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.split(':').next()?.trim_end_matches('.'))
}

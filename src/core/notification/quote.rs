//! A sample mention as a person may see it: cleaned, short, nothing that acts. Every receiver shows these, never the
//! sample itself.

use orszem_records::class::Class;
use orszem_records::tally::{Role, Sample};

use crate::words::Words;
use orszem_text::sanitize;
use orszem_text::truncate::{Unit, cut};

/// The most samples that a notification shows; the incident page has all.
pub const SHOWN: usize = 5;
/// The most characters of a mention's text.
pub const TEXT: usize = 300;
/// The most characters of an author's name and of a source.
pub const NAME: usize = 60;
/// The longest address that is shown; half an address leads nowhere, so a longer one is left out.
pub const ADDRESS: usize = 300;

/// What is shown of one mention. All fields are single lines without control characters; markup in them is still
/// markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// What it says.
    pub text: String,
    /// Who said it, where, how widely, how judged: `anna on twitter, 1,234 followers, negative, 1 Aug 2014,
    /// 18:30 CEST`.
    pub origin: String,
    /// Where it can be read; only `http` and `https`, without a user name in it.
    pub url: Option<String>,
}

impl Quote {
    /// The presentable form of a sample, in the words of its reader.
    pub fn of(sample: &Sample, words: &Words) -> Quote {
        // A text of a megabyte is not cleaned to its end for the sake of its first words.
        let short = |text: &str, limit| {
            let beginning = cut(text, limit * 16, Unit::Characters);
            cut(&sanitize::line(&beginning), limit, Unit::Characters).into_owned()
        };
        let author = short(&sample.author, NAME);
        let author = if author.is_empty() { words.say("quote-unknown") } else { author };
        let mut origin = match sample.role {
            Some(role) => format!("{}: {author}", words.say(role_id(role))),
            None => author,
        };
        let source = short(&sample.source, NAME);
        if !source.is_empty() {
            origin = words.with("quote-on", [("author", origin.into()), ("source", source.into())]);
        }
        if sample.followers > 0 {
            origin.push_str(&format!(", {}", words.with("quote-followers", [("n", sample.followers.into())])));
        }
        let class = words.say(class_id(sample.class));
        origin.push_str(&format!(", {class}, {}", words.moment(sample.published_at)));
        Quote {
            text: short(&sample.text, TEXT),
            origin,
            url: sample.url.as_deref().and_then(sanitize::address).filter(|url| url.len() <= ADDRESS),
        }
    }
}

/// The text of the catalogue for a class.
pub const fn class_id(class: Class) -> &'static str {
    match class {
        Class::Negative => "class-negative",
        Class::Neutral => "class-neutral",
        Class::Positive => "class-positive",
    }
}

/// The text of the catalogue for a role.
pub const fn role_id(role: Role) -> &'static str {
    match role {
        Role::First => "role-first",
        Role::Farthest => "role-farthest",
        Role::Typical => "role-typical",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notification::fixture;

    #[test]
    fn a_quote_is_short_whatever_the_mention() {
        let mut sample = fixture::sample();
        sample.text = "😡".repeat(250_000);
        sample.author = "a\r\nb\u{202e}".repeat(1000);
        sample.source = "x".repeat(1_000_000);
        let quote = Quote::of(&sample, &Words::default());
        assert_eq!(quote.text.chars().count(), TEXT);
        assert!(quote.origin.chars().count() < 2 * NAME + 80, "{}", quote.origin);
        assert!(!quote.origin.contains(['\r', '\n', '\u{202e}']));
    }

    #[test]
    fn an_address_that_acts_or_never_ends_is_left_out() {
        let with = |url: String| Quote::of(&Sample { url: Some(url), ..fixture::sample() }, &Words::default()).url;
        assert!(with("https://example.com/1".into()).is_some());
        assert_eq!(with("javascript:alert(1)".into()), None);
        assert_eq!(with(format!("https://example.com/{}", "a".repeat(1_000_000))), None);
    }
}

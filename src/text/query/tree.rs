//! A query as a tree, and its printed form, which parses to the same tree.

use std::fmt;

/// A query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// Words in the text.
    Words(Words),
    /// A property of the mention.
    Field(Field),
    /// Must not hold.
    Not(Box<Node>),
    /// All must hold; at least two nodes, none of them `And`.
    And(Vec<Node>),
    /// Any must hold; at least two nodes, none of them `Or`.
    Or(Vec<Node>),
    /// Two places at most `distance` words apart.
    Near {
        /// The maximum distance in words; neighbours are 1 apart.
        distance: u16,
        /// Whether the left one must come first.
        ordered: bool,
        /// The left side.
        left: Box<Node>,
        /// The right side.
        right: Box<Node>,
    },
}

/// A word, phrase, handle, tag or cashtag.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Words {
    /// As written, with single spaces and no surrounding space.
    pub text: String,
    /// How it is matched.
    pub how: How,
}

/// How words are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum How {
    /// Ignoring case and accents; the last word with any ending.
    Inflected,
    /// Exactly as written: same case and accents, no endings.
    Exact,
    /// The last word may continue with any letters.
    Prefix,
}

/// A property of the mention.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The language: `hu` is also `hu-HU`.
    Lang(String),
    /// Where it was published.
    Source(Value),
    /// The id or the name of its author.
    Author(Value),
    /// The host of its address, or a parent domain, in ASCII: `xn--…` for other letters.
    Domain(String),
    /// The followers of its author.
    Followers(Comparison, u64),
    /// The kind of mention.
    Is(Kind),
}

/// A value that is compared ignoring case and accents.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value {
    /// Folded.
    pub text: String,
    /// Whether it is a prefix.
    pub prefix: bool,
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `>=`
    AtLeast,
    /// `>`
    More,
}

impl Comparison {
    /// The five, the longer signs first.
    pub(super) const SIGNS: [(&'static str, Comparison); 5] = [
        (">=", Comparison::AtLeast),
        ("<=", Comparison::AtMost),
        (">", Comparison::More),
        ("<", Comparison::Less),
        ("=", Comparison::Equal),
    ];

    /// Whether it holds.
    pub fn holds(self, left: u64, right: u64) -> bool {
        match self {
            Comparison::Less => left < right,
            Comparison::AtMost => left <= right,
            Comparison::Equal => left == right,
            Comparison::AtLeast => left >= right,
            Comparison::More => left > right,
        }
    }
}

/// The kind of a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Neither repost nor reply.
    Original,
    /// A copy of another mention.
    Repost,
    /// An answer to another mention.
    Reply,
}

impl Kind {
    /// All kinds, by name.
    pub(super) const NAMES: [(&'static str, Kind); 3] =
        [("original", Kind::Original), ("repost", Kind::Repost), ("reply", Kind::Reply)];
}

impl Node {
    /// All of `nodes` must hold.
    pub fn and(nodes: Vec<Node>) -> Node {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.swap_remove(0) } else { Node::And(flat) }
    }

    /// Any of `nodes` must hold.
    pub fn or(nodes: Vec<Node>) -> Node {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.swap_remove(0) } else { Node::Or(flat) }
    }
}

/// The printed form, with no more brackets than needed.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bracketed = |f: &mut fmt::Formatter<'_>, node: &Node, needed: bool| {
            if needed { write!(f, "({node})") } else { write!(f, "{node}") }
        };
        match self {
            Node::Words(words) => words.fmt(f),
            Node::Field(field) => field.fmt(f),
            Node::Not(inner) => {
                f.write_str("NOT ")?;
                bracketed(f, inner, matches!(**inner, Node::And(_) | Node::Or(_) | Node::Near { .. }))
            }
            Node::And(nodes) => {
                for (place, node) in nodes.iter().enumerate() {
                    f.write_str(if place == 0 { "" } else { " AND " })?;
                    bracketed(f, node, matches!(node, Node::And(_) | Node::Or(_)))?;
                }
                Ok(())
            }
            Node::Or(nodes) => {
                for (place, node) in nodes.iter().enumerate() {
                    f.write_str(if place == 0 { "" } else { " OR " })?;
                    bracketed(f, node, matches!(node, Node::Or(_)))?;
                }
                Ok(())
            }
            Node::Near { distance, ordered, left, right } => {
                let plain = |node: &Node| matches!(node, Node::Words(_));
                bracketed(f, left, !plain(left) && !matches!(**left, Node::Near { .. }))?;
                write!(f, " NEAR/{distance}{} ", if *ordered { "f" } else { "" })?;
                bracketed(f, right, !plain(right))
            }
        }
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let star = if self.how == How::Prefix { "*" } else { "" };
        f.write_str(if self.how == How::Exact { "=" } else { "" })?;
        let bare = super::parse::reads_bare(&self.text);
        if bare { write!(f, "{}{star}", self.text) } else { write!(f, "\"{}{star}\"", escaped(&self.text)) }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}{}\"", escaped(&self.text), if self.prefix { "*" } else { "" })
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        let plain = super::normalize::half_width(character);
        if super::lex::is_quote(plain) || matches!(plain, '\\' | '*') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Field::Lang(lang) => write!(f, "lang:{lang}"),
            Field::Source(value) => write!(f, "source:{value}"),
            Field::Author(value) => write!(f, "author:{value}"),
            Field::Domain(domain) => write!(f, "domain:{}", super::fields::shown_host(domain)),
            Field::Followers(comparison, number) => {
                let sign =
                    Comparison::SIGNS.iter().find(|(_, known)| known == comparison).map_or("=", |(sign, _)| sign);
                write!(f, "followers:{sign}{number}")
            }
            Field::Is(kind) => {
                write!(
                    f,
                    "is:{}",
                    Kind::NAMES.iter().find(|(_, known)| known == kind).map_or("original", |(name, _)| name)
                )
            }
        }
    }
}

//! Matchers, ready to be asked: what they were written as is checked once.

use std::collections::BTreeSet;
use std::fmt;

use orszem_records::desk::Desk;
use orszem_records::matcher::{Match, Patterns};
use orszem_records::signal::Kind;

use super::facts::{Fact, Facts};

/// Which incidents are meant. All conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matcher {
    conditions: Vec<Condition>,
}

/// What one fact may be.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    fact: Fact,
    /// One of these holds, where there are any,
    any: Vec<Test>,
    /// and none of these.
    none: Vec<Test>,
    /// As it was written.
    written: String,
}

/// One pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// The pieces between the `*`, in small letters; one piece is the whole text. An empty one is that there is
    /// nothing.
    Text(Vec<String>),
    /// A severity from the first to the second.
    Severity(u8, u8),
}

/// What is wrong with a matcher, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchFault {
    /// The fact.
    pub fact: Fact,
    /// Which of its patterns, from 0.
    pub pattern: usize,
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub right: String,
}

impl fmt::Display for MatchFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.fact, self.what, self.right)
    }
}

/// The condition that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The fact.
    pub fact: Fact,
    /// What is asked of it, as it was written.
    pub wanted: String,
    /// What the incident has: empty where it lacks that.
    pub found: Vec<String>,
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Miss { fact, wanted, found } = self;
        match found.is_empty() {
            true => write!(f, "{fact} is not known, and {wanted} is asked for"),
            false => write!(f, "{fact} is {}, and {wanted} is asked for", found.join(", ")),
        }
    }
}

impl Matcher {
    /// The matcher that was written.
    ///
    /// # Errors
    /// Everything that is wrong: a severity that is not 1 to 4, kinds and desks that do not exist.
    pub fn new(written: &Match) -> Result<Matcher, Vec<MatchFault>> {
        let facts = written.facts().into_iter().filter_map(|(name, patterns)| Some((Fact::of(name), patterns?)));
        let labels = written.labels.iter().map(|(name, patterns)| (Fact::Label(name.clone()), patterns));
        let mut faults = Vec::new();
        let conditions = facts.chain(labels).map(|(fact, patterns)| condition(fact, patterns, &mut faults)).collect();
        if faults.is_empty() { Ok(Matcher { conditions }) } else { Err(faults) }
    }

    /// Reads what somebody wrote into a field of a page or after an option: an inline table without its braces, `desk =
    /// "care", severity = "<= 2"`. Nothing is every incident.
    ///
    /// # Errors
    /// What is wrong, for a person.
    pub fn parse(text: &str) -> Result<(Match, Matcher), String> {
        #[derive(serde::Deserialize)]
        struct Whole {
            matcher: Match,
        }
        let text = text.trim();
        let table = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
        let whole: Whole =
            toml::from_str(&format!("matcher = {{ {} }}", table.replace(['\n', '\r'], " "))).map_err(|fault| {
                format!("{}; write it as desk = \"care\", severity = \"<= 2\"", fault.message().trim_end())
            })?;
        let matcher = Matcher::new(&whole.matcher)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        Ok((whole.matcher, matcher))
    }

    /// Whether the incident is meant.
    pub fn matches(&self, facts: &Facts) -> bool {
        self.conditions.iter().all(|condition| condition.holds(facts))
    }

    /// The first condition that does not hold; `None` where the incident is meant.
    pub fn miss(&self, facts: &Facts) -> Option<Miss> {
        let condition = self.conditions.iter().find(|condition| !condition.holds(facts))?;
        let found = facts.values(&condition.fact).into_iter().map(str::to_owned).collect();
        Some(Miss { fact: condition.fact.clone(), wanted: condition.written.clone(), found })
    }

    /// Whether it means every incident, whatever it is.
    pub fn is_everything(&self) -> bool {
        self.conditions.iter().all(|condition| {
            condition.fact == Fact::Severity && (1..=4).all(|severity| condition.admits_severity(severity))
        })
    }

    /// Whether it asks nothing of a severity, or takes this one.
    pub fn admits_severity(&self, severity: u8) -> bool {
        let mut asked = self.conditions.iter().filter(|condition| condition.fact == Fact::Severity);
        asked.all(|condition| condition.admits_severity(severity))
    }

    /// The facts that it asks for.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.conditions.iter().map(|condition| &condition.fact)
    }

    /// Whether it may mean an incident of this watch and kind, whatever its severity and its sources.
    pub fn may_match(&self, facts: &Facts) -> bool {
        self.conditions.iter().all(|condition| match condition.fact {
            Fact::Severity => true,
            Fact::Source => facts.sources.is_empty() || condition.holds(facts),
            _ => condition.holds(facts),
        })
    }

    /// Whether it asks for a source.
    pub fn asks_for_source(&self) -> bool {
        self.facts().any(|fact| *fact == Fact::Source)
    }

    /// The patterns, by their numbers, that ask for something and take none of the values that are known. Those with
    /// `!=`, and those for what is not there, may always hold; what is no value of a fact at all is told by `new`.
    pub(super) fn idle_patterns(fact: &Fact, patterns: &Patterns, known: &BTreeSet<&str>) -> Vec<usize> {
        let is_idle = |text: &str| match text_test(fact, text) {
            Ok(Plain::Is(test)) => !is_nothing(&test) && !known.iter().any(|value| holds(&test, value)),
            Ok(Plain::Not(_)) | Err(_) => false,
        };
        patterns.iter().enumerate().filter(|(_, text)| is_idle(text)).map(|(at, _)| at).collect()
    }
}

impl Condition {
    fn holds(&self, facts: &Facts) -> bool {
        if self.fact == Fact::Severity {
            return self.admits_severity(facts.severity);
        }
        let values = facts.values(&self.fact);
        let one = |test: &Test| match values.is_empty() {
            true => is_nothing(test),
            false => values.iter().any(|value| holds(test, value)),
        };
        (self.any.is_empty() || self.any.iter().any(one)) && !self.none.iter().any(one)
    }

    fn admits_severity(&self, severity: u8) -> bool {
        let one = |test: &Test| matches!(test, Test::Severity(low, high) if (*low..=*high).contains(&severity));
        (self.any.is_empty() || self.any.iter().any(one)) && !self.none.iter().any(one)
    }
}

fn condition(fact: Fact, patterns: &Patterns, faults: &mut Vec<MatchFault>) -> Condition {
    let (mut any, mut none) = (Vec::new(), Vec::new());
    for (at, text) in patterns.iter().enumerate() {
        let read = match fact {
            Fact::Severity => severity(text),
            _ => text_test(&fact, text),
        };
        match read {
            Ok(Plain::Is(test)) => any.push(test),
            Ok(Plain::Not(test)) => none.push(test),
            Err((what, right)) => faults.push(MatchFault { fact: fact.clone(), pattern: at, what, right }),
        }
    }
    if patterns.iter().next().is_none() {
        let (what, right) = ("the list is empty, so nothing matches".to_owned(), "leave it out".to_owned());
        faults.push(MatchFault { fact: fact.clone(), pattern: 0, what, right });
    }
    Condition { fact, any, none, written: patterns.to_string() }
}

/// A pattern, and whether it must hold or must not.
enum Plain {
    Is(Test),
    Not(Test),
}

fn plain(text: &str) -> Plain {
    let text = text.trim();
    if let Some(other) = text.strip_prefix("!=") {
        return Plain::Not(globbed(other.trim_start()));
    }
    match text.strip_prefix('=') {
        Some(exact) => Plain::Is(Test::Text(vec![small(exact.trim_start())])),
        None => Plain::Is(globbed(text)),
    }
}

fn globbed(text: &str) -> Test {
    Test::Text(text.split('*').map(small).collect())
}

type Wrong = (String, String);

fn text_test(fact: &Fact, text: &str) -> Result<Plain, Wrong> {
    let read = plain(text);
    let (Plain::Is(test) | Plain::Not(test)) = &read;
    let known: Vec<&str> = match fact {
        Fact::Desk => Desk::ALL.map(Desk::name).to_vec(),
        Fact::Kind => Kind::ALL.map(Kind::name).to_vec(),
        _ => return Ok(read),
    };
    match known.iter().any(|value| holds(test, value)) {
        true => Ok(read),
        false => Err((format!("there is no {fact} {text:?}"), format!("one of {}", known.join(", ")))),
    }
}

fn severity(text: &str) -> Result<Plain, Wrong> {
    let text = text.trim();
    let signed = |sign: &'static str| Some((sign, text.strip_prefix(sign)?));
    let (sign, number) = ["<=", ">=", "!=", "="].into_iter().find_map(signed).unwrap_or(("=", text));
    match (sign, number.trim().parse::<u8>()) {
        ("<=", Ok(number @ 1..=4)) => Ok(Plain::Is(Test::Severity(1, number))),
        (">=", Ok(number @ 1..=4)) => Ok(Plain::Is(Test::Severity(number, 4))),
        ("!=", Ok(number @ 1..=4)) => Ok(Plain::Not(Test::Severity(number, number))),
        (_, Ok(number @ 1..=4)) => Ok(Plain::Is(Test::Severity(number, number))),
        _ => {
            let right = "write a number from 1 (the highest) to 4, alone or after <=, >=, = or !=: \"<= 2\"";
            Err((format!("{text:?} is no severity"), right.to_owned()))
        }
    }
}

/// Whether it asks that there is nothing.
fn is_nothing(test: &Test) -> bool {
    matches!(test, Test::Text(pieces) if pieces.len() == 1 && pieces[0].is_empty())
}

fn holds(test: &Test, value: &str) -> bool {
    let Test::Text(pieces) = test else { return false };
    match pieces.as_slice() {
        [] => false,
        [whole] => value.chars().flat_map(char::to_lowercase).eq(whole.chars()),
        [first, between @ .., last] => {
            let value = small(value);
            let Some(rest) = value.strip_prefix(first.as_str()) else { return false };
            let Some(mut rest) = rest.strip_suffix(last.as_str()) else { return false };
            !value.is_empty()
                && between.iter().all(|piece| match rest.find(piece.as_str()) {
                    Some(at) => {
                        rest = &rest[at + piece.len()..];
                        true
                    }
                    None => false,
                })
        }
    }
}

/// Small letters, one character at a time: what a letter becomes does not depend on those beside it.
fn small(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
#[path = "matcher_tests.rs"]
mod tests;

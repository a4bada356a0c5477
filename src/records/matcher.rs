//! Matchers: which incidents a route, a silence or an inhibition is for, as people write it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Which incidents are meant, as an inline table: `{ desk = "care", severity = "<= 2" }`. All of it must hold; an empty
/// one means every incident.
///
/// A key that is not known is refused, in records too: a silence that lost a condition would mute more than was meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Match {
    /// The watch, by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch: Option<Patterns>,
    /// The desk of the watch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desk: Option<Patterns>,
    /// What kind of finding it is: `negativity`, `volume`, `praise`, `slow-burn`, `silence` or `no-data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Patterns>,
    /// The highest severity so far: `"1"`, `"<= 2"`, `">= 3"`, `"!= 4"`. 1 is the highest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Patterns>,
    /// The language, by its two letters: what the label `language` of the watch says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Patterns>,
    /// The sources of its mentions, as the feed names them: those of the examples that it shows. Of `no-data` the ones
    /// that bring nothing. Where the watch has a label `source`, what that says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Patterns>,
    /// Labels of the watch, by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, Patterns>,
}

/// What a fact may be: one text, or a list of which one is enough.
///
/// `"care"` is that, whatever the case of its letters; `"tele*"` has anything in place of the `*`; `"*"` is anything
/// that is there, and `""` nothing. `"!= care"` is anything else: of a list none that is written so may hold. `"= a*"`
/// takes what follows word for word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Patterns {
    /// One text.
    One(String),
    /// A list of texts.
    Several(Vec<String>),
}

impl Patterns {
    /// The texts, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let texts = match self {
            Patterns::One(text) => std::slice::from_ref(text),
            Patterns::Several(texts) => texts,
        };
        texts.iter().map(String::as_str)
    }
}

impl From<&str> for Patterns {
    fn from(text: &str) -> Patterns {
        Patterns::One(text.to_owned())
    }
}

impl Match {
    /// Every incident.
    pub fn is_empty(&self) -> bool {
        *self == Match::default()
    }

    /// The facts that are not labels, by their keys, in the order in which they are written.
    pub fn facts(&self) -> [(&'static str, Option<&Patterns>); 6] {
        [
            ("watch", self.watch.as_ref()),
            ("desk", self.desk.as_ref()),
            ("kind", self.kind.as_ref()),
            ("severity", self.severity.as_ref()),
            ("language", self.language.as_ref()),
            ("source", self.source.as_ref()),
        ]
    }
}

/// As it stands in an inline table of TOML, without its braces: `desk = "care", labels = { story = "fusion" }`.
impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = self.facts();
        let mut parts = facts.iter().filter_map(|(key, patterns)| Some((*key, (*patterns)?)));
        let mut between = "";
        parts.try_for_each(|(key, patterns)| {
            write!(f, "{between}{key} = {patterns}")?;
            between = ", ";
            Ok(())
        })?;
        if !self.labels.is_empty() {
            write!(f, "{between}labels = {{ ")?;
            for (at, (name, patterns)) in self.labels.iter().enumerate() {
                write!(f, "{}{name} = {patterns}", if at == 0 { "" } else { ", " })?;
            }
            f.write_str(" }")?;
        }
        Ok(())
    }
}

impl fmt::Display for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Patterns::One(text) => quoted(text, f),
            Patterns::Several(texts) => {
                f.write_str("[")?;
                for (at, text) in texts.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    quoted(text, f)?;
                }
                f.write_str("]")
            }
        }
    }
}

/// A basic string of TOML.
fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(f, "\\{character}")?,
            control if control.is_control() => write!(f, "\\u{:04X}", u32::from(control))?,
            plain => write!(f, "{plain}")?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_as_it_was_read() {
        let labels = BTreeMap::from([("story".to_owned(), Patterns::from("a \"b\""))]);
        let several = Patterns::Several(vec!["care".into(), "!= crisis".into()]);
        let written = Match { desk: Some(several), severity: Some("<= 2".into()), labels, ..Match::default() };
        let shown = r#"desk = ["care", "!= crisis"], severity = "<= 2", labels = { story = "a \"b\"" }"#;
        assert_eq!(written.to_string(), shown);
        let json = serde_json::to_string(&written).unwrap();
        assert_eq!(serde_json::from_str::<Match>(&json).unwrap(), written);
        assert_eq!((Match::default().to_string(), Match::default().is_empty()), (String::new(), true));
    }

    #[test]
    fn a_condition_that_is_not_known_is_not_lost() {
        assert!(serde_json::from_str::<Match>(r#"{"desk": "care", "weather": "bad"}"#).is_err());
    }
}

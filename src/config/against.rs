//! What another configuration would cut off: watches that are gone, and those that nobody is called for any more.

use orszem_core::settings::{Config, Watch};

/// A watch whose open incidents would not go on as they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// The name that it is counted under: what its incidents are called by.
    pub key: String,
    /// What would become of it.
    pub how: How,
}

/// What would become of a watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// It is not there any more. `likely` is a new watch that looks for the same.
    Gone {
        /// The new watch's name.
        likely: Option<String>,
    },
    /// It names no escalation any more.
    NoEscalation,
}

impl std::fmt::Display for CutOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = &self.key;
        match &self.how {
            How::Gone { likely: None } => write!(f, "watch \"{key}\" is gone: its open incidents end"),
            How::Gone { likely: Some(name) } => write!(
                f,
                "watch \"{key}\" is gone: its open incidents end. If \"{name}\" is its new name, add formerly = \"{key}\" \
                 to that, and they go on"
            ),
            How::NoEscalation => {
                write!(f, "watch \"{key}\" has no escalation any more: nobody else is called for its open incidents")
            }
        }
    }
}

/// What of `running` would be cut off by `new`.
pub fn cut_off(running: &Config, new: &Config) -> Vec<CutOff> {
    let cut_off = |watch: &Watch| {
        let how = match new.watches.iter().find(|other| other.key() == watch.key()) {
            None => How::Gone { likely: successor(watch, running, new) },
            Some(other) if watch.escalation.is_some() && other.escalation.is_none() => How::NoEscalation,
            Some(_) => return None,
        };
        Some(CutOff { key: watch.key().to_owned(), how })
    };
    running.watches.iter().filter_map(cut_off).collect()
}

/// The new watch that looks for the same as one that is gone.
fn successor(gone: &Watch, running: &Config, new: &Config) -> Option<String> {
    let is_new = |watch: &&Watch| running.watches.iter().all(|other| other.key() != watch.key());
    let same = |watch: &&Watch| {
        (watch.terms == gone.terms && watch.query == gone.query) || (gone.title.is_some() && watch.title == gone.title)
    };
    new.watches.iter().filter(is_new).find(same).map(|watch| watch.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(watches: &[(&str, &str, &str)]) -> Config {
        let watch = |(name, term, more): &(&str, &str, &str)| {
            format!("[[watch]]\nname = \"{name}\"\nterms = [\"{term}\"]\n{more}\n")
        };
        toml::from_str(&watches.iter().map(watch).collect::<String>()).unwrap()
    }

    #[test]
    fn what_is_gone_renamed_or_without_an_escalation_is_named() {
        let duty = "escalation = \"duty\"";
        let running =
            config(&[("acme", "acme", duty), ("bolt", "bolt", duty), ("core", "core", ""), ("dot", "dot", "")]);
        let new = config(&[("acme-hu", "acme", duty), ("bolt", "bolt", ""), ("core", "core", "")]);
        let told: Vec<String> = cut_off(&running, &new).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "watch \"acme\" is gone: its open incidents end. If \"acme-hu\" is its new name, add formerly = \"acme\" \
                 to that, and they go on",
                "watch \"bolt\" has no escalation any more: nobody else is called for its open incidents",
                "watch \"dot\" is gone: its open incidents end",
            ]
        );
        let renamed = config(&[("acme-hu", "acme", "formerly = \"acme\"")]);
        assert_eq!(cut_off(&config(&[("acme", "acme", "")]), &renamed), []);
    }
}

//! What a check of something outside found, in words for an engineer. Adapters look, `orszem doctor` shows it.

use serde::Serialize;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It works.
    Works,
    /// It works, but likely not as it should.
    Warning,
    /// It does not work.
    Broken,
    /// It was not checked; the detail says why.
    Skipped,
}

/// What was found about one thing. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was checked: a host, a topic, a receiver.
    pub name: String,
    /// How it ended.
    pub state: State,
    /// What was seen, one line.
    pub detail: String,
    /// What to do about it; `None` where there is nothing to do.
    pub fix: Option<String>,
}

impl Finding {
    /// It works.
    pub fn works(name: impl Into<String>, detail: impl Into<String>) -> Finding {
        Finding { name: name.into(), state: State::Works, detail: detail.into(), fix: None }
    }

    /// It works, but likely not as it should.
    pub fn warning(name: impl Into<String>, detail: impl Into<String>, fix: impl Into<String>) -> Finding {
        Finding { name: name.into(), state: State::Warning, detail: detail.into(), fix: Some(fix.into()) }
    }

    /// It does not work.
    pub fn broken(name: impl Into<String>, detail: impl Into<String>, fix: impl Into<String>) -> Finding {
        Finding { name: name.into(), state: State::Broken, detail: detail.into(), fix: Some(fix.into()) }
    }

    /// It was not checked.
    pub fn skipped(name: impl Into<String>, reason: impl Into<String>) -> Finding {
        Finding { name: name.into(), state: State::Skipped, detail: reason.into(), fix: None }
    }
}

//! What the parts of an incident's page are made from.

use orszem_core::settings::{Config, Person};
use orszem_core::words::Words;
use orszem_records::incident::Incident;
use orszem_records::ledger::person_of;
use orszem_records::time::Timestamp;

use crate::actions::ActionName;
use crate::asked::Asked;
use crate::auth::link_check::{LinkCheck, LinkParams};

/// What the parts of an incident's page are made from.
pub(super) struct PageContext<'a> {
    /// What was asked for, and the reader's words.
    pub asked: &'a Asked,
    /// The way from the page to the root of the site.
    pub root: &'a str,
    pub incident: &'a Incident,
    pub config: &'a Config,
    /// The link the reader came by.
    pub link: &'a LinkParams,
    pub check: &'a LinkCheck,
    /// The sign of the forms of somebody who is signed in.
    pub form: Option<String>,
    /// The reader may open the list: with this query, where they came by a link that only reads.
    pub list: Option<String>,
    /// What the reader just did.
    pub did: Option<ActionName>,
    /// Somebody had done so before.
    pub late: bool,
    /// The time by the clock.
    pub now: Timestamp,
}

impl PageContext<'_> {
    /// The reader's words.
    pub(super) fn words(&self) -> &Words {
        &self.asked.words
    }

    /// Whether the reader may act.
    pub(super) fn may_act(&self) -> bool {
        matches!(self.check, LinkCheck::May(_)) || self.form.is_some()
    }

    /// The name that the reader acted under last, as their browser keeps it.
    pub(super) fn name(&self) -> Option<&str> {
        self.asked.preferences.name.as_deref()
    }

    /// The person whose own link the reader has.
    pub(super) fn person(&self) -> Option<&Person> {
        let LinkCheck::May(bearer) = self.check else { return None };
        self.config.person(person_of(&bearer.0)?)
    }

    /// Whether this is the name that the reader acts under: theirs, or that of the receiver whose link they have.
    pub(super) fn is_reader(&self, who: &str) -> bool {
        if let Some(person) = self.person() {
            return person.shown() == who;
        }
        match (self.name(), self.check) {
            (Some(name), _) => name == who,
            (None, LinkCheck::May(bearer)) => bearer.0 == who,
            (None, _) => false,
        }
    }
}

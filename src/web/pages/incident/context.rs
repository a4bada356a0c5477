//! What the parts of an incident's page are made from.

use orszem_core::oncall::Roster;
use orszem_core::settings::{Config, Person, Role};
use orszem_core::words::Words;
use orszem_records::incident::Incident;
use orszem_records::ledger::person_of;
use orszem_records::time::Timestamp;

use crate::actions::ActionName;
use crate::asked::Asked;
use crate::auth::link_check::{LinkCheck, LinkParams};
use crate::auth::visitor::{Known, Visitor};

/// What the parts of an incident's page are made from.
pub(super) struct PageContext<'a> {
    /// What was asked for, and the reader's words.
    pub asked: &'a Asked,
    /// The way from the page to the root of the site.
    pub root: &'a str,
    pub incident: &'a Incident,
    /// The incident that carries its page: itself, or another one.
    pub carrier: &'a Incident,
    pub config: &'a Config,
    /// The link the reader came by.
    pub link: &'a LinkParams,
    pub check: &'a LinkCheck,
    /// Somebody who is signed in.
    pub visitor: Option<&'a Visitor>,
    /// The sign of their forms.
    pub form: Option<String>,
    /// The reader may open the list: with this query, where they came by a link that only reads.
    pub list: Option<String>,
    /// What the reader just did.
    pub did: Option<ActionName>,
    /// Somebody had done so before.
    pub late: bool,
    /// Why the approval that the reader just gave was refused.
    pub refused: Option<&'a str>,
    /// The revision of the statement that they had read.
    pub read: Option<u32>,
    /// Who is on call.
    pub roster: &'a Roster,
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
        matches!(self.check, LinkCheck::May(_)) || self.signed_form().is_some()
    }

    /// The sign of the forms of somebody who is signed in and may act.
    pub(super) fn signed_form(&self) -> Option<&str> {
        self.visitor.filter(|visitor| visitor.may(Role::Responder)).and(self.form.as_deref())
    }

    /// The person who is signed in and may act.
    pub(super) fn signed_in(&self) -> Option<&Known> {
        self.visitor.filter(|visitor| visitor.may(Role::Responder))?.known()
    }

    /// The person whom the reader acts as: who is signed in, else whose own link it is.
    pub(super) fn person(&self) -> Option<&Person> {
        match (self.signed_in(), self.check) {
            (Some(known), _) => self.config.person(known.person.as_deref()?),
            (None, LinkCheck::May(bearer)) => self.config.person(person_of(&bearer.0)?),
            (None, _) => None,
        }
    }

    /// A person's name for people.
    pub(super) fn person_shown(&self, name: &str) -> String {
        self.config.person(name).map_or(name, |person| person.shown()).to_owned()
    }

    /// The names of people, for people.
    pub(super) fn people_shown(&self, names: &[String]) -> String {
        let shown: Vec<String> = names.iter().map(|name| self.person_shown(name)).collect();
        shown.join(", ")
    }

    /// The name that is written to the ledger, and not asked for, where it is known who acts.
    pub(super) fn own_name(&self) -> Option<&str> {
        let of_link = || self.person().map(|person| person.shown());
        self.signed_in().map(|known| known.name.as_str()).or_else(of_link)
    }

    /// The name that the reader acted under last, as their browser keeps it.
    pub(super) fn name(&self) -> Option<&str> {
        self.asked.preferences.name.as_deref()
    }

    /// Whether this is the name that the reader acts under: theirs, or that of the receiver whose link they have.
    pub(super) fn is_reader(&self, who: &str) -> bool {
        if let Some(name) = self.own_name() {
            return name == who;
        }
        match (self.name(), self.check) {
            (Some(name), _) => name == who,
            (None, LinkCheck::May(bearer)) => bearer.0 == who,
            (None, _) => false,
        }
    }
}

//! An account, as pages show it: in an incident, among the accounts, and in a drill of ten minutes.

use axum::http::StatusCode;
use maud::{Markup, html};

use orszem_core::oncall::Roster;
use orszem_core::posting::who::people;
use orszem_core::settings::{Account, Config};
use orszem_core::words::Words;
use orszem_records::time::Timestamp;

use crate::accounts::NotDone;
use crate::asked::Asked;
use crate::refusal::{Refused, refuse};
use crate::render::{format, markdown};

use super::team_form;

/// What accounts are shown by.
pub(super) struct Cards<'a> {
    pub words: &'a Words,
    pub config: &'a Config,
    /// Who is on call.
    pub roster: &'a Roster,
    /// The time by the clock.
    pub now: Timestamp,
}

/// What a page adds to the card of an account.
pub(super) struct Added {
    /// Its name.
    pub name: Markup,
    /// The card is open.
    pub open: bool,
    /// More facts.
    pub facts: Markup,
    /// The place of the credential, or how to see it.
    pub credential: Markup,
}

impl Cards<'_> {
    /// An account with who answers for it, who can sign in, and how things are done there.
    pub(super) fn card(&self, account: &Account, added: &Added) -> Markup {
        let words = self.words;
        html! {
            details.card.account id={ "account-" (account.name) } open[added.open] {
                summary { (added.name) }
                (address(account))
                dl.facts {
                    (fact(words, "account-owner", &self.owner(account)))
                    (fact(words, "account-administrators", &self.there(&account.administrators)))
                    (fact(words, "account-outside", &account.outside_administrators.join(", ")))
                    (fact(words, "account-emergency", account.emergency.as_deref().unwrap_or_default()))
                    (added.facts)
                }
                @for (name, steps) in account.how.steps() {
                    h3 { (words.say(how_id(name))) }
                    (self::steps(steps))
                }
                (added.credential)
            }
        }
    }

    /// Of these rotations and people who is there now.
    fn there(&self, names: &[String]) -> String {
        let there = people(self.roster, names, self.now);
        team_form::people(self.config, there.iter().map(String::as_str))
    }

    /// Who answers for an account: of a rotation with its name, since nobody may be on call.
    fn owner(&self, account: &Account) -> String {
        let there = self.there(std::slice::from_ref(&account.owner));
        let Some(rotation) = self.config.rotations.iter().find(|rotation| rotation.name == account.owner) else {
            return there;
        };
        let rotation = ("rotation", format::lines(rotation.title.as_deref().unwrap_or(&rotation.name)).into());
        match there.is_empty() {
            true => self.words.with("account-owner-nobody", [rotation]),
            false => self.words.with("account-owner-rotation", [("people", there.into()), rotation]),
        }
    }
}

/// The way to an account, where its address can be one.
pub(super) fn address(account: &Account) -> Markup {
    html! {
        @if let Some(link) = orszem_text::sanitize::address(&account.address) {
            p { a href=(link) rel="noopener noreferrer nofollow" { (format::lines(&account.address)) } }
        }
    }
}

/// A line of a list of facts, where there is something to say.
pub(super) fn fact(words: &Words, id: &str, text: &str) -> Markup {
    html! {
        @if !text.is_empty() { div { dt { (words.say(id)) } dd { bdi { (format::lines(text)) } } } }
    }
}

/// How something is done, as the configuration describes it in Markdown.
pub(super) fn steps(steps: &str) -> Markup {
    html! { div.prose { (markdown::render(steps, &orszem_text::sanitize::address).body) } }
}

/// Where the credential is kept: for somebody who has looked it up.
pub(super) fn kept(words: &Words, account: &Account) -> Markup {
    fact(words, "account-credential", &account.credential)
}

/// What one needs beside the credential, and where one gets back in.
pub(super) fn beside(words: &Words, account: &Account) -> Markup {
    html! {
        (fact(words, "account-second-factor", account.second_factor.as_deref().unwrap_or_default()))
        (fact(words, "account-recovery", account.recovery.as_deref().unwrap_or_default()))
    }
}

/// The button that looks up where the credential is kept. `action`: where it sends `fields`; `does`: what comes of it.
pub(super) fn look_up(words: &Words, account: &Account, (action, does): (&str, &str), fields: &Markup) -> Markup {
    html! {
        form.try method="post" action=(action) {
            (fields)
            button.secondary type="submit" aria-label={ (words.say("button-look-up")) ": " (account.shown()) } {
                (words.say("button-look-up")) small { (does) }
            }
        }
    }
}

/// The text of the catalogue for what is described.
fn how_id(name: &str) -> &'static str {
    match name {
        "post" => "account-how-post",
        "edit" => "account-how-edit",
        "hide" => "account-how-hide",
        "pin" => "account-how-pin",
        _ => "account-how-close-comments",
    }
}

/// 403: it is not known which person it is; 404: there is no such account; 503: it was not saved.
pub(super) fn not_done(asked: &Asked, fault: &NotDone) -> Refused {
    let (status, code, title, text) = match fault {
        NotDone::WhoIsIt => (StatusCode::FORBIDDEN, "unknown-person", "refusal-who", "account-sign-in"),
        NotDone::NoAccount => (StatusCode::NOT_FOUND, "no-account", "refusal-no-account", "refusal-no-account-text"),
        NotDone::NotWritten(_) => return team_form::not_saved(asked),
    };
    refuse(asked, status, code, title, text).into()
}

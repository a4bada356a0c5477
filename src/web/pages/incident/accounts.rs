//! The accounts: where one speaks, how that is done there, and where the credential is kept.

use maud::{Markup, html};

use orszem_core::posting::who::people;
use orszem_core::settings::Account;

use crate::actions::ActionName;
use crate::render::{format, markdown};

use super::buttons::{address, hidden, name_field};
use super::context::PageContext;

/// The accounts, where the configuration has any.
pub(super) fn section(page: &PageContext<'_>) -> Markup {
    if page.config.accounts.is_empty() {
        return html! {};
    }
    html! {
        section #accounts {
            h2 { (page.words().say("accounts")) }
            @for account in &page.config.accounts { (one(page, account)) }
        }
    }
}

fn one(page: &PageContext<'_>, account: &Account) -> Markup {
    let words = page.words();
    let owners = people(page.roster, std::slice::from_ref(&account.owner), page.now);
    let administrators = people(page.roster, &account.administrators, page.now);
    let outside = account.outside_administrators.join(", ");
    let line = |id: &str, text: &str| {
        html! {
            @if !text.is_empty() { div { dt { (words.say(id)) } dd { bdi { (format::lines(text)) } } } }
        }
    };
    let link = orszem_text::sanitize::address(&account.address);
    html! {
        details.card.account {
            summary { bdi { (format::lines(account.shown())) } }
            @if let Some(link) = link {
                p { a href=(link) rel="noopener noreferrer nofollow" { (format::lines(&account.address)) } }
            }
            dl.facts {
                (line("account-owner", &page.people_shown(&owners)))
                (line("account-administrators", &page.people_shown(&administrators)))
                (line("account-outside", &outside))
                (line("account-emergency", account.emergency.as_deref().unwrap_or_default()))
            }
            @for (name, steps) in account.how.steps() {
                h3 { (words.say(how_id(name))) }
                div.prose { (markdown::render(steps, &orszem_text::sanitize::address).body) }
            }
            (credential(page, account))
        }
    }
}

/// Where the credential is kept: shown to who has looked it up in this incident, which is written down.
fn credential(page: &PageContext<'_>, account: &Account) -> Markup {
    let words = page.words();
    if !page.may_act() {
        return html! {};
    }
    let Some(reader) = page.person().map(|person| person.name.as_str()) else {
        return html! { p.quiet { (words.say("refusal-who-text")) } };
    };
    let mut look_ups = page.incident.look_ups.iter().filter(|(look_up, _)| look_up.account == account.name);
    if look_ups.any(|(look_up, _)| look_up.by.person.as_deref() == Some(reader)) {
        let line = |id: &str, text: Option<&str>| {
            html! {
                @if let Some(text) = text { div { dt { (words.say(id)) } dd { bdi { (format::lines(text)) } } } }
            }
        };
        return html! {
            dl.facts.credential {
                (line("account-credential", Some(&account.credential)))
                (line("account-second-factor", account.second_factor.as_deref()))
                (line("account-recovery", account.recovery.as_deref()))
            }
        };
    }
    html! {
        form.try method="post" action=(address(page, ActionName::LookUp)) {
            (hidden(page))
            input type="hidden" name="account" value=(account.name);
            (name_field(page, &format!("look-up-{}", account.name)))
            button.secondary type="submit" aria-label={ (words.say("button-look-up")) ": " (account.shown()) } {
                (words.say("button-look-up")) small { (words.say("button-look-up-does")) }
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

//! The accounts: where one speaks, how that is done there, and where the credential is kept.

use maud::{Markup, html};

use orszem_core::settings::Account;

use crate::actions::ActionName;
use crate::pages::account_card::{self, Added, Cards};
use crate::render::format;

use super::buttons::{address, hidden, name_field};
use super::context::PageContext;

/// The accounts, where the configuration has any.
pub(super) fn section(page: &PageContext<'_>) -> Markup {
    if page.config.accounts.is_empty() {
        return html! {};
    }
    let cards = Cards { words: page.words(), config: page.config, roster: page.roster, now: page.now };
    let card = |account: &Account| {
        let name = html! { bdi { (format::lines(account.shown())) } };
        let added = Added { name, open: false, facts: html! {}, credential: credential(page, account) };
        cards.card(account, &added)
    };
    html! {
        section #accounts {
            h2 { (page.words().say("accounts")) }
            @for account in &page.config.accounts { (card(account)) }
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
        return html! {
            dl.facts.credential { (account_card::kept(words, account)) (account_card::beside(words, account)) }
        };
    }
    let fields = html! {
        (hidden(page))
        input type="hidden" name="account" value=(account.name);
        (name_field(page, &format!("look-up-{}", account.name)))
    };
    let (action, does) = (address(page, ActionName::LookUp), words.say("button-look-up-does"));
    account_card::look_up(words, account, (&action, &does), &fields)
}

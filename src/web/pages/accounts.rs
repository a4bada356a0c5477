//! The accounts, outside of an incident: where one speaks, who can sign in, and where the credential is kept.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use orszem_core::readiness::Proofs;
use orszem_core::settings::Account;
use orszem_core::words::Words;
use orszem_records::team::personal_drill::{PersonalDrill, Step};
use orszem_runtime::clock;

use crate::accounts;
use crate::address::percent_encode;
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::personal_drill::{self, DrillAction};
use crate::refusal::Refused;
use crate::render::format;

use super::account_card::{self, Added, Cards};
use super::sent::{Sent, Signed};
use super::team_form::{self, Acting};
use super::{drill, layout};

/// How many look-ups of an account are listed.
const LISTED: usize = 5;

/// What the redirect after a look-up adds to the page's address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Params {
    /// The account that was looked up.
    account: String,
}

/// What the page is made from.
struct List<'a> {
    app: &'a AppState,
    cards: Cards<'a>,
    proofs: &'a Proofs,
    root: &'a str,
    asked: &'a Asked,
    /// Somebody is signed in.
    is_signed_in: bool,
    /// Somebody who may act.
    acting: Option<&'a Acting>,
    /// Their drill, while its account is to be found.
    drill: Option<PersonalDrill>,
}

/// `GET /accounts`.
pub(crate) async fn show(
    State(app): State<AppState>,
    reader: Reader,
    asked: Asked,
    params: Result<Query<Params>, QueryRejection>,
) -> Result<Response, Refused> {
    let config = app.config.load();
    team_form::may_see(&reader, &asked, &config)?;
    let Query(params) = params.unwrap_or_default();
    let (roster, proofs, now) = (app.team.roster(&config), app.team.proofs(), clock::now());
    let is_signed_in = reader.visitor.is_some();
    let acting = Acting::of(&app, reader.visitor);
    let person = acting.as_ref().and_then(Acting::person);
    let drill = person.and_then(|person| personal_drill::open(&app, person, now));
    let list = List {
        app: &app,
        cards: Cards { words: &asked.words, config: &config, roster: &roster, now },
        proofs: &proofs,
        root: &layout::root(asked.uri.path()),
        asked: &asked,
        is_signed_in,
        acting: acting.as_ref(),
        drill: drill.filter(|drill| !drill.steps.contains_key(&Step::LookedUp)),
    };
    let words = &asked.words;
    let title = words.say("accounts");
    let main = html! {
        (team_form::ways(&asked, list.root))
        h1 { (title) }
        @if person.is_some_and(|person| accounts::is_shown(&app, &params.account, person, now)) {
            p.notice role="status" { (words.say("did-look-up-outside")) }
        }
        @if let Some(drill) = &list.drill { (drill::note(drill, &config, words, list.root)) }
        p.quiet { (words.say("accounts-what")) }
        @if config.accounts.is_empty() { p.quiet { (words.say("accounts-none")) } }
        @for account in &config.accounts { (one(&list, account, account.name == params.account)) }
        p { a href={ (list.root) "drill" } { (words.say("personal-drill")) } }
    };
    Ok(layout::response(layout::layout(&asked, &title, &main)).into_response())
}

fn one(list: &List<'_>, account: &Account, open: bool) -> Markup {
    let words = list.cards.words;
    let facts = html! {
        // Who only reaches the address need not know where a second factor is.
        @if list.is_signed_in { (account_card::beside(words, account)) }
        (rows(words, "account-proofs", &proofs(list, account)))
        (rows(words, "account-looked-up", &look_ups(list, account)))
    };
    let name = html! { h2 { bdi { (format::lines(account.shown())) } } };
    list.cards.card(account, &Added { name, open, facts, credential: credential(list, account) })
}

/// A fact of several lines.
fn rows(words: &Words, id: &str, rows: &[String]) -> Markup {
    html! {
        @if !rows.is_empty() {
            div {
                dt { (words.say(id)) }
                dd { @for (place, row) in rows.iter().enumerate() { @if place > 0 { br; } bdi { (row) } } }
            }
        }
    }
}

/// For each administrator whether they showed that they can sign in.
fn proofs(list: &List<'_>, account: &Account) -> Vec<String> {
    let Cards { words, config, now, .. } = list.cards;
    let one = |person: &String| {
        let shown = ("person", team_form::person(config, person).into());
        let id = match list.proofs.access(&account.name, person) {
            None => return words.with("account-not-proven", [shown]),
            Some((false, _)) => "account-could-not",
            Some((true, _)) if list.proofs.has_access(&account.name, person, now) => "account-proven",
            Some((true, _)) => "account-proven-long-ago",
        };
        let at = list.proofs.access(&account.name, person).map(|(_, at)| words.moment(at)).unwrap_or_default();
        words.with(id, [shown, ("at", at.into())])
    };
    account.administrators.iter().map(one).collect()
}

/// Who looked up lately where the credential is kept.
fn look_ups(list: &List<'_>, account: &Account) -> Vec<String> {
    let words = list.cards.words;
    let newest = list.app.team.look_ups(&account.name).into_iter().take(LISTED);
    let said = newest.map(|look_up| {
        let id = if look_up.drill { "account-looked-up-drill" } else { "account-looked-up-by" };
        words.with(id, [("by", format::lines(&look_up.by).into()), ("at", words.moment(look_up.at).into())])
    });
    said.collect()
}

/// Where the credential is kept, for who has looked it up; else how to do that.
fn credential(list: &List<'_>, account: &Account) -> Markup {
    let Cards { words, now, .. } = list.cards;
    let Some((acting, person)) = list.acting.and_then(|acting| Some((acting, acting.person()?))) else {
        let is_viewer = list.is_signed_in && list.acting.is_none();
        return html! { p.quiet { (words.say(if is_viewer { "no-role-to-act" } else { "account-sign-in" })) } };
    };
    let drill = list.drill.as_ref().filter(|drill| drill.account == account.name);
    if drill.is_none() && accounts::is_shown(list.app, &account.name, person, now) {
        return html! { dl.facts.credential { (account_card::kept(words, account)) } };
    }
    let fields = html! {
        (acting.fields(&format!("look-up-{}", account.name), list.asked))
        @if let Some(drill) = drill { input type="hidden" name="drill" value=(drill.number); }
    };
    let action = format!("{}accounts/{}/look-up", list.root, percent_encode(&account.name));
    let does = words.say(if drill.is_some() { "button-look-up-drill-does" } else { "button-look-up-outside-does" });
    account_card::look_up(words, account, (&action, &does), &fields)
}

/// What the button sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    form: Option<String>,
    name: Option<String>,
    /// The number of the drill of which it is a step.
    drill: Option<u32>,
}

impl Signed for Fields {
    fn who(&self) -> (Option<&str>, Option<&str>) {
        (self.form.as_deref(), self.name.as_deref())
    }
}

/// `POST /accounts/{account}/look-up`: by itself, or as a step of a drill.
pub(crate) async fn look_up(
    State(app): State<AppState>,
    Path(account): Path<String>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let Sent { asked, by, fields, .. } = sent;
    if let Some(number) = fields.drill {
        return drill::take(&app, &asked, &DrillAction::LookUp { account, number }, by, "../../drill").await;
    }
    let name = percent_encode(&account);
    accounts::look_up(&app, &account, by).await.map_err(|fault| account_card::not_done(&asked, &fault))?;
    Ok(team_form::back(&format!("../../accounts?account={name}#account-{name}"), None, &app))
}

#[cfg(test)]
#[path = "accounts_tests.rs"]
mod tests;

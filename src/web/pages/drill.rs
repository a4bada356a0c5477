//! The drill of ten minutes: find the account, open where its credential is kept, tick.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use orszem_core::settings::{Account, Config};
use orszem_core::words::Words;
use orszem_records::ledger::ByWhom;
use orszem_records::team::personal_drill::{PersonalDrill, Step};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::personal_drill::{self, DrillAction};
use crate::refusal::{Refused, refuse};
use crate::render::format;

use super::sent::{Sent, Signed};
use super::team_form::{self, Acting};
use super::{account_card, layout};

/// How many former drills are listed.
const LISTED: usize = 5;

/// What the redirect after a step adds to the page's address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Params {
    did: String,
}

/// What the page of a drill is made from.
struct Page<'a> {
    asked: &'a Asked,
    root: &'a str,
    config: &'a Config,
    acting: &'a Acting,
    now: Timestamp,
}

/// `GET /drill`.
pub(crate) async fn show(
    State(app): State<AppState>,
    reader: Reader,
    asked: Asked,
    params: Result<Query<Params>, QueryRejection>,
) -> Result<Response, Refused> {
    let config = app.config.load();
    team_form::may_see(&reader, &asked, &config)?;
    let is_signed_in = reader.visitor.is_some();
    let acting = Acting::of(&app, reader.visitor);
    let is_viewer = is_signed_in && acting.is_none();
    let acting = acting.filter(|acting| acting.person().is_some());
    let words = &asked.words;
    let title = words.say("personal-drill");
    let root = layout::root(asked.uri.path());
    let did = params.is_ok_and(|Query(params)| params.did == "done");
    let main = html! {
        (team_form::ways(&asked, &root))
        h1 { (title) }
        @match &acting {
            Some(acting) => {
                (of_person(&app, &Page { asked: &asked, root: &root, config: &config, acting, now: clock::now() }, did))
            }
            None => {
                p { (words.say("personal-drill-what")) }
                p.warning { (words.say(if is_viewer { "no-role-to-act" } else { "personal-drill-sign-in" })) }
            }
        }
    };
    Ok(layout::response(layout::layout(&asked, &title, &main)).into_response())
}

fn of_person(app: &AppState, page: &Page<'_>, did: bool) -> Markup {
    let words = &page.asked.words;
    let person = page.acting.person().unwrap_or_default();
    let proofs = app.team.proofs();
    let open = personal_drill::open(app, person, page.now);
    let former: Vec<&PersonalDrill> = proofs.personal_drills(person).skip(usize::from(open.is_some())).collect();
    html! {
        @if did && let Some(done) = former.first().filter(|_| open.is_none()) { (completed(done, words)) }
        @match &open {
            Some(drill) => (running(page, drill)),
            None => {
                p { (words.say("personal-drill-what")) }
                @if page.config.accounts.is_empty() { p.warning { (words.say("personal-drill-no-accounts")) } }
                @else { (start(page, "personal-drill-start", "personal-drill-start-does")) }
            }
        }
        @if !former.is_empty() {
            h2 { (words.say("personal-drill-yours")) }
            ul { @for drill in former.iter().take(LISTED) { li { bdi { (result(drill, page.config, words)) } } } }
        }
    }
}

fn start(page: &Page<'_>, says: &str, does: &str) -> Markup {
    let words = &page.asked.words;
    html! {
        form.decide method="post" action={ (page.root) "drill" } {
            (page.acting.fields("drill-name", page.asked))
            button.primary type="submit" { (words.say(says)) small { (words.say(does)) } }
        }
    }
}

/// The steps, one under the other: what is done, and what is next.
fn running(page: &Page<'_>, drill: &PersonalDrill) -> Markup {
    let words = &page.asked.words;
    let account = page.config.account(&drill.account);
    let shown = format::lines(page.config.account_shown(&drill.account));
    let is_late = page.now > drill.until();
    let until = ("until", words.clock_seconds(drill.until()).into());
    html! {
        div.badges { span.badge.drill { (words.say("drill-mark")) } }
        p.headline { bdi { (words.with("personal-drill-account", [("account", shown.into())])) } }
        @if is_late { p.warning { (words.with("personal-drill-late-now", [until])) } }
        @else {
            p { (words.with("personal-drill-until", [("began", words.clock_seconds(drill.began).into()), until])) }
        }
        (found(page, drill, account))
        (signed_in(page, drill, account))
        (read(page, drill, account))
        @if is_late { (start(page, "personal-drill-again", "personal-drill-again-does")) }
    }
}

/// A step with its number: `done` says what was done and when; `next` is what does it, once step 1 is done.
fn step(words: &Words, (number, says): (u8, &str), done: Option<&str>, next: &Markup) -> Markup {
    html! {
        section.card.step {
            h2 { (number) ". " (words.say(says)) }
            @if let Some(done) = done { p.done { "✓ " (done) } }
            (next)
        }
    }
}

fn found(page: &Page<'_>, drill: &PersonalDrill, account: Option<&Account>) -> Markup {
    let words = &page.asked.words;
    let done = drill.steps.get(&Step::LookedUp);
    let done = done.map(|at| words.with("personal-drill-found", [("at", words.clock_seconds(*at).into())]));
    let next = html! {
        @match (&done, account) {
            (None, _) => p { a.button href={ (page.root) "accounts" } { (words.say("personal-drill-find-do")) } },
            (Some(_), Some(account)) => {
                dl.facts.credential { (account_card::kept(words, account)) (account_card::beside(words, account)) }
            }
            (Some(_), None) => p.warning { (words.say("refusal-no-account")) },
        }
    };
    step(words, (1, "personal-drill-find"), done.as_deref(), &next)
}

fn signed_in(page: &Page<'_>, drill: &PersonalDrill, account: Option<&Account>) -> Markup {
    let words = &page.asked.words;
    let done = drill.steps.get(&Step::SignedIn).map(|at| {
        let id = if drill.could == Some(true) { "personal-drill-access-yes" } else { "personal-drill-access-no" };
        words.with(id, [("at", words.clock_seconds(*at).into())])
    });
    let next = html! {
        @if !drill.steps.contains_key(&Step::LookedUp) { (waits(words)) }
        @else if done.is_none() {
            @if let Some(account) = account { (account_card::address(account)) }
            form.decide method="post" action={ (page.root) "drill/access" } {
                (page.acting.fields("access-name", page.asked))
                div.buttons {
                    button.primary type="submit" name="could" value="yes" { (words.say("access-yes")) }
                    button.secondary type="submit" name="could" value="no" { (words.say("access-no")) }
                }
            }
        }
    };
    step(words, (2, "personal-drill-access"), done.as_deref(), &next)
}

fn read(page: &Page<'_>, drill: &PersonalDrill, account: Option<&Account>) -> Markup {
    let words = &page.asked.words;
    let done = drill.steps.get(&Step::Read);
    let done = done.map(|at| words.with("personal-drill-read-done", [("at", words.clock_seconds(*at).into())]));
    let how = account.and_then(|account| account.how.post.as_deref());
    let next = html! {
        @if !drill.steps.contains_key(&Step::LookedUp) { (waits(words)) }
        @else {
            @match how {
                Some(how) => (account_card::steps(how)),
                None => p.warning { (words.say("personal-drill-read-none")) },
            }
            @if done.is_none() {
                form.decide method="post" action={ (page.root) "drill/read" } {
                    (page.acting.fields("read-name", page.asked))
                    button.primary type="submit" { (words.say("personal-drill-read-do")) }
                }
            }
        }
    };
    step(words, (3, "personal-drill-read"), done.as_deref(), &next)
}

fn waits(words: &Words) -> Markup {
    html! { p.quiet { (words.with("personal-drill-step-waits", [("n", 1_u8.into())])) } }
}

/// How long it took, in words.
fn length(drill: &PersonalDrill, words: &Words) -> String {
    words.length(drill.completed().map_or(0, |ended| ended.since(drill.began)) / 1000)
}

/// It was completed a moment ago.
fn completed(drill: &PersonalDrill, words: &Words) -> Markup {
    let length = ("length", length(drill, words).into());
    html! {
        @match (drill.completed(), drill.late) {
            (None, _) => {}
            (Some(_), false) => p.notice role="status" { (words.with("personal-drill-did", [length])) },
            (Some(_), true) => p.warning role="status" { (words.with("personal-drill-did-late", [length])) },
        }
    }
}

/// What became of a former drill, in a line.
fn result(drill: &PersonalDrill, config: &Config, words: &Words) -> String {
    let account = config.account_shown(&drill.account);
    let account = ("account", format::lines(account).into());
    let at = ("at", words.moment(drill.completed().unwrap_or(drill.began)).into());
    let id = match (drill.completed(), drill.late) {
        (None, _) => return words.with("personal-drill-incomplete", [account, at]),
        (Some(_), false) => "personal-drill-in-time",
        (Some(_), true) => "personal-drill-late",
    };
    words.with(id, [account, at, ("length", length(drill, words).into())])
}

/// What the page of the accounts says while somebody is to find one.
pub(super) fn note(drill: &PersonalDrill, config: &Config, words: &Words, root: &str) -> Markup {
    let account = config.account_shown(&drill.account);
    html! {
        div.badges { span.badge.drill { (words.say("drill-mark")) } }
        p {
            bdi { (words.with("personal-drill-note", [("account", format::lines(account).into())])) } " "
            a href={ (root) "drill" } { (words.say("personal-drill-back")) }
        }
    }
}

/// What the forms send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    form: Option<String>,
    name: Option<String>,
    /// `yes` or `no`.
    could: String,
}

impl Signed for Fields {
    fn who(&self) -> (Option<&str>, Option<&str>) {
        (self.form.as_deref(), self.name.as_deref())
    }
}

/// `POST /drill`: one begins.
pub(crate) async fn begin(State(app): State<AppState>, sent: Sent<Fields>) -> Result<Response, Refused> {
    let Sent { asked, by, .. } = sent;
    personal_drill::start(&app, by).await.map_err(|fault| account_card::not_done(&asked, &fault))?;
    Ok(team_form::back("drill", None, &app))
}

/// `POST /drill/{step}`: `access` or `read`.
pub(crate) async fn act(
    State(app): State<AppState>,
    Path(step): Path<String>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let Sent { asked, by, fields, .. } = sent;
    let action = match (step.as_str(), fields.could.as_str()) {
        ("access", "yes") => DrillAction::SignIn { could: true },
        ("access", "no") => DrillAction::SignIn { could: false },
        ("access", _) => {
            let form = ("refusal-form", "refusal-form-text");
            return Err(refuse(&asked, StatusCode::BAD_REQUEST, "bad-form", form.0, form.1).into());
        }
        ("read", _) => DrillAction::Read,
        _ => return Err(team_form::unknown(&asked)),
    };
    take(&app, &asked, &action, by, "../drill").await
}

/// Does a step, and leads back to the page of the drill at `to`.
pub(super) async fn take(
    app: &AppState,
    asked: &Asked,
    action: &DrillAction,
    by: ByWhom,
    to: &str,
) -> Result<Response, Refused> {
    let is_complete =
        personal_drill::step(app, action, by).await.map_err(|fault| account_card::not_done(asked, &fault))?;
    let did = if is_complete { "?did=done" } else { "" };
    Ok(team_form::back(&format!("{to}{did}"), None, app))
}

#[cfg(test)]
#[path = "drill_tests.rs"]
mod tests;

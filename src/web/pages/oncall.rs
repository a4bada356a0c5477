//! Who is on call: now, next, where nobody is, and what people changed.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use orszem_core::oncall::request::RequestFault;
use orszem_core::oncall::{Made, Roster};
use orszem_core::settings::{Config, Rotation};
use orszem_core::words::{Words, Zone};
use orszem_records::team::{Change, Kind, SwapTaken};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::address::percent_encode;
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::auth::visitor::Visitor;
use crate::oncall::{self, NotChanged};
use crate::refusal::Refused;
use crate::render::format;

use super::layout;
use super::oncall_calendars;
use super::oncall_forms::{self, Fields, fault_words};
use super::sent::{Sent, Signed};
use super::team_form::{self, Acting, people, person};
use super::ways;

const DAY_MS: i64 = 24 * 3_600_000;
/// How far ahead shifts are listed.
const SHIFTS_MS: i64 = 14 * DAY_MS;
/// How far ahead gaps are looked for.
const GAPS_MS: i64 = 30 * DAY_MS;
/// The most shifts that are listed of a rotation.
const LISTED: usize = 60;
/// The most gaps that are listed of a rotation.
const GAPS: usize = 3;

/// What the page is made from.
struct Page<'p> {
    asked: &'p Asked,
    root: String,
    config: &'p Config,
    roster: &'p Roster,
    acting: Option<Acting>,
    now: Timestamp,
}

/// `GET /oncall`.
pub(crate) async fn show(
    State(app): State<AppState>,
    reader: Reader,
    asked: Asked,
    fields: Result<Query<Fields>, QueryRejection>,
) -> Result<Response, Refused> {
    team_form::may_see(&reader, &asked, &app.config.load())?;
    let fields = fields.map(|Query(fields)| fields).unwrap_or_default();
    let acting = Acting::of(&app, reader.visitor);
    Ok(layout::response(page(&app, &asked, acting, &fields, &[])).into_response())
}

/// `POST /oncall/overrides`: an override or an offer.
pub(crate) async fn make(State(app): State<AppState>, sent: Sent<Fields>) -> Result<Response, Refused> {
    let Sent { asked, visitor, by, fields } = sent;
    let (request, doubts) = fields.request(&oncall::roster(&app), clock::now());
    match oncall::ask(&app, &request, by).await {
        Ok(id) => {
            let doubt = doubts.first().map(|doubt| format!("&doubt={}", oncall_forms::doubt_id(*doubt)));
            let to = format!("../oncall?made={}{}", percent_encode(&id), doubt.unwrap_or_default());
            Ok(team_form::back(&to, fields.who().1, &app))
        }
        Err(NotChanged::Sink(_)) => Err(team_form::not_saved(&asked)),
        Err(NotChanged::Faults(faults)) => Ok(again(&app, &asked, visitor, &fields, &faults)),
        Err(NotChanged::Unknown | NotChanged::Past) => Err(team_form::unknown(&asked)),
    }
}

/// The page with what is wrong with what was asked for.
fn again(app: &AppState, asked: &Asked, visitor: Visitor, fields: &Fields, faults: &[RequestFault]) -> Response {
    let page = page(app, asked, Acting::of(app, Some(visitor)), fields, faults);
    (StatusCode::BAD_REQUEST, layout::response(page)).into_response()
}

/// `POST /oncall/overrides/{id}/take`.
pub(crate) async fn take(
    State(app): State<AppState>,
    Path(id): Path<String>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let Sent { asked, visitor, by, fields } = sent;
    // Who signed in as a person takes it for themselves.
    let own = visitor.known().and_then(|known| known.person.clone());
    let taker = own.unwrap_or_else(|| fields.person.clone());
    let to = match oncall::take(&app, &id, &taker, by).await {
        Ok(_) => format!("../../../oncall?made={}", percent_encode(&id)),
        Err(NotChanged::Past) => "../../../oncall?late=yes".to_owned(),
        Err(NotChanged::Sink(_)) => return Err(team_form::not_saved(&asked)),
        Err(NotChanged::Faults(faults)) => return Ok(again(&app, &asked, visitor, &fields, &faults)),
        Err(NotChanged::Unknown) => return Err(team_form::unknown(&asked)),
    };
    Ok(team_form::back(&to, fields.who().1, &app))
}

/// `POST /oncall/overrides/{id}/cancel`.
pub(crate) async fn cancel(
    State(app): State<AppState>,
    Path(id): Path<String>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let Sent { asked, by, fields, .. } = sent;
    match oncall::cancel(&app, &id, by).await {
        // What somebody else took back a moment before is as it was to be.
        Ok(()) | Err(NotChanged::Past) => Ok(team_form::back("../../../oncall", fields.who().1, &app)),
        Err(NotChanged::Sink(_)) => Err(team_form::not_saved(&asked)),
        Err(NotChanged::Unknown | NotChanged::Faults(_)) => Err(team_form::unknown(&asked)),
    }
}

fn page(app: &AppState, asked: &Asked, acting: Option<Acting>, fields: &Fields, faults: &[RequestFault]) -> Markup {
    let (config, now, words) = (app.config.load(), clock::now(), &asked.words);
    let roster = app.team.roster(&config);
    let page = Page { asked, root: layout::root(asked.uri.path()), config: &config, roster: &roster, acting, now };
    let made = roster.made();
    let (standing, gone): (Vec<&Made<'_>>, Vec<&Made<'_>>) =
        made.iter().filter(|one| one.span().1 > now).partition(|one| one.stands(now));
    let title = words.say("oncall");
    let main = html! {
        (team_form::ways(asked, &page.root))
        h1 { (title) }
        (told(&page, &made, fields, faults))
        @let unconfirmed = ways::unconfirmed(app, &config);
        @if unconfirmed > 0 {
            p.warning { a href={ (page.root) "ways" } { (words.with("ways-unconfirmed", [("n", unconfirmed.into())])) } }
        }
        @if config.rotations.is_empty() { p.quiet { (words.say("oncall-no-rotation")) } }
        @for rotation in &config.rotations { (standing_of(&page, rotation)) }
        @if !standing.is_empty() {
            section {
                h2 { (words.say("oncall-changes")) }
                @for one in &standing { (card(&page, one)) }
            }
        }
        @if let (Some(acting), false) = (&page.acting, config.rotations.is_empty()) {
            (oncall_forms::forms(&config, asked, acting, fields, &page.root))
            (oncall_calendars::section(app, asked, acting, &page.root))
        }
        @if !gone.is_empty() {
            details.more {
                summary { (words.say("oncall-cancelled")) " " span.quiet { (gone.len()) } }
                @for one in &gone { (card(&page, one)) }
            }
        }
    };
    layout::layout(asked, &title, &main)
}

/// What came of the last thing that was done.
fn told(page: &Page<'_>, made: &[Made<'_>], fields: &Fields, faults: &[RequestFault]) -> Markup {
    let words = &page.asked.words;
    let one = made.iter().find(|one| !fields.made.is_empty() && one.record.id == fields.made);
    let effect = one.and_then(|one| match one.record.change {
        Change::Override(_) => oncall::effect(page.roster, one.record),
        _ => None,
    });
    html! {
        @if !faults.is_empty() {
            div.warning role="alert" { @for fault in faults { p { (fault_words(fault, words)) } } }
        }
        @if fields.late == "yes" { p.warning role="alert" { (words.say("oncall-late")) } }
        @if let Some(one) = one {
            @let own = words_of(page, one.rotation());
            @match (&effect, one.taken) {
                (Some(effect), _) if effect.differences.is_empty() => {
                    p.warning role="alert" { (words.say("oncall-idle")) }
                }
                (Some(effect), _) => {
                    div.notice role="status" {
                        p { (words.say("oncall-made")) }
                        ul { @for it in effect.differences.iter().take(LISTED) {
                            li { bdi { (words.with("oncall-difference", [
                                ("span", span(&own, it.from, it.to).into()),
                                ("before", who(page, &it.before).into()),
                                ("after", who(page, &it.after).into()),
                            ])) } }
                        } }
                    }
                    @if !effect.new_gaps.is_empty() {
                        p.warning role="alert" { (words.say("oncall-new-gap")) }
                    }
                }
                (None, Some(taken)) => {
                    @if let Change::SwapTaken(SwapTaken { person: taker, .. }) = &taken.change {
                        p.notice role="status" { bdi { (words.with("oncall-taken", [("person", person(page.config, taker).into())])) } }
                    }
                }
                (None, None) => p.notice role="status" { (words.say("oncall-offered")) }
            }
            @match fields.doubt.as_str() {
                "twice" => p.warning role="alert" { (words.say("oncall-doubt-twice")) }
                "missing" => p.warning role="alert" { (words.say("oncall-doubt-missing")) }
                _ => {}
            }
        }
    }
}

/// One rotation: who has it, who is next, its gaps and its shifts, by its own clock.
fn standing_of(page: &Page<'_>, rotation: &Rotation) -> Markup {
    let words = &page.asked.words;
    let own = words_of(page, &rotation.name);
    let standing = page.roster.standing(&rotation.name, page.now);
    let gaps = page.roster.gaps(&rotation.name, page.now, page.now.plus(GAPS_MS));
    let shifts = page.roster.shifts(&rotation.name, page.now, page.now.plus(SHIFTS_MS));
    let now = match standing.on_call.is_empty() {
        true => words.say("oncall-nobody"),
        false => who(page, &standing.on_call),
    };
    html! {
        section.card {
            h2 { (format::lines(rotation.title.as_deref().unwrap_or(&rotation.name))) }
            p {
                strong { bdi { (now) } }
                @if let Some(until) = standing.until {
                    " " span.quiet { (words.with("oncall-until", [("at", moment(&own, until).into())])) }
                }
            }
            @if let Some((from, next)) = &standing.next {
                p { bdi { (words.with("oncall-next", [("who", who(page, next).into()), ("at", moment(&own, *from).into())])) } }
            }
            @if !gaps.is_empty() {
                div.warning {
                    p { (words.with("oncall-gaps", [("n", gaps.len().into())])) }
                    ul {
                        @for gap in gaps.iter().take(GAPS) { li { (span(&own, gap.from, gap.to)) } }
                        @if gaps.len() > GAPS { li { (words.with("others-more", [("n", (gaps.len() - GAPS).into())])) } }
                    }
                }
            }
            details.more {
                summary { (words.say("oncall-shifts")) }
                div.scroll tabindex="0" role="region" aria-label=(words.say("oncall-shifts")) {
                    table {
                        thead { tr {
                            th scope="col" { (words.say("oncall-when")) }
                            th scope="col" { (words.say("oncall")) }
                        } }
                        tbody { @for shift in shifts.iter().take(LISTED) {
                            tr { td { (span(&own, shift.from, shift.to)) } td { bdi { (person(page.config, &shift.person)) } } }
                        } }
                    }
                }
            }
            p.quiet { (words.with("oncall-zone", [("zone", rotation.time_zone.clone().into())])) }
        }
    }
}

/// An override or an offer.
fn card(page: &Page<'_>, one: &Made<'_>) -> Markup {
    let (words, config) = (&page.asked.words, page.config);
    let own = words_of(page, one.rotation());
    let rotation = config.rotation(one.rotation());
    let title = rotation.map_or(one.rotation(), |it| it.title.as_deref().unwrap_or(&it.name));
    let (from, to) = one.span();
    let (id, root) = (percent_encode(&one.record.id), &page.root);
    let reason = match &one.record.change {
        Change::Override(over) => over.reason.as_deref(),
        _ => None,
    };
    html! {
        div.card {
            p { strong { bdi { (what(page, one)) } } }
            p { bdi { (format::lines(title)) } ", " (span(&own, from, to)) }
            @if let Some(reason) = reason { p { bdi { (format::lines(reason)) } } }
            p.quiet {
                bdi { (words.with("silence-by", [
                    ("by", format::lines(&one.record.by.by).into()),
                    ("at", words.moment(one.record.at).into()),
                ])) }
                @if let Some(cancelled) = one.cancelled {
                    " " bdi { (words.with("oncall-cancelled-by", [("by", format::lines(&cancelled.by.by).into())])) }
                }
            }
            @if let Some(acting) = page.acting.as_ref().filter(|_| one.stands(page.now)) {
                @if one.is_open(page.now) {
                    form.decide method="post" action={ (root) "oncall/overrides/" (id) "/take" } {
                        (acting.fields(&format!("take-{}", one.record.id), page.asked))
                        @if acting.person().is_none() {
                            (oncall_forms::person_select(config, "person", &format!("taker-{}", one.record.id), words.say("oncall-taker"), "", None))
                        }
                        button.primary type="submit" { (words.say("oncall-take")) small { (words.say("oncall-take-does")) } }
                    }
                }
                form.decide method="post" action={ (root) "oncall/overrides/" (id) "/cancel" } {
                    (acting.fields(&format!("cancel-{}", one.record.id), page.asked))
                    button.secondary type="submit" { (words.say("oncall-cancel")) }
                }
            }
        }
    }
}

/// What an override does, or an offer asks for, in a sentence.
fn what(page: &Page<'_>, one: &Made<'_>) -> String {
    let (words, config) = (&page.asked.words, page.config);
    let names = |names: &[String]| people(config, names.iter().map(String::as_str));
    match (&one.record.change, one.taken.map(|record| &record.change)) {
        (Change::Override(over), _) => match &over.kind {
            Kind::Add { people } => words.with("override-add", [("who", names(people).into())]),
            Kind::Remove { people } => words.with("override-remove", [("who", names(people).into())]),
            Kind::Replace { people, instead_of } if instead_of.is_empty() => {
                words.with("override-replace-all", [("who", names(people).into())])
            }
            Kind::Replace { people, instead_of } => {
                words.with("override-replace", [("who", names(people).into()), ("whom", names(instead_of).into())])
            }
            Kind::Roster { .. } => words.say("override-roster"),
        },
        (Change::SwapOffered(offer), Some(Change::SwapTaken(taken))) => words.with(
            "override-replace",
            [("who", person(config, &taken.person).into()), ("whom", person(config, &offer.person).into())],
        ),
        (Change::SwapOffered(offer), _) => {
            words.with("override-offer", [("who", person(config, &offer.person).into())])
        }
        _ => String::new(),
    }
}

fn who(page: &Page<'_>, names: &[String]) -> String {
    match names.is_empty() {
        true => page.asked.words.say("oncall-nobody"),
        false => people(page.config, names.iter().map(String::as_str)),
    }
}

/// The reader's words, by the clock of a rotation.
fn words_of(page: &Page<'_>, rotation: &str) -> Words {
    let zone = page.config.rotation(rotation).map(|rotation| rotation.time_zone.as_str());
    Words::new(
        page.asked.words.language(),
        zone.map_or_else(|| page.asked.words.zone().clone(), |zone| Zone::named(Some(zone))),
    )
}

fn moment(words: &Words, at: Timestamp) -> String {
    format!("{} {}", words.day(at), words.clock(at))
}

fn span(words: &Words, from: Timestamp, to: Timestamp) -> String {
    let until = if words.day(from) == words.day(to) { words.clock(to) } else { moment(words, to) };
    format!("{} – {until}", moment(words, from))
}

#[cfg(test)]
#[path = "oncall_tests.rs"]
mod tests;

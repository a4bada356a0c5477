//! Silences: what nobody is called for, until when, why and by whom; making and ending one.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use orszem_core::routing::matcher::Matcher;
use orszem_core::routing::preview::{Breadth, Preview};
use orszem_core::routing::request::{Request, RequestFault};
use orszem_core::settings::Config;
use orszem_core::words::Words;
use orszem_records::desk::Desk;
use orszem_records::matcher::{Match, Patterns};
use orszem_records::team::silence::{Silence, Standing};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::address::percent_encode;
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::refusal::Refused;
use crate::render::format;
use crate::silences::{self, NotEnded, NotMade};

use super::incident::desk_id;
use super::layout;
use super::sent::{Sent, Signed};
use super::team_form::{self, Acting};

/// How long a silence can be chosen to last, in hours.
const HOURS: [u32; 8] = [1, 2, 4, 8, 24, 72, 168, 720];
/// The most incidents that a preview names.
const NAMED: usize = 10;

/// What the form asks for; an address can fill it in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    form: Option<String>,
    name: Option<String>,
    watch: String,
    desk: String,
    /// `2`: severity 2 and milder ones.
    severity: String,
    /// A matcher as configurations have it; in place of the three above.
    r#match: String,
    /// `yes`: it holds drills alone.
    drill: String,
    hours: String,
    reason: String,
    /// `look` shows what it would have muted, `make` makes it, `sure` makes it though it mutes much.
    r#do: String,
    /// A silence that was made a moment ago.
    made: String,
}

impl Signed for Fields {
    fn who(&self) -> (Option<&str>, Option<&str>) {
        (self.form.as_deref(), self.name.as_deref())
    }
}

impl Fields {
    fn matcher(&self) -> String {
        if !self.r#match.trim().is_empty() {
            return self.r#match.clone();
        }
        let one = |text: &str| Some(text).filter(|text| !text.is_empty()).map(|text| Patterns::One(text.to_owned()));
        let milder = format!(">= {}", self.severity);
        let severity = one(&self.severity).map(|_| Patterns::One(milder));
        // A name is meant as it is, whatever it begins with.
        let watch = one(&self.watch).map(|_| Patterns::One(format!("= {}", self.watch)));
        Match { watch, desk: one(&self.desk), severity, ..Match::default() }.to_string()
    }

    fn request(&self, now: Timestamp) -> Request {
        let hours: i64 = self.hours.parse().unwrap_or(1);
        let (matcher, reason) = (self.matcher(), self.reason.clone());
        Request {
            matcher,
            reason,
            from: now,
            to: now.plus(hours.clamp(0, 100_000) * 3_600_000),
            drill: self.drill == "yes",
        }
    }
}

/// What the page says above the form.
enum Says {
    Nothing,
    /// Made a moment ago.
    Made,
    /// What it would mute.
    Past(Preview),
    /// It mutes much.
    Sure(Breadth, Preview),
    Faults(Vec<RequestFault>),
    Idle,
}

/// `GET /silences`.
pub(crate) async fn show(
    State(app): State<AppState>,
    reader: Reader,
    asked: Asked,
    fields: Result<Query<Fields>, QueryRejection>,
) -> Result<Response, Refused> {
    team_form::may_see(&reader, &asked, &app.config.load())?;
    let fields = fields.map(|Query(fields)| fields).unwrap_or_default();
    let says = if fields.made.is_empty() { Says::Nothing } else { Says::Made };
    let acting = Acting::of(&app, reader.visitor);
    Ok(layout::response(page(&app, &asked, acting.as_ref(), &fields, &says)).into_response())
}

/// `POST /silences`.
pub(crate) async fn make(State(app): State<AppState>, sent: Sent<Fields>) -> Result<Response, Refused> {
    let Sent { asked, visitor, by, fields } = sent;
    let request = fields.request(clock::now());
    let (status, says) = match fields.r#do.as_str() {
        "look" => match Matcher::parse(&request.matcher) {
            Ok((_, matcher)) => (StatusCode::OK, Says::Past(silences::of_the_past(&app, &matcher))),
            Err(fault) => (StatusCode::BAD_REQUEST, Says::Faults(vec![RequestFault::Matcher(fault)])),
        },
        asked_to => match silences::make(&app, &request, by, asked_to == "sure").await {
            Ok((id, _)) => {
                let to = format!("./silences?made={}", percent_encode(&id));
                return Ok(team_form::back(&to, fields.who().1, &app));
            }
            Err(NotMade::Sink(_)) => return Err(team_form::not_saved(&asked)),
            Err(NotMade::Faults(faults)) => (StatusCode::BAD_REQUEST, Says::Faults(faults)),
            Err(NotMade::Idle(_)) => (StatusCode::BAD_REQUEST, Says::Idle),
            Err(NotMade::Sure(breadth, past)) => (StatusCode::CONFLICT, Says::Sure(breadth, past)),
        },
    };
    let acting = Acting::of(&app, Some(visitor));
    Ok((status, layout::response(page(&app, &asked, acting.as_ref(), &fields, &says))).into_response())
}

/// `POST /silences/{id}/end`.
pub(crate) async fn end(
    State(app): State<AppState>,
    Path(id): Path<String>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let Sent { asked, by, fields, .. } = sent;
    match silences::end(&app, &id, by).await {
        // One that somebody else ended a moment before is as it was to be.
        Ok(()) | Err(NotEnded::Over) => Ok(team_form::back("../../silences", fields.who().1, &app)),
        Err(NotEnded::Unknown) => Err(team_form::unknown(&asked)),
        Err(NotEnded::Sink(_)) => Err(team_form::not_saved(&asked)),
    }
}

fn page(app: &AppState, asked: &Asked, acting: Option<&Acting>, fields: &Fields, says: &Says) -> Markup {
    let (words, config, now) = (&asked.words, app.config.load(), clock::now());
    let root = layout::root(asked.uri.path());
    let listed = silences::listed(app, now);
    let (standing, over): (Vec<_>, Vec<_>) = listed.iter().partition(|silence| silence.standing(now) != Standing::Over);
    let title = words.say("silences");
    let main = html! {
        (team_form::ways(asked, &root))
        h1 { (title) }
        @if matches!(says, Says::Made) { p.notice role="status" { (words.say("silence-made")) } }
        @if standing.is_empty() { p.quiet { (words.say("silences-none")) } }
        @for silence in &standing { (card(silence, &config, asked, acting, &root, now)) }
        @if let Some(acting) = acting { (form(&config, asked, acting, fields, says, &root)) }
        @if !over.is_empty() {
            details.more {
                summary { (words.say("silences-over")) " " span.quiet { (over.len()) } }
                @for silence in &over { (card(silence, &config, asked, None, &root, now)) }
            }
        }
    };
    layout::layout(asked, &title, &main)
}

fn card(
    silence: &Silence,
    config: &Config,
    asked: &Asked,
    acting: Option<&Acting>,
    root: &str,
    now: Timestamp,
) -> Markup {
    let words = &asked.words;
    let until = words.moment(silence.over_at());
    let by = format::lines(&silence.owner.by);
    let state = match silence.standing(now) {
        Standing::Holds => words.with("silence-holds", [("until", until.into())]),
        Standing::Waits => {
            words.with("silence-waits", [("from", words.moment(silence.terms.from).into()), ("until", until.into())])
        }
        Standing::Over => {
            words.with("silence-was", [("from", words.moment(silence.terms.from).into()), ("until", until.into())])
        }
    };
    let id = format!("end-{}", silence.id);
    html! {
        div.card {
            p { strong { (state) } }
            @if silence.terms.drill { p { span.badge.drill { (words.say("drill-mark")) } " " (words.say("drill-silence")) } }
            ul.facts { @for fact in meant(&silence.terms.matcher, config, words) { li { bdi { (fact) } } } }
            p { bdi { (format::lines(&silence.terms.reason)) } }
            p.quiet {
                bdi { (words.with("silence-by", [("by", by.into()), ("at", words.moment(silence.made_at).into())])) }
                @if let Some(ended) = &silence.terms.ended {
                    " " bdi { (words.with("silence-ended-by", [("by", format::lines(&ended.by.by).into())])) }
                }
            }
            @if let Some(acting) = acting {
                form.decide method="post" action={ (root) "silences/" (percent_encode(&silence.id)) "/end" } {
                    (acting.fields(&id, asked))
                    button.secondary type="submit" { (words.say("silence-end")) small { (words.say("silence-end-does")) } }
                }
            }
        }
    }
}

/// What a silence means, condition by condition.
fn meant(matcher: &Match, config: &Config, words: &Words) -> Vec<String> {
    if matcher.is_empty() {
        return vec![words.say("silence-everything")];
    }
    let conditions = matcher.facts().into_iter().filter_map(|(key, patterns)| Some((key, patterns?)));
    let labels = matcher.labels.iter().map(|(label, patterns)| (label.as_str(), patterns));
    conditions.chain(labels).map(|(key, patterns)| condition(key, patterns, config, words)).collect()
}

/// One condition: in words where the form makes such ones, else as it is written.
fn condition(key: &str, patterns: &Patterns, config: &Config, words: &Words) -> String {
    let exact = match patterns {
        Patterns::One(text) => text.strip_prefix("= ").unwrap_or(text),
        Patterns::Several(_) => "",
    };
    let desk = || Desk::ALL.into_iter().find(|desk| desk.name() == exact);
    match key {
        "watch" if config.watch(exact).is_some() => {
            format!("{}: {}", words.say("filter-watch"), format::title(config, exact, words))
        }
        "desk" if desk().is_some() => {
            let desk = desk().map(|desk| words.say(desk_id(desk))).unwrap_or_default();
            format!("{}: {desk}", words.say("filter-desk"))
        }
        "severity" => match exact.strip_prefix(">= ").and_then(|severity| severity.parse().ok()) {
            Some(severity) => milder(severity, words),
            None => format!("severity: {}", format::lines(&patterns.to_string())),
        },
        key => format!("{}: {}", format::lines(key), format::lines(&patterns.to_string())),
    }
}

fn milder(severity: u8, words: &Words) -> String {
    match severity {
        4 => words.with("severity-short", [("n", severity.into())]),
        severity => words.with("severity-or-milder", [("n", severity.into())]),
    }
}

fn form(config: &Config, asked: &Asked, acting: &Acting, fields: &Fields, says: &Says, root: &str) -> Markup {
    let words = &asked.words;
    let chosen = if fields.hours.is_empty() { "2" } else { &fields.hours };
    html! {
        section {
            h2 { (words.say("silence-new")) }
            (told(says, asked, root))
            form.try method="post" action={ (root) "silences" } {
                (acting.fields("silence-name", asked))
                div.choices {
                    label { (words.say("filter-watch")) " "
                        select name="watch" {
                            option value="" { (words.say("filter-all")) }
                            @for watch in &config.watches {
                                option value=(watch.name) selected[fields.watch == watch.name] { (format::title(config, &watch.name, words)) }
                            }
                        }
                    }
                    label { (words.say("filter-desk")) " "
                        select name="desk" {
                            option value="" { (words.say("filter-all")) }
                            @for desk in Desk::ALL {
                                option value=(desk.name()) selected[fields.desk == desk.name()] { (words.say(desk_id(desk))) }
                            }
                        }
                    }
                    label { (words.say("filter-severity")) " "
                        select name="severity" {
                            option value="" { (words.say("filter-all")) }
                            @for severity in 2_u8..=4 {
                                option value=(severity) selected[fields.severity == severity.to_string()] { (milder(severity, words)) }
                            }
                        }
                    }
                    label { (words.say("silence-for")) " "
                        select name="hours" {
                            @for hours in HOURS {
                                option value=(hours) selected[chosen == hours.to_string()] { (words.length(i64::from(hours) * 3600)) }
                            }
                        }
                    }
                }
                details open[!fields.r#match.is_empty()] {
                    summary { (words.say("silence-match")) }
                    label for="match" { (words.say("silence-match-label")) }
                    textarea #match name="match" rows="2" maxlength="1000" spellcheck="false" aria-describedby="match-help" { (fields.r#match) }
                    p.quiet #match-help { (words.say("silence-match-help")) }
                }
                label { input type="checkbox" name="drill" value="yes" checked[fields.drill == "yes"]; " " (words.say("drill-silences-only")) }
                label for="reason" { (words.say("silence-reason")) }
                input #reason name="reason" value=(fields.reason) maxlength=(Silence::LONGEST_REASON) required autocomplete="off";
                div.buttons {
                    button.secondary type="submit" name="do" value="look" { (words.say("silence-look")) small { (words.say("silence-look-does")) } }
                    @if matches!(says, Says::Sure(..)) {
                        button.secondary type="submit" name="do" value="sure" { (words.say("silence-sure")) small { (words.say("silence-make-does")) } }
                    } @else {
                        button.primary type="submit" name="do" value="make" { (words.say("silence-make")) small { (words.say("silence-make-does")) } }
                    }
                }
            }
        }
    }
}

/// What is wrong with what was asked for, or what it would have muted.
fn told(says: &Says, asked: &Asked, root: &str) -> Markup {
    let words = &asked.words;
    let past = |past: &Preview| {
        let ids = past.muted.iter().chain(&past.in_part);
        let more = past.count().saturating_sub(NAMED);
        html! {
            p { (words.with("silence-past", [("n", past.count().into()), ("all", past.paging.into())])) }
            @if past.count() > 0 {
                ul {
                    @for id in ids.take(NAMED) { li { a href={ (root) "incidents/" (percent_encode(&id.0)) } { (id.0) } } }
                    @if more > 0 { li.quiet { (words.with("others-more", [("n", more.into())])) } }
                }
            }
        }
    };
    let fault = |fault: &RequestFault| match fault {
        RequestFault::Matcher(what) => words.with("silence-fault-match", [("what", format::lines(what).into())]),
        RequestFault::NoReason => words.say("silence-fault-no-reason"),
        RequestFault::LongReason => words.say("silence-fault-long-reason"),
        RequestFault::Backwards | RequestFault::Past => words.say("silence-fault-span"),
        RequestFault::TooLong => words.say("silence-fault-too-long"),
    };
    html! {
        @match says {
            Says::Nothing | Says::Made => {}
            Says::Past(preview) => div.notice role="status" { (past(preview)) }
            Says::Sure(breadth, preview) => div.warning role="alert" {
                p { (words.say(match breadth {
                    Breadth::Everything => "silence-broad-everything",
                    Breadth::EveryWatch => "silence-broad-watches",
                    Breadth::AllOfThePast => "silence-broad-past",
                })) }
                (past(preview))
            }
            Says::Faults(faults) => div.warning role="alert" { @for one in faults { p { (fault(one)) } } }
            Says::Idle => div.warning role="alert" { p { (words.say("silence-fault-idle")) } }
        }
    }
}

#[cfg(test)]
#[path = "silences_tests.rs"]
mod tests;

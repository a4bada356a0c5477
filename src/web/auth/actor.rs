//! Who acts on an incident, and what they do.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use orszem_core::settings::{Config, Role};
use orszem_core::words::Zone;
use orszem_records::class::Class;
use orszem_records::height::Height;
use orszem_records::language_code::Code;
use orszem_records::ledger::{ByWhom, ItemKind, Note, Promise, person_of};
use orszem_records::statement::Draft;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_text::sanitize::address;

use crate::actions::{ActionName, PersonAction};
use crate::app::AppState;
use crate::asked::Asked;
use crate::limits::LINK;
use crate::refusal::{Refusal, not_found, refuse, unauthorized};

use super::link::LinkError;
use super::link_check::{LinkCheck, LinkParams};
use super::name::{NAME, name};
use super::token::Token;
use super::visitor::Visit;

/// The incident and the action that an address names.
#[derive(Debug)]
pub(crate) struct ActionPath {
    pub incident: String,
    pub action: ActionName,
}

impl FromRequestParts<AppState> for ActionPath {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<ActionPath, Response> {
        let path = Path::<(String, String)>::from_request_parts(parts, app).await;
        let Path((incident, action)) = path.map_err(IntoResponse::into_response)?;
        let action = ActionName::parse(&action)
            .ok_or_else(|| not_found(&Asked::new(&parts.uri, &parts.headers, &app.config.load())))?;
        Ok(ActionPath { incident, action })
    }
}

/// Somebody who may act on an incident, and what they do: by the API with its token, by a page with a signed link or
/// signed in.
#[derive(Debug)]
pub(crate) struct Actor {
    pub incident: String,
    pub action: PersonAction,
    /// In whose name it is written to the ledger.
    pub by: ByWhom,
    /// The link of a page's form, to go back to the page with.
    pub link: LinkParams,
    /// The name that the person typed, for their browser to keep.
    pub named: Option<String>,
}

impl FromRequest<AppState> for Actor {
    type Rejection = Response;

    async fn from_request(request: Request, app: &AppState) -> Result<Actor, Response> {
        let (mut parts, body) = request.into_parts();
        let path = ActionPath::from_request_parts(&mut parts, app).await?;
        let Ok(visit) = Visit::from_request_parts(&mut parts, app).await;
        let (uri, headers) = (parts.uri.clone(), parts.headers.clone());
        let request = Request::from_parts(parts, body);
        match Asked::is_of_api(&uri) {
            true => by_api(request, app, path, &uri, &headers).await,
            false => by_page(request, app, path, &visit, (&uri, &headers)).await,
        }
    }
}

/// What a page's form sends: a link, a name, and what the action needs.
#[derive(Debug, Default, Deserialize)]
struct Form {
    #[serde(flatten)]
    link: LinkParams,
    /// The name that the person typed.
    name: Option<String>,
    /// With the API's token: who acts.
    by: Option<String>,
    /// The sign of a session's form.
    form: Option<String>,
    /// What the page showed when "It is over" was pressed, as [`seen_field`] writes it.
    seen: Option<String>,
    /// `yes` where "It was a false alarm" was pressed.
    false_alarm: Option<String>,
    #[serde(flatten)]
    fields: Fields,
}

/// What actions need beside who acts.
#[derive(Debug, Default, Deserialize)]
struct Fields {
    to: Option<String>,
    text: Option<String>,
    mention: Option<String>,
    class: Option<Class>,
    playbook: Option<String>,
    /// What a playbook says and is done.
    item: Option<String>,
    /// What is not done after all.
    undone: Option<String>,
    done: Option<bool>,
    kind: Option<ItemKind>,
    /// Of a form: what comes more than once and is done, as [`mark_field`] writes it.
    mark: Option<String>,
    /// The same of what is not done after all.
    unmark: Option<String>,
    button: Option<String>,
    /// An instant; of a form that promises something, a time of day by the clock of `zone`.
    due: Option<String>,
    zone: Option<String>,
    language: Option<String>,
    statement: Option<String>,
    #[serde(default, deserialize_with = "revision")]
    revision: Option<u32>,
    account: Option<String>,
    url: Option<String>,
}

/// A number, as JSON has it or as a form does.
fn revision<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Of(u32),
        Text(String),
    }
    Ok(match Option::<Number>::deserialize(deserializer)? {
        Some(Number::Of(number)) => Some(number),
        Some(Number::Text(text)) => text.parse().ok(),
        None => None,
    })
}

/// How far ahead something can be promised: 30 days, in ms.
const PROMISED_MS: i64 = 30 * 24 * 3_600_000;

impl Fields {
    /// What is done; the fault names what is missing.
    fn action(self, action: ActionName, seen: Option<Height>, false_alarm: bool) -> Result<PersonAction, &'static str> {
        Ok(match action {
            ActionName::Acknowledge => PersonAction::Acknowledge,
            ActionName::Know => PersonAction::Know { seen },
            ActionName::TakeOver => PersonAction::TakeOver,
            ActionName::HandOver => {
                PersonAction::HandOver { to: self.to.as_deref().and_then(name).ok_or("to: who has it from now on")? }
            }
            ActionName::GiveBack => PersonAction::GiveBack,
            ActionName::Escalate => PersonAction::Escalate,
            ActionName::Note => {
                PersonAction::Note { text: self.text.as_deref().and_then(note).ok_or("text: the note")? }
            }
            ActionName::Tick => self.tick()?,
            ActionName::Press => match (self.playbook, self.button) {
                (Some(playbook), Some(button)) => PersonAction::Press { playbook, button },
                _ => return Err("playbook: its name; button: what it is called"),
            },
            ActionName::Draft => {
                let text = self.text.as_deref().and_then(|text| text_of(text, Draft::LONGEST));
                let language = self.language.as_deref().and_then(Code::of).map(|code| code.as_str().to_owned());
                match (text, language) {
                    (Some(text), Some(language)) => {
                        let statement = self.statement.filter(|name| !name.is_empty() && name.len() <= 63);
                        PersonAction::Draft { text, language, statement }
                    }
                    _ => return Err("text: what is to be said; language: its two letters"),
                }
            }
            ActionName::Approve => PersonAction::Approve { revision: self.revision.ok_or("revision: its number")? },
            ActionName::Posted => {
                let account = self.account.filter(|name| !name.is_empty());
                let given = self.url.filter(|url| !url.trim().is_empty());
                let url = given.as_deref().map(|url| address(url.trim()).ok_or("url: an http or https address"));
                let revision = self.revision.ok_or("revision: its number")?;
                PersonAction::Posted { revision, account, url: url.transpose()? }
            }
            ActionName::LookUp => PersonAction::LookUp { account: self.account.ok_or("account: its name")? },
            ActionName::Promise => {
                let due = self.promised(clock::now()).ok_or("due: a time to come, at most 30 days from now")?;
                let text = self.text.as_deref().and_then(promise).ok_or("text: what, at most 200 characters")?;
                PersonAction::Promise { text, due }
            }
            ActionName::Resolve => PersonAction::Resolve { seen, false_alarm },
            ActionName::Undo => PersonAction::Undo,
            ActionName::Feedback => match (self.mention, self.class) {
                (Some(mention), Some(class)) => PersonAction::Feedback { mention, class },
                _ => return Err("mention: its id; class: negative, neutral or positive"),
            },
        })
    }
}

impl Fields {
    /// What is ticked.
    fn tick(self) -> Result<PersonAction, &'static str> {
        const MISSING: &str = "playbook: its name; item: what it says; due: when, of a clock or a promise";
        let (kind, item, due, done) = match (self.item, self.undone, self.mark, self.unmark) {
            (Some(item), None, None, None) => {
                (self.kind.unwrap_or_default(), item, self.due.as_deref().and_then(instant), self.done.unwrap_or(true))
            }
            (None, Some(item), None, None) => (self.kind.unwrap_or_default(), item, None, false),
            (None, None, Some(field), None) => mark(&field, true).ok_or(MISSING)?,
            (None, None, None, Some(field)) => mark(&field, false).ok_or(MISSING)?,
            _ => return Err(MISSING),
        };
        let due = match kind {
            ItemKind::Move | ItemKind::Stakeholder => None,
            ItemKind::Clock | ItemKind::Promise => Some(due.ok_or(MISSING)?),
        };
        let playbook = match kind {
            ItemKind::Promise => String::new(),
            _ => self.playbook.ok_or(MISSING)?,
        };
        Ok(PersonAction::Tick { kind, playbook, item, due, done })
    }

    /// For when something is promised.
    fn promised(&self, now: Timestamp) -> Option<Timestamp> {
        let due = self.due.as_deref()?.trim();
        let due = instant(due).or_else(|| Zone::named(self.zone.as_deref()).next(due, now))?;
        (1..=PROMISED_MS).contains(&due.since(now)).then_some(due)
    }
}

/// What comes more than once, as a button of a form carries it: its kind, when it is due, and what it is.
pub(crate) fn mark_field(kind: ItemKind, due: Timestamp, item: &str) -> String {
    format!("{} {} {item}", kind.name(), due.0)
}

/// Reads what [`mark_field`] wrote.
fn mark(field: &str, done: bool) -> Option<(ItemKind, String, Option<Timestamp>, bool)> {
    let (kind, rest) = field.split_once(' ')?;
    let (due, item) = rest.split_once(' ')?;
    let kind = [ItemKind::Clock, ItemKind::Promise].into_iter().find(|known| known.name() == kind)?;
    Some((kind, item.to_owned(), Some(Timestamp(due.parse().ok()?)), done))
}

/// An instant as RFC 3339 writes it.
fn instant(text: &str) -> Option<Timestamp> {
    let instant: jiff::Timestamp = text.trim().parse().ok()?;
    Some(Timestamp(instant.as_millisecond()))
}

/// A promise as it is kept: one clean line, and not without end.
fn promise(text: &str) -> Option<String> {
    let clean = orszem_text::sanitize::line(text);
    (!clean.is_empty() && clean.chars().count() <= Promise::LONGEST).then_some(clean)
}

/// A note as it is kept: cleaned, and not without end.
fn note(text: &str) -> Option<String> {
    text_of(text, Note::LONGEST)
}

/// A text that a person wrote, cleaned; `None` where it is empty or too long.
fn text_of(text: &str, longest: usize) -> Option<String> {
    // Browsers send the ends of lines as in mail.
    let clean = orszem_text::sanitize::lines(&text.replace("\r\n", "\n"));
    let fine = !clean.trim().is_empty() && clean.chars().count() <= longest;
    fine.then_some(clean)
}

/// The height of an incident as a form carries it, so that closing it closes what the page showed.
pub(crate) fn seen_field(height: &Height) -> String {
    let counted = if height.negatives { "negatives" } else { "mentions" };
    format!("{} {} {counted} {}", height.count, height.window_s, height.until.0)
}

/// Reads what [`seen_field`] wrote.
fn seen(field: &str) -> Option<Height> {
    let mut parts = field.split(' ');
    let (count, window_s) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let negatives = match parts.next()? {
        "negatives" => true,
        "mentions" => false,
        _ => return None,
    };
    Some(Height { count, window_s, negatives, until: Timestamp(parts.next()?.parse().ok()?) })
}

async fn by_page(
    request: Request,
    app: &AppState,
    path: ActionPath,
    visit: &Visit,
    (uri, headers): (&Uri, &HeaderMap),
) -> Result<Actor, Response> {
    let ActionPath { incident, action } = path;
    let asked = Asked::new(uri, headers, &app.config.load());
    let form = match axum::Form::<Form>::from_request(request, app).await {
        Ok(axum::Form(form)) => form,
        Err(fault) if fault.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let (title, text) = ("refusal-too-large", "refusal-nothing-changed");
            return Err(refuse(&asked, fault.status(), "too-large", title, text));
        }
        // One that cannot be read is like one without a link.
        Err(_) => Form::default(),
    };
    let by = holder(app, &incident, &form, visit, headers)
        .map_err(|(title, text)| refuse(&asked, StatusCode::FORBIDDEN, "forbidden", title, text))?;
    let (seen, false_alarm) = (form.seen.as_deref().and_then(seen), form.false_alarm.as_deref() == Some("yes"));
    let action = form
        .fields
        .action(action, seen, false_alarm)
        .map_err(|_| refuse(&asked, StatusCode::BAD_REQUEST, "bad-form", "refusal-form", "refusal-form-text"))?;
    let named = form.name.as_deref().and_then(name);
    Ok(Actor { incident, action, by, link: form.link, named })
}

/// Who acts by the link that was sent to a person.
fn of_person(config: &Config, bearer: String) -> ByWhom {
    let person = person_of(&bearer).map(str::to_owned);
    let known = person.as_deref().and_then(|name| config.person(name));
    let by = known.map_or_else(|| bearer.clone(), |person| person.shown().to_owned());
    ByWhom { through: Some(bearer), person, ..ByWhom::new(by, LINK) }
}

/// In whose name a form acts: the API's client where its token is right, the person who is signed in, the name that the
/// bearer of the link gave, or the bearer; the name that somebody gave who is signed in with the token.
fn holder(
    app: &AppState,
    incident: &str,
    form: &Form,
    visit: &Visit,
    headers: &HeaderMap,
) -> Result<ByWhom, (&'static str, &'static str)> {
    let named = form.name.as_deref().and_then(name);
    if headers.contains_key(header::AUTHORIZATION) && app.tokens.check(headers) == Token::Right {
        let by = form.by.as_deref().and_then(name).unwrap_or_else(|| "api".into());
        return Ok(ByWhom::new(by, "api"));
    }
    match form.link.check(&app.links.signer(), incident, clock::now()) {
        LinkCheck::May(bearer) => Ok(match named {
            // Who pressed is known by a link of their own.
            _ if person_of(&bearer.0).is_some() => of_person(&app.config.load(), bearer.0),
            Some(named) => ByWhom { through: Some(bearer.0), ..ByWhom::new(named, LINK) },
            None => ByWhom::new(bearer.0, LINK),
        }),
        LinkCheck::MayNot(LinkError::Expired) => Err(("refusal-expired", "refusal-expired-text")),
        LinkCheck::MayNot(LinkError::Forged) => Err(("refusal-forged", "refusal-forged-text")),
        LinkCheck::None => signed_in(app, form, visit, headers),
    }
}

/// In whose name somebody acts who is signed in.
fn signed_in(
    app: &AppState,
    form: &Form,
    visit: &Visit,
    headers: &HeaderMap,
) -> Result<ByWhom, (&'static str, &'static str)> {
    match visit {
        Visit::Visitor(visitor) if app.has_signed_form(visit, form.form.as_deref(), headers) => {
            if !visitor.may(Role::Responder) {
                return Err(("refusal-role", "refusal-role-text"));
            }
            visitor.by(form.name.as_deref().and_then(name)).ok_or(("refusal-name", "refusal-name-text"))
        }
        // A form of somebody who was signed in when they opened the page.
        Visit::Visitor(_) | Visit::Nobody if form.form.is_some() => {
            Err(("refusal-signed-out", "refusal-signed-out-text"))
        }
        Visit::Visitor(_) | Visit::Stranger(_) | Visit::Nobody => Err(("refusal-forged", "refusal-forged-text")),
    }
}

async fn by_api(
    request: Request,
    app: &AppState,
    path: ActionPath,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Actor, Response> {
    let ActionPath { incident, action } = path;
    // Read before the token is looked at: a client that is still sending its body does not read a refusal.
    let body = Bytes::from_request(request, app).await;
    match app.tokens.check(headers) {
        Token::Right => {}
        Token::NotAsked => {
            let message =
                "web.api_token is not configured, so the API is read-only; people act with the links in their messages";
            return Err(Refusal::new(StatusCode::FORBIDDEN, "read-only", message).into_response());
        }
        token @ (Token::Wrong | Token::Unreadable) => {
            let config = app.config.load();
            return Err(unauthorized(&Asked::new(uri, headers, &config), token, &config));
        }
    }
    let body = body.map_err(|fault| Refusal::new(fault.status(), "bad-body", fault.body_text()).into_response())?;
    let (action, by) = sent(action, &body).map_err(IntoResponse::into_response)?;
    Ok(Actor { incident, action, by, link: LinkParams::default(), named: None })
}

/// What the body of an API request does, and in whose name.
fn sent(action: ActionName, body: &[u8]) -> Result<(PersonAction, ByWhom), Refusal> {
    #[derive(Deserialize)]
    struct Body {
        by: String,
        #[serde(default)]
        false_alarm: bool,
        #[serde(flatten)]
        fields: Fields,
    }
    let bad = |message: String| Refusal::new(StatusCode::BAD_REQUEST, "bad-body", message);
    let form = match action {
        ActionName::HandOver => r#"{"by": "who acts", "to": "who has it from now on"}"#,
        ActionName::Note => r#"{"by": "who acts", "text": "the note, at most 2000 characters"}"#,
        ActionName::Tick => r#"{"by": "who acts", "playbook": "its name", "item": "what it says", "done": true}"#,
        ActionName::Draft => r#"{"by": "who acts", "text": "what is to be said", "language": "its two letters"}"#,
        ActionName::Approve => r#"{"by": "who acts", "revision": 1}"#,
        ActionName::Posted => r#"{"by": "who acts", "revision": 1, "account": "its name", "url": "where it is"}"#,
        ActionName::LookUp => r#"{"by": "who acts", "account": "its name"}"#,
        ActionName::Press => r#"{"by": "who acts", "playbook": "its name", "button": "what it is called"}"#,
        ActionName::Promise => r#"{"by": "who acts", "text": "what", "due": "2026-06-01T14:00:00Z"}"#,
        ActionName::Resolve => r#"{"by": "who acts", "false_alarm": false}"#,
        ActionName::Feedback => r#"{"by": "who acts", "mention": "its id", "class": "negative, neutral or positive"}"#,
        ActionName::Acknowledge
        | ActionName::Know
        | ActionName::TakeOver
        | ActionName::GiveBack
        | ActionName::Escalate
        | ActionName::Undo => r#"{"by": "who acts"}"#,
    };
    let Body { by, false_alarm, fields } =
        serde_json::from_slice(body).map_err(|fault| bad(format!("send {form}: {fault}")))?;
    let action = fields
        .action(action, None, false_alarm)
        .map_err(|missing| bad(format!("send {form}: missing or wrong: {missing}")))?;
    let by = name(&by).ok_or_else(|| bad(format!("by must be 1 to {NAME} characters, without control characters")))?;
    Ok((action, ByWhom::new(by, "api")))
}

#[cfg(test)]
#[path = "actor_tests.rs"]
mod tests;

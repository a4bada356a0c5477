//! Would it work tonight: the gaps, each with its owner and what closes it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use orszem_core::readiness::{Gap, GapKind, Known, gaps};
use orszem_core::settings::Config;
use orszem_core::words::Words;
use orszem_runtime::clock;
use orszem_runtime::endings::endings;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::refusal::Refused;
use crate::render::format;

use super::{layout, team_form};

/// The most gaps of a kind that are listed.
const LISTED: usize = 20;

/// `GET /readiness`.
pub(crate) async fn show(State(app): State<AppState>, reader: Reader, asked: Asked) -> Result<Response, Refused> {
    let config = app.config.load();
    team_form::may_see(&reader, &asked, &config)?;
    let (roster, proofs) = (app.team.roster(&config), app.team.proofs());
    let (files, now) = (Arc::clone(&config), clock::now());
    // A task that failed read nothing: the others are still shown.
    let endings = tokio::task::spawn_blocking(move || endings(&files)).await.unwrap_or_default();
    let known = Known { config: &config, roster: &roster, proofs: &proofs, endings: &endings, staff: None, now };
    let gaps = gaps(&known);
    let words = &asked.words;
    let title = words.say("readiness");
    let root = layout::root(asked.uri.path());
    let main = html! {
        (team_form::ways(&asked, &root))
        h1 { (title) }
        @if gaps.is_empty() { p.notice { (words.say("readiness-none")) } }
        @else { p { (words.with("readiness-count", [("n", gaps.len().into())])) } }
        @for kind in GapKind::ALL { (of_kind(&gaps, kind, &config, words)) }
    };
    Ok(layout::response(layout::layout(&asked, &title, &main)).into_response())
}

fn of_kind(gaps: &[Gap], kind: GapKind, config: &Config, words: &Words) -> Markup {
    let found: Vec<&Gap> = gaps.iter().filter(|gap| gap.kind == kind).collect();
    html! {
        @if !found.is_empty() {
            section.card.gap {
                h2 { (words.say(kind.texts().title)) }
                ul {
                    @for gap in found.iter().take(LISTED) {
                        li {
                            bdi { (format::lines(&gap.says(config, words))) } " "
                            span.quiet { bdi { (format::lines(&gap.owner_says(config, words))) } }
                        }
                    }
                }
                @if found.len() > LISTED {
                    p.quiet { (words.with("readiness-more", [("n", (found.len() - LISTED).into())])) }
                }
                p.quiet { (words.say(kind.texts().fix)) }
            }
        }
    }
}

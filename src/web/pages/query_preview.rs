//! Queries tried before they are saved: `orszem watch try` as a page.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use orszem_core::settings::Config;
use orszem_core::words::Words;
use orszem_text::query::MAX_BYTES;
use orszem_text::query::preview::Shown;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::query_preview::{HOURS, Params, Preview, PreviewError, Sample};
use crate::render::chart;
use crate::render::format;

use super::layout;

/// `GET /watches/try`.
pub(crate) async fn show(
    State(app): State<AppState>,
    _: Reader,
    params: Result<Query<Params>, QueryRejection>,
    asked: Asked,
) -> Response {
    let Query(params) = params.unwrap_or_default();
    let config = app.config.load();
    if params.is_empty() {
        return layout::response(page(&params, &asked, &config, None)).into_response();
    }
    let preview = params.clone().run(&app).await;
    let status = preview.as_ref().err().map_or(StatusCode::OK, PreviewError::status);
    (status, layout::response(page(&params, &asked, &config, Some(&preview)))).into_response()
}

/// The form, and the result. Queries, their faults and what is done about them are of the query's own language, and
/// stay English as on the command line.
fn page(params: &Params, asked: &Asked, config: &Config, preview: Option<&Result<Preview, PreviewError>>) -> Markup {
    let words = &asked.words;
    let main = html! {
        nav { a href={ (layout::root(asked.uri.path())) "watches" } { (words.say("watches")) } }
        h1 { (words.say("try-query")) }
        (form(params, config, words))
        @match preview {
            None => p.quiet { (words.say("try-nothing-saved")) " " code { "[[watch]] query = '…'" } },
            Some(Err(PreviewError::BadQuery(faults))) => {
                div.warning role="alert" { p { (words.say("try-faults")) } pre tabindex="0" { (format::in_place(faults)) } }
            }
            Some(Err(error)) => div.warning role="alert" {
                p { (words.say("try-failed")) " " (format::in_place(error.message())) }
            },
            Some(Ok(preview)) => (section(preview, words)),
        }
    };
    layout::layout(asked, &words.say("try-query"), &main)
}

fn form(params: &Params, config: &Config, words: &Words) -> Markup {
    let topics = config.topics();
    let hours = params.hours();
    html! {
        form.try method="get" {
            label for="query" { (words.say("try-first")) }
            textarea #query name="query" rows="3" maxlength=(MAX_BYTES) required
                spellcheck="false" autocapitalize="off" { (format::in_place(&params.query)) }
            label for="with" { (words.say("try-second")) }
            textarea #with name="with" rows="2" maxlength=(MAX_BYTES)
                spellcheck="false" autocapitalize="off" { (format::in_place(&params.with)) }
            div.choices {
                @if topics.len() > 1 {
                    label { (words.say("try-topic")) " "
                        select name="topic" { @for topic in &topics {
                            option value=(topic) selected[params.topic.as_ref() == Some(topic)] { (topic) }
                        } }
                    }
                }
                label { (words.say("try-hours")) " "
                    select name="hours" { @for choice in HOURS {
                        option value=(choice) selected[choice == hours] { (words.length(i64::from(choice) * 3_600)) }
                    } }
                }
                button.primary type="submit" { (words.say("try-do")) }
            }
        }
    }
}

fn section(preview: &Preview, words: &Words) -> Markup {
    let two = preview.queries.len() > 1;
    html! {
        @for (n, query) in preview.queries.iter().enumerate() {
            h2 { @if two { (words.say(["try-first-query", "try-second-query"][n])) } @else { (words.say("try-matches")) } }
            p { code { (format::in_place(&query.read_as)) } }
            @for warning in &query.warnings { div.warning { pre tabindex="0" { (format::in_place(warning)) } } }
            p.headline {
                (words.with("try-matched", [
                    ("n", query.matched.into()), ("mentions", preview.mentions.into()),
                    ("per_hour", words.figure(query.per_hour).into()),
                ]))
            }
        }
        p.quiet {
            (words.with("try-read", [
                ("topic", format::in_place(&preview.topic).into()),
                ("length", words.length(i64::from(preview.hours) * 3_600).into()),
            ]))
            @if let Some((first, last)) = preview.verdict.span {
                " " (words.with("try-span", [("first", words.moment(first).into()), ("last", words.moment(last).into())]))
            }
            @if !preview.complete { " " (words.say("try-newest")) " " code { "orszem watch try --topic" } }
            @if let Some(because) = &preview.refused_because {
                " " (words.with("try-refused", [
                    ("n", preview.refused.into()), ("because", format::in_place(because).into()),
                ]))
            }
        }
        (chart::hours(&preview.verdict.hours, two, words))
        (sample(if two { "try-of-first" } else { "try-found" }, &preview.matches, words))
        (sample("try-near", &preview.near, words))
        @for (title, only) in [("try-only-first", &preview.only_first), ("try-only-second", &preview.only_second)] {
            @if let Some(only) = only { (sample(title, only, words)) }
        }
    }
}

fn sample(title: &str, of: &Sample, words: &Words) -> Markup {
    html! {
        h2 { (words.say(title)) " " span.quiet { (words.count(of.count)) } }
        @if of.sample.is_empty() { p.quiet { (words.say("try-none")) } }
        @for Shown { id, published_at, pieces, why } in &of.sample {
            figure.mention.card {
                blockquote dir="auto" { @for piece in pieces {
                    @let text = format::in_place(&piece.text);
                    @if piece.marked { mark { (text) } } @else { (text) }
                } }
                figcaption {
                    (words.moment(*published_at)) " · " bdi { (format::in_place(id)) }
                    @if let Some(why) = why { br; bdi { (format::in_place(why)) } }
                }
            }
        }
        @if of.count > of.sample.len() as u64 {
            p.quiet { (words.with("try-sample", [("n", of.sample.len().into()), ("count", of.count.into())])) }
        }
    }
}

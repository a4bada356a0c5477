//! Queries tried before they are saved: `orszem watch try` as a page.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use orszem_core::settings::Config;
use orszem_text::query::MAX_BYTES;
use orszem_text::query::preview::Shown;

use crate::app::AppState;
use crate::auth::reader::Reader;
use crate::query_preview::{HOURS, Params, Preview, PreviewError, Sample};
use crate::render::chart;
use crate::render::format::{self, Zone};

use super::layout;

/// `GET /watches/try`.
pub(crate) async fn show(
    State(app): State<AppState>,
    _: Reader,
    params: Result<Query<Params>, QueryRejection>,
    uri: Uri,
) -> Response {
    let Query(params) = params.unwrap_or_default();
    let (root, config) = (layout::root(uri.path()), app.config.load());
    if params.is_empty() {
        return layout::response(page(&params, &root, &config, None)).into_response();
    }
    let preview = params.clone().run(&app).await;
    let status = preview.as_ref().err().map_or(StatusCode::OK, PreviewError::status);
    (status, layout::response(page(&params, &root, &config, Some(&preview)))).into_response()
}

/// The form, and the result.
fn page(params: &Params, root: &str, config: &Config, preview: Option<&Result<Preview, PreviewError>>) -> Markup {
    let main = html! {
        nav { a href={ (root) "watches" } { "Watches" } }
        h1 { "Try a query" }
        (form(params, config))
        @match preview {
            None => p.quiet {
                "Nothing is saved here. Copy a query that works to " code { "query = '…'" } " of a "
                code { "[[watch]]" } "."
            },
            Some(Err(PreviewError::BadQuery(faults))) => {
                div.warning role="alert" { p { "The query has errors." } pre { (format::in_place(faults)) } }
            }
            Some(Err(error)) => div.warning role="alert" {
                p { "The query was not tried: " (format::in_place(error.message())) "." }
            },
            Some(Ok(preview)) => (section(preview)),
        }
    };
    layout::layout(root, "Try a query", None, &main)
}

fn form(params: &Params, config: &Config) -> Markup {
    let topics = config.topics();
    let hours = params.hours();
    html! {
        form.try method="get" {
            label for="query" { "Query" }
            textarea #query name="query" rows="3" maxlength=(MAX_BYTES) required
                spellcheck="false" autocapitalize="off" { (format::in_place(&params.query)) }
            label for="with" { "A second query, to see what changes " span.quiet { "(optional)" } }
            textarea #with name="with" rows="2" maxlength=(MAX_BYTES)
                spellcheck="false" autocapitalize="off" { (format::in_place(&params.with)) }
            div.choices {
                @if topics.len() > 1 {
                    label { "Topic "
                        select name="topic" { @for topic in &topics {
                            option value=(topic) selected[params.topic.as_ref() == Some(topic)] { (topic) }
                        } }
                    }
                }
                label { "Mentions of the last "
                    select name="hours" { @for choice in HOURS {
                        option value=(choice) selected[choice == hours] { (format::length(i64::from(choice) * 3_600)) }
                    } }
                }
                button.primary type="submit" { "Try" }
            }
        }
    }
}

fn section(preview: &Preview) -> Markup {
    let two = preview.queries.len() > 1;
    html! {
        @for (n, query) in preview.queries.iter().enumerate() {
            h2 { @if two { (["First query", "Second query"][n]) } @else { "What it matches" } }
            p { code { (format::in_place(&query.read_as)) } }
            @for warning in &query.warnings { div.warning { pre { (format::in_place(warning)) } } }
            p.headline {
                (format::count(query.matched)) " of " (format::count(preview.mentions)) " mentions, "
                (format::figure(query.per_hour)) " an hour"
            }
        }
        p.quiet {
            "Records of the topic " code { (format::in_place(&preview.topic)) }
            " from the last " (format::length(i64::from(preview.hours) * 3_600))
            @if let Some((first, last)) = preview.verdict.span {
                ", published from " (Zone::UTC.moment(first)) " to " (Zone::UTC.moment(last))
            }
            "."
            @if !preview.complete {
                " Only the newest were read, because there are more than a page reads. "
                code { "orszem watch try --topic" } " reads all of them."
            }
            @if let Some(because) = &preview.refused_because {
                " Records left out because they are not mentions: " (format::count(preview.refused))
                ", the first because " (format::in_place(because)) "."
            }
        }
        (chart::hours(&preview.verdict.hours, two))
        (sample(if two { "Matches of the first query" } else { "Matches" }, &preview.matches))
        (sample("Near misses", &preview.near))
        @for (title, only) in [
            ("Only the first query matches", &preview.only_first),
            ("Only the second query matches", &preview.only_second),
        ] {
            @if let Some(only) = only { (sample(title, only)) }
        }
    }
}

fn sample(title: &str, of: &Sample) -> Markup {
    html! {
        h2 { (title) " " span.quiet { (format::count(of.count)) } }
        @if of.sample.is_empty() { p.quiet { "None." } }
        @for Shown { id, published_at, pieces, why } in &of.sample {
            figure.mention.card {
                blockquote dir="auto" { @for piece in pieces {
                    @let text = format::in_place(&piece.text);
                    @if piece.marked { mark { (text) } } @else { (text) }
                } }
                figcaption {
                    (Zone::UTC.moment(*published_at)) " · " bdi { (format::in_place(id)) }
                    @if let Some(why) = why { br; bdi { (format::in_place(why)) } }
                }
            }
        }
        @if of.count > of.sample.len() as u64 {
            p.quiet { "A sample: " (of.sample.len()) " of " (format::count(of.count)) "." }
        }
    }
}

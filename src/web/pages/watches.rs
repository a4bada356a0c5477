//! The watches: what each sees now, what is usual, how long it still learns, and its open incidents.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use maud::{Markup, html};

use orszem_core::words::Words;
use orszem_records::incident::{Incident, State as Standing};

use crate::address::percent_encode;
use crate::api::watches::{Watch, WatchListing};
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::view::Filter;

use super::layout;

/// `GET /watches`.
pub(crate) async fn show(State(app): State<AppState>, reader: Reader, asked: Asked) -> impl IntoResponse {
    let listing = WatchListing::of(&app.config.load(), &app.board.all());
    let open = app.view.list(&Filter { ended: Some(false), drill: Some(false), ..Filter::default() });
    layout::response(page(&listing, &open, reader.reading.as_deref(), &asked))
}

fn page(listing: &WatchListing, open: &[Arc<Incident>], read: Option<&str>, asked: &Asked) -> Markup {
    let (words, root) = (&asked.words, layout::root(asked.uri.path()));
    let learning =
        listing.watches.iter().filter(|watched| watched.now.is_some_and(|now| now.learning_hours > 0)).count();
    let query = read.map(|read| format!("?read={read}")).unwrap_or_default();
    let head = ["filter-watch", "watches-now", "fact-usual", "watches-past", "fact-budget", "watches-open"];
    let main = html! {
        nav aria-label=(words.say("pages")) {
            a href={ (root) (query) } { (words.say("all-incidents")) } " "
            a href={ (root) "watches/try" } { (words.say("try-query")) }
        }
        h1 { (words.say("watches")) }
        @if learning > 0 {
            p.quiet {
                (words.with("watches-learning", [("n", learning.into()), ("all", listing.watches.len().into())])) " "
                code { "orszem warm" } " " (words.say("watches-warm"))
            }
        }
        div.scroll tabindex="0" role="region" aria-label=(words.say("watches")) {
            table {
                thead { tr { @for id in head { th scope="col" { (words.say(id)) } } } }
                tbody { @for watched in &listing.watches { (row(watched, open, &root, &query, words)) } }
            }
        }
    };
    layout::layout(asked, &words.say("watches"), &main)
}

fn row(watched: &Watch, open: &[Arc<Incident>], root: &str, query: &str, words: &Words) -> Markup {
    let mine = open.iter().filter(|incident| incident.watch == watched.key && incident.state() != Standing::Resolved);
    html! {
        tr {
            th scope="row" { (watched.title) }
            @match watched.now {
                None => {
                    td { span.quiet { (words.say("watches-no-data")) } }
                    td { span.quiet { "–" } }
                    td { span.quiet { "–" } }
                }
                Some(now) => {
                    td { (words.with("watches-seen", [("n", now.observed.into()), ("negatives", now.negatives.into())])) }
                    td {
                        @if now.learning_hours > 0 { (words.say("usual-unknown")) }
                        @else {
                            (words.with("usual-and-seldom", [
                                ("usual", words.figure(now.expected).into()),
                                ("high", words.figure(now.expected_high).into()),
                            ]))
                        }
                    }
                    td {
                        @if now.learning_hours > 0 {
                            span.badge.quiet { (words.with("watches-left", [("n", now.learning_hours.into())])) }
                        }
                        @else { (words.say("watches-ready")) }
                    }
                }
            }
            td { (words.with("budget", [("n", words.figure(watched.budget).into())])) }
            td {
                @for incident in mine {
                    a href={ (root) "incidents/" (percent_encode(&incident.id.0)) (query) } {
                        (words.with("severity-short", [("n", incident.severity.into())]))
                    } " "
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::house;
    use orszem_runtime::status::WatchStatus;

    #[tokio::test]
    async fn the_watches_say_what_they_see_how_long_they_learn_and_what_is_open() {
        let house =
            house("[[watch]]\nname = \"acme\"\nterms = [\"acme\"]\n[[watch]]\nname = \"far\"\nterms = [\"far\"]\n");
        let now = WatchStatus { observed: 1_234, negatives: 987, learning_hours: 71, ..WatchStatus::default() };
        house.app.board.set("acme", now);
        let page = house.get("/watches").await.body;
        for part in [
            "1,234, 987 negative",
            "71 hours to go",
            "0.5 false pages a week",
            "another copy",
            "href=\"./incidents/acme.1\"",
        ] {
            assert!(page.contains(part), "{part:?} is missing in {page}");
        }
        assert!(!page.contains("http-equiv"), "it does not reload by itself");
        let json = house.get("/api/v1/watches").await.json();
        assert_eq!(json["watches"][0]["now"]["learning_hours"], 71);
        assert!(json["watches"][1]["now"].is_null());
    }
}

//! The watches: what each sees now, what was expected, and how long it still learns.

use axum::extract::State;
use axum::http::Uri;
use axum::response::IntoResponse;
use maud::{Markup, html};

use crate::api::watches::{Watch, WatchListing};
use crate::app::AppState;
use crate::auth::reader::Reader;
use crate::render::format;

use super::layout;

/// Seconds after which a browser reads the page again by itself.
const REFRESH: u32 = 15;

/// `GET /watches`.
pub(crate) async fn show(State(app): State<AppState>, _: Reader, uri: Uri) -> impl IntoResponse {
    let listing = WatchListing::of(&app.config.load(), &app.board.all());
    layout::response(page(&listing, &layout::root(uri.path())))
}

fn page(listing: &WatchListing, root: &str) -> Markup {
    let learning =
        listing.watches.iter().filter(|watched| watched.now.is_some_and(|now| now.learning_hours > 0)).count();
    let main = html! {
        p { a href=(root) { "Incidents" } }
        h1 { "Watches" }
        p { a href={ (root) "watches/try" } { "Try a query" } }
        @if learning > 0 {
            p.quiet {
                (learning) " of " (listing.watches.len()) " watches are still learning what is usual. Until then they \
                page only for what their settings always count as a crisis. " code { "orszem warm" } " loads history."
            }
        }
        table {
            thead { tr {
                th { "Watch" } th { "Last five minutes" } th { "Expected" } th { "Baseline" } th { "Budget" }
            } }
            tbody { @for watched in &listing.watches { (row(watched)) } }
        }
    };
    layout::layout(root, "Watches", Some(REFRESH), &main)
}

fn row(watched: &Watch) -> Markup {
    html! {
        tr {
            td data-label="Watch" { span { (watched.title) } }
            @match watched.now {
                None => {
                    td data-label="Last five minutes" {
                        span.quiet { "no data yet, or another copy of the program has this watch" }
                    }
                    td data-label="Expected" { span.quiet { "–" } }
                    td data-label="Baseline" { span.quiet { "–" } }
                }
                Some(now) => {
                    td data-label="Last five minutes" {
                        span { (format::count(now.observed)) ", " (format::count(now.negatives)) " negative" }
                    }
                    td data-label="Expected" { span {
                        (format::figure(now.expected))
                        " (" (format::figure(now.expected_low)) " to " (format::figure(now.expected_high)) ")"
                    } }
                    td data-label="Baseline" {
                        @if now.learning_hours > 0 {
                            span.badge.quiet { "learning, " (now.learning_hours) " hours left" }
                        }
                        @else { span { "ready" } }
                    }
                }
            }
            td data-label="Budget" { span { (watched.budget) " false pages a week" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_core::settings::{Config, Watch as WatchConfig};
    use orszem_runtime::status::WatchStatus;
    use std::collections::BTreeMap;

    #[test]
    fn the_watches_say_what_they_see_and_how_long_they_learn() {
        let watch = |name: &str| WatchConfig { name: name.into(), ..WatchConfig::default() };
        let config = Config { watches: vec![watch("acme"), watch("far")], ..Config::default() };
        let now = WatchStatus { observed: 1_234, negatives: 987, learning_hours: 71, ..WatchStatus::default() };
        let listing = WatchListing::of(&config, &BTreeMap::from([("acme".to_owned(), now)]));
        let page = page(&listing, "./").into_string();
        for part in ["1,234, 987 negative", "learning, 71 hours left", "0.5 false pages a week", "another copy"] {
            assert!(page.contains(part), "{part:?} is missing in {page}");
        }
        let json = serde_json::to_value(&listing).unwrap();
        assert_eq!(json["watches"][0]["now"]["learning_hours"], 71);
        assert!(json["watches"][1]["now"].is_null());
    }
}

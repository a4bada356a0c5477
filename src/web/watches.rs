//! The watches as they stand: what each sees now, what was expected, and how long it still learns.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde::Serialize;

use orszem_core::settings::Config;
use orszem_runtime::status::WatchStatus;

use super::{format, pages, types};

/// Seconds after which a browser reads the page again by itself.
const REFRESH: u32 = 15;

/// A watch as it stands.
#[derive(Debug, Serialize)]
pub(super) struct Watched {
    watch: String,
    title: String,
    /// False pages a week that it may cost.
    budget: f64,
    /// What this process sees of it; nothing where another process does, or nothing has come yet.
    now: Option<WatchStatus>,
}

/// All of them.
#[derive(Debug, Serialize)]
pub(super) struct Listing {
    watches: Vec<Watched>,
}

impl Listing {
    /// Those of `config`, with what is known of them.
    pub(super) fn of(config: &Config, statuses: &BTreeMap<String, WatchStatus>) -> Listing {
        let watches = config.watches.iter().map(|watch| Watched {
            watch: watch.name.clone(),
            title: types::title(config, &watch.name),
            budget: watch.budget.unwrap_or(config.detect.budget),
            now: statuses.get(&watch.name).copied(),
        });
        Listing { watches: watches.collect() }
    }

    /// The page.
    pub(super) fn page(&self, root: &str) -> Markup {
        let learning =
            self.watches.iter().filter(|watched| watched.now.is_some_and(|now| now.learning_hours > 0)).count();
        let main = html! {
            p { a href=(root) { "Incidents" } }
            h1 { "Watches" }
            p { a href={ (root) "watches/try" } { "Try a query" } }
            @if learning > 0 {
                p.quiet { (learning) " of " (self.watches.len()) " still learn what is usual. Until then they page only on what their settings call a crisis outright; " code { "orszem warm" } " loads history." }
            }
            table {
                thead { tr {
                    th { "Watch" } th { "Last five minutes" } th { "Expected" } th { "Past" } th { "Budget" }
                } }
                tbody { @for watched in &self.watches { (watched.row()) } }
            }
        };
        pages::layout(root, "Watches", Some(REFRESH), &main)
    }
}

impl Watched {
    fn row(&self) -> Markup {
        html! {
            tr {
                td data-label="Watch" { span { (self.title) } }
                @match self.now {
                    None => {
                        td data-label="Last five minutes" { span.quiet { "nothing came yet, or another copy of the program watches it" } }
                        td data-label="Expected" { span.quiet { "–" } }
                        td data-label="Past" { span.quiet { "–" } }
                    }
                    Some(now) => {
                        td data-label="Last five minutes" { span { (format::count(now.observed)) ", " (format::count(now.negatives)) " negative" } }
                        td data-label="Expected" { span { (format::figure(now.expected)) " (" (format::figure(now.expected_low)) " to " (format::figure(now.expected_high)) ")" } }
                        td data-label="Past" {
                            @if now.learning_hours > 0 { span.badge.quiet { "learning, " (now.learning_hours) " hours left" } }
                            @else { span { "learnt" } }
                        }
                    }
                }
                td data-label="Budget" { span { (self.budget) " false pages a week" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_core::settings::types::Watch;

    #[test]
    fn the_watches_say_what_they_see_and_how_long_they_learn() {
        let watch = |name: &str| Watch { name: name.into(), ..Watch::default() };
        let config = Config { watches: vec![watch("acme"), watch("far")], ..Config::default() };
        let now = WatchStatus { observed: 1_234, negatives: 987, learning_hours: 71, ..WatchStatus::default() };
        let listing = Listing::of(&config, &BTreeMap::from([("acme".to_owned(), now)]));
        let page = listing.page("./").into_string();
        for part in ["1,234, 987 negative", "learning, 71 hours left", "0.5 false pages a week", "another copy"] {
            assert!(page.contains(part), "{part:?} is missing in {page}");
        }
        let json = serde_json::to_value(&listing).unwrap();
        assert_eq!(json["watches"][0]["now"]["learning_hours"], 71);
        assert!(json["watches"][1]["now"].is_null());
    }
}

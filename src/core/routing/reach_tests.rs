//! What is odd about routes.

use super::*;
use crate::routing::fixture::config;

const WATCHES: &str = r#"
[[watch]]
name = "acme"
desk = "care"
escalation = "duty"
labels = { story = "merger" }
[[watch]]
name = "bare"
[[hours]]
name = "night"
from = "22:00"
to = "06:00"
"#;

fn found(routes: &str) -> Vec<(Place, Finding)> {
    findings(&config(&format!("{WATCHES}{routes}")))
}

fn to_nobody(watches: &[&str]) -> Finding {
    Finding::ToNobody(watches.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn without_routes_nothing_is_odd_and_a_root_leads_as_the_watches_say() {
    assert_eq!(found(""), []);
    assert_eq!(found("[route]\n"), [(vec![], to_nobody(&["bare", "feed"]))]);
    assert_eq!(found("[route]\nescalation = \"all\"\n"), []);
    assert_eq!(found("[route]\nnobody = true\n"), []);
}

#[test]
fn a_route_that_nothing_comes_to_is_found_with_the_one_that_takes_it() {
    let routes = r#"
[route]
escalation = "all"
[[route.route]]
match = { severity = "<= 3" }
[[route.route]]
match = { desk = "care", severity = "2" }
[[route.route]]
match = { severity = "4" }
continue = true
[[route.route]]
match = { severity = "4", kind = "volume" }
[[route.route.route]]
match = { severity = "1" }
[[route.route]]
match = { desk = "audience" }
"#;
    let taken = |by: usize| Finding::TakenBefore(vec![by]);
    assert_eq!(
        found(routes),
        [(vec![1], taken(0)), (vec![3, 0], Finding::MatchesNothing), (vec![4], Finding::MatchesNothing)]
    );
    assert_eq!(
        found(
            "[route]\nescalation = \"all\"\n[[route.route]]\nmatch = { source = \"x\" }\n[[route.route]]\nmatch = { desk \
               = \"care\" }\n"
        ),
        [],
        "what is of another source comes by"
    );
}

#[test]
fn a_route_to_nobody_is_found_unless_it_says_so() {
    let bare =
        |says: &str| found(&format!("[route]\n[[route.route]]\nmatch = {{ watch = [\"bare\", \"feed\"] }}\n{says}"));
    assert_eq!(bare(""), [(vec![0], to_nobody(&["bare", "feed"]))]);
    for says in ["nobody = true\n", "escalation = \"x\"\n", "digest = { at = \"08:00\", receivers = [\"m\"] }\n"] {
        assert_eq!(bare(says), [], "{says}");
    }
    assert_eq!(
        found("[route]\n[[route.route]]\nmatch = { watch = \"bare\", kind = \"praise\" }\n").len(),
        1,
        "the rest"
    );
}

#[test]
fn a_mute_time_for_the_worst_is_found() {
    let night = |severity: &str| {
        found(&format!(
            "[route]\nescalation = \"all\"\n[[route.route]]\nmatch = {{ severity = \"{severity}\" }}\nmute = [\"night\"]\n"
        ))
    };
    assert_eq!(night(">= 3"), []);
    assert_eq!(night("<= 3"), [(vec![0], Finding::MutesTheWorst)]);
}

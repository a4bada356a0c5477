//! `[route]`: routes that incidents come to, and that lead somewhere.

use std::collections::BTreeMap;
use std::ops::Range;

use orszem_core::routing::known::Known;
use orszem_core::routing::reach::{Finding, Place, findings};
use orszem_core::routing::tree::ROOT;
use orszem_core::settings::calendar::Clock;
use orszem_core::settings::watch::Desk;
use orszem_core::settings::{Config, Digest, Route, Watch};
use orszem_records::signal::FEED;
use toml::de::DeTable;

use super::entry::{Entry, tables};
use super::{hours, labels, matcher};
use crate::diagnostics::{Report, quoted};

/// Every route with its place, the root first.
pub(super) fn all<'d>(document: &'d DeTable<'d>) -> Vec<(Place, Entry<'d>)> {
    fn within<'d>(place: &Place, entry: Entry<'d>, all: &mut Vec<(Place, Entry<'d>)>) {
        all.push((place.clone(), entry));
        for (number, route) in entry.tables("route").into_iter().enumerate() {
            let place = place.iter().copied().chain([number]).collect();
            within(&place, route, all);
        }
    }
    let mut all = Vec::new();
    if let Some(root) = tables(document, "route").into_iter().next() {
        within(&Vec::new(), root, &mut all);
    }
    all
}

/// The names of escalations that routes call.
pub(super) fn escalations<'d>(routes: &[(Place, Entry<'d>)]) -> Vec<(&'d str, Range<usize>)> {
    routes.iter().filter_map(|(_, route)| route.text("escalation")).collect()
}

/// The names of receivers that digests call.
pub(super) fn receivers<'d>(routes: &[(Place, Entry<'d>)]) -> Vec<(&'d str, Range<usize>)> {
    let digests = routes.iter().flat_map(|(_, route)| route.tables("digest"));
    digests.flat_map(|digest| digest.texts("receivers")).collect()
}

/// The names of hours that routes call.
pub(super) fn windows<'d>(routes: &[(Place, Entry<'d>)]) -> Vec<(&'d str, Range<usize>)> {
    routes.iter().flat_map(|(_, route)| route.texts("mute").chain(route.texts("active"))).collect()
}

/// The watches of a document, as far as routes go by them.
pub(super) fn watches(document: &DeTable<'_>) -> Config {
    let text = |entry: Entry<'_>, key: &str| entry.text(key).map(|(text, _)| text.to_owned());
    let watch = |entry: &Entry<'_>| {
        let desk = entry.text("desk").and_then(|(name, _)| Desk::ALL.into_iter().find(|desk| desk.name() == name));
        let labels = entry.tables("labels").into_iter().flat_map(|labels| {
            let values = labels.table.iter();
            values.filter_map(|(name, value)| Some((name.get_ref().to_string(), value.get_ref().as_str()?.to_owned())))
        });
        Watch {
            name: text(*entry, "name").unwrap_or_default(),
            formerly: text(*entry, "formerly"),
            desk: desk.unwrap_or_default(),
            escalation: text(*entry, "escalation"),
            labels: labels.collect(),
            ..Watch::default()
        }
    };
    let mut config = Config { watches: tables(document, "watch").iter().map(watch).collect(), ..Config::default() };
    config.feed.escalation = tables(document, "feed").first().and_then(|feed| text(*feed, "escalation"));
    config
}

/// Checks all routes.
pub(super) fn check(document: &DeTable<'_>, routes: &[(Place, Entry<'_>)], report: &mut Report<'_>) {
    let mut config = watches(document);
    let known = Known::new(&config);
    let mut wrong = Vec::new();
    for (place, route) in routes {
        one(document, place, *route, &known, report);
        if matcher::check(*route, "match", &known, report) {
            wrong.push(place.clone());
        }
    }
    let Some((_, root)) = routes.first() else { return };
    config.route = Some(read(*root));
    let places: BTreeMap<&Place, Entry<'_>> = routes.iter().map(|(place, route)| (place, *route)).collect();
    for (place, finding) in findings(&config) {
        let Some(route) = places.get(&place) else { continue };
        let is_told = wrong.contains(&place);
        let matched = if route.has("match") { route.at("match") } else { route.header() };
        match finding {
            Finding::MatchesNothing if !is_told => {
                report.warning(matched, "no incident that comes here can match this", "leave the route out".to_owned());
            }
            Finding::TakenBefore(by) => {
                let line = places.get(&by).map(|route| report.line(route.header().start)).unwrap_or_default();
                let message = format!("no incident comes to this route: the one in line {line} takes them all");
                let help = "move it before that, or add continue = true there".to_owned();
                report.warning(matched, message, help);
            }
            Finding::ToNobody(watches) => to_nobody(*route, watches.into_iter().collect(), report),
            Finding::MutesTheWorst => {
                let key = if route.has("mute") || !route.has("active") { "mute" } else { "active" };
                let message = "at these times nobody is called for severity 1 either";
                let help = match place.is_empty() {
                    true => format!("write \"{key}\" in a [[route.route]] with match = {{ severity = \">= 2\" }}"),
                    false => "add severity = \">= 2\" to its \"match\"".to_owned(),
                };
                report.warning(route.at(key), message, help);
            }
            Finding::MatchesNothing => {}
        }
    }
}

fn one(document: &DeTable<'_>, place: &Place, route: Entry<'_>, known: &Known, report: &mut Report<'_>) {
    for key in ["match", "continue", "name"].into_iter().filter(|key| place.is_empty() && route.has(key)) {
        let message = format!("\"{key}\" in [route]: this is where every incident begins");
        report.error(route.at(key), message, "write it in a [[route.route]]".to_owned());
    }
    if let Some((_, at)) = route.text("name").filter(|(name, _)| *name == ROOT) {
        report.error(at, "the name \"root\" is that of [route] itself", "give the route another".to_owned());
    }
    let is_nobody = route.table.get("nobody").is_some_and(|value| value.get_ref().as_bool() == Some(true));
    let leads: Vec<&str> = ["escalation", "digest", "nobody"]
        .into_iter()
        .filter(|key| if *key == "nobody" { is_nobody } else { route.has(key) })
        .collect();
    if let [first, second, ..] = leads[..] {
        let message = format!("this route has both \"{first}\" and \"{second}\"");
        report.error(
            route.at(second),
            message,
            "keep one; for both write two routes, the first with continue = true".to_owned(),
        );
    }
    labels::facts(route, "group_by", known, report);
    for digest in route.tables("digest") {
        hours::zone(document, digest, "this digest has", report);
    }
}

fn to_nobody(route: Entry<'_>, watches: Vec<String>, report: &mut Report<'_>) {
    const SHOWN: usize = 3;
    let names: Vec<String> = watches.iter().filter(|name| *name != FEED).map(|name| quoted(name)).collect();
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    let of = match names.len() {
        0 => return,
        1 => format!("watch {shown}"),
        2..=SHOWN => format!("watches {shown}"),
        more => format!("watches {shown} and {} others", more - SHOWN),
    };
    let message =
        format!("incidents of {of} come here, and nobody is told: neither route nor watch names an escalation");
    let help = "add escalation = \"…\" or digest = { … }, or nobody = true where that is meant".to_owned();
    report.warning(route.header(), message, help);
}

/// A route as far as it decides which incidents come where.
fn read(entry: Entry<'_>) -> Route {
    let flag = |key: &str| entry.table.get(key).is_some_and(|value| value.get_ref().as_bool() == Some(true));
    let names = |key: &str| entry.has(key).then(|| entry.texts(key).map(|(name, _)| name.to_owned()).collect());
    let digest = Digest { at: Clock::default(), receivers: Vec::new(), time_zone: None };
    Route {
        matcher: matcher::read(entry, "match"),
        escalation: entry.text("escalation").map(|(name, _)| name.to_owned()),
        digest: entry.has("digest").then_some(digest),
        nobody: flag("nobody"),
        goes_on: flag("continue"),
        mute: names("mute"),
        active: names("active"),
        routes: entry.tables("route").into_iter().map(read).collect(),
        ..Route::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{GOOD, case, faults};

    #[test]
    fn a_tree_in_order_has_no_faults() {
        let routes = r#"[web]
time_zone = "Europe/Budapest"
[route]
[[route.route]]
name = "worst"
match = { severity = "<= 2" }
escalation = "e"
[[route.route]]
match = { labels = { story = "merger" }, kind = "volume" }
[[route.route.route]]
match = { severity = "4" }
nobody = true
[[watch]]
name = "story"
terms = ["abcd"]
escalation = "e"
labels = { story = "merger" }
"#;
        case(routes, &[]);
    }

    #[test]
    fn routes_that_nothing_comes_to_and_that_lead_to_nobody_are_told() {
        let text = format!(
            "{GOOD}[[watch]]\nname = \"bare\"\nterms = [\"abcd\"]\n[route]\n[[route.route]]\nmatch = {{ severity = \"<= 3\" \
             }}\n[[route.route]]\nmatch = {{ severity = \"1\" }}\nescalation = \"e\"\n[[route.route]]\nmatch = {{ kind = \
             \"no-data\", watch = \"w\" }}\n"
        );
        let first = GOOD.matches('\n').count() + 4;
        let nobody = |line: usize| {
            format!(
                "a.toml:{line}:1: warning: incidents of watch \"bare\" come here, and nobody is told: neither route nor watch \
                 names an escalation; add escalation = \"…\" or digest = {{ … }}, or nobody = true where that is meant"
            )
        };
        assert_eq!(
            faults(&text),
            [
                nobody(first),
                nobody(first + 1),
                format!(
                    "a.toml:{}:9: warning: no incident comes to this route: the one in line {} takes them all; move it before \
                     that, or add continue = true there",
                    first + 4,
                    first + 1
                ),
                format!(
                    "a.toml:{}:9: warning: no incident that comes here can match this; leave the route out",
                    first + 7
                ),
            ]
        );
    }

    #[test]
    fn a_root_takes_all_and_a_route_leads_to_one_place() {
        case(
            "[route]\nmatch = { desk = \"crisis\" }\nescalation = \"e\"\nnobody = true\n[[route.route]]\nescalation = \
             \"x\"\ndigest = { at = \"8:00\", receivers = [\"s\"] }\ngroup_by = [\"watch\", \"watch\"]\n",
            &[
                "a.toml:2:9: \"match\" in [route]: this is where every incident begins; write it in a [[route.route]]",
                "a.toml:4:10: this route has both \"escalation\" and \"nobody\"; keep one; for both write two routes, the \
                 first with continue = true",
                "a.toml:6:14: there is no escalation \"x\"; did you mean \"e\"?",
                "a.toml:7:10: this digest has no time zone, and neither [web] nor [detect] has one; add time_zone = \
                 \"Europe/Budapest\", say, here or in [web]",
                "a.toml:7:10: this route has both \"escalation\" and \"digest\"; keep one; for both write two routes, the \
                 first with continue = true",
                "a.toml:7:17: \"at\" in [route.route.digest]: \"8:00\" is not a time of day; write hours and minutes of two \
                 digits each: \"08:30\"",
                "a.toml:7:38: there is no receiver \"s\"; did you mean \"r\"?",
                "a.toml:8:22: \"watch\" is named twice in \"group_by\"; leave one out",
            ],
        );
    }
}

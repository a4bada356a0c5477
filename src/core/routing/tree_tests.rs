//! Where incidents go: cases 1 to 5, and what a configuration without routes does.

use orszem_records::desk::Desk;

use super::*;
use crate::routing::fixture::{at, config, facts, labelled, utc};

const WATCHES: &str = r#"
[web]
time_zone = "Europe/Budapest"
[[watch]]
name = "acme"
terms = ["acme"]
escalation = "watch-duty"
[[watch]]
name = "bare"
terms = ["bare"]
"#;

fn tree(routes: &str) -> Tree {
    Tree::new(&config(&format!("{WATCHES}{routes}")))
}

/// `route -> target` of each leaf.
fn went(tree: &Tree, facts: &Facts, moment: Timestamp) -> Vec<String> {
    let target = |target: &Target| match target {
        Target::Escalation(name) => name.clone(),
        Target::Digest(daily) => format!("digest of {}", daily.receivers.join(", ")),
        Target::Nobody => "nobody".into(),
    };
    let leaf = |leaf: &Leaf| {
        let muted = leaf.muted.as_ref().map_or("", |_| ", muted");
        format!("{} -> {}{muted}", leaf.route, target(&leaf.target))
    };
    tree.leaves(facts, moment).iter().map(leaf).collect()
}

#[test]
fn without_routes_an_incident_follows_the_escalation_of_its_watch() {
    let tree = tree("");
    assert_eq!(went(&tree, &facts(), at(0)), ["root -> watch-duty"]);
    assert_eq!(went(&tree, &Facts { watch: "bare".into(), ..facts() }, at(0)), ["root -> nobody"]);
    assert_eq!(went(&tree, &Facts { watch: "gone".into(), ..facts() }, at(0)), ["root -> nobody"]);
    let leaf = tree.leaves(&facts(), at(0)).remove(0);
    assert_eq!((leaf.wait_ms, leaf.reopen_within_ms, leaf.muted), (0, 0, None));
}

#[test]
fn case_1_what_need_not_wake_anybody_waits_for_the_digest_until_it_rises() {
    let tree = tree(
        r#"
[[route.route]]
match = { desk = "care", severity = "<= 2" }
escalation = "duty"
[[route.route]]
match = { desk = "care" }
digest = { at = "08:00", receivers = ["care-mail"] }
"#,
    );
    let care = Facts { desk: Desk::Care, severity: 4, ..facts() };
    assert_eq!(went(&tree, &care, at(0)), [r#"desk = "care" -> digest of care-mail"#]);
    let worse = Facts { severity: 1, ..care };
    assert_eq!(went(&tree, &worse, at(0)), [r#"desk = "care", severity = "<= 2" -> duty"#]);
    assert_eq!(went(&tree, &facts(), at(0)), ["root -> watch-duty"]);
}

#[test]
fn case_2_a_route_that_goes_on_adds_another() {
    let tree = tree(
        r#"
[[route.route]]
name = "board"
match = { severity = "<= 3" }
escalation = "board"
continue = true
[[route.route]]
name = "press"
match = { desk = "crisis" }
escalation = "press"
[[route.route]]
name = "never"
escalation = "never"
"#,
    );
    assert_eq!(went(&tree, &facts(), at(0)), ["board -> board", "press -> press"]);
    let keys: BTreeSet<_> = tree.leaves(&facts(), at(0)).into_iter().map(|leaf| leaf.route).collect();
    assert_eq!(keys.len(), 2, "each has a page of its own");
    let came: Vec<_> = tree.visits(&facts(), at(0)).into_iter().map(|visit| (visit.route, visit.came)).collect();
    assert_eq!(came[2], ("never".to_owned(), Came::NotAsked("press".into())));
    assert_eq!(came[3], (ROOT.to_owned(), Came::Within));
}

#[test]
fn case_4_what_no_route_takes_goes_to_the_root_and_perhaps_to_nobody() {
    let care = "[[route.route]]\nmatch = { desk = \"care\" }\nescalation = \"care\"\n";
    let bare = Facts { watch: "bare".into(), ..facts() };
    assert_eq!(went(&tree(care), &bare, at(0)), ["root -> nobody"]);
    assert_eq!(went(&tree(&format!("[route]\nescalation = \"all\"\n{care}")), &bare, at(0)), ["root -> all"]);
    assert_eq!(
        went(&tree(&format!("[route]\nescalation = \"all\"\n{care}")), &facts(), at(0)),
        ["root -> watch-duty"],
        "what the watch names comes before what the root does"
    );
    assert_eq!(went(&tree("[route]\nnobody = true\n"), &facts(), at(0)), ["root -> nobody"]);
}

#[test]
fn case_5_a_muted_route_still_ends_the_search() {
    let tree = tree(
        r#"
[[hours]]
name = "night"
from = "22:00"
to = "06:00"
[[route.route]]
name = "quiet"
match = { desk = "crisis" }
mute = ["night"]
[[route.route]]
name = "next"
escalation = "other"
"#,
    );
    let night = utc("2026-06-10T00:00:00Z");
    assert_eq!(went(&tree, &facts(), night), ["quiet -> watch-duty, muted"]);
    let muted = tree.leaves(&facts(), night).remove(0).muted.unwrap();
    assert_eq!((muted.mute, muted.until), (vec!["night".to_owned()], Some(utc("2026-06-10T04:00:00Z"))));
    assert_eq!(went(&tree, &facts(), utc("2026-06-10T12:00:00Z")), ["quiet -> watch-duty"]);
}

#[test]
fn several_windows_mute_until_none_does() {
    let tree = tree(
        r#"
[route]
mute = ["night", "morning"]
active = ["working"]
[[hours]]
name = "night"
from = "22:00"
to = "06:00"
[[hours]]
name = "morning"
from = "05:00"
to = "07:00"
[[hours]]
name = "working"
weekdays = ["wednesday", "thursday"]
from = "08:00"
to = "16:00"
"#,
    );
    let muted = |moment: &str| tree.leaves(&facts(), utc(moment)).remove(0).muted;
    // 02:00 on a Wednesday in Budapest; then 14:00, and 20:00 on a Thursday.
    let night = muted("2026-06-10T00:00:00Z").unwrap();
    assert_eq!((night.mute, night.outside), (vec!["night".to_owned()], vec!["working".to_owned()]));
    assert_eq!(night.until, Some(utc("2026-06-10T06:00:00Z")));
    assert_eq!(muted("2026-06-10T12:00:00Z"), None);
    let weekend = muted("2026-06-11T18:00:00Z").unwrap();
    assert_eq!((weekend.mute.len(), weekend.until), (0, Some(utc("2026-06-17T06:00:00Z"))));
}

#[test]
fn a_route_has_from_the_one_around_it_what_it_does_not_say() {
    let tree = tree(
        r#"
[route]
group_by = ["story"]
group_wait = "30s"
reopen_within = "15m"
[[route.route]]
name = "care"
match = { labels = { story = "*" } }
escalation = "care"
[[route.route.route]]
name = "own"
match = { kind = "volume" }
group_by = ["watch"]
group_wait = "1m"
nobody = true
[[route.route.route]]
match = { kind = "negativity" }
"#,
    );
    let leaf = |facts: &Facts| tree.leaves(facts, at(0)).remove(0);
    let story = labelled(&[("story", "Merger")]);
    let found = leaf(&story);
    assert_eq!(
        (found.route.as_str(), found.target),
        (r#"care / kind = "negativity""#, Target::Escalation("care".into()))
    );
    assert_eq!((found.wait_ms, found.reopen_within_ms), (30_000, 900_000));
    assert_eq!(found.key, BTreeMap::from([("story".to_owned(), "Merger".to_owned())]));
    assert_eq!(leaf(&Facts { severity: 2, ..story.clone() }).wait_ms, 0, "severities 1 and 2 never wait");
    let own = leaf(&Facts { kind: orszem_records::signal::Kind::Volume, ..story });
    assert_eq!((own.route.as_str(), own.target, own.wait_ms), ("care / own", Target::Nobody, 60_000));
    assert_eq!(own.key, BTreeMap::from([("watch".to_owned(), "acme".to_owned())]));
    assert_eq!(leaf(&facts()).key, own.key, "without a story it is on its own");
    for real in [facts(), labelled(&[("story", "Merger")])] {
        let drill = Facts { drill: true, ..real.clone() };
        assert_ne!(leaf(&real).key, leaf(&drill).key, "a drill is on a page of its own");
    }
}

/// Case 15, the part of groups: the exact text, unless the route takes small letters and capitals as the same.
#[test]
fn case_15_groups_keep_texts_apart() {
    let key = |ignore: &str, text: &str| {
        let tree = tree(&format!("[route]\ngroup_by = [\"firm\"]\n{ignore}"));
        tree.leaves(&labelled(&[("firm", text)]), at(0)).remove(0).key
    };
    assert_ne!(key("", "Kft."), key("", "kft."));
    assert_ne!(key("", "kor"), key("", "kór"));
    assert_eq!(key("ignore_case = true\n", "Kft."), key("ignore_case = true\n", "kft."));
    assert_ne!(key("ignore_case = true\n", "kor"), key("ignore_case = true\n", "kór"));
}

#[test]
fn incidents_of_the_feed_are_apart_by_what_brings_nothing() {
    let tree = tree("[route]\nreopen_within = \"15m\"\n");
    let feed = |source: &str| Facts { watch: FEED.into(), sources: BTreeSet::from([source.to_owned()]), ..facts() };
    let key = |source: &str| tree.leaves(&feed(source), at(0)).remove(0).key;
    assert_ne!(key("bluesky"), key("reddit"));
    assert_eq!(key("bluesky"), key("bluesky"));
}

#[test]
fn routes_that_match_the_same_have_paths_of_their_own() {
    let tree = tree(
        "[[route.route]]\ncontinue = true\nescalation = \"a\"\n[[route.route]]\ncontinue = true\nescalation = \"b\"\n",
    );
    assert_eq!(went(&tree, &facts(), at(0)), ["everything -> a", "everything #2 -> b"]);
}

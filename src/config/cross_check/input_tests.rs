//! Inputs: how topics are read.

use crate::check;
use crate::tests::{GOOD, case};
use orszem_core::settings::Config;
use std::path::Path;

/// An input with these keys from line 2 on.
#[track_caller]
fn input(keys: &str, expected: &[&str]) {
    case(&format!("[[input]]\n{keys}"), expected);
}

#[test]
fn inputs_in_order_have_no_faults() {
    input("topic = \"t\"\n", &[]);
    input("topic = \"t\"\nformat = \"x-v2\"\nenvelope = \"cloudevents\"\n[input.map]\nsource = \"ce_source\"\n", &[]);
    input(
        "topic = \"t\"\nformat = \"map\"\nonly = { at = \"/kind\", is = [\"post\"] }\n[input.map]\nid = { template = \"f:{/id}\" }\n\
         text = { join = [\"/a\", [\"/b\", \"/c\"]], html = true }\npublished_at = { at = [\"/t\"], time = \"%Y.%m.%d %H:%M\", time_zone = \"UTC\" }\n\
         author.id = [\"/u/0\", \"/v\"]\nauthor = { name = \"/n\" }\n",
        &["a.toml:10:1: invalid TOML: duplicate key"],
    );
    input(
        "topic = \"t\"\nformat = \"map\"\n[input.map]\nid = \"/i\"\ntext = \"/x\"\npublished_at = \"/t\"\nauthor.id = \"/a\"\nauthor.followers = [\"/f\"]\n",
        &[],
    );
    input("topic = \"t\"\nenvelope = \"cloudevents\"\nformat = \"map\"\n[input.map]\ntext = \"/a\"\n", &[]);
    case("[kafka]\nmentions = \"t\"\n[[input]]\ntopic = \"t\"\n[[input]]\ntopic = \"u\"\n", &[]);
}

#[test]
fn faults_of_inputs_name_the_place_and_the_fix() {
    input(
        "topic = \"t\"\nformat = \"brandwach\"\nenvelope = \"soap\"\n",
        &[
            "a.toml:3:10: unknown format \"brandwach\" in [[input]]; did you mean \"brandwatch\"?",
            "a.toml:4:12: unknown envelope \"soap\" in [[input]]; known here: none, cloudevents",
        ],
    );
    input(
        "format = \"x-v2\"\n[input.mapp]\nid = \"/a\"\n",
        &[
            "a.toml:1:1: [[input]] lacks its \"topic\"; add topic = \"…\"",
            "a.toml:3:8: unknown key \"mapp\" in [[input]]; did you mean \"map\"?",
        ],
    );
    input(
        "topic = \"t\"\n[[input]]\ntopic = \"t\"\n[[input]]\ntopic = \"orszem.ledger\"\n",
        &[
            "a.toml:4:9: the topic \"t\" is read by the input in line 2 already; a topic is read in one way: name another, or leave one out",
            "a.toml:6:9: \"orszem.ledger\" is a topic that orszem writes to itself; name a topic with mentions",
        ],
    );
    case(
        "[kafka]\nmentions = \"m\"\n[[input]]\ntopic = \"t\"\n",
        &[
            "a.toml:2:12: warning: the topic \"m\" is not read: there is an [[input]], and none names it; add [[input]] with topic = \"m\" to have it read",
        ],
    );
    input(
        "topic = \"t\"\n[input.map]\ntext = \"/a\"\n",
        &[
            "a.toml:3:1: native records have no map; add format = \"map\", or the name of a ready format whose fields it replaces",
        ],
    );
    input(
        "topic = \"t\"\nformat = \"map\"\n",
        &[
            "a.toml:3:10: the format \"map\" needs a map; add [input.map] with id, text and published_at, each a JSON pointer: text = \"/data/text\"",
        ],
    );
    input(
        "topic = \"t\"\nformat = \"map\"\n[input.map]\nurl = \"/u\"\n",
        &[
            "a.toml:4:1: [input.map] lacks its \"id\"; add id = \"/…\": it tells a mention from one that is delivered again",
            "a.toml:4:1: [input.map] lacks its \"published_at\"; add published_at = \"/…\": when it was published",
            "a.toml:4:1: [input.map] lacks its \"text\"; add text = \"/…\": what the mention says",
        ],
    );
}

/// A map that is in order but for these fields, from line 5 on.
#[track_caller]
fn mapped(fields: &str, expected: &[&str]) {
    let needed = ["id = \"/i\"\n", "text = \"/x\"\n", "published_at = \"/t\"\n"];
    let has = |line: &str| fields.lines().any(|field| field.split(' ').next() == line.split(' ').next());
    let rest: String = needed.into_iter().filter(|line| !has(line)).collect();
    input(&format!("topic = \"t\"\nformat = \"map\"\n[input.map]\n{fields}{rest}"), expected);
}

#[test]
fn faults_of_maps_name_the_place_and_the_fix() {
    mapped(
        "text = \"data.text\"\nauthor.id = [\"/u\", \"$.v\"]\n",
        &[
            "a.toml:5:8: \"text\" in [input.map]: \"data.text\" does not begin with \"/\"; a JSON pointer does: \"/data/text\"",
            "a.toml:6:20: \"id\" in [input.map.author]: \"$.v\" does not begin with \"/\"; a JSON pointer does: \"/v\"",
        ],
    );
    mapped(
        "text = 7\nlang = { fixed = \"hu\" }\nurl = []\n",
        &[
            "a.toml:5:8: \"text\" in [input.map] must be a text, and is a whole number; write it in quotes",
            "a.toml:6:8: \"lang\" says not where it comes from; say where it is: { at = \"/…\" }, { template = \"…{/…}\" } or { const = \"…\" }",
            "a.toml:6:10: unknown key \"fixed\" in [input.map.lang]; known here: at, const, entities, html, join, language, not_after, pieces, template, time, time_zone",
            "a.toml:7:7: \"url\" in [input.map] is empty",
        ],
    );
    mapped(
        "source = { const = \"forum\", at = \"/s\" }\nid = { const = \"1\" }\npublished_at = { const = \"2026\" }\n",
        &[
            "a.toml:5:20: \"source\" has both \"at\" and \"const\"; keep one of them",
            "a.toml:6:16: \"id\" cannot be the same for all; with one id for all, the first mention is the only one that counts",
            "a.toml:7:26: \"published_at\" cannot be the same for all; every mention has its own time: name the field that holds it",
        ],
    );
    mapped(
        "id = { template = \"forum\" }\nurl = { template = \"https://x.example/{id}\" }\nsource = { template = [\"{/a\"] }\n",
        &[
            "a.toml:5:19: \"template\" in [input.map.id]: \"forum\" has no pointer in it; write a fixed text as const",
            "a.toml:6:20: \"template\" in [input.map.url]: \"id\" does not begin with \"/\"; write pointers in braces: \"forum:{/id}\"; double a literal brace",
            "a.toml:7:24: \"template\" in [input.map.source]: \"{/a\" has a brace that is not closed; write pointers in braces: \"forum:{/id}\"; double a literal brace",
        ],
    );
    mapped(
        "published_at = { at = \"/t\", time = \"iso\", time_zone = \"Budapest\" }\nlang = { at = \"/l\", time = \"auto\" }\n",
        &[
            "a.toml:5:36: \"time\" in [input.map.published_at]: \"iso\" is not a time format; one of auto, rfc3339, rfc2822, unix-s, unix-ms, unix-us, unix-ns, or a strptime pattern: \"%d/%m/%Y %H:%M\"",
            "a.toml:5:55: \"time_zone\" in [input.map.published_at]: \"Budapest\" is not a time zone; write the name of the time zone database: \"Europe/Budapest\", \"UTC\"",
            "a.toml:6:28: \"time\" is of \"published_at\" alone; leave it out",
        ],
    );
    mapped(
        "published_at = { at = \"/t\", time = \"%d/%m/%Y\" }\n",
        &[
            "a.toml:5:36: times of this pattern do not say their time zone; add time_zone = \"Europe/Budapest\", or %z to the pattern where the times have an offset",
        ],
    );
    mapped(
        "id = \"ce_id\"\nurl = { template = \"https://x.example/{ce_subject}\" }\n",
        &[
            "a.toml:5:6: \"ce_id\" comes from an envelope, and the input has none; add envelope = \"cloudevents\" to the input",
            "a.toml:6:20: \"https://x.example/{ce_subject}\" comes from an envelope, and the input has none; add envelope = \"cloudevents\" to the input",
        ],
    );
    input(
        "topic = \"t\"\nonly = { at = \"/kind\", is = [\"post\"] }\n",
        &[
            "a.toml:3:15: native records are not looked into before they are read; use format = \"map\" for these, or an attribute of the envelope: at = \"ce_type\"",
        ],
    );
}

#[test]
fn the_place_in_a_map_is_marked() {
    let text = format!(
        "[[input]]\ntopic = \"t\"\nformat = \"map\"\n[input.map]\nid = \"/i\"\ntext = \"/x\"\npublished_at = \"@t\"\n{GOOD}"
    );
    let fault = check(&text, Path::new("a.toml")).remove(0);
    let shown = fault.with_excerpt().to_string();
    assert!(shown.contains("\n  7 | published_at = \"@t\"\n    |                ^^^^\n"), "{shown}");
}

#[test]
fn inputs_are_what_is_said_or_the_topic_of_mentions() {
    let topics = |text: &str| toml::from_str::<Config>(text).unwrap().topics();
    assert_eq!(topics("[kafka]\nmentions = \"m\"\n"), ["m"]);
    assert_eq!(topics("[kafka]\nmentions = \"m\"\n[[input]]\ntopic = \"a\"\n[[input]]\ntopic = \"b\"\n"), ["a", "b"]);
}

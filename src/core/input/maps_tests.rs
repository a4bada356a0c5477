//! Maps as people write them.

use super::*;

const FORUM: &str = r#"
format = "map"
[map]
id = { template = "forum:{/data/id}" }
text = ["/data/attributes/body", "/data/attributes/title"]
published_at = { at = "/data/attributes/made", time = "%Y-%m-%d %H:%M", time_zone = "Europe/Budapest" }
source = { const = "forum" }
author.id = "/data/author"
author.followers = "/data/fans"
"#;

#[test]
fn a_map_with_fallbacks_constants_and_a_pattern() {
    let forum = reader(FORUM);
    let record = r#"{"data":{"id":7,"attributes":{"body":"Jam!","title":"t","made":"2026-11-20 09:15"},"author":3,"fans":"12"}}"#;
    assert_eq!(
        shown(&forum, record),
        "id | forum:7 | forum:{/data/id}\n\
         published_at | 2026-11-20T08:15:00Z | /data/attributes/made\n\
         source | forum | a constant\n\
         text | Jam! | /data/attributes/body\n\
         author.id | 3 | /data/author\n\
         author.followers | 12 | /data/fans\n"
    );
    let titled = record.replace("\"Jam!\"", "null");
    assert!(shown(&forum, &titled).contains("text | t | /data/attributes/title\n"));
    let blank = record.replace("Jam!", " ").replace("\"title\":\"t\"", "\"title\":\"\"");
    assert_eq!(skipped(&forum, &blank), "a post without text");
}

#[test]
fn what_is_missing_is_told_with_its_pointers_and_the_fix() {
    let forum = reader(FORUM);
    for (record, told) in [
        (
            r#"{"data":{"id":1}}"#,
            "no-text: the record has no text: /data/attributes/body, /data/attributes/title are all missing; say where it is \
             in [input.map]",
        ),
        (
            r#"{"data":{"id":1,"attributes":{"body":{"de":"x"}}}}"#,
            "no-text: the record has no text: /data/attributes/body is an object; say where it is in [input.map]",
        ),
        (
            r#"{"data":{"attributes":{"body":"x"}}}"#,
            "no-id: the record has no id: forum:{/data/id} is missing; say where it is in [input.map]",
        ),
        (
            r#"{"data":{"id":1,"attributes":{"body":"x","made":"tegnap"}}}"#,
            "no-time: the record has no published_at: /data/attributes/made is \"tegnap\", which is not a time between 1990 and 2100 \
             in the format \"%Y-%m-%d %H:%M\"; say where it is and in which format in [input.map] published_at",
        ),
        ("[]", "field: the record is not a mention: it is not an object"),
        ("", "empty: the record is empty"),
    ] {
        assert_eq!(fault(&forum, record), told);
    }
    let long =
        format!(r#"{{"data":{{"id":"{}","attributes":{{"body":"x","made":"2026-11-20 09:15"}}}}}}"#, "i".repeat(600));
    assert!(
        fault(&forum, &long).starts_with("no-id: the record has no id: forum:{/data/id} holds 606 bytes, more than")
    );
}

#[test]
fn a_ready_map_can_be_changed_in_single_fields() {
    let changed =
        reader("format = \"x-v2\"\n[map]\nsource = { const = \"twitter\" }\nauthor.name = \"/author/name\"\n");
    let record = r#"{"data":{"id":"1","text":"t","created_at":"2026-11-20T08:15:30Z","author_id":"2"},
        "includes":{"users":[{"id":"2","name":"Anna","username":"a"}]}}"#;
    let shown = shown(&changed, record);
    assert!(shown.contains("source | twitter |") && shown.contains("author.name | Anna | /author/name\n"), "{shown}");
    assert!(shown.contains("id | x:1 |"), "{shown}");
}

#[test]
fn only_leaves_out_what_is_no_mention() {
    let posts = reader(&FORUM.replace("[map]", "only = { at = \"/kind\", is = [\"post\", \"1\", \"true\"] }\n[map]"));
    let record = |kind: &str| {
        format!(r#"{{"kind":{kind},"data":{{"id":7,"attributes":{{"body":"Jam!","made":"2026-11-20 09:15"}}}}}}"#)
    };
    for kind in ["\"post\"", "1", "true"] {
        assert!(shown(&posts, &record(kind)).starts_with("id | forum:7"));
    }
    assert!(shown(&posts, &record("[\"post\"]")).starts_with("id | forum:7"), "a list of one is its entry");
    for kind in ["\"vote\"", "null", "[\"post\",\"post\"]", "false"] {
        assert_eq!(skipped(&posts, &record(kind)), "it has none of the values in \"only\"");
    }
}

#[test]
fn html_is_text_where_the_map_says_so() {
    let html =
        reader("format = \"map\"\n[map]\nid = \"/i\"\npublished_at = \"/t\"\ntext = { at = \"/h\", html = true }\n");
    let record = r#"{"i":1,"t":1790000000,"h":"<p>a &lt; b</p><script>x</script>"}"#;
    assert!(shown(&html, record).contains("text | a < b | /h\n"));
    let plain = reader("format = \"map\"\n[map]\nid = \"/i\"\npublished_at = \"/t\"\ntext = \"/h\"\n");
    assert!(shown(&plain, record).contains("text | <p>a &lt; b</p><script>x</script> | /h\n"));
    assert_eq!(skipped(&html, r#"{"i":1,"t":1790000000,"h":"<p><img src='x'></p>"}"#), "a post without text");
}

#[test]
fn addresses_that_are_not_of_the_web_are_dropped() {
    let map = reader("format = \"map\"\n[map]\nid = \"/i\"\npublished_at = \"/t\"\ntext = \"/x\"\nurl = \"/u\"\n");
    let record = |url: &str| format!(r#"{{"i":1,"t":1790000000,"x":"t","u":"{url}"}}"#);
    assert!(shown(&map, &record("https://a.example/")).contains("url | https://a.example/ | /u\n"));
    assert!(!shown(&map, &record("javascript:alert(1)")).contains("url"));
}

#[test]
fn entities_alone_are_made_plain_where_the_map_says_so() {
    let map = reader(
        "format = \"map\"\n[map]\nid = \"/i\"\npublished_at = \"/t\"\ntext = { at = \"/x\", entities = true }\n",
    );
    let record = r#"{"i":1,"t":1790000000,"x":"A&amp;B <b> &lt;i&gt;"}"#;
    assert!(shown(&map, record).contains("text | A&B <b> <i> | /x\n"));
}

#[test]
fn a_list_of_one_is_its_entry_and_a_null_beside_a_blank_is_no_blank() {
    let forum = reader(FORUM);
    let record = r#"{"data":[{"id":[7],"attributes":{"body":["Jam!"],"made":["2026-11-20 09:15"]}}]}"#;
    assert!(shown(&forum, record).starts_with("id | forum:7 |"));
    let record = r#"{"data":{"id":7,"attributes":{"body":null,"title":" ","made":"2026-11-20 09:15"}}}"#;
    assert!(fault(&forum, record).starts_with("no-text: the record has no text: /data/attributes/body is null;"));
}

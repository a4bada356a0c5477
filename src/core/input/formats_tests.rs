//! One record of every preset and its mention, and the other records of each format.

use super::*;

#[test]
fn brandwatch() {
    let record = r#"{
        "resourceId": 100200300, "guid": "100200300", "resourceType": "page", "queryId": 7, "date": "2026-11-20T08:15:30.000+0000",
        "title": "Kellemes recalls its plum jam", "snippet": "... recalls ...",
        "fullText": "The Kellemes Kft. recalls <b>plum jam</b> of lot 12 &amp; 13.",
        "contentSource": "news", "pageType": "news", "domain": "hirek.example", "language": "en", "author": "Anna Kov\u00e1cs",
        "fullname": null, "twitterAuthorId": null, "twitterFollowers": 0, "replyTo": null, "retweetOf": null,
        "url": "https://hirek.example/2026/jam", "sentiment": "negative"
    }"#;
    assert_eq!(
        shown(&of(Format::Brandwatch), record),
        "id | brandwatch:100200300 | brandwatch:{/resourceId}\n\
         published_at | 2026-11-20T08:15:30Z | /date\n\
         source | news | /contentSource\n\
         lang | en | /language\n\
         text | Kellemes recalls its plum jam\nThe Kellemes Kft. recalls plum jam of lot 12 & 13. | /title + /fullText\n\
         author.id | Anna Kovács | /author\n\
         author.name | Anna Kovács | /author\n\
         url | https://hirek.example/2026/jam | /url\n"
    );
    let page = format!(r#"{{"resultsTotal":1,"results":[{record}]}}"#);
    assert!(shown(&of(Format::Brandwatch), &page).starts_with("id | brandwatch:100200300"));
    assert_eq!(
        fault(&of(Format::Brandwatch), r#"{"results":[{},{}]}"#),
        "batch: the record has 2 mentions under /results; write one per record"
    );
    let restricted =
        r#"{"resourceId":1,"date":"2026-11-20T08:15:30.000+0000","fullText":null,"snippet":null,"title":null}"#;
    assert_eq!(
        fault(&of(Format::Brandwatch), restricted),
        "no-text: the record has no text: /title is null, /fullText is null, /snippet is null; say where it is in [input.map]"
    );
}

#[test]
fn meltwater() {
    let record = r#"{
        "id": "1790000000000_abcDEF", "published_date": "2026-11-20T08:15:30.000Z", "indexed_date": "2026-11-20T08:17:00.000Z",
        "url": "https://forum.example/t/9", "parent": {"url": "https://forum.example/t/1"},
        "source": {"name": "Forum Example", "information_type": "social"},
        "content": {"title": "Aurora Air", "opening_text": "Aurora Air lost my bag &ndash; again"},
        "author": {"name": "Bela B.", "handle": "bela"}, "enrichments": {"language_code": "en", "sentiment": "negative"}
    }"#;
    assert_eq!(
        shown(&of(Format::Meltwater), record),
        "id | meltwater:1790000000000_abcDEF | meltwater:{/id}\n\
         published_at | 2026-11-20T08:15:30Z | /published_date\n\
         source | Forum Example | /source/name\n\
         lang | en | /enrichments/language_code\n\
         text | Aurora Air lost my bag – again | /content/opening_text\n\
         author.id | bela | /author/handle\n\
         author.name | Bela B. | /author/name\n\
         reply_to | https://forum.example/t/1 | /parent/url\n\
         url | https://forum.example/t/9 | /url\n"
    );
    let pushed = format!(r#"{{"request":{{"hook_id":"1"}},"documents":[{record}]}}"#);
    assert!(shown(&of(Format::Meltwater), &pushed).starts_with("id | meltwater:1790000000000_abcDEF"));
    assert_eq!(skipped(&of(Format::Meltwater), r#"{"documents":[]}"#), "a page without mentions");
}

#[test]
fn x_v2_with_author_and_reply() {
    let record = r#"{
        "data": {"id": "1900", "text": "@auroraair where is my bag", "created_at": "2026-11-20T08:15:30.000Z", "lang": "en",
                 "author_id": "77", "referenced_tweets": [{"type": "replied_to", "id": "1899"}]},
        "includes": {"users": [{"id": "5", "username": "auroraair"},
                               {"id": "77", "username": "csilla", "name": "Csilla", "public_metrics": {"followers_count": 420}}]},
        "matching_rules": [{"id": "1", "tag": "aurora"}]
    }"#;
    assert_eq!(
        shown(&of(Format::XV2), record),
        "id | x:1900 | x:{/data/id}\n\
         published_at | 2026-11-20T08:15:30Z | /data/created_at\n\
         source | x | a constant\n\
         lang | en | /data/lang\n\
         text | @auroraair where is my bag | /data/text\n\
         author.id | x:77 | x:{/data/author_id}\n\
         author.name | csilla | /author/username\n\
         author.followers | 420 | /author/public_metrics/followers_count\n\
         reply_to | x:1899 | x:{/referenced/replied_to/id}\n\
         url | https://x.com/csilla/status/1900 | https://x.com/{/author/username}/status/{/data/id}\n"
    );
}

#[test]
fn x_v2_retweets_repeat_and_quotes_do_not() {
    let post = |kind: &str| {
        format!(
            r#"{{"data": {{"id": "1901", "text": "RT @csilla: where is my b…", "created_at": "2026-11-20T08:16:00.000Z",
                "lang": "qme", "author_id": "78", "referenced_tweets": [{{"type": "{kind}", "id": "1900"}}]}},
                "includes": {{"tweets": [{{"id": "1900", "text": "where is my bag", "note_tweet": {{"text": "where is my bag, Aurora Air?"}}}}]}}}}"#
        )
    };
    let retweet = shown(&of(Format::XV2), &post("retweeted"));
    assert!(
        retweet.contains("text | where is my bag, Aurora Air? | /referenced/retweeted/note_tweet/text\n"),
        "{retweet}"
    );
    assert!(retweet.contains("repost_of | x:1900 | x:{/referenced/retweeted/id}\n"), "{retweet}");
    assert!(retweet.contains("url | https://x.com/i/status/1901 |"), "{retweet}");
    assert!(!retweet.contains("lang |"), "{retweet}");
    let quote = shown(&of(Format::XV2), &post("quoted"));
    assert!(
        quote.contains("text | RT @csilla: where is my b… | /data/text\n") && !quote.contains("repost_of"),
        "{quote}"
    );
}

#[test]
fn x_v2_has_more_than_posts() {
    let x = of(Format::XV2);
    let notice = r#"{"errors":[{"title":"operational-disconnect","detail":"bye","type":"https://x.example"}]}"#;
    assert_eq!(skipped(&x, notice), "a notice of the stream, not a post");
    let deleted = r#"{"data":{"delete":{"tweet":{"id":"1","author_id":"2"},"event_at":"2026-11-20T08:16:00.000Z"}}}"#;
    assert_eq!(skipped(&x, deleted), "a notice about a post, not a post");
    for kind in ["tweet_delete", "user_withheld", "tweet_edit", "scrub_geo"] {
        let notice = format!(r#"{{"data":{{"{kind}":{{"tweet":{{"id":"1"}},"quote_tweet_id":"2"}}}}}}"#);
        assert_eq!(skipped(&x, &notice), "a notice about a post, not a post", "{kind}");
    }
    let bare = r#"{"id":"1","text":"hello","created_at":"2026-11-20T08:16:00.000Z"}"#;
    assert!(shown(&x, bare).starts_with("id | x:1 | x:{/data/id}\n"));
    assert_eq!(fault(&x, r#"{"hello":1}"#), "field: the record does not have the format x-v2: it has no \"data\"");
    assert_eq!(
        fault(&x, r#"{"data":[{},{},{}]}"#),
        "batch: the record has 3 mentions under /data; write one per record"
    );
    assert_eq!(
        fault(&x, r#"{"data":{"id":"1","text":"no time asked for"}}"#),
        "no-time: the record has no published_at: /data/created_at is missing; say where it is and in which format in \
         [input.map] published_at"
    );
}

#[test]
fn bluesky_jetstream() {
    let record = r#"{
        "did": "did:plc:abc", "time_us": 1790000000123456, "kind": "commit",
        "commit": {"rev": "3l", "operation": "create", "collection": "app.bsky.feed.post", "rkey": "3labc", "cid": "bafy",
            "record": {"$type": "app.bsky.feed.post", "text": "K\u00f6sz\u00f6nj\u00fck, Kellemes!", "createdAt": "2026-09-21T13:33:20.000Z",
                "langs": ["hu", "en"], "reply": {"root": {"uri": "at://did:plc:r/app.bsky.feed.post/1"},
                "parent": {"uri": "at://did:plc:p/app.bsky.feed.post/2", "cid": "c"}}}}
    }"#;
    assert_eq!(
        shown(&of(Format::BlueskyJetstream), record),
        "id | at://did:plc:abc/app.bsky.feed.post/3labc | at://{/did}/{/commit/collection}/{/commit/rkey}\n\
         published_at | 2026-09-21T13:33:20Z | /commit/record/createdAt\n\
         source | bluesky | a constant\n\
         lang | hu | /commit/record/langs/0\n\
         text | Köszönjük, Kellemes! | /commit/record/text\n\
         author.id | did:plc:abc | /did\n\
         reply_to | at://did:plc:p/app.bsky.feed.post/2 | /commit/record/reply/parent/uri\n\
         url | https://bsky.app/profile/did:plc:abc/post/3labc | https://bsky.app/profile/{/did}/post/{/commit/rkey}\n"
    );
    let untimed = record.replace("createdAt", "madeAt");
    assert!(
        shown(&of(Format::BlueskyJetstream), &untimed).contains("published_at | 2026-09-21T14:13:20.123Z | /time_us\n")
    );
}

#[test]
fn most_of_jetstream_is_no_post() {
    let jetstream = of(Format::BlueskyJetstream);
    let commit = |operation: &str, collection: &str| {
        format!(
            r#"{{"did":"did:plc:a","time_us":1790000000123456,"kind":"commit","commit":{{"operation":"{operation}",
            "collection":"{collection}","rkey":"1","record":{{"text":"","createdAt":"2026-09-21T13:33:20Z"}}}}}}"#
        )
    };
    for (record, why) in [
        (commit("delete", "app.bsky.feed.post"), "a deletion"),
        (commit("delete", "app.bsky.feed.like"), "a deletion"),
        (commit("update", "app.bsky.feed.post"), "an edit of a post that was already counted"),
        (commit("create", "app.bsky.feed.like"), "a like, not a post"),
        (commit("create", "app.bsky.feed.repost"), "a repost, which has no text"),
        (commit("create", "app.bsky.graph.follow"), "a record of another kind, not a post"),
        (commit("create", "app.bsky.feed.post"), "a post without text"),
        (
            r#"{"did":"d","time_us":1,"kind":"identity","identity":{"handle":"a"}}"#.into(),
            "a change of a name, not a post",
        ),
        (
            r#"{"did":"d","time_us":1,"kind":"account","account":{"active":false}}"#.into(),
            "a change of an account, not a post",
        ),
    ] {
        assert_eq!(skipped(&jetstream, &record), why, "{record}");
    }
    assert_eq!(
        fault(&jetstream, "{}"),
        "field: the record does not have the format bluesky-jetstream: it has no \"kind\""
    );
}

const STATUS: &str = r#"{
    "id": "11", "created_at": "2026-11-20T08:15:30.000Z", "in_reply_to_id": "10", "spoiler_text": "food", "visibility": "public",
    "language": "hu", "uri": "https://tulip.example/users/dora/statuses/11", "url": "https://tulip.example/@dora/11",
    "content": "<p>A <a href=\"https://tulip.example/tags/kellemes\">#<span>kellemes</span></a> lekv&aacute;r<br>j\u00f3</p><p>vagy nem</p>",
    "reblog": null,
    "account": {"id": "3", "acct": "dora@tulip.example", "url": "https://tulip.example/@dora", "display_name": "D", "followers_count": 37}
}"#;

#[test]
fn mastodon() {
    assert_eq!(
        shown(&of(Format::Mastodon), STATUS),
        "id | https://tulip.example/users/dora/statuses/11 | /uri\n\
         published_at | 2026-11-20T08:15:30Z | /created_at\n\
         source | mastodon | a constant\n\
         lang | hu | /language\n\
         text | food\nA #kellemes lekvár\njó\nvagy nem | /spoiler_text + /content\n\
         author.id | https://tulip.example/@dora | /account/url\n\
         author.name | dora@tulip.example | /account/acct\n\
         author.followers | 37 | /account/followers_count\n\
         reply_to | 10 | /in_reply_to_id\n\
         url | https://tulip.example/@dora/11 | /url\n"
    );
    let event = serde_json::json!({ "stream": ["public"], "event": "update", "payload": STATUS }).to_string();
    assert_eq!(shown(&of(Format::Mastodon), &event), shown(&of(Format::Mastodon), STATUS));
    let read_already = format!(r#"{{"event":"update","payload":{STATUS}}}"#);
    assert_eq!(shown(&of(Format::Mastodon), &read_already), shown(&of(Format::Mastodon), STATUS));
}

#[test]
fn a_boost_says_what_it_boosts() {
    let boost = format!(
        r#"{{"id":"12","created_at":"2026-11-20T09:00:00.000Z","uri":"https://rose.example/users/e/statuses/12/activity","url":null,
        "content":"","spoiler_text":"","visibility":"public","account":{{"acct":"e"}},"reblog":{STATUS}}}"#
    );
    let boost = shown(&of(Format::Mastodon), &boost);
    assert!(
        boost.contains("text | food\nA #kellemes lekvár\njó\nvagy nem | /reblog/spoiler_text + /reblog/content\n"),
        "{boost}"
    );
    assert!(boost.contains("repost_of | https://tulip.example/users/dora/statuses/11 | /reblog/uri\n"), "{boost}");
    assert!(boost.contains("author.name | e | /account/acct\n"), "{boost}");
}

#[test]
fn mastodon_has_more_than_posts() {
    let mastodon = of(Format::Mastodon);
    let edit = serde_json::json!({ "event": "status.update", "payload": STATUS }).to_string();
    for (record, why) in [
        (r#"{"event":"delete","payload":"11"}"#, "a deletion"),
        (&edit, "an edit of a post that was already counted"),
        (r#"{"event":"notification","payload":"{}"}"#, "an event of another kind, not a post"),
        (r#"{"event":"filters_changed"}"#, "an event of another kind, not a post"),
        (&STATUS.replace("\"public\"", "\"direct\""), "a post that is not public"),
        (
            r#"{"id":"1","uri":"u","created_at":"2026-11-20T09:00:00.000Z","content":"<p> </p>","spoiler_text":""}"#,
            "a post without text",
        ),
    ] {
        assert_eq!(skipped(&mastodon, record), why, "{record}");
    }
    let broken = fault(&mastodon, r#"{"event":"update","payload":"{"}"#);
    assert!(broken.starts_with("not-json: the record is not JSON: in /payload: "), "{broken}");
    assert_eq!(
        fault(&mastodon, r#"{"event":"update","payload":"7"}"#),
        "field: the record does not have the format mastodon: its \"payload\" is not a status"
    );
}

#[test]
fn what_x_writes_as_entities_is_plain() {
    let post =
        |text: &str| serde_json::json!({"data": {"id": "1", "text": text, "created_at": "2026-11-20T08:15:30.000Z"}});
    for (text, plain) in [
        ("AT&amp;T and H&amp;M &gt; all &lt;3", "AT&T and H&M > all <3"),
        // A person wrote "&lt;b&gt;" and "<b>": neither is HTML.
        ("&amp;lt;b&amp;gt; &lt;b&gt; &eacute;", "&lt;b&gt; <b> &eacute;"),
    ] {
        assert_eq!(value(&of(Format::XV2), &post(text), Name::Text).as_deref(), Some(plain));
    }
}

#[test]
fn a_page_with_one_mention_is_opened_whatever_the_format() {
    let post =
        serde_json::json!({"id": "1", "text": "hello", "created_at": "2026-11-20T08:16:00.000Z", "author_id": "7"});
    let includes = serde_json::json!({"users": [{"id": "7", "username": "anna"}]});
    let page = serde_json::json!({"data": [post], "includes": includes, "meta": {"result_count": 1}});
    let x = of(Format::XV2);
    assert_eq!(value(&x, &page, Name::Id).as_deref(), Some("x:1"));
    assert_eq!(value(&x, &page, Name::AuthorName).as_deref(), Some("anna"));
    assert_eq!(skipped(&x, r#"{"data":[]}"#), "a page without mentions");
    assert_eq!(skipped(&x, r#"{"meta":{"result_count":0}}"#), "a page without mentions");
    let status: serde_json::Value = serde_json::from_str(STATUS).unwrap();
    let list = |count: usize| serde_json::Value::Array(vec![status.clone(); count]);
    let mastodon = of(Format::Mastodon);
    assert_eq!(value(&mastodon, &list(1), Name::Id), value(&mastodon, &status, Name::Id));
    assert_eq!(fault(&mastodon, &list(2).to_string()), "batch: the record has 2 mentions; write one per record");
    assert_eq!(fault(&mastodon, "[]"), "field: the record is not a mention: it is not an object");
    assert_eq!(
        fault(&of(Format::Native), "[{}]"),
        "field: the record is not a mention: it is a list; write one mention a record"
    );
}

#[test]
fn a_time_that_cannot_be_read_is_none_where_there_is_another() {
    let post = |made: &str| {
        serde_json::json!({"did": "did:plc:abc", "time_us": 1_790_000_000_123_456_u64, "kind": "commit", "commit": {
            "operation": "create", "collection": "app.bsky.feed.post", "rkey": "3labc", "record": {"text": "t", "createdAt": made}}})
    };
    let jetstream = of(Format::BlueskyJetstream);
    for made in ["garbage", "1776-07-04T00:00:00Z", "2026-09-21T14:00:00", ""] {
        assert_eq!(
            value(&jetstream, &post(made), Name::PublishedAt).as_deref(),
            Some("2026-09-21T14:13:20.123Z"),
            "{made}"
        );
    }
    let mut timeless = post("garbage");
    timeless["time_us"] = 5.into();
    assert_eq!(
        fault(&jetstream, &timeless.to_string()),
        "no-time: the record has no published_at: /commit/record/createdAt is \"garbage\", which is not a time between 1990 and \
         2100 in the format \"auto\"; say where it is and in which format in [input.map] published_at"
    );
}

#[test]
fn half_a_character_does_not_cost_the_mention() {
    for (format, record) in [
        (Format::Native, r#"{"id":"1","published_at":"2026-11-20T08:15:30Z","text":"cut \ud83d","x":"\ude00"}"#),
        (Format::XV2, r#"{"data":{"id":"1","text":"cut \ud83d","created_at":"2026-11-20T08:16:00.000Z"}}"#),
        (
            Format::Mastodon,
            r#"{"event":"update","payload":"{\"uri\":\"u\",\"created_at\":\"2026-11-20T08:16:00Z\",\"content\":\"cut \\ud83d\"}"}"#,
        ),
    ] {
        assert!(shown(&of(format), record).contains("text | cut \u{fffd} | "), "{record}");
    }
    let broken = r#"{"id":"1","text":"cut \ud83d"#;
    assert!(fault(&of(Format::Native), broken).starts_with("not-json: "));
}

#[test]
fn a_language_is_a_code() {
    let status = |language: &str| serde_json::json!({"uri": "u", "created_at": "2026-11-20T08:16:00Z", "content": "c", "language": language});
    for (language, read) in
        [("hu", Some("hu")), ("zh-Hans", Some("zh-Hans")), ("fil", Some("fil")), ("Hungarian", None), ("und", None)]
    {
        assert_eq!(value(&of(Format::Mastodon), &status(language), Name::Lang).as_deref(), read);
    }
}

/// A content warning is plain text: it lost what followed a tag that it names.
#[test]
fn a_content_warning_that_names_a_tag_is_whole() {
    let status = r#"{"id":"1","uri":"u","created_at":"2026-11-20T09:00:00.000Z","spoiler_text":"<script> of Acme","content":"<p>a &lt;b&gt;</p>"}"#;
    assert!(
        shown(&of(Format::Mastodon), status).contains("text | <script> of Acme\na <b> | /spoiler_text + /content\n")
    );
}

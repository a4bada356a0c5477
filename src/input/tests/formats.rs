//! One record of every ready format and what it becomes; and what each has beside mentions.

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
        "batch: the record holds 2 mentions under /results; write one a record"
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
    let bare = r#"{"id":"1","text":"hello","created_at":"2026-11-20T08:16:00.000Z"}"#;
    assert!(shown(&x, bare).starts_with("id | x:1 | x:{/data/id}\n"));
    assert_eq!(fault(&x, r#"{"hello":1}"#), "field: the record is none of x-v2: it has no \"data\"");
    assert_eq!(
        fault(&x, r#"{"data":[{},{},{}]}"#),
        "batch: the record holds 3 mentions under /data; write one a record"
    );
    assert_eq!(
        fault(&x, r#"{"data":{"id":"1","text":"no time asked for"}}"#),
        "no-time: the record has no published_at: /data/created_at is not there; say where it is and how it is written in \
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
        (commit("update", "app.bsky.feed.post"), "an edit of a post that was counted when it was made"),
        (commit("create", "app.bsky.feed.like"), "a like, not a post"),
        (commit("create", "app.bsky.feed.repost"), "a repost, which has no text of its own"),
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
    assert_eq!(fault(&jetstream, "{}"), "field: the record is none of bluesky-jetstream: it has no \"kind\"");
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
        (&edit, "an edit of a post that was counted when it was made"),
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
        "field: the record is none of mastodon: its \"payload\" is no status"
    );
}

#[test]
fn items_of_feeds_whoever_turned_them_to_json() {
    let json_feed = r#"{"id":"https://lap.example/1","url":"https://lap.example/1","title":"Kellemes","content_html":"<p>Kellemes: <em>plums</em></p>",
        "date_published":"2026-11-20T09:15:30+01:00","authors":[{"name":"Emma","url":"https://lap.example/emma"}],"language":"en"}"#;
    assert_eq!(
        shown(&of(Format::Feed), json_feed),
        "id | https://lap.example/1 | /id\n\
         published_at | 2026-11-20T08:15:30Z | /date_published\n\
         lang | en | /language\n\
         text | Kellemes: plums | /content_html\n\
         author.id | https://lap.example/emma | /authors/0/url\n\
         author.name | Emma | /authors/0/name\n\
         url | https://lap.example/1 | /url\n"
    );
    let rss_parser = r#"{"title":"Jam recalled","link":"https://lap.example/2","pubDate":"Fri, 20 Nov 2026 08:15:30 +0000","content":"lot 12",
        "contentSnippet":"lot 12","guid":"lap-2","isoDate":"2026-11-20T08:15:30.000Z","creator":"Emma"}"#;
    let shown_rss = shown(&of(Format::Feed), rss_parser);
    assert!(
        shown_rss.starts_with("id | lap-2 | /guid\npublished_at | 2026-11-20T08:15:30Z | /isoDate\n"),
        "{shown_rss}"
    );
    assert!(shown_rss.contains("text | Jam recalled\nlot 12 | /title + /content\n"), "{shown_rss}");
    let feedparser = r#"{"id":"lap-3","title":"Jam","link":"https://lap.example/3","published":"Fri, 20 Nov 2026 08:15:30 GMT",
        "summary":"short","content":[{"type":"text/html","value":"<p>long</p>"}],"author":"Emma"}"#;
    let shown_py = shown(&of(Format::Feed), feedparser);
    assert!(shown_py.contains("text | Jam\nlong | /title + /content/0/value\n"), "{shown_py}");
    assert!(shown_py.contains("published_at | 2026-11-20T08:15:30Z | /published\n"), "{shown_py}");
    let from_xml = r##"{"guid":{"@isPermaLink":"false","#text":"lap-4"},"title":"Jam","pubDate":"Fri, 20 Nov 2026 08:15:30 GMT",
        "description":"&lt;p&gt;kept&lt;/p&gt; <b>bold</b>","link":"https://lap.example/4"}"##;
    let shown_xml = shown(&of(Format::Feed), from_xml);
    assert!(shown_xml.starts_with("id | lap-4 | /guid/#text\n"), "{shown_xml}");
    assert!(shown_xml.contains("text | Jam\n<p>kept</p> bold |"), "{shown_xml}");
}

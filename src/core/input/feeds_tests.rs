//! Items of feeds: the shapes that converters give them, and ids that differ between feeds.

use super::*;
use serde_json::json;

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
        shown_rss.starts_with(
            "id | https://lap.example/2#lap-2 | /identity\npublished_at | 2026-11-20T08:15:30Z | /isoDate\n"
        ),
        "{shown_rss}"
    );
    assert!(shown_rss.contains("text | Jam recalled\nlot 12 | /title + /content\n"), "{shown_rss}");
    let feedparser = r#"{"id":"lap-3","title":"Jam","link":"https://lap.example/3","published":"Fri, 20 Nov 2026 08:15:30 GMT",
        "summary":"short","content":[{"type":"text/html","value":"<p>long</p>"}],"author":"Emma"}"#;
    let shown_py = shown(&of(Format::Feed), feedparser);
    assert!(shown_py.contains("text | Jam\nlong | /title + /content_html\n"), "{shown_py}");
    assert!(shown_py.contains("published_at | 2026-11-20T08:15:30Z | /published\n"), "{shown_py}");
    let from_xml = r##"{"guid":{"@isPermaLink":"false","#text":"lap-4"},"title":"Jam","pubDate":"Fri, 20 Nov 2026 08:15:30 GMT",
        "description":"&lt;p&gt;kept&lt;/p&gt; <b>bold</b>","link":"https://lap.example/4"}"##;
    let shown_xml = shown(&of(Format::Feed), from_xml);
    assert!(shown_xml.starts_with("id | https://lap.example/4#lap-4 | /identity\n"), "{shown_xml}");
    assert!(shown_xml.contains("text | Jam\n<p>kept</p> bold |"), "{shown_xml}");
}

/// The fields of an item that each converter must keep.
#[track_caller]
fn read(item: &Value) -> (String, String, Option<String>) {
    let feed = of(Format::Feed);
    let field = |name| value(&feed, item, name);
    (field(Name::Id).unwrap(), field(Name::Text).unwrap(), field(Name::Url))
}

fn expected(id: &str, text: &str, url: &str) -> (String, String, Option<String>) {
    (id.to_owned(), text.to_owned(), Some(url.to_owned()))
}

const MADE: &str = "Fri, 20 Nov 2026 08:15:30 GMT";

#[test]
fn elements_that_became_objects_and_lists_are_their_texts() {
    let rss = expected("https://lap.example/4#g", "Jam\nlot 12", "https://lap.example/4");
    for (converter, item) in [
        (
            "xml2js",
            json!({"title": ["Jam"], "link": ["https://lap.example/4"], "guid": [{"_": "g", "$": {"isPermaLink": "false"}}],
            "pubDate": [MADE], "description": ["lot 12"]}),
        ),
        (
            "xmltodict",
            json!({"title": "Jam", "link": "https://lap.example/4", "guid": {"@isPermaLink": "false", "#text": "g"},
            "pubDate": MADE, "description": "lot 12"}),
        ),
        (
            "fast-xml-parser",
            json!({"title": {"__cdata": "Jam"}, "link": "https://lap.example/4",
            "guid": {"#text": "g", "@_isPermaLink": "false"}, "pubDate": MADE, "description": "<![CDATA[<p>lot 12</p>]]>"}),
        ),
        (
            "GData",
            json!({"title": {"$t": "Jam"}, "link": [{"rel": "alternate", "href": "https://lap.example/4"}],
            "id": {"$t": "g"}, "published": {"$t": "2026-11-20T08:15:30Z"}, "content": {"type": "html", "$t": "lot <b>12</b>"}}),
        ),
        (
            "xml-js",
            json!({"title": {"_text": "Jam"}, "link": {"_text": "https://lap.example/4"}, "guid": {"_text": "g"},
            "pubDate": {"_text": MADE}, "description": {"_cdata": "lot 12"}}),
        ),
    ] {
        assert_eq!(read(&item), rss, "{converter}");
    }
    let number = json!({"title": "Jam", "link": "https://lap.example/4", "guid": {"#text": 7, "@_isPermaLink": "false"},
        "pubDate": MADE, "description": "lot 12"});
    assert_eq!(read(&number).0, "https://lap.example/4#7");
}

#[test]
fn the_link_to_the_page_is_taken_however_it_is_written() {
    for link in [
        json!({"href": "https://lap.example/4"}),
        json!({"@href": "https://lap.example/4", "@rel": "alternate"}),
        json!({"@_href": "https://lap.example/4"}),
        json!({"$": {"href": "https://lap.example/4"}}),
        json!([{"@href": "https://lap.example/feed", "@rel": "self"}, {"@href": "https://lap.example/4", "@rel": "alternate"}]),
        json!([{"$": {"href": "https://lap.example/4", "rel": "alternate"}}, {"$": {"href": "https://x.example/", "rel": "replies"}}]),
        json!({"_attributes": {"href": "https://lap.example/4"}}),
        json!(["https://lap.example/4"]),
    ] {
        let entry =
            json!({"id": "tag:lap.example,2026:4", "title": "Jam", "updated": "2026-11-20T08:15:30Z", "link": link});
        assert_eq!(read(&entry), expected("tag:lap.example,2026:4", "Jam", "https://lap.example/4"), "{link}");
    }
}

#[test]
fn an_item_is_taken_out_of_what_is_around_it() {
    let item = json!({"title": "Jam", "link": "https://lap.example/4", "guid": "4", "pubDate": MADE});
    let read_item = |document: Value| read(&document);
    let alone = expected("https://lap.example/4#4", "Jam", "https://lap.example/4");
    assert_eq!(read_item(json!({"item": item})), alone);
    assert_eq!(read_item(json!({"entry": [item]})), alone);
    assert_eq!(read_item(json!({"items": [item]})), alone);
    assert_eq!(read_item(json!([item])), alone);
    let of_feed = expected("https://lap.example/#4", "Jam", "https://lap.example/4");
    let channel = json!({"title": "Lap", "link": "https://lap.example/", "item": item});
    for document in [
        json!({"rss": {"@version": "2.0", "channel": channel}}),
        json!({"rss": {"$": {}, "channel": [{"title": ["Lap"], "link": ["https://lap.example/"], "item": [item]}]}}),
        json!({"rdf:RDF": {"channel": {"title": "Lap", "link": "https://lap.example/", "items": {"rdf:Seq": {}}}, "item": [item]}}),
        json!({"feed": {"title": "Lap", "link": {"@href": "https://lap.example/"}, "entry": item}}),
        json!({"feed": {"title": "Lap", "link": "https://lap.example/"}, "entries": [item]}),
    ] {
        assert_eq!(read_item(document.clone()), of_feed, "{document}");
        assert_eq!(value(&of(Format::Feed), &document, Name::Source).as_deref(), Some("Lap"), "{document}");
    }
    let feed = of(Format::Feed);
    assert_eq!(
        fault(&feed, &json!({"rss": {"channel": {"item": [item, item]}}}).to_string()),
        "batch: the record has 2 mentions under /item; write one per record"
    );
    assert_eq!(skipped(&feed, r#"{"items":[]}"#), "a page without mentions");
    assert_eq!(fault(&feed, r#"{"items":{}}"#).split(':').next(), Some("no-text"));
}

#[test]
fn ids_that_are_no_addresses_differ_between_feeds_and_stay_the_same() {
    let id = |more: Value| {
        let mut item = json!({"title": "Jam", "guid": "1", "pubDate": MADE});
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let item = item;
        let first = value(&of(Format::Feed), &item, Name::Id).unwrap();
        let mut edited = item;
        edited["title"] = "Jam (corrected)".into();
        edited["description"] = "more".into();
        assert_eq!(value(&of(Format::Feed), &edited, Name::Id).unwrap(), first, "sent again");
        first
    };
    for (more, expected) in [
        (json!({"link": "https://a.example/1"}), "https://a.example/1#1"),
        (json!({"link": "https://b.example/1"}), "https://b.example/1#1"),
        (
            json!({"feed": {"title": "A", "url": "https://a.example/rss"}, "link": "https://a.example/1"}),
            "https://a.example/rss#1",
        ),
        (
            json!({"source": {"@url": "https://a.example/rss", "#text": "A"}, "link": "https://a.example/1"}),
            "https://a.example/rss#1",
        ),
        (json!({"meta": {"xmlurl": "https://a.example/rss", "title": "A"}}), "https://a.example/rss#1"),
        (
            json!({"feed": {"title": "A", "feedUrl": "https://a.example/rss", "link": "https://a.example/"}}),
            "https://a.example/rss#1",
        ),
        (json!({"feed_id": 12, "feed": {"title": "A"}}), "12#1"),
        (json!({"feed": {"title": "A"}}), "A#1"),
        (json!({"source": "A"}), "A#1"),
        (json!({}), "feed:1"),
        (json!({"guid": "https://a.example/?p=1", "feed": {"url": "https://a.example/rss"}}), "https://a.example/?p=1"),
        (json!({"guid": "urn:uuid:1225c695", "link": "https://a.example/1"}), "urn:uuid:1225c695"),
        // A member of that name is the feed's own business.
        (json!({"identity": "x", "guid": "https://a.example/?p=1"}), "https://a.example/?p=1"),
    ] {
        assert_eq!(id(more.clone()), expected, "{more}");
    }
}

#[test]
fn zones_by_name_and_times_that_cannot_be_read() {
    let at = |item: Value| value(&of(Format::Feed), &item, Name::PublishedAt).unwrap();
    let item = |made: &str| json!({"title": "T", "link": "https://a.example/1", "pubDate": made});
    assert_eq!(at(item("Mon, 23 Nov 2026 08:15:00 CET")), "2026-11-23T07:15:00Z");
    assert_eq!(at(item("Wed, 1 Jul 2026 08:15:00 MESZ")), "2026-07-01T06:15:00Z");
    assert_eq!(
        at(json!({"title": "T", "guid": "1", "published": "yesterday", "updated": "2026-11-23T08:15:00Z"})),
        "2026-11-23T08:15:00Z"
    );
    assert_eq!(
        at(json!({"title": "T", "guid": "1", "pubDate": "", "updated": "2026-11-23T08:15:00Z"})),
        "2026-11-23T08:15:00Z"
    );
    assert_eq!(
        fault(&of(Format::Feed), &item("Mon, 23 Nov 2026 08:15:00 IST").to_string()),
        "no-time: the record has no published_at: /pubDate is \"Mon, 23 Nov 2026 08:15:00 IST\", which has no time zone, \
         or an unknown one; name its time zone: [input.map] published_at = { at = \"/pubDate\", time_zone = \
         \"Europe/Budapest\" }"
    );
}

fn text_of(item: &Value) -> String {
    value(&of(Format::Feed), item, Name::Text).unwrap()
}

/// The plain texts of a JSON feed were read as HTML: what followed `<script>` was lost, and so was `<Acme>`.
#[test]
fn plain_texts_of_a_json_feed_stay_as_they_are() {
    for text in [
        "The <script> tag was left in the Acme login page, customers are angry",
        "List<Acme> leaks memory",
        "<b>Acme</b> &amp; <p>co</p>",
        "Acme\n\n  <iframe src=\"x\"> two lines",
    ] {
        let item =
            json!({"id": "https://lap.example/1", "date_published": "2026-11-20T13:00:00Z", "content_text": text});
        assert_eq!(text_of(&item), text);
        let title = json!({"id": "https://lap.example/1", "date_published": "2026-11-20T13:00:00Z", "title": text});
        assert_eq!(text_of(&title), text);
        let feed = json!({"version": "https://jsonfeed.org/version/1.1", "items": [
            {"id": "https://lap.example/1", "published": "2026-11-20T13:00:00Z", "summary": text}]});
        assert_eq!(text_of(&feed), text);
    }
}

/// A title of RSS that names a tag lost the rest.
#[test]
fn a_text_that_does_not_say_whether_it_is_html_is_judged_by_its_looks() {
    let text = |key: &str, text: &str| text_of(&json!({"guid": "https://lap.example/1", "pubDate": MADE, key: text}));
    for key in ["title", "description", "summary", "content"] {
        assert_eq!(text(key, "Why the <title> of Acme matters"), "Why the <title> of Acme matters", "{key}");
        assert_eq!(text(key, "<p>Acme</p><p>is <b>down</b></p>"), "Acme\nis down", "{key}");
    }
    assert_eq!(text("contentSnippet", "<b>Acme</b>"), "<b>Acme</b>");
}

#[test]
fn a_text_is_what_its_type_says() {
    let text = |content: Value| {
        text_of(&json!({"id": "tag:lap.example,2026:1", "updated": "2026-11-20T13:00:00Z", "content": content}))
    };
    for kind in ["text", "text/plain"] {
        assert_eq!(text(json!({"@type": kind, "#text": "<b>Acme</b> <br>"})), "<b>Acme</b> <br>");
        assert_eq!(text(json!([{"$": {"type": kind}, "_": "<b>Acme</b> <br>"}])), "<b>Acme</b> <br>");
        assert_eq!(text(json!([{"type": kind, "value": "<b>Acme</b> <br>"}])), "<b>Acme</b> <br>");
    }
    for kind in ["html", "text/html", "application/xhtml+xml"] {
        assert_eq!(text(json!([{"type": kind, "value": "Acme <i>down"}])), "Acme down");
    }
    let title = json!({"id": "tag:lap.example,2026:1", "updated": "2026-11-20T13:00:00Z", "title": "<b>Acme</b>",
        "title_detail": {"type": "text/plain", "value": "<b>Acme</b>"}});
    assert_eq!(text_of(&title), "<b>Acme</b>");
}

/// Atom's `type="xhtml"` is an object with a `div` after conversion; its text was lost without a word.
#[test]
fn text_in_elements_is_read_whatever_the_converter() {
    for (converter, content) in [
        (
            "xml2js",
            json!([{"$": {"type": "xhtml"}, "div": [{"$": {"xmlns": "http://www.w3.org/1999/xhtml"}, "p": ["Acme recalls jam", "Glass in it"]}]}]),
        ),
        (
            "xmltodict",
            json!({"@type": "xhtml", "div": {"@xmlns": "http://www.w3.org/1999/xhtml", "p": ["Acme recalls jam", "Glass in it"]}}),
        ),
        (
            "fast-xml-parser",
            json!({"@_type": "xhtml", "div": {"@_xmlns": "http://www.w3.org/1999/xhtml", "p": ["Acme recalls jam", {"#text": "Glass in it", "@_class": "b"}]}}),
        ),
        (
            "fast-xml-parser, no prefix",
            json!({"type": "xhtml", "xhtml:div": {"xmlns:xhtml": "x", "style": "color: red", "xhtml:p": ["Acme recalls jam", "Glass in it"]}}),
        ),
        (
            "fast-xml-parser, in order",
            json!([{"div": [{"p": [{"#text": "Acme recalls jam"}]}, {"p": [{"#text": "Glass in it"}]}], ":@": {"@_type": "xhtml"}}]),
        ),
        (
            "xml-js",
            json!({"_attributes": {"type": "xhtml"}, "div": {"_attributes": {"xmlns": "x"}, "p": [{"_text": "Acme recalls jam"}, {"_text": "Glass in it"}]}}),
        ),
        (
            "xml-js, in order",
            json!({"type": "xhtml", "elements": [{"type": "element", "name": "div", "elements": [
            {"type": "element", "name": "p", "elements": [{"type": "text", "text": "Acme recalls jam"}]},
            {"type": "element", "name": "p", "elements": [{"type": "text", "text": "Glass in it"}]}]}]}),
        ),
        ("GData", json!({"type": "xhtml", "div": {"p": [{"$t": "Acme recalls jam"}, {"$t": "Glass in it"}]}})),
        ("a node kept as text", json!({"@type": "xhtml", "div": "<p>Acme recalls jam</p><p>Glass in it</p>"})),
    ] {
        let item = json!({"id": "tag:lap.example,2026:1", "title": "Recall", "updated": "2026-11-20T13:00:00Z", "content": content});
        assert_eq!(text_of(&item), "Recall\nAcme recalls jam\nGlass in it", "{converter}");
    }
    let mixed = json!({"guid": "https://lap.example/1", "pubDate": MADE, "title": {"#text": "Recall of", "b": "Acme", "script": "x()"},
        "description": {"p": [{"#text": "Glass in", "i": ["jam"], "br": ""}, "now"]}});
    assert_eq!(text_of(&mixed), "Recall of Acme\nGlass in\njam\nnow");
}

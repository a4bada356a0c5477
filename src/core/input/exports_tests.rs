//! Rows of the files that Brandwatch and Meltwater export, by their headers; and what their interfaces hold back.

use super::*;
use serde_json::json;

#[track_caller]
fn zoned(format: &str, published_at: &str) -> Reader {
    reader(&format!(
        "format = \"{format}\"\n[map]\npublished_at = {{ {published_at}, time_zone = \"Europe/Budapest\" }}\n"
    ))
}

#[test]
fn rows_of_brandwatch() {
    let row = json!({"Query Id": "7", "Query Name": "Jam", "Date": "2026-11-23 09:15:00.0", "Title": "Recall", "Snippet": "… jam …",
        "Full Text": "Plum jam is recalled", "Url": "https://hirek.example/1", "Domain": "hirek.example", "Page Type": "news",
        "Language": "en", "Author": "Anna", "Resource Id": "r-1", "X Followers": "12"});
    assert_eq!(
        shown(&zoned("brandwatch", "at = \"/Date\""), &row.to_string()),
        "id | brandwatch:r-1 | brandwatch:{/Resource Id}\n\
         published_at | 2026-11-23T08:15:00Z | /Date\n\
         source | news | /Page Type\n\
         lang | en | /Language\n\
         text | Recall\nPlum jam is recalled | /Title + /Full Text\n\
         author.id | Anna | /Author\n\
         author.name | Anna | /Author\n\
         author.followers | 12 | /X Followers\n\
         url | https://hirek.example/1 | /Url\n"
    );
    assert_eq!(
        fault(&of(Format::Brandwatch), &row.to_string()),
        "no-time: the record has no published_at: /Date is \"2026-11-23 09:15:00.0\", which has no time zone, or an \
         unknown one; name its time zone: [input.map] published_at = { at = \"/Date\", time_zone = \"Europe/Budapest\" }"
    );
    let mut zulu = row;
    zulu["Date"] = "2026-11-23T08:15:00.000Z".into();
    zulu["Resource Id"] = "".into();
    assert_eq!(value(&of(Format::Brandwatch), &zulu, Name::Id).as_deref(), Some("https://hirek.example/1"));
}

#[test]
fn rows_of_meltwater() {
    let old = json!({"Date": "23-Nov-2026 09:15AM", "Headline": "Recall", "URL": "https://hirek.example/1", "Opening Text": "Plum jam",
        "Hit Sentence": "... jam is recalled ...", "Source": "Hirek", "Influencer": "Anna", "Language": "Hungarian", "Reach": 100});
    assert_eq!(
        shown(&zoned("meltwater", "at = \"/Date\""), &old.to_string()),
        "id | https://hirek.example/1 | /URL\n\
         published_at | 2026-11-23T08:15:00Z | /Date\n\
         source | Hirek | /Source\n\
         text | Recall\nPlum jam\n... jam is recalled ... | /Headline + /Opening Text + /Hit Sentence\n\
         author.id | Anna | /Influencer\n\
         author.name | Anna | /Influencer\n\
         url | https://hirek.example/1 | /URL\n"
    );
    let told = fault(&of(Format::Meltwater), &old.to_string());
    assert!(told.ends_with("published_at = { at = \"/Date\", time_zone = \"Europe/Budapest\" }"), "{told}");
    let new = json!({"Date": "23-Nov-26", "Time": "09:15 AM", "Document ID": "d", "URL": "https://hirek.example/1", "Title": "Recall",
        "Source Name": "Hirek", "Author Name": "Anna", "Author Handle": "@anna", "Opening Text": "", "Hit Sentence": "jam"});
    let told = fault(&of(Format::Meltwater), &new.to_string());
    assert!(
        told.ends_with("published_at = { template = \"{/Date} {/Time}\", time_zone = \"Europe/Budapest\" }"),
        "{told}"
    );
    let meltwater = zoned("meltwater", "template = \"{/Date} {/Time}\"");
    assert_eq!(value(&meltwater, &new, Name::PublishedAt).as_deref(), Some("2026-11-23T08:15:00Z"));
    assert_eq!(value(&meltwater, &new, Name::Id).as_deref(), Some("meltwater:d"));
    assert_eq!(value(&meltwater, &new, Name::AuthorId).as_deref(), Some("@anna"));
    let legacy = json!({"document_id": "1", "document_publish_date": "2026-11-23T08:15:00", "document_title": "T"});
    let told = fault(&of(Format::Meltwater), &legacy.to_string());
    assert!(told.contains("/document_publish_date is \"2026-11-23T08:15:00\"") && told.contains("time_zone"), "{told}");
}

#[test]
fn the_sentence_that_was_hit_is_part_of_the_text_once() {
    let document = |hit: &str| {
        json!({"id": "1", "published_date": "2026-11-23T08:15:00Z", "content": {"title": "Jam", "opening_text": "It began well."},
            "matched": {"hit_sentence": hit}})
    };
    for (hit, text) in [
        ("Then the jam was recalled.", "Jam\nIt began well.\nThen the jam was recalled."),
        ("...began well...", "Jam\nIt began well."),
        ("It began well. And ended badly.", "Jam\nIt began well. And ended badly."),
        ("...", "Jam\nIt began well."),
    ] {
        assert_eq!(value(&of(Format::Meltwater), &document(hit), Name::Text).as_deref(), Some(text), "{hit}");
    }
}

#[test]
fn what_x_holds_back_is_a_dead_letter_and_a_picture_alone_is_not() {
    let post = |title: Value, snippet: Value| {
        json!({"resourceId": "1", "date": "2026-11-20T08:15:30.000+0000", "title": title, "snippet": snippet, "fullText": null}).to_string()
    };
    let brandwatch = of(Format::Brandwatch);
    assert_eq!(
        fault(&brandwatch, &post("".into(), Value::Null)),
        "no-text: the record has no text: /fullText is null, /snippet is null; say where it is in [input.map]"
    );
    let picture =
        json!({"resourceId": "1", "date": "2026-11-20T08:15:30.000+0000", "title": "", "snippet": "", "fullText": ""});
    assert_eq!(skipped(&brandwatch, &picture.to_string()), "a post without text");
    let meltwater =
        json!({"id": "1", "published_date": "2026-11-23T08:15:00Z", "content": {"title": "", "opening_text": null}});
    assert!(fault(&of(Format::Meltwater), &meltwater.to_string()).starts_with("no-text: "));
}

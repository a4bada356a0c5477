use super::*;
use crate::fixture::{House, Sink, house_signed_in};

const CONFIG: &str = r#"
    [[person]]
    name = "anna"
    title = "Kovács <Anna>"
    [[person]]
    name = "bela"
    [[rotation]]
    name = "press"
    title = "Press office"
    time_zone = "Europe/Budapest"
    [[rotation.layer]]
    shift = "daily"
    stretch = [{ from = "2026-01-01 00:00", members = ["anna"] }]
"#;

async fn signed_in() -> (House, String, String) {
    house_signed_in(CONFIG, Sink::Follows, "/oncall").await
}

/// A time of the form, some hours from now, by the clock of the rotation.
fn hours(hours: i64) -> String {
    let zone = Zone::named(Some("Europe/Budapest"));
    let words = Words::new(orszem_core::words::Language::English, zone);
    words.sortable(clock::now().plus(hours * 3_600_000)).replace(' ', "T").replace(':', "%3A")
}

#[tokio::test]
async fn somebody_stands_in_and_the_page_says_for_whom_and_until_when() {
    let (house, cookie, sign) = signed_in().await;
    let page = house.get_with_cookies("/oncall", &cookie).await.body;
    for part in ["Press office", "Kovács &lt;Anna&gt;", "Times by the clock of Europe/Budapest", "Somebody stands in"]
    {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
    let form =
        format!("{sign}&name=Anna&rotation=press&kind=replace&person=bela&whom=anna&to={}&reason=dentist", hours(5));
    let answer = house.form_with_cookies("/oncall/overrides", &form, &cookie).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let to = answer.headers["location"].to_str().unwrap().trim_start_matches("..").to_owned();
    let page = house.get_with_cookies(&to, &cookie).await.body;
    for part in ["bela, in place of Kovács &lt;Anna&gt;", "<strong><bdi>bela</bdi></strong>", "dentist"] {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
    let id = house.team.written.lock().unwrap()[0].id.clone();
    let path = format!("/oncall/overrides/{id}/cancel");
    let answer = house.form_with_cookies(&path, &format!("{sign}&name=Anna"), &cookie).await;
    assert_eq!(&answer.headers["location"], "../../../oncall");
    let page = house.get_with_cookies("/oncall", &cookie).await.body;
    assert!(page.contains("Taken back by Anna.") && !page.contains("<strong><bdi>bela</bdi></strong>"), "{page}");
}

#[tokio::test]
async fn an_offer_changes_nothing_until_somebody_takes_it_and_the_second_hears_that() {
    let (house, cookie, sign) = signed_in().await;
    let form = format!("{sign}&name=Anna&rotation=press&kind=offer&person=anna&to={}", hours(5));
    let answer = house.form_with_cookies("/oncall/overrides", &form, &cookie).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = house.get_with_cookies("/oncall", &cookie).await.body;
    assert!(page.contains("asks for somebody to take this") && page.contains("Take it"), "{page}");
    let id = house.team.written.lock().unwrap()[0].id.clone();
    let path = format!("/oncall/overrides/{id}/take");
    let taking = format!("{sign}&name=B%C3%A9la&person=bela");
    let answer = house.form_with_cookies(&path, &taking, &cookie).await;
    let to = answer.headers["location"].to_str().unwrap().trim_start_matches("../../..").to_owned();
    let page = house.get_with_cookies(&to, &cookie).await.body;
    assert!(page.contains("bela takes it.") && page.contains("<strong><bdi>bela</bdi></strong>"), "{page}");
    let late = house.form_with_cookies(&path, &taking, &cookie).await;
    assert_eq!(&late.headers["location"], "../../../oncall?late=yes");
    let nobody = house.form_with_cookies(&path, &format!("{sign}&name=x&person=none"), &cookie).await;
    assert_eq!(nobody.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn who_is_not_on_call_cannot_be_replaced_and_a_gap_is_warned_of() {
    let (house, cookie, sign) = signed_in().await;
    for (fields, says) in [
        ("kind=replace&person=anna&whom=bela", "This changes nothing"),
        ("kind=remove&person=anna", "nobody is on call"),
    ] {
        let form = format!("{sign}&name=Anna&rotation=press&{fields}&to={}", hours(3));
        let answer = house.form_with_cookies("/oncall/overrides", &form, &cookie).await;
        let to = answer.headers["location"].to_str().unwrap().trim_start_matches("..").to_owned();
        let page = house.get_with_cookies(&to, &cookie).await.body;
        assert!(page.contains(says), "{fields}: {page}");
    }
    for fields in ["rotation=none&kind=add&person=anna&to=2100-01-01T00%3A00", "rotation=press&kind=add&person=x&to=x"]
    {
        let answer = house.form_with_cookies("/oncall/overrides", &format!("{sign}&name=Anna&{fields}"), &cookie).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{fields}");
        assert!(answer.body.contains("role=\"alert\""), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_link_that_only_reads_incidents_opens_nothing_of_the_team() {
    let (house, cookie, _) = signed_in().await;
    let list = house.get_with_cookies("/", &cookie).await.body;
    let read = list.split("?read=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for path in ["/oncall", "/silences"] {
        assert_eq!(house.get(&format!("{path}?read={read}")).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let list = house.get(&format!("/?read={read}")).await;
    assert!(list.status == StatusCode::OK && !list.body.contains("oncall"), "{}", list.body);
}

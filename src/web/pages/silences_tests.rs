use super::*;
use crate::fixture::{House, Sink, house_signed_in};

const CONFIG: &str = "[[watch]]\nname = \"acme\"\ntitle = \"Acme Kft.\"\nterms = [\"acme\"]\n\
                      [[watch]]\nname = \"other\"\nterms = [\"other\"]\n";

async fn signed_in(sink: Sink) -> (House, String, String) {
    house_signed_in(CONFIG, sink, "/silences").await
}

#[tokio::test]
async fn a_silence_is_made_shown_and_ended() {
    let (house, cookie, sign) = signed_in(Sink::Follows).await;
    let form = format!("{sign}&name=Anna&watch=acme&severity=3&hours=4&reason=Known+%3Cproblem%3E&do=make");
    let answer = house.form_with_cookies("/silences", &form, &cookie).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let to = answer.headers["location"].to_str().unwrap().trim_start_matches('.').to_owned();
    let page = house.get_with_cookies(&to, &cookie).await.body;
    for part in [
        "Holds until",
        "Watch: Acme Kft.",
        "<li><bdi>Severity 3 or milder</bdi></li>",
        "Known &lt;problem&gt;",
        "Anna, ",
    ] {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
    let id = house.team.written.lock().unwrap()[0].id.clone();
    let end = format!("/silences/{id}/end");
    let answer = house.form_with_cookies(&end, &format!("{sign}&name=B%C3%A9la"), &cookie).await;
    assert_eq!(
        (answer.status, &answer.headers["location"]),
        (StatusCode::SEE_OTHER, &"../../silences".parse().unwrap())
    );
    let page = house.get_with_cookies("/silences", &cookie).await.body;
    assert!(page.contains("Nothing is silenced.") && page.contains("Ended by Béla."), "{page}");
    // Ended a second time it is as it was.
    let again = house.form_with_cookies(&end, &format!("{sign}&name=Zita"), &cookie).await;
    assert_eq!((again.status, house.team.written.lock().unwrap().len()), (StatusCode::SEE_OTHER, 2));
    let none = house.form_with_cookies("/silences/none/end", &format!("{sign}&name=Zita"), &cookie).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_mutes_much_is_asked_for_a_second_time_and_a_look_changes_nothing() {
    let (house, cookie, sign) = signed_in(Sink::Follows).await;
    let form = format!("{sign}&name=Anna&hours=1&reason=move");
    let looked = house.form_with_cookies("/silences", &format!("{form}&do=look"), &cookie).await;
    assert!(looked.status == StatusCode::OK && looked.body.contains("In the last week"), "{}", looked.body);
    let asked = house.form_with_cookies("/silences", &format!("{form}&do=make"), &cookie).await;
    assert!(
        asked.status == StatusCode::CONFLICT && asked.body.contains("every incident of every watch"),
        "{}",
        asked.body
    );
    assert!(asked.body.contains("value=\"sure\"") && asked.body.contains("value=\"move\""), "what was filled in stays");
    assert_eq!(house.team.written.lock().unwrap().len(), 0);
    let sure = house.form_with_cookies("/silences", &format!("{form}&do=sure"), &cookie).await;
    assert_eq!((sure.status, house.team.written.lock().unwrap().len()), (StatusCode::SEE_OTHER, 1));
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_cannot_be_written_is_too() {
    let (house, cookie, sign) = signed_in(Sink::Refuses).await;
    for (fields, status, says) in [
        ("watch=acme&hours=1&reason=", StatusCode::BAD_REQUEST, "Say why"),
        ("watch=none&hours=1&reason=x", StatusCode::BAD_REQUEST, "it would silence nothing"),
        ("match=sevrity+%3D+1&hours=1&reason=x", StatusCode::BAD_REQUEST, "The matcher cannot be read"),
        ("watch=acme&hours=9999&reason=x", StatusCode::BAD_REQUEST, "30 days at most"),
        ("watch=acme&hours=1&reason=x", StatusCode::SERVICE_UNAVAILABLE, "again"),
    ] {
        let form = format!("{sign}&name=Anna&do=make&{fields}");
        let answer = house.form_with_cookies("/silences", &form, &cookie).await;
        assert!(answer.status == status && answer.body.contains(says), "{fields}: {}", answer.body);
    }
    let unsigned = house.form_with_cookies("/silences", "name=Anna&watch=acme&hours=1&reason=x&do=make", &cookie).await;
    assert_eq!(unsigned.status, StatusCode::FORBIDDEN);
    assert_eq!(house.form("/silences", &format!("{sign}&reason=x")).await.status, StatusCode::FORBIDDEN, "no session");
}

#[tokio::test]
async fn a_silence_from_the_page_of_a_drill_holds_drills_alone_and_is_not_asked_about() {
    let (house, cookie, sign) = signed_in(Sink::Follows).await;
    let page = house.get_with_cookies("/silences?drill=yes", &cookie).await.body;
    assert!(page.contains("name=\"drill\" value=\"yes\" checked"), "{page}");
    let form = format!("{sign}&name=Anna&hours=1&reason=enough&drill=yes&do=make");
    let made = house.form_with_cookies("/silences", &form, &cookie).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let silence = house.team.written.lock().unwrap()[0].silence().unwrap();
    assert!(silence.terms.drill && silence.terms.matcher.is_empty());
    let page = house.get_with_cookies("/silences", &cookie).await.body;
    assert!(page.contains("It holds drills alone") && !page.contains("value=\"yes\" checked"), "{page}");
}

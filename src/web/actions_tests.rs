//! What people do to an incident, by page and by API: what is written, how often, and what is said.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use axum::http::{StatusCode, header};
use tokio::sync::Barrier;

use orszem_records::class::Class;
use orszem_records::height::Height;
use orszem_records::ledger::{Action, Entry, Event};
use orszem_records::signal::Phase;

use crate::fixture::{House, Sink, house, house_with, house_with_token, signal};
use crate::{LedgerSink, SinkError, View};

#[tokio::test]
async fn a_button_acknowledges_once_in_the_name_of_the_links_bearer() {
    let house = house("");
    let link = house.link_query("slack crisis", 60);
    let page = house.get(&format!("/incidents/acme.1?{link}")).await;
    for action in ["acknowledge", "resolve", "note"] {
        assert!(page.body.contains(&format!("action=\"../incidents/acme.1/{action}\"")), "{action}");
    }
    assert!(page.body.contains("Your name"), "{}", page.body);

    let answer = house.form("/incidents/acme.1/acknowledge", &link).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let location = answer.headers[header::LOCATION].to_str().unwrap();
    assert_eq!(location, format!("../acme.1?{link}&did=acknowledge"));
    {
        let written = house.ledger.written.lock().unwrap();
        let Event::Acknowledged(by) = &written[0].event else { panic!("{:?}", written[0]) };
        assert_eq!((by.by.as_str(), by.via.as_str()), ("slack crisis", "link"));
        assert_eq!((written[0].watch.as_str(), written[0].incident.0.as_str()), ("acme", "acme.1"));
    }
    let page = house.get(&format!("/incidents/acme.1?{link}&did=acknowledge")).await;
    assert!(
        page.body.contains("You have it: nobody else will be called")
            && page.body.contains("You (slack crisis) have it")
    );
    assert!(!page.body.contains("/take-over\"") && page.body.contains("/hand-over\""), "{}", page.body);

    assert_eq!(house.form("/incidents/acme.1/acknowledge", &link).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 1);
}

#[tokio::test]
async fn who_acknowledges_by_a_form_with_the_token_is_told_that_it_is_theirs() {
    let (house, _folder) = house_with_token("form");
    let request = axum::http::Request::post("/incidents/acme.1/acknowledge")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, "Bearer right-token");
    let answer = house.send(request.body("by=Béla".into()).unwrap()).await;
    let location = answer.headers[header::LOCATION].to_str().unwrap();
    let page = house.get_with(&format!("/incidents{}", location.trim_start_matches("..")), "right-token").await;
    assert!(page.body.contains("You have it: nobody") && page.body.contains("Béla"), "{}", page.body);
}

#[tokio::test]
async fn a_button_resolves_and_a_late_acknowledgement_is_thanked() {
    let house = house("");
    let link = house.link_query("mail", 60);
    for _ in 0..2 {
        assert_eq!(house.form("/incidents/acme.1/resolve", &link).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(house.form("/incidents/acme.1/acknowledge", &link).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 1);
    let page = house.get(&format!("/incidents/acme.1?{link}&did=acknowledge")).await;
    assert!(
        page.body.contains("It is over already")
            && page.body.contains("/undo\"")
            && !page.body.contains("/acknowledge\"")
    );
}

#[tokio::test]
async fn what_a_mention_is_can_be_told_and_told_otherwise() {
    let house = house("");
    let link = house.link_query("mail lead", 60);
    let page = house.get(&format!("/incidents/acme.1?{link}")).await;
    assert_eq!(page.body.matches("<form class=\"feedback\"").count(), 3);
    assert!(page.body.contains("Not negative? It is") && page.body.contains("Not neutral? It is"));

    let tell = async |fields: &str| house.form("/incidents/acme.1/feedback", &format!("{link}{fields}")).await;
    for class in ["neutral", "neutral", "positive"] {
        let answer = tell(&format!("&mention=1&class={class}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.headers[header::LOCATION].to_str().unwrap(), format!("../acme.1?{link}&did=feedback"));
    }
    {
        let written = house.ledger.written.lock().unwrap();
        let Event::Feedback(feedback) = &written[0].event else { panic!("{:?}", written[0]) };
        assert_eq!((feedback.judged, feedback.corrected), (Class::Negative, Class::Neutral));
        assert!(feedback.mention == "1" && feedback.by.by == "mail lead" && feedback.text.starts_with("Is Acme down"));
        assert_eq!(written.len(), 2, "what was said last is not written again");
    }
    let page = house.get(&format!("/incidents/acme.1?{link}&did=feedback")).await;
    assert!(page.body.contains("saved for training the next model") && page.body.contains("says: positive."));

    assert_eq!(tell("&mention=nobody&class=neutral").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        tell("&mention=1&class=rude").await.status,
        StatusCode::FORBIDDEN,
        "a form that cannot be read has no link"
    );
    assert_eq!(tell("&mention=1").await.status, StatusCode::BAD_REQUEST);
    let unsigned = house.form("/incidents/acme.1/feedback", "mention=1&class=neutral").await;
    assert_eq!(unsigned.status, StatusCode::FORBIDDEN);
    assert_eq!(house.written(), 2);
}

#[tokio::test]
async fn what_a_mention_is_can_be_told_by_api() {
    let (house, _folder) = house_with_token("feedback");
    let tell = async |token: &str, body: &str| house.json("/api/v1/incidents/acme.1/feedback", token, body).await;
    let body = r#"{"by": "Ágnes", "mention": "2", "class": "negative"}"#;
    let answer = tell("right-token", body).await;
    assert_eq!((answer.status, &answer.json()["changed"]), (StatusCode::OK, &serde_json::json!(true)));
    let happened = answer.json()["incident"]["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&happened["what"], &happened["corrected"]), (&"feedback".into(), &"negative".into()));
    assert_eq!(tell("right-token", body).await.json()["changed"], false);
    for (token, body, status) in [
        ("other", body, StatusCode::UNAUTHORIZED),
        ("right-token", r#"{"by": "x", "mention": "2", "class": "bad"}"#, StatusCode::BAD_REQUEST),
        ("right-token", r#"{"by": "", "mention": "2", "class": "neutral"}"#, StatusCode::BAD_REQUEST),
        ("right-token", r#"{"by": "x", "mention": "9", "class": "neutral"}"#, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(tell(token, body).await.status, status, "{body}");
    }
    assert_eq!(house.written(), 1);
}

#[tokio::test]
async fn a_ledger_that_refuses_is_said_and_nothing_is_claimed() {
    let house = house_with("", Sink::Refuses);
    let answer = house.form("/incidents/acme.1/acknowledge", &house.link_query("mail", 60)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("was not saved") && !answer.body.contains("no broker"));
}

#[tokio::test]
async fn what_is_written_and_not_seen_yet_is_said_to_come() {
    let house = house_with("", Sink::Lags);
    let link = house.link_query("mail", 60);
    assert_eq!(house.form("/incidents/acme.1/acknowledge", &link).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 1);
    let page = house.get(&format!("/incidents/acme.1?{link}&did=acknowledge")).await;
    assert!(page.body.contains("will show here in a moment"));
    // Whose it is, nobody claims before it is known.
    let again = house.form("/incidents/acme.1/acknowledge", &link).await;
    let location = again.headers[header::LOCATION].to_str().unwrap();
    house.app.view.apply(&crate::fixture::acknowledged("acme", 1));
    let page = house.get(&format!("/incidents{}", location.trim_start_matches(".."))).await;
    assert!(page.body.contains("You have not taken it over") && !page.body.contains("You have it: nobody"));
}

/// One ledger of several copies, in which this number of entries is written at the same moment, seen by none before.
struct SharedLedger {
    views: Vec<Arc<View>>,
    written: Mutex<Vec<Entry>>,
    together: Barrier,
}

impl LedgerSink for SharedLedger {
    fn append<'a>(&'a self, entry: Entry) -> Pin<Box<dyn Future<Output = Result<i64, SinkError>> + Send + 'a>> {
        Box::pin(async move {
            self.together.wait().await;
            let mut written = self.written.lock().unwrap();
            let offset = i64::try_from(written.len()).unwrap();
            self.views.iter().for_each(|view| view.apply_at(&entry, offset));
            written.push(entry);
            Ok(offset)
        })
    }
}

/// Several copies of one program.
fn copies(copies: usize, at_once: usize) -> (Vec<House>, Arc<SharedLedger>) {
    let mut houses: Vec<House> = (0..copies).map(|_| house("")).collect();
    let views = houses.iter().map(|house| house.app.view.clone()).collect();
    let shared = Arc::new(SharedLedger { views, written: Mutex::default(), together: Barrier::new(at_once) });
    houses.iter_mut().for_each(|house| house.app.sink = shared.clone());
    (houses, shared)
}

#[tokio::test]
async fn of_ten_who_acknowledge_at_once_one_is_told_that_it_is_theirs_at_whatever_copy() {
    for number in [1, 2] {
        let (houses, shared) = copies(number, 10);
        // The same bearer: a channel of ten people has one link.
        let link = houses[0].link_query("slack-crisis", 60);
        let links: Vec<String> = houses.iter().map(|house| house.link_query("slack-crisis", 60)).collect();
        let press = (0..10).map(|person| {
            let at = person % number;
            houses[at].form("/incidents/acme.1/acknowledge", &links[at])
        });
        let answers = futures_of(press).await;
        let mut told = Vec::new();
        for answer in &answers {
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            let location = answer.headers[header::LOCATION].to_str().unwrap().trim_start_matches("..").to_owned();
            let at = links.iter().position(|link| location.contains(link.as_str())).unwrap();
            let page = houses[at].get(&format!("/incidents{location}")).await;
            told.push((page.body.contains("You have it: nobody"), page.body.contains("You have not taken it over")));
        }
        assert_eq!(told.iter().filter(|told| **told == (true, false)).count(), 1, "{told:?}");
        assert_eq!(told.iter().filter(|told| **told == (false, true)).count(), 9, "{told:?}");
        assert_eq!(shared.written.lock().unwrap().len(), 10, "none was seen before the others were written");
        // Who comes later writes nothing.
        let late = houses[0].form("/incidents/acme.1/acknowledge", &link).await;
        assert!(late.headers[header::LOCATION].to_str().unwrap().ends_with("&did=acknowledge&late=yes"));
    }
}

#[tokio::test]
async fn of_ten_programs_that_acknowledge_at_once_one_has_changed_something() {
    let (house, _folder) = house_with_token("ten");
    let shared = Arc::new(SharedLedger {
        views: vec![house.app.view.clone()],
        written: Mutex::default(),
        together: Barrier::new(10),
    });
    let house = House { app: crate::AppState { sink: shared, ..house.app.clone() }, ..house };
    let path = "/api/v1/incidents/acme.1/acknowledge";
    let bodies: Vec<String> = (0..10).map(|person| format!(r#"{{"by":"person {person}"}}"#)).collect();
    let answers = futures_of(bodies.iter().map(|body| house.json(path, "right-token", body))).await;
    let changed = answers.iter().filter(|answer| answer.json()["changed"] == true);
    assert_eq!(changed.count(), 1);
    let first = answers.iter().find(|answer| answer.json()["changed"] == true).unwrap().json();
    assert!(
        answers.iter().all(|answer| answer.json()["incident"]["acknowledged"] == first["incident"]["acknowledged"])
    );
}

/// All of them at once.
async fn futures_of<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    type Asked<F> = (Pin<Box<F>>, Option<<F as Future>::Output>);
    let mut pinned: Vec<Asked<F>> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|cx| {
        for (future, output) in &mut pinned {
            if output.is_none()
                && let std::task::Poll::Ready(ready) = future.as_mut().poll(cx)
            {
                *output = Some(ready);
            }
        }
        match pinned.iter().all(|(_, output)| output.is_some()) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    pinned.into_iter().filter_map(|(_, output)| output).collect()
}

#[tokio::test]
async fn opinions_on_one_mention_by_turns_come_to_an_end_and_acknowledging_does_not() {
    let house = house("");
    let link = house.link_query("slack", 60);
    let mut statuses = Vec::new();
    for turn in 0..300 {
        let class = if turn % 2 == 0 { "positive" } else { "neutral" };
        let answer = house.form("/incidents/acme.1/feedback", &format!("{link}&mention=1&class={class}")).await;
        statuses.push(answer.status);
    }
    assert_eq!(house.written(), 5);
    assert_eq!(statuses[4..6], [StatusCode::SEE_OTHER, StatusCode::TOO_MANY_REQUESTS]);
    // Somebody else has an opinion of their own, also the same one.
    let other = house.link_query("mail", 60);
    let answer = house.form("/incidents/acme.1/feedback", &format!("{other}&mention=1&class=positive")).await;
    assert_eq!((answer.status, house.written()), (StatusCode::SEE_OTHER, 6));
    assert_eq!(house.form("/incidents/acme.1/acknowledge", &link).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 7);
}

#[tokio::test]
async fn what_one_link_writes_about_an_incident_is_limited_also_all_at_once_and_unseen() {
    let house = house_with("", Sink::Lags);
    let mut worse = crate::fixture::signal(orszem_records::signal::Phase::Updated);
    worse.samples =
        (0..200).map(|id| crate::fixture::sample(&format!("m{id}"), "author", "text", 0, Class::Negative)).collect();
    house.app.view.apply(&crate::fixture::entry("acme", 1, Event::Signal(Box::new(worse))));
    let link = house.link_query("slack", 60);
    let forms: Vec<String> = (0..200).map(|id| format!("{link}&mention=m{id}&class=neutral")).collect();
    let answers = futures_of(forms.iter().map(|form| house.form("/incidents/acme.1/feedback", form))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count(), 100);
    assert_eq!(house.written(), 100);
}

#[tokio::test]
async fn it_is_over_closes_what_the_page_showed_and_never_more_than_there_was() {
    let shown = Height::of(&signal(Phase::Opened)).count;
    let all = "&seen=999999999+4800+negatives+1000";
    for (seen, count) in [("&seen=900+4800+negatives+1000", 900), (all, shown), ("&seen=many", shown), ("", shown)] {
        let house = house("");
        let link = house.link_query("mail", 60);
        house.form("/incidents/acme.1/resolve", &format!("{link}{seen}")).await;
        let written = house.ledger.written.lock().unwrap();
        let Event::Resolved(closing) = &written[0].event else { panic!("{:?}", written[0]) };
        assert_eq!(closing.height.map(|height| height.count), Some(count), "{seen}");
    }
}

#[tokio::test]
async fn h1_a_deed_bears_the_name_that_was_typed_and_the_browser_keeps_it() {
    let house = house("");
    let link = house.link_query("slack-crisis", 60);
    let answer = house.form("/incidents/acme.1/acknowledge", &format!("{link}&name=+%C3%81gnes+")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    {
        let written = house.ledger.written.lock().unwrap();
        let Event::Acknowledged(by) = &written[0].event else { panic!("{:?}", written[0]) };
        assert_eq!((by.by.as_str(), by.via.as_str(), by.through.as_deref()), ("Ágnes", "link", Some("slack-crisis")));
    }
    let page = house.get_with_cookies(&format!("/incidents/acme.1?{link}"), &cookie).await.body;
    assert!(page.contains("value=\"Ágnes\"") && page.contains("You (Ágnes) have it since"), "{page}");
    assert!(page.contains("Ágnes (by the link to slack-crisis) has it."), "{page}");
}

#[tokio::test]
async fn h7_the_second_one_reads_who_has_it_and_may_take_it_over() {
    let house = house("");
    let link = house.link_query("slack-crisis", 60);
    house.form("/incidents/acme.1/acknowledge", &format!("{link}&name=Anna")).await;
    let late = house.form("/incidents/acme.1/acknowledge", &format!("{link}&name=Bea")).await;
    let location = late.headers[header::LOCATION].to_str().unwrap().trim_start_matches("..").to_owned();
    let page = house.get_with_cookies(&format!("/incidents{location}"), "orszem_name=Bea").await.body;
    assert!(page.contains("Anna has it since") && page.contains("You have not taken it over."), "{page}");
    assert!(page.contains("/take-over\""), "{page}");
    house.form("/incidents/acme.1/take-over", &format!("{link}&name=Bea")).await;
    let page = house.get_with_cookies(&format!("/incidents/acme.1?{link}"), "orszem_name=Anna").await.body;
    assert!(page.contains("Bea has it since") && page.contains("in place of Anna"), "{page}");
}

#[tokio::test]
async fn after_acknowledging_there_are_note_hand_over_give_back_and_undo() {
    let house = house("");
    let link = house.link_query("mail", 60);
    let act = async |action: &str, more: &str| {
        let answer = house.form(&format!("/incidents/acme.1/{action}"), &format!("{link}&name=Anna{more}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action}: {}", answer.body);
    };
    act("acknowledge", "").await;
    act("note", "&text=Called+the+plant.%0A%3Cb%3E").await;
    act("hand-over", "&to=Bea").await;
    let page = house.get(&format!("/incidents/acme.1?{link}")).await.body;
    for part in ["Called the plant.\n&lt;b&gt;", "Bea has it since", "handed it over to Bea"] {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
    act("give-back", "").await;
    assert!(house.get(&format!("/incidents/acme.1?{link}")).await.body.contains("Anna gave it back"));
    act("resolve", "&false_alarm=yes").await;
    let page = house.get(&format!("/incidents/acme.1?{link}")).await.body;
    assert!(page.contains("Anna called it a false alarm") && page.contains("/undo\""), "{page}");
    act("undo", "").await;
    let page = house.get(&format!("/incidents/acme.1?{link}")).await.body;
    assert!(page.contains("Anna took back that it is over") && page.contains("/acknowledge\""), "{page}");
    for (action, more) in [("note", "&text=+"), ("hand-over", "&to="), ("note", "")] {
        let answer = house.form(&format!("/incidents/acme.1/{action}"), &format!("{link}{more}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{action}{more}");
    }
}

#[tokio::test]
async fn a_closing_of_longer_ago_than_half_an_hour_is_not_undone() {
    let house = house("");
    let link = house.link_query("mail", 60);
    // The fixture's entries are of 2014.
    house.app.view.apply(&crate::fixture::resolved("acme", 1));
    let page = house.get(&format!("/incidents/acme.1?{link}")).await.body;
    assert!(!page.contains("/undo\""), "{page}");
    assert_eq!(house.form("/incidents/acme.1/undo", &link).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 0);
}

#[tokio::test]
async fn what_is_known_is_theirs_and_remembers_what_the_page_showed() {
    let house = house("");
    let query = house.link_query("slack-crisis", 600);
    let page = house.get(&format!("/incidents/acme.1?{query}")).await.body;
    assert!(page.contains("Known: tell me if it doubles"), "{page}");
    let path = "/incidents/acme.1/know";
    assert_eq!(house.form(path, &format!("{query}&name=Anna")).await.status, StatusCode::SEE_OTHER);
    let incident = house.app.view.get("acme.1").unwrap();
    assert_eq!(incident.acknowledged.as_ref().map(|stamp| stamp.by.by.as_str()), Some("Anna"));
    assert_eq!(incident.known.map(|height| height.count), Some(Height::of(&incident.signal).count));
    let page = house.get(&format!("/incidents/acme.1?{query}")).await.body;
    assert!(page.contains("nobody is called until") && !page.contains("Known: tell me"), "{page}");
    // A second time it is as it was; somebody else may say so too.
    assert_eq!(house.form(path, &format!("{query}&name=Anna")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 1);
    assert_eq!(house.form(path, &format!("{query}&name=B%C3%A9la")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 2);
}

const PLAYBOOK: &str = r#"
    [[playbook]]
    name = "scandal"
    title = "A <b>scandal</b>"
    text = "Call [the plant](https://plant.example/) first. <script>"
    move = [
        { do = "Pause <all> posts.", within = "15m" },
        { do = "Call the plant." },
    ]
"#;

#[tokio::test]
async fn case_120_what_a_playbook_says_is_ticked_once_and_both_see_who_was_first() {
    let house = house(PLAYBOOK);
    let link = house.link_query("mail", 60);
    let page = house.get(&format!("/incidents/acme.1?{link}")).await.body;
    for part in [
        "Playbook: A &lt;b&gt;scandal",
        "Pause &lt;all&gt; posts.",
        "was due by",
        "action=\"../incidents/acme.1/tick\"",
        "href=\"https://plant.example/\"",
        "&lt;script&gt;",
    ] {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
    let reads = house.get("/incidents/acme.1").await.body;
    assert!(
        reads.contains("Call the plant.") && !reads.contains("/tick\""),
        "who may only read ticks nothing: {reads}"
    );

    let tick = async |name: &str, more: &str| {
        let body = format!("{link}&name={name}&playbook=scandal&{more}");
        house.form("/incidents/acme.1/tick", &body).await.status
    };
    assert_eq!(tick("Anna", "item=Call+the+plant.").await, StatusCode::SEE_OTHER);
    assert_eq!(tick("Bea", "item=Call+the+plant.").await, StatusCode::SEE_OTHER);
    assert_eq!(house.written(), 1, "Anna was first");
    let page = house.get(&format!("/incidents/acme.1?{link}&did=tick")).await.body;
    assert!(page.contains("Done by Anna, ") && page.contains(" did: Call the plant."), "{page}");
    assert_eq!(tick("Bea", "undone=Call+the+plant.").await, StatusCode::SEE_OTHER);
    let page = house.get(&format!("/incidents/acme.1?{link}")).await.body;
    assert!(page.contains(" took back: Call the plant.") && !page.contains("Done by"), "{page}");

    assert_eq!(tick("Anna", "item=Set+fire+to+it.").await, StatusCode::NOT_FOUND);
    assert_eq!(tick("Anna", "").await, StatusCode::BAD_REQUEST);
    assert_eq!(house.written(), 2);
}

/// `acme.1` shares the page of `acme.0`, which was called for.
#[tokio::test]
async fn the_next_step_can_be_asked_for_with_any_incident_of_a_page() {
    let house = house("");
    let link = house.link_query("mail", 60);
    let opened = Event::Signal(Box::new(signal(Phase::Opened)));
    house.app.view.apply(&crate::fixture::entry("acme", 0, opened));
    let joined = r#"{"event":"joined-group","group":"acme.0/r","sharing":{"severity":2,"reopen_within_ms":0}}"#;
    let joined: Event = serde_json::from_str(joined).unwrap();
    house.app.view.apply(&crate::fixture::entry("acme", 1, joined));
    let page = async || house.get(&format!("/incidents/acme.1?{link}")).await.body;
    assert!(!page().await.contains("/escalate\""), "nobody was called yet");
    house.app.view.apply(&crate::fixture::attempt(0, "pager", Action::Trigger, (0, 0), 1));
    assert!(page().await.contains("/escalate\""));
    let answer = house.form("/incidents/acme.1/escalate", &format!("{link}&name=Anna")).await;
    assert_eq!((answer.status, house.written()), (StatusCode::SEE_OTHER, 1));
}

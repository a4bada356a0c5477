//! Who comes in how, and what they may do there.

use axum::body::Body;
use axum::http::{HeaderName, Request, StatusCode, header};

use orszem_records::ledger::{ByWhom, Event};
use orszem_records::team::sign_out::SignOut;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use super::*;
use crate::auth::session::Account;
use crate::fixture::proxy::{form_sign, house_behind_proxy, proxied};
use crate::fixture::{Answer, House, Sink, house, house_with, house_with_token};

const PEOPLE: &str = "[sign_in.roles]\nviewer = [\"staff\"]\nresponder = [\"press\"]\nadmin = [\"ops\"]\n\
                      [[person]]\nname = \"anna\"\ntitle = \"Kovács Anna\"\naccounts = [\"anna@example.com\", \"sub-1\"]\n\
                      roles = [\"responder\"]\n";

fn behind_proxy() -> House {
    house_behind_proxy(PEOPLE)
}

async fn get(house: &House, path: &str, account: &str, groups: &str) -> Answer {
    house.get_as(path, account, groups).await
}

async fn post(house: &House, path: &str, form: &str, account: &str, groups: &str) -> Answer {
    house.form_as(path, form, account, groups).await
}

#[tokio::test]
async fn pages_are_for_those_who_signed_in_and_show_what_their_role_allows() {
    let house = behind_proxy();
    for path in ["/", "/incidents/acme.1", "/watches", "/incidents.csv", "/metrics"] {
        assert_eq!(house.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        let status = get(&house, path, "stranger@example.com", "none").await.status;
        let expected = if path == "/metrics" { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
        assert_eq!(status, expected, "{path}");
        let expected = if path == "/metrics" { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
        assert_eq!(get(&house, path, "zita@example.com", "staff").await.status, expected, "{path}");
    }
    assert_eq!(house.get("/api/v1/incidents").await.status, StatusCode::UNAUTHORIZED);
    let of_api = get(&house, "/api/v1/incidents", "zita@example.com", "ops").await;
    assert_eq!(of_api.status, StatusCode::UNAUTHORIZED, "a program has the token");
    let stranger = get(&house, "/", "stranger@example.com", "none").await.body;
    assert!(stranger.contains("stranger@example.com") && stranger.contains("no role"), "{stranger}");
    let viewer = get(&house, "/incidents/acme.1", "zita@example.com", "staff").await.body;
    assert!(!viewer.contains("method=\"post\"") && viewer.contains("Your role lets you see"), "{viewer}");
    let list = get(&house, "/", "zita@example.com", "staff").await.body;
    assert!(list.contains("zita@example.com (viewer)") && !list.contains("?read="), "{list}");
    let responder = get(&house, "/incidents/acme.1", "anna@example.com", "").await.body;
    assert!(responder.contains("You are Kovács Anna") && !responder.contains("name=\"name\""), "{responder}");
}

#[tokio::test]
async fn a_person_acts_under_their_own_name_whatever_the_form_says() {
    let house = behind_proxy();
    let page = get(&house, "/incidents/acme.1", "anna@example.com", "").await.body;
    let form = format!("{}&name=Somebody+else", form_sign(&page));
    let path = "/incidents/acme.1/acknowledge";
    assert_eq!(post(&house, path, &form, "anna@example.com", "").await.status, StatusCode::SEE_OTHER);
    let written = house.ledger.written.lock().unwrap().clone();
    assert_eq!(
        written[0].event,
        Event::Acknowledged(ByWhom { person: Some("anna".into()), ..ByWhom::new("Kovács Anna", "proxy") })
    );
    let all = get(&house, "/", "bela@example.com", "press").await.body;
    assert!(!all.contains("name=\"name\""), "{all}");
}

#[tokio::test]
async fn a_form_needs_the_sign_of_the_person_who_sends_it_the_role_and_a_page_of_ours() {
    let house = behind_proxy();
    let page = get(&house, "/incidents/acme.1", "anna@example.com", "").await.body;
    let sign = form_sign(&page);
    for path in ["/incidents/acme.1/acknowledge", "/incidents/acme.1/note", "/acknowledge"] {
        let form = format!("{sign}&text=x&incident=acme.1");
        let without = post(&house, path, "text=x&incident=acme.1", "anna@example.com", "").await;
        assert_eq!(without.status, StatusCode::FORBIDDEN, "{path}");
        // The sign of somebody else, whichever browser sends it.
        let other = post(&house, path, &form, "bela@example.com", "press").await;
        assert_eq!(other.status, StatusCode::FORBIDDEN, "{path}");
        // Without the proxy's word the sign is worth nothing.
        assert_eq!(house.form(path, &form).await.status, StatusCode::FORBIDDEN, "{path}");
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let request = proxied(request, "anna@example.com", "").header(name, value);
            let answer = house.send(request.body(Body::from(form.clone())).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} with {name}");
        }
    }
    // A viewer has a sign, for signing out, and no right to act.
    let settings = get(&house, "/settings", "ops@example.com", "ops").await.body;
    let viewer = post(&house, "/incidents/acme.1/acknowledge", &form_sign(&settings), "ops@example.com", "staff").await;
    assert!(viewer.status == StatusCode::FORBIDDEN && viewer.body.contains("Your role"), "{}", viewer.body);
    let viewer = post(&house, "/acknowledge", &form_sign(&settings), "ops@example.com", "staff").await;
    assert!(viewer.status == StatusCode::FORBIDDEN && viewer.body.contains("Your role"), "{}", viewer.body);
    assert_eq!(house.written(), 0);
}

#[tokio::test]
async fn a_header_that_is_not_the_proxys_ends_the_request_and_is_counted() {
    let house = behind_proxy();
    let refused = || {
        let text = orszem_runtime::metrics::registry().text();
        let line = text.lines().find_map(|line| line.strip_prefix("orszem_proxy_header_refused_total "));
        line.and_then(|count| count.parse::<f64>().ok()).expect("a counter that was seeded")
    };
    let before = refused();
    let link = house.link_query("slack", 60);
    for path in ["/", "/-/healthy", "/style.css", "/api/v1/incidents", "/nowhere", &format!("/incidents/acme.1?{link}")]
    {
        // From an address that is not the proxy's, and from the proxy's without the secret.
        let from = Request::get(path).extension(ConnectInfo(Peer("203.0.113.9:1".parse().unwrap())));
        let from =
            from.header("x-forwarded-user", "anna@example.com").header("x-orszem-proxy", "the secret of the proxy");
        assert_eq!(house.send(from.body(Body::empty()).unwrap()).await.status, StatusCode::FORBIDDEN, "{path}");
        let without = Request::get(path).extension(ConnectInfo(Peer("10.1.1.1:1".parse().unwrap())));
        let without = without.header("x-forwarded-user", "anna@example.com");
        let answer = house.send(without.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.headers.contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
        assert!(!answer.body.contains("acme"), "{path}");
    }
    assert!(refused() >= before + 12.0);
    // Where no proxy is configured, the header is one of many.
    let plain = self::house("");
    let request = Request::get("/").header("x-forwarded-user", "anna@example.com").body(Body::empty()).unwrap();
    assert_eq!(plain.send(request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_link_works_for_whoever_has_it_and_stays_the_receivers() {
    let house = behind_proxy();
    let link = house.link_query("slack", 60);
    let page = house.get(&format!("/incidents/acme.1?{link}")).await;
    assert!(page.status == StatusCode::OK && page.body.contains("method=\"post\""), "{}", page.body);
    let answer = house.form("/incidents/acme.1/acknowledge", &format!("{link}&name=%C3%81gi")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    // Also for a viewer, who could not act without it, and a stranger.
    for (account, groups) in [("zita@example.com", "staff"), ("stranger@example.com", "none")] {
        let page = get(&house, &format!("/incidents/acme.1?{link}"), account, groups).await;
        assert!(page.body.contains("name=\"sig\""), "{}", page.body);
        let answer = post(&house, "/incidents/acme.1/note", &format!("{link}&text=x"), account, groups).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{account}");
    }
    let written = house.ledger.written.lock().unwrap().clone();
    let by: Vec<&ByWhom> = written.iter().filter_map(|entry| entry.event.person()).collect();
    let through = ByWhom { through: Some("slack".into()), ..ByWhom::new("Ági", "link") };
    assert_eq!(by, [&through, &ByWhom::new("slack", "link"), &ByWhom::new("slack", "link")]);
    // A responder who is signed in acts as themselves, link or not.
    let page = get(&house, &format!("/incidents/acme.1?{link}"), "anna@example.com", "").await.body;
    assert!(page.contains("name=\"form\"") && !page.contains("name=\"sig\""), "{page}");
}

const OIDC: &str = "[sign_in.oidc]\nissuer = \"https://login.example\"\nclient_id = \"orszem\"\n\
                    [web]\npublic_url = \"https://orszem.example\"\n";

/// A cookie of a session of an account that began this many seconds ago.
fn session(house: &House, account: &str, role: Option<orszem_core::settings::Role>, seconds: i64) -> String {
    let account = Account { id: account.into(), called: Some("Provided Name".into()), role };
    let session = Session::begin(Some(account), clock::now().plus(-seconds * 1000));
    let cookie = session.keep(true, &house.app.links.signer(), &house.app.generations()).unwrap();
    cookie.to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_is_renewed_by_the_hour_on_any_page_and_never_by_the_api() {
    use orszem_core::settings::Role::Responder;
    let house = house_with(&format!("{OIDC}{PEOPLE}"), Sink::Follows);
    let set = async |path: &str, seconds: i64| {
        let answer = house.get_with_cookies(path, &session(&house, "other", Some(Responder), seconds)).await;
        answer.headers.get(header::SET_COOKIE).map(|set| set.to_str().unwrap().to_owned())
    };
    assert_eq!(set("/", 3_500).await, None);
    for path in ["/", "/incidents/acme.1", "/watches", "/settings"] {
        let cookie = set(path, 3_700).await.unwrap_or_else(|| panic!("{path} renews nothing"));
        assert!(cookie.starts_with("__Host-orszem=") && cookie.ends_with("HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    }
    assert_eq!(set("/api/v1/incidents", 3_700).await, None);
    assert_eq!(set("/", 12 * 3_600).await, None);
    let over = house.get_with_cookies("/", &session(&house, "other", Some(Responder), 12 * 3_600)).await;
    assert_eq!(over.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_the_file_says_of_roles_counts_at_once() {
    let house = house_with(&format!("{OIDC}{PEOPLE}"), Sink::Follows);
    let page = house.get_with_cookies("/incidents/acme.1", &session(&house, "sub-1", None, 5)).await.body;
    assert!(page.contains("You are Kovács Anna"), "{page}");
    let cookie = session(&house, "sub-2", None, 5);
    let stranger = house.get_with_cookies("/incidents/acme.1", &cookie).await;
    assert!(stranger.status == StatusCode::FORBIDDEN && stranger.body.contains("sub-2"), "{}", stranger.body);
    // A session of one configuration is none of another: groups and roles may have changed.
    let other = house_with(&format!("{OIDC}{PEOPLE}").replace("\"press\"", "\"other\""), Sink::Follows);
    let cookie = session(&house, "sub-1", None, 5);
    assert_eq!(other.get_with_cookies("/", &cookie).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_out_everywhere_ends_all_sessions_that_began_before() {
    let house = house_with(&format!("{OIDC}{PEOPLE}"), Sink::Follows);
    let cookies = [session(&house, "sub-1", None, 7_200), session(&house, "sub-1", None, 5)];
    let other = session(&house, "bela", Some(orszem_core::settings::Role::Viewer), 5);
    let settings = house.get_with_cookies("/settings", &cookies[0]).await.body;
    assert!(settings.contains("Your account: sub-1") && !settings.contains("name=\"who\""), "{settings}");
    let form = form_sign(&settings);
    let forged = house.form_with_cookies("/sign-out-everywhere", "form=x", &cookies[0]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let of_other = house.form_with_cookies("/sign-out-everywhere", &format!("{form}&who=bela"), &cookies[0]).await;
    assert!(of_other.status == StatusCode::FORBIDDEN && of_other.body.contains("Your role"), "{}", of_other.body);
    assert_eq!(house.get_with_cookies("/", &cookies[1]).await.status, StatusCode::OK);

    let answer = house.form_with_cookies("/sign-out-everywhere", &form, &cookies[0]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(set.starts_with("__Host-orszem=;") && set.contains("Max-Age=0"), "{set}");
    for cookie in &cookies {
        let answer = house.get_with_cookies("/", cookie).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(!answer.headers.contains_key(header::SET_COOKIE), "what is over is not renewed");
    }
    assert_eq!(house.get_with_cookies("/", &other).await.status, StatusCode::OK);
    // By the name of the person too, and only what began before.
    let later = session(&house, "sub-1", None, -2);
    assert_eq!(house.get_with_cookies("/", &later).await.status, StatusCode::OK);
    let by = ByWhom::new("Zita", "api");
    let record = SignOut::record("anna", Timestamp(clock::now().0 + 5_000), by);
    crate::team_changes::write(&house.app, record).await.unwrap();
    assert_eq!(house.get_with_cookies("/", &later).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_administrator_and_the_api_sign_others_out() {
    let (house, _folder) = house_with_token("sign-outs");
    let path = "/api/v1/sign-outs";
    for (token, body, status) in [
        ("wrong", r#"{"who":"anna","by":"x"}"#, StatusCode::UNAUTHORIZED),
        ("right-token", r#"{"who":"","by":"x"}"#, StatusCode::BAD_REQUEST),
        ("right-token", r#"{"who":"anna"}"#, StatusCode::BAD_REQUEST),
        ("right-token", r#"{"who":"anna","by":"x"}"#, StatusCode::OK),
    ] {
        assert_eq!(house.json(path, token, body).await.status, status, "{body}");
    }
    assert!(house.app.team.signed_out("anna").is_some());
    assert_eq!(self::house("").json(path, "any", "{}").await.status, StatusCode::FORBIDDEN);

    let house = behind_proxy();
    let settings = get(&house, "/settings", "ops@example.com", "ops").await.body;
    assert!(settings.contains("name=\"who\"") && settings.contains("administrator"), "{settings}");
    let form = format!("{}&who=anna", form_sign(&settings));
    let answer = post(&house, "/sign-out-everywhere", &form, "ops@example.com", "ops").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(house.app.team.signed_out("anna").is_some());
}

#[tokio::test]
async fn a_request_may_have_the_headers_of_others() {
    let house = behind_proxy();
    // A name of a header that no proxy was told of says nothing.
    let request = Request::get("/").header(HeaderName::from_static("x-remote-user"), "anna@example.com");
    assert_eq!(house.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_is_signed_in_reads_in_their_own_language_unless_they_chose_another() {
    let person = PEOPLE.replace("title =", "language = \"hu\"\ntitle =");
    let house = house_with(&format!("{OIDC}{person}"), Sink::Follows);
    let cookie = session(&house, "sub-1", None, 0);
    let page = async |cookies: &str| house.get_with_cookies("/silences", cookies).await.body;
    assert!(page(&cookie).await.contains("<html lang=\"hu\">"));
    assert!(page(&format!("{cookie}; orszem_language=en")).await.contains("<html lang=\"en\">"));
    // Her own silences bear her name, and the page asks for none.
    assert!(page(&cookie).await.contains("Új némítás") && !page(&cookie).await.contains("name=\"name\""));
}

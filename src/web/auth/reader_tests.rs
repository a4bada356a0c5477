//! Who may read.

use axum::http::StatusCode;

use crate::fixture::{house, house_with_token};

#[tokio::test]
async fn with_a_token_pages_open_by_token_or_by_their_link() {
    let (house, _folder) = house_with_token("token");
    let genuine = house.link_query("mail", 60);
    for path in ["/", "/incidents/acme.1", "/incidents/acme.2", "/api/v1/incidents", "/api/v1/incidents/acme.1"] {
        assert_eq!(house.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_ne!(house.get_with(path, "right-token").await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(house.get(&format!("/incidents/acme.2?{genuine}")).await.status, StatusCode::UNAUTHORIZED);
    let page = house.get(&format!("/incidents/acme.1?{genuine}")).await;
    assert!(page.status == StatusCode::OK && page.body.contains("<form") && !page.body.contains("All incidents"));
    let expired = house.get(&format!("/incidents/acme.1?{}", house.link_query("mail", -5))).await;
    assert!(expired.status == StatusCode::OK && !expired.body.contains("<form"));
    assert_eq!(house.form("/incidents/acme.1/acknowledge", &genuine).await.status, StatusCode::SEE_OTHER);
    for path in ["/-/healthy", "/style.css"] {
        assert_eq!(house.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn with_a_token_metrics_need_it_unless_the_operator_opens_them() {
    let (guarded, folder) = house_with_token("metrics");
    for token in ["", "wrong"] {
        let answer = guarded.get_with("/metrics", token).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(!answer.body.contains("orszem_"), "{}", answer.body);
    }
    assert_eq!(guarded.get("/metrics").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        guarded.get(&format!("/metrics?{}", guarded.link_query("mail", 60))).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(guarded.get_with("/metrics", "right-token").await.status, StatusCode::OK);
    let token = folder.path().join("metrics");
    let open = house(&format!("[web]\napi_token = \"file:{}\"\nopen_metrics = true", token.display()));
    assert_eq!(open.get("/metrics").await.status, StatusCode::OK);
    assert_eq!(open.get("/").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house("").get("/metrics").await.status, StatusCode::OK, "without a token everybody reads");
}

#[tokio::test]
async fn a_token_that_cannot_be_read_lets_nobody_in() {
    let house = house("[web]\napi_token = \"file:/nonexistent/orszem\"");
    for path in ["/", "/incidents/acme.1", "/api/v1/incidents"] {
        assert_eq!(house.get_with(path, "").await.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    assert_eq!(house.json("/api/v1/incidents/acme.1/resolve", "", "{}").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        house.form("/incidents/acme.1/resolve", &house.link_query("mail", 60)).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn an_expired_link_shows_which_incident_it_was_and_nothing_that_strangers_wrote() {
    let (house, _folder) = house_with_token("expired");
    crate::fixture::fill(&house);
    let expired = format!("/incidents/acme.1?{}", house.link_query("mail", -5));
    let page = house.get(&expired).await;
    assert_eq!(page.status, StatusCode::OK);
    for part in ["acme", "3,412", "Severity 2", "This link has expired", "newest message"] {
        assert!(page.body.contains(part), "{part:?} is missing in {}", page.body);
    }
    let written = crate::fixture::signal(orszem_records::signal::Phase::Opened).samples;
    for sample in &written {
        for hidden in [&sample.text, &sample.author, &sample.source, sample.url.as_ref().unwrap()] {
            assert!(!page.body.contains(hidden.as_str()), "{hidden:?} is in {}", page.body);
        }
    }
    for hidden in ["<form", "slack-crisis", "mail-lead", "#acmedown", "social.example"] {
        assert!(!page.body.contains(hidden), "{hidden:?} is in {}", page.body);
    }
    // Who may read everything reads on.
    let whole = house.get_with(&expired, "right-token").await;
    assert!(whole.body.contains("mention-1") && whole.body.contains("This link has expired"), "{}", whole.body);
}

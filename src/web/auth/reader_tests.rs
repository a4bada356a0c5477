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
    for path in ["/metrics", "/-/healthy", "/style.css"] {
        assert_eq!(house.get(path).await.status, StatusCode::OK, "{path}");
    }
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

//! The handbook: what is in `docs/` for those who run the program and for those whom it notifies. Everybody may read it
//! without a token: it holds no setting and no incident, and somebody whom an alert woke has no time to look for one.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse, Response};
use maud::html;

use crate::asked::Asked;
use crate::refusal::not_found;
use crate::render::markdown::{self, Document};

use super::layout;

/// A document of `docs/`, under the name that its file has there.
macro_rules! document {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../docs/", $name, ".md")))
    };
}

/// The documents in the order in which one needs them: what somebody who was woken needs first.
const TEXTS: [(&str, &str); 22] = [
    document!("operations"),
    document!("people"),
    document!("oncall"),
    document!("routing"),
    document!("playbooks"),
    document!("posting"),
    document!("readiness"),
    document!("afternoon"),
    document!("report"),
    document!("evidence"),
    document!("drills"),
    document!("detection"),
    document!("query"),
    document!("sentiment"),
    document!("input"),
    document!("mention"),
    document!("sign-in"),
    document!("api"),
    document!("backtest"),
    document!("simulate"),
    document!("cases"),
    document!("glossary"),
];

/// The same as pages, made when the first is asked for.
static DOCUMENTS: LazyLock<Vec<(&str, Document)>> =
    LazyLock::new(|| TEXTS.iter().map(|(name, text)| (*name, markdown::render(text, &way))).collect());

/// Where a link of a document leads: to another page of the handbook, to a part of its own, or to another site. What
/// only the repository has leads nowhere.
fn way(link: &str) -> Option<String> {
    if link.starts_with('#') || link.starts_with("https://") || link.starts_with("http://") {
        return Some(link.to_owned());
    }
    let (file, part) = link.split_once('#').map_or((link, None), |(file, part)| (file, Some(part)));
    let name = file.strip_suffix(".md").filter(|name| TEXTS.iter().any(|(known, _)| known == name))?;
    Some(part.map_or_else(|| name.to_owned(), |part| format!("{name}#{part}")))
}

/// `GET /docs`: the documents there are.
pub(crate) async fn index(asked: Asked) -> Response {
    let (words, root) = (&asked.words, layout::root(asked.uri.path()));
    let title = words.say("handbook");
    let main = html! {
        nav aria-label=(words.say("pages")) { a href=(root) { (words.say("all-incidents")) } }
        h1 { (title) }
        p { (words.say("handbook-what")) }
        ul lang="en" {
            @for (name, document) in DOCUMENTS.iter() {
                li { a href={ (root) "docs/" (name) } { (document.title) } }
            }
        }
    };
    layout::response(layout::layout(&asked, &title, &main)).into_response()
}

/// `GET /docs/NAME`: a document.
pub(crate) async fn show(asked: Asked, name: Result<Path<String>, PathRejection>) -> Response {
    let named = name.ok().and_then(|Path(name)| DOCUMENTS.iter().find(|(known, _)| *known == name));
    let Some((_, document)) = named else { return not_found(&asked) };
    let (words, root) = (&asked.words, layout::root(asked.uri.path()));
    let main = html! {
        nav aria-label=(words.say("pages")) {
            a href=(root) { (words.say("all-incidents")) } " "
            a href={ (root) "docs" } { (words.say("handbook")) }
        }
        article.handbook lang="en" {
            @if document.sections.len() > 3 {
                details.more {
                    summary { "Contents" }
                    ul { @for (id, says) in &document.sections { li { a href={ "#" (id) } { (says) } } } }
                }
            }
            (document.body)
        }
    };
    layout::response(layout::layout(&asked, &document.title, &main)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::house_with_token;
    use axum::http::StatusCode;
    use std::collections::BTreeSet;

    #[test]
    fn every_link_of_the_handbook_leads_to_a_heading_that_exists() {
        let ids = |name: &str| -> BTreeSet<String> {
            let (_, document) = DOCUMENTS.iter().find(|(known, _)| *known == name).unwrap();
            let parts = document.body.0.split(" id=\"").skip(1);
            parts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
        };
        let mut parts = 0;
        for (name, document) in DOCUMENTS.iter() {
            assert!(!document.title.is_empty(), "{name} has no title");
            for link in document.body.0.split(" href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                if link.starts_with("http") {
                    continue;
                }
                let (to, part) = link.split_once('#').map_or((link, None), |(to, part)| (to, Some(part)));
                let to = if to.is_empty() { *name } else { to };
                assert!(TEXTS.iter().any(|(known, _)| *known == to), "{name} links to {link}");
                if let Some(part) = part {
                    parts += 1;
                    assert!(ids(to).contains(part), "{name} links to {link}, and there is no such heading");
                }
            }
        }
        assert!(parts > 3, "{parts}");
        assert!(ids("operations").contains("orszemdown"));
    }

    #[test]
    fn links_lead_to_pages_of_the_handbook_or_nowhere() {
        assert_eq!(way("operations.md#x").as_deref(), Some("operations#x"));
        assert_eq!(way("mention.md").as_deref(), Some("mention"));
        assert_eq!(way("#x").as_deref(), Some("#x"));
        assert_eq!(way("https://a.example/b.md").as_deref(), Some("https://a.example/b.md"));
        for nowhere in ["../models/README.md", "alerts.schema.json", "architecture.md", "javascript:x", "//a.example"] {
            assert_eq!(way(nowhere), None, "{nowhere}");
        }
    }

    #[tokio::test]
    async fn everybody_reads_it_in_english_and_what_is_not_in_it_is_not_there() {
        let (house, _folder) = house_with_token("token");
        let index = house.get("/docs").await.body;
        for (name, document) in DOCUMENTS.iter() {
            assert!(index.contains(&format!("href=\"./docs/{name}\"")), "{name}: {index}");
            let page = house.get(&format!("/docs/{name}")).await;
            assert_eq!(page.status, StatusCode::OK, "{name}");
            assert!(page.body.contains("<article class=\"handbook\" lang=\"en\">"), "{name}");
            assert!(page.body.contains(&format!("<title>{} · Orszem</title>", document.title)), "{name}");
        }
        for path in ["/docs/architecture", "/docs/operations.md", "/docs/%2e%2e%2fCargo", "/docs/%FF", "/docs/"] {
            assert_eq!(house.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let page = house.get_with_cookies("/docs/operations", "orszem_language=hu").await.body;
        assert!(page.contains("<html lang=\"hu\">") && page.contains(">Kézikönyv</a>"), "{page}");
    }
}

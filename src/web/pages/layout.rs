//! What every page shares.

use axum::http::header;
use axum::response::IntoResponse;
use maud::{DOCTYPE, Markup, html};

use orszem_records::incident::State;
use orszem_records::time::Timestamp;

use crate::render::format::{self, Zone};

/// A page as the answer to a request.
pub(crate) fn response(page: Markup) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.into_string())
}

/// The way from a page back to the root of the site: relative, so that pages work under any address a proxy gives them.
pub(crate) fn root(path: &str) -> String {
    match path.matches('/').count().saturating_sub(1).min(16) {
        0 => "./".into(),
        depth => "../".repeat(depth),
    }
}

/// A whole page.
pub(crate) fn layout(root: &str, title: &str, refresh: Option<u32>, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex, nofollow";
                meta name="format-detection" content="telephone=no, date=no, address=no, email=no";
                @if let Some(seconds) = refresh { meta http-equiv="refresh" content=(seconds); }
                title { (title) " · Orszem" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href={ (root) "style.css" };
            }
            body { main { (main) } }
        }
    }
}

/// A page that says one thing.
pub(crate) fn message(root: &str, title: &str, text: &str) -> Markup {
    let main = html! {
        h1 { (title) }
        p { (text) }
    };
    layout(root, title, None, &main)
}

/// The severity, with its colour.
pub(crate) fn severity(severity: u8) -> Markup {
    let class = format!("badge severity-{}", severity.clamp(1, 4));
    html! { span class=(class) { "Severity " (severity) } }
}

/// Where an incident stands, with its colour.
pub(crate) fn state(state: State) -> Markup {
    html! { span class={ "badge " (state.name()) } { (format::state(state)) } }
}

/// A time that a browser can read.
pub(crate) fn time(at: Timestamp, zone: &Zone) -> Markup {
    html! { time datetime=(at) { (zone.moment(at)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_the_root_is_as_long_as_the_path() {
        assert_eq!(root("/"), "./");
        assert_eq!(root("/incidents/acme.3"), "../");
        assert_eq!(root("/incidents/acme.3/acknowledge"), "../../");
        assert_eq!(root(&"/".repeat(9000)).len(), 48);
    }
}

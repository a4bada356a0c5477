//! What every page shares.

use axum::http::header;
use axum::response::IntoResponse;
use maud::{DOCTYPE, Markup, html};

use orszem_core::words::Words;
use orszem_records::incident::{Incident, State};
use orszem_records::time::Timestamp;

use crate::address::percent_encode;
use crate::asked::Asked;
use crate::render::format::state_id;

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

/// A whole page, in the words of its reader: with the zone of its times, and a way to change language and zone.
pub(crate) fn layout(asked: &Asked, title: &str, main: &Markup) -> Markup {
    page_at(asked, &root(asked.uri.path()), title, main, None)
}

/// A whole page that keeps itself up to date where a script may run. `over`: nothing more will change.
pub(crate) fn live_layout(asked: &Asked, title: &str, main: &Markup, over: bool) -> Markup {
    page_at(asked, &root(asked.uri.path()), title, main, Some(over))
}

/// `live`: it keeps itself up to date, unless nothing more will change.
fn page_at(asked: &Asked, root: &str, title: &str, main: &Markup, live: Option<bool>) -> Markup {
    let words = &asked.words;
    let over = live == Some(true);
    html! {
        (DOCTYPE)
        html lang=(words.language().code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex, nofollow";
                meta name="format-detection" content="telephone=no, date=no, address=no, email=no";
                title { (title) " · Orszem" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href={ (root) "style.css" };
                @if live == Some(false) { script src={ (root) "page.js" } defer {} }
            }
            body {
                main data-over[over] { (main) }
                footer.site.quiet { (site_links(asked, root)) }
            }
        }
    }
}

/// Which zone times are in, the way to change it and the language, and the handbook.
fn site_links(asked: &Asked, root: &str) -> Markup {
    let words = &asked.words;
    let back = asked.uri.path_and_query().map_or("/", |here| here.as_str()).trim_start_matches('/');
    html! {
        (words.with("times-in", [("zone", words.zone().name().into())])) " "
        a href={ (root) "settings?back=" (percent_encode(back)) } { (words.say("settings")) } " · "
        a href={ (root) "docs" } { (words.say("handbook")) }
    }
}

/// A page that says one thing.
pub(crate) fn message(asked: &Asked, title: &str, text: &str) -> Markup {
    let main = html! {
        h1 { (title) }
        p { (text) }
    };
    shut(asked, title, &main)
}

/// A whole page for somebody who may see nothing: it repeats nothing of the address that was asked for.
pub(crate) fn shut(asked: &Asked, title: &str, main: &Markup) -> Markup {
    let root = root(asked.uri.path());
    let nowhere = Asked { uri: axum::http::Uri::from_static("/"), ..asked.clone() };
    page_at(&nowhere, &root, title, main, None)
}

/// The severity, with its colour.
pub(crate) fn severity(severity: u8, words: &Words) -> Markup {
    let class = format!("badge severity-{}", severity.clamp(1, 4));
    html! { span class=(class) { (words.with("severity", [("n", severity.into())])) } }
}

/// Where an incident stands, with its colour; that nobody came stays also when it is over.
pub(crate) fn badges(incident: &Incident, words: &Words) -> Markup {
    let state = incident.state();
    let alone = incident.exhausted && incident.acknowledged.is_none() && incident.resolved.is_none();
    html! {
        div.badges {
            @if incident.is_drill() { span.badge.drill { (words.say("drill-mark")) } }
            (severity(incident.severity, words))
            span class={ "badge " (state.name()) } { (words.say(state_id(state))) }
            @if incident.false_alarm { span.badge.quiet { (words.say("badge-false-alarm")) } }
            @if alone {
                span.badge.alarm {
                    (words.say(if state == State::Open { "badge-nobody-came" } else { "badge-nobody-had-it" }))
                }
            }
            @if incident.signal.learning { span.badge.quiet { (words.say("badge-learning")) } }
        }
    }
}

/// A time that a browser can read.
pub(crate) fn time(at: Timestamp, words: &Words) -> Markup {
    html! { time datetime=(at) { (words.moment(at)) } }
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

//! The ways to sign in: at the provider of identities, by the proxy, with the API's token.

use axum::http::Uri;
use maud::{Markup, html};

use orszem_core::settings::Config;

use crate::address::{self, percent_encode};
use crate::asked::Asked;

use super::layout;

/// The page that was asked for, as the way back to it after signing in: an address below the root; empty for the list.
pub(crate) fn way_back(uri: &Uri) -> String {
    let asked = uri.path_and_query().map_or("", |asked| asked.as_str()).trim_start_matches('/');
    address::way_back(asked).to_owned()
}

/// The page with the ways there are. `wrong`: a text of the catalogue that says why the last try failed. `back`: where
/// somebody is led who signs in.
pub(crate) fn page(asked: &Asked, config: &Config, wrong: Option<&str>, back: &str) -> Markup {
    let words = &asked.words;
    let root = layout::root(asked.uri.path());
    let title = words.say("sign-in");
    let sign_in = &config.sign_in;
    let token = config.web.api_token.is_some() || !sign_in.is_on();
    let help = if sign_in.is_on() { "sign-in-token-operator" } else { "sign-in-token-help" };
    let main = html! {
        h1 { (title) }
        p { (words.say("sign-in-why")) }
        @if let Some(wrong) = wrong { p.warning role="alert" { (words.say(wrong)) } }
        @if let Some(oidc) = &sign_in.oidc {
            p {
                a.button href={ (root) "sign-in/oidc" @if !back.is_empty() { "?back=" (percent_encode(back)) } } {
                    @match &oidc.title {
                        Some(title) => (words.with("sign-in-at", [("provider", title.as_str().into())])),
                        None => (words.say("sign-in-at-provider")),
                    }
                }
            }
        }
        @if sign_in.proxy.is_some() { p { (words.say("sign-in-proxy")) } }
        @if token {
            form.try method="post" action={ (root) "sign-in" } {
                label for="token" { (words.say("sign-in-token")) }
                input #token type="password" name="token" required autocomplete="current-password" maxlength="512"
                    aria-describedby="token-help" aria-invalid=[(wrong == Some("sign-in-wrong")).then_some("true")];
                p.quiet #token-help { (words.say(help)) }
                button type="submit" class=(if sign_in.is_on() { "secondary" } else { "primary" }) {
                    (words.say("sign-in-do"))
                }
            }
        }
    };
    layout::shut(asked, &title, &main)
}

//! What was asked for, and the words in which it is answered.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use serde::Deserialize;

use orszem_core::settings::Config;
use orszem_core::words::Words;

use crate::app::AppState;
use crate::auth::preferences::Preferences;
use crate::auth::visitor::Visit;

/// What was asked for, and the words in which it is answered.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The address.
    pub uri: Uri,
    /// The reader's words; English for programs.
    pub words: Words,
    /// What their browser keeps.
    pub preferences: Preferences,
}

impl Asked {
    /// What a request asks.
    pub(crate) fn new(uri: &Uri, headers: &HeaderMap, config: &Config) -> Asked {
        Asked::by(uri, Preferences::of(headers), config)
    }

    fn by(uri: &Uri, preferences: Preferences, config: &Config) -> Asked {
        let words = match Asked::is_of_api(uri) {
            true => Words::default(),
            false => preferences.words(config, bearer(uri).as_deref(), None),
        };
        Asked { uri: uri.clone(), words, preferences }
    }

    /// Whether a program asks: it gets JSON, and no link lets it in.
    pub(crate) fn is_api(&self) -> bool {
        Asked::is_of_api(&self.uri)
    }

    /// Whether this address is one for programs.
    pub(crate) fn is_of_api(uri: &Uri) -> bool {
        uri.path().starts_with("/api/")
    }
}

/// The receiver whose link was followed, unchecked: it chooses words and nothing else.
fn bearer(uri: &Uri) -> Option<String> {
    #[derive(Deserialize)]
    struct Params {
        r#as: Option<String>,
    }
    Query::<Params>::try_from_uri(uri).ok()?.0.r#as
}

impl FromRequestParts<AppState> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Asked, Infallible> {
        let config = app.config.load();
        let preferences = Preferences::of(&parts.headers);
        let person = parts.extensions.get::<Visit>().and_then(Visit::person).and_then(|name| config.person(name));
        let preferences = match person {
            Some(person) => preferences.of_person(person),
            None => preferences,
        };
        Ok(Asked::by(&parts.uri, preferences, &config))
    }
}

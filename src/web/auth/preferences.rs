//! What a browser keeps of its reader: a language, a time zone, and the name that they act under; and what the
//! configuration says of a reader who is signed in.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

use orszem_core::settings::{Config, Person};
use orszem_core::words::{Language, Words, Zone};
use orszem_records::time::zone;

use super::cookies;
use super::name::name;

const LANGUAGE: &str = "orszem_language";
const ZONE: &str = "orszem_zone";
const NAME: &str = "orszem_name";
/// How long a browser keeps them: a year.
const KEPT_S: u64 = 365 * 24 * 3_600;

/// What a browser keeps of its reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preferences {
    /// The language chosen.
    pub language: Option<Language>,
    /// The time zone chosen, by its IANA name.
    pub zone: Option<String>,
    /// The name that the reader acts under.
    pub name: Option<String>,
    /// The language of the `[[person]]` who is signed in.
    own_language: Option<Language>,
    /// Their time zone.
    own_zone: Option<String>,
}

impl Preferences {
    /// Those that the cookies of a request have; what cannot be one is left out.
    pub(crate) fn of(headers: &HeaderMap) -> Preferences {
        Preferences {
            language: cookies::value(headers, LANGUAGE).and_then(|code| Language::of_code(&code)),
            zone: cookies::value(headers, ZONE).filter(|name| is_zone(name)),
            name: cookies::value(headers, NAME).and_then(|text| name(&text)),
            ..Preferences::default()
        }
    }

    /// Of somebody who is signed in: as the configuration says of them, where they chose nothing else.
    pub(crate) fn of_person(self, person: &Person) -> Preferences {
        Preferences { own_language: person.reads(), own_zone: person.time_zone.clone(), ..self }
    }

    /// The words for the reader: what they chose, else their own where they are signed in, else those of the receiver
    /// whose link they came by, else those of `[web]`, else the clock of the watch.
    pub(crate) fn words(&self, config: &Config, receiver: Option<&str>, watch_zone: Option<&str>) -> Words {
        let known = config.words(receiver, watch_zone);
        let zone = self.zone.as_deref().or(self.own_zone.as_deref());
        let zone = zone.map_or_else(|| known.zone().clone(), |name| Zone::named(Some(name)));
        Words::new(self.language.or(self.own_language).unwrap_or(known.language()), zone)
    }
}

/// Whether there is a time zone of this name.
pub(crate) fn is_zone(name: &str) -> bool {
    name == "UTC" || zone::name(&zone::named(Some(name))).is_some()
}

/// The cookies that keep a choice of language and zone; what was not chosen is forgotten.
pub(crate) fn keep_choice(language: Option<Language>, zone: Option<&str>, secure: bool) -> Vec<HeaderValue> {
    let cookie = |name: &str, value: Option<&str>| {
        cookies::set(name, value.unwrap_or(""), if value.is_some() { KEPT_S } else { 0 }, secure)
    };
    [cookie(LANGUAGE, language.map(Language::code)), cookie(ZONE, zone)].into_iter().flatten().collect()
}

/// The cookie that keeps a name.
pub(crate) fn keep_name(name: &str, secure: bool) -> Option<HeaderValue> {
    cookies::set(NAME, name, KEPT_S, secure)
}

impl<S: Send + Sync> FromRequestParts<S> for Preferences {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Preferences, Infallible> {
        Ok(Preferences::of(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::COOKIE;

    #[test]
    fn what_the_reader_chose_counts_before_everything_else() {
        let config: Config = toml::from_str(
            "[web]\nlanguage = \"hu\"\n[[receiver]]\nkind = \"console\"\nname = \"desk\"\nlanguage = \"en\"\n\
             time_zone = \"Europe/London\"\n",
        )
        .unwrap();
        let words = |preferences: &Preferences, receiver| {
            let words = preferences.words(&config, receiver, Some("Europe/Budapest"));
            (words.language(), words.zone().name().to_owned())
        };
        let nothing = Preferences::default();
        assert_eq!(words(&nothing, None), (Language::Hungarian, "Europe/Budapest".into()));
        assert_eq!(words(&nothing, Some("desk")), (Language::English, "Europe/London".into()));
        let cookies = "orszem_language=hu; orszem_zone=UTC; orszem_name=%C3%81gnes";
        let chosen = Preferences::of(&HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(cookies))]));
        assert_eq!(words(&chosen, Some("desk")), (Language::Hungarian, "UTC".into()));
        assert_eq!(chosen.name.as_deref(), Some("Ágnes"));
        let person: Person = toml::from_str("name = \"anna\"\nlanguage = \"hu\"\ntime_zone = \"Asia/Tokyo\"").unwrap();
        let own = |preferences: Preferences| words(&preferences.of_person(&person), Some("desk"));
        assert_eq!(own(Preferences::default()), (Language::Hungarian, "Asia/Tokyo".into()));
        assert_eq!(own(chosen.clone()), (Language::Hungarian, "UTC".into()));
        let wrong = "orszem_language=xx; orszem_zone=Mars/Olympus; orszem_name=%0A";
        let wrong = Preferences::of(&HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(wrong))]));
        assert_eq!(wrong, Preferences::default());
    }
}

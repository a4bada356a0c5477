//! The catalogue: the texts of each language, read once.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

use super::language::Language;
use super::numbers;

/// The files of a language, by their names.
pub(super) const fn files(language: Language) -> [(&'static str, &'static str); 8] {
    match language {
        Language::English => [
            ("messages.ftl", include_str!("en/messages.ftl")),
            ("pages.ftl", include_str!("en/pages.ftl")),
            ("playbook.ftl", include_str!("en/playbook.ftl")),
            ("posting.ftl", include_str!("en/posting.ftl")),
            ("readiness.ftl", include_str!("en/readiness.ftl")),
            ("report.ftl", include_str!("en/report.ftl")),
            ("team.ftl", include_str!("en/team.ftl")),
            ("drill.ftl", include_str!("en/drill.ftl")),
        ],
        Language::Hungarian => [
            ("messages.ftl", include_str!("hu/messages.ftl")),
            ("pages.ftl", include_str!("hu/pages.ftl")),
            ("playbook.ftl", include_str!("hu/playbook.ftl")),
            ("posting.ftl", include_str!("hu/posting.ftl")),
            ("readiness.ftl", include_str!("hu/readiness.ftl")),
            ("report.ftl", include_str!("hu/report.ftl")),
            ("team.ftl", include_str!("hu/team.ftl")),
            ("drill.ftl", include_str!("hu/drill.ftl")),
        ],
    }
}

/// A value in a text: a whole number, which is written as the language does and chooses the plural, or a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Value(FluentValue<'static>);

impl From<u64> for Value {
    fn from(number: u64) -> Value {
        // The plural of numbers beyond 2^53 is that of their neighbours.
        Value(FluentValue::Number(FluentNumber::new(number as f64, Default::default())))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Value {
        u64::from(number).into()
    }
}

impl From<u8> for Value {
    fn from(number: u8) -> Value {
        u64::from(number).into()
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Value {
        (number as u64).into()
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value(FluentValue::String(Cow::Owned(text)))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        text.to_owned().into()
    }
}

/// The text with this id. The id itself where the catalogue has none: a test sees to it that no text is missing.
pub(super) fn text<const N: usize>(language: Language, id: &str, values: [(&'static str, Value); N]) -> String {
    let bundle = bundle(language);
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else { return id.to_owned() };
    let args: FluentArgs<'_> = values.into_iter().map(|(name, Value(value))| (name, value)).collect();
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut faults).into_owned();
    debug_assert!(faults.is_empty(), "{id}: {faults:?}");
    text
}

fn bundle(language: Language) -> &'static FluentBundle<FluentResource> {
    static ENGLISH: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    static HUNGARIAN: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    match language {
        Language::English => ENGLISH.get_or_init(|| read(language)),
        Language::Hungarian => HUNGARIAN.get_or_init(|| read(language)),
    }
}

fn read(language: Language) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![match language {
        Language::English => langid!("en"),
        Language::Hungarian => langid!("hu"),
    }]);
    // The marks that Fluent puts around values are for mixed directions of writing; they would be in every subject.
    // Names from outside are kept apart where they are shown (`bdi`).
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| number(Language::English, value),
        Language::Hungarian => |value, _| number(Language::Hungarian, value),
    }));
    for (file, text) in files(language) {
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(rest, faults)| {
            debug_assert!(false, "{language:?} {file}: {faults:?}");
            rest
        });
        let added = bundle.add_resource(resource);
        debug_assert!(added.is_ok(), "{language:?} {file}: {added:?}");
    }
    bundle
}

fn number(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(numbers::count(language, number.value as u64)),
        _ => None,
    }
}

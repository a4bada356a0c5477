//! Which holding statements are offered in an incident: in the language of the crisis, with what is known filled in.

use std::collections::BTreeMap;

use orszem_records::incident::Incident;
use orszem_records::language_code::Code;
use orszem_records::time::Timestamp;
use orszem_text::fold::folded;

use crate::settings::{Config, Statement, StatementText};
use crate::situation::Situation;
use crate::words::{Language, Words, Zone};

/// What can be filled in, by the names of the blanks.
pub const BLANKS: [&str; 3] = ["name", "since", "today"];

/// The holding statements of an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Offers<'c> {
    /// The language of the crisis, by its two letters, where it is known.
    pub language: Option<String>,
    /// What can be said, in the order of the file.
    pub offers: Vec<Offer<'c>>,
    /// The statements of which no text may be used: of each the one that ran out last.
    pub expired: Vec<(&'c Statement, &'c StatementText)>,
}

/// A holding statement that may be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer<'c> {
    /// The statement.
    pub statement: &'c Statement,
    /// Its text in the language that was found.
    pub text: &'c StatementText,
    /// It is not in the language of the crisis: there is none in that, or it ran out.
    pub is_fallback: bool,
    /// The text with its blanks filled in.
    pub says: String,
}

/// The holding statements of an incident at a moment.
pub fn offers<'c>(config: &'c Config, incident: &Incident, now: Timestamp) -> Offers<'c> {
    let language = language(config, incident);
    let mut found = Offers { language: language.clone(), offers: Vec::new(), expired: Vec::new() };
    if config.statements.is_empty() {
        return found;
    }
    let situation = Situation::of(config, incident);
    let today = config.day(now);
    let wanted: Vec<&str> =
        language.as_deref().into_iter().chain(config.posting.languages.iter().map(String::as_str)).collect();
    for statement in &config.statements {
        if !situation.is_in(&statement.matcher) || !situation.is_driven_by(&statement.terms) {
            continue;
        }
        let valid = |text: &&StatementText| text.until.0 >= today;
        // Of several in one language the one that holds longest.
        let newest = |language: &str| {
            let texts = statement.texts.iter().filter(valid).filter(|text| text.language == language);
            texts.max_by_key(|text| text.until)
        };
        match wanted.iter().find_map(|language| newest(language)) {
            Some(text) => found.offers.push(Offer {
                statement,
                text,
                is_fallback: language.as_deref().is_some_and(|language| language != text.language),
                says: filled(config, incident, text, now),
            }),
            None => {
                let expired = statement.texts.iter().filter(|text| text.until.0 < today).max_by_key(|text| text.until);
                found.expired.extend(expired.map(|text| (statement, text)));
            }
        }
    }
    found
}

/// The language of the crisis: what the label `language` of its watch says, else that of most of its examples.
pub fn language(config: &Config, incident: &Incident) -> Option<String> {
    let watch = config.watch(&incident.watch);
    if let Some(label) = watch.as_ref().and_then(|watch| watch.labels.get("language")) {
        return Some(label.clone());
    }
    let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
    for language in incident.signal.samples.iter().filter_map(|sample| sample.language) {
        *counts.entry(language).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(language, count)| (*count, std::cmp::Reverse(*language)));
    most.map(|(language, _)| language.as_str().to_owned())
}

/// The phrases of the statements for an incident that must not be said, and that a text has.
pub fn forbidden<'c>(config: &'c Config, incident: &Incident, text: &str) -> Vec<&'c str> {
    let text = folded(text);
    let said = |phrase: &&&str| text.contains(&folded(phrase));
    must_not_say(config, incident).iter().filter(said).copied().collect()
}

/// What must not be said in an incident, each once.
pub fn must_not_say<'c>(config: &'c Config, incident: &Incident) -> Vec<&'c str> {
    let mut phrases: Vec<&str> = Vec::new();
    if config.statements.iter().all(|statement| statement.must_not_say.is_empty()) {
        return phrases;
    }
    let situation = Situation::of(config, incident);
    for statement in &config.statements {
        if situation.is_in(&statement.matcher) && situation.is_driven_by(&statement.terms) {
            for phrase in &statement.must_not_say {
                if !phrases.contains(&phrase.as_str()) {
                    phrases.push(phrase);
                }
            }
        }
    }
    phrases
}

/// The blanks of a text that nothing fills in.
pub fn unknown_blanks(text: &str) -> Vec<&str> {
    blanks(text).filter(|blank| !BLANKS.contains(blank)).collect()
}

/// What stands between braces.
fn blanks(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// A text with its blanks filled in: from the incident alone, in the language of the text. Where we have no words of
/// it, times have no words: `14:05`, and of another day than now `2026-11-30 14:05`.
fn filled(config: &Config, incident: &Incident, text: &StatementText, now: Timestamp) -> String {
    let zone = incident.signal.time_zone.as_deref().or(Some(config.time_zone()));
    let ours = Language::of_code(&text.language);
    let words = Words::new(ours.unwrap_or_default(), Zone::named(zone));
    let opened = incident.signal.opened_at;
    let watch = config.watch(&incident.watch);
    let name = watch.as_ref().map_or(incident.watch.as_str(), |watch| watch.title.as_deref().unwrap_or(&watch.name));
    let mut says = String::with_capacity(text.says.len());
    let mut rest = text.says.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        says.push_str(before);
        let Some((blank, after)) = after.split_once('}') else {
            says.push('{');
            rest = after;
            continue;
        };
        match blank {
            "name" => says.push_str(name),
            "since" if ours.is_some() => says.push_str(&words.moment(opened)),
            "today" if ours.is_some() => says.push_str(&words.day(now)),
            // In a language that we have no words of: figures alone, which every language reads.
            "since" if words.is_same_day(opened, now) => says.push_str(&words.clock(opened)),
            "since" => says.push_str(&words.sortable(opened)),
            "today" => says.push_str(&words.sortable_day(now)),
            other => says.extend(["{", other, "}"]),
        }
        rest = after;
    }
    says.push_str(rest);
    says
}

#[cfg(test)]
mod tests {
    use super::super::posting_fixture::{at, config, incident};
    use super::*;
    use crate::settings::calendar::Day;
    use orszem_records::class::Class;
    use orszem_records::tally::Sample;

    fn in_language(language: &str) -> Incident {
        let mut incident = incident(2);
        let sample = |language: &str| Sample {
            id: "1".into(),
            published_at: Timestamp(0),
            source: "x".into(),
            author: "a".into(),
            followers: 0,
            class: Class::Negative,
            text: "down".into(),
            url: None,
            language: Code::of(language),
            role: None,
        };
        incident.signal.samples = vec![sample("de"), sample(language), sample(language)];
        incident
    }

    #[test]
    fn case_119_what_expired_is_not_offered_and_another_language_is_said_to_be_one() {
        let config = config();
        let yesterday = at("2026-03-29T20:00:00Z");
        let found = offers(&config, &in_language("hu"), yesterday);
        assert_eq!(found.language.as_deref(), Some("hu"));
        assert_eq!((found.offers[0].text.language.as_str(), found.offers[0].is_fallback), ("hu", false));
        let now = at("2026-03-30T08:00:00Z");
        let found = offers(&config, &in_language("hu"), now);
        assert_eq!((found.offers[0].text.language.as_str(), found.offers[0].is_fallback), ("en", true));
        let mut hungarian = config.clone();
        hungarian.posting.languages = vec!["hu".into()];
        let found = offers(&hungarian, &in_language("hu"), now);
        assert!(found.offers.is_empty());
        assert_eq!(found.expired[0].1.until.0.to_string(), "2026-03-29");
    }

    #[test]
    fn the_last_day_is_by_the_clock_of_the_installation() {
        let config = config();
        let languages = |time: &str| offers(&config, &in_language("hu"), at(time)).offers[0].text.language.clone();
        assert_eq!(languages("2026-03-29T21:59:59Z"), "hu", "it is the 29th in Budapest until then");
        assert_eq!(languages("2026-03-29T22:00:00Z"), "en");
    }

    #[test]
    fn blanks_are_filled_from_the_incident_and_in_the_language_of_the_text() {
        let config = config();
        let says = |time: &str| offers(&config, &in_language("hu"), at(time)).offers[0].says.clone();
        let hungarian = says("2026-03-29T20:00:00Z");
        assert!(hungarian.starts_with("Acme: 2026. márc. 30.") && hungarian.contains("10:00"), "{hungarian}");
        assert!(says("2026-03-30T20:00:00Z").contains("since 30 Mar 2026"), "{}", says("2026-03-30T20:00:00Z"));
        assert_eq!(unknown_blanks("{name} {plant} and {today}"), ["plant"]);
    }

    #[test]
    fn times_in_a_statement_are_right_in_its_language_also_where_it_is_none_of_ours() {
        let mut config = config();
        config.statements[0].texts.truncate(1);
        let says = |language: &str, time: &str, config: &mut Config| {
            let text = &mut config.statements[0].texts[0];
            text.until = "2026-12-31".parse().map(Day).unwrap();
            (text.language, text.says) = (language.to_owned(), "{since} | {today}".to_owned());
            offers(config, &in_language(language), at(time)).offers[0].says.clone()
        };
        // It opened at 10:00 in Budapest.
        let (same_day, later) = ("2026-03-30T20:00:00Z", "2026-04-02T08:00:00Z");
        for language in ["de", "ja"] {
            assert_eq!(says(language, same_day, &mut config), "10:00 | 2026-03-30", "{language}");
            assert_eq!(says(language, later, &mut config), "2026-03-30 10:00 | 2026-04-02", "{language}");
        }
        assert_eq!(says("en", same_day, &mut config), "30 Mar 2026, 10:00 CEST | Mon 30 Mar 2026");
        assert_eq!(says("hu", same_day, &mut config), "2026. márc. 30. 10:00 CEST | 2026. márc. 30., hétfő");
    }

    #[test]
    fn what_must_not_be_said_is_found_whatever_its_capitals() {
        let config = config();
        assert_eq!(forbidden(&config, &incident(2), "It was OUR FAULT."), ["our fault"]);
        assert!(forbidden(&config, &incident(2), "We look into it.").is_empty());
    }
}

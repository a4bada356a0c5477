use super::*;
use crate::simulate::catalog::companies;
use std::collections::HashSet;

fn texts(class: Class, matter: Matter, hungarian: bool, count: u64) -> Vec<String> {
    let companies = companies(6);
    let names: Vec<Names> = companies.iter().map(Names::of).collect();
    (0..count)
        .map(|seed| {
            let company = usize::try_from(seed).unwrap() % companies.len();
            let scene = Scene {
                names: Some(&names[company]),
                topic: companies[company].topic,
                class,
                matter,
                hungarian,
                answers: None,
            };
            write(&scene, &mut Dice::new(seed))
        })
        .collect()
}

/// The shares of negative and positive texts by VADER's usual borders.
fn judged(texts: &[String]) -> (f64, f64) {
    let vader = vader_sentiment::SentimentIntensityAnalyzer::new();
    let scores: Vec<f64> = texts.iter().map(|text| vader.polarity_scores(text)["compound"]).collect();
    let share =
        |holds: fn(&f64) -> bool| scores.iter().filter(|score| holds(score)).count() as f64 / scores.len() as f64;
    (share(|score| *score <= -0.05), share(|score| *score >= 0.05))
}

#[test]
fn an_ordinary_lexicon_reads_the_english_feelings() {
    let (negative, _) = judged(&texts(Class::Negative, Matter::Everyday, false, 600));
    assert!(negative > 0.9, "{negative}");
    let (negative, _) = judged(&texts(Class::Negative, Matter::Incident(1), false, 600));
    assert!(negative > 0.9, "{negative}");
    let (_, positive) = judged(&texts(Class::Positive, Matter::Everyday, false, 600));
    assert!(positive > 0.9, "{positive}");
    let (negative, positive) = judged(&texts(Class::Neutral, Matter::Everyday, false, 600));
    assert!(negative < 0.06 && positive < 0.06, "{negative} {positive}");
}

#[test]
fn the_hungarian_feelings_are_in_common_words() {
    let hungarian = &super::hungarian::HUNGARIAN;
    let fold = |text: &str| text.to_lowercase().chars().map(without_accent).collect::<String>();
    let holds = |text: &String, tables: &[&[&str]]| {
        let text = fold(text);
        tables.iter().any(|words| words.iter().any(|word| text.contains(&fold(word))))
    };
    let share = |class, tables: &[&[&str]]| {
        let texts = texts(class, Matter::Everyday, true, 600);
        texts.iter().filter(|text| holds(text, tables)).count() as f64 / texts.len() as f64
    };
    let bad: &[&[&str]] = &[hungarian.bad, hungarian.scam, hungarian.angry, hungarian.broke];
    let good: &[&[&str]] = &[hungarian.good, hungarian.happy, &["koszon", "imad", "ajanl"]];
    assert!(share(Class::Negative, bad) > 0.95);
    assert!(share(Class::Positive, good) > 0.95);
    assert!(share(Class::Neutral, &[hungarian.bad, hungarian.angry]) < 0.02);
}

#[test]
fn every_slot_is_filled_and_every_text_names_its_company() {
    let companies = companies(6);
    let fold = |text: &str| text.to_lowercase().chars().map(without_accent).collect::<String>();
    for hungarian in [true, false] {
        for class in [Class::Negative, Class::Neutral, Class::Positive] {
            for matter in [Matter::Everyday, Matter::Incident(2), Matter::Campaign] {
                for (number, text) in texts(class, matter, hungarian, 600).iter().enumerate() {
                    assert!(!text.contains(['{', '}']), "{text}");
                    assert!(!text.contains("  "), "{text:?}");
                    let terms = Names::of(&companies[number % 6]).terms();
                    // As a matcher does it: whole words, case and accents aside.
                    let text = fold(text);
                    let found = terms.iter().any(|term| {
                        text.match_indices(&fold(term))
                            .any(|(at, hit)| !text[at + hit.len()..].starts_with(char::is_alphanumeric))
                    });
                    assert!(found, "{text:?} {terms:?}");
                }
            }
        }
    }
}

#[test]
fn unknown_slots_do_not_hide_in_the_tables() {
    let known = [
        "bad", "good", "broke", "angry", "happy", "disaster", "scam", "who", "place", "when", "num", "small", "hour",
        "incident", "awho", "thing", "athing", "thingt", "athingt", "a", "n", "nal", "val", "t", "tol", "rol", "ra",
        "bol", "hoz", "nak", "abad", "agood", "day",
    ];
    for language in [&super::english::ENGLISH, &super::hungarian::HUNGARIAN] {
        let templates = language.sentences.iter().chain(&language.closers).copied().flatten();
        for template in templates.chain(language.crisis).chain(language.campaign).chain(language.chatter) {
            for slot in template.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()) {
                assert!(known.contains(&slot), "{template}");
            }
        }
    }
}

#[test]
fn two_people_hardly_ever_write_the_same() {
    for hungarian in [true, false] {
        for class in [Class::Negative, Class::Neutral, Class::Positive] {
            let texts = texts(class, Matter::Everyday, hungarian, 20_000);
            let distinct: HashSet<&String> = texts.iter().collect();
            assert!(distinct.len() > 19_000, "{hungarian} {class:?}: {}", distinct.len());
        }
    }
}

#[test]
fn a_campaign_and_an_incident_stay_with_one_matter() {
    let crisis = texts(Class::Negative, Matter::Incident(0), false, 600);
    let of_flights: Vec<&String> = crisis.iter().step_by(6).collect();
    assert!(of_flights.iter().filter(|text| text.to_lowercase().contains("stranded passengers")).count() > 50);
    assert!(!of_flights.iter().any(|text| text.contains("lost luggage")));
}

use super::*;

fn english() -> Words {
    Words::new(Language::English, Zone::named(Some("Europe/Budapest")))
}

fn hungarian() -> Words {
    Words::new(Language::Hungarian, Zone::named(Some("Europe/Budapest")))
}

const SUMMER: Timestamp = Timestamp(1_406_910_600_000);
const WINTER: Timestamp = Timestamp(1_420_070_400_000);

/// The texts of a language, each with the values that it asks for.
fn texts(language: Language) -> Vec<(String, Vec<String>)> {
    let mut texts: Vec<(String, Vec<String>)> = Vec::new();
    for (_, file) in catalogue::files(language) {
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            if let Some((id, _)) = line.split_once(" = ").filter(|(id, _)| !id.starts_with([' ', '[', '*'])) {
                texts.push((id.to_owned(), Vec::new()));
            }
            let Some((_, values)) = texts.last_mut() else { continue };
            for value in line.split('$').skip(1) {
                let end = value.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(value.len());
                values.push(value[..end].to_owned());
            }
        }
    }
    for (_, values) in &mut texts {
        values.sort();
        values.dedup();
    }
    texts.sort();
    texts
}

#[test]
fn each_text_is_there_in_each_language_and_asks_for_the_same_values() {
    let (english, hungarian) = (texts(Language::English), texts(Language::Hungarian));
    assert!(english.len() > 100, "{}", english.len());
    for text in &english {
        assert!(hungarian.contains(text), "{text:?} is not in hu/, or asks for other values there");
    }
    for text in &hungarian {
        assert!(english.contains(text), "{text:?} is not in en/");
    }
    assert!(english.windows(2).all(|two| two[0].0 != two[1].0), "an id stands twice");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test, which reads the sources")]
fn each_text_is_used_somewhere_and_each_that_is_used_is_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = String::new();
    let mut folders = vec![root.to_owned(), root.join("../web"), root.join("../stages"), root.join("../notify")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                sources.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let catalogue: String = catalogue::files(Language::English).iter().map(|(_, file)| *file).collect();
    let known = texts(Language::English);
    for (id, _) in &known {
        let used = sources.contains(&format!("\"{id}\"")) || catalogue.contains(&format!("{{ {id} }}"));
        assert!(used, "nothing uses the text {id}");
    }
    // What is asked for by a literal.
    for call in [".say(\"", ".with(\"", ".with(\n"] {
        for rest in sources.split(call).skip(1) {
            let literal = rest.trim_start().trim_start_matches('"');
            let id = literal.split('"').next().unwrap_or_default();
            let is_id = !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            assert!(!is_id || known.iter().any(|(known, _)| known == id), "there is no text {id}");
        }
    }
}

#[test]
fn numbers_are_written_as_the_language_does() {
    let counts = |words: &Words| [0, 999, 1_000, 12_345, 1_234_567].map(|number| words.count(number));
    assert_eq!(counts(&english()), ["0", "999", "1,000", "12,345", "1,234,567"]);
    assert_eq!(counts(&hungarian()), ["0", "999", "1000", "12\u{a0}345", "1\u{a0}234\u{a0}567"]);
    let numbers = [0.0, 0.0004, 0.02134, 0.5, 1.44, 3.04, 9.96, 14.2, 99.6, 12_345.6, -3.0, f64::NAN];
    let figures = |words: &Words| numbers.map(|number| words.figure(number)).join(" ");
    assert_eq!(figures(&english()), "0 0.001 0.021 0.5 1.4 3 10 14 100 12,346 -3 –");
    assert_eq!(figures(&hungarian()), "0 0,001 0,021 0,5 1,4 3 10 14 100 12\u{a0}346 -3 –");
    assert_eq!(english().figure(1e300).len(), english().count(u64::MAX).len(), "an end to every number");
    let about = |words: &Words| [7, 95, 6_184, 1_413_180, 96_000_000].map(|number| words.about(number));
    assert_eq!(about(&english()), ["7", "95", "6,200", "1.4 million", "96 million"]);
    assert_eq!(about(&hungarian())[3], "1,4 millió");
    assert_eq!([0.0, 0.004, 0.436, 1.0].map(|part| english().percent(part)), ["0%", "0.4%", "44%", "100%"]);
}

#[test]
fn times_are_those_of_the_zone_as_the_language_writes_them() {
    assert_eq!(english().moment(SUMMER), "1 Aug 2014, 18:30 CEST");
    assert_eq!(english().moment_seconds(WINTER), "1 Jan 2015, 01:00:00 CET");
    assert_eq!(hungarian().moment(SUMMER), "2014. aug. 1. 18:30 CEST");
    assert_eq!(hungarian().day(SUMMER), "2014. aug. 1., péntek");
    assert_eq!(english().day(SUMMER), "Fri 1 Aug 2014");
    assert_eq!(english().beside(SUMMER, SUMMER.plus(3_600_000)), "18:30");
    assert_eq!(english().beside(SUMMER, WINTER), "1 Aug, 18:30");
    assert_eq!(hungarian().beside(SUMMER, WINTER), "aug. 1. 18:30");
    assert_eq!((english().abbreviation(WINTER), english().zone().offset(SUMMER)), ("CET".into(), 7_200));
    let brazil = Words::new(Language::English, Zone::named(Some("America/Sao_Paulo")));
    assert_eq!(brazil.moment(SUMMER), "1 Aug 2014, 13:30 -03");
    for unknown in [None, Some("Mars/Olympus")] {
        assert_eq!(Words::new(Language::English, Zone::named(unknown)).moment(SUMMER), "1 Aug 2014, 16:30 UTC");
    }
    assert_eq!(english().moment(Timestamp(i64::MIN)), format!("{} ms", i64::MIN));
    assert_eq!(english().zone().offset(Timestamp(i64::MIN)), 0);
}

#[test]
fn lengths_keep_their_two_largest_units() {
    let lengths = [(-5, "0 s"), (45, "45 s"), (90, "1 min 30 s"), (4_800, "1 h 20 min"), (183_540, "2 d 2 h")];
    for (seconds, said) in lengths {
        assert_eq!(english().length(seconds), said);
    }
    assert_eq!(hungarian().length(4_800), "1 óra 20 perc");
    let spans = [(3_600, "an hour"), (7_200, "2 hours"), (2_400, "40 minutes"), (60, "a minute"), (172_800, "2 days")];
    for (seconds, said) in spans {
        assert_eq!(english().span(seconds), said);
    }
    assert_eq!(english().span(5_430), "1 h 30 min");
    assert_eq!(hungarian().span(3_600), "egy óra");
}

#[test]
fn a_value_is_a_value_and_no_part_of_the_text() {
    let hostile = "{ $n } <b> \u{2068}x\u{2069}";
    let said = english().with("other-line", [("n", 1_u8.into()), ("headline", hostile.into())]);
    assert_eq!(said, format!("Severity 1: {hostile}"));
}

#[test]
fn a_time_of_day_is_the_next_time_that_the_clock_shows_it() {
    let zone = Zone::named(Some("Europe/Budapest"));
    // SUMMER is 18:30 there.
    let next = |time: &str| zone.next(time, SUMMER).map(|at| at.since(SUMMER) / 60_000);
    assert_eq!((next("19:00"), next("18:30"), next("18:29")), (Some(30), Some(24 * 60), Some(24 * 60 - 1)));
    for none in ["", "soon", "24:00", "7", "-1:00", "12:60"] {
        assert_eq!(next(none), None, "{none}");
    }
}

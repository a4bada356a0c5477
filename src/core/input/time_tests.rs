use super::*;
use proptest::prelude::*;

fn form(written: &str, zone: Option<&str>) -> TimeForm {
    TimeForm::new(Some(written), zone, None).unwrap()
}

const AT: Timestamp = Timestamp(1_716_299_156_000);

#[test]
fn every_form_tells_the_same_instant() {
    for (written, zone, text) in [
        ("auto", None, "2024-05-21T13:45:56Z"),
        ("auto", None, "2024-05-21T15:45:56.000+0200"),
        ("auto", None, "2024-05-21 15:45:56+02:00"),
        ("auto", None, "Tue, 21 May 2024 13:45:56 GMT"),
        ("auto", None, "Tue, 21 May 2024 15:45:56 +0200"),
        ("auto", None, "1716299156"),
        ("auto", None, "1716299156000"),
        ("auto", None, "1716299156000000"),
        ("auto", Some("Europe/Budapest"), "2024-05-21T15:45:56"),
        ("auto", None, "Tue, 21 May 2024 15:45:56 CEST"),
        ("auto", Some("UTC"), "Tue, 21 May 2024 15:45:56 MESZ"),
        ("auto", Some("Europe/Budapest"), "Tuesday, 21 May 2024 15:45:56"),
        ("auto", None, "Tue May 21 13:45:56 +0000 2024"),
        ("rfc3339", None, "2024-05-21T13:45:56.000Z"),
        ("rfc2822", None, "21 May 2024 13:45:56 +0000"),
        ("unix-s", None, "1716299156.0"),
        ("unix-ms", None, "1716299156000"),
        ("unix-us", None, "1716299156000000"),
        ("%d/%m/%Y %H:%M:%S", Some("Europe/Budapest"), "21/05/2024 15:45:56"),
        ("%a %b %d %H:%M:%S %z %Y", None, "Tue May 21 13:45:56 +0000 2024"),
        ("%Y%m%dT%H%M%S%z", None, "20240521T154556+0200"),
    ] {
        assert_eq!(form(written, zone).read(text), Some(AT), "{written} of {text}");
    }
    let midnight = form("%Y. %m. %d.", Some("Europe/Budapest")).read("2024. 05. 21.");
    assert_eq!(midnight, Some(Timestamp(1_716_242_400_000)));
}

#[test]
fn what_is_no_time_is_none() {
    for (written, text) in [
        ("auto", "yesterday"),
        ("auto", ""),
        ("auto", "2024-05-21T13:45:56"),
        ("auto", "Tue, 21 May 2024 13:45:56"),
        ("auto", "Tue, 21 May 2024 13:45:56 IST"),
        ("auto", "1812-01-01T00:00:00Z"),
        ("auto", "NaN"),
        ("auto", "1e300"),
        ("unix-s", "1716299156000"),
        ("rfc3339", "1716299156"),
        ("rfc2822", "2024-05-21T13:45:56Z"),
        ("%d/%m/%Y %z", "32/05/2024 +0000"),
    ] {
        assert_eq!(form(written, None).read(text), None, "{written} of {text}");
    }
}

#[test]
fn a_time_without_a_zone_is_known_as_such() {
    let auto = TimeForm::default();
    for text in ["2024-05-21T13:45:56", "21-May-2024 01:45PM", "21 May 2024 13:45 IST", "2024-05-21"] {
        assert!(auto.lacks_zone(text), "{text}");
        assert!(!form("auto", Some("UTC")).lacks_zone(text) && form("auto", Some("UTC")).read(text).is_some());
    }
    for text in ["yesterday", "2024-05-21T13:45:56Z", "1812-05-21T13:45:56", "21 May 2024 13:45 CET"] {
        assert!(!auto.lacks_zone(text), "{text}");
    }
}

#[test]
fn the_skipped_and_the_repeated_hour_have_an_instant() {
    let budapest = form("%Y-%m-%d %H:%M", Some("Europe/Budapest"));
    assert_eq!(budapest.read("2024-03-31 02:30"), budapest.read("2024-03-31 03:30"));
    assert_eq!(budapest.read("2024-10-27 02:30").unwrap().to_string(), "2024-10-27T00:30:00Z");
}

#[test]
fn patterns_are_looked_at_before_they_are_used() {
    assert!(TimeForm::new(Some("%H:%M"), None, None).unwrap_err().0.ends_with("has no day"));
    assert!(TimeForm::new(Some("%Y-%q%"), None, None).is_err());
    assert!(TimeForm::new(Some("iso"), None, None).unwrap_err().1.starts_with("one of auto, rfc3339"));
    assert!(TimeForm::new(None, Some("Budapest"), None).is_err());
    assert!(needs_zone("%d/%m/%Y") && !needs_zone("%d/%m/%Y %H:%M %z") && !needs_zone("unix-s"));
    assert!(!needs_zone("%s"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(pattern in "[%a-zA-Z:. /-]{0,20}", text in any::<String>()) {
        for written in NAMES {
            let _ = form(written, Some("Europe/Budapest")).read(&text);
        }
        if let Ok(form) = TimeForm::new(Some(&pattern), Some("Europe/Budapest"), None) {
            let _ = form.read(&text);
        }
        needs_zone(&pattern);
    }
}

/// Nanoseconds were no time, whatever the configuration.
#[test]
fn nanoseconds_are_read_by_their_size_and_by_name() {
    let at = Some(orszem_records::time::Timestamp(1_795_179_600_000));
    for text in ["1795179600", "1795179600000", "1795179600000000", "1795179600000000000", "1.7951796e18"] {
        assert_eq!(TimeForm::default().read(text), at, "{text}");
    }
    assert_eq!(form("unix-ns", None).read("1795179600000000000"), at);
    assert_eq!(TimeForm::default().read("639307764000000000"), None, "ticks of .NET, from another year");
}

/// A pattern that was tried in a month whose name begins as in English lost every mention of the next month.
#[test]
fn a_pattern_reads_the_months_of_other_languages() {
    let at = |pattern: &str, text: &str| form(pattern, Some("Europe/Budapest")).read(text).map(|at| at.0);
    for (text, wanted) in [
        ("2026. nov. 20. 14:00", 1_795_179_600_000),
        ("2026. márc. 5. 14:00", 1_772_715_600_000),
        ("2026. okt. 26. 14:00", 1_793_019_600_000),
    ] {
        assert_eq!(at("%Y. %b. %d. %H:%M", text), Some(wanted), "{text}");
        assert_eq!(at("%Y. %B %d. %H:%M", &text.replace("b.", "b")), Some(wanted), "{text}");
    }
    assert_eq!(at("%A %d %B %Y %H:%M", "vendredi 20 novembre 2026 14:00"), Some(1_795_179_600_000));
    assert_eq!(at("%d/%m/%Y %H:%M", "٢٠/١١/٢٠٢٦ ١٤:٠٠"), Some(1_795_179_600_000));
}

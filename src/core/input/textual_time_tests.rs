use super::*;
use proptest::prelude::*;

/// In RFC 3339; `?` if there is no zone.
fn told(text: &str) -> Option<String> {
    told_in(text, None)
}

fn told_in(text: &str, language: Option<&str>) -> Option<String> {
    let (at, zone) = read(text, language).ok()?;
    Some(match zone {
        None => format!("{at}?"),
        Some(Zone::Named(zone)) => zone.to_timestamp(at).unwrap().to_string(),
        Some(Zone::Offset(minutes)) => {
            jiff::tz::Offset::from_seconds(minutes * 60).unwrap().to_timestamp(at).unwrap().to_string()
        }
    })
}

/// A zone that was told twice, or joined to its name, was no time.
#[test]
fn a_zone_may_be_told_twice() {
    for (text, at) in [
        ("Fri Nov 20 2026 07:38:06 GMT-0700 (PDT)", "2026-11-20T14:38:06Z"),
        ("Fri Nov 20 2026 08:15:00 GMT+0100 (Central European Standard Time)", "2026-11-20T07:15:00Z"),
        ("Fri Nov 20 2026 08:15:00 GMT+0100 (közép-európai téli idő)", "2026-11-20T07:15:00Z"),
        ("Fri Nov 20 2026 08:15:00 GMT+0100 Central European Standard Time", "2026-11-20T07:15:00Z"),
        ("2026-11-20 13:55:44.364419679 +0200 CEST", "2026-11-20T11:55:44.364419679Z"),
        ("2026-11-20 13:55:44 +0200 CEST m=+0.012345", "2026-11-20T11:55:44Z"),
        ("2026-11-20 13:55:44 +0300 +03", "2026-11-20T10:55:44Z"),
        ("2026-11-20 13:55:44 +0000 UTC", "2026-11-20T13:55:44Z"),
        ("20 Nov 2026 14:00 UTC+1", "2026-11-20T13:00:00Z"),
        ("20 Nov 2026 14:00 UTC+01:00", "2026-11-20T13:00:00Z"),
        ("Fr, 20 Nov 2026 14:00:00 GMT", "2026-11-20T14:00:00Z"),
        ("pén., 20 nov. 2026 14:00:00 GMT", "2026-11-20T14:00:00Z"),
        ("vendredi, 20 Nov 2026 14:00:00 +0100", "2026-11-20T13:00:00Z"),
        ("2026-11-20T14:00:00+01:00[Europe/Budapest]", "2026-11-20T13:00:00Z"),
        ("2026-11-20T14:00:00[Europe/Budapest]", "2026-11-20T13:00:00Z"),
        ("2026-11-20 14:00:00 Europe/Budapest", "2026-11-20T13:00:00Z"),
        ("2026-11-20T14:00:00 CET", "2026-11-20T13:00:00Z"),
        ("2026-11-20T14:00:00+00:00Z", "2026-11-20T14:00:00Z"),
        ("23 Nov 2026 08:15 CET CET", "2026-11-23T07:15:00Z"),
    ] {
        assert_eq!(told(text).as_deref(), Some(at), "{text}");
    }
    assert_eq!(told("2026-11-20T14:00:00+02:00Z"), None, "two zones that differ");
}

/// Months of other languages than English were no time.
#[test]
fn names_and_digits_of_other_languages() {
    for (text, at) in [
        ("2026. nov. 20. 14:00", "2026-11-20T14:00:00?"),
        ("2026. március 5., csütörtök 14:00", "2026-03-05T14:00:00?"),
        ("20. Dezember 2026, 14:00 Uhr", "2026-12-20T14:00:00?"),
        ("ven. 20 nov. 2026 14:00", "2026-11-20T14:00:00?"),
        ("mar. 24 févr. 2026 14:00", "2026-02-24T14:00:00?"),
        ("le 1er août 2026 à 14:00", "2026-08-01T14:00:00?"),
        ("20 de noviembre de 2026 14:00", "2026-11-20T14:00:00?"),
        ("20 ноября 2026 г. 14:00", "2026-11-20T14:00:00?"),
        ("2026年11月20日 14:00", "2026-11-20T14:00:00?"),
        ("2026年11月20日(金) 14時05分", "2026-11-20T14:05:00?"),
        ("2026년 11월 20일 오후 2:00", "2026-11-20T14:00:00?"),
        ("2026年11月20日 下午2:00", "2026-11-20T14:00:00?"),
        ("٢٠ نوفمبر ٢٠٢٦ ١٤:٠٠", "2026-11-20T14:00:00?"),
        ("20 พฤศจิกายน 2569 14:00", "2026-11-20T14:00:00?"),
        ("November 20th, 2026 2:00 PM", "2026-11-20T14:00:00?"),
    ] {
        assert_eq!(told(text).as_deref(), Some(at), "{text}");
    }
    assert!(matches!(read("20 listopad 2026 14:00", None), Err(NoTime::Ambiguous(_))));
    assert_eq!(told_in("20 listopad 2026 14:00", Some("hr")).as_deref(), Some("2026-10-20T14:00:00?"));
    assert_eq!(told_in("pt., 20 lis 2026 14:00", Some("pl")).as_deref(), Some("2026-11-20T14:00:00?"));
    assert_eq!(told_in("20 listopad 2026 14:00", Some("cs")).as_deref(), Some("2026-11-20T14:00:00?"));
}

#[test]
fn a_text_in_english_is_what_patterns_read() {
    assert_eq!(in_english("2026. márc. 5. 14:00", None).as_deref(), Some("2026. Mar. 5. 14:00"));
    assert_eq!(in_english("mar. 24 févr. 2026", None).as_deref(), Some("Tue. 24 Feb. 2026"));
}

#[test]
fn times_as_feeds_write_them() {
    for (text, at) in [
        ("Mon, 23 Nov 2026 08:15:00 GMT", "2026-11-23T08:15:00Z"),
        ("Mon, 23 Nov 2026 08:15:00 +0100", "2026-11-23T07:15:00Z"),
        ("Mon, 23 Nov 2026 08:15:00 +0100 (CET)", "2026-11-23T07:15:00Z"),
        ("Mon, 23 Nov 2026 08:15:00 CET", "2026-11-23T07:15:00Z"),
        ("Mon, 23 Nov 2026 08:15:00 MEZ", "2026-11-23T07:15:00Z"),
        ("Wed, 1 Jul 2026 08:15:00 CEST", "2026-07-01T06:15:00Z"),
        ("Wed, 1 Jul 2026 08:15:00 mesz", "2026-07-01T06:15:00Z"),
        ("Wed, 1 Jul 2026 08:15:00 EEST", "2026-07-01T05:15:00Z"),
        ("Wed, 1 Jul 2026 08:15:00 BST", "2026-07-01T07:15:00Z"),
        ("Wed, 1 Jul 2026 08:15:00 MSK", "2026-07-01T05:15:00Z"),
        ("Mon, 23 Nov 2026 08:15:00 EST", "2026-11-23T13:15:00Z"),
        // The day of the week is often wrong.
        ("Sun, 23 Nov 2026 08:15:00 GMT", "2026-11-23T08:15:00Z"),
        ("Mon, 23 Nov 2026 8:15 +0100", "2026-11-23T07:15:00Z"),
        ("Mon, 23 Nov 26 08:15:00 GMT", "2026-11-23T08:15:00Z"),
        ("Monday, 23 November 2026 08:15:00 GMT", "2026-11-23T08:15:00Z"),
        ("Thurs, 24 Sept. 2026 08:15:00 +01:00", "2026-09-24T07:15:00Z"),
        ("Mon Nov 23 08:15:00 +0000 2026", "2026-11-23T08:15:00Z"),
        ("Mon Nov 23 08:15:00 UTC 2026", "2026-11-23T08:15:00Z"),
        ("Mon Nov 23 2026 08:15:00 GMT +0100", "2026-11-23T07:15:00Z"),
        ("23 Nov 2026 08:15 Z", "2026-11-23T08:15:00Z"),
        ("23 Nov 2026 08:15Z", "2026-11-23T08:15:00Z"),
        ("23 Nov 2026 08:15", "2026-11-23T08:15:00?"),
        ("23-Nov-2026 09:15AM", "2026-11-23T09:15:00?"),
        ("23-Nov-26 12:15 am", "2026-11-23T00:15:00?"),
        ("Nov 23, 2026 9:15:30 PM", "2026-11-23T21:15:30?"),
        ("2026-11-23 09:15 PM", "2026-11-23T21:15:00?"),
        ("23 Nov 2026", "2026-11-23T00:00:00?"),
        ("Mon, 23 Nov 2026 08:15:00 IST", "2026-11-23T08:15:00?"),
        ("Fri, 20 Nov 2026 08:15:60 GMT", "2026-11-20T08:15:59Z"),
    ] {
        assert_eq!(told(text).as_deref(), Some(at), "{text}");
    }
}

#[test]
fn what_is_no_time_is_none() {
    for text in [
        "yesterday",
        "Mon",
        "08:15",
        "23 2026 08:15",
        "31 Feb 2026 08:15",
        "23 Nov 2026 25:15",
        "23 Nov 2026 13:15 PM",
        "23 Nov 2026 08:15 09:15",
        "23 Nov 2026 08:15 CET EST",
        "23 Nov 2026 08:15 +9900",
        "23 Nov 2026 08:15 +-100",
        "23/11/2026 08:15",
        "23 Nov 2026 PM",
        "",
    ] {
        assert_eq!(told(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn it_reads_what_jiff_writes_by_rfc_2822(seconds in 631_152_000_i64..4_102_444_800) {
        let at = jiff::Timestamp::from_second(seconds).unwrap();
        let written = jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
        prop_assert_eq!(told(&written), Some(at.to_string()));
    }

    #[test]
    fn no_text_makes_it_panic(text in "([0-9:+ ,.()é-]|Nov|Mon|AM|CET|Z|\\PC){0,12}") {
        let _ = read(&text, None);
        let _ = in_english(&text, None);
    }
}

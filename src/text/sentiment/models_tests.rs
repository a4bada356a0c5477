use super::*;
use std::sync::LazyLock;

static MODELS: LazyLock<Models> = LazyLock::new(|| Models::shipped().unwrap());

fn class(text: &str, lang: Option<&str>) -> Class {
    MODELS.judge(text, MODELS.language(text, lang), &[], &[]).class
}

#[test]
fn a_screen_full_of_emoji_does_not_outvote_the_words() {
    for emoji in ["🚨", "🎉", "❤"] {
        let text = format!("Veltaro is terrible, awful. {}", emoji.repeat(10_000));
        assert_eq!(class(&text, Some("en")), Class::Negative, "{emoji}");
    }
}

#[test]
fn a_language_that_no_model_has_seen_is_neutral_and_unsure() {
    let judgement = MODELS.judge("kamala", MODELS.language("kamala", Some("fi")), &[], &[]);
    assert_eq!(judgement, Judgement { language: Code::of("fi"), ..Judgement::UNKNOWN });
    assert_eq!(judgement.class, Class::Neutral);
    assert_eq!(MODELS.error("fi"), None);
}

#[test]
fn where_no_word_is_left_nothing_is_judged() {
    let name = "Terrible Bank";
    for (text, lang) in [(name, Some("en")), ("Terrible Bank \u{1f621} https://t.co/x", None), ("2024", Some("fi"))] {
        let target = if text.starts_with(name) { 0..name.len() } else { 0..0 };
        let judgement = MODELS.judge(text, MODELS.language(text, lang), &[target], &[]);
        assert_eq!((judgement.basis, judgement.class), (Basis::Wordless, Class::Neutral), "{text}");
    }
    let bank = 0..name.len();
    let judgement = MODELS.judge("Terrible Bank sucks", Code::of("en"), std::slice::from_ref(&bank), &[]);
    assert_eq!((judgement.basis, judgement.class), (Basis::Own, Class::Negative));
}

#[test]
fn a_language_without_a_model_of_its_own_is_marked() {
    let german = "Das ist wirklich eine ganz schlimme Katastrophe, schade";
    let judgement = MODELS.judge(german, MODELS.language(german, Some("de")), &[], &[]);
    assert_eq!((judgement.class, judgement.basis), (Class::Negative, Basis::Multilingual));
}

#[test]
fn a_record_is_believed_until_its_text_contradicts_it() {
    let hungarian = "Ez a legrosszabb légitársaság, soha többet nem utazom velük";
    assert_eq!(MODELS.language(hungarian, Some("en")), Code::of("hu"));
    assert_eq!(MODELS.language(hungarian, None), Code::of("hu"));
    assert_eq!(MODELS.language("ok", Some("hu")), Code::of("hu"));
    assert_eq!(MODELS.language("ok", None), None);
}

#[test]
fn russian_and_ukrainian_said_by_the_record() {
    for (text, said) in [
        ("Acme не работает с утра, позор", "ru"),
        ("Уже пять часов жду, Acme не отвечает", "ru"),
        ("Acme не працює з ранку, ганьба", "uk"),
        ("Toget er forsinket igen i dag", "da"),
        ("Acme non funziona da questa mattina, è una vergogna", "it"),
    ] {
        assert_eq!(MODELS.language(text, Some(said)), Code::of(said), "{text}");
    }
}

#[test]
fn unlabelled_text_of_another_language() {
    for text in [
        "Let's talk somewhere else",
        "Bonjour, comment va tu ?",
        "Ceci est un test",
        "Acme non funziona da questa mattina, è una vergogna",
        "De trein is weer te laat vandaag",
        "O serviço está fora do ar desde ontem",
    ] {
        assert_eq!(MODELS.language(text, None), None, "{text}");
    }
    for (text, code) in [("Acme is down again", "en"), ("Nem működik az Acme", "hu"), ("szuper ez a telefon", "hu")] {
        assert_eq!(MODELS.language(text, None), Code::of(code), "{text}");
    }
}

#[test]
fn name_and_link_alone_in_english() {
    for lang in ["en", "hu", "sv"] {
        for text in [
            "Acme https://t.co/abc",
            "Acme",
            "#Acme",
            "https://t.co/abc",
            "🛒 Acme",
            "Acme www.acme.example/shop",
            "Acme t.co/abc",
            "Acme info@acme.hu",
            "Acme ٤٢ १२ 😡",
            "RT @acme: Acme 12.5 %",
        ] {
            let target: Vec<Range<usize>> = text.match_indices("Acme").map(|(at, _)| at..at + 4).collect();
            let judgement = MODELS.judge(text, Code::of(lang), &target, &[]);
            assert_eq!((judgement.basis, judgement.class), (Basis::Wordless, Class::Neutral), "{lang}: {text}");
        }
    }
}

#[test]
fn no_problem_is_no_complaint() {
    for (lang, text) in [
        ("en", "no problem"),
        ("en", "no problems ever"),
        ("en", "No problem everything good"),
        ("en", "Without a doubt excellent idea"),
        ("en", "no complaints so far"),
        ("en", "I have never had any issues with Acme"),
        ("en", "not a single complaint"),
        ("hu", "semmi gond"),
        ("hu", "nincs vele probléma"),
        ("hu", "nem volt panaszom"),
        ("hu", "minden gond nélkül megérkezett"),
        ("hu", "panaszra nincs okom"),
    ] {
        assert_ne!(class(text, Some(lang)), Class::Negative, "{text}");
    }
    for (lang, text) in [
        ("en", "no problem is ever solved by these awful people"),
        ("en", "they never fix the terrible problem"),
        ("hu", "soha nem oldják meg ezt a szörnyű problémát"),
    ] {
        assert_eq!(class(text, Some(lang)), Class::Negative, "{text}");
    }
}

#[test]
fn errors_are_measured_and_bearable() {
    for lang in ["en", "hu"] {
        let error = MODELS.error(lang).unwrap();
        assert!(error.found > 0.55 && error.mistaken < 0.3, "{lang}: {error:?}");
    }
}

#[test]
fn the_error_is_that_of_the_models() {
    let models = Models::shipped().unwrap();
    for (lang, stated) in [("en", Confusion::ENGLISH), ("hu", Confusion::HUNGARIAN)] {
        let measured = models.error(lang).unwrap();
        assert!((measured.found - stated.found).abs() < 0.01, "{measured:?} is stated as {stated:?}");
        assert!((measured.mistaken - stated.mistaken).abs() < 0.01, "{measured:?} is stated as {stated:?}");
    }
}

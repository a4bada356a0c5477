//! Names in all scripts: what a word of each is, and that a text's own words find it.

use super::*;
use crate::fold::folded;
use proptest::prelude::*;

/// The numbers of the texts that match, from 1.
fn matching(query: &str, texts: &[&str]) -> Vec<usize> {
    let query = parse(query).unwrap_or_else(|fault| panic!("{query}: {fault}"));
    let (matcher, mut found) = (Matcher::new([Some(&query)]), Found::default());
    let mut matching = Vec::new();
    for (number, text) in (1..).zip(texts) {
        matcher.find(text, &About::default(), &mut found);
        if !found.is_empty() {
            matching.push(number);
        }
    }
    matching
}

fn marked<'t>(query: &str, text: &'t str) -> Vec<&'t str> {
    let query = parse(query).unwrap();
    let (matcher, mut found) = (Matcher::new([Some(&query)]), Found::default());
    matcher.find(text, &About::default(), &mut found);
    found.watches().flat_map(|(_, spans)| spans.iter().map(|span| &text[span.clone()])).collect()
}

#[test]
fn japanese_name_inside_a_sentence() {
    let texts = ["昨日ソニーストアで買った", "ソニーの新製品が発火した", "パナソニックが好き", "ｿﾆｰの株価"];
    assert_eq!(matching("ソニー", &texts), [1, 2, 4]);
    assert_eq!(matching("=ソニー", &texts), [1, 2, 4]);
    assert_eq!(marked("ソニー", texts[0]), ["ソニー"]);
    // A run of katakana begins with a word: "online" is not "line", "Panasonic" is not "Sonic".
    assert_eq!(matching("ライン", &["オンライン授業", "ラインが落ちた", "新ライン", "ラインー"]), [2, 3]);
    assert_eq!(matching("ソニック", &["パナソニック", "ソニックブーム"]), [2]);
    assert_eq!(matching("楽天", &["昨日楽天市場で買った", "楽しい天気"]), [1]);
    assert_eq!(matching("かき", &["かきの季節", "かきゃ"]), [1]);
    assert_eq!(matching("ガス", &["カスだ", "ガスだ", "カ\u{3099}スだ", "ｶﾞｽだ"]), [2, 3, 4]);
}

#[test]
fn chinese_and_thai_names_inside_a_sentence() {
    assert_eq!(matching("华为", &["今天华为手机降价了", "中华为何", "为华"]), [1, 2]);
    assert_eq!(matching("\"华为 手机\"", &["今天华为手机降价了", "华为 手机", "华为的手机"]), [1, 2]);
    assert_eq!(matching("华为 NEAR/3 降价", &["华为又降价", "华为的新款手机今天降价"]), [1]);
    assert_eq!(matching("ทรู", &["เน็ตทรูล่มอีกแล้ว", "ทรล่ม", "ทรูู"]), [1]);
    assert_eq!(matching("มา", &["เมาแล้ว", "เขามาแล้ว", "มาก"]), [2, 3]);
    assert_eq!(matching("มา", &["ม้า", "ม่า"]), [0; 0]);
    assert_eq!(matching("ខ្មែរ", &["ជនជាតិខ្មែរល្អ"]), [1]);
}

#[test]
fn korean_name_with_particles() {
    let texts = ["삼성이 사과했다", "어제 삼성에서는 말이 없다", "삼성", "무삼성", "삼성동 맛집", "삼성입니다"];
    assert_eq!(matching("삼성", &texts), [1, 2, 3, 6]);
    assert_eq!(matching("삼성*", &texts), [1, 2, 3, 5, 6]);
    assert_eq!(matching("카카오", &["카카오가 또", "카카오톡", "카카오는", "카카오은"]), [1, 3]);
    // Typed as single letters, as some file systems write it.
    assert_eq!(matching("삼성", &["\u{1109}\u{1161}\u{11b7}\u{1109}\u{1165}\u{11bc}이 또"]), [1]);
    assert_eq!(matching("tesla", &["Tesla가 또", "어제Tesla는"]), [1, 2]);
}

#[test]
fn latin_name_beside_chinese_or_japanese() {
    let texts =
        ["今天tesla又降价了", "Teslaが朝から落ちている", "Tesla は朝から落ちている", "teslas are late", "ซื้อteslaแล้ว"];
    assert_eq!(matching("tesla", &texts), [1, 2, 3, 4, 5]);
    assert_eq!(matching("@tesla", &["微博@tesla说", "a@tesla"]), [1]);
    assert_eq!(matching("\"iphone 15\"", &["我的iPhone15很好", "我的iPhone 15很好"]), [2]);
    assert_eq!(matching("iphone15", &["我的iPhone15很好", "iPhone150很好"]), [1]);
    assert_eq!(matching("b站", &["我看B站视频", "AB站"]), [1]);
}

#[test]
fn devanagari_vowel_signs_are_not_accents() {
    assert_eq!(matching("जियो", &["जियो का नेटवर्क बंद है", "जय हो भारत", "जया जी"]), [1]);
    assert_eq!(matching("टाटा", &["टाटा ने कहा", "टट", "टाटाओं"]), [1]);
    assert_eq!(matching("बैंक", &["बैंक बंद", "बक", "स्टेटबैंक"]), [1]);
    // A word does not begin after a virama.
    assert_eq!(matching("टेट", &["स्टेट बैंक"]), [0; 0]);
    assert_eq!(matching("ரிலையன்ஸ்", &["ரிலையன்ஸ் நிறுவனம்", "ரலயனஸ"]), [1]);
    assert_eq!(matching("গো", &["গো", "গ\u{9c7}\u{9be}", "গা"]), [1, 2]);
    assert_eq!(matching("ฟ้า", &["ฟ้าใส", "ฟาใส"]), [1]);
    // Of Russian, й is a letter and the two dots are an accent.
    assert_eq!(matching("мой", &["мои", "мой", "Мо\u{438}\u{306}"]), [2, 3]);
    assert_eq!(matching("ёлка", &["Елка"]), [1]);
    // Vowels of Arabic and Hebrew are left out as one likes.
    assert_eq!(matching("محمد", &["مُحَمَّد"]), [1]);
    assert_eq!(matching("שלום", &["שָׁלוֹם"]), [1]);
}

#[test]
fn greek_name_in_another_case() {
    let texts = ["Ο Σκλαβενίτης έκλεισε", "ΣΚΛΑΒΕΝΙΤΗΣ", "ο σκλαβενίτης", "ΣΚΛΑΒΕΝΊΤΗΣ", "σκλαβενιτησ"];
    for query in ["σκλαβενίτης", "ΣΚΛΑΒΕΝΙΤΗΣ", "Σκλαβενίτης"] {
        assert_eq!(matching(query, &texts), [1, 2, 3, 4, 5], "{query}");
    }
    assert_eq!(matching("ΟΤΕ", &["ο οτε", "στον ΟΤΕ."]), [1, 2]);
    assert_eq!(matching("μυθος", &["ΜΎΘΟΣ", "Μῦθος"]), [1, 2]);
    // Other scripts with two cases.
    assert_eq!(matching("нет", &["НЕТ", "het"]), [1]);
    assert_eq!(matching("հայաստան", &["ՀԱՅԱՍՏԱՆ"]), [1]);
    assert_eq!(matching("straße", &["STRASSE", "STRAẞE"]), [1, 2]);
    // Letters of another script in a Latin word are still seen through.
    assert_eq!(matching("telekom", &["Телеkом", "ΤΕLΕΚΟΜ", "Tелеком"]), [2]);
    assert_eq!(matching("telekom", &["Tеlеkом", "а Telеkоm-nál"]), [1, 2]);
}

#[test]
fn stretched_arabic_word() {
    assert_eq!(matching("زين", &["زيـــن توقفت", "زين توقفت", "ﺯﻳﻦ"]), [1, 2, 3]);
    assert_eq!(matching("زيـــن", &["زين", "زيـن"]), [1, 2]);
    assert_eq!(matching("=زين", &["زيـــن"]), [1]);
    assert_eq!(marked("زين", "زيـــن توقفت"), ["زيـــن"]);
}

#[test]
fn name_between_underscores() {
    let texts =
        ["_Acme_ is down again", "*Acme* is down again", "acme_test is a variable", "__Acme__!", "(_Acme_)", "my_acme"];
    assert_eq!(matching("acme", &texts), [1, 2, 4, 5]);
    for query in ["_acme_", "=Acme", "\"acme is\"", "acme NEAR/1 is"] {
        assert!(matching(query, &texts).contains(&1), "{query}");
    }
    assert_eq!(matching("\"magyar posta\"", &["_Magyar_ _Posta_", "_magyar posta_", "magyar_posta"]), [1, 2]);
    assert_eq!(matching("acme_test", &texts), [3]);
    assert_eq!(matching("@acme", &["@acme_", "_@acme_", "@acme", "@acme_hu"]), [2, 3]);
    assert_eq!(matching("@acme_", &["@acme_", "_@acme_", "@acme"]), [1]);
    assert_eq!(matching("győr", &["_Győr_", "_Győrben_", "a_győr"]), [1, 2]);
    assert!(parse("_").is_err());
}

#[test]
fn what_is_not_known_of_a_script_is_said() {
    for (query, warned) in [
        ("почта", "written together with it is not known"),
        ("زين", "written together with it is not known"),
        ("ரிலையன்ஸ்", "written together with it is not known"),
        ("滴", "single character"),
        ("ソニー", ""),
        ("삼성", ""),
        ("Telеkоm", ""),
        ("почта*", ""),
        ("=почта", ""),
    ] {
        let warnings: String = examine(query).unwrap().1.iter().map(|fault| &*fault.message).collect();
        assert!(warnings.contains(warned) && warnings.is_empty() == warned.is_empty(), "{query}: {warnings}");
    }
}

#[test]
fn query_of_another_tool() {
    let query = |text: &str| parse(text).map(|node| node.to_string()).map_err(|fault| fault.to_string());
    for (other, own) in [
        ("economy AND url:(guardian.com OR sun.com)", "economy AND (domain:guardian.com OR domain:sun.com)"),
        ("author:(ann OR \"Kovács Anna\" bob*)", "author:\"ann\" OR author:\"kovacs anna\" OR author:\"bob*\""),
        ("site:(NOT sun.com AND guardian.com)", "NOT domain:sun.com AND domain:guardian.com"),
        ("lang:(hu) OR posta", "lang:hu OR posta"),
        ("hashtags:(a OR b) AND raw:(Posta)", "(#a OR #b) AND =Posta"),
        ("「magyar posta」 OR 《vas》、busz", "\"magyar posta\" OR vas OR busz"),
        ("‹magyar posta› ›magyar bank‹", "\"magyar posta\" OR \"magyar bank\""),
        ("‚magyar posta‘ „magyar bank“", "\"magyar posta\" OR \"magyar bank\""),
        ("زين، موبايلي", "زين OR موبايلي"),
    ] {
        assert_eq!(query(other), Ok(own.to_owned()), "{other}");
    }
    assert!(query("magyar」 posta").unwrap_err().contains("closes nothing"));
    assert!(query("url:(\"a b\"~3)").unwrap_err().contains("among the values"));
    assert!(query("「magyar posta").unwrap_err().contains("never closed"));
    assert!(query("christmas NEAR/0f pudding").unwrap_err().contains("NEAR/0f is NEAR/1f here"));
    assert_eq!(examine("posta AND url:(a.hu b.hu)").unwrap().1, []);
}

#[test]
fn hungarian_acronym_typed_small() {
    let texts = ["az OTPnél dolgozom", "az OTPtől jött", "OTPvel fizettem", "a BKKval utaztam", "otpnél", "bkkval"];
    for query in ["otp OR bkk", "OTP OR BKK"] {
        assert_eq!(matching(query, &texts), [1, 2, 3, 4, 5, 6], "{query}");
    }
    assert_eq!(matching("telekom", &["a Telekomben", "a TELEKOMBEN", "a TELEKOMBAN"]), [3]);
    assert_eq!(matching("mvm", &["az MVMmel", "MVMhez"]), [1, 2]);
    assert_eq!(matching("eBay", &["az eBayen vettem", "az eBayről"]), [1, 2]);
}

#[test]
fn hungarian_stems_that_lose_a_vowel() {
    let texts = ["a tornyok leomlottak", "a kazlak kigyulladtak", "a bokrok", "baglyot láttam", "ajkak"];
    assert_eq!(matching("torony OR kazal OR bokor OR bagoly OR ajak", &texts), [1, 2, 3, 4, 5]);
    assert_eq!(matching("teher OR pehely OR varjú", &["terhek", "pelyhes", "varjak", "teherautó"]), [1, 2, 3]);
}

/// Letters of twenty scripts, with marks, both cases and what stands between words.
const SCRIPTS: &str = "[a-zA-ZáőŰßﬁ]|[α-ωΑ-Ωάϊΰς]|[а-яА-Яйёїѝ\u{306}]|[ա-ֆԱ-Ֆև]|[א-ת\u{5b4}\u{5c1}]|[ء-ي\u{640}\u{64e}\u{654}ﻻ]|\
[ܐ-ܬ]|[\u{780}-\u{7b0}]|[क-ह\u{93c}\u{93e}-\u{94d}]|[\u{995}-\u{9b9}\u{9be}\u{9c7}\u{9cd}]|[\u{b95}-\u{bb9}\u{bbe}-\u{bcd}]|\
[ก-ฺเ-๎]|[ກ-ຮະ-ຽເ-ໄ]|[က-အ\u{102b}-\u{103e}]|[ក-អ\u{17b6}-\u{17d2}]|[ა-ჰᲐ-Ჰ]|\
[가-힣\u{1100}-\u{1112}\u{1161}-\u{1175}\u{11a8}-\u{11c2}]|\
[一-龥]|[ぁ-ん\u{3099}]|[ァ-ンーｦ-ﾟ]|[Ꭰ-Ᏼꭰ-ꮿ]|[ሀ-ፐ]|[ཀ-ཬ\u{f71}-\u{f7d}]";

fn text() -> impl Strategy<Value = String> {
    let letters = format!("({SCRIPTS}){{1,6}}");
    let piece = proptest::string::string_regex(&letters).unwrap();
    proptest::collection::vec((piece, "[ _.,'’-]{0,2}|\u{200b}|、"), 1..6)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, between)| [piece, between]).collect())
}

/// The words of a folded text, as the matcher counts them.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in text.chars() {
        use crate::scripts::{begins, is_word};
        match is_word(letter) {
            true if is_word(before) && !begins(before, letter) => words.last_mut().unwrap().push(letter),
            true => words.push(letter.to_string()),
            false => {}
        }
        before = letter;
    }
    words
}

/// More by hand: `PROPTEST_CASES=1000000 cargo test -p orszem-text --release --lib of_all_scripts`.
fn cases() -> ProptestConfig {
    let asked = ProptestConfig::default();
    let cases = if asked.cases == 256 { 10_000 } else { asked.cases };
    ProptestConfig { cases, failure_persistence: None, ..asked }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_own_words_of_a_text_of_all_scripts_find_it(text in text()) {
        for word in words(&folded(&text)) {
            if !word.contains(char::is_alphanumeric) || word.contains('_') {
                continue;
            }
            let query = Node::Words(tree::Words { text: word.clone(), how: tree::How::Inflected });
            let (matcher, mut found) = (Matcher::new([Some(&query)]), Found::default());
            matcher.find(&text, &About::default(), &mut found);
            prop_assert!(!found.is_empty(), "{:?} in {:?}, folded {:?}", word, text, folded(&text));
        }
        // As a person writes it: the text between two spaces. An underscore may be a mark in one and not in the other.
        let has_letters = |word: &&str| folded(word).contains(char::is_alphanumeric) && !word.contains('_');
        let typed = text.split([' ', '、']).filter(has_letters);
        for word in typed {
            let Ok(query) = parse(&format!("\"{word}\"")) else { continue };
            let (matcher, mut found) = (Matcher::new([Some(&query)]), Found::default());
            matcher.find(&text, &About::default(), &mut found);
            prop_assert!(!found.is_empty(), "{:?} as typed in {:?}", word, text);
        }
    }

    #[test]
    fn folding_texts_of_all_scripts_twice_is_folding_once(text in text()) {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once);
    }

    #[test]
    fn no_text_of_all_scripts_stops_the_matcher(text in "\\PC{0,40}", query in "\\PC{1,8}") {
        if let Ok(query) = parse(&query) {
            let (matcher, mut found) = (Matcher::new([Some(&query)]), Found::default());
            matcher.find(&text, &About::default(), &mut found);
            for (_, spans) in found.watches() {
                prop_assert!(spans.iter().all(|span| text.get(span.clone()).is_some()));
            }
        }
    }
}

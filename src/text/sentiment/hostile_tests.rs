//! Hostile texts.

use proptest::prelude::*;
use std::ops::Range;
use std::sync::LazyLock;

use super::mask::Names;
use super::near;
use crate::sentiment::{Judgement, Models, Sentiment};
use orszem_records::language_code::Code;

static MODELS: LazyLock<Models> = LazyLock::new(|| Models::shipped().unwrap());

fn is_sound(judgement: &Judgement) -> bool {
    let sum: f32 = judgement.probabilities.iter().sum();
    let shares = judgement.probabilities.iter().all(|share| (0.0..=1.0).contains(share));
    shares && (sum - 1.0).abs() < 1e-4
}

#[test]
fn texts_of_a_megabyte_and_of_nothing() {
    let long = |piece: &str| piece.repeat((1 << 20) / piece.len());
    let texts = [
        String::new(),
        "\0".into(),
        long("\0"),
        long("a"),
        long("é"),
        long(" "),
        long("@"),
        long("://"),
        long("http://"),
        long("nem "),
        long("😀"),
        // Combining marks without a letter, and a letter with a thousand of them.
        long("\u{301}"),
        format!("jo{} szolgaltatas", "\u{301}".repeat(1000)),
        // Right to left, overrides, joiners.
        long("שלום עולם "),
        long("\u{202e}\u{200d}"),
        "\u{202e}rossz\u{202c} \u{feff}\u{2066}very bad\u{2069}".into(),
        long("\u{10ffff}"),
        long("ﬃ"),
        long("𝔟𝔞𝔡 "),
    ];
    for text in &texts {
        let end = text.len();
        for target in [vec![], vec![Range { start: 0, end }], vec![0..0, 0..end, end..end + 9]] {
            assert!(
                is_sound(&MODELS.judge(text, MODELS.language(text, None), &target, &[])),
                "{}…",
                text.chars().take(8).collect::<String>()
            );
        }
        Names::new(["a", "nem", "\0", "😀"])
            .find(text)
            .iter()
            .for_each(|range| assert!(text.get(range.clone()).is_some()));
    }
}

#[test]
fn what_is_not_seen_changes_nothing() {
    let plain = MODELS.judge("this is a terrible service, never again", Code::of("en"), &[], &[]);
    for text in [
        "this is a ter\u{200b}rible serv\u{ad}ice, never again",
        "ｔhis is a ｔerrible service, never again",
        "this is a terrible\u{fe0f} service, never again",
    ] {
        assert_eq!(MODELS.judge(text, Code::of("en"), &[], &[]), plain, "{text}");
    }
}

/// Ordinary and unusual text.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        any::<String>(),
        "\\PC{0,12}",
        Just("nem ".to_owned()),
        Just("@united ".to_owned()),
        Just("https://t.co/x ".to_owned()),
        Just(" :-)) ".to_owned()),
        Just("a\u{301}\u{0}".to_owned()),
        "[a-zéűőáöü]{1,60} ",
    ];
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

fn ranges() -> impl Strategy<Value = Vec<Range<usize>>> {
    let range = (0_usize..200, 0_usize..30).prop_map(|(start, len)| start..start + len);
    prop::collection::vec(range, 0..6).prop_map(|mut ranges| {
        ranges.sort_by_key(|range| range.start);
        ranges
    })
}

proptest! {
    #[test]
    fn any_text_with_any_masks_has_a_judgement(
        text in text(),
        lang in prop::option::of("[a-z]{0,3}"),
        target in ranges(),
        other_targets in ranges(),
    ) {
        let mut out_of_scope = Vec::new();
        near::out_of_scope(&text, &target, &other_targets, &mut out_of_scope);
        let judgement = MODELS.judge(&text, MODELS.language(&text, lang.as_deref()), &target, &out_of_scope);
        prop_assert!(is_sound(&judgement));
        // Ranges that are not character boundaries.
        prop_assert!(is_sound(&MODELS.judge(&text, Code::of("hu"), &target, &other_targets)));
        prop_assert_eq!(MODELS.judge(&text, MODELS.language(&text, lang.as_deref()), &target, &out_of_scope), judgement);
    }
}

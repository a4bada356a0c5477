//! Clear texts, and the judgements of the models. Written for this program; none is from a data set.

use std::sync::LazyLock;

use super::mask::Names;
use super::near;
use crate::sentiment::{Models, Sentiment};
use orszem_records::class::Class;
use orszem_records::judgement::{Basis, Judgement};
use orszem_records::language_code::Code;

static MODELS: LazyLock<Models> = LazyLock::new(|| Models::shipped().unwrap());

fn judge(text: &str, names: &[&str]) -> Judgement {
    let mut names = Names::new(names.iter().copied());
    MODELS.judge(text, MODELS.language(text, None), names.find(text), &[])
}

fn are(wanted: Class, lang: &str, texts: &[&str]) {
    for text in texts {
        let judgement = judge(text, &[]);
        assert_eq!(judgement.language, Code::of(lang), "{text}");
        assert_eq!(judgement.class, wanted, "{text}: {:?}", judgement.probabilities);
        assert_eq!(judgement.basis, Basis::Own);
    }
}

#[test]
fn english() {
    are(
        Class::Negative,
        "en",
        &[
            "Worst airline ever, terrible service",
            "My bag is lost and nobody answers the phone",
            "I have been on hold for two hours, this is ridiculous",
            "The app crashes every time I try to pay. Useless!",
            "They charged me twice and refuse to refund my money",
            "Never again. The food was cold and the staff was rude",
        ],
    );
    are(
        Class::Positive,
        "en",
        &[
            "I love this, great crew!",
            "thank you so much for the quick help!",
            "Best customer service I have ever had, you guys rock",
            "Such a beautiful store, so happy with my new phone :)",
        ],
    );
    are(
        Class::Neutral,
        "en",
        &[
            "The flight leaves at noon from gate 12",
            "Does the store on Main Street open on Sunday?",
            "The company will publish its report on Tuesday",
        ],
    );
}

#[test]
fn hungarian() {
    are(
        Class::Negative,
        "hu",
        &[
            "Felháborító, borzalmas kiszolgálás",
            "Csalódtunk, botrányos ez az egész!",
            "botranyos ez a csalas, felhaborito",
            "Két órája várok a vonatra, senki nem mond semmit",
            "Nem működik az oldal már két napja",
            "Botrány: csalással vádolják a cég vezetőjét",
            "Soha többet nem veszek náluk semmit, hazudtak a vevőknek",
        ],
    );
    are(
        Class::Positive,
        "hu",
        &[
            "Nagyszerű volt, köszönjük szépen",
            "Köszönöm a gyors segítséget, nagyon kedvesek voltak",
            "szuper volt a kiszolgalas, csak ajanlani tudom",
            "Imádom az új telefonomat, gyönyörű és gyors",
        ],
    );
}

#[test]
fn what_is_denied_is_not_said() {
    let negative = |text: &str| judge(text, &[]).probabilities[0];
    assert!(negative("this is not good, not at all") > 0.5);
    assert!(negative("ez nem volt jó egyáltalán") > 0.5);
    assert!(negative("ez nem rossz egyáltalán") < negative("ez rossz egyáltalán") - 0.1);
    // Regression: the pieces of a negated word once counted as if it were not negated.
    assert!(negative("not bad, this new phone") < negative("bad, this new phone") - 0.4);
    assert!(negative("not that bad in the end") < negative("that bad in the end") - 0.2);
    assert!(negative("szerintem nem rossz hely ez") < negative("szerintem rossz hely ez") - 0.2);
}

#[test]
fn the_watched_name_does_not_count() {
    let store = |name: &str, target: &[&str]| judge(&format!("A {name} új üzletet nyit Szegeden"), target);
    let (pleasant, hate) = ("Kellemes Kft.", "Gyűlölet Bt.");
    assert_eq!(store(pleasant, &[]).class, Class::Positive);
    assert_eq!(store(hate, &[]).class, Class::Negative);
    let target = store(pleasant, &["Kellemes Kft"]).probabilities;
    assert!(target[2] < store(pleasant, &[]).probabilities[2] - 0.1);
    assert!(target[2] < store("Csodálatos Kft.", &[]).probabilities[2] - 0.15);
    assert_eq!(store(hate, &["Gyűlölet Bt"]).probabilities, target);

    // With the name target it does not matter what the name is.
    let of = |name: &str| judge(&format!("{name} opens a new store in Denver tomorrow"), &[name]).probabilities;
    let [best, awful] = ["Best Buy", "Awful Coffee"].map(of);
    assert_eq!(best, awful);
    assert_eq!(of("United"), best);
    assert_eq!(Class::likeliest(best), Class::Neutral);
}

#[test]
fn of_two_watched_names_each_has_its_own() {
    let judge = |text: &str, name: &str, rival: &str| {
        let own = Names::new([name]).find(text).to_vec();
        let other_targets = Names::new([rival]).find(text).to_vec();
        let mut out_of_scope = Vec::new();
        near::out_of_scope(text, &own, &other_targets, &mut out_of_scope);
        MODELS.judge(text, MODELS.language(text, None), &own, &out_of_scope).class
    };
    let text = "United was great and so friendly, but Delta lost my bag and nobody cares";
    assert_eq!(judge(text, "United", "Delta"), Class::Positive);
    assert_eq!(judge(text, "Delta", "United"), Class::Negative);
    let text = "A Volán pontos volt és nagyon kedves, a MÁV viszont botrányosan késik, felháborító";
    assert_eq!(judge(text, "Volán", "MÁV"), Class::Positive);
    assert_eq!(judge(text, "MÁV", "Volán"), Class::Negative);
}

#[test]
fn feeling_shows_in_marks() {
    for plain in ["we will be there on saturday morning", "holnap ott leszünk a koncerten"] {
        let of = |text: &str| judge(text, &[]).probabilities;
        for glad in [":)", "😍", "<3"] {
            assert!(of(&format!("{plain} {glad}"))[2] > of(plain)[2] + 0.03, "{plain} {glad}");
        }
        for sad in [":(", "😡"] {
            assert!(of(&format!("{plain} {sad}"))[0] > of(plain)[0] + 0.03, "{plain} {sad}");
        }
    }
}

//! Cases 26 to 31, as far as silences decide them.

use orszem_records::ledger::ByWhom;
use orszem_records::team::silence::{Ended, Terms};

use super::*;
use crate::routing::fixture::{at, facts, silence};

fn silences(all: impl IntoIterator<Item = Silence>) -> Silences {
    let mut silences = Silences::default();
    all.into_iter().for_each(|one| silences.put(one).unwrap());
    silences
}

fn holding(silences: &Silences, facts: &Facts, minute: i64) -> Vec<String> {
    silences.holding(facts, at(minute)).iter().map(|silence| silence.id.clone()).collect()
}

#[test]
fn case_26_a_silence_holds_what_it_means_until_its_end() {
    let silences = silences([silence("s", "watch = \"acme\"", 1, 20)]);
    assert_eq!(holding(&silences, &facts(), 0), [""; 0]);
    assert_eq!(holding(&silences, &facts(), 1), ["s"]);
    assert_eq!(silences.free_at(&facts(), at(5)), at(20));
    assert_eq!(holding(&silences, &facts(), 20), [""; 0], "half open");
    assert_eq!(holding(&silences, &Facts { watch: "other".into(), ..facts() }, 5), [""; 0]);
    assert_eq!(silences.next_change(at(1)), Some(at(20)));
    assert_eq!(silences.next_change(at(20)), None);
}

#[test]
fn case_29_an_end_by_hand_holds_from_then_on() {
    let made = silence("s", "", 1, 20);
    let ended = Some(Ended { at: Timestamp(210_000), by: ByWhom::new("Béla", "api") });
    let silences = silences([made.clone(), Silence { terms: Terms { ended, ..made.terms.clone() }, ..made }]);
    assert_eq!(silences.free_at(&facts(), at(2)), Timestamp(210_000));
    assert_eq!((holding(&silences, &facts(), 3).len(), holding(&silences, &facts(), 4).len()), (1, 0));
}

#[test]
fn case_30_silences_that_overlap_or_follow_count_as_one() {
    let mut silences = silences([silence("one", "", 0, 10), silence("two", "", 5, 15)]);
    assert_eq!(silences.free_at(&facts(), at(7)), at(15));
    assert_eq!(holding(&silences, &facts(), 7), ["two", "one"], "what lasts longest first");
    silences.put(silence("three", "desk = \"crisis\"", 15, 17)).unwrap();
    silences.put(silence("other", "desk = \"care\"", 15, 60)).unwrap();
    assert_eq!(silences.free_at(&facts(), at(7)), at(17));
    silences.put(silence("later", "", 18, 60)).unwrap();
    assert_eq!(silences.free_at(&facts(), at(7)), at(17), "there is a gap before it");
    assert_eq!(silences.free_at(&facts(), at(17)), at(17));
    silences.remove("one");
    silences.forget(at(16));
    assert_eq!(silences.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["later", "other", "three"]);
}

#[test]
fn case_31_what_rises_above_a_silence_is_not_held_by_it() {
    let silences = silences([silence("s", "severity = \">= 3\"", 0, 20)]);
    assert_eq!(holding(&silences, &facts(), 5), ["s"]);
    assert_eq!(holding(&silences, &Facts { severity: 1, ..facts() }, 6), [""; 0]);
}

#[test]
fn case_116_a_silence_of_a_drill_holds_drills_alone() {
    let mut drilled = silence("s", "", 0, 20);
    drilled.terms.drill = true;
    let silences = silences([drilled]);
    assert_eq!(holding(&silences, &facts(), 5), [""; 0]);
    assert_eq!(holding(&silences, &Facts { drill: true, ..facts() }, 5), ["s"]);
    let real = self::silences([silence("s", "", 0, 20)]);
    assert_eq!(holding(&real, &Facts { drill: true, ..facts() }, 5), [""; 0], "and one of what is real that alone");
}

#[test]
fn one_that_cannot_be_read_holds_nothing_and_says_so() {
    let mut silences = silences([silence("s", "", 0, 20)]);
    let mut unread = silence("s", "", 0, 20);
    unread.terms.matcher.severity = Some("9".into());
    let fault = silences.put(unread).unwrap_err();
    assert!(fault.starts_with("silence s: severity: \"9\" is no severity"), "{fault}");
    assert_eq!(holding(&silences, &facts(), 5), [""; 0]);
}

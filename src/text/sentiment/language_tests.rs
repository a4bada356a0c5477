use super::*;

proptest::proptest! {
    /// Letters in one step and one by one give the same features.
    #[test]
    fn the_short_way_is_no_other_way(text in "([a-zA-Z]{1,18}|no|sooo|[áőŰ!?.,:'0-9#]|http://x){0,3}( ([a-zA-Z]{1,9}|szép|[áőŰ!?.,:'0-9]){1,3}){0,8}") {
        let all = |text: &str| {
            let mut all = Vec::new();
            features(text, 0, usize::MAX, &mut |some| all.extend_from_slice(some));
            all.sort_unstable();
            all
        };
        // What shows nothing keeps letters apart.
        let slow = |letter: char| std::iter::once(letter).chain(letter.is_ascii_alphabetic().then_some('\u{200b}'));
        let apart: String = text.chars().flat_map(slow).collect();
        // It is read as far only.
        proptest::prop_assume!(apart.len() < READ);
        proptest::prop_assert_eq!(all(&text), all(&apart));
    }
}

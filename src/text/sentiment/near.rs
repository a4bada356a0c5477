//! If a text names several watches: decides which words are about which name.
//!
//! Between two names, the text is split at the end of a sentence, otherwise of a clause, otherwise in the middle. Each
//! name gets the words on its side. Names in a row ("United, Delta and Southwest are late") share the words.

use std::ops::Range;

/// Words that join names in a row.
const JOINING: &[&str] = &["and", "or", "vs", "és", "es", "vagy", "meg", "illetve", "valamint", "amp"];
/// Words that begin a new clause.
const TURNING: &[&str] = &[
    "but", "while", "whereas", "although", "unlike", "however", "de", "viszont", "míg", "mig", "ellenben", "bár",
    "bar", "azonban", "aber", "pero", "ale",
];

/// The maximum number of names considered on each side, since a text may consist of names only.
const MOST: usize = 32;

/// Names in a row.
struct Group {
    range: Range<usize>,
    own: bool,
}

/// Writes into `out_of_scope` the parts of `text` that are about `other_targets` and not about the name at `own`, in
/// order. Both are sorted byte ranges; other targets that overlap the name are ignored.
pub fn out_of_scope(
    text: &str,
    own: &[Range<usize>],
    other_targets: &[Range<usize>],
    out_of_scope: &mut Vec<Range<usize>>,
) {
    out_of_scope.clear();
    let (own, other_targets) = (&own[..own.len().min(MOST)], &other_targets[..other_targets.len().min(MOST)]);
    let overlaps = |rival: &Range<usize>| own.iter().any(|own| own.start < rival.end && rival.start < own.end);
    let whole = |range: &&Range<usize>| range.start < range.end && text.get((*range).clone()).is_some();
    let mut other_targets = other_targets.iter().filter(whole).filter(|rival| !overlaps(rival)).peekable();
    if other_targets.peek().is_none() || own.is_empty() {
        return;
    }
    let mut own = own.iter().filter(whole).peekable();
    let mut group: Option<Group> = None;
    // From here on the text belongs to the group.
    let mut from = 0;
    loop {
        let next = match (own.peek(), other_targets.peek()) {
            (Some(name), Some(rival)) if name.start <= rival.start => own.next().map(|name| (name, true)),
            (Some(_), None) => own.next().map(|name| (name, true)),
            (_, Some(_)) => other_targets.next().map(|rival| (rival, false)),
            (None, None) => None,
        };
        let Some((range, is_own)) = next else { break };
        let before = match group.take() {
            None => {
                group = Some(Group { range: range.clone(), own: is_own });
                continue;
            }
            Some(before) if range.start < before.range.end => {
                let range = before.range.start..before.range.end.max(range.end);
                group = Some(Group { range, own: before.own || is_own });
                continue;
            }
            Some(before) => before,
        };
        let between = before.range.end..range.start;
        if before.own == is_own || joins(&text[between.clone()]) {
            group = Some(Group { range: before.range.start..range.end, own: before.own || is_own });
            continue;
        }
        let cut = between.start + cut(&text[between]);
        if !before.own {
            out_of_scope.push(from..cut);
        }
        from = cut;
        group = Some(Group { range: range.clone(), own: is_own });
    }
    if group.is_some_and(|group| !group.own) {
        out_of_scope.push(from..text.len());
    }
}

fn joins(between: &str) -> bool {
    let mut words = between.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    !between.contains(['.', '!', '?', ';', '\n'])
        && words.all(|word| JOINING.iter().any(|joining| joining.eq_ignore_ascii_case(word)))
}

/// Where to split the text between two names: after the last end of a sentence, otherwise at the last end of a clause,
/// otherwise at the space nearest to the middle.
fn cut(between: &str) -> usize {
    if let Some(at) = between.rfind(['.', '!', '?', ';', '\n']) {
        return at + 1;
    }
    if let Some(at) = between.rfind(',') {
        return at + 1;
    }
    let blanks = || between.match_indices(' ').map(|(at, _)| at);
    let turns = |at: &usize| {
        let word = between[at + 1..].split(' ').next().unwrap_or_default();
        TURNING.iter().any(|turning| turning.eq_ignore_ascii_case(word))
    };
    let middle = between.len() / 2;
    let nearest = || blanks().min_by_key(|at| at.abs_diff(middle));
    blanks().rfind(turns).or_else(nearest).unwrap_or(between.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The part of a text for `name`, if the text also names the others.
    fn left(text: &str, name: &str, others: &[&str]) -> String {
        let find = |name: &str| text.match_indices(name).map(|(at, hit)| at..at + hit.len()).collect::<Vec<_>>();
        let mut other_targets: Vec<_> = others.iter().flat_map(|other| find(other)).collect();
        other_targets.sort_by_key(|rival| rival.start);
        let mut gone = Vec::new();
        out_of_scope(text, &find(name), &other_targets, &mut gone);
        let mut left = String::new();
        let mut at = 0;
        for range in gone {
            left.push_str(&text[at..range.start]);
            at = range.end;
        }
        left + &text[at..]
    }

    #[test]
    fn each_name_has_its_side() {
        let text = "United is great but Delta lost my bag";
        assert_eq!(left(text, "United", &["Delta"]), "United is great");
        assert_eq!(left(text, "Delta", &["United"]), " but Delta lost my bag");
        let text = "A MÁV késik. Utálom, a Volán viszont pontos";
        assert_eq!(left(text, "MÁV", &["Volán"]), "A MÁV késik. Utálom,".replace(" Utálom,", ""));
        assert_eq!(left(text, "Volán", &["MÁV"]), " Utálom, a Volán viszont pontos");
    }

    #[test]
    fn names_in_a_row_share_what_is_said() {
        let text = "United, Delta and Southwest are late";
        for name in ["United", "Delta", "Southwest"] {
            assert_eq!(left(text, name, &["United", "Delta", "Southwest"]), text);
        }
    }

    proptest! {
        #[test]
        fn any_ranges_give_borders_in_order(text in "[a-zé.,! ]{0,40}", marks in prop::collection::vec((0_usize..45, 0_usize..8, any::<bool>()), 0..6)) {
            let mut ranges: Vec<_> = marks.iter().map(|(at, len, own)| (*at..at + len, *own)).collect();
            ranges.sort_by_key(|(range, _)| range.start);
            let of = |wanted| ranges.iter().filter(|(_, own)| *own == wanted).map(|(range, _)| range.clone()).collect::<Vec<_>>();
            let mut gone = Vec::new();
            out_of_scope(&text, &of(true), &of(false), &mut gone);
            let mut at = 0;
            for range in gone {
                prop_assert!(range.start >= at && text.get(range.clone()).is_some());
                at = range.end;
            }
        }
    }
}

//! The ids of incidents as cases write them: `k1` is the first of a watch, `k1.4..200` are many.

use std::collections::{BTreeMap, BTreeSet};

/// Ids beyond this number are written as ranges, so that a line can be read.
const MOST: usize = 10;

/// The most ids of a range.
const LONGEST: u32 = 100_000;

/// The first incident of a watch goes by the watch's name alone.
pub(super) fn shown(incident: &str) -> &str {
    incident.strip_suffix(".1").unwrap_or(incident)
}

/// Each id for itself: `k1.4..6` is `k1.4`, `k1.5`, `k1.6`. Other words stay.
pub(super) fn expanded(words: &[&str]) -> Vec<String> {
    words.iter().flat_map(|word| range(word).unwrap_or_else(|| vec![(*word).to_owned()])).collect()
}

fn range(word: &str) -> Option<Vec<String>> {
    let (first, last) = word.split_once("..")?;
    let (watch, first) = first.rsplit_once('.')?;
    let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
    // What is no range stays as it stands there, and is found nowhere.
    (first <= last && last - first < LONGEST).then_some(())?;
    Some((first..=last).map(|number| format!("{watch}.{number}")).collect())
}

/// A list with a space before each. Many are in order of their watches and numbers, as ranges.
pub(super) fn listed(ids: &[String]) -> String {
    let numbered = |id: &String| Some((id.rsplit_once('.')?.0.to_owned(), id.rsplit_once('.')?.1.parse().ok()?));
    let numbers: Option<Vec<(String, u32)>> = ids.iter().map(numbered).collect();
    let Some(numbers) = numbers.filter(|ids| ids.len() > MOST) else {
        return ids.iter().map(|id| format!(" {id}")).collect();
    };
    let mut by_watch: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for (watch, number) in numbers {
        by_watch.entry(watch).or_default().insert(number);
    }
    let mut list = String::new();
    for (watch, numbers) in by_watch {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for number in numbers {
            match ranges.last_mut().filter(|(_, last)| last + 1 == number) {
                Some((_, last)) => *last = number,
                None => ranges.push((number, number)),
            }
        }
        for (first, last) in ranges {
            list += &if first == last { format!(" {watch}.{first}") } else { format!(" {watch}.{first}..{last}") };
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_ids_are_ranges_and_few_are_not() {
        assert_eq!(expanded(&["k1.4..6", "k2.1", "k1"]), ["k1.4", "k1.5", "k1.6", "k2.1", "k1"]);
        assert_eq!(listed(&expanded(&["k2.9", "k1.4..6"])), " k2.9 k1.4 k1.5 k1.6", "in their order");
        let many = expanded(&["k2.1", "k1.100", "k1.4..20"]);
        assert_eq!(listed(&many), " k1.4..20 k1.100 k2.1");
        assert_eq!(listed(&[]), "");
        assert_eq!((shown("k1.1"), shown("k1.11")), ("k1", "k1.11"));
    }
}

//! The companies. All are invented; any similarity to a real one is coincidence.

use super::dice::{Dice, key};
use super::plan::{Company, Topic};

/// Name, trade, mentions per hour, share of Hungarian, negative and positive share.
const KNOWN: [(&str, Topic, f64, f64, f64, f64); 6] = [
    ("Veltaro", Topic::Flights, 240.0, 0.45, 0.22, 0.21),
    ("Zalkora", Topic::Banking, 120.0, 0.80, 0.21, 0.20),
    ("Kellemes", Topic::Food, 180.0, 0.85, 0.15, 0.25),
    ("Brontel", Topic::Telecom, 300.0, 0.70, 0.24, 0.20),
    ("Tundrex", Topic::Parcels, 150.0, 0.75, 0.23, 0.20),
    ("Orbiva", Topic::Streaming, 90.0, 0.30, 0.16, 0.24),
];

/// The first `count` companies: six hand-written ones, then generated ones with names made of syllables. Their rates
/// are like those of a real portfolio: a few are large, most get a handful of mentions per hour.
pub fn companies(count: usize) -> Vec<Company> {
    let known = KNOWN.into_iter().map(|(name, topic, per_hour, hungarian, negative, positive)| Company {
        id: name.to_lowercase(),
        name: name.to_owned(),
        handle: name.to_lowercase(),
        tag: name.to_lowercase(),
        topic,
        per_hour,
        hungarian,
        negative,
        positive,
    });
    known.chain((KNOWN.len()..).map(made_up)).take(count).collect()
}

/// The company with this number: the syllables encode the number, so that names are unique.
fn made_up(number: usize) -> Company {
    const FIRST: [&str; 20] = [
        "Bra", "Cse", "Dri", "Fo", "Glu", "Hja", "Kve", "Lo", "Mra", "Nye", "Pli", "Qua", "Rho", "Sza", "Tri", "Uva",
        "Vre", "Xo", "Yle", "Zsu",
    ];
    const MIDDLE: [&str; 20] = [
        "bal", "cor", "dem", "fin", "gol", "hur", "jat", "kem", "lun", "mir", "nav", "pon", "rak", "sel", "tiv", "vos",
        "zan", "lid", "mor", "tek",
    ];
    const LAST: [&str; 10] = ["ano", "exa", "ilon", "ora", "umel", "atis", "ento", "ivar", "osek", "uri"];
    let (rest, last) = (number / LAST.len(), number % LAST.len());
    let (rest, middle) = (rest / MIDDLE.len(), rest % MIDDLE.len());
    let (rest, first) = (rest / FIRST.len(), rest % FIRST.len());
    let mut name = format!("{}{}{}", FIRST[first], MIDDLE[middle], LAST[last]);
    for _ in 0..rest {
        name.push_str("bel");
    }
    let mut dice = Dice::new(key(0, &name));
    let slug = name.to_lowercase();
    Company {
        id: slug.clone(),
        name,
        handle: slug.clone(),
        tag: slug,
        topic: Topic::ALL[number % Topic::ALL.len()],
        // From 60 an hour down to 1, by rank.
        per_hour: (360.0 / number as f64).clamp(1.0, 60.0),
        hungarian: 0.2 + 0.7 * dice.unit(),
        negative: 0.15 + 0.10 * dice.unit(),
        positive: 0.20 + 0.05 * dice.unit(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ten_thousand_companies_are_all_different() {
        let all = companies(10_000);
        let ids: BTreeSet<&str> = all.iter().map(|company| company.id.as_str()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() <= 63 && id.bytes().all(|byte| byte.is_ascii_lowercase())));
        assert_eq!(companies(8)[..6], companies(6)[..]);
    }
}

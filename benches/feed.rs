//! A feed to measure on, as varied as `orszem simulate` makes it: Hungarian and English, 20 to 600 characters, links,
//! emoji, accents, a third of them copies. It names as many companies as there are watches.

use orszem_core::simulate::{Company, Plan, Simulation, companies};
use orszem_records::time::Timestamp;

/// Mentions an hour of the simulated time, in which copies follow what they copy.
const PER_HOUR: f64 = 20_000.0;
/// Texts that may be copied: the newest.
const RECENT: usize = 4096;
/// This many of a hundred mentions copy one of these, beside those that the simulation copies.
const COPIES: u64 = 18;
/// How many sentences a text has besides the one with the name, equally likely.
const MORE: [usize; 10] = [0, 0, 0, 0, 0, 1, 1, 2, 3, 7];
/// The longest text, in characters.
const LONGEST: usize = 600;

/// A number that `number` fixes and that looks like chance.
pub(crate) fn random(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 11
}

/// The companies, and the terms of each one's watch.
pub(crate) fn watches(count: usize) -> impl Iterator<Item = (String, Vec<String>)> {
    let terms = |company: &Company| vec![company.name.clone(), format!("@{}", company.handle)];
    companies(count).into_iter().map(move |company| (company.id.clone(), terms(&company)))
}

/// Mentions as JSON, without end: one in `every` names one of `names` companies. Event time runs at `per_second`.
pub(crate) fn feed(names: usize, every: u64, per_second: u64) -> impl Iterator<Item = String> {
    let start = Timestamp(1_772_409_600_000);
    let mut companies = companies(names);
    let total: f64 = companies.iter().map(|company| company.per_hour).sum();
    companies.iter_mut().for_each(|company| company.per_hour *= PER_HOUR / total);
    // Chatter is what surrounds the names in long texts, and what names none.
    let chatter_per_hour = PER_HOUR * every as f64;
    let end = Timestamp::LATEST;
    let plan = Plan { seed: 7, start, end, companies, chatter_per_hour, injections: Vec::new() };
    let mut simulation = Simulation::new(plan).unwrap().map(|(_, mention)| mention);
    let (mut number, mut naming, mut recent) = (0_u64, Vec::new(), Vec::<String>::new());
    // By language: what was last said that names nobody.
    let mut chatter: [Vec<String>; 2] = Default::default();
    std::iter::from_fn(move || {
        let mut mention = loop {
            let mention = simulation.next()?;
            let wanted = number.is_multiple_of(every);
            match (mention.company.is_some(), wanted) {
                (true, true) => break mention,
                (true, false) => naming.push(mention),
                (false, true) => {
                    let of = &mut chatter[usize::from(mention.lang == Some("hu"))];
                    if of.len() < 64 {
                        of.push(mention.text);
                    } else {
                        of[(random(number) % 64) as usize] = mention.text;
                    }
                    if let Some(mention) = naming.pop() {
                        break mention;
                    }
                }
                (false, false) => break mention,
            }
        };
        let chance = random(number ^ 0x5eed);
        if mention.repost_of.is_none()
            && chance % 100 < COPIES
            && recent.len() == RECENT
            && number.is_multiple_of(every)
        {
            mention.text.clone_from(&recent[(chance >> 8) as usize % RECENT]);
        } else if mention.repost_of.is_none() && number.is_multiple_of(every) {
            let of = &chatter[usize::from(mention.lang == Some("hu"))];
            for more in 0..MORE[(chance >> 8) as usize % MORE.len()] {
                if let Some(sentence) = of.get((chance >> 16) as usize % of.len().max(1)) {
                    mention.text.push(if more % 3 == 2 { '\n' } else { ' ' });
                    mention.text.push_str(sentence);
                }
                if mention.text.chars().count() > LONGEST {
                    mention.text = mention.text.chars().take(LONGEST).collect();
                    break;
                }
            }
            if chance.is_multiple_of(4) {
                mention.text.push_str(&format!(" https://t.co/{:x}", chance >> 20));
            }
            if recent.len() < RECENT {
                recent.push(mention.text.clone());
            } else {
                recent[(chance >> 24) as usize % RECENT].clone_from(&mention.text);
            }
        }
        mention.published_at = start.plus((number * 1000 / per_second).cast_signed());
        number += 1;
        Some(serde_json::to_string(&mention).unwrap())
    })
}

//! What drives an incident: terms that its mentions have more often than the watch's own past does.
//!
//! The weighted log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi & Quinn, "Fightin' Words", 2008),
//! over mentions that have a term: the prior is the past itself, so that what is rare in both is not over-valued. The
//! past is kept as decayed counts in a fixed number of hashed places; terms that share a place count as known, which
//! errs on the quiet side.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::score::gist::Gist;
use crate::score::repeats;

use super::pack::{Packer, Unpacker};

/// Places in which the past is counted.
const PLACES: u64 = 512;
/// Each day the past loses this part: a half-life of about a week.
const LOST_A_DAY: u16 = 10;
/// Terms of the lead-in or of an incident that are counted at most; the rarest gives way.
const TERMS: usize = 48;
/// A quarter of an hour of the lead-in.
const QUARTER: i64 = 15;
/// How many mentions the prior weighs.
const PRIOR: f64 = 50.0;
/// A term must be in so many mentions of the sample …
const LEAST: u32 = 3;
/// … and stand out by so many standard errors.
const LEAST_Z: f64 = 2.5;
/// Drivers that are told.
pub const MOST: usize = 8;

/// A term that drives an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Driver {
    /// What it is.
    pub kind: What,
    /// The term, as mentions have it: from outside.
    pub text: String,
    /// The share of the mentions that have it.
    pub share: f64,
    /// How many times its usual share that is; at most 1,000.
    pub times: f64,
    /// How far it stands out, in standard errors.
    pub z: f64,
}

/// What a driver is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A word.
    Term,
    /// Two words in a row.
    Phrase,
    /// A `#tag`.
    Hashtag,
    /// A `@handle` or `$cashtag` that is called.
    Handle,
    /// A link: host and beginning of the path.
    Link,
    /// An author.
    Author,
    /// A source.
    Source,
    /// A language.
    Language,
}

fn what(term: &str) -> (What, &str) {
    let named = [("link:", What::Link), ("by:", What::Author), ("in:", What::Source), ("lang:", What::Language)];
    for (prefix, what) in named {
        if let Some(text) = term.strip_prefix(prefix) {
            return (what, text);
        }
    }
    match term.chars().next() {
        Some('#') => (What::Hashtag, term),
        Some('@' | '$') => (What::Handle, term),
        _ if term.contains(' ') => (What::Phrase, term),
        _ => (What::Term, term),
    }
}

/// Terms and in how many mentions they were.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    mentions: u32,
    terms: BTreeMap<String, u32>,
}

impl Counted {
    fn add(&mut self, gist: &Gist) {
        self.mentions += 1;
        for term in &gist.terms {
            if let Some(count) = self.terms.get_mut(term) {
                *count += 1;
                continue;
            }
            if self.terms.len() >= TERMS {
                // One that came once gives way, any of them; what came twice stays.
                let single = || self.terms.iter().filter(|(_, count)| **count == 1);
                let singles = single().count();
                let place = usize::try_from(repeats::key(term)).unwrap_or(0).checked_rem(singles);
                let Some(name) = place.and_then(|place| single().nth(place)).map(|(name, _)| name.clone()) else {
                    continue;
                };
                self.terms.remove(&name);
            }
            self.terms.insert(term.clone(), 1);
        }
    }

    fn merge(&mut self, other: &Counted) {
        self.mentions += other.mentions;
        for (term, count) in &other.terms {
            *self.terms.entry(term.clone()).or_default() += count;
        }
        while self.terms.len() > TERMS {
            let Some(least) = self.terms.iter().min_by_key(|(_, count)| **count).map(|(name, _)| name.clone()) else {
                break;
            };
            self.terms.remove(&least);
        }
    }

    fn heap_bytes(&self) -> usize {
        self.terms.keys().map(|term| term.capacity() + 40).sum()
    }
}

/// The past of a watch's words, and those of now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    day: i64,
    mentions: u16,
    /// Empty before the first mention.
    places: Vec<u16>,
    quarter: i64,
    /// The quarter of an hour under way, or the incident that is open; and the quarter before.
    now: Counted,
    before: Counted,
}

impl Words {
    /// Takes in what a complete minute was about. `open`: an incident is, and what comes is its own.
    pub fn add(&mut self, minute: i64, gists: &[Gist], open: bool) {
        if gists.is_empty() {
            return;
        }
        if open {
            gists.iter().for_each(|gist| self.now.add(gist));
            return;
        }
        let quarter = minute.div_euclid(QUARTER);
        if quarter > self.quarter {
            let now = std::mem::take(&mut self.now);
            self.before = if quarter == self.quarter + 1 { now } else { Counted::default() };
            self.quarter = quarter;
        }
        for gist in gists {
            self.now.add(gist);
            self.learn(minute.div_euclid(1440), gist);
        }
    }

    fn learn(&mut self, day: i64, gist: &Gist) {
        if self.places.is_empty() {
            self.places = vec![0; PLACES as usize];
            self.day = day;
        }
        // Before it is full, and every day.
        while self.day < day || self.mentions == u16::MAX {
            let fade = |count: &mut u16| *count -= count.div_ceil(LOST_A_DAY);
            self.places.iter_mut().chain([&mut self.mentions]).for_each(fade);
            self.day = if day - self.day > 100 { day } else { (self.day + 1).min(day) };
        }
        self.mentions += 1;
        for term in &gist.terms {
            let place = &mut self.places[(repeats::key(term) % PLACES) as usize];
            *place = place.saturating_add(1);
        }
    }

    /// An incident begins: what was said just before belongs to it.
    pub fn open(&mut self) {
        let before = std::mem::take(&mut self.before);
        self.now.merge(&before);
    }

    /// The incident is over.
    pub fn close(&mut self) {
        self.now = Counted::default();
        self.before = Counted::default();
    }

    /// What stands out, the most striking first.
    pub fn drivers(&self) -> Vec<Driver> {
        let now = f64::from(self.now.mentions);
        // What was learnt just before the incident began was part of it.
        let past = f64::from(self.mentions);
        if now < f64::from(LEAST) || self.places.is_empty() {
            return Vec::new();
        }
        let weigh = |(term, count): (&String, &u32)| {
            let count = f64::from(*count);
            let known = f64::from(self.places[(repeats::key(term) % PLACES) as usize]);
            // The prior: the share that the term has in past and present together.
            let prior = PRIOR * (known + count + 0.01) / (past + now + 1.0);
            let odds = |seen: f64, of: f64| (seen + prior) / (of + PRIOR - seen - prior).max(0.5);
            let delta = odds(count, now).ln() - odds(known.min(past), past).ln();
            let z = delta / (1.0 / (count + prior) + 1.0 / (known + prior)).sqrt();
            let share = count / now;
            let times = (share / ((known + 0.5) / (past + 1.0))).min(1_000.0);
            let (kind, text) = what(term);
            Driver { kind, text: text.to_owned(), share, times, z }
        };
        let mut drivers: Vec<Driver> = self
            .now
            .terms
            .iter()
            .filter(|(_, count)| **count >= LEAST)
            .map(weigh)
            .filter(|driver| driver.z >= LEAST_Z && driver.times > 1.2)
            .collect();
        drivers.sort_by(|a, b| b.z.total_cmp(&a.z).then_with(|| a.text.cmp(&b.text)));
        self.without_parts(&mut drivers);
        drivers.truncate(MOST);
        drivers
    }

    /// A word that comes only within a phrase that is told as well says nothing more.
    fn without_parts(&self, drivers: &mut Vec<Driver>) {
        let phrases: Vec<(String, f64)> = drivers
            .iter()
            .filter(|driver| driver.kind == What::Phrase)
            .map(|driver| (driver.text.clone(), driver.share))
            .collect();
        drivers.retain(|driver| {
            let part = |(phrase, share): &(String, f64)| {
                phrase.split(' ').any(|word| word == driver.text) && *share >= 0.8 * driver.share
            };
            driver.kind != What::Term || !phrases.iter().any(part)
        });
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.places.capacity() * 2 + self.now.heap_bytes() + self.before.heap_bytes()
    }

    /// Writes the past; the words of now are kept apart.
    pub fn pack(&self, packer: &mut Packer) {
        packer.signed(self.day);
        packer.signed(self.quarter);
        packer.unsigned(u64::from(self.mentions));
        packer.unsigned(self.places.len() as u64);
        self.places.iter().for_each(|place| packer.unsigned(u64::from(*place)));
    }

    /// Reads what [`Words::pack`] wrote, with the words of now.
    pub fn unpack(unpacker: &mut Unpacker<'_>, [now, before]: [Counted; 2]) -> Option<Words> {
        let (day, quarter) = (unpacker.signed()?, unpacker.signed()?);
        let mut narrow = || u16::try_from(unpacker.unsigned()?).ok();
        let mentions = narrow()?;
        let length = Some(narrow()?).filter(|length| *length == 0 || u64::from(*length) == PLACES)?;
        let places = (0..length).map(|_| narrow()).collect::<Option<_>>()?;
        Some(Words { day, mentions, places, quarter, now, before })
    }

    /// The words of now.
    pub fn counted(&self) -> [Counted; 2] {
        [self.now.clone(), self.before.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gist(key: u64, terms: &[&str]) -> Gist {
        Gist { key, terms: terms.iter().map(|term| (*term).to_owned()).collect() }
    }

    /// Ten days in which every mention is of the weather, and one in twenty of baggage; then an hour of it.
    fn words() -> Words {
        let mut words = Words::default();
        for minute in 0..10 * 1440 {
            let other = format!("word{}", minute % 300);
            let mut terms = vec!["weather", other.as_str(), "in:news"];
            if minute % 20 == 0 {
                terms.push("baggage");
            }
            words.add(minute, &[gist(minute.unsigned_abs(), &terms)], false);
        }
        words.open();
        for minute in 0..60_i64 {
            let other = format!("word{minute}");
            let gist = gist(
                100_000 + minute.unsigned_abs(),
                &["weather", "baggage", "lost", "lost baggage", "#fail", "in:forum", &other],
            );
            words.add(10 * 1440 + minute, &[gist], true);
        }
        words
    }

    #[test]
    fn what_is_new_drives_and_what_is_always_said_does_not() {
        let drivers = words().drivers();
        let told: Vec<&str> = drivers.iter().map(|driver| driver.text.as_str()).collect();
        for term in ["lost baggage", "#fail", "forum"] {
            assert!(told.contains(&term), "{term} is not in {drivers:#?}");
        }
        assert!(!told.contains(&"weather") && !told.contains(&"lost"), "{drivers:#?}");
        let fail = drivers.iter().find(|driver| driver.text == "#fail").unwrap();
        assert!(fail.times > 8.0 && fail.share > 0.6 && fail.kind == What::Hashtag, "{fail:?}");
        assert_eq!(drivers.iter().find(|driver| driver.text == "forum").unwrap().kind, What::Source);
    }

    #[test]
    fn memory_is_bounded_whatever_is_said() {
        let mut words = Words::default();
        for minute in 0..5_000 {
            let terms: Vec<String> = (0..40).map(|term| format!("{minute} {term} {}", "x".repeat(30))).collect();
            let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
            words.add(minute, &[gist(minute.unsigned_abs(), &terms)], minute > 4_000);
        }
        assert!(words.heap_bytes() < 10_000, "{}", words.heap_bytes());
        assert!(words.now.terms.len() <= TERMS);
    }

    #[test]
    fn it_survives_packing() {
        let words = words();
        let mut packer = Packer::default();
        words.pack(&mut packer);
        let bytes = packer.finish();
        assert_eq!(Words::unpack(&mut Unpacker::new(&bytes), words.counted()), Some(words));
    }
}

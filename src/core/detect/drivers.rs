//! What drives an incident: terms that its mentions have more often than the watch's own past does.
//!
//! The weighted log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi & Quinn, "Fightin' Words", 2008),
//! over mentions that have a term: the prior is the past itself, so that what is rare in both is not over-valued. The
//! past is a count-min sketch with conservative update (Estan and Varghese 2002): what it says is never too little, so
//! it errs on the quiet side. Pairs of words are not in it; their past is that of the rarer word, which is no less.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use orszem_records::key_terms::{KeyTerms, TermKind};
use orszem_records::signal::Driver;

use super::pack::{Packer, Unpacker};

/// Counters of each of the two rows in which the past is counted.
const WIDTH: usize = 384;
/// Each day the past loses this part: a half-life of about a week.
const LOST_A_DAY: u16 = 10;
/// Terms of an incident that are counted at most; the rarest give way.
const TERMS: usize = 48;
/// Those of a quarter of the lead-in.
const LEAD_TERMS: usize = 24;
/// A quarter of an hour of the lead-in.
const QUARTER: i64 = 15;
/// How many mentions the prior weighs.
const PRIOR: f64 = 50.0;
/// A term must be in this many mentions of the sample …
const LEAST: u32 = 3;
/// … and stand out by this many standard errors.
const LEAST_Z: f64 = 2.5;
/// Drivers that are told.
pub const MOST: usize = 8;

/// Terms and in how many mentions they were.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    mentions: u32,
    /// In order of the terms.
    terms: Vec<(TermKind, Box<str>, u32)>,
}

impl Counted {
    fn place(&self, (what, text): (TermKind, &str)) -> Result<usize, usize> {
        self.terms.binary_search_by(|(kind, term, _)| (*kind, &**term).cmp(&(what, text)))
    }

    fn add(&mut self, key_terms: &KeyTerms, most: usize) {
        self.mentions += 1;
        key_terms.terms().into_iter().for_each(|term| self.count(term, 1));
        self.keep(most);
    }

    fn merge(&mut self, other: &Counted) {
        self.mentions += other.mentions;
        other.terms.iter().for_each(|(what, text, count)| self.count((*what, text), *count));
        self.keep(TERMS);
    }

    fn count(&mut self, term: (TermKind, &str), more: u32) {
        match self.place(term) {
            Ok(place) => self.terms[place].2 += more,
            Err(place) => self.terms.insert(place, (term.0, term.1.into(), more)),
        }
    }

    /// Makes room: the rarest give way, of equally rare ones those whose hash is lowest, so that none is favoured.
    fn keep(&mut self, most: usize) {
        let Some(over) = self.terms.len().checked_sub(most).filter(|over| *over > 0) else { return };
        let mut ranks: Vec<(u32, u64)> =
            self.terms.iter().map(|(what, text, count)| (*count, hash((*what, text)))).collect();
        let (_, last, _) = ranks.select_nth_unstable(over - 1);
        let last = *last;
        self.terms.retain(|(what, text, count)| (*count, hash((*what, text))) > last);
        self.terms.shrink_to_fit();
    }

    fn heap_bytes(&self) -> usize {
        let texts: usize = self.terms.iter().map(|(_, text, _)| text.len() + 16).sum();
        self.terms.capacity() * size_of::<(TermKind, Box<str>, u32)>() + texts
    }
}

fn hash((what, text): (TermKind, &str)) -> u64 {
    xxh3_64_with_seed(text.as_bytes(), what as u64)
}

fn places(term: (TermKind, &str)) -> [usize; 2] {
    let hash = hash(term);
    [hash as u32 as usize % WIDTH, WIDTH + (hash >> 32) as usize % WIDTH]
}

/// The past of a watch's words, and those of now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TermHistory {
    day: i64,
    mentions: u16,
    /// Both rows; empty before the first mention.
    counts: Vec<u16>,
    quarter: i64,
    /// The quarter of an hour under way, or the incident that is open; and the quarter before.
    now: Counted,
    before: Counted,
}

impl TermHistory {
    /// Takes in what a complete minute was about. `open`: an incident is, and what comes is its own.
    pub fn add(&mut self, minute: i64, key_terms: &[KeyTerms], open: bool) {
        if key_terms.is_empty() {
            return;
        }
        if open {
            key_terms.iter().for_each(|key_terms| self.now.add(key_terms, TERMS));
            return;
        }
        let quarter = minute.div_euclid(QUARTER);
        if quarter > self.quarter {
            let now = std::mem::take(&mut self.now);
            self.before = if quarter == self.quarter + 1 { now } else { Counted::default() };
            self.quarter = quarter;
        }
        for key_terms in key_terms {
            self.now.add(key_terms, LEAD_TERMS);
            self.learn(minute.div_euclid(1440), key_terms);
        }
    }

    fn learn(&mut self, day: i64, key_terms: &KeyTerms) {
        if self.counts.is_empty() {
            self.counts = vec![0; 2 * WIDTH];
            self.day = day;
        }
        // Before it is full, and every day.
        while self.day < day || self.mentions == u16::MAX {
            let fade = |count: &mut u16| *count -= count.div_ceil(LOST_A_DAY);
            self.counts.iter_mut().chain([&mut self.mentions]).for_each(fade);
            self.day = if day - self.day > 100 { day } else { (self.day + 1).min(day) };
        }
        self.mentions += 1;
        for term in key_terms.terms().into_iter().filter(|(what, _)| *what != TermKind::Phrase) {
            let more = self.learnt(term).saturating_add(1);
            for place in places(term) {
                self.counts[place] = self.counts[place].max(more);
            }
        }
    }

    /// In how many mentions of the past a term was, at most.
    fn learnt(&self, term: (TermKind, &str)) -> u16 {
        let [one, other] = places(term).map(|place| self.counts.get(place).copied().unwrap_or(0));
        one.min(other)
    }

    fn known(&self, (what, text): (TermKind, &str)) -> u16 {
        match what {
            TermKind::Phrase => text.split(' ').map(|word| self.learnt((TermKind::Term, word))).min().unwrap_or(0),
            _ => self.learnt((what, text)),
        }
    }

    /// An incident begins: what was said just before belongs to it, and not to the past.
    pub fn open(&mut self) {
        let before = std::mem::take(&mut self.before);
        self.now.merge(&before);
        if self.counts.is_empty() {
            return;
        }
        for (what, text, count) in self.now.terms.iter().filter(|(what, ..)| *what != TermKind::Phrase) {
            let count = u16::try_from(*count).unwrap_or(u16::MAX);
            for place in places((*what, text)) {
                self.counts[place] = self.counts[place].saturating_sub(count);
            }
        }
        self.mentions = self.mentions.saturating_sub(u16::try_from(self.now.mentions).unwrap_or(u16::MAX));
    }

    /// The incident is over.
    pub fn close(&mut self) {
        self.now = Counted::default();
        self.before = Counted::default();
    }

    /// What stands out, the most striking first.
    pub fn drivers(&self) -> Vec<Driver> {
        let (now, past) = (f64::from(self.now.mentions), f64::from(self.mentions));
        if now < f64::from(LEAST) || past == 0.0 {
            return Vec::new();
        }
        let weigh = |(what, text, count): &(TermKind, Box<str>, u32)| {
            let count = f64::from(*count);
            let known = f64::from(self.known((*what, text))).min(past);
            // The prior: the share that the term has in past and present together.
            let prior = PRIOR * (known + count + 0.01) / (past + now + 1.0);
            let odds = |seen: f64, of: f64| (seen + prior) / (of + PRIOR - seen - prior).max(0.5);
            let delta = odds(count, now).ln() - odds(known, past).ln();
            let z = delta / (1.0 / (count + prior) + 1.0 / (known + prior)).sqrt();
            let share = count / now;
            let times = (share / ((known + 0.5) / (past + 1.0))).min(1_000.0);
            Driver { kind: *what, text: text.to_string(), share, times, z }
        };
        let heard = self.now.terms.iter().filter(|(.., count)| *count >= LEAST);
        let mut drivers: Vec<Driver> =
            heard.map(weigh).filter(|driver| driver.z >= LEAST_Z && driver.times > 1.2).collect();
        drivers.sort_by(|a, b| b.z.total_cmp(&a.z).then_with(|| a.text.cmp(&b.text)));
        self.without_parts(&mut drivers);
        drivers.truncate(MOST);
        drivers
    }

    /// A word that comes only within a phrase that is told as well says nothing more.
    fn without_parts(&self, drivers: &mut Vec<Driver>) {
        let phrases: Vec<(String, f64)> = drivers
            .iter()
            .filter(|driver| driver.kind == TermKind::Phrase)
            .map(|driver| (driver.text.clone(), driver.share))
            .collect();
        drivers.retain(|driver| {
            let part = |(phrase, share): &(String, f64)| {
                phrase.split(' ').any(|word| word == driver.text) && *share >= 0.8 * driver.share
            };
            driver.kind != TermKind::Term || !phrases.iter().any(part)
        });
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.counts.capacity() * 2 + self.now.heap_bytes() + self.before.heap_bytes()
    }

    /// Writes the past; the words of now are kept apart.
    pub fn pack(&self, packer: &mut Packer) {
        packer.signed(self.day);
        packer.signed(self.quarter);
        packer.unsigned(u64::from(self.mentions));
        packer.unsigned(self.counts.len() as u64);
        self.counts.iter().for_each(|count| packer.unsigned(u64::from(*count)));
    }

    /// Reads what [`TermHistory::pack`] wrote, with the words of now.
    pub fn unpack(unpacker: &mut Unpacker<'_>, [now, before]: [Counted; 2]) -> Option<TermHistory> {
        let (day, quarter) = (unpacker.signed()?, unpacker.signed()?);
        let mut narrow = || u16::try_from(unpacker.unsigned()?).ok();
        let mentions = narrow()?;
        let length = Some(narrow()?).filter(|length| *length == 0 || usize::from(*length) == 2 * WIDTH)?;
        let counts = (0..length).map(|_| narrow()).collect::<Option<_>>()?;
        Some(TermHistory { day, mentions, counts, quarter, now, before })
    }

    /// The words of now.
    pub fn counted(&self) -> [Counted; 2] {
        [self.now.clone(), self.before.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_terms(key: u64, terms: &[&str]) -> KeyTerms {
        KeyTerms { key, said: terms.join("\n").into() }
    }

    /// Ten days in which every mention is of the weather, and one in twenty of baggage; then an hour of it.
    fn words() -> TermHistory {
        let mut words = TermHistory::default();
        for minute in 0..10 * 1440 {
            let other = format!("word{}", minute % 300);
            let mut terms = vec!["weather", other.as_str(), "^news"];
            if minute % 20 == 0 {
                terms.push("baggage");
            }
            words.add(minute, &[key_terms(minute.unsigned_abs(), &terms)], false);
        }
        words.open();
        for minute in 0..60_i64 {
            let other = format!("word{minute}");
            let key_terms = key_terms(
                100_000 + minute.unsigned_abs(),
                &["weather", "baggage", "lost", "lost baggage", "#fail", "^forum", &other],
            );
            words.add(10 * 1440 + minute, &[key_terms], true);
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
        assert!(fail.times > 8.0 && fail.share > 0.6 && fail.kind == TermKind::Hashtag, "{fail:?}");
        assert_eq!(drivers.iter().find(|driver| driver.text == "forum").unwrap().kind, TermKind::Source);
    }

    #[test]
    fn memory_is_bounded_whatever_is_said() {
        let mut words = TermHistory::default();
        for minute in 0..5_000 {
            let terms: Vec<String> = (0..40).map(|term| format!("{minute} {term} {}", "x".repeat(30))).collect();
            let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
            words.add(minute, &[key_terms(minute.unsigned_abs(), &terms)], minute > 4_000);
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
        assert_eq!(TermHistory::unpack(&mut Unpacker::new(&bytes), words.counted()), Some(words));
    }
}

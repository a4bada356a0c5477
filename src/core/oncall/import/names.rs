//! Whom an event means: by the mail address of who takes part, or by a name in what it is called.

use std::collections::{BTreeMap, BTreeSet};

use orszem_text::fold::folded;

use crate::settings::Config;

/// The people by what they may be called. Capitals, accents, and what stands between words, do not count.
pub(super) struct Names<'c> {
    by_address: BTreeMap<String, BTreeSet<&'c str>>,
    by_words: BTreeMap<Vec<String>, BTreeSet<&'c str>>,
    /// The most words of a name.
    longest: usize,
}

/// Who was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Meant<'c> {
    pub(super) people: BTreeSet<&'c str>,
    /// A name or an address was found that is of several people.
    pub(super) is_doubtful: bool,
}

impl<'c> Names<'c> {
    pub(super) fn of(config: &'c Config) -> Names<'c> {
        let mut names = Names { by_address: BTreeMap::new(), by_words: BTreeMap::new(), longest: 0 };
        for person in &config.people {
            let addresses = person.ways.iter().filter_map(|way| way.to.as_ref()).chain(&person.accounts);
            for address in addresses.filter(|address| address.contains('@')) {
                names.by_address.entry(address.trim().to_lowercase()).or_default().insert(&person.name);
            }
            for name in [Some(&person.name), person.title.as_ref()].into_iter().flatten() {
                let words = words(name);
                names.longest = names.longest.max(words.len());
                if !words.is_empty() {
                    names.by_words.entry(words).or_default().insert(&person.name);
                }
            }
        }
        names
    }

    /// Those who take part; where none of them is known, those whom the name of the event names.
    pub(super) fn meant(&self, attendees: &[String], summary: &str) -> Meant<'c> {
        let mut meant = Meant::default();
        for address in attendees {
            meant.add(self.by_address.get(address));
        }
        if meant == Meant::default() {
            self.named(summary, &mut meant);
        }
        meant
    }

    /// The longest name at each place counts: `Anna` in `Nagy Anna` is not another Anna.
    fn named(&self, summary: &str, meant: &mut Meant<'c>) {
        let words = words(summary);
        let mut rest = &words[..];
        while !rest.is_empty() {
            let lengths = (1..=self.longest.min(rest.len())).rev();
            let found = lengths.clone().find(|length| self.by_words.contains_key(&rest[..*length]));
            meant.add(found.and_then(|length| self.by_words.get(&rest[..length])));
            rest = &rest[found.unwrap_or(1)..];
        }
    }
}

impl<'c> Meant<'c> {
    fn add(&mut self, found: Option<&BTreeSet<&'c str>>) {
        match found {
            Some(people) if people.len() == 1 => self.people.extend(people),
            Some(_) => self.is_doubtful = true,
            None => {}
        }
    }
}

fn words(text: &str) -> Vec<String> {
    let text = folded(text);
    let words = text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

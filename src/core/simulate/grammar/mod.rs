//! The grammar: a sentence with slots, text before and after it, and typing errors.

mod english;
mod hungarian;

use std::fmt::Write;

use super::dice::Dice;
use super::inflect::Case;
use super::names::Names;
use super::plan::Topic;
use orszem_records::class::Class;

/// The material of a language. Arrays of three are negative, neutral, positive.
struct Language {
    /// BCP 47.
    code: &'static str,
    /// The article that goes with a word: indefinite in English, definite in Hungarian.
    article: fn(&str) -> &'static str,
    /// Sentences about a company.
    sentences: [&'static [&'static str]; 3],
    /// Sentences about the subject of a crisis.
    crisis: &'static [&'static str],
    /// Texts for a campaign.
    campaign: &'static [&'static str],
    /// Sentences about no company.
    chatter: &'static [&'static str],
    bad: &'static [&'static str],
    good: &'static [&'static str],
    broke: &'static [&'static str],
    angry: &'static [&'static str],
    happy: &'static [&'static str],
    disaster: &'static [&'static str],
    scam: &'static [&'static str],
    whens: &'static [&'static str],
    /// Future times; `whens` are any times.
    days: &'static [&'static str],
    places: &'static [&'static str],
    whos: &'static [&'static str],
    openers: [&'static [&'static str]; 3],
    closers: [&'static [&'static str]; 3],
    tags: [&'static [&'static str]; 3],
    /// The goods of a trade: as subject, and as object if the language distinguishes them.
    things: fn(Topic) -> &'static [(&'static str, &'static str)],
    /// The subjects of a trade's crises.
    incidents: fn(Topic) -> &'static [&'static str],
}

const EMOJI: [&[&str]; 3] = [
    &["😡", "🤬", "😤", "👎", "🤦", "💔", "😠", "😡😡"],
    &["🤔", "👀", "📍", "✈️", "📦", "☕", "🕗"],
    &["😍", "👏", "❤️", "🎉", "🙏", "😊", "👍", "🥰"],
];

/// The subject of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matter {
    /// Everyday business.
    Everyday,
    /// A crisis: the number of its subject, modulo the number of the trade's subjects.
    Incident(usize),
    /// The text of a campaign.
    Campaign,
    /// Unrelated to any company.
    Chatter,
}

/// Everything that a text depends on except chance.
pub(super) struct Scene<'a> {
    /// The company; none for chatter.
    pub(super) names: Option<&'a Names>,
    pub(super) topic: Topic,
    pub(super) class: Class,
    pub(super) matter: Matter,
    pub(super) hungarian: bool,
    /// The author it replies to.
    pub(super) answers: Option<&'a str>,
}

/// The code of the language of a scene.
pub(super) fn code(hungarian: bool) -> &'static str {
    language(hungarian).code
}

fn language(hungarian: bool) -> &'static Language {
    if hungarian { &hungarian::HUNGARIAN } else { &english::ENGLISH }
}

/// Writes a text for `scene`.
pub(super) fn write(scene: &Scene<'_>, dice: &mut Dice) -> String {
    let language = language(scene.hungarian);
    let mood = match scene.class {
        Class::Negative => 0,
        Class::Neutral => 1,
        Class::Positive => 2,
    };
    let sentences = match scene.matter {
        // Not everybody mentions the subject.
        Matter::Incident(_) if mood == 0 && dice.chance(0.7) => language.crisis,
        Matter::Everyday | Matter::Incident(_) => language.sentences[mood],
        Matter::Campaign => language.campaign,
        Matter::Chatter => language.chatter,
    };
    let sentence = dice.pick(sentences);
    let mut text = String::with_capacity(192);
    let mut pen = Pen { scene, language, dice, text: &mut text };
    if scene.matter == Matter::Campaign {
        pen.expand(sentence);
        return text;
    }
    pen.decorate(sentence, mood);
    careless(text, scene, dice)
}

/// Fills slots.
struct Pen<'a> {
    scene: &'a Scene<'a>,
    language: &'static Language,
    dice: &'a mut Dice,
    text: &'a mut String,
}

impl Pen<'_> {
    /// The sentence with the text around it.
    fn decorate(&mut self, sentence: &str, mood: usize) {
        if let Some(name) = self.scene.answers {
            let _ = write!(self.text, "@{name} ");
        }
        if self.dice.chance(0.3) {
            let opener = self.dice.pick(self.language.openers[mood]);
            self.text.push_str(opener);
        }
        let from = self.text.len();
        self.expand(sentence);
        if self.dice.chance(0.7) && !self.text[..from].ends_with(", ") {
            capitalise(self.text, from);
        }
        let closes = self.dice.chance(0.65);
        let end = match mood {
            0 => self.dice.pick(&[".", "!", "!!!", "", "!", "..."]),
            1 => self.dice.pick(&[".", "", ".", ""]),
            _ => self.dice.pick(&[".", "!", "", "!!"]),
        };
        if !self.text.ends_with(['?', '!', '.']) {
            self.text.push_str(if closes && end.is_empty() { "." } else { end });
        }
        if closes {
            let closer = self.dice.pick(self.language.closers[mood]);
            let from = self.text.len() + 1;
            self.expand(closer);
            capitalise(self.text, from);
        }
        if self.dice.chance(0.22) {
            let emoji = self.dice.pick(EMOJI[mood]);
            self.text.push(' ');
            self.text.push_str(emoji);
        }
        if self.dice.chance(0.2) {
            let tag = self.dice.pick(self.language.tags[mood]);
            self.text.push(' ');
            self.text.push_str(tag);
        }
    }

    /// Appends `template` with its slots filled. A word that fills a slot may have slots itself.
    fn expand(&mut self, template: &str) {
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            self.text.push_str(before);
            let Some((slot, after)) = after.split_once('}') else { break };
            self.fill(slot);
            rest = after;
        }
        self.text.push_str(rest);
    }

    fn fill(&mut self, slot: &str) {
        let words = match slot {
            "bad" => self.language.bad,
            "good" => self.language.good,
            "broke" => self.language.broke,
            "angry" => self.language.angry,
            "happy" => self.language.happy,
            "disaster" => self.language.disaster,
            "scam" => self.language.scam,
            "who" => self.language.whos,
            "place" => self.language.places,
            "abad" => return self.with_article(self.language.bad),
            "agood" => return self.with_article(self.language.good),
            "day" => return self.fill_with_slots(self.language.days),
            "when" => return self.fill_with_slots(self.language.whens),
            "num" => return self.number(3, 990),
            "small" => return self.number(2, 12),
            "hour" => return self.hour(),
            "incident" => return self.incident(),
            "awho" => return self.with_article(self.language.whos),
            "thing" | "athing" | "thingt" | "athingt" => return self.thing(slot),
            _ => return self.name(slot),
        };
        let word = self.dice.pick(words);
        self.text.push_str(word);
    }

    fn fill_with_slots(&mut self, words: &'static [&'static str]) {
        let word = self.dice.pick(words);
        self.expand(word);
    }

    fn with_article(&mut self, words: &'static [&'static str]) {
        let word = self.dice.pick(words);
        let _ = write!(self.text, "{} {word}", (self.language.article)(word));
    }

    fn number(&mut self, from: usize, below: usize) {
        let number = from + self.dice.below(below - from);
        let _ = write!(self.text, "{number}");
    }

    fn hour(&mut self) {
        let (hour, minute) = (6 + self.dice.below(17), self.dice.below(12) * 5);
        let _ = write!(self.text, "{hour}:{minute:02}");
    }

    fn incident(&mut self) {
        let incidents = (self.language.incidents)(self.scene.topic);
        let number = if let Matter::Incident(number) = self.scene.matter { number } else { 0 };
        self.text.push_str(incidents[number % incidents.len()]);
    }

    fn thing(&mut self, slot: &str) {
        let (subject, object) = self.dice.pick((self.language.things)(self.scene.topic));
        let word = if slot.ends_with("gt") { object } else { subject };
        if slot.starts_with('a') {
            let _ = write!(self.text, "{} ", (self.language.article)(word));
        }
        self.text.push_str(word);
    }

    /// The company: by name, by account or by tag; with an ending only the name and, after a hyphen, the account.
    fn name(&mut self, slot: &str) {
        let Some(names) = self.scene.names else { return };
        let case = match slot {
            "a" => return self.text.push_str(names.article),
            "nal" => Case::At,
            "val" => Case::With,
            "t" => Case::Object,
            "tol" => Case::From,
            "rol" => Case::About,
            "ra" => Case::Onto,
            "bol" => Case::OutOf,
            "hoz" => Case::To,
            "nak" => Case::For,
            _ => Case::Plain,
        };
        let how = self.dice.unit();
        let ending = || {
            let (plain, form) = (names.form(Case::Plain), names.form(case));
            // A lengthened last vowel belongs to the name, not to the ending.
            form.char_indices().nth(plain.chars().count()).map_or("", |(at, _)| &form[at..])
        };
        match case {
            Case::Plain if how < 0.3 => self.text.push_str(&names.handle),
            Case::Plain if how < 0.42 => self.text.push_str(&names.tag),
            Case::Plain => self.text.push_str(names.form(case)),
            _ if how < 0.12 => {
                let _ = write!(self.text, "{}-{}", names.handle, ending());
            }
            _ => self.text.push_str(names.form(case)),
        }
    }
}

/// Capitalises the letter at byte `at`, unless it begins something that is not a word.
fn capitalise(text: &mut String, at: usize) {
    let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) else { return };
    if first.is_lowercase() {
        let capital: String = first.to_uppercase().collect();
        text.replace_range(at..at + first.len_utf8(), &capital);
    }
}

/// Typical typing on a phone: missing accents, small letters only, two letters swapped.
fn careless(mut text: String, scene: &Scene<'_>, dice: &mut Dice) -> String {
    if dice.chance(0.06) {
        swap_letters(&mut text, scene, dice);
    }
    if scene.hungarian && dice.chance(0.15) {
        text = text.chars().map(without_accent).collect();
    }
    if dice.chance(0.1) {
        text = text.to_lowercase();
    }
    text
}

/// Swaps two letters within one of the words, but never within a name, so that the text still names the company.
fn swap_letters(text: &mut String, scene: &Scene<'_>, dice: &mut Dice) {
    let from = dice.below(text.len());
    let is_name = |word: &str| {
        let plain = scene.names.map_or("", |names| names.form(Case::Plain));
        plain.split(' ').any(|part| word.contains(part))
    };
    let mut place = 0;
    for word in text.split(' ') {
        let fits = word.len() >= 5 && word.bytes().all(|byte| byte.is_ascii_lowercase()) && !is_name(word);
        if place >= from && fits {
            let (first, second) = (&word[1..2], &word[2..3]);
            let swapped = format!("{second}{first}");
            text.replace_range(place + 1..place + 3, &swapped);
            return;
        }
        place += word.len() + 1;
    }
}

fn without_accent(letter: char) -> char {
    match letter {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' | 'ö' | 'ő' => 'o',
        'ú' | 'ü' | 'ű' => 'u',
        'Á' => 'A',
        'É' => 'E',
        'Í' => 'I',
        'Ó' | 'Ö' | 'Ő' => 'O',
        'Ú' | 'Ü' | 'Ű' => 'U',
        other => other,
    }
}

#[cfg(test)]
#[path = "grammar_tests.rs"]
mod tests;

//! Times as people and programs write them: with the month in letters, as in RFC 2822 and in the variants of people,
//! exports and old APIs: `Mon, 23 Nov 2026 08:15:00 CET`, `Monday, 23 November 2026 8:15 +0100`, `Mon Nov 23 08:15:00
//! +0000 2026`, `23-Nov-2026 09:15AM`, `2026. nov. 23. 8:15`. Time of day, zone and day of the week are recognised by
//! their shape, in any order. A zone may be told twice (`+0200 CEST`, `GMT-0700 (PDT)`): its offset in digits counts.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use orszem_text::fold::is_invisible;

use super::calendar_names::{Month, day, is_day, is_pm, months};

/// Names of zones, in minutes east of UTC: those of RFC 2822, and European ones that feeds use. Ambiguous names (IST,
/// CST of China) are not included.
const ZONES: [(&str, i32); 25] = [
    ("Z", 0),
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("BST", 60),
    ("WEST", 60),
    ("CET", 60),
    ("MEZ", 60),
    ("CEST", 120),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// Words around times that say nothing of them are at most this long, in letters; so are names of zones.
const LONGEST_WORD: usize = 6;
/// The difference of the Thai calendar, and the first year that is in it.
const BUDDHIST: i16 = 543;
const FIRST_BUDDHIST: i16 = 2400;
/// The zeros of the digits of other scripts (Unicode's category Nd, of the scripts that dates are written in).
const ZEROS: [char; 17] = [
    '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}', '\u{c66}', '\u{ce6}',
    '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{17e0}', '\u{ff10}',
];
/// Two-digit years are read as in RFC 2822.
const DATES: [&str; 5] = ["%d %b %Y", "%b %d %Y", "%Y-%m-%d", "%Y %b %d", "%d %b %y"];
const HOURS: [&str; 2] = ["%H:%M:%S%.f", "%H:%M"];
const HALVES: [&str; 2] = ["%I:%M:%S%.f %p", "%I:%M %p"];

/// What a time says of its zone.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Zone {
    /// In minutes east of UTC.
    Offset(i32),
    /// Of the zone database.
    Named(TimeZone),
}

/// Why a text is not a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoTime {
    /// It is not one that is known.
    Other,
    /// Its month is one in one language and another in another one.
    Ambiguous(String),
}

/// The parts of a text.
#[derive(Default)]
struct Parts<'t> {
    /// Day, month and year, in the order of the text. A month in letters is in English.
    date: Vec<Cow<'t, str>>,
    /// Where in `date` a word may be a month, and in which languages.
    months: Vec<(usize, Vec<Month>, &'t str)>,
    clock: Option<&'t str>,
    is_pm: Option<bool>,
    /// An offset in digits.
    offset: Option<i32>,
    /// A name of a zone, as an offset.
    name: Option<i32>,
    zone: Option<TimeZone>,
}

/// The time in a text, and its zone if the text has one. Without a time of day it is midnight. `language`: that of the
/// names of months.
pub(super) fn read(text: &str, language: Option<&str>) -> Result<(DateTime, Option<Zone>), NoTime> {
    let plain = normalized(text);
    let (text, mut parts) = (plain.trim(), Parts::default());
    // "… GMT-0700 (PDT)", "…+01:00[Europe/Budapest]": what is in brackets tells the zone again.
    let text = match (text.strip_suffix(')'), text.strip_suffix(']')) {
        (Some(inner), _) => inner.rsplit_once('(').map_or(text, |(text, _)| text),
        (_, Some(inner)) => {
            let (text, name) = inner.rsplit_once('[').ok_or(NoTime::Other)?;
            parts.zone = TimeZone::get(name.trim_start_matches('!')).ok();
            text
        }
        _ => text,
    };
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '،' | '、')).filter(|word| !word.is_empty())
    {
        parts.word(word, language).ok_or(NoTime::Other)?;
    }
    parts.finish()
}

/// The text with ASCII digits, without invisible characters, and with the day of East Asian dates in its usual form.
fn normalized(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut after_digit = false;
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        let zero = ZEROS.into_iter().rfind(|zero| *zero <= c).map_or(10, |zero| c as u32 - zero as u32);
        let digit = char::from_digit(zero, 10).unwrap_or(c);
        match digit {
            '年' | '년' | '月' | '월' if after_digit => plain.push('-'),
            '日' | '일' if after_digit => plain.push(' '),
            '時' | '时' | '시' | '分' | '분' if after_digit => plain.push(':'),
            '秒' | '초' if after_digit => plain.push(' '),
            '−' => plain.push('-'),
            // "2026年 11月": the space after the mark is no part of the date.
            ' ' if plain.ends_with(['-', ':'])
                && plain.trim_end_matches(['-', ':']).ends_with(|c: char| c.is_ascii_digit()) => {}
            c if c.is_whitespace() => plain.push(' '),
            c => plain.push(c),
        }
        after_digit = digit.is_ascii_digit();
    }
    // "14:00:" of "14時00分", and halves of the day that touch the clock: "下午2:00".
    let mut spaced = String::with_capacity(plain.len() + 8);
    let mut before = ' ';
    for c in plain.replace(": ", " ").trim_end_matches(':').chars() {
        let touch = |a: char, b: char| a.is_alphabetic() && !a.is_ascii() && b.is_ascii_digit();
        if touch(before, c) || touch(c, before) {
            spaced.push(' ');
        }
        spaced.push(c);
        before = c;
    }
    Cow::Owned(spaced)
}

impl<'t> Parts<'t> {
    /// Takes in a word; `None` if the text is no time.
    fn word(&mut self, word: &'t str, language: Option<&str>) -> Option<()> {
        let word = word.trim_end_matches(['.', '/']).trim_matches(['(', ')', '（', '）']);
        if word.is_empty() {
            return Some(());
        }
        // "2026-11-20T14:00:00".
        if let Some((date, clock)) = word.split_once(['T', 't'])
            && clock.contains(':')
            && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
            && date.contains('-')
        {
            self.date.push(date.into());
            return self.clock(clock);
        }
        if word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()) {
            return self.clock(word);
        }
        let had_zone = self.offset.is_some() || self.name.is_some();
        if word.starts_with(['+', '-']) && (self.clock.is_some() || had_zone) {
            // "GMT+0100" is one word, "GMT +0100" is two. Go also names a zone by its offset: "+0300 +03".
            return self.offset(minutes(word)?);
        }
        // What Go adds for itself: "m=+0.012".
        if word.starts_with("m=") && self.clock.is_some() {
            return Some(());
        }
        if let Some((name, _)) = word.split_once(['+', '-'])
            && ["GMT", "UTC", "UT"].iter().any(|utc| name.eq_ignore_ascii_case(utc))
        {
            return self.offset(minutes(&word[name.len()..])?);
        }
        if word.contains('/') && word.contains(|c: char| c.is_ascii_alphabetic()) {
            self.zone = Some(TimeZone::get(word).ok()?);
            return Some(());
        }
        if let [day, month, year] = word.split('-').collect::<Vec<_>>().as_slice()
            && month.contains(char::is_alphabetic)
        {
            let months = months(month, language);
            self.date.push((*day).into());
            self.months.push((self.date.len(), months, month));
            self.date.extend([Cow::Borrowed(*month), Cow::Borrowed(*year)]);
            return Some(());
        }
        if !word.contains(char::is_alphabetic) {
            self.date.push(word.into());
            return Some(());
        }
        self.letters(word, language)
    }

    /// A word with letters.
    fn letters(&mut self, word: &'t str, language: Option<&str>) -> Option<()> {
        if word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm") {
            return once(&mut self.is_pm, word.eq_ignore_ascii_case("pm"));
        }
        // "20th", "1er": an ordinal.
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic() || c == '-');
        if !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            self.date.push(digits.into());
            return Some(());
        }
        if let Some((_, offset)) = ZONES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name))
            && (self.clock.is_some() || word.len() > 2)
        {
            return match self.name {
                Some(other) if other != *offset && self.offset.is_none() => None,
                _ => {
                    self.name = Some(*offset);
                    Some(())
                }
            };
        }
        let months = months(word, language);
        if !months.is_empty() {
            self.months.push((self.date.len(), months, word));
            self.date.push(word.into());
            return Some(());
        }
        if let (Some(is_pm), false) = (is_pm(word), word.is_ascii()) {
            return once(&mut self.is_pm, is_pm);
        }
        // After the offset, whatever is there names the zone again.
        let says_nothing = word.chars().count() <= LONGEST_WORD && word.chars().all(char::is_alphabetic);
        (says_nothing || is_day(word) || self.offset.is_some()).then_some(())
    }

    /// `08:15:00`, with what touches it: `AM`, `Z`, an offset.
    fn clock(&mut self, word: &'t str) -> Option<()> {
        let end = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(word.len());
        let (clock, mut rest) = word.split_at(end);
        once(&mut self.clock, clock)?;
        if rest.starts_with(['+', '-']) {
            let end = rest[1..].find(|c: char| c.is_ascii_alphabetic()).map_or(rest.len(), |end| end + 1);
            self.offset(minutes(&rest[..end])?)?;
            rest = &rest[end..];
        }
        match rest {
            "" => Some(()),
            // Some add a Z to an offset of zero.
            "Z" | "z" => self.offset(0),
            letters => self.letters(letters, None),
        }
    }

    /// An offset in digits; fails where another one stands beside it.
    fn offset(&mut self, offset: i32) -> Option<()> {
        match self.offset.replace(offset) {
            None => Some(()),
            Some(before) => (before == offset).then_some(()),
        }
    }

    fn finish(mut self) -> Result<(DateTime, Option<Zone>), NoTime> {
        let mut is_thai = false;
        // A word may be a month in one language and a day of the week in another.
        if self.months.len() > 1 {
            let dropped: Vec<usize> =
                self.months.iter().filter(|(_, _, word)| is_day(word)).map(|(at, _, _)| *at).collect();
            if dropped.len() < self.months.len() {
                self.months.retain(|(at, _, _)| !dropped.contains(at));
                for at in dropped.iter().rev() {
                    self.date.remove(*at);
                    self.months.iter_mut().filter(|(place, _, _)| place > at).for_each(|(place, _, _)| *place -= 1);
                }
            }
        }
        if let [(at, months, word)] = self.months.as_slice() {
            let Some(first) = months.first() else { return Err(NoTime::Other) };
            if let Some(other) = months.iter().find(|month| month.number != first.number) {
                return Err(NoTime::Ambiguous(format!(
                    "{word:?} is month {} in one language ({}) and month {} in another ({})",
                    first.number, first.language, other.number, other.language
                )));
            }
            is_thai = months.iter().all(|month| month.language == "th");
            self.date[*at] = MONTHS[usize::from(first.number - 1)].into();
        } else if !self.months.is_empty() {
            return Err(NoTime::Other);
        }
        let date = self.date.join(" ");
        let date = DATES.iter().find_map(|form| {
            // "%Y" reads "26" as the year 26.
            Date::strptime(form, &date).ok().filter(|date| date.year() >= 1000)
        });
        let mut date = date.ok_or(NoTime::Other)?;
        if is_thai && date.year() >= FIRST_BUDDHIST {
            date = Date::new(date.year() - BUDDHIST, date.month(), date.day()).map_err(|_| NoTime::Other)?;
        }
        let time = match (self.clock, self.is_pm) {
            (None, None) => Some(Time::midnight()),
            (None, Some(_)) => None,
            (Some(time), None) => HOURS.iter().find_map(|form| Time::strptime(form, time).ok()),
            (Some(time), Some(is_pm)) => {
                let time = format!("{time} {}", if is_pm { "PM" } else { "AM" });
                HALVES.iter().find_map(|form| Time::strptime(form, &time).ok())
            }
        };
        let time = time.ok_or(NoTime::Other)?;
        // The offset in digits is what the writer computed with; names are often wrong, or stand for several zones.
        let zone = match (self.offset.or(self.name), self.zone) {
            (Some(offset), _) => Some(Zone::Offset(offset)),
            (None, zone) => zone.map(Zone::Named),
        };
        Ok((date.to_datetime(time), zone))
    }
}

/// The text with its month and its day of the week in English, as patterns read them (`Nov`, `Fri`).
pub(super) fn in_english(text: &str, language: Option<&str>) -> Option<String> {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let plain = normalized(text);
    let is_part = |c: char| c.is_alphabetic() || unicode_mark(c);
    let mut words: Vec<(std::ops::Range<usize>, &str)> = Vec::new();
    let mut from = None;
    for (at, c) in plain.char_indices().chain([(plain.len(), ' ')]) {
        match (from, is_part(c)) {
            (None, true) => from = Some(at),
            (Some(start), false) => {
                words.push((start..at, plain.get(start..at)?));
                from = None;
            }
            _ => {}
        }
    }
    let month = |word: &str| {
        let months = months(word, language);
        let first = months.first()?.number;
        months.iter().all(|month| month.number == first).then_some(first)
    };
    let several = words.iter().filter(|(_, word)| month(word).is_some()).count() > 1;
    let (mut out, mut end) = (String::with_capacity(plain.len()), 0);
    for (range, word) in words {
        let name = match (month(word), day(word, language)) {
            (Some(number), day) if day.is_none() || !several => {
                let mut name = MONTHS[usize::from(number - 1)].to_owned();
                name[..1].make_ascii_uppercase();
                name
            }
            (_, Some(day)) => DAYS[usize::from(day)].to_owned(),
            _ => continue,
        };
        out.push_str(plain.get(end..range.start)?);
        out.push_str(&name);
        end = range.end;
    }
    out.push_str(plain.get(end..)?);
    Some(out)
}

/// A sign that belongs to the letter before it, in scripts with vowel signs.
fn unicode_mark(c: char) -> bool {
    !c.is_ascii()
        && !c.is_alphanumeric()
        && !c.is_whitespace()
        && !c.is_control()
        && matches!(c as u32, 0x300..=0x36f | 0x900..=0xe7f)
}

/// Sets a part; fails if the text has it twice.
fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    match place.is_none() {
        true => {
            *place = Some(value);
            Some(())
        }
        false => None,
    }
}

/// Minutes east of UTC: `+0100`, `+01:00`, `-1`.
fn minutes(offset: &str) -> Option<i32> {
    let (sign, digits) = offset.split_at_checked(1)?;
    let (hours, minutes) = match (digits.split_once(':'), digits.len()) {
        (Some(parts), _) => parts,
        (None, 1 | 2) => (digits, "0"),
        (None, _) => digits.split_at_checked(digits.len().checked_sub(2)?)?,
    };
    let number = |digits: &str| digits.parse::<u8>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let east = i32::from(hours) * 60 + i32::from(minutes);
    (hours < 24 && minutes < 60).then_some(if sign == "-" { -east } else { east })
}

#[cfg(test)]
#[path = "textual_time_tests.rs"]
mod tests;

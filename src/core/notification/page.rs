//! What is told: the same content for every receiver, before it takes the form of one.

use orszem_records::desk::Desk;
use orszem_records::incident::{Incident, State};
use orszem_records::ledger::{Action, IncidentId, Recipients};
use orszem_records::signal::{Counts, Kind};
use orszem_records::tally::Sample;
use orszem_records::time::Timestamp;
use orszem_text::sanitize;
use orszem_text::truncate::{Unit, cut};
use serde::Serialize;

use super::facts::{Fact, driven_by, facts};
use super::headline::headline;
use super::lengths::{ADVICE, HEADLINE, TITLE};
use super::news;
use super::occasion::Occasion;
use super::quote::{Quote, SHOWN};
use super::reason::why;
use crate::settings::{Move, Playbook, Watch};
use crate::words::Words;

/// One message to one receiver.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The same over retries: `<incident>/<receiver>/<revision>`.
    pub message: String,
    /// What it is to do.
    pub action: Action,
    /// What it tells that the receiver has not heard.
    pub occasion: Occasion,
    /// Counts the messages of this incident to this receiver, from 0.
    pub revision: u32,
    /// What the receiver answered to the newest message of this incident that it took, where later ones need it.
    pub reference: Option<String>,
    /// The recipients that no longer need this message, from its earlier tries.
    pub settled: Recipients,
    /// When this try is made, by the clock.
    pub sent_at: Timestamp,
    /// The content.
    pub page: Page,
}

/// What a person needs to know of an incident, in words and figures, in the language of its reader. Every text in it
/// that came from a mention is hostile: receivers escape it.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The incident.
    pub incident: IncidentId,
    /// The watch's name.
    pub watch: String,
    /// The watch's name for people.
    pub title: String,
    /// What kind of finding.
    pub kind: Kind,
    /// 1 (highest) to 4.
    pub severity: u8,
    /// The team that the watch belongs to.
    pub desk: Desk,
    /// Where the incident stands.
    pub state: State,
    /// Who has it, or closed it.
    pub by: Option<String>,
    /// One sentence for a lock screen: the height against what is usual, and what is now. Ours alone, at most
    /// [`HEADLINE`](super::HEADLINE) characters.
    pub headline: String,
    /// The headline with what the message tells before it: for a subject or a title. Names a person.
    pub subject: String,
    /// What the message tells that its receiver has not heard, in a sentence; `None` for the first call, and where
    /// figures alone are newer. Names a person.
    pub news: Option<String>,
    /// Why it is an incident, in a sentence or two; empty where there is nothing to say. Ours alone.
    pub meaning: String,
    /// Where the incident stands, in a few words. Names a person.
    pub standing: String,
    /// The lines of figures: with what drives it at most [`FACTS`](super::FACTS). Ours alone.
    pub facts: Vec<Fact>,
    /// What stands out in what was said, one clean line; empty where nothing does. Other people's words.
    pub driven_by: String,
    /// What to do first (from the configuration).
    pub advice: Option<String>,
    /// Mentions to show.
    pub samples: Vec<Sample>,
    /// Counts over the incident.
    pub counts: Counts,
    /// When it began, event time.
    pub opened_at: Timestamp,
    /// When it ended: event time, or by the clock where a person closed it.
    pub closed_at: Option<Timestamp>,
    /// The signed link to the incident.
    pub link: String,
    /// Other incidents that the message tells of too, the worst first.
    pub others: Vec<Other>,
    /// Why they are in one message.
    pub together: Together,
    /// How many more there are than `others` names.
    pub more: usize,
    /// It is about no incident: what only incidents have is not shown.
    pub plain: bool,
    /// It is a drill: the mark stands first in every text.
    pub drill: bool,
    /// The reader's language and clock.
    pub words: Words,
}

/// Why a message tells of several incidents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Together {
    /// The receiver allows no message for each.
    #[default]
    Forbidden,
    /// They share a page.
    Group,
    /// They are told once a day.
    Digest,
}

/// Another incident that a message tells of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Other {
    /// The incident.
    pub incident: IncidentId,
    /// 1 (highest) to 4.
    pub severity: u8,
    /// Its headline, with what is news of it.
    pub headline: String,
    /// The signed link to it.
    pub link: String,
}

impl Page {
    /// What there is to tell of `incident` now, on this occasion. `link` is the signed link to it.
    ///
    /// Headline, meaning and facts hold our words, figures and the configured title only; what mentions say is in
    /// `samples` and `driven_by`. Names of people are made one clean line. Of a drill, subject, headline and news begin
    /// with its mark, and the meaning says that nothing happened.
    pub fn of(incident: &Incident, watch: &Watch, occasion: Occasion, link: String, words: &Words) -> Page {
        let signal = &incident.signal;
        let title = sanitize::line(watch.title.as_deref().unwrap_or(&watch.name));
        let title = cut(&title, TITLE, Unit::Characters).into_owned();
        let headline = headline(&title, incident, words);
        let subject = news::subject(incident, &headline, occasion, words);
        let drill = incident.is_drill();
        let marked = |text: String| words.marked(drill, text);
        let headline = match drill {
            true => cut(&marked(headline), HEADLINE, Unit::Characters).into_owned(),
            false => headline,
        };
        let meaning = why(incident, words);
        let note = drill.then(|| words.say("drill-note"));
        let meaning: Vec<String> = note.into_iter().chain([meaning]).filter(|text| !text.is_empty()).collect();
        let state = incident.state();
        let stamp = match state {
            State::Resolved => incident.resolved.as_ref(),
            State::Acknowledged => incident.acknowledged.as_ref(),
            State::Open => None,
        };
        Page {
            incident: incident.id.clone(),
            watch: watch.name.clone(),
            kind: signal.kind,
            severity: incident.severity,
            desk: signal.desk,
            state,
            by: stamp.map(|stamp| news::name(&stamp.by)),
            subject: marked(subject),
            headline,
            title,
            news: news::news(incident, occasion, words).map(marked),
            meaning: meaning.join(" "),
            standing: news::standing(incident, words),
            facts: facts(incident, words),
            driven_by: driven_by(&signal.drivers, words),
            advice: watch.advice.as_deref().map(sanitize::lines).filter(|advice| !advice.is_empty()),
            samples: signal.samples.clone(),
            counts: signal.counts,
            opened_at: signal.opened_at,
            closed_at: incident.ended_at(),
            link,
            others: Vec::new(),
            together: Together::default(),
            more: 0,
            plain: false,
            drill,
            words: words.clone(),
        }
    }

    /// The most moves of a playbook that a message names.
    const MOVES: usize = 3;

    /// Tells the first moves of a playbook before the advice.
    pub fn follow(&mut self, playbook: &Playbook) {
        let words = &self.words;
        let one = |(place, what): (usize, &Move)| {
            let number = format!("{}. {}", place + 1, sanitize::line(&what.what));
            match &what.within {
                Some(within) => {
                    let time = words.span(within.millis() / 1000);
                    words.with("move-within", [("move", number.into()), ("time", time.into())])
                }
                None => number,
            }
        };
        let mut lines: Vec<String> = playbook.moves.iter().take(Page::MOVES).enumerate().map(one).collect();
        let more = playbook.moves.len().saturating_sub(Page::MOVES);
        if more > 0 {
            lines.push(words.with("moves-more", [("n", more.into())]));
        }
        lines.extend(self.advice.take());
        self.advice = Some(lines.join("\n"));
    }

    /// The most other incidents that a message names.
    pub const MOST_OTHERS: usize = 30;

    /// Tells of another incident too.
    pub fn tell_also(&mut self, other: &Page) {
        let (incident, severity, link) = (other.incident.clone(), other.severity, other.link.clone());
        let headline = other.summary();
        self.others.push(Other { incident, severity, headline, link });
    }

    /// Why the message tells of others too, and of how many; `None` where it does not.
    pub fn bundle(&self) -> Option<String> {
        let number = self.others.len() + self.more;
        let why = match self.together {
            Together::Forbidden => "others-forbidden",
            Together::Group => "others-of-group",
            Together::Digest => "others-of-digest",
        };
        (number > 0).then(|| self.words.with(why, [("n", number.into())]))
    }

    /// The others, a line each, without their links; the last says how many more there are.
    pub fn other_lines(&self) -> Vec<String> {
        self.others.iter().map(|other| self.other_line(other)).chain(self.more_others()).collect()
    }

    /// One of the others, without its link.
    pub(super) fn other_line(&self, other: &Other) -> String {
        let headline = other.headline.as_str().into();
        self.words.with("other-line", [("n", other.severity.into()), ("headline", headline)])
    }

    /// How many others have no line.
    pub(super) fn more_others(&self) -> Option<String> {
        (self.more > 0).then(|| self.words.with("others-more", [("n", self.more.into())]))
    }

    /// The lines of figures with what drives it first, for receivers that escape every line.
    pub fn lines(&self) -> impl Iterator<Item = (String, &str)> {
        let driven_by = Some(self.driven_by.as_str()).filter(|words| !words.is_empty());
        let driven_by = driven_by.map(|driven_by| (self.words.say("fact-driven-by"), driven_by));
        driven_by.into_iter().chain(self.facts.iter().map(|fact| (fact.name.clone(), fact.value.as_str())))
    }

    /// The first [`SHOWN`] of its mentions as people may see them.
    pub fn quotes(&self) -> Vec<Quote> {
        self.samples.iter().take(SHOWN).map(|sample| Quote::of(sample, &self.words)).collect()
    }

    /// The subject, with how many other incidents the message tells of.
    pub fn whole_subject(&self) -> String {
        match self.others.len() + self.more {
            0 => self.subject.clone(),
            more => self.words.with("subject-more", [("subject", self.subject.as_str().into()), ("more", more.into())]),
        }
    }

    /// What the message tells and the headline: one line for services that show neither.
    pub fn summary(&self) -> String {
        match &self.news {
            Some(news) => format!("{news} {}", self.headline_after_news()),
            None => self.headline.clone(),
        }
    }

    /// The headline without the mark of a drill, where that stands before it already.
    fn headline_after_news(&self) -> &str {
        let mark = self.drill.then(|| self.words.marked(true, String::new()));
        mark.and_then(|mark| self.headline.strip_prefix(mark.as_str())).unwrap_or(&self.headline)
    }

    /// The severity and where the incident stands: `Severity 2 of 4 (1 is the worst) · nobody has it yet`.
    pub fn severity_and_standing(&self) -> String {
        if self.plain {
            return self.standing.clone();
        }
        let said = format!("{} · {}", self.words.with("severity", [("n", self.severity.into())]), self.standing);
        if self.drill { format!("{} · {said}", self.words.say("drill-mark")) } else { said }
    }

    /// The advice, cleaned and short.
    pub fn advice_shown(&self) -> Option<String> {
        let advice = sanitize::lines(self.advice.as_deref()?);
        (!advice.is_empty()).then(|| cut(&advice, ADVICE, Unit::Characters).into_owned())
    }

    /// What the link says that stands for its address.
    pub fn link_words(&self) -> String {
        self.words.say(match (self.plain, self.is_open()) {
            (true, _) => "plain-open",
            (false, true) => "open-link",
            (false, false) => "open-link-over",
        })
    }

    /// Whether it still asks for somebody.
    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }
}

/// The words for a severity that services without numbers want: `critical`, `error`, `warning`, `info`.
pub const fn severity_word(severity: u8) -> &'static str {
    match severity {
        0 | 1 => "critical",
        2 => "error",
        3 => "warning",
        _ => "info",
    }
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;

//! A report in a reader's words: sections of text, tables and lists, before anybody draws them. Every text in it is one
//! line, and may hold what people wrote: what draws it escapes it.

use orszem_records::incident::State;
use orszem_records::time::Timestamp;
use orszem_text::sanitize;

use super::{Call, Late, Missed, Report, deeds, lateness, missed};
use crate::evidence::Piece;
use crate::notification::quote::class_id;
use crate::notification::{headline, people, why};
use crate::words::Words;

/// A report in a reader's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is the report of.
    pub title: String,
    /// What the incident was, and when the report was made.
    pub about: Vec<String>,
    /// Its parts, in order.
    pub sections: Vec<Section>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// A name for it, the same in all languages.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// What a section holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// A table: the names of its columns, and its rows.
    Table {
        /// The names of the columns.
        head: Vec<String>,
        /// The rows, each with as many cells.
        rows: Vec<Vec<String>>,
    },
    /// A list.
    List(Vec<String>),
    /// Mentions.
    Mentions(Vec<Shown>),
    /// Room for what people add.
    Room(String),
}

/// A mention with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its place, who wrote it, where and when, and how it was judged.
    pub about: String,
    /// What it says.
    pub text: String,
    /// Its address; only `http` and `https`.
    pub address: Option<String>,
    /// Its hash.
    pub sha256: String,
}

impl Report {
    /// The report in the words of a reader.
    pub fn document(&self, words: &Words) -> Document {
        let title = self.title.clone().unwrap_or_else(|| self.watch.clone());
        let title = words.with("report-title", [("title", sanitize::line(&title).into())]);
        let title = words.marked(self.of.is_drill(), title);
        let mut about = vec![format!("{}.", headline("", &self.of, words).trim_start_matches([':', ' ']))];
        about.push(why(&self.of, words));
        about.push(words.with(
            "report-made",
            [("incident", self.incident.clone().into()), ("at", words.moment(self.made_at).into())],
        ));
        if self.state != State::Resolved {
            about.push(words.say("report-open"));
        }
        about.retain(|line| !line.is_empty());
        let section = |id, title: &str, blocks| Section { id, title: words.say(title), blocks };
        let sections = vec![
            section("times", "report-times", self.times_blocks(words)),
            section("calls", "report-calls", self.calls_blocks(words)),
            section("withheld", "report-withheld", self.withheld_blocks(words)),
            section("missed", "report-missed", list(self.missed.iter().map(|one| missed_line(one, words)), words)),
            section("late", "report-late", list(self.late.iter().map(|one| late_line(one, words)), words)),
            section("course", "report-course", self.course_blocks(words)),
            section("deeds", "report-deeds", self.deeds_blocks(words)),
            section("evidence", "report-evidence", self.evidence_blocks(words)),
            section("well", "report-well", vec![Block::Room(words.say("report-fill"))]),
            section("change", "report-change", vec![Block::Room(words.say("report-fill"))]),
        ];
        Document { title, about, sections }
    }

    fn times_blocks(&self, words: &Words) -> Vec<Block> {
        let times = &self.times;
        let after = |at: Timestamp| times.after_began(at).map_or_else(|| "–".to_owned(), |ms| words.length(ms / 1000));
        let row = |what: &str, at: Option<Timestamp>, none: &str| match at {
            Some(at) => vec![words.say(what), words.moment_seconds(at), after(at)],
            None => vec![words.say(what), words.say(none), "–".to_owned()],
        };
        let acknowledged = times.acknowledged.as_ref();
        let mut by = row("report-acknowledged", acknowledged.map(|stamp| stamp.at), "report-never");
        if let Some(stamp) = acknowledged {
            let who = sanitize::line(&stamp.by.by);
            by[0] = words.with("report-acknowledged-by", [("by", who.into())]);
        }
        let rows = vec![
            row("report-began", Some(times.began), "report-never"),
            row("report-detected", Some(times.detected), "report-never"),
            row("report-paged", times.paged, "report-never"),
            by,
            row("report-statement", times.first_statement, "report-never"),
            row("report-ended", times.ended, "report-not-yet"),
        ];
        let head = ["report-what", "report-when", "report-after"].map(|id| words.say(id)).to_vec();
        let lengths = [
            ("report-to-page", times.to_page()),
            ("report-to-acknowledge", times.to_acknowledge()),
            ("report-to-statement", times.to_statement()),
            ("report-in-all", times.ended.and_then(|ended| times.after_began(ended))),
        ];
        let lengths = lengths
            .into_iter()
            .filter_map(|(id, ms)| Some(words.with(id, [("length", words.length(ms? / 1000).into())])));
        let mut blocks = vec![Block::Table { head, rows }];
        blocks.extend(Some(lengths.collect::<Vec<_>>()).filter(|lengths| !lengths.is_empty()).map(Block::List));
        if !times.is_on_one_clock {
            blocks.push(Block::Text(words.say("report-other-clock")));
        }
        blocks
    }

    fn calls_blocks(&self, words: &Words) -> Vec<Block> {
        if self.calls.is_empty() {
            return vec![Block::Text(words.say("report-calls-none"))];
        }
        let head = ["report-whom", "report-when", "report-came"].map(|id| words.say(id)).to_vec();
        let rows = self.calls.iter().map(|call| {
            let place = [("step", call.step.into()), ("round", call.round.into())];
            let whom = format!("{} ({})", call.receiver, words.with("report-step", place));
            vec![whom, words.moment_seconds(call.first_at), came(call, words)]
        });
        let mut blocks = vec![Block::Table { head, rows: rows.collect() }];
        if self.other_messages > 0 {
            blocks.push(Block::Text(words.with("report-other-messages", [("n", self.other_messages.into())])));
        }
        blocks
    }

    fn withheld_blocks(&self, words: &Words) -> Vec<Block> {
        let lines = self.withheld.iter().map(|one| {
            let receiver = one.receiver.clone().into();
            words.with("report-withheld-one", [("at", words.moment_seconds(one.at).into()), ("receiver", receiver)])
        });
        list(lines, words)
    }

    fn course_blocks(&self, words: &Words) -> Vec<Block> {
        let height = &self.height;
        let window = words.length(i64::from(height.window_s));
        let id = if height.kind.counts_negatives() { "report-height-negative" } else { "report-height" };
        let at_worst = words.with(
            id,
            [
                ("count", words.count(height.observed).into()),
                ("window", window.into()),
                ("expected", words.figure(height.expected).into()),
                ("at", words.moment(height.at).into()),
            ],
        );
        let severities = self
            .severities
            .iter()
            .map(|(at, n)| words.with("report-severity", [("n", (*n).into()), ("at", words.moment(*at).into())]));
        vec![Block::List([at_worst, people(&self.counts, words)].into_iter().chain(severities).collect())]
    }

    fn deeds_blocks(&self, words: &Words) -> Vec<Block> {
        let head = ["report-when", "report-what"].map(|id| words.say(id)).to_vec();
        let rows = self
            .deeds
            .iter()
            .filter_map(|entry| Some(vec![words.moment_seconds(entry.at), deeds::said(entry, &self.of, words)?]));
        match rows.collect::<Vec<_>>() {
            rows if rows.is_empty() => vec![Block::Text(words.say("report-nothing"))],
            rows => vec![Block::Table { head, rows }],
        }
    }

    fn evidence_blocks(&self, words: &Words) -> Vec<Block> {
        let Some(hash) = &self.evidence.hash else { return vec![Block::Text(words.say("samples-none"))] };
        let n = self.evidence.mentions.len();
        let mut blocks =
            vec![Block::Text(words.with("report-evidence-is", [("n", n.into()), ("hash", hash.clone().into())]))];
        if self.evidence.left_out > 0 {
            blocks.push(Block::Text(words.with("report-evidence-left-out", [("n", self.evidence.left_out.into())])));
        }
        blocks.push(Block::Mentions(self.evidence.mentions.iter().map(|piece| shown(piece, words)).collect()));
        blocks
    }
}

/// A list, or that there is nothing.
fn list(lines: impl Iterator<Item = String>, words: &Words) -> Vec<Block> {
    let lines: Vec<String> = lines.collect();
    match lines.is_empty() {
        true => vec![Block::Text(words.say("report-nothing"))],
        false => vec![Block::List(lines)],
    }
}

/// What came of a call.
fn came(call: &Call, words: &Words) -> String {
    let reason = || sanitize::line(call.reason.as_deref().unwrap_or_default());
    let mut said = match (call.arrived_at, call.is_under_way) {
        (Some(at), _) => words.with("report-arrived", [("at", words.clock_seconds(at).into())]),
        (None, true) => words.say("report-under-way"),
        (None, false) => words.with("report-failed", [("reason", reason().into())]),
    };
    if call.arrived_at.is_some() && call.reason.is_some() {
        said.push_str(&format!(" {}", reason()));
    }
    if call.tries > 1 {
        said.push_str(&format!(" {}", words.with("report-tries", [("n", call.tries.into())])));
    }
    said
}

fn missed_line(one: &Missed, words: &Words) -> String {
    let at = || words.moment_seconds(one.at).into();
    match &one.what {
        missed::What::NobodyOnCall { round, step } => {
            words.with("report-missed-nobody", [("at", at()), ("step", (*step).into()), ("round", (*round).into())])
        }
        missed::What::EscalationExhausted { escalation } => {
            words.with("report-missed-exhausted", [("at", at()), ("escalation", escalation.clone().into())])
        }
        missed::What::CallFailed { receiver, reason } => words.with(
            "report-missed-call",
            [("at", at()), ("receiver", receiver.clone().into()), ("reason", sanitize::line(reason).into())],
        ),
        missed::What::AcknowledgementRanOut => words.with("report-missed-ran-out", [("at", at())]),
        missed::What::NobodyNotified => words.with("report-missed-nobody-notified", [("at", at())]),
        missed::What::ButtonFailed { button, reason, unknown } => {
            let id = if *unknown { "report-missed-button-unknown" } else { "report-missed-button" };
            let (button, reason) = (sanitize::line(button), sanitize::line(reason));
            words.with(id, [("at", at()), ("button", button.into()), ("reason", reason.into())])
        }
    }
}

fn late_line(one: &Late, words: &Words) -> String {
    let what = match &one.what {
        lateness::What::Acknowledgement => words.say("report-late-acknowledgement"),
        // A sentence loses its full stop: another one follows.
        lateness::What::Item { item, .. } => sanitize::line(item).trim_end_matches('.').to_owned(),
    };
    let due = words.moment(one.due);
    match (&one.done, one.by()) {
        (Some(stamp), Some(by)) => words.with(
            "report-late-done",
            [
                ("what", what.into()),
                ("due", due.into()),
                ("done", words.moment(stamp.at).into()),
                ("by", sanitize::line(&stamp.by.by).into()),
                ("length", words.length(by / 1000).into()),
            ],
        ),
        _ => words.with("report-late-open", [("what", what.into()), ("due", due.into())]),
    }
}

fn shown(piece: &Piece, words: &Words) -> Shown {
    let mention = &piece.mention;
    let author = Some(sanitize::line(&mention.author)).filter(|author| !author.is_empty());
    let mut about = format!("{}. {}", piece.number, author.unwrap_or_else(|| words.say("quote-unknown")));
    if !mention.source.is_empty() {
        let source = sanitize::line(&mention.source);
        about = words.with("quote-on", [("author", about.into()), ("source", source.into())]);
    }
    let at = |text: &str| {
        let parsed: Option<jiff::Timestamp> = text.parse().ok();
        parsed.map_or_else(|| text.to_owned(), |at| words.moment_seconds(Timestamp(at.as_millisecond())))
    };
    about.push_str(&format!(
        ", {}",
        words.with(
            "report-published",
            [
                ("published", at(&mention.published_at).into()),
                ("seen", at(&mention.seen_at).into()),
                ("class", words.say(class_id(mention.judged)).into()),
            ]
        )
    ));
    for correction in &piece.corrections {
        let (by, class) = (sanitize::line(&correction.by), words.say(class_id(correction.corrected)));
        about.push_str(&format!(" {}", words.with("says-class", [("by", by.into()), ("class", class.into())])));
    }
    Shown {
        about,
        text: sanitize::line(&mention.text),
        address: mention.url.as_deref().and_then(sanitize::address),
        sha256: piece.sha256.clone(),
    }
}

//! The figures of an incident: all that messages leave out.

use maud::{Markup, html};

use orszem_core::notification::{chance, driven_by, facts as told, people};
use orszem_core::words::Words;
use orszem_records::incident::Incident;
use orszem_records::judgement::{Confusion, Grounds};
use orszem_records::signal::{Counts, Kind, Signal};

use crate::render::format::{self, kind_id};

/// A list of names and values.
pub(super) fn list(incident: &Incident, words: &Words) -> Markup {
    let signal = &incident.signal;
    let fact = |id: &str, value: String| (words.say(id), value);
    // Of what is silent nothing is counted: what messages say of it is all there is.
    let mut facts = match signal.kind {
        Kind::NoData => told(incident, words).into_iter().map(|fact| (fact.name, fact.value)).collect(),
        _ => vec![
            fact("fact-now", now(signal, words)),
            fact("fact-height", height(incident, words)),
            fact("fact-usual", usual(signal, words)),
            fact("fact-past", past(signal, words)),
        ],
    };
    facts.extend([
        fact("fact-severity", severity(incident, words)),
        fact("fact-kind", words.say(kind_id(signal.kind))),
        fact("fact-desk", words.say(desk_id(signal.desk))),
    ]);
    if signal.kind != Kind::NoData {
        if !signal.learning && incident.limit.is_none() {
            facts.push(fact("fact-chance", chance(incident.rarest, words)));
        }
        facts.push(fact("fact-budget", words.with("budget", [("n", words.figure(signal.budget).into())])));
        facts.push(fact("fact-people", people(&signal.counts, words)));
        facts.push(fact("fact-copies", copies(&signal.counts, words)));
        facts.push(fact("fact-classifier", classifier(&signal.counts, words)));
    }
    for forecast in &signal.forecast {
        let (low, high) = forecast.interval;
        let said = words.with(
            "forecast-of",
            [
                ("n", words.figure(forecast.mentions).into()),
                ("hours", forecast.hours.into()),
                ("low", words.figure(low).into()),
                ("high", words.figure(high).into()),
            ],
        );
        facts.push(fact("fact-forecast", said));
    }
    let driven = driven_by(&signal.drivers, words);
    html! {
        dl.facts {
            @if !driven.is_empty() {
                div { dt { (words.say("fact-driven-by")) } dd { bdi { (format::lines(&driven)) } } }
            }
            @for (name, value) in facts { div { dt { (name) } dd { (value) } } }
        }
    }
}

/// The text of the catalogue for a team.
pub(in crate::pages) const fn desk_id(desk: orszem_records::desk::Desk) -> &'static str {
    use orszem_records::desk::Desk;
    match desk {
        Desk::Crisis => "desk-crisis",
        Desk::Care => "desk-care",
        Desk::Employer => "desk-employer",
        Desk::Audience => "desk-audience",
    }
}

/// What is counted, in the window that was looked at.
fn counted(kind: Kind, n: u64, window_s: u32, words: &Words) -> String {
    let kind = match kind {
        Kind::Negativity | Kind::SlowBurn => "negatives",
        Kind::Praise => "friendly",
        Kind::Volume | Kind::Silence | Kind::NoData => "mentions",
    };
    let window = words.length(i64::from(window_s));
    words.with("counted", [("kind", kind.into()), ("n", n.into()), ("window", window.into())])
}

fn now(signal: &Signal, words: &Words) -> String {
    let counted = counted(signal.kind, signal.observed, signal.window_s, words);
    words.with("counted-until", [("counted", counted.into()), ("at", words.moment(signal.at).into())])
}

fn height(incident: &Incident, words: &Words) -> String {
    let peak = &incident.peak;
    let counted = counted(peak.kind, peak.observed, peak.window_s, words);
    words.with("counted-until", [("counted", counted.into()), ("at", words.moment(peak.at).into())])
}

fn usual(signal: &Signal, words: &Words) -> String {
    match signal.learning {
        true => words.say("usual-unknown"),
        false => words.with(
            "usual-and-seldom",
            [("usual", words.figure(signal.expected).into()), ("high", words.figure(signal.interval.1).into())],
        ),
    }
}

fn past(signal: &Signal, words: &Words) -> String {
    let learnt = words.length(i64::from(signal.learnt_hours) * 3600);
    match signal.learning {
        true => words.with("past-learning", [("learnt", learnt.into()), ("left", signal.learning_left.into())]),
        false => words.with("past-known", [("learnt", learnt.into())]),
    }
}

fn severity(incident: &Incident, words: &Words) -> String {
    let now = incident.signal.severity;
    let severity = words.with("severity", [("n", incident.severity.into())]);
    match now == incident.severity {
        true => severity,
        false => words.with("severity-now", [("severity", severity.into()), ("now", now.into())]),
    }
}

fn copies(counts: &Counts, words: &Words) -> String {
    words.with(
        "copies",
        [
            ("originals", counts.originals.into()),
            ("reposts", counts.reposts.into()),
            ("copies", counts.copies.into()),
            ("one", counts.of_one_text.into()),
            ("positives", counts.positives.into()),
        ],
    )
}

/// How often the judgement of a mention is wrong, and what was judged on lesser grounds.
fn classifier(counts: &Counts, words: &Words) -> String {
    let percent = |share: f64| words.percent(share);
    let (en, hu) = (Confusion::ENGLISH, Confusion::HUNGARIAN);
    let mut said = vec![words.with(
        "classifier",
        [
            ("missed_en", percent(1.0 - en.found).into()),
            ("missed_hu", percent(1.0 - hu.found).into()),
            ("mistaken_en", percent(en.mistaken).into()),
            ("mistaken_hu", percent(hu.mistaken).into()),
        ],
    )];
    let Grounds { multilingual, unjudged, wordless, .. } = counts.grounds;
    for (id, n) in
        [("grounds-multilingual", multilingual), ("grounds-unjudged", unjudged), ("grounds-wordless", wordless)]
    {
        if n > 0 {
            said.push(words.with(id, [("n", n.into()), ("mentions", counts.mentions.into())]));
        }
    }
    said.join(" ")
}

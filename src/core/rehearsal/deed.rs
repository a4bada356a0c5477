//! What happens in a case: one line for each thing.

use orszem_records::time::Timestamp;

use super::moment;
use crate::drill::Scenario;

/// What happens.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    /// A signal of a watch: it opens an incident, updates it, or is its all-clear.
    Signal { watch: String, what: Course, severity: Option<u8>, observed: Option<u64> },
    /// A person, or somebody by a shared link, does something to the newest incident of a watch.
    Person { who: String, what: Act, watch: String, through: Option<String> },
    /// Somebody opens the page of the newest incident of a watch.
    Reads { watch: String },
    /// From now on a receiver answers so.
    Answers { receiver: String, answer: Answer },
    /// From now on a receiver takes so long to answer, in ms.
    TakesTime { receiver: String, ms: i64 },
    /// What was accepted last for the receiver did not arrive after all.
    Undelivered { receiver: String },
    /// Somebody makes a silence, of drills or of what is real, which holds until a time.
    Silences { who: String, matcher: String, until: Timestamp, drill: bool },
    /// Somebody ends the newest silence.
    Unsilences { who: String },
    /// Somebody plans a drill.
    Drills { who: String, scenario: Scenario, watch: String, at: Timestamp, announce: bool },
    /// Somebody takes back the newest drill.
    Cancels { who: String },
    /// People stand in for others in a rotation, until a time.
    StandsIn { who: String, instead_of: String, rotation: String, until: Timestamp },
    /// The copy dies, and another reads the ledger.
    Crash,
    /// The copy dies when the next message is accepted, before it has written that; another reads the ledger.
    CrashAtAnswer,
    /// The configuration changes as the table of this name in `reload` says.
    Reload { name: String },
    /// The clock of the copy steps, in ms.
    Clock { by_ms: i64 },
}

/// How an incident goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    Opens,
    Updates,
    Over,
}

/// What a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Acknowledges,
    TakesOver,
    HandsOver(String),
    GivesBack,
    Knows,
    Escalates,
    Notes,
    Ticks,
    Unticks,
    Drafts,
    Approves(u32),
    Posts(u32),
    Resolves,
}

/// How a receiver answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Accepts,
    Refuses,
    Retry(Option<u64>),
    Silent,
}

/// The most often that a line can happen.
const MOST: u32 = 100_000;

/// Reads a line; the fault says what is wrong with it. What happens several times is there as often.
pub(super) fn parse(line: &str, start: Timestamp) -> Result<Vec<(Timestamp, Deed)>, String> {
    let (time, rest) = line.split_once(' ').ok_or("a line is a time and what happens")?;
    let at = moment::parse(time, start).ok_or_else(|| format!("{time:?} is no time: 5:00, 4:59.999 or an instant"))?;
    let (rest, (times, apart_ms)) = match rest.rsplit_once(", ") {
        Some((rest, repeated)) if repeated.contains(" times") => (rest, often(repeated)?),
        _ => (rest, (1, 0)),
    };
    let deed = deed(rest, start)?;
    Ok((0..times).map(|n| (at.plus(i64::from(n) * apart_ms), deed.clone())).collect())
}

/// `200 times`, `200 times every 300ms`: how often, and how many ms apart.
fn often(text: &str) -> Result<(u32, i64), String> {
    let (times, apart) = text.split_once(" times").ok_or_else(|| format!("{text:?}: \"200 times every 300ms\""))?;
    let times = times.parse().ok().filter(|times| *times <= MOST).ok_or_else(|| format!("{times:?}: 1 to {MOST}"))?;
    match apart.strip_prefix(" every ") {
        Some(apart) => Ok((times, length(apart)?)),
        None if apart.is_empty() => Ok((times, 0)),
        None => Err(format!("{apart:?}: \"every 300ms\" may follow")),
    }
}

/// `90s`, in ms.
fn length(text: &str) -> Result<i64, String> {
    let length = humantime::parse_duration(text).ok().and_then(|length| i64::try_from(length.as_millis()).ok());
    length.ok_or_else(|| format!("{text:?} is no length of time: 90s"))
}

fn deed(rest: &str, start: Timestamp) -> Result<Deed, String> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    Ok(match words.as_slice() {
        ["crash"] => Deed::Crash,
        ["crash", "at", "the", "next", "answer"] => Deed::CrashAtAnswer,
        ["reload", name] => Deed::Reload { name: (*name).to_owned() },
        ["clock", by] => Deed::Clock { by_ms: step(by).ok_or_else(|| format!("{by:?} is no step of a clock: -2m"))? },
        [receiver, "accepts"] => answers(receiver, Answer::Accepts),
        [receiver, "refuses"] => answers(receiver, Answer::Refuses),
        [receiver, "silent"] => answers(receiver, Answer::Silent),
        [receiver, "undelivered"] => Deed::Undelivered { receiver: (*receiver).to_owned() },
        [receiver, "retry"] => answers(receiver, Answer::Retry(None)),
        [receiver, "retry", after] => answers(receiver, Answer::Retry(u64::try_from(length(after)?).ok())),
        [receiver, "takes", time] => Deed::TakesTime { receiver: (*receiver).to_owned(), ms: length(time)? },
        [who, "silences", matcher @ .., "until", until] => {
            let until = moment::parse(until, start).ok_or_else(|| format!("{until:?} is no time"))?;
            let drill = matcher.first() == Some(&"drills");
            let matcher = matcher[usize::from(drill)..].join(" ");
            Deed::Silences { who: (*who).to_owned(), matcher, until, drill }
        }
        [who, "drills", scenario, "of", watch, "at", at, announced @ ..] => {
            let at = moment::parse(at, start).ok_or_else(|| format!("{at:?} is no time"))?;
            let scenario = Scenario::of(scenario).ok_or_else(|| format!("{scenario:?} is no scenario"))?;
            let announce = match announced {
                [] => false,
                ["announced"] => true,
                other => return Err(format!("{:?}: \"announced\" may follow", other.join(" "))),
            };
            Deed::Drills { who: (*who).to_owned(), scenario, watch: (*watch).to_owned(), at, announce }
        }
        [who, "cancels", "the", "drill"] => Deed::Cancels { who: (*who).to_owned() },
        [who, "stands", "in", "for", instead_of, "in", rotation, "until", until] => {
            let until = moment::parse(until, start).ok_or_else(|| format!("{until:?} is no time"))?;
            let (who, instead_of, rotation) = ((*who).to_owned(), (*instead_of).to_owned(), (*rotation).to_owned());
            Deed::StandsIn { who, instead_of, rotation, until }
        }
        [who, "ends", "the", "silence"] => Deed::Unsilences { who: (*who).to_owned() },
        [watch, "opens", facts @ ..] => signal(watch, Course::Opens, facts)?,
        [watch, "updates", facts @ ..] => signal(watch, Course::Updates, facts)?,
        [watch, "over"] => signal(watch, Course::Over, &[])?,
        [who, "hands", "over", watch, "to", to, through @ ..] => {
            person(who, Act::HandsOver((*to).to_owned()), watch, through)?
        }
        [who, "takes", "over", watch, through @ ..] => person(who, Act::TakesOver, watch, through)?,
        [who, "gives", "back", watch, through @ ..] => person(who, Act::GivesBack, watch, through)?,
        [_, "reads", watch] => Deed::Reads { watch: (*watch).to_owned() },
        [who, verb @ ("approves" | "posts"), revision, watch, through @ ..] => {
            let revision = revision.parse().map_err(|_| format!("{revision:?} is no revision: 1, 2, 3"))?;
            let act = if *verb == "posts" { Act::Posts(revision) } else { Act::Approves(revision) };
            person(who, act, watch, through)?
        }
        [who, verb, watch, through @ ..] => {
            let act = match *verb {
                "acknowledges" => Act::Acknowledges,
                "knows" => Act::Knows,
                "escalates" => Act::Escalates,
                "notes" => Act::Notes,
                "ticks" => Act::Ticks,
                "unticks" => Act::Unticks,
                "drafts" => Act::Drafts,
                "resolves" => Act::Resolves,
                _ => return Err(format!("nobody knows how to \"{verb}\"")),
            };
            person(who, act, watch, through)?
        }
        _ => return Err(format!("nobody knows what \"{rest}\" is")),
    })
}

fn answers(receiver: &str, answer: Answer) -> Deed {
    Deed::Answers { receiver: receiver.to_owned(), answer }
}

/// `-2m`, `+1h`.
fn step(text: &str) -> Option<i64> {
    let (sign, length) = match text.strip_prefix('-') {
        Some(length) => (-1, length),
        None => (1, text.strip_prefix('+')?),
    };
    Some(sign * self::length(length).ok()?)
}

fn signal(watch: &str, what: Course, facts: &[&str]) -> Result<Deed, String> {
    let (mut severity, mut observed) = (None, None);
    for pair in facts.chunks(2) {
        match pair {
            ["severity", number] => {
                severity = Some(number.parse().map_err(|_| format!("severity {number:?}: 1 to 4"))?)
            }
            ["observed", number] => {
                observed = Some(number.parse().map_err(|_| format!("observed {number:?}: a number"))?)
            }
            _ => return Err(format!("{:?}: \"severity N\" or \"observed N\" may follow", pair.join(" "))),
        }
    }
    Ok(Deed::Signal { watch: watch.to_owned(), what, severity, observed })
}

fn person(who: &str, what: Act, watch: &str, through: &[&str]) -> Result<Deed, String> {
    let through = match through {
        [] => None,
        ["through", receiver] => Some((*receiver).to_owned()),
        other => return Err(format!("{:?}: \"through RECEIVER\" may follow", other.join(" "))),
    };
    Ok(Deed::Person { who: who.to_owned(), what, watch: watch.to_owned(), through })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_others_are_refused() {
        let read = |line: &str| parse(line, Timestamp(0)).map(|mut deeds| deeds.remove(0));
        let opens = Deed::Signal { watch: "k1".into(), what: Course::Opens, severity: Some(3), observed: None };
        assert_eq!(read("1:00 k1 opens severity 3"), Ok((Timestamp(60_000), opens)));
        let (_, hands) = read("1:00 anna hands over k1 to bela through anna/push").unwrap();
        let through = Some("anna/push".to_owned());
        let (who, watch) = ("anna".to_owned(), "k1".to_owned());
        assert_eq!(hands, Deed::Person { who, what: Act::HandsOver("bela".into()), watch, through });
        assert_eq!(read("0:00 clock -2m").unwrap().1, Deed::Clock { by_ms: -120_000 });
        let retry = Deed::Answers { receiver: "sms".into(), answer: Answer::Retry(Some(90_000)) };
        assert_eq!(read("0:00 sms retry 90s").unwrap().1, retry);
        for wrong in [
            "k1 opens",
            "0:00 anna sings k1",
            "0:00 k1 opens severity high",
            "0:00 k1",
            "0:00 clock 2m",
            "0:00 k1 over, x times",
        ] {
            assert!(parse(wrong, Timestamp(0)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_line_may_happen_several_times() {
        let at =
            |line: &str| -> Vec<i64> { parse(line, Timestamp(0)).unwrap().into_iter().map(|(at, _)| at.0).collect() };
        assert_eq!(at("0:01 k1 opens severity 2, 3 times every 300ms"), [1_000, 1_300, 1_600]);
        assert_eq!(at("0:01 crash, 2 times"), [1_000, 1_000]);
    }
}

//! Why an incident is one, in a sentence for people: what was counted, and the past that it is held against.

use orszem_records::signal::{HeldAgainst, Reason, Signal};
use orszem_records::statistic::Statistic;

use super::format::{count, figure, length};

/// Why the incident is one. Without a past to hold it against there is only its size.
pub fn why(signal: &Signal) -> Option<String> {
    let reason = signal.reason?;
    let found = found(signal, &reason);
    Some(match (signal.note, signal.new_usual) {
        (_, true) => format!("{found}. It has lasted for so long that this is the new usual"),
        (true, _) => format!("{found}. No larger share of them is negative than usual, so nobody is paged"),
        (false, false) => found,
    })
}

fn found(signal: &Signal, reason: &Reason) -> String {
    let (observed, span) = (count(signal.observed), length(signal.window_s.into()));
    let (expected, mentions) = (figure(signal.expected), count(reason.mentions));
    let hours = signal.window_s / 3600;
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let share = percent(signal.observed as f64 / reason.mentions.max(1) as f64);
    let usual = reason.usual_share.map_or_else(|| "unknown".to_owned(), percent);
    match reason.statistic {
        Statistic::Share | Statistic::LongShare => format!(
            "{observed} of {mentions} mentions in {span} are negative ({share}); {usual} is usual, which would be \
             {expected}"
        ),
        Statistic::SlowBurn => format!(
            "For {hours} h {share} of {mentions} mentions have been negative; {usual} was usual in the weeks before. There \
             was no burst"
        ),
        Statistic::Negatives => format!(
            "{observed} negative mentions in {span}; {}. Of {mentions} mentions {share} are negative, {usual} is usual",
            usually(reason.held_against, &expected)
        ),
        Statistic::Mentions | Statistic::TimeOfDay => {
            format!("{observed} mentions in {span}; {}", usually(reason.held_against, &expected))
        }
    }
}

/// What the past had instead.
fn usually(held_against: HeldAgainst, expected: &str) -> String {
    match held_against {
        HeldAgainst::LastDays => format!("the last days had {expected} on average"),
        HeldAgainst::SameHours => format!("at these hours the last seven days had {expected}"),
        HeldAgainst::Mentions => format!("{expected} of them were expected"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notification::fixture;

    fn said(statistic: Statistic, held_against: HeldAgainst, change: impl Fn(&mut Signal)) -> String {
        let reason = Reason { statistic, held_against, mentions: 141, usual_share: Some(0.2) };
        let mut signal =
            Signal { observed: 62, expected: 28.2, window_s: 2400, reason: Some(reason), ..fixture::signal() };
        change(&mut signal);
        why(&signal).unwrap()
    }

    #[test]
    fn each_statistic_says_what_it_counted_and_what_it_was_held_against() {
        assert_eq!(
            said(Statistic::Share, HeldAgainst::Mentions, |_| {}),
            "62 of 141 mentions in 40 min are negative (44 %); 20 % is usual, which would be 28"
        );
        assert_eq!(
            said(Statistic::Negatives, HeldAgainst::SameHours, |_| {}),
            "62 negative mentions in 40 min; at these hours the last seven days had 28. Of 141 mentions 44 % are \
             negative, 20 % is usual"
        );
        assert_eq!(
            said(Statistic::Mentions, HeldAgainst::LastDays, |signal| signal.observed = 141),
            "141 mentions in 40 min; the last days had 28 on average"
        );
        assert_eq!(
            said(Statistic::SlowBurn, HeldAgainst::Mentions, |signal| signal.window_s = 86_400),
            "For 24 h 44 % of 141 mentions have been negative; 20 % was usual in the weeks before. There was no burst"
        );
    }

    #[test]
    fn a_note_and_a_new_usual_say_so() {
        let note = said(Statistic::Mentions, HeldAgainst::LastDays, |signal| signal.note = true);
        assert!(note.ends_with("so nobody is paged"), "{note}");
        let lasting = said(Statistic::Mentions, HeldAgainst::LastDays, |signal| signal.new_usual = true);
        assert!(lasting.ends_with("this is the new usual"), "{lasting}");
        assert_eq!(why(&fixture::signal()), None);
    }
}

//! A message that tries a way to a person: nothing happened, and they answer it so that it is known that it arrives.

use orszem_records::desk::Desk;
use orszem_records::incident::State;
use orszem_records::ledger::{Action, IncidentId, Recipients};
use orszem_records::signal::{Counts, Kind};
use orszem_records::time::Timestamp;

use super::{Notice, Occasion, Page, Together};
use crate::words::Words;

impl Notice {
    /// A message by the way `receiver` (`anna/mail`) at `now`, in the words of its reader. `link` is where they say
    /// that it arrived.
    pub fn trial(receiver: &str, link: String, words: &Words, now: Timestamp) -> Notice {
        let incident = IncidentId(format!("test.{}", now.0.div_euclid(1000)));
        let headline = words.say("trial-headline");
        let page = Page {
            watch: "test".to_owned(),
            title: words.say("trial-title"),
            kind: Kind::Volume,
            severity: 4,
            desk: Desk::default(),
            state: State::Open,
            by: None,
            subject: headline.clone(),
            headline,
            news: None,
            meaning: words.say("trial-meaning"),
            standing: words.say("trial-title"),
            facts: Vec::new(),
            driven_by: String::new(),
            advice: None,
            samples: Vec::new(),
            counts: Counts::default(),
            opened_at: now,
            closed_at: None,
            link,
            others: Vec::new(),
            more: 0,
            together: Together::default(),
            words: words.clone(),
            incident: incident.clone(),
        };
        Notice {
            message: format!("{incident}/{receiver}/0"),
            action: Action::Trigger,
            occasion: Occasion::First,
            revision: 0,
            reference: None,
            settled: Recipients::default(),
            sent_at: now,
            page,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, Zone};

    #[test]
    fn it_says_that_nothing_happened_and_where_to_answer() {
        for (language, says) in [(Language::English, "Nothing happened"), (Language::Hungarian, "Nem történt semmi")]
        {
            let words = Words::new(language, Zone::UTC);
            let notice = Notice::trial("anna/mail", "https://orszem.example/ways/x".into(), &words, Timestamp(1_000));
            let text = notice.page.text();
            assert!(text.contains(says) && text.contains("https://orszem.example/ways/x"), "{text}");
            assert_eq!(notice.message, "test.1/anna/mail/0");
        }
    }
}

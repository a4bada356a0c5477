//! Messages about no incident: one that tries a way to a person, who answers it so that it is known that it arrives,
//! one that tells a person of a shift, one that tells of a drill before it begins, and one that tells an owner who
//! looked up where the credential of their account is kept.

use orszem_records::desk::Desk;
use orszem_records::incident::State;
use orszem_records::ledger::{Action, IncidentId, Recipients};
use orszem_records::signal::{Counts, Kind};
use orszem_records::team::access::AccessAsked;
use orszem_records::team::drill::DrillAnnounced;
use orszem_records::team::look_up::{LookUp, LookUpTold};
use orszem_records::team::shift_told::{ShiftTold, When};
use orszem_records::time::Timestamp;

use super::{Notice, Occasion, Page, Together};
use crate::words::Words;

/// What a message about no incident says, in a few words each.
pub(super) struct Said {
    pub(super) title: String,
    pub(super) headline: String,
    pub(super) meaning: String,
}

impl Notice {
    /// A message by the way `receiver` (`anna/mail`) at `now`, in the words of its reader. `link` is where they say
    /// that it arrived.
    pub fn trial(receiver: &str, link: String, words: &Words, now: Timestamp) -> Notice {
        let (title, headline) = (words.say("trial-title"), words.say("trial-headline"));
        let said = Said { title, headline, meaning: words.say("trial-meaning") };
        plain(&format!("test.{}", now.0.div_euclid(1000)), receiver, (said, link), words, now)
    }

    /// A message by a receiver at `now` that tries whether messages arrive there. `link` leads to the pages.
    pub fn receiver_trial(receiver: &str, link: String, words: &Words, now: Timestamp) -> Notice {
        let (title, headline) = (words.say("trial-title"), words.say("trial-receiver-headline"));
        let said = Said { title, headline, meaning: words.say("trial-receiver-meaning") };
        plain(&format!("test.{}", now.0.div_euclid(1000)), receiver, (said, link), words, now)
    }

    /// The message of a canary, by a receiver at `now`: it says that the way works, and asks for nothing. `link` leads
    /// to the pages.
    pub fn canary(receiver: &str, link: String, words: &Words, now: Timestamp) -> Notice {
        let (title, headline) = (words.say("canary-title"), words.say("canary-headline"));
        let said = Said { title, headline, meaning: words.say("canary-meaning") };
        plain(&format!("canary.{}", now.0.div_euclid(1000)), receiver, (said, link), words, now)
    }

    /// The end of what it began, for a service that keeps incidents. `reference`: what that answered.
    pub fn ended(&self, reference: Option<String>, now: Timestamp) -> Notice {
        let page = Page { state: State::Resolved, closed_at: Some(now), ..self.page.clone() };
        let message = self.message.strip_suffix("/0").unwrap_or(&self.message);
        Notice {
            message: format!("{message}/1"),
            action: Action::Resolve,
            occasion: Occasion::Over,
            revision: 1,
            reference,
            sent_at: now,
            page,
            ..self.clone()
        }
    }

    /// A message by the way `receiver` at `now` that asks an administrator of an account whether they could sign in
    /// there today. `title` is the account's name for people, `link` where they answer.
    pub fn access(
        receiver: &str,
        (asked, title): (&AccessAsked, &str),
        link: String,
        words: &Words,
        now: Timestamp,
    ) -> Notice {
        let account = ("account", orszem_text::sanitize::line(title).into());
        let headline = words.with("access-headline", [account]);
        let said = Said { title: words.say("access-title"), headline, meaning: words.say("access-meaning") };
        let id = format!("access.{}.{}", asked.account, now.0.div_euclid(1000));
        plain(&id, receiver, (said, link), words, now)
    }

    /// A message by the way `receiver` at `now` to the owner of an account, of which somebody looked up where the
    /// credential is kept. `title` is the account's name for people, `link` leads to the accounts.
    pub fn look_up(
        receiver: &str,
        (told, look_up, title): (&LookUpTold, &LookUp, &str),
        link: String,
        words: &Words,
        now: Timestamp,
    ) -> Notice {
        let line = orszem_text::sanitize::line;
        let values = [("by", line(&look_up.by).into()), ("account", line(title).into())];
        let (mut headline, mut meaning) = (words.with("ask-looked-up", values), words.say("ask-looked-up-meaning"));
        if look_up.drill {
            headline = words.with("drill-marked", [("text", headline.into())]);
            meaning = words.say("personal-drill-owner");
        }
        let said = Said { title: words.say("accounts"), headline, meaning };
        let mut notice = plain(&told.of.replace('/', "."), receiver, (said, link), words, now);
        notice.page.drill = look_up.drill;
        notice
    }

    /// A message by the way `receiver` at `now` to a person who comes on call. `title` is the rotation's name for
    /// people, `ends` when the shift is over, where that is known, `link` where one sees who is on call.
    pub fn shift(
        receiver: &str,
        (told, title, ends): (&ShiftTold, &str, Option<Timestamp>),
        link: String,
        words: &Words,
        now: Timestamp,
    ) -> Notice {
        let rotation = ("rotation", orszem_text::sanitize::line(title).into());
        let headline = match told.when {
            When::Soon => words.with("shift-soon", [rotation, ("from", words.moment(told.begins).into())]),
            When::Now => words.with("shift-now", [rotation]),
        };
        let meaning = match ends {
            Some(ends) => words.with("shift-until", [("until", words.moment(ends).into())]),
            None => words.say("shift-open-end"),
        };
        let said = Said { title: words.say("shift-title"), headline, meaning };
        let begins = told.begins.0.div_euclid(1000);
        let id = format!("shift.{}.{begins}.{}", told.rotation, told.when.name());
        plain(&id, receiver, (said, link), words, now)
    }

    /// A message by the way `receiver` at `now` to a person whom a drill may call that is to begin. `what`: the
    /// scenario, and the watch's title. `link` leads to the pages.
    pub fn drill(
        receiver: &str,
        (told, what, title): (&DrillAnnounced, &str, &str),
        link: String,
        words: &Words,
        now: Timestamp,
    ) -> Notice {
        let line = orszem_text::sanitize::line;
        let begins = words.moment(told.begins);
        let values = [("begins", begins.into()), ("scenario", line(what).into()), ("title", line(title).into())];
        let headline = words.with("drill-soon", values);
        let said = Said { title: words.say("drill-title"), headline, meaning: words.say("drill-soon-meaning") };
        let id = format!("drill.{}.{}", told.of, told.begins.0.div_euclid(1000));
        plain(&id, receiver, (said, link), words, now)
    }
}

/// A message with an id of its own; the same id is the same message.
pub(super) fn plain(id: &str, receiver: &str, (said, link): (Said, String), words: &Words, now: Timestamp) -> Notice {
    let Said { title, headline, meaning } = said;
    let page = Page {
        // Some services want to know where it comes from.
        watch: "orszem".to_owned(),
        title: title.clone(),
        kind: Kind::Volume,
        severity: 4,
        desk: Desk::default(),
        state: State::Open,
        by: None,
        subject: headline.clone(),
        headline,
        news: None,
        meaning,
        standing: title,
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
        plain: true,
        drill: false,
        words: words.clone(),
        incident: IncidentId(id.to_owned()),
    };
    Notice {
        message: format!("{id}/{receiver}/0"),
        action: Action::Trigger,
        occasion: Occasion::First,
        revision: 0,
        reference: None,
        settled: Recipients::default(),
        sent_at: now,
        page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, Zone};

    #[test]
    fn a_trial_says_that_nothing_happened_and_where_to_answer() {
        for (language, says) in [(Language::English, "Nothing happened"), (Language::Hungarian, "Nem történt semmi")]
        {
            let words = Words::new(language, Zone::UTC);
            let notice = Notice::trial("anna/mail", "https://orszem.example/ways/x".into(), &words, Timestamp(1_000));
            let text = notice.page.text();
            assert!(text.contains(says) && text.contains("https://orszem.example/ways/x"), "{text}");
            assert!(!text.contains("everity") && !text.contains("test.1"), "it is no incident: {text}");
            assert_eq!(notice.message, "test.1/anna/mail/0");
        }
    }

    #[test]
    fn the_test_of_a_receiver_asks_for_nothing_and_its_end_is_the_end_of_the_same() {
        let words = Words::new(Language::English, Zone::UTC);
        let notice = Notice::receiver_trial("pager", "https://orszem.example".into(), &words, Timestamp(1_000));
        assert!(notice.page.text().contains("nothing is to be done"), "{}", notice.page.text());
        let end = notice.ended(Some("r".into()), Timestamp(2_000));
        assert_eq!((end.message.as_str(), end.action, end.revision), ("test.1/pager/1", Action::Resolve, 1));
        assert_eq!((end.page.incident, end.reference), (notice.page.incident, Some("r".into())));
    }

    #[test]
    fn an_owner_reads_who_looked_it_up_and_whether_that_was_a_drill() {
        let text = |language, drill| {
            let of = "account-looked-up/7f".to_owned();
            let told = LookUpTold { of, whose: "bela".into() };
            let (account, whose, by) = ("facebook".into(), "anna".into(), "Anna\n<b>".into());
            let look_up = LookUp { account, whose, by, at: Timestamp(0), drill };
            let (words, link) = (Words::new(language, Zone::UTC), "https://orszem.example/accounts".to_owned());
            let notice = Notice::look_up("bela/mail", (&told, &look_up, "Our page"), link, &words, Timestamp(1_000));
            assert_eq!(notice.message, "account-looked-up.7f/bela/mail/0");
            notice.page.text()
        };
        let english = text(Language::English, false);
        assert!(english.starts_with("Anna <b> looked up where the credential of Our page is kept\n"), "{english}");
        assert!(english.contains("act now") && !english.contains("DRILL"), "{english}");
        assert!(english.contains("\nOpen: https://orszem.example/accounts\n"), "{english}");
        let drill = text(Language::English, true);
        assert!(drill.starts_with("DRILL: Anna") && !drill.contains("act now"), "{drill}");
        let hungarian = text(Language::Hungarian, true);
        assert!(hungarian.starts_with("GYAKORLAT: Anna") && hungarian.contains("tízperces"), "{hungarian}");
    }

    #[test]
    fn who_comes_on_call_reads_since_when_and_until_when_and_of_no_incident() {
        let words = Words::new(Language::English, Zone::named(Some("Europe/Budapest")));
        let at = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let (begins, ends) = (at("2026-03-29T07:00:00Z"), Some(at("2026-03-30T07:00:00Z")));
        let text = |when, ends| {
            let (rotation, whose) = ("press".to_owned(), "bela".to_owned());
            let told = ShiftTold { rotation, whose, begins, when };
            let link = "https://orszem.example/oncall".to_owned();
            Notice::shift("bela/mail", (&told, "Press", ends), link, &words, begins).page.text()
        };
        let soon = text(When::Soon, ends);
        assert!(soon.contains("You are on call for Press from"), "{soon}");
        assert!(soon.contains("09:00") && soon.contains("Until") && !soon.contains("everity"), "{soon}");
        let now = text(When::Now, None);
        assert!(now.starts_with("You are on call for Press now\nNothing happened"), "{now}");
        assert!(now.contains("\nOpen: https://orszem.example/oncall\n"), "{now}");
    }
}

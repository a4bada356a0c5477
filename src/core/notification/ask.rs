//! Messages that ask or tell one person something while an incident goes on.

use orszem_records::ask::{Ask, AskKind, Asked};
use orszem_records::incident::Incident;
use orszem_records::time::Timestamp;
use orszem_text::sanitize::line;
use orszem_text::truncate::{Unit, cut};

use super::Notice;
use super::plain::{Said, plain};
use crate::posting::approval::holds_until;
use crate::settings::Config;
use crate::words::Words;

/// The most characters of a statement in a message; the page has the whole.
const SHOWN: usize = 500;

impl Notice {
    /// The message of an asking by its way at `now`, in the words of its reader; of several reminders in one, the first
    /// and the others. `link` leads to the incident.
    pub fn ask(
        (asked, others): (&Asked, &[Asked]),
        incident: &Incident,
        (config, link): (&Config, String),
        words: &Words,
        now: Timestamp,
    ) -> Notice {
        let receiver = asked.receiver.as_deref().unwrap_or_default();
        let (headline, meaning) = match others {
            [] => said(&asked.ask, incident, config, words),
            others => several(std::iter::once(asked).chain(others), asked.ask.ask, words),
        };
        let watch = config.watch(&incident.watch);
        let title = watch.as_ref().and_then(|watch| watch.title.as_deref()).unwrap_or(&incident.watch);
        let (mut headline, mut meaning) = (format!("{}: {headline}", line(title)), meaning);
        if incident.is_drill() {
            headline = words.marked(true, headline);
            meaning = format!("{} {meaning}", words.say("drill-note"));
        }
        let said = Said { title: line(title), headline, meaning };
        let mut notice = plain(&asked.message(&incident.id.0), receiver, (said, link), words, now);
        notice.page.drill = incident.is_drill();
        Notice { message: asked.message(&incident.id.0), ..notice }
    }
}

/// Of what it asks. What is due has the time beside it, which is left out.
fn what(ask: &Ask) -> &str {
    match ask.ask.is_reminder() {
        true => ask.of.rsplit_once('@').map_or(&ask.of, |(what, _)| what),
        false => &ask.of,
    }
}

/// What several reminders of a kind say in one message.
fn several<'a>(asked: impl Iterator<Item = &'a Asked>, kind: AskKind, words: &Words) -> (String, String) {
    let all: Vec<String> = asked.zip(1..).map(|(asked, n)| format!("{n}. {}", line(what(&asked.ask)))).collect();
    let (headline, meaning) = match kind {
        AskKind::DueElsewhere => ("ask-due-elsewhere-several", "ask-due-elsewhere-several-meaning"),
        _ => ("ask-due-several", "ask-due-several-meaning"),
    };
    let listed = cut(&all.join(" "), SHOWN, Unit::Characters).into_owned();
    let headline = words.with(headline, [("n", all.len().into())]);
    (headline, words.with(meaning, [("list", listed.into())]))
}

/// What is asked, and what one needs to know for it.
fn said(ask: &Ask, incident: &Incident, config: &Config, words: &Words) -> (String, String) {
    let newest = incident.statements.newest();
    let text =
        newest.map(|newest| cut(&line(&newest.draft.text), SHOWN, Unit::Characters).into_owned()).unwrap_or_default();
    let by = newest.map(|newest| line(&newest.draft.by.by)).unwrap_or_default();
    let of = line(what(ask));
    let statement = || words.with("ask-statement", [("by", by.clone().into()), ("text", text.clone().into())]);
    match ask.ask {
        AskKind::Approve => (words.say("ask-approve"), statement()),
        AskKind::ApproveAsDeputy => (words.say("ask-approve-as-deputy"), statement()),
        AskKind::MayGoOut => (words.say("ask-may-go-out"), statement()),
        AskKind::MayPost => {
            let until = newest.and_then(|newest| holds_until(config, newest));
            let until = until.map(|until| words.moment(until)).unwrap_or_default();
            (words.with("ask-may-post", [("until", until.into())]), statement())
        }
        AskKind::Due => (words.with("ask-due", [("what", of.into())]), words.say("ask-due-meaning")),
        AskKind::DueElsewhere => {
            (words.with("ask-due-elsewhere", [("what", of.into())]), words.say("ask-due-elsewhere-meaning"))
        }
        AskKind::LookedUp => {
            let (account, by) = of.split_once('/').unwrap_or((&of, ""));
            let account = config.account(account).map_or(account, |account| account.shown());
            let values = [("account", line(account).into()), ("by", by.to_owned().into())];
            (words.with("ask-looked-up", values), words.say("ask-looked-up-meaning"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posting::posting_fixture::{at, by, config, draft, entry, incident};
    use crate::words::{Language, Zone};
    use orszem_records::ledger::Event;
    use orszem_records::statement::Approval;

    fn text(ask: AskKind, of: &str, language: Language) -> String {
        text_of(incident(1), ask, of, language)
    }

    fn text_of(mut incident: Incident, ask: AskKind, of: &str, language: Language) -> String {
        let now = at("2026-03-30T08:05:00Z");
        incident.apply(&entry(now, draft("anna", "We look into it.\nMore at four.")));
        incident.apply(&entry(now, Event::Approved(Approval { by: by("bela"), revision: 1 })));
        let ask = Ask { ask, of: of.into(), whose: "bela".into() };
        let asked = Asked { ask, receiver: Some("bela/sms".into()), try_number: 0 };
        text_of_all(&incident, &[asked], language)
    }

    fn text_of_all(incident: &Incident, all: &[Asked], language: Language) -> String {
        let (config, now) = (config(), at("2026-03-30T08:05:00Z"));
        let (asked, others) = all.split_first().unwrap();
        let words = Words::new(language, Zone::named(Some("Europe/Budapest")));
        let notice = Notice::ask((asked, others), incident, (&config, "https://orszem.example/x".into()), &words, now);
        assert!(notice.message.starts_with(&format!("{}/bela/sms/", incident.id)), "{}", notice.message);
        notice.page.text()
    }

    #[test]
    fn who_is_asked_to_approve_reads_the_text_and_where_to_do_it() {
        let english = text(AskKind::Approve, "1", Language::English);
        assert!(english.starts_with("Acme: please approve the statement\n"), "{english}");
        assert!(english.contains("anna wrote: “We look into it. More at four.”"), "{english}");
        assert!(english.contains("https://orszem.example/x") && !english.contains("everity"), "{english}");
        let hungarian = text(AskKind::ApproveAsDeputy, "1", Language::Hungarian);
        assert!(hungarian.starts_with("Acme: ") && hungarian.contains("jóvá"), "{hungarian}");
    }

    #[test]
    fn who_may_post_reads_until_when_and_an_owner_reads_who_looked_it_up() {
        let may = text(AskKind::MayPost, "1", Language::English);
        assert!(may.contains("until 30 Mar 2026, 14:05"), "{may}");
        let looked_up = text(AskKind::LookedUp, "facebook/anna", Language::English);
        assert!(looked_up.contains("anna looked up where the credential of facebook is kept"), "{looked_up}");
    }

    #[test]
    fn several_things_that_are_due_are_listed_in_one_message() {
        let due = |kind, of: &str| {
            let ask = Ask { ask: kind, of: format!("{of}@1774858500"), whose: "bela".into() };
            Asked { ask, receiver: Some("bela/sms".into()), try_number: 0 }
        };
        let all = |kind| [due(kind, "Call the\u{1b} board."), due(kind, "Pause all posts."), due(kind, "Look again.")];
        let english = text_of_all(&incident(1), &all(AskKind::Due), Language::English);
        assert!(english.starts_with("Acme: 3 things are due now\n"), "{english}");
        assert!(english.contains("1. Call the board. 2. Pause all posts. 3. Look again."), "{english}");
        let hungarian = text_of_all(&incident(1), &all(AskKind::DueElsewhere), Language::Hungarian);
        assert!(hungarian.starts_with("Acme: 3 dolog") && hungarian.contains("2. Pause all posts."), "{hungarian}");
    }

    #[test]
    fn in_a_drill_it_begins_with_the_mark_and_says_that_nothing_happened() {
        let drill = Incident { id: orszem_records::ledger::IncidentId::of_drill("acme", "7f"), ..incident(1) };
        let text = text_of(drill, AskKind::MayPost, "1", Language::Hungarian);
        assert!(text.starts_with("GYAKORLAT: Acme: ") && text.contains("ne tegyen közzé semmit"), "{text}");
    }
}

//! The grab card as a mail.

use orszem_records::time::Timestamp;
use orszem_text::sanitize::line;

use super::plain::{Said, plain};
use super::{Fact, Notice};
use crate::card::Card;
use crate::settings::Config;
use crate::words::Words;

impl Notice {
    /// The grab card by a receiver at `now`. `link` is where it can be printed.
    pub fn card(
        receiver: &str,
        (card, config): (&Card<'_>, &Config),
        link: String,
        words: &Words,
        now: Timestamp,
    ) -> Notice {
        let said = Said {
            title: words.say("card"),
            headline: words.with("card-headline", [("at", words.moment(now).into())]),
            meaning: words.say("card-meaning"),
        };
        let mut notice = plain(&format!("card.{}", now.0.div_euclid(1000)), receiver, (said, link), words, now);
        notice.page.facts = facts(card, config, words);
        notice
    }
}

fn facts(card: &Card<'_>, config: &Config, words: &Words) -> Vec<Fact> {
    let shown = |name: &str| config.person(name).map_or(name, |person| person.shown()).to_owned();
    let rotations = card.rotations.iter().map(|(title, shifts)| {
        let shifts = shifts.iter().map(|shift| format!("{} {}", shown(&shift.person), words.moment(shift.from)));
        ((*title).to_owned(), shifts.collect::<Vec<_>>().join("; "))
    });
    let people = card.people.iter().map(|(person, ways)| {
        let ways = ways.iter().map(|(receiver, to)| format!("{receiver} {}", to.unwrap_or_default()).trim().to_owned());
        let all: Vec<String> = person.phone.iter().cloned().chain(ways).collect();
        (person.shown().to_owned(), all.join("; "))
    });
    let accounts = card.accounts.iter().map(|(account, administrators)| {
        let who: Vec<String> = administrators.iter().map(|name| shown(name)).collect();
        let more = account.emergency.iter().map(|emergency| format!("; {emergency}")).collect::<String>();
        (account.shown().to_owned(), format!("{}; {}{more}", account.address, who.join(", ")))
    });
    let statements = card.statements.iter().flat_map(|(statement, texts)| {
        texts.iter().map(|text| (format!("{} ({})", statement.shown(), text.language), text.says.clone()))
    });
    let all = rotations.chain(people).chain(accounts).chain(statements);
    all.map(|(name, value)| Fact { name: line(&name), value: line(&value) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oncall::Roster;
    use crate::posting::posting_fixture::{at, config};

    #[test]
    fn the_mail_says_all_of_it_without_a_network() {
        let config = config();
        let (roster, now) = (Roster::new(&config), at("2026-03-30T10:00:00Z"));
        let card = Card::of(&config, &roster, now);
        let link = "https://orszem.example/card".to_owned();
        let text = Notice::card("mail", (&card, &config), link, &Words::default(), now).page.text();
        for part in [
            "press: csilla",
            "Kovács Anna: sms; mail",
            "facebook: https://facebook.example/acme; Kovács Anna, bela",
            "outage (en): ",
        ] {
            assert!(text.contains(part), "{part:?} is missing in {text}");
        }
        assert!(!text.contains("op://") && text.contains("https://orszem.example/card"), "{text}");
    }
}

//! Access questions: each administrator of an account is asked once a quarter whether they could sign in there today.
//! The answer is the proof, not a date in a file. Who was asked stands on the topic of the team, so that no copy asks
//! again.

use std::collections::BTreeMap;

use orszem_records::team::access::AccessAsked;
use orszem_records::time::Timestamp;

use super::settings::Settings;

/// How long after a question or an answer the next question comes, in ms: 90 days.
const EVERY_MS: i64 = 90 * 24 * 3_600_000;

/// How often it is looked for who is to be asked, in ms: an hour.
const LOOK_MS: i64 = 3_600_000;

/// A severity that all quiet hours hold back that hold back anything.
const MILDEST: u8 = 4;

/// The most people who are asked at once: who is called for an incident meanwhile does not wait for hundreds of mails.
const AT_ONCE: usize = 20;

/// A question to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessQuestion {
    /// What is written of it.
    pub asked: AccessAsked,
    /// The ways to the person that make no alarm of it, as attempts name them, the first first.
    pub ways: Vec<String>,
}

/// Who was asked, who answered, and who is to be asked.
#[derive(Debug, Default)]
pub(super) struct AccessQuestions {
    /// By account and person, when they were last asked or last answered.
    known: BTreeMap<(String, String), Timestamp>,
    /// What is to be asked now.
    due: Vec<AccessQuestion>,
    /// When to look again; `None`: at once.
    next: Option<Timestamp>,
}

impl AccessQuestions {
    /// Somebody was asked, or answered, as the topic says.
    pub(super) fn heard(&mut self, account: &str, person: &str, at: Timestamp) {
        let known = self.known.entry((account.to_owned(), person.to_owned())).or_insert(at);
        *known = at.max(*known);
    }

    /// Forgets all of it: it is read again.
    pub(super) fn forget(&mut self) {
        *self = AccessQuestions::default();
    }

    /// Accounts or people may be otherwise from now on.
    pub(super) fn changed(&mut self) {
        self.next = None;
    }

    /// When to look again; the past where it is to be now.
    pub(super) fn next(&self, settings: &Settings) -> Option<Timestamp> {
        let any = settings.accounts().next().is_some();
        any.then(|| self.next.unwrap_or(Timestamp(i64::MIN)))
    }

    /// What is to be asked, and counts as asked from now on.
    pub(super) fn take(&mut self) -> Vec<AccessQuestion> {
        std::mem::take(&mut self.due)
    }

    /// Finds who is to be asked at `now`.
    pub(super) fn look(&mut self, settings: &Settings, now: Timestamp) {
        if self.next.is_some_and(|next| next > now) {
            return;
        }
        self.next = Some(now.plus(LOOK_MS));
        for account in settings.accounts() {
            for person in &account.administrators {
                let key = (account.name.clone(), person.clone());
                let is_due = self.known.get(&key).is_none_or(|known| now.since(*known) >= EVERY_MS);
                let is_there = settings.roster.is_called(person, now);
                let is_quiet = settings.quiet_until(person, MILDEST, now).is_some();
                let ways = settings.quiet_ways(person);
                if !is_due || !is_there || is_quiet || ways.is_empty() || self.due.len() >= AT_ONCE {
                    continue;
                }
                let (account, whose) = key.clone();
                self.known.insert(key, now);
                self.due.push(AccessQuestion { asked: AccessAsked { account, whose }, ways });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notification::Capabilities;
    use crate::posting::posting_fixture::{at, config};
    use crate::settings::Config;

    fn settings(config: &Config) -> Settings {
        let plain = Capabilities { updates: false, acknowledges: false, keep_firing: None, calls_itself: false };
        let names = config.all_receivers().map(|receiver| (receiver.name().to_owned(), plain));
        Settings::new(config, names.collect())
    }

    fn asked(questions: &mut AccessQuestions, settings: &Settings, now: Timestamp) -> Vec<String> {
        questions.look(settings, now);
        questions.take().into_iter().map(|one| format!("{} {}", one.asked.whose, one.ways[0])).collect()
    }

    #[test]
    fn each_administrator_is_asked_once_a_quarter_after_their_last_answer() {
        let settings = settings(&config());
        let now = at("2026-03-30T10:00:00Z");
        let day = |days: i64| now.plus(days * 24 * 3_600_000);
        let mut questions = AccessQuestions::default();
        assert_eq!(asked(&mut questions, &settings, now), ["anna anna/sms", "bela bela/sms"]);
        questions.heard("facebook", "bela", day(30));
        assert_eq!(asked(&mut questions, &settings, day(89)), [""; 0]);
        assert_eq!(asked(&mut questions, &settings, day(90)), ["anna anna/sms"]);
        assert_eq!(asked(&mut questions, &settings, day(120)), ["bela bela/sms"]);
        let mut next_copy = AccessQuestions::default();
        next_copy.heard("facebook", "anna", day(90));
        next_copy.heard("facebook", "bela", day(120));
        assert_eq!(asked(&mut next_copy, &settings, day(121)), [""; 0]);
    }

    #[test]
    fn who_has_left_or_sleeps_is_not_asked() {
        let mut config = config();
        config.people[0].until = "2026-01-01".parse().ok().map(crate::settings::calendar::Day);
        let hours = "[{ severities = [4], from = \"08:00\", to = \"20:00\" }]";
        config.people[1].quiet_hours =
            toml::from_str::<BTreeMap<String, Vec<crate::settings::QuietHours>>>(&format!("q = {hours}")).unwrap()["q"]
                .clone();
        let settings = settings(&config);
        let mut questions = AccessQuestions::default();
        assert_eq!(asked(&mut questions, &settings, at("2026-03-30T10:00:00Z")), [""; 0]);
        assert_eq!(asked(&mut questions, &settings, at("2026-03-30T19:00:00Z")), ["bela bela/sms"]);
    }
}

//! Look-up messages: the owner of an account is told that somebody looked up where its credential is kept, outside of
//! an incident. Who was told stands on the topic of the team, so that no copy tells them again. `asks` tells of those
//! within an incident.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::team::Record;
use orszem_records::team::look_up::{LookUp, LookUpTold};
use orszem_records::time::Timestamp;

use super::settings::Settings;
use crate::posting::who::people;

/// How long after a look-up its owner is still told, in ms: a week. Quiet hours end before that.
const TOLD_MS: i64 = 7 * 24 * 3_600_000;

/// The severity by which quiet hours hold it back: somebody may be where they must not be.
const REAL: u8 = 2;

/// The same of a drill: all quiet hours that hold back anything hold it back.
const DRILL: u8 = 4;

/// A message to an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUpMessage {
    /// What is written of it.
    pub told: LookUpTold,
    /// What they are told of.
    pub look_up: LookUp,
    /// The ways to the person that make no alarm of it, as attempts name them, the first first. None where nobody can
    /// be reached so.
    pub ways: Vec<String>,
}

/// What was looked up, who was told, and who is to be told.
#[derive(Debug, Default)]
pub(super) struct LookUpMessages {
    /// By the keys of their records.
    look_ups: BTreeMap<String, LookUp>,
    /// By look-up and owner.
    told: BTreeSet<(String, String)>,
    /// What is to be told now.
    due: Vec<LookUpMessage>,
    /// Something changed since it was looked at.
    changed: bool,
    /// When to look again.
    next: Option<Timestamp>,
}

impl LookUpMessages {
    /// Takes in a record of the team, where it tells of a look-up.
    pub(super) fn heard(&mut self, record: &Record) {
        if let Some(look_up) = LookUp::of(record) {
            self.look_ups.insert(record.key(), look_up);
            self.changed = true;
        }
    }

    /// An owner was told, as the topic says.
    pub(super) fn told(&mut self, told: &LookUpTold) {
        self.told.insert((told.of.clone(), told.whose.clone()));
    }

    /// A record was removed from that topic.
    pub(super) fn removed(&mut self, key: &str) {
        self.look_ups.remove(key);
    }

    /// Forgets all of it: it is read again.
    pub(super) fn forget(&mut self) {
        *self = LookUpMessages::default();
    }

    /// Accounts or people may be otherwise from now on.
    pub(super) fn changed(&mut self) {
        self.changed = true;
    }

    /// When to look again; `now`, where something changed.
    pub(super) fn next(&self, now: Timestamp) -> Option<Timestamp> {
        if self.changed && !self.look_ups.is_empty() { Some(now) } else { self.next }
    }

    /// What is to be told, and counts as told from now on.
    pub(super) fn take(&mut self) -> Vec<LookUpMessage> {
        std::mem::take(&mut self.due)
    }

    /// Finds who is to be told at `now`.
    pub(super) fn look(&mut self, settings: &Settings, now: Timestamp) {
        if !std::mem::take(&mut self.changed) && self.next.is_none_or(|next| next > now) {
            return;
        }
        self.next = None;
        let LookUpMessages { look_ups, told, due, next, .. } = self;
        look_ups.retain(|_, look_up| now.since(look_up.at) < TOLD_MS);
        told.retain(|(of, _)| look_ups.contains_key(of));
        for (key, look_up) in look_ups {
            let Some(account) = settings.accounts().find(|account| account.name == look_up.account) else { continue };
            let owners = people(&settings.roster, std::slice::from_ref(&account.owner), look_up.at);
            let severity = if look_up.drill { DRILL } else { REAL };
            for whose in owners.into_iter().filter(|owner| *owner != look_up.whose) {
                let pair = (key.clone(), whose.clone());
                if told.contains(&pair) {
                    continue;
                }
                if let Some(until) = settings.quiet_until(&whose, severity, now) {
                    *next = Some(next.map_or(until, |known| known.min(until)));
                    continue;
                }
                told.insert(pair);
                let ways = settings.quiet_ways(&whose);
                let told = LookUpTold { of: key.clone(), whose };
                due.push(LookUpMessage { told, look_up: look_up.clone(), ways });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notification::Capabilities;
    use crate::posting::posting_fixture::{at, config};
    use crate::settings::{Config, QuietHours};
    use orszem_records::ledger::ByWhom;
    use orszem_records::team::look_up::AccountLookedUp;
    use orszem_records::team::personal_drill::{PersonalDrill, Step};

    /// Monday: Csilla has the rotation that owns the account.
    const NOON: &str = "2026-03-30T10:00:00Z";

    fn settings(config: &Config) -> Settings {
        let plain = Capabilities { updates: false, acknowledges: false, keep_firing: None, calls_itself: false };
        let names = config.all_receivers().map(|receiver| (receiver.name().to_owned(), plain));
        Settings::new(config, names.collect())
    }

    fn looked_up(id: &str, whose: &str) -> Record {
        let looked_up = AccountLookedUp { account: "facebook".into(), whose: whose.into() };
        looked_up.record(id.into(), at(NOON), ByWhom::new(whose, "oidc"))
    }

    fn drilled(whose: &str, steps: &[Step]) -> Record {
        let mut drill = PersonalDrill::begin(whose.into(), 1, "facebook".into(), at(NOON));
        steps.iter().for_each(|step| drill.take(*step, at(NOON)));
        drill.record(at(NOON), ByWhom::new(whose, "oidc"))
    }

    fn told(messages: &mut LookUpMessages, settings: &Settings, now: Timestamp) -> Vec<String> {
        messages.look(settings, now);
        let said = |one: LookUpMessage| {
            format!("{} {} {} {}", one.told.whose, one.look_up.whose, one.look_up.drill, one.ways.join("+"))
        };
        messages.take().into_iter().map(said).collect()
    }

    #[test]
    fn the_owner_of_that_moment_is_told_once_and_not_of_their_own_look_up() {
        let settings = settings(&config());
        let mut messages = LookUpMessages::default();
        messages.heard(&looked_up("1", "anna"));
        messages.heard(&looked_up("2", "csilla"));
        // By the next day Anna has the rotation.
        let tomorrow = at(NOON).plus(24 * 3_600_000);
        assert_eq!(messages.next(tomorrow), Some(tomorrow));
        assert_eq!(told(&mut messages, &settings, tomorrow), ["csilla anna false csilla/sms"]);
        messages.heard(&looked_up("1", "anna"));
        assert_eq!(told(&mut messages, &settings, tomorrow), [""; 0]);
        assert_eq!(messages.next(tomorrow), None);
        let mut next_copy = LookUpMessages::default();
        // What was told may stand before what it is about: a drill is written again with each step.
        next_copy.told(&LookUpTold { of: "account-looked-up/1".into(), whose: "csilla".into() });
        next_copy.heard(&looked_up("1", "anna"));
        assert_eq!(told(&mut next_copy, &settings, tomorrow), [""; 0]);
        let mut late_copy = LookUpMessages::default();
        late_copy.heard(&looked_up("1", "anna"));
        assert_eq!(told(&mut late_copy, &settings, at(NOON).plus(TOLD_MS)), [""; 0], "after a week it is of no use");
    }

    #[test]
    fn in_a_drill_the_owner_is_told_once_that_it_was_one() {
        let settings = settings(&config());
        let mut messages = LookUpMessages::default();
        messages.heard(&drilled("anna", &[]));
        assert_eq!(told(&mut messages, &settings, at(NOON)), [""; 0]);
        messages.heard(&drilled("anna", &[Step::LookedUp]));
        assert_eq!(told(&mut messages, &settings, at(NOON)), ["csilla anna true csilla/sms"]);
        messages.heard(&drilled("anna", &[Step::LookedUp, Step::Read]));
        assert_eq!(told(&mut messages, &settings, at(NOON)), [""; 0]);
    }

    #[test]
    fn quiet_hours_hold_back_that_of_a_drill_and_the_other_where_they_hold_back_severity_2() {
        let mut config = config();
        let hours = |severities: &str| -> Vec<QuietHours> {
            let text = format!("q = [{{ severities = {severities}, from = \"08:00\", to = \"20:00\" }}]");
            toml::from_str::<BTreeMap<String, Vec<QuietHours>>>(&text).unwrap().remove("q").unwrap()
        };
        let mut look = |severities: &str| {
            config.people[2].quiet_hours = hours(severities);
            let settings = settings(&config);
            let mut messages = LookUpMessages::default();
            messages.heard(&looked_up("1", "anna"));
            messages.heard(&drilled("bela", &[Step::LookedUp]));
            let at_once = told(&mut messages, &settings, at(NOON)).len();
            let next = messages.next(at(NOON)).unwrap();
            (at_once, told(&mut messages, &settings, next).len())
        };
        assert_eq!(look("[3, 4]"), (1, 1));
        assert_eq!(look("[2, 3, 4]"), (0, 2));
    }

    #[test]
    fn where_the_owner_has_no_way_the_message_has_none_and_an_account_that_is_gone_has_no_owner() {
        let mut config = config();
        config.people[2].ways.clear();
        let mut messages = LookUpMessages::default();
        messages.heard(&looked_up("1", "anna"));
        assert_eq!(told(&mut messages, &settings(&config), at(NOON)), ["csilla anna false "]);
        config.accounts.clear();
        messages.heard(&looked_up("2", "anna"));
        assert_eq!(told(&mut messages, &settings(&config), at(NOON)), [""; 0]);
    }
}

//! What people changed for the team, as its topic tells it, held in memory: who is on call, what is silenced, and who
//! was signed out everywhere, and who looked up the credential of an account.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch;

use orszem_core::oncall::Roster;
use orszem_core::readiness::Proofs;
use orszem_core::routing::silence::Silences;
use orszem_core::settings::Config;
use orszem_records::team::look_up::LookUp;
use orszem_records::team::{Change, Record};
use orszem_records::time::Timestamp;

/// The fold of the team's topic that pages and API read from.
#[derive(Debug)]
pub struct TeamView {
    kept: RwLock<Kept>,
    /// The offset of the newest record that was read; -1 before the first.
    read: watch::Sender<i64>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The configuration that the roster goes by.
    config: Option<Arc<Config>>,
    roster: Arc<Roster>,
    silences: Arc<Silences>,
    /// By person or account, until when sessions are over.
    signed_out: BTreeMap<String, Timestamp>,
    /// By calendar, when it got a new address.
    renewed: BTreeMap<String, Timestamp>,
    /// By way (`anna/mail`), the address that was answered from, and when.
    confirmed: BTreeMap<String, (Option<String>, Timestamp)>,
    /// What is proven of the readiness of the team.
    proofs: Arc<Proofs>,
    /// By the keys of their records, who looked up where the credential of an account is kept.
    look_ups: BTreeMap<String, LookUp>,
}

impl Default for TeamView {
    fn default() -> TeamView {
        TeamView { kept: RwLock::default(), read: watch::Sender::new(-1) }
    }
}

impl TeamView {
    /// Adds the next record of the topic: its offset, its key, its value where it was not removed.
    ///
    /// # Errors
    /// Why it cannot be read. It then changes nothing.
    pub fn apply(&self, offset: i64, key: &[u8], value: Option<&[u8]>) -> Result<(), String> {
        let applied = match value.map(Record::from_json) {
            Some(Ok(record)) => self.write(|kept| kept.add(&record)),
            Some(Err(fault)) => Err(fault.to_string()),
            None => {
                self.write(|kept| kept.forget(&String::from_utf8_lossy(key)));
                Ok(())
            }
        };
        self.read.send_modify(|read| *read = offset.max(*read));
        applied
    }

    /// Who is on call, by a configuration and what people changed.
    pub fn roster(&self, config: &Arc<Config>) -> Arc<Roster> {
        let is_same = |kept: &Kept| kept.config.as_ref().is_some_and(|known| Arc::ptr_eq(known, config));
        {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            if is_same(&kept) {
                return Arc::clone(&kept.roster);
            }
        }
        self.write(|kept| {
            if !is_same(kept) {
                Arc::make_mut(&mut kept.roster).configure(config);
                kept.config = Some(Arc::clone(config));
            }
            Arc::clone(&kept.roster)
        })
    }

    /// The silences that people made.
    pub fn silences(&self) -> Arc<Silences> {
        Arc::clone(&self.kept.read().unwrap_or_else(PoisonError::into_inner).silences)
    }

    /// Up to when sessions of a person or an account are over, where somebody ended them.
    pub fn signed_out(&self, who: &str) -> Option<Timestamp> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).signed_out.get(who).copied()
    }

    /// When a calendar (`person/anna`) last got a new address, where it did.
    pub fn renewed(&self, calendar: &str) -> Option<Timestamp> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).renewed.get(calendar).copied()
    }

    /// The address of a way (`anna/mail`) when a message by it was last answered, and when that was.
    pub fn confirmed(&self, way: &str) -> Option<(Option<String>, Timestamp)> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).confirmed.get(way).cloned()
    }

    /// What is proven of the readiness of the team.
    pub fn proofs(&self) -> Arc<Proofs> {
        Arc::clone(&self.kept.read().unwrap_or_else(PoisonError::into_inner).proofs)
    }

    /// Who looked up where the credential of an account is kept, outside of incidents, the newest first.
    pub fn look_ups(&self, account: &str) -> Vec<LookUp> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let of_account = kept.look_ups.values().filter(|look_up| look_up.account == account);
        let mut look_ups: Vec<LookUp> = of_account.cloned().collect();
        look_ups.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.whose.cmp(&b.whose)));
        look_ups
    }

    /// Waits until the record at this offset was read, for at most `time`; says whether it was.
    pub(crate) async fn wait_for(&self, offset: i64, time: Duration) -> bool {
        let mut read = self.read.subscribe();
        tokio::time::timeout(time, read.wait_for(|read| *read >= offset)).await.is_ok()
    }

    fn write<T>(&self, change: impl FnOnce(&mut Kept) -> T) -> T {
        change(&mut self.kept.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Kept {
    fn add(&mut self, record: &Record) -> Result<(), String> {
        Arc::make_mut(&mut self.proofs).add(record);
        match &record.change {
            Change::SignOut(sign_out) => {
                let until = self.signed_out.entry(sign_out.who.clone()).or_insert(sign_out.until);
                *until = sign_out.until.max(*until);
                return Ok(());
            }
            Change::CalendarRenewed(renewed) => {
                self.renewed.insert(renewed.calendar.clone(), record.at);
                return Ok(());
            }
            Change::WayConfirmed(way) => {
                self.confirmed.insert(record.id.clone(), (way.address.clone(), record.at));
                return Ok(());
            }
            Change::PersonalDrill(_) | Change::AccountLookedUp(_) => {
                let look_up = LookUp::of(record);
                self.look_ups.extend(look_up.map(|look_up| (record.key(), look_up)));
                return Ok(());
            }
            Change::ReceiverTested(_) | Change::LookUpTold(_) => return Ok(()),
            _ => {}
        }
        if let Some(silence) = record.silence() {
            return Arc::make_mut(&mut self.silences).put(silence);
        }
        Arc::make_mut(&mut self.roster).record([record]);
        Ok(())
    }

    fn forget(&mut self, key: &str) {
        Arc::make_mut(&mut self.proofs).forget(key);
        match key.split_once('/') {
            Some(("silence", id)) => Arc::make_mut(&mut self.silences).remove(id),
            Some(("sign-out", who)) => {
                self.signed_out.remove(who);
            }
            Some(("way-confirmed", way)) => {
                self.confirmed.remove(way);
            }
            Some(("calendar-renewed", calendar)) => {
                self.renewed.remove(calendar);
            }
            Some(("personal-drill" | "account-looked-up", _)) => drop(self.look_ups.remove(key)),
            _ => Arc::make_mut(&mut self.roster).forget(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::ledger::ByWhom;
    use orszem_records::team::look_up::AccountLookedUp;
    use orszem_records::team::personal_drill::{PersonalDrill, Step};
    use orszem_records::team::sign_out::SignOut;

    const CONFIG: &str = r#"
        [[person]]
        name = "anna"
        [[person]]
        name = "bela"
        [[rotation]]
        name = "press"
        time_zone = "UTC"
        [[rotation.layer]]
        shift = "daily"
        stretch = [{ from = "2026-06-01 00:00", members = ["anna"] }]
    "#;

    #[test]
    fn records_and_their_removal_change_who_is_on_call_and_a_new_configuration_keeps_them() {
        let view = TeamView::default();
        let config = Arc::new(toml::from_str::<Config>(CONFIG).unwrap());
        let over = br#"{"id":"1","at":1780358400000,"by":"anna","via":"page","change":"override","rotation":"press","from":1780394400000,"to":1780408800000,"kind":"replace","people":["bela"],"instead_of":["anna"]}"#;
        let on_call = |config: &Arc<Config>| view.roster(config).on_call("press", Timestamp(1_780_394_400_000));
        assert_eq!(on_call(&config), ["anna"]);
        view.apply(0, b"override/1", Some(over)).unwrap();
        assert_eq!(on_call(&config), ["bela"]);
        assert_eq!(on_call(&Arc::new((*config).clone())), ["bela"]);
        assert!(view.apply(1, b"later/1", Some(b"{}")).is_err());
        view.apply(2, b"override/1", None).unwrap();
        assert_eq!((on_call(&config), *view.read.borrow()), (vec!["anna".to_owned()], 2));
    }

    #[test]
    fn look_ups_of_an_account_are_listed_the_newest_first_until_they_are_removed() {
        let view = TeamView::default();
        let put = |record: &Record| view.apply(0, record.key().as_bytes(), Some(&record.to_json())).unwrap();
        let anna = || ByWhom::new("Anna", "oidc");
        let looked_up = AccountLookedUp { account: "facebook".into(), whose: "anna".into() };
        put(&looked_up.record("1".into(), Timestamp(1_000), anna()));
        let mut drill = PersonalDrill::begin("anna".into(), 1, "facebook".into(), Timestamp(2_000));
        put(&drill.clone().record(Timestamp(2_000), anna()));
        assert_eq!(view.look_ups("facebook").len(), 1, "that of the drill is to come");
        drill.take(Step::LookedUp, Timestamp(3_000));
        put(&drill.record(Timestamp(3_000), anna()));
        let found: Vec<(Timestamp, bool)> =
            view.look_ups("facebook").iter().map(|look_up| (look_up.at, look_up.drill)).collect();
        assert_eq!(
            (found, view.look_ups("tiktok")),
            (vec![(Timestamp(3_000), true), (Timestamp(1_000), false)], vec![])
        );
        view.apply(1, b"personal-drill/anna/1", None).unwrap();
        view.apply(2, b"account-looked-up/1", None).unwrap();
        assert_eq!((view.look_ups("facebook"), view.proofs().personal_drills("anna").count()), (vec![], 0));
    }

    #[test]
    fn of_two_sign_outs_the_later_counts_whichever_comes_first() {
        let view = TeamView::default();
        for at in [5, 3] {
            let record = SignOut::record("anna", Timestamp(at), ByWhom::new("Béla", "api"));
            view.apply(0, record.key().as_bytes(), Some(&record.to_json())).unwrap();
        }
        assert_eq!((view.signed_out("anna"), view.signed_out("bela")), (Some(Timestamp(5)), None));
        view.apply(1, b"sign-out/anna", None).unwrap();
        assert_eq!(view.signed_out("anna"), None);
    }
}

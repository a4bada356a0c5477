//! What is on the topic of the team, and what is to be done for the team: no part of an incident.

use orszem_records::team::card_mailed::CardMailed;
use orszem_records::team::{Change, Record};
use orszem_records::time::Timestamp;

use super::super::access_questions::AccessQuestion;
use super::super::drills::{DrillWork, Drills};
use super::super::look_up_messages::LookUpMessage;
use super::super::old_records::OldRecords;
use super::super::shift_messages::ShiftMessage;
use super::Core;
use crate::routing::silence::Silences;

impl Core {
    /// What people are to be told of their shifts, as the last `decide` found. It counts as told from then on: the
    /// caller keeps it until what is written of it is committed.
    pub fn shift_messages(&mut self) -> Vec<ShiftMessage> {
        self.shift_messages.take()
    }

    /// Who is to be asked whether they can sign in to an account, as the last `decide` found. They count as asked from
    /// then on: the caller keeps it until what is written of it is committed.
    pub fn access_questions(&mut self) -> Vec<AccessQuestion> {
        self.access_questions.take()
    }

    /// Which owners are to be told that somebody looked up where the credential of their account is kept, as the last
    /// `decide` found. They count as told from then on: the caller keeps it until what is written of it is committed.
    pub fn look_up_messages(&mut self) -> Vec<LookUpMessage> {
        self.look_up_messages.take()
    }

    /// By which receivers the grab card is to be mailed, as the last `decide` found. It counts as mailed from then on:
    /// the caller keeps it until what is written of it is committed.
    pub fn card_mails(&mut self) -> Vec<CardMailed> {
        self.card_mails.take()
    }

    /// What is to be done for drills, as the last `decide` found. It counts as done from then on: the caller keeps the
    /// messages until what is written is committed.
    pub fn drill_work(&mut self) -> DrillWork {
        self.drills.take()
    }

    /// Folds the next record of the topic of the team: what people changed for all incidents.
    ///
    /// # Errors
    /// What is wrong with the matcher of a silence; it then holds nothing.
    pub fn team(&mut self, record: &Record) -> Result<(), String> {
        let put = match record.silence() {
            Some(silence) => self.quiet.silences.put(silence),
            None => Ok(()),
        };
        match &record.change {
            Change::ShiftTold(told) => self.shift_messages.told(told),
            Change::CardMailed(mailed) => self.card_mails.mailed(mailed, record.at),
            Change::AccessAsked(asked) => self.access_questions.heard(&asked.account, &asked.whose, record.at),
            Change::AccessAnswered(answered) => {
                self.access_questions.heard(&answered.account, &answered.whose, record.at);
            }
            // Changes nothing of who is called.
            Change::ReceiverTested(_) => {}
            Change::AccountLookedUp(_) | Change::PersonalDrill(_) => self.look_up_messages.heard(record),
            Change::LookUpTold(told) => self.look_up_messages.told(told),
            _ if self.drills.record(record) => {}
            _ => {
                self.settings.roster.record([record]);
                self.shift_messages.changed();
                self.drills.changed();
                self.changed_for_all = true;
            }
        }
        self.old_records.read(record);
        put
    }

    /// Forgets a record of that topic, by its key.
    pub fn forget_record(&mut self, key: &str) {
        self.settings.roster.forget(key);
        self.old_records.removed(key);
        self.drills.removed(key);
        self.drills.changed();
        self.look_up_messages.removed(key);
        self.shift_messages.changed();
        if let Some(id) = key.strip_prefix("shift-told/") {
            self.shift_messages.removed(id);
        }
        self.changed_for_all = true;
        if let Some(id) = key.strip_prefix("silence/") {
            self.quiet.silences.remove(id);
        }
    }

    /// Forgets all of them: they are read again.
    pub fn forget_team(&mut self) {
        self.settings.forget_changes();
        self.quiet.silences = Silences::default();
        self.shift_messages.forget();
        self.access_questions.forget();
        self.look_up_messages.forget();
        self.card_mails.forget();
        self.drills = Drills::default();
        self.old_records = OldRecords::default();
    }

    /// The keys of records of that topic that are to be removed from it at `now`, since they have long been over. Looks
    /// once an hour.
    pub fn old_records(&mut self, now: Timestamp) -> Vec<String> {
        self.old_records.due(now)
    }
}

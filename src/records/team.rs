//! What people change for the whole team, on the topic `orszem.team`: who stands in for whom on call, what nobody is
//! called for, who was signed out.
//!
//! The topic is compacted by [`Record::key`]: of records with one key the newest stays. A record that takes back
//! another has a key of its own and names the other, so that both stay until they are removed together.
//!
//! A record of another kind is a variant of [`Change`]: a struct with its fields, none of them called `id`, `at`, `by`,
//! `via`, `through`, `person` or `change`, which stand beside them; and its name in [`Change::name`], which its key
//! begins with.

pub mod access;
pub mod calendar;
pub mod card_mailed;
pub mod drill;
pub mod look_up;
pub mod personal_drill;
pub mod receiver_test;
pub mod shift_told;
pub mod shifts;
pub mod sign_out;
pub mod silence;
pub mod way;

use serde::{Deserialize, Serialize};

use self::access::{AccessAnswered, AccessAsked};
use self::calendar::CalendarRenewed;
use self::card_mailed::CardMailed;
use self::drill::{DrillAnnounced, DrillScheduled, DrillStarted, DrillTaken};
use self::look_up::{AccountLookedUp, LookUpTold};
use self::personal_drill::PersonalDrill;
use self::receiver_test::ReceiverTested;
use self::shift_told::ShiftTold;
use self::shifts::CalendarShifts;
use self::sign_out::SignOut;
use self::silence::{Silence, Terms};
use self::way::WayConfirmed;
use crate::ledger::ByWhom;
use crate::time::Timestamp;

/// One record of `orszem.team`. Written as
/// `{"id":"…","at":1774767600000,"by":"anna","via":"page","change":"override","rotation":"press",…}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its name among the records of its kind, which never changes.
    pub id: String,
    /// When it was made, by the clock of the copy that wrote it.
    pub at: Timestamp,
    /// Who made it.
    #[serde(flatten)]
    pub by: ByWhom,
    /// What it changes.
    #[serde(flatten)]
    pub change: Change,
}

/// What a record changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// Who is on call is otherwise for a while.
    Override(Override),
    /// An override is taken back: from then on it counts for nothing, what it did before stays.
    OverrideCancelled(Of),
    /// Somebody asks others to take a part of their shifts.
    SwapOffered(SwapOffer),
    /// Somebody takes an offer. The first one has it.
    SwapTaken(SwapTaken),
    /// An offer is taken back; where it was taken, the one who offered has the rest again.
    SwapCancelled(Of),
    /// Nobody is called for some incidents for a while. Ended early, it is written again with its end.
    Silence(Box<Terms>),
    /// Sessions of a person are over.
    SignOut(SignOut),
    /// A calendar has a new address.
    CalendarRenewed(CalendarRenewed),
    /// A person answered a message that came by one of their ways.
    WayConfirmed(WayConfirmed),
    /// The shifts of a rotation that has its calendar elsewhere, written by the copy that decides whenever it reads
    /// others there.
    CalendarShifts(CalendarShifts),
    /// A person was told of a shift, by the copy that decides.
    ShiftTold(ShiftTold),
    /// A person is asked whether they can sign in to an account, by the copy that decides.
    AccessAsked(AccessAsked),
    /// The grab card was mailed, by the copy that decides.
    CardMailed(CardMailed),
    /// A person says whether they could.
    AccessAnswered(AccessAnswered),
    /// A receiver was tried.
    ReceiverTested(ReceiverTested),
    /// A drill is to run, once or again and again.
    DrillScheduled(Box<DrillScheduled>),
    /// A drill is taken back: it does not begin any more, and ends where it runs.
    DrillCancelled(Of),
    /// A drill has begun, by the copy that decides.
    DrillStarted(DrillStarted),
    /// A person was told of a drill before it began, by the copy that decides.
    DrillAnnounced(DrillAnnounced),
    /// A person took part in a drill.
    DrillTaken(DrillTaken),
    /// A person's drill of ten minutes, as far as they have come. Written again with each step.
    PersonalDrill(PersonalDrill),
    /// A person looked up where the credential of an account is kept, outside of an incident.
    AccountLookedUp(AccountLookedUp),
    /// The owner of the account was told of that, by the copy that decides.
    LookUpTold(LookUpTold),
}

/// The record that another one is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Of {
    /// Its id.
    pub of: String,
}

/// Who is on call in a rotation is otherwise for a while. A later one covers those before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The rotation's name.
    pub rotation: String,
    /// From when on; not before the record was made.
    pub from: Timestamp,
    /// Until when: at that moment it is over.
    pub to: Timestamp,
    /// What is otherwise.
    #[serde(flatten)]
    pub kind: Kind,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What an override does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// People are on call beside those who are.
    Add {
        /// Their names.
        people: Vec<String>,
    },
    /// People stand in for others.
    Replace {
        /// The names of those who stand in.
        people: Vec<String>,
        /// In whose place, where these are on call; in everybody's where nobody is named.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        instead_of: Vec<String>,
    },
    /// People are not on call.
    Remove {
        /// Their names.
        people: Vec<String>,
    },
    /// A list of shifts takes the place of the rotation, its gaps included.
    Roster {
        /// The shifts.
        shifts: Vec<RosterShift>,
    },
}

/// A shift of a temporary roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterShift {
    /// From when on.
    pub from: Timestamp,
    /// Until when: at that moment it is over.
    pub to: Timestamp,
    /// Who, by name.
    pub people: Vec<String>,
}

/// Somebody asks others to take what they have of a rotation in a span of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapOffer {
    /// The rotation's name.
    pub rotation: String,
    /// Whose shifts. `by` beside it is who wrote the record, and may be somebody else.
    #[serde(rename = "whose")]
    pub person: String,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

/// Somebody takes an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapTaken {
    /// The id of the offer.
    pub of: String,
    /// The name of the person who has it from then on.
    #[serde(rename = "taker")]
    pub person: String,
}

impl Record {
    /// Reads a record as it is on the topic.
    ///
    /// # Errors
    /// When the bytes are no record of a kind that this version knows.
    pub fn from_json(json: &[u8]) -> serde_json::Result<Record> {
        serde_json::from_slice(json)
    }

    /// The record as it is on the topic.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_else(|fault| unreachable!("a record is always JSON: {fault}"))
    }

    /// The silence that it is, where it is one.
    pub fn silence(&self) -> Option<Silence> {
        let Change::Silence(terms) = &self.change else { return None };
        let (id, made_at, owner, terms) = (self.id.clone(), self.at, self.by.clone(), (**terms).clone());
        Some(Silence { id, made_at, owner, terms })
    }

    /// When what it says is over; `None` where it holds until there is a newer one, and where it is about another.
    pub fn over_at(&self) -> Option<Timestamp> {
        match &self.change {
            Change::Override(over) => Some(over.to),
            Change::SwapOffered(offer) => Some(offer.to),
            Change::Silence(_) => self.silence().map(|silence| silence.over_at()),
            Change::DrillScheduled(drill) => Some(drill.over_at()),
            Change::PersonalDrill(drill) => Some(drill.over_at()),
            Change::AccountLookedUp(_) => Some(self.at.plus(look_up::SHOWN_MS)),
            Change::OverrideCancelled(_)
            | Change::SwapTaken(_)
            | Change::SwapCancelled(_)
            | Change::SignOut(_)
            | Change::CalendarRenewed(_)
            | Change::WayConfirmed(_)
            | Change::CalendarShifts(_)
            | Change::ShiftTold(_)
            | Change::AccessAsked(_)
            | Change::CardMailed(_)
            | Change::AccessAnswered(_)
            | Change::ReceiverTested(_)
            | Change::DrillCancelled(_)
            | Change::DrillStarted(_)
            | Change::DrillAnnounced(_)
            | Change::DrillTaken(_)
            | Change::LookUpTold(_) => None,
        }
    }

    /// The key of the record that it is about, where it is about another.
    pub fn about(&self) -> Option<String> {
        match &self.change {
            Change::OverrideCancelled(Of { of }) => Some(format!("override/{of}")),
            Change::SwapTaken(SwapTaken { of, .. }) | Change::SwapCancelled(Of { of }) => {
                Some(format!("swap-offered/{of}"))
            }
            Change::DrillCancelled(Of { of })
            | Change::DrillStarted(DrillStarted { of, .. })
            | Change::DrillAnnounced(DrillAnnounced { of, .. }) => Some(format!("drill-scheduled/{of}")),
            Change::LookUpTold(LookUpTold { of, .. }) => Some(of.clone()),
            _ => None,
        }
    }

    /// The key of its record: `override/7f3a`.
    pub fn key(&self) -> String {
        format!("{}/{}", self.change.name(), self.id)
    }
}

impl Change {
    /// The name of the kind, as it is written.
    pub const fn name(&self) -> &'static str {
        match self {
            Change::Override(_) => "override",
            Change::OverrideCancelled(_) => "override-cancelled",
            Change::SwapOffered(_) => "swap-offered",
            Change::SwapTaken(_) => "swap-taken",
            Change::SwapCancelled(_) => "swap-cancelled",
            Change::Silence(_) => "silence",
            Change::SignOut(_) => "sign-out",
            Change::CalendarRenewed(_) => "calendar-renewed",
            Change::WayConfirmed(_) => "way-confirmed",
            Change::CalendarShifts(_) => "calendar-shifts",
            Change::ShiftTold(_) => "shift-told",
            Change::AccessAsked(_) => "access-asked",
            Change::CardMailed(_) => "card-mailed",
            Change::AccessAnswered(_) => "access-answered",
            Change::ReceiverTested(_) => "receiver-tested",
            Change::DrillScheduled(_) => "drill-scheduled",
            Change::DrillCancelled(_) => "drill-cancelled",
            Change::DrillStarted(_) => "drill-started",
            Change::DrillAnnounced(_) => "drill-announced",
            Change::DrillTaken(_) => "drill-taken",
            Change::PersonalDrill(_) => "personal-drill",
            Change::AccountLookedUp(_) => "account-looked-up",
            Change::LookUpTold(_) => "look-up-told",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_written_flat_and_read_back() {
        let json = r#"{"id":"7f3a","at":1774767600000,"by":"anna","via":"page","change":"override","rotation":"press","from":1774767600000,"to":1774771200000,"kind":"replace","people":["bela"],"instead_of":["anna"],"reason":"dentist"}"#;
        let record = Record::from_json(json.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(record.to_json()).unwrap(), json);
        assert_eq!(record.key(), "override/7f3a");
        assert!(matches!(&record.change, Change::Override(it) if it.rotation == "press"));
    }

    #[test]
    fn each_kind_is_named_in_its_key_as_it_is_written() {
        let of = || Of { of: "1".into() };
        let offer = SwapOffer { rotation: "r".into(), person: "anna".into(), from: Timestamp(0), to: Timestamp(1) };
        let kind = Kind::Roster { shifts: Vec::new() };
        let changed = Override { rotation: "r".into(), from: Timestamp(0), to: Timestamp(1), kind, reason: None };
        for change in [
            Change::Override(changed),
            Change::OverrideCancelled(of()),
            Change::SwapOffered(offer),
            Change::SwapTaken(SwapTaken { of: "1".into(), person: "bela".into() }),
            Change::SwapCancelled(of()),
            Change::CalendarShifts(CalendarShifts::default()),
        ] {
            let record = Record { id: "2".into(), at: Timestamp(3), by: ByWhom::new("anna", "api"), change };
            let json: serde_json::Value = serde_json::from_slice(&record.to_json()).unwrap();
            assert_eq!(record.key(), format!("{}/2", json["change"].as_str().unwrap()));
            assert_eq!(Record::from_json(&record.to_json()).unwrap(), record);
        }
    }
}

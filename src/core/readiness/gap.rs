//! A gap: its kind, and what people read of it.

use orszem_records::time::Timestamp;
use serde::Serialize;

use crate::settings::{Account, Config, Person};
use crate::words::Words;

/// What kind of gap, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapKind {
    /// Nobody is on call for some time in the next 30 days.
    RotationGap,
    /// The newest test of a receiver was refused.
    ReceiverRefused,
    /// A certificate ends in the next 30 days, or has ended.
    CertificateEnds,
    /// A token ends in the next 30 days, or has ended.
    TokenEnds,
    /// The credential of an account ends in the next 30 days, or has ended.
    CredentialEnds,
    /// Somebody has left, and is still named.
    Leaver,
    /// A person never answered a message by a way.
    WayUnconfirmed,
    /// Nobody can be reached of who owns a watch.
    OwnerUnreachable,
    /// An administrator has not shown in the last quarter that they can sign in, or could not.
    AccessUnproven,
    /// An account has one administrator, or none.
    OneAdministrator,
    /// An account has administrators outside alone.
    OutsideOnly,
    /// A text of a statement has run out.
    StatementExpired,
    /// A statement has no valid text in a language.
    StatementMissing,
    /// A watch has no owner.
    WatchWithoutOwner,
    /// No playbook is for a watch.
    WatchWithoutPlaybook,
    /// There was no drill of the team in half a year.
    TeamUndrilled,
    /// Somebody who is called took part in no drill in half a year, and completed none of ten minutes.
    PersonUndrilled,
}

impl GapKind {
    /// All of them, the most urgent first.
    pub const ALL: [GapKind; 17] = [
        GapKind::RotationGap,
        GapKind::ReceiverRefused,
        GapKind::CertificateEnds,
        GapKind::TokenEnds,
        GapKind::CredentialEnds,
        GapKind::Leaver,
        GapKind::WayUnconfirmed,
        GapKind::OwnerUnreachable,
        GapKind::AccessUnproven,
        GapKind::OneAdministrator,
        GapKind::OutsideOnly,
        GapKind::StatementExpired,
        GapKind::StatementMissing,
        GapKind::WatchWithoutOwner,
        GapKind::WatchWithoutPlaybook,
        GapKind::TeamUndrilled,
        GapKind::PersonUndrilled,
    ];

    /// As in JSON, metrics and the texts of the catalogue.
    pub const fn name(self) -> &'static str {
        match self {
            GapKind::OneAdministrator => "one-administrator",
            GapKind::OutsideOnly => "outside-only",
            GapKind::AccessUnproven => "access-unproven",
            GapKind::Leaver => "leaver",
            GapKind::StatementExpired => "statement-expired",
            GapKind::StatementMissing => "statement-missing",
            GapKind::WayUnconfirmed => "way-unconfirmed",
            GapKind::RotationGap => "rotation-gap",
            GapKind::WatchWithoutOwner => "watch-without-owner",
            GapKind::OwnerUnreachable => "owner-unreachable",
            GapKind::WatchWithoutPlaybook => "watch-without-playbook",
            GapKind::ReceiverRefused => "receiver-refused",
            GapKind::CertificateEnds => "certificate-ends",
            GapKind::TokenEnds => "token-ends",
            GapKind::CredentialEnds => "credential-ends",
            GapKind::TeamUndrilled => "team-undrilled",
            GapKind::PersonUndrilled => "person-undrilled",
        }
    }
}

/// The texts of the catalogue for a kind.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    says: &'static str,
    /// What all gaps of the kind are.
    pub title: &'static str,
    /// What closes them.
    pub fix: &'static str,
}

impl GapKind {
    /// The texts of the catalogue.
    pub const fn texts(self) -> Texts {
        match self {
            GapKind::OneAdministrator => Texts {
                says: "gap-one-administrator",
                title: "gap-one-administrator-title",
                fix: "gap-one-administrator-fix",
            },
            GapKind::OutsideOnly => {
                Texts { says: "gap-outside-only", title: "gap-outside-only-title", fix: "gap-outside-only-fix" }
            }
            GapKind::AccessUnproven => Texts {
                says: "gap-access-unproven",
                title: "gap-access-unproven-title",
                fix: "gap-access-unproven-fix",
            },
            GapKind::Leaver => Texts { says: "gap-leaver", title: "gap-leaver-title", fix: "gap-leaver-fix" },
            GapKind::StatementExpired => Texts {
                says: "gap-statement-expired",
                title: "gap-statement-expired-title",
                fix: "gap-statement-expired-fix",
            },
            GapKind::StatementMissing => Texts {
                says: "gap-statement-missing",
                title: "gap-statement-missing-title",
                fix: "gap-statement-missing-fix",
            },
            GapKind::WayUnconfirmed => Texts {
                says: "gap-way-unconfirmed",
                title: "gap-way-unconfirmed-title",
                fix: "gap-way-unconfirmed-fix",
            },
            GapKind::RotationGap => {
                Texts { says: "gap-rotation-gap", title: "gap-rotation-gap-title", fix: "gap-rotation-gap-fix" }
            }
            GapKind::WatchWithoutOwner => Texts {
                says: "gap-watch-without-owner",
                title: "gap-watch-without-owner-title",
                fix: "gap-watch-without-owner-fix",
            },
            GapKind::OwnerUnreachable => Texts {
                says: "gap-owner-unreachable",
                title: "gap-owner-unreachable-title",
                fix: "gap-owner-unreachable-fix",
            },
            GapKind::WatchWithoutPlaybook => Texts {
                says: "gap-watch-without-playbook",
                title: "gap-watch-without-playbook-title",
                fix: "gap-watch-without-playbook-fix",
            },
            GapKind::ReceiverRefused => Texts {
                says: "gap-receiver-refused",
                title: "gap-receiver-refused-title",
                fix: "gap-receiver-refused-fix",
            },
            GapKind::CertificateEnds => Texts {
                says: "gap-certificate-ends",
                title: "gap-certificate-ends-title",
                fix: "gap-certificate-ends-fix",
            },
            GapKind::TokenEnds => {
                Texts { says: "gap-token-ends", title: "gap-token-ends-title", fix: "gap-token-ends-fix" }
            }
            GapKind::CredentialEnds => Texts {
                says: "gap-credential-ends",
                title: "gap-credential-ends-title",
                fix: "gap-credential-ends-fix",
            },
            GapKind::TeamUndrilled => {
                Texts { says: "gap-team-undrilled", title: "gap-team-undrilled-title", fix: "gap-team-undrilled-fix" }
            }
            GapKind::PersonUndrilled => Texts {
                says: "gap-person-undrilled",
                title: "gap-person-undrilled-title",
                fix: "gap-person-undrilled-fix",
            },
        }
    }
}

/// Something that would not work tonight.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Gap {
    /// What kind.
    pub kind: GapKind,
    /// What it is of: an account, a statement, a person, a rotation, a watch, by its name; a setting.
    pub of: String,
    /// What beside that: a person, a language, a way, a rotation, a place, a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// When: since then, or from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Who is to close it: a rotation or a person, by name; who keeps the configuration, where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

impl Gap {
    /// What is not as it should be, in a sentence.
    pub fn says(&self, config: &Config, words: &Words) -> String {
        let shown = |name: &str| {
            let account = config.account(name).map(Account::shown).filter(|_| self.kind != GapKind::Leaver);
            config.person(name).map(Person::shown).or(account).unwrap_or(name).to_owned()
        };
        let what = self.what.as_deref().map(shown).unwrap_or_default();
        let at = self.at.map(|at| words.moment(at)).unwrap_or_default();
        let values = [("of", shown(&self.of).into()), ("what", what.into()), ("at", at.into())];
        words.with(self.kind.texts().says, values)
    }

    /// Who is to close it, in a few words.
    pub fn owner_says(&self, config: &Config, words: &Words) -> String {
        match &self.owner {
            Some(owner) => {
                let shown = config.person(owner).map_or(owner.as_str(), |person| person.shown()).to_owned();
                words.with("readiness-owner", [("owner", shown.into())])
            }
            None => words.say("readiness-keeper"),
        }
    }
}

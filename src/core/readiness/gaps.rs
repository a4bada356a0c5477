//! Finds the gaps.

use std::collections::BTreeSet;

use jiff::civil::Date;
use orszem_records::signal::{Kind, Phase, Signal};
use orszem_records::time::{Timestamp, zone};

use super::ending::{Ending, EndingKind, Life};
use super::gap::{Gap, GapKind};
use super::proofs::Proofs;
use crate::oncall::Roster;
use crate::posting::who::people;
use crate::routing::facts::Facts;
use crate::routing::matcher::Matcher;
use crate::settings::{Account, Config, Person, Statement, Watch};

/// A day, in ms.
const DAY_MS: i64 = 24 * 3_600_000;

/// How far ahead gaps of rotations are looked for, and what ends.
const AHEAD_MS: i64 = 30 * DAY_MS;

/// How long a drill counts, in ms: 180 days.
const DRILL_MS: i64 = 180 * DAY_MS;

/// What the gaps are found by.
#[derive(Clone, Copy, Debug)]
pub struct Known<'k> {
    /// The configuration.
    pub config: &'k Config,
    /// Who is on call.
    pub roster: &'k Roster,
    /// What is proven.
    pub proofs: &'k Proofs,
    /// What ends by itself, of what the configuration names.
    pub endings: &'k [Ending],
    /// Who works here, by the names or accounts of people, where a list was given.
    pub staff: Option<&'k BTreeSet<String>>,
    /// The moment.
    pub now: Timestamp,
}

/// All gaps, the most urgent kind first, then by name.
pub fn gaps(known: &Known<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    rotations(known, &mut gaps);
    known.config.people.iter().for_each(|person| self::person(known, person, &mut gaps));
    known.config.accounts.iter().for_each(|account| self::account(known, account, &mut gaps));
    known.config.statements.iter().for_each(|statement| self::statement(known, statement, &mut gaps));
    known.config.watches.iter().for_each(|watch| self::watch(known, watch, &mut gaps));
    receivers(known, &mut gaps);
    endings(known, &mut gaps);
    drills(known, &mut gaps);
    gaps.sort();
    gaps
}

fn gap(kind: GapKind, of: &str) -> Gap {
    Gap { kind, of: of.to_owned(), what: None, at: None, owner: None }
}

fn rotations(known: &Known<'_>, gaps: &mut Vec<Gap>) {
    for rotation in &known.config.rotations {
        let found = known.roster.gaps(&rotation.name, known.now, known.now.plus(AHEAD_MS));
        if let Some(first) = found.first() {
            gaps.push(Gap { at: Some(first.from), ..gap(GapKind::RotationGap, &rotation.name) });
        }
    }
}

fn receivers(known: &Known<'_>, gaps: &mut Vec<Gap>) {
    for receiver in known.config.all_receivers() {
        if let Some(at) = known.proofs.refused(receiver.name()) {
            gaps.push(Gap { at: Some(at), ..gap(GapKind::ReceiverRefused, receiver.name()) });
        }
    }
}

fn endings(known: &Known<'_>, gaps: &mut Vec<Gap>) {
    for ending in known.endings.iter().filter(|ending| ending.life.is_ending(known.now, AHEAD_MS)) {
        let kind = match ending.what {
            EndingKind::Certificate => GapKind::CertificateEnds,
            EndingKind::Token => GapKind::TokenEnds,
        };
        let (what, at) = (Some(ending.place.clone()), Some(ending.life.to));
        gaps.push(Gap { what, at, ..gap(kind, &ending.setting) });
    }
}

/// Where people are called at all: the team as a whole, and each of them.
fn drills(known: &Known<'_>, gaps: &mut Vec<Gap>) {
    let is_recent = |at: Option<Timestamp>| at.is_some_and(|at| known.now.since(at) < DRILL_MS);
    let called: Vec<&Person> =
        known.config.people.iter().filter(|person| !person.ways.is_empty() && !has_left(known, person)).collect();
    if !called.is_empty() && !is_recent(known.proofs.drill()) {
        gaps.push(Gap { at: known.proofs.drill(), ..gap(GapKind::TeamUndrilled, "") });
    }
    for person in called {
        let at = known.proofs.drilled(&person.name);
        if !is_recent(at) {
            let owner = Some(person.name.clone());
            gaps.push(Gap { at, owner, ..gap(GapKind::PersonUndrilled, &person.name) });
        }
    }
}

fn person(known: &Known<'_>, person: &Person, gaps: &mut Vec<Gap>) {
    if has_left(known, person) {
        for place in named_in(known.config, &person.name) {
            gaps.push(Gap { what: Some(place), ..gap(GapKind::Leaver, &person.name) });
        }
        return;
    }
    for way in &person.ways {
        let name = person.way_name(way);
        if !known.proofs.has_answered(&name, way.to.as_deref()) {
            let (what, owner) = (Some(way.receiver.clone()), Some(person.name.clone()));
            gaps.push(Gap { what, owner, ..gap(GapKind::WayUnconfirmed, &person.name) });
        }
    }
}

/// Whether somebody has left: their last day is over, or they are not among the staff.
fn has_left(known: &Known<'_>, person: &Person) -> bool {
    let is_staff = |staff: &BTreeSet<String>| {
        let names = std::iter::once(&person.name).chain(&person.title).chain(&person.accounts);
        names.into_iter().any(|name| staff.contains(&name.to_lowercase()))
    };
    !known.roster.is_called(&person.name, known.now) || known.staff.is_some_and(|staff| !is_staff(staff))
}

/// Where a person is named whom something depends on: rotations, escalations and accounts.
fn named_in(config: &Config, person: &str) -> Vec<String> {
    let is_named = |names: &[String]| names.iter().any(|name| name == person);
    let rotations = config.rotations.iter().filter(|rotation| {
        let mut stretches = rotation.layers.iter().flat_map(|layer| layer.stretches.last());
        stretches.any(|stretch| stretch.members.iter().any(|slot| slot.names().iter().any(|name| name == person)))
    });
    let escalations =
        config.escalations.iter().filter(|escalation| escalation.steps.iter().any(|step| is_named(&step.people)));
    let accounts =
        config.accounts.iter().filter(|account| is_named(&account.administrators) || account.owner == person);
    let posting = &config.posting;
    let in_posting = is_named(&posting.on_duty)
        || is_named(&posting.deputies)
        || posting.approvers.iter().any(|approver| is_named(&approver.who));
    let posting = in_posting.then_some("[posting]").into_iter();
    let mandates = config.mandates.iter().any(|mandate| is_named(&mandate.who)).then_some("[[mandate]]");
    let watches = config.watches.iter().filter(|watch| watch.owner.as_deref() == Some(person));
    let names = rotations.map(|rotation| &rotation.name).chain(escalations.map(|escalation| &escalation.name));
    let names = names.chain(accounts.map(|account| &account.name)).chain(watches.map(|watch| &watch.name));
    names.map(String::as_str).chain(posting).chain(mandates).map(str::to_owned).collect()
}

fn account(known: &Known<'_>, account: &Account, gaps: &mut Vec<Gap>) {
    let owner = Some(account.owner.clone());
    let there = people(known.roster, &account.administrators, known.now);
    match (there.len(), account.outside_administrators.is_empty()) {
        (0, false) => gaps.push(Gap { owner, ..gap(GapKind::OutsideOnly, &account.name) }),
        (0 | 1, _) => gaps.push(Gap { owner, ..gap(GapKind::OneAdministrator, &account.name) }),
        _ => {}
    }
    if let Some(day) = account.credential_expires {
        let to = end_of(known.config, day.0);
        if (Life { from: None, to }).is_ending(known.now, AHEAD_MS) {
            let (what, owner) = (Some(day.0.to_string()), Some(account.owner.clone()));
            gaps.push(Gap { what, at: Some(to), owner, ..gap(GapKind::CredentialEnds, &account.name) });
        }
    }
    for person in there {
        if !known.proofs.has_access(&account.name, &person, known.now) {
            let at = known.proofs.access(&account.name, &person).map(|(_, at)| at);
            let (what, owner) = (Some(person.clone()), Some(person));
            gaps.push(Gap { what, at, owner, ..gap(GapKind::AccessUnproven, &account.name) });
        }
    }
}

fn statement(known: &Known<'_>, statement: &Statement, gaps: &mut Vec<Gap>) {
    let today = known.config.day(known.now);
    for text in statement.texts.iter().filter(|text| text.until.0 < today) {
        // One that was renewed is no gap.
        if !statement.texts.iter().any(|other| other.language == text.language && other.until.0 >= today) {
            let (what, owner) = (Some(text.language.clone()), Some(text.approved_by.clone()));
            gaps.push(Gap { what, owner, ..gap(GapKind::StatementExpired, &statement.name) });
        }
    }
    for language in &known.config.posting.languages {
        if !statement.texts.iter().any(|text| text.language == *language) {
            let owner = statement.texts.first().map(|text| text.approved_by.clone());
            let what = Some(language.clone());
            gaps.push(Gap { what, owner, ..gap(GapKind::StatementMissing, &statement.name) });
        }
    }
}

fn watch(known: &Known<'_>, watch: &Watch, gaps: &mut Vec<Gap>) {
    let config = known.config;
    match &watch.owner {
        // Where no watch has one, owners are not used.
        None if config.watches.iter().any(|watch| watch.owner.is_some()) => {
            gaps.push(gap(GapKind::WatchWithoutOwner, &watch.name));
        }
        None => {}
        Some(owner) => {
            let there = people(known.roster, std::slice::from_ref(owner), known.now);
            let has_way = |name: &String| config.person(name).is_some_and(|person| !person.ways.is_empty());
            if !there.iter().any(has_way) {
                let owner = Some(owner.clone());
                gaps.push(Gap { owner, ..gap(GapKind::OwnerUnreachable, &watch.name) });
            }
        }
    }
    // Where there are no playbooks, they are not used.
    if !config.playbooks.is_empty() && !has_playbook(config, watch) {
        let owner = watch.owner.clone();
        gaps.push(Gap { owner, ..gap(GapKind::WatchWithoutPlaybook, &watch.name) });
    }
}

/// Whether some playbook is for the worst incident of a watch, whatever drives it.
fn has_playbook(config: &Config, watch: &Watch) -> bool {
    let mut signal = Signal::plain(Phase::Opened, Kind::Negativity, Timestamp(0));
    signal.desk = watch.desk;
    let facts = Facts::of_watch(Some(watch), watch.key(), &signal, 1);
    let is_for = |matcher| Matcher::new(matcher).is_ok_and(|matcher| matcher.matches(&facts));
    config.playbooks.iter().any(|playbook| is_for(&playbook.matcher))
}

/// The end of a day by the clock of the installation.
fn end_of(config: &Config, day: Date) -> Timestamp {
    let next = day.tomorrow().ok().and_then(|next| next.to_zoned(zone::named(Some(config.time_zone()))).ok());
    next.map_or(Timestamp(i64::MAX), |next| Timestamp(next.timestamp().as_millisecond()))
}

#[cfg(test)]
#[path = "gaps_tests.rs"]
mod tests;

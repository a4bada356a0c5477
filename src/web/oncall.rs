//! Overrides and swaps that people make, for pages and API alike.

use std::sync::Arc;

use orszem_core::oncall::request::{Request, RequestFault};
use orszem_core::oncall::{Doubt, LocalClock, Preview, Roster};
use orszem_core::settings::calendar::Moment;
use orszem_records::ledger::ByWhom;
use orszem_records::team::{Change, Of, Record, SwapTaken};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::ports::SinkError;
use crate::team_changes;

/// Why nothing was changed.
#[derive(Debug)]
pub(crate) enum NotChanged {
    /// What is wrong with what was asked for.
    Faults(Vec<RequestFault>),
    /// Nothing has this id.
    Unknown,
    /// It is over, somebody took it back, or somebody has the offer already.
    Past,
    /// The topic did not take it.
    Sink(SinkError),
}

/// The roster of now.
pub(crate) fn roster(app: &AppState) -> Arc<Roster> {
    app.team.roster(&app.config.load())
}

/// Writes an override or an offer; gives its id.
pub(crate) async fn ask(app: &AppState, asked: &Request, by: ByWhom) -> Result<String, NotChanged> {
    let change = asked.read(&app.config.load(), clock::now()).map_err(NotChanged::Faults)?;
    team_changes::change(app, change, by).await.map_err(NotChanged::Sink)
}

/// Somebody takes an offer. The first in the topic has it: says whether it was they.
pub(crate) async fn take(app: &AppState, of: &str, person: &str, by: ByWhom) -> Result<bool, NotChanged> {
    let config = app.config.load();
    let roster = app.team.roster(&config);
    let now = clock::now();
    let made = roster.made();
    let offer = made.iter().find(|one| one.record.id == of && matches!(one.record.change, Change::SwapOffered(_)));
    let offer = offer.ok_or(NotChanged::Unknown)?;
    if config.person(person).is_none() {
        return Err(NotChanged::Faults(vec![RequestFault::Person(person.to_owned())]));
    }
    if !roster.is_called(person, offer.span().1.plus(-1)) {
        return Err(NotChanged::Faults(vec![RequestFault::Left(person.to_owned())]));
    }
    if !offer.is_open(now) {
        return Err(NotChanged::Past);
    }
    let taken = Change::SwapTaken(SwapTaken { of: of.to_owned(), person: person.to_owned() });
    let id = team_changes::change(app, taken, by).await.map_err(NotChanged::Sink)?;
    let roster = app.team.roster(&config);
    let made = roster.made();
    let taken = made.iter().find(|one| one.record.id == of).and_then(|one| one.taken);
    Ok(taken.is_none_or(|record| record.id == id))
}

/// Takes back an override or an offer.
pub(crate) async fn cancel(app: &AppState, id: &str, by: ByWhom) -> Result<(), NotChanged> {
    let roster = roster(app);
    let made = roster.made();
    let one = made.iter().find(|one| one.record.id == id).ok_or(NotChanged::Unknown)?;
    if !one.stands(clock::now()) {
        return Err(NotChanged::Past);
    }
    let of = Of { of: id.to_owned() };
    let change = match one.record.change {
        Change::SwapOffered(_) => Change::SwapCancelled(of),
        _ => Change::OverrideCancelled(of),
    };
    team_changes::change(app, change, by).await.map_err(NotChanged::Sink)?;
    Ok(())
}

/// What an override does that was made: who is on call instead, and where nobody is.
pub(crate) fn effect(roster: &Roster, record: &Record) -> Option<Preview> {
    let mut without = roster.clone();
    without.forget(&record.key());
    without.preview(record)
}

/// The instant of a time that somebody wrote, by the clock of a rotation where it names no offset; and what is odd
/// about it.
pub(crate) fn instant(clock: Option<&LocalClock>, text: &str) -> Option<(Timestamp, Option<Doubt>)> {
    match Moment::parse(text.trim())? {
        Moment::Instant(at) => Some((at, None)),
        Moment::Local(local) => {
            let placed = clock?.placed(local);
            Some((placed.at, placed.doubt))
        }
    }
}

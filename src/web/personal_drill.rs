//! The drill of ten minutes of a person: beginning one, and its steps.

use orszem_core::drill::account_to_find;
use orszem_records::ledger::ByWhom;
use orszem_records::team::access::AccessAnswered;
use orszem_records::team::personal_drill::{PersonalDrill, Step};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::accounts::{NotDone, person};
use crate::app::AppState;
use crate::team_changes;

/// What a person does in their drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DrillAction {
    /// They look up where the credential of this account is kept, in the drill of this number.
    LookUp { account: String, number: u32 },
    /// They say whether they could sign in.
    SignIn { could: bool },
    /// They have read how to post.
    Read,
}

/// The drill in which a person can do steps at `now`.
pub(crate) fn open(app: &AppState, person: &str, now: Timestamp) -> Option<PersonalDrill> {
    app.team.proofs().personal_drills(person).next().filter(|newest| newest.is_open(now)).cloned()
}

/// A drill of the person begins, unless the ten minutes of one run.
pub(crate) async fn start(app: &AppState, by: ByWhom) -> Result<(), NotDone> {
    let (config, now) = (app.config.load(), clock::now());
    let whose = person(&config, &by)?;
    if open(app, &whose, now).is_some_and(|drill| now <= drill.until()) {
        return Ok(());
    }
    let (roster, proofs) = (app.team.roster(&config), app.team.proofs());
    let account = account_to_find(&config, &roster, &proofs, &whose, now).ok_or(NotDone::NoAccount)?;
    let number = proofs.personal_drills(&whose).next().map_or(1, |newest| newest.number.saturating_add(1));
    let drill = PersonalDrill::begin(whose, number, account.name.clone(), now);
    team_changes::write(app, drill.record(now, by)).await.map_err(NotDone::NotWritten)
}

/// A person does a step of their drill; says whether that completed it. One that is not to be done now changes nothing:
/// it was done before, the account is another, or the credential is not looked up yet.
pub(crate) async fn step(app: &AppState, action: &DrillAction, by: ByWhom) -> Result<bool, NotDone> {
    let (config, now) = (app.config.load(), clock::now());
    let whose = person(&config, &by)?;
    let Some(mut drill) = open(app, &whose, now) else { return Ok(false) };
    let is_found = drill.steps.contains_key(&Step::LookedUp);
    let step = match action {
        DrillAction::LookUp { account, number } if *account == drill.account && *number == drill.number => {
            Step::LookedUp
        }
        DrillAction::SignIn { .. } if is_found => Step::SignedIn,
        DrillAction::Read if is_found => Step::Read,
        DrillAction::LookUp { .. } | DrillAction::SignIn { .. } | DrillAction::Read => return Ok(false),
    };
    if drill.steps.contains_key(&step) {
        return Ok(false);
    }
    if let DrillAction::SignIn { could } = action {
        // It is what an administrator is asked each quarter.
        let answer = AccessAnswered { account: drill.account.clone(), whose, could: *could };
        team_changes::write(app, answer.record(now, by.clone())).await.map_err(NotDone::NotWritten)?;
        drill.could = Some(*could);
    }
    drill.take(step, now);
    let is_complete = drill.completed().is_some();
    team_changes::write(app, drill.record(now, by)).await.map_err(NotDone::NotWritten)?;
    Ok(is_complete)
}

//! Looking up where the credential of an account is kept, outside of an incident: it is written down, and the owner is
//! told. Within one, `actions` does.

use orszem_core::settings::Config;
use orszem_records::ledger::ByWhom;
use orszem_records::team::look_up::AccountLookedUp;
use orszem_records::time::Timestamp;
use orszem_runtime::{clock, random};

use crate::app::AppState;
use crate::ports::SinkError;
use crate::team_changes;

/// Why nothing was looked up, or no step of a drill done.
#[derive(Debug)]
pub(crate) enum NotDone {
    /// It is not known which person it is.
    WhoIsIt,
    /// There is no account of this name, or none to find.
    NoAccount,
    /// The topic did not take it.
    NotWritten(SinkError),
}

/// A person looks up where the credential of an account is kept. Nothing is written while an earlier look-up of theirs
/// still shows it.
pub(crate) async fn look_up(app: &AppState, account: &str, by: ByWhom) -> Result<(), NotDone> {
    let config = app.config.load();
    let account = config.account(account).ok_or(NotDone::NoAccount)?.name.clone();
    let whose = person(&config, &by)?;
    let now = clock::now();
    if is_shown(app, &account, &whose, now) {
        return Ok(());
    }
    let record = AccountLookedUp { account, whose }.record(random::id(), now, by);
    team_changes::write(app, record).await.map_err(NotDone::NotWritten)
}

/// Whether a person has looked it up so lately, also in a drill of theirs, that it is shown to them.
pub(crate) fn is_shown(app: &AppState, account: &str, person: &str, now: Timestamp) -> bool {
    app.team.look_ups(account).iter().any(|look_up| look_up.whose == person && look_up.is_shown(now))
}

/// The person of the configuration who acts.
pub(crate) fn person(config: &Config, by: &ByWhom) -> Result<String, NotDone> {
    by.person.clone().filter(|name| config.person(name).is_some()).ok_or(NotDone::WhoIsIt)
}

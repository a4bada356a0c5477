//! Whether the administrators of accounts can sign in there: the links by which they answer.

use orszem_core::settings::{Account, Config, Person};
use orszem_records::ledger::ByWhom;
use orszem_records::team::access::AccessAnswered;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::address::percent_encode;
use crate::app::AppState;
use crate::auth::link::Signer;
use crate::limits::LINK;
use crate::ports::SinkError;
use crate::team_changes;

/// How long the question can be answered: a month, in ms. Then it is asked again at the end of the quarter.
const ANSWERED_MS: i64 = 30 * 24 * 3_600_000;

fn signed(account: &str, person: &str, until: i64) -> String {
    format!("{account} {person} {until}")
}

/// The address at which an administrator of an account says whether they could sign in.
pub fn link(signer: &Signer, public_url: &str, (account, person): (&str, &str), now: Timestamp) -> String {
    let until = now.plus(ANSWERED_MS).0.div_euclid(1000);
    let signature = signer.sign("access", &signed(account, person, until));
    let (account, person) = (percent_encode(account), percent_encode(person));
    format!("{public_url}/access/{account}/{person}?until={until}&sig={signature}")
}

/// The account and the person of a link that is genuine and in time.
pub(crate) fn genuine<'c>(
    app: &AppState,
    config: &'c Config,
    (account, person): (&str, &str),
    (until, signature): (i64, &str),
) -> Option<(&'c Account, &'c Person)> {
    let in_time = clock::now().0.div_euclid(1000) < until;
    let is_genuine = in_time && app.links.signer().has_signed("access", &signed(account, person, until), signature);
    let found = config.account(account).zip(config.person(person))?;
    is_genuine.then_some(found)
}

/// The person has answered.
pub(crate) async fn answer(app: &AppState, account: &Account, person: &Person, could: bool) -> Result<(), SinkError> {
    let by = ByWhom { person: Some(person.name.clone()), ..ByWhom::new(person.shown(), LINK) };
    let (account, whose) = (account.name.clone(), person.name.clone());
    team_changes::write(app, AccessAnswered { account, whose, could }.record(clock::now(), by)).await
}

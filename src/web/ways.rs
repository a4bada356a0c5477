//! The ways to people: which of them were answered, and the links that messages which try one carry.

use orszem_core::settings::{Config, Person, Way};
use orszem_records::ledger::ByWhom;
use orszem_records::team::way::WayConfirmed;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::address::percent_encode;
use crate::app::AppState;
use crate::auth::link::Signer;
use crate::limits::LINK;
use crate::ports::SinkError;
use crate::team_changes;

/// How long the link in a message that tries a way can be answered: a week, in ms.
const ANSWERED_MS: i64 = 7 * 24 * 3_600_000;

/// What a link is signed for. With another address it is another way.
fn signed(person: &Person, way: &Way, until: i64) -> String {
    let address = way.to.as_deref().unwrap_or_default();
    format!("{} {} {until} {address}", person.name, way.receiver)
}

/// The address at which a person answers a message that came by a way.
pub fn link(signer: &Signer, public_url: &str, person: &Person, way: &Way, now: Timestamp) -> String {
    let until = now.plus(ANSWERED_MS).0.div_euclid(1000);
    let signature = signer.sign("way", &signed(person, way, until));
    let (name, receiver) = (percent_encode(&person.name), percent_encode(&way.receiver));
    format!("{public_url}/ways/{name}/{receiver}?until={until}&sig={signature}")
}

/// Whether a link is genuine and in time.
pub(crate) fn is_genuine(app: &AppState, person: &Person, way: &Way, until: i64, signature: &str) -> bool {
    let in_time = clock::now().0.div_euclid(1000) < until;
    in_time && app.links.signer().has_signed("way", &signed(person, way, until), signature)
}

/// A person and their way of the configuration.
pub(crate) fn find<'c>(config: &'c Config, person: &str, receiver: &str) -> Option<(&'c Person, &'c Way)> {
    let person = config.person(person)?;
    Some((person, person.ways.iter().find(|way| way.receiver == receiver)?))
}

/// The person has answered.
pub(crate) async fn confirm(app: &AppState, person: &Person, way: &Way) -> Result<(), SinkError> {
    let by = ByWhom { person: Some(person.name.clone()), ..ByWhom::new(person.shown(), LINK) };
    let (whose, receiver, address) = (person.name.clone(), way.receiver.clone(), way.to.clone());
    let record = WayConfirmed { whose, receiver, address }.record(clock::now(), by);
    team_changes::write(app, record).await
}

/// When a person answered a message that came by a way, as it stands in the configuration now.
pub(crate) fn confirmed(app: &AppState, person: &Person, way: &Way) -> Option<Timestamp> {
    let (address, at) = app.team.confirmed(&person.way_name(way))?;
    (address == way.to).then_some(at)
}

//! The drill of ten minutes: which account a person is to find.

use orszem_records::time::Timestamp;

use crate::oncall::Roster;
use crate::readiness::Proofs;
use crate::settings::{Account, Config};

/// How far ahead it is looked for shifts of a person, in ms: 90 days. Within them most have a turn.
const AHEAD_MS: i64 = 90 * 24 * 3_600_000;

/// The account that a person is to find in a drill that begins at `now`: of those that they could have to use the one
/// that they answered for longest ago, or never; of several such the first of the configuration. Where they have none,
/// it is one of all. `None` where there are no accounts.
pub fn account_to_find<'c>(
    config: &'c Config,
    roster: &Roster,
    proofs: &Proofs,
    person: &str,
    now: Timestamp,
) -> Option<&'c Account> {
    let own: Vec<&Account> = config.accounts.iter().filter(|account| is_of(account, roster, person, now)).collect();
    let among = if own.is_empty() { config.accounts.iter().collect() } else { own };
    // Of equals the first one is the least.
    among.into_iter().min_by_key(|account| proofs.access(&account.name, person).map(|(_, at)| at))
}

/// Whether a person could have to use an account: they can sign in there, or answer for it, themselves or by a shift.
fn is_of(account: &Account, roster: &Roster, person: &str, now: Timestamp) -> bool {
    let has_shift =
        || roster.shifts(&account.owner, now, now.plus(AHEAD_MS)).iter().any(|shift| shift.person == person);
    account.owner == person || account.administrators.iter().any(|name| name == person) || has_shift()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posting::posting_fixture::{at, config};
    use orszem_records::ledger::ByWhom;
    use orszem_records::team::Record;
    use orszem_records::team::access::AccessAnswered;

    /// Besides `facebook` (owner: the rotation of Anna and Csilla, administrators Anna and Bela) two accounts of Bela.
    fn with_accounts() -> Config {
        let mut config = config();
        for name in ["website", "tiktok"] {
            let (name, owner, administrators) = (name.to_owned(), "bela".to_owned(), vec!["bela".to_owned()]);
            config.accounts.push(Account { name, owner, administrators, ..Account::default() });
        }
        config
    }

    fn found(config: &Config, person: &str, answered: &[(&str, &str, bool)]) -> Option<String> {
        let record = |(place, (account, whose, could)): (usize, &(&str, &str, bool))| {
            let at = at("2026-03-01T10:00:00Z").plus(i64::try_from(place).unwrap());
            let (account, whose, could) = ((*account).to_owned(), (*whose).to_owned(), *could);
            AccessAnswered { account, whose, could }.record(at, ByWhom::new("x", "oidc"))
        };
        let records: Vec<Record> = answered.iter().enumerate().map(record).collect();
        let (roster, proofs) = (Roster::new(config), Proofs::of(&records));
        let account = account_to_find(config, &roster, &proofs, person, at("2026-03-30T10:00:00Z"));
        account.map(|account| account.name.clone())
    }

    #[test]
    fn it_is_the_account_of_the_person_that_they_answered_for_longest_ago() {
        let config = with_accounts();
        let of_bela = |answered: &[(&str, &str, bool)]| found(&config, "bela", answered).unwrap();
        assert_eq!(of_bela(&[]), "facebook", "the first of the configuration");
        assert_eq!(of_bela(&[("facebook", "bela", true)]), "website", "what was never answered comes first");
        let two = [("facebook", "bela", true), ("tiktok", "bela", true)];
        assert_eq!(of_bela(&two), "website");
        let all = [("website", "bela", false), ("facebook", "bela", true), ("tiktok", "bela", true)];
        assert_eq!(of_bela(&all), "website", "also where they could not sign in");
        assert_eq!(of_bela(&[("facebook", "anna", true)]), "facebook", "what others answered does not matter");
    }

    #[test]
    fn it_is_an_account_that_they_could_have_to_use_and_any_where_they_have_none() {
        let mut config = with_accounts();
        config.accounts.rotate_left(1);
        assert_eq!(found(&config, "csilla", &[]).unwrap(), "facebook", "it is hers by the rotation");
        assert_eq!(found(&config, "anna", &[("facebook", "anna", true)]).unwrap(), "facebook", "her only one");
        assert_eq!(found(&config, "denes", &[]).unwrap(), "website", "he has none: the first of all");
        assert_eq!(found(&config, "denes", &[("website", "denes", true)]).unwrap(), "tiktok");
        config.accounts.clear();
        assert_eq!(found(&config, "anna", &[]), None);
    }
}

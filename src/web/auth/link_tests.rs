//! Links: who signed them, for whom, and for how long they are good.

use super::*;
use orszem_core::settings::Config;
use orszem_runtime::live_config::ConfigPublisher;
use proptest::prelude::*;

const EXPIRY: Timestamp = Timestamp(1_700_000_000_000);

fn signer() -> Signer {
    Signer::new(b"a secret of more than sixteen characters")
}

/// `as`, `until` and `sig` of a link.
fn parts(link: &str) -> (String, i64, String) {
    let url = url::Url::parse(link).unwrap();
    let part = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    (part("as"), part("until").parse().unwrap(), part("sig"))
}

#[test]
fn a_link_lets_its_bearer_act_until_it_expires() {
    let link = signer().link("https://o.example", "acme.3", "slack-crisis", EXPIRY);
    assert!(link.starts_with("https://o.example/incidents/acme.3?as=slack-crisis&until=1700000000&sig="));
    let (bearer, until, sig) = parts(&link);
    let check = |now| signer().verify("acme.3", &bearer, until, &sig, now);
    assert_eq!(check(EXPIRY.plus(-1)), Ok(Bearer("slack-crisis".into())));
    assert_eq!(check(EXPIRY), Err(LinkError::Expired));
}

#[test]
fn a_link_is_good_for_its_own_incident_bearer_time_and_secret_alone() {
    let (bearer, until, sig) = parts(&signer().link("https://o.example", "acme.3", "mail", EXPIRY));
    let now = EXPIRY.plus(-60_000);
    let forged = Err(LinkError::Forged);
    assert_eq!(signer().verify("acme.4", &bearer, until, &sig, now), forged);
    assert_eq!(signer().verify("acme.3", "mail2", until, &sig, now), forged);
    assert_eq!(signer().verify("acme.3", &bearer, until + 1, &sig, now), forged);
    assert_eq!(signer().verify("acme.3", &bearer, until, "", now), forged);
    assert_eq!(signer().verify("acme.3", &bearer, until, &format!("{sig}="), now), forged);
    assert_eq!(Signer::new(b"another secret").verify("acme.3", &bearer, until, &sig, now), forged);
}

#[test]
fn an_expired_forgery_is_a_forgery() {
    let (bearer, until, sig) = parts(&signer().link("https://o.example", "acme.3", "mail", EXPIRY));
    assert_eq!(signer().verify("acme.4", &bearer, until, &sig, EXPIRY.plus(1000)), Err(LinkError::Forged));
}

#[test]
fn text_does_not_move_between_incident_and_bearer() {
    let (_, until, sig) = parts(&signer().link("https://o.example", "a\n1:b", "c", EXPIRY));
    assert_eq!(signer().verify("a", "b\n1:c", until, &sig, EXPIRY.plus(-1)), Err(LinkError::Forged));
}

proptest! {
    #[test]
    fn whatever_the_names_a_link_comes_back_whole(incident in "\\PC{1,40}", bearer in "\\PC{1,40}") {
        let (as_, until, sig) = parts(&signer().link("https://o.example", &incident, &bearer, EXPIRY));
        prop_assert_eq!(&as_, &bearer);
        prop_assert!(signer().verify(&incident, &as_, until, &sig, EXPIRY.plus(-1)).is_ok());
    }

    #[test]
    fn no_changed_byte_of_a_signature_passes(at in 0_usize..43, new in proptest::char::any()) {
        let (bearer, until, sig) = parts(&signer().link("https://o.example", "acme.3", "mail", EXPIRY));
        let mut changed: Vec<char> = sig.chars().collect();
        changed[at] = new;
        let changed: String = changed.into_iter().collect();
        prop_assume!(changed != sig);
        let verdict = signer().verify("acme.3", &bearer, until, &changed, EXPIRY.plus(-1));
        prop_assert_eq!(verdict, Err(LinkError::Forged));
    }
}

#[test]
fn a_reload_signs_with_the_new_secret_and_refuses_links_of_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    let config = || {
        let secret = format!("[web]\nlink_secret = \"file:{}\"\n", path.display());
        toml::from_str::<Config>(&secret).unwrap()
    };
    std::fs::write(&path, "the first secret of all").unwrap();
    let publisher = ConfigPublisher::new(config());
    let links = Links::new(publisher.reader()).unwrap();
    let (bearer, until, sig) = parts(&links.signer().link("https://o.example", "acme.1", "mail", EXPIRY));
    let verdict = || links.signer().verify("acme.1", &bearer, until, &sig, EXPIRY.plus(-1));
    assert!(verdict().is_ok());

    std::fs::write(&path, "another secret, after it").unwrap();
    assert!(verdict().is_ok(), "nothing was reloaded");
    publisher.publish(config());
    assert_eq!(verdict(), Err(LinkError::Forged));

    std::fs::remove_file(&path).unwrap();
    publisher.publish(config());
    assert_eq!(verdict(), Err(LinkError::Forged), "without a secret the newest one counts");
}
#[test]
fn while_two_secrets_are_listed_links_of_both_are_valid_and_the_first_signs() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| format!("file:{}", folder.path().join(name).display());
    std::fs::write(folder.path().join("old"), "the secret that was").unwrap();
    std::fs::write(folder.path().join("new"), "the secret to come").unwrap();
    let listing = |secrets: &str| toml::from_str::<Config>(&format!("[web]\nlink_secret = {secrets}\n")).unwrap();
    let publisher = ConfigPublisher::new(listing(&format!("{:?}", place("old"))));
    let links = Links::new(publisher.reader()).unwrap();
    let made = || parts(&links.signer().link("https://o.example", "acme.1", "mail", EXPIRY));
    let works = |(bearer, until, sig): &(String, i64, String)| {
        links.signer().verify("acme.1", bearer, *until, sig, EXPIRY.plus(-1)).is_ok()
    };
    let of_old = made();

    publisher.publish(listing(&format!("[{:?}, {:?}]", place("new"), place("old"))));
    let of_both = made();
    assert_ne!(of_both, of_old, "the first of the list signs");
    assert!(works(&of_old) && works(&of_both));

    publisher.publish(listing(&format!("{:?}", place("new"))));
    assert_eq!(made(), of_both);
    assert!(works(&of_both) && !works(&of_old), "right after its secret is gone, a link is worth nothing");
}

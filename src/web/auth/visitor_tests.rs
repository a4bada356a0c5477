//! Who somebody is, what they may do, and whose forms are theirs.

use super::*;

fn config() -> Config {
    toml::from_str(
        "[[person]]\nname = \"anna\"\ntitle = \"Kovács Anna\"\naccounts = [\"anna@example.com\", \"sub-1\"]\n\
         roles = [\"approver\"]\n[[person]]\nname = \"bela\"\naccounts = [\"bela@example.com\"]\n\
         way = [{ receiver = \"mail\" }]\n[[person]]\nname = \"zita\"\naccounts = [\"zita@example.com\"]\n",
    )
    .unwrap()
}

fn visit(account: &str, granted: Option<Role>) -> Visit {
    Visit::of_account(&config(), account, Some("As the provider says"), granted, Via::Oidc, "key".into())
}

#[test]
fn the_higher_of_what_the_file_says_and_what_is_granted_counts() {
    for (account, granted, role) in [
        ("anna@example.com", None, Some(Role::Approver)),
        ("sub-1", Some(Role::Viewer), Some(Role::Approver)),
        ("anna@example.com", Some(Role::Admin), Some(Role::Admin)),
        // Who is called may respond, whatever else is said.
        ("bela@example.com", Some(Role::Viewer), Some(Role::Responder)),
        ("other@example.com", Some(Role::Viewer), Some(Role::Viewer)),
        // Capitals count: two accounts may differ in nothing else.
        ("Anna@example.com", None, None),
        ("zita@example.com", None, None),
        ("other@example.com", None, None),
    ] {
        let visitor = visit(account, granted).visitor();
        assert_eq!(visitor.map(|visitor| visitor.role), role, "{account}");
    }
    assert_eq!(visit("other@example.com", None), Visit::Stranger("other@example.com".into()));
}

#[test]
fn a_person_acts_under_their_own_name_and_the_token_under_the_one_that_is_written() {
    let by = |account: &str| visit(account, Some(Role::Responder)).visitor().unwrap().by(Some("Somebody".into()));
    let anna = ByWhom { person: Some("anna".into()), ..ByWhom::new("Kovács Anna", "oidc") };
    assert_eq!(by("sub-1"), Some(anna));
    assert_eq!(by("other"), Some(ByWhom::new("As the provider says", "oidc")));
    let token = Visitor::with_token("key".into());
    assert_eq!((token.by(None), token.by(Some("Ági".into()))), (None, Some(ByWhom::new("Ági", "list"))));
}

#[test]
fn a_name_that_cannot_be_one_is_left_for_the_account() {
    let named = |called: &str| {
        let visit = Visit::of_account(&config(), "other", Some(called), Some(Role::Viewer), Via::Proxy, String::new());
        visit.visitor().unwrap().known().unwrap().name.clone()
    };
    assert_eq!(named("Two\nlines"), "other");
    assert_eq!(named(&"x".repeat(101)), "other");
    assert_eq!(named("  Ági "), "Ági");
}

#[test]
fn the_sign_of_a_form_is_that_of_its_session() {
    let signer = Signer::new(b"0123456789abcdef");
    let (one, other) = (Visitor::with_token("a".into()), Visitor::with_token("b".into()));
    let sign = one.form_sign(&signer);
    assert!(one.has_signed_form(&signer, &sign) && !other.has_signed_form(&signer, &sign));
    assert!(!one.has_signed_form(&signer, ""));
}

#[test]
fn a_browser_says_that_another_site_sent_it() {
    let elsewhere = |headers: &[(&'static str, &'static str)]| {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        is_from_elsewhere(&HeaderMap::from_iter(headers), "https://orszem.example/under")
    };
    for (site, expected) in [("cross-site", true), ("same-site", true), ("same-origin", false), ("none", false)] {
        assert_eq!(elsewhere(&[("sec-fetch-site", site)]), expected, "{site}");
        // It says more than the origin, which a page of ours does not send.
        assert_eq!(elsewhere(&[("sec-fetch-site", site), ("origin", "null")]), expected, "{site}");
    }
    for (origin, expected) in [
        ("https://orszem.example", false),
        ("null", false),
        ("http://orszem.example", true),
        ("https://orszem.example.evil.example", true),
        ("https://evil.example", true),
        ("", true),
    ] {
        assert_eq!(elsewhere(&[("origin", origin)]), expected, "{origin}");
    }
    assert!(!elsewhere(&[]));
    // Behind a proxy that passes another name on than people use.
    assert!(!elsewhere(&[("origin", "http://10.0.0.7:8080"), ("host", "10.0.0.7:8080")]));
    assert!(elsewhere(&[("origin", "http://evil.example"), ("host", "10.0.0.7:8080")]));
}

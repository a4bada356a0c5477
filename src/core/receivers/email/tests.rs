use orszem_records::ledger::{Action, Delivery};

use super::*;
use crate::notification::Notice;
use crate::notification::fixture::{hostile_notice, notice};
use crate::receivers::fixture::{faults, reveal, secret};
use crate::receivers::{Kind, Secrets};

fn config() -> Email {
    Email {
        name: "desk".into(),
        host: "smtp.example.com".into(),
        port: None,
        security: MailSecurity::None,
        ca_file: None,
        user: None,
        password: None,
        token: None,
        from: "orszem@example.com".into(),
        to: vec!["desk@example.com".into()],
        language: None,
        time_zone: None,
    }
}

fn mail(notice: &Notice) -> Mail {
    Mail::of(notice, "desk", "example.com")
}

#[test]
fn the_first_mail_has_a_name_that_a_retry_has_too() {
    let first = mail(&notice(Action::Trigger));
    let mut retry = notice(Action::Trigger);
    retry.sent_at = retry.sent_at.plus(60_000);
    assert_eq!((mail(&retry).id, first.first), (first.id.clone(), None));
    assert!(is_message_id(&first.id), "{}", first.id);
    assert_ne!(Mail::of(&notice(Action::Trigger), "duty", "example.com").id, first.id);
    assert!(Mail::of(&notice(Action::Trigger), "desk", "példa.hu").id.ends_with("@orszem.invalid>"));
}

#[test]
fn later_mails_refer_to_the_first_whatever_was_stored() {
    let first = mail(&notice(Action::Trigger)).id;
    for reference in [None, Some(first.clone()), Some("<x@y>\r\nBcc: evil@example.com".into()), Some("C1 170.1".into())]
    {
        let later = mail(&Notice { revision: 2, reference, ..notice(Action::Resolve) });
        assert_eq!(later.first.as_ref(), Some(&first));
        assert_ne!(later.id, first);
    }
}

#[test]
fn nothing_hostile_is_in_what_becomes_a_header() {
    let mut hostile = hostile_notice(Action::Trigger);
    hostile.page.headline = "x\r\nBcc: evil@example.com\r\n\r\n<script> ő😡".into();
    hostile.page.incident.0 = "a\r\nBcc: evil@example.com<>".into();
    let mail = mail(&hostile);
    assert!(is_message_id(&mail.id), "{}", mail.id);
    assert!(!mail.subject.contains(char::is_control), "{:?}", mail.subject);
}

#[test]
fn what_cannot_work_is_refused() {
    let faulty = [
        Email { to: vec![], ..config() },
        Email { host: " ".into(), ..config() },
        Email { password: Some(secret("topsecret")), ..config() },
    ];
    for config in faulty {
        let fault = config.prepare(Secrets(&reveal)).err().map(|fault| fault.to_string());
        assert!(fault.as_ref().is_some_and(|fault| !fault.contains("topsecret")), "{config:?} {fault:?}");
    }
    let ports = [MailSecurity::Starttls, MailSecurity::Tls, MailSecurity::None].map(|security| {
        let account = Account::new(&Email { security, ..config() }, Secrets(&reveal));
        account.unwrap().port
    });
    assert_eq!(ports, [587, 465, 25]);
}

#[test]
fn refusals_are_told_apart_and_name_no_password() {
    let refusal = |code, is_permanent, is_disagreement| Refusal {
        code,
        is_permanent,
        is_disagreement,
        words: "no topsecret".into(),
    };
    assert!(matches!(refusal(Some(451), false, false).delivery(None), Delivery::Retry { .. }));
    assert!(matches!(refusal(Some(554), true, false).delivery(None), Delivery::Failed { .. }));
    let told = refusal(None, false, true).delivery(Some("topsecret"));
    assert_eq!(told, Delivery::Failed { reason: "no (secret)".into() });
    assert_ne!(refusal(Some(535), true, false).fix(true), refusal(Some(535), true, false).fix(false));
}

#[test]
fn keys_that_do_not_go_together_are_named() {
    let keys = |keys: &str| faults(&format!("kind = \"email\"\n{keys}")).into_iter().map(|(key, _)| key);
    let login = "user = \"u\"\npassword = \"env:P\"\n";
    for (written, expected) in [
        ("user = \"u\"".to_owned(), vec!["user"]),
        ("password = \"env:P\"".to_owned(), vec!["password"]),
        (format!("{login}security = \"none\"\nhost = \"smtp.example.com\""), vec!["security"]),
        (format!("{login}security = \"none\"\nhost = \"localhost\""), vec![]),
        ("security = \"none\"\nca_file = \"ca.pem\"".to_owned(), vec!["ca_file"]),
        ("user = \"u\"\ntoken = \"env:T\"".to_owned(), vec![]),
        ("token = \"env:T\"".to_owned(), vec!["token"]),
        (format!("{login}token = \"env:T\""), vec!["token"]),
        (format!("{login}ca_file = \"ca.pem\""), vec![]),
    ] {
        assert_eq!(keys(&written).collect::<Vec<_>>(), expected, "{written}");
    }
}

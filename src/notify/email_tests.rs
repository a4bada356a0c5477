use super::*;
use crate::fixture::{LINK, hostile_notice, largest_notice, notice, secret};
use orszem_core::receivers::email::{self as settings, is_message_id};
use orszem_core::receivers::{Kind, Prepared, Secrets};
use orszem_records::ledger::{Action, Recipients};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

fn config(port: u16) -> settings::Email {
    settings::Email {
        name: "desk".into(),
        host: "127.0.0.1".into(),
        port: Some(port),
        security: MailSecurity::None,
        ca_file: None,
        user: None,
        password: None,
        token: None,
        from: "Őrszem <orszem@example.com>".into(),
        to: vec!["Desk <desk@example.com>".into(), "duty@example.com".into()],
        language: None,
        time_zone: None,
    }
}

fn made(config: &settings::Email, timeout: Duration) -> Result<Email, Fault> {
    match config.prepare(Secrets(&orszem_runtime::secret::reveal))? {
        Prepared::Email(account) => Email::new(account, timeout, &Outgoing::default()),
        _ => panic!("no mailbox"),
    }
}

fn receiver(port: u16) -> Email {
    made(&config(port), Duration::from_secs(5)).unwrap()
}

/// Header lines (unfolded) and body of a mail.
fn parse(mail: &[u8]) -> (Vec<(String, String)>, String) {
    let text = String::from_utf8(mail.to_vec()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let headers = head.split("\r\n").map(|line| {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("no header: {line:?}"));
        (name.to_owned(), value.to_owned())
    });
    (headers.collect(), body.to_owned())
}

fn mail(notice: &Notice) -> (Vec<(String, String)>, String) {
    parse(&receiver(25).mail(notice).unwrap().0.formatted())
}

fn get<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[test]
fn the_first_mail_says_what_it_is_and_has_a_name_that_a_retry_has_too() {
    let (headers, body) = mail(&notice(Action::Trigger));
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "From",
            "Message-ID",
            "Date",
            "Subject",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
            "To",
            "MIME-Version",
            "Content-Type"
        ]
    );
    assert_eq!(get(&headers, "Subject"), Some("[Severity 2] Acme: 212 negative mentions in 10 min (usual: 14)"));
    assert_eq!(get(&headers, "Auto-Submitted"), Some("auto-generated"));
    assert_eq!(get(&headers, "X-Auto-Response-Suppress"), Some("All"));
    assert_eq!(get(&headers, "Date"), Some("Thu, 01 Jan 2026 00:00:05 +0000"));
    assert!(get(&headers, "Content-Type").unwrap().starts_with("multipart/alternative"));
    assert!(
        body.contains("Content-Type: text/plain; charset=utf-8")
            && body.contains("Content-Type: text/html; charset=utf-8")
    );
    let mut retry = notice(Action::Trigger);
    retry.sent_at = retry.sent_at.plus(60_000);
    let again = mail(&retry).0;
    assert_eq!(get(&again, "Message-ID"), get(&headers, "Message-ID"));
    assert!(is_message_id(get(&headers, "Message-ID").unwrap()));
}

#[test]
fn later_mails_stand_in_the_thread_of_the_first() {
    let first = receiver(25).mail(&notice(Action::Trigger)).unwrap().1;
    for reference in [None, Some(first.clone()), Some("<x@y>\r\nBcc: evil@example.com".into()), Some("C1 170.1".into())]
    {
        let later = Notice { revision: 2, reference, ..notice(Action::Resolve) };
        let (headers, _) = mail(&later);
        assert_eq!(get(&headers, "In-Reply-To"), Some(first.as_str()));
        assert_eq!(get(&headers, "References"), Some(first.as_str()));
        assert_ne!(get(&headers, "Message-ID"), Some(first.as_str()));
        assert_eq!(get(&headers, "Bcc"), None);
    }
}

#[test]
fn nothing_hostile_reaches_a_header_and_the_rest_is_text() {
    for mut notice in [hostile_notice(Action::Trigger), largest_notice(Action::Trigger)] {
        // Even where a text that is not clean has got into the headline.
        notice.page.headline = "x\r\nBcc: evil@example.com\r\n\r\n<script> ő😡".into();
        notice.page.incident.0 = "a\r\nBcc: evil@example.com<>".into();
        let (headers, body) = mail(&notice);
        assert_eq!(headers.len(), 9, "{headers:?}");
        assert_eq!(get(&headers, "Bcc"), None);
        assert!(is_message_id(get(&headers, "Message-ID").unwrap()));
        assert!(body.lines().all(|line| line.len() <= 998), "the longest line that SMTP takes");
    }
    let page = hostile_notice(Action::Trigger).page;
    assert!(
        page.text().contains("<!channel> <@U024BE7LH>")
            && page.html().into_string().contains(&LINK.replace('&', "&amp;"))
    );
}

#[test]
fn what_cannot_work_is_refused() {
    let (password, _folder) = secret("topsecret");
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("ca.pem");
    std::fs::write(&empty, "nothing").unwrap();
    let faulty = [
        settings::Email { to: vec![], ..config(25) },
        settings::Email { to: vec!["desk".into()], ..config(25) },
        settings::Email { from: "a@b.example\r\nBcc: evil@example.com".into(), ..config(25) },
        settings::Email { host: " ".into(), ..config(25) },
        settings::Email { password: Some(password), ..config(25) },
        settings::Email { security: MailSecurity::Tls, ca_file: Some(folder.path().join("none")), ..config(25) },
        settings::Email { security: MailSecurity::Starttls, ca_file: Some(empty), ..config(25) },
    ];
    for config in faulty {
        let fault = made(&config, Duration::from_secs(1)).err().map(|fault| fault.to_string());
        assert!(fault.as_ref().is_some_and(|fault| !fault.contains("topsecret")), "{config:?} {fault:?}");
    }
}

/// A small SMTP server: answers the recipients `nobody…` with 550, `full…` with 452, and `slow…` with 550 after
/// `SLOW`; answers `DATA` with `answer`. Keeps what came.
async fn smtp(answer: &'static str) -> (u16, Arc<Mutex<Vec<(Vec<String>, String)>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mails = Arc::new(Mutex::new(Vec::new()));
    let kept = mails.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let kept = kept.clone();
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                let (mut to, mut data) = (Vec::new(), None::<String>);
                let _ = write.write_all(b"220 test\r\n").await;
                while let Ok(Some(line)) = lines.next_line().await {
                    if let Some(mail) = &mut data {
                        if line != "." {
                            mail.push_str(&format!("{line}\r\n"));
                            continue;
                        }
                        kept.lock().unwrap().push((std::mem::take(&mut to), mail.clone()));
                        data = None;
                        let _ = write.write_all(format!("{answer}\r\n").as_bytes()).await;
                        continue;
                    }
                    let reply = match line.get(..4).unwrap_or_default() {
                        "RCPT" if line.contains("<nobody") => "550 no such mailbox",
                        "RCPT" if line.contains("<full") => "452 mailbox full",
                        "RCPT" if line.contains("<slow") => {
                            tokio::time::sleep(SLOW).await;
                            "550 no such mailbox"
                        }
                        "RCPT" => {
                            to.push(line.clone());
                            "250 ok"
                        }
                        "MAIL" | "RSET" => {
                            to.clear();
                            "250 ok"
                        }
                        "DATA" => {
                            data = Some(String::new());
                            "354 go on"
                        }
                        _ => "250 test",
                    };
                    let _ = write.write_all(format!("{reply}\r\n").as_bytes()).await;
                }
            });
        }
    });
    (port, mails)
}

const SLOW: Duration = Duration::from_secs(2);

/// The recipients of the mails that came, each mail on its own.
fn recipients(mails: &Mutex<Vec<(Vec<String>, String)>>) -> Vec<String> {
    let address = |line: &String| line.split(['<', '@']).nth(1).unwrap().to_owned();
    let mut to: Vec<String> =
        mails.lock().unwrap().iter().map(|(to, _)| to.iter().map(address).collect::<Vec<_>>().join("+")).collect();
    to.sort();
    to
}

fn to(names: &[&str], port: u16, timeout: Duration) -> Email {
    let to = names.iter().map(|name| format!("{name}@example.com")).collect();
    made(&settings::Email { to, ..config(port) }, timeout).unwrap()
}

#[tokio::test]
async fn a_mail_is_taken_and_its_name_returned() {
    let (port, mails) = smtp("250 queued").await;
    let email = receiver(port);
    let told = email.send(&notice(Action::Trigger)).await.result;
    let (_, id) = email.mail(&notice(Action::Trigger)).unwrap();
    assert_eq!(told, Delivery::Accepted { reference: Some(id.clone()) });
    let mails = mails.lock().unwrap().clone();
    let [one, other] = &mails[..] else { panic!("one for each: {mails:?}") };
    for (to, mail) in [one, other] {
        let headers = parse(mail.as_bytes()).0;
        assert_eq!((to.len(), get(&headers, "Message-ID")), (1, Some(id.as_str())));
        assert!(get(&headers, "To").is_some_and(|to| to.contains("desk@") && to.contains("duty@")), "{headers:?}");
    }
}

#[tokio::test]
async fn refusals_are_told_apart() {
    for (answer, again) in [("451 later", true), ("421 too busy", true), ("554 no", false)] {
        let (port, _) = smtp(answer).await;
        let told = receiver(port).send(&notice(Action::Trigger)).await.result;
        assert_eq!(matches!(told, Delivery::Retry { .. }), again, "{answer}: {told:?}");
        assert_eq!(matches!(told, Delivery::Failed { .. }), !again, "{answer}: {told:?}");
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert!(matches!(receiver(closed).send(&notice(Action::Trigger)).await.result, Delivery::Retry { .. }));
}

#[tokio::test]
async fn each_mailbox_has_an_outcome_and_tries_of_its_own() {
    let (port, mails) = smtp("250 queued").await;
    let email = to(&["nobody", "full", "duty"], port, Duration::from_secs(5));
    let first = email.send(&notice(Action::Trigger)).await;
    assert_eq!(recipients(&mails), ["duty"]);
    let Delivery::Retry { reason, .. } = &first.result else { panic!("{first:?}") };
    for said in ["duty@example.com got it", "full@example.com not yet: ", "nobody@example.com refused: "] {
        assert!(reason.contains(said), "{reason}");
    }
    assert_eq!(first.recipients.reached, ["duty@example.com"]);
    assert!(first.recipients.refused.contains_key("nobody@example.com"));
    // The next try carries only the rest, and ends there: a mailbox that was emptied, or is gone by now.
    for (name, other) in [("full", false), ("nobody", true)] {
        let email = to(&["duty", name], port, Duration::from_secs(5));
        let settled = Recipients { reached: vec!["duty@example.com".into()], ..Recipients::default() };
        let sent = email.send(&Notice { settled, ..notice(Action::Trigger) }).await;
        assert_eq!(matches!(sent.result, Delivery::Accepted { .. }), other, "{sent:?}");
        assert_eq!(sent.note.is_some_and(|note| note.contains("nobody@example.com refused")), other);
    }
    assert_eq!(recipients(&mails), ["duty"], "nobody gets it twice");
}

#[tokio::test]
async fn a_mail_has_failed_only_where_nobody_was_reached() {
    let (port, _) = smtp("250 queued").await;
    let nobody = to(&["nobody", "nobody2"], port, Duration::from_secs(5)).send(&notice(Action::Trigger)).await;
    assert!(matches!(nobody.result, Delivery::Failed { .. }), "{nobody:?}");
    let some = to(&["nobody", "duty"], port, Duration::from_secs(5)).send(&notice(Action::Trigger)).await;
    assert!(matches!(some.result, Delivery::Accepted { .. }) && some.note.is_some(), "{some:?}");
}

#[tokio::test]
async fn a_server_that_refuses_one_slowly_keeps_the_mail_from_nobody() {
    for names in [["anna", "slow"], ["slow", "anna"]] {
        let (port, mails) = smtp("250 queued").await;
        // Also where there is no time for the refusal.
        let sent = to(&names, port, SLOW / 2).send(&notice(Action::Trigger)).await;
        assert!(matches!(sent.result, Delivery::Retry { .. }), "{sent:?}");
        assert_eq!(
            (recipients(&mails), sent.recipients.reached),
            (vec!["anna".into()], vec!["anna@example.com".into()])
        );
    }
}

#[tokio::test]
async fn a_recipient_behind_many_slow_refusals_gets_its_turn_in_a_later_try() {
    let (port, mails) = smtp("250 queued").await;
    let mut names: Vec<String> = (0..2 * AT_ONCE).map(|n| format!("slow{n}")).collect();
    names.push("berta".into());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let email = to(&names, port, SLOW / 4);
    let mut settled = Recipients::default();
    for _ in 0..names.len() {
        settled = email.send(&Notice { settled, ..notice(Action::Trigger) }).await.recipients;
    }
    assert_eq!(recipients(&mails), ["berta"]);
}

#[tokio::test]
async fn a_server_without_encryption_gets_no_mail_and_one_that_hangs_no_time() {
    let (port, mails) = smtp("250 queued").await;
    let required = settings::Email { security: MailSecurity::Starttls, ..config(port) };
    let told = made(&required, Duration::from_secs(5)).unwrap().send(&notice(Action::Trigger)).await.result;
    assert!(matches!(told, Delivery::Failed { .. }), "{told:?}");
    assert!(mails.lock().unwrap().is_empty());
    let hanging = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let config = config(hanging.local_addr().unwrap().port());
    let told = made(&config, Duration::from_millis(200)).unwrap().send(&notice(Action::Trigger)).await.result;
    assert_eq!(told, Delivery::Retry { reason: "no answer within 200ms".into(), after_ms: None });
}

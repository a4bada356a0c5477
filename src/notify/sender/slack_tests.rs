use std::sync::Arc;
use std::time::Duration;

use orszem_core::notification::{Capabilities, Notice, Occasion};
use orszem_core::receivers::slack as settings;
use orszem_records::ledger::{Action, Delivery};
use orszem_runtime::probe::Finding;

use crate::Receiver;
use crate::doubles::slack::{CHANNEL, TOKEN};
use crate::doubles::{Answer, Slack as Double};
use crate::fixture::{LINK, Reply, built, hostile_notice, largest_notice, notice, secret, serve};
use orszem_records::incident::State;
use orszem_runtime::probe::State as Found;

const WAIT: Duration = Duration::from_secs(5);

fn config() -> settings::Slack {
    settings::Slack {
        name: "desk".into(),
        token: None,
        channel: None,
        webhook: None,
        base_url: "https://slack.com/api".into(),
        language: None,
        time_zone: None,
    }
}

fn made(config: settings::Slack, wait: Duration) -> Arc<dyn Receiver> {
    built(orszem_core::settings::Receiver::Slack(config), wait).unwrap()
}

fn bot_with(double: &Double, token: &str, channel: &str, wait: Duration) -> Arc<dyn Receiver> {
    let (token, _folder) = secret(token);
    let config =
        settings::Slack { token: Some(token), channel: Some(channel.into()), base_url: double.url(), ..config() };
    made(config, wait)
}

fn bot(double: &Double) -> Arc<dyn Receiver> {
    bot_with(double, TOKEN, CHANNEL, WAIT)
}

fn hook(url: &str) -> Arc<dyn Receiver> {
    let (webhook, _folder) = secret(url);
    made(settings::Slack { webhook: Some(webhook), ..config() }, WAIT)
}

fn reference(delivery: Delivery) -> String {
    match delivery {
        Delivery::Accepted { reference: Some(reference) } => reference,
        other => panic!("{other:?}"),
    }
}

fn with_reference(action: Action, reference: &str) -> Notice {
    let notice = notice(action);
    let occasion = match action {
        Action::Trigger => Occasion::CalledAgain { since: notice.sent_at },
        _ => notice.occasion,
    };
    Notice { reference: Some(reference.into()), occasion, ..notice }
}

#[tokio::test]
async fn one_incident_is_one_message_that_is_kept_up_to_date() {
    let double = Double::start().await;
    let slack = bot(&double);
    let first = reference(slack.send(&notice(Action::Trigger)).await.result);
    for action in [Action::Update, Action::Acknowledge, Action::Resolve] {
        let mut later = with_reference(action, &first);
        if action == Action::Resolve {
            (later.page.state, later.page.subject) = (State::Resolved, "Over: Acme".into());
        }
        assert_eq!(reference(slack.send(&later).await.result), first);
    }
    let messages = double.messages();
    let [message] = &double.pages()[..] else { panic!("one page: {messages:?}") };
    assert_eq!(message.earlier.len(), 3);
    assert!(message.text.starts_with("Over: Acme"), "{}", message.text);
    let replies = messages.iter().filter(|message| message.thread_ts.is_some() && message.broadcast);
    assert_eq!(replies.count(), 2, "figures alone ring nowhere: {messages:?}");
    assert_eq!(message.links(), [LINK]);
    assert!(message.visible().contains("“acme is down again”"));
    assert_eq!(double.faults(), Vec::<String>::new());
}

#[tokio::test]
async fn telling_again_rings_again_and_keeps_the_page() {
    let double = Double::start().await;
    let slack = bot(&double);
    let first = reference(slack.send(&notice(Action::Trigger)).await.result);
    assert_eq!(reference(slack.send(&with_reference(Action::Trigger, &first)).await.result), first);
    assert_eq!(reference(slack.send(&with_reference(Action::Update, &first)).await.result), first);
    let messages = double.messages();
    assert_eq!((messages.len(), double.pages().len()), (2, 1));
    assert!(messages[1].broadcast && messages[0].earlier.len() == 2);
}

#[tokio::test]
async fn a_page_that_was_deleted_is_posted_anew() {
    let double = Double::start().await;
    let slack = bot(&double);
    let first = reference(slack.send(&notice(Action::Trigger)).await.result);
    for action in [Action::Update, Action::Trigger] {
        double.delete_all();
        let posted_again = reference(slack.send(&with_reference(action, &first)).await.result);
        assert_ne!(posted_again, first);
        assert_eq!(double.pages().len(), 1, "{action:?}");
    }
    for error in ["cant_update_message", "edit_window_closed"] {
        double.script(vec![Answer::NotOk(error.into())]);
        assert_ne!(reference(slack.send(&with_reference(Action::Update, &first)).await.result), first);
    }
}

#[tokio::test]
async fn a_200_can_be_a_refusal() {
    let double = Double::start().await;
    let slack = bot(&double);
    for error in ["ratelimited", "internal_error", "service_unavailable", "fatal_error", "request_timeout"] {
        double.script(vec![Answer::NotOk(error.into())]);
        let told = slack.send(&notice(Action::Trigger)).await.result;
        assert_eq!(told, Delivery::Retry { reason: format!("Slack answered {error}"), after_ms: None });
    }
    for error in
        ["not_in_channel", "account_inactive", "token_revoked", "is_archived", "msg_blocks_too_long", "whatever"]
    {
        double.script(vec![Answer::NotOk(error.into())]);
        let told = slack.send(&notice(Action::Trigger)).await.result;
        assert_eq!(told, Delivery::Failed { reason: format!("Slack answered {error}") });
    }
    assert!(double.messages().is_empty());
}

#[tokio::test]
async fn statuses_and_silence_are_read() {
    let double = Double::start().await;
    let slack = bot_with(&double, TOKEN, CHANNEL, Duration::from_millis(300));
    double.script(vec![
        Answer::TooMany(3),
        Answer::Status(500, String::new()),
        Answer::Status(200, "<html>please log in</html>".into()),
        Answer::Hang,
    ]);
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(slack.send(&notice(Action::Trigger)).await.result);
    }
    assert!(matches!(answers[0], Delivery::Retry { after_ms: Some(3000), .. }), "{answers:?}");
    assert!(answers.iter().all(|answer| matches!(answer, Delivery::Retry { .. })), "{answers:?}");
    assert!(matches!(slack.send(&notice(Action::Trigger)).await.result, Delivery::Accepted { .. }));
}

#[tokio::test]
async fn a_wrong_token_or_channel_never_works() {
    let double = Double::start().await;
    for (token, channel, error) in
        [("xoxb-other", CHANNEL, "invalid_auth"), (TOKEN, "C0000000000", "channel_not_found")]
    {
        let told = bot_with(&double, token, channel, WAIT).send(&notice(Action::Trigger)).await.result;
        assert_eq!(told, Delivery::Failed { reason: format!("Slack answered {error}") });
    }
}

#[tokio::test]
async fn an_incoming_webhook_takes_pages_and_keeps_its_address() {
    let double = Double::start().await;
    let slack = hook(&double.webhook_url());
    assert_eq!(
        slack.capabilities(),
        Capabilities { updates: false, acknowledges: true, keep_firing: None, calls_itself: false }
    );
    assert_eq!(slack.send(&notice(Action::Trigger)).await.result, Delivery::Accepted { reference: None });
    assert_eq!(double.messages().len(), 1);
    double.script(vec![Answer::Status(403, "action_prohibited".into()), Answer::TooMany(2)]);
    let refused = slack.send(&notice(Action::Trigger)).await.result;
    assert_eq!(refused, Delivery::Failed { reason: "answered 403: action_prohibited".into() });
    assert!(matches!(slack.send(&notice(Action::Trigger)).await.result, Delivery::Retry { after_ms: Some(2000), .. }));
    let lost = hook(&double.webhook_url().replace("doubledouble", "topsecret"));
    let told = format!("{:?}", lost.send(&notice(Action::Trigger)).await.result);
    assert!(told.contains("Failed") && told.contains("no_service") && !told.contains("topsecret"), "{told}");
}

#[tokio::test]
async fn a_server_like_slack_that_answers_otherwise_than_ok_gets_the_message_once() {
    for said in [r#"{"success":true}"#, r#"{"result":"success","msg":""}"#, r#"{"ok":true}"#] {
        let server = serve(Reply::ok(said)).await;
        let sent = hook(&server.url).send(&notice(Action::Trigger)).await;
        assert_eq!(sent.result, Delivery::Accepted { reference: None }, "{said}");
        assert_eq!(sent.note.unwrap(), format!("answered 200: {said}; Slack answers ok"));
    }
    for said in [r#"{"ok":false,"error":"x"}"#, "<html>please log in</html>", "taken", ""] {
        let server = serve(Reply::ok(said)).await;
        match hook(&server.url).send(&notice(Action::Trigger)).await.result {
            Delivery::Failed { reason } => {
                assert!(reason.starts_with("answered 200") && reason.contains("not sent again"), "{reason}");
            }
            other => panic!("{said}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn hostile_and_endless_texts_ring_nobody_and_fit() {
    let double = Double::start().await;
    for slack in [bot(&double), hook(&double.webhook_url())] {
        for notice in [hostile_notice(Action::Trigger), largest_notice(Action::Trigger)] {
            let told = slack.send(&notice).await.result;
            assert!(matches!(told, Delivery::Accepted { .. }), "{told:?} {:?}", double.faults());
        }
    }
    assert_eq!(double.faults(), Vec::<String>::new());
    for message in double.messages() {
        assert_eq!(message.pings(), Vec::<String>::new());
        assert_eq!(message.links(), [LINK]);
        assert!(!message.visible().contains(['\u{202e}', '\u{200b}', '\r']));
    }
    let visible = double.messages()[0].visible();
    assert!(visible.contains("<!channel> <@U024BE7LH>") && visible.contains("&lt;!here&gt;"), "as text: {visible}");
}

async fn probed(slack: &Arc<dyn Receiver>) -> Finding {
    let [finding] = &slack.probe().await.findings[..] else { panic!("one finding") };
    finding.clone()
}

#[tokio::test]
async fn a_probe_tells_a_bot_that_works_from_one_that_does_not_and_writes_nothing() {
    let double = Double::start().await;
    let works = probed(&bot(&double)).await;
    assert_eq!(works.state, Found::Works, "{works:?}");
    assert!(works.detail.starts_with("signed in as orszem of Double"), "{works:?}");
    let wrong = probed(&bot_with(&double, "xoxb-other", CHANNEL, WAIT)).await;
    assert_eq!((wrong.state, wrong.detail.as_str()), (Found::Broken, "Slack answered invalid_auth"));
    double.script(vec![Answer::Status(503, "oops".into())]);
    assert_eq!(probed(&bot(&double)).await.state, Found::Warning, "Slack's own fault passes");
    assert_eq!(double.messages(), []);
    assert!(double.requests().iter().all(|request| request.path == "/api/auth.test"));
}

#[tokio::test]
async fn a_token_without_the_right_to_write_is_broken() {
    let body = r#"{"ok":true,"user":"orszem","team":"A"}"#;
    for (scopes, expected) in [("channels:read,chat:write", Found::Works), ("chat:write.public", Found::Broken)] {
        let server = serve(Reply { headers: vec![("x-oauth-scopes", scopes.to_owned())], ..Reply::ok(body) }).await;
        let (token, _folder) = secret(TOKEN);
        let base_url = server.url.trim_end_matches('/').to_owned();
        let config = settings::Slack { token: Some(token), channel: Some(CHANNEL.into()), base_url, ..config() };
        assert_eq!(probed(&made(config, WAIT)).await.state, expected, "{scopes}");
    }
}

#[tokio::test]
async fn a_probe_tells_a_webhook_that_is_there_from_one_that_was_removed() {
    let double = Double::start().await;
    assert_eq!(probed(&hook(&double.webhook_url())).await.state, Found::Works);
    let removed = probed(&hook(&double.webhook_url().replace("doubledouble", "singlesingle"))).await;
    assert_eq!(removed.state, Found::Broken);
    assert!(removed.detail.contains("no_service") && !removed.detail.contains("singlesingle"), "{removed:?}");
    assert_eq!(double.messages(), []);
}

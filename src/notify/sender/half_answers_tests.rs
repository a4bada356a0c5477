//! Answers whose status comes and whose body never ends: a message that was taken is not sent again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use orszem_core::receivers::{alertmanager, pagerduty, slack, webhook};
use orszem_core::settings::{self, Span};
use orszem_records::ledger::{Action, Delivery};
use orszem_runtime::probe::at_once;

use crate::Receiver;
use crate::fixture::{Rest, built, notice, secret, serve_half};

const WHSEC: &str = "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=";
const RESTS: [Rest; 3] = [Rest::Hangs, Rest::BreaksOff, Rest::Drips];

fn made(receiver: settings::Receiver) -> Arc<dyn Receiver> {
    built(receiver, Duration::from_secs(8)).unwrap()
}

fn webhook(url: &str) -> Arc<dyn Receiver> {
    let (secret, _folder) = secret(WHSEC);
    let (name, url) = ("hook".into(), url.to_owned());
    let (user, password, token, ca_file) = Default::default();
    let secrets = vec![secret];
    let hook = webhook::Webhook {
        name,
        url,
        secrets,
        allow_private: true,
        user,
        password,
        token,
        ca_file,
        language: None,
        time_zone: None,
    };
    made(settings::Receiver::Webhook(hook))
}

fn slack_hook(url: &str) -> Arc<dyn Receiver> {
    let (webhook, _folder) = secret(url);
    let base_url = url.to_owned();
    let config = slack::Slack {
        name: "desk".into(),
        token: None,
        channel: None,
        webhook: Some(webhook),
        base_url,
        language: None,
        time_zone: None,
    };
    made(settings::Receiver::Slack(config))
}

fn slack_bot(url: &str) -> Arc<dyn Receiver> {
    let (token, _folder) = secret("xoxb-1");
    let (name, channel, base_url) = ("desk".into(), Some("C1".into()), url.to_owned());
    made(settings::Receiver::Slack(slack::Slack {
        name,
        token: Some(token),
        channel,
        webhook: None,
        base_url,
        language: None,
        time_zone: None,
    }))
}

fn pager(url: &str) -> Arc<dyn Receiver> {
    let (routing_key, _folder) = secret("R0123456789R0123456789R012345678");
    let config = pagerduty::Pagerduty {
        name: "pager".into(),
        routing_key,
        base_url: url.to_owned(),
        language: None,
        time_zone: None,
    };
    made(settings::Receiver::Pagerduty(config))
}

fn cluster(url: &str) -> Arc<dyn Receiver> {
    let (name, urls, resend) = ("am".into(), vec![url.to_owned()], Span::from_secs(60));
    let (user, password, token, ca_file) = Default::default();
    let cluster = alertmanager::Alertmanager {
        name,
        urls,
        resend,
        user,
        password,
        token,
        ca_file,
        language: None,
        time_zone: None,
    };
    made(settings::Receiver::Alertmanager(cluster))
}

type Made = fn(&str) -> Arc<dyn Receiver>;

/// What came of one send to a server that answers like this.
async fn told(of: Made, status: u16, body: &'static str, rest: Rest) -> Delivery {
    let (url, requests) = serve_half(status, body, rest).await;
    let sent = of(&url).send(&notice(Action::Trigger)).await;
    assert_eq!(requests.load(Ordering::Relaxed), 1);
    sent.result
}

/// What came of a send for each of these answers, and for each way of not ending.
async fn each(answers: &[(Made, u16, &'static str)]) -> Vec<(String, Delivery)> {
    let all = answers.iter().flat_map(|answer| RESTS.map(|rest| (*answer, rest)));
    let sends = all.map(|((of, status, body), rest)| async move {
        (format!("{status} {body:?} {rest:?}"), told(of, status, body, rest).await)
    });
    at_once(sends).await
}

#[tokio::test]
async fn a_message_that_was_taken_is_accepted_whatever_becomes_of_the_body() {
    let taken: [(Made, u16, &str); 6] = [
        (webhook, 200, "ok"),
        (webhook, 204, ""),
        (slack_hook, 200, "ok"),
        (slack_hook, 200, ""),
        (pager, 202, "{"),
        (cluster, 200, ""),
    ];
    for (answer, told) in each(&taken).await {
        assert!(matches!(told, Delivery::Accepted { .. }), "{answer}: {told:?}");
    }
}

#[tokio::test]
async fn what_slack_says_first_decides_where_the_rest_is_lost() {
    for (answer, taken) in each(&[(slack_bot, 200, r#"{"ok":true,"channel":"C1","ts":"1.2","message":{"te"#)]).await {
        assert_eq!(taken, Delivery::Accepted { reference: Some("C1 1.2".into()) }, "{answer}");
    }
    for (answer, busy) in each(&[(slack_bot, 200, r#"{"ok":false,"error":"ratelimited","#)]).await {
        assert!(matches!(busy, Delivery::Retry { .. }), "{answer}: {busy:?}");
    }
    for (answer, unknown) in each(&[(slack_bot, 200, "")]).await {
        match unknown {
            Delivery::Failed { reason } => assert!(reason.contains("not sent again"), "{reason}"),
            other => panic!("{answer}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_refusal_is_one_although_its_body_never_ends() {
    let makers: [Made; 5] = [webhook, slack_hook, slack_bot, pager, cluster];
    for (answer, refused) in each(&makers.map(|of| (of, 404, "no such"))).await {
        assert!(matches!(refused, Delivery::Failed { .. }), "{answer}: {refused:?}");
    }
    for (answer, busy) in each(&makers.map(|of| (of, 503, ""))).await {
        assert!(matches!(busy, Delivery::Retry { .. }), "{answer}: {busy:?}");
    }
}

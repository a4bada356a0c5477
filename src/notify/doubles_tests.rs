//! The doubles are as strict as they claim: a double that takes everything proves nothing.

use std::time::Duration;

use orszem_core::receivers::Request;
use serde_json::{Value, json};

use super::doubles::pagerduty::{ROUTING_KEY, Verdict};
use super::doubles::slack::{CHANNEL, TOKEN};
use super::doubles::{Answer, Pagerduty, Slack};
use super::http::{Answer as Got, Http};

async fn post(url: String, token: &str, body: &Value) -> Got {
    let http = Http::new(Duration::from_secs(5), vec![]).unwrap();
    http.send(&request(&url, token, body)).await.unwrap()
}

fn request(url: &str, token: &str, body: &Value) -> Request {
    Request::post_json(&url.parse().unwrap(), body.to_string()).header("authorization", token)
}

fn message(blocks: Value) -> Value {
    json!({ "channel": CHANNEL, "text": "t", "blocks": blocks, "unfurl_links": false, "unfurl_media": false })
}

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text, "emoji": false })
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": plain(text) })
}

async fn slack_says(slack: &Slack, token: &str, message: &Value) -> String {
    let got = post(format!("{}/chat.postMessage", slack.url()), &format!("Bearer {token}"), message).await;
    let body: Value = serde_json::from_str(&got.body).unwrap();
    body["error"].as_str().unwrap_or("ok").to_owned()
}

#[tokio::test]
async fn slack_refuses_what_slack_refuses() {
    let slack = Slack::start().await;
    let header = |text: &str| json!([{ "type": "header", "text": plain(text) }]);
    let fits = [
        header(&"a".repeat(150)),
        header(&"😡".repeat(75)),
        json!([section(&"a".repeat(3000))]),
        json!(vec![section("a"); 50]),
        json!([section("&lt;!channel&gt; &amp;")]),
    ];
    for blocks in fits {
        assert_eq!(slack_says(&slack, TOKEN, &message(blocks)).await, "ok");
    }
    let refused = [
        header(&"a".repeat(151)),
        header(&format!("{}a", "😡".repeat(75))),
        json!([{ "type": "header", "text": { "type": "mrkdwn", "text": "a" } }]),
        json!([section(&"a".repeat(3001))]),
        json!([section("")]),
        json!([section("a & b")]),
        json!([section("\u{1b}[31m")]),
        json!(vec![section("a"); 51]),
        json!([{ "type": "section", "fields": vec![plain("a"); 11] }]),
        json!([{ "type": "section", "fields": [plain(&"a".repeat(2001))] }]),
        json!([{ "type": "section" }]),
        json!([{ "type": "section", "text": plain("a"), "colour": "red" }]),
    ];
    for blocks in &refused {
        assert_eq!(slack_says(&slack, TOKEN, &message(blocks.clone())).await, "invalid_blocks", "{blocks}");
    }
    let long = message(json!(vec![section(&"a".repeat(2900)); 5]));
    assert_eq!(slack_says(&slack, TOKEN, &long).await, "msg_blocks_too_long");
    assert_eq!(slack_says(&slack, "xoxb-other", &message(header("a"))).await, "invalid_auth");
    assert_eq!(slack_says(&slack, TOKEN, &json!({ "channel": "C0", "text": "t" })).await, "channel_not_found");
    assert_eq!(slack_says(&slack, TOKEN, &json!({ "channel": CHANNEL, "text": "" })).await, "no_text");
    let unfurled = json!({ "channel": CHANNEL, "text": "t" });
    assert_eq!(slack_says(&slack, TOKEN, &unfurled).await, "invalid_arguments");
    assert_eq!((slack.messages().len(), slack.faults().len()), (5, refused.len() + 5));
    let unknown = json!({ "channel": CHANNEL, "ts": "1.2", "text": "t" });
    let got = post(format!("{}/chat.update", slack.url()), &format!("Bearer {TOKEN}"), &unknown).await;
    assert!(got.status == 200 && got.body.contains("message_not_found"), "{got:?}");
}

#[tokio::test]
async fn slack_sees_what_rings() {
    let slack = Slack::start().await;
    let ringing =
        json!([{ "type": "section", "text": { "type": "mrkdwn", "text": "<!channel> <@U1> <https://a.example|b>" } }]);
    assert_eq!(slack_says(&slack, TOKEN, &message(ringing)).await, "ok");
    assert_eq!(slack.messages()[0].pings(), ["!channel", "@U1"]);
    assert_eq!(slack.messages()[0].links(), ["https://a.example"]);
}

#[tokio::test]
async fn pagerduty_drops_and_refuses_as_pagerduty_does() {
    let pagerduty = Pagerduty::start().await;
    let event = |key: &str, action: &str| {
        json!({ "routing_key": key, "event_action": action, "dedup_key": "d",
            "payload": { "summary": "s", "source": "s", "severity": "error" } })
    };
    let other = ROUTING_KEY.replace('R', "S");
    for (key, action) in [
        (ROUTING_KEY, "acknowledge"),
        (ROUTING_KEY, "trigger"),
        (&other, "resolve"),
        (ROUTING_KEY, "trigger"),
        (ROUTING_KEY, "acknowledge"),
        (ROUTING_KEY, "resolve"),
        (ROUTING_KEY, "resolve"),
        (ROUTING_KEY, "trigger"),
    ] {
        assert_eq!(post(format!("{}/v2/enqueue", pagerduty.url()), "-", &event(key, action)).await.status, 202);
    }
    let verdicts: Vec<Verdict> = pagerduty.events().into_iter().map(|event| event.verdict).collect();
    use Verdict::{Acknowledged, Dropped, Opened, Resolved, Updated};
    assert_eq!(verdicts, [Dropped, Opened, Dropped, Updated, Acknowledged, Resolved, Dropped, Opened]);
    assert_eq!((pagerduty.incidents().len(), pagerduty.faults().len()), (2, 3));
    for (pointer, wrong) in [
        ("/routing_key", json!("short")),
        ("/event_action", json!("update")),
        ("/dedup_key", json!("😡".repeat(128))),
        ("/payload", Value::Null),
        ("/payload/summary", json!("a".repeat(1025))),
        ("/payload/summary", json!(" ")),
        ("/payload/severity", json!("high")),
    ] {
        let mut event = event(ROUTING_KEY, "trigger");
        *event.pointer_mut(pointer).unwrap() = wrong;
        let got = post(format!("{}/v2/enqueue", pagerduty.url()), "-", &event).await;
        assert!(got.status == 400 && got.body.contains("\"errors\":["), "{pointer} {got:?}");
    }
    let mut large = event(ROUTING_KEY, "trigger");
    large["payload"]["custom_details"] = json!({ "a": "a".repeat(512_000) });
    assert_eq!(post(format!("{}/v2/enqueue", pagerduty.url()), "-", &large).await.status, 413);
}

#[tokio::test]
async fn what_is_done_without_an_answer_is_done() {
    let slack = Slack::start().await;
    slack.script(vec![Answer::DoAndHang, Answer::Judge, Answer::TooMany(3)]);
    let http = Http::new(Duration::from_millis(200), vec![]).unwrap();
    let url = format!("{}/chat.postMessage", slack.url());
    let post = request(&url, &format!("Bearer {TOKEN}"), &message(json!([section("a")])));
    assert!(http.send(&post).await.is_err());
    assert_eq!(slack_says(&slack, TOKEN, &message(json!([section("a")]))).await, "ok");
    assert_eq!((slack.messages().len(), slack.unused(), slack.requests()[0].status), (2, 1, 0));
}

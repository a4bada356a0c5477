//! Hostile text in every field of the mentions that drive an incident arrives everywhere as text.

use crate::support::alertmanager::Alertmanager;
use crate::support::doubles::{Pagerduty, Slack, Webhook};
use crate::support::setup::{Setup, WATCH};
use crate::support::smtp::{self, Smtp};
use crate::support::{browser, kafka, wait};
use serde_json::{Value, json};

use super::stream;

/// What a script of a mention would leave behind in a page that runs it.
const OWNED: &str = "document.documentElement.dataset.owned=1";

/// Mentions that outrank all others: negative, and followed by millions.
fn attack(number: u64, mention: &mut Value) {
    // One a minute: of each minute a few are kept.
    let (number, first) = (number / 20, number.is_multiple_of(20));
    let awful = format!("{WATCH} is terrible, awful.");
    let emoji = "🚨";
    let (text, author) = match number {
        _ if !first => return,
        0 => (
            format!(
                "{awful} <!channel> <@U123|boss> <script>{OWNED}</script> {{{{.Labels}}}} <https://evil.example|click> @here *b* `c` &lt;x&gt;"
            ),
            "<!everyone> <@W1>".to_owned(),
        ),
        1 => (
            format!("{awful} <script>{OWNED}</script><img src=x onerror={OWNED}> \" onload={OWNED} '-->]]></p>"),
            format!("<script>{OWNED}</script>"),
        ),
        2 => (
            format!(
                "{awful}\r\nBcc: evil@example.com\r\n\r\n.\r\nMAIL FROM:<x@example.com>\r\n\u{202e}\u{200b}\u{0}\u{7}\
                 {{{{.Labels}}}} {{% raw %}} ${{jndi:ldap://x}} [a](javascript:alert(1))"
            ),
            "Eve\r\nBcc: evil@example.com\u{2028}\u{feff}".to_owned(),
        ),
        // As long as can be, and cut in the middle of what takes four bytes.
        3 => (format!("{awful} {}", emoji.repeat(240_000)), emoji.repeat(2000)),
        _ => return,
    };
    let field = |what: &str| format!("{what}-{number}-<!channel>\r\nX-Evil: 1<b>{emoji}");
    mention["id"] = json!(field("id"));
    mention["text"] = json!(text);
    mention["source"] = json!(field("source"));
    mention["lang"] = json!("en-<script>\r\n");
    mention["author"] = json!({ "id": field("author"), "name": author, "followers": 9_000_000 - number });
    mention["url"] = json!(
        ["https://e.example/a|b*c_d", "javascript:alert(1)", "https://e.example/\r\nBcc: x", "//e"][number as usize]
    );
    if number == 2 {
        mention["repost_of"] = json!(field("repost"));
    }
}

/// The one text of a page that tells whether an attack arrived as what it is.
fn is_told(shown: &str) -> bool {
    shown.contains("<!channel>") && shown.contains("<script>") && shown.contains("{{.Labels}}")
}

#[test]
fn hostile_text_arrives_everywhere_as_text() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (slack, pager, hook) =
        runtime.block_on(async { (Slack::start().await, Pagerduty::start().await, Webhook::start().await) });
    let (mail, alertmanager) = (Smtp::start(), Alertmanager::start());
    let setup = Setup::for_crisis("hostile")
        .slack("chat", &slack)
        .pagerduty("pager", &pager)
        .webhook("hook", &hook)
        .mail("mail", &mail)
        .alertmanager("alerts", &alertmanager)
        .step(&["chat", "pager", "hook", "mail", "alerts"], "1h")
        .with("[score]\nmax_mention_bytes = 4000000\n[respond]\nupdate_interval = \"1s\"\n");
    let (_home, mut orszem) = setup.start();
    setup.deliver_crisis(kafka, attack);
    let told = || {
        let incidents = stream::incidents(kafka, "hostile");
        let told = |receiver: &str| incidents.values().any(|incident| incident.told(receiver));
        ["chat", "pager", "hook", "mail", "alerts"].into_iter().all(told)
    };
    wait::holds("every receiver is told", stream::THROUGH, told);
    assert!(kafka.read("hostile.dead-letters").is_empty(), "all of them are mentions");

    // Slack: nobody is called, no link but ours and those of mentions, all there to read.
    wait::holds("the channel shows four bytes a character", wait::LONG, || slack.pages()[0].visible().contains("🚨🚨"));
    let page = &slack.pages()[0];
    assert!(is_told(&page.visible()), "{}", page.visible());
    assert_eq!(page.pings(), Vec::<String>::new());
    for link in page.links() {
        assert!(link.starts_with(&setup.url()) || link.starts_with("https://e.example/a"), "{link}");
    }
    assert_eq!((slack.faults(), pager.faults(), hook.faults()), (vec![], vec![], vec![]));
    assert_eq!((slack.pages().len(), pager.incidents().len()), (1, 1));
    let heard = hook.events();
    assert!(heard.iter().any(|event| is_told(&event.body["data"]["samples"].to_string())), "{heard:?}");

    // The mail: headers of ours alone, and in the parts what was written, escaped in the one that is HTML.
    let mails = mail.wait_mails(1);
    for mail in &mails {
        let (headers, _) = mail.split_once("\n\n").expect("headers");
        assert!(!headers.to_lowercase().contains("\nbcc:") && !headers.contains("\nX-Evil"), "{headers}");
        assert!(headers.contains("desk@example.com") && !headers.contains("evil@example.com"), "{headers}");
        let parts = smtp::parts(mail);
        let [(plain, text), (html, page)] = &parts[..] else { panic!("{} parts: {mail}", parts.len()) };
        assert!(plain.starts_with("text/plain") && html.starts_with("text/html"), "{plain} {html}");
        assert!(is_told(text), "{text}");
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script") && !page.contains("<img"), "{page}");
    }
    let alerts = alertmanager.alerts();
    assert_eq!(alerts.len(), 1, "{alerts:?}");

    // The pages, in a real browser: nothing ran, nothing was loaded, all of it is there as text.
    let link = setup.link(&slack);
    for address in [link.as_str(), &format!("{}/", setup.url())] {
        let dom = browser::dom(address);
        assert!(dom.contains(WATCH), "{dom}");
        assert!(!dom.contains("data-owned"), "a script of a mention ran at {address}");
        assert!(!dom.contains("<script>document") && !dom.contains("<img"), "{dom}");
        assert!(!dom.contains("javascript:alert(1)\""), "{dom}");
    }
    let dom = browser::dom(&link);
    for text in ["&lt;!channel&gt;", "&lt;script&gt;", "{{.Labels}}", "🚨🚨"] {
        assert!(dom.contains(text), "{text} is not in {dom}");
    }
    assert!(orszem.terminate(wait::LONG).success());
}

//! A notice as the body of a webhook.

use orszem_records::ledger::Action;
use serde_json::{Value, json};

use crate::notification::Notice;

/// The most bytes of a body: the standard asks for less than 20 KB.
pub(super) const BODY: usize = 20_000;

/// What happened, as the event's type.
const fn event(notice: &Notice) -> &'static str {
    match notice.action {
        _ if notice.page.plain => "message",
        Action::Trigger => "incident.triggered",
        Action::Update => "incident.updated",
        Action::Acknowledge => "incident.acknowledged",
        Action::Resolve => "incident.resolved",
    }
}

/// The body, below [`BODY`] bytes: where it would be more, mentions go first, then advice, then the facts.
pub(super) fn body(notice: &Notice) -> Vec<u8> {
    let page = &notice.page;
    let samples: Vec<Value> = page
        .quotes()
        .into_iter()
        .zip(&page.samples)
        .map(|(quote, sample)| {
            json!({
                "text": quote.text,
                "origin": quote.origin,
                "url": quote.url,
                "published_at": sample.published_at.to_string(),
                "followers": sample.followers,
                "class": sample.class,
            })
        })
        .collect();
    let mut whole = json!({
        "type": event(notice),
        "timestamp": notice.sent_at.to_string(),
        "data": {
            "incident": page.incident,
            "dedup_key": page.incident.dedup_key(),
            "revision": notice.revision,
            "drill": page.drill,
            "watch": page.watch,
            "title": page.title,
            "kind": page.kind,
            "severity": page.severity,
            "desk": page.desk,
            "state": page.state,
            "by": page.by,
            "headline": page.headline,
            "news": page.news,
            "meaning": page.meaning,
            "standing": page.standing,
            "language": page.words.language(),
            "facts": page.facts,
            "driven_by": page.driven_by,
            "advice": page.advice_shown(),
            "counts": page.counts,
            "opened_at": page.opened_at.to_string(),
            "closed_at": page.closed_at.map(|at| at.to_string()),
            "link": page.link,
            "others": page.others,
            "more_others": page.more,
            "samples": samples,
        }
    });
    loop {
        let text = whole.to_string();
        if text.len() < BODY {
            return text.into_bytes();
        }
        let data = &mut whole["data"];
        let dropped = data["samples"].as_array_mut().and_then(Vec::pop);
        let dropped = dropped.or_else(|| {
            let other = data["others"].as_array_mut().and_then(Vec::pop)?;
            data["more_others"] = (data["more_others"].as_u64().unwrap_or(0) + 1).into();
            Some(other)
        });
        if dropped.is_none() {
            match ["advice", "driven_by", "facts", "by", "news", "standing", "title", "meaning", "headline"]
                .iter()
                .find(|name| !data[**name].is_null())
            {
                Some(name) => data[*name] = Value::Null,
                None => return text.into_bytes(),
            }
        }
    }
}

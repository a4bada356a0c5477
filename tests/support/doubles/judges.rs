//! A strict double of a sentiment service: the contract of docs/sentiment.md.
//!
//! It gives every mention it is asked about one class, answers 400 to what the contract does not have, and remembers.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::script::{Double, Judge, Reply, is_json};

/// The most mentions of a request, characters of a text, and words that matched.
const MOST: [usize; 3] = [256, 2_000, 8];

/// The double. Its address is the `service` of `[sentiment]`.
pub type Judges = Double<State>;

/// What it holds everything for, and what it was asked.
pub struct State {
    class: &'static str,
    mentions: Vec<Value>,
    refused: Vec<String>,
}

impl Judges {
    /// Starts one that holds everything for `class`.
    pub async fn start(class: &'static str) -> Judges {
        Double::serve(State { class, mentions: Vec::new(), refused: Vec::new() }).await
    }

    /// The mentions judged, in order.
    pub fn mentions(&self) -> Vec<Value> {
        self.with(|state| state.mentions.clone())
    }
}

impl Judge for State {
    const PATH: &str = "/judge";

    fn judge(&mut self, path: &str, headers: &HeaderMap, body: &[u8]) -> Reply {
        match asked(path, headers, body) {
            Ok(mentions) => {
                let judgements: Vec<Value> =
                    (0..mentions.len()).rev().map(|n| json!({ "n": n, "class": self.class })).collect();
                self.mentions.extend(mentions);
                let body = json!({ "judgements": judgements, "model": "double" }).to_string();
                Reply { status: 200, body, verdict: "ok".into() }
            }
            Err(why) => {
                self.refused.push(why.clone());
                Reply { status: 400, body: why.clone(), verdict: why }
            }
        }
    }

    fn faults(&self) -> Vec<String> {
        self.refused.clone()
    }
}

/// The mentions that a request asks about.
fn asked(path: &str, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Value>, String> {
    if path != State::PATH || !is_json(headers) {
        return Err(format!("{path}, or the content is not said to be JSON"));
    }
    let body: Value = serde_json::from_slice(body).map_err(|fault| fault.to_string())?;
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
    };
    let mentions = body["mentions"].as_array().filter(|_| keys(&body).len() == 1).ok_or("no list of mentions")?;
    if mentions.is_empty() || mentions.len() > MOST[0] {
        return Err(format!("{} mentions", mentions.len()));
    }
    let allowed = BTreeSet::from(["id", "lang", "matched", "n", "text", "watch"].map(str::to_owned));
    let mut missing = allowed.clone();
    missing.remove("lang");
    for (n, mention) in mentions.iter().enumerate() {
        let keys = keys(mention);
        let text = |key: &str| mention[key].as_str().is_some_and(|text| !text.is_empty());
        let words = mention["matched"].as_array().map(Vec::as_slice).unwrap_or_default();
        let good = keys.is_subset(&allowed)
            && missing.is_subset(&keys)
            && mention["n"] == n
            && ["id", "text", "watch"].into_iter().all(text)
            && (!keys.contains("lang") || text("lang"))
            && mention["text"].as_str().is_some_and(|text| text.chars().count() <= MOST[1])
            && words.len() <= MOST[2]
            && words.iter().all(Value::is_string);
        if !good {
            return Err(format!("mention {n}: {mention}"));
        }
    }
    Ok(mentions.clone())
}

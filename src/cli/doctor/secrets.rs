//! Every secret that the configuration names, so that none of them is printed.

use reqwest::Url;

use crate::config::types::{Receiver, Setting};
use crate::config::{Config, Secret};
use crate::notify::http::secret_parts;

/// The shortest text that is removed: a shorter one is part of many words.
const SHORTEST: usize = 4;

/// The values, the longest first: a whole address goes before its path does. What cannot be read cannot be printed.
pub(super) fn of(config: &Config) -> Vec<String> {
    let mut named: Vec<&Secret> = [&config.web.link_secret, &config.web.api_token].into_iter().flatten().collect();
    for receiver in &config.receivers {
        match receiver {
            Receiver::Slack(slack) => named.extend(slack.token.iter().chain(&slack.webhook)),
            Receiver::Email(email) => named.extend(&email.password),
            Receiver::Pagerduty(pagerduty) => named.push(&pagerduty.routing_key),
            Receiver::Webhook(webhook) => named.extend(&webhook.secrets),
            Receiver::Alertmanager(_) | Receiver::Console(_) => {}
        }
    }
    let texts = config.kafka.options.values().filter_map(|setting| match setting {
        Setting::Text(text) => Secret::parse(text).ok(),
        Setting::Flag(_) | Setting::Number(_) => None,
    });
    let options: Vec<Secret> = texts.collect();
    let mut values: Vec<String> = named.into_iter().chain(&options).filter_map(|secret| secret.reveal().ok()).collect();
    let addresses: Vec<String> = values
        .iter()
        .filter_map(|value| Url::parse(value).ok())
        .filter(|url| url.has_host())
        .flat_map(|url| secret_parts(&url))
        .collect();
    values.extend(addresses);
    values.retain(|value| value.len() >= SHORTEST);
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    values
}

//! The settings of a Slack channel, and what is checked of them.

use schemars::JsonSchema;
use serde::Deserialize;

use super::channel::Channel;
use crate::receivers::written::unencrypted;
use crate::receivers::{Fault, KeyFault, Kind, PersonalWay, Prepared, Reader, Secrets, Written};
use crate::settings::Secret;
use crate::words::Language;

/// A Slack channel: by bot token (the page is updated in place), or by incoming webhook.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slack {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The bot token (`xoxb-…`); needs `channel`.
    #[serde(default)]
    #[schemars(extend("x-secret" = "slack token"))]
    pub token: Option<Secret>,
    /// The channel's id (`C…`), with `token`.
    #[serde(default)]
    pub channel: Option<String>,
    /// The incoming webhook's address, instead of `token`. It is a secret.
    #[serde(default)]
    #[schemars(extend("x-secret" = "address"))]
    pub webhook: Option<Secret>,
    /// The address of Slack's Web API, for a proxy.
    #[serde(default = "slack_url")]
    #[schemars(extend("format" = "base-url"))]
    pub base_url: String,
    /// The language of what is sent to it: `"en"` or `"hu"`; that of `[web]`, unless given.
    #[serde(default)]
    pub language: Option<Language>,
    /// The time zone of times in what is sent to it; that of `[web]`, else that of the watch, unless given.
    #[serde(default)]
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
}

fn slack_url() -> String {
    "https://slack.com/api".into()
}

impl Kind for Slack {
    const KIND: &'static str = "slack";

    fn name(&self) -> &str {
        &self.name
    }

    fn of_person(&self, way: PersonalWay<'_>) -> Self {
        let mut own = self.clone();
        own.name = way.name;
        own.language = way.reader.language.or(own.language);
        own.time_zone = way.reader.time_zone.map(str::to_owned).or(own.time_zone);
        // A bot writes to a person as to a channel, by the id of the member.
        own.channel = way.to.map(str::to_owned).or(own.channel);
        own
    }

    fn reader(&self) -> Reader<'_> {
        Reader { language: self.language, time_zone: self.time_zone.as_deref() }
    }

    fn check(keys: &dyn Written) -> Vec<KeyFault> {
        let both = match (keys.has("token"), keys.has("webhook")) {
            (false, false) => Some(
                KeyFault::whole("this Slack receiver has neither a \"token\" nor a \"webhook\"")
                    .help("add token and channel (the page is updated in place), or webhook"),
            ),
            (true, true) => Some(
                KeyFault::error("webhook", "this Slack receiver has both a \"token\" and a \"webhook\"")
                    .help("keep the token to have the page updated in place"),
            ),
            (true, false) if !keys.has("channel") => Some(
                KeyFault::error("token", "a \"token\" needs a \"channel\"")
                    .help("add channel = \"C…\": it is at the end of the channel's details in Slack"),
            ),
            (false, true) if keys.has("channel") => Some(
                KeyFault::error("channel", "a \"webhook\" has its channel built in")
                    .help("leave it out, or use a token"),
            ),
            _ => None,
        };
        let unnamed = keys.text("channel").filter(|channel| !is_id(channel)).map(|_| {
            KeyFault::warning(
                "channel",
                "\"channel\" is not a channel ID: a page can only be updated in place by its ID",
            )
            .help("the ID (\"C…\") is at the end of the channel's details in Slack")
        });
        [both, unnamed, unencrypted(keys, "base_url", "the token")].into_iter().flatten().collect()
    }

    fn misshapen(form: &str, secret: &str) -> Option<&'static str> {
        let wrong = form == "slack token" && !secret.starts_with("xox");
        wrong.then_some("the secret is not a Slack token (\"xoxb-…\")")
    }

    fn prepare(&self, secrets: Secrets<'_>) -> Result<Prepared, Fault> {
        Ok(Prepared::Http(Box::new(Channel::new(self, secrets)?)))
    }
}

fn is_id(channel: &str) -> bool {
    channel.len() > 1
        && channel.starts_with(['C', 'G', 'D'])
        && channel.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

//! A Slack channel with its secrets: which request a notice becomes.

use url::Url;

use super::{Slack, answer, payload};
use crate::finding::Finding;
use crate::notification::{Capabilities, Notice};
use crate::receivers::address::{base_address, secret_parts, web_address};
use crate::receivers::request::bearer;
use crate::receivers::{Answer, Fault, HttpReceiver, Reading, Request, Secrets};

pub(super) enum Channel {
    Bot(Box<Bot>),
    Webhook(Url),
}

pub(super) struct Bot {
    token: String,
    authorization: String,
    channel: String,
    post: Url,
    update: Url,
    identity: Url,
}

impl Channel {
    /// From the settings: `token` with `channel`, or `webhook`.
    pub(super) fn new(settings: &Slack, secrets: Secrets<'_>) -> Result<Channel, Fault> {
        match (&settings.token, &settings.channel, &settings.webhook) {
            (Some(token), Some(channel), None) => {
                let token = secrets.reveal("token", token)?;
                let authorization = bearer("token", &token)?;
                if channel.trim().is_empty() || channel.contains(char::is_whitespace) {
                    return Err(Fault::value("channel", "a channel is named by its id, C…"));
                }
                let base = base_address("base_url", &settings.base_url)?;
                let method = |name: &str| web_address("base_url", &format!("{base}/{name}"));
                let (post, update) = (method("chat.postMessage")?, method("chat.update")?);
                let (channel, identity) = (channel.clone(), method("auth.test")?);
                Ok(Channel::Bot(Box::new(Bot { token, authorization, channel, post, update, identity })))
            }
            (None, None, Some(webhook)) => {
                Ok(Channel::Webhook(web_address("webhook", &secrets.reveal("webhook", webhook)?)?))
            }
            _ => Err(Fault::value("token", "either token and channel, or webhook alone")),
        }
    }
}

impl Bot {
    fn call(&self, method: &Url, message: impl Into<Vec<u8>>) -> Request {
        Request::post_json(method, message).header("authorization", &self.authorization)
    }

    /// The page is posted once and edited from then on.
    fn request(&self, notice: &Notice) -> Request {
        match posted(notice) {
            None => self.call(&self.post, payload::post(&notice.page, &self.channel)),
            Some((channel, ts)) => self.call(&self.update, payload::update(&notice.page, channel, ts)),
        }
    }

    /// An edit rings nowhere. What people are to hear is a short reply to the page, shown in the channel as well.
    fn reply(&self, notice: &Notice) -> Option<Request> {
        let (channel, ts) = posted(notice).filter(|_| notice.occasion.is_heard())?;
        Some(self.call(&self.post, payload::reply(&notice.page, channel, ts)))
    }
}

/// The channel and the time of the page, where it was posted.
fn posted(notice: &Notice) -> Option<(&str, &str)> {
    notice.reference.as_deref().and_then(|reference| reference.split_once(' '))
}

impl HttpReceiver for Channel {
    fn requests(&self, notice: &Notice) -> Vec<Request> {
        vec![match self {
            Channel::Bot(bot) => bot.request(notice),
            Channel::Webhook(url) => Request::post_json(url, payload::to_webhook(&notice.page)),
        }]
    }

    fn follow_up(&self, notice: &Notice) -> Option<Request> {
        match self {
            Channel::Bot(bot) => bot.reply(notice),
            Channel::Webhook(_) => None,
        }
    }

    fn read(&self, notice: &Notice, answer: &Answer) -> Reading {
        match self {
            Channel::Bot(_) => answer::of_bot(answer, notice.reference.as_deref()),
            Channel::Webhook(_) => answer::of_webhook(answer),
        }
    }

    /// A bot's message is edited in place; a webhook's stays as it is, and what is new is another message.
    fn capabilities(&self) -> Capabilities {
        let edits = matches!(self, Channel::Bot(_));
        Capabilities { updates: edits, acknowledges: true, keep_firing: None, calls_itself: false }
    }

    fn secrets(&self) -> Vec<String> {
        match self {
            Channel::Bot(bot) => vec![bot.token.clone()],
            Channel::Webhook(url) => secret_parts(url),
        }
    }

    /// A bot is asked who it is. A webhook is sent what is no message: Slack refuses that with words that tell whether
    /// there is such a webhook.
    fn probes(&self) -> Vec<Request> {
        vec![match self {
            Channel::Bot(bot) => bot.call(&bot.identity, "{}"),
            Channel::Webhook(url) => Request::post_json(url, "orszem doctor: not a message"),
        }]
    }

    fn judge(&self, _: &Request, answer: &Answer) -> Finding {
        match self {
            Channel::Bot(bot) => answer::identity(answer, &bot.channel),
            Channel::Webhook(_) => answer::standing(answer),
        }
    }
}

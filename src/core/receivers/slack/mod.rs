//! Slack: by bot token (`chat.postMessage`, then `chat.update` of the same message) or by incoming webhook.

mod answer;
mod blocks;
mod channel;
mod opening;
mod payload;
mod settings;
#[cfg(test)]
mod tests;

pub use settings::Slack;

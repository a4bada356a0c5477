//! A signed webhook after Standard Webhooks 1.0:
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

mod endpoint;
mod payload;
mod settings;
mod signature;
#[cfg(test)]
mod tests;

pub use endpoint::Endpoint;
pub use settings::Webhook;

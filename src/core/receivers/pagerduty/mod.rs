//! PagerDuty, Events API v2: <https://developer.pagerduty.com/docs/events-api-v2-overview>.

mod answer;
mod payload;
mod service;
mod settings;
#[cfg(test)]
mod tests;

pub use settings::Pagerduty;

//! Prometheus Alertmanager: <https://github.com/prometheus/alertmanager/blob/main/docs/alerts_api.md>.
//!
//! The label set is the alert's identity. So labels hold only what never changes over an incident; what changes is in
//! annotations. The severity may rise, but routes match on it: the label keeps the severity of the first message that
//! was taken (it is the reference), the annotation `severity` has the newest.
//!
//! Annotations hold our words and the configuration's only, no mention's and no name of a person: Alertmanager's
//! templates put them into chat messages and mails without escaping, where `<!channel>` would ring everywhere.

mod answer;
mod cluster;
mod payload;
mod settings;
#[cfg(test)]
mod tests;

pub use settings::Alertmanager;

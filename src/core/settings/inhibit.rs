//! `[[inhibit]]`: incidents that keep others quiet.

use schemars::JsonSchema;
use serde::Deserialize;

use orszem_records::matcher::Match;

/// `[[inhibit]]`: while an incident of one kind is open, nobody is called for another.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inhibit {
    /// While an incident like this is open,
    pub when: Match,
    /// nobody is called for one like this.
    pub mute: Match,
    /// Only where both have the same of these: `watch`, `desk`, `kind`, `language`, `source`, or names of labels. What
    /// both lack is the same.
    #[serde(default)]
    pub equal: Vec<String>,
}

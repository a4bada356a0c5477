//! `[card]`: the page that is printed, for when everything is down.

use schemars::JsonSchema;
use serde::Deserialize;

/// `[card]`: the grab card, which says on paper who is on call, how people are reached, and who can sign in where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The receivers of kind `email` that it is mailed to when it has changed; nobody, unless given.
    #[serde(default)]
    pub mail_to: Vec<String>,
}

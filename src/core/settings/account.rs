//! `[[account]]`: where the organisation speaks in public, and how to do that there.

use schemars::JsonSchema;
use serde::Deserialize;

use super::calendar::Day;

/// `[[account]]`: a channel or website of the organisation. It says where the credential is kept, never the credential
/// itself.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its name in the ledger: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// Its name for people; the name, unless given.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub title: Option<String>,
    /// Where it is: the address of the page, the profile or the website.
    #[schemars(extend("format" = "url"))]
    pub address: String,
    /// What the feed calls it as an author of mentions, by `author.id` or `author.name`: what it publishes is seen by
    /// that. Capitals do not matter.
    #[serde(default)]
    #[schemars(inner(length(min = 1, max = 255)))]
    pub authors: Vec<String>,
    /// Who answers for it: a rotation or a person, by name.
    pub owner: String,
    /// The people who can sign in there. At least two, so that one may be away.
    #[serde(default)]
    pub administrators: Vec<String>,
    /// Others who can sign in and are not in this file, such as an agency.
    #[serde(default)]
    #[schemars(inner(length(min = 1, max = 200)))]
    pub outside_administrators: Vec<String>,
    /// Where the credential is kept: `op://…`, `vault:…`, a safe. Never the credential itself.
    #[schemars(length(min = 1, max = 500))]
    pub credential: String,
    /// The last day on which the credential is accepted, where it has one: `"2027-06-30"`. The end of the day is that
    /// of the clock of `[web]`, or else of `[detect]`.
    #[serde(default)]
    pub credential_expires: Option<Day>,
    /// Who holds the second factor, or where it is.
    #[serde(default)]
    #[schemars(length(min = 1, max = 500))]
    pub second_factor: Option<String>,
    /// Where one gets back in: the mailbox or telephone of the recovery.
    #[serde(default)]
    #[schemars(length(min = 1, max = 500))]
    pub recovery: Option<String>,
    /// The emergency contact of the platform.
    #[serde(default)]
    #[schemars(length(min = 1, max = 500))]
    pub emergency: Option<String>,
    /// How things are done there, step by step.
    #[serde(default)]
    pub how: How,
}

/// `[account.how]`: how things are done in an account, step by step, as Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct How {
    /// How to post.
    #[serde(default)]
    #[schemars(length(max = 5_000))]
    pub post: Option<String>,
    /// How to change what was posted.
    #[serde(default)]
    #[schemars(length(max = 5_000))]
    pub edit: Option<String>,
    /// How to hide something.
    #[serde(default)]
    #[schemars(length(max = 5_000))]
    pub hide: Option<String>,
    /// How to pin something to the top.
    #[serde(default)]
    #[schemars(length(max = 5_000))]
    pub pin: Option<String>,
    /// How to close the comments.
    #[serde(default)]
    #[schemars(length(max = 5_000))]
    pub close_comments: Option<String>,
}

impl How {
    /// What is described, by the names of the settings, in their order.
    pub fn steps(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("post", &self.post),
            ("edit", &self.edit),
            ("hide", &self.hide),
            ("pin", &self.pin),
            ("close-comments", &self.close_comments),
        ];
        all.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?)))
    }
}

impl Account {
    /// Its name for people.
    pub fn shown(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}

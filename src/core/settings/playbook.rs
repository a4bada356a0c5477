//! `[[playbook]]`: what to do in an incident of some kind.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use orszem_records::matcher::Match;

use super::secret::Secret;
use super::span::Span;
use crate::receivers::webhook::Webhook;

/// `[[playbook]]`: the first moves in incidents of some kind. An incident has the first one in the file that fits.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    /// Its name in the ledger: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// Its name for people; the name, unless given.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub title: Option<String>,
    /// The incidents that it is for; all, unless given.
    #[serde(default, rename = "match")]
    pub matcher: Match,
    /// Words of which one must be among what drives the incident; capitals and accents do not matter.
    #[serde(default)]
    pub terms: Vec<String>,
    /// What to do, in order. People tick it on the page; the first three stand in the message itself.
    #[serde(rename = "move")]
    #[schemars(length(min = 1, max = 50))]
    pub moves: Vec<Move>,
    /// How long after a statement was written it may go out without an approval, where nobody gave one: who has a
    /// mandate for the incident is told so. Never, unless given.
    #[serde(default)]
    #[schemars(extend("x-shortest" = "1m", "x-longest" = "1d"))]
    pub without_approval_after: Option<Span>,
    /// Buttons on the page that call a webhook.
    #[serde(default, rename = "button")]
    #[schemars(length(max = 20))]
    pub buttons: Vec<Button>,
    /// Who is to be told.
    #[serde(default, rename = "stakeholder")]
    #[schemars(length(max = 50))]
    pub stakeholders: Vec<Stakeholder>,
    /// What is to be done again and again.
    #[serde(default, rename = "clock")]
    #[schemars(length(max = 10))]
    pub clocks: Vec<Clock>,
    /// What else one should know, as Markdown; on the page.
    #[serde(default)]
    #[schemars(length(max = 20_000))]
    pub text: Option<String>,
}

/// One thing to do.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// What, in a sentence.
    #[serde(rename = "do")]
    #[schemars(length(min = 1, max = 200))]
    pub what: String,
    /// Within which time from the beginning of the incident.
    #[serde(default)]
    #[schemars(extend("x-longest" = "30d"))]
    pub within: Option<Span>,
}

/// `[[playbook.button]]`: a button on the page of the incident. Pressing it sends one signed request.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Button {
    /// What it does, in a few words: "Pause scheduled posts".
    #[schemars(length(min = 1, max = 100))]
    pub title: String,
    /// Where to POST.
    #[schemars(extend("format" = "url"))]
    pub url: String,
    /// The signing secrets, `whsec_` and base64 of 24–64 bytes; more than one while they are rotated.
    #[schemars(length(min = 1), extend("items" = {"$ref": "#/$defs/Secret", "x-secret": "whsec"}))]
    pub secrets: Vec<Secret>,
    /// What the page asks before: "This stops the campaign in all countries. Go on?". Without it one press is enough.
    #[serde(default)]
    #[schemars(length(min = 1, max = 300))]
    pub confirm: Option<String>,
    /// How to do the same by hand; the page shows it where the button did not work.
    #[serde(default)]
    #[schemars(length(min = 1, max = 500))]
    pub by_hand: Option<String>,
    /// Allow addresses of private networks (10.…, 192.168.…, localhost), which are refused otherwise.
    #[serde(default)]
    pub allow_private: bool,
    /// The user, where the service asks for a login.
    #[serde(default)]
    pub user: Option<String>,
    /// That user's password.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The token, where the service asks for one (`Authorization: Bearer …`) instead of a login.
    #[serde(default)]
    pub token: Option<Secret>,
    /// A certificate authority to trust beside the system's: a PEM file, by its whole path or from the working
    /// directory.
    #[serde(default)]
    #[schemars(extend("format" = "file"))]
    pub ca_file: Option<PathBuf>,
}

/// `[[playbook.stakeholder]]`: somebody who is to be told.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stakeholder {
    /// Who, in a few words: "The board", "The authority for food safety".
    #[schemars(length(min = 1, max = 200))]
    pub title: String,
    /// Who calls whom, and where: a name, a phone number, an address.
    #[serde(default)]
    #[schemars(length(min = 1, max = 500))]
    pub who: Option<String>,
    /// Within which time from the beginning of the incident.
    #[serde(default)]
    #[schemars(extend("x-longest" = "30d"))]
    pub within: Option<Span>,
}

/// `[[playbook.clock]]`: something that is to be done at times counted from the beginning of the incident.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// What, in a few words: "Where do we stand?".
    #[schemars(length(min = 1, max = 200))]
    pub title: String,
    /// Once after each of these times: `["15m", "60m", "180m"]`.
    #[serde(default)]
    #[schemars(length(max = 20), extend("items" = {"$ref": "#/$defs/Span", "x-shortest": "1m", "x-longest": "30d"}))]
    pub at: Vec<Span>,
    /// Again and again after this time, while the incident is open.
    #[serde(default)]
    #[schemars(extend("x-shortest" = "1m", "x-longest" = "30d"))]
    pub every: Option<Span>,
}

impl Playbook {
    /// Its name for people.
    pub fn shown(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    /// Whether one of its moves says this.
    pub fn says(&self, what: &str) -> bool {
        self.moves.iter().any(|one| one.what == what)
    }

    /// The button that is called so.
    pub fn button(&self, title: &str) -> Option<&Button> {
        self.buttons.iter().find(|button| button.title == title)
    }
}

impl Button {
    /// The same target as a receiver has it, under the name that people know it by.
    pub fn webhook(&self) -> Webhook {
        Webhook {
            name: self.title.clone(),
            url: self.url.clone(),
            secrets: self.secrets.clone(),
            allow_private: self.allow_private,
            user: self.user.clone(),
            password: self.password.clone(),
            token: self.token.clone(),
            ca_file: self.ca_file.clone(),
            language: None,
            time_zone: None,
        }
    }
}

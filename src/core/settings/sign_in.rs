//! `[sign_in]`: how people sign in to the pages, and what they may do there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::person::Role;
use super::secret::{RotatingSecret, Secret};
use crate::subnet::Subnet;

/// `[sign_in]`. Without `proxy` and `oidc` nobody signs in as a person: pages are open, or behind `[web] api_token`.
/// With one of them pages are for those who signed in. Signed links in messages work in any case.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SignIn {
    /// A proxy in front of orszem that people signed in to.
    pub proxy: Option<TrustedProxy>,
    /// A provider of identities that speaks OpenID Connect.
    pub oidc: Option<OpenIdConnect>,
    /// Which groups may do what.
    pub roles: RoleGroups,
}

/// `[sign_in.proxy]`: who somebody is, says a proxy in a header. It is believed only from the addresses in `from`, and
/// only with the secret: the same header from anywhere else is refused, counted and logged.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustedProxy {
    /// The header that names the account: `X-Forwarded-User`, say. The proxy must take it out of what browsers send.
    #[schemars(extend("format" = "header"))]
    pub header: String,
    /// The addresses that the proxy connects from: single ones, or networks such as `10.0.0.0/8`.
    #[schemars(length(min = 1))]
    pub from: Vec<Subnet>,
    /// The header in which the proxy sends the secret.
    #[schemars(extend("format" = "header"))]
    pub secret_header: String,
    /// The secret, at least 16 characters. To rotate it, list two: both are accepted.
    #[schemars(extend("x-secret" = "16 characters"))]
    pub secret: RotatingSecret,
    /// The header that lists the groups of the account, separated by commas: see `[sign_in.roles]`.
    #[serde(default)]
    #[schemars(extend("format" = "header"))]
    pub roles_header: Option<String>,
}

/// `[sign_in.oidc]`: people sign in at a provider of identities (OpenID Connect, code flow with PKCE).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenIdConnect {
    /// The address of the provider, as its documents name it: `/.well-known/openid-configuration` stands below it.
    #[schemars(extend("format" = "base-url"))]
    pub issuer: String,
    /// The name that the provider knows orszem by.
    #[schemars(length(min = 1, max = 255))]
    pub client_id: String,
    /// What proves to the provider that it is orszem. Left out for a public client.
    #[serde(default)]
    pub client_secret: Option<Secret>,
    /// What is asked for beside `openid`.
    #[serde(default = "scopes")]
    #[schemars(inner(length(min = 1, max = 255)))]
    pub scopes: Vec<String>,
    /// The claim of the ID token that lists the groups of a person: its name, or from `/` on the place inside of a
    /// claim (`/realm_access/roles`).
    #[serde(default = "roles_claim")]
    #[schemars(length(min = 1, max = 255))]
    pub roles_claim: String,
    /// The words on the button: the name of the provider, as people know it.
    #[serde(default)]
    #[schemars(length(min = 1, max = 60))]
    pub title: Option<String>,
}

/// `[sign_in.roles]`: for each role the groups that have it, as the claim or the header of the proxy names them. Who
/// has a role has those below it. Beside these count the `roles` of `[[person]]`. Who has no role sees nothing.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RoleGroups {
    /// May see incidents.
    pub viewer: Vec<String>,
    /// May also act on incidents.
    pub responder: Vec<String>,
    /// May also approve what is said in public.
    pub approver: Vec<String>,
    /// May do everything.
    pub admin: Vec<String>,
}

fn scopes() -> Vec<String> {
    vec!["profile".into()]
}

fn roles_claim() -> String {
    "groups".into()
}

impl SignIn {
    /// Whether people can sign in, so that pages are for those who did.
    pub fn is_on(&self) -> bool {
        self.proxy.is_some() || self.oidc.is_some()
    }
}

impl RoleGroups {
    /// The highest role that one of these groups has.
    pub fn of<'a>(&self, groups: impl IntoIterator<Item = &'a str>) -> Option<Role> {
        groups.into_iter().filter_map(|group| self.of_one(group)).max()
    }

    fn of_one(&self, group: &str) -> Option<Role> {
        let of_role = |role: &Role| self.groups(*role).iter().any(|known| known == group);
        Role::ALL.into_iter().rev().find(of_role)
    }

    /// The groups that have a role.
    pub fn groups(&self, role: Role) -> &[String] {
        match role {
            Role::Viewer => &self.viewer,
            Role::Responder => &self.responder,
            Role::Approver => &self.approver,
            Role::Admin => &self.admin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_role_of_all_groups_counts_and_none_is_none() {
        let groups: RoleGroups =
            toml::from_str("viewer = [\"staff\"]\nresponder = [\"press\", \"staff-2\"]\nadmin = [\"ops\"]\n").unwrap();
        for (of, role) in [
            (vec!["staff"], Some(Role::Viewer)),
            (vec!["staff", "press", "other"], Some(Role::Responder)),
            (vec!["ops", "staff"], Some(Role::Admin)),
            (vec!["Ops", "admin", ""], None),
            (vec![], None),
        ] {
            assert_eq!(groups.of(of.iter().copied()), role, "{of:?}");
        }
    }
}

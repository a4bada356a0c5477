//! `[network]`: the way out, for everything that is reached by HTTP.

use schemars::JsonSchema;
use serde::Deserialize;

use super::secret::Secret;

/// `[network]`. Without it the environment counts: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// The HTTP proxy that receivers and the sentiment service are reached through, instead of that of the environment;
    /// `none`: they are reached directly. Mail and Kafka do not go through it.
    #[schemars(extend("format" = "proxy"))]
    pub proxy: Option<String>,
    /// Hosts that are reached without `proxy`: names (and all below them), addresses, networks (`10.0.0.0/8`).
    pub no_proxy: Vec<String>,
    /// The user at the proxy, where it asks for one.
    pub proxy_user: Option<String>,
    /// That user's password.
    pub proxy_password: Option<Secret>,
    /// A certificate authority to trust beside the system's, for every receiver and the sentiment service: a PEM file,
    /// by its whole path or from the working directory.
    #[schemars(extend("format" = "file"))]
    pub ca_file: Option<std::path::PathBuf>,
}

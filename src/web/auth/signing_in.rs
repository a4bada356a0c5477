//! What signing in needs beside the configuration: keys of the provider, secrets of the proxy.

use std::sync::Arc;

use orszem_runtime::live_config::ConfigReader;

use crate::ports::Outside;

use super::metrics;
use super::oidc::Provider;
use super::proxy::ProxyCheck;

/// What signing in needs beside the configuration.
pub struct SigningIn {
    pub(crate) proxy: ProxyCheck,
    pub(crate) provider: Provider,
}

impl SigningIn {
    /// By the configuration in force. `outside`: the way to the provider of identities; nothing is asked yet.
    pub fn new(config: ConfigReader, outside: Arc<dyn Outside>) -> SigningIn {
        metrics::seed();
        SigningIn { proxy: ProxyCheck::new(config), provider: Provider::new(outside) }
    }
}

impl std::fmt::Debug for SigningIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningIn").finish_non_exhaustive()
    }
}

//! What signing in needs beside the configuration: keys of the provider, secrets of the proxy, who was signed out.

use std::sync::Arc;

use orszem_core::settings::Config;
use orszem_records::time::Timestamp;
use orszem_runtime::live_config::ConfigReader;

use crate::ports::{Outside, SignOuts};

use super::metrics;
use super::oidc::Provider;
use super::proxy::ProxyCheck;
use super::session::Account;

/// What signing in needs beside the configuration.
pub struct SigningIn {
    pub(crate) proxy: ProxyCheck,
    pub(crate) provider: Provider,
    pub(crate) sign_outs: Arc<dyn SignOuts>,
}

impl SigningIn {
    /// By the configuration in force. `outside`: the way to the provider of identities; nothing is asked yet.
    pub fn new(config: ConfigReader, outside: Arc<dyn Outside>, sign_outs: Arc<dyn SignOuts>) -> SigningIn {
        metrics::seed();
        SigningIn { proxy: ProxyCheck::new(config), provider: Provider::new(outside), sign_outs }
    }

    /// Up to when sessions of this account are over, where somebody ended them.
    pub(crate) fn signed_out(&self, config: &Config, account: &Account) -> Option<Timestamp> {
        let person = config.person_of(&account.id).map(|person| person.name.as_str());
        [Some(account.id.as_str()), person].into_iter().flatten().filter_map(|who| self.sign_outs.until(who)).max()
    }
}

impl std::fmt::Debug for SigningIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningIn").finish_non_exhaustive()
    }
}

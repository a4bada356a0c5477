//! Signed links: anyone who was told of an incident may act on it, until the link expires.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use orszem_core::settings::secret::SecretError;
use orszem_records::time::Timestamp;
use orszem_runtime::live_config::{ConfigReader, Derived};
use orszem_runtime::random;
use orszem_runtime::secret::reveal;
use std::sync::Arc;

use crate::address::percent_encode;

/// What the signature is for: a signature made for anything else with the same secret is none here.
const PURPOSE: &str = "orszem incident link 1";

/// Signs links and checks them. One secret for all copies of the program, so that each knows the links of the others.
#[derive(Clone)]
pub struct Signer {
    mac: Hmac<Sha256>,
    /// Of the secret that is being replaced: its links are still valid, and no new one is signed with it.
    old: Option<Hmac<Sha256>>,
}

/// Shows nothing: it holds the secret.
impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

/// The receiver that a link was given to: the name that an acknowledgement bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer(pub String);

/// Why a link lets nobody act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It is ours, and its time is over.
    #[error("the link has expired")]
    Expired,
    /// It is not ours, or was changed.
    #[error("the link is not valid")]
    Forged,
}

impl Signer {
    /// A signer with this secret, of any length (16 characters or more, says `check`).
    pub fn new(secret: &[u8]) -> Signer {
        Signer { mac: keyed(secret), old: None }
    }

    /// Also accepts the links that were signed with `secret`.
    #[must_use]
    pub fn accepting(self, secret: &[u8]) -> Signer {
        Signer { old: Some(keyed(secret)), ..self }
    }

    /// The address of `incident` under `public_url` (no `/` at its end), with which `bearer` may act until
    /// `expires_at` (cut to whole seconds).
    pub fn link(&self, public_url: &str, incident: &str, bearer: &str, expires_at: Timestamp) -> String {
        let until = expires_at.0.div_euclid(1000);
        let signature = URL_SAFE_NO_PAD.encode(signed(&self.mac, incident, bearer, until).finalize().into_bytes());
        let (incident, bearer) = (percent_encode(incident), percent_encode(bearer));
        format!("{public_url}/incidents/{incident}?as={bearer}&until={until}&sig={signature}")
    }

    /// A signature of `text`, for this purpose and no other.
    pub(crate) fn sign(&self, purpose: &str, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(signed_for(&self.mac, purpose, text).finalize().into_bytes())
    }

    /// Whether a signature is one of `text` for this purpose.
    pub(crate) fn has_signed(&self, purpose: &str, text: &str, signature: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        let genuine = |mac| signed_for(mac, purpose, text).verify_slice(&signature).is_ok();
        genuine(&self.mac) || self.old.as_ref().is_some_and(genuine)
    }

    /// Checks the parts of a link: `until` in seconds since the epoch, as it stands in the link. Takes the same time
    /// whichever byte of the signature is wrong.
    pub fn verify(
        &self,
        incident: &str,
        bearer: &str,
        until: i64,
        signature: &str,
        now: Timestamp,
    ) -> Result<Bearer, LinkError> {
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| LinkError::Forged)?;
        let genuine = |mac| signed(mac, incident, bearer, until).verify_slice(&signature).is_ok();
        if !genuine(&self.mac) && !self.old.as_ref().is_some_and(genuine) {
            return Err(LinkError::Forged);
        }
        if now.0.div_euclid(1000) >= until {
            return Err(LinkError::Expired);
        }
        Ok(Bearer(bearer.to_owned()))
    }
}

fn keyed(secret: &[u8]) -> Hmac<Sha256> {
    match Hmac::new_from_slice(secret) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes keys of any length"),
    }
}

/// What is signed for another purpose than an incident's link begins otherwise than that.
fn signed_for(mac: &Hmac<Sha256>, purpose: &str, text: &str) -> Hmac<Sha256> {
    mac.clone().chain_update(format!("orszem {purpose} 1\n{text}").as_bytes())
}

/// Lengths go before texts, so that no two triples have the same form.
fn signed(mac: &Hmac<Sha256>, incident: &str, bearer: &str, until: i64) -> Hmac<Sha256> {
    let canonical = format!("{PURPOSE}\n{}:{incident}\n{}:{bearer}\n{until}", incident.len(), bearer.len());
    mac.clone().chain_update(canonical.as_bytes())
}

/// What signs and checks the links, by the secret of the configuration in force.
pub struct Links {
    /// Signs where the configuration names no secret: links then last until the next restart.
    fallback: Arc<Signer>,
    signer: Derived<Arc<Signer>>,
}

impl Links {
    /// Reads the secret that `config` names.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn new(config: ConfigReader) -> Result<Links, SecretError> {
        let fallback = Arc::new(Signer::new(&random::bytes::<32>()));
        let links = Links { fallback, signer: Derived::new(config) };
        match links.read() {
            Ok(_) => Ok(links),
            Err((fault, _)) => Err(fault),
        }
    }

    /// The signer of the configuration in force. Reads the secret again when the configuration was reloaded: a secret
    /// that got out is worth nothing from then on.
    pub fn signer(&self) -> Arc<Signer> {
        self.read().unwrap_or_else(|(fault, before)| {
            // A reload checks that it is there: it was removed since. The next link tries again.
            tracing::error!(%fault, "cannot read [web] link_secret, links are signed with the old one");
            before.unwrap_or_else(|| Arc::clone(&self.fallback))
        })
    }

    fn read(&self) -> Result<Arc<Signer>, (SecretError, Option<Arc<Signer>>)> {
        self.signer.get(|config| {
            let Some(secrets) = &config.web.link_secret else { return Ok(Arc::clone(&self.fallback)) };
            let values = secrets.all().map(reveal).collect::<Result<Vec<_>, _>>()?;
            let mut signers = values.iter().map(|value| value.as_bytes());
            let signer = signers.next().map_or_else(|| Signer::clone(&self.fallback), Signer::new);
            Ok(Arc::new(signers.fold(signer, Signer::accepting)))
        })
    }
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;

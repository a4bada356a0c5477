//! Signing in at a provider of identities, by OpenID Connect: code flow with PKCE.
//!
//! attempt (state, nonce, verifier in a cookie) → provider → code → ID token → who it is, and which groups they are in.
//! The provider's addresses and keys are fetched when somebody signs in. While it is away nobody signs in, and nothing
//! else changes: sessions go on, and so do signed links.

pub(crate) mod attempt;
mod provider;
mod token;

pub(crate) use provider::{Provider, SignInError};

#[cfg(test)]
mod doubles;
#[cfg(test)]
mod provider_tests;

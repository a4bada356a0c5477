//! What an ID token says, once it is known to be the provider's, for us, for this attempt, and of now.

use std::time::{Duration, SystemTime};

use openidconnect::core::{
    CoreGenderClaim, CoreJsonWebKey, CoreJwsSigningAlgorithm as Algorithm, CoreProviderMetadata,
};
use openidconnect::{
    AdditionalClaims, ClaimsVerificationError, ClientId, IdToken, IdTokenVerifier, Nonce, SignatureVerificationError,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use orszem_core::settings::OpenIdConnect;
use orszem_records::time::Timestamp;

use super::attempt::LASTS_S;

/// How far the clocks of the provider and ours may differ.
const TOLERANCE: Duration = Duration::from_secs(60);
/// The longest name of an account that is taken, in bytes.
const ACCOUNT: usize = 255;
/// The signatures that are believed: those by a key that only the provider has.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// The claims that the standard does not name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct OtherClaims {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for OtherClaims {}

/// An ID token as it came.
pub(super) type RawToken =
    IdToken<OtherClaims, CoreGenderClaim, openidconnect::core::CoreJweContentEncryptionAlgorithm, Algorithm>;

/// Who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// `sub`: of one provider it always names one person. Mail addresses change hands.
    pub(crate) account: String,
    /// What the provider calls them.
    pub(crate) called: Option<String>,
    /// The groups that they are in.
    pub(crate) groups: Vec<String>,
}

/// Why a token is not believed.
#[derive(Debug, thiserror::Error)]
pub(super) enum TokenError {
    /// It is signed with a key that is not known.
    #[error("it is signed with a key that the provider does not list")]
    UnknownKey,
    /// It fails a check.
    #[error("{0}")]
    Check(String),
}

/// Checks a token: issuer, audience, signature, times, and that it was made for the attempt with this nonce.
pub(super) fn check(
    token: &RawToken,
    metadata: &CoreProviderMetadata,
    settings: &OpenIdConnect,
    nonce: &str,
    now: Timestamp,
) -> Result<Identity, TokenError> {
    let client = ClientId::new(settings.client_id.clone());
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or(0));
    let oldest = now.checked_sub(TOLERANCE + Duration::from_secs(LASTS_S.into())).unwrap_or(SystemTime::UNIX_EPOCH);
    let verifier: IdTokenVerifier<'_, CoreJsonWebKey> =
        IdTokenVerifier::new_public_client(client.clone(), metadata.issuer().clone(), metadata.jwks().clone())
            .set_allowed_algs(ALGORITHMS)
            // Whether we are the one that asked, `azp` says: below.
            .set_other_audience_verifier_fn(|_| true)
            .set_time_fn(move || now.checked_sub(TOLERANCE).unwrap_or(SystemTime::UNIX_EPOCH).into())
            .set_issue_time_verifier_fn(move |issued| {
                let issued = SystemTime::from(issued);
                match issued {
                    issued if issued > now + TOLERANCE => Err("it was issued in the future".to_owned()),
                    issued if issued < oldest => Err("it was issued before the attempt to sign in".to_owned()),
                    _ => Ok(()),
                }
            });
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned())).map_err(|fault| match fault {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            TokenError::UnknownKey
        }
        ClaimsVerificationError::SignatureVerification(fault) => TokenError::Check(fault.to_string()),
        fault => TokenError::Check(fault.to_string()),
    })?;
    match claims.authorized_party() {
        Some(party) if *party != client => {
            return Err(TokenError::Check("it was made for another client (azp)".into()));
        }
        None if claims.audiences().len() > 1 => {
            return Err(TokenError::Check("it has several audiences and no azp".into()));
        }
        _ => {}
    }
    let account = claims.subject().as_str().to_owned();
    if account.is_empty() || account.len() > ACCOUNT || account.contains(char::is_control) {
        return Err(TokenError::Check("its sub is no account".into()));
    }
    let called = claims.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned());
    let called = called.or_else(|| claims.preferred_username().map(|name| name.as_str().to_owned()));
    let groups = groups(&claims.additional_claims().all, &settings.roles_claim);
    Ok(Identity { account, called, groups })
}

/// The groups that a claim lists, or the one that it names.
fn groups(claims: &Map<String, Value>, place: &str) -> Vec<String> {
    let found = match place.strip_prefix('/') {
        Some(path) => {
            let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
            let first = claims.get(&first.replace("~1", "/").replace("~0", "~"));
            rest.map_or(first, |rest| first.and_then(|first| first.pointer(&format!("/{rest}"))))
        }
        None => claims.get(place),
    };
    match found {
        Some(Value::Array(groups)) => groups.iter().filter_map(|group| Some(group.as_str()?.to_owned())).collect(),
        Some(Value::String(group)) => vec![group.clone()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_found_by_the_name_of_a_claim_or_inside_of_one() {
        let claims = serde_json::json!({
            "groups": ["a", 7, "b"], "role": "one", "realm_access": {"roles": ["c"]}, "https://x.example/roles": ["d"]
        });
        let Value::Object(claims) = claims else { unreachable!() };
        for (place, expected) in [
            ("groups", vec!["a", "b"]),
            ("/groups", vec!["a", "b"]),
            ("role", vec!["one"]),
            ("/realm_access/roles", vec!["c"]),
            ("https://x.example/roles", vec!["d"]),
            ("realm_access", vec![]),
            ("/realm_access/none", vec![]),
            ("none", vec![]),
        ] {
            assert_eq!(groups(&claims, place), expected, "{place}");
        }
    }
}

//! The provider of identities: where it is, its keys, and what is asked of it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AsyncHttpClient, AuthType, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    StandardErrorResponse, StandardTokenResponse,
};
use tokio::sync::Mutex;

use orszem_core::settings::OpenIdConnect;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::secret::reveal;

use crate::ports::Outside;

use super::attempt::Attempt;
use super::token::{self, Identity, OtherClaims, TokenError};

/// The address below ours that the provider sends people back to.
const BACK: &str = "/sign-in/oidc/back";
/// How long what the provider says of itself is used.
const FRESH: Duration = Duration::from_secs(3_600);
/// How often at most its keys are fetched because a token is signed with an unknown one.
const KEYS_AGAIN: Duration = Duration::from_secs(60);

type TokenAnswer = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// A client of the provider: with an address to send people to, and perhaps one for codes.
type ProviderClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why nobody is signed in. Nothing secret in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInError {
    /// The provider, or the way to it, gave no answer that could be used.
    #[error("the provider of identities gave no usable answer: {0}")]
    Away(String),
    /// What came back is not believed.
    #[error("the sign-in is refused: {0}")]
    Refused(String),
}

/// The provider of identities, as far as it is known.
pub(crate) struct Provider {
    way: Way,
    /// One at a time asks what is not known: the others wait for the same answer.
    known: Mutex<Option<Known>>,
}

/// What the provider said of itself.
struct Known {
    metadata: CoreProviderMetadata,
    /// `None`: long ago, as `keys_asked`.
    asked: Option<Duration>,
    keys_asked: Option<Duration>,
}

/// The way out, as the library calls it.
struct Way(Arc<dyn Outside>);

/// Nothing answered.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoAnswer(String);

impl<'c> AsyncHttpClient<'c> for Way {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let sent = self.0.send(request);
        Box::pin(async move { sent.await.map_err(NoAnswer) })
    }
}

impl Provider {
    /// Reached by `outside`; nothing is asked yet.
    pub(crate) fn new(outside: Arc<dyn Outside>) -> Provider {
        Provider { way: Way(outside), known: Mutex::new(None) }
    }

    /// The address at the provider where an attempt goes on.
    ///
    /// # Errors
    /// The provider does not say where that is.
    pub(crate) async fn address(
        &self,
        settings: &OpenIdConnect,
        public_url: &str,
        attempt: &Attempt,
    ) -> Result<String, SignInError> {
        let metadata = self.metadata(settings).await?;
        let client = client(settings, public_url, metadata)?;
        let (state, nonce) = (attempt.state.clone(), attempt.nonce.clone());
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let mut request = client.authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            move || CsrfToken::new(state),
            move || Nonce::new(nonce),
        );
        for scope in &settings.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let (address, _, _) = request.set_pkce_challenge(challenge).url();
        Ok(address.into())
    }

    /// Exchanges the code that somebody came back with for who they are.
    ///
    /// # Errors
    /// The provider does not answer, or what it says is not believed.
    pub(crate) async fn identity(
        &self,
        settings: &OpenIdConnect,
        public_url: &str,
        attempt: &Attempt,
        code: String,
        now: Timestamp,
    ) -> Result<Identity, SignInError> {
        let metadata = self.metadata(settings).await?;
        let client = client(settings, public_url, metadata.clone())?;
        let request = client.exchange_code(AuthorizationCode::new(code));
        let request = request.map_err(|_| SignInError::Away("it names no address for codes".into()))?;
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let answer = request.set_pkce_verifier(verifier).request_async(&self.way).await.map_err(of_exchange)?;
        let id_token = answer.extra_fields().id_token();
        let id_token = id_token.ok_or_else(|| SignInError::Refused("there is no ID token".into()))?;
        let checked = match token::check(id_token, &metadata, settings, &attempt.nonce, now) {
            Err(TokenError::UnknownKey) => {
                let metadata = self.with_new_keys(metadata).await?;
                token::check(id_token, &metadata, settings, &attempt.nonce, now)
            }
            checked => checked,
        };
        checked.map_err(|fault| SignInError::Refused(format!("the ID token: {fault}")))
    }

    /// What the provider says of itself: once an hour. Where it does not say it again, what it said before counts.
    async fn metadata(&self, settings: &OpenIdConnect) -> Result<CoreProviderMetadata, SignInError> {
        let mut known = self.known.lock().await;
        let now = clock::monotonic();
        let before = known.as_ref().filter(|known| known.metadata.issuer().as_str() == settings.issuer);
        if let Some(fresh) = before.filter(|known| known.asked.is_some_and(|asked| now.saturating_sub(asked) < FRESH)) {
            return Ok(fresh.metadata.clone());
        }
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|fault| SignInError::Away(fault.to_string()))?;
        match CoreProviderMetadata::discover_async(issuer, &self.way).await {
            Ok(metadata) => {
                *known = Some(Known { metadata: metadata.clone(), asked: Some(now), keys_asked: Some(now) });
                Ok(metadata)
            }
            Err(fault) => match before {
                Some(before) => Ok(before.metadata.clone()),
                None => Err(SignInError::Away(of_discovery(&fault))),
            },
        }
    }

    /// The same provider with the keys that it has now; not more often than once a minute, whatever is sent.
    async fn with_new_keys(&self, metadata: CoreProviderMetadata) -> Result<CoreProviderMetadata, SignInError> {
        let mut held = self.known.lock().await;
        let Some(known) = held.as_mut().filter(|known| known.metadata.issuer() == metadata.issuer()) else {
            return Ok(metadata);
        };
        let now = clock::monotonic();
        if known.keys_asked.is_none_or(|asked| now.saturating_sub(asked) >= KEYS_AGAIN) {
            known.keys_asked = Some(now);
            let keys = CoreJsonWebKeySet::fetch_async(known.metadata.jwks_uri(), &self.way).await;
            let keys = keys.map_err(|fault| SignInError::Away(of_discovery(&fault)))?;
            known.metadata = known.metadata.clone().set_jwks(keys);
        }
        Ok(known.metadata.clone())
    }

    /// As if the keys had been fetched long ago.
    #[cfg(test)]
    pub(super) async fn age_keys(&self) {
        if let Some(known) = self.known.lock().await.as_mut() {
            known.keys_asked = None;
        }
    }

    /// As if what the provider says of itself had been fetched long ago.
    #[cfg(test)]
    pub(super) async fn forget(&self) {
        if let Some(known) = self.known.lock().await.as_mut() {
            known.asked = None;
        }
    }
}

fn client(
    settings: &OpenIdConnect,
    public_url: &str,
    metadata: CoreProviderMetadata,
) -> Result<ProviderClient, SignInError> {
    let secret = settings.client_secret.as_ref().map(reveal).transpose();
    let secret = secret.map_err(|fault| SignInError::Away(format!("the client_secret cannot be read: {fault}")))?;
    let back = RedirectUrl::new(format!("{public_url}{BACK}")).map_err(|fault| SignInError::Away(fault.to_string()))?;
    // What the standard has where the provider says nothing.
    let methods = metadata.token_endpoint_auth_methods_supported();
    let basic = methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    let auth = if basic { AuthType::BasicAuth } else { AuthType::RequestBody };
    let client = Client::from_provider_metadata(
        metadata,
        ClientId::new(settings.client_id.clone()),
        secret.map(ClientSecret::new),
    );
    Ok(client.set_redirect_uri(back).set_auth_type(auth))
}

/// What to tell of a failed discovery: nothing of the body, which is the provider's.
fn of_discovery(fault: &DiscoveryError<NoAnswer>) -> String {
    match fault {
        DiscoveryError::Request(fault) => fault.to_string(),
        DiscoveryError::Response(status, _, _) => format!("it answered {status}"),
        DiscoveryError::Parse(fault) => format!("what it says of itself cannot be read: {fault}"),
        DiscoveryError::Validation(fault) => format!("what it says of itself is wrong: {fault}"),
        fault => fault.to_string(),
    }
}

fn of_exchange(fault: RequestTokenError<NoAnswer, StandardErrorResponse<CoreErrorResponseType>>) -> SignInError {
    match fault {
        RequestTokenError::Request(fault) => SignInError::Away(fault.to_string()),
        // The words of the provider for a code that is spent, of somebody else, or too old.
        RequestTokenError::ServerResponse(said) => {
            SignInError::Refused(format!("the provider refused the code: {}", said.error().as_ref()))
        }
        RequestTokenError::Parse(fault, _) => SignInError::Away(format!("its answer cannot be read: {fault}")),
        RequestTokenError::Other(fault) => SignInError::Away(fault),
    }
}

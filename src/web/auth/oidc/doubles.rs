//! A provider of identities in memory, which refuses what a real one refuses and lies where a test asks for that.

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::http::{Request, Response, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use orszem_runtime::clock;

use crate::ports::{Answering, Outside};

/// Its address.
pub(super) const ISSUER: &str = "https://login.example/realm";
/// What a client proves itself with.
pub(super) const SECRET: &str = "a secret of the client: with + and /";

/// What a browser was sent to it with.
#[derive(Clone, Debug)]
pub(super) struct Asked(pub(super) BTreeMap<String, String>);

impl Asked {
    /// Of the address that a browser was sent to.
    pub(super) fn of(address: &str) -> Asked {
        let url = url::Url::parse(address).unwrap();
        assert!(address.starts_with(&format!("{ISSUER}/authorize?")), "{address}");
        Asked(url.query_pairs().into_owned().collect())
    }
}

/// The provider.
pub(super) struct Double {
    pub(super) state: Mutex<State>,
}

pub(super) struct State {
    /// The key that signs, and its name.
    key: (String, PKey<Private>),
    /// The keys that are listed.
    listed: Vec<Value>,
    /// Nothing answers.
    pub(super) away: bool,
    /// What the next ID token says otherwise than it should; `null`: nothing.
    pub(super) changed: Value,
    /// The challenge, the way back and the nonce of each code that was not used yet.
    codes: BTreeMap<String, Asked>,
    /// The paths that were asked for.
    pub(super) asked: Vec<String>,
}

fn listed(name: &str, key: &PKey<Private>) -> Value {
    let rsa = key.rsa().unwrap();
    let number = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
    json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": name, "n": number(rsa.n().to_vec()), "e": number(rsa.e().to_vec())})
}

fn new_key() -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap()
}

impl Double {
    pub(super) fn new() -> Double {
        let key = new_key();
        let state = State {
            listed: vec![listed("first", &key)],
            key: ("first".into(), key),
            away: false,
            changed: Value::Null,
            codes: BTreeMap::new(),
            asked: Vec::new(),
        };
        Double { state: Mutex::new(state) }
    }

    /// Somebody signs in: the address that their browser goes back to.
    pub(super) fn sign_in(&self, asked: &Asked) -> String {
        let mut state = self.state.lock().unwrap();
        let code = format!("code-{}", state.codes.len());
        state.codes.insert(code.clone(), asked.clone());
        format!("/sign-in/oidc/back?code={code}&state={}", asked.0["state"])
    }

    /// It signs with another key from now on, and lists that one alone.
    pub(super) fn rotate(&self) {
        let mut state = self.state.lock().unwrap();
        let key = new_key();
        state.listed = vec![listed("second", &key)];
        state.key = ("second".into(), key);
    }

    /// How often a path was asked for.
    pub(super) fn times(&self, path: &str) -> usize {
        self.state.lock().unwrap().asked.iter().filter(|asked| *asked == path).count()
    }
}

impl State {
    fn id_token(&self, nonce: &str) -> String {
        let now = clock::now().0 / 1000;
        let mut claims = json!({
            "iss": ISSUER, "sub": "sub-1", "aud": "orszem", "nonce": nonce, "iat": now, "exp": now + 300,
            "name": "Anna of the provider", "email": "anna@example.com", "groups": ["press", "staff"],
        });
        if let Value::Object(changed) = &self.changed {
            for (name, value) in changed {
                match value {
                    Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
                    value => claims[name] = value.clone(),
                }
            }
        }
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = json!({"alg": "RS256", "typ": "JWT", "kid": self.key.0});
        let signed = format!("{}.{}", encoded(&head), encoded(&claims));
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key.1).unwrap();
        let mut signature = signer.sign_oneshot_to_vec(signed.as_bytes()).unwrap();
        if self.changed == json!("signature") {
            signature[7] ^= 1;
        }
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn token(&mut self, request: &Request<Vec<u8>>) -> (u16, Value) {
        let refused = |error: &str| (400, json!({ "error": error }));
        let form: BTreeMap<String, String> = url::form_urlencoded::parse(request.body()).into_owned().collect();
        let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let login = STANDARD.encode(format!("orszem:{}", encoded(SECRET)));
        if request.headers().get(header::AUTHORIZATION).is_none_or(|given| given != format!("Basic {login}").as_str()) {
            return (401, json!({"error": "invalid_client"}));
        }
        // A code is good once.
        let Some(asked) = form.get("code").and_then(|code| self.codes.remove(code)) else {
            return refused("invalid_grant");
        };
        let challenge = form.get("code_verifier").map(|it| URL_SAFE_NO_PAD.encode(Sha256::digest(it.as_bytes())));
        let same = challenge.as_ref() == asked.0.get("code_challenge") && asked.0["code_challenge_method"] == "S256";
        if !same
            || form.get("redirect_uri") != asked.0.get("redirect_uri")
            || form["grant_type"] != "authorization_code"
        {
            return refused("invalid_grant");
        }
        let id_token = self.id_token(&asked.0["nonce"]);
        (200, json!({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}))
    }

    fn answer(&mut self, request: &Request<Vec<u8>>) -> (u16, Value) {
        let path = request.uri().path().to_owned();
        self.asked.push(path.clone());
        match path.as_str() {
            "/realm/.well-known/openid-configuration" => {
                let at = |path: &str| format!("{ISSUER}/{path}");
                let says = json!({
                    "issuer": ISSUER, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
                    "jwks_uri": at("keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                });
                (200, says)
            }
            "/realm/keys" => (200, json!({ "keys": self.listed })),
            "/realm/token" => self.token(request),
            _ => (404, json!({})),
        }
    }
}

impl Outside for Double {
    fn send(&self, request: Request<Vec<u8>>) -> Answering<'_> {
        Box::pin(async move {
            let mut state = self.state.lock().unwrap();
            if state.away {
                return Err("nothing answers".to_owned());
            }
            let (status, body) = state.answer(&request);
            let answer = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json");
            Ok(answer.body(body.to_string().into_bytes()).unwrap())
        })
    }
}

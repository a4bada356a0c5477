//! Signatures of Standard Webhooks: the keys, and what is signed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The bytes of `whsec_` and base64: 24 to 64.
pub(super) fn key(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    (24..=64).contains(&key.len()).then_some(key)
}

/// The header: a signature by every key.
pub(super) fn signatures(keys: &[Vec<u8>], id: &str, timestamp: i64, body: &[u8]) -> String {
    keys.iter().map(|key| signature(key, id, timestamp, body)).collect::<Vec<String>>().join(" ")
}

/// A message's name as a header can carry it. Receivers may be named with any letters; others than visible ASCII are
/// percent-encoded, so that the header and the signed text agree.
pub(super) fn message_id(message: &str) -> String {
    let mut id = String::with_capacity(message.len());
    for byte in message.bytes() {
        match byte {
            b'!'..=b'$' | b'&'..=b'~' => id.push(char::from(byte)),
            other => id.push_str(&format!("%{other:02X}")),
        }
    }
    id
}

/// `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
pub(super) fn signature(key: &[u8], id: &str, timestamp: i64, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { unreachable!("HMAC takes keys of any length") };
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

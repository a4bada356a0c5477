//! Cookies of a request and of an answer.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// The longest value of a cookie that is read, in bytes.
const LONGEST: usize = 1_500;

/// The value of a cookie as it was set; `None` where there is none, or it is no text of ours.
pub(crate) fn value(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok()).flat_map(|all| all.split(';'));
    let mut named = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(known, _)| *known == name);
    let (_, value) = named.next().filter(|(_, value)| value.len() <= LONGEST)?;
    percent_encoding::percent_decode_str(value).decode_utf8().ok().map(|value| value.into_owned())
}

/// A cookie that a browser keeps for this many seconds, and no script can read; with 0 it forgets it. `secure`: only
/// over TLS.
pub(crate) fn set(name: &str, value: &str, seconds: u64, secure: bool) -> Option<HeaderValue> {
    let value = crate::address::percent_encode(value);
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(cookie).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_read_back_and_nothing_else_is() {
        let set = set("orszem_name", "Ágnes; x=1", 60, true).unwrap();
        let set = set.to_str().unwrap();
        assert!(set.ends_with("; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"), "{set}");
        let pair = set.split(';').next().unwrap();
        let headers = |cookie: &str| HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookie).unwrap())]);
        assert_eq!(value(&headers(&format!("a=b; {pair}")), "orszem_name").as_deref(), Some("Ágnes; x=1"));
        assert_eq!(value(&headers(pair), "orszem"), None);
        assert_eq!(value(&headers(&format!("orszem_name={}", "x".repeat(2_000))), "orszem_name"), None);
        assert_eq!(value(&headers("orszem_name=%FF"), "orszem_name"), None);
    }
}

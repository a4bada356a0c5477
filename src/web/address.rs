//! Addresses: how text becomes a part of one, and which ones from outside a person may follow.

use orszem_text::sanitize;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What need not be written as `%XX` in any part of an address (RFC 3986, unreserved) stays as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Text as a part of an address: every byte but letters, digits and `-._~` as `%XX`.
pub(crate) fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// An address from outside that a person may follow, and its host as a browser would ask for it (letters outside
/// ASCII as punycode, so that a host cannot look like another).
pub(crate) fn web_address(url: &str) -> Option<(String, String)> {
    let address = sanitize::address(url)?;
    let host = url::Url::parse(&address).ok()?.host_str()?.to_owned();
    Some((address, host))
}

/// An address of this site; the list, where it is of another.
pub(crate) fn way_back(back: &str) -> &str {
    let ours =
        ["incidents/", "incidents?", "watches", "docs", "?", "sign-in"].iter().any(|start| back.starts_with(start));
    let plain = back.bytes().all(|byte| byte.is_ascii_graphic()) && !back.contains("..") && !back.contains('\\');
    if ours && plain { back } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_are_followed() {
        for url in
            ["javascript:alert(1)", "data:text/html,x", "//x.example", "https://bank.example@evil.example/", "x", " "]
        {
            assert_eq!(web_address(url), None, "{url}");
        }
        assert_eq!(
            web_address("HTTPS://Example.com/\"><script>"),
            Some(("https://example.com/%22%3E%3Cscript%3E".into(), "example.com".into()))
        );
        assert_eq!(web_address("http://exämple.com/").unwrap().1, "xn--exmple-cua.com");
    }
    #[test]
    fn another_site_is_no_way_back() {
        for elsewhere in ["//evil.example/", "https://evil.example/", "incidents/../../x", "\\evil", "incidents/\n"] {
            assert_eq!(way_back(elsewhere), "", "{elsewhere}");
        }
        assert_eq!(way_back("?state=open"), "?state=open");
    }
}

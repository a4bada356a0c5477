//! Links that are written without their scheme: `www.acme.com`, `t.co/abc`, `info@acme.hu`.

use std::ops::Range;

/// Endings of hosts that are taken for one also without a path.
const HOSTS: [&str; 8] = ["com", "net", "org", "info", "hu", "eu", "io", "co"];

/// The ranges of such links in a text, in order.
pub(super) fn bare_links(text: &str) -> impl Iterator<Item = Range<usize>> {
    let start = text.as_ptr() as usize;
    text.split_whitespace().filter(|token| is_link(token)).map(move |token| {
        let from = token.as_ptr() as usize - start;
        from..from + token.len()
    })
}

fn is_link(token: &str) -> bool {
    // Most words have no dot within them, and need not be looked at.
    if !token.trim_end_matches('.').contains('.') {
        return false;
    }
    let token = token.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '/');
    let host = token.split(['/', '?', '#']).next().unwrap_or_default();
    let has_path = host.len() < token.len();
    let (_, host) = host.split_once('@').unwrap_or(("", host));
    let mut parts = host.rsplit('.');
    let last = parts.next().unwrap_or_default();
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || letter == '-');
    let has_more = host.contains('.') && parts.all(is_part);
    let is_top = last.len() >= 2 && last.chars().all(char::is_alphabetic);
    let is_known = || HOSTS.iter().any(|known| known.eq_ignore_ascii_case(last));
    let is_host = has_path || host.starts_with("www.") || token.contains('@') || is_known();
    has_more && is_top && is_host
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_with_a_path_is_a_link_and_a_missing_space_makes_none() {
        for link in ["www.acme.com", "t.co/abc", "(acme.hu)", "info@acme.hu", "pic.twitter.com/x1", "www.győr.hu/a?b"]
        {
            assert!(is_link(link), "{link}");
        }
        for word in ["Good.Bad", "e.g", "and/or", "24/7", "3.14", "@acme", "C++", "...", "a./b"] {
            assert!(!is_link(word), "{word}");
        }
    }
}

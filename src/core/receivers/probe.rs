//! A question that is no page, for services that answer about a page only when they get one.

use url::Url;

use super::answer::Answer;
use super::request::{Method, Request};
use crate::finding::Finding;

/// Asks an address that takes pages for its options: nobody can mistake the question for a page.
pub(super) fn options(url: &Url) -> Request {
    Request::new(Method::Options, url)
}

/// What an answer to a question that is no page tells of an address that takes pages. `unknown` is what this leaves
/// open.
pub(super) fn alive(host: &str, answer: &Answer, unknown: &str) -> Finding {
    let status = answer.status;
    let said = format!("{host} answers ({status} to OPTIONS)");
    match status {
        404 => Finding::warning(
            "",
            format!("{said}: perhaps there is nothing at this path"),
            "check the path of the address; some servers answer this to every request that is not for a page",
        ),
        410 => Finding::broken("", format!("{said}: the address is gone for good"), "put in the new address"),
        300..=399 => Finding::warning(
            "",
            format!("{said}, which leads elsewhere"),
            "put in the address that it leads to: redirects are not followed",
        ),
        429 | 500..=599 => {
            Finding::warning("", format!("{said}: it is not well now"), "see the status page of the service")
        }
        _ => Finding::works("", format!("{said}; {unknown}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::State;

    #[test]
    fn answers_are_told_apart() {
        let state = |status| alive("a", &Answer { status, ..Answer::default() }, "the rest is open").state;
        for (statuses, expected) in [
            (&[200, 204, 400, 401, 403, 405][..], State::Works),
            (&[301, 308, 404, 429, 500, 503], State::Warning),
            (&[410], State::Broken),
        ] {
            assert!(statuses.iter().all(|status| state(*status) == expected), "{statuses:?}");
        }
    }
}

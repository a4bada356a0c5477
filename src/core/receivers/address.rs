//! Addresses of services: which texts are addresses, and which parts of one are secret.

use url::Url;

use super::fault::Fault;

/// An `http` or `https` address with a host. Not repeated in the error: some addresses are secrets.
///
/// # Errors
/// The text under the key `field` is not such an address.
pub fn web_address(field: &'static str, text: &str) -> Result<Url, Fault> {
    let url = Url::parse(text.trim()).map_err(|fault| Fault::value(field, format!("no address: {fault}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(Fault::value(field, "an address begins with https:// or http:// and names a host"));
    }
    Ok(url)
}

/// The address of an API to which paths are added: without `/` at its end, query and fragment.
///
/// # Errors
/// The text under the key `field` is not such an address.
pub fn base_address(field: &'static str, text: &str) -> Result<String, Fault> {
    let url = web_address(field, text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Fault::value(field, "the address of an API has neither ? nor #"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// What must not be said of a secret address: all of it, its path and query, and each long part of its path. A web
/// server's error page repeats the path that it was asked for.
pub fn secret_parts(url: &Url) -> Vec<String> {
    let mut parts = vec![url.to_string(), url.to_string().trim_end_matches('/').to_owned()];
    if url.path().len() > 1 {
        parts.push(url.path().to_owned());
    }
    parts.extend(url.query().map(str::to_owned));
    parts.extend(url.query_pairs().map(|(_, value)| value.into_owned()).filter(|value| value.len() >= 8));
    parts.extend(url.password().map(str::to_owned));
    let long = url.path_segments().into_iter().flatten().filter(|part| part.len() >= 8);
    parts.extend(long.map(str::to_owned));
    parts
}

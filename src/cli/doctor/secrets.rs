//! All secrets that the configuration names, so that the report can leave them out.

use reqwest::Url;

use orszem_config::Loaded;
use orszem_notify::http::secret_parts;

/// The minimum length of a text to remove: shorter ones are part of many words.
const SHORTEST: usize = 4;

/// The values, the longest first, so that a whole address is removed before its path. Unreadable secrets cannot be
/// printed, so they are left out.
pub(super) fn of(loaded: &Loaded) -> Vec<String> {
    let mut values: Vec<String> =
        loaded.secrets().iter().filter_map(|named| orszem_runtime::secret::reveal(&named.secret).ok()).collect();
    let addresses: Vec<String> = values
        .iter()
        .filter_map(|value| Url::parse(value).ok())
        .filter(|url| url.has_host())
        .flat_map(|url| secret_parts(&url))
        .collect();
    values.extend(addresses);
    values.retain(|value| value.len() >= SHORTEST);
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    values
}

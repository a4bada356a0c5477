//! Every secret that the configuration names, so that none of them is printed.

use reqwest::Url;

use orszem_config::Loaded;
use orszem_notify::http::secret_parts;

/// The shortest text that is removed: a shorter one is part of many words.
const SHORTEST: usize = 4;

/// The values, the longest first: a whole address goes before its path does. What cannot be read cannot be printed.
pub(super) fn of(loaded: &Loaded) -> Vec<String> {
    let mut values: Vec<String> =
        loaded.secrets().iter().filter_map(|secret| orszem_runtime::secret::reveal(secret).ok()).collect();
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

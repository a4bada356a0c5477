//! How many random cases the properties of this crate run on.

use proptest::test_runner::Config;

/// As many as the variable `PROPTEST_CASES` says, else `usual`. A run by hand takes a million:
/// `PROPTEST_CASES=1000000 cargo test -p orszem-core --lib properties_tests`.
#[expect(clippy::disallowed_methods, reason = "the number of cases is no part of what a core computes")]
pub(crate) fn cases(usual: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|number| number.parse().ok());
    Config::with_cases(asked.unwrap_or(usual))
}

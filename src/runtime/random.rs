//! Randomness from the operating system: for secrets, and for names that no other process has. Never for a decision.

/// Random bytes, fit for secrets.
///
/// # Panics
/// When the operating system has no source of randomness: nothing here could be kept secret then.
#[expect(clippy::expect_used, reason = "without randomness the process must not run")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has a source of randomness");
    bytes
}

/// A name that nothing else has, of twelve letters, digits, `-` and `_`.
pub fn id() -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let sign = |byte: u8| char::from(SIGNS[usize::from(byte % 64)]);
    bytes::<12>().into_iter().map(sign).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_names_are_the_same() {
        let names: std::collections::BTreeSet<String> = (0..1_000).map(|_| super::id()).collect();
        assert!(names.len() == 1_000 && names.iter().all(|name| name.len() == 12));
    }
}

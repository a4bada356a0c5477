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

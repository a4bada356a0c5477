//! Words of the command line.

/// `1 page`, `2 pages`: a number, and the word for one or for several.
pub(super) fn count(number: impl Into<u64>, one: &str, several: &str) -> String {
    let number = number.into();
    format!("{number} {}", if number == 1 { one } else { several })
}

/// [`count`] of what is counted in memory.
pub(super) fn count_of(number: usize, one: &str, several: &str) -> String {
    count(u64::try_from(number).unwrap_or(u64::MAX), one, several)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        assert_eq!([0_u32, 1, 2].map(|n| count(n, "page", "pages")), ["0 pages", "1 page", "2 pages"]);
        assert_eq!(count_of(1, "watch", "watches"), "1 watch");
    }
}

//! Emoji that carry sentiment, by what their names in Unicode say.

/// Strongly against.
pub(super) const VERY_BAD: &str = "😡😠🤬🤮🤢💩🖕😤👿";
/// Against.
pub(super) const BAD: &str = "😞😔😟😕🙁☹😣😖😫😩😢😭😒🙄😑😨😰😱😓👎💔😾🤦😷🚫❌⚠";
/// For.
pub(super) const GOOD: &str = "🙂😊☺😀😃😄😁😆😅😉😌😋😎🤗👍👏👌🙌🙏💪🎉🎊🎁✅✨🌟⭐🏆🥇😸";
/// Strongly for.
pub(super) const VERY_GOOD: &str = "😍🥰😘😻🤩❤♥💕💖💗💙💚💛💜💝💞💓🧡";

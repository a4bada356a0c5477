//! Emoji with sentiment, according to their Unicode names.

/// Strongly negative.
pub(super) const VERY_BAD: &str = "😡😠🤬🤮🤢💩🖕😤👿";
/// Negative.
pub(super) const BAD: &str = "😞😔😟😕🙁☹😣😖😫😩😢😭😒🙄😑😨😰😱😓👎💔😾🤦😷🚫❌⚠";
/// Positive.
pub(super) const GOOD: &str = "🙂😊☺😀😃😄😁😆😅😉😌😋😎🤗👍👏👌🙌🙏💪🎉🎊🎁✅✨🌟⭐🏆🥇😸";
/// Strongly positive.
pub(super) const VERY_GOOD: &str = "😍🥰😘😻🤩❤♥💕💖💗💙💚💛💜💝💞💓🧡";

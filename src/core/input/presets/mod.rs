//! Presets: maps for common formats. Each is a file that anyone could write under `[input.map]`. If a map alone is not
//! enough, there is also a function that prepares the document.

mod batch;
mod feed;
mod jetstream;
mod mastodon;
mod x;

use serde_json::Value;

use super::NoMention;
use super::map::Map;
use crate::settings::input::Format;

pub(super) use batch::sole;

/// Prepares a document before the map is applied.
pub(super) type Prepare = fn(Value) -> Result<Value, NoMention>;

/// The map of a format, as under `[input.map]`; `None` for formats without a map.
pub const fn written(format: Format) -> Option<&'static str> {
    match format {
        Format::Native | Format::Map => None,
        Format::Brandwatch => Some(include_str!("brandwatch.toml")),
        Format::Meltwater => Some(include_str!("meltwater.toml")),
        Format::XV2 => Some(include_str!("x-v2.toml")),
        Format::BlueskyJetstream => Some(include_str!("bluesky-jetstream.toml")),
        Format::Mastodon => Some(include_str!("mastodon.toml")),
        Format::Feed => Some(include_str!("feed.toml")),
    }
}

/// The map of a format; empty for formats without one.
///
/// # Errors
/// Never, as long as the tests of this module pass.
pub(super) fn map(format: Format) -> Result<Map, String> {
    let Some(written) = written(format) else { return Ok(Map::default()) };
    let map = toml::from_str(written).map_err(|fault| format!("the map of {}: {fault}", format.name()))?;
    Map::new(&map)
}

/// The preparation for a format.
pub(super) fn prepare(format: Format) -> Prepare {
    match format {
        Format::Native | Format::Map => Ok,
        Format::Brandwatch => |document| batch::single(document, "results"),
        Format::Meltwater => |document| batch::single(document, "documents"),
        Format::XV2 => x::prepare,
        Format::BlueskyJetstream => jetstream::prepare,
        Format::Mastodon => mastodon::prepare,
        Format::Feed => feed::prepare,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_map_is_valid() {
        for format in Format::ALL {
            let map = map(format).unwrap_or_else(|fault| panic!("{fault}"));
            assert_eq!(written(format).is_none(), format!("{map:?}") == format!("{:?}", Map::default()), "{format:?}");
        }
    }
}

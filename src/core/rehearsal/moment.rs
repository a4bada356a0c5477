//! Times of a case: minutes and seconds from its start, or instants.

use orszem_records::time::Timestamp;

/// Reads `5:00`, `130:00`, `4:59.999` (minutes, seconds and milliseconds from `start`) or an instant such as
/// `2026-03-29T07:00:00Z`.
pub(super) fn parse(text: &str, start: Timestamp) -> Option<Timestamp> {
    if text.contains('T') {
        let instant: jiff::Timestamp = text.parse().ok()?;
        return Some(Timestamp(instant.as_millisecond()));
    }
    let (minutes, seconds) = text.split_once(':')?;
    let (seconds, millis) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let minutes: i64 = minutes.parse().ok()?;
    let (seconds, millis): (i64, i64) = (seconds.parse().ok()?, format!("{millis:0<3}").parse().ok()?);
    Some(start.plus(minutes * 60_000 + seconds * 1_000 + millis))
}

/// As it would be written in a case that begins at `start`.
pub(super) fn shown(at: Timestamp, start: Timestamp) -> String {
    let ms = at.since(start);
    let (minutes, seconds, millis) = (ms / 60_000, ms / 1_000 % 60, ms % 1_000);
    match millis {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{minutes}:{seconds:02}.{millis:03}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_shown() {
        let start = Timestamp(1_000_000);
        for text in ["0:00", "5:00", "130:07", "4:59.999"] {
            assert_eq!(shown(parse(text, start).unwrap(), start), text);
        }
        let instant = parse("2026-03-29T07:00:00Z", start).unwrap();
        assert_eq!(instant.to_string(), "2026-03-29T07:00:00Z");
        for wrong in ["5", "a:00", "", "2026-13-01T00:00:00Z"] {
            assert_eq!(parse(wrong, start), None, "{wrong}");
        }
    }
}

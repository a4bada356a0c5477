//! How far a partition was read, with a mark of the last record: tells whether the log is still the same one.
//!
//! An offset alone says nothing of the log it belongs to. A topic that was deleted and made again, or a broker restored
//! from an older copy, has other records at the same offsets; going on from the old offset would drop as many new
//! records as were read of the old log, and nobody would hear of it. So the mark is committed beside the offset.

use std::ops::Range;

use orszem_core::stage::{Mark, Offset, Place};

/// The mark of a record: of its time and its value's length, beginning and end.
pub(super) fn mark_of(offset: Offset, timestamp_ms: i64, value: &[u8]) -> Mark {
    const ENDS: usize = 64;
    let mut bytes = [0_u8; 16 + 2 * ENDS];
    bytes[..8].copy_from_slice(&timestamp_ms.to_le_bytes());
    bytes[8..16].copy_from_slice(&value.len().to_le_bytes());
    let head = value.len().min(ENDS);
    bytes[16..16 + head].copy_from_slice(&value[..head]);
    let tail = &value[value.len() - head..];
    bytes[16 + ENDS..16 + ENDS + head].copy_from_slice(tail);
    Mark { offset, hash: xxhash_rust::xxh3::xxh3_64(&bytes) }
}

/// The mark as it is committed beside the offset.
pub(super) fn write(mark: Mark) -> String {
    format!("orszem/1 {} {:016x}", mark.offset, mark.hash)
}

/// The mark that was committed; `None` for what others wrote there, or nobody.
pub(super) fn parse(metadata: &str) -> Option<Mark> {
    let (offset, hash) = metadata.strip_prefix("orszem/1 ")?.split_once(' ')?;
    Some(Mark { offset: offset.parse().ok()?, hash: u64::from_str_radix(hash, 16).ok()? })
}

/// What becomes of a place that was committed, in the log as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It is the same log: go on from here.
    Same(Offset),
    /// Records were deleted before they were read: they are lost, go on from here.
    Deleted {
        /// How many offsets; markers of transactions count.
        lost: i64,
        /// The first record that there is.
        from: Offset,
    },
    /// The log ends before the place, or another record has its mark: it was made again, or restored from an older
    /// copy. Go on from its beginning.
    MadeAgain {
        /// The first record that there is.
        from: Offset,
    },
}

/// Compares a place with the log, which has these offsets and this mark where the place's own is.
pub(super) fn find(place: Place, offsets: &Range<Offset>, there: Option<Mark>) -> Found {
    let low = offsets.start;
    let is_other = place.mark.zip(there).is_some_and(|(mark, there)| mark.offset == there.offset && mark != there);
    if place.offset > offsets.end || is_other {
        return Found::MadeAgain { from: low };
    }
    match low - place.offset {
        lost if lost > 0 => Found::Deleted { lost, from: low },
        _ => Found::Same(place.offset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(offset: Offset, hash: u64) -> Place {
        Place { offset, mark: Some(Mark { offset: offset - 1, hash }) }
    }

    fn there(offset: Offset, hash: u64) -> Option<Mark> {
        Some(Mark { offset, hash })
    }

    #[test]
    fn a_mark_is_committed_and_read_back() {
        let mark = mark_of(41, 1_795_162_530_000, b"{}");
        assert_eq!(parse(&write(mark)), Some(mark));
        for foreign in ["", "orszem/1", "orszem/1 x 00", "orszem/2 1 00", "somebody's note"] {
            assert_eq!(parse(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn records_that_differ_anywhere_people_look_have_different_marks() {
        let text = |middle: &str| format!("{{\"id\":\"1\",\"text\":\"{}{middle}{}\"}}", "a".repeat(80), "b".repeat(80));
        let base = mark_of(0, 1, text("x").as_bytes());
        assert_ne!(base, mark_of(0, 2, text("x").as_bytes()), "another time");
        assert_ne!(base, mark_of(0, 1, text("xy").as_bytes()), "another length");
        assert_ne!(mark_of(0, 1, b"one"), mark_of(0, 1, b"two"));
        assert_ne!(mark_of(0, 1, b""), mark_of(0, 1, b"\0"));
        assert_eq!(base, mark_of(0, 1, text("x").as_bytes()));
    }

    #[test]
    fn the_same_log_is_read_on() {
        assert_eq!(find(place(50, 7), &(0..120), there(49, 7)), Found::Same(50));
        assert_eq!(find(place(50, 7), &(0..50), there(49, 7)), Found::Same(50), "nothing new");
        assert_eq!(find(place(50, 7), &(0..120), there(60, 9)), Found::Same(50), "the record itself is compacted away");
        assert_eq!(find(Place { offset: 50, mark: None }, &(0..120), None), Found::Same(50), "committed before marks");
    }

    #[test]
    fn a_topic_made_again_is_read_from_its_beginning() {
        assert_eq!(find(place(50, 7), &(0..120), there(49, 8)), Found::MadeAgain { from: 0 }, "it has grown longer");
        assert_eq!(find(place(50, 7), &(0..20), None), Found::MadeAgain { from: 0 }, "it is shorter");
        assert_eq!(find(Place { offset: 50, mark: None }, &(3..20), None), Found::MadeAgain { from: 3 });
    }

    #[test]
    fn what_was_deleted_before_it_was_read_is_lost_and_counted() {
        assert_eq!(find(place(50, 7), &(80..100), there(80, 1)), Found::Deleted { lost: 30, from: 80 });
    }
}

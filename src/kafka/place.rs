//! How far a partition was read, with a mark of the last record: tells whether the log is still the same one.
//!
//! An offset alone says nothing of the log it belongs to. A topic that was deleted and made again, or a broker restored
//! from an older copy, has other records at the same offsets; going on from the old offset would drop as many new
//! records as were read of the old log, and nobody would hear of it. So the mark is committed beside the offset.

use std::ops::Range;

use orszem_core::stage::{Mark, Offset, Place};

/// What is committed of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    /// How far it was read.
    pub(super) place: Place,
    /// The first record that the state of the stage is still made of, at most `place`: who takes over reads from there.
    /// `None` where the stage keeps its state elsewhere, or where another version of orszem has committed.
    pub(super) needed: Option<Offset>,
}

impl From<Place> for Kept {
    fn from(place: Place) -> Kept {
        Kept { place, needed: None }
    }
}

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

/// What is committed beside the offset; `None` where nothing is known but the offset.
pub(super) fn write(kept: &Kept) -> Option<String> {
    let mark = kept.place.mark.map(|mark| format!(" {} {:016x}", mark.offset, mark.hash));
    match kept.needed {
        // Its own version: what was committed before there was one decider says nothing of what is needed.
        Some(needed) => Some(format!("orszem/2 {needed}{}", mark.unwrap_or_default())),
        None => mark.map(|mark| format!("orszem/1{mark}")),
    }
}

/// What was committed at `offset`. Where others wrote beside it, or nobody, nothing but the offset is known.
pub(super) fn parse(offset: Offset, metadata: &str) -> Kept {
    let bare = Kept::from(Place::from(offset));
    let (needed, mark) = match metadata.split_once(' ') {
        Some(("orszem/1", mark)) => (None, Some(mark)),
        Some(("orszem/2", rest)) => {
            let (needed, mark) = rest.split_once(' ').map_or((rest, None), |(needed, mark)| (needed, Some(mark)));
            let Ok(needed) = needed.parse::<Offset>() else { return bare };
            (Some(needed.min(offset)), mark)
        }
        _ => return bare,
    };
    Kept { place: Place { offset, mark: mark.and_then(parse_mark) }, needed }
}

fn parse_mark(text: &str) -> Option<Mark> {
    let (offset, hash) = text.split_once(' ')?;
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
    fn what_is_committed_is_read_back() {
        let mark = mark_of(41, 1_795_162_530_000, b"{}");
        let place = Place { offset: 42, mark: Some(mark) };
        for needed in [None, Some(7), Some(42)] {
            let kept = Kept { place, needed };
            assert_eq!(parse(42, &write(&kept).unwrap()), kept);
        }
        let unmarked = Kept { place: Place::from(42), needed: Some(7) };
        assert_eq!(parse(42, &write(&unmarked).unwrap()), unmarked);
        assert_eq!(write(&Kept::from(Place::from(42))), None);
    }

    #[test]
    fn what_others_committed_says_nothing_but_the_offset() {
        let foreign =
            ["", "orszem/1", "orszem/1 x 00", "orszem/2", "orszem/2 x 1 00", "orszem/3 1 00", "somebody's note"];
        for foreign in foreign {
            assert_eq!(parse(42, foreign), Kept::from(Place::from(42)), "{foreign}");
        }
        let before = parse(42, "orszem/1 41 00000000000000ff");
        assert_eq!(before.needed, None, "a copy from before there was one decider: everything is needed");
        assert_eq!(before.place.mark, Some(Mark { offset: 41, hash: 255 }));
        assert_eq!(parse(42, "orszem/2 50").needed, Some(42), "never beyond what was read");
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

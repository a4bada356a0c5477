//! Replay: files → lines → merged by time → paced → sink.
//!
//! A line is written byte for byte. The only exception: with [`Times::Now`] the value of `published_at` is replaced.
//!
//! Invalid lines (invalid UTF-8, not a JSON object, no id, no time, too long) are refused and counted by reason,
//! because they have no time to follow and no key. With `raw` they are written too, immediately and without a key, so
//! that they become dead letters.

mod drive;
mod encoding;
mod input;
mod line;
mod merge;
mod pace;
mod table;
mod values;

pub use drive::{Clock, Delivered, Report, Settings, Sink, drive};
pub use input::{Form, Got, Input, LINE_MOST};
pub use line::{Refusal, time_of};
pub use merge::{Item, Merge, MergeFault};
pub use pace::{Pace, Speed, SpeedFault, Times};
pub use table::Layout;

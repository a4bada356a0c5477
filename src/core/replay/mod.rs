//! Replay: files → lines → merged by time → paced → sink.
//!
//! A line goes through byte for byte. The one change there is: with [`Times::Now`] the value of `published_at` is
//! replaced, and nothing around it.
//!
//! What cannot be read (invalid UTF-8, no JSON object, no id, no time, too long) is refused, with its reason, and
//! counted, because it has no time to be paced by and no key. With `raw` it goes through too, at the moment it is
//! reached and without a key, so that it becomes a dead letter further down.

mod drive;
mod input;
mod line;
mod merge;
mod pace;

pub use drive::{Clock, Delivered, Report, Settings, Sink, drive};
pub use input::{Got, Input, LINE_MOST};
pub use line::{Refusal, time_of};
pub use merge::{Item, Merge, MergeFault};
pub use pace::{Pace, Speed, SpeedFault, Times};

//! Several files, merged by the time of their mentions.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io;

use super::input::{Got, Input, LINE_MOST};
use super::line::{Head, Refusal, read};
use crate::input::{NoHeaders, NoMention, Reader, native};
use orszem_records::time::Timestamp;

/// The next item of a [`Merge`]. The bytes are in [`Merge::line`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A mention.
    Mention {
        /// Its id.
        id: String,
        /// Its time.
        at: Timestamp,
        /// The place of its time in the line.
        place: std::ops::Range<usize>,
    },
    /// An invalid line.
    Refused(Refusal),
}

struct Lane {
    input: Input,
    line: Vec<u8>,
    /// Records that were found in the one before.
    inner: VecDeque<Vec<u8>>,
    next: Option<Result<Head, Refusal>>,
    /// The latest time seen in this file.
    latest: Timestamp,
}

/// Merges files that are each in time order. A file that is not keeps its own order: a mention that is older than the
/// one before it in the file follows it immediately, and is counted.
pub struct Merge {
    lanes: Vec<Lane>,
    /// The files by the time of their next line; an invalid line goes with the line before it.
    due: BinaryHeap<Reverse<(Timestamp, usize)>>,
    current: Option<usize>,
    disordered: u64,
    reader: Option<Reader>,
}

impl Merge {
    /// Reads the first line of each file.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn new(inputs: Vec<Input>) -> Result<Merge, MergeFault> {
        Merge::of(inputs, None)
    }

    /// The same for records in another format: each is converted to a native one, and skipped records are left out.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn reading(inputs: Vec<Input>, reader: Reader) -> Result<Merge, MergeFault> {
        Merge::of(inputs, Some(reader))
    }

    fn of(inputs: Vec<Input>, reader: Option<Reader>) -> Result<Merge, MergeFault> {
        let lanes: Vec<Lane> = inputs
            .into_iter()
            .map(|input| Lane {
                input,
                line: Vec::new(),
                inner: VecDeque::new(),
                next: None,
                latest: Timestamp(i64::MIN),
            })
            .collect();
        let due = BinaryHeap::with_capacity(lanes.len());
        let mut merge = Merge { due, lanes, current: None, disordered: 0, reader };
        for number in 0..merge.lanes.len() {
            merge.advance(number)?;
        }
        Ok(merge)
    }

    /// The next line in time; `None` at the end of all files.
    pub fn next_line(&mut self) -> Result<Option<Item>, MergeFault> {
        if let Some(number) = self.current.take() {
            self.advance(number)?;
        }
        let Some(Reverse((_, number))) = self.due.pop() else { return Ok(None) };
        self.current = Some(number);
        Ok(self.lanes[number].next.take().map(|head| match head {
            Ok(Head { id, at, place }) => Item::Mention { id, at, place },
            Err(refusal) => Item::Refused(refusal),
        }))
    }

    /// The bytes of the last line of [`Merge::next_line`], without the line end; empty if it was too long.
    pub fn line(&self) -> &[u8] {
        self.current.map_or(&[], |number| &self.lanes[number].line)
    }

    /// How many mentions were older than the one before them in their file.
    pub fn disordered(&self) -> u64 {
        self.disordered
    }

    /// What people should know of the files, each with its name.
    pub fn take_notes(&mut self) -> Vec<String> {
        let of = |lane: &mut Lane| {
            let name = lane.input.name().to_owned();
            lane.input.take_notes().into_iter().map(move |note| format!("{name}: {note}"))
        };
        self.lanes.iter_mut().flat_map(of).collect()
    }

    fn advance(&mut self, number: usize) -> Result<(), MergeFault> {
        let lane = &mut self.lanes[number];
        let head = loop {
            let got = match lane.inner.pop_front() {
                Some(inner) => {
                    lane.line = inner;
                    Got::Line
                }
                None => {
                    let got = lane.input.read(&mut lane.line);
                    got.map_err(|fault| MergeFault { name: lane.input.name().to_owned(), fault })?
                }
            };
            match got {
                Got::End => return Ok(()),
                Got::TooLong => break Err(Refusal::TooLong),
                Got::Line => {}
            }
            match self.reader.as_ref().map(|reader| native::of(reader, (&lane.line, &NoHeaders), LINE_MOST)) {
                None => match read(&lane.line) {
                    // What readers of a topic repair is repaired here, too.
                    Err(Refusal::NotJson | Refusal::NotUtf8) if let Some(mended) = crate::input::mended(&lane.line) => {
                        lane.line = mended;
                        break read(&lane.line);
                    }
                    Err(Refusal::NoId) if let Some(inner) = Reader::default().inner(&lane.line) => {
                        lane.inner.extend(inner)
                    }
                    head => break head,
                },
                Some(Ok((_, native))) => {
                    lane.line = native;
                    break read(&lane.line);
                }
                Some(Err(NoMention::Skipped(_))) => {}
                Some(Err(NoMention::Fault(fault))) => {
                    match self.reader.as_ref().and_then(|reader| reader.inner(&lane.line)) {
                        Some(inner) => lane.inner.extend(inner),
                        None => break Err(Refusal::NoMention(fault.reason())),
                    }
                }
            }
        };
        if let Ok(head) = &head {
            self.disordered += u64::from(head.at < lane.latest);
            lane.latest = lane.latest.max(head.at);
        }
        lane.next = Some(head);
        self.due.push(Reverse((lane.latest, number)));
        Ok(())
    }
}

/// A read error in a file.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {name}")]
pub struct MergeFault {
    /// Its name.
    pub name: String,
    /// Why.
    #[source]
    pub fault: io::Error,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn records_of_another_form_become_native_ones() {
        let input = toml::from_str("topic = \"t\"\nformat = \"mastodon\"\n").unwrap();
        let status = |n: u32| {
            let content = "<p>a <b>b</b></p>";
            let record = serde_json::json!({ "id": n, "uri": format!("u{n}"), "created_at": format!("2026-11-20T08:15:{n:02}Z"),
                "content": content, "visibility": "public", "account": { "acct": "a" } });
            record.to_string()
        };
        let first = [status(1), "no json".into(), r#"{"event":"delete","payload":"1"}"#.into(), status(3)].join("\n");
        let inputs = [first, status(2)].map(|text| Input::new("f", io::Cursor::new(text.into_bytes())).unwrap());
        let mut merge = Merge::reading(inputs.into(), Reader::new(&input).unwrap()).unwrap();
        let mut seen = Vec::new();
        while let Some(item) = merge.next_line().unwrap() {
            match item {
                Item::Mention { id, .. } => {
                    let mention = orszem_records::mention::parse(merge.line(), 1 << 20).unwrap();
                    assert_eq!(mention.text, "a b");
                    seen.push(id);
                }
                Item::Refused(refusal) => seen.push(refusal.to_string()),
            }
        }
        assert_eq!(seen, ["u1", "not a mention: not-json", "u2", "u3"]);
    }

    fn merge(files: &[&str]) -> Merge {
        let inputs = files
            .iter()
            .enumerate()
            .map(|(number, text)| Input::new(number.to_string(), io::Cursor::new(text.as_bytes().to_vec())).unwrap());
        Merge::new(inputs.collect()).unwrap()
    }

    fn all(files: &[&str]) -> (Vec<(String, i64)>, u64) {
        let mut merge = merge(files);
        let mut seen = Vec::new();
        while let Some(item) = merge.next_line().unwrap() {
            match item {
                Item::Mention { id, at, place } => {
                    assert!(std::str::from_utf8(merge.line()).unwrap().contains(&format!("\"{id}\"")));
                    assert!(!merge.line()[place].is_empty());
                    seen.push((id, at.0));
                }
                Item::Refused(refusal) => seen.push((refusal.to_string(), 0)),
            }
        }
        (seen, merge.disordered())
    }

    fn line(id: &str, at: i64) -> String {
        format!("{{\"id\":\"{id}\",\"published_at\":{}}}\n", 1_406_910_600_000 + at)
    }

    fn ids(files: &[&str]) -> Vec<String> {
        all(files).0.into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn merges_by_time_and_the_first_file_first() {
        let first = [line("a", 1), line("b", 5), line("c", 5)].concat();
        let second = [line("d", 0), line("e", 5), line("f", 9)].concat();
        assert_eq!(ids(&[&first, "", &second]), ["d", "a", "b", "c", "e", "f"]);
    }

    #[test]
    fn a_bad_line_stays_where_it_stands() {
        let first = [line("a", 1), "nonsense\n".into(), line("b", 8)].concat();
        let second = line("d", 5);
        assert_eq!(ids(&[&first, &second]), ["a", "not a JSON object", "d", "b"]);
    }

    #[test]
    fn a_file_out_of_order_keeps_its_own_order() {
        let first = [line("a", 9), line("b", 2), line("c", 10)].concat();
        let second = [line("d", 3), line("e", 9)].concat();
        let (seen, disordered) = all(&[&first, &second]);
        assert_eq!(seen.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["d", "a", "b", "e", "c"]);
        assert_eq!(disordered, 1);
    }

    proptest! {
        #[test]
        fn merged_is_sorted(mut times in prop::collection::vec(prop::collection::vec(0_i64..1000, 0..30), 0..6)) {
            let files: Vec<String> = times.iter_mut().enumerate().map(|(file, times)| {
                times.sort_unstable();
                times.iter().enumerate().map(|(number, at)| line(&format!("{file}.{number}"), *at)).collect()
            }).collect();
            let (seen, disordered) = all(&files.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(seen.len(), times.iter().map(Vec::len).sum::<usize>());
            prop_assert!(seen.windows(2).all(|pair| pair[0].1 <= pair[1].1));
            prop_assert_eq!(disordered, 0);
        }
    }
}

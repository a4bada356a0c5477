//! Tables: exports as CSV or TSV, whatever their delimiter, with or without lines before the header.
//!
//! Each row becomes a JSON object by its header, as the maps of inputs read it: `/Full Text`.

use std::io::{self, BufRead};

use serde_json::{Map, Value};

/// Delimiters that are tried, in the order in which they are preferred.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many rows are looked at to find the header.
const SAMPLE: usize = 60;
/// The header of a field of the author in a native table.
const AUTHOR: &str = "author.";

/// How a table is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What stands between the columns.
    pub delimiter: u8,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// How many rows stand before the header and are left out.
    pub before: usize,
    /// The line that the header is in, from 1.
    pub line: u64,
}

impl Layout {
    /// The layout of a table that begins with `start`; `None` if it is no table. `whole`: nothing comes after it.
    pub fn of(start: &str, whole: bool) -> Option<Layout> {
        // Excel writes its own delimiter in front, if told to.
        let named =
            start.get(..5).filter(|name| name.to_ascii_lowercase().starts_with("sep=")).map(|name| name.as_bytes()[4]);
        let layouts = DELIMITERS.iter().copied().filter(|delimiter| named.is_none_or(|named| named == *delimiter));
        layouts
            .filter_map(|delimiter| layout(start, whole, delimiter))
            .max_by_key(|(rows, layout)| (*rows, layout.columns.len()))
            .map(|(_, layout)| layout)
    }

    /// The name of the delimiter, for people.
    pub fn delimiter_name(&self) -> &'static str {
        match self.delimiter {
            b',' => "commas",
            b';' => "semicolons",
            b'\t' => "tabs",
            _ => "vertical bars",
        }
    }
}

/// The layout by one delimiter, and how many rows of the sample fit it.
fn layout(start: &str, whole: bool, delimiter: u8) -> Option<(usize, Layout)> {
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    for row in reader(start.as_bytes(), delimiter).into_records().take(SAMPLE) {
        let row = row.ok()?;
        // A row begins after the blank lines that the reader passes over.
        let byte = row.position().map_or(0, csv::Position::byte) as usize;
        let blank =
            start.as_bytes().get(byte..).unwrap_or_default().iter().take_while(|byte| b"\r\n".contains(byte)).count();
        let before = start.as_bytes().get(..byte + blank).unwrap_or_default();
        let line = 1 + memchr::memchr_iter(b'\n', before).count() as u64;
        rows.push((line, row.iter().map(|field| field.trim().to_owned()).collect()));
    }
    // The last row of the sample may be cut off.
    if !whole && rows.len() > 1 && rows.len() < SAMPLE {
        rows.pop();
    }
    let width = |row: &[String]| row.iter().rposition(|field| !field.is_empty()).map_or(0, |last| last + 1);
    let is_header = |row: &[String]| {
        let named = row.iter().filter(|field| !field.is_empty()).count();
        let unique: std::collections::HashSet<&String> = row.iter().filter(|field| !field.is_empty()).collect();
        let is_name = |field: &String| field.is_empty() || field.parse::<f64>().is_err() && field.len() <= 100;
        named >= 2 && unique.len() == named && row.iter().all(is_name)
    };
    let widest = rows.iter().map(|(_, row)| width(row)).max()?;
    // A header names every column; few rows have a value in the last one.
    let header = rows.iter().position(|(_, row)| is_header(row) && width(row) * 10 >= widest * 9)?;
    let (line, columns) = rows[header].clone();
    let columns: Vec<String> = columns.into_iter().map(|name| name.trim_matches('\u{feff}').to_owned()).collect();
    let fitting = rows[header..].iter().filter(|(_, row)| row.len() == columns.len()).count();
    // Prose with a comma in each line is no table.
    let is_table = fitting * 2 > rows.len() - header;
    is_table.then_some((fitting, Layout { delimiter, columns, before: header, line }))
}

fn reader<R: io::Read>(read: R, delimiter: u8) -> csv::Reader<R> {
    csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(read)
}

/// The rows of a table.
pub(super) struct Rows {
    layout: Layout,
    reader: csv::Reader<Box<dyn BufRead>>,
    record: csv::ByteRecord,
}

impl Rows {
    /// Reads `reader` from its beginning, lines before the header included.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) fn new(source: Box<dyn BufRead>, layout: Layout) -> io::Result<Rows> {
        let mut rows = Rows { reader: reader(source, layout.delimiter), record: csv::ByteRecord::new(), layout };
        for _ in 0..=rows.layout.before {
            rows.reader.read_byte_record(&mut rows.record)?;
        }
        Ok(rows)
    }

    /// Writes the next row into `line`, as a JSON object. False at the end.
    pub(super) fn read(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        loop {
            if !self.reader.read_byte_record(&mut self.record)? {
                return Ok(false);
            }
            if self.record.iter().any(|field| !field.trim_ascii().is_empty()) {
                break;
            }
        }
        let mut row = Map::new();
        let mut author = Map::new();
        for (name, value) in self.layout.columns.iter().zip(&self.record) {
            let value = String::from_utf8_lossy(value);
            if name.is_empty() || value.is_empty() {
                continue;
            }
            let value = Value::String(value.into_owned());
            match name.strip_prefix(AUTHOR) {
                Some("followers") => {
                    let number = value.as_str().and_then(|text| text.parse::<f64>().ok());
                    author.insert("followers".into(), number.into());
                }
                Some(part) => drop(author.insert(part.to_owned(), value.clone())),
                None => {}
            }
            row.insert(name.clone(), value);
        }
        if !author.is_empty() && !row.contains_key("author") {
            row.insert("author".into(), Value::Object(author));
        }
        serde_json::to_writer(line, &row)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(text: &str) -> Option<(u8, Vec<String>, usize)> {
        Layout::of(text, true).map(|layout| (layout.delimiter, layout.columns, layout.before))
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn rows(text: &str) -> Vec<String> {
        let layout = Layout::of(text, true).unwrap();
        let mut rows = Rows::new(Box::new(io::Cursor::new(text.as_bytes().to_vec())), layout).unwrap();
        let (mut line, mut all) = (Vec::new(), Vec::new());
        while rows.read(&mut line).unwrap() {
            all.push(String::from_utf8(line.clone()).unwrap());
        }
        all
    }

    #[test]
    fn delimiter_and_header_are_found() {
        let line = |text: &str| Layout::of(text, true).map(|layout| layout.line);
        assert_eq!(line("Report:,x\nBrand:,y\n\na,b,c\n1,2,3\n"), Some(4));
        let brandwatch = "Report:,Bulk Mentions Download\nBrand:,Acme\n\nQuery Id,Date,Title,Url,Full Text\n1,2026-11-20 13:00:00.0,Acme,https://lap.example/a,\"Acme, down\"\n";
        assert_eq!(layout(brandwatch), Some((b',', names(&["Query Id", "Date", "Title", "Url", "Full Text"]), 2)));
        assert_eq!(layout("id;text\n1;a,b\n2;c,d\n"), Some((b';', names(&["id", "text"]), 0)));
        assert_eq!(layout("id\ttext\n1\ta;b\n"), Some((b'\t', names(&["id", "text"]), 0)));
        assert_eq!(layout("sep=;\nid;text\n1;a\n"), Some((b';', names(&["id", "text"]), 1)));
        assert_eq!(layout("id,text\n"), Some((b',', names(&["id", "text"]), 0)));
        for prose in ["not json\n", "Dear all, hello\nthis is no table\nat all\n", "", "{\"a\":1}"] {
            assert_eq!(layout(prose), None, "{prose}");
        }
    }

    #[test]
    fn rows_are_objects_by_the_header() {
        assert_eq!(
            rows("\u{feff}id,text,author.name,author.followers\n1,\"a\nb \"\"c\"\"\",Ann,12\n,,,\n2,x\n"),
            [
                r#"{"author":{"followers":12.0,"name":"Ann"},"author.followers":"12","author.name":"Ann","id":"1","text":"a\nb \"c\""}"#,
                r#"{"id":"2","text":"x"}"#
            ]
        );
    }
}

//! Which format the records of a file most likely have, and the configuration for it.
//!
//! Every preset is tried on the records. Where none fits, a map is drawn up by the names of the fields and by what is
//! in them: a start for people, which they check with `orszem input try`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::time::TimeForm;
use super::{Fault, Name, NoHeaders, NoMention, Reader, Skipped, frame, repair};
use crate::settings::input::{Envelope, Format, Input};

/// How many records are enough.
pub const ENOUGH: usize = 100;
/// The deepest place that is proposed for a map.
const DEEP: usize = 4;
/// The most places that are looked at.
const MOST_PLACES: usize = 400;
/// Every value of a field of this kind must be of it, but for one in five.
const MOST_ODD: usize = 5;

/// What was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// The format.
    pub format: Format,
    /// How many of the records become mentions, or are skipped as no mentions; also those that lack the time
    /// zone alone.
    pub fit: usize,
    /// How many records were looked at.
    pub records: usize,
    /// The tables of TOML that read them.
    pub config: String,
    /// What is still to be done.
    pub open: Vec<String>,
}

/// The format that fits records best; `None` where none does, and no map can be drawn up.
pub fn detect(records: &[Vec<u8>]) -> Option<Detected> {
    let records = &records[..records.len().min(ENOUGH)];
    let presets = Format::ALL.into_iter().filter(|format| *format != Format::Map);
    let tried = presets.flat_map(|format| [(format, Envelope::None), (format, Envelope::Cloudevents)]);
    let best =
        tried.map(|(format, envelope)| (trial(records, format, envelope), format, envelope)).reduce(|best, other| {
            // Of two that are as good, the first.
            if other.0.score > best.0.score { other } else { best }
        });
    match best {
        Some((trial, format, envelope)) if trial.score > 0 => {
            let mut config = format!("[[input]]\ntopic = \"TOPIC\"\nformat = {:?}\n", format.name());
            if envelope == Envelope::Cloudevents {
                config.push_str("envelope = \"cloudevents\"\n");
            }
            let mut open = Vec::new();
            if let Some(zone) = trial.zone {
                config.push_str(&format!("[input.map]\n{zone}\n"));
                open.push("put in the time zone of the times, which do not say theirs".into());
            }
            Some(Detected { format, fit: trial.fit, records: records.len(), config, open })
        }
        _ => map(records),
    }
}

struct Trial {
    score: usize,
    fit: usize,
    /// The line of a map that names the time zone, where times lack it.
    zone: Option<String>,
}

fn reader(format: Format, envelope: Envelope) -> Option<Reader> {
    Reader::new(&Input { topic: "TOPIC".into(), format, envelope, ..Input::default() }).ok()
}

/// How well a format fits. A mention counts more the more fields it has.
fn trial(records: &[Vec<u8>], format: Format, envelope: Envelope) -> Trial {
    let mut trial = Trial { score: 0, fit: 0, zone: None };
    let Some(reader) = reader(format, envelope) else { return trial };
    for record in records {
        match reader.explain(record, &NoHeaders, usize::MAX) {
            Ok((_, origins)) => {
                trial.score += 100 + 3 * origins.len();
                trial.fit += 1;
            }
            Err(NoMention::Skipped(Skipped(why))) => {
                trial.score += if why.contains("without text") { 1 } else { 60 };
                trial.fit += 1;
            }
            Err(NoMention::Fault(Fault::Field { field: Name::PublishedAt, fix, .. })) => {
                if let Some((_, line)) = fix.split_once("time zone: [input.map] ") {
                    trial.score += 50;
                    trial.fit += 1;
                    trial.zone = Some(line.to_owned());
                }
            }
            Err(NoMention::Fault(_)) => {}
        }
    }
    trial
}

/// The values at a place of the records.
#[derive(Default)]
struct Column {
    values: Vec<String>,
}

impl Column {
    fn share(&self, is: impl Fn(&str) -> bool) -> bool {
        let odd = self.values.iter().filter(|value| !is(value)).count();
        !self.values.is_empty() && odd * MOST_ODD <= self.values.len()
    }

    fn letters(&self) -> usize {
        let letters: usize = self.values.iter().map(|value| value.chars().filter(|c| c.is_alphabetic()).count()).sum();
        letters / self.values.len().max(1)
    }

    fn is_unique(&self, records: usize) -> bool {
        self.values.len() == records && self.values.iter().collect::<BTreeSet<_>>().len() == records
    }
}

fn collect(value: &Value, pointer: &str, deep: usize, columns: &mut BTreeMap<String, Column>) {
    match value {
        Value::Object(members) if deep > 0 => {
            for (key, inner) in members {
                let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                collect(inner, &pointer, deep - 1, columns);
            }
        }
        Value::Array(list) => {
            if let [only] = list.as_slice() {
                collect(only, pointer, deep, columns);
            }
        }
        Value::String(_) | Value::Number(_) if columns.len() < MOST_PLACES || columns.contains_key(pointer) => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if !text.trim().is_empty() {
                columns.entry(pointer.to_owned()).or_default().values.push(text);
            }
        }
        _ => {}
    }
}

/// The last part of a pointer, as words in small letters.
fn words(pointer: &str) -> String {
    let name = pointer.rsplit('/').next().unwrap_or_default();
    let mut words = String::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.extend(if c.is_alphanumeric() { c.to_lowercase().collect::<Vec<_>>() } else { vec![' '] });
        before = c;
    }
    format!(" {} ", words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// How well a name fits: the place in the list of the first word that it holds; `None` if it holds none.
fn rank(pointer: &str, names: &[&str]) -> Option<usize> {
    let words = words(pointer);
    names.iter().position(|name| words.contains(&format!(" {name} ")))
}

const TIMES: [&str; 12] = [
    "published",
    "created",
    "created time",
    "publish date",
    "posted",
    "date",
    "timestamp",
    "datetime",
    "time",
    "datum",
    "indexed",
    "updated",
];
const TEXTS: [&str; 13] = [
    "full text",
    "text",
    "message",
    "content",
    "body",
    "comment",
    "post",
    "caption",
    "snippet",
    "description",
    "mention",
    "szoveg",
    "summary",
];
const TITLES: [&str; 4] = ["title", "headline", "subject", "heading"];
const IDS: [&str; 7] = ["id", "guid", "uuid", "message id", "post id", "document id", "key"];
const ADDRESSES: [&str; 5] = ["permalink", "url", "link", "address", "uri"];
const AUTHORS: [&str; 9] =
    ["author", "author name", "screen name", "username", "user", "sender", "from user", "name", "handle"];
const FOLLOWERS: [&str; 3] = ["followers", "follower", "subscribers"];
const LANGUAGES: [&str; 3] = ["lang", "language", "locale"];
const SOURCES: [&str; 7] = ["source", "platform", "network", "domain", "site", "channel", "media"];

/// A field, the names that it may have, and what its values must be.
type Guess<'f> = (&'static str, &'static [&'static str], &'f dyn Fn(&Column) -> bool);

/// A map by the names of the fields and their values.
fn map(records: &[Vec<u8>]) -> Option<Detected> {
    let mut columns: BTreeMap<String, Column> = BTreeMap::new();
    for record in records {
        let text = std::str::from_utf8(frame::payload(record).ok()?).ok();
        if let Some(document) = text.and_then(|text| repair::parsed(text).ok()).filter(Value::is_object) {
            collect(&document, "", DEEP, &mut columns);
        }
    }
    let auto = TimeForm::default();
    let is_time = |value: &str| auto.read(value).is_some() || auto.lacks_zone(value);
    let is_address = |value: &str| value.starts_with("http://") || value.starts_with("https://");
    let named = |names: &'static [&'static str], fits: &dyn Fn(&Column) -> bool| {
        let ranked = columns.iter().filter(|(_, column)| fits(column));
        let ranked =
            ranked.filter_map(|(pointer, _)| Some((rank(pointer, names)?, pointer.matches('/').count(), pointer)));
        ranked.min().map(|(_, _, pointer)| pointer.clone())
    };
    let time = named(&TIMES, &|column| column.share(is_time));
    let any_time = || columns.iter().find(|(_, column)| column.share(|value| is_time(value) && value.contains('-')));
    let time = time.or_else(|| any_time().map(|(pointer, _)| pointer.clone()));
    let is_prose = |column: &Column| column.letters() > 0 && !column.share(is_time) && !column.share(is_address);
    let text = named(&TEXTS, &is_prose).or_else(|| {
        let prose = columns.iter().filter(|(_, column)| is_prose(column) && column.letters() >= 20);
        prose.max_by_key(|(_, column)| column.letters()).map(|(pointer, _)| pointer.clone())
    });
    let title = named(&TITLES, &is_prose).filter(|title| Some(title) != text.as_ref());
    let address = named(&ADDRESSES, &|column| column.share(is_address));
    let id = named(&IDS, &|column| column.is_unique(records.len()));
    let (Some(text), Some(time)) = (text.or_else(|| title.clone()), time) else { return None };
    let mut open = Vec::new();
    let mut config = String::from("[[input]]\ntopic = \"TOPIC\"\nformat = \"map\"\n[input.map]\n");
    match (&id, &address) {
        (Some(id), _) => config.push_str(&format!("id = {{ template = \"TOPIC:{{{id}}}\" }}\n")),
        (None, Some(address)) => config.push_str(&format!("id = {address:?}\n")),
        (None, None) => {
            config.push_str(&format!("id = {{ template = \"TOPIC:{{{time}}}:{{{text}}}\" }}\n"));
            open.push("no field is different in every record: say in id what makes a mention one and the same".into());
        }
    }
    match title.filter(|title| *title != text) {
        Some(title) => config.push_str(&format!("text = {{ join = [{title:?}, {text:?}], html = \"auto\" }}\n")),
        None => config.push_str(&format!("text = {{ at = {text:?}, html = \"auto\" }}\n")),
    }
    let zoneless = columns.get(&time).is_some_and(|column| column.values.iter().any(|value| auto.lacks_zone(value)));
    match zoneless {
        true => {
            config.push_str(&format!("published_at = {{ at = {time:?}, time_zone = \"Europe/Budapest\" }}\n"));
            open.push("put in the time zone of the times, which do not say theirs".into());
        }
        false => config.push_str(&format!("published_at = {time:?}\n")),
    }
    let others: [Guess<'_>; 4] = [
        ("source", &SOURCES, &|column| is_prose(column) && column.letters() < 40),
        ("lang", &LANGUAGES, &|column| column.share(|value| value.len() < 20)),
        ("author.name", &AUTHORS, &|column| is_prose(column) && column.letters() < 60),
        ("author.followers", &FOLLOWERS, &|column| column.share(|value| value.parse::<f64>().is_ok())),
    ];
    let taken: Vec<String> = [Some(text), id].into_iter().flatten().collect();
    for (field, names, fits) in others {
        if let Some(pointer) = named(names, fits).filter(|pointer| !taken.contains(pointer)) {
            config.push_str(&format!("{field} = {pointer:?}\n"));
        }
    }
    if let Some(address) = address {
        config.push_str(&format!("url = {address:?}\n"));
    }
    let input = toml::from_str::<Inputs>(&config).ok()?.input.pop()?;
    let reader = Reader::new(&input).ok()?;
    let fits = |record: &&Vec<u8>| !matches!(reader.read(record, &NoHeaders, usize::MAX), Err(NoMention::Fault(_)));
    let fit = records.iter().filter(fits).count();
    (fit > 0).then_some(Detected { format: Format::Map, fit, records: records.len(), config, open })
}

#[derive(serde::Deserialize)]
struct Inputs {
    input: Vec<Input>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn detected(records: &[Value]) -> Option<Detected> {
        detect(&records.iter().map(|record| record.to_string().into_bytes()).collect::<Vec<_>>())
    }

    #[test]
    fn every_preset_is_told_by_its_records() {
        let of = |record: Value| detected(&[record]).map(|detected| detected.format);
        for (format, record) in [
            (Format::Native, json!({"id": "1", "published_at": "2026-11-20T13:00:00Z", "text": "a"})),
            (
                Format::XV2,
                json!({"data": {"id": "1", "created_at": "2026-11-20T13:00:00Z", "text": "a", "author_id": "7"}}),
            ),
            (
                Format::BlueskyJetstream,
                json!({"did": "d", "time_us": 1_795_179_600_123_456_u64, "kind": "commit", "commit": {"operation": "create",
                "collection": "app.bsky.feed.post", "rkey": "r", "record": {"createdAt": "2026-11-20T13:00:00Z", "text": "a"}}}),
            ),
            (
                Format::Mastodon,
                json!({"id": "1", "uri": "https://m.example/1", "created_at": "2026-11-20T13:00:00Z", "content": "<p>a</p>",
                "visibility": "public", "account": {"acct": "ann"}}),
            ),
            (
                Format::Feed,
                json!({"guid": "https://lap.example/1", "pubDate": "Fri, 20 Nov 2026 13:00:00 GMT", "title": "a"}),
            ),
            (
                Format::Brandwatch,
                json!({"Query Id": "1", "Date": "2026-11-20 13:00:00.0", "Title": "a", "Url": "https://lap.example/a", "Full Text": "b"}),
            ),
            (
                Format::Meltwater,
                json!({"Date": "20-Nov-2026 09:15AM", "Headline": "a", "URL": "https://lap.example/a", "Opening Text": "b", "Hit Sentence": "c"}),
            ),
        ] {
            assert_eq!(of(record.clone()), Some(format), "{record}");
        }
    }

    #[test]
    fn a_zone_that_is_missing_is_to_be_put_in() {
        let row =
            json!({"Date": "2026-11-20 13:00:00.0", "Title": "a", "Url": "https://lap.example/a", "Full Text": "b"});
        let detected = detected(&[row]).unwrap();
        assert!(
            detected.config.contains("published_at = { at = \"/Date\", time_zone = \"Europe/Budapest\" }"),
            "{}",
            detected.config
        );
        assert_eq!(detected.open.len(), 1);
    }

    #[test]
    fn a_map_is_drawn_up_for_what_no_preset_reads() {
        let rows: Vec<Value> = (0..3)
            .map(|n| {
                json!({"SocialNetwork": "FORUM", "CreatedTime": format!("2026-11-20 13:00:0{n}"), "Message": "Acme is down again, says everybody",
                    "Permalink": format!("https://lap.example/{n}"), "Sender Screen Name": "ann", "Sender Followers Count": "12"})
            })
            .collect();
        let detected = detected(&rows).unwrap();
        assert_eq!((detected.format, detected.fit, detected.records), (Format::Map, 3, 3));
        for line in [
            "id = \"/Permalink\"",
            "text = { at = \"/Message\", html = \"auto\" }",
            "published_at = { at = \"/CreatedTime\", time_zone = \"Europe/Budapest\" }",
            "source = \"/SocialNetwork\"",
            "author.name = \"/Sender Screen Name\"",
            "author.followers = \"/Sender Followers Count\"",
            "url = \"/Permalink\"",
        ] {
            assert!(detected.config.lines().any(|written| written == line), "{line} in\n{}", detected.config);
        }
        assert_eq!(super::detect(&[b"no record".to_vec()]), None);
        assert_eq!(super::detect(&[]), None);
    }
}

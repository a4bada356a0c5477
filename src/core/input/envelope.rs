//! The CloudEvents 1.0 envelope of a record, in both modes of the Kafka protocol binding.
//!
//! See <https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/kafka-protocol-binding.md> (sections 3.2 and
//! 3.3) and `formats/json-format.md` in the same repository. Structured: the record is the event in JSON, its payload
//! under `data`, or under `data_base64`. Binary: the record is the payload, and the attributes are headers `ce_…`. A
//! `content-type` that begins with `application/cloudevents` says that it is structured, as the binding has it; where
//! there is none, headers `ce_…` say that it is binary.

use base64::Engine;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;

use super::fault::Fault;
use super::{Headers, NoMention, Skipped};
use orszem_records::mention;

/// The media type of structured events.
const STRUCTURED: &str = "application/cloudevents";

/// The attributes of an event.
#[derive(Clone, Debug)]
pub struct Attributes<'r>(From<'r>);

#[derive(Clone, Debug)]
enum From<'r> {
    Nowhere,
    Headers(&'r dyn Headers),
    Json(HashMap<String, &'r RawValue>),
}

impl<'r> Attributes<'r> {
    /// The attributes of a record without an event: none.
    pub const NONE: Attributes<'static> = Attributes(From::Nowhere);

    /// The attribute of this name (without `ce_`), as text.
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let content_type = name == "datacontenttype";
        match &self.0 {
            From::Nowhere => None,
            From::Headers(headers) => {
                let header = if content_type { "content-type".to_owned() } else { format!("ce_{name}") };
                std::str::from_utf8(headers.find(&header)?).ok().map(Cow::Borrowed)
            }
            From::Json(members) => {
                let raw = members.get(name)?.get();
                match raw.starts_with('"') {
                    true => serde_json::from_str(raw).ok().map(Cow::Owned),
                    // Integers and booleans are attributes too.
                    false => (!raw.starts_with(['{', '[', 'n'])).then_some(Cow::Borrowed(raw)),
                }
            }
        }
    }

    /// Why the event has no valid time. `None` for a record without an event.
    pub fn missing_time(&self) -> Option<String> {
        match (&self.0, self.get("time")) {
            (From::Nowhere, _) => None,
            (_, None) => Some("the event has no ce_time".into()),
            (_, Some(time)) => {
                Some(format!("ce_time is {:?}, which is not a time", time.chars().take(40).collect::<String>()))
            }
        }
    }

    /// The identity of the event: its source and its id together, as in the specification.
    pub fn identity(&self) -> Option<String> {
        Some(format!("{}#{}", self.get("source")?, self.get("id")?))
    }
}

/// The content of an event.
pub struct Opened<'r> {
    /// Its payload.
    pub payload: Cow<'r, [u8]>,
    /// Its attributes.
    pub attributes: Attributes<'r>,
}

/// Opens the envelope of a record.
///
/// # Errors
/// When it is not a CloudEvent, or its payload is not JSON; skipped if it has no payload.
pub fn open<'r>(record: &'r [u8], headers: &'r dyn Headers, max_bytes: usize) -> Result<Opened<'r>, NoMention> {
    let text = |name: &str| headers.find(name).and_then(|value| std::str::from_utf8(value).ok());
    let starts = |text: &str| text.get(..STRUCTURED.len()).is_some_and(|start| start.eq_ignore_ascii_case(STRUCTURED));
    let declared = text("content-type");
    let is_structured = match declared {
        Some(kind) if starts(kind) => true,
        _ => text("ce_specversion").is_none() && text("ce_id").is_none(),
    };
    let opened = if is_structured { structured(record, declared, max_bytes)? } else { binary(record, headers) };
    let Some(opened) = opened else { return Err(Skipped("an event without data").into()) };
    let version = opened.attributes.get("specversion");
    match version.as_deref() {
        Some(version) if version.starts_with("1.") => {}
        Some(version) => {
            let version: String = version.chars().take(20).collect();
            return Err(Fault::Envelope(format!("its specversion is {version:?}, but only 1.0 is supported")).into());
        }
        None => {
            let place = if is_structured { "\"specversion\"" } else { "header ce_specversion" };
            let what = format!("it has no {place}; remove envelope = \"cloudevents\" if these are plain records");
            return Err(Fault::Envelope(what).into());
        }
    }
    if let Some(kind) = opened.attributes.get("datacontenttype").filter(|kind| !is_json(kind)) {
        let kind: String = kind.chars().take(60).collect();
        return Err(Fault::Envelope(format!("its data is {kind:?}, but only JSON is supported")).into());
    }
    Ok(opened)
}

/// `application/json`, `text/json` and `…+json`, with any parameters.
fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.ends_with("/json") || kind.ends_with("+json")
}

/// `None` means no data.
fn binary<'r>(record: &'r [u8], headers: &'r dyn Headers) -> Option<Opened<'r>> {
    let attributes = Attributes(From::Headers(headers));
    (!record.is_empty()).then_some(Opened { payload: Cow::Borrowed(record), attributes })
}

fn structured<'r>(record: &'r [u8], declared: Option<&str>, max_bytes: usize) -> Result<Option<Opened<'r>>, Fault> {
    let kind = declared.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    match kind.as_deref() {
        Some("application/cloudevents-batch+json") => {
            return Err(Fault::Envelope("it is a batch of events; write one event per record".into()));
        }
        Some(kind) if kind.starts_with(STRUCTURED) && kind != "application/cloudevents+json" => {
            let kind: String = kind.chars().take(60).collect();
            return Err(Fault::Envelope(format!("it is {kind:?}, but only application/cloudevents+json is supported")));
        }
        _ => {}
    }
    let text = mention::sound(record, max_bytes).map_err(Fault::Record)?;
    let members: HashMap<String, &'r RawValue> = serde_json::from_str(text).map_err(|fault| match fault.is_data() {
        true => Fault::Envelope("it is not a JSON object".into()),
        false => Fault::Record(mention::Reject::NotJson(fault.to_string())),
    })?;
    let payload = match (members.get("data"), members.get("data_base64")) {
        (Some(data), _) if data.get() != "null" => Cow::Borrowed(data.get().as_bytes()),
        (_, Some(packed)) if packed.get() != "null" => {
            let packed: Option<Cow<'_, str>> = serde_json::from_str(packed.get()).ok();
            let bytes = packed.and_then(|text| base64::engine::general_purpose::STANDARD.decode(text.as_bytes()).ok());
            Cow::Owned(bytes.ok_or_else(|| Fault::Envelope("its \"data_base64\" is not base64".into()))?)
        }
        // Without a version it is not an event at all, so report that first.
        _ if members.contains_key("specversion") => return Ok(None),
        _ => Cow::Borrowed(record),
    };
    Ok(Some(Opened { payload, attributes: Attributes(From::Json(members)) }))
}

//! What people changed for the team, for commands that show or change it.

use anyhow::Context;

use orszem_core::range::RangeQuery;
use orszem_core::settings::Kafka;
use orszem_kafka::Names;
use orszem_kafka::producer::RecordWriter;
use orszem_kafka::range::{RangeEvent, RangeFault, RangeReader};
use orszem_records::team::Record;

/// The records of the topic, in its order. None where there is no such topic yet.
///
/// # Errors
/// Why Kafka cannot be read.
pub(super) fn records(kafka: &Kafka) -> Result<Vec<Record>, String> {
    let topic = Names::new(kafka).team;
    let mut reader = match RangeReader::open(kafka, &topic, RangeQuery::default()) {
        Ok(reader) => reader,
        Err(RangeFault::NoTopic(_)) => return Ok(Vec::new()),
        Err(fault) => return Err(fault.to_string()),
    };
    let mut records = Vec::new();
    while let Some(event) = reader.next_event().map_err(|fault| fault.to_string())? {
        if let RangeEvent::Record(read) = event {
            // One of a later version says nothing that this one could show.
            records.extend(Record::from_json(&read.value).ok());
        }
    }
    Ok(records)
}

/// Writes a record.
///
/// # Errors
/// Kafka did not take it.
pub(super) fn write(kafka: &Kafka, record: &Record) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let writer = RecordWriter::new(kafka)?;
    let topic = Names::new(kafka).team;
    let written = runtime.block_on(writer.write(&topic, &record.key(), &record.to_json()));
    written.map(drop).with_context(|| format!("it was not written to {topic}"))
}

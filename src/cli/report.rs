//! `orszem report`: what the ledger says of an incident, to learn from it.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, bail};

use super::config_file::{ConfigFile, read_for_trial};
use super::progress;
use orszem_core::range::RangeQuery;
use orszem_core::report::{Report, markdown};
use orszem_core::settings::{Config, Kafka};
use orszem_kafka::Names;
use orszem_kafka::range::{RangeEvent, RangeReader};
use orszem_records::incident::Incident;
use orszem_records::ledger::Entry;
use orszem_runtime::clock;

/// Prints the report of an incident: its times, who was called and what came of it, what was withheld, missed or late,
/// what people did, and the mentions that drove it with their hashes. Reads the whole ledger, also of incidents that
/// the pages no longer keep.
///
/// The language is that of `[web]`; times are by its time_zone, else by that of the watch.
///
/// Exit status: 0 it was printed, 1 Kafka cannot be read, or has no such incident, 2 the configuration cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The incident, as its page and its messages name it: veltaro.3
    incident: String,
    /// Print Markdown; this is what is printed unless told otherwise
    #[arg(long, conflicts_with_all = ["html", "json"])]
    markdown: bool,
    /// Print an HTML page that needs no server
    #[arg(long, conflicts_with = "json")]
    html: bool,
    /// Print JSON, as the API has it
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigFile,
}

impl Args {
    /// Runs the command; the report goes to standard output.
    ///
    /// # Errors
    /// When the configuration or the ledger cannot be read, or there is no such incident.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let config = read_for_trial(&self.config.path)?;
        let waiting = progress::waiting(format!("reading the ledger at {}", config.kafka.brokers));
        let found = read(&config.kafka, &self.incident);
        waiting.finish_and_clear();
        let Some((incident, carrier)) = found? else {
            bail!(
                "there is no incident {:?} on {}; its id is on its page and in its messages, such as veltaro.3",
                self.incident,
                Names::new(&config.kafka).ledger
            );
        };
        let text = self.text(&config, &incident, &carrier)?;
        let written = std::io::stdout().lock().write_all(text.as_bytes());
        super::ended(written.context("cannot write the report").map(|()| 0))
    }

    fn text(&self, config: &Config, incident: &Incident, carrier: &Incident) -> anyhow::Result<String> {
        let report = Report::of(config, incident, carrier, clock::now());
        if self.json {
            return Ok(serde_json::to_string_pretty(&report)? + "\n");
        }
        let words = config.words(None, incident.signal.time_zone.as_deref());
        let document = report.document(&words);
        Ok(if self.html { orszem_web::document_page(&document, &words) } else { markdown(&document) })
    }
}

/// An incident, and the one that carries its page, as the ledger tells them.
fn read(kafka: &Kafka, id: &str) -> anyhow::Result<Option<(Incident, Incident)>> {
    let Some(incident) = folded(&entries(kafka, id)?) else { return Ok(None) };
    let carrier = match incident.carrier() {
        Some(carrier) => folded(&entries(kafka, &carrier.0)?),
        None => None,
    };
    let carrier = carrier.unwrap_or_else(|| incident.clone());
    Ok(Some((incident, carrier)))
}

/// What the ledger says of one incident, in its order.
fn entries(kafka: &Kafka, id: &str) -> anyhow::Result<Vec<Entry>> {
    let topic = Names::new(kafka).ledger;
    let mut reader = RangeReader::open(kafka, &topic, RangeQuery::default())
        .with_context(|| format!("the topic {topic} cannot be read"))?;
    let mut entries = Vec::new();
    while let Some(event) = reader.next_event()? {
        if let RangeEvent::Record(read) = event {
            // One of a later version says nothing that this one could show.
            entries.extend(Entry::from_json(&read.value).ok().filter(|entry| entry.incident.0 == id));
        }
    }
    Ok(entries)
}

/// The incident of these entries; `None` where they do not hold its beginning.
fn folded(entries: &[Entry]) -> Option<Incident> {
    let (place, mut incident) =
        entries.iter().enumerate().find_map(|(place, entry)| Some((place, Incident::begin(entry)?)))?;
    entries[place + 1..].iter().for_each(|entry| incident.apply(entry));
    Some(incident)
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::ledger::{ByWhom, Event, IncidentId};
    use orszem_records::signal::{Kind, Phase, Signal};
    use orszem_records::time::Timestamp;

    fn entry(minutes: i64, event: Event) -> Entry {
        let (watch, incident) = ("acme".to_owned(), IncidentId::new("acme", 1));
        Entry { watch, incident, at: Timestamp(minutes * 60_000), event }
    }

    fn signal() -> Event {
        Event::Signal(Box::new(Signal::plain(Phase::Opened, Kind::Negativity, Timestamp(0))))
    }

    fn args(markdown: bool, html: bool, json: bool) -> Args {
        let config = ConfigFile { path: "alerts.toml".into() };
        Args { incident: "acme.1".into(), markdown, html, json, config }
    }

    #[test]
    fn an_incident_is_what_its_entries_say_from_its_beginning_on() {
        let early = entry(0, Event::Acknowledged(ByWhom::new("zita", "link")));
        let entries = [early, entry(0, signal()), entry(5, Event::Acknowledged(ByWhom::new("anna", "link")))];
        assert_eq!(folded(&entries).unwrap().acknowledged.unwrap().by.by, "anna");
        assert!(folded(&entries[..1]).is_none());
    }

    #[test]
    fn it_is_printed_as_markdown_as_html_and_as_json() {
        let config: Config = toml::from_str("[web]\nlanguage = \"hu\"").unwrap();
        let incident =
            folded(&[entry(0, signal()), entry(5, Event::Acknowledged(ByWhom::new("anna", "link")))]).unwrap();
        let text = |args: Args| args.text(&config, &incident, &incident).unwrap();
        let markdown = text(args(false, false, false));
        assert!(markdown.starts_with("# Jelentés: acme\n") && markdown == text(args(true, false, false)), "{markdown}");
        let html = text(args(false, true, false));
        assert!(html.starts_with("<!DOCTYPE html>") && html.contains("Átvette: anna"), "{html}");
        let json: serde_json::Value = serde_json::from_str(&text(args(false, false, true))).unwrap();
        assert_eq!(json["times"]["acknowledged"]["by"], "anna");
    }
}

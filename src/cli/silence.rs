//! `orszem silence`: what nobody is called for, from the terminal.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;
use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};

use super::backtest::source::moment;
use super::config_file::{ConfigFile, read_for_trial};
use super::{kafka, team};
use orszem_core::range::RangeQuery;
use orszem_core::routing::matcher::Matcher;
use orszem_core::routing::preview::{PAST_MS, Preview, Verdict, judge, preview};
use orszem_core::routing::request::Request;
use orszem_core::routing::silence::Silences;
use orszem_core::settings::{Config, Span};
use orszem_kafka::Names;
use orszem_kafka::range::{RangeEvent, RangeReader};
use orszem_records::ledger::{ByWhom, Entry};
use orszem_records::team::silence::{Silence, Standing};
use orszem_records::team::{Change, Record};
use orszem_records::time::Timestamp;
use orszem_runtime::{clock, random};
use orszem_text::sanitize::line as visible;

/// List, make and end silences: what nobody is called for. They hold at every copy at once.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    #[command(about = "Show the silences that are not over")]
    List(List),
    #[command(about = "Make a silence")]
    Add(Add),
    #[command(about = "End a silence before its time")]
    End(End),
}

/// Shows the silences that are not over.
#[derive(Clone, Debug, clap::Args)]
pub struct List {
    #[command(flatten)]
    config: ConfigFile,
}

/// Makes a silence, and says what it would have muted in the last week.
///
/// Exit status: 0 made, 1 refused, or --sure is wanted, 2 the configuration cannot be read.
#[derive(Clone, Debug, clap::Args)]
pub struct Add {
    /// Which incidents, as routes have it: 'watch = "acme", severity = ">= 3"'; '' is every incident
    #[arg(long = "match", value_name = "MATCHER")]
    matcher: String,
    /// Why; others read it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// How long: 2h, 3d; at most 30 days
    #[arg(long = "for", value_name = "SPAN", value_parser = span)]
    lasts: Span,
    /// From when on [default: now]. Without an offset, times are UTC
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Timestamp>,
    /// Who makes it
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Make it though it mutes every incident or every watch
    #[arg(long)]
    sure: bool,
    /// It mutes drills alone; without this it mutes no drill
    #[arg(long)]
    drill: bool,
    #[command(flatten)]
    config: ConfigFile,
}

/// Ends a silence before its time: people are called for what still goes on.
#[derive(Clone, Debug, clap::Args)]
pub struct End {
    /// Its id, as `orszem silence list` shows it
    id: String,
    /// Who ends it
    #[arg(long, value_name = "NAME")]
    by: String,
    #[command(flatten)]
    config: ConfigFile,
}

fn span(text: &str) -> Result<Span, String> {
    let span = humantime::parse_duration(text).map_err(|_| "expected a length of time like 2h or 3d".to_owned())?;
    if span.is_zero() { Err("expected more than nothing".to_owned()) } else { Ok(Span(span)) }
}

impl Args {
    /// Runs the command.
    ///
    /// # Errors
    /// When the configuration cannot be read, or Kafka cannot be asked.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let (config, now) = (
            match &self.command {
                Command::List(List { config })
                | Command::Add(Add { config, .. })
                | Command::End(End { config, .. }) => read_for_trial(&config.path)?,
            },
            clock::now(),
        );
        kafka::reach(&config.kafka, None)?;
        let text = match &self.command {
            Command::List(_) => list(&silences(&config)?, now),
            Command::Add(add) => add.run(&config, now)?,
            Command::End(end) => end.run(&config, now)?,
        };
        let written = std::io::stdout().lock().write_all(text.as_bytes()).context("cannot write the result");
        super::ended(written.map(|()| 0))
    }
}

/// The silences as they stand.
fn silences(config: &Config) -> anyhow::Result<Silences> {
    let records = team::records(&config.kafka).map_err(anyhow::Error::msg)?;
    let mut silences = Silences::default();
    for silence in records.iter().filter_map(Record::silence) {
        // One that cannot be read holds nothing: there is nothing to list or to end.
        let _ = silences.put(silence);
    }
    Ok(silences)
}

fn list(silences: &Silences, now: Timestamp) -> String {
    let standing: Vec<&Silence> = silences.iter().filter(|silence| silence.standing(now) != Standing::Over).collect();
    if standing.is_empty() {
        return "nothing is silenced\n".to_owned();
    }
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["id", "match", "from", "to", "why", "by"]);
    for silence in standing {
        let matcher = match silence.terms.matcher.is_empty() {
            true if silence.terms.drill => "every drill".to_owned(),
            true => "every incident".to_owned(),
            false if silence.terms.drill => format!("drills with {}", silence.terms.matcher),
            false => silence.terms.matcher.to_string(),
        };
        let (from, to) = (silence.terms.from.to_string(), silence.over_at().to_string());
        let why = silence.terms.reason.clone();
        table.add_row([silence.id.clone(), matcher, from, to, why, silence.owner.by.clone()].map(|it| visible(&it)));
    }
    format!("{table}\n")
}

impl Add {
    fn run(&self, config: &Config, now: Timestamp) -> anyhow::Result<String> {
        let from = self.from.unwrap_or(now).max(now);
        let request = Request {
            matcher: self.matcher.clone(),
            reason: self.reason.clone(),
            from,
            to: from.plus(self.lasts.millis()),
            drill: self.drill,
        };
        let (terms, matcher) = match request.read(now) {
            Ok(read) => read,
            Err(faults) => bail!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
        };
        let past = of_the_past(config, &matcher, now)?;
        let told = format!(
            "in the last week it would have muted {} of {} incidents that called people",
            past.count(),
            past.paging
        );
        match judge(&matcher, config, &past) {
            Verdict::Refused(why) => bail!("{why}"),
            Verdict::Ask(_) if !self.sure && !self.drill => bail!("{told}; to make it all the same, say --sure"),
            Verdict::Ask(_) | Verdict::Made => {}
        }
        let to = terms.to;
        let record = Record { id: random::id(), at: now, by: by(&self.by)?, change: Change::Silence(Box::new(terms)) };
        team::write(&config.kafka, &record)?;
        Ok(format!("{}: it holds until {to}; {told}\n", record.id))
    }
}

impl End {
    fn run(&self, config: &Config, now: Timestamp) -> anyhow::Result<String> {
        let silences = silences(config)?;
        let Some(silence) = silences.get(&self.id) else {
            bail!("there is no silence {:?}: `orszem silence list` shows them", self.id);
        };
        if silence.over_at() <= now {
            bail!("it is over since {}", silence.over_at());
        }
        team::write(&config.kafka, &silence.end(now, by(&self.by)?))?;
        Ok("it is over; people are called for what still goes on\n".to_owned())
    }
}

/// In whose name the terminal acts.
///
/// # Errors
/// It is no name.
pub(super) fn by(name: &str) -> anyhow::Result<ByWhom> {
    let name = visible(name);
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        bail!("--by: a name of 1 to 100 characters");
    }
    Ok(ByWhom::new(name, "terminal"))
}

/// What a matcher would have muted in the last week, by the ledger.
fn of_the_past(config: &Config, matcher: &Matcher, now: Timestamp) -> anyhow::Result<Preview> {
    let from = now.plus(-PAST_MS);
    let since = RangeQuery { since: Some(from), ..RangeQuery::default() };
    let mut reader = RangeReader::open(&config.kafka, &Names::new(&config.kafka).ledger, since)?;
    let mut entries: Vec<Entry> = Vec::new();
    while let Some(event) = reader.next_event()? {
        if let RangeEvent::Record(read) = event {
            entries.extend(Entry::from_record(&read.value, None).ok());
        }
    }
    Ok(preview(matcher, config, &entries, (from, now)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::matcher::Match;
    use orszem_records::team::silence::Terms;

    #[test]
    fn what_is_over_is_not_listed_and_a_reason_cannot_paint_the_terminal() {
        let silence = |id: &str, to: i64| Silence {
            id: id.into(),
            made_at: Timestamp(0),
            owner: ByWhom::new("Anna", "page"),
            terms: Terms {
                matcher: Match { watch: Some("acme".into()), ..Match::default() },
                reason: "known \u{1b}[31mred".into(),
                from: Timestamp(0),
                to: Timestamp(to),
                drill: false,
                ended: None,
            },
        };
        let mut silences = Silences::default();
        for silence in [silence("one", 10_000), silence("two", 1_000)] {
            silences.put(silence).unwrap();
        }
        let text = list(&silences, Timestamp(5_000));
        assert!(text.contains("one") && text.contains("watch = \"acme\"") && !text.contains("two"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        assert_eq!(list(&Silences::default(), Timestamp(0)), "nothing is silenced\n");
        assert!(by(" ").is_err() && by("Anna").is_ok());
    }
}

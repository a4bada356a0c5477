//! `orszem sentiment`: trains, evaluates and applies sentiment models.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use serde::Serialize;

use super::backtest::print;
use super::config_file::ConfigFile;
use super::words::{count, count_of};
use super::{kafka, progress};
use orszem_core::range::RangeQuery;
use orszem_kafka::range::{RangeEvent, RangeReader};
use orszem_kafka::topics::Names as KafkaNames;
use orszem_records::class::Class;
use orszem_records::judgement::{Confusion, Judgement};
use orszem_records::language_code::Code;
use orszem_records::ledger::{Entry, Event};
use orszem_text::sentiment::corpus::{Apart, Example, Part, read, unescaped};
use orszem_text::sentiment::feedback_corpus::FeedbackCorpus;
use orszem_text::sentiment::mask::Names;
use orszem_text::sentiment::measure::{Comparison, Judged, Measures};
use orszem_text::sentiment::model::Model;
use orszem_text::sentiment::texts::Kind;
use orszem_text::sentiment::train::train;
use orszem_text::sentiment::{Models, Sentiment, bundled, near};

/// Trains, evaluates and applies sentiment models.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    #[command(about = "Train a model on labelled texts (`neg|neu|pos<TAB>text`, plain, gzip or zstd)")]
    Train(TrainArgs),
    #[command(about = "Evaluate a model on labelled texts, or compare two models")]
    Eval(EvalArgs),
    #[command(about = "Write people's corrections (from the ledger) as labelled texts for training")]
    Feedback(FeedbackArgs),
    #[command(about = "Judge the lines of standard input: `lang<TAB>label<TAB>p_neg<TAB>p_neu<TAB>p_pos`")]
    Score(ScoreArgs),
}

#[derive(Debug, clap::Args)]
struct TrainArgs {
    /// Labelled texts; each file is a separate kind of text (at most three)
    #[arg(value_name = "DATA", required_unless_present = "shipped")]
    data: Vec<PathBuf>,
    /// Where to write the model
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Treat all files as one kind of text
    #[arg(long)]
    together: bool,
    /// Never train on these texts, or on similar ones
    #[arg(long, value_name = "DATA")]
    apart: Vec<PathBuf>,
    /// Train all built-in models from this folder of data sets; the output is a folder
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["data", "together", "apart"])]
    shipped: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct EvalArgs {
    /// The model: a file, or `shipped`
    model: String,
    /// Labelled texts
    #[arg(required = true)]
    data: Vec<PathBuf>,
    /// Another model to compare with the first
    #[arg(long, value_name = "MODEL")]
    against: Option<String>,
    /// Only the texts that `train` holds out
    #[arg(long)]
    held_out: bool,
    /// The language of all texts [default: detected for each text]
    #[arg(long)]
    lang: Option<String>,
    /// Mask a name
    #[arg(long, value_name = "NAME")]
    mask: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct FeedbackArgs {
    #[command(flatten)]
    config: ConfigFile,
    /// Where to write the labelled texts [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only corrections for this watch (can be repeated)
    #[arg(long, value_name = "NAME")]
    watch: Vec<String>,
    /// Only mentions in this language, as detected from their texts
    #[arg(long)]
    lang: Option<String>,
}

#[derive(Debug, clap::Args)]
struct ScoreArgs {
    /// The language of all lines [default: detected for each line]
    #[arg(long)]
    lang: Option<String>,
    /// Mask a name
    #[arg(long, value_name = "NAME")]
    mask: Vec<String>,
    /// The name of somebody else: ignore words that are nearer to it (can be repeated)
    #[arg(long, value_name = "NAME")]
    other: Vec<String>,
    /// Use this model instead of the built-in one; needs `--lang`
    #[arg(long, value_name = "FILE", requires = "lang")]
    model: Option<PathBuf>,
}

impl Args {
    /// Runs the command.
    ///
    /// # Errors
    /// When a file cannot be read or written, is not a model, or has invalid lines.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.command {
            Command::Train(args) => args.run()?,
            Command::Eval(args) => args.run()?,
            Command::Feedback(args) => args.run()?,
            Command::Score(args) => args.run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl TrainArgs {
    fn run(&self) -> anyhow::Result<()> {
        if let Some(folder) = &self.shipped {
            std::fs::create_dir_all(&self.output)
                .with_context(|| format!("cannot create {}", self.output.display()))?;
            let waiting = progress::waiting("training all models");
            let models = bundled::all(folder, |path| File::open(path))?;
            waiting.finish_and_clear();
            for (name, bytes) in models {
                write(&self.output.join(name), &bytes)?;
                print(&format!("{name}: {} bytes\n", bytes.len()));
            }
            return Ok(());
        }
        let mut apart = Apart::default();
        for path in &self.apart {
            read(path, |path| File::open(path))?.iter().for_each(|example| apart.add(&example.text));
        }
        let mut kinds = Vec::new();
        for path in &self.data {
            let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            kinds.push(Kind { name, examples: read(path, |path| File::open(path))? });
        }
        if self.together {
            let name = kinds.iter().map(|kind| kind.name.as_str()).collect::<Vec<_>>().join(" + ");
            kinds = vec![Kind { name, examples: kinds.into_iter().flat_map(|kind| kind.examples).collect() }];
        }
        let waiting = progress::waiting("training");
        let trained = train(&kinds, apart)?;
        waiting.finish_and_clear();
        write(&self.output, &trained.model.to_bytes())?;
        let header = trained.model.header();
        let mut text = format!(
            "trained on {} texts, skipped {} that are similar to held-out texts\nheld out (label / judged negative, neutral, positive):\n",
            header.texts, trained.copies
        );
        for kind in &header.held_out {
            let _ = writeln!(text, "  {}: {:?}", kind.kind, kind.judged);
        }
        let Confusion { found, mistaken } = header.confusion;
        let _ = writeln!(text, "judged negative: {found:.3} of the negative texts, {mistaken:.3} of the others");
        print(&text);
        if let Some(doubt) = header.doubt() {
            writeln!(std::io::stderr(), "warning: {} {doubt}", self.output.display())?;
        }
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn load(path: &Path) -> anyhow::Result<Model> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Model::from_bytes(&bytes).with_context(|| path.display().to_string())
}

fn code(lang: Option<&str>) -> anyhow::Result<Option<Code>> {
    let Some(lang) = lang else { return Ok(None) };
    match Code::of(lang) {
        None => bail!("{lang:?} is not a language code: expected two letters, such as hu"),
        code => Ok(code),
    }
}

/// The model or models that `eval` measures.
enum Judge {
    One(Box<Model>),
    Shipped(Models),
}

impl Judge {
    fn of(name: &str) -> anyhow::Result<Judge> {
        match name {
            "shipped" => Ok(Judge::Shipped(Models::shipped()?)),
            path => Ok(Judge::One(Box::new(load(Path::new(path))?))),
        }
    }

    fn judge(&self, text: &str, lang: Option<Code>, names: &mut Names) -> [f32; 3] {
        let target = names.find(text);
        match self {
            Judge::One(model) => model.probabilities(text, target, &[]).unwrap_or(Judgement::UNKNOWN.probabilities),
            Judge::Shipped(models) => {
                let code = lang.or_else(|| models.language(text, None));
                models.judge(text, code, target, &[]).probabilities
            }
        }
    }
}

/// The measures of some texts.
#[derive(Serialize)]
struct Slice {
    of: String,
    #[serde(flatten)]
    measures: Measures,
}

#[derive(Serialize)]
struct Report {
    slices: Vec<Slice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<Comparison>,
}

/// The groups of texts by length, in characters.
const LENGTHS: [(usize, usize, &str); 4] =
    [(0, 40, "under 40 characters"), (40, 80, "40 to 79"), (80, 160, "80 to 159"), (160, usize::MAX, "160 and more")];

impl EvalArgs {
    fn run(&self) -> anyhow::Result<()> {
        let lang = code(self.lang.as_deref())?;
        let judge = Judge::of(&self.model)?;
        let models = Models::shipped()?;
        let mut names = Names::new(self.mask.iter().map(String::as_str));
        let mut examples: Vec<(usize, Example)> = Vec::new();
        for (file, path) in self.data.iter().enumerate() {
            let held_out = |example: &Example| !self.held_out || Part::of(&example.text) == Part::HeldOut;
            examples.extend(
                read(path, |path| File::open(path))?.into_iter().filter(held_out).map(|example| (file, example)),
            );
        }
        if examples.is_empty() {
            bail!("none of the texts is held out; leave out --held-out to use all texts");
        }
        let mut judged = |judge: &Judge| -> Vec<Judged> {
            let all = examples.iter().map(|(_, example)| Judged {
                truth: example.class,
                probabilities: judge.judge(&example.text, lang, &mut names),
            });
            all.collect()
        };
        let waiting = progress::waiting("judging");
        let first = judged(&judge);
        let against = match &self.against {
            None => None,
            Some(other) => Some(Comparison::of(&first, &judged(&Judge::of(other)?))),
        };
        waiting.finish_and_clear();
        let mut slices = Vec::new();
        let mut slice = |of: String, wanted: &dyn Fn(usize, &Example) -> bool| {
            let texts = examples.iter().zip(&first).filter(|((file, example), _)| wanted(*file, example));
            let texts: Vec<Judged> = texts.map(|(_, judged)| *judged).collect();
            if !texts.is_empty() {
                slices.push(Slice { of, measures: Measures::of(&texts) });
            }
        };
        slice("all".into(), &|_, _| true);
        if self.data.len() > 1 {
            for (wanted, path) in self.data.iter().enumerate() {
                slice(path.display().to_string(), &|file, _| file == wanted);
            }
        }
        let said = |example: &Example| lang.or_else(|| models.language(&example.text, None));
        let mut codes: Vec<Option<Code>> = examples.iter().map(|(_, example)| said(example)).collect();
        codes.sort_by_key(|code| code.map(|code| code.as_str().to_owned()));
        codes.dedup();
        for code in codes {
            let name = code.map_or("unknown".to_owned(), |code| code.as_str().to_owned());
            slice(format!("language {name}"), &|_, example| said(example) == code);
        }
        for (from, to, name) in LENGTHS {
            slice(name.into(), &|_, example| (from..to).contains(&example.text.chars().count()));
        }
        let report = Report { slices, against };
        match self.json {
            true => print(&format!("{}\n", serde_json::to_string_pretty(&report)?)),
            false => print(&report.describe()),
        }
        Ok(())
    }
}

impl Report {
    fn describe(&self) -> String {
        let share = |share: Option<f64>| share.map_or("–".to_owned(), |share| format!("{share:.3}"));
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        let table = |header: &[&str]| {
            let mut table = Table::new();
            table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
            table.set_header(header);
            table
        };
        let mut all = table(&[
            "texts of",
            "texts",
            "macro-recall",
            "recall neg",
            "neu",
            "pos",
            "F1 neg",
            "neu",
            "pos",
            "AUC neg",
            "calibration error",
        ]);
        for Slice { of, measures } in &self.slices {
            let mut row = vec![Cell::new(of), right(measures.texts.to_string()), right(share(measures.macro_recall))];
            row.extend(measures.recall.iter().chain(&measures.f1).map(|part| right(share(*part))));
            row.extend([measures.negative_auc, measures.calibration_error].map(|part| right(share(part))));
            all.add_row(row);
        }
        let mut text = format!("{all}\n");
        if let Some(Slice { measures, .. }) = self.slices.first() {
            let mut confusion = table(&["label", "judged neg", "neu", "pos"]);
            for (class, row) in Class::ALL.iter().zip(measures.confusion) {
                let mut cells = vec![Cell::new(class.label())];
                cells.extend(row.map(|texts| right(texts.to_string())));
                confusion.add_row(cells);
            }
            let mut reliability = table(&["probability of neg", "texts", "predicted", "actual"]);
            for tenth in &measures.reliability {
                let range = format!("{:.1} to {:.1}", tenth.from, tenth.from + 0.1);
                let parts = [tenth.texts.to_string(), format!("{:.3}", tenth.said), format!("{:.3}", tenth.were)];
                reliability.add_row(std::iter::once(Cell::new(range)).chain(parts.map(right)));
            }
            let _ = writeln!(text, "{confusion}\n{reliability}");
        }
        if let Some(comparison) = &self.against {
            let [low, high] = comparison.interval;
            let p_value = match comparison.p_value {
                ..0.0001 => "p < 0.0001".to_owned(),
                p_value => format!("p = {p_value:.4}"),
            };
            let _ = writeln!(
                text,
                "right only by the first model: {}, only by the second: {}; {p_value} (McNemar)\nmacro-recall of the second minus the first: {:+.4}, 95 % interval {low:+.4} to {high:+.4} (paired bootstrap)",
                comparison.only_first, comparison.only_second, comparison.gain
            );
        }
        text
    }
}

impl FeedbackArgs {
    fn run(&self) -> anyhow::Result<()> {
        let lang = code(self.lang.as_deref())?;
        let models = Models::shipped()?;
        let loaded = self.config.load()?;
        let topic = KafkaNames::new(&loaded.config.kafka).ledger;
        kafka::reach(&loaded.config.kafka, Some(&topic))?;
        let waiting = progress::waiting(format!("reading {topic}"));
        let mut reader = RangeReader::open(&loaded.config.kafka, &topic, RangeQuery::default())
            .with_context(|| format!("cannot read {topic}"))?;
        let mut corpus = FeedbackCorpus::default();
        while let Some(event) = reader.next_event().with_context(|| format!("cannot read {topic}"))? {
            let RangeEvent::Record(record) = event else { continue };
            // The stages that act on the ledger report invalid entries.
            let Ok(entry) = Entry::from_json(&record.value) else { continue };
            let Event::Feedback(feedback) = entry.event else { continue };
            if entry.incident.is_drill() {
                continue;
            }
            let is_meant = self.watch.is_empty() || self.watch.contains(&entry.watch);
            if is_meant && (lang.is_none() || models.language(&feedback.text, None) == lang) {
                corpus.add(&entry.watch, &feedback.mention, entry.at, feedback.corrected, &feedback.text);
            }
        }
        waiting.finish_and_clear();
        let text = corpus.lines();
        match &self.output {
            Some(path) => write(path, text.as_bytes())?,
            None => print(&text),
        }
        let mut told = std::io::stderr().lock();
        let texts = count_of(corpus.texts(), "text", "texts");
        writeln!(told, "{texts} from {}", count(corpus.entries(), "correction", "corrections"))?;
        Ok(())
    }
}

impl ScoreArgs {
    fn run(&self) -> anyhow::Result<()> {
        let lang = code(self.lang.as_deref())?;
        let mut models = Models::shipped()?;
        if let (Some(code), Some(path)) = (lang, &self.model) {
            models = models.with(code, load(path)?);
        }
        let mut names = Names::new(self.mask.iter().map(String::as_str));
        let mut others = Names::new(self.other.iter().map(String::as_str));
        let mut out_of_scope = Vec::new();
        let mut input = BufReader::with_capacity(1 << 16, std::io::stdin());
        let mut output = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        let mut line = Vec::new();
        loop {
            line.clear();
            if input.read_until(b'\n', &mut line).context("cannot read standard input")? == 0 {
                break;
            }
            // Every line gets a line of output, even if it is not valid UTF-8.
            let text = String::from_utf8_lossy(&line);
            let text = &*unescaped(text.trim_end_matches(['\n', '\r']));
            let target = names.find(text);
            let language = lang.or_else(|| models.language(text, None));
            near::out_of_scope(text, target, others.find(text), &mut out_of_scope);
            let judgement = models.judge(text, language, target, &out_of_scope);
            let [negative, neutral, positive] = judgement.probabilities;
            let code = judgement.language;
            let code = code.as_ref().map_or("und", Code::as_str);
            let label = judgement.class.label();
            // As integers of ten-thousandths: formatting a float takes longer than judging a short text.
            let [negative, neutral, positive] =
                [negative, neutral, positive].map(|share| (share.clamp(0.0, 1.0) * 10_000.0).round() as u32);
            let written = writeln!(
                output,
                "{code}\t{label}\t{}.{:04}\t{}.{:04}\t{}.{:04}",
                negative / 10_000,
                negative % 10_000,
                neutral / 10_000,
                neutral % 10_000,
                positive / 10_000,
                positive % 10_000
            );
            if written.is_err_and(|fault| fault.kind() == std::io::ErrorKind::BrokenPipe) {
                return Ok(());
            }
            // Flush when the input is empty, so that interactive users get each answer immediately.
            if input.buffer().is_empty() && output.flush().is_err() {
                return Ok(());
            }
        }
        match output.flush() {
            Err(fault) if fault.kind() != std::io::ErrorKind::BrokenPipe => Err(fault).context("cannot write"),
            _ => Ok(()),
        }
    }
}

//! `orszem demo`: demonstrates everything in a minute, on one machine, with nothing else installed.

mod inbox;
mod terminal;
mod verdict;

use anyhow::Context;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use crate::service::Service;
use crate::{service, serving};
use orszem_core::settings::Config;
use orszem_core::simulate::{Plan, Simulation, Truth};
use orszem_core::stage::StageName;
use orszem_kafka::EmbeddedBroker;
use orszem_kafka::producer::BulkWriter;
use orszem_records::incident::Incident;
use orszem_records::time::Timestamp;
use orszem_runtime::lifecycle::{Health, Shutdown};
use orszem_runtime::live_config::ConfigReader;
use orszem_stages::score;
use orszem_web::Filter;

/// Demonstrate everything in a minute: an embedded broker, simulated mentions, a crisis and its page.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The random seed: the same seed gives the same demonstration
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep it running at the end, so that you can explore
    #[arg(long)]
    keep: bool,
    /// The address for the pages; port 0 means any free port
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: std::net::SocketAddr,
}

/// A Monday, so that the same seed gives the same demonstration on any day.
const START: Timestamp = Timestamp(1_790_553_600_000);
const DAYS: u32 = 14;
/// False pages a week that each watch may cost.
const BUDGET: f64 = 0.05;
/// The speed of the simulation: up to this part of the simulated time, in this number of real seconds. First the past
/// to learn from, then events that must page nobody, then the crisis, slow enough to watch it escalate.
const PACE: [(f64, f64); 4] = [(0.5, 10.0), (0.964, 13.0), (0.99, 13.0), (1.0, 2.0)];
/// The maximum duration, on a machine that is busy with other things.
const TIME_LIMIT: Duration = Duration::from_secs(180);
/// The writer waits where more mentions than this are not scored yet: the embedded broker keeps a few hundred thousand.
const MOST_AHEAD: i64 = 100_000;

impl Args {
    /// Runs the demonstration. Fails if a crisis was missed, an injected harmless event paged, or there were more false
    /// pages than chance explains within the budget.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        super::logs::start(orszem_core::settings::LogFormat::Text, Some("error,librdkafka=off,rdkafka=off"));
        let runtime = tokio::runtime::Runtime::new()?;
        let code = runtime.block_on(self.show())?;
        runtime.shutdown_background();
        Ok(code)
    }

    #[expect(clippy::disallowed_methods, reason = "the demonstration has a time limit")]
    async fn show(self) -> anyhow::Result<ExitCode> {
        let began = Instant::now();
        let plan = Plan::demo(self.seed, START, DAYS);
        let simulation = Simulation::new(plan)?;
        let truth = simulation.truth().clone();

        let secrets = tempfile::tempdir()?;
        let inbox = inbox::start().await?;
        let listen = self.free_address().await;
        let text = configuration(&truth, inbox, listen, secrets.path())?;
        let mut config = parsed(&text)?;
        let broker = EmbeddedBroker::start_for(&mut config.kafka)?;
        terminal::say(&format!(
            "An embedded broker runs at {}. {} watches: {}.\n{DAYS} days of simulated mentions follow (seed {}), faster than real time. Pages: http://{listen}/\n",
            broker.bootstrap_servers(),
            config.watches.len(),
            config.watches.iter().map(|watch| watch.name.as_str()).collect::<Vec<_>>().join(", "),
            self.seed,
        ));

        let (shutdown, health) = (Shutdown::new(), Health::new());
        let kafka = config.kafka.clone();
        let config = ConfigReader::fixed(config);
        let serving = serving::start(&config, &shutdown, &health).await?;
        let options = service::Options { config, stages: StageName::ALL.to_vec(), instance: None };
        let service = service::start(options, serving, &shutdown, &health).await?;

        let feed = Arc::new(Feed::default());
        let feeding = {
            let (feed, shutdown) = (Arc::clone(&feed), shutdown.clone());
            std::thread::spawn(move || feed.run(simulation, &kafka, &shutdown))
        };
        self.watch(&service, &feed, &truth, began).await;
        let incidents = service.view.list(&Filter::default());
        let expected = BUDGET * truth.companies.len() as f64 * f64::from(DAYS) / 7.0;
        let verdict = verdict::judge(&truth, &incidents, expected);
        terminal::say(&format!("\n{}", verdict.table()));
        let code = if verdict.wrong.is_empty() {
            terminal::say("Every crisis paged, and no injected harmless event did.");
            terminal::say(&format!(
                "False pages: {}; the budget of {BUDGET} per week and watch allows {expected:.1} in this time on average.",
                verdict.false_pages
            ));
            ExitCode::SUCCESS
        } else {
            verdict.wrong.iter().for_each(|wrong| terminal::say(&format!("WRONG: {wrong}")));
            ExitCode::from(1)
        };
        if self.keep {
            terminal::say(&format!("\nStill running: http://{listen}/ (press Ctrl-C to stop)"));
            tokio::signal::ctrl_c().await?;
        }
        shutdown.trigger();
        let fed = tokio::task::spawn_blocking(move || feeding.join()).await?;
        service.join().await;
        match fed {
            Ok(fed) => fed.context("cannot write the simulated mentions")?,
            Err(_) => anyhow::bail!("the thread that writes the simulated mentions panicked"),
        }
        Ok(code)
    }

    /// The requested address, or any free port if it is in use.
    async fn free_address(&self) -> std::net::SocketAddr {
        for address in [self.listen, std::net::SocketAddr::new(self.listen.ip(), 0)] {
            if let Ok(listener) = tokio::net::TcpListener::bind(address).await
                && let Ok(address) = listener.local_addr()
            {
                return address;
            }
        }
        self.listen
    }

    /// Prints what happens until the end.
    #[expect(clippy::disallowed_methods, reason = "the demonstration has a time limit")]
    async fn watch(&self, service: &Service, feed: &Feed, truth: &Truth, began: Instant) {
        let mut seen = std::collections::BTreeMap::new();
        let mut printed = Instant::now();
        let mut quiet_since = None;
        while began.elapsed() < TIME_LIMIT {
            tokio::time::sleep(Duration::from_millis(100)).await;
            for incident in service.view.list(&Filter::default()) {
                let state = incident.state();
                if seen.insert(incident.id.clone(), state) != Some(state) {
                    terminal::say(&event(&incident));
                    quiet_since = None;
                }
            }
            if printed.elapsed() >= Duration::from_secs(2) {
                printed = Instant::now();
                terminal::say(&feed.line(truth));
            }
            if feed.ended.load(Ordering::Acquire) && is_settled(service) {
                let since = *quiet_since.get_or_insert_with(Instant::now);
                if since.elapsed() > Duration::from_millis(2500) {
                    return;
                }
            } else {
                quiet_since = None;
            }
        }
    }
}

/// Whether all messages are answered and no incident waits for anything.
fn is_settled(service: &Service) -> bool {
    service.view.list(&Filter::default()).iter().all(|incident| {
        let answered = incident.messages.iter().all(|message| message.outcome.is_some());
        answered
            && (!incident.signal.pages() || incident.closed || incident.acknowledged.is_some() || incident.exhausted)
    })
}

fn event(incident: &Incident) -> String {
    let signal = &incident.signal;
    format!(
        "\n● {} {}: incident {} ({}, severity {}) – {} in {} min, {:.1} expected. {}",
        signal.at,
        incident.watch,
        incident.id,
        signal.kind.name(),
        signal.severity,
        signal.observed,
        signal.window_s / 60,
        signal.expected,
        incident.state().name(),
    )
}

/// When a part of the simulated time is due, from the start of the demonstration.
fn due(part: f64) -> Duration {
    let (mut from, mut seconds) = (0.0, 0.0);
    for (until, takes) in PACE {
        seconds += takes * ((part - from) / (until - from)).clamp(0.0, 1.0);
        from = until;
    }
    Duration::from_secs_f64(seconds)
}

/// The writer of the simulated mentions.
#[derive(Default)]
struct Feed {
    written: AtomicI64,
    at: AtomicI64,
    ended: AtomicBool,
}

impl Feed {
    #[expect(clippy::disallowed_methods, reason = "the demonstration runs in real time")]
    fn run(
        &self,
        simulation: Simulation,
        kafka: &orszem_core::settings::Kafka,
        shutdown: &Shutdown,
    ) -> anyhow::Result<()> {
        let mut writer = BulkWriter::new(kafka, &kafka.mentions)?;
        let (began, whole) = (Instant::now(), f64::from(DAYS) * 86_400_000.0);
        for (at, mention) in simulation {
            let part = at.since(START) as f64 / whole;
            if let Some(early) = due(part).checked_sub(began.elapsed())
                && early > Duration::from_millis(5)
                && shutdown.wait(early)
            {
                break;
            }
            while self.ahead() > MOST_AHEAD {
                if shutdown.wait(Duration::from_millis(20)) {
                    break;
                }
            }
            let value = serde_json::to_vec(&mention)?;
            writer.write(Some(mention.id.as_bytes()), &value)?;
            self.written.fetch_add(1, Ordering::Relaxed);
            self.at.store(at.0, Ordering::Relaxed);
        }
        let written = writer.finish(Duration::from_secs(10));
        self.ended.store(true, Ordering::Release);
        anyhow::ensure!(written.failed == 0, "the broker did not accept {} mentions", written.failed);
        Ok(())
    }

    /// Mentions that were written and are not scored.
    fn ahead(&self) -> i64 {
        self.written.load(Ordering::Relaxed).saturating_sub_unsigned(score::metrics::scored())
    }

    fn line(&self, truth: &Truth) -> String {
        let at = Timestamp(self.at.load(Ordering::Relaxed));
        let scored = score::metrics::scored();
        let matched: u64 = truth.companies.iter().map(|company| score::metrics::matched(&company.watch)).sum();
        let written = self.written.load(Ordering::Relaxed);
        format!("  {at}  {written} mentions written, {scored} scored, {matched} of them matched a watch")
    }
}

/// The configuration of the demonstration: an ordinary one, receivers included.
fn configuration(
    truth: &Truth,
    inbox: std::net::SocketAddr,
    listen: std::net::SocketAddr,
    secrets: &Path,
) -> anyhow::Result<String> {
    let secret = |name: &str, value: &str| -> anyhow::Result<String> {
        let path = secrets.join(name);
        std::fs::write(&path, value)?;
        Ok(format!("file:{}", path.display()))
    };
    let token = secret("slack-token", "xoxb-demonstration")?;
    let key = secret("pagerduty-key", &"0".repeat(32))?;
    let watches = truth.watches_toml().replace(
        "\nterms =",
        "\nescalation = \"crisis-team\"\nadvice = \"Post nothing yet. Call the communications lead. The playbook hangs by the door.\"\nterms =",
    );
    Ok(format!(
        r#"
[kafka]
partitions = 2

[web]
listen = "{listen}"
public_url = "http://{listen}"

[detect]
budget = {BUDGET}

[respond]
update_interval = "5s"

{watches}
[[receiver]]
name = "terminal"
kind = "console"

[[receiver]]
name = "slack-crisis"
kind = "slack"
token = "{token}"
channel = "C0CRISIS"
base_url = "http://{inbox}/slack"

[[receiver]]
name = "pager"
kind = "pagerduty"
routing_key = "{key}"
base_url = "http://{inbox}"

[[escalation]]
name = "crisis-team"

[[escalation.step]]
receivers = ["terminal", "slack-crisis"]
acknowledge_within = "3s"

[[escalation.step]]
receivers = ["pager"]
acknowledge_within = "10s"
"#
    ))
}

fn parsed(text: &str) -> anyhow::Result<Config> {
    let (config, faults) = orszem_config::examine(text, Path::new("demo.toml"), orszem_config::SecretCheck::Required);
    config.with_context(|| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

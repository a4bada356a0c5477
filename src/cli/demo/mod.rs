//! `orszem demo`: demonstrates everything in a minute, on one machine, with nothing else installed.

mod feed;
mod inbox;
mod story;
mod terminal;
mod verdict;

use anyhow::Context;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::progress;
use super::words::count_of;
use crate::service::Service;
use crate::{service, serving};
use feed::Feed;
use inbox::Inbox;
use orszem_core::settings::Config;
use orszem_core::simulate::{Injection, Kind, Plan, Simulation, Truth};
use orszem_core::stage::StageName;
use orszem_kafka::EmbeddedBroker;
use orszem_records::incident::{Incident, State};
use orszem_records::time::{MINUTE_MS, Timestamp};
use orszem_runtime::clock;
use orszem_runtime::lifecycle::{Health, Shutdown};
use orszem_runtime::live_config::ConfigReader;
use orszem_stages::score;
use orszem_web::Filter;
use story::{Story, moment};

/// Demonstrate everything in a minute: an embedded broker, simulated mentions, a crisis and its page.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The random seed: the same seed gives the same demonstration
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep it running at the end, with an open incident to acknowledge
    #[arg(long)]
    keep: bool,
    /// Show every message in full as its receiver got it, and the counts every two seconds
    #[arg(short, long)]
    verbose: bool,
    /// The address for the pages; port 0 means any free port
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: std::net::SocketAddr,
}

const DAYS: u32 = 14;
/// False pages a week that each watch may cost.
const BUDGET: f64 = 0.05;
/// The maximum duration, on a machine that is busy with other things.
const TIME_LIMIT: Duration = Duration::from_secs(180);
/// The company whose crisis goes on when the story ends, and how long before that it begins.
const GOES_ON: (&str, i64) = ("orbiva", 60 * MINUTE_MS);
/// How long mentions go on with `--keep`, at the speed at which they happen.
const KEPT_MS: i64 = 6 * 60 * MINUTE_MS;
const WEEK_MS: i64 = 7 * 24 * 60 * MINUTE_MS;
/// Monday, 5 January 1970.
const MONDAY_MS: i64 = 4 * 24 * 60 * MINUTE_MS;

/// The newest Monday from which the whole story is in the past. A Monday, so that the same seed gives the same
/// demonstration on any day; in the past, because no broker takes records of the future.
fn start(now: Timestamp) -> Timestamp {
    let latest = now.0 - i64::from(DAYS) * 24 * 60 * MINUTE_MS - KEPT_MS;
    Timestamp((latest - MONDAY_MS).div_euclid(WEEK_MS) * WEEK_MS + MONDAY_MS)
}

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

    /// The story: that of `orszem simulate`, and a crisis that goes on.
    fn plan(&self, start: Timestamp) -> Plan {
        let mut plan = Plan::demo(self.seed, start, DAYS);
        let span_ms = plan.end.since(plan.start);
        let (company, before_ms) = GOES_ON;
        plan.injections.push(Injection {
            kind: Kind::Crisis,
            company: Some(company.to_owned()),
            after_ms: span_ms - before_ms,
            size: Kind::Crisis.default_size(),
            lasts_ms: before_ms + KEPT_MS,
        });
        if self.keep {
            plan.end = plan.end.plus(KEPT_MS);
        }
        plan
    }

    #[expect(clippy::disallowed_methods, reason = "the demonstration has a time limit")]
    async fn show(self) -> anyhow::Result<ExitCode> {
        let began = Instant::now();
        let start = start(clock::machine());
        let end = start.plus(i64::from(DAYS) * 24 * 60 * MINUTE_MS);
        let simulation = Simulation::new(self.plan(start))?;
        let truth = simulation.truth().clone();

        let secrets = tempfile::tempdir()?;
        let crises = truth.injections.iter().filter(|injected| injected.kind == Kind::Crisis);
        let crisis = crises.filter_map(|injected| injected.watch.as_deref()).find(|watch| *watch != GOES_ON.0);
        let inbox = Inbox::start(self.verbose, crisis.unwrap_or_default()).await?;
        let listen = self.free_address().await;
        let text = configuration(&truth, inbox.address, listen, secrets.path(), self.verbose)?;
        let mut config = parsed(&text)?;
        let broker = EmbeddedBroker::start_for(&mut config.kafka)?;
        let watches = config.watches.iter().map(|watch| watch.title.as_deref().unwrap_or(&watch.name));
        terminal::say_wrapped(&format!(
            "An embedded broker runs at {}. {} are watched: {}.",
            broker.bootstrap_servers(),
            count_of(config.watches.len(), "company", "companies"),
            watches.collect::<Vec<_>>().join(", "),
        ));
        terminal::say_wrapped(&format!(
            "{DAYS} days of simulated mentions follow (seed {}), from {} to {}, in about a minute: in fast \
             forward, until the crisis comes. All times are of that story. Pages: http://{listen}/",
            self.seed,
            moment(start),
            moment(end),
        ));
        terminal::say("");

        let (shutdown, health) = (Shutdown::new(), Health::new());
        let mut story = Story::new(&truth, &config);
        let kafka = config.kafka.clone();
        let config = ConfigReader::fixed(config);
        // From now on the clock of this process is that of the story.
        clock::correct(start.since(clock::machine()));
        let serving = serving::start(&config, &shutdown, &health).await?;
        let feed = Arc::new(Feed::new(start, end, serving.board.clone()));
        let options = service::Options { config, stages: StageName::ALL.to_vec(), instance: None };
        let service = service::start(options, serving, &shutdown, &health).await?;

        let feeding = {
            let (feed, shutdown) = (Arc::clone(&feed), shutdown.clone());
            std::thread::spawn(move || feed.run(simulation, &kafka, &shutdown))
        };
        self.watch(&service, &feed, &truth, &mut story, began).await;
        let incidents = service.view.list(&Filter::default());
        let expected = BUDGET * truth.companies.len() as f64 * f64::from(DAYS) / 7.0;
        let verdict = verdict::judge(&truth, &incidents, expected);
        terminal::say(&format!("\n{}", verdict.table()));
        let code = if verdict.wrong.is_empty() {
            terminal::say("Every crisis paged, and no injected harmless event did.");
            terminal::say_wrapped(&format!(
                "False pages: {}; the budget of {BUDGET} per week and watch allows {expected:.1} in this time on average.",
                verdict.false_pages
            ));
            ExitCode::SUCCESS
        } else {
            verdict.wrong.iter().for_each(|wrong| terminal::say(&format!("WRONG: {wrong}")));
            ExitCode::from(1)
        };
        if self.keep {
            look_around(&story, &incidents, &inbox, listen);
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
    async fn watch(&self, service: &Service, feed: &Feed, truth: &Truth, story: &mut Story, began: Instant) {
        let whole = u64::from(DAYS) * 24 * 60 * MINUTE_MS.unsigned_abs();
        let bar = terminal::set_bar(progress::of_whole(whole, "two weeks"));
        let mut printed = Instant::now();
        let mut quiet_since = None;
        while began.elapsed() < TIME_LIMIT {
            tokio::time::sleep(Duration::from_millis(100)).await;
            bar.set_position(feed.progress());
            let incidents = service.view.list(&Filter::default());
            if story.tell(&incidents) {
                quiet_since = None;
            }
            if self.verbose && printed.elapsed() >= Duration::from_secs(2) {
                printed = Instant::now();
                let matched = truth.companies.iter().map(|company| score::metrics::matched(&company.watch)).sum();
                terminal::say(&feed.line(matched));
            }
            if feed.is_over() && is_settled(&incidents) {
                let since = *quiet_since.get_or_insert_with(Instant::now);
                if since.elapsed() > Duration::from_millis(2500) {
                    break;
                }
            } else {
                quiet_since = None;
            }
        }
        bar.finish_and_clear();
    }
}

/// Whether all messages are answered and no incident waits for anything, but the one that goes on: somebody was called
/// for it.
fn is_settled(incidents: &[Arc<Incident>]) -> bool {
    incidents.iter().all(|incident| {
        let answered = incident.messages.iter().all(|message| message.outcome.is_some());
        let goes_on = incident.watch == GOES_ON.0 && verdict::is_paged(incident);
        let needs_nobody = !incident.signal.pages() || incident.closed || incident.acknowledged.is_some();
        answered && (needs_nobody || goes_on || incident.exhausted)
    })
}

/// At the end: the newest message, the list and the page of the crisis that goes on.
fn look_around(story: &Story, incidents: &[Arc<Incident>], inbox: &Inbox, listen: std::net::SocketAddr) {
    let open = incidents.iter().find(|incident| incident.watch == GOES_ON.0 && incident.state() == State::Open);
    let title = story.title(GOES_ON.0);
    match open {
        Some(_) => terminal::say_wrapped(&format!("\nThe crisis of {title} goes on. This is what Slack got:")),
        None => terminal::say_wrapped("\nThis is the newest message that Slack got:"),
    }
    terminal::received_wrapped(&inbox.newest());
    terminal::say(&format!("\nThe list, at http://{listen}/ :\n{}", story::list(story, incidents)));
    terminal::say(&format!("\nThe page of {title}, with its buttons:  {}", inbox.short_link()));
    terminal::say("Open it and press \"I have it\". Press Ctrl-C to stop.");
}

/// The configuration of the demonstration: an ordinary one, receivers included.
fn configuration(
    truth: &Truth,
    inbox: std::net::SocketAddr,
    listen: std::net::SocketAddr,
    secrets: &Path,
    verbose: bool,
) -> anyhow::Result<String> {
    let secret = |name: &str, value: &str| -> anyhow::Result<String> {
        let path = secrets.join(name);
        std::fs::write(&path, value)?;
        Ok(format!("file:{}", path.display()))
    };
    let token = secret("slack-token", "xoxb-demonstration")?;
    let key = secret("pagerduty-key", &"0".repeat(32))?;
    // The terminal shows pages in full: a short story goes without it.
    let (first, terminal) = match verbose {
        true => ("\"terminal\", \"slack-crisis\"", "[[receiver]]\nname = \"terminal\"\nkind = \"console\"\n"),
        false => ("\"slack-crisis\"", ""),
    };
    let watches = truth.watches_toml().replace(
        "\nterms =",
        "\nescalation = \"crisis-team\"\nadvice = \"Post nothing yet. Call the communications lead.\"\nterms =",
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
snapshot_interval = "1h"

[score]
idle_after = "1h"

# By the clock of the story, which runs ahead of the machine's: a try that takes a moment takes minutes, and is not
# lost for that.
[respond]
update_interval = "30m"
timeout = "5m"
retry_limit = 1

{watches}
{terminal}
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

[[person]]
name = "anna"
title = "Anna"
way = [{{ receiver = "slack-crisis", to = "U0ANNA" }}]

[[person]]
name = "bela"
title = "Béla"
way = [{{ receiver = "pager" }}, {{ receiver = "slack-crisis", to = "U0BELA" }}]

[[escalation]]
name = "crisis-team"

[[escalation.step]]
receivers = [{first}]
people = ["anna"]
acknowledge_within = "10m"

[[escalation.step]]
people = ["bela"]
acknowledge_within = "6h"

# What comes after the page: what to do, what to say, who approves it, and how one gets in.
[[playbook]]
name = "crisis"
title = "A crisis"

[[playbook.move]]
do = "Pause all scheduled posts and ads."
within = "15m"

[[playbook.move]]
do = "Find out what is true: call the one who knows."
within = "1h"

[posting]
on_duty = ["bela"]
approve_within = "6h"
languages = ["en"]

[[posting.approver]]
who = ["anna"]

[[statement]]
name = "looking-into-it"
title = "We look into it"
must_not_say = ["nobody is affected"]

[[statement.text]]
language = "en"
says = "{{name}}: we know of the trouble since {{since}}, and we are looking into it. We say more as soon as we know it."
approved_by = "anna"
until = "2999-12-31"

[[account]]
name = "website"
title = "The website"
address = "http://{listen}/"
owner = "anna"
administrators = ["anna", "bela"]
credential = "The safe behind the front desk"

[account.how]
post = "Sign in, **News**, **New**. Read it once more before you press **Publish**."
"#
    ))
}

fn parsed(text: &str) -> anyhow::Result<Config> {
    let (config, faults) = orszem_config::examine(text, Path::new("demo.toml"), orszem_config::SecretCheck::Required);
    config.with_context(|| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_begins_on_a_monday_and_is_in_the_past() {
        let now = Timestamp(1_796_000_000_000);
        let began = start(now);
        assert_eq!(moment(began).get(..3), Some("Mon"));
        assert!(moment(began).ends_with(" 00:00"), "{}", moment(began));
        let over = began.plus(i64::from(DAYS) * 24 * 60 * MINUTE_MS + KEPT_MS);
        assert!(over <= now && now.since(over) < WEEK_MS);
    }
}

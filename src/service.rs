//! The program at work: stages, pages and what holds them together, until it is told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::Semaphore;

use crate::{metrics, sentiment_client};
use orszem_core::notification::Page;
use orszem_core::range::{RangeQuery, Read};
use orszem_core::score;
use orszem_core::settings::Config;
use orszem_core::settings::Watch;
use orszem_core::stage::StageName;
use orszem_kafka::follower;
use orszem_kafka::follower::FollowEvent;
use orszem_kafka::producer::LedgerWriter;
use orszem_kafka::range::{RangeEvent, RangeReader};
use orszem_kafka::{Names, worker};
use orszem_records::incident::Incident;
use orszem_records::ledger::Entry;
use orszem_runtime::clock;
use orszem_runtime::lifecycle::{Health, Shutdown};
use orszem_runtime::live_config::ConfigReader;
use orszem_runtime::status::StatusBoard;
use orszem_stages::watches::CurrentWatches;
use orszem_web::{AppState, LedgerSink, Links, SinkError, View};

/// What to run.
pub struct Options {
    /// The configuration; the stages go over to another one by themselves.
    pub config: ConfigReader,
    /// The stages to run.
    pub stages: Vec<StageName>,
    /// What the operator calls this copy, the same after a restart.
    pub instance: Option<String>,
}

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A topic has settings that would lose data, and the like.
    #[error(transparent)]
    Topics(#[from] orszem_kafka::topics::TopicsError),
    /// A Kafka client could not be made.
    #[error("kafka: {0}")]
    Client(String),
    /// The address is taken, or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// A thread could not be started.
    #[error("a thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
    /// A secret could not be read.
    #[error("{0}: {1}")]
    Secret(&'static str, orszem_core::settings::secret::SecretError),
    /// The terms of the watches make no automaton.
    #[error("the watches cannot be matched: {0}")]
    Watches(String),
    /// A model of the user's cannot be had.
    #[error("{0}")]
    Models(String),
    /// An input cannot be read as it says.
    #[error("the input cannot be read: {0}")]
    Input(String),
    /// Receivers cannot be made of their configuration.
    #[error("{0}")]
    Receivers(String),
}

/// The running program. Dropping it does not stop it: trigger the shutdown, then [`Service::join`].
pub struct Service {
    threads: Vec<JoinHandle<()>>,
    serving: tokio::task::JoinHandle<()>,
    /// The incidents, as the ledger tells them.
    pub view: Arc<View>,
    /// The address that the pages are at.
    pub address: SocketAddr,
}

/// Starts everything. The topics must be there. Must be called in a tokio runtime.
pub async fn start(options: Options, shutdown: &Shutdown, health: &Health) -> Result<Service, StartError> {
    let config = options.config.load();
    metrics::seed(&config, &options.stages);
    let listener = tokio::net::TcpListener::bind(config.web.listen)
        .await
        .map_err(|fault| StartError::Listen(config.web.listen, fault))?;
    let address = listener.local_addr()?;
    let links = Links::new(options.config.clone()).map_err(|fault| StartError::Secret("[web] link_secret", fault))?;
    let (links, board) = (Arc::new(links), StatusBoard::default());
    let mut threads = Vec::new();
    let view = Arc::new(View::default());
    for stage in &options.stages {
        threads.extend(spawn(*stage, &options, (&links, &board), (&view, shutdown, health))?);
    }

    threads.push(follow_ledger(&config, &view, shutdown)?);
    let sink = LedgerWriter::new(&config.kafka).map_err(|fault| StartError::Client(fault.to_string()))?;
    let app = AppState {
        view: Arc::clone(&view),
        sink: Arc::new(Sink(sink)),
        config: options.config.clone(),
        links,
        board,
        health: Arc::new(Vitals(health.clone())),
        past: Arc::new(Past(config.kafka.clone())),
        // One at a time: what pages comes first.
        trying: Arc::new(Semaphore::new(1)),
    };
    let stop = wait_for(shutdown.clone());
    let serving = tokio::spawn(async move {
        if let Err(fault) = orszem_web::serve(listener, app, stop).await {
            tracing::error!(%fault, "web server stopped");
        }
    });
    Ok(Service { threads, serving, view, address })
}

impl Service {
    /// Waits until everything has ended, after the shutdown was triggered.
    pub async fn join(self) {
        let threads = self.threads;
        let joined = tokio::task::spawn_blocking(move || {
            for thread in threads {
                if thread.join().is_err() {
                    tracing::error!("thread panicked");
                }
            }
        });
        let _ = joined.await;
        let _ = self.serving.await;
    }
}

fn spawn(
    stage: StageName,
    options: &Options,
    (links, board): (&Arc<Links>, &StatusBoard),
    (view, shutdown, health): (&Arc<View>, &Shutdown, &Health),
) -> Result<Vec<JoinHandle<()>>, StartError> {
    let config = options.config.load();
    let names = Names::new(&config.kafka);
    let settings = |stage, topic: &str, thread| worker::Settings {
        stage,
        thread,
        kafka: config.kafka.clone(),
        topic: topic.to_owned(),
        instance: options.instance.clone(),
    };
    let shared = options.config.clone();
    let shutdown = shutdown.clone();
    let threads = match stage {
        StageName::Score => {
            let partitions = orszem_kafka::topics::partitions(&config.kafka, &names.tallies, &shutdown)?;
            let models = orszem_runtime::models::load(&config.sentiment).map_err(StartError::Models)?;
            let rules = CurrentWatches::new(shared, Arc::new(models))
                .map_err(|fault| StartError::Watches(fault.to_string()))?;
            let second_opinion = match &config.sentiment.service {
                Some(url) => {
                    let service = sentiment_client::Service::new(
                        url,
                        config.sentiment.timeout.0,
                        Arc::clone(view),
                        board.clone(),
                    );
                    let service = service.map_err(|fault| StartError::Client(fault.to_string()))?;
                    Some(Arc::new(service) as Arc<dyn score::second_opinion::SecondOpinion>)
                }
                None => None,
            };
            let mut awaited = Vec::new();
            for topic in config.topics() {
                let partitions = orszem_kafka::topics::partitions(&config.kafka, &topic, &shutdown)?;
                awaited.extend((0..partitions).map(|partition| (topic.clone(), partition)));
            }
            let mut threads = Vec::new();
            for topic in config.topics() {
                for thread in 0..config.score.threads {
                    let stage = orszem_stages::score::Worker::new(rules.clone(), &topic, partitions);
                    let stage = stage.map_err(StartError::Input)?;
                    let stage = stage.with_second_opinion(second_opinion.clone()).awaiting(awaited.clone());
                    let settings = settings("score", &topic, thread);
                    threads.push(worker::spawn(settings, move || stage, shutdown.clone(), health)?);
                }
            }
            threads
        }
        StageName::Detect => {
            let stage = orszem_stages::detect::Worker::new(shared).showing_on(board.clone());
            vec![worker::spawn(settings("detect", &names.tallies, 0), move || stage, shutdown, health)?]
        }
        StageName::Respond => {
            let pages = Arc::new(pages(shared.clone(), Arc::clone(links)));
            let runtime = tokio::runtime::Handle::current();
            let stage = orszem_stages::respond::Worker::new(shared, Box::new(receivers), pages, runtime)
                .map_err(StartError::Receivers)?;
            vec![worker::spawn(settings("respond", &names.ledger, 0), move || stage, shutdown, health)?]
        }
    };
    Ok(threads)
}

/// The receivers of a configuration, by name. Says all that cannot be made.
fn receivers(config: &Config) -> Result<orszem_stages::respond::Receivers, String> {
    let (mut made, mut faults) = (orszem_stages::respond::Receivers::new(), Vec::new());
    for receiver in &config.receivers {
        match orszem_notify::build(receiver, &config.respond) {
            Ok(built) => {
                made.insert(receiver.name().to_owned(), built);
            }
            Err(fault) => faults.push(fault.to_string()),
        }
    }
    if faults.is_empty() { Ok(made) } else { Err(faults.join("; ")) }
}

/// Makes pages with a link that is signed for the receiver it goes to.
fn pages(config: ConfigReader, links: Arc<Links>) -> impl Fn(&Incident, &Watch, &str) -> Page + Send + Sync + 'static {
    move |incident, watch, receiver| {
        let web = &config.load().web;
        let expires = clock::now().plus(web.link_expires.millis());
        let link = links.signer().link(&web.public_url, &incident.id.0, receiver, expires);
        Page::of(incident, watch, link)
    }
}

/// Keeps the view of incidents up to date with every partition of the ledger.
fn follow_ledger(config: &Config, view: &Arc<View>, shutdown: &Shutdown) -> Result<JoinHandle<()>, StartError> {
    let view = Arc::clone(view);
    let each = move |followed: FollowEvent<'_>| {
        if let FollowEvent::Record { partition, offset, appended, value: Some(value), .. } = followed {
            match Entry::from_record(value, appended) {
                Ok(entry) => view.apply(&entry),
                Err(fault) => tracing::error!(partition, offset, %fault, "ledger entry not readable"),
            }
        }
    };
    let ledger = Names::new(&config.kafka).ledger;
    Ok(follower::follow("web", config.kafka.clone(), ledger, each, shutdown.clone())?)
}

/// What people do is written here.
struct Sink(LedgerWriter);

impl LedgerSink for Sink {
    fn append<'a>(&'a self, entry: Entry) -> Pin<Box<dyn Future<Output = Result<(), SinkError>> + Send + 'a>> {
        Box::pin(async move {
            self.0.write(&entry.watch, &entry.to_json()).await.map_err(|fault| SinkError(fault.to_string()))
        })
    }
}

/// Where queries are tried on what a topic holds.
struct Past(orszem_core::settings::Kafka);

impl orszem_web::Past for Past {
    fn read(&self, topic: &str, extent: RangeQuery, take: &mut dyn FnMut(&Read)) -> Result<bool, String> {
        let mut reader = RangeReader::open(&self.0, topic, extent).map_err(|fault| fault.to_string())?;
        while let Some(event) = reader.next_event().map_err(|fault| fault.to_string())? {
            if let RangeEvent::Record(record) = event {
                take(&record);
            }
        }
        Ok(!reader.is_cut())
    }
}

struct Vitals(Health);

impl orszem_web::Health for Vitals {
    fn healthy(&self) -> Result<(), String> {
        match self.0.stuck(clock::now()) {
            stuck if stuck.is_empty() => Ok(()),
            stuck => Err(format!("no sign of life from: {}", stuck.join(", "))),
        }
    }

    fn ready(&self) -> Result<(), String> {
        if self.0.ready() {
            return Ok(());
        }
        let stages = self.0.stages();
        let waiting = stages.iter().filter(|stage| !stage.joined || stage.kafka_away || stage.dead).map(|stage| {
            let why = if stage.kafka_away { "kafka is away" } else { "has not joined its group" };
            format!("{}: {why}", stage.stage)
        });
        Err(waiting.collect::<Vec<_>>().join("; "))
    }
}

/// Ends when the shutdown is triggered.
async fn wait_for(shutdown: Shutdown) {
    while !shutdown.is_triggered() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

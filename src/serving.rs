//! Pages, API, metrics and health, from the first moment of the program: before Kafka is reached, they say so.

use std::collections::BTreeSet;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::Semaphore;

use orszem_core::range::{RangeQuery, Read};
use orszem_core::settings::Config;
use orszem_core::settings::secret::SecretError;
use orszem_kafka::Names;
use orszem_kafka::follower;
use orszem_kafka::follower::FollowEvent;
use orszem_kafka::producer::RecordWriter;
use orszem_kafka::range::{RangeEvent, RangeReader};
use orszem_records::canary;
use orszem_records::ledger::Entry;
use orszem_records::team::Record;
use orszem_runtime::lifecycle::{Health, Shutdown};
use orszem_runtime::live_config::ConfigReader;
use orszem_runtime::startup::Startup;
use orszem_runtime::status::StatusBoard;
use orszem_web::{
    AppState, Certificate, LedgerSink, Links, SigningIn, SinkError, TeamSink, TeamView, TlsError, Tokens, UnderWay,
    View,
};

use crate::buttons::ProgramButtons;
use crate::outside::ProviderWay;
use crate::trials::WayTrials;

/// What answers requests, and what the stages share with it.
pub struct Serving {
    /// The incidents, as the ledger tells them.
    pub view: Arc<View>,
    /// What signs the links in pages.
    pub links: Arc<Links>,
    /// What the stages tell of their watches.
    pub board: StatusBoard,
    /// What the program still waits for.
    pub startup: Startup,
    /// The address that the pages are at.
    pub address: SocketAddr,
    /// Ends after the shutdown.
    pub(crate) task: tokio::task::JoinHandle<()>,
    /// Ends after the shutdown.
    pub(crate) following: Vec<JoinHandle<()>>,
}

/// Why nothing can be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// A secret could not be read.
    #[error("{0}: {1}")]
    Secret(&'static str, SecretError),
    /// The certificate could not be used.
    #[error("[web] tls: {0}")]
    Tls(#[from] TlsError),
    /// A Kafka client could not be made.
    #[error("kafka: {0}")]
    Client(String),
    /// A thread could not be started.
    #[error("a thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// Listens and answers. Kafka need not be there. Must be called in a tokio runtime.
pub async fn start(config: &ConfigReader, shutdown: &Shutdown, health: &Health) -> Result<Serving, ServeError> {
    let now = config.load();
    let listener = listen(now.web.listen).await?;
    let address = listener.local_addr()?;
    let for_machines = match now.web.health_listen {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let certificate = Certificate::new(config.clone())?;
    if now.sign_in.is_on() && !now.web.is_secure() {
        tracing::warn!(
            public_url = now.web.public_url,
            "people sign in over plain HTTP: sessions are not kept to HTTPS; good for trying it on this machine alone"
        );
    }
    let links = Links::new(config.clone()).map_err(|fault| ServeError::Secret("[web] link_secret", fault))?;
    let (links, board, view) = (Arc::new(links), StatusBoard::default(), Arc::new(View::default()));
    let startup = Startup::begin(&now.kafka.brokers);
    let writer = RecordWriter::new(&now.kafka).map_err(|fault| ServeError::Client(fault.to_string()))?;
    let sink = Arc::new(Sink { writer, names: Names::new(&now.kafka) });
    let team = Arc::new(TeamView::default());
    let app = AppState {
        view: Arc::clone(&view),
        sink: sink.clone(),
        team: Arc::clone(&team),
        team_sink: sink,
        buttons: Arc::new(ProgramButtons(config.clone())),
        trials: Arc::new(WayTrials { config: config.clone(), links: Arc::clone(&links) }),
        config: config.clone(),
        links: Arc::clone(&links),
        tokens: Arc::new(Tokens::new(config.clone())),
        signing_in: Arc::new(SigningIn::new(config.clone(), Arc::new(ProviderWay::new(config.clone())))),
        board: board.clone(),
        health: Arc::new(Vitals { health: health.clone(), startup: startup.clone() }),
        startup: startup.clone(),
        past: Arc::new(Past(now.kafka.clone())),
        under_way: UnderWay::default(),
        // One at a time: what pages comes first.
        trying: Arc::new(Semaphore::new(1)),
    };
    let mut listeners = vec![(listener, certificate, orszem_web::router(app.clone()))];
    if let Some(listener) = for_machines {
        tracing::info!(address = %listener.local_addr()?, "serving health and metrics");
        // Probes and Prometheus on the inside: plain, as their address is the operator's choice.
        listeners.push((listener, None, orszem_web::health_router(app)));
    }
    let mut serving = tokio::task::JoinSet::new();
    for (listener, certificate, routes) in listeners {
        serving.spawn(orszem_web::serve(listener, certificate, routes, wait_for(shutdown.clone())));
    }
    let task = tokio::spawn(async move {
        for served in serving.join_all().await {
            if let Err(fault) = served {
                tracing::error!(%fault, "web server stopped");
            }
        }
    });
    let following =
        vec![follow_ledger(&now, &view, &startup, shutdown)?, follow_team(&now, &team, &startup, shutdown)?];
    crate::readiness::keep(config.clone(), Arc::clone(&team), startup.clone(), shutdown.clone());
    Ok(Serving { view, links, board, startup, address, task, following })
}

async fn listen(address: SocketAddr) -> Result<tokio::net::TcpListener, ServeError> {
    tokio::net::TcpListener::bind(address).await.map_err(|fault| ServeError::Listen(address, fault))
}

/// Keeps the view of incidents up to date with every partition of the ledger, and tells `startup` once it has read all.
fn follow_ledger(
    config: &Config,
    view: &Arc<View>,
    startup: &Startup,
    shutdown: &Shutdown,
) -> Result<JoinHandle<()>, ServeError> {
    let (view, startup) = (Arc::clone(view), startup.clone());
    let mut unread = BTreeSet::new();
    let each = move |followed: FollowEvent<'_>| match followed {
        FollowEvent::Begin { partitions } => unread = (0..partitions).collect(),
        FollowEvent::AtEnd { partition } => {
            let was = usize::try_from(partition).is_ok_and(|partition| unread.remove(&partition));
            if was && unread.is_empty() {
                startup.incidents_are_read();
            }
        }
        // A canary is of no incident.
        FollowEvent::Record { key, .. } if canary::is_key(key) => {}
        FollowEvent::Record { partition, offset, appended, value: Some(value), .. } => {
            match Entry::from_record(value, appended) {
                Ok(entry) => view.apply_at(&entry, offset),
                Err(fault) => tracing::error!(partition, offset, %fault, "ledger entry not readable"),
            }
        }
        FollowEvent::Record { value: None, .. } => {}
    };
    let ledger = Names::new(&config.kafka).ledger;
    Ok(follower::follow("web", config.kafka.clone(), ledger, each, shutdown.clone())?)
}

/// Keeps what people change for the team up to date, and tells `startup` once it has read all.
fn follow_team(
    config: &Config,
    team: &Arc<TeamView>,
    startup: &Startup,
    shutdown: &Shutdown,
) -> Result<JoinHandle<()>, ServeError> {
    let (team, startup) = (Arc::clone(team), startup.clone());
    let each = move |followed: FollowEvent<'_>| match followed {
        FollowEvent::Begin { .. } => {}
        // The decider reads the first partition alone, as there is to be one.
        FollowEvent::AtEnd { partition: 0 } => startup.team_is_read(),
        FollowEvent::Record { partition: 0, offset, key, value, .. } => {
            if let Err(fault) = team.apply(offset, key.unwrap_or_default(), value) {
                tracing::error!(offset, fault, "record of the team not readable, skipped");
            }
        }
        FollowEvent::AtEnd { .. } | FollowEvent::Record { .. } => {}
    };
    let topic = Names::new(&config.kafka).team;
    Ok(follower::follow("web", config.kafka.clone(), topic, each, shutdown.clone())?)
}

/// What people do is written here.
struct Sink {
    writer: RecordWriter,
    names: Names,
}

impl LedgerSink for Sink {
    fn append<'a>(&'a self, entry: Entry) -> Pin<Box<dyn Future<Output = Result<i64, SinkError>> + Send + 'a>> {
        Box::pin(async move {
            let written = self.writer.write(&self.names.ledger, &entry.watch, &entry.to_json()).await;
            written.map_err(|fault| SinkError(fault.to_string()))
        })
    }
}

impl TeamSink for Sink {
    fn append<'a>(&'a self, record: Record) -> Pin<Box<dyn Future<Output = Result<i64, SinkError>> + Send + 'a>> {
        Box::pin(async move {
            let written = self.writer.write(&self.names.team, &record.key(), &record.to_json()).await;
            written.map_err(|fault| SinkError(fault.to_string()))
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

struct Vitals {
    health: Health,
    startup: Startup,
}

impl orszem_web::Health for Vitals {
    fn healthy(&self) -> Result<(), String> {
        match self.health.stuck() {
            stuck if stuck.is_empty() => Ok(()),
            stuck => Err(format!("no sign of life from: {}", stuck.join(", "))),
        }
    }

    fn ready(&self) -> Result<(), String> {
        if let Some(missing) = self.startup.missing() {
            return Err(missing);
        }
        if self.health.ready() {
            return Ok(());
        }
        let stages = self.health.stages();
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

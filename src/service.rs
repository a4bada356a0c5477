//! The program at work: the stages beside the pages, until it is told to stop.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::serving::Serving;
use crate::{metrics, sentiment_client};
use orszem_core::notification::{Occasion, Page};
use orszem_core::playbook;
use orszem_core::score;
use orszem_core::settings::Config;
use orszem_core::settings::Watch;
use orszem_core::stage::StageName;
use orszem_kafka::follower::FollowEvent;
use orszem_kafka::producer::RecordWriter;
use orszem_kafka::{Names, worker};
use orszem_notify::{HttpCalendar, Outgoing, Switch};
use orszem_records::incident::{Incident, State};
use orszem_records::own_post::OwnPost;
use orszem_runtime::clock;
use orszem_runtime::lifecycle::{Health, Shutdown};
use orszem_runtime::live_config::ConfigReader;
use orszem_stages::respond::Ends;
use orszem_stages::watches::CurrentWatches;
use orszem_web::{Links, View};

/// How long stopping may take: stages commit and leave their groups within 10 s.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// What to run.
pub struct Options {
    /// The configuration; the stages go over to another one by themselves.
    pub config: ConfigReader,
    /// The stages to run.
    pub stages: Vec<StageName>,
    /// What the operator calls this copy, the same after a restart.
    pub instance: Option<String>,
}

/// Why the stages cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A topic has settings that would lose data, and the like.
    #[error(transparent)]
    Topics(#[from] orszem_kafka::topics::TopicsError),
    /// A Kafka client could not be made.
    #[error("kafka: {0}")]
    Client(String),
    /// A thread could not be started.
    #[error("a thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
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

/// Starts the stages beside the pages of `serving`. The topics must be there. Must be called in a tokio runtime.
pub async fn start(
    options: Options,
    serving: Serving,
    shutdown: &Shutdown,
    health: &Health,
) -> Result<Service, StartError> {
    metrics::seed(&options.config.load(), &options.stages);
    let mut threads = Vec::new();
    for stage in &options.stages {
        threads.extend(spawn(*stage, &options, &serving, (shutdown, health))?);
    }
    serving.startup.topics_are_there();
    threads.extend(serving.following);
    Ok(Service { threads, serving: serving.task, view: serving.view, address: serving.address })
}

impl Service {
    /// Waits until everything has ended, after the shutdown was triggered; at most 20 s. What still runs then
    /// is left behind, and named in the log.
    pub async fn join(self) {
        let deadline = tokio::time::Instant::now() + STOP_LIMIT;
        for thread in self.threads {
            let name = thread.thread().name().unwrap_or_default().to_owned();
            // A blocking join could wait for ever, and would keep the runtime from ending.
            while !thread.is_finished() && tokio::time::Instant::now() < deadline {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            if !thread.is_finished() {
                tracing::error!(thread = name, "thread did not stop in time, ending without it");
            } else if thread.join().is_err() {
                tracing::error!(thread = name, "thread panicked");
            }
        }
        if tokio::time::timeout_at(deadline, self.serving).await.is_err() {
            tracing::error!("web server did not stop in time, ending without it");
        }
    }
}

fn spawn(
    stage: StageName,
    options: &Options,
    serving: &Serving,
    (shutdown, health): (&Shutdown, &Health),
) -> Result<Vec<JoinHandle<()>>, StartError> {
    let config = options.config.load();
    let names = Names::new(&config.kafka);
    let settings = |stage, topic: &str, thread| worker::Settings {
        stage,
        thread,
        kafka: config.kafka.clone(),
        topic: topic.to_owned(),
        team: None,
        instance: options.instance.clone(),
    };
    let shared = options.config.clone();
    let shutdown = shutdown.clone();
    let Serving { view, links, board, startup, .. } = serving;
    let threads = match stage {
        StageName::Score => {
            let partitions = orszem_kafka::topics::partitions(&config.kafka, &names.tallies, &shutdown, startup)?;
            let models = orszem_runtime::models::load(&config.sentiment).map_err(StartError::Models)?;
            let rules = CurrentWatches::new(shared, Arc::new(models))
                .map_err(|fault| StartError::Watches(fault.to_string()))?;
            if config.sentiment.service.is_some() && !options.stages.contains(&StageName::Detect) {
                sentiment_client::knows_no_detect();
            }
            let second_opinion = match &config.sentiment.service {
                Some(url) => {
                    let outgoing =
                        Outgoing::new(&config.network).map_err(|fault| StartError::Client(fault.to_string()))?;
                    let service = sentiment_client::Service::new(
                        url,
                        config.sentiment.timeout.0,
                        &outgoing,
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
                let partitions = orszem_kafka::topics::partitions(&config.kafka, &topic, &shutdown, startup)?;
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
            let pages = Arc::new(SignedPages { config: shared.clone(), links: Arc::clone(links) });
            let runtime = tokio::runtime::Handle::current();
            let stage = orszem_stages::respond::Worker::new(shared, Box::new(receivers), pages, runtime)
                .and_then(|stage| stage.reading(Box::new(calendars)))
                .and_then(|stage| stage.proving(Box::new(canary_ends)))
                .map_err(StartError::Receivers)?;
            let (heard, own_posts) = std::sync::mpsc::sync_channel(OWN_POSTS);
            let stage = stage.hearing(own_posts);
            let following = follow_own(&config, heard, &shutdown)?;
            // Who owns the one partition of the team decides for all of the ledger.
            let settings = worker::Settings { team: Some(names.team), ..settings("respond", &names.ledger, 0) };
            vec![worker::spawn(settings, move || stage, shutdown, health)?, following]
        }
    };
    Ok(threads)
}

/// How many posts of our accounts may wait for respond.
const OWN_POSTS: usize = 1_000;

/// Follows what our accounts publish, and hands it to respond.
fn follow_own(
    config: &Config,
    heard: std::sync::mpsc::SyncSender<OwnPost>,
    shutdown: &Shutdown,
) -> std::io::Result<JoinHandle<()>> {
    let each = move |followed: FollowEvent<'_>| {
        let FollowEvent::Record { partition, offset, value: Some(value), .. } = followed else { return };
        match OwnPost::from_json(value) {
            // Where respond has ended nobody hears it any more.
            Ok(post) => drop(heard.send(post)),
            Err(fault) => tracing::error!(partition, offset, %fault, "post of our own not readable, skipped"),
        }
    };
    orszem_kafka::follower::follow("own", config.kafka.clone(), Names::new(&config.kafka).own, each, shutdown.clone())
}

/// The receivers of a configuration, by name. Says all that cannot be made.
fn receivers(config: &Config) -> Result<orszem_stages::respond::Receivers, String> {
    let (mut made, mut faults) = (orszem_stages::respond::Receivers::new(), Vec::new());
    let outgoing = Outgoing::new(&config.network).map_err(|fault| format!("[network] {fault}"))?;
    for receiver in config.all_receivers() {
        match orszem_notify::build(&receiver, &config.respond, &outgoing) {
            Ok(built) => {
                made.insert(receiver.name().to_owned(), built);
            }
            Err(fault) => faults.push(fault.to_string()),
        }
    }
    if faults.is_empty() { Ok(made) } else { Err(faults.join("; ")) }
}

/// The calendars of a configuration, by the names of their rotations.
fn calendars(config: &Config) -> Result<orszem_stages::respond::Sources, String> {
    let outgoing = Outgoing::new(&config.network).map_err(|fault| format!("[network] {fault}"))?;
    let calendars = config.rotations.iter().filter_map(|rotation| Some((rotation, rotation.calendar.as_ref()?)));
    let made = calendars.map(|(rotation, settings)| {
        let name = &rotation.name;
        let calendar = HttpCalendar::new(settings, &outgoing);
        let calendar = calendar.map_err(|fault| format!("the calendar of rotation {name:?}: {fault}"))?;
        Ok((name.clone(), Arc::new(calendar) as _))
    });
    made.collect()
}

/// The ends of the way of canaries: the topic of mentions, and the dead man's switch.
struct CanaryEnds {
    writer: RecordWriter,
    topic: String,
    switch: Switch,
}

impl Ends for CanaryEnds {
    fn put<'a>(
        &'a self,
        key: &'a str,
        mention: &'a [u8],
    ) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move {
            let written = self.writer.write(&self.topic, key, mention).await;
            written.map(drop).map_err(|fault| fault.to_string())
        })
    }

    fn ping<'a>(&'a self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(self.switch.ping())
    }
}

/// The ends of the way of canaries, where a configuration sends some.
fn canary_ends(config: &Config) -> Result<Option<Arc<dyn Ends>>, String> {
    let Some(settings) = &config.canary else { return Ok(None) };
    let topic = config.canary_topic().ok_or("[canary] no input takes native records as they are")?;
    let outgoing = Outgoing::new(&config.network).map_err(|fault| format!("[network] {fault}"))?;
    let switch = Switch::new(settings, &outgoing).map_err(|fault| format!("[canary] {fault}"))?;
    let writer = RecordWriter::new(&config.kafka).map_err(|fault| format!("[canary] {fault}"))?;
    Ok(Some(Arc::new(CanaryEnds { writer, topic, switch })))
}

/// Makes pages with a link that is signed for the receiver it goes to.
struct SignedPages {
    config: ConfigReader,
    links: Arc<Links>,
}

impl orszem_stages::respond::Pages for SignedPages {
    fn page(&self, incident: &Incident, watch: &Watch, receiver: &str, occasion: Occasion) -> Page {
        let config = self.config.load();
        let expires = clock::now().plus(config.web.link_expires.millis());
        let link = self.links.signer().link(&config.web.public_url, &incident.id.0, receiver, expires);
        let words = config.words(Some(receiver), incident.signal.time_zone.as_deref());
        let mut page = Page::of(incident, watch, occasion, link, &words);
        if let Some(playbook) = playbook::of(&config, incident).filter(|_| incident.state() != State::Resolved) {
            page.follow(playbook);
        }
        page
    }

    fn access_link(&self, account: &str, person: &str) -> String {
        let config = self.config.load();
        orszem_web::access_link(&self.links.signer(), &config.web.public_url, (account, person), clock::now())
    }
}

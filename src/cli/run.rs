//! `orszem run`: runs the stages until a signal stops them.

use anyhow::Context;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

use super::config_file::ConfigFile;
use crate::{metrics, service, serving};
use orszem_config::{Handle, Reload};
use orszem_core::stage::StageName;
use orszem_kafka::{librdkafka_version, topics};
use orszem_runtime::lifecycle::{Health, Shutdown};
use orszem_runtime::watchdog::{self, Limits};

/// Run the stages against Kafka.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigFile,
    /// Run only this stage; can be repeated [default: all three]
    #[arg(long = "stage", value_enum)]
    stages: Vec<Stage>,
    /// The name of this copy. Keep it across restarts: the copy then continues immediately instead of after the
    /// session timeout. Every copy needs a different name
    #[arg(long, env = "ORSZEM_INSTANCE")]
    instance: Option<String>,
}

/// [`StageName`] on the command line.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Stage {
    /// Reads mentions, writes tallies.
    Score,
    /// Reads tallies, writes signals.
    Detect,
    /// Reads the ledger, sends notifications.
    Respond,
}

impl From<Stage> for StageName {
    fn from(stage: Stage) -> StageName {
        match stage {
            Stage::Score => StageName::Score,
            Stage::Detect => StageName::Detect,
            Stage::Respond => StageName::Respond,
        }
    }
}

impl Args {
    /// Runs until SIGTERM or SIGINT. `commit` is for the log.
    pub fn run(self, commit: &str) -> anyhow::Result<ExitCode> {
        let loaded = self.config.load()?;
        super::logs::start(loaded.config.log.format, None);
        for warning in &loaded.warnings {
            tracing::warn!(%warning, "warning in the configuration");
        }
        let handle = Handle::of(loaded);
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(self.serve(handle, commit))?;
        // Do not wait for sends that hang: they are in the ledger.
        runtime.shutdown_background();
        Ok(ExitCode::SUCCESS)
    }

    async fn serve(self, handle: Handle, commit: &str) -> anyhow::Result<()> {
        let shutdown = Shutdown::new();
        let stages = match self.stages {
            none if none.is_empty() => StageName::ALL.to_vec(),
            stages => stages.into_iter().map(StageName::from).collect(),
        };
        // Before anything slow, so that a signal never kills the process.
        let signals = tokio::spawn(signals(handle.clone(), self.config.path, stages.clone(), shutdown.clone()));
        let config = handle.current();
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            commit,
            librdkafka = librdkafka_version(),
            watches = config.watches.len(),
            brokers = config.kafka.brokers,
            "orszem starts"
        );
        // Before Kafka is reached: every request gets an answer, and hears what is waited for.
        let health = Health::new();
        let _watchdog = watchdog::start(health.clone(), shutdown.clone(), Limits::default(), watchdog::abort)?;
        let serving = serving::start(&handle.reader(), &shutdown, &health).await?;
        tracing::info!(address = %serving.address, "serving pages");
        let (kafka, inputs, stop) = (config.kafka.clone(), config.topics(), shutdown.clone());
        let startup = serving.startup.clone();
        let ensured = tokio::task::spawn_blocking(move || topics::ensure(&kafka, &inputs, &stop, &startup)).await?;
        if shutdown.is_triggered() {
            return Ok(());
        }
        ensured.context("the topics in Kafka are not usable")?;
        let options = service::Options { config: handle.reader(), stages, instance: self.instance };
        let service = service::start(options, serving, &shutdown, &health).await?;
        signals.await?;
        service.join().await;
        tracing::info!("orszem stopped");
        Ok(())
    }
}

/// Reloads the configuration on SIGHUP; triggers the shutdown and returns on SIGTERM or SIGINT.
async fn signals(handle: Handle, path: PathBuf, stages: Vec<StageName>, shutdown: Shutdown) {
    let (Ok(mut hang_up), Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::hangup()), signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("cannot receive signals: only SIGKILL stops this process");
        return std::future::pending().await;
    };
    let handle = Arc::new(handle);
    loop {
        tokio::select! {
            _ = hang_up.recv() => reload(&handle, &path, &stages),
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    tracing::info!("stopping: committing work in progress");
    shutdown.trigger();
}

fn reload(handle: &Handle, path: &std::path::Path, stages: &[StageName]) {
    match handle.reload(path) {
        Reload::Taken { warnings, secrets } => {
            let config = handle.current();
            metrics::seed(&config, stages);
            orszem_config::metrics::reloaded(path, &config, &warnings, &secrets);
        }
        Reload::Refused(faults) => orszem_config::metrics::rejected(path, &faults),
    }
}

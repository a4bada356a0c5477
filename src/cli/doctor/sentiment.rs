//! The sentiment models, and the sentiment service.

use crate::sentiment_client;
use orszem_core::settings::{Config, Sentiment};
use orszem_notify::Outgoing;
use orszem_runtime::probe::Finding;

/// The models, and the service if there is one.
pub(super) async fn check(config: &Config) -> Vec<Finding> {
    let (models, service) = tokio::join!(models(&config.sentiment), answers(config));
    std::iter::once(models).chain(service).collect()
}

async fn models(sentiment: &Sentiment) -> Finding {
    let own = sentiment.models.len();
    let asked = sentiment.clone();
    // Reads and unpacks files, so it must not block an async thread.
    let loaded = tokio::task::spawn_blocking(move || orszem_runtime::models::load(&asked).map(drop)).await;
    match loaded.unwrap_or_else(|fault| Err(fault.to_string())) {
        Ok(()) if own == 0 => Finding::works("models", "the built-in models load"),
        Ok(()) => Finding::works("models", format!("the built-in models load, and {own} of your own")),
        Err(fault) => Finding::broken(
            "models",
            fault,
            "train it again with `orszem sentiment train`, or remove it from the configuration",
        ),
    }
}

async fn answers(config: &Config) -> Option<Finding> {
    let url = config.sentiment.service.as_deref()?;
    let asked = match Outgoing::new(&config.network) {
        Ok(outgoing) => sentiment_client::probe(url, config.sentiment.timeout.0, &outgoing).await,
        Err(fault) => Err(fault.to_string()),
    };
    Some(match asked {
        Ok(()) => Finding::works("service", "judged an invented mention"),
        // Not broken: the built-in models judge instead.
        Err(reason) => Finding::warning(
            "service",
            format!("{reason}; the built-in models judge instead"),
            "check that the service runs, and that its answers have the format of docs/sentiment.md",
        ),
    })
}

//! The sentiment models, and the sentiment service.

use crate::sentiment_client;
use orszem_core::settings::Sentiment;
use orszem_runtime::probe::Finding;

/// The models, and the service if there is one.
pub(super) async fn check(sentiment: &Sentiment) -> Vec<Finding> {
    let (models, service) = tokio::join!(models(sentiment), answers(sentiment));
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

async fn answers(sentiment: &Sentiment) -> Option<Finding> {
    let url = sentiment.service.as_deref()?;
    Some(match sentiment_client::probe(url, sentiment.timeout.0).await {
        Ok(()) => Finding::works("service", "judged an invented mention"),
        // Not broken: the built-in models judge instead.
        Err(reason) => Finding::warning(
            "service",
            format!("{reason}; the built-in models judge instead"),
            "check that the service runs, and that its answers have the format of docs/sentiment.md",
        ),
    })
}

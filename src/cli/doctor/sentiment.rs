//! The models of sentiment, and the service beside them.

use crate::sentiment_client;
use orszem_core::settings::types::Sentiment;
use orszem_runtime::probe::Finding;

/// The models, and the service where there is one.
pub(super) async fn check(sentiment: &Sentiment) -> Vec<Finding> {
    let (models, service) = tokio::join!(models(sentiment), answers(sentiment));
    std::iter::once(models).chain(service).collect()
}

async fn models(sentiment: &Sentiment) -> Finding {
    let own = sentiment.models.len();
    let asked = sentiment.clone();
    // Reads files and unpacks them: not for a thread that serves others.
    let loaded = tokio::task::spawn_blocking(move || orszem_runtime::models::load(&asked).map(drop)).await;
    match loaded.unwrap_or_else(|fault| Err(fault.to_string())) {
        Ok(()) if own == 0 => Finding::works("models", "those of the program load"),
        Ok(()) => Finding::works("models", format!("those of the program load, and {own} of your own")),
        Err(fault) => Finding::broken("models", fault, "make it again with `orszem sentiment train`, or leave it out"),
    }
}

async fn answers(sentiment: &Sentiment) -> Option<Finding> {
    let url = sentiment.service.as_deref()?;
    Some(match sentiment_client::probe(url, sentiment.timeout.0).await {
        Ok(()) => Finding::works("service", "judged a mention made up for this"),
        // The built-in models judge in its place.
        Err(reason) => Finding::warning(
            "service",
            format!("{reason}; the built-in models judge meanwhile"),
            "see that the service runs, and that it answers as docs/sentiment.md says",
        ),
    })
}

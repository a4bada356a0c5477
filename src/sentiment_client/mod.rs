//! `[sentiment] service`: the second opinion by HTTP. The contract is in docs/sentiment.md.

pub mod metrics;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use orszem_core::score::second_opinion::{ReviewRequest, SecondOpinion};
use orszem_notify::Outgoing;
use orszem_notify::fault::Fault;
use orszem_notify::http::{Answer, Http, excerpt};
use orszem_records::class::Class;
use orszem_records::incident::State;
use orszem_records::ledger::Delivery;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::status::StatusBoard;
use orszem_web::View;
use orszem_web::view::Filter;

/// After a failure the service is left alone for so long: a stream must not wait for a service that is away.
const PAUSE_MS: i64 = 30_000;
/// How often the watches that matter are looked up.
const LOOK_MS: i64 = 1_000;
/// An incident is near where the newest five minutes bring more than expected 95 times of 100, and at least this many.
const NEAR: u64 = 10;

/// The service, and when it is asked. All threads of score share one.
pub struct Service {
    http: Http,
    url: String,
    view: Arc<View>,
    board: StatusBoard,
    runtime: tokio::runtime::Handle,
    /// Not asked before.
    until: Mutex<Timestamp>,
    watches: Mutex<(Timestamp, Arc<HashSet<String>>)>,
}

#[derive(Serialize)]
struct Asked<'a> {
    mentions: Vec<Mention<'a>>,
}

#[derive(Serialize)]
struct Mention<'a> {
    n: usize,
    id: &'a str,
    watch: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'a str>,
    text: &'a str,
    matched: &'a [String],
}

#[derive(Deserialize)]
struct Answered {
    judgements: Vec<Judgement>,
}

#[derive(Deserialize)]
struct Judgement {
    n: usize,
    class: Class,
}

impl Service {
    /// The service at `url`. Must be called in a tokio runtime.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(
        url: &str,
        timeout: Duration,
        outgoing: &Outgoing,
        view: Arc<View>,
        board: StatusBoard,
    ) -> Result<Service, Fault> {
        Ok(Service {
            http: Http::through(outgoing, timeout, Vec::new())?,
            url: url.to_owned(),
            view,
            board,
            runtime: tokio::runtime::Handle::current(),
            until: Mutex::default(),
            watches: Mutex::default(),
        })
    }

    /// Open incidents that may page, as the ledger tells, and watches that this process sees rise.
    fn look(&self) -> HashSet<String> {
        let open = [State::Open, State::Acknowledged]
            .into_iter()
            .flat_map(|state| self.view.list(&Filter { state: Some(state), drill: Some(false), ..Filter::default() }));
        let open = open.filter(|incident| incident.signal.pages()).map(|incident| incident.watch.clone());
        let statuses = self.board.all().into_iter();
        let near = statuses.filter(|(_, status)| {
            status.learning_hours == 0 && status.observed >= NEAR && status.observed as f64 > status.expected_high
        });
        open.chain(near.map(|(watch, _)| watch)).collect()
    }

    fn post(&self, questions: &[ReviewRequest]) -> Result<Vec<Option<Class>>, String> {
        let mentions = questions.iter().enumerate().map(|(n, question)| Mention {
            n,
            id: &question.id,
            watch: &question.watch,
            lang: question.lang.as_deref(),
            text: &question.text,
            matched: &question.matched,
        });
        let body = serde_json::to_vec(&Asked { mentions: mentions.collect() }).map_err(|fault| fault.to_string())?;
        let answer = self.runtime.block_on(self.http.post_json(&self.url, body));
        match answer {
            Ok(answer) if answer.status == 200 => read(&answer, questions.len()),
            Ok(answer) => Err(answer.told()),
            Err(Delivery::Retry { reason, .. } | Delivery::Failed { reason }) => Err(reason),
            Err(Delivery::Accepted { .. }) => Err("no answer".into()),
        }
    }
}

/// Says at the start that score runs without detect here, which alone knows which watches rise.
pub fn knows_no_detect() {
    tracing::warn!(
        "[sentiment] service is asked only about watches with an open incident: this process does not run detect, and \
         so does not know which watches are close to one; run score and detect in one process to have those judged too"
    );
}

/// Has the service at `url` judge one mention that is made up for it. Tells nobody of it, counts nothing.
///
/// # Errors
/// Why it does not judge.
pub async fn probe(url: &str, timeout: Duration, outgoing: &Outgoing) -> Result<(), String> {
    let matched = ["Orszem".to_owned()];
    let mention = Mention {
        n: 0,
        id: "orszem-doctor",
        watch: "orszem-doctor",
        lang: Some("en"),
        text: "Orszem asks whether this service answers.",
        matched: &matched,
    };
    let body = serde_json::to_vec(&Asked { mentions: vec![mention] }).map_err(|fault| fault.to_string())?;
    let http = Http::through(outgoing, timeout, Vec::new()).map_err(|fault| fault.to_string())?;
    match http.post_json(url, body).await {
        Ok(answer) if answer.status == 200 => match read(&answer, 1)?.as_slice() {
            [Some(_)] => Ok(()),
            _ => Err("answered without judging the mention that it was asked about".into()),
        },
        Ok(answer) => Err(answer.told()),
        Err(Delivery::Retry { reason, .. } | Delivery::Failed { reason }) => Err(reason),
        Err(Delivery::Accepted { .. }) => Err("no answer".into()),
    }
}

/// Reads an answer: each mention at most once, none that was not asked about. One fault, and none of it counts.
fn read(answer: &Answer, asked: usize) -> Result<Vec<Option<Class>>, String> {
    let answered: Answered = serde_json::from_str(&answer.body).map_err(|fault| match &answer.cut_off {
        Some(why) => format!("the answer is incomplete: {why}"),
        None => format!("the answer is not a list of judgements: {}", excerpt(&fault.to_string())),
    })?;
    let mut classes = vec![None; asked];
    for Judgement { n, class } in answered.judgements {
        match classes.get_mut(n) {
            Some(place @ None) => *place = Some(class),
            Some(Some(_)) => return Err(format!("judged mention {n} twice")),
            None => return Err(format!("judged mention {n}, and was asked about {asked}")),
        }
    }
    Ok(classes)
}

impl SecondOpinion for Service {
    fn watches(&self) -> Arc<HashSet<String>> {
        let now = clock::now();
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        if now.since(watches.0).abs() >= LOOK_MS {
            *watches = (now, Arc::new(self.look()));
        }
        Arc::clone(&watches.1)
    }

    fn ask(&self, questions: &[ReviewRequest]) -> Vec<Option<Class>> {
        let is_paused = *self.until.lock().unwrap_or_else(PoisonError::into_inner) > clock::now();
        if is_paused {
            metrics::paused(questions.len());
            return vec![None; questions.len()];
        }
        match self.post(questions) {
            Ok(classes) => {
                metrics::answered(questions.iter().map(|question| question.class).zip(classes.iter().copied()));
                classes
            }
            Err(reason) => {
                metrics::failed(questions.len(), &reason);
                *self.until.lock().unwrap_or_else(PoisonError::into_inner) = clock::now().plus(PAUSE_MS);
                vec![None; questions.len()]
            }
        }
    }
}

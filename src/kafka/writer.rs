//! The transactional producer of a stage, and the thread that makes its calls.

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Message, Timestamp as Time};
use rdkafka::producer::{BaseProducer, DeliveryResult, Producer, ProducerContext};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::bounded::{BoundedCaller, LeftBehind, NotReturned};
use super::client::{self, CALL, ClientError, ClientEvents};
use super::clock_check::{ClockCheck, is_plausible};
use super::metrics;
use orszem_core::settings::Kafka;
use orszem_runtime::clock;

/// What a call of a transaction may take beyond its own limit before it counts as one that never returns.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// What the producer tells: whether a record of the transaction was refused.
pub(super) struct TransactionContext {
    events: Arc<ClientEvents>,
    refused: Mutex<Option<RDKafkaErrorCode>>,
    /// The broker's clock was asked in this transaction: once is enough.
    clock_asked: AtomicBool,
}

/// One for the process, as its clock is.
static CLOCK: Mutex<ClockCheck> = Mutex::new(ClockCheck::new());

/// Compares the clock of the broker that has just stored a record with ours.
fn check_clock(stored_ms: i64) {
    let ahead_ms = stored_ms - clock::machine().0;
    let mut check = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(correction_ms) = check.note(clock::monotonic(), ahead_ms) {
        clock::correct(correction_ms);
        metrics::clock_corrected(correction_ms);
    }
}

impl TransactionContext {
    /// A transaction begins: nothing of it was refused yet.
    pub(super) fn begin(&self) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.clock_asked.store(false, Ordering::Relaxed);
    }

    /// Why a record of the transaction was refused, if one was.
    pub(super) fn refused(&self) -> Option<RDKafkaErrorCode> {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClientContext for TransactionContext {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.events.log(level, facility, message);
    }

    fn error(&self, fault: KafkaError, reason: &str) {
        self.events.error(fault, reason);
    }
}

impl ProducerContext for TransactionContext {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        match result {
            Ok(message) => {
                if let Time::LogAppendTime(ms) = message.timestamp()
                    && is_plausible(ms)
                    && !self.clock_asked.swap(true, Ordering::Relaxed)
                {
                    check_clock(ms);
                }
            }
            Err((fault, _)) => {
                *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = fault.rdkafka_error_code();
            }
        }
    }
}

/// The producer of a stage.
pub(super) type TransactionProducer = BaseProducer<TransactionContext>;

/// Makes the calls that begin, fill and end transactions.
pub(super) type Caller = BoundedCaller<TransactionProducer, Result<(), KafkaError>>;

/// Makes a producer with this transactional id. It can say how far partitions are written; it cannot write.
pub(super) fn producer(
    kafka: &Kafka,
    id: &str,
    events: &Arc<ClientEvents>,
) -> Result<Arc<TransactionProducer>, ClientError> {
    let outlet = TransactionContext {
        events: Arc::clone(events),
        refused: Mutex::default(),
        clock_asked: AtomicBool::default(),
    };
    let made: TransactionProducer = client::transactional(kafka, id)?.create_with_context(outlet)?;
    Ok(Arc::new(made))
}

/// A producer whose transactional id is its own: what another one with this id left open has ended, and it can write
/// nothing any more.
pub(super) struct Writer {
    pub(super) producer: Arc<TransactionProducer>,
    pub(super) caller: Caller,
}

impl Writer {
    /// Makes the transactional id of `producer` its own. Waits for Kafka as long as it takes; `wait` is called between
    /// two tries, and says whether to give up: then there is none.
    pub(super) fn begin(
        producer: Arc<TransactionProducer>,
        stage: &str,
        left_behind: &LeftBehind,
        wait: impl Fn() -> bool,
    ) -> Result<Option<Writer>, ClientError> {
        let caller = BoundedCaller::new(format!("{stage} transactions"), Arc::clone(&producer), left_behind);
        let mut caller = caller.map_err(|fault| ClientError::Client(fault.to_string()))?;
        loop {
            let begun = caller.call(CALL + GRACE, |producer| producer.init_transactions(CALL));
            match begun.map_err(|NotReturned| ClientError::NotReturned("init_transactions"))? {
                Ok(()) => return Ok(Some(Writer { producer, caller })),
                Err(KafkaError::Transaction(fault)) if fault.is_retriable() => {
                    tracing::debug!(stage, %fault, "transactions not available yet, retrying");
                }
                Err(fault) => return Err(fault.into()),
            }
            producer.poll(Duration::from_millis(1));
            if wait() {
                return Ok(None);
            }
        }
    }

    /// Lets it go on a thread of its own, because that can block.
    pub(super) fn let_go(self) {
        let going = std::thread::Builder::new().name("farewell".into()).spawn(move || drop(self));
        if let Err(fault) = going {
            tracing::warn!(%fault, "cannot start a thread to close a Kafka client");
        }
    }
}

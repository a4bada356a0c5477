//! The embedded broker: librdkafka's mock cluster. It speaks the real protocol on loopback, on a port of its own.
//!
//! For the demo and for tests. It keeps 5 MiB a partition, stores no offsets that are sent in a transaction, fences
//! nobody and knows no admin requests (so [`super::topics::ensure`] is not for it): nothing it shows proves
//! exactly-once.

use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use std::sync::mpsc;
use std::thread::JoinHandle;

use super::topics::Names;
use orszem_core::settings::Kafka;

/// Why the embedded broker could not start.
#[derive(Debug, thiserror::Error)]
#[error("the embedded broker cannot start: {0}")]
pub struct EmbeddedError(String);

type Order = Box<dyn FnOnce(&MockCluster<'static, DefaultProducerContext>) + Send>;

/// A running broker. It stops when this is dropped.
pub struct EmbeddedBroker {
    servers: String,
    /// What the thread is to do to the cluster. Dropping it tells the thread to end.
    orders: Option<mpsc::Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl EmbeddedBroker {
    /// Starts one with these topics: name and number of partitions.
    pub fn start(topics: &[(&str, i32)]) -> Result<EmbeddedBroker, EmbeddedError> {
        let topics: Vec<(String, i32)> =
            topics.iter().map(|(name, partitions)| ((*name).into(), *partitions)).collect();
        let (orders, ordered) = mpsc::channel::<Order>();
        let (started, start) = mpsc::channel();
        // The mock cluster may not change threads: it lives and dies on one.
        let thread = std::thread::Builder::new().name("embedded-broker".into()).spawn(move || {
            let made = MockCluster::new(1).and_then(|cluster| {
                for (name, partitions) in &topics {
                    cluster.create_topic(name, *partitions, 1)?;
                }
                Ok(cluster)
            });
            match made {
                Ok(cluster) => {
                    let _ = started.send(Ok(cluster.bootstrap_servers()));
                    // Ends when the sender is dropped.
                    ordered.into_iter().for_each(|order| order(&cluster));
                }
                Err(fault) => {
                    let _ = started.send(Err(EmbeddedError(fault.to_string())));
                }
            }
        });
        let thread = thread.map_err(|fault| EmbeddedError(fault.to_string()))?;
        let servers = start.recv().map_err(|_| EmbeddedError("its thread ended".into()))??;
        Ok(EmbeddedBroker { servers, orders: Some(orders), thread: Some(thread) })
    }

    /// Starts one with the topics of a configuration, in its names and number of partitions, and points the
    /// configuration to it.
    pub fn start_for(kafka: &mut Kafka) -> Result<EmbeddedBroker, EmbeddedError> {
        let names = Names::new(kafka);
        let topics = names.all().map(|name| (name, names.partitions(name, kafka)));
        let broker = EmbeddedBroker::start(&topics)?;
        kafka.brokers = broker.servers.clone();
        Ok(broker)
    }

    /// Where it listens: `host:port`.
    pub fn bootstrap_servers(&self) -> &str {
        &self.servers
    }

    /// Lets the next request to commit offsets in a transaction fail as if the group had moved on.
    #[cfg(test)]
    pub(super) fn fence_next(&self) {
        use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
        let order: Order = Box::new(|cluster| {
            let fenced = [RDKafkaRespErr::RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION];
            cluster.request_errors(RDKafkaApiKey::TxnOffsetCommit, &fenced);
        });
        self.orders.as_ref().unwrap().send(order).unwrap();
    }
}

impl Drop for EmbeddedBroker {
    fn drop(&mut self) {
        drop(self.orders.take());
        if let Some(thread) = self.thread.take() {
            // A panic there has been printed; there is nothing to add.
            let _ = thread.join();
        }
    }
}

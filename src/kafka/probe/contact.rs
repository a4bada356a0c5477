//! Whether Kafka answers at all, said so that a person knows what to do.

use rdkafka::error::RDKafkaErrorCode;
use std::time::Duration;

use super::super::client::ClientError;
use super::cluster::{Cluster, Unreached};
use super::listener::Complaint;
use orszem_core::settings::Kafka;

/// Why nothing can be read from Kafka or written to it.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// The client cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// No broker answers.
    #[error(
        "Kafka at {brokers} did not answer{}: is it running? `[kafka] brokers` in alerts.toml says where it is",
        in_brackets(.cause)
    )]
    Silent {
        /// The addresses.
        brokers: String,
        /// What the network said.
        cause: Option<String>,
    },
    /// No computer has this name.
    #[error("Kafka at {brokers} cannot be found ({cause}): is the name right? `[kafka] brokers` in alerts.toml has it")]
    Unknown {
        /// The addresses.
        brokers: String,
        /// What the network said.
        cause: String,
    },
    /// A broker does not let this user in.
    #[error("Kafka at {brokers} refused the login ({cause}): {fix}")]
    Login {
        /// The addresses.
        brokers: String,
        /// What the broker said.
        cause: String,
        /// What to do.
        fix: &'static str,
    },
    /// No encrypted connection can be made.
    #[error("no TLS connection to Kafka at {brokers} ({cause}): {fix}")]
    Tls {
        /// The addresses.
        brokers: String,
        /// What went wrong.
        cause: String,
        /// What to do.
        fix: &'static str,
    },
    /// Kafka has no such topic, or hides it from this user.
    #[error(
        "there is no topic \"{topic}\" at {brokers}: `orszem run` makes the topics of alerts.toml; `--topic` names another"
    )]
    NoTopic {
        /// The addresses.
        brokers: String,
        /// The topic.
        topic: String,
    },
}

fn in_brackets(cause: &Option<String>) -> String {
    cause.as_ref().map(|cause| format!(" ({cause})")).unwrap_or_default()
}

/// Asks Kafka for its topics, with the configured TLS and login; `topic` must be one of them. Blocks, at most about
/// `limit` and two seconds more.
///
/// # Errors
/// What is wrong, and what to do.
pub fn contact(kafka: &Kafka, topic: Option<&str>, limit: Duration) -> Result<(), ContactError> {
    let brokers = kafka.brokers.clone();
    let cluster = match Cluster::connect(kafka, limit) {
        Ok(cluster) => cluster,
        Err(Unreached::Client(fault)) => return Err(fault.into()),
        Err(Unreached::Silent(complaint)) => return Err(explained(brokers, complaint)),
    };
    match topic {
        Some(topic) if cluster.partitions(topic).is_none() => {
            Err(ContactError::NoTopic { brokers, topic: topic.to_owned() })
        }
        _ => Ok(()),
    }
}

fn explained(brokers: String, complaint: Option<Complaint>) -> ContactError {
    let Some(Complaint { code, reason, fix }) = complaint else {
        return ContactError::Silent { brokers, cause: None };
    };
    // `Connect to ipv4#127.0.0.1:9092 failed: Connection refused`: the address is there already.
    let cause = reason.rsplit("failed: ").next().unwrap_or_default().to_owned();
    match code {
        RDKafkaErrorCode::Authentication => ContactError::Login { brokers, cause: reason, fix },
        RDKafkaErrorCode::SSL => ContactError::Tls { brokers, cause: reason, fix },
        RDKafkaErrorCode::Resolve => ContactError::Unknown { brokers, cause },
        _ => ContactError::Silent { brokers, cause: Some(cause) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: RDKafkaErrorCode, reason: &str) -> String {
        let complaint = Complaint { code, reason: reason.into(), fix: "check the settings" };
        explained("kafka:9092".into(), Some(complaint)).to_string()
    }

    #[test]
    fn address_and_cause_are_told_once() {
        let refused =
            said(RDKafkaErrorCode::BrokerTransportFailure, "Connect to ipv4#127.0.0.1:9092 failed: Connection refused");
        assert_eq!(
            refused,
            "Kafka at kafka:9092 did not answer (Connection refused): is it running? `[kafka] brokers` in alerts.toml \
             says where it is"
        );
        let nothing = explained("kafka:9092".into(), None).to_string();
        assert!(nothing.starts_with("Kafka at kafka:9092 did not answer: is it running? "), "{nothing}");
        let login = said(RDKafkaErrorCode::Authentication, "SASL authentication error: no such user");
        assert!(login.starts_with("Kafka at kafka:9092 refused the login (SASL authentication error: no "), "{login}");
        assert!(said(RDKafkaErrorCode::SSL, "x").starts_with("no TLS connection to Kafka at kafka:9092 (x): check"));
        let name = said(RDKafkaErrorCode::Resolve, "Failed to resolve 'kafka:9092': Name or service not known");
        assert!(name.starts_with("Kafka at kafka:9092 cannot be found ("), "{name}");
    }

    /// Nothing listens at port 9, the one for what is thrown away.
    #[test]
    fn a_broker_that_is_away_is_told_in_time() {
        let kafka = Kafka { brokers: "127.0.0.1:9".into(), ..Kafka::default() };
        let fault = contact(&kafka, None, Duration::from_millis(200)).expect_err("nobody answers");
        assert!(fault.to_string().contains("Kafka at 127.0.0.1:9 did not answer"), "{fault}");
    }
}

//! Keeps what a client complains of: why a broker cannot be talked to is told there and nowhere else.

use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{DeliveryResult, ProducerContext};
use std::sync::{Mutex, PoisonError};

/// The context of a client of the probe.
#[derive(Debug, Default)]
pub(super) struct Listener(Mutex<Vec<(RDKafkaErrorCode, String)>>);

/// What went wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) code: RDKafkaErrorCode,
    pub(super) reason: String,
    pub(super) fix: &'static str,
}

impl Listener {
    /// Whether it was told something that waiting does not mend: a password, a certificate.
    pub(super) fn is_final(&self) -> bool {
        use RDKafkaErrorCode::{Authentication, SSL};
        self.lock().iter().any(|(code, _)| matches!(code, Authentication | SSL))
    }

    /// The most telling complaint; nothing without one.
    pub(super) fn complaint(&self) -> Option<Complaint> {
        use RDKafkaErrorCode::{AllBrokersDown, Authentication, BrokerTransportFailure, Resolve, SSL};
        let rank = |code: RDKafkaErrorCode| match code {
            Authentication => 0,
            SSL => 1,
            Resolve => 2,
            BrokerTransportFailure => 4,
            AllBrokersDown => 5,
            _ => 3,
        };
        let heard = self.lock();
        let (code, reason) = heard.iter().min_by_key(|(code, _)| rank(*code))?;
        let reason = match code {
            AllBrokersDown => "the brokers end the connections that they take",
            _ => plain(reason),
        };
        let fix = match code {
            Authentication => "check sasl.mechanism, sasl.username and sasl.password in [kafka.options]",
            SSL => "check security.protocol and ssl.ca.location in [kafka.options], and the broker's certificate",
            Resolve => "check the spelling of the host, and the DNS of this machine",
            // It takes connections: that was tried before.
            BrokerTransportFailure | AllBrokersDown => {
                "check that security.protocol in [kafka.options] is what this port speaks; see the log of the brokers"
            }
            _ => "see the log of the brokers",
        };
        Some(Complaint { code: *code, reason: reason.to_owned(), fix })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(RDKafkaErrorCode, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A complaint of librdkafka without the connection before it and the client's state after it:
/// `sasl_ssl://a:9093/bootstrap: Authentication failed (after 5ms in state AUTH_REQ)`.
fn plain(reason: &str) -> &str {
    let text = match reason.split_once(": ") {
        Some((connection, rest)) if connection.contains("://") || connection.contains('/') => rest,
        _ => reason,
    };
    text.split(" (after ").next().unwrap_or(text)
}

impl ClientContext for Listener {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}

    fn error(&self, fault: KafkaError, reason: &str) {
        match fault.rdkafka_error_code() {
            // rdkafka reports the end of a partition here as well.
            None | Some(RDKafkaErrorCode::PartitionEOF) => {}
            Some(code) => self.lock().push((code, reason.to_owned())),
        }
    }
}

impl ConsumerContext for Listener {}

impl ProducerContext for Listener {
    type DeliveryOpaque = ();

    fn delivery(&self, _: &DeliveryResult<'_>, (): ()) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_telling_complaint_is_told_in_plain_words() {
        let listener = Listener::default();
        assert_eq!(listener.complaint(), None);
        let complain = |code, reason: &str| listener.error(KafkaError::Global(code), reason);
        complain(RDKafkaErrorCode::AllBrokersDown, "1/1 brokers are down");
        assert!(!listener.is_final());
        let refused =
            "sasl_ssl://a:9093/bootstrap: SASL authentication error: no such user (after 5ms in state AUTH_REQ)";
        complain(RDKafkaErrorCode::Authentication, refused);
        let Complaint { reason, fix, .. } = listener.complaint().unwrap();
        assert_eq!(reason, "SASL authentication error: no such user");
        assert!(fix.contains("sasl.password") && listener.is_final());
    }
}

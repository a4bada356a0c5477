//! What signing in counts and logs: one call does both.

use std::net::IpAddr;
use std::sync::LazyLock;

use orszem_runtime::metrics::{IntCounter, IntCounterVec, Registry, registry};

use super::seldom::Seldom;

static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics::new(registry()));

struct Metrics {
    header_refused: IntCounter,
    seldom: Seldom,
    sign_ins: IntCounterVec,
}

/// How signing in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Somebody is signed in.
    In,
    /// What they brought was refused.
    Refused,
    /// The provider gave no answer that could be used.
    Away,
}

impl Outcome {
    const ALL: [Outcome; 3] = [Outcome::In, Outcome::Refused, Outcome::Away];

    const fn name(self) -> &'static str {
        match self {
            Outcome::In => "in",
            Outcome::Refused => "refused",
            Outcome::Away => "away",
        }
    }
}

impl Metrics {
    fn new(registry: &Registry) -> Metrics {
        let made = Metrics {
            header_refused: registry.counter(
                "orszem_proxy_header_refused_total",
                "Requests with the header of [sign_in.proxy] that did not come from the proxy, or without its secret.",
            ),
            seldom: Seldom::default(),
            sign_ins: registry.counters(
                "orszem_sign_ins_total",
                "Sign-ins, by way (token, oidc) and outcome: in, refused, away (the provider gave no usable answer).",
                &["way", "outcome"],
            ),
        };
        for way in ["token", "oidc"] {
            for outcome in Outcome::ALL {
                made.sign_ins.with_label_values(&[way, outcome.name()]);
            }
        }
        made
    }
}

/// Makes the counters, so that the first rise of each is one.
pub(crate) fn seed() {
    LazyLock::force(&METRICS);
}

/// The header of the proxy was refused.
pub(crate) fn header_refused(peer: Option<IpAddr>, why: &str) {
    METRICS.header_refused.inc();
    if let Some(times) = METRICS.seldom.again() {
        let peer = peer.map_or_else(|| "unknown".to_owned(), |peer| peer.to_canonical().to_string());
        tracing::error!(
            peer,
            why,
            times,
            "the header of [sign_in.proxy] was refused: somebody sends it who is not the proxy, or the proxy is set up \
             otherwise than [sign_in.proxy] says"
        );
    }
}

/// Somebody signed in, or tried to.
pub(crate) fn signed_in(way: &'static str, outcome: Outcome) {
    METRICS.sign_ins.with_label_values(&[way, outcome.name()]).inc();
}

//! From when to when certificates are accepted.

use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::x509::{X509, X509Ref};
use orszem_core::readiness::Life;
use orszem_records::time::Timestamp;

/// When a certificate ends, in seconds since the epoch; `None` where it does not say so.
pub fn ends(certificate: &X509Ref) -> Option<i64> {
    seconds(certificate.not_after())
}

/// How long each certificate of a text in PEM is accepted, in its order; none where it holds none.
pub(crate) fn lives(pem: &[u8]) -> Vec<Life> {
    let at = |time: &Asn1TimeRef| Some(Timestamp(seconds(time)?.saturating_mul(1000)));
    let life = |certificate: &X509| Some(Life { from: at(certificate.not_before()), to: at(certificate.not_after())? });
    X509::stack_from_pem(pem).unwrap_or_default().iter().filter_map(life).collect()
}

fn seconds(time: &Asn1TimeRef) -> Option<i64> {
    let since = Asn1Time::from_unix(0).and_then(|epoch| epoch.diff(time)).ok()?;
    Some(i64::from(since.days) * 86_400 + i64::from(since.secs))
}

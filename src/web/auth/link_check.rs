//! What somebody who comes by a link may do.

use serde::{Deserialize, Serialize};

use orszem_records::time::Timestamp;

use crate::address::percent_encode;

use super::link::{Bearer, LinkError, Signer};

/// What a link carries beside the incident: as it came, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct LinkParams {
    /// Whom it was given to.
    #[serde(rename = "as")]
    pub bearer: Option<String>,
    /// Until when it is good, seconds since the epoch.
    pub until: Option<String>,
    /// The signature.
    pub sig: Option<String>,
}

/// What a link lets somebody do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkCheck {
    /// There is none.
    None,
    /// It is genuine and in time.
    May(Bearer),
    /// It is not.
    MayNot(LinkError),
}

impl LinkParams {
    /// Checks it for an incident. A part that is missing or no number makes it a forgery.
    pub(crate) fn check(&self, signer: &Signer, incident: &str, now: Timestamp) -> LinkCheck {
        let (bearer, until, sig) = match (&self.bearer, &self.until, &self.sig) {
            (None, None, None) => return LinkCheck::None,
            (Some(bearer), Some(until), Some(sig)) => (bearer, until, sig),
            _ => return LinkCheck::MayNot(LinkError::Forged),
        };
        let Ok(until) = until.parse() else { return LinkCheck::MayNot(LinkError::Forged) };
        match signer.verify(incident, bearer, until, sig, now) {
            Ok(bearer) => LinkCheck::May(bearer),
            Err(fault) => LinkCheck::MayNot(fault),
        }
    }

    /// When it ends, if it says so.
    pub(crate) fn ends(&self) -> Option<Timestamp> {
        let seconds: i64 = self.until.as_ref()?.parse().ok()?;
        Some(Timestamp(seconds.saturating_mul(1000)))
    }

    /// As a query, to carry on to the next page; empty when there is none.
    pub(crate) fn query(&self) -> String {
        let parts = [("as", &self.bearer), ("until", &self.until), ("sig", &self.sig)];
        let set = parts.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        set.map(|(name, value)| format!("{name}={}", percent_encode(value))).collect::<Vec<_>>().join("&")
    }
}

impl LinkCheck {
    /// Whether the link was ours once: enough to read the incident it was made for, also after its time to act.
    pub(crate) const fn may_read(&self) -> bool {
        matches!(self, LinkCheck::May(_) | LinkCheck::MayNot(LinkError::Expired))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_with_a_part_missing_is_a_forgery_and_no_link_is_none() {
        let signer = Signer::new(b"0123456789abcdef");
        let part = Some("1".to_owned());
        let check = |link: LinkParams| link.check(&signer, "acme.1", Timestamp(0));
        assert_eq!(check(LinkParams::default()), LinkCheck::None);
        let forged = LinkCheck::MayNot(LinkError::Forged);
        assert_eq!(check(LinkParams { sig: part.clone(), ..LinkParams::default() }), forged);
        assert_eq!(check(LinkParams { bearer: part.clone(), until: Some("soon".into()), sig: part }), forged);
    }
}

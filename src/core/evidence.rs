//! The mentions that drove an incident as a file, with hashes by which anybody can check that nothing was changed.

use orszem_records::class::Class;
use orszem_records::evidence::Kept;
use orszem_records::incident::Incident;
use orszem_records::ledger::Event;
use orszem_records::time::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The evidence of an incident. docs/evidence.md says what its hashes cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The incident. The chain of hashes begins with it.
    pub incident: String,
    /// The watch.
    pub watch: String,
    /// The hash over all: that of the chain at its end. `None` where nothing was kept.
    pub hash: Option<String>,
    /// How often a mention was left out because there were too many.
    pub left_out: u32,
    /// The mentions, in the order in which they came.
    pub mentions: Vec<Piece>,
}

/// One mention with its hashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Its place, from 1.
    pub number: usize,
    /// The SHA-256 over the canonical JSON of `mention`, in small hexadecimal digits.
    pub sha256: String,
    /// The SHA-256 over the chain before it (for the first: the incident's id) and its own hash, as texts.
    pub chain: String,
    /// What people said later of how it was judged. Not covered by the hashes.
    pub corrections: Vec<Correction>,
    /// The mention, as it was kept.
    pub mention: Mention,
}

/// A mention as it was kept. The fields are in the order of their names, which makes its JSON canonical (RFC 8785).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// Its author, by name where known, else by id.
    pub author: String,
    /// Followers of the author; 0 when unknown. At most 2^53 - 1, the largest whole number that JSON keeps everywhere.
    pub followers: u64,
    /// Its id.
    pub id: String,
    /// How it was judged.
    pub judged: Class,
    /// When it was published: RFC 3339 in UTC, to the millisecond.
    pub published_at: String,
    /// By when it was seen, by the time of the mentions.
    pub seen_at: String,
    /// Where it was published, as the feed names it.
    pub source: String,
    /// Its text; longer ones are cut to 280 characters.
    pub text: String,
    /// Its address, as the feed gave it.
    pub url: Option<String>,
}

/// What somebody said of how a mention was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// What it is.
    pub corrected: Class,
}

impl Evidence {
    /// The evidence of an incident.
    pub fn of(incident: &Incident) -> Evidence {
        let mut chain = incident.id.0.clone();
        let piece = |(kept, number): (&Kept, usize)| {
            let mention = Mention::of(kept);
            let sha256 = hash(mention.canonical().as_bytes());
            chain = hash(format!("{chain}{sha256}").as_bytes());
            let corrections = corrections(incident, &kept.mention.id);
            Piece { number, sha256, chain: chain.clone(), corrections, mention }
        };
        let mentions: Vec<Piece> = incident.evidence.mentions().iter().zip(1..).map(piece).collect();
        Evidence {
            incident: incident.id.0.clone(),
            watch: incident.watch.clone(),
            hash: mentions.last().map(|piece| piece.chain.clone()),
            left_out: incident.evidence.left_out(),
            mentions,
        }
    }
}

impl Mention {
    fn of(Kept { mention, seen_at }: &Kept) -> Mention {
        const LARGEST: u64 = (1 << 53) - 1;
        Mention {
            author: mention.author.clone(),
            followers: mention.followers.min(LARGEST),
            id: mention.id.clone(),
            judged: mention.class,
            published_at: exact(mention.published_at),
            seen_at: exact(*seen_at),
            source: mention.source.clone(),
            text: mention.text.clone(),
            url: mention.url.clone(),
        }
    }

    /// Its JSON without spaces, in the order of the names: what its hash covers.
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|fault| unreachable!("a mention is always JSON: {fault}"))
    }
}

/// A time to the millisecond.
fn exact(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| at.to_string(), |at| at.to_string())
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn corrections(incident: &Incident, mention: &str) -> Vec<Correction> {
    let of_mention = incident.history.iter().filter_map(|entry| match &entry.event {
        Event::Feedback(feedback) if feedback.mention == mention => Some((entry.at, feedback)),
        _ => None,
    });
    of_mention
        .map(|(at, feedback)| Correction {
            at: at.to_string(),
            by: feedback.by.by.clone(),
            corrected: feedback.corrected,
        })
        .collect()
}

#[cfg(test)]
#[path = "evidence_tests.rs"]
mod tests;

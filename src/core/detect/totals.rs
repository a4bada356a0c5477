//! Everything that was counted since an incident began, and in the quarter of an hour before it.

use serde::{Deserialize, Serialize};

use orszem_records::authors::Authors;
use orszem_records::class::Class;
use orszem_records::counts::MentionCounts;
use orszem_records::signal::{Counts, Driver};
use orszem_records::tally::{Repeated, Role, Sample, Tally, merge_samples};

/// How many samples an open minute keeps, and each part of the lead-in: an incident has four from all of them.
pub const FEW_SAMPLES: usize = 2;

/// Everything counted over a span.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Stored as a signal has them.
    #[serde(with = "as_signal")]
    counts: MentionCounts,
    authors: Authors,
    samples: Vec<Sample>,
    /// The earliest of all samples, negative before others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first: Option<Box<Sample>>,
    #[serde(default, skip_serializing_if = "Repeated::is_empty")]
    repeated: Repeated,
}

impl Totals {
    /// Adds a tally.
    pub fn add(&mut self, tally: &Tally) {
        self.counts.add(&tally.counts);
        self.authors.merge(&tally.authors);
        merge_samples(&mut self.samples, &tally.samples);
        self.earlier(&tally.samples);
        self.repeated.merge(&tally.repeated);
    }

    /// Adds another span.
    pub fn merge(&mut self, other: &Totals) {
        self.counts.add(&other.counts);
        self.authors.merge(&other.authors);
        merge_samples(&mut self.samples, &other.samples);
        self.earlier(&other.samples);
        if let Some(first) = &other.first {
            self.earlier(std::slice::from_ref(first));
        }
        self.repeated.merge(&other.repeated);
    }

    /// The counts as a signal has them, authors estimated.
    pub fn counts(&self) -> Counts {
        Counts::new(&self.counts, self.authors.count(), self.repeated.most())
    }

    /// Mentions.
    pub fn mentions(&self) -> u64 {
        self.counts.mentions
    }

    /// Their authors, an estimate.
    pub fn authors(&self) -> u64 {
        self.authors.count()
    }

    /// Followers of their authors.
    pub fn reach(&self) -> u64 {
        self.counts.reach
    }

    fn earlier(&mut self, samples: &[Sample]) {
        let rank = |sample: &Sample| (sample.class != Class::Negative, sample.published_at, sample.id.clone());
        let Some(earliest) = samples.iter().min_by_key(|sample| rank(sample)) else { return };
        if self.first.as_ref().is_none_or(|first| rank(earliest) < rank(first)) {
            self.first = Some(Box::new(earliest.clone()));
        }
    }

    /// The samples with their roles: the first, the farthest-reaching, the one that says most of `drivers`; then the
    /// others.
    pub fn examples(&self, drivers: &[Driver]) -> Vec<Sample> {
        let mut left: Vec<Sample> =
            self.first.iter().map(|first| (**first).clone()).chain(self.samples.clone()).collect();
        let mut known = std::collections::HashSet::new();
        left.retain(|sample| known.insert(sample.id.clone()));
        let mut examples = Vec::with_capacity(left.len());
        let mut take = |left: &mut Vec<Sample>, place: Option<usize>, role| {
            if let Some(place) = place {
                examples.push(Sample { role: Some(role), ..left.remove(place) });
            }
        };
        let first = self.first.as_ref().and_then(|first| left.iter().position(|sample| sample.id == first.id));
        take(&mut left, first, Role::First);
        // The earlier of equals: they are in the order of their rank.
        let widest = left.iter().map(|sample| sample.followers).max().filter(|widest| *widest > 0);
        let farthest = widest.and_then(|widest| left.iter().position(|sample| sample.followers == widest));
        take(&mut left, farthest, Role::Farthest);
        let said = |sample: &Sample| {
            let text = sample.text.to_lowercase();
            drivers.iter().filter(|driver| text.contains(&driver.text)).count()
        };
        let most = left.iter().map(said).max().filter(|most| *most > 0);
        let typical = most.and_then(|most| left.iter().position(|sample| said(sample) == most));
        take(&mut left, typical, Role::Typical);
        examples.append(&mut left);
        examples
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        1024 + self.samples.iter().chain(self.first.as_deref()).map(sample_bytes).sum::<usize>()
    }
}

/// Bytes of a sample in memory.
pub fn sample_bytes(sample: &Sample) -> usize {
    let texts = [&sample.id, &sample.source, &sample.author, &sample.text];
    let url = sample.url.as_ref().map_or(0, String::capacity);
    size_of::<Sample>() + url + texts.into_iter().map(String::capacity).sum::<usize>()
}

/// What was counted in the last quarter to half of an hour: where an incident's counts begin. Empty while one is open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LeadIn {
    quarter: i64,
    now: Totals,
    before: Totals,
}

impl LeadIn {
    /// Adds a complete minute.
    pub fn add(&mut self, minute: i64, tally: &Tally) {
        self.turn_to(minute.div_euclid(15));
        self.now.add(tally);
        self.now.samples.truncate(FEW_SAMPLES);
    }

    fn turn_to(&mut self, quarter: i64) {
        if quarter > self.quarter {
            let now = std::mem::take(&mut self.now);
            self.before = if quarter == self.quarter + 1 { now } else { Totals::default() };
            self.quarter = quarter;
        }
    }

    /// What was counted up to `minute`.
    pub fn totals(mut self, minute: i64) -> Totals {
        self.turn_to(minute.div_euclid(15));
        self.before.merge(&self.now);
        self.before
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.now.heap_bytes() + self.before.heap_bytes()
    }
}

mod as_signal {
    use orszem_records::counts::MentionCounts;
    use orszem_records::signal::Counts;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(counts: &MentionCounts, serializer: S) -> Result<S::Ok, S::Error> {
        // Authors and texts are counted by what stands beside.
        Counts::new(counts, 0, 0).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MentionCounts, D::Error> {
        Counts::deserialize(deserializer).map(MentionCounts::from)
    }
}

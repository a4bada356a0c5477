//! A tally as it is on the topic: one flat object.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Discount, Repeated, Sample, Tally};
use crate::authors::Authors;
use crate::counts::MentionCounts;
use crate::judgement::Grounds;
use crate::key_terms::KeyTerms;
use crate::time::Slice;

/// The fields of [`Tally`] and [`MentionCounts`], in the order in which they are written.
#[derive(Serialize, Deserialize)]
struct WrittenTally<'a> {
    watch: Cow<'a, str>,
    slice: Slice,
    mentions: u64,
    negatives: u64,
    neutrals: u64,
    positives: u64,
    originals: u64,
    reposts: u64,
    copies: u64,
    reach: u64,
    authors: Cow<'a, Authors>,
    #[serde(default, skip_serializing_if = "is_zero")]
    negative_repeats: u64,
    #[serde(default, skip_serializing_if = "Discount::is_empty")]
    discount: Discount,
    #[serde(default, skip_serializing_if = "Authors::is_empty")]
    repeaters: Cow<'a, Authors>,
    #[serde(default, skip_serializing_if = "Grounds::is_empty")]
    grounds: Grounds,
    samples: Cow<'a, [Sample]>,
    #[serde(default, skip_serializing_if = "<[KeyTerms]>::is_empty")]
    key_terms: Cow<'a, [KeyTerms]>,
    #[serde(default, skip_serializing_if = "Repeated::is_empty")]
    repeated: Cow<'a, Repeated>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let MentionCounts { mentions, negatives, neutrals, positives, originals, reposts, copies, reach, grounds } =
            self.counts;
        let written = WrittenTally {
            watch: Cow::Borrowed(&self.watch),
            slice: self.slice,
            mentions,
            negatives,
            neutrals,
            positives,
            originals,
            reposts,
            copies,
            reach,
            authors: Cow::Borrowed(&self.authors),
            negative_repeats: self.negative_repeats,
            discount: self.discount,
            repeaters: Cow::Borrowed(&self.repeaters),
            grounds,
            samples: Cow::Borrowed(&self.samples),
            key_terms: Cow::Borrowed(&self.key_terms),
            repeated: Cow::Borrowed(&self.repeated),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tally {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tally, D::Error> {
        let written = WrittenTally::deserialize(deserializer)?;
        let WrittenTally {
            mentions, negatives, neutrals, positives, originals, reposts, copies, reach, grounds, ..
        } = written;
        Ok(Tally {
            watch: written.watch.into_owned(),
            slice: written.slice,
            counts: MentionCounts {
                mentions,
                negatives,
                neutrals,
                positives,
                originals,
                reposts,
                copies,
                reach,
                grounds,
            },
            authors: written.authors.into_owned(),
            negative_repeats: written.negative_repeats,
            discount: written.discount,
            repeaters: written.repeaters.into_owned(),
            samples: written.samples.into_owned(),
            key_terms: written.key_terms.into_owned(),
            repeated: written.repeated.into_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::TallyRecord;

    /// What copies of this program that run beside it, and those after it, read from the topic.
    #[test]
    fn a_tally_is_one_flat_object_and_leaves_out_what_is_nothing() {
        let mut tally = Tally::new("acme", Slice(7));
        tally.counts = MentionCounts {
            mentions: 9,
            negatives: 3,
            neutrals: 4,
            positives: 2,
            originals: 5,
            reposts: 1,
            copies: 3,
            reach: 70,
            grounds: Grounds::default(),
        };
        let authors = serde_json::to_string(&tally.authors).unwrap();
        let counts = r#""mentions":9,"negatives":3,"neutrals":4,"positives":2,"originals":5,"reposts":1,"copies":3"#;
        let rest = format!(r#""reach":70,"authors":{authors},"samples":[]"#);
        let plain = format!(r#"{{"tally":{{"watch":"acme","slice":7,{counts},{rest}}}}}"#);
        let written = |tally: &Tally| String::from_utf8(TallyRecord::Tally(tally.clone()).to_json()).unwrap();
        assert_eq!(written(&tally), plain);
        assert_eq!(TallyRecord::from_json(plain.as_bytes()).unwrap(), TallyRecord::Tally(tally.clone()));

        tally.negative_repeats = 2;
        tally.discount = Discount { mentions: 500, negatives: 500, ..Discount::default() };
        tally.repeaters.add("ann");
        tally.counts.grounds.mistaken = 5;
        tally.key_terms.push(KeyTerms { key: 1, said: "lost bags".into() });
        tally.repeated.add(3);
        let json = written(&tally);
        let fields =
            ["authors", "negative_repeats", "discount", "repeaters", "grounds", "samples", "key_terms", "repeated"];
        let places = fields.map(|field| json.find(&format!(r#","{field}":"#)).unwrap());
        assert!(places.is_sorted(), "{json}");
        assert_eq!(TallyRecord::from_json(json.as_bytes()).unwrap(), TallyRecord::Tally(tally));
    }
}

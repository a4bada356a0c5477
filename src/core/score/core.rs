//! The pure core of score: mentions in, tallies and dead letters out.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use crate::input::{Fault, Headers, NoMention, Reader};
use crate::posting::own::OwnAuthors;
use crate::settings::Watch;
use orszem_records::canary;
use orszem_records::class::Class;
use orszem_records::judgement::Basis;
use orszem_records::language_code::Code;
use orszem_records::mention::Mention;
use orszem_records::own_post::{OWN_POST_CHARS, OwnPost};
use orszem_records::time::{Slice, Timestamp};
use orszem_text::query::{About, Found, Matcher, QueryFault, query_of};
use orszem_text::sentiment::{Sentiment, near};

use super::dedup::{self, DedupWindow, RepeatCounts};
use super::near_duplicates::{Near, Words};
use super::second_opinion::{self, ReviewRequest};
use super::source_activity::Heard;
use orszem_records::key_terms;
use orszem_records::tally::{Discount, InputPartition, SAMPLE_CHARS, Sample, Tally, Watermark, Watermarks};

/// This many other watches of a text are set apart from the one that is judged.
const MOST_RIVALS: usize = 8;

/// What to look for, and who judges: taken from a configuration, replaced as a whole.
pub struct CompiledWatches {
    names: Vec<String>,
    matcher: Matcher,
    sentiment: Arc<dyn Sentiment>,
}

impl CompiledWatches {
    /// The rules for these watches.
    ///
    /// # Errors
    /// When the query of a watch cannot be read; a configuration that was checked has none.
    pub fn new(watches: &[Watch], sentiment: Arc<dyn Sentiment>) -> Result<CompiledWatches, QueryFault> {
        let queries = watches
            .iter()
            .map(|watch| query_of(watch.query.as_deref(), &watch.terms))
            .collect::<Result<Vec<_>, QueryFault>>()?;
        let matcher = Matcher::new(queries.iter().map(Option::as_ref));
        Ok(CompiledWatches { names: watches.iter().map(|watch| watch.key().to_owned()).collect(), matcher, sentiment })
    }
}

/// Settings of the core, from `[score]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Allowed lateness in ms.
    pub lateness_ms: i64,
    /// How far ahead of the record's own time a mention's may lie, in ms.
    pub future_tolerance_ms: i64,
    /// The largest record read, in bytes.
    pub max_bytes: usize,
    /// For how many records at least an id or text is remembered.
    pub repeat_window: u32,
}

impl From<&crate::settings::Score> for Settings {
    fn from(score: &crate::settings::Score) -> Settings {
        Settings {
            lateness_ms: score.lateness.millis(),
            future_tolerance_ms: score.future_tolerance.millis(),
            max_bytes: score.max_mention_bytes,
            repeat_window: score.repeat_window,
        }
    }
}

/// One record of an input topic.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Its partition.
    pub partition: InputPartition,
    /// Its offset.
    pub offset: i64,
    /// Its time by the broker or its producer.
    pub timestamp: Timestamp,
    /// Its value.
    pub value: &'a [u8],
    /// Its headers.
    pub headers: &'a dyn Headers,
    /// Already counted before a restart: only remember its id and text.
    pub replayed: bool,
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// Counted, for this many watches.
    Scored(u32),
    /// Its id was seen before.
    Repeat,
    /// It only refreshed the memory.
    Replayed,
    /// It is in order, and no mention.
    Skipped,
    /// It is a canary with this token, that no watch matches: it has no time, and is counted for nothing.
    Canary(String),
    /// It is no mention, and should be one.
    Rejected(Fault),
}

/// How many mentions had their time replaced since the last [`Core::take`], and the like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Oddities {
    /// Times too far ahead.
    pub future: u64,
}

/// Everything counted since the last time it was taken.
#[derive(Debug, Default)]
pub struct Taken {
    /// Tallies, ordered by watch and slice.
    pub tallies: Vec<Tally>,
    /// What was odd.
    pub oddities: Oddities,
    /// What our accounts published, in order.
    pub own_posts: Vec<OwnPost>,
}

/// The core of score. State: what was seen (bounded), how far time has come, the tallies not yet taken.
pub struct Core {
    settings: Settings,
    reader: Reader,
    rules: Arc<CompiledWatches>,
    partitions: BTreeMap<InputPartition, PartitionState>,
    tallies: HashMap<(usize, Slice), Tally>,
    heard: Heard,
    oddities: Oddities,
    /// Under which names our accounts publish, and what they published since the last [`Core::take`].
    own: OwnAuthors,
    own_posts: Vec<OwnPost>,
    /// The watches whose mentions are to be judged once more, and those mentions.
    asked: Arc<HashSet<String>>,
    questions: Vec<ReviewRequest>,
    found: Found,
    masked: Vec<Range<usize>>,
    /// Where the names of other watches stand.
    rivals: Vec<Range<usize>>,
    /// What of a text is about other watches.
    hidden: Vec<Range<usize>>,
    /// A buffer for what a text says.
    said: Vec<u8>,
    /// A buffer for what a text is about.
    key_terms: String,
    words: Words,
}

/// What a mention's text is to those before it.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    /// How often it, or nearly the same, was seen before.
    before: u32,
    /// The key of the text it is or is nearly the same as; 0 for a few words.
    text: u64,
    /// How often what it passes on was passed on before, itself included; 0 where it passes on nothing that it names.
    passed_on: u32,
}

struct PartitionState {
    ids: DedupWindow,
    texts: RepeatCounts,
    passed_on: RepeatCounts,
    near: Near,
    latest: Option<Timestamp>,
}

impl Core {
    /// An empty core that reads native records.
    pub fn new(settings: Settings, rules: Arc<CompiledWatches>) -> Core {
        Core {
            settings,
            reader: Reader::default(),
            rules,
            partitions: BTreeMap::new(),
            tallies: HashMap::new(),
            heard: Heard::default(),
            oddities: Oddities::default(),
            own: OwnAuthors::default(),
            own_posts: Vec::new(),
            asked: Arc::default(),
            questions: Vec::new(),
            found: Found::default(),
            masked: Vec::new(),
            rivals: Vec::new(),
            hidden: Vec::new(),
            said: Vec::new(),
            key_terms: String::new(),
            words: Words::default(),
        }
    }

    /// Starts a partition over; `committed` is the first offset not yet counted. Returns the offset to read from so
    /// that the memory of repeats is complete: what lies before `committed` is to be fed as replayed.
    pub fn assign(&mut self, partition: InputPartition, committed: i64) -> i64 {
        let window = self.settings.repeat_window;
        let state = PartitionState {
            ids: DedupWindow::new(window),
            texts: RepeatCounts::new(window),
            passed_on: RepeatCounts::new(window),
            near: Near::new(window),
            latest: None,
        };
        let from = state.ids.warm_from(committed);
        self.partitions.insert(partition, state);
        from
    }

    /// Forgets a partition, and all tallies not yet taken (they are part of a transaction that will not be).
    pub fn revoke(&mut self, partition: InputPartition) {
        self.partitions.remove(&partition);
        self.heard.clear();
        self.tallies.clear();
        self.own_posts.clear();
        self.questions.clear();
    }

    /// Gathers the mentions of these watches from the next record on, to be judged once more.
    pub fn ask_about(&mut self, watches: Arc<HashSet<String>>) {
        self.asked = watches;
    }

    /// The mentions gathered since the last [`Core::take`], at most [`second_opinion::BATCH`].
    pub fn questions(&self) -> &[ReviewRequest] {
        &self.questions
    }

    /// Counts the mentions gathered as they were judged once more, in their order; `None` leaves one as it was.
    pub fn revise(&mut self, answers: &[Option<Class>]) {
        let places: HashMap<&str, usize> = self.rules.names.iter().map(String::as_str).zip(0..).collect();
        for (question, answer) in self.questions.iter().zip(answers) {
            if let Some(class) = answer
                && let Some(watch) = places.get(question.watch.as_str())
                && let Some(tally) = self.tallies.get_mut(&(*watch, question.slice))
            {
                second_opinion::revise(tally, question, *class);
            }
        }
        self.questions.clear();
    }

    /// Goes over to other rules from the next record on. Tallies not yet taken must be taken before.
    pub fn replace_rules(&mut self, settings: Settings, rules: Arc<CompiledWatches>) -> Taken {
        let taken = self.take();
        self.settings = settings;
        self.rules = rules;
        taken
    }

    /// Reads the records from the next on in another way.
    pub fn read_by(&mut self, reader: Reader) {
        self.reader = reader;
    }

    /// From the next record on what is published under these names is ours.
    pub fn publish_as(&mut self, own: OwnAuthors) {
        self.own = own;
    }

    /// How many posts of ours wait to be taken.
    pub fn own_posts_waiting(&self) -> usize {
        self.own_posts.len()
    }

    /// How many tallies wait to be taken.
    pub fn waiting(&self) -> usize {
        self.tallies.len()
    }

    /// Takes in one record of a partition that was assigned.
    pub fn read(&mut self, input: Input<'_>) -> Read {
        let Some(state) = self.partitions.get_mut(&input.partition) else { return Read::Replayed };
        let mention = match self.reader.read(input.value, input.headers, self.settings.max_bytes) {
            Ok(mention) => mention,
            Err(_) if input.replayed => return Read::Replayed,
            Err(NoMention::Skipped(_)) => return Read::Skipped,
            Err(NoMention::Fault(fault)) => return Read::Rejected(fault),
        };
        let about = About::of(&mention, &*self.rules.sentiment);
        self.rules.matcher.find(&mention.text, &about, &mut self.found);
        // What a watch matches is a mention, whatever it calls itself: nothing can be hidden that way.
        if self.found.is_empty()
            && let Some(token) = canary::token_of(&mention)
        {
            return if input.replayed { Read::Replayed } else { Read::Canary(token.to_owned()) };
        }
        let mut published_at = mention.published_at;
        let too_far = input.timestamp.0 > 0 && published_at > input.timestamp.plus(self.settings.future_tolerance_ms);
        if too_far {
            published_at = input.timestamp;
        }
        state.latest = state.latest.max(Some(published_at));
        if !input.replayed {
            self.heard.note(input.partition, &mention.source, published_at);
        }
        let repeat = state.ids.is_repeat(input.offset, dedup::key(&mention.id));
        // Also for a repeated id: what counts as a copy must depend on the records alone, not on how far back ids are
        // known.
        let mut said = Said::default();
        if !self.found.is_empty()
            && let Some(original) = &mention.repost_of
        {
            said.passed_on = state.passed_on.seen(input.offset, dedup::key(original)).saturating_add(1);
        }
        if !self.found.is_empty()
            && let Some(key) = dedup::text_key(self.found.folded(), &mut self.said, &mut self.words)
        {
            let same = state.texts.seen(input.offset, key);
            let like = state.near.like(input.offset, key, &self.words);
            said.before = like.map_or(same, |like| same.max(like.before));
            said.text = like.map_or(key, |like| like.text);
        }
        match (input.replayed, repeat) {
            (true, _) => return Read::Replayed,
            (false, true) => return Read::Repeat,
            (false, false) => {}
        }
        self.oddities.future += u64::from(too_far);
        let ids = mention.author.id.as_deref().into_iter().chain(mention.author.name.as_deref());
        if let Some(account) = self.own.account(ids) {
            self.own_posts.push(OwnPost {
                account: account.to_owned(),
                id: mention.id.to_string(),
                at: published_at,
                text: cut(&mention.text, OWN_POST_CHARS),
                url: address(&mention),
            });
        }
        let language = if self.found.is_empty() { None } else { about.language(&mention.text) };
        Read::Scored(self.count(&mention, language, published_at, said))
    }

    fn count(&mut self, mention: &Mention<'_>, language: Option<Code>, published_at: Timestamp, said: Said) -> u32 {
        let (key, repost, copy) = (dedup::key(&mention.id), mention.is_repost(), said.before > 0);
        let lighter = Discount::of_repeat(said.before.max(said.passed_on).max(u32::from(repost)));
        let mut scored = 0;
        for (watch, hits) in self.found.watches() {
            self.masked.clear();
            self.masked.extend_from_slice(hits);
            self.masked.sort_unstable_by_key(|range| range.start);
            self.rivals.clear();
            let others = self.found.watches().filter(|(other, _)| *other != watch).take(MOST_RIVALS);
            self.rivals.extend(others.flat_map(|(_, hits)| hits.iter().cloned()));
            self.rivals.sort_unstable_by_key(|range| range.start);
            near::out_of_scope(&mention.text, &self.masked, &self.rivals, &mut self.hidden);
            let judgement = self.rules.sentiment.judge(&mention.text, language, &self.masked, &self.hidden);
            // A sample has the class that people are shown; everything that is counted goes by what it counts as.
            let (shown, class) = (judgement.class, judgement.counted());
            let judged = Some(class).filter(|_| judgement.is_judged());
            let slice = published_at.slice();
            let name = &self.rules.names[watch];
            let tally = self.tallies.entry((watch, slice)).or_insert_with(|| Tally::new(name, slice));
            tally.counts.mentions += 1;
            tally.counts.grounds.count(&judgement);
            *tally.counts.of_class(class) += 1;
            match (repost, copy) {
                (true, _) => tally.counts.reposts += 1,
                (false, true) => tally.counts.copies += 1,
                (false, false) => tally.counts.originals += 1,
            }
            tally.counts.reach = tally.counts.reach.saturating_add(mention.author.followers);
            // Who is unknown counts as somebody else each time.
            let author = mention.author.id.as_deref().or(mention.author.name.as_deref()).unwrap_or(&mention.id);
            tally.authors.add(author);
            if copy || repost {
                tally.discount.add(lighter, judged);
                tally.negative_repeats += u64::from(class == Class::Negative);
                tally.repeaters.add(author);
                tally.repeated.add(mention.repost_of.as_deref().map_or(said.text, dedup::key));
            }
            key_terms::offer(&mut tally.key_terms, key, || {
                key_terms::key_terms(key, mention, &self.masked, &mut self.key_terms)
            });
            tally.offer_sample(&mention.id, shown, mention.author.followers, || {
                let language = judgement.language.or(language);
                Sample { language, ..sample(mention, published_at, shown) }
            });
            let has_words = judgement.basis != Basis::Wordless;
            if has_words && self.asked.contains(name) && self.questions.len() < second_opinion::BATCH {
                self.questions.push(ReviewRequest {
                    watch: name.clone(),
                    slice,
                    id: mention.id.to_string(),
                    lang: mention.lang.as_deref().map(str::to_owned),
                    text: cut(&mention.text, second_opinion::TEXT),
                    matched: matched(&mention.text, &self.masked),
                    class: judged,
                    repeat: copy || repost,
                    lighter,
                });
            }
            scored += 1;
        }
        scored
    }

    /// Hands over what was counted, in an order that depends on nothing but the counts.
    pub fn take(&mut self) -> Taken {
        self.questions.clear();
        let mut tallies: Vec<Tally> = self.tallies.drain().map(|(_, tally)| tally).collect();
        tallies.sort_unstable_by(|a, b| (&a.watch, a.slice).cmp(&(&b.watch, b.slice)));
        Taken { tallies, oddities: std::mem::take(&mut self.oddities), own_posts: std::mem::take(&mut self.own_posts) }
    }

    /// Minutes in which sources and partitions brought something, not handed over before.
    pub fn take_heard(&mut self) -> BTreeMap<String, Vec<i64>> {
        self.heard.take()
    }

    /// How far time has come in the partitions of this core, as if their topic were `[kafka] mentions`; of another it
    /// is [`Watermarks::in_topic`]. `walked_ms` says for those that are idle how far the clock has gone since their
    /// last record: a feed that brings nothing does not stop the time.
    pub fn watermarks(&self, walked_ms: &BTreeMap<InputPartition, i64>) -> Watermarks {
        let marks = self.partitions.iter().map(|(partition, state)| {
            let at = |walked: i64| state.latest.map(|latest| latest.plus(walked - self.settings.lateness_ms));
            let mark = match walked_ms.get(partition) {
                Some(walked) => Watermark::idle(at(*walked), *walked),
                None => Watermark { at: at(0), ..Watermark::default() },
            };
            (*partition, mark)
        });
        Watermarks::from(marks.collect::<BTreeMap<_, _>>())
    }
}

/// At most this many characters of a text.
fn cut(text: &str, limit: usize) -> String {
    // This many bytes are this many characters at most.
    let end = if text.len() <= limit { None } else { text.char_indices().nth(limit) };
    end.map_or(text, |(end, _)| &text[..end]).to_owned()
}

/// The words at `places`, each once.
fn matched(text: &str, places: &[Range<usize>]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in places.iter().filter_map(|place| text.get(place.clone())) {
        if words.len() < second_opinion::WORDS && !words.iter().any(|known| known == word) {
            words.push(cut(word, 100));
        }
    }
    words
}

/// The address of a mention, unless it is absurdly long.
fn address(mention: &Mention<'_>) -> Option<String> {
    mention.url.as_deref().filter(|url| url.len() <= 1024).map(str::to_owned)
}

fn sample(mention: &Mention<'_>, published_at: Timestamp, class: Class) -> Sample {
    Sample {
        id: mention.id.to_string(),
        published_at,
        source: cut(&mention.source, 64),
        author: cut(mention.author.label(), 64),
        followers: mention.author.followers,
        class,
        text: cut(&mention.text, SAMPLE_CHARS),
        url: address(mention),
        language: None,
        role: None,
    }
}

#[cfg(test)]
#[path = "core_tests.rs"]
mod tests;

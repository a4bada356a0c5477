//! One source of mentions: the everyday business of a company, unrelated chatter, or the additions of an event.
//!
//! A source creates roots at random times and, for some of them, children: later reposts, copies and replies. Together
//! with a level that varies from hour to hour, they make the counts as bursty as real ones.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;

use super::arrivals::Arrivals;
use super::author;
use super::dice::{Dice, key, mix, stream};
use super::event::{Course, Kind};
use super::grammar::{self, Matter, Scene};
use super::mention::Mention;
use super::names::Names;
use super::plan::Topic;
use orszem_records::class::Class;
use orszem_records::time::Timestamp;

/// The maximum number of waiting children in one source: a few megabytes. Further children are dropped; with the usual
/// habits that happens only at some 370,000 mentions per hour.
const PENDING_MOST: usize = 20_000;
/// The possible numbers of children of a root with children, equally likely.
const FAMILY: [usize; 10] = [1, 1, 1, 2, 2, 3, 3, 5, 8, 20];
/// The mean of [`FAMILY`].
const FAMILY_MEAN: f64 = 4.6;
/// The maximum time from a root to a child.
const CHILD_LATEST_MS: f64 = 7_200_000.0;
/// The number of accounts in a campaign.
const PUPPETS: usize = 6;
const HOUR_MS: f64 = 3_600_000.0;

/// How the people of a source behave.
#[derive(Clone, Copy)]
struct Habits {
    /// The share of negative roots.
    negative: f64,
    /// The share of positive roots.
    positive: f64,
    /// The share of roots that have children.
    followed: f64,
    /// The mean time from a root to a child, in milliseconds.
    delay_ms: f64,
    /// The share of children that repost; of the rest a quarter copies and three quarters answer.
    reposts: f64,
}

impl Habits {
    fn everyday(negative: f64, positive: f64) -> Habits {
        Habits { negative, positive, followed: 0.08, delay_ms: 720_000.0, reposts: 0.6 }
    }

    fn of(kind: Kind) -> Habits {
        match kind {
            Kind::Crisis => {
                Habits { negative: 0.84, positive: 0.02, followed: 0.35, delay_ms: 200_000.0, reposts: 0.75 }
            }
            Kind::Joy => Habits { negative: 0.05, positive: 0.76, followed: 0.25, delay_ms: 300_000.0, reposts: 0.7 },
            _ => Habits { negative: 1.0, positive: 0.0, followed: 0.0, delay_ms: 1.0, reposts: 0.0 },
        }
    }

    /// The mean number of mentions per root, including itself.
    fn size(&self) -> f64 {
        1.0 + self.followed * FAMILY_MEAN
    }
}

/// The subject of a source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject {
    /// The index of the company in the plan; none for chatter.
    pub(super) company: Option<usize>,
    pub(super) topic: Topic,
    pub(super) hungarian: f64,
    pub(super) negative: f64,
    pub(super) positive: f64,
    pub(super) per_hour: f64,
}

/// The data that sources share.
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) names: Vec<Names>,
    /// The slow burns, by company: they turn everyday mentions negative.
    pub(super) burns: Vec<Vec<Course>>,
}

/// A mention that others may repost, copy or reply to.
struct Root {
    id: String,
    author: String,
    text: String,
    class: Class,
    hungarian: bool,
}

#[derive(Clone, Copy)]
enum Descent {
    Repost,
    Copy,
    Answer,
}

/// A waiting mention.
struct Child {
    at: Timestamp,
    /// Keeps children of the same time in the order of their creation.
    order: u64,
    descent: Descent,
    words: u64,
    root: Arc<Root>,
}

impl PartialEq for Child {
    fn eq(&self, other: &Child) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}
impl Eq for Child {}
impl PartialOrd for Child {
    fn partial_cmp(&self, other: &Child) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Child {
    fn cmp(&self, other: &Child) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

/// A source; see the module.
pub(super) struct Source {
    subject: Subject,
    /// The index of the event in the plan.
    injection: Option<usize>,
    key: u64,
    rng: ChaCha8Rng,
    arrivals: Arrivals,
    habits: Habits,
    matter: Matter,
    next_root: Option<Timestamp>,
    pending: BinaryHeap<Reverse<Child>>,
    made: u64,
    end: Timestamp,
    /// The seed of a campaign's text: every mention has the same text.
    campaign: u64,
}

impl Source {
    /// The everyday business of a company, or the chatter.
    pub(super) fn everyday(seed: u64, label: &str, subject: Subject, start: Timestamp, end: Timestamp) -> Source {
        let matter = if subject.company.is_some() { Matter::Everyday } else { Matter::Chatter };
        let habits = Habits::everyday(subject.negative, subject.positive);
        let arrivals = Arrivals::new(None, start, end);
        Source::new(key(seed, label), subject, None, matter, habits, arrivals, end)
    }

    /// The additions of an event.
    pub(super) fn event(
        seed: u64,
        label: &str,
        subject: Subject,
        injection: usize,
        course: Course,
        end: Timestamp,
    ) -> Source {
        let key = key(seed, label);
        let number = Dice::new(key).below(1000);
        let matter = match course.kind {
            Kind::Crisis => Matter::Incident(number),
            Kind::Copies => Matter::Campaign,
            _ => Matter::Everyday,
        };
        let end = end.min(course.end);
        let habits = Habits::of(course.kind);
        let arrivals = Arrivals::new(Some(course), course.start, end);
        Source::new(key, subject, Some(injection), matter, habits, arrivals, end)
    }

    fn new(
        key: u64,
        subject: Subject,
        injection: Option<usize>,
        matter: Matter,
        habits: Habits,
        arrivals: Arrivals,
        end: Timestamp,
    ) -> Source {
        let mut source = Source {
            subject,
            injection,
            key,
            rng: stream(key),
            arrivals,
            habits,
            matter,
            next_root: None,
            pending: BinaryHeap::new(),
            made: 0,
            end,
            campaign: mix(key ^ 1),
        };
        source.next_root = source.draw_root();
        source
    }

    /// When its next mention is due.
    pub(super) fn next_at(&self) -> Option<Timestamp> {
        match (self.next_root, self.pending.peek()) {
            (Some(root), Some(Reverse(child))) => Some(root.min(child.at)),
            (Some(root), None) => Some(root),
            (None, child) => child.map(|Reverse(child)| child.at),
        }
    }

    /// The number of waiting children.
    #[cfg(test)]
    pub(super) fn pending(&self) -> usize {
        self.pending.len()
    }

    /// The next mention.
    pub(super) fn next(&mut self, world: &World) -> Option<(Timestamp, Mention)> {
        let at = self.next_at()?;
        if self.next_root == Some(at) {
            let mention = self.root(at, world);
            self.next_root = self.draw_root();
            return Some((at, mention));
        }
        let Reverse(child) = self.pending.pop()?;
        Some((at, self.child(&child, world)))
    }

    /// The time of the next root.
    fn draw_root(&mut self) -> Option<Timestamp> {
        self.arrivals.next(&mut self.rng, self.subject.per_hour / self.habits.size() / HOUR_MS)
    }

    /// A new generator, seeded from the stream.
    fn draw(&mut self) -> Dice {
        use rand::Rng;
        Dice::new(self.rng.next_u64())
    }

    fn root(&mut self, at: Timestamp, world: &World) -> Mention {
        let mut dice = self.draw();
        let mut fate = self.draw();
        let hungarian = dice.chance(self.subject.hungarian);
        let class = self.class(at, world, &mut dice);
        if self.matter == Matter::Campaign {
            let hungarian = self.subject.hungarian >= 0.5;
            let author = author::puppet(self.key, hungarian, PUPPETS, &mut dice);
            let text = self.text(world, class, hungarian, None, &mut Dice::new(self.campaign));
            return self.finish(at, class, hungarian, author, text, None, &mut dice);
        }
        let author = author::anyone(world.seed, hungarian, &mut dice);
        let text = self.text(world, class, hungarian, None, &mut dice);
        if !fate.chance(self.habits.followed) {
            return self.finish(at, class, hungarian, author, text, None, &mut dice);
        }
        let mention = self.finish(at, class, hungarian, author.clone(), text, None, &mut dice);
        let root = Root { id: mention.id.clone(), author: author.name, text: mention.text.clone(), class, hungarian };
        self.follow(at, root, &mut fate);
        mention
    }

    /// Creates the children of `root`. It draws all random numbers even if there is no room, so that later ones stay
    /// the same.
    fn follow(&mut self, at: Timestamp, root: Root, fate: &mut Dice) {
        let root = Arc::new(root);
        for _ in 0..fate.pick(&FAMILY) {
            let delay_ms = -self.habits.delay_ms * (1.0 - fate.unit()).ln();
            let how = fate.unit();
            let descent = if how < self.habits.reposts {
                Descent::Repost
            } else if how < self.habits.reposts + 0.25 * (1.0 - self.habits.reposts) {
                Descent::Copy
            } else {
                Descent::Answer
            };
            let child = Child {
                // A child is never at the same time as its root.
                at: at.plus(1 + delay_ms.min(CHILD_LATEST_MS) as i64),
                order: fate.next(),
                descent,
                words: fate.next(),
                root: Arc::clone(&root),
            };
            if child.at < self.end && self.pending.len() < PENDING_MOST {
                self.pending.push(Reverse(child));
            }
        }
    }

    fn child(&mut self, child: &Child, world: &World) -> Mention {
        let mut dice = Dice::new(child.words);
        let root = &*child.root;
        let author = author::anyone(world.seed, root.hungarian, &mut dice);
        let (class, text, repost_of) = match child.descent {
            Descent::Repost => (root.class, format!("RT @{}: {}", root.author, root.text), Some(root.id.clone())),
            Descent::Copy => (root.class, root.text.clone(), None),
            Descent::Answer => {
                // Most replies agree.
                let agrees = dice.chance(0.6);
                let class = if agrees { root.class } else { self.class(child.at, world, &mut dice) };
                let text = self.text(world, class, root.hungarian, Some(&root.author), &mut dice);
                (class, text, None)
            }
        };
        self.finish(child.at, class, root.hungarian, author, text, repost_of, &mut dice)
    }

    /// Draws the class by the habits, unless a slow burn changes it.
    fn class(&self, at: Timestamp, world: &World, dice: &mut Dice) -> Class {
        let how = dice.unit();
        // Always drawn, so that a slow burn changes only these mentions.
        let turn = dice.unit();
        let class = if how < self.habits.negative {
            Class::Negative
        } else if how < self.habits.negative + self.habits.positive {
            Class::Positive
        } else {
            Class::Neutral
        };
        let Some(company) = self.subject.company.filter(|_| self.injection.is_none()) else { return class };
        let extra: f64 = world.burns[company].iter().map(|burn| burn.extra(at)).sum();
        // At most this share: even on the worst days some mentions are not negative.
        let wanted = (self.habits.negative * (1.0 + extra)).min(0.9_f64.max(self.habits.negative));
        let turned = (wanted - self.habits.negative) / (1.0 - self.habits.negative).max(1e-9);
        if turn < turned { Class::Negative } else { class }
    }

    fn text(&self, world: &World, class: Class, hungarian: bool, answers: Option<&str>, dice: &mut Dice) -> String {
        let names = self.subject.company.map(|company| &world.names[company]);
        let scene = Scene { names, topic: self.subject.topic, class, matter: self.matter, hungarian, answers };
        grammar::write(&scene, dice)
    }

    #[expect(clippy::too_many_arguments, reason = "private: the fields of one record")]
    fn finish(
        &mut self,
        at: Timestamp,
        class: Class,
        hungarian: bool,
        author: super::Author,
        text: String,
        repost_of: Option<String>,
        dice: &mut Dice,
    ) -> Mention {
        // A bijection of the running number: ids are unique within a source, and do not reveal the source.
        let id = format!("sim:{:016x}", mix(self.key.wrapping_add(self.made)));
        self.made += 1;
        let source = dice.pick(&["micro", "micro", "micro", "micro", "forum", "news", "review", "video"]);
        let url = dice.chance(0.6).then(|| format!("https://{source}.example/m/{}", &id[4..]));
        Mention {
            id,
            published_at: at,
            source,
            lang: (!dice.chance(0.03)).then(|| grammar::code(hungarian)),
            text,
            author: (!dice.chance(0.03)).then_some(author),
            repost_of,
            url,
            company: self.subject.company,
            class,
            injection: self.injection,
        }
    }
}

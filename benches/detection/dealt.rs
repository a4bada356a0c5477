//! What chance costs on real streams: the times at which mentions came, with the texts of the same stream dealt again
//! to them. No text has then to do with its time, so every page but one for many mentions is chance.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::io::Read;
use std::sync::Arc;

use orszem_core::backtest::run::{RunFault, Source};
use orszem_core::backtest::{Bounds, Job, Mentions, Outcome};
use orszem_core::settings::Config;
use orszem_records::time::Timestamp;
use orszem_text::sentiment::Models;
use serde_json::Value;

/// Reviews of apps: quiet, but for a few days.
const STREAMS: [&str; 5] = ["netflix", "hotstar", "uber", "paytm", "phonepe"];
const TWO_WEEKS_MS: i64 = 14 * 86_400_000;

/// The mentions of a stream, in order.
struct Lines(Vec<(Timestamp, Value)>);

impl Source for Lines {
    fn feed(&mut self, _: Bounds, into: &mut Mentions) -> Result<(), RunFault> {
        for (at, mention) in &self.0 {
            into.mention(0, *at, mention.to_string().as_bytes());
        }
        Ok(())
    }
}

impl Lines {
    fn read(stream: &str) -> Lines {
        let file = std::fs::File::open(crate::data::data(&format!("mentions/{stream}.jsonl.gz"))).unwrap();
        let mut lines = String::new();
        flate2::read::GzDecoder::new(file).read_to_string(&mut lines).unwrap();
        let read = |line: &str| {
            let mention: Value = serde_json::from_str(line).unwrap();
            let at: jiff::Timestamp = mention["published_at"].as_str().unwrap().parse().unwrap();
            (Timestamp(at.as_millisecond()), mention)
        };
        Lines(lines.lines().map(read).collect())
    }

    /// The same times, each with the text of another.
    fn dealt(&self, seed: u64) -> Lines {
        let mut texts: Vec<(Value, Value)> =
            self.0.iter().map(|(_, mention)| (mention["text"].clone(), mention["author"].clone())).collect();
        texts.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let deal = |((at, mention), (text, author)): (&(Timestamp, Value), (Value, Value))| {
            let mut mention = mention.clone();
            (mention["text"], mention["author"]) = (text, author);
            (*at, mention)
        };
        Lines(self.0.iter().zip(texts).map(deal).collect())
    }
}

/// The pages of a stream: in its first two weeks, and in all.
fn pages(mut lines: Lines, config: &Config, sentiment: &Arc<Models>) -> (usize, usize) {
    let begins = lines.0[0].0;
    let job = Job {
        config,
        sentiment: Arc::<Models>::clone(sentiment),
        mentions: Some(&mut lines),
        counts: Vec::new(),
        bounds: Bounds::default(),
        charts: false,
        labels: None,
    };
    let Outcome { watches, .. } = job.run().unwrap();
    let paged = &watches[0].pages;
    (paged.iter().filter(|at| at.since(begins) < TWO_WEEKS_MS).count(), paged.len())
}

pub(crate) fn table(seeds: u64) {
    println!(
        "pages on real streams, and on {seeds} of each with the texts dealt again; in brackets in the first two weeks"
    );
    let sentiment = Arc::new(Models::shipped().unwrap());
    let (mut came, mut dealt) = ([0, 0], vec![[0, 0]; usize::try_from(seeds).unwrap()]);
    for stream in STREAMS {
        let watch = format!("[[watch]]\nname = \"{stream}\"\nquery = \"source:play-{stream}\"\n");
        let config: Config = toml::from_str(&watch).unwrap();
        let lines = Lines::read(stream);
        let mut all = 0;
        for (seed, sums) in (0..seeds).zip(&mut dealt) {
            let (young, paged) = pages(lines.dealt(seed), &config, &sentiment);
            (sums[0], sums[1], all) = (sums[0] + young, sums[1] + paged, all + paged);
        }
        let (young, paged) = pages(lines, &config, &sentiment);
        (came[0], came[1]) = (came[0] + young, came[1] + paged);
        println!("{stream:>10} {paged:>6} ({young}) {:>8.1}", all as f64 / seeds as f64);
    }
    dealt.sort_unstable_by_key(|[_, paged]| *paged);
    let mean = |place: usize| dealt.iter().map(|sums| sums[place]).sum::<usize>() as f64 / seeds as f64;
    println!("{:>10} {:>6} ({}) {:>8.1} ({:.1})", "together", came[1], came[0], mean(1), mean(0));
    println!("dealt again, from the fewest: {:?}", dealt.iter().map(|[_, paged]| *paged).collect::<Vec<_>>());
}

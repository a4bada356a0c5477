//! The models on texts that they were not trained on: figures that must not get worse.
//!
//! `cargo test --release --test streams sentiment -- --nocapture` prints them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufRead;
use std::path::Path;

use orszem_records::class::Class;
use orszem_records::judgement::Judgement;
use orszem_records::language_code::Code;
use orszem_text::packed::unpacked;
use orszem_text::sentiment::corpus::{Example, Part, read};
use orszem_text::sentiment::mask::Names;
use orszem_text::sentiment::measure::{Judged, Measures};
use orszem_text::sentiment::{Models, Sentiment, bundled};

use crate::support::data;

fn measures(models: &Models, lang: &str, examples: &[Example]) -> Measures {
    let judged = examples.iter().map(|example| Judged {
        truth: example.class,
        probabilities: models.judge(&example.text, Code::of(lang), &[], &[]).probabilities,
    });
    Measures::of(&judged.collect::<Vec<_>>())
}

/// The figures to go by: those of a year that no part of the model has seen. Half a minute of work.
#[test]
fn english_tweets_of_a_year_left_out() {
    let (model, texts) = bundled::english_without(2016, &data("sentiment"), |path| File::open(path)).unwrap();
    let judged: Vec<Judged> = texts
        .iter()
        .map(|example| Judged {
            truth: example.class,
            probabilities: model.probabilities(&example.text, &[], &[]).unwrap_or(Judgement::UNKNOWN.probabilities),
        })
        .collect();
    let measures = Measures::of(&judged);
    println!("2016 left out: {measures:?}");
    assert!(measures.macro_recall.unwrap() >= 0.611);
    assert!(measures.negative_auc.unwrap() >= 0.848);
    assert!(measures.recall.iter().all(|recall| recall.unwrap() >= 0.5), "no class is given up");
}

/// Hungarian tweets have no neutral texts: what tells them apart is measured with English in their place.
#[test]
fn english_in_the_place_of_hungarian_tweets() {
    let judged = bundled::english_as_hungarian(&data("sentiment"), |path| File::open(path)).unwrap();
    let measures = Measures::of(&judged);
    println!("English in the place of Hungarian tweets: {measures:?}");
    assert!(measures.macro_recall.unwrap() >= 0.58);
    assert!(measures.negative_auc.unwrap() >= 0.81);
}

fn held_out(set: &str) -> Vec<Example> {
    let all = read(&data(&format!("sentiment/{set}.tsv.gz")), |path| File::open(path)).unwrap();
    all.into_iter().filter(|example| Part::of(&example.text) == Part::HeldOut).collect()
}

#[test]
fn english_tweets() {
    let models = Models::shipped().unwrap();
    let measures = measures(&models, "en", &read(&data("sentiment/en-val.tsv.gz"), |path| File::open(path)).unwrap());
    println!("en-val: {measures:?}");
    assert!(measures.macro_recall.unwrap() >= 0.67);
    assert!(measures.calibration_error.unwrap() <= 0.06);
}

#[test]
fn hungarian_reviews_and_news() {
    let models = Models::shipped().unwrap();
    let reviews = measures(&models, "hu", &held_out("hu-train-reviews"));
    println!("reviews: {reviews:?}");
    assert!(reviews.macro_recall.unwrap() >= 0.62);
    assert!(reviews.recall.iter().all(|recall| recall.unwrap() >= 0.4), "no class is given up");
    let news = measures(&models, "hu", &held_out("hu-train-news"));
    println!("news: {news:?}");
    assert!(news.negative_auc.unwrap() >= 0.84);
}

/// How two rows of numbers go together.
fn pearson(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let (x, y) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0 / count, sum.1 + pair.1 / count));
    let sums = pairs.iter().fold([0.0; 3], |[xy, xx, yy], pair| {
        let (dx, dy) = (pair.0 - x, pair.1 - y);
        [xy + dx * dy, xx + dx * dx, yy + dy * dy]
    });
    sums[0] / (sums[1] * sums[2]).sqrt()
}

/// Negatives of an hour, as people say and as the model does.
type Hours = BTreeMap<i64, (f64, f64)>;

#[test]
fn airlines_that_no_model_has_seen() {
    let models = Models::shipped().unwrap();
    let mut judged = Vec::new();
    let mut companies: BTreeMap<String, Hours> = BTreeMap::new();
    for line in unpacked(File::open(data("mentions/airlines.jsonl.gz")).unwrap()).unwrap().lines() {
        let mention: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let (text, company) = (mention["text"].as_str().unwrap(), mention["labels"]["company"].as_str().unwrap());
        let at: jiff::Timestamp = mention["published_at"].as_str().unwrap().parse().unwrap();
        let label = mention["labels"]["sentiment"].as_str().unwrap();
        let truth = Class::from_label(&label[..3]).unwrap();
        // The name as it is and as the beginning of a handle: "@SouthwestAir".
        let joined = company.replace(' ', "");
        let mut names = Names::new([company, &joined]);
        let code = models.language(text, mention["lang"].as_str());
        let judgement = models.judge(text, code, names.find(text), &[]);
        judged.push(Judged { truth, probabilities: judgement.probabilities });
        let hour = companies.entry(company.to_owned()).or_default().entry(at.as_second() / 3600).or_default();
        hour.0 += f64::from(truth == Class::Negative);
        hour.1 += f64::from(judgement.counted() == Class::Negative);
    }
    let measures = Measures::of(&judged);
    println!("airlines: {measures:?}");
    assert!(measures.f1[0].unwrap() >= 0.79);

    // Hours in which nobody wrote are hours as well.
    let all = || companies.values().flat_map(|hours| hours.keys().copied());
    let (first, last) = (all().min().unwrap(), all().max().unwrap());
    let of =
        |hours: &Hours| (first..=last).map(|hour| hours.get(&hour).copied().unwrap_or_default()).collect::<Vec<_>>();
    let hourly: BTreeMap<&str, f64> =
        companies.iter().map(|(name, hours)| (name.as_str(), pearson(&of(hours)))).collect();
    let together = pearson(&companies.values().flat_map(of).collect::<Vec<_>>());
    println!("negatives of an hour, r: {hourly:?}, all {together:.3}");
    assert!(together >= 0.97 && hourly["United"] >= 0.96 && hourly["Southwest"] >= 0.94, "{hourly:?} {together}");
}

/// The models in the repository are those that the documented command makes. Half a minute of work.
#[test]
fn the_shipped_models_are_made_again_byte_for_byte() {
    for (name, bytes) in bundled::all(&data("sentiment"), |path| File::open(path)).unwrap() {
        let stored = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(name)).unwrap();
        assert!(bytes == stored, "{name} is not what the data make of it");
        assert!(bytes.len() <= 2 << 20);
    }
}

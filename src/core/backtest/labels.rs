//! Labels: the windows in which something really happened, by watch, and how many of them the pages found.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use orszem_records::time::{Timestamp, rfc3339};

use super::counts::time;

/// A span of event time in which something really happened; both ends are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Window {
    /// Its beginning.
    #[serde(serialize_with = "rfc3339::serialize")]
    pub from: Timestamp,
    /// Its end.
    #[serde(serialize_with = "rfc3339::serialize")]
    pub to: Timestamp,
}

/// Windows by watch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels(BTreeMap<String, Vec<Window>>);

/// Why labels cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LabelsFault {
    /// Not the expected JSON.
    #[error("expected {{\"WATCH\": {{\"windows\": [[\"FROM\", \"TO\"], ...]}}, ...}}: {0}")]
    NotLabels(#[from] serde_json::Error),
    /// An end of a window is not a time.
    #[error("window {number} of `{watch}`: `{text}` is not a time")]
    Time {
        /// The watch.
        watch: String,
        /// Which window, from 1.
        number: usize,
        /// The invalid text.
        text: String,
    },
    /// It ends before it begins.
    #[error("window {number} of `{watch}` ends before it begins")]
    Backwards {
        /// The watch.
        watch: String,
        /// Which window, from 1.
        number: usize,
    },
}

/// The file format: `{"AAPL": {"windows": [...]}}`, or the windows alone as in NAB's own files.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Named { windows: Vec<(String, String)> },
    Bare(Vec<(String, String)>),
}

impl Labels {
    /// Parses the windows. A watch may be named by the file of its counts, with folder and extension.
    pub fn parse(text: &str) -> Result<Labels, LabelsFault> {
        let written: BTreeMap<String, Written> = serde_json::from_str(text)?;
        let mut labels = Labels::default();
        for (key, Written::Named { windows } | Written::Bare(windows)) in written {
            let watch = watch_of(&key);
            let into = labels.0.entry(watch.to_owned()).or_default();
            for (number, (from, to)) in (1..).zip(windows) {
                let read = |text: String| {
                    time(&text).ok_or_else(|| LabelsFault::Time { watch: watch.to_owned(), number, text })
                };
                let window = Window { from: read(from)?, to: read(to)? };
                if window.to < window.from {
                    return Err(LabelsFault::Backwards { watch: watch.to_owned(), number });
                }
                into.push(window);
            }
            into.sort_unstable();
        }
        Ok(labels)
    }

    /// The windows of a watch; `None` if it has no labels, which differs from an empty list.
    pub fn of(&self, watch: &str) -> Option<&[Window]> {
        self.0.get(watch).map(Vec::as_slice)
    }

    /// The watches that have labels.
    pub fn watches(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn watch_of(key: &str) -> &str {
    let file = key.rsplit('/').next().unwrap_or(key);
    file.strip_suffix(".csv").unwrap_or(file)
}

/// How many labels the pages of one or several watches found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Verdict {
    /// Windows in which there was a page.
    pub found: usize,
    /// Windows without a page.
    pub missed: usize,
    /// Pages within a window.
    pub right_pages: usize,
    /// Pages outside all windows.
    pub false_pages: usize,
    /// Weeks outside all windows.
    pub quiet_weeks: f64,
    /// From the beginning of a window to its first page, in hours, for each found; sorted.
    #[serde(skip)]
    pub lead_hours: Vec<f64>,
}

impl Verdict {
    /// Judges the pages of a watch over the input's `span`. Windows outside it are ignored, because the input does not
    /// contain them.
    pub fn of(windows: &[Window], pages: &[Timestamp], span: (Timestamp, Timestamp)) -> Verdict {
        let seen = windows.iter().filter(|window| window.to >= span.0 && window.from <= span.1);
        let mut verdict = Verdict::default();
        let mut labelled_ms = 0;
        let mut counted = span.0;
        for window in seen {
            // The time of overlapping windows is counted once.
            let (from, to) = (window.from.max(counted), window.to.min(span.1));
            labelled_ms += to.since(from).max(0);
            counted = counted.max(to);
            let first = pages.iter().filter(|page| (window.from..=window.to).contains(page)).min();
            match first {
                Some(page) => {
                    verdict.found += 1;
                    verdict.lead_hours.push(page.since(window.from) as f64 / 3_600_000.0);
                }
                None => verdict.missed += 1,
            }
        }
        let inside = |page: &&Timestamp| windows.iter().any(|window| (window.from..=window.to).contains(page));
        verdict.right_pages = pages.iter().filter(inside).count();
        verdict.false_pages = pages.len() - verdict.right_pages;
        verdict.quiet_weeks = (span.1.since(span.0) - labelled_ms).max(0) as f64 / WEEK_MS;
        verdict.lead_hours.sort_by(f64::total_cmp);
        verdict
    }

    /// Adds the verdict of another watch.
    pub fn add(&mut self, other: &Verdict) {
        self.found += other.found;
        self.missed += other.missed;
        self.right_pages += other.right_pages;
        self.false_pages += other.false_pages;
        self.quiet_weeks += other.quiet_weeks;
        self.lead_hours.extend_from_slice(&other.lead_hours);
        self.lead_hours.sort_by(f64::total_cmp);
    }

    /// The share of pages within a window; `None` without a page.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.right_pages, self.right_pages + self.false_pages)
    }

    /// The share of windows found; `None` without a window.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.found, self.found + self.missed)
    }

    /// The median time from the beginning of a window to its first page, in hours; the later of two in the middle.
    pub fn median_lead_hours(&self) -> Option<f64> {
        self.lead_hours.get(self.lead_hours.len() / 2).copied()
    }

    /// False pages per week and watch, outside all windows; `None` if there is no such time.
    pub fn false_pages_a_week(&self) -> Option<f64> {
        (self.quiet_weeks > 0.0).then(|| self.false_pages as f64 / self.quiet_weeks)
    }
}

/// Milliseconds of a week.
pub(super) const WEEK_MS: f64 = 7.0 * 86_400_000.0;

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn window(from: i64, to: i64) -> Window {
        Window { from: Timestamp(from * HOUR), to: Timestamp(to * HOUR) }
    }

    #[test]
    fn every_form_of_labels_is_read() {
        let labels = Labels::parse(
            r#"{"AAPL": {"windows": [["2015-03-09 01:02:53.000000", "2015-03-10 10:02:53.000000"],
                ["2015-03-03 04:37:53.000000", "2015-03-04 13:37:53.000000"]], "events": ["2015-03-03 21:07:53"]},
                "realTweets/FB.csv": [["2015-03-14T22:12:53Z", "2015-03-17T16:02:53Z"]], "none": {"windows": []}}"#,
        )
        .unwrap();
        let from = |watch: &str| labels.of(watch).unwrap().iter().map(|w| w.from.to_string()).collect::<Vec<_>>();
        assert_eq!(from("AAPL"), ["2015-03-03T04:37:53Z", "2015-03-09T01:02:53Z"]);
        assert_eq!(from("FB"), ["2015-03-14T22:12:53Z"]);
        assert_eq!((labels.of("none"), labels.of("GOOG")), (Some(&[][..]), None));
        assert!(Labels::parse("[]").is_err());
        let fault = |text: &str| Labels::parse(text).unwrap_err().to_string();
        assert_eq!(fault(r#"{"a": [["2015-01-01","x"]]}"#), "window 1 of `a`: `x` is not a time");
        assert_eq!(fault(r#"{"a": [["2015-01-02","2015-01-01"]]}"#), "window 1 of `a` ends before it begins");
    }

    #[test]
    fn pages_are_judged_by_the_windows() {
        let windows = [window(10, 20), window(15, 30), window(100, 110), window(1000, 1010)];
        let pages = [12, 19, 40, 110, 130].map(|hour| Timestamp(hour * HOUR));
        let verdict = Verdict::of(&windows, &pages, (Timestamp(0), Timestamp(198 * HOUR)));
        assert_eq!((verdict.found, verdict.missed), (3, 0), "what lies beyond the input was not missed");
        assert_eq!((verdict.right_pages, verdict.false_pages), (3, 2));
        assert_eq!(verdict.lead_hours, [2.0, 4.0, 10.0]);
        assert_eq!(verdict.quiet_weeks, 1.0, "198 h less 20 and 10");
        assert_eq!((verdict.precision(), verdict.recall()), (Some(0.6), Some(1.0)));
        assert_eq!((verdict.false_pages_a_week(), verdict.median_lead_hours()), (Some(2.0), Some(4.0)));

        let mut sum = Verdict::of(&[window(1, 2)], &[], (Timestamp(0), Timestamp(10 * HOUR)));
        assert_eq!((sum.precision(), sum.recall(), sum.missed), (None, Some(0.0), 1));
        sum.add(&verdict);
        assert_eq!((sum.recall(), sum.found, sum.missed), (Some(0.75), 3, 1));
    }
}

//! The first `alerts.toml`, as text.

use std::collections::BTreeSet;
use std::path::Path;

use toml_writer::{ToTomlValue, TomlStringBuilder};

use orszem_config::Fault;
use orszem_records::signal::FEED;
use orszem_text::fold::folded;

/// The parts of the first configuration.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// The name for people.
    title: String,
    terms: Vec<String>,
    brokers: String,
}

/// A problem with an argument. The message begins with the option.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub(super) message: String,
    /// Whether it prevents writing the file.
    pub(super) is_error: bool,
}

impl Problem {
    fn empty(option: &str, help: &str) -> Problem {
        Problem { message: format!("{option} is empty; {help}"), is_error: true }
    }

    fn new(option: &str, fault: &Fault) -> Problem {
        let help = fault.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        Problem { message: format!("{option}: {}{help}", fault.message), is_error: fault.is_error() }
    }
}

impl Draft {
    /// Keeps one of several terms that match the same.
    pub(super) fn new(title: &str, terms: &[String], brokers: &str) -> Draft {
        let mut seen = BTreeSet::new();
        let terms = terms.iter().map(|term| term.trim()).filter(|term| !term.is_empty());
        let terms = terms.filter(|term| seen.insert(folded(term))).map(str::to_owned).collect();
        Draft { title: title.trim().to_owned(), terms, brokers: brokers.trim().to_owned() }
    }

    pub(super) fn terms(&self) -> &[String] {
        &self.terms
    }

    /// The name of the watch, made from the title. If the title has no Latin letter or digit, it is made from the first
    /// term that has one.
    pub(super) fn watch(&self) -> String {
        let mut texts = std::iter::once(&self.title).chain(&self.terms);
        match texts.find_map(|text| orszem_config::slug(text)) {
            // This name is reserved.
            Some(name) if name == FEED => format!("{name}-watch"),
            Some(name) => name,
            None => "watch-1".to_owned(),
        }
    }

    /// All problems. If the file can be written, these are only warnings.
    pub(super) fn examine(&self) -> Vec<Problem> {
        if self.title.is_empty() {
            return vec![Problem::empty("--name", "give the name that people know it by")];
        }
        if self.terms.is_empty() {
            return vec![Problem::empty("--terms", "give the words, @handles or #tags to look for")];
        }
        // Checked one at a time, so that each fault is attributed to its option.
        let watch = |keys: String| format!("[[watch]]\nname = \"w\"\nescalation = \"e\"\n{keys}\n{REST}");
        let title = watch(format!("terms = [\"kept\"]\ntitle = {}", string(&self.title)));
        let terms = watch(format!("terms = {}", list(&self.terms)));
        let brokers = watch(format!("terms = [\"kept\"]\n[kafka]\nbrokers = {}", string(&self.brokers)));
        let faults = |(option, text): (&str, String)| -> Vec<Problem> {
            orszem_config::check(&text, Path::new("")).iter().map(|fault| Problem::new(option, fault)).collect()
        };
        [("--name", title), ("--terms", terms), ("--brokers", brokers)].into_iter().flat_map(faults).collect()
    }

    /// The text of the file.
    pub(super) fn text(&self) -> String {
        let (watch, title) = (string(&self.watch()), string(&self.title));
        let (terms, brokers) = (list(&self.terms), string(&self.brokers));
        format!(
            r##"# The configuration of orszem, written by `orszem init`. It works without changes if Kafka runs at the
# address below: pages are printed on the terminal of `orszem run`. All settings: `orszem check --print-schema`.
#
#   orszem check             finds every fault in this file
#   orszem doctor            connects to everything this file names, and reports what works
#   orszem run               reads mentions, finds what is unusual, and pages
#
# Durations have a unit: "90s", "5m", "36h", "7d". Secrets do not belong in this file: name where they are, as "env:NAME"
# or "file:PATH". Blocks that begin with "# " are complete: remove the "# " to use them, and fill in your own values.

[kafka]
brokers = {brokers}
mentions = "mentions"       # the topic with the mentions
partitions = 4              # of the topics that orszem creates; at most this many copies can share the work
replication = 1             # use 3 on a cluster of three or more brokers

[detect]
budget = 0.5                # false pages per week that a watch may cost
learn_for = "3d"            # how long a new watch learns what is normal; `orszem warm` loads history instead
time_zone = "UTC"           # for days, weeks and times in messages, for example "Europe/Budapest"

[web]
listen = "127.0.0.1:8080"   # the address of the incident pages, the API and the metrics
public_url = "http://localhost:8080"   # the address for people; links in pages begin with it

# What to watch. A mention counts if it contains one of the terms: words, phrases, @handles, #tags. Case, accents and
# endings do not matter. The name is used in links and metrics. If you change it, the watch starts to learn again.

[[watch]]
name = {watch}
title = {title}
terms = {terms}
escalation = "duty"
# crisis = {{ negatives = 300, within = "1h" }}   # always pages, also while the watch learns
# advice = "What to do first. Every page shows it."

# Who is notified, and how long they have to acknowledge before the next step.

[[escalation]]
name = "duty"

[[escalation.step]]
receivers = ["terminal"]
acknowledge_within = "5m"

# [[escalation.step]]
# receivers = ["slack", "mail", "pagerduty"]
# acknowledge_within = "15m"

# The receivers of pages.

[[receiver]]
kind = "console"
name = "terminal"

# Slack, with the token of an app that may post in the channel. The id of a channel is at the end of its details.
# [[receiver]]
# kind = "slack"
# name = "slack"
# token = "env:SLACK_TOKEN"
# channel = "C0123456789"

# E-mail.
# [[receiver]]
# kind = "email"
# name = "mail"
# host = "smtp.example.com"
# security = "starttls"     # or "tls", or "none" for a mail server on this machine
# user = "orszem"
# password = "env:SMTP_PASSWORD"
# from = "Orszem <orszem@example.com>"
# to = ["Duty <duty@example.com>"]

# PagerDuty, with the integration key of a service (Events API v2).
# [[receiver]]
# kind = "pagerduty"
# name = "pagerduty"
# routing_key = "env:PAGERDUTY_ROUTING_KEY"
"##
        )
    }
}

/// Completes a `[[watch]]`, so that it can be checked.
const REST: &str = r#"
[[escalation]]
name = "e"
step = [{ receivers = ["r"], acknowledge_within = "5m" }]
[[receiver]]
kind = "console"
name = "r"
"#;

/// The text as a TOML string on one line.
fn string(text: &str) -> String {
    TomlStringBuilder::new(text).as_basic().to_toml_value()
}

/// On one line if that is short, otherwise one line for each.
fn list(terms: &[String]) -> String {
    let terms: Vec<String> = terms.iter().map(|term| string(term)).collect();
    let line = format!("[{}]", terms.join(", "));
    match line.chars().count() <= 100 {
        true => line,
        false => format!("[\n    {},\n]", terms.join(",\n    ")),
    }
}

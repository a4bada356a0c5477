//! The first `alerts.toml`, as text.

use std::collections::BTreeSet;
use std::path::Path;

use toml_writer::{ToTomlValue, TomlStringBuilder};

use orszem_config::Fault;
use orszem_records::signal::FEED;
use orszem_text::fold::folded;

/// What the first configuration is made of.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// The name for people.
    title: String,
    /// What to look for.
    terms: Vec<String>,
    brokers: String,
}

/// What is wrong with what was asked for, in words that begin with the option.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub(super) message: String,
    /// Whether nothing can be written because of it.
    pub(super) is_error: bool,
}

impl Wrong {
    fn empty(option: &str, help: &str) -> Wrong {
        Wrong { message: format!("{option} is empty; {help}"), is_error: true }
    }

    fn new(option: &str, fault: &Fault) -> Wrong {
        let help = fault.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        Wrong { message: format!("{option}: {}{help}", fault.message), is_error: fault.is_error() }
    }
}

impl Draft {
    /// Terms that find the same are kept once.
    pub(super) fn new(title: &str, terms: &[String], brokers: &str) -> Draft {
        let mut seen = BTreeSet::new();
        let terms = terms.iter().map(|term| term.trim()).filter(|term| !term.is_empty());
        let terms = terms.filter(|term| seen.insert(folded(term))).map(str::to_owned).collect();
        Draft { title: title.trim().to_owned(), terms, brokers: brokers.trim().to_owned() }
    }

    /// The terms that are looked for.
    pub(super) fn terms(&self) -> &[String] {
        &self.terms
    }

    /// The name of the watch: from the title; where that has no Latin letter or digit, from the first term that has
    /// one.
    pub(super) fn watch(&self) -> String {
        let mut texts = std::iter::once(&self.title).chain(&self.terms);
        match texts.find_map(|text| orszem_config::slug(text)) {
            // The configuration keeps this name for itself.
            Some(name) if name == FEED => format!("{name}-watch"),
            Some(name) => name,
            None => "watch-1".to_owned(),
        }
    }

    /// What is wrong, each with its option; of what may be written only warnings.
    pub(super) fn examine(&self) -> Vec<Wrong> {
        if self.title.is_empty() {
            return vec![Wrong::empty("--name", "give the name that people know it by")];
        }
        if self.terms.is_empty() {
            return vec![Wrong::empty("--terms", "give the words, @handles or #tags to look for")];
        }
        // One at a time, so that a fault names the option it comes from.
        let watch = |keys: String| format!("[[watch]]\nname = \"w\"\nescalation = \"e\"\n{keys}\n{REST}");
        let title = watch(format!("terms = [\"kept\"]\ntitle = {}", string(&self.title)));
        let terms = watch(format!("terms = {}", list(&self.terms)));
        let brokers = watch(format!("terms = [\"kept\"]\n[kafka]\nbrokers = {}", string(&self.brokers)));
        let faults = |(option, text): (&str, String)| -> Vec<Wrong> {
            orszem_config::check(&text, Path::new("")).iter().map(|fault| Wrong::new(option, fault)).collect()
        };
        [("--name", title), ("--terms", terms), ("--brokers", brokers)].into_iter().flat_map(faults).collect()
    }

    /// The text of the file.
    pub(super) fn text(&self) -> String {
        let (watch, title) = (string(&self.watch()), string(&self.title));
        let (terms, brokers) = (list(&self.terms), string(&self.brokers));
        format!(
            r##"# The configuration of orszem, made by `orszem init`. It works as it is, with a Kafka at the address below: what is
# found is printed on the terminal that `orszem run` runs in. Every setting: `orszem check --print-schema`.
#
#   orszem check             finds every mistake in this file
#   orszem doctor            connects to what this file names, and says what works
#   orszem run               reads mentions, finds what is unusual, and pages
#
# Times have a unit: "90s", "5m", "36h", "7d". Secrets do not belong in this file: say where they are, as "env:NAME" or
# "file:PATH". Blocks that begin with "# " are complete: remove the "# " to use them, and fill in your own values.

[kafka]
brokers = {brokers}
mentions = "mentions"       # the topic that mentions are read from
partitions = 4              # of the topics that orszem makes: as many copies of it can share the work
replication = 1             # 3 on a cluster of three brokers or more

[detect]
budget = 0.5                # false pages a week that a watch may cost
learn_for = "3d"            # how long a new watch learns what is normal; `orszem warm` loads history instead
time_zone = "UTC"           # days and weeks begin by this clock, for example "Europe/Budapest"

[web]
listen = "127.0.0.1:8080"   # the address of the incident pages, the API and the metrics
public_url = "http://localhost:8080"   # how people reach it: links in pages begin with this

# What to watch. A mention counts when it has one of the terms: words, phrases, @handles, #tags. Case, accents and
# endings do not matter. The name is used in links and metrics; under another name a watch starts to learn again.

[[watch]]
name = {watch}
title = {title}
terms = {terms}
escalation = "duty"
# crisis = {{ negatives = 300, within = "1h" }}   # this many always page, also while the watch still learns
# advice = "What to do first. Every page shows it."

# Who is told, and how long they have to acknowledge before the next step.

[[escalation]]
name = "duty"

[[escalation.step]]
receivers = ["terminal"]
acknowledge_within = "5m"

# [[escalation.step]]
# receivers = ["slack", "mail", "pagerduty"]
# acknowledge_within = "15m"

# Where a page can go.

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

/// Makes a `[[watch]]` whole for a check.
const REST: &str = r#"
[[escalation]]
name = "e"
step = [{ receivers = ["r"], acknowledge_within = "5m" }]
[[receiver]]
kind = "console"
name = "r"
"#;

/// Any text as a string on one line.
fn string(text: &str) -> String {
    TomlStringBuilder::new(text).as_basic().to_toml_value()
}

/// On one line where that is short, else a line each.
fn list(terms: &[String]) -> String {
    let terms: Vec<String> = terms.iter().map(|term| string(term)).collect();
    let line = format!("[{}]", terms.join(", "));
    match line.chars().count() <= 100 {
        true => line,
        false => format!("[\n    {},\n]", terms.join(",\n    ")),
    }
}

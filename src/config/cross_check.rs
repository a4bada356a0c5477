//! What the schema cannot say: how the parts of a configuration go together.
//!
//! Works on the document, not on the typed configuration: a fault in one part must not hide those of the others.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::ops::Range;
use std::time::Duration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use orszem_records::signal::FEED;

use super::diagnostics::{Report, nearest, quoted, suggestion};
use super::formats::is_local;
use super::literal::Literal;
use orszem_core::network::host_is_public;
use orszem_core::settings::Config;
use orszem_core::settings::types::{Score, Web};

/// A table of the document, with the place of its header.
#[derive(Clone, Copy)]
pub(super) struct Entry<'d> {
    pub(super) table: &'d DeTable<'d>,
    whole: &'d Spanned<DeValue<'d>>,
}

impl<'d> Entry<'d> {
    pub(super) fn new(whole: &'d Spanned<DeValue<'d>>) -> Option<Entry<'d>> {
        Some(Entry { table: whole.get_ref().as_table()?, whole })
    }

    pub(super) fn header(self) -> Range<usize> {
        self.whole.span()
    }

    pub(super) fn has(self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn text(self, key: &str) -> Option<(&'d str, Range<usize>)> {
        let value = self.table.get(key)?;
        Some((value.get_ref().as_str()?, value.span()))
    }

    pub(super) fn at(self, key: &str) -> Range<usize> {
        self.table.get(key).map_or(self.header(), Spanned::span)
    }

    fn span(self, key: &str) -> Option<Duration> {
        humantime::parse_duration(self.text(key)?.0).ok()
    }

    fn url(self, key: &str) -> Option<(Url, Range<usize>)> {
        let (text, at) = self.text(key)?;
        Some((Url::parse(text).ok()?, at))
    }

    /// The texts of a list.
    fn texts(self, key: &str) -> impl Iterator<Item = (&'d str, Range<usize>)> {
        let items = self.table.get(key).and_then(|value| value.get_ref().as_array());
        items
            .into_iter()
            .flat_map(|items| items.iter())
            .filter_map(|item| Some((item.get_ref().as_str()?, item.span())))
    }

    /// The tables of `[[key]]`, or the one of `[key]`.
    pub(super) fn tables(self, key: &str) -> Vec<Entry<'d>> {
        tables(self.table, key)
    }
}

pub(super) fn tables<'d>(table: &'d DeTable<'d>, key: &str) -> Vec<Entry<'d>> {
    match table.get(key).map(|value| (value, value.get_ref())) {
        Some((_, DeValue::Array(items))) => items.iter().filter_map(Entry::new).collect(),
        Some((value, _)) => Entry::new(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Checks how the parts go together.
pub(super) fn check(document: &DeTable<'_>, report: &mut Report<'_>) {
    let (watches, receivers, escalations) =
        (tables(document, "watch"), tables(document, "receiver"), tables(document, "escalation"));
    for (kind, entries) in [("watch", &watches), ("receiver", &receivers), ("escalation", &escalations)] {
        duplicates(kind, entries, report);
    }
    if watches.is_empty() {
        report.warning(0..0, "nothing is watched", "add a [[watch]]".to_owned());
    }
    for watch in &watches {
        sought(*watch, report);
        terms(*watch, report);
        crisis(*watch, report);
        if let Some((_, at)) = watch.text("name").filter(|(name, _)| *name == FEED) {
            report.error(at, "the name \"feed\" is that of the feed itself", "give the watch another".to_owned());
        }
        if !watch.has("escalation") {
            let message = format!("{} has no escalation: its incidents are shown but told to nobody", named(*watch));
            report.warning(watch.header(), message, "add escalation = \"…\"".to_owned());
        }
    }
    let feed = tables(document, "feed");
    let calls = watches.iter().chain(&feed).filter_map(|entry| entry.text("escalation")).collect();
    references("escalation", calls, &escalations, report);
    let steps: Vec<Entry<'_>> = escalations.iter().flat_map(|escalation| escalation.tables("step")).collect();
    for step in &steps {
        let mut told = BTreeSet::new();
        for (name, at) in step.texts("receivers").filter(|(name, _)| !told.insert(*name)) {
            report.error(
                at,
                format!("receiver {} is named twice in one step", quoted(name)),
                "leave one out".to_owned(),
            );
        }
    }
    references("receiver", steps.iter().flat_map(|step| step.texts("receivers")).collect(), &receivers, report);
    for receiver in &receivers {
        match receiver.text("kind").map(|(kind, _)| kind) {
            Some("slack") => slack(*receiver, report),
            Some("email") => email(*receiver, report),
            Some("pagerduty") => unencrypted(*receiver, "base_url", "the routing key", report),
            Some("webhook") => webhook(*receiver, report),
            _ => {}
        }
    }
    for section in tables(document, "kafka") {
        topics(section, report);
    }
    super::inputs::check(document, report);
    for section in tables(document, "score") {
        score(section, report);
    }
    for section in tables(document, "respond") {
        retries(section, report);
    }
    for section in tables(document, "web") {
        web(section, report);
    }
    for section in tables(document, "sentiment") {
        models(section, report);
    }
}

/// One model for a language.
fn models(sentiment: Entry<'_>, report: &mut Report<'_>) {
    let mut told = BTreeSet::new();
    for (lang, at) in sentiment.tables("model").into_iter().filter_map(|model| model.text("lang")) {
        if !told.insert(lang) {
            let message = format!("there is a model for {} already", quoted(lang));
            report.error(at, message, "leave one out".to_owned());
        }
    }
}

/// `watch "kellemes"`, or the header when it has no name.
fn named(entry: Entry<'_>) -> String {
    entry.text("name").map_or("this [[watch]]".into(), |(name, _)| format!("watch {}", quoted(name)))
}

fn duplicates(kind: &str, entries: &[Entry<'_>], report: &mut Report<'_>) {
    let mut first = BTreeMap::new();
    for (name, at) in entries.iter().filter_map(|entry| entry.text("name")) {
        match first.get(name) {
            Some(line) => {
                let message = format!("the name {} is taken by the {kind} in line {line}", quoted(name));
                report.error(at, message, "give it another".to_owned());
            }
            None => {
                first.insert(name, report.line(at.start));
            }
        }
    }
}

/// Names that are called but not there, and those that are there but never called, not even by a slip of the pen.
fn references(kind: &str, calls: Vec<(&str, Range<usize>)>, entries: &[Entry<'_>], report: &mut Report<'_>) {
    let names: BTreeSet<&str> = entries.iter().filter_map(|entry| Some(entry.text("name")?.0)).collect();
    let called: BTreeSet<&str> = calls.iter().map(|(name, _)| *name).collect();
    let mut meant = BTreeSet::new();
    for (name, at) in calls.into_iter().filter(|(name, _)| !names.contains(name)) {
        meant.extend(nearest(name, names.iter().copied()));
        let help = suggestion(name, names.iter().copied()).unwrap_or(format!("add a [[{kind}]] of that name"));
        report.error(at, format!("there is no {kind} {}", quoted(name)), help);
    }
    let unused = |name: &str| !called.contains(name) && !meant.contains(name);
    for (name, at) in entries.iter().filter_map(|entry| entry.text("name")).filter(|(name, _)| unused(name)) {
        let user = if kind == "receiver" { "step of an escalation" } else { "watch" };
        report.warning(at, format!("no {user} names the {kind} {}", quoted(name)), None);
    }
}

/// A threshold without a number is none.
fn crisis(watch: Entry<'_>, report: &mut Report<'_>) {
    for crisis in watch.tables("crisis") {
        if !crisis.has("mentions") && !crisis.has("negatives") {
            let message = "\"crisis\" has neither \"mentions\" nor \"negatives\"";
            report.error(
                watch.at("crisis"),
                message,
                "say how many: crisis = { negatives = 100, within = \"1h\" }".to_owned(),
            );
        }
    }
}

/// Either terms or a query, and the query readable and sensible.
fn sought(watch: Entry<'_>, report: &mut Report<'_>) {
    let Some((query, at)) = watch.text("query") else {
        let misspelt = |key: &str| key != "name" && nearest(key, ["terms", "query"]).is_some();
        if !watch.has("terms") && !watch.has("query") && !watch.table.keys().any(|key| misspelt(key.get_ref())) {
            let help = "add terms = [\"…\"] or query = '…'".to_owned();
            report.error(watch.header(), "[[watch]] lacks its \"terms\"", help);
        }
        return;
    };
    if watch.has("terms") {
        let help = "keep one: in a query a plain list of words is OR, and phrases stand in quotes".to_owned();
        report.error(at.clone(), "this [[watch]] has both a \"query\" and \"terms\"", help);
    }
    if query.is_empty() {
        // The form of a watch says so.
        return;
    }
    let literal = report.piece(at.clone()).and_then(|written| Literal::new(written, at.start, query));
    let place = |within: Range<usize>| literal.as_ref().map_or(at.clone(), |literal| literal.place(within));
    let (faults, severity) = match orszem_text::query::examine(query) {
        Ok((_, warnings)) => (warnings, super::fault::Severity::Warning),
        Err(faults) => (faults, super::fault::Severity::Error),
    };
    let swallows = query.lines().any(is_toml);
    for fault in faults {
        let place = place(fault.at);
        if !swallows {
            report.show_line(at.clone(), place.start);
        }
        report.add_within(severity, place, format!("in the query: {}", fault.message), fault.help);
    }
}

/// Whether a line of a query reads as one of this file: a quote that was left open has swallowed what follows, which
/// may be secret.
fn is_toml(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with('[') {
        return true;
    }
    let name = line.len() - line.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_-.\"'".contains(c)).len();
    let (name, rest) = line.split_at(name);
    let spaced = rest.trim_start();
    // In a query =word has no space behind its sign, and an operator may stand before it.
    let operator = matches!(name, "" | "AND" | "OR" | "NOT") || name.starts_with("NEAR");
    let value = spaced.strip_prefix('=').is_some_and(|value| !value.starts_with(char::is_alphanumeric));
    !operator && value
}

fn terms(watch: Entry<'_>, report: &mut Report<'_>) {
    let mut seen = BTreeMap::new();
    for (term, at) in watch.texts("terms") {
        let folded = orszem_text::fold::folded(term);
        let letters = folded.chars().filter(|c| c.is_alphanumeric()).count();
        if term.trim().is_empty() {
            report.error(at, "this term is empty", "leave it out".to_owned());
        } else if folded.chars().all(|c| c.is_whitespace() || "@#$".contains(c)) {
            let help = "a term needs a letter, a digit or a sign".to_owned();
            report.error(at, format!("nothing is left of the term {} without case and accents", quoted(term)), help);
        } else if term.chars().count() > 200 {
            report.error(at, "this term has more than 200 characters", "name the words that matter".to_owned());
        } else if letters <= 1 && folded.chars().count() <= 2 && folded.is_ascii() {
            let help = "a name or a phrase finds what is meant".to_owned();
            report.warning(
                at,
                format!("the term {} is a single character and will match far too much", quoted(term)),
                help,
            );
        } else if let Some(before) = seen.insert(folded, term) {
            let message = format!("the term {} finds the same as {}", quoted(term), quoted(before));
            report.warning(at, message, "leave one out".to_owned());
        }
    }
}

fn slack(receiver: Entry<'_>, report: &mut Report<'_>) {
    let at = receiver.header();
    match (receiver.has("token"), receiver.has("webhook")) {
        (false, false) => {
            let help = "add token and channel (the page is updated in place), or webhook".to_owned();
            report.error(at, "this Slack receiver has neither a \"token\" nor a \"webhook\"", help);
        }
        (true, true) => {
            let help = "keep the token to have the page updated in place".to_owned();
            report.error(receiver.at("webhook"), "this Slack receiver has both a \"token\" and a \"webhook\"", help);
        }
        (true, false) if !receiver.has("channel") => {
            let help = "add channel = \"C…\": it stands at the end of the channel's details in Slack".to_owned();
            report.error(receiver.at("token"), "a \"token\" needs a \"channel\"", help);
        }
        (false, true) if receiver.has("channel") => {
            let help = "leave it out, or use a token".to_owned();
            report.error(receiver.at("channel"), "a \"webhook\" has its channel built in", help);
        }
        _ => {}
    }
    if let Some((channel, at)) = receiver.text("channel") {
        let is_id = channel.len() > 1 && channel.starts_with(['C', 'G', 'D']);
        if !is_id || !channel.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
            let help = "the id (\"C…\") stands at the end of the channel's details in Slack".to_owned();
            report.warning(at, "\"channel\" is no channel's id: a page can only be updated in place by id", help);
        }
    }
    unencrypted(receiver, "base_url", "the token", report);
}

/// A secret would travel in the clear.
fn unencrypted(receiver: Entry<'_>, key: &str, secret: &str, report: &mut Report<'_>) {
    if let Some((_, at)) = receiver.url(key).filter(|(url, _)| url.scheme() == "http" && !is_local(url)) {
        report.warning(at, format!("{secret} is sent in the clear to \"{key}\""), "use https".to_owned());
    }
}

fn email(receiver: Entry<'_>, report: &mut Report<'_>) {
    for (one, other) in [("user", "password"), ("password", "user")] {
        if receiver.has(one) && !receiver.has(other) {
            report.error(receiver.at(one), format!("a \"{one}\" needs a \"{other}\""), None);
        }
    }
    if receiver.text("security").is_some_and(|(security, _)| security == "none") {
        let local = receiver.text("host").is_some_and(|(host, _)| matches!(host, "localhost" | "127.0.0.1" | "::1"));
        if receiver.has("password") && !local {
            let help = "use security = \"starttls\" or \"tls\"".to_owned();
            report.warning(receiver.at("security"), "the password is sent in the clear", help);
        }
        if receiver.has("ca_file") {
            report.warning(receiver.at("ca_file"), "\"ca_file\" has no effect without TLS", None);
        }
    }
}

fn webhook(receiver: Entry<'_>, report: &mut Report<'_>) {
    let Some((url, at)) = receiver.url("url") else { return };
    let allowed = receiver.table.get("allow_private").is_some_and(|value| value.get_ref().as_bool() == Some(true));
    if !host_is_public(&url) {
        if !allowed {
            let help = "add allow_private = true if that is meant".to_owned();
            report.error(at, "\"url\" leads to this machine or a private network, which is refused", help);
        }
    } else if url.scheme() == "http" && !allowed {
        report.warning(at, "pages are sent in the clear to \"url\"", "use https".to_owned());
    }
}

fn topics(section: Entry<'_>, report: &mut Report<'_>) {
    let Some((mentions, at)) = section.text("mentions") else { return };
    let prefix = section.text("prefix").map_or("orszem", |(prefix, _)| prefix);
    if is_own(mentions, prefix) {
        let message = format!("{} is a topic that orszem writes to itself", quoted(mentions));
        report.error(at, message, "name the topic of the mentions, or change \"prefix\"".to_owned());
    }
}

/// Whether a topic is one that orszem writes to.
pub(super) fn is_own(topic: &str, prefix: &str) -> bool {
    let own = topic.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.'));
    own.is_some_and(|own| ["tallies", "state", "ledger", "dead-letters"].contains(&own))
}

fn score(section: Entry<'_>, report: &mut Report<'_>) {
    let lateness = section.span("lateness").unwrap_or(Score::default().lateness.0);
    if lateness > Duration::from_secs(600) {
        let message = "with so much \"lateness\" whatever waits for a slice to be complete comes that much later";
        report.warning(section.at("lateness"), message, "10m is a lot already".to_owned());
    }
    let idle = section.span("idle_after").unwrap_or(Score::default().idle_after.0);
    if section.has("idle_after") && idle > lateness.max(Duration::from_secs(60)) {
        let message = "with so long an \"idle_after\" one quiet partition holds up all others";
        report.warning(section.at("idle_after"), message, "10s does for most".to_owned());
    }
}

fn retries(section: Entry<'_>, report: &mut Report<'_>) {
    let default = orszem_core::settings::types::Respond::default();
    let first = section.span("retry_first").unwrap_or(default.retry_first.0);
    let longest = section.span("retry_longest").unwrap_or(default.retry_longest.0);
    if first > longest {
        let key = if section.has("retry_longest") { "retry_longest" } else { "retry_first" };
        report.error(section.at(key), "\"retry_first\" is longer than \"retry_longest\"", None);
    }
}

fn web(section: Entry<'_>, report: &mut Report<'_>) {
    let public = section.url("public_url");
    if let Some((_, at)) = public.as_ref().filter(|(url, _)| url.scheme() == "http" && !is_local(url)) {
        let message = "links that let their bearer act are sent in the clear by \"public_url\"";
        report.warning(at.clone(), message, "put a proxy with https before it".to_owned());
    }
    let reached = public.is_some_and(|(url, _)| !is_local(&url));
    if reached && !section.has("link_secret") {
        let message =
            "without a \"link_secret\" links in pages end with a restart, and one copy refuses those of another";
        report.warning(section.at("public_url"), message, "add link_secret = \"env:NAME\"".to_owned());
    }
    let listen = section.text("listen").and_then(|(text, at)| Some((text.parse::<SocketAddr>().ok()?, at)));
    let Some((_, at)) = listen.filter(|(listen, _)| !listen.ip().is_loopback()) else { return };
    if !section.has("api_token") {
        let message = "anyone who reaches this address can read the API: there is no \"api_token\"";
        report.warning(at.clone(), message, "add api_token = \"env:NAME\"".to_owned());
    }
    if !reached {
        let default = Web::default().public_url;
        let message =
            format!("others reach this address, but links in pages lead to this machine ({default} unless given)");
        report.warning(at, message, "set public_url to the address that people use".to_owned());
    }
}

/// The keys that are read only at the start, with what they were and are: those that changed.
pub(super) fn needs_restart(running: &Config, new: &Config) -> Vec<(&'static str, &'static str)> {
    let (a, b) = (&running.kafka, &new.kafka);
    // Their order says nothing; how they are read is taken over at once.
    let topics = |config: &Config| BTreeSet::from_iter(config.topics());
    let changed = [
        ("input", "topic", topics(running) != topics(new) && a.mentions == b.mentions),
        ("kafka", "brokers", a.brokers != b.brokers),
        ("kafka", "mentions", a.mentions != b.mentions),
        ("kafka", "prefix", a.prefix != b.prefix),
        ("kafka", "partitions", a.partitions != b.partitions),
        ("kafka", "replication", a.replication != b.replication),
        ("kafka", "commit_interval", a.commit_interval != b.commit_interval),
        ("kafka", "options", a.options != b.options),
        ("score", "threads", running.score.threads != new.score.threads),
        ("sentiment", "service", running.sentiment.service != new.sentiment.service),
        ("sentiment", "model", running.sentiment.models != new.sentiment.models),
        ("sentiment", "timeout", running.sentiment.timeout != new.sentiment.timeout),
        ("web", "listen", running.web.listen != new.web.listen),
        ("log", "format", running.log.format != new.log.format),
    ];
    changed.into_iter().filter(|(_, _, changed)| *changed).map(|(section, key, _)| (section, key)).collect()
}

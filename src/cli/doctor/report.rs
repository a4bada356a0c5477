//! The report, as lines for a terminal or as JSON. Pure.

use serde::Serialize;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

use orszem_runtime::probe::{Finding, State};
use orszem_text::sanitize;

/// The subject of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// `alerts.toml` itself.
    Configuration,
    /// Brokers and their addresses.
    Kafka,
    /// A topic.
    Topic,
    /// The permissions of the Kafka client's user.
    Permission,
    /// A `[[receiver]]`.
    Receiver,
    /// A `[[person]]` or a `[[rotation]]`.
    Person,
    /// The calendar of a `[[rotation]]`.
    Calendar,
    /// `[canary]`.
    Canary,
    /// `[web]`.
    Web,
    /// The sentiment models, and the sentiment service.
    Sentiment,
    /// This machine's clock.
    Clock,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Kind::Configuration => "configuration",
            Kind::Kafka => "kafka",
            Kind::Topic => "topic",
            Kind::Permission => "permission",
            Kind::Receiver => "receiver",
            Kind::Person => "people",
            Kind::Calendar => "calendar",
            Kind::Canary => "canary",
            Kind::Web => "web",
            Kind::Sentiment => "sentiment",
            Kind::Clock => "clock",
        }
    }
}

const fn word(state: State) -> &'static str {
    match state {
        State::Works => "works",
        State::Warning => "warning",
        State::Broken => "broken",
        State::Skipped => "skipped",
    }
}

/// One line of the report. The names of its fields are those of the JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    kind: Kind,
    name: String,
    state: State,
    detail: String,
    fix: Option<String>,
}

/// All checks, in the order in which they are shown.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    ok: bool,
    checks: Vec<Check>,
}

impl Report {
    /// Builds the report. Removes `secrets` from every text, in case one got there.
    pub(super) fn new(found: Vec<(Kind, Finding)>, secrets: &[String]) -> Report {
        // Texts from outside become one safe line each.
        let shown = |text: &str| {
            let clean = sanitize::line(text);
            secrets.iter().fold(clean, |text, secret| text.replace(secret.as_str(), "(secret)"))
        };
        let checks: Vec<Check> = found
            .into_iter()
            .map(|(kind, finding)| Check {
                kind,
                name: shown(&finding.name),
                state: finding.state,
                detail: shown(&finding.detail),
                fix: finding.fix.as_deref().map(shown),
            })
            .collect();
        Report { ok: checks.iter().all(|check| check.state != State::Broken), checks }
    }

    /// Whether nothing is broken.
    pub(super) const fn is_ok(&self) -> bool {
        self.ok
    }

    /// A line in columns for each check, with its fix under it, and a summary line.
    pub(super) fn text(&self) -> String {
        let width = |texts: &mut dyn Iterator<Item = &str>| texts.map(UnicodeWidthStr::width).max().unwrap_or(0);
        let state = width(&mut self.checks.iter().map(|check| word(check.state)));
        let kind = width(&mut self.checks.iter().map(|check| check.kind.name()));
        let name = width(&mut self.checks.iter().map(|check| check.name.as_str()));
        let mut text = String::new();
        for check in &self.checks {
            let padding = " ".repeat(name - check.name.width());
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "{:state$}  {:kind$}  {}{padding}  {}",
                word(check.state),
                check.kind.name(),
                check.name,
                check.detail
            );
            if let Some(fix) = &check.fix {
                let _ = writeln!(text, "{:state$}  → {fix}", "");
            }
        }
        text.push_str(&self.summary());
        text.push('\n');
        text
    }

    /// The report as JSON, on several lines. docs/operations.md documents it.
    pub(super) fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_else(|fault| unreachable!("texts and names are JSON: {fault}"))
    }

    fn summary(&self) -> String {
        let count = |state| self.checks.iter().filter(|check| check.state == state).count();
        let all = match self.checks.len() {
            1 => "1 check".to_owned(),
            more => format!("{more} checks"),
        };
        let parts: Vec<String> = [State::Works, State::Warning, State::Broken, State::Skipped]
            .into_iter()
            .filter_map(|state| match (state, count(state)) {
                (_, 0) => None,
                (State::Works, 1) => Some("1 works".to_owned()),
                (State::Works, more) => Some(format!("{more} work")),
                (State::Warning, 1) => Some("1 warning".to_owned()),
                (State::Warning, more) => Some(format!("{more} warnings")),
                (state, more) => Some(format!("{more} {}", word(state))),
            })
            .collect();
        format!("{all}: {}", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found() -> Vec<(Kind, Finding)> {
        vec![
            (Kind::Kafka, Finding::works("kafka-1:9092", "takes connections")),
            (Kind::Receiver, Finding::broken("főnök", "no such\nuser \u{1b}[31m", "check `user`")),
            (Kind::Clock, Finding::skipped("clock", "not compared")),
        ]
    }

    #[test]
    fn lines_are_in_columns_with_the_fix_under_them() {
        let text = Report::new(found(), &[]).text();
        let expected = "\
works    kafka     kafka-1:9092  takes connections
broken   receiver  főnök         no such user [31m
         → check `user`
skipped  clock     clock         not compared
3 checks: 1 works, 1 broken, 1 skipped
";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_json_is_what_the_handbook_says() {
        let report = Report::new(found(), &[]);
        assert!(!report.is_ok());
        let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
        let expected = json!({
            "ok": false,
            "checks": [
                { "kind": "kafka", "name": "kafka-1:9092", "state": "works", "detail": "takes connections", "fix": null },
                { "kind": "receiver", "name": "főnök", "state": "broken", "detail": "no such user [31m",
                  "fix": "check `user`" },
                { "kind": "clock", "name": "clock", "state": "skipped", "detail": "not compared", "fix": null },
            ]
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn warnings_are_ok_and_secrets_are_removed() {
        let finding = Finding::warning("hunter2", "answered hunter2", "do not say hunter2");
        let report = Report::new(vec![(Kind::Receiver, finding)], &["hunter2".to_owned()]);
        assert!(report.is_ok());
        assert!(!report.text().contains("hunter2") && !report.json().contains("hunter2"), "{}", report.text());
    }
}

//! The summary as text.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use std::fmt::Write;
use std::path::Path;

use super::super::words::{count, count_of};
use orszem_core::backtest::{Incident, Summary};
use orszem_records::time::MINUTE_MS;
use orszem_text::sanitize::line as visible;

/// The maximum number of listed watches and incidents; the files contain all of them.
const ROWS: usize = 40;

/// The summary as text and tables.
pub(super) fn describe(summary: &Summary, incidents: &[Incident], folder: &Path) -> String {
    let mut text = String::new();
    input(summary, &mut text);
    if !summary.watches.is_empty() {
        let _ = writeln!(text, "{}", watches(summary));
    }
    if !incidents.is_empty() {
        let _ = writeln!(text, "{}", list(incidents));
    }
    if let Some(all) = &summary.labels {
        let verdict = &all.verdict;
        let _ = writeln!(
            text,
            "labels: {} of {} found, {} missed; precision {}, recall {}, median lead {} h; {} false pages per week and \
             watch (budget {})",
            verdict.found,
            verdict.found + verdict.missed,
            verdict.missed,
            percent(all.precision),
            percent(all.recall),
            figure(all.median_lead_hours),
            figure(all.false_pages_a_week),
            short(all.budget),
        );
    }
    for skill in &summary.forecasts {
        let _ = writeln!(
            text,
            "forecasts for the next {} h, made one hour after the start: half were off by less than {}; {} of {} came \
             out between the lowest and the highest that was said",
            skill.hours,
            percent(Some(skill.median_error)),
            (skill.within * skill.incidents as f64).round(),
            skill.incidents,
        );
    }
    if !summary.unknown_labels.is_empty() {
        let _ = writeln!(
            text,
            "labels for watches that are not in this backtest: {}",
            visible(&summary.unknown_labels.join(", "))
        );
    }
    let _ = write!(text, "{}", folder.join("report.html").display());
    match (summary.seconds, summary.cpu_us_per_mention) {
        (Some(seconds), Some(cpu)) => drop(writeln!(text, "; {seconds:.2} s, {cpu:.1} CPU µs per mention")),
        (Some(seconds), None) => drop(writeln!(text, "; {seconds:.2} s")),
        _ => text.push('\n'),
    }
    text
}

fn input(summary: &Summary, text: &mut String) {
    if let (Some(from), Some(to)) = (summary.from, summary.to) {
        let _ = writeln!(text, "{from} to {to}");
    }
    if summary.mentions > 0 {
        let mentions = count(summary.mentions, "mention", "mentions");
        let _ = write!(text, "{mentions}, {} of them matched a watch", summary.matched);
        if summary.repeats > 0 {
            let _ = write!(text, "; {} of an id", count(summary.repeats, "was a repeat", "were repeats"));
        }
        text.push('\n');
    }
    for (reason, count) in &summary.refused {
        let _ = writeln!(text, "{count} refused: {reason}");
    }
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_header(header);
    table
}

fn right(text: impl ToString) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn watches(summary: &Summary) -> String {
    let labelled = summary.labels.is_some();
    let mut header = vec!["watch", "mentions", "negative", "incidents", "pages", "a week", "budget"];
    if labelled {
        header.extend(["found", "lead h", "false a week"]);
    }
    let mut table = table(&header);
    let mut order: Vec<_> = summary.watches.iter().collect();
    // If not all can be shown, show the busiest.
    if order.len() > ROWS {
        order.sort_by_key(|watch| std::cmp::Reverse((watch.pages, watch.incidents, watch.mentions)));
    }
    for watch in order.iter().take(ROWS) {
        let mut row = vec![
            Cell::new(visible(&watch.watch)),
            right(watch.mentions),
            right(watch.negatives),
            right(watch.incidents),
            right(watch.pages),
            right(figure(watch.pages_a_week)),
            right(short(watch.budget)),
        ];
        if labelled {
            match &watch.labels {
                Some(judged) => row.extend([
                    right(format!("{}/{}", judged.verdict.found, judged.verdict.found + judged.verdict.missed)),
                    right(figure(judged.median_lead_hours)),
                    right(figure(judged.false_pages_a_week)),
                ]),
                None => row.extend(["", "", ""].map(Cell::new)),
            }
        }
        table.add_row(row);
    }
    let rest = summary.watches.len().saturating_sub(ROWS);
    let more = if rest > 0 { format!("\n... and {rest} quieter watches") } else { String::new() };
    let incidents = count_of(summary.incidents, "incident", "incidents");
    let all = format!("\n{incidents}, {}{}", count_of(summary.pages, "page", "pages"), often(summary));
    format!("{table}{more}{all}")
}

fn list(incidents: &[Incident]) -> String {
    let mut table =
        table(&["opened", "watch", "kind", "severity", "observed", "expected", "window", "paged after", "lasted"]);
    for incident in incidents.iter().take(ROWS) {
        let span = |to: Option<orszem_records::time::Timestamp>, none: &str| {
            to.map_or_else(|| none.to_owned(), |to| minutes(to.since(incident.opened_at)))
        };
        table.add_row(vec![
            Cell::new(incident.opened_at),
            Cell::new(visible(&incident.watch)),
            Cell::new(incident.kind.name()),
            right(incident.severity),
            right(incident.observed),
            right(format!("{:.1} ({}–{})", incident.expected, incident.interval.0, incident.interval.1)),
            right(minutes(i64::from(incident.window_s) * 1000)),
            right(span(incident.paged_at, "not")),
            right(span(incident.closed_at, "open")),
        ]);
    }
    let rest = incidents.len().saturating_sub(ROWS);
    let more = if rest > 0 { format!("\n... and {rest} more, in incidents.jsonl") } else { String::new() };
    format!("{table}{more}")
}

/// How often a watch paged, in words: `: about one a week for each watch`.
fn often(summary: &Summary) -> String {
    match summary.pages_a_week.filter(|_| summary.pages > 0) {
        None => String::new(),
        Some(pages) if (0.8..1.25).contains(&pages) => ": about one a week for each watch".to_owned(),
        Some(pages) if pages >= 1.0 => {
            format!(": about {} a week for each watch", short((pages * 10.0).round() / 10.0))
        }
        Some(pages) => format!(": about one in {:.0} weeks for each watch", 1.0 / pages.max(1e-6)),
    }
}

fn minutes(ms: i64) -> String {
    match ms / MINUTE_MS {
        0 => format!("{} s", ms / 1000),
        minutes @ 1..120 => format!("{minutes} min"),
        minutes => format!("{:.1} h", minutes as f64 / 60.0),
    }
}

/// A number with at most two decimals, without trailing zeros.
pub(crate) fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A number with two decimals, or a dash.
pub(crate) fn figure(number: Option<f64>) -> String {
    number.map_or_else(|| "–".into(), |number| format!("{number:.2}"))
}

/// A share as a percentage, or a dash.
pub(crate) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".into(), |share| format!("{:.0} %", share * 100.0))
}

//! The list as a table for spreadsheets.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as App};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use orszem_core::settings::Config;
use orszem_core::words::Words;
use orszem_records::incident::Incident;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::refusal::refuse;
use crate::render::format::{self, kind_id, state_id};
use crate::view::INCIDENTS;

use super::incident::desk_id;
use super::list_filter::ListFilter;

/// The columns, as texts of the catalogue.
const COLUMNS: [&str; 19] = [
    "fact-incident",
    "filter-watch",
    "filter-desk",
    "fact-severity",
    "filter-state",
    "fact-kind",
    "fact-began",
    "fact-ended",
    "csv-minutes",
    "csv-height",
    "fact-usual",
    "csv-window",
    "csv-had-by",
    "csv-had-at",
    "csv-closed-by",
    "badge-false-alarm",
    "csv-mentions",
    "csv-negatives",
    "drill-column",
];

/// `GET /incidents.csv`: the filters of the list, all that is kept.
pub(crate) async fn show(
    App(app): App<AppState>,
    _: Reader,
    filter: Result<Query<ListFilter>, QueryRejection>,
    asked: Asked,
) -> Response {
    let Query(filter) = filter.unwrap_or_default();
    let incidents = app.view.list(&filter.filter(clock::now(), INCIDENTS));
    let config = app.config.load();
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = table.write_record(COLUMNS.map(|id| asked.words.say(id)));
    let written = head.and_then(|()| {
        incidents.iter().try_for_each(|incident| {
            let zone = incident.signal.time_zone.as_deref();
            table.write_record(row(incident, &config, &asked.preferences.words(&config, None, zone)))
        })
    });
    match written.ok().and_then(|()| table.into_inner().ok()) {
        Some(table) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"incidents.csv\""),
            ];
            (headers, table).into_response()
        }
        None => refuse(&asked, StatusCode::INTERNAL_SERVER_ERROR, "csv", "refusal-late", "refusal-late-text"),
    }
}

fn row(incident: &Incident, config: &Config, words: &Words) -> [String; COLUMNS.len()] {
    let (signal, peak) = (&incident.signal, &incident.peak);
    let ended = incident.ended_at().map(|_| signal.at);
    let had = incident.acknowledged.as_ref();
    let closed = incident.resolved.as_ref().filter(|_| !incident.closed);
    [
        incident.id.0.clone(),
        cell(&format::title(config, &incident.watch, words)),
        words.say(desk_id(signal.desk)),
        incident.severity.to_string(),
        words.say(state_id(incident.state())),
        words.say(kind_id(peak.kind)),
        words.sortable(signal.opened_at),
        ended.map(|at| words.sortable(at)).unwrap_or_default(),
        (signal.at.since(signal.opened_at) / 60_000).to_string(),
        peak.observed.to_string(),
        if signal.learning { String::new() } else { format!("{:.1}", peak.expected) },
        (peak.window_s / 60).to_string(),
        had.map(|stamp| cell(&stamp.by.by)).unwrap_or_default(),
        had.map(|stamp| words.sortable(stamp.at)).unwrap_or_default(),
        closed.map(|stamp| cell(&stamp.by.by)).unwrap_or_default(),
        u8::from(incident.false_alarm).to_string(),
        signal.counts.mentions.to_string(),
        signal.counts.negatives.to_string(),
        words.say(if incident.is_drill() { "drill-yes" } else { "drill-no" }),
    ]
}

/// A text that a spreadsheet takes for a text: what begins like a formula gets an apostrophe, as OWASP advises
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn cell(text: &str) -> String {
    let line = orszem_text::sanitize::line(text);
    match line.starts_with(['=', '+', '-', '@', '\t']) {
        true => format!("'{line}"),
        false => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{entry, house, signal};
    use orszem_records::ledger::{ByWhom, Event};
    use orszem_records::signal::Phase;

    #[tokio::test]
    async fn the_table_has_a_row_for_each_incident_and_no_formula() {
        let house = house("[[watch]]\nname = \"acme\"\ntitle = \"Acme, Kft.\"\nterms = [\"acme\"]\n");
        house.app.view.apply(&entry("acme", 1, Event::Acknowledged(ByWhom::new("=HYPERLINK(\"x\")", "link"))));
        house.app.view.apply(&entry("bolt", 1, Event::Signal(Box::new(signal(Phase::Opened)))));
        let answer = house.get("/incidents.csv?watch=acme").await;
        assert_eq!(
            (answer.status, &answer.headers[header::CONTENT_TYPE]),
            (StatusCode::OK, &"text/csv; charset=utf-8".parse().unwrap())
        );
        let lines: Vec<&str> = answer.body.lines().collect();
        assert_eq!(lines.len(), 2, "{}", answer.body);
        assert!(lines[0].starts_with("Incident,Watch,Desk,Severity"), "{}", lines[0]);
        assert!(lines[1].starts_with("acme.1,\"Acme, Kft.\",Crisis team,2,"), "{}", lines[1]);
        assert!(
            lines[1].contains("2014-08-01 16:30") && lines[1].contains("\"'=HYPERLINK(\"\"x\"\")\""),
            "{}",
            lines[1]
        );
    }
}

//! `[[hours]]`: windows that hold something, of a clock that is known.

use std::ops::Range;

use orszem_core::settings::calendar::Clock;
use toml::de::DeTable;

use super::entry::{Entry, tables};
use crate::diagnostics::Report;

pub(super) fn check(document: &DeTable<'_>, report: &mut Report<'_>) {
    for hours in tables(document, "hours") {
        span(hours, report);
        hours.tables("span").into_iter().for_each(|one| span(one, report));
        zone(document, hours, "these hours have", report);
    }
}

fn span(entry: Entry<'_>, report: &mut Report<'_>) {
    let time = |key: &str| match entry.text(key) {
        Some((text, at)) => Some((Clock::parse(text)?, at)),
        None if entry.has(key) => None,
        None => Some((if key == "from" { Clock::default() } else { Clock::MIDNIGHT }, entry.header())),
    };
    let (Some((from, from_at)), Some((to, to_at))) = (time("from"), time("to")) else { return };
    if from == to {
        let at: Range<usize> = if entry.has("to") { to_at } else { from_at };
        let message = format!("this span begins and ends at {from}: it is empty, or a whole day");
        report.error(
            at,
            message,
            "for a whole day leave out both, or write from = \"00:00\", to = \"24:00\"".to_owned(),
        );
    }
}

/// The clock that a table goes by must be named, by itself or for all: people do not mean UTC.
pub(super) fn zone(document: &DeTable<'_>, entry: Entry<'_>, who: &str, report: &mut Report<'_>) {
    let of_all = ["web", "detect"].into_iter().flat_map(|section| tables(document, section));
    if !entry.has("time_zone") && !of_all.into_iter().any(|section| section.has("time_zone")) {
        let message = format!("{who} no time zone, and neither [web] nor [detect] has one");
        report.error(entry.header(), message, "add time_zone = \"Europe/Budapest\", say, here or in [web]".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    const USED: &str = "[web]\ntime_zone = \"Europe/Budapest\"\n[route]\nmute = [\"h\"]\n[[hours]]\nname = \"h\"\n";
    const NIGHT: &str = "a.toml:4:8: warning: at these times nobody is called for severity 1 either; write \"mute\" in a \
                         [[route.route]] with match = { severity = \">= 2\" }";

    #[test]
    fn an_empty_window_is_a_fault() {
        for (span, place, time) in [
            ("from = \"08:00\"\nto = \"08:00\"\n", "8:6", "08:00"),
            ("to = \"00:00\"\n", "7:6", "00:00"),
            ("from = \"24:00\"\n", "7:8", "24:00"),
        ] {
            let fault = format!(
                "a.toml:{place}: this span begins and ends at {time}: it is empty, or a whole day; for a whole day leave out \
                 both, or write from = \"00:00\", to = \"24:00\""
            );
            case(&format!("{USED}{span}"), &[NIGHT, &fault]);
        }
        case(
            &format!("{USED}from = \"8:00\"\nweekdays = [\"mondya\"]\n"),
            &[
                NIGHT,
                "a.toml:7:8: \"from\" in [[hours]]: \"8:00\" is not a time of day; write hours and minutes of two digits \
                 each: \"08:30\"",
                "a.toml:8:13: unknown weekdays \"mondya\" in [[hours]]; did you mean \"monday\"?",
            ],
        );
    }

    #[test]
    fn case_39_without_any_zone_it_is_refused_and_never_utc_by_silence() {
        let hours = "[[escalation]]\nname = \"f\"\nstep = [{ receivers = [\"r\"], acknowledge_within = \"5m\", hours = \"h\" \
                     }]\n[[hours]]\nname = \"h\"\nto = \"06:00\"\n";
        let unused = "a.toml:2:8: warning: no watch names the escalation \"f\"";
        let fault = "a.toml:4:1: these hours have no time zone, and neither [web] nor [detect] has one; add time_zone = \
                     \"Europe/Budapest\", say, here or in [web]";
        case(hours, &[unused, fault]);
        case(&format!("{hours}time_zone = \"UTC\"\n"), &[unused]);
        case(&format!("{hours}[detect]\ntime_zone = \"Europe/Budapest\"\n"), &[unused]);
    }

    #[test]
    fn hours_that_nobody_names_and_names_that_are_no_hours_are_told() {
        case(
            "[[hours]]\nname = \"h\"\ntime_zone = \"UTC\"\n[route]\nactive = [\"evening\"]\n",
            &[
                "a.toml:2:8: warning: no route or step names the hours \"h\"",
                "a.toml:5:10: warning: at these times nobody is called for severity 1 either; write \"active\" in a \
                 [[route.route]] with match = { severity = \">= 2\" }",
                "a.toml:5:11: there are no hours \"evening\"; known here: h",
            ],
        );
    }
}

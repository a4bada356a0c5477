//! `[score]`: what holds everything up.

use std::time::Duration;

use orszem_core::settings::Score;

use super::entry::Entry;
use crate::diagnostics::Report;

pub(super) fn check(section: Entry<'_>, report: &mut Report<'_>) {
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

#[cfg(test)]
mod tests {
    use crate::tests::case;

    #[test]
    fn what_holds_everything_up_is_told() {
        case(
            "[score]\nlateness = \"2h\"\n",
            &[
                "a.toml:2:12: warning: with so much \"lateness\" whatever waits for a slice to be complete comes that much later; 10m \
         is a lot already",
            ],
        );
        case(
            "[score]\nidle_after = \"30m\"\n",
            &[
                "a.toml:2:14: warning: with so long an \"idle_after\" one quiet partition holds up all others; 10s does for most",
            ],
        );
    }
}

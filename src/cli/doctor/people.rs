//! People: ways that nobody has answered, and times at which nobody is on call.

use crate::cli::{gaps, team, ways};
use orszem_core::oncall::Roster;
use orszem_core::settings::Config;
use orszem_records::team::Record;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::probe::Finding;

/// What is known of people, by what they changed on the topic of the team.
pub(super) async fn check(config: &Config) -> Vec<Finding> {
    if config.people.is_empty() && config.rotations.is_empty() {
        return Vec::new();
    }
    let kafka = config.kafka.clone();
    // Blocks until Kafka has brought everything.
    let read = tokio::task::spawn_blocking(move || team::records(&kafka));
    let read = match tokio::time::timeout(super::KAFKA, read).await {
        Ok(read) => read.unwrap_or_else(|fault| Err(fault.to_string())),
        Err(_) => Err("Kafka is silent".to_owned()),
    };
    match read {
        Ok(records) => findings(config, &records, clock::now()),
        Err(fault) => vec![Finding::skipped("", format!("what people changed cannot be read: {fault}"))],
    }
}

fn findings(config: &Config, records: &[Record], now: Timestamp) -> Vec<Finding> {
    let mut roster = Roster::new(config);
    roster.record(records);
    let people = ways::unanswered(config, records).into_iter().map(|(person, open)| match open.is_empty() {
        true => Finding::works(&person.name, "answered a message by each way"),
        false => Finding::warning(
            &person.name,
            format!("never answered a message by {}", open.join(", ")),
            format!("run `orszem person test {}`, and let them open the link in the message", person.name),
        ),
    });
    let rotations = config.rotations.iter().map(|rotation| match gaps::first(&roster, rotation, now) {
        None => Finding::works(&rotation.name, "somebody is on call for the next 30 days"),
        Some(gap) => Finding::warning(
            &rotation.name,
            gap,
            "add a layer or an override, or see that every escalation has a fallback (docs/oncall.md)",
        ),
    });
    people.chain(rotations).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::ledger::ByWhom;
    use orszem_records::team::way::WayConfirmed;

    const CONFIG: &str = r#"
        [[receiver]]
        name = "mail"
        kind = "email"
        host = "localhost"
        from = "orszem@example.com"
        to = ["all@example.com"]
        [[person]]
        name = "anna"
        [[person.way]]
        receiver = "mail"
        to = "anna@example.com"
        [[rotation]]
        name = "press"
        time_zone = "Europe/Budapest"
        [[rotation.layer]]
        shift = "daily"
        active = [{ from = "08:00", to = "20:00" }]
        stretch = [{ from = "2026-01-01 00:00", members = ["anna"] }]
    "#;

    #[test]
    fn a_way_that_nobody_answered_and_a_gap_are_warned_of() {
        let config: Config = toml::from_str(CONFIG).unwrap();
        let now = Timestamp("2026-06-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let text = |records: &[Record]| {
            let findings = findings(&config, records, now);
            findings.iter().map(|found| format!("{}: {}", found.name, found.detail)).collect::<Vec<_>>()
        };
        let gap = "press: nobody is on call 2026-06-01 20:00 to 2026-06-02 08:00 (Europe/Budapest), and 29 more times in \
                   the next 30 days";
        assert_eq!(text(&[]), ["anna: never answered a message by mail", gap]);
        let confirmed = |address: &str| {
            let way = WayConfirmed { whose: "anna".into(), receiver: "mail".into(), address: Some(address.into()) };
            way.record(now, ByWhom::new("anna", "link"))
        };
        assert_eq!(text(&[confirmed("old@example.com")])[0], "anna: never answered a message by mail");
        assert_eq!(text(&[confirmed("anna@example.com")])[0], "anna: answered a message by each way");
    }
}

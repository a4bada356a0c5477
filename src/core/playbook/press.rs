//! What a button of a playbook sends.

use orszem_records::incident::Incident;
use orszem_records::ledger::Press;
use orszem_records::time::Timestamp;
use orszem_text::sanitize;
use serde_json::json;

/// A press of a button that counted: what its request says. Every text in it is one clean line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PressRequest {
    /// The id of the press, the same for every request of it.
    pub press: String,
    /// The incident.
    pub incident: String,
    /// Its watch.
    pub watch: String,
    /// Its highest severity so far, 1 (highest) to 4.
    pub severity: u8,
    /// The playbook's name.
    pub playbook: String,
    /// The button.
    pub button: String,
    /// Who pressed it.
    pub by: String,
    /// The name of that person in the configuration, where it is known.
    pub person: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl PressRequest {
    /// What the request of a press says.
    pub fn of(incident: &Incident, press: &Press, at: Timestamp) -> PressRequest {
        PressRequest {
            press: press.press.clone(),
            incident: incident.id.0.clone(),
            watch: incident.watch.clone(),
            severity: incident.severity,
            playbook: press.playbook.clone(),
            button: press.button.clone(),
            by: sanitize::line(&press.by.by),
            person: press.by.person.clone(),
            at,
        }
    }

    /// The id of the message, by which the other side knows one that comes twice.
    pub fn message(&self) -> String {
        format!("{}/press/{}", self.incident, self.press)
    }

    /// The body. `public_url` is the address of the pages.
    pub fn body(&self, public_url: &str) -> Vec<u8> {
        let body = json!({
            "type": "playbook.button",
            "timestamp": self.at.to_string(),
            "data": {
                "incident": self.incident,
                "watch": self.watch,
                "severity": self.severity,
                "playbook": self.playbook,
                "button": self.button,
                "by": self.by,
                "person": self.person,
                "pressed_at": self.at.to_string(),
                "link": format!("{public_url}/incidents/{}", self.incident),
            }
        });
        body.to_string().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::ledger::{ByWhom, Entry, Event, IncidentId};
    use orszem_records::signal::{Kind, Phase, Signal};

    #[test]
    fn the_body_says_which_incident_which_button_who_and_when() {
        let at = Timestamp(1_406_910_600_000);
        let signal = Signal::plain(Phase::Opened, Kind::Negativity, at);
        let (watch, id) = ("acme".to_owned(), IncidentId::new("acme", 3));
        let entry = Entry { watch, incident: id, at, event: Event::Signal(Box::new(signal)) };
        let incident = Incident::begin(&entry).unwrap();
        let by = ByWhom { person: Some("anna".into()), ..ByWhom::new("Kiss\u{202e} Anna\n", "link") };
        let press =
            Press { by, press: "p1".into(), playbook: "scandal".into(), button: "Pause posts".into(), within_ms: 0 };
        let request = PressRequest::of(&incident, &press, at);
        assert_eq!(request.message(), "acme.3/press/p1");
        let body: serde_json::Value = serde_json::from_slice(&request.body("https://orszem.example")).unwrap();
        assert_eq!(
            body,
            json!({
                "type": "playbook.button",
                "timestamp": "2014-08-01T16:30:00Z",
                "data": {
                    "incident": "acme.3", "watch": "acme", "severity": 2, "playbook": "scandal",
                    "button": "Pause posts", "by": "Kiss Anna", "person": "anna",
                    "pressed_at": "2014-08-01T16:30:00Z", "link": "https://orszem.example/incidents/acme.3",
                }
            })
        );
    }
}

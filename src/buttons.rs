//! Sends what the buttons of playbooks do.

use std::future::Future;
use std::pin::Pin;

use orszem_core::playbook::press::PressRequest;
use orszem_core::settings::Config;
use orszem_notify::{Button, Outgoing};
use orszem_records::ledger::PressResult;
use orszem_runtime::clock;
use orszem_runtime::live_config::ConfigReader;
use orszem_web::Buttons;

/// The buttons of the configuration in force.
pub(crate) struct ProgramButtons(pub(crate) ConfigReader);

impl Buttons for ProgramButtons {
    fn press<'a>(&'a self, press: &'a PressRequest) -> Pin<Box<dyn Future<Output = PressResult> + Send + 'a>> {
        Box::pin(async move {
            let config = self.0.load();
            match made(&config, press) {
                Ok(button) => button.send(&press.message(), clock::now(), press.body(&config.web.public_url)).await,
                Err(reason) => PressResult::Refused { reason },
            }
        })
    }
}

/// The button that was pressed, or why it cannot be used: nothing was sent then.
fn made(config: &Config, press: &PressRequest) -> Result<Button, String> {
    let playbook = config.playbooks.iter().find(|playbook| playbook.name == press.playbook);
    let button = playbook.and_then(|playbook| playbook.button(&press.button));
    let button = button.ok_or("not sent: the playbook does not have this button any more")?;
    let outgoing = Outgoing::new(&config.network).map_err(|fault| format!("not sent: [network] {fault}"))?;
    Button::new(button, config.respond.timeout.0, &outgoing).map_err(|fault| format!("not sent: {fault}"))
}

#[cfg(test)]
#[path = "../tests/support/doubles/mod.rs"]
#[allow(dead_code, unreachable_pub, unused_imports, missing_docs, reason = "shared: not all of it is used here")]
mod doubles;

#[cfg(test)]
mod tests {
    use super::doubles::Webhook;
    use super::doubles::webhook::SECRET;
    use super::*;

    fn press(button: &str) -> PressRequest {
        PressRequest {
            press: "p1".into(),
            incident: "acme.1".into(),
            watch: "acme".into(),
            severity: 1,
            playbook: "scandal".into(),
            button: button.into(),
            by: "Kiss Anna".into(),
            person: None,
            at: clock::now(),
        }
    }

    fn buttons(url: &str, secret: &std::path::Path, allow_private: bool) -> ProgramButtons {
        let config = format!(
            "web.public_url = \"https://orszem.example\"\n[[playbook]]\nname = \"scandal\"\nmove = [{{ do = \"Call.\" }}]\n\
             [[playbook.button]]\ntitle = \"Pause posts\"\nurl = \"{url}\"\nsecrets = [\"file:{}\"]\n\
             allow_private = {allow_private}\n",
            secret.display()
        );
        ProgramButtons(ConfigReader::fixed(toml::from_str(&config).unwrap()))
    }

    #[tokio::test]
    async fn a_press_reaches_a_strict_listener_and_says_which_incident_and_who() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, SECRET).unwrap();
        let hook = Webhook::start().await;
        let buttons = buttons(&hook.url(), &secret, true);
        assert_eq!(buttons.press(&press("Pause posts")).await, PressResult::Accepted);
        let [event] = &hook.events()[..] else { panic!("{:?}", hook.events()) };
        assert_eq!(event.id, "acme.1/press/p1");
        let data = &event.body["data"];
        assert_eq!((&data["button"], &data["by"]), (&"Pause posts".into(), &"Kiss Anna".into()));
        assert_eq!(data["link"], "https://orszem.example/incidents/acme.1");
    }

    #[tokio::test]
    async fn a_button_that_cannot_be_used_sends_nothing_and_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, "topsecret").unwrap();
        let hook = Webhook::start().await;
        let refusal = async |buttons: ProgramButtons, button: &str| match buttons.press(&press(button)).await {
            PressResult::Refused { reason } => reason,
            other => panic!("{other:?}"),
        };
        let misshapen = refusal(buttons(&hook.url(), &secret, true), "Pause posts").await;
        assert!(misshapen.starts_with("not sent: secrets: ") && !misshapen.contains("topsecret"), "{misshapen}");
        let gone = refusal(buttons(&hook.url(), &secret, true), "Launch").await;
        assert_eq!(gone, "not sent: the playbook does not have this button any more");
        std::fs::write(&secret, SECRET).unwrap();
        let private = refusal(buttons(&hook.url(), &secret, false), "Pause posts").await;
        assert!(private.contains("private network"), "{private}");
        assert_eq!(hook.events(), []);
    }
}

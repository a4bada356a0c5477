//! `[[playbook]]`: playbooks that some incident has, and moves that are told apart.

use std::collections::BTreeSet;

use orszem_core::receivers::webhook::Webhook;
use orszem_core::receivers::{self, Kind as _};
use orszem_core::routing::known::Known;

use super::entry::Entry;
use super::{matcher, names, receiver};
use crate::diagnostics::{Report, quoted};

pub(super) fn check(playbooks: &[Entry<'_>], known: &Known, report: &mut Report<'_>) {
    names::duplicates("playbook", playbooks, report);
    let mut takes_all: Option<&str> = None;
    for playbook in playbooks {
        matcher::check(*playbook, "match", known, report);
        if let Some(before) = takes_all {
            let message = format!("no incident has this playbook: {} stands before it and is for all", quoted(before));
            report.warning(playbook.header(), message, "move it before that one".to_owned());
        } else if !playbook.has("match") && !playbook.has("terms") {
            takes_all = playbook.text("name").map(|(name, _)| name);
        }
        let tables = |key| playbook.tables(key);
        said_once(&tables("move"), "do", report);
        said_once(&tables("stakeholder"), "title", report);
        for clock in tables("clock") {
            if !clock.has("at") && !clock.has("every") {
                let help = "add at = [\"15m\", \"60m\"] or every = \"30m\"".to_owned();
                report.error(clock.header(), "this clock has no time", help);
            }
        }
        said_once(&tables("clock"), "title", report);
        let buttons = tables("button");
        for button in &buttons {
            receiver::tell(receivers::check(Webhook::KIND, button), *button, report);
        }
        let titles = buttons.iter().filter_map(|button| button.text("title"));
        names::twice("the button", titles, "playbook", report);
    }
}

/// What people tick by its name stands once in its list.
fn said_once(items: &[Entry<'_>], key: &str, report: &mut Report<'_>) {
    let mut said = BTreeSet::new();
    for (what, at) in items.iter().filter_map(|one| one.text(key)) {
        if !said.insert(what) {
            let help = "say it once, or what is different".to_owned();
            report.error(at, "this playbook says so already: who ticks one would tick both", help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    #[test]
    fn playbooks_that_no_incident_has_and_moves_that_are_said_twice_are_told() {
        case(
            "[[playbook]]\nname = \"any\"\nmove = [{ do = \"Call\" }, { do = \"Call\" }]\n\
             [[playbook]]\nname = \"leak\"\nmatch = { desk = \"crissi\" }\nmove = [{ do = \"Call\" }]\n",
            &[
                "a.toml:3:33: this playbook says so already: who ticks one would tick both; say it once, or what is \
                 different",
                "a.toml:4:1: warning: no incident has this playbook: \"any\" stands before it and is for all; move it \
                 before that one",
                "a.toml:6:18: there is no desk \"crissi\"; one of crisis, care, employer, audience",
            ],
        );
    }

    #[test]
    fn clocks_have_a_time_and_what_is_ticked_or_pressed_is_named_once() {
        case(
            "[[playbook]]\nname = \"any\"\nmove = [{ do = \"Call\" }]\n\
             stakeholder = [{ title = \"Board\" }, { title = \"Board\" }]\n\
             clock = [{ title = \"Stand\" }, { title = \"Stand\", every = \"1s\", at = [\"30s\"] }]\n",
            &[
                "a.toml:4:47: this playbook says so already: who ticks one would tick both; say it once, or what is \
                 different",
                "a.toml:5:10: this clock has no time; add at = [\"15m\", \"60m\"] or every = \"30m\"",
                "a.toml:5:41: this playbook says so already: who ticks one would tick both; say it once, or what is \
                 different",
                "a.toml:5:58: \"every\" in [[playbook.clock]]: \"1s\" is too short; 1m to 30d are allowed",
                "a.toml:5:70: \"at\" in [[playbook.clock]]: \"30s\" is too short; 1m to 30d are allowed",
            ],
        );
    }

    #[test]
    fn a_button_is_checked_as_a_webhook_is() {
        case(
            "[[playbook]]\nname = \"any\"\nmove = [{ do = \"Call\" }]\n[[playbook.button]]\ntitle = \"Pause\"\n\
             url = \"http://10.0.0.1/pause\"\nsecrets = [\"topsecret\"]\n[[playbook.button]]\ntitle = \"Pause\"\n\
             url = \"https://hooks.example/pause\"\nsecrets = []\n",
            &[
                "a.toml:6:7: \"url\" leads to this machine or a private network, which is refused; add allow_private = \
                 true if that is meant",
                "a.toml:7:12: \"secrets\" in [[playbook.button]] is a secret and must not be written here; name where it is \
                 kept: \"env:NAME\" or \"file:PATH\"",
                "a.toml:9:9: the button \"Pause\" is named twice in one playbook; leave one out",
                "a.toml:11:11: \"secrets\" in [[playbook.button]] is empty",
            ],
        );
    }
}

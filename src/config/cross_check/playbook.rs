//! `[[playbook]]`: playbooks that some incident has, and moves that are told apart.

use std::collections::BTreeSet;

use orszem_core::routing::known::Known;

use super::entry::Entry;
use super::{matcher, names};
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
        let mut moves = BTreeSet::new();
        for (what, at) in playbook.tables("move").iter().filter_map(|one| one.text("do")) {
            if !moves.insert(what) {
                let help = "say it once, or what is different".to_owned();
                report.error(at, "this playbook says so already: who ticks one would tick both", help);
            }
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
}

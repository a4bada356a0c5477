//! Accounts, who may post, mandates and statements: the people and rotations that they name are there.

use std::collections::BTreeSet;

use orszem_core::posting::offers::{BLANKS, unknown_blanks};
use orszem_core::routing::known::Known;
use orszem_text::fold::folded;
use toml::de::DeTable;

use super::entry::{Entry, tables};
use super::who::Who;
use super::{matcher, names};
use crate::diagnostics::{Report, quoted};

/// Checks all of it. `who`: the people and the rotations.
pub(super) fn check(
    document: &DeTable<'_>,
    (people, who): (&[Entry<'_>], &Who<'_>),
    known: &Known,
    report: &mut Report<'_>,
) {
    let accounts = tables(document, "account");
    names::duplicates("account", &accounts, report);
    accounts.iter().for_each(|account| self::account(*account, who, people, report));
    let mut authors = BTreeSet::new();
    for (author, at) in accounts.iter().flat_map(|account| account.texts("authors")) {
        if !authors.insert(folded(author)) {
            let message =
                format!("another account has the author {} too: its posts count as that one's", quoted(author));
            report.warning(at, message, "use the id that the feed gives to each of them".to_owned());
        }
    }
    let mandates = tables(document, "mandate");
    let posting = tables(document, "posting");
    let lists = posting.iter().flat_map(|posting| ["on_duty", "deputies"].map(|key| posting.texts(key)));
    lists.flatten().for_each(|(name, at)| who.check(name, at, report));
    let approvers = posting.iter().flat_map(|posting| posting.tables("approver"));
    for one in approvers.chain(mandates.iter().copied()) {
        one.texts("who").for_each(|(name, at)| who.check(name, at, report));
        matcher::check(one, "match", known, report);
    }
    let waives = tables(document, "playbook").into_iter().find(|one| one.has("without_approval_after"));
    if let Some(waives) = waives.filter(|_| mandates.is_empty()) {
        let message = "nobody has a mandate to let a statement go out without an approval";
        report.warning(waives.at("without_approval_after"), message, "add a [[mandate]]".to_owned());
    }
    let statements = tables(document, "statement");
    names::duplicates("statement", &statements, report);
    statements.iter().for_each(|statement| self::statement(*statement, people, known, report));
}

/// Everybody whom these parts name: rotations and people.
pub(super) fn people<'d>(document: &'d DeTable<'d>) -> impl Iterator<Item = &'d str> {
    let posting = tables(document, "posting").into_iter();
    let lists = posting.clone().flat_map(|one| ["on_duty", "deputies"].map(|key| one.texts(key)).into_iter().flatten());
    let approvers = posting.flat_map(|one| one.tables("approver")).chain(tables(document, "mandate"));
    let who = approvers.flat_map(|one| one.texts("who").collect::<Vec<_>>());
    let accounts = tables(document, "account");
    let owners: Vec<_> = accounts.iter().filter_map(|account| account.text("owner")).collect();
    let administrators: Vec<_> = accounts.iter().flat_map(|account| account.texts("administrators")).collect();
    lists.chain(who).chain(owners).chain(administrators).map(|(name, _)| name)
}

fn account(account: Entry<'_>, who: &Who<'_>, people: &[Entry<'_>], report: &mut Report<'_>) {
    if let Some((owner, at)) = account.text("owner") {
        who.check(owner, at, report);
    }
    names::known("person", account.texts("administrators").collect(), people, report);
    names::twice("person", account.texts("administrators"), "list", report);
    let administrators = account.texts("administrators").count();
    if administrators < 2 {
        let title = account.text("name").map(|(name, _)| name).unwrap_or_default();
        let message = format!(
            "account {} has {} in this file: nobody gets in while they are away",
            quoted(title),
            match administrators {
                0 => "no administrator",
                _ => "one administrator",
            }
        );
        report.warning(account.at("administrators"), message, "name at least two".to_owned());
    }
}

fn statement(statement: Entry<'_>, people: &[Entry<'_>], known: &Known, report: &mut Report<'_>) {
    matcher::check(statement, "match", known, report);
    let texts = statement.tables("text");
    names::known("person", texts.iter().filter_map(|text| text.text("approved_by")).collect(), people, report);
    for (says, at) in texts.iter().filter_map(|text| text.text("says")) {
        for blank in unknown_blanks(says) {
            let known: Vec<String> = BLANKS.iter().map(|blank| format!("{{{blank}}}")).collect();
            let message = format!("nothing fills in {}", quoted(&format!("{{{blank}}}")));
            report.error(at.clone(), message, format!("one of {}", known.join(", ")));
        }
        let folded_says = folded(says);
        for (phrase, _) in statement.texts("must_not_say").filter(|(phrase, _)| folded_says.contains(&folded(phrase))) {
            let message = format!("this statement says what it says must not be said: {}", quoted(phrase));
            report.error(at.clone(), message, "leave it out of one of them".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    const ANNA: &str = "[[person]]\nname = \"anna\"\nroles = [\"approver\"]\n";

    #[test]
    fn who_is_named_must_be_a_rotation_or_a_person() {
        let text = format!(
            "{ANNA}[posting]\non_duty = [\"ana\"]\n[[posting.approver]]\nwho = [\"anna\"]\nmatch = {{ desk = \"x\" }}\n\
             [[account]]\nname = \"fb\"\naddress = \"https://fb.example\"\nowner = \"press\"\ncredential = \"op://a/b\"\n"
        );
        case(
            &text,
            &[
                "a.toml:2:8: warning: person \"anna\" has no way: nothing reaches them; add [[person.way]] with a receiver",
                "a.toml:5:12: there is no rotation and no person \"ana\"; \"anna\" is meant?",
                "a.toml:8:18: there is no desk \"x\"; one of crisis, care, employer, audience",
                "a.toml:9:1: warning: account \"fb\" has no administrator in this file: nobody gets in while they are \
                 away; name at least two",
                "a.toml:12:9: there is no rotation and no person \"press\"; add a [[rotation]] or a [[person]] of that name",
            ],
        );
    }

    #[test]
    fn a_statement_fills_in_what_is_known_and_keeps_its_own_rule() {
        let text = format!(
            "{ANNA}[[statement]]\nname = \"s\"\nmust_not_say = [\"our fault\"]\n[[statement.text]]\nlanguage = \"en\"\n\
             says = \"{{plant}}: it is Our Fault.\"\napproved_by = \"bela\"\nuntil = \"2027-01-01\"\n"
        );
        case(
            &text,
            &[
                "a.toml:9:8: nothing fills in \"{plant}\"; one of {name}, {since}, {today}",
                "a.toml:9:8: this statement says what it says must not be said: \"our fault\"; leave it out of one of them",
                "a.toml:10:15: there is no person \"bela\"; known here: anna",
            ],
        );
    }

    #[test]
    fn a_playbook_that_waives_an_approval_needs_a_mandate() {
        case(
            "[[playbook]]\nname = \"p\"\nwithout_approval_after = \"30m\"\nmove = [{ do = \"a\" }]\n",
            &[
                "a.toml:3:26: warning: nobody has a mandate to let a statement go out without an approval; add a [[mandate]]",
            ],
        );
    }
}

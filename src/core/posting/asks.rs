//! Whom to ask and tell by message while an incident goes on, and when: the approval of a statement escalates as a page
//! does.

use orszem_records::ask::{Ask, AskKind};
use orszem_records::incident::Incident;
use orszem_records::ledger::ByWhom;
use orszem_records::statement::{Revision, Waiver};
use orszem_records::time::Timestamp;

use super::approval::holds_until;
use super::who::{approvers, mandates, next_change, people};
use crate::oncall::Roster;
use crate::playbook;
use crate::settings::Config;

/// What is due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Who is to be asked what. Whether they were is for the caller to look up.
    pub asks: Vec<Ask>,
    /// A revision may go out without an approval from now on, and the ledger does not say so yet.
    pub waiver: Option<Waiver>,
    /// When there may be more.
    pub next: Option<Timestamp>,
}

impl Due {
    fn ask(&mut self, kind: AskKind, of: &str, people: impl IntoIterator<Item = String>) {
        self.asks.extend(people.into_iter().map(|whose| Ask { ask: kind, of: of.to_owned(), whose }));
    }

    /// Whether it is `at` by `now`; else there is more then.
    fn is_reached(&mut self, at: Timestamp, now: Timestamp) -> bool {
        if at > now {
            self.next = Some(self.next.map_or(at, |next| next.min(at)));
        }
        at <= now
    }
}

/// What is due in an incident that goes on.
pub fn due(config: &Config, roster: &Roster, incident: &Incident, now: Timestamp) -> Due {
    let mut due = Due::default();
    for (look_up, at) in &incident.look_ups {
        if let Some(account) = config.account(&look_up.account) {
            let by = look_up.by.person.as_deref();
            let owners = people(roster, std::slice::from_ref(&account.owner), *at);
            let told = owners.into_iter().filter(|owner| by != Some(owner));
            due.ask(AskKind::LookedUp, &format!("{}/{}", account.name, look_up.by.by), told);
        }
    }
    remind(config, roster, incident, now, &mut due);
    if let Some(newest) = incident.statements.newest()
        && incident.statements.posted_by(None, newest.number).is_none()
    {
        statement(config, roster, (incident, newest), now, &mut due);
    }
    due
}

/// How long after its time what is not done is told to the deputies, in ms.
const OVERDUE_MS: i64 = 15 * 60_000;

/// What of the playbook is due and not done: who has the incident is reminded, and where nobody has it who is on duty;
/// a quarter of an hour later the deputies hear of it.
fn remind(config: &Config, roster: &Roster, incident: &Incident, now: Timestamp, due: &mut Due) {
    if config.playbooks.is_empty() && incident.promises.is_empty() {
        return;
    }
    let holder = incident.acknowledged.as_ref().and_then(|stamp| stamp.by.person.clone());
    let holder = holder.filter(|name| roster.is_called(name, now));
    for one in playbook::due(config, incident).into_iter().filter(|one| one.done.is_none()) {
        let of = format!("{}@{}", one.what, one.at.0.div_euclid(1000));
        if !due.is_reached(one.at, now) {
            continue;
        }
        let reminded = match &holder {
            Some(holder) => vec![holder.clone()],
            None => people(roster, &config.posting.on_duty, now),
        };
        due.ask(AskKind::Due, &of, reminded.iter().cloned());
        if due.is_reached(one.at.plus(OVERDUE_MS), now) {
            let deputies = people(roster, &config.posting.deputies, now);
            due.ask(AskKind::DueElsewhere, &of, deputies.into_iter().filter(|name| !reminded.contains(name)));
        }
    }
}

/// Who approves the statement, the deputies of those who do not, and at last who may let it go out without an approval.
fn statement(
    config: &Config,
    roster: &Roster,
    (incident, newest): (&Incident, &Revision),
    now: Timestamp,
    due: &mut Due,
) {
    let number = newest.number.to_string();
    let posting = &config.posting;
    if let Some(approved) = &newest.approved {
        let drafter = newest.draft.by.person.iter().filter(|name| config.person(name).is_some()).cloned();
        let on_duty = people(roster, &posting.on_duty, approved.at);
        let told: Vec<String> = drafter.filter(|name| !on_duty.contains(name)).chain(on_duty.clone()).collect();
        let told = told.into_iter().filter(|name| approved.by.person.as_ref() != Some(name));
        // It is of no use any more to who was asleep until then.
        if holds_until(config, newest).is_some_and(|until| until <= now) {
            return;
        }
        return due.ask(AskKind::MayPost, &number, told);
    }
    let is_other = |person: &String| {
        let by = ByWhom { person: Some(person.clone()), ..ByWhom::new(shown(config, person), "page") };
        !newest.draft.by.is_same_person(&by)
    };
    let others =
        |names: &[String], at| -> Vec<String> { people(roster, names, at).into_iter().filter(&is_other).collect() };
    let approving = others(approvers(config, incident), now);
    // Where nobody can approve it, nobody is waited for.
    let deputies_at = if approving.is_empty() { newest.at } else { newest.at.plus(posting.approve_within.millis()) };
    due.ask(AskKind::Approve, &number, approving.iter().cloned());
    // Who comes on call while it waits is asked as well.
    let names = approvers(config, incident).iter().chain(&posting.deputies).cloned().collect::<Vec<_>>();
    if let Some(change) = next_change(roster, &names, now) {
        due.is_reached(change, now);
    }
    if due.is_reached(deputies_at, now) {
        let deputies = others(&posting.deputies, now).into_iter().filter(|person| !approving.contains(person));
        due.ask(AskKind::ApproveAsDeputy, &number, deputies.collect::<Vec<_>>());
    }
    if let Some(waived) = &newest.waived {
        return due.ask(AskKind::MayGoOut, &number, waived.mandated.iter().cloned());
    }
    let Some(playbook) = playbook::of(config, incident) else { return };
    let Some(after) = &playbook.without_approval_after else { return };
    if due.is_reached(newest.at.plus(after.millis()), now) {
        let mandated = mandates(config, roster, incident, now).into_iter().flat_map(|mandate| mandate.people);
        let mut mandated: Vec<String> = mandated.collect();
        mandated.sort();
        mandated.dedup();
        if !mandated.is_empty() {
            let (revision, playbook) = (newest.number, playbook.name.clone());
            due.waiver = Some(Waiver { revision, playbook, mandated });
        }
    }
}

fn shown(config: &Config, person: &str) -> String {
    config.person(person).map_or(person, |person| person.shown()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::posting_fixture::{at, by, config, draft, entry, incident};
    use super::*;
    use orszem_records::ledger::{Event, ItemKind, LookUp, Tick};
    use orszem_records::statement::{Approval, Post};

    fn after(incident: &Incident, minutes: i64) -> Due {
        let config = config();
        due(&config, &Roster::new(&config), incident, at("2026-03-30T08:00:00Z").plus(minutes * 60_000))
    }

    fn asked(due: &Due) -> Vec<String> {
        due.asks.iter().map(|ask| format!("{} {} {}", ask.whose, ask.ask.name(), ask.of)).collect()
    }

    fn drafted(by: &str, severity: u8) -> Incident {
        let mut incident = incident(severity);
        incident.apply(&entry(at("2026-03-30T08:00:00Z"), draft(by, "We look into it.")));
        incident
    }

    #[test]
    fn case_118_nobody_approves_the_deputy_is_asked_and_then_it_may_go_out() {
        let mut incident = drafted("anna", 1);
        let first = after(&incident, 0);
        assert_eq!((asked(&first), first.next), (vec!["bela approve 1".into()], Some(at("2026-03-30T08:15:00Z"))));
        let deputy = after(&incident, 15);
        assert_eq!(asked(&deputy), ["bela approve 1", "denes approve-as-deputy 1"]);
        assert_eq!((deputy.next, &deputy.waiver), (Some(at("2026-03-30T08:30:00Z")), &None));
        let waived = after(&incident, 30).waiver.unwrap();
        assert_eq!((waived.mandated.as_slice(), waived.playbook.as_str()), (&["csilla".to_owned()][..], "scandal"));
        incident.apply(&entry(at("2026-03-30T08:30:00Z"), Event::ApprovalWaived(waived)));
        let told = after(&incident, 31);
        assert_eq!((asked(&told).pop(), &told.waiver), (Some("csilla may-go-out 1".into()), &None));
    }

    #[test]
    fn an_approval_tells_who_may_post_and_who_wrote_it_and_asks_nobody_else() {
        let mut incident = drafted("anna", 1);
        let approval = Approval { by: by("bela"), revision: 1 };
        incident.apply(&entry(at("2026-03-30T08:05:00Z"), Event::Approved(approval)));
        assert_eq!(asked(&after(&incident, 40)), ["anna may-post 1", "csilla may-post 1"]);
        let post = Post { by: by("csilla"), revision: 1, account: None, url: None };
        incident.apply(&entry(at("2026-03-30T08:41:00Z"), Event::Posted(post)));
        assert_eq!(after(&incident, 42), Due::default());
    }

    #[test]
    fn what_is_due_reminds_who_has_it_and_then_the_deputy_until_it_is_done() {
        let mut config = config();
        config.playbooks[0].moves[0].within = Some(crate::settings::Span::from_secs(15 * 60));
        let mut incident = incident(1);
        incident.apply(&entry(at("2026-03-30T08:01:00Z"), Event::Acknowledged(by("anna"))));
        let after = |incident: &Incident, minutes: i64| {
            due(&config, &Roster::new(&config), incident, at("2026-03-30T08:00:00Z").plus(minutes * 60_000))
        };
        let first = after(&incident, 0);
        assert_eq!((asked(&first), first.next), (Vec::new(), Some(at("2026-03-30T08:15:00Z"))));
        assert_eq!(asked(&after(&incident, 15)), ["anna due Pause all posts.@1774858500"]);
        let elsewhere = after(&incident, 30);
        assert_eq!(asked(&elsewhere)[1], "denes due-elsewhere Pause all posts.@1774858500");
        let (playbook, item) = ("scandal".to_owned(), "Pause all posts.".to_owned());
        let tick = Tick { by: by("bela"), playbook, kind: ItemKind::Move, item, due: None, done: true };
        incident.apply(&entry(at("2026-03-30T08:20:00Z"), Event::Ticked(tick)));
        assert_eq!(after(&incident, 40), Due::default());
    }

    #[test]
    fn where_the_only_approver_wrote_it_the_deputy_is_asked_at_once() {
        assert_eq!(asked(&after(&drafted("bela", 1), 0)), ["denes approve-as-deputy 1"]);
    }

    #[test]
    fn the_owner_of_an_account_hears_that_somebody_looked_up_its_credential() {
        let mut incident = incident(1);
        let look_up = |person: &str| Event::LookedUp(LookUp { by: by(person), account: "facebook".into() });
        incident.apply(&entry(at("2026-03-30T08:02:00Z"), look_up("anna")));
        incident.apply(&entry(at("2026-03-30T08:03:00Z"), look_up("anna")));
        incident.apply(&entry(at("2026-03-30T08:04:00Z"), look_up("csilla")));
        assert_eq!(
            asked(&after(&incident, 9)),
            ["csilla looked-up facebook/anna"],
            "who is the owner then looked it up"
        );
    }
}

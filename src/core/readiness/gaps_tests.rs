use super::*;
use crate::posting::posting_fixture::{at, config};
use crate::settings::calendar::Day;
use crate::words::{Language, Words, Zone};
use orszem_records::ledger::ByWhom;
use orszem_records::ledger::IncidentId;
use orszem_records::team::Change;
use orszem_records::team::Record;
use orszem_records::team::access::AccessAnswered;
use orszem_records::team::drill::{DrillStarted, DrillTaken};
use orszem_records::team::personal_drill::{PersonalDrill, Step};
use orszem_records::team::receiver_test::ReceiverTested;
use orszem_records::team::way::WayConfirmed;

fn found(config: &Config, records: &[Record], staff: Option<&BTreeSet<String>>) -> Vec<String> {
    shown(&gaps_at(config, records, (&[], staff), at("2026-03-30T10:00:00Z")))
}

fn gaps_at(
    config: &Config,
    records: &[Record],
    (endings, staff): (&[Ending], Option<&BTreeSet<String>>),
    now: Timestamp,
) -> Vec<Gap> {
    let (roster, proofs) = (Roster::new(config), Proofs::of(records));
    gaps(&Known { config, roster: &roster, proofs: &proofs, endings, staff, now })
}

fn shown(gaps: &[Gap]) -> Vec<String> {
    let shown = |gap: &Gap| format!("{} {} {}", gap.kind.name(), gap.of, gap.what.as_deref().unwrap_or("-"));
    gaps.iter().map(shown).collect()
}

fn of(kind: &str, found: &[String]) -> Vec<String> {
    found.iter().filter(|line| line.starts_with(kind)).cloned().collect()
}

#[test]
fn access_counts_for_a_quarter_and_only_where_they_could_sign_in() {
    let config = config();
    let answered = |person: &str, could, days: i64| {
        let answer = AccessAnswered { account: "facebook".into(), whose: person.into(), could };
        answer.record(at("2026-03-30T10:00:00Z").plus(-days * DAY_MS), ByWhom::new(person, "link"))
    };
    let unproven = |records: &[Record]| of("access-unproven", &found(&config, records, None));
    assert_eq!(unproven(&[]), ["access-unproven facebook anna", "access-unproven facebook bela"]);
    assert_eq!(unproven(&[answered("anna", true, 80), answered("bela", true, 1)]), [""; 0]);
    assert_eq!(unproven(&[answered("anna", true, 110), answered("bela", false, 1)]).len(), 2);
}

#[test]
fn an_account_needs_two_who_are_there() {
    let mut config = config();
    assert_eq!(of("one-administrator", &found(&config, &[], None)), [""; 0]);
    config.people[1].until = "2026-01-01".parse().ok().map(Day);
    assert_eq!(of("one-administrator", &found(&config, &[], None)), ["one-administrator facebook -"]);
    config.accounts[0].administrators.clear();
    config.accounts[0].outside_administrators.push("an agency".into());
    assert_eq!(of("outside-only", &found(&config, &[], None)), ["outside-only facebook -"]);
}

#[test]
fn who_has_left_and_is_still_named_is_told_by_the_last_day_and_by_the_list_of_the_staff() {
    let mut config = config();
    let staff = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let leavers = |config: &Config, staff: Option<&BTreeSet<String>>| of("leaver", &found(config, &[], staff));
    assert_eq!(leavers(&config, None), [""; 0]);
    let listed = staff(&["kovács anna", "bela", "denes"]);
    assert_eq!(leavers(&config, Some(&listed)), ["leaver csilla [[mandate]]", "leaver csilla press"]);
    config.people[0].until = "2026-01-01".parse().ok().map(Day);
    assert_eq!(leavers(&config, None), ["leaver anna facebook", "leaver anna press"]);
}

#[test]
fn a_drill_and_a_test_count_for_half_a_year_and_until_the_next() {
    let config = config();
    let now = at("2026-03-30T10:00:00Z");
    let days = |days: i64| now.plus(-days * DAY_MS);
    let started = |at| {
        let change = Change::DrillStarted(DrillStarted { of: "1".into(), run: 1, begins: at });
        Record { id: "1".into(), at, by: ByWhom::new("orszem", "drill"), change }
    };
    let taken = |person: &str, at| {
        let incident = IncidentId::new("acme", 1);
        DrillTaken { whose: person.into(), incident }.record(at, ByWhom::new(person, "link"))
    };
    let tested = |refused: Option<&str>| {
        let refused = refused.map(str::to_owned);
        ReceiverTested { receiver: "sms".into(), refused }.record(now, ByWhom::new("orszem", "test"))
    };
    let of_drills = |records: &[Record]| {
        let lines = found(&config, records, None);
        (of("team-undrilled", &lines).len(), of("person-undrilled", &lines).len())
    };
    assert_eq!(of_drills(&[]), (1, 4));
    assert_eq!(of_drills(&[started(days(179)), taken("anna", days(10))]), (0, 3));
    assert_eq!(of_drills(&[started(days(181)), taken("anna", days(181))]), (1, 4));
    let refused = |records: &[Record]| of("receiver-refused", &found(&config, records, None)).len();
    assert_eq!((refused(&[tested(Some("550"))]), refused(&[tested(Some("550")), tested(None)])), (1, 0));
}

#[test]
fn a_drill_of_ten_minutes_counts_once_it_is_complete_also_where_it_was_late() {
    let config = config();
    let days = |days: i64| at("2026-03-30T10:00:00Z").plus(-days * DAY_MS);
    let drill = |person: &str, number, began, steps: &[(Step, i64)]| {
        let mut drill = PersonalDrill::begin(person.into(), number, "facebook".into(), began);
        steps.iter().for_each(|(step, minutes)| drill.take(*step, began.plus(minutes * 60_000)));
        drill.record(began, ByWhom::new(person, "oidc"))
    };
    let all = [(Step::LookedUp, 1), (Step::SignedIn, 3), (Step::Read, 5)];
    let late = [(Step::LookedUp, 1), (Step::SignedIn, 3), (Step::Read, 25)];
    let undrilled = |records: &[Record]| of("person-undrilled", &found(&config, records, None));
    let without_anna = ["person-undrilled bela -", "person-undrilled csilla -", "person-undrilled denes -"];
    assert_eq!(undrilled(&[drill("anna", 1, days(10), &all)]), without_anna);
    assert_eq!(undrilled(&[drill("anna", 1, days(10), &late)]), without_anna);
    assert_eq!(undrilled(&[drill("anna", 1, days(10), &all[..2])]).len(), 4, "a step is missing");
    assert_eq!(undrilled(&[drill("anna", 1, days(181), &all)]).len(), 4, "too long ago");
    let begun_again = [drill("anna", 1, days(10), &all), drill("anna", 2, days(1), &all[..1])];
    assert_eq!(undrilled(&begun_again), without_anna, "one that is begun again takes nothing away");
    assert_eq!(of("team-undrilled", &found(&config, &begun_again, None)).len(), 1, "the team has had no drill");
    let mut proofs = Proofs::of(&begun_again);
    proofs.forget("personal-drill/anna/1");
    assert_eq!((proofs.drilled("anna"), proofs.personal_drills("anna").count()), (None, 1));
}

#[test]
fn ways_statements_rotations_and_watches_have_their_gaps() {
    let mut config = config();
    let lines = found(&config, &[], None);
    assert_eq!(of("statement-expired", &lines), ["statement-expired outage hu"]);
    assert_eq!(of("way-unconfirmed", &lines).len(), 6);
    let way = WayConfirmed { whose: "anna".into(), receiver: "sms".into(), address: None };
    let confirmed = way.record(Timestamp(0), ByWhom::new("anna", "link"));
    assert_eq!(of("way-unconfirmed", &found(&config, &[confirmed], None)).len(), 5);
    assert_eq!(of("watch", &lines), [""; 0], "no watch has an owner, and the playbook is for all");
    config.posting.languages.push("de".into());
    assert_eq!(of("statement-missing", &found(&config, &[], None)), ["statement-missing outage de"]);
    config.watches[0].owner = Some("csilla".into());
    config.people[2].ways.clear();
    assert_eq!(of("owner-unreachable", &found(&config, &[], None)), ["owner-unreachable acme -"]);
    config.playbooks[0].matcher.desk = Some("care".into());
    assert_eq!(of("watch-without-playbook", &found(&config, &[], None)), ["watch-without-playbook acme -"]);
    config.rotations[0].layers.clear();
    assert_eq!(of("rotation-gap", &found(&config, &[], None)), ["rotation-gap press -"]);
}

#[test]
fn a_credential_is_told_of_a_month_before_its_last_day_and_after_it() {
    let mut config = config();
    config.accounts[0].credential_expires = "2026-05-01".parse().ok().map(Day);
    // In Budapest the day ends at 22:00 UTC.
    let found = |now: &str| {
        let gaps = gaps_at(&config, &[], (&[], None), at(now));
        gaps.into_iter().find(|gap| gap.kind == GapKind::CredentialEnds)
    };
    assert_eq!(found("2026-04-01T22:00:00Z"), None);
    let soon = found("2026-04-01T22:00:01Z").unwrap();
    assert_eq!(shown(std::slice::from_ref(&soon)), ["credential-ends facebook 2026-05-01"]);
    assert_eq!((soon.owner.as_deref(), soon.at), (Some("press"), Some(at("2026-05-01T22:00:00Z"))));
    assert!(found("2027-01-01T00:00:00Z").is_some(), "it has ended");
    for (language, says) in
        [(Language::English, "The last day"), (Language::Hungarian, "A belépési adatok utolsó napja")]
    {
        let said = soon.says(&config, &Words::new(language, Zone::UTC));
        assert!(said.starts_with(says) && said.contains("2026-05-01") && said.contains("facebook"), "{said}");
    }
}

#[test]
fn a_certificate_and_a_token_are_told_of_with_the_setting_and_the_place() {
    let config = config();
    let ending = |what, to: &str| {
        let life = Life { from: Some(at("2026-01-01T00:00:00Z")), to: at(to) };
        Ending { setting: "[[receiver]] token".into(), place: "env:BOT".into(), what, life }
    };
    let found = |ending: Ending| {
        let gaps = gaps_at(&config, &[], (&[ending], None), at("2026-03-30T10:00:00Z"));
        of("token", &shown(&gaps)).into_iter().chain(of("certificate", &shown(&gaps))).collect::<Vec<_>>()
    };
    assert_eq!(found(ending(EndingKind::Token, "2026-04-29T10:00:00Z")), [""; 0]);
    assert_eq!(found(ending(EndingKind::Token, "2026-04-29T09:59:59Z")), ["token-ends [[receiver]] token env:BOT"]);
    let ended = found(ending(EndingKind::Certificate, "2026-03-01T00:00:00Z"));
    assert_eq!(ended, ["certificate-ends [[receiver]] token env:BOT"]);
    let gaps =
        gaps_at(&config, &[], (&[ending(EndingKind::Token, "2026-04-02T10:00:00Z")], None), at("2026-03-30T10:00:00Z"));
    let gap = gaps.iter().find(|gap| gap.kind == GapKind::TokenEnds).unwrap();
    let said = gap.says(&config, &Words::new(Language::English, Zone::UTC));
    assert_eq!(said, "The token that [[receiver]] token names (env:BOT) is valid until 2 Apr 2026, 10:00 UTC.");
}

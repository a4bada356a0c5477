use super::*;
use crate::notification::Capabilities;
use crate::posting::posting_fixture::{at, config};
use crate::settings::{Config, QuietHours};
use orszem_records::ledger::ByWhom;
use orszem_records::team::look_up::AccountLookedUp;
use orszem_records::team::personal_drill::{PersonalDrill, Step};

/// Monday: Csilla has the rotation that owns the account.
const NOON: &str = "2026-03-30T10:00:00Z";

fn settings(config: &Config) -> Settings {
    let plain = Capabilities { updates: false, acknowledges: false, keep_firing: None, calls_itself: false };
    let names = config.all_receivers().map(|receiver| (receiver.name().to_owned(), plain));
    Settings::new(config, names.collect())
}

fn looked_up(id: &str, whose: &str) -> Record {
    let looked_up = AccountLookedUp { account: "facebook".into(), whose: whose.into() };
    looked_up.record(id.into(), at(NOON), ByWhom::new(whose, "oidc"))
}

fn drilled(whose: &str, steps: &[Step]) -> Record {
    let mut drill = PersonalDrill::begin(whose.into(), 1, "facebook".into(), at(NOON));
    steps.iter().for_each(|step| drill.take(*step, at(NOON)));
    drill.record(at(NOON), ByWhom::new(whose, "oidc"))
}

fn told(messages: &mut LookUpMessages, settings: &Settings, now: Timestamp) -> Vec<String> {
    messages.look(settings, now);
    let said = |one: LookUpMessage| {
        format!("{} {} {} {}", one.told.whose, one.look_up.whose, one.look_up.drill, one.ways.join("+"))
    };
    messages.take().into_iter().map(said).collect()
}

#[test]
fn the_owner_of_that_moment_is_told_once_and_not_of_their_own_look_up() {
    let settings = settings(&config());
    let mut messages = LookUpMessages::default();
    messages.heard(&looked_up("1", "anna"));
    messages.heard(&looked_up("2", "csilla"));
    // By the next day Anna has the rotation.
    let tomorrow = at(NOON).plus(24 * 3_600_000);
    assert_eq!(messages.next(tomorrow), Some(tomorrow));
    assert_eq!(told(&mut messages, &settings, tomorrow), ["csilla anna false csilla/sms"]);
    messages.heard(&looked_up("1", "anna"));
    assert_eq!(told(&mut messages, &settings, tomorrow), [""; 0]);
    assert_eq!(messages.next(tomorrow), None);
    let mut next_copy = LookUpMessages::default();
    // What was told may stand before what it is about: a drill is written again with each step.
    next_copy.told(&LookUpTold { of: "account-looked-up/1".into(), whose: "csilla".into() });
    next_copy.heard(&looked_up("1", "anna"));
    assert_eq!(told(&mut next_copy, &settings, tomorrow), [""; 0]);
    let mut late_copy = LookUpMessages::default();
    late_copy.heard(&looked_up("1", "anna"));
    assert_eq!(told(&mut late_copy, &settings, at(NOON).plus(TOLD_MS)), [""; 0], "after a week it is of no use");
}

#[test]
fn in_a_drill_the_owner_is_told_once_that_it_was_one() {
    let settings = settings(&config());
    let mut messages = LookUpMessages::default();
    messages.heard(&drilled("anna", &[]));
    assert_eq!(told(&mut messages, &settings, at(NOON)), [""; 0]);
    messages.heard(&drilled("anna", &[Step::LookedUp]));
    assert_eq!(told(&mut messages, &settings, at(NOON)), ["csilla anna true csilla/sms"]);
    messages.heard(&drilled("anna", &[Step::LookedUp, Step::Read]));
    assert_eq!(told(&mut messages, &settings, at(NOON)), [""; 0]);
}

#[test]
fn quiet_hours_hold_back_that_of_a_drill_and_the_other_where_they_hold_back_severity_2() {
    let mut config = config();
    let hours = |severities: &str| -> Vec<QuietHours> {
        let text = format!("q = [{{ severities = {severities}, from = \"08:00\", to = \"20:00\" }}]");
        toml::from_str::<BTreeMap<String, Vec<QuietHours>>>(&text).unwrap().remove("q").unwrap()
    };
    let mut look = |severities: &str| {
        config.people[2].quiet_hours = hours(severities);
        let settings = settings(&config);
        let mut messages = LookUpMessages::default();
        messages.heard(&looked_up("1", "anna"));
        messages.heard(&drilled("bela", &[Step::LookedUp]));
        let at_once = told(&mut messages, &settings, at(NOON)).len();
        let next = messages.next(at(NOON)).unwrap();
        (at_once, told(&mut messages, &settings, next).len())
    };
    assert_eq!(look("[3, 4]"), (1, 1));
    assert_eq!(look("[2, 3, 4]"), (0, 2));
}

#[test]
fn where_the_owner_has_no_way_the_message_has_none_and_an_account_that_is_gone_has_no_owner() {
    let mut config = config();
    config.people[2].ways.clear();
    let mut messages = LookUpMessages::default();
    messages.heard(&looked_up("1", "anna"));
    assert_eq!(told(&mut messages, &settings(&config), at(NOON)), ["csilla anna false "]);
    config.accounts.clear();
    messages.heard(&looked_up("2", "anna"));
    assert_eq!(told(&mut messages, &settings(&config), at(NOON)), [""; 0]);
}

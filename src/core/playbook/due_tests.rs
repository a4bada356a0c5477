use super::*;
use orszem_records::ledger::{ByWhom, Closing, Entry, Event, IncidentId, Promise, Tick};
use orszem_records::signal::{Kind, Phase, Signal};

const MINUTE: i64 = 60_000;
const CONFIG: &str = r#"
    [[playbook]]
    name = "any"
    move = [{ do = "Pause posts.", within = "15m" }, { do = "Call the plant." }]
    stakeholder = [{ title = "The board", who = "Anna calls +36 1 234 5678", within = "1h" }, { title = "The staff" }]
    clock = [{ title = "Where do we stand?", at = ["15m", "60m"] }, { title = "Update the page", every = "30m" }]
"#;

fn config() -> Config {
    toml::from_str(CONFIG).unwrap()
}

fn at(minutes: i64) -> Timestamp {
    Timestamp(minutes * MINUTE)
}

fn incident(events: Vec<(i64, Event)>) -> Incident {
    let signal = Signal::plain(Phase::Opened, Kind::Negativity, at(0));
    let entry =
        |minutes, event| Entry { watch: "acme".into(), incident: IncidentId::new("acme", 0), at: at(minutes), event };
    let mut incident = Incident::begin(&entry(0, Event::Signal(Box::new(signal)))).unwrap();
    events.into_iter().for_each(|(minutes, event)| incident.apply(&entry(minutes, event)));
    incident
}

fn by(name: &str) -> ByWhom {
    ByWhom::new(name, "page")
}

fn ticked(kind: ItemKind, item: &str, due: Option<i64>) -> Event {
    let playbook = if kind == ItemKind::Promise { "" } else { "any" };
    let (playbook, item, due) = (playbook.to_owned(), item.to_owned(), due.map(at));
    Event::Ticked(Tick { by: by("anna"), playbook, kind, item, due, done: true })
}

fn shown(incident: &Incident) -> Vec<String> {
    due(&config(), incident)
        .iter()
        .map(|due| {
            let done = due.done.as_ref().map_or(String::new(), |stamp| format!(" done {}", stamp.at.0 / MINUTE));
            format!("{} {}: {}{done}", due.at.0 / MINUTE, due.kind.name(), due.what)
        })
        .collect()
}

#[test]
fn all_that_has_a_time_is_listed_in_its_order_and_what_has_none_is_not() {
    let promise = Promise { by: by("bela"), text: "Next update".into(), due: at(40) };
    assert_eq!(
        shown(&incident(vec![(5, Event::Promised(promise))])),
        [
            "15 move: Pause posts.",
            "15 clock: Where do we stand?",
            "30 clock: Update the page",
            "40 promise: Next update",
            "60 stakeholder: The board",
            "60 clock: Where do we stand?",
        ]
    );
}

#[test]
fn what_is_done_says_so_and_a_mark_of_a_clock_is_not_another_one() {
    let incident = incident(vec![
        (10, ticked(ItemKind::Move, "Pause posts.", None)),
        (16, ticked(ItemKind::Clock, "Where do we stand?", Some(15))),
        (50, ticked(ItemKind::Stakeholder, "The board", None)),
    ]);
    let shown = shown(&incident);
    for line in [
        "15 move: Pause posts. done 10",
        "15 clock: Where do we stand? done 16",
        "60 stakeholder: The board done 50",
        "60 clock: Where do we stand?",
    ] {
        assert!(shown.iter().any(|known| known == line), "{line:?} is missing in {shown:?}");
    }
}

#[test]
fn a_clock_without_end_shows_what_was_done_and_the_next_alone() {
    let of_clock = |events| -> Vec<String> {
        shown(&incident(events)).into_iter().filter(|line| line.contains("Update the page")).collect()
    };
    let tick = |due| ticked(ItemKind::Clock, "Update the page", Some(due));
    assert_eq!(of_clock(vec![]), ["30 clock: Update the page"]);
    assert_eq!(of_clock(vec![(29, tick(30))]), ["30 clock: Update the page done 29", "60 clock: Update the page"]);
    let late = of_clock(vec![(100, tick(30))]);
    assert_eq!(late, ["30 clock: Update the page done 100", "120 clock: Update the page"], "60 and 90 are past");
    assert_eq!(of_clock(vec![(5, tick(31))]), ["30 clock: Update the page"], "31 is no time of the clock");
}

#[test]
fn late_is_what_is_past_its_time_and_not_done_or_was_done_after_it() {
    let incident = incident(vec![(20, ticked(ItemKind::Move, "Pause posts.", None))]);
    let all = due(&config(), &incident);
    let of = |kind| all.iter().find(|due| due.kind == kind).unwrap();
    let (pause, board) = (of(ItemKind::Move), of(ItemKind::Stakeholder));
    assert_eq!((pause.is_late(at(99)), pause.late_by(at(99))), (false, Some(5 * MINUTE)));
    assert_eq!((board.is_late(at(60)), board.late_by(at(60))), (false, None));
    assert_eq!((board.is_late(at(61)), board.late_by(at(61))), (true, Some(MINUTE)));
}

#[test]
fn when_it_is_over_nothing_is_due_any_more_that_was_not_before() {
    let closing = Closing { by: by("anna"), height: None, false_alarm: false };
    let over = incident(vec![(20, Event::Resolved(closing))]);
    assert_eq!(shown(&over), ["15 move: Pause posts.", "15 clock: Where do we stand?"]);
}

#[test]
fn only_what_a_playbook_says_can_be_ticked() {
    let (config, incident) = (config(), incident(vec![]));
    let says =
        |kind, what: &str, due: Option<i64>| super::says(&config.playbooks[0], &incident, kind, what, due.map(at));
    assert!(says(ItemKind::Move, "Call the plant.", None) && !says(ItemKind::Move, "The staff", None));
    assert!(says(ItemKind::Stakeholder, "The staff", None) && !says(ItemKind::Stakeholder, "Nobody", None));
    assert!(
        says(ItemKind::Clock, "Where do we stand?", Some(60)) && says(ItemKind::Clock, "Update the page", Some(90))
    );
    for due in [Some(61), Some(0), Some(-30), None] {
        assert!(!says(ItemKind::Clock, "Where do we stand?", due), "{due:?}");
        assert!(!says(ItemKind::Clock, "Update the page", due), "{due:?}");
    }
    assert!(!says(ItemKind::Promise, "Next update", Some(40)), "no playbook says what somebody promises");
}

//! A watch is removed, renamed or loses its escalation while its incident is open: nobody is left waiting.

use crate::notification::Page;
use crate::words::Words;

use super::core_fixture::{World, capabilities, config};
use super::fixture::watch;
use super::settings::Settings;

fn page(world: &World) -> Page {
    let sent = world.sent.last().unwrap();
    Page::of(&sent.incident, &watch("acme", None), sent.occasion, String::new(), &Words::default())
}

#[test]
fn a_watch_that_is_removed_ends_its_incident_and_those_who_were_told_hear_why() {
    for taken_over in [false, true] {
        let mut config = config(0, &[&["mail", "pager"], &["hook"]]);
        let mut world = World::new(&config);
        world.opens();
        world.until(1);
        world.lines.clear();
        config.watches.clear();
        world.settings = Settings::new(&config, capabilities());
        match taken_over {
            true => world.taken_over(),
            false => world.core.configure(world.settings.clone()),
        }
        assert_eq!(world.core.cut_off().len(), 1);
        world.until(60);
        world.says(&[
            "1:00 ended: watch-removed",
            "1:00 resolve mail/1",
            "1:00 resolve pager/1",
            "1:00 accepted mail/1",
            "1:00 accepted pager/1",
        ]);
        assert!(page(&world).news.unwrap().starts_with("Ended: the watch was removed"), "{}", page(&world).subject);
        assert_eq!((world.core.next_deadline(), world.core.cut_off().len()), (None, 0));
    }
}

#[test]
fn an_incident_that_a_person_closed_ends_in_silence_with_its_watch() {
    let mut config = config(0, &[&["mail"]]);
    let mut world = World::new(&config);
    world.opens();
    world.until(1);
    world.resolves();
    world.until(2);
    world.lines.clear();
    config.watches.clear();
    world.core.configure(Settings::new(&config, capabilities()));
    world.until(100);
    world.says(&["2:00 ended: watch-removed"]);
    assert_eq!(world.core.next_deadline(), None);
}

#[test]
fn a_watch_that_loses_its_escalation_says_that_nobody_else_is_called() {
    let mut config = config(0, &[&["mail", "slack"], &["pager"]]);
    let mut world = World::new(&config);
    world.opens();
    world.until(1);
    world.lines.clear();
    config.watches[0].escalation = None;
    world.core.configure(Settings::new(&config, capabilities()));
    assert_eq!(world.core.cut_off().len(), 1);
    world.until(30);
    world.says(&[
        "1:00 calls ended",
        "1:00 update mail/1",
        "1:00 update slack/1",
        "1:00 accepted mail/1",
        "1:00 accepted slack/1",
    ]);
    let note = "nobody has it, and nobody else is called: the watch no longer has an escalation";
    assert_eq!(page(&world).standing, note);

    // It is put back: the escalation goes on to its end.
    config.watches[0].escalation = Some("crisis".into());
    world.core.configure(Settings::new(&config, capabilities()));
    world.until(31);
    world.says(&["30:00 trigger pager/0", "30:00 accepted pager/0"]);
    assert_eq!(page(&world).standing, "nobody has it yet");
}

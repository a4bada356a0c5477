//! Calendars that change, that cannot be read and that hang; the loop is played by the test.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::*;
use orszem_core::stage::Topic;
use orszem_runtime::clock;

const CONFIG: &str = r#"
[[person]]
name = "anna"
[[person]]
name = "bela"
[[rotation]]
name = "press"
time_zone = "Europe/Budapest"
calendar = { url = "https://a.example/" }
"#;

type Answer = Result<String, String>;

/// Gives one answer after another, and hangs when there are no more.
struct Fake(Mutex<VecDeque<Answer>>);

impl Calendar for Fake {
    fn fetch<'a>(
        &'a self,
        _known: Option<Fetched>,
    ) -> Pin<Box<dyn Future<Output = Result<Fetched, String>> + Send + 'a>> {
        let answer = self.0.lock().unwrap().pop_front();
        Box::pin(async move {
            match answer {
                Some(answer) => answer.map(|body| Fetched { tag: None, body: body.into_bytes().into() }),
                None => std::future::pending().await,
            }
        })
    }
}

fn duty(who: &str) -> Answer {
    let event =
        format!("BEGIN:VEVENT\nDTSTART:20260101T000000Z\nDURATION:P1D\nRRULE:FREQ=DAILY\nSUMMARY:{who}\nEND:VEVENT");
    Ok(format!("BEGIN:VCALENDAR\n{event}\nEND:VCALENDAR\n"))
}

/// The topic of the team as a roster, and what was written to it.
struct Loop {
    calendars: Calendars,
    config: Arc<Config>,
    roster: Roster,
    written: usize,
    now: Timestamp,
    _runtime: Runtime,
}

impl Loop {
    fn new(answers: &[Answer]) -> Loop {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let config: Arc<Config> = Arc::new(toml::from_str(CONFIG).unwrap());
        let mut calendars = Calendars::new(runtime.handle().clone());
        let fake: Arc<dyn Calendar> = Arc::new(Fake(Mutex::new(answers.iter().cloned().collect())));
        calendars.configure(&config, Sources::from([("press".to_owned(), fake)]));
        let roster = Roster::new(&config);
        Loop { calendars, config, roster, written: 0, now: clock::now(), _runtime: runtime }
    }

    /// Begins what is due, and waits for what comes of it.
    fn read(&mut self) {
        self.calendars.begin(&self.config, self.now);
        let news = self.calendars.news.recv_timeout(Duration::from_secs(60)).expect("news");
        self.calendars.told.send(news).expect("it listens");
        self.calendars.gather(&self.roster, self.now);
    }

    /// Writes what there is; what is committed comes back by the topic.
    fn write(&mut self, commits: bool) -> usize {
        let mut out = Vec::new();
        self.calendars.flush(self.now, &mut out);
        if commits {
            self.calendars.committed();
            for output in &out {
                assert_eq!(
                    (output.topic, output.partition, &*output.key),
                    (Topic::Team, Some(0), &b"calendar-shifts/press"[..])
                );
                self.roster.record([&Record::from_json(&output.value).unwrap()]);
                self.written += 1;
            }
        }
        out.len()
    }

    fn on_call(&self) -> Vec<String> {
        self.roster.on_call("press", self.now)
    }

    fn later(&mut self) {
        self.now = self.now.plus(15 * 60_000);
    }
}

#[test]
fn what_a_calendar_says_is_written_once_and_stays_while_it_cannot_be_read() {
    let down = Err("answered 503".to_owned());
    let page = Ok("<html>Sign in</html>".to_owned());
    let mut played = Loop::new(&[duty("Anna"), duty("Anna"), down, page, duty("Béla")]);
    assert_eq!(played.on_call(), [""; 0]);
    played.read();
    assert_eq!((played.write(true), played.on_call()), (1, vec!["anna".to_owned()]));
    assert_eq!(played.calendars.next(played.now), Some(played.now.plus(15 * 60_000)), "by itself, 15 minutes later");
    for _ in ["the same", "down", "no calendar"] {
        played.later();
        played.read();
        assert_eq!((played.write(true), played.on_call()), (0, vec!["anna".to_owned()]));
    }
    played.later();
    played.read();
    assert_eq!((played.write(true), played.on_call(), played.written), (1, vec!["bela".to_owned()], 2));
}

#[test]
fn what_is_not_committed_is_written_again_and_a_copy_that_takes_over_writes_nothing_new() {
    let mut played = Loop::new(&[duty("Anna"), duty("Anna"), duty("Anna")]);
    played.read();
    assert_eq!((played.write(false), played.write(true), played.write(true)), (1, 1, 0), "aborted, committed, done");
    played.calendars.restart();
    played.read();
    assert_eq!(played.write(true), 0, "the topic says it already");
    // Another configuration: what is under way for the former one is out of date.
    played.later();
    played.calendars.begin(&played.config, played.now);
    let other: Config = toml::from_str(&CONFIG.replace("\"anna\"", "\"dora\"")).unwrap();
    let fake: Arc<dyn Calendar> = Arc::new(Fake(Mutex::new(VecDeque::from([duty("Dóra")]))));
    played.config = Arc::new(other);
    played.calendars.configure(&played.config, Sources::from([("press".to_owned(), fake)]));
    played.roster.configure(&played.config);
    assert_eq!(played.on_call(), [""; 0], "Anna is gone");
    for _ in ["out of date", "new"] {
        played.read();
        if played.write(true) > 0 {
            break;
        }
    }
    assert_eq!((played.on_call(), played.written), (vec!["dora".to_owned()], 2));
}

//! A rotation whose calendar others keep: what stands there is written for all copies, and stays while it is away.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use orszem_records::team::{Change, Record};

use crate::support::doubles::Webhook;
use crate::support::setup::Setup;
use crate::support::{http, kafka, wait};

/// A calendar on this machine; `None`: it is away.
fn serve(calendar: Arc<Mutex<Option<String>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/private-topsecret/duty.ics", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            let (status, body) = match calendar.lock().expect("the calendar").clone() {
                Some(body) => ("200 OK", body),
                None => ("503 Service Unavailable", String::new()),
            };
            let length = body.len();
            let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
        }
    });
    url
}

fn duty(who: &str) -> Option<String> {
    let event = format!("BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=DAILY\r\nSUMMARY:{who}");
    Some(format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
}

/// Who has the first of the shifts, record by record.
fn written(prefix: &str) -> Vec<Vec<String>> {
    let records = kafka::shared().read(&format!("{prefix}.team"));
    let shifts = |change| match change {
        Change::CalendarShifts(read) => read.shifts.into_iter().next().map(|shift| shift.people),
        _ => None,
    };
    let records = records.iter().map(|record| Record::from_json(record.text().as_bytes()).expect("a record"));
    records.filter_map(|record| shifts(record.change)).collect()
}

#[test]
fn shifts_of_a_calendar_are_records_and_stay_while_it_is_away() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let hook = runtime.block_on(Webhook::start());
    let calendar = Arc::new(Mutex::new(duty("Kovács Anna")));
    let url = serve(Arc::clone(&calendar));
    let team = format!(
        "[[person]]\nname = \"anna\"\ntitle = \"Kovács Anna\"\nway = [{{ receiver = \"hook\" }}]\n\
         [[person]]\nname = \"bela\"\nway = [{{ receiver = \"hook\" }}]\n\
         [[rotation]]\nname = \"press\"\ntime_zone = \"Europe/Budapest\"\n\
         calendar = {{ url = \"{url}\", allow_private = true, every = \"1d\" }}\n"
    );
    let setup = Setup::for_crisis("calendar").webhook("hook", &hook).step(&["hook"], "1h").with(&team);
    let (home, mut orszem) = setup.start();
    let read_at = || -> u64 {
        let metrics = http::get(&format!("{}/metrics", setup.url())).expect("an answer").body;
        let line = "orszem_calendar_read_timestamp_seconds{rotation=\"press\"} ";
        metrics.lines().find_map(|metric| metric.strip_prefix(line)).map_or(0, |value| value.parse().expect("a number"))
    };
    wait::holds("its shifts are written", wait::LONG, || written("calendar") == [["anna"]]);
    let first = read_at();
    assert!(first > 0);

    // Another configuration reads it at once.
    *calendar.lock().expect("the calendar") = None;
    home.configure(&setup.config().replace("every = \"1d\"", "every = \"23h\""));
    orszem.hang_up();
    orszem.wait_log("calendar not read");
    assert_eq!((read_at(), written("calendar")), (first, vec![vec!["anna".to_owned()]]));
    assert!(!orszem.log().contains("topsecret"), "the address is in the log");

    *calendar.lock().expect("the calendar") = duty("BÉLA");
    home.configure(&setup.config());
    orszem.hang_up();
    wait::holds("the others are written", wait::LONG, || written("calendar") == [["anna"], ["bela"]]);
    assert!(read_at() >= first);
    assert!(orszem.terminate(wait::LONG).success());
}

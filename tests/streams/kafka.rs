//! Real streams through a real Kafka: all is counted, and what happened is paged.

use orszem_records::time::Timestamp;

use crate::support::counting::{by_the_program, counted, unpacked};
use crate::support::data;
use crate::support::paging::{Stream, every_receiver_is_told_once};

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

#[test]
fn every_airline_is_counted_as_often_as_it_is_named() {
    let handles = [("united", "@united"), ("southwest", "@southwestair"), ("virgin-america", "@virginamerica")];
    let file = data("mentions/airlines.jsonl.gz");
    let expected = counted(&handles, &unpacked(&file));
    let expected = expected.into_iter().map(|(watch, count)| (watch.to_owned(), count)).collect();
    assert_eq!(by_the_program("airlines", &handles, &file), expected);
}

#[test]
fn the_outages_of_facebook_reach_every_receiver_once() {
    let outages = ["2014-08-01T16:30:00Z", "2014-09-03T19:30:00Z"];
    every_receiver_is_told_once(&Stream {
        name: "outages",
        file: data("mentions/stocks.jsonl.gz"),
        watch: ("facebook", "$FB"),
        without_escalation: ("microsoft", "$MSFT"),
        crises: outages.map(at).into(),
    });
}

//! What answers requests, and when: from the first moment, also while strangers block the port, over a change of
//! secrets, and at two copies.

use std::net::TcpStream;

use crate::support::kafka::{self, Kafka};
use crate::support::orszem::Home;
use crate::support::ports::Port;
use crate::support::setup::{Setup, WATCH};
use crate::support::{http, scratch, wait};
use orszem_records::time::Timestamp;
use orszem_web::Signer;

#[test]
fn while_kafka_is_away_at_the_start_health_answers_and_readiness_names_the_address() {
    let mut kafka = Kafka::start();
    kafka.stop();
    let setup = Setup::with_default_names().brokers(&kafka.brokers()).watch(WATCH, &[WATCH]);
    let home = setup.home();
    let mut orszem = home.start(&["run"]);
    let get = |path: &str| http::get(&format!("{}{path}", setup.url()));
    orszem.wait_until(|| get("/-/healthy").is_some_and(|answer| answer.status == 200));
    wait::holds("readiness says what is tried", wait::LONG, || {
        let ready = get("/-/ready").expect("an answer");
        ready.status == 503 && ready.body.contains(&kafka.brokers()) && ready.body.contains("refused")
    });
    let page = get("/incidents/any.1").expect("an answer");
    assert!(page.status == 503 && page.body.contains("just been started"), "{}", page.body);
    assert_eq!(get("/metrics").expect("an answer").status, 200);
    assert_eq!(get("/-/healthy").expect("an answer").status, 200);
    assert!(orszem.log().contains("cannot start yet, waiting for Kafka"), "{}", orszem.log());

    kafka.restart();
    orszem.wait_ready(&setup.url());
    assert_eq!(get("/incidents/any.1").expect("an answer").status, 404);
    assert!(orszem.terminate(wait::LONG).success());
}

#[test]
fn idle_connections_shut_out_neither_health_nor_people() {
    let (setup, port) = (Setup::new("idle").watch(WATCH, &[WATCH]), Port::take());
    let address = setup.address();
    let web = format!(
        "listen = \"{address}\"\npublic_url = \"http://{address}\"\nhealth_listen = \"127.0.0.1:{port}\"\n\
         api_token = \"env:LINK_SECRET\""
    );
    let (_home, _orszem) = setup.clone().web(&web).start();
    let addresses = [address.clone(), format!("127.0.0.1:{port}")];
    // More than each listener has room for.
    let connections = addresses.iter().zip([600, 200]);
    let idle: Vec<TcpStream> = connections
        .flat_map(|(address, number)| (0..number).map(move |_| TcpStream::connect(address).expect("a connection")))
        .collect();
    let status = |address: &str, path: &str| http::get(&format!("http://{address}{path}")).expect("an answer").status;
    for address in &addresses {
        assert_eq!((status(address, "/-/healthy"), status(address, "/-/ready")), (200, 200), "{address}");
    }
    assert_eq!((status(&addresses[0], "/metrics"), status(&addresses[1], "/metrics")), (401, 200));
    assert_eq!((status(&addresses[0], "/"), status(&addresses[1], "/")), (401, 404));
    drop(idle);
}

const OLD: &str = "the secret that was before";
const NEW: &str = "the secret that comes after";

#[test]
fn a_link_secret_rotates_by_reload_on_two_copies_and_one_of_ten_people_has_the_incident() {
    let one = Setup::for_crisis("serving");
    let setups = [one.clone(), one.copy("serving-2")];
    let secrets = scratch::folder("secrets");
    for (name, secret) in [("old", OLD), ("new", NEW)] {
        std::fs::write(secrets.path().join(name), secret).expect("written");
    }
    let configure = |home: &Home, setup: &Setup, listed: &[&str]| {
        let place = |name: &&str| format!("file:{}", secrets.path().join(name).display());
        let listed: Vec<String> = listed.iter().map(place).collect();
        home.configure(&setup.config().replace("\"env:LINK_SECRET\"", &format!("{listed:?}")));
    };
    let homes = [setups[0].home(), setups[1].home()];
    let mut copies: Vec<_> = (0..2)
        .map(|copy| {
            configure(&homes[copy], &setups[copy], &["old"]);
            setups[copy].start_in(&homes[copy])
        })
        .collect();
    one.deliver_crisis(kafka::shared(), |_, _| {});
    let incidents = |setup: &Setup| http::get(&format!("{}/api/v1/incidents", setup.url())).expect("an answer").json();
    let id = wait::until("an incident on both copies", wait::LONG, || {
        let ids = setups.each_ref().map(|setup| incidents(setup)["incidents"][0]["id"].as_str().map(str::to_owned));
        ids.iter().all(Option::is_some).then(|| ids[0].clone()).flatten()
    });
    let link = |setup: &Setup, secret: &str| {
        Signer::new(secret.as_bytes()).link(&setup.url(), &id, "slack-crisis", Timestamp(4_000_000_000_000))
    };
    // Buttons are there for everybody who may press them.
    let works = |secret: &str| {
        setups.each_ref().map(|setup| http::get(&link(setup, secret)).expect("an answer").body.contains("<form"))
    };
    assert_eq!((works(OLD), works(NEW)), ([true; 2], [false; 2]));

    for copy in 0..2 {
        configure(&homes[copy], &setups[copy], &["new", "old"]);
        copies[copy].hang_up();
    }
    wait::holds("links of both secrets work", wait::LONG, || works(OLD) == [true; 2] && works(NEW) == [true; 2]);
    for copy in 0..2 {
        configure(&homes[copy], &setups[copy], &["new"]);
        copies[copy].hang_up();
    }
    wait::holds("old links are refused", wait::LONG, || works(OLD) == [false; 2] && works(NEW) == [true; 2]);
    copies[0].wait_log("secrets read again from their files");
    // A restart of one copy parts nothing.
    assert!(copies[1].terminate(wait::LONG).success());
    copies[1] = setups[1].start_in(&homes[1]);
    assert_eq!((works(OLD), works(NEW)), ([false; 2], [true; 2]));

    // Ten people of one channel press the button at the same moment, half of them at each copy.
    let press = |person: usize| {
        let link = link(&setups[person % 2], NEW);
        let (page, query) = link.split_once('?').expect("a signed link");
        let fields: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let answer = http::post_form(&format!("{page}/acknowledge"), &fields).expect("an answer");
        assert_eq!(answer.status, 303, "{answer:?}");
        let (_, query) = answer.location.split_once('?').expect("a query");
        http::get(&format!("{page}?{query}")).expect("an answer").body
    };
    let press = &press;
    let pages: Vec<String> = std::thread::scope(|scope| {
        let people: Vec<_> = (0..10).map(|person| scope.spawn(move || press(person))).collect();
        people.into_iter().map(|person| person.join().expect("a page")).collect()
    });
    let say = |text: &str| pages.iter().filter(|page| page.contains(text)).count();
    assert_eq!((say("You have it: nobody else will be called"), say("You have not taken it over")), (1, 9));
}

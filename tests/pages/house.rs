//! The pages on a real socket, over a ledger in memory: one incident in each state that a page can show.

use std::future::{Future, pending};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use orszem::outside::ProviderWay;
use orszem_core::playbook::press::PressRequest;
use orszem_core::range::{RangeQuery, Read};
use orszem_core::settings::Config;
use orszem_records::ledger::{
    Action, Attempt, Delivery, Entry, Event, HandOver, ItemKind, Note, Outcome, Press, PressAnswer, PressResult,
    Promise, Tick,
};
use orszem_records::matcher::Match;
use orszem_records::signal::{Kind, LimitReached, Phase, Signal};
use orszem_records::statement::Draft;
use orszem_records::team::look_up::AccountLookedUp;
use orszem_records::team::personal_drill::{PersonalDrill, Step};
use orszem_records::team::silence::Terms;
use orszem_records::team::{Change, Kind as TeamKind, Override, Record, SwapOffer};
use orszem_records::time::Timestamp;
use orszem_runtime::live_config::ConfigReader;
use orszem_runtime::startup::Startup;
use orszem_runtime::status::{StatusBoard, WatchStatus};
use orszem_web::{
    AppState, Buttons, Health, LedgerSink, Links, Past, SigningIn, SinkError, TeamSink, TeamView, Tokens, Trials,
    UnderWay, View,
};

#[path = "../../src/web/fixture/records.rs"]
mod records;
use records::{BEGAN, entry, signal};

/// Before the path of a page that is looked at behind the proxy.
const SIGNED_IN: &str = "signed-in:";

/// A page to look at.
pub(crate) struct Page {
    /// What it shows, in a word.
    pub(crate) name: &'static str,
    /// Its address.
    pub(crate) path: String,
}

/// The pages on a socket.
pub(crate) struct House {
    #[expect(dead_code, reason = "serves for as long as the house stands")]
    runtime: Runtime,
    app: AppState,
    /// Whether the first incident changes when its page is read.
    changes: Arc<AtomicBool>,
    address: SocketAddr,
    /// The same pages behind a proxy at which somebody signed in; `/watches` is asked for by an account without a role.
    signed_in: SocketAddr,
    #[expect(dead_code, reason = "holds the secret of the proxy")]
    secret: tempfile::TempDir,
}

struct Memory(Arc<View>, Mutex<i64>);

impl LedgerSink for Memory {
    fn append<'a>(&'a self, entry: Entry) -> Pin<Box<dyn Future<Output = Result<i64, SinkError>> + Send + 'a>> {
        Box::pin(async move {
            let mut offset = self.1.lock().expect("nobody panics with it");
            *offset += 1;
            self.0.apply_at(&entry, *offset);
            Ok(*offset)
        })
    }
}

struct TeamMemory(Arc<TeamView>, Mutex<i64>);

impl TeamSink for TeamMemory {
    fn append<'a>(&'a self, record: Record) -> Pin<Box<dyn Future<Output = Result<i64, SinkError>> + Send + 'a>> {
        Box::pin(async move {
            let mut offset = self.1.lock().expect("nobody panics with it");
            *offset += 1;
            self.0.apply(*offset, record.key().as_bytes(), Some(&record.to_json())).map_err(SinkError)?;
            Ok(*offset)
        })
    }
}

/// Buttons whose other side is away.
struct NoButtons;

impl Buttons for NoButtons {
    fn press<'a>(&'a self, _: &'a PressRequest) -> Pin<Box<dyn Future<Output = PressResult> + Send + 'a>> {
        Box::pin(async { PressResult::Refused { reason: "answered 503: maintenance until six".to_owned() } })
    }
}

struct NoTrials;

impl Trials for NoTrials {
    fn send<'a>(&'a self, _: &'a str, _: &'a str) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async { Err("nothing is sent here".to_owned()) })
    }
}

struct Well;

impl Health for Well {
    fn healthy(&self) -> Result<(), String> {
        Ok(())
    }

    fn ready(&self) -> Result<(), String> {
        Ok(())
    }
}

/// A topic of two mentions.
struct Topic;

impl Past for Topic {
    fn read(&self, _: &str, _: RangeQuery, take: &mut dyn FnMut(&Read)) -> Result<bool, String> {
        for id in 0..2_i64 {
            let at = BEGAN.plus(id * 3_600_000);
            let value = format!(r#"{{"id":"{id}","text":"Is acme down again?","published_at":{},"source":"x"}}"#, at.0);
            take(&Read { partition: 0, value: value.into_bytes(), headers: Vec::new() });
        }
        Ok(true)
    }
}

fn by(name: &str) -> orszem_records::ledger::ByWhom {
    orszem_records::ledger::ByWhom::new(name, "link")
}

fn opened(change: impl FnOnce(&mut Signal)) -> Event {
    let mut signal = signal(Phase::Opened);
    change(&mut signal);
    Event::Signal(Box::new(signal))
}

/// An incident in each state: its number and what happened, the deeds a minute apart.
fn stories() -> Vec<(u64, Vec<Event>)> {
    let limit = LimitReached { negatives: true, least: 30, within_s: 3_600 };
    let fading = || {
        opened(|signal| {
            (signal.phase, signal.observed, signal.expected) = (Phase::Updated, 146, 58.0);
            signal.at = BEGAN.plus(5 * 3_600_000);
        })
    };
    let closed = || {
        opened(|signal| {
            (signal.phase, signal.observed) = (Phase::Closed, 40);
            signal.at = BEGAN.plus(7 * 3_600_000);
        })
    };
    let exhausted = || Event::EscalationExhausted { escalation: "crisis".into() };
    let note = Note { by: by("Anna"), text: "Called the plant.\nThey are back at ten.".into() };
    let over = HandOver { by: by("Anna"), to: "Béla".into() };
    vec![
        (1, vec![opened(|_| {})]),
        (
            2,
            vec![
                opened(|_| {}),
                Event::Acknowledged(by("Anna")),
                Event::Noted(note),
                Event::HandedOver(over),
                fading(),
            ],
        ),
        (3, vec![opened(|_| {}), exhausted(), closed()]),
        (
            4,
            vec![opened(|signal| {
                (signal.learning, signal.learning_left, signal.limit) = (true, 70, Some(limit));
                (signal.expected, signal.interval) = (0.0, (0.0, 0.0));
            })],
        ),
        (
            5,
            vec![opened(|signal| {
                (signal.kind, signal.observed, signal.expected, signal.window_s) = (Kind::NoData, 0, 75.0, 5_400);
                signal.about = Some(orszem_records::signal::WHOLE_TOPIC.into());
                signal.samples.clear();
                signal.chart.points.clear();
            })],
        ),
    ]
}

/// When the incident began that has a playbook: its clocks run.
fn crisis_began() -> Timestamp {
    orszem_runtime::clock::now().plus(-40 * 60_000)
}

/// A severe incident in which people follow a playbook: after how many minutes, and what happened.
fn crisis() -> Vec<(i64, Event)> {
    let begun = crisis_began();
    let severe = opened(|signal| {
        (signal.severity, signal.opened_at, signal.at) = (1, begun, begun.plus(2 * 60_000));
        signal.chart.from = begun.plus(-24 * 300_000);
        signal.samples.iter_mut().for_each(|sample| sample.published_at = begun.plus(30_000));
    });
    let attempt = |receiver: &str, message: &str| Attempt {
        message: message.to_owned(),
        receiver: receiver.to_owned(),
        action: Action::Trigger,
        revision: 0,
        try_number: 0,
        step: 0,
        round: 0,
        signals: 1,
        within: None,
        terms: None,
        route: 0,
        also: Vec::new(),
        shows: None,
        digest: false,
    };
    let outcome = |receiver: &str, message: &str, result| {
        Event::Outcome(Outcome::new(message.to_owned(), receiver.to_owned(), 0, result))
    };
    let ticked = |kind, item: &str, due: Option<i64>| {
        let (playbook, item, due) = ("scandal".to_owned(), item.to_owned(), due.map(|due| begun.plus(due * 60_000)));
        Event::Ticked(Tick { by: by("Anna"), playbook, kind, item, due, done: true })
    };
    let drafted = |text: &str| {
        let (text, language, statement) = (text.to_owned(), "en".to_owned(), None);
        Event::Drafted(Draft { by: by("Anna"), text, language, statement })
    };
    let pressed = |press: &str, button: &str| {
        let (press, playbook, button) = (press.to_owned(), "scandal".to_owned(), button.to_owned());
        Event::Pressed(Press { by: by("Anna"), press, playbook, button, within_ms: 40_000 })
    };
    let answered = |press: &str, result| Event::Answered(PressAnswer { press: press.to_owned(), result });
    let promised = |text: &str, minutes: i64| {
        Event::Promised(Promise { by: by("Béla"), text: text.to_owned(), due: begun.plus(minutes * 60_000) })
    };
    let failed = Delivery::Failed { reason: "no such number".to_owned() };
    let away = PressResult::Refused { reason: "answered 503: maintenance until six".to_owned() };
    vec![
        (2, severe),
        (2, Event::Attempt(attempt("anna/push", "m1"))),
        (2, outcome("anna/push", "m1", Delivery::Accepted { reference: None })),
        (3, Event::Attempt(attempt("bela/sms", "m2"))),
        (3, outcome("bela/sms", "m2", failed)),
        (9, Event::Acknowledged(by("Anna"))),
        (11, pressed("p1", "Pause scheduled posts")),
        (11, answered("p1", PressResult::Accepted)),
        (12, ticked(ItemKind::Move, "Pause all scheduled posts and ads.", None)),
        (13, pressed("p2", "Freeze ads")),
        (13, answered("p2", away)),
        (14, ticked(ItemKind::Clock, "Where do we stand?", Some(15))),
        (20, ticked(ItemKind::Stakeholder, "The board", None)),
        (22, promised("First statement", 35)),
        (25, promised("Next update on the status page", 65)),
        (26, drafted("We are looking into what happened.")),
        (26, drafted("We know what happened, and nobody is affected.")),
        (27, Event::Noted(Note { by: by("Anna"), text: "The plant says no.".into() })),
    ]
}

/// What people changed for the team: somebody stands in, somebody asks others, and something is silenced.
fn changes() -> Vec<Record> {
    let now = orszem_runtime::clock::now();
    let (from, to) = (now.plus(3_600_000), now.plus(30 * 3_600_000));
    let rotation = || "press".to_owned();
    let kind = TeamKind::Replace { people: vec!["zita".into()], instead_of: vec!["bela".into()] };
    let stands_in = Override { rotation: rotation(), from, to, kind, reason: Some("A day at the dentist's".into()) };
    let offer = SwapOffer { rotation: rotation(), person: "zita".into(), from: to, to: to.plus(24 * 3_600_000) };
    let matcher = Match { watch: Some("acme".into()), severity: Some(">= 3".into()), ..Match::default() };
    let reason = "The move to the new address, announced in March".to_owned();
    let terms = Terms { matcher, reason, from: now, to, drill: false, ended: None };
    [Change::Override(stands_in), Change::SwapOffered(offer), Change::Silence(Box::new(terms))]
        .into_iter()
        .zip(1..)
        .map(|(change, id)| Record { id: id.to_string(), at: now, by: by("Kiss Zita"), change })
        .chain(drills(now))
        .collect()
}

/// Drills of ten minutes of the person behind the proxy: one that was late, and one under way. And a look-up.
fn drills(now: Timestamp) -> Vec<Record> {
    let drill = |number, began: Timestamp, steps: &[(Step, i64)]| {
        let mut drill = PersonalDrill::begin("anna".into(), number, "facebook".into(), began);
        steps.iter().for_each(|(step, minutes)| drill.take(*step, began.plus(minutes * 60_000)));
        drill.could = drill.steps.contains_key(&Step::SignedIn).then_some(false);
        drill.record(began, by("Kovács Anna"))
    };
    let looked_up = AccountLookedUp { account: "facebook".into(), whose: "bela".into() };
    vec![
        drill(1, now.plus(-40 * 86_400_000), &[(Step::LookedUp, 2), (Step::SignedIn, 9), (Step::Read, 13)]),
        drill(2, now.plus(-60_000), &[(Step::LookedUp, 0)]),
        looked_up.record("5".into(), now, by("Nagy Béla")),
    ]
}

/// What the proxy proves itself with.
const PROXY_SECRET: &str = "a secret of the tests alone";

/// The pages by a configuration, over a ledger in memory that tells the stories.
fn app(config: &str) -> AppState {
    let view = Arc::new(View::default());
    for (n, events) in stories() {
        for (event, minute) in events.into_iter().zip(1..) {
            view.apply(&Entry { at: BEGAN.plus(minute * 60_000), ..entry("acme", n, event) });
        }
    }
    for (minutes, event) in crisis() {
        view.apply(&Entry { at: crisis_began().plus(minutes * 60_000), ..entry("acme", 6, event) });
    }
    let team = Arc::new(TeamView::default());
    for (record, offset) in changes().into_iter().zip(0..) {
        team.apply(offset, record.key().as_bytes(), Some(&record.to_json())).expect("a record");
    }
    let config: Config = toml::from_str(config).expect("a configuration");
    let config = ConfigReader::fixed(config);
    let board = StatusBoard::default();
    let status =
        WatchStatus { observed: 1_234, negatives: 98, expected: 40.0, expected_high: 70.0, ..WatchStatus::default() };
    board.set("acme", status);
    let outside = ProviderWay::new(config.clone());
    AppState {
        sink: Arc::new(Memory(view.clone(), Mutex::new(0))),
        view,
        team: team.clone(),
        team_sink: Arc::new(TeamMemory(team, Mutex::new(0))),
        trials: Arc::new(NoTrials),
        buttons: Arc::new(NoButtons),
        links: Arc::new(Links::new(config.clone()).expect("a secret")),
        tokens: Arc::new(Tokens::new(config.clone())),
        signing_in: Arc::new(SigningIn::new(config.clone(), Arc::new(outside))),
        board,
        config,
        health: Arc::new(Well),
        startup: Startup::default(),
        past: Arc::new(Topic),
        under_way: UnderWay::default(),
        trying: Arc::new(tokio::sync::Semaphore::new(1)),
    }
}

/// What to do in a severe incident.
const PLAYBOOK: &str = r#"
[[playbook]]
name = "scandal"
title = "A scandal breaks"
match = { severity = "1" }
text = "Say nothing about **causes** before the plant has answered."
[[playbook.move]]
do = "Pause all scheduled posts and ads."
within = "10m"
[[playbook.move]]
do = "Call the head of communications."
within = "15m"
[[playbook.move]]
do = "Find out what is true: call the plant."
within = "1h"
[[playbook.button]]
title = "Pause scheduled posts"
url = "https://scheduler.example/hook"
secrets = ["env:NONE"]
[[playbook.button]]
title = "Freeze ads"
url = "https://ads.example/hook"
secrets = ["env:NONE"]
confirm = "This stops all campaigns in all countries. Go on?"
by_hand = "Ads: Campaigns, select all, Pause."
[[playbook.stakeholder]]
title = "The board"
who = "Anna calls the chair, +36 1 234 5678"
within = "1h"
[[playbook.stakeholder]]
title = "The authority for food safety"
within = "30m"
[[playbook.clock]]
title = "Where do we stand?"
at = ["15m", "60m", "180m"]
"#;

/// Who may post, what can be said, and where.
const POSTING: &str = r#"
[posting]
on_duty = ["press"]
deputies = ["zita"]
languages = ["en", "hu"]
[[posting.approver]]
who = ["zita"]
[[mandate]]
who = ["press"]
may = "Answers to single customers."
[[account]]
name = "facebook"
title = "Facebook page"
address = "https://facebook.example/acme"
owner = "press"
administrators = ["bela", "zita"]
outside_administrators = ["the agency"]
credential = "op://Communications/Facebook"
emergency = "https://facebook.example/help"
[account.how]
post = "1. Open the page.\n2. **Create post**."
[[statement]]
name = "outage"
title = "Something does not work"
must_not_say = ["nobody is affected"]
[[statement.text]]
language = "en"
says = "{name} has had a fault since {since}."
approved_by = "zita"
until = "2999-12-31"
[[statement]]
name = "recall"
title = "A recall"
[[statement.text]]
language = "hu"
says = "Visszahívjuk."
approved_by = "zita"
until = "2020-12-31"
"#;

/// What all configurations have.
fn config(language: &str, web: &str) -> String {
    format!(
        "[web]\nlanguage = \"{language}\"\ntime_zone = \"Europe/Budapest\"\n{web}\n[[watch]]\n\
         name = \"acme\"\ntitle = \"Acme Kft.\"\nterms = [\"acme\"]\nadvice = \"Call the duty manager.\\nPost nothing yet.\"\n\
         [[person]]\nname = \"bela\"\ntitle = \"Nagy Béla\"\n[[person]]\nname = \"zita\"\ntitle = \"Kiss Zita\"\n\
         [[rotation]]\nname = \"press\"\ntitle = \"Press office\"\ntime_zone = \"Europe/Budapest\"\n\
         [[rotation.layer]]\nshift = \"daily\"\nactive = [{{ from = \"06:00\", to = \"23:00\" }}]\n\
         stretch = [{{ from = \"2026-01-01 00:00\", members = [\"bela\", \"zita\"] }}]\n{PLAYBOOK}{POSTING}"
    )
}

/// The pages as somebody sees them who signed in at a proxy.
fn behind_proxy(language: &str, secret: &std::path::Path) -> axum::Router {
    let proxy = format!(
        "[sign_in.proxy]\nheader = \"X-User\"\nroles_header = \"X-Groups\"\nfrom = [\"127.0.0.1\"]\n\
         secret_header = \"X-Proxy\"\nsecret = \"file:{}\"\n[sign_in.oidc]\nissuer = \"https://login.example\"\n\
         client_id = \"orszem\"\ntitle = \"Example Login\"\n[sign_in.roles]\nadmin = [\"operators\"]\n\
         [[person]]\nname = \"anna\"\ntitle = \"Kovács Anna\"\naccounts = [\"anna@example.com\"]\n",
        secret.display()
    );
    let api_token = format!("api_token = \"file:{}\"", secret.display());
    let routes = orszem_web::router(app(&format!("{}{proxy}", config(language, &api_token))));
    routes.layer(from_fn(async |mut request: Request, next: Next| {
        let account = match request.uri().path() {
            // Somebody who comes around the proxy.
            "/sign-in" => return next.run(request).await,
            "/watches" => ("stranger@example.com", "none"),
            _ => ("anna@example.com", "operators"),
        };
        for (name, value) in [("x-user", account.0), ("x-groups", account.1), ("x-proxy", PROXY_SECRET)] {
            request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        next.run(request).await
    }))
}

/// Pages whose readers sign in at the provider of identities on this port, and the address that it sends them back to.
pub(crate) struct SignInHouse {
    #[expect(dead_code, reason = "serves for as long as the house stands")]
    runtime: Runtime,
    address: SocketAddr,
}

impl SignInHouse {
    /// Opens them. `secret`: the file that holds what the client proves itself with.
    pub(crate) fn open(provider: u16, secret: &std::path::Path) -> SignInHouse {
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let oidc = format!(
            "[sign_in.oidc]\nissuer = \"http://127.0.0.1:{provider}\"\nclient_id = \"orszem\"\nclient_secret = \"file:{}\"\n\
             scopes = [\"profile\", \"groups\"]\n[sign_in.roles]\nresponder = [\"press\"]\n",
            secret.display()
        );
        let text = format!("{}{oidc}", config("en", &format!("public_url = \"http://{address}\"")));
        let _guard = runtime.enter();
        runtime.spawn(orszem_web::serve(listener, None, orszem_web::router(app(&text)), pending()));
        SignInHouse { address, runtime }
    }

    /// The address of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl House {
    /// Opens the pages in a language. `axe`: the script of axe-core, which every page then runs on itself.
    pub(crate) fn open(language: &str, axe: &str) -> House {
        let app = app(&config(language, ""));
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let changes = Arc::new(AtomicBool::new(false));
        let (change, view) = (changes.clone(), app.view.clone());
        let routes = orszem_web::router(app.clone()).layer(from_fn(move |request: Request, next: Next| {
            let (change, view) = (change.clone(), view.clone());
            async move {
                let is_page = request.uri().path() == "/incidents/acme.1";
                let answer = next.run(request).await;
                if is_page && change.swap(false, Ordering::Relaxed) {
                    let event = Event::Acknowledged(by("Zita"));
                    view.apply(&Entry { at: orszem_runtime::clock::now(), ..entry("acme", 1, event) });
                }
                answer
            }
        }));
        let routes = with_axe(routes, axe.to_owned());
        runtime.spawn(async move { axum::serve(listener, routes).await });
        let secret = crate::support::scratch::folder("proxy");
        let file = secret.path().join("secret");
        std::fs::write(&file, PROXY_SECRET).expect("a file");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let signed_in = listener.local_addr().expect("an address");
        let routes = with_axe(behind_proxy(language, &file), axe.to_owned());
        runtime.spawn(orszem_web::serve(listener, None, routes, pending()));
        House { runtime, app, changes, address, signed_in, secret }
    }

    /// The address of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        match path.strip_prefix(SIGNED_IN) {
            Some(path) => format!("http://{}{path}", self.signed_in),
            None => format!("http://{}{path}", self.address),
        }
    }

    /// Every page there is, in each of its states.
    pub(crate) fn pages(&self) -> Vec<Page> {
        let link = |n: u64, expires: Timestamp| {
            self.app.links.signer().link("", &format!("acme.{n}"), "slack-crisis", expires)
        };
        let later = orszem_runtime::clock::now().plus(3_600_000);
        let page = |name, path: String| Page { name, path };
        vec![
            page("list", "/".into()),
            page("list-filtered", "/?state=open&severity=2".into()),
            page("open", link(1, later)),
            page("acknowledged", link(2, later)),
            page("over", link(3, later)),
            page("learning", link(4, later)),
            page("feed", link(5, later)),
            page("playbook", link(6, later)),
            page("card", "/card".into()),
            page("readiness", "/readiness".into()),
            page("accounts", "/accounts".into()),
            page("accounts-signed-in", format!("{SIGNED_IN}/accounts?account=facebook")),
            page("drill", "/drill".into()),
            page("drill-signed-in", format!("{SIGNED_IN}/drill")),
            page("access", orszem_web::access_link(&self.app.links.signer(), "", ("facebook", "bela"), later)),
            page("statement-refused", format!("{}&refused=changed&read=1#statement", link(6, later))),
            page("report", "/incidents/acme.6/report".into()),
            page("report-over", "/incidents/acme.3/report".into()),
            page("expired", link(1, Timestamp(1_700_000_000_000))),
            page("watches", "/watches".into()),
            page("oncall", "/oncall".into()),
            page("silences", "/silences".into()),
            page("ways", "/ways".into()),
            page("oncall-signed-in", format!("{SIGNED_IN}/oncall?made=1")),
            page("silences-signed-in", format!("{SIGNED_IN}/silences?made=3")),
            page("try", "/watches/try?query=acme&with=acme+NOT+down".into()),
            page("try-fault", "/watches/try?query=(acme".into()),
            page("settings", "/settings".into()),
            page("sign-in", "/sign-in".into()),
            page("handbook", "/docs".into()),
            page("handbook-operations", "/docs/operations".into()),
            page("not-found", "/nowhere".into()),
            page("signed-in-list", format!("{SIGNED_IN}/")),
            page("signed-in-open", format!("{SIGNED_IN}/incidents/acme.1")),
            page("signed-in-settings", format!("{SIGNED_IN}/settings")),
            page("no-role", format!("{SIGNED_IN}/watches")),
            page("ways-to-sign-in", format!("{SIGNED_IN}/sign-in")),
        ]
    }

    /// Somebody acknowledges the first incident as soon as its page was read once.
    pub(crate) fn acknowledge_once_read(&self) {
        self.changes.store(true, Ordering::Relaxed);
    }
}

/// What axe-core finds, written into the page.
const RUN: &str = r#"
    addEventListener("load", async () => {
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
        const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
        const short = (violation) => ({
            id: violation.id,
            help: violation.help,
            nodes: violation.nodes.slice(0, 5).map((node) => node.html.slice(0, 200) + " // " + node.failureSummary),
        });
        const result = document.createElement("script");
        result.type = "application/json";
        result.id = "axe-result";
        const said = { passes: found.passes.length, violations: found.violations.map(short) };
        result.textContent = JSON.stringify(said).replaceAll("<", "\\u003c");
        document.body.append(result);
    });
"#;

/// The same routes; pages also load axe-core, which the policy of ours would refuse.
fn with_axe(routes: axum::Router, axe: String) -> axum::Router {
    if axe.is_empty() {
        return routes;
    }
    axum::Router::new().fallback(async move |request: Request| {
        if request.uri().path() == "/axe.js" {
            let mut script = Response::new(Body::from(format!("{axe}\n{RUN}")));
            script.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript"));
            return script;
        }
        let answer = routes.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (mut parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, 1 << 24).await.expect("a body");
        if parts.headers.get(header::CONTENT_TYPE).is_none_or(|kind| !kind.as_bytes().starts_with(b"text/html")) {
            return Response::from_parts(parts, Body::from(body));
        }
        parts.headers.remove(header::CONTENT_SECURITY_POLICY);
        parts.headers.remove(header::CONTENT_LENGTH);
        let page = String::from_utf8_lossy(&body).replace("</head>", "<script src=\"/axe.js\"></script></head>");
        Response::from_parts(parts, Body::from(page))
    })
}

//! One watch and its receivers: the configuration, and a stream in which that watch has a crisis.

use serde_json::{Value, json};

use super::alertmanager::Alertmanager;
use super::doubles::{Pagerduty, Slack, Webhook, pagerduty, slack, webhook};
use super::kafka::{self, Kafka};
use super::orszem::{Home, Running};
use super::ports::Port;
use super::smtp::{self, Smtp};
use super::wait;

/// The watch, and the word that it looks for.
pub const WATCH: &str = "veltaro";

/// A program that watches [`WATCH`], with a topic of mentions (`<name>-mentions`) and a prefix (`<name>`) of its own.
pub struct Setup {
    name: &'static str,
    /// The watch, and the term that it looks for.
    watch: (&'static str, &'static str),
    learn_for: &'static str,
    port: Port,
    receivers: String,
    steps: String,
    further: String,
}

impl Setup {
    /// Without receivers and steps so far.
    pub fn new(name: &'static str) -> Setup {
        Setup {
            name,
            watch: (WATCH, WATCH),
            learn_for: "2d",
            port: Port::take(),
            receivers: String::new(),
            steps: String::new(),
            further: String::new(),
        }
    }

    /// Watches this instead of [`WATCH`].
    #[must_use]
    pub fn watching(mut self, name: &'static str, term: &'static str) -> Setup {
        self.watch = (name, term);
        self
    }

    /// How long the watch learns: `"2d"` unless said here.
    #[must_use]
    pub fn learning(mut self, learn_for: &'static str) -> Setup {
        self.learn_for = learn_for;
        self
    }

    /// The start of its web pages' addresses.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The topic that it reads.
    pub fn mentions(&self) -> String {
        format!("{}-mentions", self.name)
    }

    /// A Slack channel, by bot token.
    #[must_use]
    pub fn slack(self, name: &str, slack: &Slack) -> Setup {
        let (channel, url) = (slack::CHANNEL, slack.url());
        self.receiver(
            name,
            "slack",
            &format!("token = \"env:SLACK_TOKEN\"\nchannel = \"{channel}\"\nbase_url = \"{url}\""),
        )
    }

    /// A PagerDuty service.
    #[must_use]
    pub fn pagerduty(self, name: &str, pagerduty: &Pagerduty) -> Setup {
        let url = pagerduty.url();
        self.receiver(name, "pagerduty", &format!("routing_key = \"env:ROUTING_KEY\"\nbase_url = \"{url}\""))
    }

    /// A signed webhook.
    #[must_use]
    pub fn webhook(self, name: &str, webhook: &Webhook) -> Setup {
        let url = webhook.url();
        self.receiver(
            name,
            "webhook",
            &format!("url = \"{url}\"\nsecrets = [\"env:HOOK_SECRET\"]\nallow_private = true"),
        )
    }

    /// A mailbox.
    #[must_use]
    pub fn mail(self, name: &str, smtp: &Smtp) -> Setup {
        let (host, port, ca, user) = (smtp.host(), smtp.port(), smtp.ca_file(), smtp::USER);
        let settings = format!(
            "host = \"{host}\"\nport = {port}\nca_file = \"{}\"\nuser = \"{user}\"\npassword = \"env:MAIL_PASSWORD\"\n\
             from = \"Orszem <orszem@example.com>\"\nto = [\"desk@example.com\"]",
            ca.display()
        );
        self.receiver(name, "email", &settings)
    }

    /// Prometheus Alertmanager.
    #[must_use]
    pub fn alertmanager(self, name: &str, alertmanager: &Alertmanager) -> Setup {
        self.receiver(name, "alertmanager", &format!("urls = [\"{}\"]", alertmanager.url()))
    }

    /// Any receiver, with its settings as they stand in the configuration.
    #[must_use]
    pub fn receiver(mut self, name: &str, kind: &str, settings: &str) -> Setup {
        self.receivers += &format!("\n[[receiver]]\nname = \"{name}\"\nkind = \"{kind}\"\n{settings}\n");
        self
    }

    /// The next step of the escalation: its receivers, and the time to acknowledge in.
    #[must_use]
    pub fn step(mut self, receivers: &[&str], acknowledge_within: &str) -> Setup {
        self.steps += &format!(
            "\n[[escalation.step]]\nreceivers = {receivers:?}\nacknowledge_within = \"{acknowledge_within}\"\n"
        );
        self
    }

    /// Further sections of the configuration; not `[kafka]`, `[detect]` and `[web]`.
    #[must_use]
    pub fn with(mut self, sections: &str) -> Setup {
        self.further += sections;
        self
    }

    /// A folder with the configuration, on the shared Kafka.
    pub fn home(&self) -> Home {
        let (watch, term) = self.watch;
        let config = format!(
            "[kafka]\nbrokers = \"{brokers}\"\nmentions = \"{mentions}\"\nprefix = \"{name}\"\n\
             [detect]\nlearn_for = \"{learn_for}\"\n\
             [web]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"{url}\"\nlink_secret = \"env:LINK_SECRET\"\n{further}\n\
             [[watch]]\nname = \"{watch}\"\nterms = [\"{term}\"]\nescalation = \"all\"\n{receivers}\n\
             [[escalation]]\nname = \"all\"\n{steps}",
            brokers = kafka::shared().brokers(),
            mentions = self.mentions(),
            name = self.name,
            learn_for = self.learn_for,
            port = self.port,
            url = self.url(),
            further = self.further,
            receivers = self.receivers,
            steps = self.steps,
        );
        Home::new(&config)
            .with("LINK_SECRET", "a secret of the tests alone")
            .with("SLACK_TOKEN", slack::TOKEN)
            .with("ROUTING_KEY", pagerduty::ROUTING_KEY)
            .with("HOOK_SECRET", webhook::SECRET)
            .with("MAIL_PASSWORD", smtp::PASSWORD)
    }

    /// Starts it, and waits until it is ready.
    pub fn start(&self) -> (Home, Running) {
        let home = self.home();
        let mut running = home.start(&["run", "--instance", self.name]);
        running.wait_ready(&self.url());
        (home, running)
    }

    /// Four quiet days, and then a quarter of an hour of a crisis, whose mentions `change` makes what the test wants of
    /// them (by their number). The stream ends in the crisis: nothing closes its incident.
    pub fn deliver_crisis(&self, kafka: &Kafka, change: impl Fn(u64, &mut Value)) {
        const START: u64 = 1_790_553_600;
        const QUIET: u64 = 4 * 24 * 3600;
        let (_, term) = self.watch;
        let mention = |number: u64, at: u64, text: String| {
            json!({
                "id": format!("{}:{number}", self.name), "published_at": at, "lang": "en", "source": "x", "text": text,
                "author": { "id": format!("a{number}"), "name": format!("Author {number}"), "followers": number % 50 },
            })
        };
        let quiet = (0..QUIET / 600).map(|number| {
            // Not to the minute: a rhythm without any noise is one that no stream has.
            let at = START + number * 600 + number * 7919 % 577;
            mention(
                number,
                at,
                format!("I saw the {term} shop in street {} at {}", number * 31 % 997, number * 17 % 89),
            )
        });
        let crisis = (0..300).map(|number| {
            let text = format!("{term} is awful, terrible: my {} broke {} times", number * 37 % 991, number * 13 % 97);
            let mut mention = mention(10_000 + number, START + QUIET + number * 3, text);
            change(number, &mut mention);
            mention
        });
        kafka.produce(&self.mentions(), quiet.chain(crisis).map(|mention| mention.to_string()));
    }

    /// Waits for the signed link in the first page at Slack, and gives it back.
    pub fn link(&self, slack: &Slack) -> String {
        wait::until("the link in the page", wait::LONG, || {
            let links = slack.pages().first()?.links();
            links.into_iter().find(|link| link.starts_with(&self.url()) && link.contains("sig="))
        })
    }
}

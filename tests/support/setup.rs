//! The configuration of a test, built piece by piece, and the program that runs with it.

use std::sync::Arc;

use super::alertmanager::Alertmanager;
use super::doubles::{Pagerduty, Slack, Webhook, pagerduty, slack, webhook};
use super::kafka;
use super::orszem::{Home, Running};
use super::ports::Port;
use super::smtp::{self, Smtp};

/// The company that most tests watch: simulated streams have it, and so has [`Setup::deliver_crisis`].
pub const WATCH: &str = "veltaro";
/// What a link is signed with.
pub const LINK_SECRET: &str = "a secret of the tests alone";
/// The name of the one escalation.
const ESCALATION: &str = "all";

/// A program with a topic of mentions (`<name>-mentions`), a prefix (`<name>`), and web pages of its own.
///
/// ```ignore
/// let setup = Setup::new("people").watch(WATCH, &[WATCH]).slack("chat", &slack).step(&["chat"], "30m");
/// let (home, running) = setup.start();
/// ```
#[derive(Clone)]
pub struct Setup {
    prefix: String,
    instance: String,
    /// The shared Kafka unless said here.
    brokers: Option<String>,
    /// `None` where `[[input]]` says what is read.
    mentions: Option<String>,
    kafka: String,
    detect: String,
    /// Shared with the clones, which are the same program with another configuration.
    port: Arc<Port>,
    web: String,
    sections: String,
    /// Each watch with its settings.
    watches: Vec<(String, String)>,
    receivers: String,
    steps: String,
}

impl Setup {
    /// Without watches, receivers and steps so far.
    pub fn new(name: &str) -> Setup {
        let port = Port::take();
        let web = format!("listen = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\n");
        Setup {
            prefix: name.to_owned(),
            instance: name.to_owned(),
            brokers: None,
            mentions: Some(format!("{name}-mentions")),
            kafka: String::new(),
            detect: String::new(),
            port: Arc::new(port),
            web,
            sections: String::new(),
            watches: Vec::new(),
            receivers: String::new(),
            steps: String::new(),
        }
    }

    /// With the names that topics have where the configuration says nothing: a broker that others use has them too.
    pub fn with_default_names() -> Setup {
        Setup::new("orszem").reading("mentions")
    }

    /// Made for [`Setup::deliver_crisis`]: watches [`WATCH`], learns in two days, and signs its links.
    pub fn for_crisis(name: &str) -> Setup {
        Setup::new(name).watch(WATCH, &[WATCH]).learning("2d").signing_links()
    }

    /// Another copy of the same program: a name and web pages of its own, and the rest shared.
    #[must_use]
    pub fn copy(&self, instance: &str) -> Setup {
        let port = Port::take();
        let web = self.web.replace(&format!(":{}\"", self.port), &format!(":{port}\""));
        Setup { instance: instance.to_owned(), port: Arc::new(port), web, ..self.clone() }
    }

    /// A Kafka that is not the shared one.
    #[must_use]
    pub fn brokers(mut self, brokers: &str) -> Setup {
        self.brokers = Some(brokers.to_owned());
        self
    }

    /// Reads this topic.
    #[must_use]
    pub fn reading(mut self, topic: &str) -> Setup {
        self.mentions = Some(topic.to_owned());
        self
    }

    /// Reads the topics of these sections `[[input]]`.
    #[must_use]
    pub fn inputs(mut self, sections: &str) -> Setup {
        self.mentions = None;
        self.with(sections)
    }

    /// Further settings of `[kafka]`.
    #[must_use]
    pub fn kafka(mut self, settings: &str) -> Setup {
        self.kafka += &format!("{settings}\n");
        self
    }

    /// How long a watch learns.
    #[must_use]
    pub fn learning(mut self, time: &str) -> Setup {
        self.detect += &format!("learn_for = \"{time}\"\n");
        self
    }

    /// Further settings of `[detect]`.
    #[must_use]
    pub fn detect(mut self, settings: &str) -> Setup {
        self.detect += &format!("{settings}\n");
        self
    }

    /// Its links are signed, with [`LINK_SECRET`].
    #[must_use]
    pub fn signing_links(mut self) -> Setup {
        self.web += "link_secret = \"env:LINK_SECRET\"\n";
        self
    }

    /// These settings of `[web]` and no others.
    #[must_use]
    pub fn web(mut self, settings: &str) -> Setup {
        self.web = format!("{settings}\n");
        self
    }

    /// A watch that looks for these terms. Where there is a step, it is escalated.
    #[must_use]
    pub fn watch(self, name: &str, terms: &[&str]) -> Setup {
        self.watch_with(name, &format!("terms = {terms:?}"))
    }

    /// [`WATCH`] as a simulated stream writes it, with a budget so low that its crisis alone pages.
    #[must_use]
    pub fn watch_simulated(self) -> Setup {
        self.watch_with(WATCH, "terms = [\"veltaro\", \"@veltaro\", \"#veltaro\"]\nbudget = 0.2")
    }

    /// As [`Setup::watch`], with its settings as they stand in the configuration.
    #[must_use]
    pub fn watch_with(mut self, name: &str, settings: &str) -> Setup {
        self.watches.push((name.to_owned(), settings.to_owned()));
        self
    }

    /// A Slack channel, by bot token.
    #[must_use]
    pub fn slack(self, name: &str, slack: &Slack) -> Setup {
        let (channel, url) = (slack::CHANNEL, slack.url());
        let settings = format!("token = \"env:SLACK_TOKEN\"\nchannel = \"{channel}\"\nbase_url = \"{url}\"");
        self.receiver(name, "slack", &settings)
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
        self.webhook_at(name, &webhook.url())
    }

    /// A signed webhook at this address.
    #[must_use]
    pub fn webhook_at(self, name: &str, url: &str) -> Setup {
        let settings = format!("url = \"{url}\"\nsecrets = [\"env:HOOK_SECRET\"]\nallow_private = true");
        self.receiver(name, "webhook", &settings)
    }

    /// A mailbox.
    #[must_use]
    pub fn mail(self, name: &str, smtp: &Smtp) -> Setup {
        self.mail_to(name, smtp, &["desk@example.com"])
    }

    /// Several mailboxes.
    #[must_use]
    pub fn mail_to(self, name: &str, smtp: &Smtp, to: &[&str]) -> Setup {
        let (host, port, ca, user) = (smtp.host(), smtp.port(), smtp.ca_file(), smtp::USER);
        let settings = format!(
            "host = \"{host}\"\nport = {port}\nca_file = \"{}\"\nuser = \"{user}\"\npassword = \"env:MAIL_PASSWORD\"\n\
             from = \"Orszem <orszem@example.com>\"\nto = {to:?}",
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

    /// Further sections of the configuration, before the watches; not `[kafka]`, `[detect]` and `[web]`.
    #[must_use]
    pub fn with(mut self, sections: &str) -> Setup {
        self.sections += sections;
        self
    }

    /// The start of its web pages' addresses.
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// `host:port` of its web pages.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The prefix of its topics.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The topic that it reads.
    ///
    /// # Panics
    /// When it reads several.
    pub fn mentions(&self) -> &str {
        self.mentions.as_deref().unwrap()
    }

    /// The text of `alerts.toml`.
    pub fn config(&self) -> String {
        let brokers = self.brokers.clone().unwrap_or_else(|| kafka::shared().brokers());
        let mentions = self.mentions.iter().map(|topic| format!("mentions = \"{topic}\"\n")).collect::<String>();
        let (prefix, kafka, web, sections) = (&self.prefix, &self.kafka, &self.web, &self.sections);
        let mut text = format!("[kafka]\nbrokers = \"{brokers}\"\nprefix = \"{prefix}\"\n{mentions}{kafka}");
        if !self.detect.is_empty() {
            text += &format!("\n[detect]\n{}", self.detect);
        }
        text += &format!("\n[web]\n{web}\n{sections}");
        for (name, settings) in &self.watches {
            text += &format!("\n[[watch]]\nname = \"{name}\"\n{settings}\n");
            if !self.steps.is_empty() {
                text += &format!("escalation = \"{ESCALATION}\"\n");
            }
        }
        text += &self.receivers;
        if !self.steps.is_empty() {
            text += &format!("\n[[escalation]]\nname = \"{ESCALATION}\"\n{}", self.steps);
        }
        text
    }

    /// A folder with the configuration and the secrets that it names.
    pub fn home(&self) -> Home {
        Home::new(&self.config())
            .with("LINK_SECRET", LINK_SECRET)
            .with("SLACK_TOKEN", slack::TOKEN)
            .with("ROUTING_KEY", pagerduty::ROUTING_KEY)
            .with("HOOK_SECRET", webhook::SECRET)
            .with("MAIL_PASSWORD", smtp::PASSWORD)
            .with("KAFKA_PASSWORD", kafka::PASSWORD)
    }

    /// Starts it in its [`Setup::home`].
    pub fn launch(&self, home: &Home) -> Running {
        home.start(&["run", "--instance", &self.instance])
    }

    /// Starts it in its [`Setup::home`], and waits until it is ready.
    pub fn start_in(&self, home: &Home) -> Running {
        let mut running = self.launch(home);
        running.wait_ready(&self.url());
        running
    }

    /// Starts it, and waits until it is ready.
    pub fn start(&self) -> (Home, Running) {
        let home = self.home();
        let running = self.start_in(&home);
        (home, running)
    }
}

//! What is in `deploy/`: valid to the programs that read it, and naming only what there is.

#[path = "deploy/kubernetes.rs"]
mod kubernetes;
#[path = "deploy/observed.rs"]
mod observed;
#[path = "deploy/release.rs"]
mod release;
mod support;
#[path = "deploy/workflows.rs"]
mod workflows;

use orszem_runtime::metrics::Kind;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;
use support::{place, repository};
use yaml_rust2::{Yaml, YamlLoader};

const BOARD: &str = "deploy/grafana/dashboards/orszem.json";
const RULES: &str = "deploy/prometheus/orszem.rules.yml";
const RULE_TESTS: &str = "deploy/prometheus/orszem.rules.test.yml";
const RUNBOOK: &str = "docs/operations.md";
/// Where the alerts link to, as Prometheus makes it: the handbook that the program serves.
const HANDBOOK: &str = r#"{{ or $externalLabels.orszem_url "http://localhost:8080" }}/docs/operations"#;
/// The address of the program, as an external label of Prometheus and as a variable of the board. It is no metric.
const ADDRESS_VARIABLE: &str = "orszem_url";

/// Panels on which no value is bad by itself, and why. All others say from where on it is, with a colour.
const NEVER_BAD: [(&str, &str); 4] = [
    ("Mentions that matched", "how much is written about a watch is for detection to judge"),
    ("Negatives: observed and expected", "what is expected is the threshold"),
    ("Incidents opened", "each has its place among those that are open"),
    ("Built-in model and sentiment service", "where they differ, one of them is right"),
];

fn read(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

fn board() -> Value {
    serde_json::from_str(&read(BOARD)).unwrap_or_else(|fault| panic!("{BOARD}: {fault}"))
}

fn yaml(path: &str) -> Yaml {
    let mut documents = YamlLoader::load_from_str(&read(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"));
    assert_eq!(documents.len(), 1, "{path} holds one document");
    documents.remove(0)
}

fn list<'a>(yaml: &'a Yaml, what: &str) -> &'a [Yaml] {
    yaml.as_vec().unwrap_or_else(|| panic!("{what} is no list"))
}

fn alerts() -> Vec<Yaml> {
    let rules = yaml(RULES);
    list(&rules["groups"], "groups").iter().flat_map(|group| list(&group["rules"], "rules")).cloned().collect()
}

/// All panels but the rows.
fn panels() -> Vec<Value> {
    let board = board();
    let panels = board["panels"].as_array().expect("panels").iter();
    let nested = |panel: &Value| panel["panels"].as_array().cloned().unwrap_or_default();
    let all = panels.flat_map(|panel| [vec![panel.clone()], nested(panel)].concat());
    all.filter(|panel| panel["type"] != "row").collect()
}

/// A query of the board or of the rules.
struct Query {
    /// The panel and the letter of the query, or the alert.
    name: String,
    /// As it is written.
    text: String,
}

/// What Grafana puts in the place of its variables.
struct Variables<'a> {
    /// The watches that are chosen.
    watches: &'a [String],
    /// `$__rate_interval`: the step and one scrape, at least four scrapes.
    rate_interval: &'a str,
    /// `$__range`: from the left edge of the board to the right.
    range: &'a str,
}

impl Query {
    /// As Prometheus is asked: several values of a variable become `(a|b)`, as Grafana's data source for Prometheus has
    /// it.
    fn asked(&self, variables: &Variables<'_>) -> String {
        let watches = match variables.watches {
            [one] => one.clone(),
            several => format!("({})", several.join("|")),
        };
        let query = self.text.replace("$__rate_interval", variables.rate_interval);
        let query = query.replace("$__range", variables.range).replace("$watch", &watches);
        assert!(!query.contains('$'), "a variable of Grafana that this test does not know: {query}");
        query
    }
}

/// Every query of the board, its annotations included.
fn board_queries() -> Vec<Query> {
    let query = |name: String, text: &Value| Query { name, text: text.as_str().expect("an expression").to_owned() };
    let mut queries = Vec::new();
    for panel in panels() {
        let title = panel["title"].as_str().expect("a title");
        for target in panel["targets"].as_array().expect("targets") {
            let letter = target["refId"].as_str().expect("a letter");
            queries.push(query(format!("{title} {letter}"), &target["expr"]));
        }
    }
    let board = board();
    for annotation in board["annotations"]["list"].as_array().expect("annotations") {
        if let Some(text) = annotation.get("expr") {
            queries.push(query(annotation["name"].as_str().expect("a name").to_owned(), text));
        }
    }
    queries
}

/// The expression of every alert.
fn alert_queries() -> Vec<Query> {
    let text = |alert: &Yaml, field: &str| alert[field].as_str().expect("a text").to_owned();
    alerts().iter().map(|alert| Query { name: text(alert, "alert"), text: text(alert, "expr") }).collect()
}

/// The words that begin with `orszem_`, which are metrics.
fn metrics_in(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("orszem_") && *word != ADDRESS_VARIABLE).collect()
}

fn run(program: &str, arguments: &[&str]) -> String {
    let folder = repository("deploy/prometheus");
    let output = Command::new(place(program)).args(arguments).current_dir(folder).output().expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    said
}

#[test]
fn promtool_and_amtool_accept_what_is_theirs() {
    run("PROMTOOL", &["check", "config", "prometheus.yml"]);
    run("PROMTOOL", &["check", "rules", "orszem.rules.yml"]);
    run("AMTOOL", &["check-config", "../alertmanager/alertmanager.yml"]);
}

#[test]
fn rules_fire_on_what_they_are_for() {
    run("PROMTOOL", &["test", "rules", "orszem.rules.test.yml"]);
    let tests = read(RULE_TESTS);
    for alert in alerts() {
        let name = alert["alert"].as_str().expect("a name");
        assert!(tests.contains(name), "no test in {RULE_TESTS} names {name}");
    }
}

#[test]
fn only_metrics_that_exist_are_named() {
    orszem::metrics::register();
    let kinds = orszem_runtime::metrics::registry().kinds();
    let is_histogram = |name: &str| kinds.get(name) == Some(&Kind::Histogram);
    assert!(is_histogram("orszem_page_delay_seconds") && !is_histogram("orszem_mentions_total"));
    let exists = |word: &str| {
        let part = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| word.strip_suffix(suffix));
        match part {
            Some(name) if is_histogram(name) => kinds.contains_key(name),
            _ => kinds.contains_key(word) && !is_histogram(word),
        }
    };
    for path in [BOARD, RULES, RULE_TESTS] {
        let text = read(path);
        let unknown: Vec<&str> = metrics_in(&text).into_iter().filter(|word| !exists(word)).collect();
        assert!(unknown.is_empty(), "{path} names metrics that do not exist: {unknown:?}");
    }
    // And the other way round: what is measured is shown.
    let board = read(BOARD);
    let unseen: Vec<&&str> = kinds.keys().filter(|name| !board.contains(**name)).collect();
    assert!(unseen.is_empty(), "the board does not show {unseen:?}");
}

#[test]
fn every_alert_says_what_to_do() {
    let runbook = read(RUNBOOK);
    let anchors: BTreeSet<String> =
        runbook.lines().filter_map(|line| line.strip_prefix("### ")).map(str::to_lowercase).collect();
    let mut names = BTreeSet::new();
    for alert in alerts() {
        let name = alert["alert"].as_str().expect("a name").to_owned();
        for (field, key) in [("labels", "severity"), ("annotations", "summary"), ("annotations", "description")] {
            assert!(alert[field][key].as_str().is_some(), "{name} has no {key}");
        }
        let severity = alert["labels"]["severity"].as_str();
        assert!(matches!(severity, Some("critical" | "warning")), "{name}: {severity:?}");
        let anchor = name.to_lowercase();
        assert_eq!(
            alert["annotations"]["runbook_url"].as_str(),
            Some(&*format!("{HANDBOOK}#{anchor}")),
            "the runbook of {name}"
        );
        assert!(anchors.contains(&anchor), "{RUNBOOK} has no heading `### {name}`");
        assert!(names.insert(name.clone()), "{name} is there twice");
    }
    let unknown: Vec<&String> = anchors
        .iter()
        .filter(|anchor| anchor.starts_with("orszem") && !names.iter().any(|name| name.to_lowercase() == **anchor))
        .collect();
    assert!(unknown.is_empty(), "{RUNBOOK} explains alerts that do not exist: {unknown:?}");
}

#[test]
fn board_is_whole() {
    let board = board();
    assert_eq!(board["uid"], "orszem");
    assert!(board["id"].is_null(), "an id belongs to one Grafana");
    let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    let mut cells = BTreeSet::new();
    for panel in panels() {
        let title = panel["title"].as_str().expect("a title").to_owned();
        assert!(ids.insert(panel["id"].as_u64()), "{title}: its id is another's");
        assert!(titles.insert((panel["type"].to_string(), title.clone())), "{title} is there twice");
        assert!(panel["description"].as_str().is_some_and(|text| !text.is_empty()), "{title} has no description");
        assert!(panel["fieldConfig"]["defaults"]["unit"].is_string(), "{title} has no unit");
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{title}");
        let mut references = BTreeSet::new();
        for target in panel["targets"].as_array().expect("targets") {
            assert!(references.insert(target["refId"].as_str()), "{title}: two queries of one name");
            assert!(target["legendFormat"].as_str().is_some_and(|text| !text.is_empty()), "{title}: no legend");
        }
        let place = |field: &str| panel["gridPos"][field].as_u64().expect("a place");
        assert!(place("x") + place("w") <= 24, "{title} is wider than the board");
        for x in place("x")..place("x") + place("w") {
            for y in place("y")..place("y") + place("h") {
                assert!(cells.insert((x, y)), "{title} lies over another");
            }
        }
    }
}

/// Whether the panel shows some value in red or orange.
fn says_what_is_bad(panel: &Value) -> bool {
    let bad = |color: &Value| color == "red" || color == "orange";
    let steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"].as_array().expect("thresholds");
    let shows = panel["fieldConfig"]["defaults"]["custom"]["thresholdsStyle"]["mode"] != "off";
    let overrides = panel["fieldConfig"]["overrides"].as_array().expect("overrides").iter();
    let mut properties = overrides.flat_map(|one| one["properties"].as_array().expect("properties"));
    let mapped = |property: &Value| {
        let results = property["value"].as_array().into_iter().flatten();
        let options = results.flat_map(|mapping| mapping["options"].as_object().into_iter().flatten());
        options.into_iter().any(|(_, result)| bad(&result["color"]))
    };
    (shows && steps.len() > 1 && steps.iter().any(|step| bad(&step["color"])))
        || properties.any(|property| bad(&property["value"]["fixedColor"]) || mapped(property))
}

#[test]
fn every_panel_says_from_where_on_a_value_is_bad() {
    for panel in panels() {
        let title = panel["title"].as_str().expect("a title");
        let never = NEVER_BAD.iter().any(|(name, _)| *name == title);
        assert_eq!(says_what_is_bad(&panel), !never, "{title}");
        let legends = panel["targets"].as_array().expect("targets").iter();
        let legends: Vec<&str> = legends.filter_map(|target| target["legendFormat"].as_str()).collect();
        for one in panel["fieldConfig"]["overrides"].as_array().expect("overrides") {
            let name = one["matcher"]["options"].as_str().expect("what it is for");
            let last_word = name.trim_matches(|c: char| !c.is_alphanumeric());
            let fits = |legend: &str| legend.contains(last_word) || legend.contains("outcome}}");
            let is_column = panel["type"] == "table" && panel["targets"][0]["expr"].to_string().contains(name);
            assert!(is_column || legends.iter().any(|legend| fits(legend)), "{title}: nothing is called {name}");
        }
    }
}

#[test]
fn board_begins_with_what_fires_and_what_is_open_and_leads_on() {
    let board = board();
    let top: BTreeSet<String> = panels()
        .iter()
        .filter(|panel| panel["gridPos"]["y"] == 0)
        .map(|panel| panel["title"].as_str().expect("a title").to_owned())
        .collect();
    assert_eq!(top, BTreeSet::from(["Alerts firing".to_owned(), "Incidents now".to_owned()]));
    let links = board["links"].as_array().expect("links").iter();
    let links: Vec<&str> = links.filter_map(|link| link["url"].as_str()).collect();
    assert_eq!(links, ["${orszem_url:raw}/", "${orszem_url:raw}/docs"]);
    let variables = board["templating"]["list"].as_array().expect("variables");
    let address = variables.iter().find(|variable| variable["name"] == ADDRESS_VARIABLE).expect("the address");
    assert_eq!((&address["type"], &address["query"]), (&"textbox".into(), &"http://localhost:8080".into()));
}

#[test]
fn compose_listens_on_this_machine_only() {
    let compose = yaml("deploy/compose.yaml");
    let services = compose["services"].as_hash().expect("services");
    let names: BTreeSet<&str> = services.keys().filter_map(Yaml::as_str).collect();
    assert!(names.is_superset(&BTreeSet::from(["kafka", "orszem", "prometheus", "alertmanager", "grafana"])));
    for (name, service) in services {
        for port in service["ports"].as_vec().into_iter().flatten() {
            assert!(port.as_str().is_some_and(|port| port.starts_with("127.0.0.1:")), "{name:?} listens on {port:?}");
        }
        for (needed, _) in service["depends_on"].as_hash().into_iter().flatten() {
            assert!(names.contains(needed.as_str().expect("a name")), "{name:?} needs {needed:?}, which is not there");
        }
        for mount in service["volumes"].as_vec().into_iter().flatten().filter_map(Yaml::as_str) {
            let Some((from, _)) = mount.split_once(':').filter(|(from, _)| from.starts_with("./")) else { continue };
            assert!(repository("deploy").join(from).exists(), "{name:?} mounts {from}, which is not there");
        }
    }
    for path in ["datasources/prometheus.yaml", "dashboards/orszem.yaml"] {
        let provisioned = yaml(&format!("deploy/grafana/provisioning/{path}"));
        assert_eq!(provisioned["apiVersion"].as_i64(), Some(1), "{path}");
    }
}

#[test]
fn compose_has_a_configuration() {
    let text = read("deploy/alerts.toml");
    let config: orszem_core::settings::Config =
        toml::from_str(&text).unwrap_or_else(|fault| panic!("deploy/alerts.toml: {fault}"));
    assert_eq!(config.web.listen.port(), 8080, "the port that compose.yaml publishes");
    assert!(config.web.listen.ip().is_unspecified(), "a container is reached by its outer address");
    assert!(config.canary.is_some(), "the whole way is proved from the first start on");
    let environment = yaml("deploy/compose.yaml")["services"]["orszem"]["environment"]["ORSZEM_PING_URL"].clone();
    assert!(environment.as_str().is_some_and(|ping| ping.starts_with("${ORSZEM_PING_URL:-http")), "{environment:?}");
}

#[test]
fn probes_and_prometheus_have_a_listener_of_their_own() {
    for path in ["deploy/alerts.toml", "deploy/debian/alerts.toml"] {
        let text = read(path);
        let config: orszem_core::settings::Config =
            toml::from_str(&text).unwrap_or_else(|fault| panic!("{path}: {fault}"));
        assert_eq!(config.web.health_listen.map(|address| address.port()), Some(8081), "{path}");
    }
    let compose = yaml("deploy/compose.yaml");
    let probe = list(&compose["services"]["orszem"]["healthcheck"]["test"], "the health check").last().cloned();
    assert!(probe.as_ref().and_then(Yaml::as_str).is_some_and(|probe| probe.contains("127.0.0.1/8081")), "{probe:?}");
    let image = read("deploy/Dockerfile");
    let probe = image.lines().find(|line| line.trim_start().starts_with("CMD [\"bash\"")).expect("a health check");
    assert!(probe.find("127.0.0.1/8081") < probe.find("127.0.0.1/8080"), "{probe}");
    let scrape = yaml("deploy/prometheus/prometheus.yml");
    let jobs = list(&scrape["scrape_configs"], "jobs").iter();
    let targets: Vec<&Yaml> = jobs
        .filter(|job| job["job_name"].as_str() == Some("orszem"))
        .flat_map(|job| list(&job["static_configs"], "targets"))
        .flat_map(|group| list(&group["targets"], "targets"))
        .collect();
    assert!(
        targets.iter().all(|target| target.as_str().is_some_and(|target| target.ends_with(":8081"))),
        "{targets:?}"
    );
}

/// A watchdog ends a process that hangs: what started it has to start it again, however it ended.
#[test]
fn whatever_runs_orszem_starts_it_again_when_it_ends_or_is_aborted() {
    let unit = read("deploy/orszem.service");
    let says = |line: &str| unit.lines().any(|other| other.trim() == line);
    assert!(says("Restart=always"), "on-failure leaves a process that ended by itself");
    assert!(says("StartLimitIntervalSec=0"), "systemd gives up after five starts otherwise");
    assert!(!unit.lines().any(|line| line.starts_with("RestartPreventExitStatus")), "an abort is a reason to start");
    let compose = yaml("deploy/compose.yaml");
    for (name, service) in compose["services"].as_hash().expect("services") {
        let restart = service["restart"].as_str();
        assert!(matches!(restart, Some("unless-stopped" | "always")), "{name:?}: {restart:?}");
    }
    // Other ways to start it are not tested above; those of deploy/kubernetes are in kubernetes.rs.
    let folders = ["deploy", "deploy/debian", "deploy/release"];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(repository(folder)).expect("a folder"));
    for file in files.map(|file| file.expect("a file").path()) {
        let starts =
            matches!(file.extension().and_then(|end| end.to_str()), Some("service" | "container" | "yaml" | "yml"));
        let known = ["orszem.service", "compose.yaml"].iter().any(|known| file.ends_with(known));
        assert!(!starts || known, "{} starts orszem: see here that it starts it again", file.display());
    }
}

//! A real Prometheus.

use serde_json::Value;
use std::path::Path;

use super::server::Server;
use super::{http, wait};

/// A running Prometheus that scrapes every second.
#[derive(Debug)]
pub struct Prometheus(Server);

impl Prometheus {
    /// Starts one that scrapes `targets` (`host:port`, as job `orszem`) and evaluates the rules in the files `rules`,
    /// with these external labels.
    pub fn start(targets: &[String], rules: &[&Path], labels: &[(&str, &str)]) -> Prometheus {
        let labels: std::collections::BTreeMap<_, _> = labels.iter().copied().collect();
        let config = serde_json::json!({
            "global": { "scrape_interval": "1s", "evaluation_interval": "1s", "external_labels": labels },
            "rule_files": rules,
            "scrape_configs": [{ "job_name": "orszem", "static_configs": [{ "targets": targets }] }],
        });
        // JSON is YAML.
        Prometheus::start_with(&config.to_string())
    }

    /// Starts one with this configuration and waits until it is ready.
    pub fn start_with(config: &str) -> Prometheus {
        Prometheus(Server::start("prometheus", config, &["--storage.tsdb.path=data"]))
    }

    /// Its address, without a `/` at the end.
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// What it answers to a query now: the list of series, or of one scalar. `Err` with its words when it refuses it.
    pub fn query(&self, expression: &str) -> Result<Vec<Value>, String> {
        let url = format!("{}/api/v1/query", self.url());
        let answer = http::post_form(&url, &[("query", expression)]).unwrap();
        let body = answer.json();
        if answer.status != 200 {
            return Err(body["error"].as_str().unwrap_or(&answer.body).to_owned());
        }
        let result = &body["data"]["result"];
        Ok(if body["data"]["resultType"] == "scalar" {
            vec![result.clone()]
        } else {
            result.as_array().unwrap().clone()
        })
    }

    /// Its clock, seconds since the epoch.
    pub fn now(&self) -> f64 {
        let scalar = self.query("time()").unwrap();
        scalar[0][1].as_str().unwrap().parse().unwrap()
    }

    /// What it answers to a query for every second from `start` (seconds since the epoch) until now, as a panel asks
    /// it: the values of each series, without those that are no number. `Err` with its words when it refuses it.
    pub fn query_since(&self, start: f64, expression: &str) -> Result<Vec<Vec<f64>>, String> {
        let (start, end) = (start.to_string(), self.now().to_string());
        let fields = [("query", expression), ("start", &*start), ("end", &*end), ("step", "1")];
        let answer = http::post_form(&format!("{}/api/v1/query_range", self.url()), &fields).unwrap();
        let body = answer.json();
        if answer.status != 200 {
            return Err(body["error"].as_str().unwrap_or(&answer.body).to_owned());
        }
        let values = |series: &Value| {
            let points = series["values"].as_array().unwrap().iter();
            let values = points.map(|point| point[1].as_str().unwrap().parse::<f64>().unwrap());
            values.filter(|value| !value.is_nan()).collect()
        };
        Ok(body["data"]["result"].as_array().unwrap().iter().map(values).collect())
    }

    /// The values of a label in the series of a metric, as Grafana's `label_values(metric, label)` asks for them.
    pub fn label_values(&self, metric: &str, label: &str) -> Vec<String> {
        let answer = http::get(&format!("{}/api/v1/label/{label}/values?match[]={metric}", self.url())).unwrap();
        let values = answer.json()["data"].as_array().unwrap().clone();
        values.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
    }

    /// Waits until every target was scraped once.
    pub fn wait_scraped(&self) {
        let url = format!("{}/api/v1/targets?state=active", self.url());
        wait::holds("every target is scraped", wait::LONG, || {
            let Some(answer) = http::get(&url) else { return false };
            let body = answer.json();
            let targets = body["data"]["activeTargets"].as_array().unwrap();
            !targets.is_empty() && targets.iter().all(|target| target["health"] == "up")
        });
    }

    /// The rules it evaluates, with their health and alerts (`GET /api/v1/rules`).
    pub fn rules(&self) -> Value {
        http::get(&format!("{}/api/v1/rules", self.url())).unwrap().json()["data"].clone()
    }
}

//! `deploy/kubernetes`: every file is used, the copies of all stages are run alike, and what is named elsewhere fits.

use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::{Yaml, YamlLoader};

use crate::support::repository;
use crate::{list, read, yaml};

const FOLDERS: [&str; 3] = ["orszem", "autoscaled", "strimzi"];
const STAGES: [&str; 3] = ["score", "detect", "respond"];
const CONFIGURATION: &str = "deploy/kubernetes/orszem/alerts.toml";

/// Every document of a file.
fn documents(path: &str) -> Vec<Yaml> {
    YamlLoader::load_from_str(&read(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

/// The one document of this kind in a file.
fn one(path: &str, kind: &str) -> Yaml {
    let mut found = documents(path).into_iter().filter(|document| document["kind"].as_str() == Some(kind));
    let document = found.next().unwrap_or_else(|| panic!("{path} has no {kind}"));
    assert!(found.next().is_none(), "{path} has two of {kind}");
    document
}

fn deployment(stage: &str) -> Yaml {
    one(&format!("deploy/kubernetes/orszem/{stage}.yaml"), "Deployment")
}

fn container(deployment: &Yaml) -> &Yaml {
    let containers = list(&deployment["spec"]["template"]["spec"]["containers"], "containers");
    assert_eq!(containers.len(), 1);
    &containers[0]
}

fn config() -> orszem_core::settings::Config {
    toml::from_str(&read(CONFIGURATION)).unwrap_or_else(|fault| panic!("{CONFIGURATION}: {fault}"))
}

#[test]
fn every_file_is_used_by_its_kustomization() {
    for folder in FOLDERS {
        let path = format!("deploy/kubernetes/{folder}");
        let kustomization = yaml(&format!("{path}/kustomization.yaml"));
        let generated = kustomization["configMapGenerator"].as_vec().into_iter().flatten();
        let generated = generated.flat_map(|one| list(&one["files"], "files"));
        let resources = list(&kustomization["resources"], "resources").iter();
        let used: BTreeSet<String> =
            resources.chain(generated).map(|file| file.as_str().expect("a name").to_owned()).collect();
        for file in &used {
            assert!(repository(&format!("{path}/{file}")).exists(), "{path} names {file}, which is not there");
        }
        for entry in std::fs::read_dir(repository(&path)).expect("a folder") {
            let name = entry.expect("a file").file_name().into_string().expect("a name");
            assert!(name == "kustomization.yaml" || used.contains(&name), "{path} does not use {name}");
        }
    }
}

/// What is said three times must not come to differ.
#[test]
fn copies_of_all_stages_are_run_alike() {
    let shape = |stage: &str| {
        let mut text = read(&format!("deploy/kubernetes/orszem/{stage}.yaml")).replace(stage, "STAGE");
        let begin = text.find("apiVersion").expect("a document");
        text.drain(..begin);
        let own = |line: &&str| !["cpu: ", "memory: ", "replicas: "].iter().any(|key| line.trim().starts_with(key));
        text.lines().filter(own).map(str::to_owned).collect::<Vec<_>>()
    };
    for stage in STAGES {
        assert_eq!(shape(stage), shape("score"), "{stage}");
        let deployment = deployment(stage);
        let arguments: Vec<&str> =
            list(&container(&deployment)["args"], "args").iter().filter_map(Yaml::as_str).collect();
        assert_eq!(arguments, ["run", "--stage", stage]);
        let copies = deployment["spec"]["replicas"].as_i64();
        assert!(copies >= Some(2), "{stage}: one can be lost without an interruption");
    }
}

#[test]
fn a_copy_is_restarted_only_where_that_helps_and_stops_in_peace() {
    for stage in STAGES {
        let deployment = deployment(stage);
        let container = container(&deployment);
        let probe = |name: &str| container[name]["httpGet"]["path"].as_str().map(str::to_owned);
        assert_eq!(
            probe("livenessProbe").as_deref(),
            Some("/-/healthy"),
            "a restart does not help while Kafka is away"
        );
        assert_eq!(probe("readinessProbe").as_deref(), Some("/-/ready"));
        for name in ["livenessProbe", "readinessProbe"] {
            assert_eq!(container[name]["httpGet"]["port"].as_str(), Some("health"));
        }
        let pod = &deployment["spec"]["template"]["spec"];
        assert!(pod["terminationGracePeriodSeconds"].as_i64() >= Some(15), "orszem stops within 10 s");
        // Absent it is `Always`, as a watchdog that ends a process needs it.
        assert!(pod["restartPolicy"].is_badvalue(), "{stage}");
        let budget = one(&format!("deploy/kubernetes/orszem/{stage}.yaml"), "PodDisruptionBudget");
        assert_eq!(
            budget["spec"]["selector"]["matchLabels"], deployment["spec"]["template"]["metadata"]["labels"],
            "the budget is for the copies of {stage}"
        );
        assert_eq!(budget["spec"]["maxUnavailable"].as_i64(), Some(1));
    }
}

#[test]
fn ports_and_files_are_those_of_the_configuration() {
    let config = config();
    assert!(config.canary.is_some(), "the whole way is proved from the first start on");
    let ports = BTreeMap::from([
        ("pages", config.web.listen),
        ("health", config.web.health_listen.expect("a port of its own")),
    ]);
    for (name, address) in &ports {
        assert!(address.ip().is_unspecified(), "{name}: a container is reached by its outer address");
    }
    let text = read(CONFIGURATION);
    let named: BTreeSet<&str> =
        text.split('"').filter(|word| word.trim_start_matches("file:").starts_with("/run/")).collect();
    assert!(named.len() >= 6, "{named:?}");
    for stage in STAGES {
        let deployment = deployment(stage);
        let container = container(&deployment);
        let given: BTreeMap<&str, i64> = list(&container["ports"], "ports")
            .iter()
            .map(|port| (port["name"].as_str().expect("a name"), port["containerPort"].as_i64().expect("a port")))
            .collect();
        let wanted: BTreeMap<&str, i64> =
            ports.iter().map(|(name, address)| (*name, i64::from(address.port()))).collect();
        assert_eq!(given, wanted, "{stage}");
        let mounts: Vec<&str> = list(&container["volumeMounts"], "mounts")
            .iter()
            .map(|mount| mount["mountPath"].as_str().expect("a path"))
            .collect();
        for file in &named {
            let path = file.trim_start_matches("file:");
            assert!(
                mounts.iter().any(|mount| path.starts_with(&format!("{mount}/"))),
                "{stage}: nothing brings {path}"
            );
        }
        assert!(mounts.contains(&"/etc/orszem"), "the configuration is in the working directory of the image");
    }
}

/// KEDA would scale by the lag of another group, or start copies that stand by.
#[test]
fn score_is_scaled_by_its_own_lag() {
    let config = config();
    let scaled = one("deploy/kubernetes/autoscaled/score.yaml", "ScaledObject");
    assert_eq!(scaled["spec"]["scaleTargetRef"]["name"].as_str(), deployment("score")["metadata"]["name"].as_str());
    let trigger = &list(&scaled["spec"]["triggers"], "triggers")[0]["metadata"];
    assert_eq!(trigger["topic"].as_str(), Some(&*config.kafka.mentions));
    assert_eq!(trigger["consumerGroup"].as_str(), Some(&*format!("{}-score", config.kafka.prefix)));
    let servers = trigger["bootstrapServers"].as_str().expect("brokers");
    assert_eq!(servers, config.kafka.brokers.replace(':', ".orszem.svc:"), "by its whole name, from another namespace");
    let topic = one("deploy/kubernetes/strimzi/access.yaml", "KafkaTopic");
    let partitions = topic["spec"]["partitions"].as_i64().expect("partitions");
    let threads = i64::from(config.score.threads);
    assert_eq!(scaled["spec"]["maxReplicaCount"].as_i64(), Some(partitions / threads), "more would stand by");
    assert_eq!(topic["metadata"]["name"].as_str(), Some(&*config.kafka.mentions));
}

#[test]
fn three_brokers_lose_nothing_when_one_is_lost() {
    let config = config();
    let kafka = one("deploy/kubernetes/strimzi/kafka.yaml", "Kafka");
    let settings = &kafka["spec"]["kafka"]["config"];
    for key in ["offsets.topic.replication.factor", "transaction.state.log.replication.factor"] {
        assert_eq!(settings[key].as_i64(), Some(i64::from(config.kafka.replication)), "{key}");
    }
    assert_eq!(settings["min.insync.replicas"].as_i64(), Some(2));
    let pools = documents("deploy/kubernetes/strimzi/kafka.yaml");
    let pools = pools.iter().filter(|document| document["kind"].as_str() == Some("KafkaNodePool"));
    assert!(pools.clone().count() == 2 && pools.clone().all(|pool| pool["spec"]["replicas"].as_i64() == Some(3)));
    // The rights that docs/operations.md names, of topics, groups and transactions of this prefix.
    let user = one("deploy/kubernetes/strimzi/access.yaml", "KafkaUser");
    let rights = list(&user["spec"]["authorization"]["acls"], "rights");
    let named: BTreeSet<(&str, &str)> = rights
        .iter()
        .map(|right| &right["resource"])
        .map(|resource| (resource["type"].as_str().expect("a type"), resource["name"].as_str().expect("a name")))
        .collect();
    let prefix = &config.kafka.prefix;
    let (topics, groups) = (format!("{prefix}."), format!("{prefix}-"));
    let mentions = &*config.kafka.mentions;
    let wanted = [("topic", &*topics), ("topic", mentions), ("group", &*groups), ("transactionalId", &*groups)];
    assert_eq!(named, BTreeSet::from(wanted));
}

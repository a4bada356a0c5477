use super::*;
use crate::rotation::{self, Rotates};
use orszem_core::settings::secret::Secret;

#[test]
fn every_secret_is_listed_wherever_it_is_named() {
    let text = r#"
[kafka.options]
"sasl.password" = "env:KAFKA"
"ssl.ca.location" = "file:/ca"
"client.rack" = "env-1"
[web]
link_secret = "env:LINK"
api_token = "env:API"
[[receiver]]
kind = "slack"
name = "bot"
token = "env:BOT"
channel = "C0123456789"
[[receiver]]
kind = "slack"
name = "hook"
webhook = "env:SLACK"
[[receiver]]
kind = "email"
name = "mail"
host = "smtp.example.com"
user = "orszem"
password = "env:MAIL"
from = "a@example.com"
to = ["b@example.com"]
[[receiver]]
kind = "pagerduty"
name = "pager"
routing_key = "env:PAGER"
[[receiver]]
kind = "webhook"
name = "signed"
url = "https://hook.example.com/"
secrets = ["env:NEW", "env:OLD"]
"#;
    let (config, faults) = examine(text, Path::new("a.toml"), SecretCheck::Optional);
    let config = config.unwrap_or_else(|| panic!("{faults:#?}"));
    let named = Loaded { config, warnings: Vec::new(), text: text.to_owned() }.secrets();
    let expected = ["env:KAFKA", "file:/ca", "env:LINK", "env:API", "env:BOT", "env:SLACK", "env:MAIL", "env:PAGER"];
    let expected = expected.into_iter().chain(["env:NEW", "env:OLD"]);
    let expected: std::collections::BTreeSet<String> =
        expected.map(|text| format!("{:?}", Secret::parse(text).unwrap())).collect();
    assert_eq!(
        named.iter().map(|named| format!("{:?}", named.secret)).collect::<std::collections::BTreeSet<_>>(),
        expected
    );
}

#[test]
fn what_is_kept_elsewhere_is_in_the_configuration_with_its_setting() {
    let text = r#"
[kafka.options]
"ssl.ca.location" = "/etc/kafka/ca.pem"
"ssl.certificate.location" = "env:KAFKA_CERTIFICATE"
"sasl.password" = "env:KAFKA"
[web]
public_url = "https://orszem.example"
link_secret = ["file:/new", "file:/old"]
[network]
ca_file = "/etc/ca.pem"
[web.tls]
certificate = "/etc/cert.pem"
key = "/etc/key.pem"
"#;
    let (config, faults) = examine(text, Path::new("a.toml"), SecretCheck::Optional);
    let config = config.unwrap_or_else(|| panic!("{faults:#?}"));
    let found: Vec<String> = config.elsewhere.iter().map(|one| format!("{} {}", one.setting, one.kept)).collect();
    let wanted = [
        "[kafka.options] ssl.certificate.location env:KAFKA_CERTIFICATE",
        "[kafka.options] sasl.password env:KAFKA",
        "[web] link_secret file:/new",
        "[web] link_secret file:/old",
        "[network] ca_file /etc/ca.pem",
        "[web.tls] certificate /etc/cert.pem",
        "[web.tls] key /etc/key.pem",
        "[kafka.options] ssl.ca.location /etc/kafka/ca.pem",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn each_secret_says_its_setting_and_whether_a_reload_reads_it_again() {
    let text = r#"
[kafka.options]
"sasl.password" = "file:/kafka"
[web]
link_secret = ["file:/new", "file:/old"]
api_token = "env:API"
[[receiver]]
kind = "email"
name = "mail"
password = "file:/mail"
"#;
    let named = named_secrets(text);
    let of = |rotates| rotation::list(named.iter().filter(|named| named.rotates == rotates));
    let by_reload = "[web] link_secret (file:/new), [web] link_secret (file:/old), [[receiver]] password (file:/mail)";
    assert_eq!(of(Rotates::ByReload), by_reload);
    assert_eq!(of(Rotates::ByRestart), "[kafka.options] sasl.password (file:/kafka), [web] api_token (env:API)");
}

//! The options that `orszem check` knows, held against librdkafka itself.

use orszem_core::settings::kafka_options::{Allowed, allowed, names};
use rdkafka::ClientConfig;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaConfRes::{self, RD_KAFKA_CONF_UNKNOWN};

/// What librdkafka says of an option; it knows those that it was not built with, and refuses them.
fn refused(name: &str, value: &str) -> Option<RDKafkaConfRes> {
    let mut config = ClientConfig::new();
    match config.set(name, value).create_native_config() {
        Err(KafkaError::ClientConfig(why, ..)) => Some(why),
        Err(other) => panic!("{name}: {other}"),
        Ok(_) => None,
    }
}

#[test]
fn the_options_that_check_knows_are_those_of_librdkafka() {
    for name in names() {
        assert_ne!(refused(name, "x"), Some(RD_KAFKA_CONF_UNKNOWN), "{name}");
        let (good, bad) = match allowed(name).unwrap() {
            Allowed::Anything => continue,
            Allowed::Nothing => {
                assert!(refused(name, "1").is_some(), "{name} is built in");
                continue;
            }
            Allowed::Flag => ("true".to_owned(), "yes".to_owned()),
            Allowed::Number(least, most) => (least.to_string(), (most + 1).to_string()),
            Allowed::OneOf(words) | Allowed::SomeOf(words) => (words[0].to_uppercase(), "none-of-these".to_owned()),
        };
        assert_eq!(refused(name, &good), None, "{name} = {good}");
        assert!(refused(name, &bad).is_some(), "{name} = {bad}");
    }
    assert_eq!(refused("secutity.protocol", "x"), Some(RD_KAFKA_CONF_UNKNOWN));
}

//! Options of librdkafka that nobody but orszem may set.

/// Options that orszem sets itself, with the reason why nobody else may.
const RESERVED: &[(&str, &str)] = &[
    ("acks", "a record counts as written when every replica in sync has it"),
    ("auto.offset.reset", "a stage that has no offset begins with the oldest record, so that nothing is skipped"),
    ("bootstrap.servers", "it is \"brokers\" in [kafka]"),
    ("enable.auto.commit", "offsets are committed in the transaction of what was made from them"),
    ("enable.auto.offset.store", "offsets are committed in the transaction of what was made from them"),
    ("enable.idempotence", "transactions rest on it"),
    ("enable.partition.eof", "stages must know when they have read everything"),
    ("group.id", "each stage has its own group, named after \"prefix\" in [kafka]"),
    ("group.instance.id", "one name for all stages and copies would make them throw each other out"),
    ("isolation.level", "stages must not read what was never committed"),
    ("metadata.broker.list", "it is \"brokers\" in [kafka]"),
    ("partition.assignment.strategy", "all copies must agree on it (\"group.protocol\" leaves it to the broker)"),
    ("partitioner", "tallies, state and ledger of a watch must lie in partitions of the same number"),
    ("request.required.acks", "a record counts as written when every replica in sync has it"),
    ("statistics.interval.ms", "lag in the metrics comes with the statistics"),
    ("transactional.id", "it fences a copy that lost its partitions, and is named after \"prefix\" in [kafka]"),
];

/// Why an option of librdkafka cannot be set in `[kafka.options]`: orszem sets it itself. `None`: it can be.
pub fn reserved(name: &str) -> Option<&'static str> {
    RESERVED.iter().find(|(ours, _)| *ours == name).map(|(_, reason)| *reason)
}

//! A part of what a topic holds, and the records of it: for a backtest, for a query that is tried.

use orszem_records::time::Timestamp;

use crate::stage::Partition;

/// What is to be read of a topic.
#[derive(Clone, Copy, Debug, Default)]
pub struct RangeQuery {
    /// Nothing that Kafka dates before this.
    pub since: Option<Timestamp>,
    /// At most about this number of records, the newest of each partition.
    pub newest: Option<usize>,
    /// Nothing more once the clock says this.
    pub until: Option<Timestamp>,
}

/// A record that was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Read {
    /// Its partition.
    pub partition: Partition,
    /// Its value; nothing where there is none.
    pub value: Vec<u8>,
    /// Its headers.
    pub headers: Vec<(String, Vec<u8>)>,
}

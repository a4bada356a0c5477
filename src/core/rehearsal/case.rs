//! A case: its file, and what it says.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Table;

use orszem_records::time::Timestamp;

use super::deed::{self, Deed};
use super::merge::merged;
use super::moment;
use crate::settings::Config;

/// When a case begins that does not say: 2026-03-02T10:00:00Z, a Monday.
const START: Timestamp = Timestamp(1_772_445_600_000);

/// A case as its file says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Its number in a list of cases.
    #[serde(default)]
    number: Option<u32>,
    /// What it shows.
    title: String,
    /// Where it was learnt.
    #[serde(default)]
    source: Option<String>,
    /// When it begins, as an instant.
    #[serde(default)]
    start: Option<String>,
    /// When it ends.
    until: String,
    /// What happens.
    happens: Vec<String>,
    /// Who hears what.
    #[serde(default)]
    expects: Vec<String>,
    /// What the ledger must say, among other things.
    #[serde(default)]
    ledger: Vec<String>,
    /// What is different from the standing configuration.
    #[serde(default)]
    config: Table,
    /// By name, further changes, for `reload`.
    #[serde(default)]
    reload: BTreeMap<String, Table>,
    /// By receiver, what it can do: `updates`, `acknowledges`, `calls-itself`.
    #[serde(default)]
    able: BTreeMap<String, Vec<String>>,
}

/// The standing configuration of a folder of cases.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Standing {
    #[serde(default)]
    config: Table,
    #[serde(default)]
    able: BTreeMap<String, Vec<String>>,
}

/// A case that can be run.
#[derive(Debug)]
pub struct Case {
    /// Its number in a list of cases, where it has one.
    pub number: Option<u32>,
    /// What it shows.
    pub title: String,
    pub(super) start: Timestamp,
    pub(super) until: Timestamp,
    pub(super) happens: Vec<(Timestamp, Deed)>,
    pub(super) expects: Vec<(Timestamp, String)>,
    pub(super) ledger: Vec<(Timestamp, String)>,
    pub(super) config: Config,
    pub(super) reload: BTreeMap<String, Config>,
    pub(super) able: BTreeMap<String, Vec<String>>,
}

impl Case {
    /// Reads a case from the text of its file. `standing` is the text of the folder's `standing.toml`.
    ///
    /// # Errors
    /// What is wrong, with the line where it is known.
    pub fn parse(text: &str, standing: Option<&str>) -> Result<Case, String> {
        let written: Written = toml::from_str(text).map_err(|fault| fault.to_string())?;
        let standing: Standing = match standing {
            Some(text) => toml::from_str(text).map_err(|fault| format!("standing.toml: {fault}"))?,
            None => Standing::default(),
        };
        let start = match &written.start {
            Some(start) => moment::parse(start, START).ok_or_else(|| format!("start {start:?} is no instant"))?,
            None => START,
        };
        let until = &written.until;
        let until = moment::parse(until, start).ok_or_else(|| format!("until {until:?} is no time"))?;
        let mut happens = Vec::new();
        for line in &written.happens {
            happens.push(deed::parse(line, start).map_err(|fault| format!("{line:?}: {fault}"))?);
        }
        happens.sort_by_key(|(at, _)| *at);
        let lines = |lines: &[String]| lines.iter().map(|line| expected(line, start)).collect::<Result<Vec<_>, _>>();
        let whole = merged(&standing.config, &written.config);
        let mut reload = BTreeMap::new();
        for (name, changes) in &written.reload {
            reload.insert(name.clone(), config(&merged(&whole, changes))?);
        }
        let mut able = standing.able;
        able.extend(written.able);
        Ok(Case {
            number: written.number,
            title: match written.source {
                Some(source) => format!("{} [{source}]", written.title),
                None => written.title,
            },
            start,
            until,
            happens,
            expects: lines(&written.expects)?,
            ledger: lines(&written.ledger)?,
            config: config(&whole)?,
            reload,
            able,
        })
    }
}

fn config(table: &Table) -> Result<Config, String> {
    Config::deserialize(table.clone()).map_err(|fault| format!("config: {fault}"))
}

/// A line of what is expected: a time, and the rest with one space between its words.
fn expected(line: &str, start: Timestamp) -> Result<(Timestamp, String), String> {
    let (time, rest) = line.split_once(' ').ok_or_else(|| format!("{line:?}: a line is a time and a message"))?;
    let at = moment::parse(time, start).ok_or_else(|| format!("{line:?}: {time:?} is no time"))?;
    Ok((at, rest.split_whitespace().collect::<Vec<_>>().join(" ")))
}

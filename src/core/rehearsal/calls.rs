//! A case of who is called when: what happens at which times, and who must hear what.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Table};

use orszem_records::time::Timestamp;

use super::about::About;
use super::deed::{self, Deed};
use super::ids;
use super::merge::merged;
use super::moment;
use super::standing::{Standing, config, line};
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
    happens: Vec<Spanned<String>>,
    /// Who hears what.
    #[serde(default)]
    expects: Vec<Spanned<String>>,
    /// What the ledger must say, among other things.
    #[serde(default)]
    ledger: Vec<Spanned<String>>,
    /// Whether the messages about shifts are expected too; else they are left out.
    #[serde(default)]
    shifts: bool,
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

/// Who is called when.
#[derive(Debug)]
pub(super) struct Calls {
    pub(super) start: Timestamp,
    pub(super) until: Timestamp,
    pub(super) happens: Vec<(Timestamp, Deed)>,
    pub(super) expects: Vec<Expected>,
    pub(super) ledger: Vec<Expected>,
    pub(super) shifts: bool,
    pub(super) config: Config,
    pub(super) reload: BTreeMap<String, Config>,
    pub(super) able: BTreeMap<String, Vec<String>>,
}

/// What is to be told, or to be in the ledger.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) at: Timestamp,
    pub(super) what: String,
    /// The line of the file.
    pub(super) line: usize,
}

impl Calls {
    pub(super) fn parse(text: &str, standing: Standing) -> Result<(About, Calls), String> {
        let written: Written = toml::from_str(text).map_err(|fault| fault.to_string())?;
        let start = match &written.start {
            Some(start) => moment::parse(start, START).ok_or_else(|| format!("start {start:?} is no instant"))?,
            None => START,
        };
        let until = &written.until;
        let until = moment::parse(until, start).ok_or_else(|| format!("until {until:?} is no time"))?;
        let fault = |of: &Spanned<String>, fault: String| {
            format!("line {}: {:?}: {fault}", line(text, &of.span()), of.get_ref())
        };
        let mut happens = Vec::new();
        for one in &written.happens {
            happens.extend(deed::parse(one.get_ref(), start).map_err(|why| fault(one, why))?);
        }
        happens.sort_by_key(|(at, _)| *at);
        let expected = |lines: &[Spanned<String>], is_message: bool| -> Result<Vec<Expected>, String> {
            let mut all = Vec::new();
            for one in lines {
                let (at, whats) = expected(one.get_ref(), start, is_message).map_err(|why| fault(one, why))?;
                let line = line(text, &one.span());
                all.extend(whats.into_iter().map(|what| Expected { at, what, line }));
            }
            Ok(all)
        };
        let (expects, ledger) = (expected(&written.expects, true)?, expected(&written.ledger, false)?);
        let whole = merged(&standing.config, &written.config);
        let mut reload = BTreeMap::new();
        for (name, changes) in &written.reload {
            reload.insert(name.clone(), config(merged(&whole, changes))?);
        }
        let mut able = standing.able;
        able.extend(written.able);
        let about = About { number: written.number, title: written.title, source: written.source };
        let (shifts, config) = (written.shifts, config(whole)?);
        Ok((about, Calls { start, until, happens, expects, ledger, shifts, config, reload, able }))
    }
}

/// A line of what is expected: a time, and the rest as the play says it. A range of incidents is a line for each.
fn expected(line: &str, start: Timestamp, is_message: bool) -> Result<(Timestamp, Vec<String>), String> {
    let (time, rest) = line.split_once(' ').ok_or("a line is a time and what is expected then")?;
    let at = moment::parse(time, start).ok_or_else(|| format!("{time:?} is no time"))?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    // RECEIVER WHAT [again] INCIDENT OTHERS, or WORDS INCIDENT.
    let place = match (is_message, words.get(2)) {
        (true, Some(&"again")) => 3,
        (true, _) => 2,
        (false, _) => words.len().saturating_sub(1),
    };
    let incident = words.get(place).ok_or("it names no incident")?;
    let (before, others) = (words[..place].join(" "), ids::listed(&ids::expanded(&words[place + 1..])));
    let of_one = |incident: &String| format!("{before} {}{others}", ids::shown(incident));
    Ok((at, ids::expanded(&[incident]).iter().map(of_one).collect()))
}

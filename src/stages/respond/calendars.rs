//! The calendars of rotations that others keep. The copy that decides reads them, and writes what stands there for all
//! copies. As long as it is the same, nothing is written. While a calendar cannot be read, what was read last stays.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use tokio::runtime::Handle;

use orszem_core::oncall::Roster;
use orszem_core::oncall::import::{self, Wanted};
use orszem_core::settings::{Config, ShiftCalendar};
use orszem_core::stage::Output;
use orszem_notify::{Calendar, Fetched};
use orszem_records::ledger::ByWhom;
use orszem_records::team::shifts::CalendarShifts;
use orszem_records::team::{Change, Record};
use orszem_records::time::Timestamp;

use super::{for_the_team, metrics};

/// The calendars of a configuration by the names of their rotations.
pub type Sources = BTreeMap<String, Arc<dyn Calendar>>;

/// Makes the calendars of a configuration, or says why it cannot. The reason must hold no secret.
pub type BuildCalendars = Box<dyn Fn(&Config) -> Result<Sources, String> + Send>;

/// All calendars, and what is to be written of them.
pub(super) struct Calendars {
    handle: Handle,
    readings: BTreeMap<String, Reading>,
    told: mpsc::Sender<News>,
    news: mpsc::Receiver<News>,
    /// How many news were not read yet.
    unread: Arc<AtomicUsize>,
    /// What is to be written, and whether the last `flush` handed it over.
    pending: BTreeMap<String, (CalendarShifts, bool)>,
    /// How many times one was begun to be read.
    begun: u64,
}

struct Reading {
    settings: ShiftCalendar,
    calendar: Arc<dyn Calendar>,
    known: Option<Fetched>,
    /// When it is to be read next; `None` while it is being read.
    next: Option<Timestamp>,
    /// The number of the last time that it was begun: what an earlier one tells is out of date.
    number: u64,
    /// Why it could not be read the last time.
    fault: Option<String>,
}

struct News {
    rotation: String,
    number: u64,
    read: Result<(Fetched, CalendarShifts), String>,
}

impl Calendars {
    pub(super) fn new(handle: Handle) -> Calendars {
        let (told, news) = mpsc::channel();
        let (readings, pending) = (BTreeMap::new(), BTreeMap::new());
        Calendars { handle, readings, told, news, unread: Arc::default(), pending, begun: 0 }
    }

    /// Takes the calendars of another configuration. All are read again: the people in them may be others.
    pub(super) fn configure(&mut self, config: &Config, mut sources: Sources) {
        let mut before = std::mem::take(&mut self.readings);
        for rotation in &config.rotations {
            let (Some(settings), Some(calendar)) = (&rotation.calendar, sources.remove(&rotation.name)) else {
                continue;
            };
            let same = before.remove(&rotation.name).filter(|known| known.settings == *settings);
            let (known, fault) = same.map_or((None, None), |same| (same.known, same.fault));
            let next = Some(Timestamp::default());
            let reading = Reading { settings: settings.clone(), calendar, known, next, number: 0, fault };
            self.readings.insert(rotation.name.clone(), reading);
        }
        self.pending.retain(|rotation, _| self.readings.contains_key(rotation));
        metrics::calendars(self.readings.keys().map(String::as_str));
    }

    /// This copy begins to decide, or ends: what another one wrote meanwhile is not known here.
    pub(super) fn restart(&mut self) {
        self.pending.clear();
        for reading in self.readings.values_mut() {
            (reading.next, reading.number) = (Some(Timestamp::default()), 0);
        }
    }

    /// Begins to read those that are due.
    pub(super) fn begin(&mut self, config: &Arc<Config>, now: Timestamp) {
        for (rotation, reading) in &mut self.readings {
            if reading.next.is_none_or(|next| next > now) {
                continue;
            }
            self.begun += 1;
            let number = self.begun;
            (reading.next, reading.number) = (None, number);
            let (rotation, known) = (rotation.clone(), reading.known.clone());
            let (calendar, config) = (Arc::clone(&reading.calendar), Arc::clone(config));
            let (told, unread, handle) = (self.told.clone(), Arc::clone(&self.unread), self.handle.clone());
            self.handle.spawn(async move {
                // In a task of its own, so that a panic is its own as well.
                let reading = {
                    let rotation = rotation.clone();
                    handle.spawn(async move { read(&*calendar, known, config, rotation, now).await })
                };
                let read = reading.await.unwrap_or_else(|_| Err("reading failed inside orszem: see its log".into()));
                unread.fetch_add(1, Ordering::Relaxed);
                // Nobody listens any more once the worker is gone.
                let _ = told.send(News { rotation, number, read });
            });
        }
    }

    /// Takes what was read. What the roster does not say yet is to be written.
    pub(super) fn gather(&mut self, roster: &Roster, now: Timestamp) {
        while let Ok(News { rotation, number, read }) = self.news.try_recv() {
            self.unread.fetch_sub(1, Ordering::Relaxed);
            let Some(reading) = self.readings.get_mut(&rotation).filter(|it| it.number == number) else { continue };
            reading.next = Some(now.plus(reading.settings.every.millis()));
            match read {
                Ok((fetched, shifts)) => {
                    reading.known = Some(fetched);
                    reading.fault = None;
                    metrics::calendar_read(&rotation, now, &shifts);
                    if roster.calendar(&rotation) == Some(&shifts) {
                        self.pending.remove(&rotation);
                    } else {
                        self.pending.insert(rotation, (shifts, false));
                    }
                }
                Err(reason) => {
                    metrics::calendar_not_read(&rotation, &reason, reading.fault.as_ref() == Some(&reason));
                    reading.fault = Some(reason);
                }
            }
        }
    }

    /// Hands over what is to be written.
    pub(super) fn flush(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        for (rotation, (shifts, handed)) in &mut self.pending {
            let change = Change::CalendarShifts(shifts.clone());
            let record = Record { id: rotation.clone(), at: now, by: ByWhom::new("orszem", "calendar"), change };
            out.push(for_the_team(&record));
            *handed = true;
        }
    }

    /// What was handed over is committed.
    pub(super) fn committed(&mut self) {
        self.pending.retain(|_, (_, handed)| !*handed);
    }

    /// When there is something to do.
    pub(super) fn next(&self, now: Timestamp) -> Option<Timestamp> {
        if !self.pending.is_empty() || self.unread.load(Ordering::Relaxed) > 0 {
            return Some(now);
        }
        self.readings.values().filter_map(|reading| reading.next).min()
    }
}

async fn read(
    calendar: &dyn Calendar,
    known: Option<Fetched>,
    config: Arc<Config>,
    rotation: String,
    now: Timestamp,
) -> Result<(Fetched, CalendarShifts), String> {
    let fetched = calendar.fetch(known).await?;
    let body = Arc::clone(&fetched.body);
    // Long calendars take long: not on a thread that others send on.
    let reading = tokio::task::spawn_blocking(move || import::read(&body, &Wanted::at(now, &config, &rotation)));
    match reading.await {
        Ok(shifts) => Ok((fetched, shifts.map_err(|unreadable| unreadable.to_string())?)),
        Err(_) => Err("reading failed inside orszem: see its log".into()),
    }
}

#[cfg(test)]
#[path = "calendars_tests.rs"]
mod tests;

//! When a canary is sent, and which one is on its way. One at a time: the next is sent when this one is back, or late.

use orszem_records::time::Timestamp;

use crate::settings::Canary;

/// The canaries of the copy that decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Canaries {
    every_ms: i64,
    within_ms: i64,
    is_on: bool,
    /// When the next one is sent; at once where there was none yet.
    next: Timestamp,
    on_its_way: Option<OnItsWay>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct OnItsWay {
    token: String,
    sent_at: Timestamp,
}

impl Canaries {
    /// Goes over to other settings; `None`: no canary is sent.
    pub fn configure(&mut self, settings: Option<&Canary>) {
        self.is_on = settings.is_some();
        let Some(settings) = settings else { return self.restart() };
        (self.every_ms, self.within_ms) = (settings.every.millis(), settings.within.millis());
    }

    /// This copy begins to decide, or ends: what is on its way is not ours any more.
    pub fn restart(&mut self) {
        (self.next, self.on_its_way) = (Timestamp::default(), None);
    }

    /// Whether one is to be sent.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.is_on && self.on_its_way.is_none() && self.next <= now
    }

    /// One is sent with this token.
    pub fn send(&mut self, token: String, now: Timestamp) {
        self.next = now.plus(self.every_ms);
        self.on_its_way = Some(OnItsWay { token, sent_at: now });
    }

    /// A canary with this token is back. When it was sent, if it is the one that is on its way and in time.
    pub fn back(&mut self, token: &str, now: Timestamp) -> Option<Timestamp> {
        let ours = self.on_its_way.as_ref().filter(|ours| ours.token == token && self.is_in_time(ours.sent_at, now));
        let sent_at = ours?.sent_at;
        self.on_its_way = None;
        Some(sent_at)
    }

    /// The one with this token could not be sent. Whether it was on its way.
    pub fn lost(&mut self, token: &str) -> bool {
        let is_ours = self.on_its_way.as_ref().is_some_and(|ours| ours.token == token);
        if is_ours {
            self.on_its_way = None;
        }
        is_ours
    }

    /// Whether the one that is on its way is too late by now: then it is given up.
    pub fn is_late(&mut self, now: Timestamp) -> bool {
        let late = self.on_its_way.as_ref().is_some_and(|ours| !self.is_in_time(ours.sent_at, now));
        if late {
            self.on_its_way = None;
        }
        late
    }

    /// Whether `now` is in time for one that was sent at `sent_at`.
    pub fn is_in_time(&self, sent_at: Timestamp, now: Timestamp) -> bool {
        now.since(sent_at) <= self.within_ms
    }

    /// When there is something to do.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let late = self.on_its_way.as_ref().map(|ours| ours.sent_at.plus(self.within_ms + 1));
        late.or_else(|| self.is_on.then_some(self.next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canaries() -> Canaries {
        let mut canaries = Canaries::default();
        let text = "receiver = \"quiet\"\nping = \"env:PING\"\nevery = \"60s\"\nwithin = \"10s\"";
        canaries.configure(Some(&toml::from_str(text).unwrap()));
        canaries
    }

    #[test]
    fn one_is_sent_at_once_and_then_every_so_often() {
        let mut canaries = canaries();
        assert!(canaries.is_due(Timestamp(5)), "the first at once");
        canaries.send("a".into(), Timestamp(5));
        assert!(!canaries.is_due(Timestamp(5)));
        assert_eq!(canaries.back("a", Timestamp(2_005)), Some(Timestamp(5)));
        assert_eq!(canaries.next_deadline(), Some(Timestamp(60_005)));
        assert!(!canaries.is_due(Timestamp(60_004)) && canaries.is_due(Timestamp(60_005)));
        canaries.configure(None);
        assert!(!canaries.is_due(Timestamp(70_000)) && canaries.next_deadline().is_none());
    }

    #[test]
    fn what_was_not_sent_here_or_is_late_does_not_count() {
        let mut canaries = canaries();
        canaries.send("a".into(), Timestamp(0));
        assert_eq!(canaries.back("b", Timestamp(1)), None, "nobody else can make one");
        assert_eq!(canaries.next_deadline(), Some(Timestamp(10_001)));
        assert_eq!(canaries.back("a", Timestamp(10_001)), None, "too late");
        assert!(!canaries.is_late(Timestamp(10_000)) && canaries.is_late(Timestamp(10_001)));
        assert!(!canaries.is_late(Timestamp(10_002)), "it is told once");
        assert_eq!(canaries.back("a", Timestamp(10_003)), None);
        canaries.send("c".into(), Timestamp(60_000));
        assert_eq!(canaries.back("c", Timestamp(60_001)), Some(Timestamp(60_000)));
        assert_eq!(canaries.back("c", Timestamp(60_001)), None, "the same once");
        canaries.restart();
        assert!(canaries.is_due(Timestamp(60_002)), "another copy decides: it proves the way again");
    }
}

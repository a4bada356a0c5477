//! Card mails: the grab card is mailed when it has changed, at most once a day. What was mailed stands on the topic of
//! the team, so that no copy mails it again.

use std::collections::BTreeMap;

use orszem_records::team::card_mailed::CardMailed;
use orszem_records::time::Timestamp;

use super::settings::Settings;

/// How long after a mail the next may come, in ms: a day.
const APART_MS: i64 = 24 * 3_600_000;

/// How long a change waits for others, in ms: people who write a configuration change it several times.
const SETTLES_MS: i64 = 10 * 60_000;

/// What was mailed, and what is to be.
#[derive(Debug, Default)]
pub(super) struct CardMails {
    /// By receiver, the card that was mailed last, and when.
    mailed: BTreeMap<String, (String, Timestamp)>,
    /// Since when the configuration is as it is.
    since: Option<Timestamp>,
    due: Vec<CardMailed>,
    /// When to look again; `None`: at once.
    next: Option<Timestamp>,
}

impl CardMails {
    /// It was mailed, as the topic says.
    pub(super) fn mailed(&mut self, mailed: &CardMailed, at: Timestamp) {
        self.mailed.insert(mailed.receiver.clone(), (mailed.fingerprint.clone(), at));
    }

    /// Forgets all of it: it is read again.
    pub(super) fn forget(&mut self) {
        *self = CardMails::default();
    }

    /// The card may be another from now on.
    pub(super) fn changed(&mut self) {
        (self.since, self.next) = (None, None);
    }

    /// When to look again; the past where it is to be now.
    pub(super) fn next(&self, settings: &Settings) -> Option<Timestamp> {
        (!settings.card_receivers().is_empty()).then(|| self.next.unwrap_or(Timestamp(i64::MIN)))
    }

    /// What is to be mailed, and counts as mailed from now on.
    pub(super) fn take(&mut self) -> Vec<CardMailed> {
        std::mem::take(&mut self.due)
    }

    /// Finds what is to be mailed at `now`.
    pub(super) fn look(&mut self, settings: &Settings, now: Timestamp) {
        if self.next.is_some_and(|next| next > now) || settings.card_receivers().is_empty() {
            return;
        }
        let settled = self.since.get_or_insert(now).plus(SETTLES_MS);
        let mut next = now.plus(APART_MS);
        for receiver in settings.card_receivers() {
            let fingerprint = settings.card();
            let known = self.mailed.get(receiver);
            if known.is_some_and(|(mailed, _)| *mailed == fingerprint) {
                continue;
            }
            let at = known.map_or(settled, |(_, at)| at.plus(APART_MS).max(settled));
            if at > now {
                next = next.min(at);
                continue;
            }
            let mailed = CardMailed { receiver: receiver.clone(), fingerprint };
            self.mailed(&mailed, now);
            self.due.push(mailed);
        }
        self.next = Some(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posting::posting_fixture::config;
    use crate::settings::Config;

    fn mailed(mails: &mut CardMails, config: &Config, hours: i64) -> usize {
        mails.look(&Settings::new(config, BTreeMap::new()), Timestamp(hours * 3_600_000));
        mails.take().len()
    }

    #[test]
    fn a_card_is_mailed_when_it_has_changed_and_at_most_once_a_day() {
        let mut config = config();
        config.card.mail_to = vec!["mail".into()];
        let mut mails = CardMails::default();
        assert_eq!((mailed(&mut mails, &config, 0), mailed(&mut mails, &config, 1)), (0, 1));
        assert_eq!(mailed(&mut mails, &config, 100), 0);
        config.people[0].ways.pop();
        mails.changed();
        assert_eq!((mailed(&mut mails, &config, 101), mailed(&mut mails, &config, 102)), (0, 1));
        config.people[1].ways.pop();
        mails.changed();
        assert_eq!((mailed(&mut mails, &config, 103), mailed(&mut mails, &config, 104)), (0, 0));
        assert_eq!(mailed(&mut mails, &config, 126), 1);
        let fingerprint = crate::card::fingerprint(&config);
        let mut next_copy = CardMails::default();
        next_copy.mailed(&CardMailed { receiver: "mail".into(), fingerprint }, Timestamp(0));
        assert_eq!((mailed(&mut next_copy, &config, 200), mailed(&mut next_copy, &config, 300)), (0, 0));
    }

    #[test]
    fn nobody_is_mailed_where_nobody_asked_for_it() {
        let mut mails = CardMails::default();
        assert_eq!((mailed(&mut mails, &config(), 0), mailed(&mut mails, &config(), 99)), (0, 0));
    }
}

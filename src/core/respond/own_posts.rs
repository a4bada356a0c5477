//! Own posts: what our accounts published while an incident goes on, as the stream brought it. A post that says what a
//! statement says is that statement, posted.

use std::collections::VecDeque;

use orszem_records::incident::Incident;
use orszem_records::ledger::{ByWhom, Event, STREAM};
use orszem_records::own_post::OwnPost;
use orszem_records::statement::Post;
use orszem_records::time::Timestamp;

use crate::posting::own::says;

/// The most posts that are kept.
const MOST: usize = 1_000;

/// How long a post is kept, in ms: a day. Feeds can be late, and a copy that takes over reads what came before.
const KEPT_MS: i64 = 24 * 3_600_000;

/// How much before a statement was written its post may be dated, in ms: clocks differ.
const EARLIER_MS: i64 = 5 * 60_000;

/// The newest posts of our accounts.
#[derive(Debug, Default)]
pub(super) struct OwnPosts {
    kept: VecDeque<OwnPost>,
    /// There may be a post that belongs to a statement and was not looked at.
    is_new: bool,
}

impl OwnPosts {
    /// An account published something.
    pub(super) fn add(&mut self, post: OwnPost) {
        if self.kept.iter().any(|known| known.id == post.id && known.account == post.account) {
            return;
        }
        if self.kept.len() == MOST {
            self.kept.pop_front();
        }
        self.kept.push_back(post);
        self.is_new = true;
    }

    /// A statement was written, or one that was written before is decided for from now on: a post that came before may
    /// be it.
    pub(super) fn changed(&mut self) {
        self.is_new |= !self.kept.is_empty();
    }

    /// Whether there is anything to look at; then it counts as looked at.
    pub(super) fn take_news(&mut self, now: Timestamp) -> bool {
        if !std::mem::take(&mut self.is_new) {
            return false;
        }
        self.kept.retain(|post| now.since(post.at) < KEPT_MS);
        !self.kept.is_empty()
    }

    /// Whether there is anything to look at.
    pub(super) fn has_news(&self) -> bool {
        self.is_new
    }

    /// What the ledger does not say yet of the statement of an incident: by which accounts it was posted. Also where
    /// nobody approved it: what is out is out, and the report says so.
    pub(super) fn of(&self, incident: &Incident) -> Vec<Event> {
        let Some(newest) = incident.statements.newest() else { return Vec::new() };
        // What was published before a text was changed is the text before.
        let earlier_ms = if newest.number == 1 { EARLIER_MS } else { 0 };
        let mut events: Vec<Event> = Vec::new();
        let mut accounts: Vec<&str> = Vec::new();
        for post in &self.kept {
            // Texts are compared last: that is what takes time.
            let is_known = accounts.contains(&post.account.as_str())
                || incident.statements.posted_by(Some(&post.account), newest.number).is_some();
            if is_known || post.at.since(newest.at) < -earlier_ms || !says(&post.text, &newest.draft.text) {
                continue;
            }
            accounts.push(&post.account);
            events.push(Event::Posted(Post {
                by: ByWhom::new("orszem", STREAM),
                revision: newest.number,
                account: Some(post.account.clone()),
                url: post.url.clone(),
            }));
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posting::posting_fixture::{at, draft, entry, incident};

    fn post(account: &str, text: &str, minutes: i64) -> OwnPost {
        let at = at("2026-03-30T08:00:00Z").plus(minutes * 60_000);
        OwnPost { account: account.into(), id: format!("{account}{minutes}"), at, text: text.into(), url: None }
    }

    #[test]
    fn a_post_that_says_what_the_statement_says_is_it_once_for_each_account() {
        let text = "We are looking into what happened at the plant.";
        let mut incident = incident(1);
        incident.apply(&entry(at("2026-03-30T08:10:00Z"), draft("anna", text)));
        let mut posts = OwnPosts::default();
        posts.add(post("facebook", text, 0));
        posts.add(post("facebook", "Our new summer menu is here, come and try it today!", 20));
        assert_eq!(posts.of(&incident), [], "it was posted before it was written, or says something else");
        posts.add(post("facebook", &format!("{text} https://acme.example"), 21));
        posts.add(post("facebook", text, 22));
        posts.add(post("x", text, 23));
        let events = posts.of(&incident);
        assert_eq!(events.len(), 2);
        for event in events {
            incident.apply(&entry(at("2026-03-30T08:24:00Z"), event));
        }
        assert_eq!(posts.of(&incident), []);
        assert_eq!(incident.statements.posts().len(), 2);
    }

    #[test]
    fn what_is_kept_has_a_limit_and_an_age() {
        let mut posts = OwnPosts::default();
        (0..2_000).for_each(|n| posts.add(post("x", "a b c", n)));
        posts.add(post("x", "a b c", 1_999));
        assert_eq!(posts.kept.len(), MOST);
        assert!(posts.take_news(at("2026-03-30T08:00:00Z").plus(2_000 * 60_000)) && !posts.has_news());
        posts.changed();
        assert!(posts.has_news());
        assert!(!posts.take_news(at("2026-04-05T08:00:00Z")) && posts.kept.is_empty());
    }
}

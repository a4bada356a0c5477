//! What is said in public about an incident: drafts, who approved them, and what was posted.

use serde::{Deserialize, Serialize};

use crate::by_whom::ByWhom;
use crate::time::Timestamp;

/// The most revisions of a statement that are kept: the newest.
const REVISIONS: usize = 10;

/// The most posts of an incident that are kept: the first.
const POSTS: usize = 50;

/// Somebody wrote what is to be said, or changed it. The next revision: what was approved before is not this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// The text; at most [`Draft::LONGEST`] characters.
    pub text: String,
    /// Its language, by its code (`hu`).
    pub language: String,
    /// The holding statement that it was made from, by its name in the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
}

impl Draft {
    /// The most characters of a statement.
    pub const LONGEST: usize = 5_000;
}

/// Somebody approved a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// The revision that they read.
    pub revision: u32,
}

/// Nobody approved a revision in time, and the playbook says that it may go out then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// The revision.
    pub revision: u32,
    /// The playbook that says so.
    pub playbook: String,
    /// Who has the mandate for it, by name.
    pub mandated: Vec<String>,
}

/// The statement was posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Who says so; `orszem`, where it was seen in the stream.
    #[serde(flatten)]
    pub by: ByWhom,
    /// The revision that was posted.
    pub revision: u32,
    /// The account that it was posted by, by its name in the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Where it can be read: an `http` or `https` address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A revision of the statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// Counts the revisions, from 1.
    pub number: u32,
    /// When it was written.
    pub at: Timestamp,
    /// What was written, and by whom.
    #[serde(flatten)]
    pub draft: Draft,
    /// Who approved it, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approved>,
    /// Since when it may go out though nobody approved it, and who may decide that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waived: Option<Waived>,
}

/// That a revision is approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Approved {
    /// When.
    pub at: Timestamp,
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
}

/// That a revision may go out without an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waived {
    /// Since when.
    pub at: Timestamp,
    /// Who has the mandate, by name.
    pub mandated: Vec<String>,
}

/// That something was posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Posted {
    /// When.
    pub at: Timestamp,
    /// What and where.
    #[serde(flatten)]
    pub post: Post,
}

/// Why an approval counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotApproved {
    /// There is no such revision, or it is so old that it is not kept.
    Unknown,
    /// There is a newer one.
    Changed,
    /// It is not known who wrote it, or who approves: whether they are two cannot be told.
    WhoIsIt,
    /// It was written by the same person.
    OwnText,
    /// It is approved already.
    Before,
}

/// The statement of an incident, through all its revisions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Statements {
    /// How many revisions there were.
    count: u32,
    /// The newest revisions, in order.
    revisions: Vec<Revision>,
    /// What was posted, in order.
    posts: Vec<Posted>,
}

impl Statements {
    /// Somebody wrote a revision.
    pub(crate) fn draft(&mut self, draft: &Draft, at: Timestamp) {
        // A record that the topic has twice is one revision.
        if self.newest().is_some_and(|newest| newest.at == at && newest.draft == *draft) {
            return;
        }
        self.count = self.count.saturating_add(1);
        if self.revisions.len() == REVISIONS {
            self.revisions.remove(0);
        }
        let (number, draft) = (self.count, draft.clone());
        self.revisions.push(Revision { number, at, draft, approved: None, waived: None });
    }

    /// Somebody approves a revision: a second person, and only the newest one.
    pub(crate) fn approve(&mut self, approval: &Approval, at: Timestamp) {
        if self.judge(&approval.by, approval.revision).is_err() {
            return;
        }
        if let Some(newest) = self.revisions.last_mut() {
            newest.approved = Some(Approved { at, by: approval.by.clone() });
        }
    }

    /// A revision may go out without an approval; only the newest.
    pub(crate) fn waive(&mut self, waiver: &Waiver, at: Timestamp) {
        if let Some(newest) = self.revisions.last_mut().filter(|newest| newest.number == waiver.revision)
            && newest.waived.is_none()
        {
            newest.waived = Some(Waived { at, mandated: waiver.mandated.clone() });
        }
    }

    /// It was posted. Of two who say so of one account the first counts.
    pub(crate) fn post(&mut self, post: &Post, at: Timestamp) {
        if self.posts.len() < POSTS && !self.has(post.account.as_deref(), post.revision) {
            self.posts.push(Posted { at, post: post.clone() });
        }
    }

    /// Whether somebody can approve a revision: the newest one, which another person wrote. Of both it must be known
    /// which person of the configuration they are.
    ///
    /// # Errors
    /// Why not.
    pub fn judge(&self, by: &ByWhom, revision: u32) -> Result<(), NotApproved> {
        let newest = self.revisions.last().ok_or(NotApproved::Unknown)?;
        if newest.number != revision {
            return Err(if self.revision(revision).is_some() { NotApproved::Changed } else { NotApproved::Unknown });
        }
        match &newest.approved {
            Some(_) => Err(NotApproved::Before),
            None if newest.draft.by.person.is_none() || by.person.is_none() => Err(NotApproved::WhoIsIt),
            None if newest.draft.by.is_same_person(by) => Err(NotApproved::OwnText),
            None => Ok(()),
        }
    }

    /// The newest revision.
    pub fn newest(&self) -> Option<&Revision> {
        self.revisions.last()
    }

    /// A revision, where it is kept.
    pub fn revision(&self, number: u32) -> Option<&Revision> {
        self.revisions.iter().find(|revision| revision.number == number)
    }

    /// The newest revision, where it may be posted: it is approved, or nobody did that in time and it may go out so.
    pub fn usable(&self) -> Option<&Revision> {
        self.newest().filter(|newest| newest.approved.is_some() || newest.waived.is_some())
    }

    /// What was posted, in order.
    pub fn posts(&self) -> &[Posted] {
        &self.posts
    }

    /// Whether it is known that a revision was posted by this account; `None` is a place that is no account.
    pub fn has(&self, account: Option<&str>, revision: u32) -> bool {
        self.posts.iter().any(|known| known.post.revision == revision && known.post.account.as_deref() == account)
    }

    /// That a revision was posted by an account; without an account, anywhere.
    pub fn posted_by(&self, account: Option<&str>, revision: u32) -> Option<&Posted> {
        self.posts.iter().find(|posted| {
            posted.post.revision == revision && (account.is_none() || posted.post.account.as_deref() == account)
        })
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> ByWhom {
        ByWhom { person: Some(name.into()), ..ByWhom::new(name, "page") }
    }

    fn draft(by: &str, text: &str) -> Draft {
        Draft { by: person(by), text: text.into(), language: "en".into(), statement: None }
    }

    fn approval(by: &str, revision: u32) -> Approval {
        Approval { by: person(by), revision }
    }

    #[test]
    fn case_117_a_second_person_approves_and_only_what_stands_now() {
        let mut it = Statements::default();
        it.draft(&draft("anna", "We look into it."), Timestamp(0));
        assert_eq!(it.judge(&person("anna"), 1), Err(NotApproved::OwnText));
        it.approve(&approval("anna", 1), Timestamp(1));
        assert_eq!(it.usable(), None);
        it.draft(&draft("anna", "We know what happened."), Timestamp(2));
        assert_eq!(it.judge(&person("bela"), 1), Err(NotApproved::Changed));
        it.approve(&approval("bela", 1), Timestamp(3));
        assert_eq!(it.usable(), None, "what was approved is not what stands there now");
        it.approve(&approval("bela", 2), Timestamp(4));
        assert_eq!(it.usable().map(|usable| usable.number), Some(2));
        assert_eq!(it.judge(&person("csilla"), 2), Err(NotApproved::Before));
        it.draft(&draft("bela", "We know it all."), Timestamp(5));
        assert_eq!(it.usable(), None, "a text that was changed after its approval is not approved");
        assert_eq!(it.judge(&person("anna"), 9), Err(NotApproved::Unknown));
    }

    #[test]
    fn a_second_person_is_one_only_where_it_is_known_who_both_are() {
        let mut it = Statements::default();
        let by = |shown: &str| ByWhom { person: Some("anna".into()), ..ByWhom::new(shown, "page") };
        it.draft(&Draft { by: by("Kovács Anna"), ..draft("", "a") }, Timestamp(0));
        assert_eq!(it.judge(&by("Anna"), 1), Err(NotApproved::OwnText));
        assert_eq!(it.judge(&ByWhom::new("bela", "link"), 1), Err(NotApproved::WhoIsIt));
        // Anna wrote it by a link that many have, and approves it by her own.
        it.draft(&Draft { by: ByWhom::new("slack", "link"), ..draft("", "b") }, Timestamp(1));
        assert_eq!(it.judge(&by("Kovács Anna"), 2), Err(NotApproved::WhoIsIt));
        it.approve(&Approval { by: by("Kovács Anna"), revision: 2 }, Timestamp(2));
        assert_eq!(it.usable(), None);
    }

    #[test]
    fn of_what_is_kept_the_newest_revisions_and_the_first_posts_stay() {
        let mut it = Statements::default();
        (0..100).for_each(|n| it.draft(&draft("anna", &n.to_string()), Timestamp(n)));
        it.draft(&draft("anna", "99"), Timestamp(99));
        assert_eq!((it.revisions.len(), it.newest().map(|newest| newest.number)), (REVISIONS, Some(100)));
        let post =
            |n: u32| Post { by: ByWhom::new("anna", "page"), revision: 100, account: Some(format!("a{n}")), url: None };
        (0..100).for_each(|n| it.post(&post(n), Timestamp(0)));
        it.post(&post(3), Timestamp(9));
        assert!(it.has(Some("a3"), 100) && !it.has(None, 100), "a place that is no account is another one");
        assert_eq!(it.posts().len(), POSTS);
        assert_eq!(it.posted_by(Some("a3"), 100).map(|posted| posted.at), Some(Timestamp(0)));
    }

    #[test]
    fn a_waiver_is_of_the_newest_revision() {
        let mut it = Statements::default();
        it.draft(&draft("anna", "a"), Timestamp(0));
        it.draft(&draft("anna", "b"), Timestamp(1));
        let waiver = |revision| Waiver { revision, playbook: "scandal".into(), mandated: vec!["csilla".into()] };
        it.waive(&waiver(1), Timestamp(2));
        assert_eq!(it.usable(), None);
        it.waive(&waiver(2), Timestamp(3));
        assert_eq!(it.usable().and_then(|usable| usable.waived.as_ref()).map(|waived| waived.at), Some(Timestamp(3)));
    }
}

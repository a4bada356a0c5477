//! What a mail says, and how it is called.
//!
//! The first mail of an incident has a Message-ID that follows from the incident alone, so a try that is repeated is
//! the same mail to every program on its way; later mails refer to it and so stand in one thread.

use orszem_text::sanitize;

use crate::notification::Notice;

/// A mail, before it takes the form that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its Message-ID, in `<>`.
    pub id: String,
    /// The Message-ID of the first mail of the incident; `None` where this is it.
    pub first: Option<String>,
    /// The subject, one clean line.
    pub subject: String,
    /// When it was made, in seconds since 1970.
    pub date_s: u64,
    /// Further headers: it was made by a program, and wants no answer from one.
    pub headers: [(&'static str, &'static str); 2],
    /// The page as text.
    pub text: String,
    /// The page as HTML.
    pub html: String,
}

impl Mail {
    /// The mail that tells of a notice. `receiver` is the receiver's name, `domain` that of the sender's address.
    pub fn of(notice: &Notice, receiver: &str, domain: &str) -> Mail {
        let page = &notice.page;
        let root = message_id(notice, receiver, domain, "");
        let (id, first) = match notice.revision {
            0 => (root, None),
            revision => {
                let known = notice.reference.clone().filter(|id| is_message_id(id));
                (message_id(notice, receiver, domain, &format!(".{revision}")), Some(known.unwrap_or(root)))
            }
        };
        Mail {
            id,
            first,
            // Titles and names are clean already; a header is where it must not be forgotten.
            subject: sanitize::line(&page.whole_subject()),
            date_s: u64::try_from(notice.sent_at.0.div_euclid(1000)).unwrap_or(0),
            headers: [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")],
            text: page.text(),
            html: page.html().into_string(),
        }
    }
}

/// The hash keeps two receivers, and ids that differ only in letters that an address cannot have, apart.
fn message_id(notice: &Notice, receiver: &str, domain: &str, suffix: &str) -> String {
    let incident = &notice.page.incident.0;
    let hash = xxhash_rust::xxh3::xxh3_64(format!("{receiver}\n{incident}").as_bytes());
    let plain: String = incident
        .chars()
        .take(80)
        .map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' })
        .collect();
    let domain = if domain.is_ascii() { domain } else { "orszem.invalid" };
    format!("<orszem.{plain}.{hash:016x}{suffix}@{domain}>")
}

/// Whether a stored reference can stand in a header: `<…@…>` in visible ASCII.
pub fn is_message_id(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inner.is_some_and(|id| {
        id.len() < 250 && id.contains('@') && id.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte))
    })
}

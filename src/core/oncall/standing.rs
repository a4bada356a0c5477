//! Who has it now, and who is next.

use orszem_records::time::Timestamp;

use super::roster::Roster;

/// How a rotation stands at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who is on call, by name; nobody in a gap.
    pub on_call: Vec<String>,
    /// Until when; `None` where that is not in the next 400 days.
    pub until: Option<Timestamp>,
    /// Who is on call after that, and from when on: where a gap follows, the first after it.
    pub next: Option<(Timestamp, Vec<String>)>,
}

impl Roster {
    /// How a rotation stands at a moment.
    pub fn standing(&self, rotation: &str, at: Timestamp) -> Standing {
        let until = self.next_change(rotation, at);
        let mut next = None;
        let mut change = until;
        while let Some(at) = change {
            let on_call = self.on_call(rotation, at);
            if !on_call.is_empty() {
                next = Some((at, on_call));
                break;
            }
            change = self.next_change(rotation, at);
        }
        Standing { on_call: self.on_call(rotation, at), until, next }
    }
}

//! What the page of an incident is made from.

use orszem_core::settings::Config;
use orszem_records::incident::Incident;

use crate::actions::ActionName;
use crate::auth::link_check::{LinkCheck, LinkParams};

/// What the page is made from.
pub(super) struct PageContext<'a> {
    /// The way to the site's root.
    pub root: &'a str,
    pub incident: &'a Incident,
    /// The configuration in force.
    pub config: &'a Config,
    /// The link that the reader came by.
    pub link: &'a LinkParams,
    /// What it lets them do.
    pub check: &'a LinkCheck,
    /// The reader may see the other incidents.
    pub may_list: bool,
    /// What the reader just did, as the address says: believed only if the incident confirms it.
    pub did: Option<ActionName>,
    /// Somebody had done it before them, or may have, says the address.
    pub late: bool,
}

//! Pages, API and metrics for people and their tools: ledger → view → pages; button → ledger.
//!
//! Nothing here decides anything. The view is a fold of the ledger, held in memory; a button appends one entry to the
//! ledger and waits until the view has read it back. No page needs JavaScript.
//!
//! `server` has the routes, `auth` says who may read and who may act, `actions` writes what people do. `pages` and
//! `api` show the same incidents, to people and to programs; `render` has figures, charts and the style sheet.
//!
//! ```
//! use orszem_records::time::Timestamp;
//! use orszem_web::Signer;
//!
//! let signer = Signer::new(b"a secret");
//! let link = signer.link("https://orszem.example", "acme.1", "slack", Timestamp(1_800_000_000_000));
//! assert!(link.starts_with("https://orszem.example/incidents/acme.1?"));
//! ```

mod access;
mod accounts;
mod actions;
mod address;
mod api;
mod app;
mod asked;
mod auth;
mod calendars;
mod connections;
mod gate;
mod health;
mod limits;
mod oncall;
mod pages;
mod peer;
mod personal_drill;
mod ports;
mod presses;
mod query_preview;
mod refusal;
mod render;
mod server;
mod silences;
pub mod team;
mod team_changes;
mod timeouts;
mod tls;
pub mod view;
mod ways;

#[cfg(test)]
mod fixture;

pub use access::link as access_link;
pub use api::types::{Acted, Detail, Listing, Summary};
pub use app::AppState;
pub use auth::link::{Bearer, LinkError, Links, Signer};
pub use auth::signing_in::SigningIn;
pub use auth::token::Tokens;
pub use limits::UnderWay;
pub use ports::{Answering, Buttons, Health, LedgerSink, Outside, Past, SinkError, TeamSink, Trials};
pub use render::document::page as document_page;
pub use server::{health_router, router, serve};
pub use team::TeamView;
pub use tls::{Certificate, TlsError, certificate_ends};
pub use view::{Filter, View};
pub use ways::link as way_link;

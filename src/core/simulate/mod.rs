//! Simulated mentions of invented companies: plan → sources → mentions in time order, and the truth beside them.
//!
//! Pure: a [`Plan`] and its seed fix every byte. Each company, the chatter and each injection draw from a stream of
//! numbers of their own, so an injection that is added or left out moves nothing else: the mentions of the others keep
//! their times, authors and words.
//!
//! The numbers come from ChaCha8 and SplitMix64, which are fixed algorithms. Times between mentions go through
//! `rand_distr` and the platform's `ln` and `exp`; the golden test notices when an update of either changes them.

mod arrivals;
mod author;
mod catalog;
mod dice;
mod event;
mod grammar;
mod inflect;
mod mention;
mod names;
mod plan;
mod rhythm;
mod simulation;
mod source;
mod truth;

pub use catalog::companies;
pub use event::Kind;
pub use mention::{Author, Mention};
pub use plan::{Company, Injection, InjectionFault, InjectionSpec, Plan, PlanFault, Topic};
pub use simulation::Simulation;
pub use truth::{Pages, Truth, TruthCompany, TruthInjection};

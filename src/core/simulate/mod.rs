//! Simulated mentions of invented companies: plan → sources → mentions in time order, together with the truth.
//!
//! Pure: a [`Plan`] and its seed determine every byte. Each company, the chatter and each injection have their own
//! stream of random numbers. So adding or removing an injection changes nothing else: other mentions keep their times,
//! authors and words.
//!
//! The numbers come from ChaCha8 and SplitMix64, which are fixed algorithms. Times between mentions also depend on
//! `rand_distr` and the platform's `ln` and `exp`; the golden test detects changes in these.

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

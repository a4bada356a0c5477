//! Rehearsal: a case says what happens at which times, and who must hear what at which times, and nobody else. Or it
//! says what a rotation is like and what people changed, and who must be on call when.
//!
//! The core of respond runs the first on a clock of its own, the roster answers for the second. A case is a file, so
//! that one can be added without code; docs/cases.md has both forms.
//!
//! ```
//! use orszem_core::rehearsal::Case;
//!
//! let case = r#"
//! title = "the second step is called when nobody acknowledged"
//! happens = ["0:00 acme opens severity 2"]
//! expects = ["0:00 mail call acme", "5:00 pager call acme"]
//! until = "6:00"
//! [config]
//! watch = [{ name = "acme", terms = ["acme"], escalation = "duty" }]
//! receiver = [{ kind = "console", name = "mail" }, { kind = "console", name = "pager" }]
//! [[config.escalation]]
//! name = "duty"
//! step = [
//!     { receivers = ["mail"], acknowledge_within = "5m" },
//!     { receivers = ["pager"], acknowledge_within = "5m" },
//! ]
//! "#;
//! let case = Case::parse(case, None).unwrap();
//! assert_eq!(case.run().unwrap(), []);
//! ```

mod about;
mod calls;
mod case;
mod deed;
mod difference;
mod ids;
mod merge;
mod moment;
mod play;
mod shifts;
mod standing;

#[cfg(test)]
mod cases_tests;
#[cfg(test)]
mod drills_tests;

pub use case::Case;
pub use difference::Difference;

//! What people change for the whole team: records of the topic of the team, each by the key of what it concerns.

pub mod silence;

//! What concerns the people and not one incident: the records of `orszem.team`.

pub mod sign_out;

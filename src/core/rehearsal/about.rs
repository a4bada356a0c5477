//! What a case says of itself, whatever its form.

/// What every case says of itself.
pub(super) struct About {
    pub(super) number: Option<u32>,
    pub(super) title: String,
    pub(super) source: Option<String>,
}

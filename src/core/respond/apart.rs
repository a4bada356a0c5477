//! Apart: what is kept of real incidents, and the same of drills, so that these count for nothing against the others.

/// Two of a kind.
#[derive(Debug, Default)]
pub(super) struct Apart<T> {
    /// Of what is real.
    pub(super) real: T,
    /// Of drills.
    pub(super) drill: T,
}

impl<T> Apart<T> {
    /// That of drills, or that of what is real.
    pub(super) fn of(&self, drill: bool) -> &T {
        if drill { &self.drill } else { &self.real }
    }

    /// The same, to be changed.
    pub(super) fn of_mut(&mut self, drill: bool) -> &mut T {
        if drill { &mut self.drill } else { &mut self.real }
    }
}

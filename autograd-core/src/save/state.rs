//! What goes on where it was left: the state of optimisers, beside parameters.

use super::error::SaveError;
use super::snapshot::Snapshot;

/// What can be saved in the middle of its work, and goes on from there with the same bits.
///
/// Optimisers of this crate implement it. What is said when they are made (the rule, the schedule, clipping) is not
/// saved: make the same one again.
pub trait Resume<M> {
    /// Writes the state to sections of its own.
    fn store(&self, to: &mut Snapshot);

    /// Takes the state from there, for this model.
    ///
    /// # Errors
    /// If it is not there, or is that of another model or another rule. Nothing has changed then.
    fn resume(&mut self, model: &M, from: &Snapshot) -> Result<(), SaveError>;
}

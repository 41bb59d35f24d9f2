//! The state of an optimiser in a snapshot: a section for each slot, and the number of steps.

use super::{Descent, State};
use crate::float::Float;
use crate::model::Objective;
use crate::optimizer::Rule;
use crate::optimizer::free::Free;
use crate::save::{Resume, SaveError, Snapshot};

/// The keys of what is said beside the slots.
const UPDATES: &str = "optimizer.updates";
const RATE: &str = "optimizer.rate";
const FACTOR: &str = "optimizer.factor";

/// The section of a slot.
fn section(slot: usize) -> String {
    format!("optimizer/{slot}")
}

impl<T: Float> State<T> {
    /// The shape of a slot: that of the parameter, or the length of its free form if that is moved.
    fn kept_shape(&self) -> Vec<usize> {
        self.free.as_ref().map_or_else(|| self.shape.clone(), |free| vec![free.x.len()])
    }
}

impl<M: Objective, R: Rule> Resume<M> for Descent<M, R> {
    fn store(&self, to: &mut Snapshot) {
        to.tensors.retain(|name, _| !name.starts_with("optimizer/"));
        to.set(UPDATES, &self.updates);
        to.set(RATE, &format!("{:?}", self.rate));
        to.set(FACTOR, &format!("{:?}", self.factor));
        for (name, state) in M::NAMES.iter().zip(&self.state) {
            for (slot, values) in state.slots.iter().enumerate() {
                to.put_tensor(format!("{}/{name}", section(slot)), &state.kept_shape(), values);
            }
        }
    }

    fn resume(&mut self, model: &M, from: &Snapshot) -> Result<(), SaveError> {
        let (updates, rate, factor) = (from.number(UPDATES)?, from.number(RATE)?, from.number(FACTOR)?);
        let is_rate = |rate: f64| rate >= 0.0 && rate.is_finite();
        for (key, number) in [(RATE, rate), (FACTOR, factor)] {
            if !is_rate(number) {
                return Err(SaveError::Metadata { key: key.into(), found: Some(number.to_string()) });
            }
        }
        let state = if updates == 0 { Vec::new() } else { self.slots_of(model, from)? };
        (self.updates, self.rate, self.factor, self.state, self.grad) = (updates, rate, factor, state, None);
        Ok(())
    }
}

impl<M: Objective, R: Rule> Descent<M, R> {
    /// The slots of every parameter.
    fn slots_of(&self, model: &M, from: &Snapshot) -> Result<Vec<State<M::Scalar>>, SaveError> {
        let slots = self.rule.slots();
        (0..slots).try_for_each(|slot| from.check_names(&section(slot), &M::NAMES.iter()))?;
        if from.has(&section(slots)) {
            // A rule that keeps more.
            from.check_names(&section(slots), &[].iter())?;
        }
        let state = |(index, name): (usize, &&str)| {
            let shape = model.shape(index).to_vec();
            let support = model.support(index);
            let free = (!support.is_real()).then(|| Free::new(support, &shape));
            let mut state = State { shape, slots: Vec::new(), free };
            let kept = state.kept_shape();
            let slots = (0..slots).map(|slot| from.values(&format!("{}/{name}", section(slot)), &kept));
            state.slots = slots.collect::<Result<_, SaveError>>()?;
            Ok(state)
        };
        M::NAMES.iter().enumerate().map(state).collect()
    }
}

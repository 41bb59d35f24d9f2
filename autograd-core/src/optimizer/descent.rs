//! The engine of all optimisers, and TensorFlow's three methods.
//!
//! For each parameter, one sweep reads the gradient, clips it, and writes the numbers and what the rule keeps for them.
//! Nothing is allocated but at the first call.

mod stored;

use core::fmt;
use std::sync::Arc;

use super::free::Free;
use super::rule::{Rule, SLOTS, check_size};
use crate::clip::{Clip, Clipping};
use crate::error::Error;
use crate::float::Float;
use crate::model::{Objective, Parameters, Workspace, check_shapes};
use crate::schedule::{Constant, Schedule};
use crate::simd::{Block, Kernel, Lanes};

/// What brings a model's loss down, step by step. Every optimiser is one.
///
/// An optimiser serves one model: what it keeps is tied to the shapes it has seen first.
///
/// Parameters with a [support](Parameters::support) (`param sigma in 0..`) are moved in their free form and never leave it: the
/// rate, the decay and what the rule keeps are those of the free numbers, the clipping is that of the gradient as it is.
///
/// ```
/// use autograd_core::{Adam, Clip, Error, Optimizer, model, schedule::Exponential};
/// use ndarray::array;
///
/// model! { pub Line<N> { param w, b; input x: [N], y: [N]; loss = mean((w*x + b - y)^2); } }
///
/// fn main() -> Result<(), Error> {
///     let (x, y) = (array![0.0, 1.0, 2.0], array![1.0, 3.0, 5.0]);
///     let inputs = line::Inputs::new(&x, &y);
///     let mut line: Line = Line { w: 0.0, b: 0.0 };
///     let mut adam = Adam::new(0.1)
///         .schedule(Exponential { rate: 0.5, every: 200.0 })
///         .clip(Clip::GlobalNorm(10.0));
///     for _ in 0..1000 {
///         let _loss = adam.minimize(&mut line, &inputs)?;
///     }
///     // The same in two parts:
///     let mut grads = adam.compute_gradients(&line, &inputs)?;
///     grads *= 0.5;
///     adam.apply_gradients(&mut line, &grads)?;
///     assert!((line.w - 2.0).abs() < 1e-3 && (line.b - 1.0).abs() < 1e-3);
///     Ok(())
/// }
/// ```
///
/// What trains any model by any optimiser is written against the traits:
///
/// ```
/// use autograd_core::{Error, Objective, Optimizer};
///
/// fn train<M: Objective>(
///     model: &mut M,
///     mut optimizer: impl Optimizer<M>,
///     inputs: &M::Inputs<'_>,
///     steps: usize,
/// ) -> Result<Vec<M::Scalar>, Error> {
///     (0..steps).map(|_| optimizer.minimize(model, inputs)).collect()
/// }
/// ```
pub trait Optimizer<M: Objective> {
    /// The gradient of the loss, as it is: clipping is part of [`apply_gradients`](Self::apply_gradients).
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn compute_gradients(&mut self, model: &M, inputs: &M::Inputs<'_>) -> Result<M::Grad, Error>;

    /// Makes one step with a gradient.
    ///
    /// # Errors
    /// [`Error::ParameterShape`] if the gradient has not the model's shapes, or the model not those it had in the first
    /// step. Nothing has changed then.
    fn apply_gradients(&mut self, model: &mut M, grads: &M::Grad) -> Result<(), Error>;

    /// Makes one step, and returns the loss before it.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together, or the model has not the shapes it had in the first step. The
    /// model and the optimiser's state have not changed then.
    fn minimize(&mut self, model: &mut M, inputs: &M::Inputs<'_>) -> Result<M::Scalar, Error>;
}

/// Descent along the gradient by a [`Rule`]: the engine of every optimiser here.
///
/// Clones carry what the optimiser has learnt so far.
pub struct Descent<M: Objective, R> {
    pub(crate) rule: R,
    rate: f64,
    /// What a trainer multiplies the rate with, by epochs.
    factor: f64,
    schedule: Arc<dyn Schedule>,
    clip: Option<Clip>,
    updates: u64,
    /// Per parameter: its shape and slots. Empty before the first step.
    state: Vec<State<M::Scalar>>,
    grad: Option<M::Grad>,
    workspace: M::Workspace,
}

/// What is kept for one parameter.
#[derive(Clone, Debug)]
struct State<T> {
    shape: Vec<usize>,
    slots: Vec<Vec<T>>,
    /// Of a parameter with a support.
    free: Option<Free<T>>,
}

impl<M: Objective, R> Descent<M, R> {
    /// An optimiser by a rule of your own, with a learning rate.
    ///
    /// # Panics
    /// If the rate is negative or not finite, as in all constructors of optimisers.
    #[must_use]
    #[track_caller]
    pub fn by(rule: R, rate: f64) -> Self {
        Self {
            rule,
            rate: check_size("rate", rate),
            factor: 1.0,
            schedule: Arc::new(Constant),
            clip: None,
            updates: 0,
            state: Vec::new(),
            grad: None,
            workspace: M::Workspace::default(),
        }
    }

    /// Multiplies the learning rate of each step with the factor of a schedule.
    #[must_use]
    pub fn schedule(mut self, schedule: impl Schedule + 'static) -> Self {
        self.schedule = Arc::new(schedule);
        self
    }

    /// Clips every gradient before it is used, also before weight decay is added to it.
    ///
    /// # Panics
    /// If the limit is not above 0.
    #[must_use]
    #[track_caller]
    pub fn clip(mut self, clip: Clip) -> Self {
        self.clip = Some(clip.checked());
        self
    }

    /// The learning rate of the next step: the rate times the schedule's factor.
    #[must_use]
    pub fn learning_rate(&self) -> f64 {
        self.rate * self.factor * self.schedule.factor(self.updates)
    }

    /// Multiplies the rate with this and no other factor, whatever the schedule says.
    #[cfg(feature = "train")]
    pub(crate) fn set_factor(&mut self, factor: f64) {
        self.factor = factor;
    }

    /// Sets the rate that the schedule's factor is multiplied with.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[track_caller]
    pub fn set_rate(&mut self, rate: f64) {
        self.rate = check_size("rate", rate);
    }

    /// How many steps have been made.
    #[must_use]
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// Forgets all steps: the next is the first, and may be that of a model of another shape.
    pub fn reset(&mut self) {
        self.updates = 0;
        self.state.clear();
        self.grad = None;
    }

    /// The memory that the buffers of the model's computation hold, in bytes.
    #[must_use]
    pub fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }
}

impl<M: Objective, R: Rule> Descent<M, R> {
    /// Checks that `model` has the shapes of the first step, if there was one.
    fn check_state(&self, model: &M) -> Result<(), Error> {
        for (index, state) in self.state.iter().enumerate() {
            let (name, shape) = (M::NAMES[index], model.shape(index));
            Error::check_shape(name, "optimiser state", shape, &state.shape)?;
        }
        Ok(())
    }

    /// Makes the slots that the rule wants and that are not there yet: all of them, before the first step.
    fn make_state(&mut self, model: &M) {
        for index in self.state.len()..M::NAMES.len() {
            let shape = model.shape(index).to_vec();
            let support = model.support(index);
            let free = (!support.is_real()).then(|| Free::new(support, &shape));
            self.state.push(State { shape, slots: Vec::new(), free });
        }
        for state in &mut self.state {
            let len = state.free.as_ref().map_or_else(|| state.shape.iter().product(), |free| free.x.len());
            for slot in state.slots.len()..self.rule.slots() {
                state.slots.push(vec![M::Scalar::from_f64(self.rule.initial(slot)); len]);
            }
        }
    }

    /// Makes one step. Everything has been checked.
    fn descend(&mut self, model: &mut M, grads: &M::Grad) {
        self.make_state(model);
        let step = self.rule.prepare(self.learning_rate(), self.updates);
        self.updates += 1;
        let clipping = self.clip.map(|clip| clip.of(grads));
        for (index, State { slots, free, .. }) in self.state.iter_mut().enumerate() {
            let clipping = clipping.as_ref().map_or(Clipping::NONE, |of| of(index));
            let (natural, gradient) = (model.values_mut(index), &*grads.values(index));
            if let Some(free) = free {
                free.load(natural, gradient);
                run::<M::Scalar, R>(&step, clipping, &mut free.x, &free.g, slots);
                free.store(natural);
            } else {
                run::<M::Scalar, R>(&step, clipping, natural, gradient, slots);
            }
        }
    }
}

impl<M: Objective, R: Rule> Optimizer<M> for Descent<M, R> {
    fn compute_gradients(&mut self, model: &M, inputs: &M::Inputs<'_>) -> Result<M::Grad, Error> {
        let mut grad = model.zero_grad();
        model.grad_into(inputs, &mut self.workspace, &mut grad)?;
        Ok(grad)
    }

    fn apply_gradients(&mut self, model: &mut M, grads: &M::Grad) -> Result<(), Error> {
        self.check_state(model)?;
        check_shapes("gradient", model, grads)?;
        self.descend(model, grads);
        Ok(())
    }

    fn minimize(&mut self, model: &mut M, inputs: &M::Inputs<'_>) -> Result<M::Scalar, Error> {
        self.check_state(model)?;
        let fits = |grad: &M::Grad| check_shapes("gradient", model, grad).is_ok();
        let mut grad = self.grad.take().filter(fits).unwrap_or_else(|| model.zero_grad());
        let result = model.loss_and_grad_into(inputs, &mut self.workspace, &mut grad);
        if result.is_ok() {
            self.descend(model, &grad);
        }
        self.grad = Some(grad);
        result
    }
}

impl<M: Objective, R: Clone> Clone for Descent<M, R> {
    fn clone(&self) -> Self {
        Self {
            rule: self.rule.clone(),
            rate: self.rate,
            factor: self.factor,
            schedule: Arc::clone(&self.schedule),
            clip: self.clip,
            updates: self.updates,
            state: self.state.clone(),
            grad: None,
            workspace: M::Workspace::default(),
        }
    }
}

impl<M: Objective, R: fmt::Debug> fmt::Debug for Descent<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = &mut f.debug_struct("Descent");
        fields.field("rule", &self.rule).field("rate", &self.rate).field("clip", &self.clip);
        fields.field("updates", &self.updates).finish_non_exhaustive()
    }
}

/// One step of one parameter.
fn run<T: Float, R: Rule>(step: &R::Step, clipping: Clipping, x: &mut [T], g: &[T], slots: &mut [Vec<T>]) {
    let sweep = Sweep::<_, R, 0> { step, clipping, x, g, slots: [] };
    match slots {
        [] => T::dispatch(sweep),
        [a] => T::dispatch(sweep.with([a])),
        [a, b] => T::dispatch(sweep.with([a, b])),
        [a, b, c, ..] => T::dispatch(sweep.with([a, b, c])),
    }
}

/// One step of one parameter, by a rule with `S` slots.
struct Sweep<'a, T, R: Rule, const S: usize> {
    step: &'a R::Step,
    clipping: Clipping,
    x: &'a mut [T],
    g: &'a [T],
    slots: [&'a mut [T]; S],
}

impl<'a, T, R: Rule> Sweep<'a, T, R, 0> {
    fn with<const S: usize>(self, slots: [&'a mut Vec<T>; S]) -> Sweep<'a, T, R, S> {
        let Self { step, clipping, x, g, slots: [] } = self;
        let slots = slots.map(Vec::as_mut_slice);
        Sweep { step, clipping, x, g, slots }
    }
}

impl<T: Float, R: Rule, const S: usize> Sweep<'_, T, R, S> {
    #[inline(always)]
    fn block<V: Lanes<T>>(&mut self, at: Block) {
        let mut slots = [V::splat(T::ZERO); SLOTS];
        for (pack, slot) in slots.iter_mut().zip(&self.slots) {
            *pack = V::load(slot, 0, at);
        }
        let x = V::load(self.x, 0, at);
        let g = self.clipping.apply(V::load(self.g, 0, at));
        R::update(self.step, x, g, &mut slots).store(self.x, 0, at);
        for (pack, slot) in slots.into_iter().zip(&mut self.slots) {
            pack.store(slot, 0, at);
        }
    }
}

impl<T: Float, R: Rule, const S: usize> Kernel<T> for Sweep<'_, T, R, S> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<T>>(mut self) {
        let whole = self.x.len() / V::COUNT * V::COUNT;
        for start in (0..whole).step_by(V::COUNT) {
            self.block::<V>(Block { start, live: V::COUNT });
        }
        if whole < self.x.len() {
            self.block::<V>(Block { start: whole, live: self.x.len() - whole });
        }
    }
}

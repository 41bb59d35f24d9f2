//! The trainer: what is to be done, said step by step.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::best::{Best, Monitor};
use super::history::{History, Stop};
use crate::clip::Clip;
use crate::model::{Model, Objective};
use crate::optimizer::{Descent, Optimizer, Rule};
use crate::schedule::Schedule;

/// Trains a model of any kind on data of any kind by any optimiser.
///
/// [`fit`](Self::fit) trains until as many epochs as were asked for have been made in all, those of earlier calls included:
/// to go on, ask for more of them. A closure's argument has a type if the model has one:
/// `Trainer::new(Adam::<Line>::new(0.1))`.
///
/// ```
/// use std::ops::ControlFlow;
/// use autograd_core::train::{Stop, Trainer};
/// use autograd_core::{Clip, Sgd, model, schedule::StepDecay};
/// use ndarray::array;
///
/// model! { pub Line<N> { param w, b; input x: [N], y: [N]; loss = mean((w*x + b - y)^2); } }
///
/// # fn main() -> Result<(), autograd_core::train::TrainError> {
/// let (x, y) = (array![0.0, 1.0, 2.0, 3.0], array![1.0, 3.0, 5.0, 7.0]);
/// let mut trainer = Trainer::new(Sgd::<Line>::new(0.05))
///     .epochs(50)
///     .batch(3)                                                  // the last batch of an epoch has one observation
///     .clip(Clip::GlobalNorm(5.0))
///     .schedule_by_epoch(StepDecay { rate: 0.5, every: 20 })
///     .metric_of("slope", |inputs, _| inputs.x.len() as f64)
///     .on_epoch(|epoch| if epoch.number == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) });
/// let history = trainer.fit(&mut Line { w: 0.0, b: 0.0 }, &line::Inputs::new(&x, &y))?;
/// assert_eq!((history.epochs(), history.stopped), (10, Stop::Callback));
/// # Ok(())
/// # }
/// ```
pub struct Trainer<M: Objective, O> {
    /// The optimiser, with what it has learnt so far.
    pub optimizer: O,
    pub(super) plan: Plan,
    pub(super) metrics: Vec<Metric<M>>,
    pub(super) on_epoch: Vec<OnEpoch<M>>,
    pub(super) on_step: Vec<OnStep>,
    pub(super) epoch_rate: Option<EpochRate<O>>,
    #[cfg(feature = "safetensors")]
    pub(super) on_disk: Option<OnDisk<M, O>>,
    pub(super) blame: Option<BlameOf<M>>,
    pub(super) history: History,
    pub(super) best: Option<Best<M>>,
}

/// What the numbers of a trainer are.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) epochs: usize,
    pub(super) batch: usize,
    pub(super) seed: u64,
    pub(super) shuffle: bool,
    pub(super) share: Option<f64>,
    pub(super) accumulate: usize,
    pub(super) clip: Option<Clip>,
    pub(super) keep_best: bool,
    pub(super) patience: Option<usize>,
    pub(super) monitor: Monitor,
    pub(super) flags: Vec<Arc<AtomicBool>>,
    #[cfg(feature = "progress")]
    pub(super) shows: bool,
}

/// What is measured after an epoch.
pub(super) enum Metric<M: Model> {
    /// An output that is a number.
    Output(String),
    /// A function of inputs and outputs.
    Of(String, Box<Measure<M>>),
}

pub(super) type Measure<M> = dyn Fn(&<M as Model>::Inputs<'_>, &<M as Model>::Outputs) -> f64;
pub(super) type OnEpoch<M> = Box<dyn FnMut(&Epoch<'_, M>) -> ControlFlow<()>>;
pub(super) type OnStep = Box<dyn FnMut(usize, usize, f64) -> ControlFlow<()>>;

/// A schedule by epochs, and how it is told to the optimiser.
pub(super) struct EpochRate<O> {
    pub(super) schedule: Box<dyn Schedule>,
    pub(super) set: fn(&mut O, f64),
}

/// Where checkpoints are written, and how.
#[cfg(feature = "safetensors")]
pub(super) struct OnDisk<M: Objective, O> {
    pub(super) path: std::path::PathBuf,
    pub(super) write: WriteCheckpoint<M, O>,
}

#[cfg(feature = "safetensors")]
pub(super) type WriteCheckpoint<M, O> = fn(&Trainer<M, O>, &M, &std::path::Path) -> Result<(), crate::save::SaveError>;

/// What traces a batch: the sentence that says where the first value that is not finite comes from.
pub(super) type BlameOf<M> = fn(&M, &<M as Model>::Inputs<'_>) -> Option<String>;

/// What a callback is shown after an epoch.
#[derive(Debug)]
#[non_exhaustive]
pub struct Epoch<'a, M> {
    /// The number of the epoch, from 1.
    pub number: usize,
    /// The model as it is now.
    pub model: &'a M,
    /// All that was measured so far.
    pub history: &'a History,
}

impl<M: Objective, O: Optimizer<M>> Trainer<M, O> {
    /// A trainer that makes 10 epochs of shuffled batches of 32 observations, with seed 0, and nothing else.
    #[must_use]
    pub fn new(optimizer: O) -> Self {
        let plan = Plan {
            epochs: 10,
            batch: 32,
            seed: 0,
            shuffle: true,
            share: None,
            accumulate: 1,
            clip: None,
            keep_best: false,
            patience: None,
            monitor: Monitor { metric: None, largest: false, least: 0.0 },
            flags: Vec::new(),
            #[cfg(feature = "progress")]
            shows: false,
        };
        Self {
            optimizer,
            plan,
            metrics: Vec::new(),
            on_epoch: Vec::new(),
            on_step: Vec::new(),
            epoch_rate: None,
            #[cfg(feature = "safetensors")]
            on_disk: None,
            blame: None,
            history: History::default(),
            best: None,
        }
    }

    /// How many epochs are made in all. 10 at first.
    #[must_use]
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.plan.epochs = epochs;
        self
    }

    /// How many observations a batch has; 32 at first. The last batch of an epoch has those that are left. No batch has
    /// more than the data set allows: whole inputs are one observation.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    #[track_caller]
    pub fn batch(mut self, size: usize) -> Self {
        assert!(size > 0, "a batch has at least one observation");
        self.plan.batch = size;
        self
    }

    /// What the order of observations and the choice of those for validation follow from. 0 at first.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.plan.seed = seed;
        self
    }

    /// Takes observations in their order. Then nothing is copied, and [`validate`](Self::validate) takes the last ones.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.plan.shuffle = false;
        self
    }

    /// Keeps a share of the observations, chosen by the seed, to validate with: nothing is learnt from them.
    ///
    /// # Panics
    /// If it is not between 0 and 1.
    #[must_use]
    #[track_caller]
    pub fn validate(mut self, share: f64) -> Self {
        assert!(share > 0.0 && share < 1.0, "the share for validation is {share}, not between 0 and 1");
        self.plan.share = Some(share);
        self
    }

    /// Makes one step of the gradients of so many batches, each weighted with its number of observations: for a loss that
    /// is a mean, the gradient of all of them together. What is left at the end of an epoch is a step too.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    #[track_caller]
    pub fn accumulate(mut self, batches: usize) -> Self {
        assert!(batches > 0, "a step is made of at least one batch");
        self.plan.accumulate = batches;
        self
    }

    /// Clips every gradient before the optimiser has it.
    ///
    /// # Panics
    /// If the limit is not above 0.
    #[must_use]
    #[track_caller]
    pub fn clip(mut self, clip: Clip) -> Self {
        self.plan.clip = Some(clip.checked());
        self
    }

    /// Ends when nothing has become better for so many epochs, and [keeps the best](Self::keep_best).
    #[must_use]
    pub fn patience(mut self, epochs: usize) -> Self {
        self.plan.patience = Some(epochs);
        self.keep_best()
    }

    /// Leaves the model as it was after its best epoch, that with the least loss: of the validation set if there is one,
    /// else of training. A further fit goes on from there.
    #[must_use]
    pub fn keep_best(mut self) -> Self {
        self.plan.keep_best = true;
        self
    }

    /// The best epoch is that with the least of a metric.
    #[must_use]
    pub fn minimize(mut self, metric: &str) -> Self {
        self.plan.monitor = Monitor { metric: Some(metric.to_owned()), largest: false, ..self.plan.monitor };
        self
    }

    /// The best epoch is that with the largest of a metric.
    #[must_use]
    pub fn maximize(mut self, metric: &str) -> Self {
        self.plan.monitor = Monitor { metric: Some(metric.to_owned()), largest: true, ..self.plan.monitor };
        self
    }

    /// An epoch is better only if it is better by more than this. 0 at first.
    #[must_use]
    pub fn least_improvement(mut self, least: f64) -> Self {
        self.plan.monitor.least = least;
        self
    }

    /// Measures an output of the model that is one number: `accuracy`.
    #[must_use]
    pub fn metric(mut self, output: &str) -> Self {
        self.metrics.push(Metric::Output(output.to_owned()));
        self
    }

    /// Measures a number of your own, of the inputs and outputs of the whole validation set, or else training set.
    ///
    /// Of data that come one by one ([`Sets`](crate::data::Sets)) it is the mean.
    ///
    /// [`metrics`](super::metrics) has functions for it: `|inputs, outputs| auc(&outputs.score, &inputs.label)`.
    #[must_use]
    pub fn metric_of(mut self, name: &str, measure: impl Fn(&M::Inputs<'_>, &M::Outputs) -> f64 + 'static) -> Self {
        self.metrics.push(Metric::Of(name.to_owned(), Box::new(measure)));
        self
    }

    /// Calls a function after every epoch, which may end training.
    #[must_use]
    pub fn on_epoch(mut self, call: impl FnMut(&Epoch<'_, M>) -> ControlFlow<()> + 'static) -> Self {
        self.on_epoch.push(Box::new(call));
        self
    }

    /// Calls a function with the epoch, the batch (both from 1) and its loss after every batch, which may end training.
    #[must_use]
    pub fn on_step(mut self, call: impl FnMut(usize, usize, f64) -> ControlFlow<()> + 'static) -> Self {
        self.on_step.push(Box::new(call));
        self
    }

    /// Ends after the batch in which the flag is set, from another thread or a handler. The rest of that epoch is not made
    /// up for, and not in the history. The best model is kept if that was asked for.
    #[must_use]
    pub fn stop_flag(mut self, flag: Arc<AtomicBool>) -> Self {
        self.plan.flags.push(flag);
        self
    }

    /// Shows a line with the epoch, the loss, the metrics and the time that is left, if the standard error output is a
    /// terminal, and ends after the batch in which Ctrl-C is pressed, as a [flag](Self::stop_flag) does. A second Ctrl-C
    /// ends the program. A handler that the program has set itself stays.
    #[cfg(feature = "progress")]
    #[must_use]
    pub fn progress(mut self) -> Self {
        self.plan.shows = true;
        self
    }

    /// What was measured so far.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Forgets all epochs: the next is the first. The optimiser keeps what it has learnt.
    pub fn reset(&mut self) {
        self.history = History::default();
        self.best = None;
    }

    /// Whether training has gone on for longer than there is patience for.
    pub(super) fn is_patient(&self) -> bool {
        let since = self.best.as_ref().map_or(0, |best| best.epoch);
        self.plan.patience.is_none_or(|patience| self.history.epochs() < since + patience.max(1))
    }

    /// The end, for this reason.
    pub(super) fn ended(&mut self, stop: Stop) -> History {
        self.history.stopped = stop;
        self.history.best = self.best.as_ref().map(|best| best.epoch);
        self.history.clone()
    }
}

#[cfg(feature = "look")]
impl<M: Objective + crate::look::Look, O: Optimizer<M>> Trainer<M, O> {
    /// If the loss or the gradient of a batch is not finite, runs the model on that batch value by value
    /// ([`trace`](crate::look::Look::trace)): the error then names any value, a `let` too, with the operation and what it was
    /// given. Until then it costs nothing.
    #[must_use]
    pub fn traced(mut self) -> Self {
        self.blame = Some(|model, inputs| Some(model.trace(inputs).ok()?.first()?.to_string()));
        self
    }
}

impl<M: Objective, R: Rule> Trainer<M, Descent<M, R>> {
    /// Multiplies the learning rate with the factor of a schedule, whose steps are epochs: that of the first epoch is
    /// `factor(0)`. A schedule by updates is [the optimiser's](Descent::schedule); with both, the factors multiply.
    #[must_use]
    pub fn schedule_by_epoch(mut self, schedule: impl Schedule + 'static) -> Self {
        self.epoch_rate = Some(EpochRate { schedule: Box::new(schedule), set: Descent::set_factor });
        self
    }
}

impl<M: Objective, O: std::fmt::Debug> std::fmt::Debug for Trainer<M, O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fields = &mut f.debug_struct("Trainer");
        fields.field("optimizer", &self.optimizer).field("plan", &self.plan).field("history", &self.history);
        fields.finish_non_exhaustive()
    }
}

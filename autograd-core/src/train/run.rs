//! The loop of training: epochs, batches, steps, and what is measured between them.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::best::{Best, copy};
use super::error::{NotFinite, TrainError};
use super::finite::{all_finite, first_not_finite};
use super::history::{History, Stop};
use super::trainer::{Epoch, Metric, Trainer};
use crate::data::{Batch, Buffers, Data, is_finite, share_of, shuffle};
use crate::error::{Error, Origin};
use crate::float::Float;
use crate::init::stream;
use crate::model::{Objective, Parameters};
use crate::optimizer::Optimizer;

/// What the loop computes in.
struct Work<M: Objective> {
    workspace: M::Workspace,
    buffers: Buffers<M::Scalar>,
    outputs: M::Outputs,
    grad: M::Grad,
    /// The sums of the metrics.
    sums: Vec<f64>,
    /// The sum of the gradients of a step, where it has several batches.
    sum: Option<M::Grad>,
    /// The model at the start of the epoch.
    start: M,
    #[cfg(feature = "progress")]
    line: Option<super::progress::Line>,
}

/// The observations that are learnt from.
struct Order {
    /// Them in their order.
    all: Vec<usize>,
    /// Them in that of this epoch.
    now: Vec<usize>,
    /// Whether they are consecutive and stay so: then batches are views.
    stays: bool,
}

impl Order {
    fn new(all: Vec<usize>, shuffle: bool) -> Self {
        let consecutive = all.windows(2).all(|pair| pair[1] == pair[0] + 1);
        Self { now: all.clone(), all, stays: consecutive && !shuffle }
    }

    /// The order of an epoch: it follows from the seed and the number of the epoch alone.
    fn shuffle(&mut self, seed: u64, epoch: usize) {
        self.now.copy_from_slice(&self.all);
        shuffle(&mut self.now, &mut stream(seed ^ (epoch as u64).rotate_left(32), "rows"));
    }
}

impl<M: Objective, O: Optimizer<M>> Trainer<M, O> {
    /// Trains a model on data, and validates with the share of it that [`validate`](Self::validate) keeps.
    ///
    /// Once the buffers have grown to size, in the first epoch, nothing is allocated but what callbacks do.
    ///
    /// # Errors
    /// [`TrainError`], which says what the model is then.
    pub fn fit<D: Data<M>>(&mut self, model: &mut M, data: &D) -> Result<History, TrainError> {
        let rows = data.rows();
        let (learn, validate) = self.split(rows)?;
        self.run(model, data, learn, (!validate.is_empty()).then_some((data, &validate)))
    }

    /// Trains a model on data, and validates with others.
    ///
    /// # Errors
    /// [`TrainError`], which says what the model is then.
    pub fn fit_and_validate<D: Data<M>, V: Data<M>>(
        &mut self,
        model: &mut M,
        data: &D,
        validation: &V,
    ) -> Result<History, TrainError> {
        let judged = (0..validation.rows()).collect::<Vec<_>>();
        if judged.is_empty() {
            return Err(TrainError::NoObservations);
        }
        self.run(model, data, (0..data.rows()).collect(), Some((validation, &judged)))
    }

    /// The observations to learn from, and those to validate with.
    fn split(&self, rows: usize) -> Result<(Vec<usize>, Vec<usize>), TrainError> {
        let Some(share) = self.plan.share else { return Ok(((0..rows).collect(), Vec::new())) };
        let held = share_of(rows, share);
        if held == 0 || held >= rows {
            return Err(TrainError::Split { observations: rows, share });
        }
        let mut order = Order::new((0..rows).collect(), true);
        if self.plan.shuffle {
            order.shuffle(self.plan.seed ^ u64::MAX, 0);
        }
        let (learn, validate) = order.now.split_at_mut(rows - held);
        learn.sort_unstable();
        validate.sort_unstable();
        Ok((learn.to_vec(), validate.to_vec()))
    }

    fn run<D: Data<M>, V: Data<M>>(
        &mut self,
        model: &mut M,
        data: &D,
        learn: Vec<usize>,
        validation: Option<(&V, &[usize])>,
    ) -> Result<History, TrainError> {
        if learn.is_empty() {
            return Err(TrainError::NoObservations);
        }
        self.check_metrics()?;
        let grad = model.zero_grad();
        let mut work = Work::<M> {
            workspace: M::Workspace::default(),
            buffers: Buffers::default(),
            outputs: M::Outputs::default(),
            sums: Vec::new(),
            sum: (self.plan.accumulate > 1).then(|| grad.clone()),
            grad,
            start: model.clone(),
            #[cfg(feature = "progress")]
            line: self.line(learn.len().div_ceil(self.plan.batch.min(data.largest_batch()))),
        };
        let mut order = Order::new(learn, self.plan.shuffle);
        self.reserve(validation.is_some());
        let stop = loop {
            if self.history.epochs() >= self.plan.epochs {
                break Stop::Epochs;
            }
            if !self.is_patient() {
                break Stop::Patience;
            }
            let started = Instant::now();
            copy(model, &mut work.start);
            let loss = match self.epoch(model, data, &mut order, &mut work)? {
                ControlFlow::Continue(loss) => loss,
                ControlFlow::Break(stop) => break stop,
            };
            match validation {
                Some((set, rows)) => {
                    let loss = self.measure(model, set, rows, true, &mut work)?;
                    self.history.validation.push(loss);
                }
                None => drop(self.measure(model, data, &order.all, false, &mut work)?),
            }
            self.history.loss.push(loss);
            self.history.seconds.push(started.elapsed().as_secs_f64());
            self.keep(model)?;
            #[cfg(feature = "progress")]
            if let Some(line) = &mut work.line {
                line.epoch(&self.history);
            }
            #[cfg(feature = "safetensors")]
            if let Some(disk) = &self.on_disk {
                (disk.write)(self, model, &disk.path).map_err(|error| TrainError::Checkpoint(Box::new(error)))?;
            }
            if self.call_back(model).is_break() {
                break Stop::Callback;
            }
        };
        if let Some(best) = self.best.as_ref().filter(|_| self.plan.keep_best) {
            copy(&best.model, model);
        }
        let history = self.ended(stop);
        #[cfg(feature = "progress")]
        if let Some(line) = &work.line {
            line.end(&history);
        }
        Ok(history)
    }

    /// Whether outputs have the names that are asked for, as far as that is known before there are any. A metric to be
    /// judged by that is not among those measured is an output, too.
    fn check_metrics(&mut self) -> Result<(), TrainError> {
        if let Some(name) = &self.plan.monitor.metric
            && !self.metrics.iter().any(|metric| metric.name() == name)
        {
            self.metrics.push(Metric::Output(name.clone()));
        }
        let outputs = M::Outputs::default();
        let mut is_known = false;
        M::visit_outputs(&outputs, &mut |_, _, _| is_known = true);
        let named = self.metrics.iter().filter(|metric| is_known && matches!(metric, Metric::Output(_)));
        named.map(Metric::name).try_for_each(|name| Metric::<M>::output(name, &outputs).map(drop))
    }

    /// The line of epochs of so many batches, if there is to be one.
    #[cfg(feature = "progress")]
    fn line(&self, batches: usize) -> Option<super::progress::Line> {
        let epochs = self.plan.epochs.saturating_sub(self.history.epochs());
        self.plan.shows.then(|| super::progress::Line::start(batches.saturating_mul(epochs)))
    }

    /// Room for the history, so that the loop needs none.
    fn reserve(&mut self, validates: bool) {
        let epochs = self.plan.epochs.saturating_sub(self.history.epochs()).min(1 << 16);
        let History { loss, validation, seconds, metrics, .. } = &mut self.history;
        for name in self.metrics.iter().map(Metric::name) {
            if !metrics.iter().any(|(known, _)| known == name) {
                // Epochs in which it was not measured.
                metrics.push((name.to_owned(), vec![f64::NAN; loss.len()]));
            }
        }
        if validates {
            validation.resize(loss.len(), f64::NAN);
        }
        let metrics = metrics.iter_mut().map(|(_, values)| values);
        metrics.chain([loss, validation, seconds]).for_each(|values| values.reserve(epochs));
    }

    /// One epoch: its loss, or why it was left.
    fn epoch<D: Data<M>>(
        &mut self,
        model: &mut M,
        data: &D,
        order: &mut Order,
        work: &mut Work<M>,
    ) -> Result<ControlFlow<Stop, f64>, TrainError> {
        let epoch = self.history.epochs() + 1;
        if let Some(rate) = &self.epoch_rate {
            (rate.set)(&mut self.optimizer, rate.schedule.factor(epoch as u64 - 1));
        }
        if self.plan.shuffle {
            order.shuffle(self.plan.seed, epoch);
        }
        let size = self.plan.batch.min(data.largest_batch());
        let (mut total, mut weight, mut gathered) = (0.0, 0.0, 0.0);
        let batches = order.now.len().div_ceil(size);
        for batch in 1..=batches {
            let places = (batch - 1) * size..order.now.len().min(batch * size);
            let rows = &order.now[places.clone()];
            let loss = gradient(model, data, rows, order.stays, work);
            let loss = match loss {
                Ok(loss) => loss,
                Err(What::Failed(error)) => return Err(error),
                Err(What::NotFinite(what)) => {
                    let first = first_not_finite(model, data, rows, &mut work.buffers, &mut work.workspace);
                    let origin = self.origin(model, data, rows, first.as_ref(), &mut work.buffers);
                    if !all_finite(model) {
                        copy(&work.start, model);
                    }
                    return Err(TrainError::NotFinite { epoch, batch, what, first, origin });
                }
            };
            #[expect(clippy::cast_precision_loss, reason = "no one has 2^53 observations")]
            let count = rows.len() as f64;
            (total, weight) = (total + loss * count, weight + count);
            gathered = gather(count, gathered, work);
            if batch % self.plan.accumulate == 0 || batch == batches {
                self.step(model, gathered, work)?;
                gathered = 0.0;
            }
            if let Some(stop) = self.stopped(epoch, batch, loss) {
                return Ok(ControlFlow::Break(stop));
            }
            #[cfg(feature = "progress")]
            if let Some(line) = &mut work.line {
                line.step(epoch, self.plan.epochs, loss);
                if super::progress::Line::is_interrupted() {
                    return Ok(ControlFlow::Break(Stop::Interrupt));
                }
            }
        }
        Ok(ControlFlow::Continue(total / weight))
    }

    /// Where a value that is not finite comes from, if that is to be traced and it was not given.
    fn origin<D: Data<M>>(
        &self,
        model: &M,
        data: &D,
        rows: &[usize],
        first: Option<&NotFinite>,
        buffers: &mut Buffers<M::Scalar>,
    ) -> Option<String> {
        let is_computed = first.is_none_or(|first| matches!(first.origin, Origin::Value(_)));
        let blame = self.blame.filter(|_| is_computed)?;
        data.with(Batch::rows_of(rows, buffers), |inputs| blame(model, inputs)).ok()?
    }

    /// Makes a step of what has been gathered.
    fn step(&mut self, model: &mut M, gathered: f64, work: &mut Work<M>) -> Result<(), Error> {
        let grad = match &mut work.sum {
            Some(sum) => {
                sum.scale(M::Scalar::from_f64(1.0 / gathered));
                sum
            }
            None => &mut work.grad,
        };
        if let Some(clip) = self.plan.clip {
            clip.apply(grad);
        }
        self.optimizer.apply_gradients(model, grad)
    }

    /// Why training ends after a batch, if it does.
    fn stopped(&mut self, epoch: usize, batch: usize, loss: f64) -> Option<Stop> {
        if self.on_step.iter_mut().any(|call| call(epoch, batch, loss).is_break()) {
            return Some(Stop::Callback);
        }
        self.plan.flags.iter().any(|flag| flag.load(Ordering::Relaxed)).then_some(Stop::Flag)
    }

    /// Measures the metrics on these observations, and the loss if it is wanted; without either, nothing is computed.
    fn measure<D: Data<M>>(
        &mut self,
        model: &M,
        data: &D,
        rows: &[usize],
        wants_loss: bool,
        work: &mut Work<M>,
    ) -> Result<f64, TrainError> {
        if self.metrics.is_empty() && !wants_loss {
            return Ok(f64::NAN);
        }
        let size = data.largest_batch().min(rows.len());
        #[expect(clippy::cast_precision_loss, reason = "no one has 2^53 observations")]
        let share = |part: &[usize]| part.len() as f64 / rows.len() as f64;
        let mut mean = 0.0;
        work.sums.clear();
        work.sums.resize(self.metrics.len(), 0.0);
        for part in rows.chunks(size) {
            let Work { workspace, buffers, outputs, sums, .. } = &mut *work;
            let consecutive = part.windows(2).all(|pair| pair[1] == pair[0] + 1);
            let batch = if consecutive {
                Batch::range(part[0]..part[0] + part.len(), buffers)
            } else {
                Batch::rows_of(part, buffers)
            };
            let metrics = &self.metrics;
            let measured = data.with(batch, |inputs| -> Result<f64, TrainError> {
                if metrics.is_empty() {
                    return Ok(model.loss_into(inputs, workspace)?.to_f64());
                }
                model.outputs_into(inputs, workspace, outputs)?;
                for (metric, sum) in metrics.iter().zip(sums) {
                    *sum += share(part) * metric.value(inputs, outputs)?;
                }
                Ok(if wants_loss { Metric::<M>::output("loss", outputs)? } else { f64::NAN })
            });
            mean += share(part) * measured.map_err(TrainError::of)??;
        }
        for (metric, value) in self.metrics.iter().zip(&work.sums) {
            if let Some((_, values)) = self.history.metrics.iter_mut().find(|(known, _)| known == metric.name()) {
                values.push(*value);
            }
        }
        Ok(mean)
    }

    /// Keeps the model if it is the best so far.
    fn keep(&mut self, model: &M) -> Result<(), TrainError> {
        if !self.plan.keep_best {
            return Ok(());
        }
        let History { loss, validation, .. } = &self.history;
        let values = match &self.plan.monitor.metric {
            Some(name) => {
                self.history.of(name).ok_or_else(|| TrainError::Metric { name: name.clone(), known: Vec::new() })?
            }
            None if validation.is_empty() => loss,
            None => validation,
        };
        let value = *values.last().expect("an epoch has just been measured");
        if self.plan.monitor.is_better(value, self.best.as_ref().map(|best| best.value)) {
            let epoch = self.history.epochs();
            match &mut self.best {
                Some(best) => {
                    copy(model, &mut best.model);
                    (best.value, best.epoch) = (value, epoch);
                }
                None => self.best = Some(Best { value, epoch, model: model.clone() }),
            }
        }
        Ok(())
    }

    fn call_back(&mut self, model: &M) -> ControlFlow<()> {
        let Self { on_epoch, history, .. } = self;
        let epoch = Epoch { number: history.epochs(), model, history };
        on_epoch.iter_mut().try_for_each(|call| call(&epoch))
    }
}

/// The loss of a batch; its gradient is in `work.grad`. Where observations stay in their order, a batch is a view.
fn gradient<M: Objective, D: Data<M>>(
    model: &M,
    data: &D,
    rows: &[usize],
    in_order: bool,
    work: &mut Work<M>,
) -> Result<f64, What> {
    let Work { workspace, buffers, grad, .. } = work;
    let batch =
        if in_order { Batch::range(rows[0]..rows[0] + rows.len(), buffers) } else { Batch::rows_of(rows, buffers) };
    let loss = data.with(batch, |inputs| model.loss_and_grad_into(inputs, workspace, grad));
    let loss = loss.map_err(|failure| What::Failed(TrainError::of(failure)))?;
    let loss = loss.map_err(|error| What::Failed(error.into()))?;
    match (is_finite(loss), all_finite(grad)) {
        (true, true) => Ok(loss.to_f64()),
        (true, false) => Err(What::NotFinite("gradient")),
        (false, _) => Err(What::NotFinite("loss")),
    }
}

/// Adds the gradient of a batch of `count` observations to those of `gathered` others. Gives how many there are then.
fn gather<M: Objective>(count: f64, gathered: f64, work: &mut Work<M>) -> f64 {
    if let Some(sum) = &mut work.sum {
        if gathered == 0.0 {
            sum.fill(M::Scalar::ZERO);
        }
        sum.add_scaled(M::Scalar::from_f64(count), &work.grad);
    }
    gathered + count
}

/// Why a batch has no step.
enum What {
    Failed(TrainError),
    NotFinite(&'static str),
}

impl<M: Objective> Metric<M> {
    pub(super) fn name(&self) -> &str {
        let (Self::Output(name) | Self::Of(name, _)) = self;
        name
    }

    fn value(&self, inputs: &M::Inputs<'_>, outputs: &M::Outputs) -> Result<f64, TrainError> {
        match self {
            Self::Output(name) => Self::output(name, outputs),
            Self::Of(_, measure) => Ok(measure(inputs, outputs)),
        }
    }

    /// The output of this name, which is a number.
    fn output(name: &str, outputs: &M::Outputs) -> Result<f64, TrainError> {
        let mut value = None;
        M::visit_outputs(outputs, &mut |output, shape, values| {
            if let (true, [], [number]) = (output == name, shape, values) {
                value = Some(number.to_f64());
            }
        });
        value.ok_or_else(|| {
            let mut known = Vec::new();
            M::visit_outputs(outputs, &mut |output, shape, _| known.extend(shape.is_empty().then_some(output)));
            TrainError::Metric { name: name.to_owned(), known }
        })
    }
}

//! Checkpoints: a trainer as a file, and training that goes on from there with the bits of training never interrupted.

use super::best::{Best, copy};
use super::history::History;
use super::trainer::Trainer;
use crate::model::Objective;
use crate::save::{Resume, SaveError, Snapshot, Stored, Values};

/// The keys of what is said beside the tensors.
const EPOCHS: &str = "trainer.epochs";
const SEED: &str = "trainer.seed";
const BEST: &str = "trainer.best";
/// The sections of tensors.
const BEST_MODEL: &str = "best";
const HISTORY: &str = "history";
const METRIC: &str = "history/metric";

impl<M: Objective, O: Resume<M>> Trainer<M, O> {
    /// The model, the state of the optimiser, the seed, the history and the best model so far.
    ///
    /// What else is said when a trainer is made (its metrics, schedules, callbacks) is not in it: make the same one again.
    #[must_use]
    pub fn snapshot(&self, model: &M) -> Snapshot {
        let mut to = Snapshot::of(model);
        self.optimizer.store(&mut to);
        to.set(EPOCHS, &self.history.epochs());
        to.set(SEED, &self.plan.seed);
        let History { loss, validation, seconds, .. } = &self.history;
        for (name, values) in [("loss", loss), ("validation", validation), ("seconds", seconds)] {
            to.put_tensor(format!("{HISTORY}/{name}"), &[values.len()], values);
        }
        for (name, values) in &self.history.metrics {
            to.put_tensor(format!("{METRIC}/{name}"), &[values.len()], values);
        }
        if let Some(best) = &self.best {
            to.set(BEST, &best.epoch);
            to.put_tensor(format!("{HISTORY}/best"), &[], &[best.value]);
            to.put(BEST_MODEL, &best.model);
        }
        to
    }

    /// Goes on from a snapshot: the next epoch is the one after those that it has.
    ///
    /// # Errors
    /// If it is not one of a trainer, or of another model or optimiser. Nothing has changed then.
    pub fn restore(&mut self, from: &Snapshot, model: &mut M) -> Result<(), SaveError> {
        let (epochs, seed): (usize, u64) = (from.number(EPOCHS)?, from.number(SEED)?);
        let (mut history, best) = (history_of(from, epochs)?, best_of(from, epochs, model)?);
        history.metrics.sort_by_key(|(name, _)| self.metrics.iter().position(|metric| metric.name() == name));
        let mut restored = model.clone();
        from.fill("", &mut restored)?;
        self.optimizer.resume(model, from)?;
        copy(&restored, model);
        (self.plan.seed, self.history, self.best) = (seed, history, best);
        Ok(())
    }
}

/// The history of so many epochs.
fn history_of(from: &Snapshot, epochs: usize) -> Result<History, SaveError> {
    let column = |name: &str| from.values::<f64>(&format!("{HISTORY}/{name}"), &[epochs]);
    let validation = from.tensors.get(&format!("{HISTORY}/validation"));
    let is_validated = validation.is_some_and(|stored| stored.shape != [0]);
    let metric = |(name, stored): (&String, &Stored)| match (name.strip_prefix(METRIC), &stored.values) {
        (Some(name), Values::F64(values)) if values.len() == epochs => {
            Some((name.trim_start_matches('/').to_owned(), values.clone()))
        }
        _ => None,
    };
    Ok(History {
        loss: column("loss")?,
        validation: if is_validated { column("validation")? } else { Vec::new() },
        seconds: column("seconds")?,
        metrics: from.tensors.iter().filter_map(metric).collect(),
        ..History::default()
    })
}

/// The best model, if there is one.
fn best_of<M: Objective>(from: &Snapshot, epochs: usize, model: &M) -> Result<Option<Best<M>>, SaveError> {
    if !from.metadata.contains_key(BEST) {
        return Ok(None);
    }
    let epoch: usize = from.number(BEST)?;
    if epoch == 0 || epoch > epochs {
        return Err(SaveError::Metadata { key: BEST.to_owned(), found: Some(epoch.to_string()) });
    }
    let mut best = Best { value: from.values(&format!("{HISTORY}/best"), &[])?[0], epoch, model: model.clone() };
    from.fill(BEST_MODEL, &mut best.model)?;
    Ok(Some(best))
}

#[cfg(feature = "safetensors")]
mod files {
    use std::path::{Path, PathBuf};

    use super::super::trainer::{OnDisk, Trainer};
    use crate::model::Objective;
    use crate::save::{Resume, SaveError, Snapshot};

    impl<M: Objective, O: Resume<M>> Trainer<M, O> {
        /// Writes a checkpoint after every epoch, in place of the one before: a file that [`resume`](Self::resume) goes on from.
        /// Whatever happens to the process there is a whole one.
        #[must_use]
        pub fn checkpoint(mut self, path: impl Into<PathBuf>) -> Self {
            let write = |trainer: &Self, model: &M, path: &Path| trainer.save_checkpoint(path, model);
            self.on_disk = Some(OnDisk { path: path.into(), write });
            self
        }

        /// Writes a checkpoint: the [`snapshot`](Self::snapshot) as a safetensors file. It is a file of the model too.
        ///
        /// Training that was left in the middle of an epoch goes on with that epoch's first batch. After a fit that keeps the
        /// best, the model is that of the best epoch, and training goes on from there: what goes on as if nothing had happened is
        /// written by [`checkpoint`](Self::checkpoint).
        ///
        /// # Errors
        /// If the file cannot be written.
        pub fn save_checkpoint(&self, path: impl AsRef<Path>, model: &M) -> Result<(), SaveError> {
            self.snapshot(model).save(path)
        }

        /// Goes on from a checkpoint. [`fit`](Self::fit) then has the bits that it would have had without an interruption,
        /// if trainer and data are the same.
        ///
        /// # Errors
        /// If the file is not whole, is no checkpoint, or is one of another model or optimiser. Nothing has changed then.
        pub fn resume(&mut self, path: impl AsRef<Path>, model: &mut M) -> Result<(), SaveError> {
            let path = path.as_ref();
            self.restore(&Snapshot::load(path)?, model).map_err(|error| error.of(path))
        }
    }
}

//! The history of training: what was measured after each epoch, as data, as a table, and as CSV.

use std::fmt::{self, Write};

/// What was measured in each epoch, one number an epoch in every vector.
///
/// It prints as a table. [`to_csv`](Self::to_csv) is the same for other programs.
///
/// ```
/// use autograd_core::train::{History, Stop};
/// let history = History { loss: vec![0.5, 0.25], stopped: Stop::Epochs, ..History::default() };
/// assert_eq!(history.to_csv(), "epoch,loss,seconds\n1,0.5,\n2,0.25,\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The mean loss of the batches of an epoch, each weighted with its number of observations. They are measured before
    /// the step that they are for, so while the parameters move.
    pub loss: Vec<f64>,
    /// The loss of the validation set after the epoch; empty if there is none.
    pub validation: Vec<f64>,
    /// The metrics by name, after the epoch: of the validation set if there is one, else of the training set.
    pub metrics: Vec<(String, Vec<f64>)>,
    /// How long the epoch took. It follows from nothing but the clock.
    pub seconds: Vec<f64>,
    /// The best epoch, from 1, if that was looked for.
    pub best: Option<usize>,
    /// Why it ended.
    pub stopped: Stop,
}

/// Why training has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// It has not.
    #[default]
    Not,
    /// All epochs have been made.
    Epochs,
    /// Nothing has become better for as many epochs as there was patience.
    Patience,
    /// A callback said so.
    Callback,
    /// A flag of the caller was set.
    Flag,
    /// Ctrl-C.
    Interrupt,
}

impl History {
    /// How many epochs there were.
    #[must_use]
    pub fn epochs(&self) -> usize {
        self.loss.len()
    }

    /// The values of a metric, by name; `loss` and `validation` are names too.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&[f64]> {
        match name {
            "loss" => Some(&self.loss),
            "validation" => Some(&self.validation),
            _ => self.metrics.iter().find(|(metric, _)| metric == name).map(|(_, values)| &**values),
        }
    }

    /// The columns that are there.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&str, &[f64])> {
        let validation = (!self.validation.is_empty()).then_some(("validation", &*self.validation));
        let metrics = self.metrics.iter().map(|(name, values)| (&**name, &**values));
        [("loss", &*self.loss)].into_iter().chain(validation).chain(metrics)
    }

    /// Lines of numbers between commas below a line of names: `epoch,loss,validation,accuracy,seconds`.
    ///
    /// Numbers have as many digits as it takes to read the same ones again.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut text = "epoch".to_owned();
        self.columns().for_each(|(name, _)| {
            text.push(',');
            text.push_str(&quoted(name));
        });
        text.push_str(",seconds\n");
        for row in 0..self.epochs() {
            let _ = write!(text, "{}", row + 1);
            for values in self.columns().map(|(_, values)| values).chain([&*self.seconds]) {
                text.push(',');
                if let Some(value) = values.get(row) {
                    let _ = write!(text, "{value}");
                }
            }
            text.push('\n');
        }
        text
    }
}

/// A name as a field of CSV.
fn quoted(name: &str) -> String {
    let plain = !name.contains(['"', ',', '\n', '\r']);
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "epoch")?;
        self.columns().try_for_each(|(name, _)| write!(f, "  {name:>10}"))?;
        for row in 0..self.epochs() {
            write!(f, "\n{:>5}", row + 1)?;
            for (name, values) in self.columns() {
                let width = name.chars().count().max(10);
                let number = values.get(row).map_or_else(String::new, |&value| short(value));
                write!(f, "  {number:>width$}")?;
            }
            if self.best == Some(row + 1) {
                write!(f, "  best")?;
            }
        }
        write!(f, "\n{}", self.stopped)
    }
}

/// A number in at most ten places.
pub(crate) fn short(value: f64) -> String {
    if value == 0.0 || (1e-3..1e5).contains(&value.abs()) { format!("{value:.4}") } else { format!("{value:.3e}") }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Not => "not at its end",
            Self::Epochs => "all epochs done",
            Self::Patience => "stopped early: nothing became better",
            Self::Callback => "stopped by a callback",
            Self::Flag => "stopped by a flag",
            Self::Interrupt => "stopped by Ctrl-C",
        })
    }
}

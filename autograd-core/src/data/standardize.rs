//! Standardisation: features of mean 0 and standard deviation 1, with the statistics kept.

use std::borrow::Cow;

use ndarray::{Array1, Array2, ArrayBase, Axis, Data, DataMut, Ix2};

use crate::__private::Tensor;
use crate::binding::no_tensor;
use crate::float::Float;
use crate::model::Parameters;
use crate::save::{FromTensors, TensorSource};

/// The mean and the standard deviation of every feature of a data set, which others are brought to.
///
/// It is saved beside a model, and applied to what the model is asked about:
/// `Snapshot::of(&model).with("scale", &scale).save(path)`, then `Snapshot::load(path)?.get("scale")?`.
///
/// ```
/// use autograd_core::data::Standardizer;
/// use ndarray::array;
///
/// let x = array![[1.0, 10.0], [5.0, 10.0]];
/// let scale = Standardizer::of(&x);
/// assert_eq!((scale.mean[0], scale.std[1]), (3.0, 1.0));        // what is constant is only moved
/// let z = scale.apply(&x);
/// assert_eq!(z.column(0).sum(), 0.0);
/// assert_eq!(scale.undo(&z), x);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Standardizer<T = f64> {
    /// `[D]`
    pub mean: Array1<T>,
    /// `[D]`, of the observations themselves (divided by N); 1 for a feature that is constant.
    pub std: Array1<T>,
}

impl<T: Float> Standardizer<T> {
    /// The statistics of the rows of `[N, D]`, computed in `f64`. Take those that are learnt from, not those to test by.
    ///
    /// Features that hold NaN have NaN for both.
    ///
    /// # Panics
    /// If there is no row.
    #[must_use]
    #[track_caller]
    #[expect(clippy::cast_precision_loss, reason = "no one has 2^53 observations")]
    pub fn of(x: &ArrayBase<impl Data<Elem = T>, Ix2>) -> Self {
        assert!(x.nrows() > 0, "there are no observations to take statistics of");
        let count = x.nrows() as f64;
        let moments = |column: ndarray::ArrayView1<'_, T>| {
            let mean = column.iter().map(|value| value.to_f64()).sum::<f64>() / count;
            let squares: f64 = column.iter().map(|value| (value.to_f64() - mean) * (value.to_f64() - mean)).sum();
            let std = T::from_f64((squares / count).sqrt());
            // The mean of equal numbers may differ from them by a rounding.
            let is_constant = column.iter().all(|value| *value == column[0]) || std == T::ZERO;
            if is_constant { (column[0], T::ONE) } else { (T::from_f64(mean), std) }
        };
        let (mean, std): (Vec<T>, Vec<T>) = x.columns().into_iter().map(moments).unzip();
        Self { mean: mean.into(), std: std.into() }
    }

    /// The features of other observations `[N, D]`, less the mean and over the standard deviation.
    ///
    /// # Panics
    /// If there are not as many features.
    #[must_use]
    #[track_caller]
    pub fn apply(&self, x: &ArrayBase<impl Data<Elem = T>, Ix2>) -> Array2<T> {
        let mut z = x.to_owned();
        self.apply_in_place(&mut z);
        z
    }

    /// The same in place.
    ///
    /// # Panics
    /// If there are not as many features.
    #[track_caller]
    pub fn apply_in_place(&self, x: &mut ArrayBase<impl DataMut<Elem = T>, Ix2>) {
        self.check(x.ncols());
        for (mut column, (&mean, &std)) in x.axis_iter_mut(Axis(1)).zip(self.mean.iter().zip(&self.std)) {
            column.mapv_inplace(|value| (value - mean) / std);
        }
    }

    /// The features that [`apply`](Self::apply) was given.
    ///
    /// # Panics
    /// If there are not as many features.
    #[must_use]
    #[track_caller]
    pub fn undo(&self, z: &ArrayBase<impl Data<Elem = T>, Ix2>) -> Array2<T> {
        self.check(z.ncols());
        z.to_owned() * &self.std + &self.mean
    }

    #[track_caller]
    fn check(&self, features: usize) {
        let known = (self.mean.len(), self.std.len());
        assert!(known == (features, features), "{features} features, but statistics of {known:?}");
    }
}

impl<T: Float> Parameters for Standardizer<T> {
    type Scalar = T;
    const NAMES: &'static [&'static str] = &["mean", "std"];

    fn shape(&self, index: usize) -> &[usize] {
        self.tensor(index).shape()
    }

    fn values(&self, index: usize) -> Cow<'_, [T]> {
        self.tensor(index).values()
    }

    fn values_mut(&mut self, index: usize) -> &mut [T] {
        match index {
            0 => self.mean.values_mut(),
            1 => self.std.values_mut(),
            _ => no_tensor(index, 2),
        }
    }
}

impl<T: Float> Standardizer<T> {
    fn tensor(&self, index: usize) -> &Array1<T> {
        match index {
            0 => &self.mean,
            1 => &self.std,
            _ => no_tensor(index, 2),
        }
    }
}

impl<T: Float> FromTensors for Standardizer<T> {
    fn from_tensors<R: TensorSource<T>>(source: &mut R) -> Result<Self, R::Error> {
        Ok(Self { mean: source.tensor("mean")?, std: source.tensor("std")? })
    }
}

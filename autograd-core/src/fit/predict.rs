//! What a fitted model says, and how uncertain that is: the covariance of the estimates carried to any output.

use crate::error::Error;
use crate::float::Float;
use crate::math::Elementary;
use crate::model::Model;

use super::vector::Matrix;
use super::{FitError, Report, Status, student};

/// An output of a fitted model with its standard errors: what [`Report::predict`] gives.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Prediction {
    /// The numbers of the output, row-major.
    pub values: Vec<f64>,
    /// The standard error of each: of the curve, without the noise of a further observation.
    pub standard_errors: Vec<f64>,
    freedom: Option<usize>,
}

impl Prediction {
    /// The lower and the upper ends of intervals that hold the true values, each by itself, with this probability: 0.95. They
    /// are those of Student's distribution where the variance was estimated by least squares, else those of the normal one.
    ///
    /// # Panics
    /// If the probability is not between 0 and 1.
    #[must_use]
    #[track_caller]
    pub fn interval(&self, probability: f64) -> (Vec<f64>, Vec<f64>) {
        let reach = student::quantile(probability, self.freedom);
        let ends = |sign: f64| -> Vec<f64> {
            self.values.iter().zip(&self.standard_errors).map(|(y, s)| y + sign * reach * s).collect()
        };
        (ends(-1.0), ends(1.0))
    }
}

impl Report {
    /// The interval that holds a parameter, by its name or that of its entry, with this probability: 0.95. See
    /// [`Prediction::interval`]. None if its standard error is not known.
    ///
    /// # Panics
    /// If the probability is not between 0 and 1.
    #[must_use]
    #[track_caller]
    pub fn interval(&self, name: &str, probability: f64) -> Option<(f64, f64)> {
        let reach = student::quantile(probability, self.freedom);
        let (value, error) = (self.value(name)?, self.standard_error(name)?);
        Some((value - reach * error, value + reach * error))
    }

    /// An output of the fitted model at any inputs, those of the fit or others, with its standard errors.
    ///
    /// They follow from the covariance of the estimates by the derivative of the output (the delta method), which is taken by
    /// central differences: two calls of the model for each parameter, about eight digits in `f64`, three in `f32`.
    ///
    /// ```
    /// use autograd_core::{fit, model};
    /// use ndarray::{Array1, array};
    ///
    /// model! {
    ///     pub Decay<N> {
    ///         param a = 1, k in 0.. = 1;
    ///         input t: [N], y: [N];
    ///         curve = a*exp(-k*t);
    ///         residual = curve - y;
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), fit::FitError> {
    /// let (t, y) = (array![0.0, 1.0, 2.0, 3.0, 4.0], array![4.02, 2.44, 1.46, 0.91, 0.54]);
    /// let mut decay: Decay = Decay::default();
    /// let report = fit(&mut decay, &decay::Inputs::new(&t, &y)).run()?;
    /// // At other times, of which nothing was observed.
    /// let (later, nothing) = (array![0.0, 8.0], Array1::zeros(2));
    /// let prediction = report.predict(&decay, &decay::Inputs::new(&later, &nothing), "curve")?;
    /// let (low, high) = prediction.interval(0.95);
    /// assert!(low[1] < 0.0733 && 0.0733 < high[1] && high[1] - low[1] < 0.011);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If there is no such output, if the covariance is not known, or if the inputs do not go with the model.
    pub fn predict<M: Model>(&self, model: &M, inputs: &M::Inputs<'_>, output: &str) -> Result<Prediction, FitError> {
        let covariance = self.covariance().map_err(FitError::Uncertain)?;
        if model.size() != self.estimates.len() {
            let (expected, found) = (self.estimates.len(), model.size());
            return Err(FitError::Model(Error::FlatLength { expected, found }));
        }
        let mut outputs = Outputs { model: model.clone(), inputs, output, workspace: M::Workspace::default() };
        let values = outputs.at(&model.flatten())?;
        let moved: Vec<usize> = (0..self.estimates.len())
            .filter(|&place| self.estimates[place].status == Status::Fitted && covariance[[place, place]].is_finite())
            .collect();
        let mut derivative = Matrix::zeros(values.len(), moved.len());
        for (column, &place) in moved.iter().enumerate() {
            outputs.derivative(model, place, covariance[[place, place]].sqrt(), derivative.column_mut(column))?;
        }
        let variance = |row: usize| -> f64 {
            let pairs = moved.iter().enumerate().flat_map(|i| moved.iter().enumerate().map(move |j| (i, j)));
            pairs.map(|((i, &a), (j, &b))| derivative[(row, i)] * covariance[[a, b]] * derivative[(row, j)]).sum()
        };
        // What does not vary may come out a little below 0.
        let standard_errors = (0..values.len()).map(|row| variance(row).max(0.0).sqrt()).collect();
        Ok(Prediction { values, standard_errors, freedom: self.freedom })
    }
}

/// One output of a model whose parameters are moved.
struct Outputs<'a, 'i, M: Model> {
    model: M,
    inputs: &'a M::Inputs<'i>,
    output: &'a str,
    workspace: M::Workspace,
}

impl<M: Model> Outputs<'_, '_, M> {
    fn at(&mut self, flat: &[M::Scalar]) -> Result<Vec<f64>, FitError> {
        self.model.unflatten(flat)?;
        let mut outputs = M::Outputs::default();
        self.model.outputs_into(self.inputs, &mut self.workspace, &mut outputs)?;
        let (mut found, mut names) = (None, Vec::new());
        M::visit_outputs(&outputs, &mut |name, _, values| {
            names.push(name);
            if name == self.output {
                found = Some(values.iter().map(|value| value.to_f64()).collect());
            }
        });
        found.ok_or_else(|| FitError::UnknownOutput { name: self.output.to_owned(), outputs: names })
    }

    /// The derivative by one number, whose standard error says over which distance the output is as good as linear.
    fn derivative(&mut self, model: &M, place: usize, error: f64, out: &mut [f64]) -> Result<(), FitError> {
        let epsilon = M::Scalar::EPSILON.to_f64();
        let mut flat = model.flatten();
        let value = flat[place];
        let step = (Elementary::cbrt(epsilon) * error).max(epsilon.sqrt() * value.to_f64().abs());
        let mut end = |moved: f64| {
            flat[place] = M::Scalar::from_f64(moved);
            Ok::<_, FitError>((flat[place].to_f64(), self.at(&flat)?))
        };
        let (ahead, behind) = (end(value.to_f64() + step)?, end(value.to_f64() - step)?);
        let distance = ahead.0 - behind.0;
        for ((slope, ahead), behind) in out.iter_mut().zip(&ahead.1).zip(&behind.1) {
            *slope = (ahead - behind) / distance;
        }
        Ok(())
    }
}

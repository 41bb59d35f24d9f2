//! Figures of what a fit found: a curve and how sure one may be of it.

use super::{Figure, Numbers};
use crate::fit::Prediction;

impl Figure {
    /// The same chart with an output of a fitted model, as a curve in the band that holds it with a probability of 95 % at each
    /// place.
    ///
    /// ```
    /// use autograd_core::plot::Figure;
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
    ///
    /// let grid = Array1::linspace(0.0, 5.0, 200);
    /// let prediction = report.predict(&decay, &decay::Inputs::new(&grid, &grid), "curve")?;   // no `y` is looked at here
    /// let figure = Figure::fit("decay", &t, &y).prediction("fit", &grid, &prediction);
    /// println!("{figure}");
    /// # assert!(figure.svg().contains(">\n95 %\n<") && figure.svg().contains(">\nfit\n<"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// If there are not as many `x` as numbers of the output, or it is no chart.
    #[must_use]
    pub fn prediction(self, name: &str, x: impl Numbers, prediction: &Prediction) -> Self {
        let (x, (low, high)) = (x.numbers(), prediction.interval(0.95));
        self.line(name, &x, &prediction.values).band("95 %", &x, &low, &high)
    }
}

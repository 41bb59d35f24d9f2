//! Bounds of the numbers that a fit moves.

/// Bounds of the numbers that are moved.
#[derive(Clone, Debug, Default)]
pub(super) struct Bounds {
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
}

impl Bounds {
    /// Whether there is one.
    pub(super) fn any(&self) -> bool {
        self.low.iter().chain(&self.high).any(|bound| bound.is_finite())
    }

    pub(super) fn clamp(&self, z: &mut [f64]) {
        for (z, (low, high)) in z.iter_mut().zip(self.low.iter().zip(&self.high)) {
            *z = z.max(*low).min(*high);
        }
    }

    /// Whether a number is at a bound that descent would cross.
    pub(super) fn holds(&self, place: usize, z: f64, slope: f64) -> bool {
        (z <= self.low[place] && slope >= 0.0) || (z >= self.high[place] && slope <= 0.0)
    }

    /// The largest number of the gradient, without what bounds hold back.
    pub(super) fn projected(&self, z: &[f64], gradient: &[f64]) -> f64 {
        let of = |place: usize| {
            let end = (z[place] - gradient[place]).max(self.low[place]).min(self.high[place]);
            (end - z[place]).abs()
        };
        (0..z.len()).map(of).fold(0.0, f64::max)
    }
}

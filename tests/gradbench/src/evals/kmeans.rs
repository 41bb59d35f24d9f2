//! `kmeans`: squared distances to the nearest centroids, and Newton's direction.

use autograd_core::model;
use ndarray::Array2;
use serde_json::Value;

use super::{Prepare, boxed, json, matrix};

model! {
    /// Squared distances to the nearest centroids.
    pub Kmeans<N, K, D> {
        param c: [K, D];
        input p: [N, D];
        loss = sum[i](min[k](sum[j]((c[k, j] - p[i, j])^2)));
        let slope = grad(loss, c);
        // The Hessian is diagonal.
        direction = slope/jvp(slope, c, ones([K, D]));
    }
}

/// The model, its points and its buffers.
pub struct State {
    /// The model.
    pub model: Kmeans<f64>,
    /// The points.
    pub points: Array2<f64>,
    /// Its buffers.
    pub workspace: kmeans::Workspace<f64>,
    /// The last value.
    pub value: f64,
    /// The last direction.
    pub direction: Array2<f64>,
}

impl State {
    /// Of these centroids and points.
    #[must_use]
    pub fn new(c: Array2<f64>, points: Array2<f64>) -> Self {
        let direction = Array2::zeros(c.dim());
        Self { model: Kmeans { c }, points, workspace: kmeans::Workspace::default(), value: 0.0, direction }
    }

    /// The value.
    ///
    /// # Errors
    /// If the sizes do not fit.
    pub fn cost(&mut self) -> Result<(), autograd_core::Error> {
        let inputs = kmeans::Inputs { p: self.points.view() };
        self.value = self.model.loss_into(&inputs, &mut self.workspace)?;
        Ok(())
    }

    /// Newton's direction.
    ///
    /// # Errors
    /// As those of [`cost`](Self::cost).
    pub fn dir(&mut self) -> Result<(), autograd_core::Error> {
        let inputs = kmeans::Inputs { p: self.points.view() };
        self.model.direction_into(&inputs, &mut self.workspace, &mut self.direction)
    }
}

/// `cost` and `dir`, of `points` and `centroids`.
pub const FUNCTIONS: [(&str, Prepare); 2] = [
    ("cost", |input| Ok(boxed(read(input)?, State::cost, |state| state.value.into()))),
    ("dir", |input| Ok(boxed(read(input)?, State::dir, |state| json(state.direction.view())))),
];

fn read(input: &Value) -> Result<State, String> {
    let points = matrix(input, "points", None)?;
    Ok(State::new(matrix(input, "centroids", Some(points.ncols()))?, points))
}

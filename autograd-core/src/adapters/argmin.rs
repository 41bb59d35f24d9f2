//! The crate `argmin`: a model as a problem for its solvers.
//!
//! [`Flat`] is a cost function with gradient and Hessian of a `Vec<f64>`: the free form of all parameters, so that its
//! solvers, which know no bounds, leave no [support](crate::Parameters::support).
//!
//! ```
//! use argmin::core::{Executor, State};
//! use argmin::solver::linesearch::MoreThuenteLineSearch;
//! use argmin::solver::quasinewton::LBFGS;
//! use autograd_core::adapters::argmin::Flat;
//! use autograd_core::{Parameters, model};
//! use ndarray::array;
//!
//! model! {
//!     pub Logistic<N, D> {
//!         param w: [D], b;
//!         input x: [N, D], y: [N];
//!         let z = x @ w + b;
//!         loss = sum(softplus(z) - y*z) + 0.5*sum(w^2);
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (x, y) = (array![[0.0, 1.0], [1.0, 0.5], [2.0, 2.0], [3.0, 0.0]], array![0.0, 0.0, 1.0, 1.0]);
//! let mut model: Logistic = Logistic { w: array![0.0, 0.0], b: 0.0 };
//! let inputs = logistic::Inputs::new(&x, &y);
//! let problem = Flat::new(&mut model, &inputs)?;
//! let start = problem.start();
//! let solver = LBFGS::new(MoreThuenteLineSearch::new(), 7);
//! let result = Executor::new(problem, solver).configure(|state| state.param(start).max_iters(50)).run()?;
//! let best = result.state().get_best_param().expect("there is a best one").clone();
//! drop(result);
//! model.set_free(&best)?;
//! assert!(model.grad(&inputs)?.norm() < 1e-6);
//! # Ok(())
//! # }
//! ```

use core::cell::RefCell;
use core::fmt;

use argmin::core::{CostFunction, Error, Gradient, Hessian};

use crate::fit::{FitError, Flattened};
use crate::model::Objective;

/// A model and its inputs as a problem of `argmin`. Solvers move the model about: afterwards it is where the last evaluation
/// was, and `model.set_free(&best)` takes it to the best point.
pub struct Flat<'m, 'i, M: Objective> {
    // Its traits evaluate by shared reference; buffers and model are written to.
    problem: RefCell<Flattened<'m, 'i, M>>,
    start: Vec<f64>,
}

impl<'m, 'i, M: Objective> Flat<'m, 'i, M> {
    /// The problem of making the model's loss small.
    ///
    /// # Errors
    /// If the model has no parameters, or one is at the edge of its support, where no free number is.
    pub fn new(model: &'m mut M, inputs: &'m M::Inputs<'i>) -> Result<Self, FitError> {
        let problem = Flattened::new(model, inputs)?;
        Ok(Self { start: problem.start(), problem: RefCell::new(problem) })
    }

    /// Where the model's parameters were, in free form.
    #[must_use]
    pub fn start(&self) -> Vec<f64> {
        self.start.clone()
    }
}

impl<M: Objective> CostFunction for Flat<'_, '_, M> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, free: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.problem.borrow_mut().loss(free)?)
    }
}

impl<M: Objective> Gradient for Flat<'_, '_, M> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, free: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut gradient = vec![0.0; free.len()];
        self.problem.borrow_mut().gradient(free, &mut gradient)?;
        Ok(gradient)
    }
}

impl<M: Objective> Hessian for Flat<'_, '_, M> {
    type Param = Vec<f64>;
    type Hessian = Vec<Vec<f64>>;

    /// Column by column, by products with the Hessian: exact in models with `derive hvp;`.
    fn hessian(&self, free: &Vec<f64>) -> Result<Vec<Vec<f64>>, Error> {
        let n = free.len();
        let (mut unit, mut hessian) = (vec![0.0; n], vec![vec![0.0; n]; n]);
        let mut problem = self.problem.borrow_mut();
        for (k, row) in hessian.iter_mut().enumerate() {
            unit[k] = 1.0;
            problem.product(free, &unit, row)?;
            unit[k] = 0.0;
        }
        // Rounding makes it a little uneven.
        for place in 1..n {
            let (above, below) = hessian.split_at_mut(place);
            for (row, lower) in above.iter_mut().zip(below[0].iter_mut()) {
                let mean = f64::midpoint(row[place], *lower);
                (row[place], *lower) = (mean, mean);
            }
        }
        Ok(hessian)
    }
}

impl<M: Objective> fmt::Debug for Flat<'_, '_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flat").field("start", &self.start).finish_non_exhaustive()
    }
}

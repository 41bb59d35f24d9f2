//! Nonlinear least squares to the certified digits, with derivatives from the compiler.
//!
//! The National Institute of Standards and Technology publishes regression problems with answers that are known to
//! eleven digits (<https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml>). Three of them are fitted here, each from
//! both of NIST's starts: Misra1a is easy, Thurber and MGH09 have led good programs astray. The method is Levenberg and
//! Marquardt's, which needs the residuals and their derivative by every parameter.
//!
//!     cargo run --release --example curve_fit
//!
//! `-- --short` changes nothing: it takes no time as it is.

#![expect(clippy::unreadable_literal, reason = "the numbers look as NIST prints them")]

use autograd_core::{Error, model};
use autograd_examples::{Outcome, ensure, table};
use ndarray::{Array1, Array2, ArrayView1};

model! {
    /// Adsorption of a single layer of molecules.
    pub Misra1a<N> {
        param b1, b2;
        input x: [N], y: [N];
        residual = b1 * (1 - exp(-b2*x)) - y;
        slopes = [jvp(residual, b1, 1), jvp(residual, b2, 1)];
    }
}

model! {
    /// Electron mobility in a semiconductor.
    pub Thurber<N> {
        param b1, b2, b3, b4, b5, b6, b7;
        input x: [N], y: [N];
        residual = (b1 + b2*x + b3*x^2 + b4*x^3) / (1 + b5*x + b6*x^2 + b7*x^3) - y;
        slopes = [
            jvp(residual, b1, 1), jvp(residual, b2, 1), jvp(residual, b3, 1), jvp(residual, b4, 1),
            jvp(residual, b5, 1), jvp(residual, b6, 1), jvp(residual, b7, 1),
        ];
    }
}

model! {
    /// Kowalik and Osborne's problem.
    pub Mgh09<N> {
        param b1, b2, b3, b4;
        input x: [N], y: [N];
        residual = b1 * (x^2 + b2*x) / (x^2 + b3*x + b4) - y;
        slopes = [jvp(residual, b1, 1), jvp(residual, b2, 1), jvp(residual, b3, 1), jvp(residual, b4, 1)];
    }
}

fn main() -> Outcome {
    Problem {
        name: "Misra1a",
        starts: [[500.0, 0.0001], [250.0, 0.0005]],
        certified: [2.3894212918E+02, 5.5015643181E-04],
        certified_sum: 1.2455138894E-01,
        evaluate: |[b1, b2], x, y| {
            let out = Misra1a { b1, b2 }.outputs(&misra1a::Inputs { x, y })?;
            Ok((out.residual, out.slopes))
        },
    }
    .solve("misra1a.csv")?;

    Problem {
        name: "Thurber",
        starts: [[1000.0, 1000.0, 400.0, 40.0, 0.7, 0.3, 0.03], [1300.0, 1500.0, 500.0, 75.0, 1.0, 0.4, 0.05]],
        certified: [
            1.2881396800E+03,
            1.4910792535E+03,
            5.8323836877E+02,
            7.5416644291E+01,
            9.6629502864E-01,
            3.9797285797E-01,
            4.9727297349E-02,
        ],
        certified_sum: 5.6427082397E+03,
        evaluate: |[b1, b2, b3, b4, b5, b6, b7], x, y| {
            let out = Thurber { b1, b2, b3, b4, b5, b6, b7 }.outputs(&thurber::Inputs { x, y })?;
            Ok((out.residual, out.slopes))
        },
    }
    .solve("thurber.csv")?;

    Problem {
        name: "MGH09",
        starts: [[25.0, 39.0, 41.5, 39.0], [0.25, 0.39, 0.415, 0.39]],
        certified: [1.9280693458E-01, 1.9128232873E-01, 1.2305650693E-01, 1.3606233068E-01],
        certified_sum: 3.0750560385E-04,
        evaluate: |[b1, b2, b3, b4], x, y| {
            let out = Mgh09 { b1, b2, b3, b4 }.outputs(&mgh09::Inputs { x, y })?;
            Ok((out.residual, out.slopes))
        },
    }
    .solve("mgh09.csv")
}

/// The residuals, `[N]`, and their derivative by each parameter, `[P, N]`.
type Residuals = (Array1<f64>, Array2<f64>);

/// Computes them for parameters and for the observations' x and y.
type Evaluate<const P: usize> = fn([f64; P], ArrayView1<f64>, ArrayView1<f64>) -> Result<Residuals, Error>;

/// A problem with P parameters.
struct Problem<const P: usize> {
    name: &'static str,
    starts: [[f64; P]; 2],
    certified: [f64; P],
    certified_sum: f64,
    evaluate: Evaluate<P>,
}

impl<const P: usize> Problem<P> {
    /// Fits from both starts, and compares with what NIST certifies.
    fn solve(&self, file: &str) -> Outcome {
        let data = table(file)?;
        let evaluate = |b| (self.evaluate)(b, data.column(1), data.column(0));
        let (residual, _) = evaluate(self.certified)?;
        ensure(digits(residual.dot(&residual), self.certified_sum) > 9.5, "the data are not NIST's")?;

        for (place, &start) in self.starts.iter().enumerate() {
            let Fit { b, sum, steps } = fit(evaluate, start)?;
            println!("{}, start {}: {steps} steps, sum of squares {sum:.10e}", self.name, place + 1);
            for (k, (&fitted, &certified)) in b.iter().zip(&self.certified).enumerate() {
                let digits = digits(fitted, certified);
                println!("  b{}  {fitted:>18.10e}   certified {certified:>18.10e}   {digits:>4.1} digits", k + 1);
                ensure(digits >= 6.0, format!("b{} is not right to six digits", k + 1))?;
            }
        }
        println!();
        Ok(())
    }
}

/// To how many digits a number agrees with a certified one, which has eleven.
fn digits(found: f64, certified: f64) -> f64 {
    -((found - certified) / certified).abs().max(1e-11).log10()
}

/// Where a fit has ended.
struct Fit<const P: usize> {
    b: [f64; P],
    sum: f64,
    steps: u32,
}

/// Levenberg and Marquardt's method: Gauss's step, damped as long as it leads uphill.
fn fit<const P: usize>(evaluate: impl Fn([f64; P]) -> Result<Residuals, Error>, start: [f64; P]) -> Outcome<Fit<P>> {
    let mut b = start;
    let (mut residual, mut slopes) = evaluate(b)?;
    let mut sum = residual.dot(&residual);
    let mut damping = 1e-2;
    for steps in 1..=1000 {
        let mut normal = slopes.dot(&slopes.t());
        normal.diag_mut().map_inplace(|square| *square *= 1.0 + damping);
        let step = solve_positive(normal, slopes.dot(&residual));
        let next = std::array::from_fn(|k| b[k] - step[k]);
        let (next_residual, next_slopes) = evaluate(next)?;
        let next_sum = next_residual.dot(&next_residual);
        // Near the end the sum no longer tells better from worse, but the step still does.
        if next_sum <= sum * (1.0 + 1e-13) {
            let still = b.iter().zip(&step).all(|(b, step)| step.abs() <= 1e-11 * b.abs());
            (b, residual, slopes, sum) = (next, next_residual, next_slopes, next_sum);
            damping /= 2.0;
            if still {
                return Ok(Fit { b, sum, steps });
            }
        } else {
            damping *= 4.0;
        }
    }
    Err("no minimum found in 1000 steps".into())
}

/// Solves `a x = b` by Cholesky's factors. If `a` is not positive definite, the answer has NaN in it.
fn solve_positive(mut a: Array2<f64>, mut b: Array1<f64>) -> Array1<f64> {
    let n = b.len();
    for i in 0..n {
        for j in 0..=i {
            let rest = a[[i, j]] - (0..j).map(|k| a[[i, k]] * a[[j, k]]).sum::<f64>();
            a[[i, j]] = if i == j { rest.sqrt() } else { rest / a[[j, j]] };
        }
    }
    for i in 0..n {
        b[i] = (b[i] - (0..i).map(|k| a[[i, k]] * b[k]).sum::<f64>()) / a[[i, i]];
    }
    for i in (0..n).rev() {
        b[i] = (b[i] - (i + 1..n).map(|k| a[[k, i]] * b[k]).sum::<f64>()) / a[[i, i]];
    }
    b
}

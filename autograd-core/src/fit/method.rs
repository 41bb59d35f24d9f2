//! The methods by name.

use core::fmt;

/// How a fit looks for the minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// Damped least squares, for a loss that is the sum of squares of an output `residual`: the default there. Bounds are kept
    /// by projection.
    LevenbergMarquardt,
    /// Quasi-Newton with limited memory: the default for any other loss. With bounds it is L-BFGS-B.
    Lbfgs,
    /// Nonlinear conjugate gradients (Hager–Zhang): least memory. No bounds.
    ConjugateGradient,
    /// Newton's method, whose equations are solved by products with the Hessian. No bounds.
    TruncatedNewton,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LevenbergMarquardt => "Levenberg–Marquardt",
            Self::Lbfgs => "L-BFGS",
            Self::ConjugateGradient => "conjugate gradients",
            Self::TruncatedNewton => "truncated Newton",
        })
    }
}

//! The table of elementary functions: one row each, and nothing about any of them elsewhere.
//!
//! The rows stand in one file per family; each family hands them on to the next, and `table!` makes of all of them
//! the enum [`Function`] and its [`Row`]s. To add a function is to add a row:
//!
//! ```text
//! /// `1 / (1 + e⁻ˣ)`
//! Sigmoid "sigmoid" 1 {
//!     arguments: "x",                                  // their names, if not x or x, y
//!     eval: |x| sigmoid(x[0]),                         // in f64
//!     derivatives: [Bounded(|r, _, y| …)],             // by each argument, from x and y = f(x)
//!     total: always,                                   // finite for finite arguments?
//!     fades: by_first,                                 // the slope vanishes where the value is infinite; left out here
//!     domain: "all x",
//!     samples: [(-4.0, 4.0)],                          // where the tests differentiate numerically
//!     special: [[0.0] => 0.5, [-1000.0] => 0.0],       // values
//!     kinks: [],                                       // arguments => the derivatives that are the convention there
//!     latex: "\\sigma\\left({0}\\right)",
//!     cost: 15,
//! }
//! ```

mod distribution;
mod rules;
mod special;
#[macro_use]
mod arithmetic;
#[macro_use]
mod exponential;
#[macro_use]
mod trigonometric;
#[macro_use]
mod gamma;
#[macro_use]
mod probability;
#[macro_use]
mod piecewise;

use std::f64::consts::{FRAC_2_SQRT_PI, FRAC_PI_2, LN_2, LOG2_E, LOG10_E};

use Derivative::{Bounded, Linear, Refused, Root, Steep, Zero};
use rules::{
    acosh, always, by_each, by_first, by_second, difference_to_one, floored_remainder, gap, gauss, has_pole,
    inverse_circle, logaddexp, mul_unless_zero, nan_of, never, over_square_of_radius, power_by_base, power_by_exponent,
    share_of_exponential, share_of_extreme, share_of_radius, sigmoid, skip_of_either, slope_of_inverse_mills,
    slope_of_log1m_exp, take_apart, times_powers, trigamma_rise,
};

pub(super) use rules::{
    infinite_or_nan, is_divisor, may_lose_slopes, product_of_root, unless_flat, unless_lost, unless_overflowed,
};

use super::Facts;
use crate::graph::{NodeId, Region};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// Builds the local derivative from the operands and the value.
pub type Factor = fn(&mut Region, &[NodeId], NodeId) -> NodeId;

/// Builds the image of a cotangent (or tangent) from the operands, the value and the cotangent.
pub type Image = fn(&mut Region, &[NodeId], NodeId, NodeId, &Facts) -> Option<NodeId>;

/// The derivative of a function by one of its arguments.
#[derive(Clone, Copy)]
pub enum Derivative {
    /// Zero wherever it exists.
    Zero,
    /// A factor that is finite wherever the arguments are.
    Bounded(Factor),
    /// A factor that may be infinite or NaN for finite arguments: a zero from above skips it.
    Steep(Factor),
    /// A steep factor where the value itself is finite: a zero factor further in skips it too. The square root of what
    /// has its minimum 0 somewhere has a kink there, or no slope.
    Root(Factor),
    /// A linear map of the cotangent: signs, masks.
    Linear(Image),
    /// There is none within the table; why.
    Refused(&'static str),
}

/// How a function runs in a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// An operator of Rust: `+`, `-` (of one or two operands), `*`, `/`.
    Operator(&'static str),
    /// A method of the runtime's lanes.
    Method(&'static str),
}

/// One row of the table.
pub struct Row {
    /// The name in the language.
    pub name: &'static str,
    /// How many arguments.
    pub arity: usize,
    /// Their names: `"y, x"`.
    pub arguments: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// The value in `f64`.
    pub eval: fn(&[f64]) -> f64,
    /// By each argument.
    pub derivatives: &'static [Derivative],
    /// Whether the value is finite for all finite arguments (overflow of sums and products aside), given the operands.
    pub total: fn(&Region, &[NodeId]) -> bool,
    /// Whether the slope by the first place vanishes where the argument in the second one is infinite, though the value goes
    /// on growing, as that of a logarithm does: then the slope of what overflowed is not known.
    pub fades: fn(&Region, &[NodeId], [usize; 2]) -> bool,
    /// Where it is defined.
    pub domain: &'static str,
    /// Conventions at the edge; may be empty.
    pub notes: &'static str,
    /// Ranges for the tests: one per argument, or several for a single argument.
    pub samples: &'static [(f64, f64)],
    /// Arguments, and the value there.
    pub special: &'static [(&'static [f64], f64)],
    /// Arguments at a kink or an edge, and the derivatives that are the convention there.
    pub kinks: &'static [(&'static [f64], &'static [f64])],
    /// The LaTeX form, `{0}` and `{1}` standing for the arguments.
    pub latex: &'static str,
    /// The form as an operator, if it has one: `{0} + {1}`.
    pub text: Option<&'static str>,
    /// 1 for an addition to 20 for a transcendental function.
    pub cost: u32,
    /// How it runs in a kernel.
    pub kernel: Kernel,
}

/// Makes the enum and the rows.
macro_rules! table {
    (; $(
        $(#[doc = $doc:literal])*
        $variant:ident $name:literal $arity:tt {
            $(arguments: $arguments:literal,)?
            eval: $eval:expr,
            derivatives: [$($derivative:expr),* $(,)?],
            total: $total:expr,
            $(fades: $fades:expr,)?
            domain: $domain:literal,
            $(notes: $notes:literal,)?
            samples: [$($sample:expr),* $(,)?],
            special: [$([$($at:expr),*] => $value:expr),* $(,)?],
            kinks: [$([$($kink:expr),*] => [$($slope:expr),*]),* $(,)?],
            latex: $latex:literal, $(text: $text:literal,)? $(operator: $operator:literal,)?
            cost: $cost:literal,
        }
    )*) => {
        /// An elementary function: a row of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Function {
            /// All functions, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }

        static ROWS: &[Row] = &[$(Row {
            name: $name,
            arity: $arity,
            arguments: table!(@arguments $arity $($arguments)?),
            summary: concat!($($doc),*),
            eval: $eval,
            derivatives: &[$($derivative),*],
            total: $total,
            fades: table!(@fades $($fades)?),
            domain: $domain,
            notes: concat!($($notes)?),
            samples: &[$($sample),*],
            special: &[$((&[$($at),*], $value)),*],
            kinks: &[$((&[$($kink),*], &[$($slope),*])),*],
            latex: $latex,
            text: table!(@text $($text)?),
            cost: $cost,
            kernel: table!(@kernel $name $($operator)?),
        },)*];
    };
    (@arguments 1) => { "x" };
    (@arguments 2) => { "x, y" };
    (@arguments $arity:tt $arguments:literal) => { $arguments };
    (@fades) => { |_, _, _| false };
    (@fades $fades:expr) => { $fades };
    (@text) => { None };
    (@text $text:literal) => { Some($text) };
    (@kernel $name:literal) => { Kernel::Method($name) };
    (@kernel $name:literal $operator:literal) => { Kernel::Operator($operator) };
}

arithmetic! { exponential trigonometric gamma probability piecewise table; }

impl Function {
    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The function of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|function| function.name() == name)
    }

    /// Its name in the language.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// How many arguments it has.
    #[must_use]
    pub fn arity(self) -> usize {
        self.row().arity
    }

    /// Its value in `f64`.
    #[must_use]
    pub fn eval(self, arguments: &[f64]) -> f64 {
        (self.row().eval)(arguments)
    }

    /// 1 for an addition to 20 for a transcendental function.
    #[must_use]
    pub fn cost(self) -> u32 {
        self.row().cost
    }

    /// How it runs in a kernel.
    #[must_use]
    pub fn kernel(self) -> Kernel {
        self.row().kernel
    }
}

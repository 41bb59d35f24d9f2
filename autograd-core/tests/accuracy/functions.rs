//! The functions under test as kernels that are found by name, and the greatest error that each may have.

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::simd::{Block, Kernel, Lanes, Level, dispatch_at};

/// A column of numbers: x, y, and where the values go.
pub struct Columns<'a, T> {
    pub x: &'a [T],
    pub y: &'a [T],
    pub out: &'a mut [T],
}

/// Makes a kernel for each function, and the table that finds it.
macro_rules! functions {
    ($($name:ident($($operand:ident),*);)*) => {
        $(
            #[allow(non_camel_case_types)]
            struct $name<'a, T>(Columns<'a, T>);

            impl<T: Float> Kernel<T> for $name<'_, T> {
                type Output = ();
                #[inline(always)]
                fn run<V: Lanes<T>>(self) {
                    let Columns { x, y, out } = self.0;
                    let mut start = 0;
                    while start < x.len() {
                        let at = Block { start, live: V::COUNT.min(x.len() - start) };
                        let first = V::load(x, 0, at);
                        let rest: &[V] = &[V::load(y, 0, at)];
                        functions!(@call $name first rest $($operand)*).store(out, 0, at);
                        start += V::COUNT;
                    }
                }
            }
        )*

        /// The names of the functions.
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Runs one function over columns, at a level or (`None`) one number at a time.
        pub fn run<T: Float>(function: &str, level: Option<Level>, columns: Columns<'_, T>) {
            match (function, level) {
                $(
                    (stringify!($name), Some(level)) => dispatch_at(level, $name(columns)),
                    (stringify!($name), None) => $name(columns).run::<T>(),
                )*
                _ => panic!("no function {function}"),
            }
        }
    };
    // Slopes where the value is known.
    (@call slope_of_tanh $first:ident $rest:ident $value:ident) => {{ let _ = $rest; $first.slope_of_tanh($first.$value()) }};
    (@call slope_of_sigmoid $first:ident $rest:ident $value:ident) => {{
        let _ = $rest;
        $first.slope_of_sigmoid($first.$value())
    }};
    (@call $name:ident $first:ident $rest:ident) => {{ let _ = $rest; $first.$name() }};
    (@call $name:ident $first:ident $rest:ident $second:ident) => { $first.$name($rest[0]) };
}

functions! {
    exp();
    exp2();
    expm1();
    log();
    log1p();
    log2();
    log10();
    sqrt();
    rsqrt();
    cbrt();
    sin();
    cos();
    tan();
    asin();
    acos();
    atan();
    sinh();
    cosh();
    tanh();
    asinh();
    acosh();
    atanh();
    sigmoid();
    log_sigmoid();
    softplus();
    sech();
    tanh_slope();
    slope_of_tanh(tanh);
    log_cosh();
    sigmoid_slope();
    slope_of_sigmoid(sigmoid);
    log1m_exp();
    erfcx();
    norm_pdf();
    norm_cdf();
    log_norm_cdf();
    inverse_mills();
    norm_ppf();
    erfinv();
    erf();
    erfc();
    lgamma();
    digamma();
    trigamma();
    pow(y);
    rem(y);
    atan2(y);
    hypot(y);
    logaddexp(y);
    logsubexp(y);
    log_rising_factorial(y);
    digamma_rise(y);
    lbeta(y);
}

/// How large the error of a function may be.
pub struct Bound {
    pub name: &'static str,
    /// In units in the last place.
    pub double: f64,
    pub single: f64,
    pub unit: Unit,
}

/// Below which size of the value the unit no longer shrinks with it.
#[derive(Clone, Copy)]
pub enum Unit {
    Value,
    One,
    OneBelowZero,
    OneOrTerms,
}

impl Unit {
    fn read(text: &str) -> Self {
        match text {
            "" => Self::Value,
            "of at least 1" => Self::One,
            "of at least 1, for x < 0" => Self::OneBelowZero,
            "of at least 1; below x or x + n = 2 of their lgamma" => Self::OneOrTerms,
            other => panic!("no unit {other}"),
        }
    }

    /// The size at two arguments.
    pub fn at<T: Float>(self, x: T, y: T) -> f64 {
        let (x, y) = (x.to_f64(), y.to_f64());
        match self {
            Self::OneBelowZero if x < 0.0 => 1.0,
            Self::Value | Self::OneBelowZero => 0.0,
            Self::OneOrTerms if x.min(x + y) < 2.0 => x.lgamma().abs().max((x + y).lgamma().abs()).clamp(1.0, 1e30),
            Self::One | Self::OneOrTerms => 1.0,
        }
    }
}

/// The bounds of all functions, from the table of the documentation.
pub fn bounds() -> Vec<Bound> {
    let rows: Vec<Vec<&str>> = include_str!("../../src/math/mod.rs")
        .lines()
        .filter_map(|line| Some(line.strip_prefix("//! | ")?.split('|').map(str::trim).collect()))
        .collect();
    let bound = |name: &&'static str| {
        let row = rows.iter().find(|row| row[0] == *name).expect("the table has every function");
        let number = |column: usize| row[column].parse::<f64>().expect("a number");
        // Half an ulp is what rounding alone gives; the stored values have two decimals.
        Bound { name, double: number(1) + 0.01, single: number(2) + 0.01, unit: Unit::read(row[3]) }
    };
    NAMES.iter().map(bound).collect()
}

/// The function whose stored values are those of this one.
pub fn stored(function: &str) -> &str {
    match function {
        "slope_of_tanh" => "tanh_slope",
        "slope_of_sigmoid" => "sigmoid_slope",
        other => other,
    }
}

/// The values of a function, at a level or (`None`) one number at a time.
pub fn values<T: Float>(function: &str, level: Option<Level>, x: &[T], y: &[T]) -> Vec<T> {
    let mut out = vec![T::ZERO; x.len()];
    run(function, level, Columns { x, y, out: &mut out });
    out
}

/// The levels of this processor, and (`None`) one number at a time.
pub fn levels() -> Vec<Option<Level>> {
    Level::available().map(Some).chain([None]).collect()
}

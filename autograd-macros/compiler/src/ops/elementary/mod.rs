//! The table of elementary functions: one row each, and nothing about any of them elsewhere.

use crate::graph::{NodeId, Region};

/// The derivative of a function by one of its arguments.
#[derive(Clone, Copy)]
pub enum Derivative {
    /// Zero wherever it exists.
    Zero,
    /// A factor in x and y = f(x) that is finite wherever f is.
    Bounded(fn(&mut Region, &[NodeId], NodeId) -> NodeId),
    /// A factor that may be infinite or NaN: an upstream zero skips it.
    Steep(fn(&mut Region, &[NodeId], NodeId) -> NodeId),
    /// The cotangent (or tangent) mapped as a whole: masks.
    Linear(fn(&mut Region, &[NodeId], NodeId, NodeId) -> Option<NodeId>),
    /// There is none within the table; why.
    Refused(&'static str),
}

/// How a function runs in a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// An operator of Rust: `+`, `-` (of one or two), `*`, `/`.
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
    /// The value in `f64`.
    pub eval: fn(&[f64]) -> f64,
    /// By each argument.
    pub derivatives: &'static [Derivative],
    /// 1 for an addition to 20 for a transcendental function.
    pub cost: u32,
    /// How it runs.
    pub kernel: Kernel,
}

macro_rules! quick {
    ($($name:ident $text:literal $arity:literal $cost:literal $kind:ident $kernel:literal,)*) => {
        /// An elementary function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function {
            $(#[doc = concat!("`", $text, "`")] $name,)*
        }
        impl Function {
            /// All functions.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
        static ROWS: &[Row] = &[
            $(Row { name: $text, arity: $arity, eval: |_| f64::NAN, derivatives: &[Derivative::Zero; $arity], cost: $cost, kernel: Kernel::$kind($kernel) },)*
        ];
    };
}

quick! {
    Neg "neg" 1 1 Operator "-",
    Add "add" 2 1 Operator "+",
    Sub "sub" 2 1 Operator "-",
    Mul "mul" 2 1 Operator "*",
    Div "div" 2 4 Operator "/",
    Abs "abs" 1 1 Method "abs",
    Sign "sign" 1 2 Method "sign",
    Sqrt "sqrt" 1 5 Method "sqrt",
    Rsqrt "rsqrt" 1 8 Method "rsqrt",
    Cbrt "cbrt" 1 15 Method "cbrt",
    Recip "recip" 1 4 Method "recip",
    Exp "exp" 1 12 Method "exp",
    Exp2 "exp2" 1 12 Method "exp2",
    Expm1 "expm1" 1 15 Method "expm1",
    Log "log" 1 15 Method "log",
    Log1p "log1p" 1 15 Method "log1p",
    Log2 "log2" 1 15 Method "log2",
    Log10 "log10" 1 15 Method "log10",
    Pow "pow" 2 20 Method "pow",
    Sin "sin" 1 15 Method "sin",
    Cos "cos" 1 15 Method "cos",
    Tan "tan" 1 18 Method "tan",
    Asin "asin" 1 18 Method "asin",
    Acos "acos" 1 18 Method "acos",
    Atan "atan" 1 15 Method "atan",
    Sinh "sinh" 1 18 Method "sinh",
    Cosh "cosh" 1 18 Method "cosh",
    Tanh "tanh" 1 15 Method "tanh",
    Asinh "asinh" 1 20 Method "asinh",
    Acosh "acosh" 1 20 Method "acosh",
    Atanh "atanh" 1 20 Method "atanh",
    Atan2 "atan2" 2 18 Method "atan2",
    Sigmoid "sigmoid" 1 15 Method "sigmoid",
    LogSigmoid "log_sigmoid" 1 20 Method "log_sigmoid",
    Softplus "softplus" 1 20 Method "softplus",
    Relu "relu" 1 1 Method "relu",
    Erf "erf" 1 20 Method "erf",
    Erfc "erfc" 1 20 Method "erfc",
    Lgamma "lgamma" 1 20 Method "lgamma",
    Digamma "digamma" 1 20 Method "digamma",
    Trigamma "trigamma" 1 20 Method "trigamma",
    Polygamma "polygamma" 2 20 Method "polygamma",
    Floor "floor" 1 1 Method "floor",
    Ceil "ceil" 1 1 Method "ceil",
    Round "round" 1 1 Method "round",
    Max "max" 2 1 Method "max",
    Min "min" 2 1 Method "min",
    Hypot "hypot" 2 8 Method "hypot",
    Logaddexp "logaddexp" 2 20 Method "logaddexp",
    Rem "rem" 2 8 Method "rem",
    Xlogy "xlogy" 2 16 Method "xlogy",
    Square "square" 1 1 Method "square",
    MulUnlessZero "mul_unless_zero" 2 2 Method "mul_unless_zero",
}

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

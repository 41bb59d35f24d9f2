//! Values, modules, macros and words that begin an item elsewhere.

/// Constants under other names.
pub const CONSTANTS: &[(&str, &str)] = &[
    ("PI", "pi"),
    ("Pi", "pi"),
    ("π", "pi"),
    ("TAU", "2*pi"),
    ("tau", "2*pi"),
    ("E", "e"),
    ("INFINITY", "inf"),
    ("NEG_INFINITY", "-inf"),
    ("Inf", "inf"),
    ("Infinity", "inf"),
    ("infinity", "inf"),
    ("INF", "inf"),
    ("inff", "inf"),
    ("NAN", "nan"),
    ("NaN", "nan"),
    ("SQRT_2", "sqrt(2)"),
    ("FRAC_1_SQRT_2", "sqrt(0.5)"),
    ("FRAC_PI_2", "pi/2"),
    ("FRAC_PI_4", "pi/4"),
    ("FRAC_1_PI", "1/pi"),
    ("LN_2", "log(2)"),
    ("LN_10", "log(10)"),
    ("EPSILON", "2^-52"),
    ("True", "true"),
    ("False", "false"),
    ("TRUE", "true"),
    ("FALSE", "false"),
    ("newaxis", "new"),
];

/// What to write for `None`, where nothing exact can be said.
pub const NONE: &str = "what is optional is left out: without an axis, all of them are meant";

/// Modules before whose functions people write a point or `::`.
pub const MODULES: &[&str] = &[
    "np",
    "numpy",
    "jnp",
    "jax",
    "lax",
    "nn",
    "torch",
    "F",
    "tf",
    "math",
    "scipy",
    "sp",
    "special",
    "stats",
    "linalg",
    "keras",
    "K",
    "mx",
    "pm",
    "pt",
    "tensor",
    "losses",
    "functional",
    "optax",
    "flax",
    "xp",
    "cp",
    "ca",
    "libm",
    "tfd",
    "tfp",
    "dist",
    "distributions",
];

/// Methods of Rust and Python that give back their receiver, for what matters here.
pub const IDENTITIES: &[&str] = &[
    "as_ref",
    "as_slice",
    "as_standard_layout",
    "astype",
    "borrow",
    "clone",
    "cloned",
    "collect",
    "contiguous",
    "copied",
    "copy",
    "cpu",
    "cuda",
    "data",
    "double",
    "evaluate",
    "expect",
    "float",
    "float32",
    "float64",
    "from",
    "into",
    "into_iter",
    "into_owned",
    "item",
    "iter",
    "iter_mut",
    "numpy",
    "par_iter",
    "requires_grad_",
    "to",
    "to_f64",
    "to_owned",
    "to_vec",
    "type",
    "unwrap",
    "values",
    "view_mut",
];

/// Methods that take a closure for every element.
pub const MAPS: &[&str] = &["apply", "for_each", "map", "map_inplace", "mapv", "mapv_into", "mapv_inplace", "par_mapv"];

/// What to write for a macro of Rust.
#[must_use]
pub fn macro_help(name: &str) -> &'static str {
    match name {
        "vec" | "array" | "arr1" | "arr2" | "matrix" | "vector" => "`[a, b, c]` is a vector",
        "print" | "println" | "eprintln" | "dbg" | "info" | "debug" => {
            "a model prints nothing: make the value an output, `name = …;`"
        }
        "assert" | "assert_eq" | "debug_assert" | "panic" | "todo" => {
            "sizes are checked by themselves; another condition can be an output, `name = …;`"
        }
        "s" => "a subscript is written `x[1.., ..]`",
        _ => "functions are called without `!`",
    }
}

/// What to write for a loop or a choice of Rust or Python.
#[must_use]
pub fn loop_help(word: &str) -> &'static str {
    match word {
        "for" => {
            "index notation: `y[i in 0..N] = …;`, `sum[i in 0..N](…)`; what depends on the turn before (`scan`) is not \
             supported yet"
        }
        "if" => "a choice is a value: `name = if c { a } else { b };`",
        "match" | "switch" => "`if c { a } else { b }` chooses, also element by element",
        _ => "operations take whole tensors; loops that end by a condition are not supported yet",
    }
}

/// What begins an item instead of a word, and whether it can stand in the word's place.
#[must_use]
pub fn item_word(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "params" | "parameter" | "parameters" | "weight" | "weights" | "variable" | "placeholder" => "param",
        "inputs" | "data" | "arg" | "args" => "input",
        "var" | "val" | "mut" | "auto" | "double" | "float" => "let",
        "def" | "func" | "function" | "lambda" => "fn",
        "constant" | "static" => "const",
        "states" | "buffer" => "state",
        _ => return None,
    })
}

/// What to write for a declaration or a block of Stan.
#[must_use]
pub fn declaration_help(word: &str) -> Option<&'static str> {
    Some(match word {
        "vector" | "row_vector" | "matrix" | "array" | "real" | "int" | "float" | "double" => {
            "what is fitted is `param name: [N];`, what is given `input name: [N];`, and a number has no shape; what is \
             positive is `exp(name)` of a parameter"
        }
        "simplex"
        | "ordered"
        | "positive_ordered"
        | "unit_vector"
        | "cov_matrix"
        | "corr_matrix"
        | "cholesky_factor_corr"
        | "cholesky_factor_cov" => {
            "parameters are free numbers: `softmax(z)` adds up to 1, `cumsum(exp(z))` is in order, `z / norm(z)` has length 1"
        }
        "parameters" | "model" | "functions" | "transformed" | "generated" | "quantities" => {
            "there are no blocks: `param …;` and `input …;` declare, `let …;` names a value, `loss = …;` is minimised"
        }
        _ => return None,
    })
}

/// What is called `loss` here, if an expression follows.
pub const MINIMISED: &[&str] = &["minimise", "minimize", "min", "argmin", "objective", "cost", "loss"];

/// What is called `loss` here after its sign is changed, if an expression follows.
pub const MAXIMISED: &[&str] = &["maximise", "maximize", "max", "argmax"];

/// Words that are left out before an item.
pub const LEFT_OUT: &[&str] =
    &["minimise", "minimize", "output", "outputs", "pub", "public", "private", "export", "global"];

/// Words that bring in what a model cannot hold.
pub const OUTSIDE: &[&str] =
    &["use", "import", "from", "struct", "enum", "impl", "mod", "class", "type", "trait", "extern", "with"];

/// Initialisers under other names, with their arguments.
pub const INITIALISERS: &[(&str, &str)] = &[
    ("rand", "uniform(0, 1)"),
    ("random", "uniform(0, 1)"),
    ("random_uniform", "uniform(0, 1)"),
    ("randn", "normal(0, 1)"),
    ("random_normal", "normal(0, 1)"),
    ("gaussian", "normal(0, 1)"),
    ("standard_normal", "normal(0, 1)"),
    ("zero", "zeros()"),
    ("one", "ones()"),
    ("fill", "full(0)"),
    ("he", "he_normal()"),
    ("xavier", "xavier_uniform()"),
    ("glorot", "glorot_uniform()"),
    ("kaiming", "kaiming_uniform()"),
    ("lecun", "lecun_normal()"),
];

/// The functions that bind indices: `sum[k](a[k])`.
pub const REDUCERS: &[&str] =
    &["sum", "prod", "mean", "max", "min", "argmax", "argmin", "logsumexp", "norm", "var", "std", "any", "all"];

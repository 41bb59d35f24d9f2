//! Activation functions: composites of elementary functions, element by element, in the model language.
//!
//! Where one arm of an `if` could overflow, its argument is made harmless there, so that no derivative meets an
//! infinity; where a function has a kink, the side of the smaller slope has the point.

use super::Family::Activation;
use super::{Row, model};

pub(super) const ROWS: &[Row] = &[
    model(
        ["leaky_relu", "x, slope = 0.01", "x where it is positive, `slope*x` elsewhere", "leaky_relu(x, slope = 0.2)"],
        Activation,
        "if x > 0 { x } else { slope * x }",
    ),
    model(["relu6", "x", "x between 0 and 6; derivative 0 at both", "relu6(x)"], Activation, "min(max(x, 0), 6)"),
    model(
        ["elu", "x, alpha = 1", "x where it is positive, `alpha*expm1(x)` elsewhere", "elu(x)"],
        Activation,
        "if x > 0 { x } else { alpha * expm1(if x > 0 { 0 } else { x }) }",
    ),
    model(
        ["selu", "x", "the self-normalising `elu` (Klambauer et al. 2017)", "selu(x)"],
        Activation,
        "1.0507009873554805 * if x >= 0 { x } else { 1.6732632423543772 * expm1(if x >= 0 { 0 } else { x }) }",
    ),
    model(
        ["gelu", "x", "`x` times the normal distribution function of x, by `erfc`", "gelu(x)"],
        Activation,
        "0.5 * x * erfc(-x * 0.7071067811865476)",
    ),
    model(
        ["gelu_tanh", "x", "the approximation of `gelu` by `tanh`", "gelu_tanh(x)"],
        Activation,
        "0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x^3)))",
    ),
    model(["silu", "x", "`x*sigmoid(x)`, also called swish", "silu(x)"], Activation, "x * sigmoid(x)"),
    model(["mish", "x", "`x*tanh(softplus(x))`", "mish(x)"], Activation, "x * tanh(softplus(x))"),
    model(["softsign", "x", "`x / (1 + |x|)`", "softsign(x)"], Activation, "x / (1 + abs(x))"),
    model(
        ["hard_sigmoid", "x", "`clamp(x/6 + 1/2, 0, 1)`", "hard_sigmoid(x)"],
        Activation,
        "min(max(x / 6 + 0.5, 0), 1)",
    ),
    model(["hard_tanh", "x", "`clamp(x, -1, 1)`", "hard_tanh(x)"], Activation, "min(max(x, -1), 1)"),
    model(
        ["clamp", "x, low, high", "x, but at least `low` and at most `high`; derivative 0 at both", "clamp(x, 0, 1)"],
        Activation,
        "min(max(x, low), high)",
    ),
];

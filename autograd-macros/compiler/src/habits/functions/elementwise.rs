//! Element by element: operators under names, powers, rounding, truth values, activations.

use super::Meaning::{Make, Same, Write};
use super::{Given, Row};

pub(super) const ROWS: &[Row] = &[
    (&["expit", "logistic", "inv_logit"], Same("sigmoid")),
    (&["gammaln", "loggamma", "ln_gamma", "log_gamma"], Same("lgamma")),
    (&["psi"], Same("digamma")),
    (&["maximum"], Same("max")),
    (&["minimum"], Same("min")),
    (&["absolute", "fabs"], Same("abs")),
    (&["arcsin"], Same("asin")),
    (&["arccos"], Same("acos")),
    (&["arctan"], Same("atan")),
    (&["arctan2"], Same("atan2")),
    (&["arcsinh"], Same("asinh")),
    (&["arccosh"], Same("acosh")),
    (&["arctanh"], Same("atanh")),
    (&["ln"], Same("log")),
    (&["ln_1p"], Same("log1p")),
    (&["exp_m1"], Same("expm1")),
    (&["swish"], Same("silu")),
    (&["hardtanh"], Same("hard_tanh")),
    (&["hardsigmoid"], Same("hard_sigmoid")),
    (&["logsigmoid", "log_inv_logit"], Same("log_sigmoid")),
    (&["log1p_exp"], Same("softplus")),
    (&["multiply_log", "lmultiply"], Same("xlogy")),
    (&["isnan"], Same("is_nan")),
    (&["isfinite"], Same("is_finite")),
    (&["rint"], Same("round")),
    (&["detach"], Same("stop_gradient")),
    (&["if_else"], Same("where")),
    (&["divide_no_nan"], Write("a, b", "safe_div({a}, {b})")),
    (&["add"], Write("a, b", "{a!} + {b!}")),
    (&["sub", "subtract"], Write("a, b", "{a!} - {b!}")),
    (&["mul", "multiply"], Write("a, b", "{a!}*{b!}")),
    (&["div", "divide", "true_divide"], Write("a, b", "{a!}/{b!}")),
    (&["neg", "negative"], Write("x", "-{x!}")),
    (&["reciprocal"], Write("x", "1/{x!}")),
    (&["power", "powf", "powi"], Write("x, p", "{x!}^{p!}")),
    (&["abs2", "sqr"], Write("x", "{x!}^2")),
    (&["mul_add", "fma"], Write("a, b, c", "{a!}*{b!} + {c!}")),
    (&["floor_divide"], Same("floor_div")),
    (&["remainder", "mod", "floormod"], Write("a, b", "rem({a}, {b})")),
    (&["fmod"], Write("a, b", "sign({a})*rem(abs({a}), abs({b}))")),
    (&["trunc", "fix"], Write("x", "sign({x})*floor(abs({x}))")),
    (&["frac"], Write("x", "{x!} - sign({x})*floor(abs({x}))")),
    (&["fract"], Write("x", "{x!} - floor({x})")),
    (&["fmax"], Write("a, b", "max({a}, {b})")),
    (&["fmin"], Write("a, b", "min({a}, {b})")),
    (&["signum"], Write("x", "if {x!} < 0 { -1 } else { 1 }")),
    (&["copysign"], Write("a, b", "if {b!} < 0 { -abs({a}) } else { abs({a}) }")),
    (
        &["clip", "clip_by_value"],
        Write(
            "x, low|a_min|min|lower|clip_value_min, high|a_max|max|upper|clip_value_max",
            "clamp({x}, {low}, {high})",
        ),
    ),
    (&["heaviside"], Make(heaviside, "`where(x > 0, 1, 0)`")),
    (&["step"], Make(step, "`where(x > 0, 1, 0)`")),
    (&["select", "cond"], Write("c, a, b", "where({c}, {a}, {b})")),
    (&["logical_and", "and"], Write("a, b", "{a!} && {b!}")),
    (&["logical_or", "or"], Write("a, b", "{a!} || {b!}")),
    (&["logical_xor", "xor"], Write("a, b", "{a!} != {b!}")),
    (&["logical_not", "not"], Write("c", "!{c!}")),
    (&["equal", "eq"], Write("a, b", "{a!} == {b!}")),
    (&["not_equal", "ne"], Write("a, b", "{a!} != {b!}")),
    (&["greater", "gt"], Write("a, b", "{a!} > {b!}")),
    (&["greater_equal", "ge"], Write("a, b", "{a!} >= {b!}")),
    (&["less", "lt"], Write("a, b", "{a!} < {b!}")),
    (&["less_equal", "le"], Write("a, b", "{a!} <= {b!}")),
    (&["isinf"], Write("x", "abs({x}) == inf")),
    (&["nan_to_num"], Write("x", "where(is_nan({x}), 0, {x})")),
    (&["sec"], Write("x", "1/cos({x})")),
    (&["csc"], Write("x", "1/sin({x})")),
    (&["cot"], Write("x", "1/tan({x})")),
    (&["csch"], Write("x", "1/sinh({x})")),
    (&["coth"], Write("x", "1/tanh({x})")),
    (&["deg2rad", "radians", "to_radians"], Write("x", "{x!}*pi/180")),
    (&["rad2deg", "degrees", "to_degrees"], Write("x", "{x!}*180/pi")),
    (&["lerp", "mix"], Write("a, b, t", "{a!} + {t!}*({b!} - {a!})")),
    (
        &["smoothstep"],
        Write("a, b, x", "clamp(({x!} - {a!})/({b!} - {a!}), 0, 1)^2*(3 - 2*clamp(({x!} - {a!})/({b!} - {a!}), 0, 1))"),
    ),
    (&["log1m"], Write("x", "log1p(-{x!})")),
    (&["log_diff_exp"], Same("logsubexp")),
    (&["log_mix"], Write("p, a, b", "logaddexp(log({p}) + {a!}, log1p(-{p!}) + {b!})")),
    (&["gamma", "tgamma"], Write("x", "exp(lgamma({x}))")),
    (&["factorial"], Write("n", "exp(lgamma({n!} + 1))")),
    (&["beta"], Write("a, b", "exp(lbeta({a}, {b}))")),
    (&["celu"], Make(celu, "`alpha*elu(x/alpha)`")),
    (&["glu"], Write("a, b", "{a!}*sigmoid({b})")),
    (&["prelu"], Write("x, a|weight", "leaky_relu({x}, slope = {a})")),
    (&["tanhshrink"], Write("x", "{x!} - tanh({x})")),
    (&["softshrink"], Write("x", "sign({x})*relu(abs({x}) - 0.5)")),
    (&["hardshrink"], Write("x", "if abs({x}) > 0.5 { {x} } else { 0 }")),
    (&["hardswish", "hard_swish", "hard_silu"], Write("x", "{x!}*hard_sigmoid({x})")),
];

/// `heaviside(x)`, and with its value at 0.
fn heaviside(given: &Given) -> Option<String> {
    given
        .fill("x", "where({x!} > 0, 1, 0)")
        .or_else(|| given.fill("x, y", "if {x!} < 0 { 0 } else if {x!} > 0 { 1 } else { {y} }"))
}

/// `step(x)`, and from an edge on, as shaders have it.
fn step(given: &Given) -> Option<String> {
    given.fill("x", "where({x!} > 0, 1, 0)").or_else(|| given.fill("edge, x", "where({x!} < {edge!}, 0, 1)"))
}

fn celu(given: &Given) -> Option<String> {
    given.fill("x", "elu({x})").or_else(|| given.fill("x, alpha", "{alpha!}*elu({x!}/{alpha!})"))
}

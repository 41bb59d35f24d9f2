//! Whole axes: sums, extremes, moments, products of vectors and matrices, derivatives.

use super::Meaning::{Make, Same, Say, Write};
use super::{Given, Row};

const AXES: &str = "x, axis|dim|dims|axes?, keep|keepdims|keepdim?";

pub(super) const ROWS: &[Row] = &[
    (&["reduce_sum"], Same("sum")),
    (&["reduce_mean", "average"], Same("mean")),
    (&["reduce_prod"], Same("prod")),
    (&["reduce_logsumexp", "log_sum_exp"], Same("logsumexp")),
    (&["dot_product"], Same("dot")),
    (&["dot_self"], Write("x", "sum({x!}^2)")),
    (&["columns_dot_product"], Write("a, b", "sum({a!}*{b!}, axis = 0)")),
    (&["rows_dot_product"], Write("a, b", "sum({a!}*{b!}, axis = 1)")),
    (&["squared_distance"], Write("a, b", "sum(({a!} - {b!})^2)")),
    (&["quad_form"], Write("a, b", "dot({b}, {a!} @ {b!})")),
    (&["sd"], Write("x", "std({x}, ddof = 1)")),
    (&["variance"], Write("x", "var({x}, ddof = 1)")),
    (&["reduce_any"], Same("any")),
    (&["reduce_all"], Same("all")),
    (&["reduce_std"], Same("std")),
    (&["reduce_variance"], Same("var")),
    (&["cumulative_sum"], Same("cumsum")),
    (&["cumulative_prod"], Same("cumprod")),
    (&["mean_axis"], Write("x, axis", "mean({x}, axis = {axis})")),
    (&["sum_axis"], Write("x, axis", "sum({x}, axis = {axis})")),
    (&["amax", "reduce_max"], Write(AXES, "max({x}⟨, axis = {axis}⟩⟨, keep = {keep}⟩)")),
    (&["amin", "reduce_min"], Write(AXES, "min({x}⟨, axis = {axis}⟩⟨, keep = {keep}⟩)")),
    (&["nansum"], Write("x, axis|dim?", "sum(where(is_nan({x}), 0, {x})⟨, axis = {axis}⟩)")),
    (
        &["nanmean"],
        Write(
            "x, axis|dim?",
            "sum(where(is_nan({x}), 0, {x})⟨, axis = {axis}⟩)/sum(where(is_nan({x}), 0, 1)⟨, axis = {axis}⟩)",
        ),
    ),
    (&["count_nonzero"], Write("x, axis|dim?", "sum({x!} != 0⟨, axis = {axis}⟩)")),
    (&["ptp"], Write("x, axis|dim?", "max({x}⟨, axis = {axis}⟩) - min({x}⟨, axis = {axis}⟩)")),
    (&["sumsqr", "sumsq"], Write("x", "sum({x!}^2)")),
    (&["trapz", "trapezoid"], Make(trapezoid, "`sum((x[1..] - x[..-1])*(y[1..] + y[..-1]))/2`")),
    (&["softmin"], Write("x, axis|dim?", "softmax(-{x!}⟨, axis = {axis}⟩)")),
    (&["normalize", "l2_normalize"], Make(normalize, "`x/norm(x, axis = -1, keep = true)`")),
    (&["standardize"], Make(standardize, "`(x - mean(x, axis = 0))/std(x, axis = 0)`")),
    (&["rms_norm"], Write("x", "{x!}*rsqrt(mean({x!}^2, axis = -1, keep = true) + 1e-6)")),
    (&["cov"], Make(cov, "products of what is left of the mean: `c @ c.T/(N - 1)` of `let c = x - mean(x, N);`")),
    (&["corrcoef"], Say("the products of standardised rows: `s @ s.T/N` of `let s = (x - mean(x, N))/std(x, N);`")),
    (&["matmul", "mm", "bmm", "mv", "matvec", "mtimes"], Write("a, b", "{a!} @ {b!}")),
    (&["vdot"], Write("a, b", "dot({a}, {b})")),
    (&["inner"], Make(inner, "`dot(a, b)`, or of matrices `a @ b.T`")),
    (&["tensordot"], Make(tensordot, "`a @ b`, or the sum of a product")),
    (&["linear", "dense"], Write("x, w|weight, b|bias?", "{x!} @ {w!}.T⟨ + {b}⟩")),
    (&["matrix_power"], Make(matrix_power, "a product: `a @ a`")),
    (&["det3"], Write("a", "dot({a!}[0], cross({a!}[1], {a!}[2]))")),
    (&["cosine_similarity"], Write("a, b, axis|dim?", COSINE)),
    (&["cosine_distance"], Write("a, b", "1 - sum({a!}*{b!}, axis = -1)/(norm({a}, axis = -1)*norm({b}, axis = -1))")),
    (&["pairwise_distance"], Write("a, b", "norm({a!} - {b!}, axis = -1)")),
    (&["cdist"], Write("a, b", "norm({a!}[.., new] - {b!}[new], axis = -1)")),
    (&["scaled_dot_product_attention"], Make(attention, "`softmax(q @ k.T/sqrt(D), axis = -1) @ v`")),
    (&["gradient", "gradients"], Write("y, x", "grad({y}, {x})")),
    (
        &["backward"],
        Say("`grad(loss, w)` is the derivative by `w`; outside, every model has `grad` and `loss_and_grad`"),
    ),
    (&["hvp"], Write("y, x, v", "jvp(grad({y}, {x}), {x}, {v})")),
    (&["no_grad", "stop_grad", "zero_grad"], Write("x", "stop_gradient({x})")),
    (&["value_and_grad"], Say("every model with a `loss` has `loss_and_grad(&inputs)`; inside, `grad(loss, w)`")),
    (&["vmap", "pmap", "jit"], Say("operations take whole tensors, and axes by name: `sum(x, D)` is of each row")),
];

const COSINE: &str = "sum({a!}*{b!}, axis = -1)/(norm({a}, axis = -1)*norm({b}, axis = -1))";

/// Along the last axis, or the one that is said.
/// `trapz(y)`, `trapz(y, x)`.
fn trapezoid(given: &Given) -> Option<String> {
    given
        .fill("y", "sum({y!}[1..] + {y!}[..-1])/2")
        .or_else(|| given.fill("y, x", "sum(({x!}[1..] - {x!}[..-1])*({y!}[1..] + {y!}[..-1]))/2"))
}

fn normalize(given: &Given) -> Option<String> {
    match given.count() {
        1 => given.fill("x", "{x!}/norm({x}, axis = -1, keep = true)"),
        _ => given.fill("x, axis|dim", "{x!}/norm({x}, axis = {axis}, keep = true)"),
    }
}

fn standardize(given: &Given) -> Option<String> {
    given.fill("x", "({x!} - mean({x}, axis = 0))/std({x}, axis = 0)")
}

/// Of rows that are variables, as `NumPy` and `PyTorch` have it.
fn cov(given: &Given) -> Option<String> {
    let [_, samples] = given.shape(0)? else { return None };
    let centred = "({x!} - mean({x}, axis = 1, keep = true))";
    given.fill("x", &format!("{centred} @ {centred}.T/({samples} - 1)"))
}

fn inner(given: &Given) -> Option<String> {
    match (given.rank(0)?, given.rank(1)?) {
        (1, 1) => given.fill("a, b", "dot({a}, {b})"),
        (1 | 2, 2) => given.fill("a, b", "{a!} @ {b!}.T"),
        _ => None,
    }
}

fn tensordot(given: &Given) -> Option<String> {
    match (given.rank(0)?, given.rank(1)?, given.integer(2).unwrap_or(2)) {
        (_, 1 | 2, 1) => given.fill("a, b, axes", "{a!} @ {b!}"),
        (2, 2, 2) => given.fill("a, b, axes?", "sum({a!}*{b!})"),
        _ => None,
    }
}

fn matrix_power(given: &Given) -> Option<String> {
    let times = usize::try_from(given.integer(1)?).ok().filter(|times| (1..=8).contains(times))?;
    Some(vec![given.operand(0)?; times].join(" @ "))
}

fn attention(given: &Given) -> Option<String> {
    let width = given.shape(0)?.last()?;
    given.fill("q, k, v", &format!("softmax({{q!}} @ {{k!}}.T/sqrt({width}), axis = -1) @ {{v!}}"))
}

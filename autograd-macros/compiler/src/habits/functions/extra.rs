//! Arguments that functions of the language have elsewhere: `log(x, 10)`, `round(x, decimals = 2)`,
//! `mse(a, b, reduction = "sum")`. No argument that changes the value is left out of what is proposed.

use super::Given;
use super::given::Argument;

/// Names of the language's functions, the arguments that they have elsewhere (see [`Given::fill`]), and what that is
/// here. The first that fits is taken.
const ROWS: &[(&[&str], &str, &str)] = &[
    (&["log"], "x, base:2", "log2({x})"),
    (&["log"], "x, base:10", "log10({x})"),
    (&["log"], "x, base:e", "log({x})"),
    (&["log"], "x, base", "log({x})/log({base})"),
    (&["round"], "x, decimals|ndigits|digits:0", "round({x})"),
    (&["round"], "x, decimals|ndigits|digits", "round({x!}*10^{decimals!})/10^{decimals!}"),
    (&["atan"], "y, x", "atan2({y}, {x})"),
    (&["softplus"], "x, beta", "softplus({beta!}*{x!})/{beta!}"),
    (&["silu"], "x, beta", "{x!}*sigmoid({beta!}*{x!})"),
    (&["relu"], "x, =max_value", "clamp({x}, 0, {max_value})"),
    (&["relu"], "x, =negative_slope|alpha", "leaky_relu({x}, slope = {negative_slope})"),
    (&["gelu"], "x, approximate:\"tanh\"|true", "gelu_tanh({x})"),
    (&["gelu"], "x, approximate:\"none\"|false", "gelu({x})"),
    (&["clamp", "clip"], "x, low|min|a_min|lower:None, high|max|a_max|upper:None", "{x}"),
    (&["clamp", "clip"], "x, low|min|a_min|lower, high|max|a_max|upper:None", "max({x}, {low})"),
    (&["clamp", "clip"], "x, low|min|a_min|lower:None, high|max|a_max|upper", "min({x}, {high})"),
    (&["clamp", "clip"], "x, low|min|a_min|lower", "max({x}, {low})"),
    (&["clamp", "clip"], "x, =high|max|a_max|upper", "min({x}, {high})"),
    (&["sum", "any", "all"], "x, axis|dim?, =where|mask", "{f}(where({where}, {x}, 0)⟨, axis = {axis}⟩)"),
    (&["prod"], "x, axis|dim?, =where|mask", "prod(where({where}, {x}, 1)⟨, axis = {axis}⟩)"),
    (&["sum", "prod"], "x, axis|dim?, =initial:0", "{f}({x}⟨, axis = {axis}⟩)"),
    (&["sum"], "x, axis|dim?, =initial", "sum({x}⟨, axis = {axis}⟩) + {initial}"),
    (&["mean"], "x, =weights", "sum({x!}*{weights!})/sum({weights})"),
    (&["max", "min"], "x, axis|dim?, =initial", "{f}({f}({x}⟨, axis = {axis}⟩), {initial})"),
    (&["logsumexp"], "x, axis|dim?, =b", "logsumexp({x!} + log({b})⟨, axis = {axis}⟩)"),
    (&["std", "var"], "x, axis|dim?, =unbiased|ddof:true", "{f}({x}⟨, axis = {axis}⟩, ddof = 1)"),
    (&["std", "var"], "x, axis|dim?, =unbiased|ddof:false", "{f}({x}⟨, axis = {axis}⟩)"),
];

/// Losses, their arguments, and what they are of each pair of values.
const ELEMENTS: &[(&[&str], &str, &str)] = &[
    (&["mse", "mse_loss", "mean_squared_error"], "a|input|prediction, b|target", "({a!} - {b!})^2"),
    (&["mae", "l1_loss", "mean_absolute_error"], "a|input|prediction, b|target", "abs({a!} - {b!})"),
    (
        &["huber", "huber_loss", "smooth_l1_loss"],
        "a|input|prediction, b|target, =delta?",
        "huber({a}, {b}⟨, delta = {delta}⟩)",
    ),
    (&["cross_entropy", "cross_entropy_loss"], "z|input|logits, label|target", "cross_entropy({z}, {label})"),
    (&["bce_with_logits", "binary_cross_entropy_with_logits"], "z|input|logit, y|target", "bce_with_logits({z}, {y})"),
    (&["binary_cross_entropy", "bce"], "p|input, y|target", "-(xlogy({y}, {p}) + xlogy(1 - {y!}, 1 - {p!}))"),
    (&["kl_div"], "log_q|input, p|target", "xlogy({p}, {p}) - {p!}*{log_q!}"),
    (&["gaussian_nll_loss"], "x|input, y|target, v|var", "0.5*(log({v}) + ({x!} - {y!})^2/{v!})"),
    (&["poisson_nll_loss"], "x|input, y|target", "exp({x}) - {y!}*{x!}"),
    (&["hinge_loss"], "x, y", "relu(1 - {x!}*{y!})"),
];

/// Arguments that say how something is computed, and not what.
const WITHOUT_MEANING: &[&str] = &["inplace", "dtype", "device", "requires_grad", "copy"];

/// A call with arguments that the function does not have here, as it is written here. Nothing if there is no such.
#[must_use]
pub fn extra(function: &str, given: &Given) -> Option<String> {
    let kept = meant(given);
    let code = match function {
        "norm" => norm(&kept),
        "dot" => dot(&kept),
        _ => None,
    };
    let row = || {
        let mut rows = ROWS.iter().filter(|(names, ..)| names.contains(&function));
        rows.find_map(|(_, parameters, template)| kept.fill(parameters, &template.replace("{f}", function)))
    };
    code.or_else(|| reduced(function, &kept)).or_else(row)
}

/// The call without those of its arguments that say how something is computed, and not what.
#[must_use]
pub fn without_meaning(function: &str, given: &Given) -> Option<String> {
    let kept = meant(given);
    let texts: Vec<String> = kept.arguments.iter().map(written).collect();
    (kept.count() < given.count()).then(|| format!("{function}({})", texts.join(", ")))
}

fn written(argument: &Argument) -> String {
    match argument.name.as_deref() {
        Some("dim" | "dims" | "axes") => format!("axis = {}", argument.text),
        Some("keepdim" | "keepdims") => format!("keep = {}", argument.text),
        Some(name) => format!("{name} = {}", argument.text),
        None => argument.text.clone(),
    }
}

fn meant(given: &Given) -> Given {
    let is_meant = |argument: &&Argument| {
        let bounds = ["min", "max", "a_min", "a_max", "low", "high"];
        let name = argument.name.as_deref();
        name.is_none_or(|name| !WITHOUT_MEANING.contains(&name) && (argument.text != "None" || bounds.contains(&name)))
    };
    Given { arguments: given.arguments.iter().filter(is_meant).cloned().collect() }
}

/// `mse(a, b, reduction = "sum")`
fn reduced(function: &str, given: &Given) -> Option<String> {
    let is_reduction = |argument: &&Argument| argument.name.as_deref() == Some("reduction");
    let reduction = given.arguments.iter().find(is_reduction)?;
    let rest = given.arguments.iter().filter(|argument| !is_reduction(argument)).cloned();
    let (_, parameters, template) = ELEMENTS.iter().find(|(names, ..)| names.contains(&function))?;
    let code = Given { arguments: rest.collect() }.fill(parameters, template)?;
    match reduction.text.trim_matches('"') {
        "sum" => Some(format!("sum({code})")),
        "mean" => Some(format!("mean({code})")),
        "none" => Some(code),
        _ => None,
    }
}

/// `norm(x, ord, axis)`. Of a matrix as a whole, `ord` is about its singular values in some libraries.
fn norm(given: &Given) -> Option<String> {
    const REST: &str = "axis|dim?, keep|keepdims|keepdim?";
    const AXES: &str = "⟨, axis = {axis}⟩⟨, keep = {keep}⟩";
    let is_vector = given.rank(0) == Some(1) || given.count() > 2;
    let row = |order: &str, template: &str| {
        given.fill(&format!("x, ord|p{order}, {REST}"), &template.replace("{rest}", AXES))
    };
    let frobenius = row(":\"fro\"", "norm({x}{rest})");
    if !is_vector {
        return frobenius;
    }
    frobenius
        .or_else(|| row(":1", "sum(abs({x}){rest})"))
        .or_else(|| row(":2|None", "norm({x}{rest})"))
        .or_else(|| row(":inf", "max(abs({x}){rest})"))
        .or_else(|| row(":-inf", "min(abs({x}){rest})"))
        .or_else(|| row(":0", "sum(abs({x}) != 0{rest})"))
        .or_else(|| row("", "sum(abs({x})^{ord!}{rest})^(1/{ord!})"))
}

/// `dot` of anything but two vectors.
fn dot(given: &Given) -> Option<String> {
    let (a, b) = (given.shape(0)?, given.shape(1)?);
    match (a, b) {
        ([], _) | (_, []) => given.fill("a, b", "{a!}*{b!}"),
        ([.., inner], [first] | [first, _]) if a.len() + b.len() > 2 && inner == first => {
            given.fill("a, b", "{a!} @ {b!}")
        }
        ([.., inner], [.., last]) if a.len() + b.len() > 2 && b.len() == 2 && inner == last => {
            given.fill("a, b", "{a!} @ {b!}.T")
        }
        _ => None,
    }
}

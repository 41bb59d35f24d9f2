//! Arguments as other libraries call and arrange them.

use super::functions::Given;

/// What an argument is called here: the first of these that the function has.
#[must_use]
pub fn argument(name: &str) -> &'static [&'static str] {
    match name {
        "keepdims" | "keepdim" | "keep_dims" | "keep_dim" => &["keep"],
        "dim" | "dims" | "axes" | "axis" | "axis_name" | "along" => &["axis", "order"],
        "correction" | "unbiased" | "dof" => &["ddof"],
        "negative_slope" | "a" | "alpha" => &["slope", "alpha"],
        "min" | "a_min" | "minimum" | "lower" | "low" | "lo" | "min_val" => &["low"],
        "max" | "a_max" | "maximum" | "upper" | "high" | "hi" | "max_val" => &["high"],
        "epsilon" => &["eps"],
        "beta" | "threshold" => &["delta"],
        "input" | "logits" | "y_pred" | "pred" | "predictions" | "output" => &["logits", "logit", "prediction", "x"],
        "labels" | "y_true" | "y" | "targets" | "label" | "target" => &["label", "target"],
        "num_classes" | "depth" | "n_classes" => &["classes"],
        "mu" | "loc" | "mean" => &["mean", "mu"],
        "sigma" | "scale" | "stddev" | "sd" | "std" => &["std", "sigma"],
        "size" | "sizes" | "newshape" => &["shape"],
        "pad_value" | "constant_values" | "fill_value" => &["value"],
        "x" | "condition" | "cond" => &["condition"],
        _ => &[],
    }
}

/// A call with its list in brackets, where other libraries have a tuple or several arguments: `zeros((N, D))`,
/// `x.reshape(N, D)`, `concat((a, b))`. Nothing if it is not such a call.
#[must_use]
pub fn listed(function: &str, given: &Given) -> Option<String> {
    let first = match function {
        "zeros" | "ones" | "full" | "concat" | "stack" => 0,
        "reshape" | "broadcast" | "permute" => 1,
        _ => return None,
    };
    let text = |place: usize| given.text(place).unwrap_or_default();
    let (open, close) = if function == "permute" { ("(", ")") } else { ("[", "]") };
    let is_one = |place: usize| given.arguments[place].is_list || is_tuple(text(place));
    let positional = given.arguments.iter().take_while(|argument| argument.name.is_none()).count();
    if positional <= first || (function == "full" && positional < 2) {
        return None;
    }
    let is_shape = matches!(function, "zeros" | "ones" | "full" | "reshape" | "broadcast");
    // `full(N, D, 0)`: the last one is the value, unless that has its name.
    let has_value = function == "full" && given.arguments.iter().all(|argument| argument.name.is_none());
    let positional = if has_value && !is_one(first) { positional - 1 } else { positional };
    if is_shape && !is_one(first) && !given.arguments[first..positional].iter().all(|argument| argument.is_extent) {
        return None;
    }
    let (list, rest) = if is_one(first) {
        let inside = &text(first)[1..text(first).len() - 1];
        (inside.to_owned(), first + 1)
    } else {
        let all: Vec<&str> = (first..positional).map(text).collect();
        (all.join(", "), positional)
    };
    let mut pieces: Vec<String> = (0..first).map(|place| text(place).to_owned()).collect();
    pieces.push(format!("{open}{}{close}", list.trim_end_matches(',')));
    pieces.extend(given.arguments[rest..].iter().map(|argument| match &argument.name {
        Some(name) => {
            format!("{} = {}", if matches!(name.as_str(), "dim" | "dims") { "axis" } else { name }, argument.text)
        }
        None => argument.text.clone(),
    }));
    Some(format!("{function}({})", pieces.join(", ")))
}

/// Whether the first parenthesis closes at the end: in what is printed, only a tuple has such.
fn is_tuple(text: &str) -> bool {
    let mut depth = 0;
    let closes = text.char_indices().find(|&(_, letter)| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        depth == 0
    });
    text.starts_with('(') && closes.is_some_and(|(place, _)| place + 1 == text.len())
}

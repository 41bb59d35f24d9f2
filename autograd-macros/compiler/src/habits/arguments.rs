//! Named arguments as other libraries call them.

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

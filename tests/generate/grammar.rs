//! Random models: a grammar that knows shapes, so that nearly all of its sentences are models.
//!
//! One model in four has a step, half of these states. An expression is made for a wanted shape, a list of dimension names.
//! Functions are chosen that keep values small and smooth, or have kinks that random numbers do not meet.

use std::fmt::Write as _;

use crate::random::Random;

type Shape = Vec<&'static str>;

/// The dimensions of all models.
const DIMS: &[&str] = &["N", "D", "K"];
const SHAPES: &[&[&str]] = &[&[], &["N"], &["D"], &["N", "D"], &["D", "N"], &["N", "K"], &["D", "K"], &["K", "N", "D"]];
const UNARY: &[&str] = &[
    "sin(@)",
    "cos(@)",
    "tanh(@)",
    "atan(@)",
    "sigmoid(@)",
    "softplus(@)",
    "log_sigmoid(@)",
    "erf(@)",
    "erfc(@)",
    "asinh(@)",
    "relu(@)",
    "abs(@)",
    "gelu(@)",
    "gelu_tanh(@)",
    "silu(@)",
    "elu(@)",
    "leaky_relu(@)",
    "softsign(@)",
    "exp(tanh(@))",
    "expm1(-abs(@))",
    "log(1 + (@)^2)",
    "log1p(abs(@))",
    "sqrt(1 + (@)^2)",
    "rsqrt(2 + sin(@))",
    "lgamma(2 + tanh(@))",
    "digamma(2 + sin(@))",
    "(@)^2",
    "(@)^3 / 4",
    "-(@)",
    "1 / (1 + (@)^2)",
    "bump(@)",
    "clamp(@, -0.7, 0.6)",
    "sinc(@)",
    "exp(-(@)^2)",
    "log(1 + exp(@))",
    "1 / (1 + exp(-(@)))",
    "exp(@)^2 / (1 + exp(@)^2)",
    "acos(0.9 * tanh(@))",
    "xlogy(2 + cos(@), 2 + cos(@))",
    "2^tanh(@)",
    "(1.5 + tanh(@))^0.7",
    "sign(@) * (@)",
    "stop_gradient(@) * (@)",
    "straight_through(round(@), @)",
];
const BINARY: &[&str] = &[
    "(@) + (#)",
    "(@) - (#)",
    "(@) * (#)",
    "(@) / (1 + (#)^2)",
    "max(@, #)",
    "min(@, #)",
    "logaddexp(@, #)",
    "atan2(@, 2 + tanh(#))",
    "hypot(@, 1 + (#)^2)",
    "mix(@, #)",
    "(@) * sigmoid(#)",
    "(@)^2 * (#)",
    "huber(@, #)",
    "bce_with_logits(@, sigmoid(#))",
    "(1 + (@)^2)^tanh(#)",
    "2.5 * (@) + 0.5 * (#)",
];
/// Names that emitted code has itself, or that are near words of the language and of Rust. None is the beginning of
/// another.
const NAMES: &[&str] = &[
    "workspace",
    "turns",
    "sizes",
    "lanes",
    "result",
    "prepared",
    "kernel",
    "block",
    "values",
    "iota_",
    "type_",
    "sum_",
    "size_1",
    "into",
    "clone",
    "self_",
];
/// From an axis to nothing.
const REDUCTIONS: &[&str] = &[
    "sum(@, axis = A) / 3",
    "mean(@, axis = A)",
    "max(@, axis = A)",
    "min(@, axis = A)",
    "norm(1 + (@)^2, axis = A) / 2",
    "logsumexp(@, axis = A)",
    "var(@, axis = A)",
    "std(@, axis = A)",
    "prod(1 + tanh(@) / 4, axis = A)",
    "log(sum(exp(@), axis = A))",
    "sqrt(1 + sum((@)^2, axis = A))",
    "sum((@) * (@), axis = A) / 3",
];
/// From an axis to the same axis.
const ALONG: &[&str] = &[
    "softmax(@, axis = A)",
    "log_softmax(@, axis = A)",
    "cumsum(@, axis = A) / 3",
    "cumprod(1 + tanh(@) / 4, axis = A)",
    "flip(@, axis = A)",
    "(@) / (1 + sum((@)^2, axis = A, keep = true))",
    "(@) - mean(@, axis = A, keep = true)",
    "(@) / (1 + max(abs(@), axis = A, keep = true))",
    "log(softmax(@, axis = A))",
    "layer_norm(@, axis = A, eps = 0.1)",
    "exp(@) / sum(exp(@), axis = A, keep = true)",
];

/// The shape with another extent in one place.
fn with(shape: &Shape, axis: usize, extent: &'static str) -> Shape {
    let mut shape = shape.clone();
    shape[axis] = extent;
    shape
}

fn one_more(dim: &str) -> &'static str {
    match dim {
        "N" => "N + 1",
        "D" => "D + 1",
        _ => "K + 1",
    }
}

fn doubled(dim: &str) -> &'static str {
    match dim {
        "N" => "2*N",
        "D" => "2*D",
        _ => "2*K",
    }
}

/// What an array is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Param,
    Input,
    State,
    /// An input of the step alone.
    Own,
}

impl Role {
    /// The word that declares it, and the first letter of its name.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Param => ("param", "p"),
            Self::Input | Self::Own => ("input", "x"),
            Self::State => ("state", "s"),
        }
    }
}

/// What a model has so far.
struct Sketch<'r> {
    random: &'r mut Random,
    /// Arrays: name, shape, what it is.
    arrays: Vec<(String, Shape, Role)>,
    /// Values that are bound by `let`.
    lets: Vec<(String, Shape)>,
    uses_label: bool,
    /// Whether some arrays are states.
    has_states: bool,
    /// Derivatives within derivatives grow quickly.
    derivatives: usize,
}

/// The body of a model, its items, one a line. `depth` is at least 1.
pub fn model(random: &mut Random, depth: usize) -> String {
    let has_step = random.once_in(4);
    let has_states = has_step && random.once_in(2);
    let mut sketch =
        Sketch { random, arrays: Vec::new(), lets: Vec::new(), uses_label: false, has_states, derivatives: 0 };
    let mut values = String::new();
    if sketch.random.once_in(2) {
        let shape = sketch.some_shape();
        let value = sketch.expr(&shape, depth - 1);
        let _ = writeln!(values, "        let v0 = {value};");
        sketch.lets.push(("v0".to_owned(), shape));
    }
    let shape = sketch.some_shape();
    let depth = depth + usize::from(sketch.random.once_in(4));
    let y = sketch.expr(&shape, depth);
    if shape.is_empty() {
        let _ = writeln!(values, "        loss = {y};");
    } else {
        let _ = writeln!(values, "        y = {y};\n        loss = sum(weight * y);");
        // A parameter: the gradient by it is y.
        sketch.arrays.push(("weight".to_owned(), shape, Role::Param));
    }
    if has_step {
        let step = sketch.step();
        values.push_str(&step);
    }
    let mut items = String::new();
    for (name, shape, role) in sketch.arrays.iter().filter(|(.., role)| *role != Role::Own) {
        let _ = writeln!(items, "        {} {};", role.words().0, declared(name, shape));
    }
    if sketch.uses_label {
        items.push_str("        input label: [N] in K;\n");
    }
    if values.contains("bump(") {
        items.push_str("        fn bump(a) { let s = 1 + a^2; a / s - exp(-s) }\n");
    }
    if values.contains("mix(") {
        items.push_str("        fn mix(a, b) = if a < b { a * sin(b) } else { b * sin(a) };\n");
    }
    items + &values
}

/// `w: [N, D]`
fn declared(name: &str, shape: &[&str]) -> String {
    let shape = shape.join(", ");
    if shape.is_empty() { name.to_owned() } else { format!("{name}: [{shape}]") }
}

impl Sketch<'_> {
    /// A step with inputs of its own, that changes up to three arrays and returns up to three values.
    fn step(&mut self) -> String {
        let own = self.random.below(3);
        for place in 0..own {
            let shape = self.some_shape();
            self.arrays.push((format!("own{place}"), shape, Role::Own));
        }
        let mut body = String::new();
        let mut results = Vec::new();
        if self.random.once_in(2) {
            let shape = self.some_shape();
            let value = self.expr(&shape, 1);
            let _ = writeln!(body, "            let between = {value};");
            self.lets.push(("between".to_owned(), shape));
            results.push("between".to_owned());
        }
        let changed: Vec<(String, Shape)> = (self.arrays.iter())
            .filter(|(.., role)| matches!(role, Role::Param | Role::State))
            .map(|(name, shape, _)| (name.clone(), shape.clone()))
            .collect();
        let count = self.random.below(3) + usize::from(results.is_empty());
        for (name, shape) in changed.into_iter().take(count) {
            let value = self.expr(&shape, 1);
            let form = self.random.pick(&["@", "# - 0.1 * (@)", "# - 0.1 * grad(loss, #)", "#"]);
            let is_param = self.arrays.iter().any(|(other, _, role)| *other == name && *role == Role::Param);
            let form = if form.contains("grad") && !is_param { "(@) * #" } else { form };
            let _ = writeln!(body, "            {name} := {};", form.replace('@', &value).replace('#', &name));
            if self.random.once_in(3) {
                results.push(name);
            }
        }
        if self.random.once_in(2) {
            results.push("loss".to_owned());
        }
        let own = self.arrays.iter().filter(|(.., role)| *role == Role::Own);
        let own: Vec<String> = own.map(|(name, shape, _)| declared(name, shape)).collect();
        let arrow = if results.is_empty() { String::new() } else { format!(" -> {}", results.join(", ")) };
        format!("        step advance({}){arrow} {{\n{body}        }}\n", own.join(", "))
    }

    fn some_shape(&mut self) -> Shape {
        self.random.pick(SHAPES).to_vec()
    }

    /// An expression of a shape. With depth 0 it is a name, or a small literal.
    fn expr(&mut self, shape: &Shape, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(shape);
        }
        match self.random.below(18) {
            0 | 1 => {
                let inner = self.expr(shape, depth - 1);
                self.random.pick(UNARY).replace('@', &inner)
            }
            2..=4 => self.binary(shape, depth),
            5 | 6 => self.reduction(shape, depth),
            7 | 8 => self.along(shape, depth),
            9 | 10 => self.product(shape, depth),
            11 => self.choice(shape, depth),
            12 | 13 => self.reshaped(shape, depth),
            14 => self.derivative(shape, depth),
            15 => self.labelled(shape, depth),
            16 => self.constructed(shape, depth),
            _ => self.leaf(shape),
        }
    }

    /// The name of an array, or of a value bound before.
    fn leaf(&mut self, shape: &Shape) -> String {
        let known = self.arrays.iter().map(|(name, shape, _)| (name, shape));
        let known = known.chain(self.lets.iter().map(|(name, shape)| (name, shape)));
        let known = known.filter(|(name, _)| !name.starts_with("gap"));
        let known: Vec<String> = known.filter(|(_, found)| *found == shape).map(|(name, _)| name.clone()).collect();
        if !known.is_empty() && !self.random.once_in(3) {
            return known[self.random.below(known.len())].clone();
        }
        if shape.is_empty() && self.random.once_in(3) {
            return self.random.pick(&["0.5", "2", "-1.25", "pi/4"]).to_owned();
        }
        self.fresh(shape)
    }

    fn fresh(&mut self, shape: &Shape) -> String {
        let role = match self.random.below(if self.has_states { 4 } else { 3 }) {
            0 if !self.arrays.is_empty() => Role::Input,
            3 if !self.arrays.is_empty() => Role::State,
            _ => Role::Param,
        };
        let unusual = self.random.pick(NAMES);
        let is_free = self.arrays.iter().all(|(name, ..)| name != unusual);
        let name = if is_free && self.random.once_in(6) {
            unusual.to_owned()
        } else {
            format!("{}{}", role.words().1, self.arrays.len())
        };
        self.arrays.push((name.clone(), shape.clone(), role));
        name
    }

    /// What a derivative is by: no state.
    fn fresh_but_state(&mut self, shape: &Shape) -> String {
        let has_states = std::mem::take(&mut self.has_states);
        let name = self.fresh(shape);
        self.has_states = has_states;
        name
    }

    /// Two operands, one of them perhaps stretched.
    fn binary(&mut self, shape: &Shape, depth: usize) -> String {
        let left = self.expr(shape, depth - 1);
        let right = match self.random.below(4) {
            0 if !shape.is_empty() => {
                let kept = self.random.below(shape.len());
                self.expr(&shape[shape.len() - kept..].to_vec(), depth - 1)
            }
            1 if shape.len() > 1 => {
                let column = self.expr(&shape[..shape.len() - 1].to_vec(), depth - 1);
                format!("({column})[{}, new]", vec![".."; shape.len() - 1].join(", "))
            }
            _ => self.expr(shape, depth - 1),
        };
        let form = self.random.pick(BINARY);
        if self.random.once_in(2) {
            form.replace('@', &left).replace('#', &right)
        } else {
            // The stretched side first.
            form.replace('@', &right).replace('#', &left)
        }
    }

    fn reduction(&mut self, shape: &Shape, depth: usize) -> String {
        let absent: Vec<&'static str> = DIMS.iter().copied().filter(|dim| !shape.contains(dim)).collect();
        if absent.is_empty() || shape.len() > 2 {
            return self.leaf(shape);
        }
        let (dim, place) = (self.random.pick(&absent), self.random.below(shape.len() + 1));
        let mut larger = shape.clone();
        larger.insert(place, dim);
        let inner = self.expr(&larger, depth - 1);
        let axis = self.random.pick(&[dim, &place.to_string()]).to_owned();
        self.random.pick(REDUCTIONS).replace('@', &inner).replace('A', &axis)
    }

    fn along(&mut self, shape: &Shape, depth: usize) -> String {
        if shape.is_empty() {
            return self.reduction(shape, depth);
        }
        let place = self.random.below(shape.len());
        let inner = self.expr(shape, depth - 1);
        let axis = self.random.pick(&[shape[place], &place.to_string()]).to_owned();
        self.random.pick(ALONG).replace('@', &inner).replace('A', &axis)
    }

    fn product(&mut self, shape: &Shape, depth: usize) -> String {
        let inner = self.random.pick(DIMS);
        match shape[..] {
            [] => {
                let (a, b) = (self.expr(&vec![inner], depth - 1), self.expr(&vec![inner], depth - 1));
                if self.random.once_in(2) { format!("dot({a}, {b}) / 3") } else { format!("({a}) @ ({b}) / 3") }
            }
            [row] => {
                let (a, b) = (self.expr(&vec![row, inner], depth - 1), self.expr(&vec![inner], depth - 1));
                if self.random.once_in(2) { format!("({a}) @ ({b}) / 3") } else { format!("({b}) @ ({a}).T / 3") }
            }
            [row, column] => {
                let a = self.expr(&vec![row, inner], depth - 1);
                if self.random.once_in(3) {
                    let b = self.expr(&vec![column, inner], depth - 1);
                    return format!("({a}) @ ({b}).T / 3");
                }
                if self.random.once_in(4) {
                    let (a, b) = (self.expr(&vec![row], depth - 1), self.expr(&vec![column], depth - 1));
                    return format!("outer({a}, {b})");
                }
                let b = self.expr(&vec![inner, column], depth - 1);
                format!("({a}) @ ({b}) / 3")
            }
            [batch, row, column] => {
                let a = self.expr(&vec![batch, row, inner], depth - 1);
                let b = if self.random.once_in(2) { vec![batch, inner, column] } else { vec![inner, column] };
                let b = self.expr(&b, depth - 1);
                format!("({a}) @ ({b}) / 3")
            }
            _ => self.leaf(shape),
        }
    }

    fn condition(&mut self, shape: &Shape) -> String {
        let (a, b) = (self.leaf(shape), self.leaf(shape));
        let sign = self.random.pick(&["<", ">", "<=", ">=", "!="]);
        let one = format!("{a} {sign} 0.3 * {b}");
        match self.random.below(4) {
            0 => format!("{one} && {a} < 0.8"),
            1 => format!("{one} || !({b} > -0.4)"),
            _ => one,
        }
    }

    fn choice(&mut self, shape: &Shape, depth: usize) -> String {
        if self.random.once_in(3) {
            return self.gap(shape, depth);
        }
        let condition = self.condition(shape);
        let (a, b) = (self.expr(shape, depth - 1), self.expr(shape, depth - 1));
        match self.random.below(3) {
            0 => format!("where({condition}, {a}, {b})"),
            1 => format!("({condition}) * ({a}) + ({b})"),
            _ => format!("if {condition} {{ {a} }} else {{ let q = {b}; q * (1 - q) }}"),
        }
    }

    /// Data with NaN in them, behind a choice that does not take it.
    fn gap(&mut self, shape: &Shape, depth: usize) -> String {
        let name = format!("gap{}", self.arrays.len());
        self.arrays.push((name.clone(), shape.clone(), Role::Input));
        let (a, b) = (self.expr(shape, depth - 1), self.leaf(shape));
        match self.random.below(3) {
            0 => format!("if {name} == {name} {{ ({a}) * {name} }} else {{ {b} }}"),
            1 => format!("where(is_nan({name}), {b}, (({a}) - {name})^2)"),
            _ => format!("(if is_nan({name}) {{ 0 }} else {{ sin({name} + ({a})) * {name} }})"),
        }
    }

    /// What changes places and shapes: transposes, slices, paddings, rows one after the other.
    fn reshaped(&mut self, shape: &Shape, depth: usize) -> String {
        if shape.is_empty() {
            let larger = self.some_shape();
            let inner = self.expr(&larger, depth - 1);
            return format!("mean(cumsum(reshape({inner}, [-1]))) / 3");
        }
        let (a, b) = (self.expr(shape, depth - 1), self.expr(shape, depth - 1));
        let axis = self.random.below(shape.len());
        let cut = |range: &str| {
            let mut places = vec![".."; shape.len()];
            places[axis] = range;
            places.join(", ")
        };
        let (n, shape_text) = (shape[axis], shape.join(", "));
        match self.random.below(11) {
            0 => format!("pad({a}, 1, 0, axis = {axis})[{}]", cut("..-1")),
            1 => format!("pad({a}, 0, 2, axis = {axis}, value = 0.5)[{}]", cut("2..")),
            2 => format!("concat([{a}, {b}], axis = {axis})[{}]", cut(&format!("{n}.."))),
            3 => format!("concat([{b}, {a}, {b}], axis = {axis})[{}] * ({b})", cut(&format!("{n}..2*{n}"))),
            4 => format!("stack([{a}, {b}, ({a}) * ({b})])[{}]", self.random.below(3)),
            5 => format!("sum(stack([{a}, {b}], axis = {axis}), axis = {axis})"),
            6 if shape.len() == 2 => {
                let turned = vec![shape[1], shape[0]];
                let inner = self.expr(&turned, depth - 1);
                if self.random.once_in(2) { format!("({inner}).T") } else { format!("transpose({inner}, (1, 0))") }
            }
            7 if shape.len() > 1 => format!("reshape(cumsum(reshape({a}, [{}])) / 5, [{shape_text}])", shape.join("*")),
            8 => {
                let longer = self.fresh(&with(shape, axis, one_more(n)));
                format!("({longer}[{}] - {longer}[{}]) * ({a})", cut("1.."), cut("..-1"))
            }
            9 => {
                let twice = self.fresh(&with(shape, axis, doubled(n)));
                format!("{twice}[{}] * {twice}[{}] + ({a})", cut(&format!("..{n}")), cut(&format!("{n}..")))
            }
            _ => format!("flip({a})"),
        }
    }

    /// A derivative by an array of this shape.
    fn derivative(&mut self, shape: &Shape, depth: usize) -> String {
        if self.derivatives == 2 {
            return self.leaf(shape);
        }
        self.derivatives += 1;
        let by = self.fresh_but_state(shape);
        match self.random.below(5) {
            3 => {
                let (inner, along) = (self.expr(shape, depth - 1), self.leaf(shape));
                format!("jvp(grad(sum(sin({by}) * ({inner})), {by}), {by}, {along})")
            }
            4 => {
                let inner = self.expr(shape, depth - 1);
                format!("grad(sum(grad(sum({by}^3 * ({inner})), {by})) / 6, {by})")
            }
            0 => {
                let inner = self.expr(shape, depth - 1);
                format!("grad(sum({by}^2 * ({inner})), {by})")
            }
            1 => {
                let (inner, along) = (self.expr(shape, depth - 1), self.leaf(shape));
                format!("jvp(sin({by}) * ({inner}), {by}, {along})")
            }
            _ => {
                let (inner, weight) = (self.expr(shape, depth - 1), self.leaf(shape));
                format!("vjp(tanh({by} * ({inner})), {by}, {weight})")
            }
        }
    }

    fn labelled(&mut self, shape: &Shape, depth: usize) -> String {
        match shape[..] {
            ["N"] => {
                self.uses_label = true;
                let logits = self.expr(&vec!["N", "K"], depth - 1);
                format!("cross_entropy({logits}, label)")
            }
            ["N", "K"] => {
                self.uses_label = true;
                let inner = self.expr(shape, depth - 1);
                format!("({inner}) * one_hot(label, K)")
            }
            ["N", "D"] => {
                self.uses_label = true;
                let table = self.expr(&vec!["K", "D"], depth - 1);
                format!("one_hot(label, K) @ ({table})")
            }
            _ => self.along(shape, depth),
        }
    }

    /// Tensors out of nothing, and diagonals.
    fn constructed(&mut self, shape: &Shape, depth: usize) -> String {
        let inner = self.expr(shape, depth - 1);
        match shape[..] {
            [] if self.random.once_in(2) => {
                let dim = self.random.pick(DIMS);
                self.random
                    .pick(&[
                        "sum(iota(A)) / (A + 1)^2",
                        "max(iota(A) / (A + 1) - 1, 0) * (@)",
                        "sum(iota(A) * (@)) / (A + 1)^2",
                    ])
                    .replace('A', dim)
                    .replace('@', &inner)
            }
            [] => format!("trace(outer({}, {}))", self.leaf(&vec!["D"]), self.leaf(&vec!["D"])),
            [dim] if self.random.once_in(3) => {
                format!("({inner}) * (iota({dim}) - sum(iota({dim})) / ({dim} + 1)) / ({dim} + 1)")
            }
            [dim] if self.random.once_in(2) => format!("diag(diag({inner}) + eye({dim}))"),
            [dim] => format!("({inner}) * (iota({dim}) + 1) / ({dim} + 1)"),
            [row, column] if self.random.once_in(2) => format!("({inner}) + eye({row}, {column})"),
            [row, column] => format!("where(iota({row})[.., new] >= iota({column}), {inner}, -0.5)"),
            _ => format!("({inner}) + ones([{}]) * full([{}], 0.25)", shape.join(", "), shape.join(", ")),
        }
    }
}

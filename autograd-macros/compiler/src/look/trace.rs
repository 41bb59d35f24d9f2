//! Tracing: a model run value by value by the interpreter, and where a value first stops being a finite number.
//!
//! ```text
//! `hidden` is inf at [3, 1]: exp(710.2), written `exp(x @ w)`
//! ```
//!
//! What is run is the model in its steady form, as it is compiled: a softmax does not overflow here if it does not there.
//! From the results that are not finite the way goes back through the elements that they are made of; what a choice does
//! not take is not looked at. What is found is the earliest element on that way whose own operands are finite.

use std::collections::BTreeMap;
use std::fmt;

use super::blame::{Blame, blame};
use super::form::Form;
use super::formula::{Wanted, gradients, outputs};
use super::subject::Subject;
use crate::graph::model::{Model, Variable};
use crate::graph::{Dim, NodeId, ShapeText};
use crate::interpret::{Environment, Tensor, evaluate_all};
use crate::ops::Op;

/// An array that a call is given, or that the model owns.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// What the model calls it.
    pub name: String,
    /// Its value. Indices are numbers.
    pub value: Tensor,
}

/// A value of the model, by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What the user calls it; `∂loss/∂w` for a derivative.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its numbers in row-major order; truth values are 0 and 1.
    pub values: Vec<f64>,
}

/// All values with names, and what went wrong.
#[derive(Clone, Debug)]
pub struct Trace {
    values: Vec<Value>,
    blame: Option<Blame>,
}

impl Trace {
    /// Every value with a name, in an order in which each stands after those that it is made of.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The same values one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.values.iter()
    }

    /// A value by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|value| value.name == name)
    }

    /// Where the first value that is not finite comes from, if an output or a derivative of the loss is not finite.
    #[must_use]
    pub fn first(&self) -> Option<&Blame> {
        self.blame.as_ref()
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.blame {
            Some(blame) => write!(f, "{blame}"),
            None => write!(f, "all outputs and derivatives are finite"),
        }
    }
}

impl<'a> IntoIterator for &'a Trace {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.values.iter()
    }
}

/// Runs a model. `given` are its parameters, states and inputs, `sizes` the dimensions that no array has; numbers are
/// rounded by `round`, to the model's scalar type.
///
/// # Errors
/// If something is not given, or sizes do not fit.
pub fn trace(
    subject: &Subject,
    given: Vec<Given>,
    sizes: &[(String, usize)],
    round: fn(f64) -> f64,
) -> Result<Trace, String> {
    let model = &subject.model;
    let environment = environment(model, given, sizes)?;
    let (outputs, gradients) = (outputs(model), gradients(model));
    let wanted: Vec<Wanted> = outputs.iter().chain(&gradients).cloned().collect();
    let nodes: Vec<NodeId> = wanted.iter().map(|&(_, node)| node).collect();
    let values = evaluate_all(&model.region, &nodes, &environment, round);
    let mut names: BTreeMap<NodeId, String> = BTreeMap::new();
    for (id, node) in model.region.iter() {
        match (&node.op, &node.name) {
            (Op::Leaf(leaf), _) => names.insert(id, leaf.name.to_string()),
            (_, Some(name)) => names.insert(id, name.to_string()),
            (_, None) => None,
        };
    }
    for (form, node) in &wanted {
        names.entry(*node).or_insert_with(|| Form::text(form));
    }
    let blame = blame(&model.region, &values, &names, &outputs, &gradients, &environment);
    let named = names.into_iter().filter_map(|(id, name)| {
        let Tensor { shape, data } = values[id.index()].clone()?;
        Some(Value { name, shape, values: data })
    });
    Ok(Trace { values: named.collect(), blame })
}

/// What names and dimensions stand for.
fn environment(model: &Model, given: Vec<Given>, sizes: &[(String, usize)]) -> Result<Environment, String> {
    let mut environment = Environment::default();
    for (name, size) in sizes {
        environment.dims.insert(name.clone(), size_of(*size)?);
    }
    let values: BTreeMap<String, Tensor> = given.into_iter().map(|Given { name, value }| (name, value)).collect();
    let variables: Vec<&Variable> = model.params.iter().chain(&model.states).chain(&model.inputs).collect();
    let value = |variable: &Variable| {
        let name = variable.name.to_string();
        let value = values.get(&name).or_else(|| values.get(name.trim_start_matches("r#")));
        value.ok_or_else(|| format!("`{name}` is not given"))
    };
    for variable in &variables {
        let (value, shape) = (value(variable)?, &variable.ty.shape);
        if value.shape.len() != shape.len() {
            return Err(format!("`{}` is {}, but has the shape {:?}", variable.name, ShapeText(shape), value.shape));
        }
        for (dim, &size) in shape.iter().zip(&value.shape) {
            if let Some(name) = dim.as_name() {
                environment.dims.entry(name.to_string()).or_insert(size_of(size)?);
            }
        }
    }
    if let Some(open) = model.dims.iter().find(|dim| !environment.dims.contains_key(&dim.name.to_string())) {
        return Err(format!("no array has the size of `{}`", open.name));
    }
    let evaluated = |dim: &Dim| dim.evaluate(&|name| environment.dims.get(name).copied());
    for variable in &variables {
        let value = value(variable)?;
        for (dim, &size) in variable.ty.shape.iter().zip(&value.shape) {
            if evaluated(dim) != Some(size_of(size)?) {
                let shape = ShapeText(&variable.ty.shape);
                return Err(format!(
                    "`{}` is {shape}, but has the shape {:?}: {dim} differs",
                    variable.name, value.shape
                ));
            }
        }
    }
    if let Some(dim) = model.conditions.iter().find(|dim| evaluated(dim).is_none_or(|size| size < 0)) {
        return Err(format!("the size {dim} is negative"));
    }
    environment.values =
        variables.iter().map(|it| Ok((it.name.to_string(), value(it)?.clone()))).collect::<Result<_, String>>()?;
    Ok(environment)
}

fn size_of(size: usize) -> Result<i64, String> {
    i64::try_from(size).map_err(|_| format!("the size {size} is too large"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline;

    /// What a model says of inputs: `name`, shape, numbers; an `N` of a size for what no array has.
    fn traced(text: &str, given: &[(&str, &[usize], &[f64])], round: fn(f64) -> f64) -> Trace {
        let subject = pipeline::subject(text).expect("a model without mistakes");
        let given = given.iter().map(|&(name, shape, data)| Given {
            name: name.to_owned(),
            value: Tensor { shape: shape.to_vec(), data: data.to_vec() },
        });
        trace(&subject, given.collect(), &[], round).expect("it runs")
    }

    fn said(text: &str, given: &[(&str, &[usize], &[f64])]) -> String {
        traced(text, given, |x| x).to_string()
    }

    const INF: f64 = f64::INFINITY;

    #[test]
    fn the_first_overflow_is_found_at_its_place() {
        let text = "M<N> { param w = 1; input x: [N]; let hidden = exp(x * w); let out = hidden * 2; loss = sum(out - hidden); }";
        let given: [(&str, &[usize], &[f64]); 2] = [("w", &[], &[1.0]), ("x", &[3], &[0.0, 710.2, 1.0])];
        assert_eq!(said(text, &given), "`hidden` is inf at [1]: exp(710.2), written `exp(x * w)`");
        let trace = traced(text, &given, |x| x);
        assert!(trace.get("hidden").expect("a value").values[1].is_infinite());
        let first = trace.first().expect("it overflows");
        assert_eq!(
            (first.position.as_slice(), first.operands.as_slice()),
            (&[1][..], &[("w * x".to_owned(), 710.2)][..])
        );
        assert_eq!(
            trace.into_iter().map(|value| &*value.name).collect::<Vec<_>>(),
            ["w", "x", "hidden", "loss", "∂loss/∂w"]
        );
    }

    #[test]
    fn what_the_call_is_given_is_named_first() {
        let text = "M<N> { param w = 1; state s; input x: [N]; loss = sum(exp(x) * w) + s; }";
        let given =
            |x: f64, w: f64, s: f64| said(text, &[("w", &[], &[w]), ("s", &[], &[s]), ("x", &[2], &[800.0, x])]);
        assert_eq!(given(f64::NAN, 1.0, 0.0), "input `x` is NaN at [1]");
        assert_eq!(given(0.0, -INF, 0.0), "parameter `w` is -inf");
        assert_eq!(given(0.0, 1.0, f64::NAN), "state `s` is NaN");
    }

    #[test]
    fn choices_are_not_blamed_for_what_they_do_not_take() {
        let text = "M<N> { param w = 1; input x: [N]; let l = log(x); loss = sum(if x > 0 { l } else { 0 }) / w; }";
        let given = |w: f64| said(text, &[("w", &[], &[w]), ("x", &[2], &[0.0, 2.0])]);
        assert_eq!(given(1.0), "all outputs and derivatives are finite");
        assert_eq!(given(0.0), "`loss` is inf: 0.693147 / 0, written `sum(if x > 0 { l } else { 0 }) / w`");
    }

    #[test]
    fn a_nan_of_a_nan_is_not_blamed_on_an_infinity() {
        let text = "M<N> { param w = 1; input x: [N], m: [N]; loss = logsumexp(x * w + m); }";
        let masked = said(text, &[("w", &[], &[1.0]), ("x", &[2], &[1.0, 2.0]), ("m", &[2], &[0.0, -INF])]);
        assert_eq!(masked, "all outputs and derivatives are finite");
        let both = said(text, &[("w", &[], &[1.0]), ("x", &[2], &[f64::NAN, 2.0]), ("m", &[2], &[0.0, -INF])]);
        assert_eq!(both, "input `x` is NaN at [0]");
    }

    #[test]
    fn numbers_are_those_of_the_scalar_type() {
        #[allow(clippy::cast_possible_truncation, reason = "that is what is asked")]
        let single = |x: f64| f64::from(x as f32);
        let text = "M { param w = 1; let square = w * w * w * w; loss = log(square); }";
        let given: [(&str, &[usize], &[f64]); 1] = [("w", &[], &[1e12])];
        assert_eq!(traced(text, &given, |x| x).to_string(), "all outputs and derivatives are finite");
        assert_eq!(traced(text, &given, single).to_string(), "`square` is inf: 1e12 * 1e36, written `w * w * w * w`");
    }

    #[test]
    fn derivatives_are_looked_at_where_values_are_finite() {
        let text = "M<N> { param w = 1; input x: [N]; let root = sqrt(w); loss = sum(root * x); }";
        let given: [(&str, &[usize], &[f64]); 2] = [("w", &[], &[0.0]), ("x", &[2], &[1.0, 0.0])];
        assert_eq!(said(text, &given), "on the way to `∂loss/∂w` a value is inf: 0.5 / 0, written `sqrt(w)`");
    }

    #[test]
    fn moved_and_summed_elements_lead_to_their_own() {
        let text =
            "M<N, D> { param w: [D]; input x: [N, D]; let a = exp(x); let b = a.T[0, 1..]; loss = sum(b) + sum(w); }";
        let given = |x: [f64; 6]| said(text, &[("w", &[2], &[0.0, 0.0]), ("x", &[3, 2], &x)]);
        assert_eq!(given([900.0, 0.0, 0.0, 900.0, 0.0, 900.0]), "all outputs and derivatives are finite");
        assert_eq!(given([900.0, 0.0, 0.0, 900.0, 800.0, 0.0]), "`a` is inf at [2, 0]: exp(800), written `exp(x)`");
    }

    #[test]
    fn sizes_that_do_not_fit_are_said() {
        let subject =
            pipeline::subject("M<N> { param w = 1; input x: [N], y: [N]; loss = sum(x * y) * w; }").expect("a model");
        let given = |names: &[(&str, usize)]| {
            let given =
                names.iter().map(|&(name, size)| Given { name: name.to_owned(), value: Tensor::zeros(vec![size]) });
            let w = Given { name: "w".to_owned(), value: Tensor::scalar(1.0) };
            trace(&subject, given.chain([w]).collect(), &[], |x| x).map(|trace| trace.to_string())
        };
        assert_eq!(given(&[("x", 2), ("y", 2)]), Ok("all outputs and derivatives are finite".to_owned()));
        assert_eq!(given(&[("x", 2), ("y", 3)]), Err("`y` is [N], but has the shape [3]: N differs".to_owned()));
        assert_eq!(given(&[("x", 2)]), Err("`y` is not given".to_owned()));
    }
}

//! Models as text, evaluated through the whole compiler: what tests of meaning stand on.
//!
//! ```text
//! let line = Example::of("M<N> { param w; input x: [N]; loss = sum(w*x); }")
//!     .dim("N", 2).set("w", &[], &[3.0]).set("x", &[2], &[1.0, 2.0]);
//! assert_eq!(line.grad("w"), [3.0]);
//! ```
//!
//! Every answer is computed by each loop program that has it (of all outputs, of the loss with its gradient, of the
//! model when it is bound to its inputs) and by the interpreter on the final graph; they have to agree.

pub(crate) mod models;
pub(crate) mod random;

use crate::entries::{EntryKind, Programs};
use crate::graph::NodeId;
use crate::graph::model::{Model, ProductKind};
use crate::interpret::{Environment, Tensor, evaluate};
use crate::loops::simulate::simulate;
use models::compiled;

/// How far apart two ways of computing one value may be, relative to it: sums in another order, a few roundings.
const AGREEMENT: f64 = 1e-11;

/// `N = 3, D = 2, K = 4, Z = 0`, and no arrays.
pub(crate) fn sizes() -> Environment {
    sized(&[("N", 3), ("D", 2), ("K", 4), ("Z", 0)])
}

/// Dimensions of these sizes, and no arrays.
pub(crate) fn sized(dims: &[(&str, i64)]) -> Environment {
    let dims = dims.iter().map(|&(name, size)| (name.to_owned(), size));
    Environment { dims: dims.collect(), ..Environment::default() }
}

/// Horner's rule: a loop that starts from a value and makes as many turns as a value says.
pub(crate) const HORNER: &str = "
    b0 a [N, D]: input
    b1 y [N]: result 0
    b2 e []: input
    b3 c [N]: input
    v0 = b2[0]
    v1 = extent D - 2
    for i0 in 0..N
        v2 = b3[i0]
        v5 = sum v4, v3 from v0 becomes v8, for i1 in 0..v1
            v4 = b0[D*i0 + i1]
            v7 = mul v3 v2
            v8 = add v7 v4
        v6 = mul v5 v0
        b1[i0] = v6
    -> b1
";

/// A model, its sizes and its arrays.
pub(crate) struct Example {
    text: String,
    model: Model,
    programs: Programs,
    environment: Environment,
}

impl Example {
    /// The model of a text that has no mistakes.
    pub(crate) fn of(text: &str) -> Self {
        let (model, programs) = compiled(text);
        Self { text: text.to_owned(), model, programs, environment: Environment::default() }
    }

    /// With the size of a dimension.
    pub(crate) fn dim(mut self, name: &str, size: i64) -> Self {
        self.environment.dims.insert(name.to_owned(), size);
        self
    }

    /// With a parameter, input, state or argument of a step: its elements in row-major order.
    pub(crate) fn set(mut self, name: &str, shape: &[usize], data: &[f64]) -> Self {
        assert_eq!(shape.iter().product::<usize>(), data.len(), "the elements of `{name}`");
        let tensor = Tensor { shape: shape.to_vec(), data: data.to_vec() };
        self.environment.values.insert(name.to_owned(), tensor);
        self
    }

    /// An output.
    pub(crate) fn value(&self, name: &str) -> Vec<f64> {
        let place = self.model.outputs.iter().position(|output| output.name == name);
        let place = place.unwrap_or_else(|| panic!("an output `{name}`"));
        let is_loss = name == "loss";
        self.agreed(name, self.model.outputs[place].node, |kind| match kind {
            EntryKind::Outputs => Some(place),
            EntryKind::Output(other) => (other == place).then_some(0),
            EntryKind::Loss | EntryKind::LossAndGradient => is_loss.then_some(0),
            _ => None,
        })
    }

    /// An output as the loop programs compute it. Where the graph that these are of says less: it has no logarithm of a share
    /// to the last digit, and no difference of equal infinities.
    pub(crate) fn computed(&self, name: &str) -> Vec<f64> {
        let place = self.model.outputs.iter().position(|output| output.name == name);
        let place = place.unwrap_or_else(|| panic!("an output `{name}`"));
        let entries = self.programs.entries.iter().filter_map(|entry| match entry.point.kind {
            EntryKind::Outputs => Some((entry, place)),
            EntryKind::Output(other) => (other == place).then_some((entry, 0)),
            EntryKind::Loss | EntryKind::LossAndGradient => (name == "loss").then_some((entry, 0)),
            _ => None,
        });
        let values: Vec<Vec<f64>> =
            entries.map(|(entry, place)| simulate(&entry.program, &self.environment).swap_remove(place).data).collect();
        for other in &values {
            assert!(values[0].iter().zip(other).all(|(&a, &b)| agree(a, b)), "{name} is {values:?}");
        }
        values.into_iter().next().expect("a program that computes it")
    }

    /// An output that is a number.
    pub(crate) fn number(&self, name: &str) -> f64 {
        let value = self.value(name);
        assert_eq!(value.len(), 1, "`{name}` is a number");
        value[0]
    }

    /// The derivative of the loss by a parameter.
    pub(crate) fn grad(&self, name: &str) -> Vec<f64> {
        let place = self.model.params.iter().position(|param| param.name == name);
        let place = place.unwrap_or_else(|| panic!("a parameter `{name}`"));
        self.agreed(&format!("the gradient by {name}"), self.model.gradients[place], |kind| match kind {
            EntryKind::Gradient => Some(place),
            EntryKind::LossAndGradient => Some(place + 1),
            _ => None,
        })
    }

    /// The part of the Hessian's product with a direction that belongs to a parameter; the direction is `along_…`.
    pub(crate) fn hvp(&self, name: &str) -> Vec<f64> {
        let place = self.model.params.iter().position(|param| param.name == name).expect("a parameter of this name");
        self.product(ProductKind::Hessian, place)
    }

    /// The Jacobian of `residual` times a direction, `along_…`.
    pub(crate) fn residual_jvp(&self) -> Vec<f64> {
        let place = self.model.outputs.iter().position(|output| output.name == "residual").expect("a residual");
        self.product(ProductKind::Residual(place), 0)
    }

    fn product(&self, kind: ProductKind, result: usize) -> Vec<f64> {
        let product = self.model.products.iter().find(|product| product.kind == kind).expect("the model has it");
        self.agreed(&format!("{kind:?}"), product.results[result], |entry| {
            (entry == EntryKind::Product(kind)).then_some(result)
        })
    }

    /// The new value that a step gives a parameter or state.
    pub(crate) fn assigned(&self, step: &str, target: &str) -> Vec<f64> {
        let place = self.model.steps.iter().position(|it| it.name == step).expect("a step of this name");
        let assignments = &self.model.steps[place].assignments;
        let at = assignments.iter().position(|(name, _)| &**name == target).expect("it assigns to this");
        self.agreed(&format!("{target} after {step}"), assignments[at].1, |kind| {
            (kind == EntryKind::Step(place)).then_some(at)
        })
    }

    /// What a step returns.
    pub(crate) fn returned(&self, step: &str, result: &str) -> Vec<f64> {
        let place = self.model.steps.iter().position(|it| it.name == step).expect("a step of this name");
        let step = &self.model.steps[place];
        let at = step.results.iter().position(|(name, _)| name == result).expect("it returns this");
        self.agreed(result, step.results[at].1, |kind| {
            (kind == EntryKind::Step(place)).then_some(step.assignments.len() + at)
        })
    }

    /// One value, by everything that computes it.
    fn agreed(&self, what: &str, node: NodeId, place: impl Fn(EntryKind) -> Option<usize>) -> Vec<f64> {
        let expected = evaluate(&self.model.region, &[node], &self.environment).remove(0).data;
        let bound = self.bound_environment();
        let plain = self.programs.entries.iter().map(|entry| (entry, &self.environment));
        let mut found = Vec::new();
        for (entry, environment) in plain.chain(self.programs.bound.iter().map(|entry| (entry, &bound))) {
            let Some(place) = place(entry.point.kind) else { continue };
            let value = simulate(&entry.program, environment).swap_remove(place).data;
            let agrees = expected.len() == value.len() && expected.iter().zip(&value).all(|(&a, &b)| agree(a, b));
            let kind = entry.point.kind;
            assert!(agrees, "{}\n{what} is {expected:?} in the graph but {value:?} of {kind:?}", self.text);
            found.push(value);
        }
        found.into_iter().next().unwrap_or(expected)
    }

    /// The arrays, and what a bound model has computed of them.
    fn bound_environment(&self) -> Environment {
        let mut environment = self.environment.clone();
        if let Some(entry) = self.programs.bound.iter().find(|entry| entry.point.kind == EntryKind::Prepare) {
            let values = simulate(&entry.program, &self.environment);
            let names = self.programs.prepared.iter().map(|prepared| prepared.name.to_string());
            environment.values.extend(names.zip(values));
        }
        environment
    }
}

fn agree(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= AGREEMENT * a.abs().max(b.abs())
}

/// The numbers are these up to a relative error; NaN is equal to NaN, and an infinity to itself.
#[track_caller]
pub(crate) fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    let near = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance * b.abs();
    let same = found.len() == expected.len() && found.iter().zip(expected).all(|(&a, &b)| near(a, b));
    assert!(same, "found {found:?}, not {expected:?}");
}

#[test]
fn an_example_has_values_gradients_and_steps() {
    let line = Example::of(
        "M<N> { param w = 1; input x: [N], y: [N]; let f = exp(x); loss = sum((w*f - y)^2);
            step train(rate) -> loss { w := w - rate*grad(loss, w); } }",
    );
    let line = line.dim("N", 2).set("w", &[], &[2.0]).set("x", &[2], &[0.0, 0.0]).set("y", &[2], &[1.0, 3.0]);
    let line = line.set("rate", &[], &[0.5]);
    assert_eq!(line.number("loss"), 2.0);
    assert_close(&line.grad("w"), &[0.0], 0.0);
    assert_close(&line.assigned("train", "w"), &[2.0], 0.0);
    assert_close(&line.returned("train", "loss"), &[2.0], 0.0);
}

//! Stabilisation: every value that a model computes, in its steady form, whether or not anything differentiates it.
//!
//! ```text
//! let p = sigmoid(z);                               h = -(y·log_sigmoid(z) + (1 - y)·log_sigmoid(-z))
//! h = -(y*log(p) + (1 - y)*log(1 - p));        →
//! loss = mean(h);                                   loss = sum(h)/N: of the same h
//! ```
//!
//! A name that something is differentiated by is opaque, so that its derivative can be told from that by an equal
//! expression; the value is one either way. So values are seen through names here, and a derivative is built once more,
//! of the form that is seen through all names but the one it is taken by. What is written twice is one node afterwards.
//!
//! Invariant: no `named` node is left, unless a derivative would vanish without it.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::graph::model::{Derivative, Mode, Model};
use crate::graph::print::live;
use crate::graph::{NodeId, Region};
use crate::ops::Op;
use crate::{differentiate, simplify};

/// Replaces the outputs of a model, and what its steps assign and return.
pub fn stabilise_model(model: &mut Model) {
    let derivatives = std::mem::take(&mut model.derivatives);
    let places: Vec<NodeId> = places(model).map(|place| *place).collect();
    let params = model.params.iter().map(|param| param.node).collect();
    let mut values = Values {
        has_names: has_names(&model.region),
        region: &mut model.region,
        params,
        derivatives: Rc::new(derivatives.into_iter().map(|derivative| (derivative.node, derivative)).collect()),
        forms: BTreeMap::new(),
        gradients: BTreeMap::new(),
    };
    let images = values.steady(&places, &[]);
    let order = values.forms.remove(&[][..]).map_or_else(Vec::new, |form| form.image);
    for (place, image) in self::places(model).zip(images) {
        *place = image;
    }
    sort(model, &order);
}

/// Brings the nodes of a model into the order in which the model spells them; those that nothing needs are left out.
fn sort(model: &mut Model, order: &[NodeId]) {
    let results: Vec<NodeId> = model.nodes_mut().map(|place| *place).collect();
    let live = live(&model.region, results.iter().copied());
    let mut sorted = Region::new();
    let mut images: Vec<Option<NodeId>> = vec![None; model.region.len()];
    let mut is_placed = vec![false; model.region.len()];
    for &wanted in order.iter().chain(&results).filter(|node| live[node.index()]) {
        let (mut below, mut pending) = (Vec::new(), vec![wanted]);
        while let Some(id) = pending.pop() {
            if !std::mem::replace(&mut is_placed[id.index()], true) {
                below.push(id);
                pending.extend(&model.region.node(id).operands);
            }
        }
        below.sort_unstable();
        for id in below {
            let node = model.region.node(id);
            let image = |operand: &NodeId| images[operand.index()].expect("operands stand before their node");
            let operands: Vec<NodeId> = node.operands.iter().map(image).collect();
            sorted.set_span(node.span);
            let placed = sorted.add(node.op.clone(), &operands);
            if let Some(name) = &node.name {
                sorted.set_name(placed, name);
            }
            images[id.index()] = Some(placed);
        }
    }
    sorted.set_span(None);
    for place in model.nodes_mut() {
        *place = images[place.index()].expect("results are live");
    }
    model.region = sorted;
}

fn places(model: &mut Model) -> impl Iterator<Item = &mut NodeId> {
    let steps = model.steps.iter_mut().flat_map(|step| {
        let values = step.assignments.iter_mut().map(|(_, value)| value);
        values.chain(step.results.iter_mut().map(|(_, value)| value))
    });
    model.outputs.iter_mut().map(|output| &mut output.node).chain(steps)
}

/// Which nodes depend on a name.
fn has_names(region: &Region) -> Vec<bool> {
    let mut has_names = vec![false; region.len()];
    for (id, node) in region.iter() {
        let is_name = matches!(node.op, Op::Named(_));
        has_names[id.index()] = is_name || node.operands.iter().any(|operand| has_names[operand.index()]);
    }
    has_names
}

/// The steady forms of values that are seen through all names but some.
struct Form {
    image: Vec<NodeId>,
    is_known: Vec<bool>,
}

struct Values<'a> {
    region: &'a mut Region,
    params: Vec<NodeId>,
    /// What is known of the nodes that the model was built with.
    has_names: Vec<bool>,
    derivatives: Rc<BTreeMap<NodeId, Derivative>>,
    /// By the names that are kept, in order.
    forms: BTreeMap<Vec<NodeId>, Form>,
    /// By all parameters, of a value.
    gradients: BTreeMap<NodeId, Vec<Option<NodeId>>>,
}

impl Values<'_> {
    /// The forms of nodes that the model was built with.
    fn steady(&mut self, wanted: &[NodeId], kept: &[NodeId]) -> Vec<NodeId> {
        let mut form = self.forms.remove(kept).unwrap_or_else(|| Form {
            image: self.region.iter().map(|(id, _)| id).take(self.has_names.len()).collect(),
            is_known: vec![false; self.has_names.len()],
        });
        let below = self.below(wanted, &mut form);
        // Runs of other nodes between the derivatives: what these are of stands before them.
        let derivatives = self.derivatives.clone();
        for run in below.chunk_by(|_, next| !derivatives.contains_key(next)) {
            let derivative = derivatives.get(&run[0]).copied();
            if let Some(derivative) = derivative {
                self.forms.insert(kept.to_vec(), form);
                let image = self.derivative(derivative, kept);
                form = self.forms.remove(kept).expect("it was put there");
                form.image[run[0].index()] = image;
            }
            let others = &run[usize::from(derivative.is_some())..];
            simplify::stabilise_nodes(self.region, others, &mut form.image, |name| !kept.contains(&name));
        }
        let images = wanted.iter().map(|node| form.image[node.index()]).collect();
        self.forms.insert(kept.to_vec(), form);
        images
    }

    /// What has no form yet, in order. A derivative without names stays as it is.
    fn below(&self, wanted: &[NodeId], form: &mut Form) -> Vec<NodeId> {
        let mut below = Vec::new();
        let mut pending = wanted.to_vec();
        while let Some(node) = pending.pop() {
            if std::mem::replace(&mut form.is_known[node.index()], true) {
                continue;
            }
            if !self.derivatives.contains_key(&node) {
                below.push(node);
                pending.extend(&self.region.node(node).operands);
            } else if self.has_names[node.index()] {
                below.push(node);
            }
        }
        below.sort_unstable();
        below
    }

    /// The derivative of the steady form. Where there is none, the one that is there.
    fn derivative(&mut self, derivative: Derivative, kept: &[NodeId]) -> NodeId {
        let Derivative { node, of, by, mode, curved } = derivative;
        let is_name = matches!(self.region.node(by).op, Op::Named(_));
        let mut inside = kept.to_vec();
        if let (true, Err(place)) = (is_name, kept.binary_search(&by)) {
            inside.insert(place, by);
        }
        let (y, x) = (self.steady(&[of], &inside)[0], self.steady(&[by], &inside)[0]);
        let y = simplify::stabilise(self.region, y);
        let along =
            if let Mode::Tangent(v) | Mode::Cotangent(v) = mode { Some(self.steady(&[v], &inside)[0]) } else { None };
        self.region.set_curved(curved);
        let found = match (mode, along) {
            (Mode::Tangent(_), Some(v)) => differentiate::jvp(self.region, y, &[(x, v)]).ok().flatten(),
            (Mode::Cotangent(_), Some(u)) => {
                differentiate::vjp(self.region, y, u, &[x]).ok().and_then(|found| found[0])
            }
            (Mode::Gradient | Mode::Tangent(_) | Mode::Cotangent(_), _) => self.gradient(y, x),
        };
        self.region.set_curved(None);
        let Some(found) = found else { return node };
        if inside == kept {
            return found;
        }
        let value = self.steady(&[self.region.operand(by, 0)], kept)[0];
        substitute(self.region, found, x, value)
    }

    /// One sweep serves all parameters.
    fn gradient(&mut self, y: NodeId, x: NodeId) -> Option<NodeId> {
        let Some(place) = self.params.iter().position(|&param| param == x) else {
            return differentiate::gradient(self.region, y, &[x]).ok().and_then(|found| found[0]);
        };
        if !self.gradients.contains_key(&y) {
            let found = differentiate::gradient(self.region, y, &self.params).ok()?;
            self.gradients.insert(y, found);
        }
        self.gradients[&y][place]
    }
}

/// The node with another value in the place of a name.
fn substitute(region: &mut Region, node: NodeId, name: NodeId, value: NodeId) -> NodeId {
    let mut image: Vec<NodeId> = region.iter().map(|(id, _)| id).take(node.index() + 1).collect();
    image[name.index()] = value;
    for place in name.index() + 1..=node.index() {
        let id = region.id(place);
        let operands: Vec<NodeId> = region.node(id).operands.iter().map(|operand| image[operand.index()]).collect();
        if operands != region.node(id).operands {
            let (op, span) = (region.node(id).op.clone(), region.node(id).span);
            let outer = region.set_span(span);
            image[place] = region.add(op, &operands);
            region.set_span(outer);
        }
    }
    image[node.index()]
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "these values are meant to be equal")]
mod tests {
    use crate::testing::{Example, assert_close};

    /// At p = 0, 1, and where it is neither: as an output, in the loss, as what a step returns, without a loss.
    #[test]
    fn what_is_not_differentiated_is_steady_too() {
        let text = |rest: &str| format!("M<N> {{ param b = 0; input p: [N]; let h = p*log(p); {rest} }}");
        let of =
            |rest: &str| Example::of(&text(rest)).dim("N", 3).set("p", &[3], &[0.0, 1.0, 0.5]).set("b", &[], &[0.0]);
        let entropy = -0.5 * std::f64::consts::LN_2;
        let whole = of("loss = sum(h) + b; again = sum(p*log(p)); step look() -> again { b := b + sum(h); }");
        for value in [whole.number("loss"), whole.number("again"), whole.returned("look", "again")[0]] {
            assert_eq!(value, entropy);
        }
        assert_eq!(whole.assigned("look", "b"), [entropy]);
        assert_eq!(of("again = sum(h); other = b;").number("again"), entropy);
    }

    /// The cross-entropy of a saturated sigmoid, with the name that it is of watched or not.
    #[test]
    fn a_watched_name_does_not_change_the_value() {
        let cross = "-(y*log(p) + (1 - y)*log(1 - p))";
        let text = |rest: &str| {
            format!(
                "M<N> {{ param w = 1; input x: [N], y: [N]; let z = w*x; let p = sigmoid(z); h = {cross}; loss = sum(h); {rest} }}"
            )
        };
        let watched =
            "slope = grad(sum(h), p); by_z = grad(sum(h), z); by_w = grad(loss, w); step s() { w := grad(loss, w); }";
        let [plain, watched] = ["", watched].map(|rest| {
            let example = Example::of(&text(rest)).dim("N", 3).set("w", &[], &[1.0]);
            example.set("x", &[3], &[-800.0, 800.0, 2.0]).set("y", &[3], &[0.0, 0.0, 1.0])
        });
        let expected = [0.0, 800.0, (-2.0_f64).exp().ln_1p()];
        for example in [&plain, &watched] {
            assert_close(&example.value("h"), &expected, 1e-15);
            assert_close(&example.grad("w"), &[800.0 - 2.0 / (1.0 + 2.0_f64.exp())], 1e-15);
        }
        assert_eq!(plain.value("h"), watched.value("h"));
        assert_eq!(plain.grad("w"), watched.grad("w"));
        assert_eq!(watched.value("by_w"), watched.grad("w"));
        assert_eq!(watched.assigned("s", "w"), watched.grad("w"));
        // p is exactly 0, 1 and between: these are the derivatives by p itself.
        let p = 1.0 / (1.0 + (-2.0_f64).exp());
        assert_close(&watched.value("slope"), &[1.0, f64::INFINITY, -1.0 / p], 1e-15);
        assert_close(&watched.value("by_z"), &[0.0, 1.0, p - 1.0], 1e-12);
    }

    /// Derivatives by names within derivatives by others.
    #[test]
    fn nested_derivatives_by_names_keep_their_meaning() {
        let text =
            "M { input x; let a = 2*x; let b = a*x; y = sin(2*x) + a*b + b; by_a = grad(y, a); by_b = grad(by_a, b);
            by_x = grad(by_a, x); along = jvp(y, a, a); back = vjp(y, b, by_a); }";
        let (x, example) = (0.3_f64, Example::of(text).set("x", &[], &[0.3]));
        let (a, b) = (2.0 * x, 2.0 * x * x);
        // y = sin(2x) + a·b + b, where b = a·x.
        assert_close(&example.value("y"), &[a.sin() + a * b + b], 1e-15);
        assert_close(&example.value("by_a"), &[b + a * x + x], 1e-15);
        assert_close(&example.value("by_b"), &[1.0], 0.0);
        // b + a·x + x is 4x² + x.
        assert_close(&example.value("by_x"), &[8.0 * x + 1.0], 1e-15);
        assert_close(&example.value("along"), &[a * (b + a * x + x)], 1e-15);
        assert_close(&example.value("back"), &[(a + 1.0) * (b + a * x + x)], 1e-15);
    }
}

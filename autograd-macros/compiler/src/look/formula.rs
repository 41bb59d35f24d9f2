//! The computation as formulas: `∂loss/∂w = 0.5 * sum(x * t1) / N`.
//!
//! Broadcasts are silent, as in the language. What the user has named, what is used more than once and what is long gets
//! a line of its own; every line stands after those that it needs. Made as trees, which every notation prints its own way.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::form::{Axes, Form, Level};
use super::reading::{Term, reading};
use crate::graph::model::Model;
use crate::graph::{Node, NodeId, Region};
use crate::ops::elementary::Kernel;
use crate::ops::{Accumulate, Function, Logic, Op, ReduceKind};
use crate::simplify::spelled;

#[cfg(any(test, feature = "look"))]
mod snippet;

#[cfg(any(test, feature = "look"))]
pub use snippet::snippet;
#[cfg(any(test, feature = "look"))]
pub(super) use snippet::{applied, label, reads};

/// A line is cut where it gets longer than this.
const WIDTH: usize = 90;

/// More lines than this help nobody.
const MOST_LINES: usize = 60;

/// Nor do more lines than this for each of the results.
const MOST_OF_EACH: usize = 12;

/// A longer number gets an exponent.
const LONGEST_NUMBER: usize = 18;

/// A line: what is defined, and as what.
#[derive(Clone, Debug)]
pub struct Line {
    /// A name, or a derivative.
    pub head: Rc<Form>,
    /// What it is.
    pub form: Rc<Form>,
}

impl Line {
    /// As the language writes it.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} = {}", self.head.text(), self.form.text())
    }
}

/// A value that is wanted: its name, and its node.
pub type Wanted = (Rc<Form>, NodeId);

/// The outputs of a model.
#[must_use]
pub fn outputs(model: &Model) -> Vec<Wanted> {
    model.outputs.iter().map(|output| (Form::name(&output.name.to_string()), output.node)).collect()
}

/// The derivatives of its loss.
#[must_use]
pub fn gradients(model: &Model) -> Vec<Wanted> {
    let by = |name: String| Rc::new(Form::Derivative("loss".into(), name.into()));
    model.params.iter().zip(&model.gradients).map(|(param, &node)| (by(param.name.to_string()), node)).collect()
}

/// The outputs of a model and the derivatives of its loss, as a section of Markdown. Derivatives that are too long to read
/// are left out; where outputs are, it is empty.
#[must_use]
pub fn section(model: &Model) -> String {
    match readable(model) {
        Ok(lines) => markdown(&lines, ""),
        Err((lines, all)) if lines.len() <= MOST_LINES => {
            markdown(&lines, &format!("\n\nWith the derivatives of `loss` these would be {all} lines."))
        }
        Err(_) => String::new(),
    }
}

/// The lines of the outputs and of the derivatives of the loss, if they are not too many; else those of the outputs alone,
/// and how many there would be.
///
/// # Errors
/// If there are too many.
pub fn readable(model: &Model) -> Result<Vec<Line>, (Vec<Line>, usize)> {
    let all = [outputs(model), gradients(model)].concat();
    let lines = formulas(&model.region, &all);
    if lines.len() <= MOST_LINES && lines.len() <= MOST_OF_EACH * all.len() {
        return Ok(lines);
    }
    Err((formulas(&model.region, &outputs(model)), lines.len()))
}

fn markdown(lines: &[Line], more: &str) -> String {
    let text = lines.iter().map(Line::text).collect::<Vec<_>>().join("\n");
    if lines.is_empty() { String::new() } else { format!("# Formulas\n```text\n{text}\n```{more}") }
}

/// One line for each result, and for each value that one of them is made of and that has a name.
#[must_use]
pub fn formulas(region: &Region, results: &[Wanted]) -> Vec<Line> {
    let nodes: Vec<NodeId> = results.iter().map(|&(_, node)| node).collect();
    let (region, nodes) = &spelled(region, &nodes);
    let results: Vec<Wanted> = results.iter().zip(nodes).map(|((name, _), &node)| (name.clone(), node)).collect();
    let readings: BTreeMap<NodeId, Term> =
        region.iter().filter_map(|(id, _)| Some((id, reading(region, id)?))).collect();
    let mut printer = Printer { region, readings, texts: BTreeMap::new(), lines: Vec::new(), numbered: 0 };
    let uses = printer.uses(results.iter().map(|&(_, node)| node));
    let mut names: BTreeMap<NodeId, Vec<&Rc<Form>>> = BTreeMap::new();
    for (name, node) in &results {
        names.entry(printer.seen_through(*node)).or_default().push(name);
    }
    for (id, node) in region.iter() {
        if let Some(uses) = uses[id.index()] {
            printer.node(id, node, uses, names.get(&id).map_or(&[], Vec::as_slice));
        }
    }
    printer.lines
}

/// Nodes that a reader does not want to see.
pub(super) fn is_silent(op: &Op) -> bool {
    let is_guard = matches!(op, Op::Map(map) if map.function == Function::WhereFinite);
    is_guard || matches!(op, Op::Broadcast(_) | Op::Cast(_) | Op::Named(_) | Op::StopGradient(_))
}

/// What is below the nodes that a reader does not want to see.
pub(super) fn seen_through(region: &Region, mut node: NodeId) -> NodeId {
    while is_silent(&region.node(node).op) {
        node = region.node(node).operands[0];
    }
    node
}

/// What a node is printed as where it is used.
pub(super) struct Text {
    pub(super) form: Rc<Form>,
    pub(super) is_named: bool,
}

/// Prints nodes in order.
pub(super) struct Printer<'a> {
    pub(super) region: &'a Region,
    /// The nodes that read otherwise than as what they are.
    readings: BTreeMap<NodeId, Term>,
    pub(super) texts: BTreeMap<NodeId, Text>,
    lines: Vec<Line>,
    numbered: usize,
}

impl Printer<'_> {
    pub(super) fn seen_through(&self, node: NodeId) -> NodeId {
        seen_through(self.region, node)
    }

    /// How often each node is read, and by what is read itself; none if it is not.
    fn uses(&self, results: impl Iterator<Item = NodeId>) -> Vec<Option<u32>> {
        let mut uses = vec![None; self.region.len()];
        for result in results {
            uses[self.seen_through(result).index()] = Some(0);
        }
        let mut all: Vec<_> = self.region.iter().collect();
        while let Some((id, node)) = all.pop() {
            if uses[id.index()].is_none() {
                continue;
            }
            let read = self.readings.get(&id).map_or_else(|| node.operands.clone(), Term::nodes);
            for operand in read {
                *uses[self.seen_through(operand).index()].get_or_insert(0) += 1;
            }
        }
        uses
    }

    fn node(&mut self, id: NodeId, node: &Node, uses: u32, results: &[&Rc<Form>]) {
        let form = Rc::new(match self.readings.get(&id) {
            Some(term) => self.term(term),
            None => self.formula(node),
        });
        let is_plain = form.level() == Level::Atom && node.operands.is_empty();
        let mut name = node.name.as_deref().filter(|_| !is_plain).map(Form::name);
        if let [.., last] = results {
            self.lines.extend(results.iter().map(|&head| Line { head: head.clone(), form: form.clone() }));
            name = Some((*last).clone());
        } else if name.is_none() && !is_plain && is_cut(&form, uses) {
            self.numbered += 1;
            let head = Form::name(&format!("t{}", self.numbered));
            self.lines.push(Line { head: head.clone(), form: form.clone() });
            name = Some(head);
        } else if let Some(head) = &name {
            self.lines.push(Line { head: head.clone(), form: form.clone() });
        }
        let is_named = name.is_some();
        self.texts.insert(id, Text { form: name.unwrap_or(form), is_named });
    }

    /// An operand.
    pub(super) fn operand(&self, node: NodeId) -> Rc<Form> {
        self.spread(node, self.new_axes(node))
    }

    /// An operand with given new axes.
    fn spread(&self, node: NodeId, new_axes: Vec<String>) -> Rc<Form> {
        match self.texts.get(&self.seen_through(node)) {
            Some(operand) => Form::part(operand.form.clone(), new_axes),
            None => Form::words(""),
        }
    }

    fn term(&self, term: &Term) -> Form {
        let infix = |a: &Term, sign, b: &Term| Form::Infix(self.side(a), sign, self.side(b));
        match term {
            Term::Node(_) | Term::Spread(..) => Form::clone(&self.side(term)),
            Term::Softmax(x, axes) => self.reduction("softmax", *x, axes),
            Term::OneHot(label, shape) => {
                let classes = self.region.shape(*shape).last().map(ToString::to_string).unwrap_or_default();
                Form::call("one_hot", vec![self.operand(*label), Form::words(&classes)])
            }
            Term::CrossEntropy(logits, label) => self.call("cross_entropy", &[*logits, *label]),
            Term::Times(a, b) => infix(a, "*", b),
            Term::Over(a, b) => infix(a, "/", b),
            Term::Minus(a, b) => infix(a, "-", b),
        }
    }

    /// A side of a term.
    fn side(&self, term: &Term) -> Rc<Form> {
        match term {
            Term::Node(node) => self.operand(*node),
            Term::Spread(node, outer) => self.spread(*node, self.new_axes_of(&[*outer, *node])),
            _ => Rc::new(self.term(term)),
        }
    }

    fn call(&self, function: &str, operands: &[NodeId]) -> Form {
        Form::call(function, operands.iter().map(|&operand| self.operand(operand)).collect())
    }

    fn formula(&self, node: &Node) -> Form {
        let operands = node.operands.as_slice();
        match (&node.op, operands) {
            (Op::Leaf(leaf), _) => Form::Name(leaf.name.to_string().into()),
            (Op::Literal(literal), _) => Form::Number(node_text(&Op::Literal(*literal)).into()),
            (Op::Extent(extent), _) => Form::Size(extent.dim.clone()),
            (Op::Map(map), _) => self.map(map.function.name(), map.function.kernel(), operands),
            (Op::Compare(compare), [a, b]) => self.infix(*a, compare.symbol(), *b),
            (Op::Logic(Logic::Not), [a]) => Form::Prefix("!", self.operand(*a)),
            (Op::Logic(Logic::And), [a, b]) => self.infix(*a, "&&", *b),
            (Op::Logic(Logic::Or), [a, b]) => self.infix(*a, "||", *b),
            (Op::Select(_), [c, a, b]) => Form::Choice(self.operand(*c), self.operand(*a), self.operand(*b)),
            (Op::Iota(iota), _) => Form::call("iota", vec![Form::words(&iota.extent.to_string())]),
            (Op::Permute(permute), [x]) => self.permute(&permute.order, *x),
            (Op::Reshape(reshape), [x]) => Form::clone(&self.reshape(reshape, *x)),
            (Op::Slice(slice), [x]) => Form::clone(&self.slice(slice, *x, &[])),
            (Op::Concat(concat), parts) => self.concat(*concat, parts),
            (Op::Reverse(reverse), [x]) => {
                let shape = self.region.shape(*x);
                Self::flip(self.whole(*x), &shape, &reverse.axes)
            }
            (Op::Reduce(reduce), [x]) => {
                let name = if reduce.kind == ReduceKind::Product { "prod" } else { reduce.kind.name() };
                self.reduction(name, *x, &reduce.axes)
            }
            (Op::ArgReduce(reduce), [x]) => self.reduction(reduce.extreme.name(), *x, &[reduce.axis]),
            (op, _) => self.rare(op, operands),
        }
    }

    /// What the language can write in some cases. What has no notation is printed as in the text form of graphs: a new
    /// primitive begins here.
    fn rare(&self, op: &Op, operands: &[NodeId]) -> Form {
        let written = match (op, operands) {
            (Op::Contract(contract), [a, b]) => self.product(contract, *a, *b),
            (Op::Pad(pad), [x]) => self.pad(pad, *x).as_deref().cloned(),
            (Op::Recurrence(recurrence), [a, b]) if recurrence.kind == Accumulate::Linear => {
                self.running_sum(recurrence.axis, recurrence.reverse, *a, *b)
            }
            _ => None,
        };
        written.unwrap_or_else(|| self.call(&node_text(op).replace(' ', "_"), operands))
    }

    fn map(&self, name: &str, kernel: Kernel, operands: &[NodeId]) -> Form {
        let one = || Form::number("1");
        let two = || Form::number("2");
        match (name, kernel, operands) {
            ("slope_of_tanh", _, [_, y]) => Form::Infix(one(), "-", Form::Power(self.operand(*y), two()).into()),
            ("slope_of_sigmoid", _, [_, y]) => {
                let y = self.operand(*y);
                Form::Infix(y.clone(), "*", Form::Infix(one(), "-", y).into())
            }
            (_, Kernel::Operator(sign), [x]) => Form::Prefix(sign, self.operand(*x)),
            (_, Kernel::Operator("/"), [a, b]) => self.mean(*a, *b).unwrap_or_else(|| self.infix(*a, "/", *b)),
            (_, Kernel::Operator(sign), [a, b]) => self.infix(*a, sign, *b),
            ("square", _, [x]) => Form::Power(self.operand(*x), two()),
            ("recip", _, [x]) => Form::Infix(one(), "/", self.operand(*x)),
            ("pow", _, [x, n]) => Form::Power(self.operand(*x), self.operand(*n)),
            ("mul_unless_zero", _, [a, b]) => self.infix(*a, "*", *b),
            _ => self.call(name, operands),
        }
    }

    fn infix(&self, a: NodeId, sign: &'static str, b: NodeId) -> Form {
        Form::Infix(self.operand(a), sign, self.operand(b))
    }

    /// A call of one argument along axes.
    pub(super) fn along(function: &str, x: Rc<Form>, axes: Option<Axes>) -> Form {
        Form::Call(function.into(), vec![x], axes)
    }
}

/// Whether a formula that is read so often gets a line of its own.
fn is_cut(form: &Form, uses: u32) -> bool {
    let length = form.text().len();
    uses > 1 && length > 12 || length > WIDTH
}

/// The text form of a node, but numbers as the language writes them: short, and `nan`.
fn node_text(op: &Op) -> String {
    let text = op.to_string();
    let Op::Literal(literal) = op else { return text };
    match literal.value() {
        value if value.is_nan() => "nan".to_owned(),
        value if text.len() > LONGEST_NUMBER => format!("{value:e}"),
        _ => text,
    }
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {

    use expect_test::{Expect, expect};

    use crate::testing::models::compiled;

    fn check(text: &str, expected: &Expect) {
        expected.assert_eq(&section_of(text));
    }

    fn section_of(text: &str) -> String {
        let (model, _) = compiled(text);
        super::section(&model)
    }

    #[test]
    fn a_line() {
        check(
            "Line<N> { param w, b; input x: [N], y: [N]; loss = mean((0.5 * (w*x + b - y))^2); }",
            &expect![[r#"
                # Formulas
                ```text
                t1 = b + w * x - y
                loss = 0.25 * mean(t1^2)
                ∂loss/∂b = sum(0.5 / N * t1)
                ∂loss/∂w = sum(x * (0.5 / N * t1))
                ```"#]],
        );
    }

    #[test]
    fn a_layer() {
        check(
            "Layer<N, D, H> {
                param w: [D, H], b: [H];
                input x: [N, D];
                let hidden = tanh(x @ w + b);
                loss = mean(hidden^2) + if b[0] > 0 { 1 } else { -b[0]^3 };
            }",
            &expect![[r#"
                # Formulas
                ```text
                hidden = tanh(x @ w + b)
                loss = mean(hidden^2) + (if 0 < b[0] { 1 } else { -(b[0] * b[0]^2) })
                t1 = 2 / (H*N) * hidden * (1 - hidden^2)
                ∂loss/∂b = pad([if 0 < b[0] { 0 } else { -3 * b[0]^2 }], 0, H - 1) + sum(t1, N)
                ∂loss/∂w = x.T @ t1
                ```"#]],
        );
    }

    #[test]
    fn classes() {
        check(
            "Classes<N, D, K> {
                param w: [D, K];
                input x: [N, D], label: [N] in K;
                loss = mean(cross_entropy(x @ w, label));
                best = argmax(x @ w, K);
            }",
            &expect![[r#"
                # Formulas
                ```text
                loss = mean(cross_entropy(x @ w, label))
                best = argmax(x @ w, K)
                ∂loss/∂w = x.T @ ((softmax(x @ w, K) - one_hot(label, K)) / N)
                ```"#]],
        );
    }

    #[test]
    fn a_network() {
        check(
            "Mlp<N, D, H, K> {
                param w1: [D, H], b1: [H], w2: [H, K], b2: [K];
                input x: [N, D], label: [N] in K;
                let hidden = relu(x @ w1 + b1);
                logits = hidden @ w2 + b2;
                loss = mean(cross_entropy(logits, label));
            }",
            &expect![[r#"
                # Formulas
                ```text
                hidden = relu(x @ w1 + b1)
                logits = hidden @ w2 + b2
                loss = mean(cross_entropy(logits, label))
                t1 = (softmax(logits, K) - one_hot(label, K)) / N
                ∂loss/∂b2 = sum(t1, N)
                ∂loss/∂w2 = hidden.T @ t1
                t2 = if 0 < hidden { t1 @ w2.T } else { 0 }
                ∂loss/∂b1 = sum(t2, N)
                ∂loss/∂w1 = x.T @ t2
                ```"#]],
        );
    }

    #[test]
    fn weights_and_shares() {
        check(
            "Weighted<N, K> {
                param z: [N, K];
                input label: [N] in K, weight: [N], target: [N, K];
                share = softmax(z, K);
                let mine = softmax(z, K);
                entropy = -sum(mine * log(mine));
                own = sum(one_hot(label, K) * target, K);
                loss = sum(weight * cross_entropy(z, label)) + sum(cross_entropy(z, target)) + norm(z);
            }",
            &expect![[r#"
                # Formulas
                ```text
                share = softmax(z, K)
                t1 = z - logsumexp(z, K)[.., new]
                entropy = -sum(share * t1)
                own = sum(target * (iota(K) == label[.., new]), K)
                t2 = target == 0 && t1 == -inf
                loss = sum(weight * cross_entropy(z, label)) - sum(target * (if t2 { 0 } else { t1 })) + norm(z)
                t3 = if t2 { 0 } else { -target }
                ∂loss/∂z = t3 + (z / norm(z) + (-weight)[.., new] * one_hot(label, K)) + (weight - sum(t3, K))[.., new] * softmax(z, K)
                ```"#]],
        );
    }

    #[test]
    fn long_derivatives_are_left_out() {
        let section = |turns: usize| {
            let step = |turn: usize| format!("let h{} = sin(h{turn} * a) * h{turn} + b;", turn + 1);
            let steps = (0..turns).map(step).collect::<Vec<_>>().concat();
            section_of(&format!("Long {{ param a, b; let h0 = a; {steps} loss = h{turns}; }}"))
        };
        assert!(section(2).contains("∂loss/∂b = "));
        let long = section(20);
        assert!(
            !long.contains("∂loss") && long.contains("loss = ") && long.contains("With the derivatives of `loss`"),
            "{long}"
        );
        assert_eq!(section(80), "");
    }

    #[test]
    fn cuts_and_sums() {
        check(
            "Cuts<N, D, M> {
                param w: [N, D], v: [N], k: [3];
                input u: [M, D], p: [D];
                a = cumsum(v)[-1] + sum(flip(v) * v) + k[0] * k[-1];
                b = max(w, axis = D) * sum(w * p, D);
                c = concat([w @ u.T, w @ u.T], axis = 1);
                d = [a, a^2];
                loss = sum((v[1..] - v[..-1])^2) + sum((w - v[.., new])^2) + sum(w[1.., 0]) + prod(k) * 1e-30;
            }",
            &expect![[r#"
                # Formulas
                ```text
                a = cumsum(v)[-1] + sum(v * flip(v)) + k[0] * k[2]
                b = max(w, axis = D) * sum(w * p, D)
                c = concat([w @ u.T, w @ u.T], axis = 1)
                d = [a, a^2]
                t1 = v[1..] - v[..-1]
                t2 = w - v[.., new]
                loss = sum(t1^2) + sum(t2^2) + sum(w[1.., ..1]) + 1e-30 * prod(k)
                t3 = recurrence_0(pad(k, 1, 0)[..3], 1 - pad(ones([3]), 1, 0)[..3])
                t4 = recurrence_0_reverse(pad(k, 0, 1)[1..], 1 - pad(ones([3]), 0, 1)[1..])
                t5 = 0 < abs(prod(k)) && abs(prod(k)) < inf && !(1e-30 < abs(t3) && abs(t3) < 1e30 && (1e-30 < abs(t4) && abs(t4) < 1e30))
                ∂loss/∂k = 1e-30 * (if t5 { prod(k) / k } else { t3 * t4 })
                ∂loss/∂w = pad(pad(ones([N - 1, 1]), 1, 0, axis = 0), 0, D - 1, axis = 1) + 2 * t2
                ∂loss/∂v = -2 * sum(t2, D) + pad(-2 * t1, 0, 1) + pad(2 * t1, 1, 0)
                ```"#]],
        );
    }

    #[test]
    fn powers_and_quotients_keep_their_parentheses() {
        check(
            "P { param a, b; loss = (a + b)^2 / (a * b) - (a - (b - 1)) + exp(-(a / (b / 2)))^b; }",
            &expect![[r#"
                # Formulas
                ```text
                t1 = (a + b)^2 / (a * b)
                t2 = exp(-2 * (a / b))
                loss = t1 - (a - (b - 1)) + t2^b
                t3 = b * t2^(-1 + b)
                t4 = if abs(t3) == inf && t2 == 0 { 0 } else { t3 * t2 }
                t5 = t2^b * (if t2 == 0 && 0 <= b { 0 } else { -2 * (a / b) }) + (if abs(-2 * t4) == inf && -(a / b / b) == 0 { 0 } else { 2 * (t4 * (a / b / b)) })
                t6 = 2 * ((a + b) / (a * b))
                ∂loss/∂a = -1 + -2 * (t4 * (1 / b)) - b * (t1 / (a * b)) + t6
                ∂loss/∂b = 1 + t5 - a * (t1 / (a * b)) + t6
                ```"#]],
        );
    }
}

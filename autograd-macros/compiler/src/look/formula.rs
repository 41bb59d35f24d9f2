//! The computation as formulas: `∂loss/∂w = 0.5 * sum(x * t1) / N`.
//!
//! Broadcasts are silent, as in the language. What the user has named, what is used more than once and what is long gets
//! a line of its own; every line stands after those that it needs.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::reading::{Term, reading};
use crate::graph::model::Model;
use crate::graph::{Node, NodeId, Region};
use crate::ops::elementary::Kernel;
use crate::ops::{Accumulate, Function, Logic, Op, ReduceKind};
use crate::simplify::spelled;

/// A line is cut where it gets longer than this.
const WIDTH: usize = 90;

/// More lines than this help nobody.
const MOST_LINES: usize = 60;

/// Nor do more lines than this for each of the results.
const MOST_OF_EACH: usize = 12;

/// A longer number gets an exponent.
const LONGEST_NUMBER: usize = 18;

/// The outputs of a model and the derivatives of its loss, as a section of Markdown. Derivatives that are too long to read
/// are left out; where outputs are, it is empty.
#[must_use]
pub fn section(model: &Model) -> String {
    let outputs: Vec<_> = model.outputs.iter().map(|output| (output.name.to_string(), output.node)).collect();
    let gradients = model.params.iter().zip(&model.gradients);
    let gradients = gradients.map(|(param, &node)| (format!("∂loss/∂{}", param.name), node));
    let all: Vec<_> = outputs.iter().cloned().chain(gradients).collect();
    let (lines, count) = (formulas(&model.region, &all), all.len());
    if lines.len() <= MOST_LINES && lines.len() <= MOST_OF_EACH * count {
        return markdown(&lines, "");
    }
    let left_out = format!("\n\nWith the derivatives of `loss` these would be {} lines.", lines.len());
    let lines = formulas(&model.region, &outputs);
    if lines.len() <= MOST_LINES { markdown(&lines, &left_out) } else { String::new() }
}

fn markdown(lines: &[String], more: &str) -> String {
    if lines.is_empty() { String::new() } else { format!("# Formulas\n```text\n{}\n```{more}", lines.join("\n")) }
}

/// One line for each result, and for each value that one of them is made of and that has a name.
#[must_use]
pub fn formulas(region: &Region, results: &[(String, NodeId)]) -> Vec<String> {
    let nodes: Vec<NodeId> = results.iter().map(|&(_, node)| node).collect();
    let (region, nodes) = &spelled(region, &nodes);
    let results = &results.iter().zip(nodes).map(|((name, _), &node)| (name.clone(), node)).collect::<Vec<_>>();
    let readings: BTreeMap<NodeId, Term> =
        region.iter().filter_map(|(id, _)| Some((id, reading(region, id)?))).collect();
    let mut printer = Printer { region, readings, texts: BTreeMap::new(), lines: Vec::new(), numbered: 0 };
    let uses = printer.uses(results.iter().map(|&(_, node)| node));
    let mut names: BTreeMap<NodeId, Vec<&str>> = BTreeMap::new();
    for (name, node) in results {
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

/// How tightly a formula holds together, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Choice,
    Or,
    And,
    Compare,
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// What a node is printed as where it is used.
pub(super) struct Text {
    content: Rc<str>,
    level: Level,
    pub(super) is_named: bool,
}

/// Prints nodes in order.
pub(super) struct Printer<'a> {
    pub(super) region: &'a Region,
    /// The nodes that read otherwise than as what they are.
    readings: BTreeMap<NodeId, Term>,
    pub(super) texts: BTreeMap<NodeId, Text>,
    lines: Vec<String>,
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

    fn node(&mut self, id: NodeId, node: &Node, uses: u32, results: &[&str]) {
        let (text, level) = match self.readings.get(&id) {
            Some(term) => self.term(term),
            None => self.formula(node),
        };
        let is_plain = level == Level::Atom && node.operands.is_empty();
        let mut name = node.name.as_deref().filter(|_| !is_plain).map(str::to_owned);
        for result in results {
            self.lines.push(format!("{result} = {text}"));
            name = Some((*result).to_owned());
        }
        if results.is_empty()
            && let Some(name) = &name
        {
            self.lines.push(format!("{name} = {text}"));
        }
        let is_cut = name.is_none() && !is_plain && (uses > 1 && text.len() > 12 || text.len() > WIDTH);
        if is_cut {
            self.numbered += 1;
            let number = format!("t{}", self.numbered);
            self.lines.push(format!("{number} = {text}"));
            name = Some(number);
        }
        let text = match name {
            Some(name) => Text { content: name.into(), level: Level::Atom, is_named: true },
            None => Text { content: text.into(), level, is_named: false },
        };
        self.texts.insert(id, text);
    }

    /// An operand, in parentheses if it holds together less tightly than its place needs.
    pub(super) fn within(&self, node: NodeId, level: Level) -> String {
        self.spread(node, &self.new_axes(node), level)
    }

    /// An operand with given new axes.
    fn spread(&self, node: NodeId, new_axes: &str, level: Level) -> String {
        let Some(operand) = self.texts.get(&self.seen_through(node)) else { return String::new() };
        let text = &operand.content;
        let level = if new_axes.is_empty() { level } else { Level::Atom };
        if operand.level >= level { format!("{text}{new_axes}") } else { format!("({text}){new_axes}") }
    }

    fn term(&self, term: &Term) -> (String, Level) {
        let within = |term: &Term, level: Level| match term {
            Term::Node(node) => self.within(*node, level),
            Term::Spread(node, outer) => self.spread(*node, &self.new_axes_of(&[*outer, *node]), level),
            _ => match self.term(term) {
                (text, own) if own >= level => text,
                (text, _) => format!("({text})"),
            },
        };
        match term {
            Term::Node(_) | Term::Spread(..) => (within(term, Level::Atom), Level::Atom),
            Term::Softmax(x, axes) => (self.reduction("softmax", *x, axes), Level::Atom),
            Term::OneHot(label, shape) => {
                let classes = self.region.shape(*shape).last().map(ToString::to_string).unwrap_or_default();
                (format!("one_hot({}, {classes})", self.within(*label, Level::Choice)), Level::Atom)
            }
            Term::CrossEntropy(logits, label) => self.call("cross_entropy", &[*logits, *label]),
            Term::Times(a, b) => {
                (format!("{} * {}", within(a, Level::Product), within(b, Level::Sign)), Level::Product)
            }
            Term::Over(a, b) => (format!("{} / {}", within(a, Level::Product), within(b, Level::Sign)), Level::Product),
            Term::Minus(a, b) => (format!("{} - {}", within(a, Level::Sum), within(b, Level::Product)), Level::Sum),
        }
    }

    fn call(&self, function: &str, operands: &[NodeId]) -> (String, Level) {
        let operands: Vec<String> = operands.iter().map(|&operand| self.within(operand, Level::Choice)).collect();
        (format!("{function}({})", operands.join(", ")), Level::Atom)
    }

    fn formula(&self, node: &Node) -> (String, Level) {
        let operands = node.operands.as_slice();
        match (&node.op, operands) {
            (Op::Leaf(leaf), _) => (leaf.name.to_string(), Level::Atom),
            (Op::Literal(literal), _) => {
                let level = if literal.value() < 0.0 { Level::Sign } else { Level::Atom };
                (node_text(&Op::Literal(*literal)), level)
            }
            (Op::Extent(extent), _) => {
                let is_one_piece = extent.dim.as_name().is_some() || extent.dim.as_constant().is_some();
                (extent.dim.to_string(), if is_one_piece { Level::Atom } else { Level::Sum })
            }
            (Op::Map(map), _) => self.map(map.function.name(), map.function.kernel(), operands),
            (Op::Compare(compare), [a, b]) => {
                let (a, b) = (self.within(*a, Level::Sum), self.within(*b, Level::Sum));
                (format!("{a} {} {b}", compare.symbol()), Level::Compare)
            }
            (Op::Logic(Logic::Not), [a]) => (format!("!{}", self.within(*a, Level::Power)), Level::Sign),
            (Op::Logic(Logic::And), [a, b]) => self.infix(*a, "&&", *b, Level::And, Level::Compare),
            (Op::Logic(Logic::Or), [a, b]) => self.infix(*a, "||", *b, Level::Or, Level::And),
            (Op::Select(_), [c, a, b]) => {
                let [c, a, b] = [c, a, b].map(|&operand| self.within(operand, Level::Choice));
                (format!("if {c} {{ {a} }} else {{ {b} }}"), Level::Choice)
            }
            (Op::Iota(iota), _) => (format!("iota({})", iota.extent), Level::Atom),
            (Op::Permute(permute), [x]) => (self.permute(&permute.order, *x), Level::Atom),
            (Op::Reshape(reshape), [x]) => (self.reshape(reshape, *x), Level::Atom),
            (Op::Slice(slice), [x]) => (self.slice(slice, *x, &[]), Level::Atom),
            (Op::Concat(concat), parts) => (self.concat(*concat, parts), Level::Atom),
            (Op::Reverse(reverse), [x]) => {
                let shape = self.region.shape(*x);
                (Self::flip(&self.whole(*x, Level::Choice), &shape, &reverse.axes), Level::Atom)
            }
            (Op::Reduce(reduce), [x]) => {
                let name = if reduce.kind == ReduceKind::Product { "prod" } else { reduce.kind.name() };
                (self.reduction(name, *x, &reduce.axes), Level::Atom)
            }
            (Op::ArgReduce(reduce), [x]) => (self.reduction(reduce.extreme.name(), *x, &[reduce.axis]), Level::Atom),
            (op, _) => self.rare(op, operands),
        }
    }

    /// What the language can write in some cases. What has no notation is printed as in the text form of graphs: a new
    /// primitive begins here.
    fn rare(&self, op: &Op, operands: &[NodeId]) -> (String, Level) {
        let written = match (op, operands) {
            (Op::Contract(contract), [a, b]) => self.product(contract, *a, *b),
            (Op::Pad(pad), [x]) => self.pad(pad, *x).map(|text| (text, Level::Atom)),
            (Op::Recurrence(recurrence), [a, b]) if recurrence.kind == Accumulate::Linear => {
                let text = self.running_sum(recurrence.axis, recurrence.reverse, *a, *b);
                text.map(|text| (text, Level::Atom))
            }
            _ => None,
        };
        written.unwrap_or_else(|| self.call(&node_text(op).replace(' ', "_"), operands))
    }

    fn map(&self, name: &str, kernel: Kernel, operands: &[NodeId]) -> (String, Level) {
        match (name, kernel, operands) {
            ("slope_of_tanh", _, [_, y]) => (format!("1 - {}^2", self.within(*y, Level::Atom)), Level::Sum),
            ("slope_of_sigmoid", _, [_, y]) => {
                let y = self.within(*y, Level::Atom);
                (format!("{y} * (1 - {y})"), Level::Product)
            }
            (_, Kernel::Operator(sign), [x]) => (format!("{sign}{}", self.within(*x, Level::Power)), Level::Sign),
            (_, Kernel::Operator(sign), [a, b]) if matches!(sign, "+" | "-") => {
                self.infix(*a, sign, *b, Level::Sum, Level::Product)
            }
            (_, Kernel::Operator("/"), [a, b]) => match self.mean(*a, *b) {
                Some(mean) => (mean, Level::Atom),
                None => self.infix(*a, "/", *b, Level::Product, Level::Sign),
            },
            (_, Kernel::Operator(sign), [a, b]) => self.infix(*a, sign, *b, Level::Product, Level::Sign),
            ("square", _, [x]) => (format!("{}^2", self.within(*x, Level::Atom)), Level::Power),
            ("recip", _, [x]) => (format!("1 / {}", self.within(*x, Level::Sign)), Level::Product),
            ("pow", _, [x, n]) => {
                (format!("{}^{}", self.within(*x, Level::Atom), self.within(*n, Level::Power)), Level::Power)
            }
            ("mul_unless_zero", _, [a, b]) => self.infix(*a, "*", *b, Level::Product, Level::Sign),
            _ => self.call(name, operands),
        }
    }

    /// `a + b`: the left side may be as loose as the whole, the right side not.
    fn infix(&self, a: NodeId, sign: &str, b: NodeId, level: Level, tighter: Level) -> (String, Level) {
        (format!("{} {sign} {}", self.within(a, level), self.within(b, tighter)), level)
    }
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

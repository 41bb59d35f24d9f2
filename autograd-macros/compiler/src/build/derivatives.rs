//! Derivatives as expressions: `grad(y, x)`, `jvp(y, x, v)`, `vjp(y, x, u)`, nested at will.
//!
//! Every name that stands in the second place of one is *watched*: its value becomes an opaque `Named` node, so that
//! in `let a = 2*x; y = 2*x + a`, `grad(y, a)` is 1.

use std::collections::BTreeSet;

use super::functions::Call;
use super::items::Parts;
use super::{Builder, Built, text};
use crate::diagnostics::{Help, Place, Problem};
use crate::differentiate::{self, Blocked, Refusal};
use crate::graph::model::{Derivative, Mode};
use crate::graph::{Elem, NodeId, Region, ShapeText};
use crate::ops::Flow;
use crate::simplify;
use crate::syntax::print::source;
use crate::syntax::tree::{Block, Expr, ExprKind, Item, Model, StepStatement, Subscript};

/// The functions whose second argument is a name to differentiate by.
const DERIVATIVES: &[&str] = &["grad", "jvp", "vjp", "jacobian", "hessian"];

/// From how many derivatives on a further one by a number is taken forward: those of all orders then share their parts, and
/// the n-th costs about n², where sweeps back would cost 2ⁿ.
const SHARED: u32 = 2;

/// The most derivatives in one another that are swept back.
const DEEPEST: u32 = 6;

impl Builder<'_> {
    /// `grad(y, x)`: the derivative of a scalar, in the shape of `x`.
    pub(super) fn grad(&mut self, call: &Call) -> Built {
        let ((y, order), x) = self.derivative_operands(call)?;
        let shape = self.shape(y);
        if !shape.is_empty() {
            let problem = Problem::GradientOfTensor {
                expr: text::quoted(call.get("y"), "the first argument"),
                shape: ShapeText(&shape).to_string(),
            };
            let (of, by) = (source(call.get("y")), source(call.get("x")));
            let help = format!("`grad(sum({of}), {by})`, or `vjp({of}, {by}, u)`");
            let help = Help::write(help, call.get("y").span, format!("sum({of})"));
            return Err(self.error_with_help(call.get("y").span, problem, help));
        }
        let stable = self.stable(y);
        let (mode, found) = if order >= SHARED && self.shape(x).is_empty() {
            let one = self.region.literal(1.0);
            (Mode::Tangent(one), differentiate::jvp(&mut self.region, stable, &[(x, one)]))
        } else {
            self.check_order(call, order)?;
            (Mode::Gradient, self.gradient_of(stable, x))
        };
        self.derivative(call, (y, x, x), (mode, order), found)
    }

    /// `jvp(y, x, v)`: the derivative of `y` along `v`, in the shape of `y`.
    pub(super) fn jvp(&mut self, call: &Call) -> Built {
        let operands = self.derivative_operands(call);
        let v = self.argument(call, "v");
        let (((y, order), x), v) = (operands?, v?);
        let (v, shape) = (self.real(v), self.shape(x));
        let v = self.fit(call.get("v").span, "the direction of `jvp`", v, &shape)?;
        let stable = self.stable(y);
        let found = differentiate::jvp(&mut self.region, stable, &[(x, v)]);
        self.derivative(call, (y, x, y), (Mode::Tangent(v), order), found)
    }

    /// `vjp(y, x, u)`: the derivative of the sum of `u * y`, in the shape of `x`.
    pub(super) fn vjp(&mut self, call: &Call) -> Built {
        let operands = self.derivative_operands(call);
        let u = self.argument(call, "u");
        let (((y, order), x), u) = (operands?, u?);
        let (u, shape) = (self.real(u), self.shape(y));
        let u = self.fit(call.get("u").span, "the weight of `vjp`", u, &shape)?;
        self.check_order(call, order)?;
        let stable = self.stable(y);
        let found = differentiate::vjp(&mut self.region, stable, u, &[x]);
        let found = found.map(|found| found.first().copied().flatten());
        self.derivative(call, (y, x, x), (Mode::Cotangent(u), order), found)
    }

    /// What is differentiated, with how many derivatives stand in one another in it, and by what.
    fn derivative_operands(&mut self, call: &Call) -> Built<((NodeId, u32), NodeId)> {
        let y = self.argument(call, "y").and_then(|y| self.differentiable(call.get("y"), y));
        let y = y.map(|y| (y, self.order(y)));
        let x = self.variable_of(call);
        let (y, order) = y?;
        self.is_nested |= order > 0;
        self.region.set_curved(Some(order).filter(|_| self.keeps_curvature));
        Ok(((y, order), x?))
    }

    /// How many derivatives stand in one another in a value.
    pub(super) fn order(&mut self, y: NodeId) -> u32 {
        for (_, node) in self.region.iter().skip(self.orders.len()) {
            let operands = node.operands.iter().map(|operand| self.orders[operand.index()]);
            self.orders.push(operands.max().unwrap_or(0));
        }
        self.orders[y.index()]
    }

    /// Takes note of the order of a derivative, or of a value with another name.
    pub(super) fn set_order(&mut self, node: NodeId, order: u32) {
        let known = self.order(node);
        self.orders[node.index()] = known.max(order);
    }

    /// Refuses one more sweep back: each about doubles what is computed.
    fn check_order(&mut self, call: &Call, order: u32) -> Built<()> {
        if order < DEEPEST {
            return Ok(());
        }
        let what = format!("a derivative by a tensor of an order above {DEEPEST}");
        let help = "derivatives by a number, and `jvp`, may be of any order";
        Err(self.error_with_help(call.expr.span, Problem::NotSupported { what }, help))
    }

    /// The form that is differentiated: `sqrt(sum(x^2))` has another derivative at 0 than `norm(x)` has.
    pub(super) fn stable(&mut self, y: NodeId) -> NodeId {
        if let Some(&stable) = self.stable.get(&y) {
            return stable;
        }
        let stable = simplify::stabilise(&mut self.region, y);
        self.stable.insert(y, stable);
        stable
    }

    /// One sweep serves all parameters: a step often asks for each of them in turn.
    fn gradient_of(&mut self, y: NodeId, x: NodeId) -> Result<Option<NodeId>, Refusal> {
        if let Some(&found) = self.gradients.get(&(y, x)) {
            return Ok(found);
        }
        if self.params.contains(&x)
            && let Ok(found) = differentiate::gradient(&mut self.region, y, &self.params)
        {
            self.gradients.extend(self.params.iter().map(|&param| (y, param)).zip(found));
            return Ok(self.gradients.get(&(y, x)).copied().flatten());
        }
        let found = differentiate::gradient(&mut self.region, y, &[x])?;
        Ok(found.first().copied().flatten())
    }

    fn variable_of(&mut self, call: &Call) -> Built {
        let expr = call.get("x");
        let ExprKind::Name(name) = &expr.kind else {
            if let ExprKind::List(items) | ExprKind::Tuple(items) = &expr.kind {
                return Err(self.several_variables(call, items));
            }
            let problem =
                Problem::NotAVariable { expr: text::quoted(expr, "this"), function: call.function.to_owned() };
            return Err(self.error_with_help(expr.span, problem, "give it a name: `let v = …;`, and use `v`"));
        };
        match self.look_up(name)? {
            super::scope::Found::Value(value) => {
                let value = value?;
                self.differentiable(expr, value)
            }
            super::scope::Found::Number(_) | super::scope::Found::Dim(_) => {
                let problem = Problem::NotAVariable { expr: format!("`{name}`"), function: call.function.to_owned() };
                Err(self.error_with_help(expr.span, problem, "it is a constant"))
            }
        }
    }

    /// `grad(loss, [w, b])`
    fn several_variables(&mut self, call: &Call, items: &[Expr]) -> super::Reported {
        let of = source(call.get("y"));
        let each: Vec<String> =
            items.iter().map(|item| format!("`{}({of}, {})`", call.function, source(item))).collect();
        let expr = call.get("x");
        let problem = Problem::NotAVariable { expr: text::quoted(expr, "this"), function: call.function.to_owned() };
        self.error_with_help(expr.span, problem, format!("one for each: {}", each.join(", ")))
    }

    /// Derivatives are of numbers, by numbers.
    fn differentiable(&mut self, expr: &Expr, x: NodeId) -> Built {
        if self.elem(x) == Elem::Real {
            return Ok(x);
        }
        let found = text::describe(self.region.ty(x));
        let problem = Problem::NotDifferentiable { expr: text::quoted(expr, "this"), found };
        Err(self.error(expr.span, problem))
    }

    /// The derivative in the shape of `like`. Where nothing flows it is 0, and the model's documentation says why.
    fn derivative(
        &mut self,
        call: &Call,
        (y, x, like): (NodeId, NodeId, NodeId),
        (mode, order): (Mode, u32),
        found: Result<Option<NodeId>, Refusal>,
    ) -> Built {
        self.check_total(call.expr.span)?;
        match found {
            Ok(Some(found)) => {
                self.set_order(found, order + 1);
                // What was there before is a part of the value or the direction: `grad(w*x, w)` is `x`.
                let along = if let Mode::Tangent(v) | Mode::Cotangent(v) = mode { v } else { x };
                if found > self.stable(y).max(y).max(x).max(along) {
                    let curved = self.region.curved();
                    self.derivatives.push(Derivative { node: found, of: y, by: x, mode, curved });
                }
                Ok(found)
            }
            Ok(None) => {
                let of = text::quoted(call.get("y"), "this");
                let y = self.stable(y);
                let reason = match differentiate::explain_zero(&self.region, y, x) {
                    Some(blocked @ Blocked::By(_)) => self.why(&blocked),
                    Some(Blocked::Unused) | None => format!("{of} does not depend on it"),
                };
                let note = format!("{} is 0: {reason}.", text::quoted(call.expr, "a derivative"));
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
                Ok(self.region.zeros_like(like))
            }
            Err(refusal) => {
                let problem = Problem::DerivativeRefused { reason: refusal.reason };
                let help = "a value that `stop_gradient(…)` stands around is taken for constant";
                Err(self.error_with_help(refusal.span.unwrap_or(call.expr.span), problem, help))
            }
        }
    }

    /// `its only use is inside floor(…), whose derivative is zero`
    fn why(&self, blocked: &Blocked) -> String {
        let mut names: Vec<String> = Vec::new();
        for name in blocked.names(&self.region) {
            let shown = match name.as_str() {
                "less" | "less_equal" | "equal" | "not_equal" => "comparisons".to_owned(),
                _ => format!("`{name}(…)`"),
            };
            if !names.contains(&shown) {
                names.push(shown);
            }
        }
        format!("its only use is inside {}, whose derivative is zero", names.join(" and "))
    }

    /// Each parameter has a gradient of the loss, or says that it has none.
    pub(super) fn check_reach(&mut self, parts: &Parts) {
        let Some(loss) = parts.outputs.iter().find(|output| output.name == "loss") else { return };
        let loss = self.stable(loss.node);
        let reached = reached(&self.region, loss);
        for param in parts.params.iter().filter(|param| !param.unused && !reached[param.node.index()]) {
            let Some(blocked) = differentiate::explain_zero(&self.region, loss, param.node) else { continue };
            let reason = match &blocked {
                Blocked::Unused => None,
                Blocked::By(_) => Some(self.why(&blocked)),
            };
            let problem = Problem::UnreachedParameter { name: param.name.to_string(), reason };
            let shape =
                if param.ty.shape.is_empty() { String::new() } else { format!(": {}", ShapeText(&param.ty.shape)) };
            let help = format!("use it, remove it, or declare it `param {}{shape} unused;`", param.name);
            let help = Help::from(help).and(param.span, Place::After, " unused");
            self.error_with_help(param.name.span(), problem, help);
        }
    }
}

/// Which nodes the derivative of a value comes to.
fn reached(region: &Region, y: NodeId) -> Vec<bool> {
    let mut reached = vec![false; region.len()];
    reached[y.index()] = true;
    for (id, node) in region.iter().rev().filter(|(_, node)| node.ty.elem == Elem::Real) {
        if !reached[id.index()] {
            continue;
        }
        for (place, operand) in node.operands.iter().enumerate() {
            if !reached[operand.index()] && node.op.flow(region, &node.operands, place) != Flow::Zero {
                reached[operand.index()] = true;
            }
        }
    }
    reached
}

/// The names that a model takes derivatives with respect to.
pub(super) fn watched(model: &Model) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for item in &model.items {
        match item {
            Item::Param(_) | Item::Input(_) | Item::State(_) | Item::Derive(_) => {}
            Item::Const(binding) | Item::Let(binding) | Item::Output(binding) => collect(&binding.value, &mut names),
            Item::Function(function) => collect_block(&function.body, &mut names),
            Item::Step(step) => {
                for statement in &step.body {
                    match statement {
                        StepStatement::Let(binding) => collect(&binding.value, &mut names),
                        StepStatement::Assign { value, .. } => collect(value, &mut names),
                    }
                }
            }
        }
    }
    names
}

/// The names that a function's body takes derivatives with respect to.
pub(super) fn watched_in(body: &Block) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect_block(body, &mut names);
    names
}

fn collect_block(block: &Block, names: &mut BTreeSet<String>) {
    for binding in &block.lets {
        collect(&binding.value, names);
    }
    collect(&block.value, names);
}

fn collect(expr: &Expr, names: &mut BTreeSet<String>) {
    match &expr.kind {
        ExprKind::Number { .. } | ExprKind::Bool(_) | ExprKind::Text(_) | ExprKind::Name(_) => {}
        ExprKind::Unary(_, x) | ExprKind::Transpose(x) => collect(x, names),
        ExprKind::Binary(_, a, b) => {
            collect(a, names);
            collect(b, names);
        }
        ExprKind::Call { function, arguments, binder, .. } => {
            for index in binder.iter().flat_map(|binder| &binder.indices) {
                index.range.iter().flat_map(|(start, end)| [start, end]).for_each(|bound| collect(bound, names));
            }
            binder.iter().filter_map(|binder| binder.condition.as_ref()).for_each(|it| collect(it, names));
            if DERIVATIVES.iter().any(|name| function == name) {
                let by_name = arguments.iter().find(|argument| argument.name.as_ref().is_some_and(|name| name == "x"));
                if let Some(argument) = by_name.or(arguments.get(1))
                    && let ExprKind::Name(name) = &argument.value.kind
                {
                    names.insert(name.to_string());
                }
            }
            for argument in arguments {
                collect(&argument.value, names);
            }
        }
        ExprKind::Block(block) => collect_block(block, names),
        ExprKind::ForeignCall(_, arguments) => arguments.iter().for_each(|argument| collect(&argument.value, names)),
        ExprKind::Subscript(x, subscripts) => {
            collect(x, names);
            for subscript in subscripts {
                match subscript {
                    Subscript::Index(index) => collect(index, names),
                    Subscript::Range { start, end, .. } => {
                        start.iter().chain(end).for_each(|bound| collect(bound, names));
                    }
                    Subscript::New(_) => {}
                }
            }
        }
        ExprKind::If(condition, yes, no) => {
            collect(condition, names);
            collect_block(yes, names);
            collect_block(no, names);
        }
        ExprKind::List(items) | ExprKind::Tuple(items) => items.iter().for_each(|item| collect(item, names)),
    }
}

//! Expressions: operators, conditionals, lists and names become nodes. Calls and subscripts have their own files.
//!
//! An expression with a mistake in it is `Err(Reported)`: what uses it says nothing more.

use super::scope::Found;
use super::{Builder, Built, text};
use crate::diagnostics::{Help, Problem};
use crate::graph::{Elem, NodeId};
use crate::ops::{Compare, Function};
use crate::syntax::print::{OPERAND, operand};
use crate::syntax::tree::{BinaryOp, Block, Expr, ExprKind, UnaryOp};

/// How many expressions may stand in one another, with those of the functions that they call: what is built recurses this
/// far.
const DEEPEST: usize = 400;

impl Builder<'_> {
    /// The value of an expression.
    pub(super) fn expr(&mut self, expr: &Expr) -> Built {
        if self.depth >= DEEPEST {
            let help = "name what the inner functions give: `let part = …;`";
            return Err(self.error_with_help(expr.span, Problem::TooDeep { limit: DEEPEST }, help));
        }
        self.depth += 1;
        let outer = self.region.set_span(Some(self.place(expr.span)));
        let value = self.expr_kind(expr);
        self.region.set_span(outer);
        self.depth -= 1;
        let value = value?;
        self.check_size(expr.span, &self.shape(value))?;
        Ok(value)
    }

    fn expr_kind(&mut self, expr: &Expr) -> Built {
        match &expr.kind {
            ExprKind::Number { value, .. } => Ok(self.region.literal(*value)),
            ExprKind::Bool(value) => Ok(self.region.boolean(*value)),
            ExprKind::Text(text) => {
                let problem = Problem::NotANumber { literal: format!("{text:?}") };
                Err(self.error_with_help(expr.span, problem, "words stand in comments, after `//`"))
            }
            ExprKind::Name(name) => match self.look_up(name)? {
                Found::Value(value) => value,
                Found::Number(value) => Ok(self.region.literal(value)),
                Found::Dim(dim) => Ok(self.region.extent(&dim)),
            },
            ExprKind::Unary(op, x) => self.unary(expr, *op, x),
            ExprKind::Binary(..) => self.chain(expr),
            ExprKind::Call { function, binder: Some(binder), arguments, .. } => {
                self.reduction(expr, function, binder, arguments)
            }
            ExprKind::Call { function, binder: None, arguments, .. } => self.call(expr, function, arguments),
            ExprKind::Block(block) => self.block(block),
            ExprKind::Subscript(x, subscripts) => self.subscript(expr, x, subscripts),
            ExprKind::Transpose(x) => {
                let value = self.expr(x)?;
                self.swap_last_two(expr.span, ".T", value)
            }
            ExprKind::If(condition, yes, no) => self.conditional(expr, condition, yes, no),
            ExprKind::List(items) => self.list(expr, items),
            ExprKind::Tuple(_) => {
                let problem = Problem::NotAValue { expr: text::quoted(expr, "this") };
                Err(self.error_with_help(
                    expr.span,
                    problem,
                    "parentheses with a comma stand for axes: `axis = (N, K)`",
                ))
            }
            ExprKind::ForeignCall(path, arguments) => Err(self.path_call(expr, path, arguments)),
        }
    }

    /// A left-leaning chain of operators, `a + b + c + …`, without recursion along it.
    fn chain(&mut self, expr: &Expr) -> Built {
        let mut links = Vec::new();
        let mut first = expr;
        while let ExprKind::Binary(op, left, right) = &first.kind {
            links.push((first, *op, &**left, &**right));
            first = left;
        }
        let mut value = self.expr(first);
        for (whole, op, left, right) in links.into_iter().rev() {
            self.refuse_nan(whole, op, left, right)?;
            let other = match op {
                BinaryOp::Pow => self.exponent(whole, left, right),
                // What the left side decides asks no further.
                BinaryOp::And | BinaryOp::Or => {
                    let truth = value.as_ref().ok().copied().filter(|&left| self.elem(left) == Elem::Bool);
                    self.under(truth, op == BinaryOp::And, |builder| builder.expr(right))
                }
                _ => self.expr(right),
            };
            value = match (value, other) {
                (Ok(a), Ok(b)) => {
                    let outer = self.region.set_span(Some(self.place(whole.span)));
                    let result = self.binary(whole, op, [(a, left), (b, right)]);
                    self.region.set_span(outer);
                    result
                }
                (Err(reported), _) | (_, Err(reported)) => Err(reported),
            };
        }
        value
    }

    /// `x == nan` is false of every number, and of NaN.
    fn refuse_nan(&mut self, whole: &Expr, op: BinaryOp, left: &Expr, right: &Expr) -> Built<()> {
        let is_comparison =
            matches!(op, BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge);
        if !is_comparison {
            return Ok(());
        }
        let other = match (self.is_nan(left), self.is_nan(right)) {
            (_, true) => left,
            (true, false) => right,
            (false, false) => return Ok(()),
        };
        let problem = Problem::ComparedWithNan { sign: op.sign(), answer: op == BinaryOp::Ne };
        let not = match op {
            BinaryOp::Eq => "",
            BinaryOp::Ne => "!",
            _ => {
                let help = "NaN is neither smaller nor larger than any number; `is_nan(x)` asks for it";
                return Err(self.error_with_help(whole.span, problem, help));
            }
        };
        let help = match self.written(other) {
            Some((text, _)) => Help::code(whole.span, format!("{not}is_nan({text})")),
            None => format!("`{not}is_nan(x)`").into(),
        };
        Err(self.error_with_help(whole.span, problem, help))
    }

    /// Whether an expression is NaN by name: `nan`, `NaN`, `np.nan`, or a constant that is.
    fn is_nan(&self, expr: &Expr) -> bool {
        let expr = self.in_our_words(expr);
        match &expr.kind {
            ExprKind::Name(name) => self.number_of(&name.to_string()).is_some_and(f64::is_nan),
            _ => false,
        }
    }

    /// The right side of a power, which is not `T`: that is a transposition elsewhere.
    fn exponent(&mut self, whole: &Expr, left: &Expr, right: &Expr) -> Built {
        match &right.kind {
            ExprKind::Name(name) if *name == "T" && !self.means_something("T") => {
                let help = Help::code(whole.span, format!("{}.T", operand(left, OPERAND)));
                Err(self.error_with_help(right.span, Problem::UnknownName { name: "T".to_owned() }, help))
            }
            _ => self.expr(right),
        }
    }

    fn unary(&mut self, expr: &Expr, op: UnaryOp, x: &Expr) -> Built {
        if let (UnaryOp::Neg, ExprKind::Number { value, .. }) = (op, &x.kind) {
            return Ok(self.region.literal(-value));
        }
        let value = self.expr(x)?;
        match op {
            UnaryOp::Neg => {
                let value = self.real(value);
                Ok(self.region.neg(value))
            }
            UnaryOp::Not => {
                if self.elem(value) != Elem::Bool {
                    let found = text::describe(self.region.ty(value));
                    let problem = Problem::WrongKind { what: "`!`".into(), expected: "a truth value", found };
                    let help = self.written(x).map(|(text, _)| {
                        let words = format!("`{text} == 0` is true of zeros; `-{text}` changes the sign");
                        Help::write(words, expr.span, format!("({text} == 0)"))
                    });
                    return Err(self.error_maybe_help(expr.span, problem, help));
                }
                Ok(self.region.not(value))
            }
        }
    }

    fn binary(&mut self, expr: &Expr, op: BinaryOp, sides: [(NodeId, &Expr); 2]) -> Built {
        let [(a, left), (b, right)] = sides;
        match op {
            BinaryOp::Or | BinaryOp::And => {
                let whose = format!("`{}`", op.sign());
                let (a, b) = (self.truth(a, left, &whose), self.truth(b, right, &whose));
                let [a, b] = self.align(op, expr, [(a?, left), (b?, right)])?;
                Ok(if op == BinaryOp::Or { self.region.or(a, b) } else { self.region.and(a, b) })
            }
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                let (a, b) = self.comparable(sides);
                let [a, b] = self.align(op, expr, [(a, left), (b, right)])?;
                Ok(self.compare(op, a, b))
            }
            BinaryOp::Add => self.arithmetic(expr, op, Function::Add, sides),
            BinaryOp::Sub => self.arithmetic(expr, op, Function::Sub, sides),
            BinaryOp::Mul => self.arithmetic(expr, op, Function::Mul, sides),
            BinaryOp::Div => self.arithmetic(expr, op, Function::Div, sides),
            BinaryOp::Pow => self.arithmetic(expr, op, Function::Pow, sides),
            BinaryOp::MatMul => self.matmul(expr, sides),
        }
    }

    fn arithmetic(&mut self, expr: &Expr, op: BinaryOp, function: Function, sides: [(NodeId, &Expr); 2]) -> Built {
        if let Some(integer) = self.of_integers(op, sides) {
            return Ok(integer);
        }
        let [(a, left), (b, right)] = sides;
        let (a, b) = (self.real(a), self.real(b));
        let [a, b] = self.align(op, expr, [(a, left), (b, right)])?;
        Ok(self.region.map(function, &[a, b]))
    }

    /// A sum, a difference or a product of two integers, one of which may be written as a number or be made of dimensions: an
    /// integer, as subscripts are.
    fn of_integers(&mut self, op: BinaryOp, sides: [(NodeId, &Expr); 2]) -> Option<NodeId> {
        let op = super::indices::operation(op)?;
        let (a, b) = self.integers(sides)?;
        Some(self.region.integer(op, a, b))
    }

    /// Two integers of rank 0, one of which may be written as a number or be made of dimensions.
    pub(super) fn integers(&mut self, [(a, left), (b, right)]: [(NodeId, &Expr); 2]) -> Option<(NodeId, NodeId)> {
        if !(self.shape(a).is_empty() && self.shape(b).is_empty()) {
            return None;
        }
        match (self.elem(a), self.elem(b)) {
            (Elem::Index, Elem::Index) => Some((a, b)),
            (Elem::Index, Elem::Real) => Some((a, self.integer(b, right)?)),
            (Elem::Real, Elem::Index) => Some((self.integer(a, left)?, b)),
            _ => None,
        }
    }

    /// The two sides of a comparison with one element kind: indices are compared as integers.
    fn comparable(&mut self, [(a, left), (b, right)]: [(NodeId, &Expr); 2]) -> (NodeId, NodeId) {
        match (self.elem(a), self.elem(b)) {
            (Elem::Bool, Elem::Bool) => (self.region.cast(a, Elem::Index), self.region.cast(b, Elem::Index)),
            (Elem::Index, Elem::Index) => (a, b),
            (Elem::Index, Elem::Real) => match self.integer(b, right) {
                Some(b) => (a, b),
                None => (self.real(a), b),
            },
            (Elem::Real, Elem::Index) => match self.integer(a, left) {
                Some(a) => (a, b),
                None => (a, self.real(b)),
            },
            _ => (self.real(a), self.real(b)),
        }
    }

    /// A number that is written as an integer, or an expression of dimensions: as an index.
    fn integer(&mut self, node: NodeId, expr: &Expr) -> Option<NodeId> {
        if !self.shape(node).is_empty() {
            return None;
        }
        if let Some(dim) = self.try_dim(expr) {
            return Some(match dim.as_constant() {
                Some(value) => self.region.index(value),
                None => self.region.extent(&dim),
            });
        }
        let value = self.region.literal_value(node).and_then(super::dims::whole)?;
        Some(self.region.index(value))
    }

    fn compare(&mut self, op: BinaryOp, a: NodeId, b: NodeId) -> NodeId {
        match op {
            BinaryOp::Lt => self.region.compare(Compare::Lt, a, b),
            BinaryOp::Le => self.region.compare(Compare::Le, a, b),
            BinaryOp::Gt => self.region.compare(Compare::Lt, b, a),
            BinaryOp::Ge => self.region.compare(Compare::Le, b, a),
            BinaryOp::Ne => self.region.compare(Compare::Ne, a, b),
            _ => self.region.compare(Compare::Eq, a, b),
        }
    }

    /// In the language's own functions, the arm that is meant where two sizes are compared: only that one is built.
    fn decided<'b>(&self, condition: &Expr, yes: &'b Block, no: &'b Block) -> Option<&'b Block> {
        let ExprKind::Binary(BinaryOp::Eq, a, b) = &condition.kind else { return None };
        let (a, b) = (self.try_dim(a)?, self.try_dim(b)?);
        self.in_language().then_some(if a == b { yes } else { no })
    }

    fn conditional(&mut self, expr: &Expr, condition: &Expr, yes: &Block, no: &Block) -> Built {
        if let Some(arm) = self.decided(condition, yes, no) {
            return self.block(arm);
        }
        let c = self.expr(condition);
        let c = c.and_then(|c| self.truth(c, condition, "the condition of `if`"));
        let a = self.under(c.ok(), true, |builder| builder.block(yes));
        let b = self.under(c.ok(), false, |builder| builder.block(no));
        self.select(expr, [(c?, condition), (a?, &*yes.value), (b?, &*no.value)], "the arms of `if`")
    }

    /// `a` where the condition is true, else `b`, broadcast against one another.
    pub(super) fn select(&mut self, expr: &Expr, sides: [(NodeId, &Expr); 3], whose: &str) -> Built {
        let [(condition, _), (a, yes), (b, no)] = sides;
        let (a, b) = match self.integers([(a, yes), (b, no)]) {
            Some(integers) => integers,
            None if self.elem(a) == self.elem(b) => (a, b),
            None => (self.real(a), self.real(b)),
        };
        let arms = super::shapes::broadcast(&self.shape(a), &self.shape(b));
        match arms {
            Ok(_) => {}
            Err(clash) => {
                let (left, right) = (self.shape(a), self.shape(b));
                let problem = Problem::ArmsDiffer {
                    whose: whose.to_owned(),
                    left: crate::graph::ShapeText(&left).to_string(),
                    right: crate::graph::ShapeText(&right).to_string(),
                    reason: clash.reason(&left, &right).replace("left", "first").replace("right", "second"),
                };
                return Err(self.error(expr.span, problem));
            }
        }
        let all = self.sides(&[condition, a, b], sides.map(|(_, expr)| expr));
        let all = self.align_all("if", expr.span, &all)?;
        Ok(self.region.choose(all[0], all[1], all[2]))
    }

    /// The value of a block; its names end with it.
    pub(super) fn block(&mut self, block: &Block) -> Built {
        self.inside(block, Self::expr)
    }

    /// What is built of the value of a block; its names end with it.
    fn inside<T>(&mut self, block: &Block, build: impl FnOnce(&mut Self, &Expr) -> Built<T>) -> Built<T> {
        let depth = self.open_block();
        for binding in &block.lets {
            for (name, value) in self.bound_names(binding) {
                self.bind_local(name, value);
            }
        }
        let value = build(self, &block.value);
        self.close_block(depth);
        value
    }

    /// The values of an expression that may have several: of a tuple, of a function that gives one, of a choice between two.
    pub(super) fn values(&mut self, expr: &Expr) -> Built<Vec<NodeId>> {
        match &expr.kind {
            ExprKind::Tuple(items) => self.exprs(items),
            ExprKind::Block(block) => self.block_values(block),
            ExprKind::Call { function, binder: None, arguments, .. } => self.call_values(expr, function, arguments),
            ExprKind::If(condition, yes, no) => {
                if let Some(arm) = self.decided(condition, yes, no) {
                    return self.block_values(arm);
                }
                let c = self.expr(condition);
                let c = c.and_then(|c| self.truth(c, condition, "the condition of `if`"));
                let a = self.under(c.ok(), true, |builder| builder.block_values(yes));
                let b = self.under(c.ok(), false, |builder| builder.block_values(no));
                let (c, a, b) = (c?, a?, b?);
                if a.len() != b.len() {
                    return Err(self.error(expr.span, Problem::TupleSize { names: a.len(), values: b.len() }));
                }
                let pairs = a.into_iter().zip(b);
                let choose = |(a, b)| {
                    let sides: [(NodeId, &Expr); 3] = [(c, condition), (a, &yes.value), (b, &no.value)];
                    self.select(expr, sides, "the arms of `if`")
                };
                pairs.map(choose).collect()
            }
            _ => self.expr(expr).map(|value| vec![value]),
        }
    }

    /// The values of a block.
    pub(super) fn block_values(&mut self, block: &Block) -> Built<Vec<NodeId>> {
        self.inside(block, Self::values)
    }

    /// `[a, b, c]`: numbers make a vector, tensors of one shape are stacked.
    fn list(&mut self, expr: &Expr, items: &[Expr]) -> Built {
        if items.is_empty() {
            let problem = Problem::NotAValue { expr: "`[]`".into() };
            return Err(self.error_with_help(expr.span, problem, "an empty vector is `zeros([0])`"));
        }
        let values = self.exprs(items)?;
        let values: Vec<NodeId> = values.into_iter().map(|value| self.real(value)).collect();
        let sides = self.sides(&values, items);
        let values = self.align_all("[…]", expr.span, &sides)?;
        Ok(self.stack(&values, 0))
    }

    /// The values of several expressions; all mistakes are reported.
    pub(super) fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Built<Vec<NodeId>> {
        let values: Vec<Built> = exprs.into_iter().map(|expr| self.expr(expr)).collect();
        values.into_iter().collect()
    }
}

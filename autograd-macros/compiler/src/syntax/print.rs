//! Prints a tree: fully parenthesised for the tests, and as a person would write it for messages.

#![allow(clippy::format_push_string, clippy::format_collect, reason = "short texts, read better than `write!`")]

use std::cell::Cell;
use std::fmt::Write;

use proc_macro2::Ident;

use super::expr::UNARY;
use super::tree::{Argument, BinaryOp, Binding, Block, Declaration, Expr, ExprKind, Item, Model, Step, StepStatement};
use super::tree::{BoundIndex, Function, Subscript, Support, UnaryOp};

/// Binds tighter than every operator.
pub const OPERAND: u8 = 9;

/// The expression as one would write it: `w*x + b`, with no more parentheses than it needs.
#[must_use]
pub fn source(expr: &Expr) -> String {
    Printer::new(false).expr(expr, 0)
}

/// `i`, `i in 0..N`
#[must_use]
pub fn bound_index(index: &BoundIndex) -> String {
    Printer::new(false).bound(index)
}

/// The expression as one would write it beside an operator of the level below `least`.
#[must_use]
pub fn operand(expr: &Expr, least: u8) -> String {
    Printer::new(false).expr(expr, least)
}

/// [`operand`], but nothing if the expression has more parts than a sentence about it can hold. So a message about each
/// operand of a deep expression does not take time that grows with the square of the depth.
#[must_use]
pub fn short_operand(expr: &Expr, least: u8) -> Option<String> {
    let printer = Printer { full: false, left: Cell::new(MOST) };
    let text = printer.expr(expr, least);
    (printer.left.get() > 0).then_some(text)
}

/// The most parts of an expression that is shown.
const MOST: usize = 40;

/// Whether the expression can stand beside any operator without parentheses.
#[must_use]
pub fn is_operand(expr: &Expr) -> bool {
    level(&expr.kind) == OPERAND && !matches!(expr.kind, ExprKind::If(..))
}

/// The expression with parentheses around every operation: `((w * x) + b)`.
#[must_use]
pub fn parenthesised(expr: &Expr) -> String {
    Printer::new(true).expr(expr, 0)
}

/// A whole model, an item to a line, expressions fully parenthesised.
#[must_use]
pub fn model(model: &Model) -> String {
    let printer = Printer::new(true);
    let mut text = docs(&model.docs, "");
    let visibility = model.visibility.to_string();
    if !visibility.is_empty() {
        text += &format!("{} ", visibility.replace(" (", "(").replace("( ", "(").replace(" )", ")"));
    }
    text += &model.name.to_string();
    if !model.dims.is_empty() {
        text += &format!("<{}>", names(&model.dims));
    }
    if let Some(module) = &model.module {
        text += &format!(" as {module}");
    }
    text += " {\n";
    for item in &model.items {
        text += &printer.item(item);
    }
    text + "}\n"
}

fn docs(text: &str, indent: &str) -> String {
    text.lines().fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "{indent}/// {line}");
        all
    })
}

fn names(names: &[Ident]) -> String {
    join(names, ToString::to_string)
}

fn join<T>(pieces: &[T], print: impl Fn(&T) -> String) -> String {
    pieces.iter().map(print).collect::<Vec<_>>().join(", ")
}

struct Printer {
    full: bool,
    /// How many more expressions it prints; those after them are left out.
    left: Cell<usize>,
}

impl Printer {
    fn new(full: bool) -> Self {
        Self { full, left: Cell::new(usize::MAX) }
    }

    fn item(&self, item: &Item) -> String {
        let none = String::new();
        let (comment, line) = match item {
            Item::Param(d) => (&d.docs, format!("param {};", self.declaration(d))),
            Item::Input(d) => (&d.docs, format!("input {};", self.declaration(d))),
            Item::State(d) => (&d.docs, format!("state {};", self.declaration(d))),
            Item::Const(b) => (&b.docs, format!("const {}", self.binding(b))),
            Item::Let(b) => (&b.docs, format!("let {}", self.binding(b))),
            Item::Output(b) => (&b.docs, self.binding(b)),
            Item::Function(f) => (&f.docs, self.function(f)),
            Item::Step(s) => (&s.docs, self.step(s)),
            Item::Derive(name) => (&none, format!("derive {name};")),
        };
        format!("{}    {line}\n", docs(comment, "    "))
    }

    fn declaration(&self, d: &Declaration) -> String {
        let mut text = d.name.to_string();
        if !d.shape.is_empty() {
            text += &format!(": [{}]", self.exprs(&d.shape));
        }
        if let Some(classes) = &d.classes {
            text += &format!(" in {}", self.expr(classes, 0));
        }
        match &d.support {
            Some(Support::Simplex(_)) => text += " in simplex",
            Some(Support::Interval { low, high, .. }) => {
                let bound = |bound: &Option<Expr>| bound.as_ref().map_or_else(String::new, |it| self.expr(it, 0));
                text += &format!(" in {}..{}", bound(low), bound(high));
            }
            None => {}
        }
        if let Some(initial) = &d.initial {
            text += &format!(" = {}", self.expr(initial, 0));
        }
        text + if d.unused { " unused" } else { "" }
    }

    fn binding(&self, binding: &Binding) -> String {
        let indices = binding.indices.as_ref().map(|indices| format!("[{}]", self.indices(indices)));
        let name = match binding.others.as_slice() {
            [] => binding.name.to_string(),
            others => format!("({}, {})", binding.name, names(others)),
        };
        format!("{name}{} = {};", indices.unwrap_or_default(), self.expr(&binding.value, 0))
    }

    fn function(&self, f: &Function) -> String {
        let arguments = join(&f.arguments, |argument| {
            let shape = argument.shape.as_ref().map(|shape| format!(": [{}]", self.exprs(shape)));
            let default = argument.default.as_ref().map(|default| format!(" = {}", self.expr(default, 0)));
            format!("{}{}{}", argument.name, shape.unwrap_or_default(), default.unwrap_or_default())
        });
        format!("fn {}({arguments}) {}", f.name, self.block(&f.body))
    }

    fn step(&self, step: &Step) -> String {
        let inputs = join(&step.inputs, |d| self.declaration(d));
        let results = if step.results.is_empty() { String::new() } else { format!(" -> {}", names(&step.results)) };
        let body: String = step.body.iter().map(|statement| self.statement(statement)).collect();
        format!("step {}({inputs}){results} {{\n{body}    }}", step.name)
    }

    fn statement(&self, statement: &StepStatement) -> String {
        match statement {
            StepStatement::Let(binding) => format!("        let {}\n", self.binding(binding)),
            StepStatement::Assign { target, value } => format!("        {target} := {};\n", self.expr(value, 0)),
        }
    }

    fn block(&self, block: &Block) -> String {
        let lets: String = block.lets.iter().map(|binding| format!("let {} ", self.binding(binding))).collect();
        format!("{{ {lets}{} }}", self.expr(&block.value, 0))
    }

    fn exprs(&self, exprs: &[Expr]) -> String {
        join(exprs, |expr| self.expr(expr, 0))
    }

    /// Prints an expression where operators that bind looser than `least` need parentheses.
    fn expr(&self, expr: &Expr, least: u8) -> String {
        let left = self.left.get().saturating_sub(1);
        self.left.set(left);
        if left == 0 {
            return String::new();
        }
        let level = level(&expr.kind);
        let text = self.kind(&expr.kind);
        if level < if self.full { OPERAND } else { least } { format!("({text})") } else { text }
    }

    fn kind(&self, kind: &ExprKind) -> String {
        match kind {
            ExprKind::Number { integer: Some(integer), .. } => integer.to_string(),
            ExprKind::Number { value, .. } => format!("{value:?}"),
            ExprKind::Bool(value) => value.to_string(),
            ExprKind::Text(text) => format!("{text:?}"),
            ExprKind::Name(name) => name.to_string(),
            ExprKind::Unary(UnaryOp::Neg, operand) => format!("-{}", self.expr(operand, UNARY)),
            ExprKind::Unary(UnaryOp::Not, operand) => format!("!{}", self.expr(operand, UNARY)),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right),
            ExprKind::Call { function, binder, arguments, .. } => {
                let binder = binder.as_ref().map(|binder| {
                    let condition =
                        binder.condition.as_ref().map(|condition| format!(" if {}", self.expr(condition, 0)));
                    format!("[{}{}]", self.indices(&binder.indices), condition.unwrap_or_default())
                });
                format!("{function}{}({})", binder.unwrap_or_default(), self.arguments(arguments))
            }
            ExprKind::Block(block) => self.block(block),
            ExprKind::Subscript(operand, places) => {
                format!("{}[{}]", self.expr(operand, OPERAND), join(places, |place| self.subscript(place)))
            }
            ExprKind::Transpose(operand) => format!("{}.T", self.expr(operand, OPERAND)),
            ExprKind::If(condition, then, otherwise) => {
                let condition = self.expr(condition, 0);
                format!("if {condition} {} else {}", self.block(then), self.block(otherwise))
            }
            ExprKind::List(elements) => format!("[{}]", self.exprs(elements)),
            ExprKind::Tuple(elements) if elements.len() == 1 => format!("({},)", self.exprs(elements)),
            ExprKind::Tuple(elements) => format!("({})", self.exprs(elements)),
            ExprKind::ForeignCall(path, arguments) => {
                format!("{}({})", path.to_string().replace(' ', ""), self.arguments(arguments))
            }
        }
    }

    fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr) -> String {
        let level = op.level();
        let (left_least, right_least) = match op {
            BinaryOp::Pow => (level + 1, UNARY),
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                (level + 1, level + 1)
            }
            _ => (level, level + 1),
        };
        let (left, right) = (self.expr(left, left_least), self.expr(right, right_least));
        let is_tight = matches!(op, BinaryOp::Mul | BinaryOp::Div | BinaryOp::Pow);
        let space = if is_tight && !self.full { "" } else { " " };
        format!("{left}{space}{}{space}{right}", op.sign())
    }

    fn arguments(&self, arguments: &[Argument]) -> String {
        join(arguments, |argument| {
            let name = argument.name.as_ref().map(|name| format!("{name} = ")).unwrap_or_default();
            name + &self.expr(&argument.value, 0)
        })
    }

    fn indices(&self, indices: &[BoundIndex]) -> String {
        join(indices, |index| self.bound(index))
    }

    fn bound(&self, index: &BoundIndex) -> String {
        match &index.range {
            Some((start, end)) => format!("{} in {}..{}", index.name, self.expr(start, 0), self.expr(end, 0)),
            None => index.name.to_string(),
        }
    }

    fn subscript(&self, place: &Subscript) -> String {
        let bound = |bound: &Option<Expr>| bound.as_ref().map(|b| self.expr(b, 0)).unwrap_or_default();
        match place {
            Subscript::Index(index) => self.expr(index, 0),
            Subscript::Range { start, end, .. } => format!("{}..{}", bound(start), bound(end)),
            Subscript::New(_) => "new".to_owned(),
        }
    }
}

fn level(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::Binary(op, ..) => op.level(),
        ExprKind::Unary(..) => UNARY,
        _ => OPERAND,
    }
}

//! Expressions with some of their parts replaced.

use super::tree::{Argument, Binder, Binding, Block, BoundIndex, Expr, ExprKind, Subscript};

/// The expression with `value` where `name` stands.
#[must_use]
pub fn substitute(expr: &Expr, name: &str, value: &Expr) -> Expr {
    rewrite(expr, &|expr| match &expr.kind {
        ExprKind::Name(found) if found == name => Some(value.clone()),
        _ => None,
    })
}

/// Shows every part of an expression, from the outside in.
pub fn visit(expr: &Expr, look: &mut dyn FnMut(&Expr)) {
    let look = std::cell::RefCell::new(look);
    let _ = rewrite(expr, &|part| {
        (look.borrow_mut())(part);
        None
    });
}

/// The expression with the outermost parts replaced that `change` has something for.
#[must_use]
pub fn rewrite(expr: &Expr, change: &dyn Fn(&Expr) -> Option<Expr>) -> Expr {
    if let Some(changed) = change(expr) {
        return changed;
    }
    let one = |expr: &Expr| rewrite(expr, change);
    let boxed = |expr: &Expr| Box::new(one(expr));
    let list = |exprs: &[Expr]| exprs.iter().map(one).collect();
    let arguments = |arguments: &[Argument]| -> Vec<Argument> {
        let argument = |argument: &Argument| Argument { name: argument.name.clone(), value: one(&argument.value) };
        arguments.iter().map(argument).collect()
    };
    let block = |block: &Block| Block {
        lets: block.lets.iter().map(|binding| Binding { value: one(&binding.value), ..binding.clone() }).collect(),
        value: boxed(&block.value),
    };
    let kind = match &expr.kind {
        ExprKind::Name(_) | ExprKind::Number { .. } | ExprKind::Bool(_) | ExprKind::Text(_) => expr.kind.clone(),
        ExprKind::Unary(op, x) => ExprKind::Unary(*op, boxed(x)),
        ExprKind::Binary(op, a, b) => ExprKind::Binary(*op, boxed(a), boxed(b)),
        ExprKind::Call { function, binder, arguments: given, is_method } => ExprKind::Call {
            function: function.clone(),
            is_method: *is_method,
            binder: binder.as_ref().map(|binder| {
                let indices = binder.indices.iter().map(|index| ranged(index, &one)).collect();
                Box::new(Binder { indices, condition: binder.condition.as_ref().map(one) })
            }),
            arguments: arguments(given),
        },
        ExprKind::Subscript(x, places) => {
            ExprKind::Subscript(boxed(x), places.iter().map(|place| subscripted(place, &one)).collect())
        }
        ExprKind::Transpose(x) => ExprKind::Transpose(boxed(x)),
        ExprKind::If(condition, yes, no) => ExprKind::If(boxed(condition), block(yes), block(no)),
        ExprKind::List(items) => ExprKind::List(list(items)),
        ExprKind::Tuple(items) => ExprKind::Tuple(list(items)),
        ExprKind::Block(body) => ExprKind::Block(Box::new(block(body))),
        ExprKind::ForeignCall(path, given) => ExprKind::ForeignCall(path.clone(), arguments(given)),
    };
    Expr { kind, span: expr.span }
}

fn ranged(index: &BoundIndex, one: &impl Fn(&Expr) -> Expr) -> BoundIndex {
    let range = index.range.as_ref().map(|(start, end)| (one(start), one(end)));
    BoundIndex { name: index.name.clone(), range }
}

fn subscripted(place: &Subscript, one: &impl Fn(&Expr) -> Expr) -> Subscript {
    match place {
        Subscript::Index(index) => Subscript::Index(one(index)),
        Subscript::Range { start, end, span } => {
            Subscript::Range { start: start.as_ref().map(one), end: end.as_ref().map(one), span: *span }
        }
        Subscript::New(span) => Subscript::New(*span),
    }
}

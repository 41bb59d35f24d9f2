//! Expressions as the user writes them, for messages.

use crate::graph::{ShapeText, Type};
use crate::syntax::print;
use crate::syntax::tree::{BinaryOp, Expr};

/// Longer expressions do not help a message.
const LONGEST: usize = 40;

/// The expression between backticks, or what to call it if it is long.
pub(super) fn quoted(expr: &Expr, otherwise: &str) -> String {
    short(expr).map_or_else(|| otherwise.to_owned(), |text| format!("`{text}`"))
}

/// The expression, if it fits into a message.
pub(super) fn short(expr: &Expr) -> Option<String> {
    Some(print::source(expr)).filter(|text| text.len() <= LONGEST)
}

/// What cannot be done to two operands whose shapes do not fit.
pub(super) fn cannot(op: BinaryOp, left: &Type, right: &Type) -> String {
    let (left, right) = (ShapeText(&left.shape), ShapeText(&right.shape));
    match op {
        BinaryOp::Add => format!("cannot add {left} and {right}"),
        BinaryOp::Sub => format!("cannot take the difference of {left} and {right}"),
        BinaryOp::Mul => format!("cannot multiply {left} and {right}"),
        BinaryOp::Div => format!("cannot divide {left} by {right}"),
        BinaryOp::Pow => format!("cannot raise {left} to {right}"),
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
            format!("cannot compare {left} and {right}")
        }
        BinaryOp::Or | BinaryOp::And | BinaryOp::MatMul => format!("cannot combine {left} and {right}"),
    }
}

/// `a number`, `truth values [N]`
pub(super) fn describe(ty: &Type) -> String {
    use crate::graph::Elem;
    let (one, many) = match ty.elem {
        Elem::Real => ("a number", "numbers"),
        Elem::Bool => ("a truth value", "truth values"),
        Elem::Index => ("a class index", "class indices"),
    };
    if ty.shape.is_empty() { one.to_owned() } else { format!("{many} {}", ShapeText(&ty.shape)) }
}

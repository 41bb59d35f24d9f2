//! The least-squares loss: what a model with an output `residual` makes small, said or not.

use proc_macro2::Ident;

use super::tree::{Argument, BinaryOp, Binding, Expr, ExprKind, Item, Model};

/// Whether the loss is a least-squares one: `sum(residual^2)`, its mean, or a multiple. A model that has parameters, an output
/// `residual`, and nothing called `loss` gets it.
pub(super) fn add_loss(model: &mut Model) {
    let has_params = model.items.iter().any(|item| matches!(item, Item::Param(_)));
    let outputs =
        model.items.iter().filter_map(|item| if let Item::Output(output) = item { Some(output) } else { None });
    let Some(residual) = outputs.clone().find(|output| output.name == "residual") else { return };
    let is_loss = |item: &Item| matches!(item, Item::Output(it) | Item::Let(it) if it.name == "loss");
    if model.items.iter().any(is_loss) {
        let mut losses = outputs.filter(|output| output.name == "loss");
        model.least_squares = has_params && losses.any(|loss| is_multiple(&loss.value));
    } else if has_params {
        let loss = squares(&residual.name);
        model.items.push(Item::Output(loss));
        model.least_squares = true;
    }
}

/// `loss = sum(residual^2);`
fn squares(residual: &Ident) -> Binding {
    let span = residual.span();
    let expr = |kind| Expr { kind, span: span.into() };
    let square = ExprKind::Binary(
        BinaryOp::Pow,
        Box::new(expr(ExprKind::Name(residual.clone()))),
        Box::new(expr(ExprKind::Number { value: 2.0, integer: Some(2) })),
    );
    let sum = ExprKind::Call {
        function: Ident::new("sum", span),
        binder: None,
        is_method: false,
        arguments: vec![Argument { name: None, value: expr(square) }],
    };
    let docs = "The sum of the squares of `residual`.".to_owned();
    Binding { docs, name: Ident::new("loss", span), others: Vec::new(), indices: None, value: expr(sum) }
}

/// Whether an expression is a positive multiple of the sum of the squares of `residual`, as one writes it.
fn is_multiple(expr: &Expr) -> bool {
    let is_positive = |expr: &Expr| matches!(expr.kind, ExprKind::Number { value, .. } if value > 0.0);
    let is_residual = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(name) if name == "residual");
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Mul, a, b) => {
            (is_positive(a) && is_multiple(b)) || (is_positive(b) && is_multiple(a))
        }
        ExprKind::Binary(BinaryOp::Div, a, b) => is_positive(b) && is_multiple(a),
        ExprKind::Call { function, binder: None, arguments, .. } if function == "sum" || function == "mean" => {
            let [Argument { name: None, value }] = arguments.as_slice() else { return false };
            match &value.kind {
                ExprKind::Binary(BinaryOp::Pow, a, two) => {
                    is_residual(a) && matches!(two.kind, ExprKind::Number { integer: Some(2), .. })
                }
                ExprKind::Binary(BinaryOp::Mul, a, b) => is_residual(a) && is_residual(b),
                ExprKind::Call { function, binder: None, arguments, .. } if function == "square" => {
                    matches!(arguments.as_slice(), [Argument { name: None, value }] if is_residual(value))
                }
                _ => false,
            }
        }
        _ => false,
    }
}

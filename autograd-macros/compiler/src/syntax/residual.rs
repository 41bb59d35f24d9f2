//! The least-squares loss: what a model with an output `residual` and without a `loss` makes small.

use proc_macro2::Ident;

use super::tree::{Argument, BinaryOp, Binding, Expr, ExprKind, Item, Model};

/// Adds `loss = sum(residual^2);` to a model that has parameters and an output `residual`, and nothing called `loss`.
pub(super) fn add_loss(model: &mut Model) {
    let has_params = model.items.iter().any(|item| matches!(item, Item::Param(_)));
    let mut values = model.items.iter().filter_map(|item| match item {
        Item::Output(binding) | Item::Let(binding) => Some(binding),
        _ => None,
    });
    let is_named = |binding: &Binding| binding.name == "loss";
    if !has_params || values.clone().any(is_named) {
        return;
    }
    let is_output =
        |name: &Ident| model.items.iter().any(|item| matches!(item, Item::Output(output) if output.name == *name));
    let Some(residual) = values.find(|binding| binding.name == "residual" && is_output(&binding.name)) else { return };
    let span = residual.name.span();
    let expr = |kind| Expr { kind, span: span.into() };
    let square = ExprKind::Binary(
        BinaryOp::Pow,
        Box::new(expr(ExprKind::Name(residual.name.clone()))),
        Box::new(expr(ExprKind::Number { value: 2.0, integer: Some(2) })),
    );
    let sum = ExprKind::Call {
        function: Ident::new("sum", span),
        indices: None,
        arguments: vec![Argument { name: None, value: expr(square) }],
    };
    let docs = "The sum of the squares of `residual`.".to_owned();
    model.items.push(Item::Output(Binding { docs, name: Ident::new("loss", span), value: expr(sum) }));
    model.least_squares = true;
}

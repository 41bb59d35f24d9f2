//! Products of derivatives with a direction: which of them a model has.

use super::Builder;
use super::items::Parts;
use crate::diagnostics::{Help, Problem};
use crate::graph::model::{Output, Product, ProductKind};
use crate::graph::{Elem, Region};
use crate::syntax::tree::{Item, Model};

/// The products that a model has: the Hessian's, if it asks for it, and the residual's Jacobian's.
pub(super) fn wanted(tree: &Model, region: &Region, outputs: &[Output]) -> Vec<Product> {
    let has_params = tree.items.iter().any(|item| matches!(item, Item::Param(_)));
    let is_objective = has_params && outputs.iter().any(|output| output.name == "loss");
    let has_hessian = tree.items.iter().any(|item| matches!(item, Item::Derive(name) if name == "hvp"));
    let is_real = |output: &&Output| region.ty(output.node).elem == Elem::Real;
    let residual = outputs.iter().position(|output| output.name == "residual" && is_real(&output));
    let kinds = has_hessian.then_some(ProductKind::Hessian).into_iter().chain(residual.map(ProductKind::Residual));
    kinds.filter(|_| is_objective).map(|kind| Product { kind, results: Vec::new() }).collect()
}

impl Builder<'_> {
    /// What is asked for can be had, and its name is free.
    pub(super) fn check_products(&mut self, parts: &Parts) {
        let tree = self.tree;
        let has_loss = parts.outputs.iter().any(|output| output.name == "loss") && !parts.params.is_empty();
        for item in tree.read_items() {
            let Item::Derive(name) = item else { continue };
            if !has_loss && self.is_whole() {
                let problem = Problem::NothingToDerive { what: name.to_string() };
                self.error_with_help(name.span(), problem, "it takes an output `loss = …;` and a `param`");
            }
        }
        for product in wanted(tree, &self.region, &parts.outputs) {
            let (taken, why) = match product.kind {
                ProductKind::Hessian => ("hvp", "`derive hvp;` makes"),
                ProductKind::Residual(_) => ("residual_jvp", "an output `residual` brings"),
            };
            let names = tree.items.iter().filter_map(|item| match item {
                Item::Output(output) => Some(&output.name),
                Item::Step(step) => Some(&step.name),
                _ => None,
            });
            for name in names.filter(|name| *name == taken) {
                let problem = Problem::ReservedName { name: taken.to_owned() };
                let help = Help::write(
                    format!("{why} a method `{taken}`: choose another name"),
                    name.span(),
                    format!("{taken}_value"),
                );
                self.error_with_help(name.span(), problem, help);
            }
        }
    }
}

#[cfg(test)]
mod tests {

    use crate::testing::Example;
    use crate::testing::models::{attempted, compiled};

    /// `(w·x + b)³ − y` at w = 2, b = 1, and a direction.
    fn example(more: &str) -> Example {
        let text = format!("M<N> {{ param w, b; input x: [N], y: [N]; residual = (w*x + b)^3 - y; {more} }}");
        let example = Example::of(&text).dim("N", 2).set("w", &[], &[2.0]).set("b", &[], &[1.0]);
        let example = example.set("x", &[2], &[0.0, 1.0]).set("y", &[2], &[2.0, 20.0]);
        example.set("along_w", &[], &[0.5]).set("along_b", &[], &[-1.0])
    }

    #[test]
    fn a_residual_alone_is_a_loss_and_has_a_jacobian() {
        let example = example("");
        // Residuals −1 and 7; slopes 3·(w·x + b)² · (x·0.5 − 1).
        assert_eq!(example.value("residual"), [-1.0, 7.0]);
        assert_eq!(example.value("loss"), [50.0]);
        assert_eq!(example.residual_jvp(), [-3.0, -13.5]);
        assert_eq!(example.grad("b"), [-2.0 * 3.0 + 2.0 * 7.0 * 27.0]);
    }

    #[test]
    fn a_hessian_times_a_direction() {
        let example = example("derive hvp;");
        // Of r²: 2·r′·r′ᵀ·v + 2·r·r″·v with u = x·0.5 − 1, r′ = 3·z²·(x, 1), r″ = 6·z·(x, 1)(x, 1)ᵀ.
        let (z, r, x): ([f64; 2], [f64; 2], [f64; 2]) = ([1.0, 3.0], [-1.0, 7.0], [0.0, 1.0]);
        let of = |i: usize| (18.0 * z[i].powi(4) + 12.0 * r[i] * z[i]) * (0.5 * x[i] - 1.0);
        assert_eq!(example.hvp("w"), [of(1)]);
        assert_eq!(example.hvp("b"), [of(0) + of(1)]);
    }

    #[test]
    fn a_loss_of_ones_own_leaves_the_jacobian_and_is_kept() {
        let (model, _) = compiled("M<N> { param w; input x: [N]; residual = w*x - 1; loss = mean(abs(residual)); }");
        assert!(!model.least_squares);
        assert_eq!(model.products.len(), 1);
        for loss in ["sum(residual^2)", "0.5*sum(residual*residual)", "mean(square(residual))/2"] {
            let (model, _) = compiled(&format!("M<N> {{ param w; input x: [N]; residual = w*x - 1; loss = {loss}; }}"));
            assert!(model.least_squares && model.outputs.len() == 2, "{loss}");
        }
        let (model, _) = compiled("M<N> { param w; input x: [N]; let residual = w*x - 1; loss = sum(residual^2); }");
        assert!(model.products.is_empty());
        let (model, _) = compiled("M<N> { input x: [N]; residual = x - 1; }");
        assert!(model.products.is_empty() && model.outputs.len() == 1);
    }

    #[test]
    fn a_number_is_a_residual_too() {
        let example = Example::of("M { param w; residual = w - 2; derive hvp; }").set("w", &[], &[5.0]);
        let example = example.set("along_w", &[], &[3.0]);
        assert_eq!((example.number("loss"), example.residual_jvp(), example.hvp("w")), (9.0, vec![3.0], vec![6.0]));
    }

    #[test]
    fn what_cannot_be_derived_is_said() {
        let messages = |text: &str| {
            let (_, diagnostics) = attempted(text);
            diagnostics.errors().iter().map(|error| error.problem.message()).collect::<Vec<_>>()
        };
        assert_eq!(
            messages("M<N> { input x: [N]; y = x; derive hvp; }"),
            ["`hvp` is a derivative of `loss` by the parameters, and there is none"]
        );
        assert_eq!(
            messages("M { param w; loss = w^2; hvp = w; derive hvp; }"),
            ["`hvp` already means something in every model"]
        );
        assert_eq!(messages("M { param w; loss = w^2; derive jacobian; }").len(), 1);
    }
}

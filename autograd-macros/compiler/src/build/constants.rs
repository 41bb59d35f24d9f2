//! Constant evaluation: the values of `const` items and the arguments of initialisers, which the compiler knows. They
//! are built in a region of their own, where none of the model's values can be seen, and interpreted.

use super::scope::Meaning;
use super::{Builder, Built};
use crate::diagnostics::Problem;
use crate::graph::{Dim, Region, ShapeText};
use crate::interpret::{self, Environment};
use crate::syntax::tree::{Expr, Item};

impl Builder<'_> {
    /// Gives the `const` items their values.
    pub(super) fn build_consts(&mut self) {
        let tree = self.tree;
        for item in tree.read_items() {
            if let Item::Const(binding) = item {
                self.current = binding.name.to_string();
                let meaning = match self.number(&binding.value, "a `const`") {
                    Ok(value) => Meaning::Number(value),
                    Err(reported) => Meaning::Value(Err(reported)),
                };
                self.define(&binding.name, meaning);
            }
        }
    }

    /// The number that an expression is, which the compiler has to know.
    pub(super) fn number(&mut self, expr: &Expr, whose: &str) -> Built<f64> {
        let (value, scratch) = self.apart(expr, whose);
        let node = value?;
        let ty = scratch.ty(node);
        if !ty.shape.is_empty() {
            let problem = Problem::NotANumberConstant { whose: whose.into(), found: ShapeText(&ty.shape).to_string() };
            return Err(self.error_with_help(expr.span, problem, "`let` takes tensors"));
        }
        let live = crate::graph::print::live(&scratch, [node]);
        let nodes: Vec<_> = scratch.iter().filter(|(id, _)| live[id.index()]).map(|(_, found)| found).collect();
        if let Some(name) = nodes.iter().find_map(|found| found.op.unknown()) {
            let problem = Problem::NotConstant { whose: whose.into(), name };
            return Err(self.error_with_help(expr.span, problem, known_help(whose)));
        }
        if nodes.iter().any(|found| !is_small(&found.ty.shape)) {
            let what = format!("{whose} made of a tensor of more than {LARGEST} elements");
            return Err(self.error(expr.span, Problem::NotSupported { what }));
        }
        Ok(interpret::evaluate(&scratch, &[node], &Environment::default())[0].at(&[]))
    }

    /// The value of an expression in a region of its own, where it sees none of the model's values.
    fn apart(&mut self, expr: &Expr, whose: &str) -> (Built, Region) {
        let outer = std::mem::replace(&mut self.region, Region::new());
        let inlined = std::mem::take(&mut self.inlined);
        let stable = std::mem::take(&mut self.stable);
        let gradients = std::mem::take(&mut self.gradients);
        let orders = std::mem::take(&mut self.orders);
        let constant = self.constant.replace(whose.to_owned());
        self.push_frame();
        let value = self.expr(expr);
        self.frames.pop();
        self.constant = constant;
        self.gradients = gradients;
        self.orders = orders;
        self.stable = stable;
        self.inlined = inlined;
        (value, std::mem::replace(&mut self.region, outer))
    }
}

/// What to do about a number that the compiler does not know.
pub(super) fn known_help(whose: &str) -> &'static str {
    if whose.contains("const") {
        "`let` names a value that depends on others"
    } else {
        "a number, or the name of a `const`"
    }
}

/// The largest tensor that a constant may go through: the compiler computes it while the user waits.
const LARGEST: i64 = 4096;

/// Whether a tensor is small, and known to be.
fn is_small(shape: &[Dim]) -> bool {
    super::shapes::count(shape)
        .and_then(|count| count.as_constant())
        .is_some_and(|count| (0..=LARGEST).contains(&count))
}

//! The verifier of emitted Rust: every local is defined before it is used, in a scope that is open there, every field of
//! a kernel is one that it has, and nothing is missing.

use std::collections::BTreeSet;

use super::tree::{Block, Function, Kernel, Local, Own};
use super::walk::{Node, Visitor};

/// Whether a body is right, in a function with these arguments.
pub(crate) fn body<'a>(arguments: impl IntoIterator<Item = &'a Local>, body: &Block) -> Result<(), String> {
    let mut verifier = Verifier::default();
    arguments.into_iter().for_each(|local| verifier.defines(local));
    verifier.check(body)
}

/// Whether a function is right.
pub(crate) fn function(function: &Function) -> Result<(), String> {
    Verifier::default().check(function)
}

/// Whether a kernel is right.
pub(crate) fn kernel(kernel: &Kernel) -> Result<(), String> {
    let mut verifier = Verifier::default();
    verifier.fields.extend(kernel.fields.iter().map(|field| field.field.0.id));
    verifier.check(kernel)
}

/// What is known at a place of a tree.
#[derive(Default)]
struct Verifier {
    fields: BTreeSet<u32>,
    /// The locals that are there, and those of each open scope, the innermost last.
    locals: BTreeSet<u32>,
    scopes: Vec<Vec<u32>>,
    is_missing: bool,
    mistake: Option<String>,
}

impl Verifier {
    fn check(mut self, node: &impl Node) -> Result<(), String> {
        node.walk(&mut self);
        self.mistake.map_or(Ok(()), Err)
    }

    fn mistake(&mut self, text: impl FnOnce() -> String) {
        if self.mistake.is_none() {
            self.mistake = Some(text());
        }
    }
}

/// Whether a node has locals of its own.
fn is_scope(node: &str) -> bool {
    matches!(node, "Block" | "Closure" | "For" | "Join")
}

impl Visitor for Verifier {
    fn enter(&mut self, node: &'static str) {
        if is_scope(node) {
            self.scopes.push(Vec::new());
        }
        self.is_missing |= node == "Missing";
    }

    fn leave(&mut self, node: &'static str) {
        if is_scope(node) {
            for local in self.scopes.pop().into_iter().flatten() {
                self.locals.remove(&local);
            }
        }
        self.is_missing &= node != "Missing";
    }

    fn text(&mut self, text: &str) {
        if self.is_missing {
            self.mistake(|| format!("{text} is not known where it is printed"));
        }
    }

    fn uses(&mut self, local: &Local) {
        if !self.locals.contains(&local.id) {
            self.mistake(|| format!("`{}` is used where it is not defined", local.name));
        }
    }

    fn defines(&mut self, local: &Local) {
        if !self.locals.insert(local.id) {
            self.mistake(|| format!("`{}` is defined twice", local.name));
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(local.id);
        }
    }

    fn field(&mut self, Own(field): &Own) {
        if !self.fields.contains(&field.id) {
            self.mistake(|| format!("`self.{}` is no field of the kernel", field.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::rust::names::Names;
    use crate::emit::rust::tree::Expr;

    #[test]
    fn a_local_is_known_in_its_scope_alone() {
        let mut names = Names::default();
        let [x, y, at] = ["x", "y", "at"].map(|name| names.fresh(name));
        let closure = |inside: Expr| Expr::inlined(&at, Block::of(vec![y.is(x.get())], inside));
        let check = |value: Expr| body([&x], &value.into());
        assert_eq!(check(closure(y.get() + at.get())), Ok(()));
        assert_eq!(check(y.get()), Err("`y` is used where it is not defined".into()));
        assert_eq!(check(closure(x.get()) + at.get()), Err("`at` is used where it is not defined".into()));
        assert_eq!(body([&x, &y], &closure(x.get()).into()), Err("`y` is defined twice".into()));
    }

    #[test]
    fn what_is_missing_is_named() {
        let value = Expr::size(1) + Expr::Missing("the size of `N`".into());
        assert_eq!(body([], &value.into()), Err("the size of `N` is not known where it is printed".into()));
    }
}

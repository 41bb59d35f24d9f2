//! Scopes and free variables: what the locals of an entry point are, and which of them a statement needs. A function
//! that the statement is moved to has to be given them, or to bind them.

use std::collections::{BTreeMap, BTreeSet};

use super::arguments::Given;
use crate::emit::rust::tree::{Expr, Local, Stmt, Type};
use crate::emit::rust::uses::uses;
use crate::emit::rust::walk::{Node, Role};

/// The place of a meaning in the scope.
pub(crate) type Id = usize;

/// What a local is.
pub(crate) enum Meaning {
    Given(Given),
    /// An array, which this statement binds.
    Array(Part),
    /// Memory in the workspace, at a place in a table of slots.
    Slot(Slot),
    /// A number that the statement at this place defines.
    Number {
        local: Local,
        ty: Type,
        at: usize,
    },
}

/// A part of a field of the workspace.
pub(crate) struct Slot {
    pub(crate) local: Local,
    pub(crate) memory: Expr,
    /// What is given to find it.
    pub(crate) table: Id,
    pub(crate) at: usize,
}

/// A statement as a function has it, and what it uses of the scope.
pub(crate) struct Part {
    pub(crate) stmt: Stmt,
    pub(crate) uses: BTreeSet<Id>,
}

/// The locals of an entry point.
pub(crate) struct Scope {
    pub(crate) meanings: Vec<Meaning>,
    ids: BTreeMap<u32, Id>,
    /// What `self` is, and what it is in a function.
    receiver: Option<(Local, Local)>,
    /// What every function is given, since its type says what `T` is: the workspace.
    pub(crate) anchor: Id,
}

impl Scope {
    /// The scope of these arguments; one of them is the workspace.
    pub(crate) fn of(given: Vec<Given>, workspace: Option<&Local>) -> Self {
        let renamed = given.iter().find(|given| given.place.id != given.inside.id);
        let receiver = renamed.map(|given| (given.place.clone(), given.inside.clone()));
        let is_workspace = |given: &Given| workspace.is_some_and(|workspace| given.place.id == workspace.id);
        let anchor = given.iter().position(is_workspace).unwrap_or(0);
        let mut scope = Self { meanings: Vec::new(), ids: BTreeMap::new(), receiver, anchor };
        for given in given {
            scope.add(&given.place.clone(), Meaning::Given(given));
        }
        scope
    }

    /// Takes in a local.
    pub(crate) fn add(&mut self, local: &Local, meaning: Meaning) -> Id {
        let id = self.meanings.len();
        self.meanings.push(meaning);
        self.ids.insert(local.id, id);
        id
    }

    /// The place of what a local is.
    pub(crate) fn id(&self, local: &Local) -> Option<Id> {
        self.ids.get(&local.id).copied()
    }

    /// The statement that defines a number.
    pub(crate) fn defined(&self, id: Id) -> Option<usize> {
        if let Meaning::Number { at, .. } = self.meanings[id] { Some(at) } else { None }
    }

    /// Whether a function has a local for it that it binds itself.
    pub(crate) fn is_bound(&self, id: Id) -> bool {
        matches!(self.meanings[id], Meaning::Array(_) | Meaning::Slot(_))
    }

    /// What is used, and what is needed to bind that.
    pub(crate) fn needed(&self, used: &BTreeSet<Id>) -> BTreeSet<Id> {
        let (mut needed, mut open) = (BTreeSet::new(), used.iter().copied().collect::<Vec<_>>());
        while let Some(id) = open.pop() {
            if !needed.insert(id) {
                continue;
            }
            match &self.meanings[id] {
                Meaning::Array(part) => open.extend(&part.uses),
                Meaning::Slot(slot) => open.push(slot.table),
                Meaning::Given(_) | Meaning::Number { .. } => {}
            }
        }
        needed
    }

    /// What something uses of the scope.
    pub(crate) fn used(&self, node: &impl Node) -> BTreeSet<Id> {
        uses(node).iter().filter_map(|local| self.ids.get(local)).copied().collect()
    }

    /// The statement as a function has it.
    pub(crate) fn part(&self, mut stmt: Stmt) -> Part {
        let uses = self.used(&stmt);
        if let Some((receiver, inside)) = &self.receiver {
            stmt.locals_mut(&mut |role, local| {
                if role == Role::Used && local.id == receiver.id {
                    *local = inside.clone();
                }
            });
        }
        Part { stmt, uses }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;
    use crate::emit::rust::names::{Names, ident};

    #[test]
    fn what_is_needed_to_bind_an_array_is_needed_for_what_reads_it() {
        let mut names = Names::default();
        let [workspace, copies, x, y] = ["workspace", "copies", "x", "y"].map(|name| names.called(ident(name)));
        let mut scope = Scope::of(vec![Given::new(&workspace, "Workspace")], Some(&workspace));
        let found = workspace.get().field("copies").method("free", []);
        let part = scope.part(copies.starts_as(found));
        scope.add(&copies, Meaning::Array(part));
        let in_order = Expr::call("in_order", [Expr::path("x"), copies.get().by_mut()]);
        let part = scope.part(x.is(in_order));
        scope.add(&x, Meaning::Array(part));
        let part = scope.part(y.is(Expr::call("f", [x.get()])));
        assert_eq!((part.uses.len(), scope.needed(&part.uses).len()), (1, 3));
    }

    #[test]
    fn a_function_has_another_name_for_self() {
        let mut names = Names::default();
        let [this, model, y] = ["this", "model", "y"].map(|name| names.called(ident(name)));
        let given = Given { inside: model, ..Given::new(&this, "Model") };
        let scope = Scope::of(vec![given], None);
        let part = scope.part(y.is(this.get().field("this")));
        assert_eq!(part.stmt.to_token_stream().to_string(), "let y = model . this ;");
    }
}

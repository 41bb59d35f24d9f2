//! Outlining: an entry point that is long becomes functions that it calls one after the other.
//!
//! ```text
//! let [n, d] = sizes(self, inputs)?;
//! runtime::check_gradient(self, grad)?;
//! let slots: runtime::Slots<102> = runtime::Slots::of::<T>(&[(d * n, 101), (d, 1)]);
//! let t2 = loss_and_grad_1(self, inputs, workspace, n, d, &slots);
//! let loss = loss_and_grad_2(self, inputs, workspace, grad, n, d, &slots, t2);
//! Ok(loss)
//! ```
//!
//! Such a function binds the arrays that it touches, as an entry point does: they lie where they lay. So nothing is as long
//! as the model, and what goes from one function to the next is numbers alone. Whatever can fail comes before the first of
//! them.

mod chunk;
#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests;

use std::collections::BTreeSet;

use chunk::{Line, chunks, last_uses};
use proc_macro2::{Ident, TokenStream};

use super::arguments::{Given, Pass};
use super::scope::{Id, Meaning, Scope, Slot};
use crate::emit::interface::docs;
use crate::emit::kernel::expr::array_elem;
use crate::emit::rust::names::{Names, ident};
use crate::emit::rust::tree::{Block, Expr, Function, Local, Path, Pattern, Stmt, Type};
use crate::emit::rust::uses::defines;
use crate::emit::rust::verify;
use crate::graph::Elem;

/// An entry point, in the order of its statements.
pub(crate) struct Outline {
    /// Finds and checks the sizes, and enters the pool.
    pub(crate) head: Vec<Stmt>,
    /// What finds the arrays.
    pub(crate) bindings: Vec<Binding>,
    /// What computes.
    pub(crate) stmts: Vec<Statement>,
    /// What writes numbers to where the caller finds them.
    pub(crate) writes: Vec<Stmt>,
    /// Whether `stmts` may read what `writes` change.
    pub(crate) writes_are_last: bool,
    /// Whether `stmts` may fail.
    pub(crate) fails: bool,
    pub(crate) returned: Expr,
}

/// What finds an array, or the memory of several.
pub(crate) enum Binding {
    /// `let x = runtime::in_order(&inputs.x, &mut copies);`, and what else is no work to find again.
    Array { local: Local, stmt: Stmt },
    /// `let mut y_array = <Array1<T> as Default>::default();`, which is returned in the end.
    Owned { local: Local, ty: Type },
    /// `runtime::check_gradient(self, grad)?;`
    Check(Stmt),
    /// `let [numbers_1, numbers_2] = runtime::slots(&mut workspace.numbers, [n * k, k]);`
    Slots { memory: Expr, elem: Elem, slots: Vec<SlotOf> },
}

/// A local for a slot.
pub(crate) struct SlotOf {
    pub(crate) local: Local,
    pub(crate) length: Expr,
    /// The first slot that is always as long.
    pub(crate) like: usize,
}

/// A statement, and the numbers that it defines, with their types.
pub(crate) struct Statement {
    pub(crate) stmt: Stmt,
    pub(crate) defines: Vec<(Local, Type)>,
}

/// Functions that entry points were cut into.
#[derive(Default)]
pub(crate) struct Functions {
    all: Vec<Named>,
    /// What is wrong with the first of them that is not right.
    pub(crate) mistake: Option<String>,
}

struct Named {
    name: Ident,
    doc: String,
    function: Function,
}

impl Functions {
    fn add(&mut self, name: Ident, doc: String, function: Function) {
        self.mistake = self.mistake.take().or(verify::function(&function).err());
        self.all.push(Named { name, doc, function });
    }

    /// All of them as Rust.
    pub(crate) fn print(&self) -> Vec<TokenStream> {
        self.all.iter().map(|Named { name, doc, function }| function.print(name, &docs::doc(doc))).collect()
    }
}

impl Statement {
    /// `let n = model.w.shape()[0];`, or a check.
    fn of_size(stmt: Stmt) -> Self {
        let defines = match &stmt {
            Stmt::Let(_, Pattern::One(_, local), _) => vec![(local.0.clone(), "usize".into())],
            Stmt::Let(..) | Stmt::Assign(..) | Stmt::Run(_) | Stmt::For(..) | Stmt::When(..) | Stmt::ReturnIf(..) => {
                Vec::new()
            }
        };
        Self { stmt, defines }
    }
}

impl Binding {
    fn stmt(self) -> Stmt {
        match self {
            Self::Array { stmt, .. } | Self::Check(stmt) => stmt,
            Self::Owned { local, ty } => local.starts_as(Expr::Default(ty)),
            Self::Slots { memory, slots, .. } => {
                let (locals, lengths): (Vec<_>, Vec<_>) = slots.into_iter().map(|it| (it.local, it.length)).unzip();
                Pattern::array(&locals).is(Expr::call("runtime::slots", [memory.by_mut(), Expr::Array(lengths)]))
            }
        }
    }
}

/// The body of a function that finds and checks sizes, which is cut like an entry point.
pub(crate) fn of_sizes(
    head: Option<Stmt>,
    stmts: Vec<Stmt>,
    returned: Expr,
    given: Vec<Given>,
    (stem, longest): (&str, usize),
    functions: &mut Functions,
) -> Block {
    let found = head.iter().flat_map(defines).collect::<BTreeSet<_>>();
    let arguments = given.iter().map(|given| given.place.clone()).filter(|local| !found.contains(&local.id));
    let arguments: Vec<Local> = arguments.collect();
    let outline = Outline {
        head: head.into_iter().collect(),
        stmts: stmts.into_iter().map(Statement::of_size).collect(),
        fails: true,
        ..Outline::new(returned)
    };
    let body = if outline.length() <= longest {
        outline.whole()
    } else {
        outline.cut((stem, longest), Scope::of(given, None), &mut Names::default(), functions)
    };
    functions.mistake = functions.mistake.take().or(verify::body(&arguments, &body).err());
    body
}

impl Outline {
    pub(crate) fn new(returned: Expr) -> Self {
        Self {
            head: Vec::new(),
            bindings: Vec::new(),
            stmts: Vec::new(),
            writes: Vec::new(),
            writes_are_last: false,
            fails: false,
            returned,
        }
    }

    /// How many statements the entry point has.
    pub(crate) fn length(&self) -> usize {
        self.head.len() + self.bindings.len() + self.stmts.len() + self.writes.len()
    }

    /// The body of the entry point in one piece.
    pub(crate) fn whole(self) -> Block {
        let Self { head, bindings, stmts, writes, returned, .. } = self;
        let bindings = bindings.into_iter().map(Binding::stmt);
        let stmts = stmts.into_iter().map(|it| it.stmt);
        Block::of(head.into_iter().chain(bindings).chain(stmts).chain(writes).collect(), returned.ok())
    }

    /// The body as calls of functions, which are called `stem` and a number, and are added to `functions`.
    pub(crate) fn cut(
        mut self,
        (stem, longest): (&str, usize),
        mut scope: Scope,
        names: &mut Names,
        functions: &mut Functions,
    ) -> Block {
        for binding in std::mem::take(&mut self.bindings) {
            bind(binding, &mut scope, names, &mut self.head);
        }
        let lines = self.lines(&mut scope);
        let chunks = chunks(&scope, lines, longest);
        let last_uses = last_uses(&scope, &chunks, &self.returned);
        let mut body = self.head;
        let count = chunks.len();
        for (place, chunk) in chunks.into_iter().enumerate() {
            let name = ident(&format!("{stem}_{}", place + 1));
            let is_used_later = |id: &&Id| last_uses.get(id).is_some_and(|&last| last > place);
            let results: Vec<Id> = chunk.defines.iter().filter(is_used_later).copied().collect();
            let (function, call) = chunk.function(&scope, &name, &results, self.fails);
            functions.add(name, format!("`{stem}`, part {} of {count}.", place + 1), function);
            body.push(call);
        }
        Block::of(body, self.returned.ok())
    }

    /// All that the functions do, in order. What only writes a number comes as soon as that is there, so that it need not be
    /// handed on.
    fn lines(&mut self, scope: &mut Scope) -> Vec<Line> {
        let stmts = std::mem::take(&mut self.stmts);
        let count = stmts.len();
        for (at, stmt) in stmts.iter().enumerate() {
            for (local, ty) in &stmt.defines {
                scope.add(local, Meaning::Number { local: local.clone(), ty: ty.clone(), at });
            }
        }
        let line = |stmt: Statement| {
            let defines = stmt.defines.iter().filter_map(|(local, _)| scope.id(local)).collect();
            Line { part: scope.part(stmt.stmt), defines }
        };
        let mut lines: Vec<(usize, Line)> = stmts.into_iter().map(line).enumerate().collect();
        for write in std::mem::take(&mut self.writes) {
            let part = scope.part(write);
            let defined = part.uses.iter().filter_map(|&id| scope.defined(id)).max();
            let at = defined.filter(|_| !self.writes_are_last).unwrap_or(count);
            lines.push((at, Line { part, defines: Vec::new() }));
        }
        lines.sort_by_key(|(at, _)| *at);
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

/// Takes in what a binding finds. What is done once goes to the head, which stays in the entry point.
fn bind(binding: Binding, scope: &mut Scope, names: &mut Names, head: &mut Vec<Stmt>) {
    match binding {
        Binding::Check(stmt) => head.push(stmt),
        Binding::Array { local, stmt } => {
            let part = scope.part(stmt);
            scope.add(&local, Meaning::Array(part));
        }
        Binding::Owned { local, ty } => {
            scope.add(&local, Meaning::Given(Given { pass: Pass::Changed, ..Given::new(&local, ty.clone()) }));
            head.push(Binding::Owned { local, ty }.stmt());
        }
        Binding::Slots { memory, elem, slots } => {
            let table = names.fresh("slots");
            let ty = Type::from(Path::of("runtime::Slots", [Type::Count(slots.len())]));
            let id =
                scope.add(&table, Meaning::Given(Given { pass: Pass::Borrowed, ..Given::new(&table, ty.clone()) }));
            let groups = side_by_side(slots);
            let lengths =
                groups.iter().map(|(length, locals)| Expr::Tuple(vec![length.clone(), Expr::size(locals.len())]));
            let of = Path::of("runtime::Slots::of", [array_elem(elem)]);
            let made = Expr::call(of, [Expr::Array(lengths.collect()).by_ref()]);
            head.push(Stmt::Let(made, Pattern::One(false, table.def()), Some(ty)));
            for (at, local) in groups.into_iter().flat_map(|(_, locals)| locals).enumerate() {
                let slot = Slot { local: local.clone(), memory: memory.clone(), table: id, at };
                scope.add(&local, Meaning::Slot(slot));
            }
        }
    }
}

/// Slots of the same length, side by side.
fn side_by_side(slots: Vec<SlotOf>) -> Vec<(Expr, Vec<Local>)> {
    let mut groups: Vec<(usize, Expr, Vec<Local>)> = Vec::new();
    for SlotOf { local, length, like } in slots {
        match groups.iter_mut().find(|(first, ..)| *first == like) {
            Some((_, _, locals)) => locals.push(local),
            None => groups.push((like, length, vec![local])),
        }
    }
    groups.into_iter().map(|(_, length, locals)| (length, locals)).collect()
}

//! Chunks: consecutive statements of an entry point that become one function, and what it is given and gives.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;

use crate::emit::entry::arguments::Given;
use crate::emit::entry::scope::{Id, Meaning, Part, Scope, Slot};
use crate::emit::rust::tree::{Block, Expr, Function, Local, Parameter, Path, Pattern, Stmt, Type, Word};

/// One of the things that the functions do, and the numbers that it defines.
pub(super) struct Line {
    pub(super) part: Part,
    pub(super) defines: Vec<Id>,
}

/// Consecutive lines, all that they need, and the numbers that they define.
#[derive(Default)]
pub(super) struct Chunk {
    lines: Vec<Line>,
    needs: BTreeSet<Id>,
    pub(super) defines: BTreeSet<Id>,
    /// Its lines, and the arrays that it binds.
    length: usize,
}

/// Cuts lines into chunks that are no longer than they may be.
pub(super) fn chunks(scope: &Scope, lines: Vec<Line>, longest: usize) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut open = Chunk::default();
    for line in lines {
        let needs = scope.needed(&line.part.uses);
        let added =
            |open: &Chunk| 1 + needs.iter().filter(|&&id| scope.is_bound(id) && !open.needs.contains(&id)).count();
        if !open.lines.is_empty() && open.length + added(&open) > longest {
            chunks.push(std::mem::take(&mut open));
        }
        open.length += added(&open);
        open.needs.extend(needs);
        open.needs.insert(scope.anchor);
        open.defines.extend(&line.defines);
        open.lines.push(line);
    }
    chunks.extend(Some(open).filter(|open| !open.lines.is_empty()));
    chunks
}

/// The last chunk that needs each local; what is returned comes after all of them.
pub(super) fn last_uses(scope: &Scope, chunks: &[Chunk], returned: &Expr) -> BTreeMap<Id, usize> {
    let uses = chunks.iter().zip(0..).flat_map(|(chunk, place)| chunk.needs.iter().map(move |&id| (id, place)));
    uses.chain(scope.used(returned).into_iter().map(|id| (id, usize::MAX))).collect()
}

impl Chunk {
    /// The function, and its call; `results` are the numbers that are used after it.
    pub(super) fn function(self, scope: &Scope, name: &Ident, results: &[Id], fails: bool) -> (Function, Stmt) {
        let (parameters, arguments) = self.needs.iter().filter_map(|&id| self.argument(scope, id)).unzip();
        let result = |&id: &Id| match &scope.meanings[id] {
            Meaning::Number { local, ty, .. } => Some((local.clone(), ty.clone())),
            Meaning::Given(_) | Meaning::Array(_) | Meaning::Slot(_) => None,
        };
        let (locals, types): (Vec<Local>, Vec<Type>) = results.iter().filter_map(result).unzip();
        let call = Expr::Call(Word::In("self", name.clone()).into(), arguments);
        let call = if fails { call.or_fail() } else { call };
        let call = if locals.is_empty() { Stmt::Run(call) } else { Pattern::tuple(&locals).is(call) };
        let (ty, value) = (Type::tuple(types), Expr::tuple(locals.iter().map(Local::get).collect()));
        let (returns, value) = match (results, fails) {
            ([], false) => (None, None),
            (_, false) => (Some(ty), Some(value)),
            (_, true) => {
                (Some(Path::of("::core::result::Result", [ty, "runtime::Error".into()]).into()), Some(value.ok()))
            }
        };
        let mut stmts = self.bindings(scope);
        stmts.extend(self.lines.into_iter().map(|line| line.part.stmt));
        (Function { parameters, returns, body: Block { stmts, value: value.map(Box::new) } }, call)
    }

    /// What it is given: the parameter, and what a call has for it.
    fn argument(&self, scope: &Scope, id: Id) -> Option<(Parameter, Expr)> {
        match &scope.meanings[id] {
            Meaning::Given(given) => Some(given.argument()),
            Meaning::Number { local, ty, .. } if !self.defines.contains(&id) => {
                Some(Given::new(local, ty.clone()).argument())
            }
            Meaning::Number { .. } | Meaning::Array(_) | Meaning::Slot(_) => None,
        }
    }

    /// What binds its arrays.
    fn bindings(&self, scope: &Scope) -> Vec<Stmt> {
        let mut bindings = Vec::new();
        let mut slots: BTreeMap<Id, Vec<&Slot>> = BTreeMap::new();
        for &id in &self.needs {
            match &scope.meanings[id] {
                Meaning::Array(part) => bindings.push(part.stmt.clone()),
                Meaning::Slot(slot) => slots.entry(slot.table).or_default().push(slot),
                Meaning::Given(_) | Meaning::Number { .. } => {}
            }
        }
        for (table, slots) in slots {
            let Meaning::Given(Given { inside: table, .. }) = &scope.meanings[table] else { continue };
            let locals: Vec<Local> = slots.iter().map(|slot| slot.local.clone()).collect();
            let places = Expr::Array(slots.iter().map(|slot| Expr::size(slot.at)).collect());
            let taken = table.get().method("take", [slots[0].memory.clone().by_mut(), places]);
            bindings.push(Pattern::array(&locals).is(taken));
        }
        bindings
    }
}

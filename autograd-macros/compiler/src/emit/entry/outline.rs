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

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};

use super::arguments::{Given, Pass};
use super::scope::{Id, Meaning, Part, Scope, Slot};
use crate::emit::interface::docs;
use crate::emit::kernel::expr::array_elem;
use crate::emit::rust::names::{Names, ident};
use crate::emit::rust::tree::{Block, Expr, Function, Local, Parameter, Path, Pattern, Stmt, Type, Word};
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
            Stmt::Let(..) | Stmt::Assign(..) | Stmt::Run(_) | Stmt::For(..) | Stmt::ReturnIf(..) => Vec::new(),
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
        let stretches = stretches(&scope, lines, longest);
        let last_uses = last_uses(&scope, &stretches, &self.returned);
        let mut body = self.head;
        let count = stretches.len();
        for (place, stretch) in stretches.into_iter().enumerate() {
            let name = ident(&format!("{stem}_{}", place + 1));
            let is_used_later = |id: &&Id| last_uses.get(id).is_some_and(|&last| last > place);
            let results: Vec<Id> = stretch.defines.iter().filter(is_used_later).copied().collect();
            let (function, call) = stretch.function(&scope, &name, &results, self.fails);
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

/// One of the things that the functions do, and the numbers that it defines.
struct Line {
    part: Part,
    defines: Vec<Id>,
}

/// Consecutive lines, all that they need, and the numbers that they define.
#[derive(Default)]
struct Stretch {
    lines: Vec<Line>,
    needs: BTreeSet<Id>,
    defines: BTreeSet<Id>,
    /// Its lines, and the arrays that it binds.
    length: usize,
}

/// Cuts lines into stretches that are no longer than they may be.
fn stretches(scope: &Scope, lines: Vec<Line>, longest: usize) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut open = Stretch::default();
    for line in lines {
        let needs = scope.needed(&line.part.uses);
        let added =
            |open: &Stretch| 1 + needs.iter().filter(|&&id| scope.is_bound(id) && !open.needs.contains(&id)).count();
        if !open.lines.is_empty() && open.length + added(&open) > longest {
            stretches.push(std::mem::take(&mut open));
        }
        open.length += added(&open);
        open.needs.extend(needs);
        open.needs.insert(scope.anchor);
        open.defines.extend(&line.defines);
        open.lines.push(line);
    }
    stretches.extend(Some(open).filter(|open| !open.lines.is_empty()));
    stretches
}

/// The last stretch that needs each local; what is returned comes after all of them.
fn last_uses(scope: &Scope, stretches: &[Stretch], returned: &Expr) -> BTreeMap<Id, usize> {
    let uses = stretches.iter().zip(0..).flat_map(|(stretch, place)| stretch.needs.iter().map(move |&id| (id, place)));
    uses.chain(scope.used(returned).into_iter().map(|id| (id, usize::MAX))).collect()
}

impl Stretch {
    /// The function, and its call; `results` are the numbers that are used after it.
    fn function(self, scope: &Scope, name: &Ident, results: &[Id], fails: bool) -> (Function, Stmt) {
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

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::emit::testing::{expand, expand_cut, part};

    const MLP: &str = "Mlp<N, D, H> {
        param w1: [D, H], w2: [H], b;
        input x: [N, D], y: [N];
        loss = mean((tanh(x @ w1) @ w2 + b - y)^2);
        step train(rate) -> loss { w1 := w1 - rate * grad(loss, w1); b := b - rate * grad(loss, b); }
    }";

    #[test]
    fn a_stretch_binds_what_it_touches() {
        let text = expand_cut(MLP, 8);
        expect![[r#"
            pub fn loss_and_grad_into(
                &self,
                inputs: &Inputs<'_, T>,
                workspace: &mut Workspace<T>,
                grad: &mut Grad<T>,
            ) -> ::core::result::Result<T, runtime::Error> {
                let [n, d, h] = sizes(self, inputs)?;
                runtime::check_room::<
                    T,
                >(&[("intermediate", &[n, h]), ("intermediate", &[n])])?;
                if runtime::wants_pool([
                    runtime::Parts::of::<T>(n, &[&[50, h, n], &[184, n]]).shared(1),
                    runtime::shared_product::<T>([1, n, h, d], 1),
                    runtime::shared_product::<T>([1, d, h, n], 1),
                ]) {
                    return runtime::in_pool(|| {
                        self.loss_and_grad_into(inputs, workspace, grad)
                    });
                }
                runtime::check_gradient(self, grad)?;
                let slots: runtime::Slots<3> = runtime::Slots::of::<
                    T,
                >(&[(h * n, 2), (runtime::levels::<T>(h, false), 1)]);
                let (t1, t2) = self::loss_and_grad_1(
                    self,
                    inputs,
                    workspace,
                    n,
                    d,
                    h,
                    &slots,
                );
                self::loss_and_grad_2(workspace, grad);
                let (t3, grad_b) = self::loss_and_grad_3(
                    self,
                    inputs,
                    workspace,
                    grad,
                    n,
                    h,
                    &slots,
                    t2,
                );
                let loss = self::loss_and_grad_4(
                    inputs,
                    workspace,
                    grad,
                    n,
                    d,
                    h,
                    &slots,
                    t1,
                    t3,
                    grad_b,
                );
                ::core::result::Result::Ok(loss)
            }
        "#]]
        .assert_eq(&part(&text, "pub fn loss_and_grad_into"));
        expect![[r#"
            fn loss_and_grad_1<T: runtime::Float>(
                model: &Mlp<T>,
                inputs: &Inputs<'_, T>,
                workspace: &mut Workspace<T>,
                n: usize,
                d: usize,
                h: usize,
                slots: &runtime::Slots<3>,
            ) -> (T, T) {
                let mut copies = workspace.copies.free();
                let x = runtime::in_order(&inputs.x, &mut copies);
                let w1 = runtime::in_order(&model.w1, &mut copies);
                let [numbers_1] = slots.take(&mut workspace.numbers, [0]);
                let t1 = T::from_usize(n);
                let t2 = T::from_f64(2.0) / t1;
                runtime::multiply([n, h, d], x, w1, &mut *numbers_1, &mut workspace.scratch);
                (t1, t2)
            }
        "#]]
        .assert_eq(&part(&text, "fn loss_and_grad_1"));
        expect![[r#"
            fn loss_and_grad_2<T: runtime::Float>(
                workspace: &mut Workspace<T>,
                grad: &mut Grad<T>,
            ) {
                let grad_w2 = runtime::Tensor::<T>::values_mut(&mut grad.w2);
                grad_w2.fill(T::ZERO);
            }
        "#]]
        .assert_eq(&part(&text, "fn loss_and_grad_2"));
    }

    #[test]
    fn steps_write_to_the_model_in_the_end() {
        let text = expand_cut(MLP, 8);
        expect![[r#"
            pub fn train_into(
                &mut self,
                inputs: &Inputs<'_, T>,
                rate: T,
                workspace: &mut Workspace<T>,
            ) -> ::core::result::Result<T, runtime::Error> {
                let [n, d, h] = sizes(self, inputs)?;
                runtime::check_room::<
                    T,
                >(&[("intermediate", &[n, h]), ("intermediate", &[n])])?;
                if runtime::wants_pool([
                    runtime::Parts::of::<T>(n, &[&[43, h, n], &[184, n]]).shared(1),
                    runtime::shared_product::<T>([1, n, h, d], 1),
                    runtime::shared_product::<T>([1, d, h, n], 1),
                ]) {
                    return runtime::in_pool(|| self.train_into(inputs, rate, workspace));
                }
                let slots: runtime::Slots<2> = runtime::Slots::of::<T>(&[(h * n, 2)]);
                let (t1, t2) = self::step_train_1(self, inputs, workspace, n, d, h, &slots);
                let (t3, t4) = self::step_train_2(self, inputs, workspace, n, h, &slots, t2);
                let loss = self::step_train_3(
                    self,
                    inputs,
                    rate,
                    workspace,
                    n,
                    d,
                    h,
                    &slots,
                    t1,
                    t3,
                    t4,
                );
                ::core::result::Result::Ok(loss)
            }
        "#]]
        .assert_eq(&part(&text, "pub fn train_into"));
    }

    #[test]
    fn so_is_what_finds_the_sizes() {
        let text =
            expand_cut("Sizes<N, D> { param w: [D]; input x: [N, D], y: [2 * N]; loss = sum(x @ w) + sum(y); }", 2);
        let mut shown = String::new();
        for first in ["fn sizes<", "fn sizes_1", "fn sizes_2"] {
            shown.push_str(&part(&text, first));
        }
        expect![[r#"
            fn sizes<T: runtime::Float>(
                model: &Sizes<T>,
                inputs: &Inputs<'_, T>,
            ) -> ::core::result::Result<[usize; 2], runtime::Error> {
                let (d, n) = self::sizes_1(model, inputs)?;
                self::sizes_2(model, inputs, d, n)?;
                self::sizes_3(model, inputs)?;
                ::core::result::Result::Ok([n, d])
            }
            fn sizes_1<T: runtime::Float>(
                model: &Sizes<T>,
                inputs: &Inputs<'_, T>,
            ) -> ::core::result::Result<(usize, usize), runtime::Error> {
                let d = model.w.shape()[0];
                let n = inputs.x.shape()[0];
                ::core::result::Result::Ok((d, n))
            }
            fn sizes_2<T: runtime::Float>(
                model: &Sizes<T>,
                inputs: &Inputs<'_, T>,
                d: usize,
                n: usize,
            ) -> ::core::result::Result<(), runtime::Error> {
                runtime::check_dimension(
                    "D",
                    (runtime::Origin::Parameter("w"), d),
                    [inputs.x.shape()[1]],
                    &[runtime::Origin::Input("x")],
                )?;
                runtime::check_extent(
                    runtime::Origin::Input("y"),
                    0,
                    "2*N",
                    runtime::constant(2) * runtime::exact(n),
                    inputs.y.shape()[0],
                )?;
                ::core::result::Result::Ok(())
            }
        "#]]
        .assert_eq(&shown);
    }

    #[test]
    fn nothing_is_cut_that_is_short() {
        assert_eq!(expand(MLP), expand_cut(MLP, usize::MAX));
        assert!(!expand(MLP).contains("part 1 of"));
    }

    #[test]
    fn slots_of_one_length_lie_side_by_side() {
        let mut names = Names::default();
        let slots = [("a", 0), ("b", 1), ("c", 0)];
        let slots = slots.map(|(name, like)| SlotOf { local: names.fresh(name), length: Expr::size(like), like });
        let groups = side_by_side(slots.into());
        let names = |locals: &[Local]| locals.iter().map(|local| local.name.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(groups.iter().map(|(_, locals)| names(locals)).collect::<Vec<_>>(), ["a c", "b"]);
    }
}

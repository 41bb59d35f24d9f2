//! An entry point that is long is cut into stretches: functions that it calls one after the other.
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
//! A stretch binds the arrays that it touches, as an entry point does: they lie where they lay. So nothing is as long as the
//! model, and what goes from one stretch to the next is numbers alone. Whatever can fail comes before the first of them.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};

use super::arguments::{Given, Pass};
use super::scope::{Id, Meaning, Read, Scope, Slot};
use crate::emit::interface::docs;
use crate::emit::kernel::expr::array_elem;
use crate::emit::kernel::tuple;
use crate::emit::rust::names::{Names, code, ident};
use crate::graph::Elem;

/// The most statements of an entry point, and of a stretch of one.
pub(crate) const LONGEST: usize = 400;

/// An entry point, in the order of its statements.
#[derive(Default)]
pub(crate) struct Outline {
    /// Finds and checks the sizes, and enters the pool.
    pub(crate) head: Vec<TokenStream>,
    /// What finds the arrays.
    pub(crate) bindings: Vec<Binding>,
    /// What computes.
    pub(crate) stmts: Vec<Statement>,
    /// What writes numbers to where the caller finds them.
    pub(crate) writes: Vec<TokenStream>,
    /// Whether `stmts` may read what `writes` change.
    pub(crate) writes_are_last: bool,
    /// Whether `stmts` may fail.
    pub(crate) fails: bool,
    pub(crate) returned: TokenStream,
}

/// What finds an array, or the memory of several.
pub(crate) enum Binding {
    /// `let x = runtime::in_order(&inputs.x, &mut copies);`, and what else is no work to find again.
    Array { local: Ident, stmt: TokenStream },
    /// `let mut y_array = <Array1<T> as Default>::default();`, which is returned in the end.
    Owned { local: Ident, ty: TokenStream },
    /// `runtime::check_gradient(self, grad)?;`
    Check(TokenStream),
    /// `let [numbers_1, numbers_2] = runtime::slots(&mut workspace.numbers, [n * k, k]);`
    Slots { memory: Ident, elem: Elem, locals: Vec<Ident>, lengths: Vec<TokenStream> },
}

/// A statement, and the numbers that it defines, with their types.
pub(crate) struct Statement {
    pub(crate) tokens: TokenStream,
    pub(crate) defines: Vec<(Ident, TokenStream)>,
}

impl Statement {
    /// `let n = model.w.shape()[0];`, or a check.
    fn of_size(tokens: TokenStream) -> Self {
        let mut start = tokens.clone().into_iter();
        let defines = match (start.next(), start.next()) {
            (Some(TokenTree::Ident(first)), Some(TokenTree::Ident(name))) if first == "let" => {
                vec![(name, code!(usize))]
            }
            _ => Vec::new(),
        };
        Self { tokens, defines }
    }
}

impl Binding {
    fn stmt(&self) -> TokenStream {
        match self {
            Self::Array { stmt, .. } | Self::Check(stmt) => stmt.clone(),
            Self::Owned { local, ty } => code!(let mut #local = <#ty as ::core::default::Default>::default();),
            Self::Slots { memory, locals, lengths, .. } => {
                code!(let [#(#locals),*] = runtime::slots(&mut workspace.#memory, [#(#lengths),*]);)
            }
        }
    }
}

/// The body of a function that finds and checks sizes, which is cut like an entry point.
pub(crate) fn of_sizes(
    head: Option<TokenStream>,
    stmts: Vec<TokenStream>,
    returned: TokenStream,
    given: Vec<Given>,
    (stem, longest): (&str, usize),
    functions: &mut Vec<TokenStream>,
) -> TokenStream {
    let stmts = stmts.into_iter().map(Statement::of_size).collect();
    let outline = Outline { head: head.into_iter().collect(), stmts, fails: true, returned, ..Outline::default() };
    if outline.length() <= longest {
        return outline.whole();
    }
    outline.cut((stem, longest), given, &mut Names::default(), functions)
}

impl Outline {
    /// How many statements the entry point has.
    pub(crate) fn length(&self) -> usize {
        self.head.len() + self.bindings.len() + self.stmts.len() + self.writes.len()
    }

    /// The body of the entry point in one piece.
    pub(crate) fn whole(&self) -> TokenStream {
        let Self { head, bindings, stmts, writes, returned, .. } = self;
        let (bindings, stmts) = (bindings.iter().map(Binding::stmt), stmts.iter().map(|stmt| &stmt.tokens));
        code!(#(#head)* #(#bindings)* #(#stmts)* #(#writes)* ::core::result::Result::Ok(#returned))
    }

    /// The body as calls of stretches, which are called `stem` and a number, and are added to `functions`.
    pub(crate) fn cut(
        mut self,
        (stem, longest): (&str, usize),
        given: Vec<Given>,
        names: &mut Names,
        functions: &mut Vec<TokenStream>,
    ) -> TokenStream {
        let mut scope = Scope::of(given);
        for binding in std::mem::take(&mut self.bindings) {
            bind(binding, &mut scope, names, &mut self.head);
        }
        let lines = self.lines(&mut scope);
        let stretches = stretches(&scope, lines, longest);
        let last_uses = last_uses(&scope, &stretches, &self.returned);
        let mut calls = Vec::new();
        for (place, stretch) in stretches.iter().enumerate() {
            let name = ident(&format!("{stem}_{}", place + 1));
            let doc = docs::doc(&format!("`{stem}`, part {} of {}.", place + 1, stretches.len()));
            let is_used_later = |id: &&Id| last_uses.get(id).is_some_and(|&last| last > place);
            let results: Vec<Id> = stretch.defines.iter().filter(is_used_later).copied().collect();
            let (function, call) = stretch.print(&scope, &name, &results, self.fails);
            functions.push(code!(#doc #function));
            calls.push(call);
        }
        let (head, returned) = (&self.head, &self.returned);
        code!(#(#head)* #(#calls)* ::core::result::Result::Ok(#returned))
    }

    /// All that stretches do, in order. What only writes a number comes as soon as that is there, so that it need not be
    /// handed on.
    fn lines(&mut self, scope: &mut Scope) -> Vec<Line> {
        let stmts = std::mem::take(&mut self.stmts);
        let mut defines: Vec<Vec<Id>> = Vec::new();
        for (at, stmt) in stmts.iter().enumerate() {
            let number = |(name, ty): &(Ident, TokenStream)| {
                scope.add(name, Meaning::Number { name: name.clone(), ty: ty.clone(), at })
            };
            defines.push(stmt.defines.iter().map(number).collect());
        }
        let lines = stmts.iter().zip(defines).map(|(stmt, defines)| Line { stmt: scope.read(&stmt.tokens), defines });
        let mut lines: Vec<(usize, Line)> = lines.enumerate().collect();
        for write in &self.writes {
            let stmt = scope.read(write);
            let defined = stmt.names.iter().filter_map(|&id| scope.defined(id)).max();
            let at = defined.filter(|_| !self.writes_are_last).unwrap_or(stmts.len());
            lines.push((at, Line { stmt, defines: Vec::new() }));
        }
        lines.sort_by_key(|(at, _)| *at);
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

/// Takes in what a binding finds. What is done once goes to the head, which stays in the entry point.
fn bind(binding: Binding, scope: &mut Scope, names: &mut Names, head: &mut Vec<TokenStream>) {
    match binding {
        Binding::Check(stmt) => head.push(stmt),
        Binding::Array { local, stmt } => {
            let stmt = scope.read(&stmt);
            scope.add(&local, Meaning::Array(stmt));
        }
        Binding::Owned { ref local, ref ty } => {
            head.push(binding.stmt());
            scope.add(local, Meaning::Given(Given { pass: Pass::Changed, ..Given::new(local, ty.clone()) }));
        }
        Binding::Slots { memory, elem, locals, lengths } => {
            let (table, elem, count) = (names.fresh("slots"), array_elem(elem), literal(locals.len()));
            let given = Given { pass: Pass::Borrowed, ..Given::new(&table, code!(runtime::Slots<#count>)) };
            let id = scope.add(&table, Meaning::Given(given));
            let alike = alike(locals, lengths);
            let lengths = alike.iter().map(|(length, locals)| {
                let count = literal(locals.len());
                code!((#length, #count))
            });
            head.push(code!(let #table: runtime::Slots<#count> = runtime::Slots::of::<#elem>(&[#(#lengths),*]);));
            for (at, local) in alike.into_iter().flat_map(|(_, locals)| locals).enumerate() {
                let slot = Slot { local: local.clone(), memory: memory.clone(), table: id, at };
                scope.add(&local, Meaning::Slot(slot));
            }
        }
    }
}

/// Slots of the same length, side by side.
fn alike(locals: Vec<Ident>, lengths: Vec<TokenStream>) -> Vec<(TokenStream, Vec<Ident>)> {
    let (mut alike, mut places) = (Vec::<(TokenStream, Vec<Ident>)>::new(), BTreeMap::new());
    for (local, length) in locals.into_iter().zip(lengths) {
        let place = *places.entry(length.to_string()).or_insert(alike.len());
        match alike.get_mut(place) {
            Some((_, locals)) => locals.push(local),
            None => alike.push((length, vec![local])),
        }
    }
    alike
}

fn literal(count: usize) -> Literal {
    Literal::usize_unsuffixed(count)
}

/// One of the things that stretches do, and the numbers that it defines.
struct Line {
    stmt: Read,
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
        let needs = scope.needed(&line.stmt.names);
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

/// The last stretch that needs each name; what is returned comes after all of them.
fn last_uses(scope: &Scope, stretches: &[Stretch], returned: &TokenStream) -> BTreeMap<Id, usize> {
    let uses = stretches.iter().zip(0..).flat_map(|(stretch, place)| stretch.needs.iter().map(move |&id| (id, place)));
    let returned = scope.read(returned).names.into_iter().map(|id| (id, usize::MAX));
    uses.chain(returned).collect()
}

impl Stretch {
    /// The function, and its call; `results` are the numbers that are used after it.
    fn print(&self, scope: &Scope, name: &Ident, results: &[Id], fails: bool) -> (TokenStream, TokenStream) {
        let (parameters, arguments): (Vec<_>, Vec<_>) = self.arguments(scope).into_iter().unzip();
        let (bindings, stmts) = (self.bindings(scope), self.lines.iter().map(|line| &line.stmt.tokens));
        let result = |&id: &Id| match &scope.meanings[id] {
            Meaning::Number { name, ty, .. } => Some((code!(#name), ty.clone())),
            Meaning::Given(_) | Meaning::Array(_) | Meaning::Slot(_) => None,
        };
        let (values, types): (Vec<_>, Vec<_>) = results.iter().filter_map(result).unzip();
        let (values, types) = (tuple(&values), tuple(&types));
        let may_fail = fails.then(|| code!(?));
        let call = code!(self::#name(#(#arguments),*) #may_fail);
        let (returns, value) = match (results, fails) {
            ([], false) => (None, None),
            (_, false) => (Some(code!(-> #types)), Some(values.clone())),
            (_, true) => (
                Some(code!(-> ::core::result::Result<#types, runtime::Error>)),
                Some(code!(::core::result::Result::Ok(#values))),
            ),
        };
        let function = code! {
            #[inline(never)]
            fn #name<T: runtime::Float>(#(#parameters),*) #returns {
                #(#bindings)*
                #(#stmts)*
                #value
            }
        };
        (function, if results.is_empty() { code!(#call;) } else { code!(let #values = #call;) })
    }

    /// What it is given: each parameter, and what a call has for it.
    fn arguments(&self, scope: &Scope) -> Vec<(TokenStream, TokenStream)> {
        let argument = |id: &Id| match &scope.meanings[*id] {
            Meaning::Given(given) => Some(given.argument()),
            Meaning::Number { name, ty, .. } if !self.defines.contains(id) => Some((code!(#name: #ty), code!(#name))),
            Meaning::Number { .. } | Meaning::Array(_) | Meaning::Slot(_) => None,
        };
        self.needs.iter().filter_map(argument).collect()
    }

    /// What binds its arrays.
    fn bindings(&self, scope: &Scope) -> Vec<TokenStream> {
        let mut bindings = Vec::new();
        let mut slots: BTreeMap<Id, Vec<&Slot>> = BTreeMap::new();
        for &id in &self.needs {
            match &scope.meanings[id] {
                Meaning::Array(stmt) => bindings.push(stmt.tokens.clone()),
                Meaning::Slot(slot) => slots.entry(slot.table).or_default().push(slot),
                Meaning::Given(_) | Meaning::Number { .. } => {}
            }
        }
        for (table, slots) in slots {
            let Meaning::Given(Given { name: table, .. }) = &scope.meanings[table] else { continue };
            let (locals, places) = (slots.iter().map(|slot| &slot.local), slots.iter().map(|slot| literal(slot.at)));
            let memory = &slots[0].memory;
            bindings.push(code!(let [#(#locals),*] = #table.take(&mut workspace.#memory, [#(#places),*]);));
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
                    workspace,
                    rate,
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
        let (locals, lengths) = (["a", "b", "c"].map(ident), [code!(n), code!(n * k), code!(n)]);
        let alike = alike(locals.into(), lengths.into());
        let locals = alike.iter().map(|(_, locals)| locals.iter().map(Ident::to_string).collect::<Vec<_>>().join(" "));
        assert_eq!(locals.collect::<Vec<_>>(), ["a c", "b"]);
    }
}

//! A kernel whose loop can be cut: how its fields are shared out, and how what two parts gave is joined.
//!
//! ```text
//! impl<'a, T: Float> Split<T> for LossAndGrad1<'a, T> {
//!     fn turns(&self) -> usize { self.turns }
//!     fn split(mut self, at: usize) -> (Self, Self) {
//!         let grad_w_rest = self.spare.take(self.grad_w.len());
//!         let (spare, spare_rest) = self.spare.halves();
//!         let rest = Self { x: Parts::rest(self.x, self.d * at), grad_w: grad_w_rest, spare: spare_rest, … };
//!         (Self { spare, turns: at, ..self }, rest)
//!     }
//!     fn join((loss, grad_w): …, (loss_rest, grad_w_rest): …) -> … {
//!         (loss + loss_rest, added(grad_w, grad_w_rest))
//!     }
//! }
//! ```
//!
//! and where the computation comes to it, `Parts` says how many parts the work is worth:
//!
//! ```text
//! let parts = runtime::Parts::of::<T>(&[&[13, n, d]], grad_w.len());
//! let spare = runtime::grow(&mut workspace.spare, parts.spare());
//! let (loss, _) = parts.run(|| kernels::LossAndGrad1 { … });
//! ```

use proc_macro2::{Ident, TokenStream};

use super::body::{Body, join};
use super::dims::{Places, joined};
use super::expr::{Level, Printed};
use super::kernel::{Fields, Slice, tuple};
use super::names::{Names, code, ident};
use super::workspace;
use crate::graph::Dim;
use crate::schedule::program::{Index, ReductionKind, ValueId};
use crate::schedule::split::{Share, Split};

/// What a cut kernel has beside the fields of a whole one.
pub(super) struct Cut<'a> {
    split: &'a Split,
    turns: Ident,
    first: Option<Ident>,
    spare: Option<Ident>,
}

impl<'a> Cut<'a> {
    /// Adds the field for the memory of further parts, where parts need some.
    pub(super) fn of(
        split: &'a Split,
        turns: Ident,
        first: Option<Ident>,
        names: &mut Names,
        fields: &mut Fields,
    ) -> Self {
        let needs_memory = split.shares.values().any(|share| matches!(share, Share::Sums | Share::Scratch));
        let spare = needs_memory.then(|| names.fresh("spare"));
        fields.declarations.extend(spare.iter().map(|spare| code!(pub #spare: Spare<'a, T>)));
        Self { split, turns, first, spare }
    }

    /// The fields that a part adds to: it hands them back with its results.
    pub(super) fn sums<'f>(&self, fields: &'f Fields) -> impl Iterator<Item = &'f Ident> {
        fields.slices.iter().filter(|slice| self.split.shares[&slice.buffer] == Share::Sums).map(|slice| &slice.name)
    }

    /// The implementation of `Split`, without its head.
    pub(super) fn methods(
        &self,
        body: &Body,
        fields: &Fields,
        output: &TokenStream,
        results: &[ValueId],
    ) -> TokenStream {
        let turns = &self.turns;
        let (split, join) = (self.split(body, fields), self.join(fields, output, results));
        code! {
            fn turns(&self) -> usize {
                self.#turns
            }

            #split

            #join
        }
    }

    /// `fn split(mut self, at: usize) -> (Self, Self) { … }`
    fn split(&self, body: &Body, fields: &Fields) -> TokenStream {
        let mut names = Names::taken(&["self"]);
        let all = fields.slices.iter().map(|slice| &slice.name).chain(&fields.numbers).chain(&self.spare);
        all.for_each(|name| {
            names.fresh(&name.to_string());
        });
        let (at, rest) = (names.fresh("at"), names.fresh("rest"));
        let (mut stmts, mut left, mut right) = (Vec::new(), Vec::new(), Vec::new());
        for slice in &fields.slices {
            let name = &slice.name;
            match &self.split.shares[&slice.buffer] {
                Share::Whole => right.push(code!(#name: self.#name)),
                Share::Piece(step) if slice.is_written => {
                    let (start, later) = (self.start(&body.places, step, &at), names.fresh(&format!("{name}_rest")));
                    stmts.push(code!(let (#name, #later) = self.#name.split_at_mut(#start);));
                    left.push(code!(#name));
                    right.push(code!(#name: #later));
                }
                Share::Piece(step) => {
                    let start = self.start(&body.places, step, &at);
                    right.push(code!(#name: Parts::rest(self.#name, #start)));
                }
                Share::Sums | Share::Scratch => {
                    let (spare, own) = (&self.spare, names.fresh(&format!("{name}_rest")));
                    stmts.push(code!(let #own = self.#spare.take(self.#name.len());));
                    right.push(code!(#name: #own));
                }
            }
        }
        if let Some(spare) = &self.spare {
            let later = names.fresh(&format!("{spare}_rest"));
            stmts.push(code!(let (#spare, #later) = self.#spare.halves();));
            left.push(code!(#spare));
            right.push(code!(#spare: #later));
        }
        for name in &fields.numbers {
            right.push(match Some(name) {
                _ if *name == self.turns => code!(#name: self.#name - #at),
                name if name == self.first.as_ref() => code!(#name: self.#name + #at),
                _ => code!(#name: self.#name),
            });
        }
        let (turns, mutable) = (&self.turns, self.spare.as_ref().map(|_| code!(mut)));
        code! {
            fn split(#mutable self, #at: usize) -> (Self, Self) {
                #(#stmts)*
                let #rest = Self { #(#right),* };
                (Self { #(#left,)* #turns: #at, ..self }, #rest)
            }
        }
    }

    /// Where the second part begins: `self.d * at`.
    fn start(&self, places: &Places, step: &Dim, at: &Ident) -> TokenStream {
        let axis = self.split.part.axis;
        let mut places = places.clone();
        places.set_axis(axis, code!(#at));
        places.index(&Index { offset: Dim::ZERO, strides: vec![(axis, step.clone())] }, None)
    }

    /// `fn join(left: T, right: T) -> T { left + right }`
    fn join(&self, fields: &Fields, output: &TokenStream, results: &[ValueId]) -> TokenStream {
        let mut values = Vec::new();
        let sums = self.sums(fields).count();
        let count = results.len() + sums;
        let name = |side: &str, place: usize| {
            if count == 1 { ident(side) } else { ident(&format!("{side}_{}", place + 1)) }
        };
        for (place, result) in results.iter().enumerate() {
            let (left, right) = (name("left", place), name("right", place));
            let reduction = self.split.part.reductions.iter().find(|reduction| reduction.result == *result);
            let Some(ReductionKind::Reduce(kind)) = reduction.map(|reduction| reduction.kind) else { continue };
            values.push(join(kind, Printed::atom(code!(#left)), Printed::atom(code!(#right)), Level::Scalar).tokens);
        }
        for place in results.len()..count {
            let (left, right) = (name("left", place), name("right", place));
            values.push(code!(added(#left, #right)));
        }
        let side =
            |side: &str| tuple(&(0..count).map(|place| name(side, place)).map(|name| code!(#name)).collect::<Vec<_>>());
        let (left, right, value) = (side("left"), side("right"), tuple(&values));
        code! {
            fn join(#left: #output, #right: #output) -> #output {
                #value
            }
        }
    }

    /// `parts.run(kernels::LossAndGrad1 { … })`, and what it needs before.
    pub(super) fn call(
        &self,
        body: &mut Body,
        fields: &Fields,
        kernel: &Ident,
        workspace: &mut workspace::Fields,
    ) -> (TokenStream, TokenStream) {
        let work = body.places.products(&self.split.work);
        let initialisers = &fields.initialisers;
        let is_known = fields.has_reals || !fields.borrows;
        let hint = (!is_known).then(|| code!(::<T, _>));
        let Some(field) = &self.spare else {
            let parts = code!(runtime::Parts::of::<T>(&[#(#work),*], 0));
            return (TokenStream::new(), code!(#parts.run #hint (|| kernels::#kernel { #(#initialisers),* })));
        };
        let is_own = |slice: &&Slice| matches!(self.split.shares[&slice.buffer], Share::Sums | Share::Scratch);
        let lengths = fields.slices.iter().filter(is_own).map(|slice| {
            let place = &body.buffers[&slice.buffer];
            code!(#place.len())
        });
        let own = joined(&lengths.collect::<Vec<_>>(), &code!(+));
        let (parts, spare, memory) = (body.names.fresh("parts"), body.names.fresh("spare"), workspace.spare());
        let before = code! {
            let #parts = runtime::Parts::of::<T>(&[#(#work),*], #own);
            let #spare = runtime::grow(&mut workspace.#memory, #parts.spare());
        };
        let kernel = code!(kernels::#kernel { #(#initialisers,)* #field: runtime::Spare(#spare) });
        (before, code!(#parts.run #hint (|| #kernel)))
    }
}

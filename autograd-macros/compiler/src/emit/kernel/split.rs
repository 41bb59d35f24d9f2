//! A kernel whose loop can be cut: how its fields are shared out, and how what two parts gave is joined.
//!
//! ```text
//! impl<T: Float> Split<T, 1, 1> for LossAndGrad1<'_, T> {
//!     type Output = T;
//!     fn split_off(&mut self, at: Turn) -> Self {
//!         let rest = Self { x: at.rest(self.x, self.d), turns: self.turns - at.0, ..*self };
//!         self.turns = at.0;
//!         rest
//!     }
//!     fn run<V: Lanes<T>>(self, Own { sums: [grad_w], scratch: [sums] }: Own<'_, T, 1, 1>) -> T { … }
//!     fn join(left: T, right: T) -> T {
//!         left + right
//!     }
//! }
//! ```
//!
//! and where the computation comes to it, what it adds to and computes in is beside the kernel: parts have their own.
//!
//! ```text
//! let parts = runtime::Parts::of::<T>(n, &[&[13, n, d]]);
//! …
//! let loss = parts.run_in(
//!     runtime::Own { sums: [&mut *grad_w], scratch: [&mut *numbers_1] },
//!     &mut workspace.spare,
//!     kernels::LossAndGrad1 { … },
//! );
//! ```

use proc_macro2::{Ident, Literal, TokenStream};

use super::body::{Body, join};
use super::expr::{Level, Printed};
use super::{Fields, Slice, by_reference, tuple};
use crate::emit::entry::workspace;
use crate::emit::rust::names::{code, ident};
use crate::graph::Dim;
use crate::loops::program::{ReductionKind, ValueId};
use crate::schedule::analysis::split::{Share, Split};

/// The arrays that every part has for itself: what each is called in the kernel, and where the whole loop has it.
#[derive(Default)]
pub(crate) struct Own {
    sums: Vec<(Ident, TokenStream)>,
    scratch: Vec<(Ident, TokenStream)>,
}

impl Own {
    /// Adds an array that is shared out so.
    pub(crate) fn add(&mut self, share: &Share, name: Ident, place: &TokenStream) {
        let arrays = if *share == Share::Sums { &mut self.sums } else { &mut self.scratch };
        arrays.push((name, place.clone()));
    }

    fn is_empty(&self) -> bool {
        self.sums.is_empty() && self.scratch.is_empty()
    }

    /// `1, 1`
    fn counts(&self) -> TokenStream {
        let count = |arrays: &[_]| Literal::usize_unsuffixed(arrays.len());
        let (sums, scratch) = (count(&self.sums), count(&self.scratch));
        code!(#sums, #scratch)
    }

    /// `Own { sums: [grad_w], scratch: [sums] }`
    fn pattern(&self) -> TokenStream {
        if self.is_empty() {
            return code!(_);
        }
        let name = |(name, _): &(Ident, TokenStream)| name.clone();
        let (sums, scratch) = (self.sums.iter().map(name), self.scratch.iter().map(name));
        code!(Own { sums: [#(#sums),*], scratch: [#(#scratch),*] })
    }

    /// `runtime::Own { sums: [&mut *grad_w], scratch: [&mut *numbers_1] }`
    fn places(&self) -> TokenStream {
        let place = |(_, place): &(Ident, TokenStream)| by_reference(place, true);
        let (sums, scratch) = (self.sums.iter().map(place), self.scratch.iter().map(place));
        code!(runtime::Own { sums: [#(#sums),*], scratch: [#(#scratch),*] })
    }
}

/// What makes a kernel one that can be cut.
pub(crate) struct Cut<'a> {
    pub(crate) split: &'a Split,
    pub(crate) own: Own,
    /// The field with the number of turns, and how many the whole makes.
    pub(crate) turns: (Ident, Dim),
    pub(crate) first: Option<Ident>,
}

impl Cut<'_> {
    /// `Split<T, 1, 1>`
    pub(crate) fn implemented(&self) -> TokenStream {
        let counts = self.own.counts();
        code!(Split<T, #counts>)
    }

    /// `Own { sums: [grad_w], scratch: [sums] }: Own<'_, T, 1, 1>`
    pub(crate) fn parameter(&self) -> TokenStream {
        let (pattern, counts) = (self.own.pattern(), self.own.counts());
        code!(#pattern: Own<'_, T, #counts>)
    }

    /// What an implementation of `Split` has beside `run`.
    pub(crate) fn methods(
        &self,
        body: &Body,
        fields: &Fields,
        output: &TokenStream,
        results: &[ValueId],
    ) -> TokenStream {
        let (split_off, join) = (self.split_off(body, fields), self.join(output, results));
        code! {
            #split_off

            #join
        }
    }

    /// `fn split_off(&mut self, at: Turn) -> Self { … }`
    fn split_off(&self, body: &Body, fields: &Fields) -> TokenStream {
        let (turns, _) = &self.turns;
        let mut changed = Vec::new();
        for Slice { buffer, name, is_written } in &fields.slices {
            let Share::Piece(step) = &self.split.shares[buffer] else { continue };
            let step = body.places.dim(step);
            changed.push(if *is_written {
                code!(#name: at.split(&mut self.#name, #step))
            } else {
                code!(#name: at.rest(self.#name, #step))
            });
        }
        changed.push(code!(#turns: self.#turns - at.0));
        changed.extend(self.first.iter().map(|first| code!(#first: self.#first + at.0)));
        code! {
            fn split_off(&mut self, at: Turn) -> Self {
                let rest = Self { #(#changed,)* ..*self };
                self.#turns = at.0;
                rest
            }
        }
    }

    /// `fn join(left: T, right: T) -> T { left + right }`, if there is something to join.
    fn join(&self, output: &TokenStream, results: &[ValueId]) -> Option<TokenStream> {
        if results.is_empty() {
            return None;
        }
        let name = |side: &str, place: usize| {
            if results.len() == 1 { ident(side) } else { ident(&format!("{side}_{}", place + 1)) }
        };
        let mut values = Vec::new();
        for (place, result) in results.iter().enumerate() {
            let (left, right) = (name("left", place), name("right", place));
            let reduction = self.split.part.reductions.iter().find(|reduction| reduction.result == *result);
            let Some(ReductionKind::Reduce(kind)) = reduction.map(|reduction| reduction.kind) else { continue };
            values.push(join(kind, Printed::atom(code!(#left)), Printed::atom(code!(#right)), Level::Scalar).tokens);
        }
        let side = |side: &str| {
            tuple(&(0..results.len()).map(|place| name(side, place)).map(|name| code!(#name)).collect::<Vec<_>>())
        };
        let (left, right, value) = (side("left"), side("right"), tuple(&values));
        Some(code! {
            fn join(#left: #output, #right: #output) -> #output {
                #value
            }
        })
    }

    /// `parts.run(kernels::LossAndGrad1 { … })`
    pub(crate) fn call(
        &self,
        body: &mut Body,
        fields: &Fields,
        kernel: &TokenStream,
        workspace: &mut workspace::Fields,
    ) -> TokenStream {
        let (_, turns) = &self.turns;
        let parts = body.parts(turns, &self.split.work);
        if self.own.is_empty() {
            // A kernel that reads no numbers says nothing of their type.
            let hint = (!fields.has_reals).then(|| code!(::<T, _>));
            return code!(#parts.run #hint (#kernel));
        }
        let (own, spare) = (self.own.places(), workspace.spare());
        code!(#parts.run_in(#own, &mut workspace.#spare, #kernel))
    }
}

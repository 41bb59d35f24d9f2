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

use super::body::{Body, join};
use super::expr::{Level, Value};
use super::{Fields, Slice, by_reference};
use crate::emit::entry::workspace;
use crate::emit::rust::names::ident;
use crate::emit::rust::tree::{self, Expr, Local, New, Own, Path, RestField, Type};
use crate::loops::program::{Loop, ReductionKind, ValueId};
use crate::schedule::analysis::split::{Share, Split};

/// The arrays that every part has for itself: what each is called in the kernel, and where the whole loop has it.
#[derive(Default)]
pub(crate) struct OwnArrays {
    sums: Vec<(Local, Expr)>,
    scratch: Vec<(Local, Expr)>,
}

impl OwnArrays {
    /// Adds an array that is shared out so.
    pub(crate) fn add(&mut self, share: &Share, local: Local, place: Expr) {
        let arrays = if *share == Share::Sums { &mut self.sums } else { &mut self.scratch };
        arrays.push((local, place));
    }

    fn is_empty(&self) -> bool {
        self.sums.is_empty() && self.scratch.is_empty()
    }

    /// `runtime::Own { sums: [&mut *grad_w], scratch: [&mut *numbers_1] }`
    fn places(self) -> Expr {
        let [sums, scratch] = [self.sums, self.scratch]
            .map(|arrays| Expr::Array(arrays.into_iter().map(|(_, place)| by_reference(place, true)).collect()));
        Expr::structure("runtime::Own", [("sums".into(), sums), ("scratch".into(), scratch)])
    }
}

/// What makes a kernel one that can be cut.
pub(crate) struct Cut<'a> {
    /// The whole loop.
    pub(crate) outer: &'a Loop,
    pub(crate) split: &'a Split,
    pub(crate) own: OwnArrays,
    pub(crate) part: PartFields,
}

/// The fields that say which turns of a loop a part makes.
pub(crate) struct PartFields {
    /// How many.
    pub(crate) turns: Local,
    /// Which is the first, where positions are counted.
    pub(crate) first: Option<Local>,
}

impl Cut<'_> {
    /// What the kernel has beside `run`.
    pub(crate) fn tree(&self, body: &mut Body, fields: &Fields, results: &[ValueId]) -> tree::Cut {
        let locals = |arrays: &[(Local, Expr)]| arrays.iter().map(|(local, _)| local.def()).collect::<Vec<New>>();
        let at = body.names.called(ident("at"));
        tree::Cut {
            sums: locals(&self.own.sums),
            scratch: locals(&self.own.scratch),
            rest: self.rest(body, fields, &at),
            at: at.def(),
            turns: Own(self.part.turns.clone()),
            join: self.join(body, results),
        }
    }

    /// `x: at.rest(self.x, self.d), turns: self.turns - at.0`
    fn rest(&self, body: &Body, fields: &Fields, at: &Local) -> Vec<RestField> {
        let own = |field: &Local| Expr::Own(Own(field.clone()));
        let mut rest = Vec::new();
        let mut add = |field: &Local, value: Expr| rest.push(RestField { field: Own(field.clone()), value });
        for Slice { buffer, field, is_written } in &fields.slices {
            let Share::Piece(step) = &self.split.shares[buffer] else { continue };
            let step = body.places.dim(step);
            let value = if *is_written {
                at.get().method("split", [own(field).by_mut(), step])
            } else {
                at.get().method("rest", [own(field), step])
            };
            add(field, value);
        }
        let count = || at.get().field("0");
        let PartFields { turns, first } = &self.part;
        add(turns, own(turns) - count());
        if let Some(first) = first {
            add(first, own(first) + count());
        }
        rest
    }

    /// `fn join(left: T, right: T) -> T { left + right }`, if there is something to join.
    fn join(&self, body: &mut Body, results: &[ValueId]) -> Option<tree::Join> {
        if results.is_empty() {
            return None;
        }
        let mut side = |side: &str| {
            let name =
                |place: usize| if results.len() == 1 { side.to_owned() } else { format!("{side}_{}", place + 1) };
            (0..results.len()).map(|place| body.names.called(ident(&name(place)))).collect::<Vec<Local>>()
        };
        let (left, right) = (side("left"), side("right"));
        let value = |(result, (left, right)): (&ValueId, (&Local, &Local))| {
            let reduction = self.outer.reductions.iter().find(|reduction| reduction.result == *result);
            match reduction.map(|reduction| reduction.kind) {
                Some(ReductionKind::Reduce(kind)) => {
                    join(kind, Value::leaf(left.get()), Value::leaf(right.get()), Level::Scalar).expr
                }
                Some(ReductionKind::Position(_)) | None => {
                    Expr::Missing(format!("how parts of the result {result} are joined"))
                }
            }
        };
        let values = results.iter().zip(left.iter().zip(&right)).map(value).collect();
        let new = |locals: &[Local]| locals.iter().map(Local::def).collect();
        Some(tree::Join { left: new(&left), right: new(&right), value: Expr::tuple(values) })
    }

    /// `parts.run(kernels::LossAndGrad1 { … })`
    pub(crate) fn call(
        self,
        body: &mut Body,
        has_reals: bool,
        kernel: Expr,
        (workspace, place): (&mut workspace::Fields, Expr),
    ) -> Expr {
        let parts = body.parts(&self.split.turns, &self.split.work).get();
        if self.own.is_empty() {
            // A kernel that reads no numbers says nothing of their type.
            let run = if has_reals { Path::from("run") } else { Path::of("run", [Type::scalar(), "_".into()]) };
            return parts.method(run, [kernel]);
        }
        let spare = place.field(workspace.spare()).by_mut();
        parts.method("run_in", [self.own.places(), spare, kernel])
    }
}

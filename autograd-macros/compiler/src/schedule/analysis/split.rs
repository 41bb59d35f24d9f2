//! Parallelism analysis: which loops may run in parts on several threads, and what a part needs.
//!
//! A loop at the top level may be cut between any two of its turns if they do not need each other: nothing is handed
//! along, every turn writes to its own piece of memory, or to memory that any turn overwrites before it reads, or adds
//! to sums that are put together afterwards.
//!
//! ```text
//! for i0 in 0..N                  part: so many of these turns
//!     v3 = sum v2, for i1 …           …
//!         v0 = b1[D*i0 + i1]              b1 begins at D*at
//!     b0[i0] = v3                     b0 is cut at at
//!     b4[i3] sum= v7                  each part has its own b4; they are added
//! ```

use std::collections::BTreeMap;

use crate::cost;
use crate::graph::{Dim, Elem};
use crate::loops::program::{Along, AxisId, BufferId, Expr, Index, Loop, Program, ReductionKind, Stmt, Storage, Sums};
use crate::loops::visit::{Mode, Part, accesses, loops, visit};
use crate::machine::{LONG_BODY, MANY_TURNS, TINY, WIDE_COST, WORTH_CUTTING};
use crate::ops::ReduceKind;
use crate::schedule::maps::sure;

/// How a loop at the top level is cut into parts.
#[derive(Clone, Debug)]
pub struct Split {
    /// How many turns the whole loop makes.
    pub turns: Dim,
    /// Whether a part has to know which turn of the whole loop is its first: positions along the loop are counted from there.
    pub counts: bool,
    /// What a part has of each buffer.
    pub shares: BTreeMap<BufferId, Share>,
    /// The work of the whole loop: how many numbers it computes, as additions count.
    pub work: Dim,
}

/// What a part has of a buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Share {
    /// All of it, to read.
    Whole,
    /// The piece that its turns move along, each by so many elements.
    Piece(Dim),
    /// One of its own to add to, from 0; in the end they are added up.
    Sums,
    /// One of its own, for what every turn computes anew.
    Scratch,
}

/// How a loop at the top level may be cut, if it may.
#[must_use]
pub fn split(program: &Program, outer: &Loop) -> Option<Split> {
    let is_sequential = !outer.carries.is_empty();
    let finds_position = outer.reductions.iter().any(|reduction| matches!(reduction.kind, ReductionKind::Position(_)));
    if is_sequential || finds_position || outer.extent.as_constant().is_some_and(|turns| turns < 2) {
        return None;
    }
    let turns = outer.extent.dim()?.clone();
    let work = sure(turns.mul(&cost::of_block(&outer.body, outer.is_vector())?));
    if work.as_constant().is_some_and(|work| work < WORTH_CUTTING) {
        return None;
    }
    let accesses = Accesses::of(&outer.body)?;
    let mut shares = BTreeMap::new();
    for (&buffer, found) in &accesses.buffers {
        shares.insert(buffer, share(program, outer, &accesses, buffer, found)?);
    }
    let mut own_levels = |sums: &[Sums]| shares.extend(sums.iter().map(|sums| (sums.levels, Share::Scratch)));
    own_levels(&outer.sums);
    visit(&outer.body, &mut |stmt| stmt.as_loop().into_iter().for_each(|inner| own_levels(&inner.sums)));
    Some(Split { turns, counts: counts_along(&outer.body, outer.axis), shares, work })
}

/// Whether each turn of a loop touches a piece of the buffer of its own.
pub(crate) fn is_cut_by_turns(program: &Program, outer: &Loop, buffer: BufferId) -> bool {
    Accesses::of(&outer.body).is_some_and(|accesses| {
        let touches = accesses.buffers.get(&buffer);
        touches
            .is_some_and(|touches| matches!(share(program, outer, &accesses, buffer, touches), Some(Share::Piece(_))))
    })
}

/// Whether statements are known to be less work than a call: arithmetic on a few numbers. An elementary function is
/// computed for a whole pack however many of its lanes are in use.
#[must_use]
pub fn is_tiny(stmts: &[Stmt]) -> bool {
    let mut is_arithmetic = true;
    visit(stmts, &mut |stmt| {
        if let Some(Expr::Map(function, _)) = stmt.expr() {
            is_arithmetic &= function.cost() <= cost::ARITHMETIC;
        }
    });
    let work = cost::of_block(stmts, false).and_then(|work| work.as_constant());
    is_arithmetic && work.is_some_and(|work| work < TINY)
}

/// Whether two registers to a pack may pay: several elementary functions are computed for each of many elements, where
/// every operation waits for the one before. Not along rows, which are often short, and not in a body so long that it would
/// take much longer to compile. A loop of unknown length has to be one that can be cut: its turns are counted when it runs.
#[must_use]
pub fn is_wide(stmts: &[Stmt], is_cut: bool) -> bool {
    loops(stmts).any(|outer| {
        let (mut elementary, mut is_by_rows, mut length) = (0, false, 0);
        visit(&outer.body, &mut |stmt| {
            length += 1;
            is_by_rows |= stmt.as_loop().is_some_and(Loop::is_by_rows);
            if let Some(Expr::Map(function, _)) = stmt.expr()
                && function.cost() > cost::ARITHMETIC
            {
                elementary += function.cost();
            }
        });
        let may_be_long = outer.extent.as_constant().map_or(is_cut, |extent| extent >= MANY_TURNS);
        outer.is_vector() && !is_by_rows && elementary >= WIDE_COST && may_be_long && length <= LONG_BODY
    })
}

/// What a loop does to each buffer, and how far its inner loops run.
#[derive(Default)]
struct Accesses<'a> {
    buffers: BTreeMap<BufferId, Touches<'a>>,
    extents: BTreeMap<AxisId, &'a Dim>,
}

#[derive(Default)]
struct Touches<'a> {
    indices: Vec<&'a Index>,
    loads: usize,
    stores: usize,
    sums: usize,
    is_guarded: bool,
}

impl<'a> Accesses<'a> {
    /// `None` if the body does what no turn can do alone.
    fn of(body: &'a [Stmt]) -> Option<Self> {
        let mut accesses = Self::default();
        let mut is_known = true;
        visit(body, &mut |stmt| {
            // What a loop does itself is to its sums, and those have levels for every part.
            if let Some(inner) = stmt.as_loop() {
                accesses.extents.extend(inner.extent.dim().map(|extent| (inner.axis, extent)));
                return;
            }
            stmt.accesses(&mut |access| match (access.part, access.mode) {
                (Part::Element(index), Mode::Read) => {
                    let touches = accesses.touch(access.buffer, index);
                    touches.loads += 1;
                    touches.is_guarded |= access.is_guarded;
                }
                (Part::Element(index), Mode::Write) => accesses.touch(access.buffer, index).stores += 1,
                (Part::Element(index), Mode::Add(ReduceKind::Sum)) => accesses.touch(access.buffer, index).sums += 1,
                (Part::Element(_), Mode::Add(_)) | (Part::Many, _) => is_known = false,
            });
        });
        is_known.then_some(accesses)
    }

    fn touch(&mut self, buffer: BufferId, index: &'a Index) -> &mut Touches<'a> {
        let touches = self.buffers.entry(buffer).or_default();
        touches.indices.push(index);
        touches
    }
}

/// What a part has of a buffer, if its turns do not need each other.
fn share(program: &Program, outer: &Loop, accesses: &Accesses, buffer: BufferId, touches: &Touches) -> Option<Share> {
    let there = &program.buffers[buffer.index()];
    let (is_real, is_temporary) = (there.elem == Elem::Real, matches!(there.storage, Storage::Temporary(_)));
    let is_only_read = touches.stores + touches.sums == 0;
    let along = touches.indices[0].along(outer.axis);
    if touches.indices.iter().any(|index| index.along(outer.axis) != along) {
        return None;
    }
    let step = match along {
        // A piece begins where the turns of the part do; what a guard keeps from being read may lie before it.
        Along::Steps(_) if touches.is_guarded => return None,
        Along::Steps(step) => step,
        // Positions are counted from the first turn of all, so what is computed from them is right in every part.
        Along::Unknown => {
            let is_computed = touches.indices.iter().all(|index| index.coefficient(outer.axis).is_none());
            return (is_only_read && is_computed).then_some(Share::Whole);
        }
        Along::Fixed => {
            return match touches {
                _ if is_only_read => Some(Share::Whole),
                Touches { loads: 0, stores: 0, .. } if is_real => Some(Share::Sums),
                Touches { sums: 0, .. } if is_real && is_temporary && !is_touched_outside(program, outer, buffer) => {
                    Some(Share::Scratch)
                }
                _ => None,
            };
        }
    };
    let stays = |index: &&Index| stays_in_turn(index, outer.axis, step, &accesses.extents);
    let moves_on = is_only_read && step.is_never_negative() || touches.indices.iter().all(stays);
    (moves_on && !there.cell.is_pack()).then(|| Share::Piece(step.clone()))
}

/// Whether anything else in the program touches a buffer.
fn is_touched_outside(program: &Program, outer: &Loop, buffer: BufferId) -> bool {
    let count = |body: &[Stmt]| {
        let mut count = 0;
        accesses(body, &mut |access| count += usize::from(access.buffer == buffer));
        count
    };
    count(&program.body) > count(&outer.body)
}

/// Whether an index lies in `step * i .. step * (i + 1)` in every turn `i`, wherever the inner loops are.
fn stays_in_turn(index: &Index, axis: AxisId, step: &Dim, extents: &BTreeMap<AxisId, &Dim>) -> bool {
    let inner = || index.strides.iter().filter(|(along, _)| *along != axis);
    let reach = inner().try_fold(index.offset.clone(), |reach, (along, stride)| {
        reach.add(&stride.mul(&extents.get(along)?.sub(&Dim::ONE)?)?)
    });
    let left = reach.and_then(|reach| step.sub(&reach)?.sub(&Dim::ONE));
    let rises = |dim: &Dim| dim.is_never_negative() || extents.values().any(|extent| *extent == dim);
    rises(&index.offset)
        && inner().all(|(_, stride)| rises(stride))
        && left.is_some_and(|left| left.is_never_negative())
}

/// Whether there are positions along the axis.
fn counts_along(body: &[Stmt], axis: AxisId) -> bool {
    let mut counts = false;
    visit(body, &mut |stmt| stmt.counts(&mut |index| counts |= index.coefficient(axis).is_some()));
    counts
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {

    use expect_test::{Expect, expect};

    use crate::entries::EntryKind;
    use crate::schedule::print::print_split;
    use crate::testing::models::compiled;

    /// What parts have of each buffer, for every loop at the top level of the loss with its gradient, or of all
    /// outputs.
    fn check(model: &str, expected: &Expect) {
        let entries = compiled(model).1.entries;
        let kinds = [EntryKind::LossAndGradient, EntryKind::Outputs, EntryKind::Output(0)];
        let entry = kinds.iter().find_map(|kind| entries.iter().find(|entry| entry.point.kind == *kind));
        let program = &entry.expect("one of them is there").program;
        expected.assert_eq(&print_split(program));
    }

    #[test]
    fn sums_and_elementwise_loops_are_cut() {
        let line = "Line<N> { param w, b; input x: [N], y: [N]; loss = mean((w*x + b - y)^2); }";
        check(
            line,
            &expect![[r#"
                over N: work 12*N, y by 1, x by 1
            "#]],
        );
        let shift = "Shift<N> { input x: [N]; y = exp(x[1..]) - x[..-1]; }";
        check(
            shift,
            &expect![[r#"
            over N - 1: work 22*N - 22, y by 1, x by 1
        "#]],
        );
    }

    #[test]
    fn little_work_is_done_where_it_stands() {
        check(
            "Line { param w, b; input x: [8], y: [8]; loss = mean((w*x + b - y)^2); }",
            &expect![[r#"
                over 8: where it stands
            "#]],
        );
        // More of it, dearer, or of unknown length.
        check(
            "Lines<N> { input x: [80], y: [3], z: [N]; a = 2 * x; b = exp(sin(y)); c = 2 * z; d = 2 * y; }",
            &expect![[r#"
                over 80: whole
                over 3: whole
                over N: work 7*N, c by 1, z by 1
            "#]],
        );
    }

    #[test]
    fn rows_have_scratch_and_add_to_sums() {
        let logistic = "Logistic<N, D> { param w: [D], b; input x: [N, D], y: [N];
            loss = mean(bce_with_logits(x @ w + b, y)); }";
        check(
            logistic,
            &expect![[r#"
                over N: work 17*D*N + 70*N, sums in t, x by D, y by 1, scratch in levels
            "#]],
        );
        let softmax = "Softmax<N, K> { input x: [N, K]; p = softmax(x, K); best = argmax(x, axis = K); }";
        check(
            softmax,
            &expect![[r#"
                over N: work 29*K*N + 264*N, p by K, best by 1, x by K
            "#]],
        );
    }

    #[test]
    fn gradients_of_rows_are_cut() {
        let norm = "Norm<N, D> { param gain: [D]; input x: [N, D], y: [N, D];
            let centred = x - mean(x, D)[.., new];
            loss = mean((gain * centred / sqrt(var(x, D)[.., new] + 0.001) - y)^2); }";
        check(
            norm,
            &expect![[r#"
                over N: work 35*D*N + 46*N, sums in t, x by D, y by D, scratch in levels
            "#]],
        );
        let softmax = "Softmax<N, K> { param x: [N, K]; loss = sum(softmax(x, K)^2); }";
        check(
            softmax,
            &expect![[r#"
                over N: work 43*K*N + 320*N, t by K, x by K, scratch in t
            "#]],
        );
    }

    #[test]
    fn turns_that_need_each_other_stay_together() {
        let running = "Running<N> { input x: [N]; y = cumsum(x); }";
        check(
            running,
            &expect![[r#"
            over N: whole
        "#]],
        );
        let best = "Best<N> { input x: [N]; y = argmax(x); }";
        check(
            best,
            &expect![[r#"
            over N: whole
        "#]],
        );
        // From both ends at once: no piece moves along with the turns.
        let flipped = "Flipped<N> { input x: [N]; y = x * flip(x); }";
        check(
            flipped,
            &expect![[r#"
            over N: whole
        "#]],
        );
        let diagonal = "Ends<N> { input x: [N]; y = x - x[0]; }";
        check(
            diagonal,
            &expect![[r#"
            over N: work 7*N, y by 1, x by 1
        "#]],
        );
    }

    #[test]
    fn parts_of_results_are_told_apart_by_their_extents() {
        let beside = "Beside<N, A, B> { input x: [N, A], y: [N, B]; z = concat([x, y], axis = 1); }";
        check(
            beside,
            &expect![[r#"
            over N: work 6*A*N + 64*N, z by A + B, x by A
            over N: work 6*B*N + 64*N, z by A + B, y by B
        "#]],
        );
        let below = "Below<N, M> { input x: [N], y: [M]; z = concat([x, y]); }";
        check(
            below,
            &expect![[r#"
            over N: work 6*N, z by 1, x by 1
            over M: whole
        "#]],
        );
        let shorter = "Shorter<N, D> { input x: [N, D]; z = exp(x[.., 1..] - x[.., ..-1]); }";
        check(
            shorter,
            &expect![[r#"
            over N: work 22*D*N + 42*N, z by D - 1, x by D
        "#]],
        );
    }
}

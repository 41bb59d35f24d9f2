//! Passes over a loop program, one file each, and the order in which they run.

pub(crate) mod alias;
pub(crate) mod array_contraction;
pub(crate) mod cascade;
pub(crate) mod coalesce;
pub(crate) mod code_motion;
pub(crate) mod collapse;
pub(crate) mod dead_code;
pub(crate) mod distribute;
pub(crate) mod interchange;
pub(crate) mod lanes;
pub(crate) mod prefetch;
pub(crate) mod relayout;
pub(crate) mod skip;
pub(crate) mod slots;
pub(crate) mod versions;

use crate::loops::program::Program;
use crate::pass::{Fact, Pass};

/// All passes over a lowered program, in order.
pub(crate) static PASSES: [Pass<Program>; 14] = [
    Pass {
        name: "remove_dead",
        why: "dead code elimination: what nothing reads goes",
        needs: &[Fact::Legal],
        gives: &[],
        after: &[],
        required: false,
        run: |program, ()| dead_code::remove_dead(program),
    },
    Pass {
        name: "numbers_first",
        why: "code motion: numbers that wait for no loop stand before the loops",
        needs: &[Fact::Legal],
        gives: &[],
        after: &[],
        required: false,
        run: |program, ()| code_motion::numbers_first(program),
    },
    Pass {
        name: "distribute",
        why: "loop distribution: sums over the rows of small matrices in loops of their own",
        needs: &[Fact::Legal],
        gives: &[],
        after: &[],
        required: false,
        run: |program, ()| distribute::distribute(program),
    },
    Pass {
        name: "reuse_memory",
        why: "memory coalescing: a temporary lives where a later array of its shape will",
        needs: &[Fact::Legal],
        gives: &[],
        after: &[],
        required: false,
        run: |program, ()| coalesce::reuse_memory(program),
    },
    Pass {
        name: "shrink_temporaries",
        why: "array contraction: a temporary of one turn loses the axis of the loop",
        needs: &[Fact::Legal],
        gives: &[],
        after: &["reuse_memory"],
        required: false,
        run: |program, ()| array_contraction::shrink_temporaries(program),
    },
    Pass {
        name: "collapse",
        why: "loop collapsing: loops over contiguous memory become one",
        needs: &[Fact::Legal],
        gives: &[],
        after: &["shrink_temporaries"],
        required: false,
        run: |program, ()| collapse::collapse(program),
    },
    Pass {
        name: "interchange",
        why: "loop interchange: sums over many rows stay in registers",
        needs: &[Fact::Legal],
        gives: &[],
        after: &["distribute", "collapse"],
        required: false,
        run: |program, ()| interchange::interchange(program),
    },
    Pass {
        name: "assign_lanes",
        why: "vectorisation: which loops run in packs of lanes",
        needs: &[Fact::Legal],
        gives: &[],
        after: &["collapse", "interchange"],
        required: false,
        run: |program, ()| lanes::assign_lanes(program),
    },
    Pass {
        name: "skip_zeros",
        why: "predication: loops that add multiples of 0 are not run",
        needs: &[Fact::Legal],
        gives: &[],
        after: &["assign_lanes"],
        required: false,
        run: |program, ()| skip::skip_zeros(program),
    },
    Pass {
        name: "update_in_place",
        why: "alias assignment: new values are written where the old ones lie, or handed over",
        needs: &[Fact::Legal],
        gives: &[Fact::Assigned],
        after: &["assign_lanes"],
        required: true,
        run: |program, ()| alias::update_in_place(program),
    },
    Pass {
        name: "short_forms",
        why: "loop versioning: nests over an axis of unknown length have a form for short ones",
        needs: &[Fact::Legal],
        gives: &[],
        after: &["assign_lanes", "skip_zeros", "update_in_place"],
        required: false,
        run: |program, ()| versions::short_forms(program),
    },
    Pass {
        name: "keep_sums_in_levels",
        why: "cascade summation: long sums in memory are kept in levels",
        needs: &[Fact::Legal],
        gives: &[],
        after: &["assign_lanes"],
        required: false,
        run: |program, ()| cascade::keep_sums_in_levels(program),
    },
    Pass {
        name: "ask_ahead",
        why: "software prefetch: memory is asked for before it is written",
        needs: &[Fact::Legal],
        gives: &[],
        after: &["assign_lanes"],
        required: false,
        run: |program, ()| prefetch::ask_ahead(program),
    },
    Pass {
        name: "assign_slots",
        why: "memory allocation by liveness: temporaries whose lives do not overlap share the workspace",
        needs: &[Fact::Assigned],
        gives: &[Fact::Placed],
        after: &["keep_sums_in_levels"],
        required: true,
        run: |program, ()| slots::assign_slots(program),
    },
];

//! Passes over a loop program, one file each, and the order in which they run.

pub(crate) mod alias;
pub(crate) mod cascade;
pub(crate) mod collapse;
pub(crate) mod distribute;
pub(crate) mod interchange;
pub(crate) mod lanes;
pub(crate) mod prefetch;
pub(crate) mod slots;
pub(crate) mod tidy;

use crate::loops::program::Program;

/// What is done to a program that has been lowered; `targets` are those of a step.
pub(crate) type Pass = fn(program: &mut Program, targets: &[&str]);

/// All passes over a lowered program, in order.
pub(crate) const PASSES: [(&str, Pass); 12] = [
    ("remove_dead", |program, _| tidy::remove_dead(program)),
    ("numbers_first", |program, _| tidy::numbers_first(program)),
    ("distribute", |program, _| distribute::distribute(program)),
    ("reuse_memory", |program, _| alias::reuse_memory(program)),
    ("shrink_temporaries", |program, _| tidy::shrink_temporaries(program)),
    ("collapse", |program, _| collapse::collapse(program)),
    ("interchange", |program, _| interchange::interchange(program)),
    ("assign_lanes", |program, _| lanes::assign_lanes(program)),
    ("update_in_place", alias::update_in_place),
    ("keep_sums_in_levels", |program, _| cascade::keep_sums_in_levels(program)),
    ("ask_ahead", |program, _| prefetch::ask_ahead(program)),
    ("assign_slots", |program, _| slots::assign_slots(program)),
];

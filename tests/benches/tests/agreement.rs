//! The two forms of every workload give the same numbers, and neither allocates.

use autograd_benches::{allocations, difference, workloads};

#[global_allocator]
static COUNTED: allocations::Counted = allocations::Counted;

/// Without the harness: the count of allocations is that of the whole program, whose other threads may make some.
fn main() {
    for entry in workloads() {
        let mut workload = (entry.make)(entry.small);
        for evaluation in 1..=3 {
            workload.model();
            workload.hand();
            let found = difference(&workload.results());
            assert!(found <= entry.tolerance, "{}, evaluation {evaluation}: off by {found:e}", entry.name);
        }
        workload.value();
        workload.value_and_gradient();
        let made = allocations::count(|| {
            workload.model();
            workload.hand();
            workload.value();
            workload.value_and_gradient();
        });
        assert_eq!(made, 0, "{}", entry.name);
        println!("{}: both forms agree, neither allocates", entry.name);
    }
}

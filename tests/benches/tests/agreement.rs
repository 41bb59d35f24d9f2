//! The two forms of every workload give the same numbers, and neither allocates.

use autograd_benches::{Case, Scale, allocations, difference, level, unseen, workloads};

#[global_allocator]
static COUNTED: allocations::Counted = allocations::Counted;

/// Without the harness: the count of allocations is that of the whole program, whose other threads may make some.
fn main() {
    level::from_environment().expect("a level of this processor");
    for case in workloads().into_iter().map(Case::from).chain(unseen::cases()).filter(|case| case.has_hand) {
        let mut workload = (case.make)(Scale::Small);
        for evaluation in 1..=3 {
            workload.model();
            workload.hand();
            let found = difference(&workload.results());
            assert!(found <= case.tolerance, "{}, evaluation {evaluation}: off by {found:e}", case.name);
        }
        workload.value();
        workload.value_and_gradient();
        let made = allocations::count(|| {
            workload.model();
            workload.hand();
            workload.value();
            workload.value_and_gradient();
        });
        assert_eq!(made, 0, "{}", case.name);
        println!("{}: both forms agree, neither allocates", case.name);
    }
}

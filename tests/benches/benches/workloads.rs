//! `cargo bench -p autograd-benches`: every workload as a `model!` and by hand, one after the other.
//!
//! `cargo bench -p autograd-benches -- e/f32` measures those whose name holds the text. For ratios, see the program
//! `ratios`, which lets the two take turns.

use autograd_benches::{Workload, workloads};
use criterion::{Criterion, criterion_group, criterion_main};

/// One of the computations of a workload.
type Form = fn(&mut dyn Workload);

fn bench(criterion: &mut Criterion) {
    for entry in workloads() {
        let mut group = criterion.benchmark_group(entry.name);
        group.sample_size(31);
        // Made when first run, so that what the filter leaves out costs nothing.
        let mut workload = None;
        let forms: [(&str, Form); 4] = [
            ("model", |workload| workload.model()),
            ("hand", |workload| workload.hand()),
            ("loss", |workload| workload.value()),
            ("loss-and-gradient", |workload| workload.value_and_gradient()),
        ];
        let count = if entry.gradient_bar.is_some() { 4 } else { 2 };
        for (form, run) in &forms[..count] {
            group.bench_function(*form, |bencher| {
                let workload = workload.get_or_insert_with(|| (entry.make)(entry.size));
                workload.reset();
                bencher.iter(|| run(&mut **workload));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);

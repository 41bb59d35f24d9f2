//! `cargo run --release -p autograd-benches --bin ratios`: what `model!` makes against the same written by hand.
//!
//! The forms of a workload take turns in one process; a row shows medians, the spread from the tenth to the ninetieth
//! percentile, and the ratios of the medians. `--only e,f` runs the workloads whose name starts so, `--quick` takes fewer
//! samples, `--json` prints one JSON object a line. `LEVEL=avx2` or `LEVEL=portable` in the environment keeps to those
//! instructions.
//!
//! `cargo run --release -p autograd-benches --features unseen --bin ratios -- --suite unseen` measures what no rule was made
//! for instead. One family alone is built sooner: `--no-default-features --features short`.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use autograd_benches::measure::{Effort, Spread, in_turns};
use autograd_benches::{Case, Scale, Workload, allocations, difference, level, unseen, workloads};

#[global_allocator]
static COUNTED: allocations::Counted = allocations::Counted;

/// What emitted code may cost at most, as a multiple of what is written by hand.
const BAR: f64 = 1.10;

struct Row {
    case: Case,
    model: Spread,
    hand: Spread,
    ratio: f64,
    /// The gradient with the loss, over the loss alone.
    gradient_ratio: Option<f64>,
    difference: f64,
    workspace: usize,
    data: usize,
    allocations: usize,
    /// The loss, or what the first array of results starts with.
    first: f64,
}

fn main() -> ExitCode {
    let mut effort = Effort { samples: 41, sample_time: Duration::from_millis(2) };
    let (mut json, mut is_unseen, mut only) = (false, false, String::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => json = true,
            "--quick" => effort = Effort { samples: 7, sample_time: Duration::from_millis(1) },
            "--suite" => is_unseen = arguments.next().as_deref() == Some("unseen"),
            "--only" => only = arguments.next().unwrap_or_default(),
            _ => {
                eprintln!("usage: ratios [--suite unseen] [--json] [--quick] [--only a,b/f32,…]");
                return ExitCode::FAILURE;
            }
        }
    }
    if let Err(mistake) = level::from_environment() {
        eprintln!("{mistake}");
        return ExitCode::FAILURE;
    }
    // This thread is one of the pool's: a large call need not wake another one before it begins.
    let pool = rayon_core::ThreadPoolBuilder::new().use_current_thread().build_global();
    pool.expect("nothing has started the pool");
    let wanted = |case: &Case| only.is_empty() || only.split(',').any(|start| case.name.starts_with(start));
    let cases = if is_unseen { unseen::cases() } else { workloads().into_iter().map(Case::from).collect() };
    if !json {
        print_head(effort);
    }
    let mut wrong = 0;
    for case in cases.into_iter().filter(wanted) {
        let row = measure(case, effort);
        wrong += usize::from(row.difference > row.case.tolerance);
        if json { print_json(&row) } else { print(&row) }
    }
    if wrong > 0 {
        eprintln!("{wrong} workloads differ from their hand-written form by more than they may");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// What takes longer is measured a quarter as often.
const LONG: Duration = Duration::from_millis(25);

fn measure(case: Case, mut effort: Effort) -> Row {
    let mut workload = (case.make)(Scale::Full);
    workload.model();
    let start = Instant::now();
    workload.model();
    workload.hand();
    if start.elapsed() > LONG {
        effort.samples = effort.samples.div_ceil(4);
    }
    let results = workload.results();
    let difference = if case.has_hand { difference(&results) } else { 0.0 };
    let first = results[0].first().and_then(|array| array.first()).copied().unwrap_or(f64::NAN);
    drop(results);
    let allocations = allocations::count(|| workload.model());

    let mut subject = Subject(workload);
    let reset = |subject: &mut Subject| subject.0.reset();
    let (gradient_ratio, samples) = if case.gradient_bar.is_some() {
        let runs: [fn(&mut Subject); 4] =
            [|s| s.0.model(), |s| s.0.hand(), |s| s.0.value(), |s| s.0.value_and_gradient()];
        let [model, hand, value, both] = in_turns(effort, &mut subject, reset, runs);
        (Some(both.median / value.median), [model, hand])
    } else {
        let second: fn(&mut Subject) = if case.has_hand { |s| s.0.hand() } else { |s| s.0.model() };
        (None, in_turns(effort, &mut subject, reset, [|s| s.0.model(), second]))
    };
    let [model, hand] = samples;
    let (workspace, data) = (subject.0.workspace_bytes(), subject.0.data_bytes());
    // Where there is nothing by hand, this is the model once more.
    let ratio = model.median / hand.median;
    Row { case, model, hand, ratio, gradient_ratio, difference, workspace, data, allocations, first }
}

struct Subject(Box<dyn Workload>);

fn print_head(effort: Effort) {
    println!("# {}", command());
    println!(
        "# instructions: {:?}; medians of {} samples (10th to 90th percentile), taken in turns; bar: {BAR:.2}",
        autograd_core::simd::level(),
        effort.samples
    );
    println!(
        "{:<34}{:>30}{:>30}{:>8}{:>20}{:>12}{:>14}{:>12}{:>8}",
        "workload", "model!", "by hand", "ratio", "gradient/loss", "difference", "workspace", "data", "allocs"
    );
}

fn command() -> String {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments = if arguments.is_empty() { String::new() } else { format!(" -- {}", arguments.join(" ")) };
    format!("cargo run --release -p autograd-benches --bin ratios{arguments}")
}

fn print(row: &Row) {
    let gradient = match (row.gradient_ratio, row.case.gradient_bar) {
        (Some(ratio), Some(bar)) => format!("{ratio:.2} (bar {bar:.1})"),
        _ => String::new(),
    };
    println!(
        "{:<34}{:>30}{:>30}{:>8.2}{:>20}{:>12.0e}{:>14}{:>12}{:>8}",
        row.case.name,
        text(row.model),
        if row.case.has_hand { text(row.hand) } else { "-".to_owned() },
        row.ratio,
        gradient,
        row.difference,
        bytes(row.workspace),
        bytes(row.data),
        row.allocations
    );
}

/// `12.3 µs (12.1 to 14.0)`
fn text(time: Spread) -> String {
    let (unit, scale) = match time.median {
        t if t >= 1.0 => ("s", 1.0),
        t if t >= 1e-3 => ("ms", 1e3),
        t if t >= 1e-6 => ("µs", 1e6),
        _ => ("ns", 1e9),
    };
    format!(
        "{:.4} {unit} ({:.4} to {:.4})",
        Short(time.median * scale),
        Short(time.low * scale),
        Short(time.high * scale)
    )
}

/// A number in as many significant digits as its precision says.
struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let decimals = match self.0 {
            x if x >= 100.0 => 0,
            x if x >= 10.0 => 1,
            _ => 2,
        };
        write!(f, "{:.decimals$}", self.0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
fn bytes(count: usize) -> String {
    match count {
        0..10_000 => format!("{count} B"),
        10_000..10_000_000 => format!("{:.0} KiB", count as f64 / 1024.0),
        _ => format!("{:.0} MiB", count as f64 / 1024.0 / 1024.0),
    }
}

fn print_json(row: &Row) {
    let spread = |time: Spread| {
        format!(
            r#"{{"low": {:e}, "median": {:e}, "high": {:e}, "clean": {}}}"#,
            time.low, time.median, time.high, time.is_clean
        )
    };
    let gradient = row.gradient_ratio.map_or("null".to_owned(), |ratio| format!("{ratio:.4}"));
    println!(
        r#"{{"name": "{}", "about": "{}", "model": {}, "hand": {}, "has_hand": {}, "ratio": {:.4}, "gradient_ratio": {gradient}, "difference": {:e}, "workspace": {}, "data": {}, "allocations": {}, "first": {:e}}}"#,
        row.case.name,
        row.case.about,
        spread(row.model),
        spread(row.hand),
        row.case.has_hand,
        row.ratio,
        row.difference,
        row.workspace,
        row.data,
        row.allocations,
        row.first
    );
}

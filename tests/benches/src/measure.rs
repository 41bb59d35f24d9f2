//! Times of several computations that take turns, so that whatever disturbs the machine disturbs all of them.
//!
//! A sample is clean if its thread waited for a core during less than a fiftieth of it (Linux says so; elsewhere every
//! sample counts as clean). What is disturbed is measured again, up to a limit.

use std::fs;
use std::time::{Duration, Instant};

/// The median of a number of samples, and how far they spread.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// A tenth of the samples are below.
    pub low: f64,
    /// Half of the samples are below.
    pub median: f64,
    /// A tenth of the samples are above.
    pub high: f64,
    /// Whether these are clean samples; else the machine was too busy to get enough of them, and these are all.
    pub is_clean: bool,
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How many samples of each computation.
    pub samples: usize,
    /// A sample repeats its computation until it takes so long.
    pub sample_time: Duration,
}

/// How many times as many samples as wanted are taken at most, for want of clean ones.
const PATIENCE: usize = 4;

/// Seconds a call of each of `COUNT` computations, measured in turns.
///
/// `run[i]` computes number `i` once; `reset` is called before every sample, outside of the time.
pub fn in_turns<S, const COUNT: usize>(
    effort: Effort,
    subject: &mut S,
    reset: impl Fn(&mut S),
    run: [fn(&mut S); COUNT],
) -> [Spread; COUNT] {
    let calls = run.map(|run| calls_in(effort.sample_time, subject, &reset, run));
    let mut samples = [const { Samples::new() }; COUNT];
    for round in 0..PATIENCE * effort.samples {
        if round >= effort.samples && samples.iter().all(|samples| samples.clean.len() >= effort.samples) {
            break;
        }
        for i in 0..COUNT {
            reset(subject);
            samples[i].take(subject, run[i], calls[i]);
        }
    }
    samples.map(|samples| samples.spread(effort.samples))
}

/// The samples of one computation.
struct Samples {
    clean: Vec<f64>,
    all: Vec<f64>,
}

impl Samples {
    const fn new() -> Self {
        Self { clean: Vec::new(), all: Vec::new() }
    }

    fn take<S>(&mut self, subject: &mut S, run: fn(&mut S), calls: u32) {
        let waited = waited();
        let took = time(subject, run, calls);
        let is_clean = match (waited, self::waited()) {
            (Some(before), Some(after)) => after.saturating_sub(before) * 50 < took,
            _ => true,
        };
        let seconds = took.as_secs_f64() / f64::from(calls);
        self.all.push(seconds);
        if is_clean {
            self.clean.push(seconds);
        }
    }

    /// The clean ones, if there are a third of those wanted.
    fn spread(self, wanted: usize) -> Spread {
        let is_clean = 3 * self.clean.len() >= wanted;
        let mut samples = if is_clean { self.clean } else { self.all };
        samples.sort_by(f64::total_cmp);
        let last = samples.len() - 1;
        let middle = f64::midpoint(samples[last / 2], samples[last.div_ceil(2)]);
        Spread { low: samples[last / 10], median: middle, high: samples[last - last / 10], is_clean }
    }
}

/// The time of a number of calls.
fn time<S>(subject: &mut S, run: fn(&mut S), calls: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        run(subject);
    }
    start.elapsed()
}

/// How long this thread has been ready to run without a core: the second number of Linux's `schedstat`.
fn waited() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().nth(1)?.parse().ok().map(Duration::from_nanos)
}

/// How many calls take as long as a sample should.
fn calls_in<S>(sample: Duration, subject: &mut S, reset: &impl Fn(&mut S), run: fn(&mut S)) -> u32 {
    let mut calls = 1;
    loop {
        reset(subject);
        if time(subject, run, calls) >= sample || calls >= 1 << 24 {
            return calls;
        }
        calls *= 2;
    }
}

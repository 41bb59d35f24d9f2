//! Times of several computations that take turns, so that whatever disturbs the machine disturbs all of them.

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
}

impl Spread {
    /// The spread of samples.
    ///
    /// # Panics
    /// If there are none.
    #[must_use]
    pub fn of(mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        let last = samples.len() - 1;
        let middle = f64::midpoint(samples[last / 2], samples[last.div_ceil(2)]);
        Self { low: samples[last / 10], median: middle, high: samples[last - last / 10] }
    }
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How many samples of each computation.
    pub samples: usize,
    /// A sample repeats its computation until it takes so long.
    pub sample_time: Duration,
}

/// The samples of each of `COUNT` computations in seconds a call, taken in turns.
///
/// `run(i)` computes number `i` once; `reset` is called before every sample, outside of the time.
pub fn in_turns<S, const COUNT: usize>(
    effort: Effort,
    subject: &mut S,
    reset: impl Fn(&mut S),
    run: [fn(&mut S); COUNT],
) -> [Vec<f64>; COUNT] {
    let calls = run.map(|run| calls_in(effort.sample_time, subject, &reset, run));
    let mut samples = [const { Vec::new() }; COUNT];
    for _ in 0..effort.samples {
        for i in 0..COUNT {
            reset(subject);
            samples[i].push(sample(subject, run[i], calls[i]));
        }
    }
    samples
}

/// Seconds a call.
fn sample<S>(subject: &mut S, run: fn(&mut S), calls: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        run(subject);
    }
    start.elapsed().as_secs_f64() / f64::from(calls)
}

/// How many calls take as long as a sample should.
fn calls_in<S>(time: Duration, subject: &mut S, reset: &impl Fn(&mut S), run: fn(&mut S)) -> u32 {
    let mut calls = 1;
    loop {
        reset(subject);
        let took = sample(subject, run, calls) * f64::from(calls);
        if took >= time.as_secs_f64() || calls >= 1 << 24 {
            return calls;
        }
        calls *= 2;
    }
}

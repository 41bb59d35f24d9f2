//! Moré and Thuente's line search: a step that satisfies the strong Wolfe conditions.
//!
//! Source: J. J. Moré, D. J. Thuente, *Line search algorithms with guaranteed sufficient decrease*, ACM TOMS 20 (1994). The
//! step lies in an interval that shrinks around a minimum along the line; a trial is the minimum of a cubic or a parabola
//! through what is known. Where the loss is not finite, the line ends.

use super::vector::{add_scaled, dot, is_finite};
use super::{Failure, Smooth};

/// What a step must do. Where the loss is as good as the same, to within its rounding, the slope alone decides (Hager and
/// Zhang's approximate Wolfe conditions): it can be told from 0 long after losses cannot be told apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wolfe {
    /// The loss falls by at least this share of what the slope promises.
    pub(super) decrease: f64,
    /// The slope falls to at most this share, in absolute value.
    pub(super) curvature: f64,
    /// The interval is not made smaller than this share of the step.
    pub(super) interval: f64,
}

/// For directions that have a length of their own (quasi-Newton): the constants of L-BFGS-B.
pub(super) const LOOSE: Wolfe = Wolfe { decrease: 1e-3, curvature: 0.9, interval: 0.1 };
/// For conjugate gradients, which need the minimum along the line more exactly.
pub(super) const TIGHT: Wolfe = Wolfe { decrease: 1e-4, curvature: 0.1, interval: 1e-10 };

/// A loss is rounded by about so many units in the last place.
const ROUNDING: f64 = 4.0;
/// The most trials of a step, and of steps that end where the loss is finite.
const TRIALS: usize = 20;
const RETREATS: usize = 60;

/// A point, its loss and its gradient.
#[derive(Clone, Debug, Default)]
pub(super) struct Point {
    pub(super) z: Vec<f64>,
    pub(super) loss: f64,
    pub(super) gradient: Vec<f64>,
}

impl Point {
    /// The start of a fit.
    pub(super) fn start(problem: &mut dyn Smooth, z: &[f64]) -> Result<Self, Failure> {
        let mut point = Self { z: z.to_vec(), loss: f64::NAN, gradient: vec![0.0; z.len()] };
        point.loss = problem.value_and_gradient(&point.z, &mut point.gradient)?;
        if point.is_finite() { Ok(point) } else { Err(Failure::NotFinite) }
    }

    fn is_finite(&self) -> bool {
        self.loss.is_finite() && is_finite(&self.gradient)
    }
}

/// A place on the line: step, loss, slope.
#[derive(Clone, Copy, Debug)]
struct Place {
    step: f64,
    loss: f64,
    slope: f64,
}

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Found {
    /// A lower point, after this step.
    Lower(f64),
    /// None.
    Nothing,
}

/// Moves `point` to a lower one along a direction of descent; without one, it stays. `scratch` is a buffer.
pub(super) fn search(
    problem: &mut dyn Smooth,
    point: &mut Point,
    along: &[f64],
    (first, longest): (f64, f64),
    (wolfe, epsilon): (Wolfe, f64),
    scratch: &mut Point,
) -> Result<Found, Failure> {
    let start = Place { step: 0.0, loss: point.loss, slope: dot(&point.gradient, along) };
    let ceiling = start.loss + ROUNDING * epsilon * start.loss.abs();
    if start.slope.is_nan() || start.slope >= 0.0 {
        return Ok(Found::Nothing);
    }
    let mut line = Line::new(start, ceiling, (first.min(longest), longest), wolfe);
    let (mut trials, mut retreats) = (0, 0);
    while trials < TRIALS {
        scratch.z.clone_from(&point.z);
        scratch.gradient.resize(point.z.len(), 0.0);
        add_scaled(&mut scratch.z, line.step, along);
        if retreats > 0 && scratch.z == point.z {
            return Err(Failure::NotFinite);
        }
        scratch.loss = problem.value_and_gradient(&scratch.z, &mut scratch.gradient)?;
        if !scratch.is_finite() {
            retreats += 1;
            if retreats > RETREATS {
                return Err(Failure::NotFinite);
            }
            // The line ends before this step: begin again, well within.
            line = Line::new(start, ceiling, (line.step / 8.0, line.step / 2.0), wolfe);
            trials = 0;
            continue;
        }
        trials += 1;
        let place = Place { step: line.step, loss: scratch.loss, slope: dot(&scratch.gradient, along) };
        if let Next::Take = line.next(place) {
            if place.loss > ceiling {
                break;
            }
            core::mem::swap(point, scratch);
            return Ok(Found::Lower(place.step));
        }
    }
    // The best of all trials is better than nothing.
    if line.low.loss >= start.loss {
        return Ok(Found::Nothing);
    }
    add_scaled(&mut point.z, line.low.step, along);
    point.loss = problem.value_and_gradient(&point.z, &mut point.gradient)?;
    Ok(Found::Lower(line.low.step))
}

enum Next {
    /// Evaluate at the next step.
    Try,
    /// The step is good, or cannot be made better.
    Take,
}

/// The state of a search.
struct Line {
    wolfe: Wolfe,
    start: Place,
    /// A loss that is as good as that of the start, to within rounding.
    ceiling: f64,
    step: f64,
    longest: f64,
    /// The best place so far, and the other end of the interval.
    low: Place,
    high: Place,
    bracketed: bool,
    /// Until a place of enough decrease with a slope upwards is seen, the search is for a minimum of the loss without what
    /// is demanded of it.
    auxiliary: bool,
    limits: (f64, f64),
    width: f64,
    width_before: f64,
}

impl Line {
    fn new(start: Place, ceiling: f64, (step, longest): (f64, f64), wolfe: Wolfe) -> Self {
        Self {
            wolfe,
            start,
            ceiling,
            step,
            longest,
            low: start,
            high: start,
            bracketed: false,
            auxiliary: true,
            limits: (0.0, 5.0 * step),
            width: longest,
            width_before: 2.0 * longest,
        }
    }

    fn next(&mut self, place: Place) -> Next {
        let demanded = self.wolfe.decrease * self.start.slope;
        let bound = self.start.loss + place.step * demanded;
        if self.auxiliary && place.loss <= bound && place.slope >= 0.0 {
            self.auxiliary = false;
        }
        let (least, most) = self.limits;
        let done =
            place.loss <= bound.max(self.ceiling) && place.slope.abs() <= -self.wolfe.curvature * self.start.slope;
        let at_end = place.step >= self.longest && place.loss <= bound && place.slope <= demanded;
        let no_room =
            self.bracketed && (place.step <= least || place.step >= most || most - least <= self.wolfe.interval * most);
        if done || at_end || no_room {
            return Next::Take;
        }
        if self.auxiliary && place.loss <= self.low.loss && place.loss > bound {
            let without = |place: Place| Place {
                loss: place.loss - place.step * demanded,
                slope: place.slope - demanded,
                ..place
            };
            let with = |place: Place| Place {
                loss: place.loss + place.step * demanded,
                slope: place.slope + demanded,
                ..place
            };
            (self.low, self.high) = (without(self.low), without(self.high));
            self.update(without(place));
            (self.low, self.high) = (with(self.low), with(self.high));
        } else {
            self.update(place);
        }
        self.narrow();
        Next::Try
    }

    /// Keeps the interval shrinking, and the step within.
    fn narrow(&mut self) {
        if self.bracketed {
            if (self.high.step - self.low.step).abs() >= 0.66 * self.width_before {
                self.step = self.low.step + 0.5 * (self.high.step - self.low.step);
            }
            self.width_before = self.width;
            self.width = (self.high.step - self.low.step).abs();
            self.limits = (self.low.step.min(self.high.step), self.low.step.max(self.high.step));
        } else {
            let ahead = self.step - self.low.step;
            self.limits = (self.step + 1.1 * ahead, self.step + 4.0 * ahead);
        }
        self.step = self.step.clamp(0.0, self.longest);
        let (least, most) = self.limits;
        if self.bracketed && (self.step <= least || self.step >= most || most - least <= self.wolfe.interval * most) {
            self.step = self.low.step;
        }
    }

    /// The next trial, and the interval that holds it, from a place.
    fn update(&mut self, place: Place) {
        let (low, high) = (self.low, self.high);
        let opposite = place.slope * low.slope.signum() < 0.0;
        let next;
        if place.loss > low.loss {
            // Higher: there is a minimum between. The cubic's if it is nearer to the low end, else half way to the parabola's.
            let (cubic, parabola) = (cubic_between(low, place), parabola_by_loss(low, place));
            next = if (cubic - low.step).abs() < (parabola - low.step).abs() {
                cubic
            } else {
                cubic + (parabola - cubic) / 2.0
            };
            self.bracketed = true;
        } else if opposite {
            // Lower, and beyond the minimum.
            let (cubic, secant) = (cubic_between(place, low), secant(place, low));
            next = if (cubic - place.step).abs() > (secant - place.step).abs() { cubic } else { secant };
            self.bracketed = true;
        } else if place.slope.abs() < low.slope.abs() {
            // Lower, and flatter: the minimum of the cubic if there is one ahead, within limits.
            let (cubic, secant) = (cubic_ahead(low, place, self.limits), secant(place, low));
            let cubic_is_nearer = (cubic - place.step).abs() < (secant - place.step).abs();
            if self.bracketed {
                let near = if cubic_is_nearer { cubic } else { secant };
                let bound = place.step + 0.66 * (high.step - place.step);
                next = if place.step > low.step { near.min(bound) } else { near.max(bound) };
            } else {
                let far = if cubic_is_nearer { secant } else { cubic };
                next = far.clamp(self.limits.0, self.limits.1);
            }
        } else if self.bracketed {
            next = cubic_between(place, high);
        } else {
            next = if place.step > low.step { self.limits.1 } else { self.limits.0 };
        }
        if place.loss > low.loss {
            self.high = place;
        } else {
            if opposite {
                self.high = low;
            }
            self.low = place;
        }
        self.step = next;
    }
}

/// The minimum of the cubic through two places, as a step.
fn cubic_between(a: Place, b: Place) -> f64 {
    let theta = 3.0 * (a.loss - b.loss) / (b.step - a.step) + a.slope + b.slope;
    let root = discriminant(theta, a.slope, b.slope);
    let root = if b.step < a.step { -root } else { root };
    let ratio = ((root - a.slope) + theta) / (((root - a.slope) + root) + b.slope);
    a.step + ratio * (b.step - a.step)
}

/// The same where `b` is the lower and flatter one: the minimum may lie ahead of it, or nowhere.
fn cubic_ahead(a: Place, b: Place, (least, most): (f64, f64)) -> f64 {
    let theta = 3.0 * (a.loss - b.loss) / (b.step - a.step) + a.slope + b.slope;
    let root = discriminant(theta, a.slope, b.slope);
    let root = if b.step > a.step { -root } else { root };
    let ratio = ((root - b.slope) + theta) / ((root + (a.slope - b.slope)) + root);
    if ratio < 0.0 && root != 0.0 {
        b.step + ratio * (a.step - b.step)
    } else if b.step > a.step {
        most
    } else {
        least
    }
}

/// The minimum of the parabola with the slope of `a` and the losses of both.
fn parabola_by_loss(a: Place, b: Place) -> f64 {
    let width = b.step - a.step;
    a.step + ((a.slope / ((a.loss - b.loss) / width + a.slope)) / 2.0) * width
}

/// The minimum of the parabola with the slopes of both.
fn secant(a: Place, b: Place) -> f64 {
    a.step + (a.slope / (a.slope - b.slope)) * (b.step - a.step)
}

/// `√(θ² − ab)`, without overflow; 0 where that has no root.
fn discriminant(theta: f64, a: f64, b: f64) -> f64 {
    let scale = theta.abs().max(a.abs()).max(b.abs());
    let theta = theta / scale;
    scale * (theta * theta - (a / scale) * (b / scale)).max(0.0).sqrt()
}

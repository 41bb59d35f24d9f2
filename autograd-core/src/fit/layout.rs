//! Which numbers a fit moves, by which names, and within which bounds: from a model's tensors to one vector and back.
//!
//! Tensors with a support are moved in their free form, all others as they are. What is fixed is left out of the vector.
//! Where tensors start at very different sizes (an amplitude of 200, a rate of 1e-4), each is moved in units of its own
//! size: methods that go by gradients take all numbers for equally large.

use super::bounds::Bounds;
use super::error::FitError;
use super::names::{Demand, find, in_words, support_in_words};
use super::report::Status;
use super::vector::max_abs;
use crate::flat::{entry_name, row_of, size_of};
use crate::float::Float;
use crate::model::Parameters;
use crate::support::Support;

/// Sizes that differ by more than this make methods by gradients fail, if nothing is done about it.
const SPREAD: f64 = 100.0;

/// One tensor of the model.
#[derive(Clone, Debug)]
struct Part {
    support: Support,
    shape: Vec<usize>,
    row: usize,
    /// Where its free form starts, and its natural one.
    free: usize,
    natural: usize,
    free_size: usize,
    size: usize,
    fixed: Vec<bool>,
}

impl Part {
    fn is_fixed(&self) -> bool {
        self.fixed.iter().all(|&fixed| fixed)
    }
}

/// How the vector of a fit lies in the tensors of a model.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    parts: Vec<Part>,
    /// The place in the free form of each number that is moved, and its unit: a power of two, so that nothing is rounded.
    moved: Vec<usize>,
    units: Vec<f64>,
    pub(super) bounds: Bounds,
    /// All free numbers, those that are fixed included.
    free: Vec<f64>,
    /// All natural numbers at the start.
    start: Vec<f64>,
    /// A buffer of the free form's size.
    buffer: Vec<f64>,
}

impl Layout {
    /// Finds and checks all names and bounds.
    pub(super) fn new<P: Parameters>(model: &P, demands: &[Demand]) -> Result<Self, FitError> {
        let mut parts = Vec::new();
        let (mut free, mut natural) = (0, 0);
        for index in 0..P::NAMES.len() {
            let (shape, support) = (model.shape(index).to_vec(), model.support(index));
            let (row, size) = (row_of(&shape), size_of(&shape));
            let (free_size, fixed) = (support.free_size(row, size), vec![false; size]);
            parts.push(Part { support, shape, row, free, natural, free_size, size, fixed });
            (free, natural) = (free + free_size, natural + size);
        }
        let start = model.flatten().iter().map(|x| x.to_f64()).collect();
        let mut layout = Self {
            parts,
            moved: Vec::new(),
            units: Vec::new(),
            bounds: Bounds { low: vec![f64::NEG_INFINITY; free], high: vec![f64::INFINITY; free] },
            free: vec![0.0; free],
            start,
            buffer: vec![0.0; free],
        };
        layout.demand(model, demands)?;
        layout.begin(model)?;
        Ok(layout)
    }

    fn demand<P: Parameters>(&mut self, model: &P, demands: &[Demand]) -> Result<(), FitError> {
        for demand in demands {
            if let Demand::Fixed(name) = demand {
                let (index, entry) = find(name, model)?;
                let part = &mut self.parts[index];
                match entry {
                    Some(_) if part.support == Support::Simplex => {
                        return Err(FitError::Simplex { name: name.clone() });
                    }
                    Some(entry) => part.fixed[entry] = true,
                    None => part.fixed.fill(true),
                }
            }
        }
        for demand in demands {
            if let Demand::Within { name, low, high, empty } = demand {
                let (index, entry) = find(name, model)?;
                self.within(name, index, entry, (*low, *high, *empty))?;
            }
        }
        Ok(())
    }

    /// Bounds of a tensor, or of an entry.
    fn within(
        &mut self,
        name: &str,
        index: usize,
        entry: Option<usize>,
        (low, high, empty): (f64, f64, bool),
    ) -> Result<(), FitError> {
        let part = &self.parts[index];
        if part.support == Support::Simplex {
            return Err(FitError::Simplex { name: name.to_owned() });
        }
        if empty || low.is_nan() || high.is_nan() {
            return Err(FitError::EmptyBounds { name: name.to_owned(), low, high });
        }
        for place in entry.map_or(0..part.size, |entry| entry..entry + 1) {
            let value = self.start[part.natural + place];
            // A number that is not moved is where it is.
            let inside = low <= value && value <= high;
            if !part.fixed[place] && !inside {
                let name = entry.map_or_else(|| entry_name(name, &part.shape, place), |_| name.to_owned());
                return Err(FitError::StartOutside { name, value, bounds: in_words(low, high) });
            }
            let mut ends = [f64::NEG_INFINITY, f64::INFINITY];
            for (end, bound) in ends.iter_mut().zip([low, high]) {
                if part.support == Support::Real {
                    *end = bound;
                } else if part.support.contains(part.row, &[bound]) {
                    part.support.unconstrain(1, &[bound], std::slice::from_mut(end));
                }
            }
            // The free form of `b − eᵘ` falls.
            if let Support::Below(_) = part.support {
                let of =
                    |bound: f64, end: f64, other: f64| if part.support.contains(1, &[bound]) { end } else { other };
                ends = [of(high, ends[1], f64::NEG_INFINITY), of(low, ends[0], f64::INFINITY)];
            }
            let place = part.free + place;
            self.bounds.low[place] = self.bounds.low[place].max(ends[0]);
            self.bounds.high[place] = self.bounds.high[place].min(ends[1]);
        }
        Ok(())
    }

    /// The free form of the start, and what of it is moved.
    fn begin<P: Parameters>(&mut self, model: &P) -> Result<(), FitError> {
        for (index, part) in self.parts.iter().enumerate() {
            let values = model.values(index);
            let free = &mut self.free[part.free..][..part.free_size];
            part.support.unconstrain(part.row, &values, free);
            for (place, free) in free.iter().enumerate() {
                // All of a simplex is fixed, or nothing.
                if part.fixed[place] {
                    continue;
                }
                if !part.support.is_real() && !free.is_finite() {
                    let value = self.start[part.natural + place];
                    let name = entry_name(P::NAMES[index], &part.shape, place);
                    return Err(FitError::StartOutside { name, value, bounds: support_in_words(part.support) });
                }
                self.moved.push(part.free + place);
            }
        }
        if self.moved.is_empty() {
            return Err(FitError::NothingToFit);
        }
        self.units = self.units();
        let in_units = |bounds: &[f64]| {
            let moved = self.moved.iter().zip(&self.units);
            moved.map(|(&place, unit)| bounds[place] / unit).collect()
        };
        self.bounds = Bounds { low: in_units(&self.bounds.low), high: in_units(&self.bounds.high) };
        Ok(())
    }

    /// The same, with every number in units of 1.
    #[cfg(feature = "argmin")]
    pub(super) fn without_units(mut self) -> Self {
        for (unit, bound) in self.units.iter().zip(self.bounds.low.iter_mut().zip(&mut self.bounds.high)) {
            (*bound.0, *bound.1) = (*bound.0 * unit, *bound.1 * unit);
        }
        self.units.fill(1.0);
        self
    }

    /// The unit of each moved number: 1, unless sizes of tensors differ by more than `SPREAD`; then the size of its tensor.
    fn units(&self) -> Vec<f64> {
        let size = |part: &Part| {
            let size = if part.support.is_real() { max_abs(&self.free[part.free..][..part.free_size]) } else { 1.0 };
            // Nothing is known of the size of what starts from 0.
            if size.is_normal() { Some(f64::from_bits(size.to_bits() & (0x7ff << 52))) } else { None }
        };
        let sizes: Vec<Option<f64>> = self.parts.iter().map(|part| size(part).filter(|_| !part.is_fixed())).collect();
        let known = || sizes.iter().flatten();
        let (least, most) = (known().copied().fold(f64::INFINITY, f64::min), known().copied().fold(0.0, f64::max));
        let spread = most > SPREAD * least;
        let of_each = sizes.iter().zip(&self.parts).flat_map(|(size, part)| {
            let unit = size.filter(|_| spread).unwrap_or(1.0);
            std::iter::repeat_n(unit, part.free_size)
        });
        let of_each: Vec<f64> = of_each.collect();
        self.moved.iter().map(|&place| of_each[place]).collect()
    }

    /// How many numbers the model has, in natural form.
    pub(super) fn natural_size(&self) -> usize {
        self.start.len()
    }

    /// Where the moved numbers start.
    pub(super) fn start(&self) -> Vec<f64> {
        let mut z: Vec<f64> =
            self.moved.iter().zip(&self.units).map(|(&place, unit)| self.free[place] / unit).collect();
        // The free forms of a number and of a bound that it is at may be rounded apart.
        self.bounds.clamp(&mut z);
        z
    }

    /// The places of the moved numbers among the natural ones and their units, if no tensor is moved in another form.
    pub(super) fn places(&self) -> Option<(&[usize], &[f64])> {
        self.is_natural().then_some((&self.moved, &self.units))
    }

    fn is_natural(&self) -> bool {
        self.parts.iter().all(|part| part.support.is_real())
    }

    /// What became of each natural number, given which moved numbers no bound holds, and which the loss does not depend on.
    pub(super) fn status(&self, active: &[usize], flat: &[usize]) -> Vec<Status> {
        let mut status = vec![Status::AtBound; self.free.len()];
        for (places, what) in [(active, Status::Fitted), (flat, Status::Flat)] {
            for &k in places {
                status[self.moved[k]] = what;
            }
        }
        let of = |part: &Part, place: usize| match part.support {
            _ if part.fixed[place] => Status::Fixed,
            Support::Simplex => Status::Fitted,
            _ => status[part.free + place],
        };
        self.parts.iter().flat_map(|part| (0..part.size).map(move |place| of(part, place))).collect()
    }

    /// Moves the model to a vector. What is fixed keeps its bits.
    pub(super) fn set<P: Parameters>(&mut self, model: &mut P, z: &[f64]) {
        for ((&place, unit), z) in self.moved.iter().zip(&self.units).zip(z) {
            self.free[place] = z * unit;
        }
        for (index, part) in self.parts.iter().enumerate() {
            if part.is_fixed() {
                continue;
            }
            let values = model.values_mut(index);
            part.support.constrain(part.row, &self.free[part.free..][..part.free_size], values);
            for (place, value) in values.iter_mut().enumerate() {
                if part.fixed[place] {
                    *value = P::Scalar::from_f64(self.start[part.natural + place]);
                }
            }
        }
    }

    /// The gradient by the moved numbers from the model's, at the vector that was last set.
    pub(super) fn pull_back<G: Parameters>(&mut self, grad: &G, out: &mut [f64]) {
        for (index, part) in self.parts.iter().enumerate() {
            let range = part.free..part.free + part.free_size;
            let free = &self.free[range.clone()];
            part.support.pull_back(part.row, free, &grad.values(index), &mut self.buffer[range]);
        }
        for ((out, &place), unit) in out.iter_mut().zip(&self.moved).zip(&self.units) {
            *out = self.buffer[place] * unit;
        }
    }

    /// Adds to `out` what the transforms themselves bend: the change of [`pull_back`](Self::pull_back) of a fixed gradient,
    /// along a direction of the moved numbers.
    pub(super) fn add_bend<G: Parameters>(&mut self, grad: &G, along: &[f64], out: &mut [f64]) {
        if self.is_natural() {
            return;
        }
        self.spread(along);
        let along = self.buffer.clone();
        for (index, part) in self.parts.iter().enumerate() {
            let range = part.free..part.free + part.free_size;
            let (free, along) = (&self.free[range.clone()], &along[range.clone()]);
            part.support.bend(part.row, free, &grad.values(index), along, &mut self.buffer[range]);
        }
        for ((out, &place), unit) in out.iter_mut().zip(&self.moved).zip(&self.units) {
            *out += self.buffer[place] * unit;
        }
    }

    /// The change of the model's tensors when the moved numbers change, to first order.
    pub(super) fn push_forward<G: Parameters>(&mut self, along: &[f64], out: &mut G) {
        self.spread(along);
        for (index, part) in self.parts.iter().enumerate() {
            let range = part.free..part.free + part.free_size;
            let (free, along) = (&self.free[range.clone()], &self.buffer[range]);
            let values = out.values_mut(index);
            part.support.push_forward(part.row, free, along, values);
            // Free numbers of what is fixed may be infinite.
            for (value, &fixed) in values.iter_mut().zip(&part.fixed) {
                if fixed {
                    *value = G::Scalar::ZERO;
                }
            }
        }
    }

    fn spread(&mut self, along: &[f64]) {
        self.buffer.fill(0.0);
        for ((along, &place), unit) in along.iter().zip(&self.moved).zip(&self.units) {
            self.buffer[place] = along * unit;
        }
    }
}

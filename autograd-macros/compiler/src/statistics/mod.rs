//! Sufficient statistics: a loss that is a polynomial in the parameters in, two programs out. One reduces the data to
//! statistics, which have no axis but those of parameters; the other computes loss and gradient from these.
//!
//! ```text
//! mean((w·x + b - y)^2)  →  statistics: mean(x·x), mean(x), mean(x·y), mean(y), mean(y·y)
//!                           loss: w·w·s1 + 2·w·b·s2 - 2·w·s3 + b·b - 2·b·s4 + s5
//! ```
//!
//! The terms of such a loss may cancel: the loss of a good fit is much smaller than they are. So with each statistic
//! goes the same sum of magnitudes, and with the loss the sum of the magnitudes of all products in it, *m*: rounding moves
//! the loss by a small multiple of *m* (`rounding`). With the gradient goes how much of it may be lost. The derivative of *m*
//! by the magnitude of a parameter bounds its error, but to ask for a small error of every gradient would be wrong: next to
//! an optimum, and wherever residuals and columns are uncorrelated, gradients vanish, and what is computed from the inputs
//! has few digits too. What counts is the size that they could have, which a square tells:
//!
//! - `a = Σ r²` with r linear in the parameters has the magnitude `m = Σ (|r's terms|)²`. By Cauchy and Schwarz its gradient
//!   is at most `2·√a·√Σ(∂r)²`, and the derivative of m at most `2·√m·√Σ(∂r)²`. So where `m ≤ 2²⁰·a`, the error is at most
//!   2¹⁰ roundings of the largest gradient that these residuals could have: the square is *sound*.
//! - Of any other product, of a square that is not sound, and of one with a negative weight, the gradient's terms are taken
//!   at their magnitude, and compared with the gradient itself: with each element, or with a hundredth of the largest of its
//!   tensor if that is larger.
//! - What is linear in one parameter alone is summed from the inputs in the same way.
//!
//! Squares are told apart by where they were multiplied out (`Group`): a large term that is accurate does not speak for
//! a small one beside it. A loss that is one square and nothing else needs no such check beside its own: from
//! `rounding · m ≤ 2⁻²⁶ · a` follows an error of at most `√rounding · 2⁻¹³` of the largest gradient.
//!
//! Underflow loses what no magnitude shows: a product that vanishes may have stood before a large parameter. It loses at
//! most 2⁻¹⁰⁷⁴ times all other factors that are larger than 1. So 2⁻⁹⁶⁰ times the largest magnitudes that all factors of
//! a term have, if they are larger than 1, is added to the magnitude (`Building::vanished`): nothing in ordinary data, and
//! infinite long before a product overflows. A loss in which literals alone leave the range is refused.
//!
//! Data of a model in `f32` are computed in `f64`. Where they jump, as comparisons and `floor` do, and what jumps is not
//! the same in both, nothing from the statistics is close (`single::differs`).
//!
//! The gradient is that of the polynomial. A loss with a derivative of its own, `stop_gradient(…)` around a parameter, is
//! refused ([`frozen`]).

mod checks;
mod polynomial;
mod single;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::differentiate;
use crate::graph::model::Model;
use crate::graph::print::live;
use crate::graph::{Dim, Graph, NodeId, Region};
use crate::ops::{Contract, Function, LeafKind, Op};
use crate::separate::Prepared;
use polynomial::{Factor, Index, Polynomial, Term};

/// What a product of factors up to 1 may lose by underflow (2⁻¹⁰⁷⁴), for sums of up to 2⁵⁰ of them, in units of the least
/// bound of roundings (more than 2⁻⁴⁷).
const VANISHED: f64 = 1.026_134_200_324_594e-289;

/// What a loss is reduced to.
#[derive(Clone, Debug)]
pub struct Reduced {
    /// The statistics, and the sums of magnitudes.
    pub statistics: Vec<Prepared>,
    /// What computes them, in order.
    pub summary: Graph,
    /// What reads them: the loss, the magnitude of its terms, how much of the gradient may be lost, and the gradient by each
    /// parameter.
    pub reduced: Graph,
    /// How many numbers a statistic sums, at most: for each, the extents of the axes that are summed over.
    pub summed: Vec<Vec<Dim>>,
    /// How many terms the loss has, or the gradient by a parameter if that has more.
    pub terms: usize,
    /// Whether the data may differ in single precision by more than roundings.
    pub jumps: bool,
}

/// Why the gradient of a loss is not that of the polynomial that the loss is, if it is not: a part of it that depends on
/// parameters is taken for constant. To be asked of the graph that is differentiated.
#[must_use]
pub fn frozen(model: &Model) -> Option<String> {
    let loss = model.loss()?;
    let params: BTreeSet<NodeId> = model.params.iter().map(|param| param.node).collect();
    let region = &model.region;
    let mut depends: Vec<Option<NodeId>> = Vec::with_capacity(region.len());
    for (id, node) in region.iter() {
        let below = node.operands.iter().find_map(|operand| depends[operand.index()]);
        depends.push(if params.contains(&id) { Some(id) } else { below });
    }
    let live = live(region, [loss]);
    let mut found = region.iter().filter(|(id, node)| live[id.index()] && matches!(node.op, Op::StopGradient(_)));
    let param = found.find_map(|(id, _)| depends[id.index()])?;
    let name = if let Op::Leaf(leaf) = &region.node(param).op { leaf.name.to_string() } else { String::new() };
    Some(format!(
        "`stop_gradient` or `straight_through` of an expression in `{name}` gives it a gradient of another loss"
    ))
}

/// Reduces the loss of a legal model.
///
/// # Errors
/// Why it cannot be reduced.
pub fn reduce(model: &Model) -> Result<Reduced, String> {
    let Some(loss) = model.loss() else { return Err("it has no loss".into()) };
    let mut data = model.region.clone();
    let polynomial = polynomial::expand(&mut data, loss)?;
    let mut building = Building { data, ..Building::default() };
    for param in model.params.iter().chain(&model.states) {
        let Op::Leaf(leaf) = &model.region.node(param.node).op else { continue };
        building.leaves.push((param.node, building.region.leaf(leaf.kind, &leaf.name, leaf.ty.clone())));
    }
    let sums = building.sums(&polynomial);
    if building.summed.is_empty() {
        return Err("it sums over no axis that the parameters lack".into());
    }
    let (Some(value), Some(magnitude)) = (sums.value, sums.magnitude) else { return Err("it is always 0".into()) };
    let params: Vec<NodeId> = model.params.iter().map(|param| building.image(param.node)).collect();
    let gradient = differentiate::gradient(&mut building.region, value, &params).map_err(|refusal| refusal.reason)?;
    let gradient: Vec<NodeId> = (params.iter().zip(gradient))
        .map(|(&param, found)| found.unwrap_or_else(|| building.region.zeros_like(param)))
        .collect();
    let vanished = building.vanished(&polynomial);
    let lost = checks::lost(&mut building.region, &polynomial, &sums, vanished, (&params, &gradient))?;
    let magnitude = building.region.plus(magnitude, vanished);
    let results: Vec<NodeId> = [value, magnitude, lost].into_iter().chain(gradient).collect();
    let nodes: Vec<NodeId> = building.statistics.iter().map(|value| value.node).collect();
    let jumps = single::differs(&building.data, &nodes);
    let summary = Graph { region: building.data, results: nodes };
    let reduced = Graph { region: building.region, results };
    let terms = polynomial.terms.iter().map(|term| term.degree().max(1)).sum();
    Ok(Reduced { statistics: building.statistics, summary, reduced, summed: building.summed, terms, jumps })
}

/// The two regions as they grow.
#[derive(Default)]
struct Building {
    data: Region,
    region: Region,
    /// Parameters and states in the model's region, and here.
    leaves: Vec<(NodeId, NodeId)>,
    statistics: Vec<Prepared>,
    summed: Vec<Vec<Dim>>,
}

/// What the terms of a loss add up to.
#[derive(Default)]
struct Sums {
    value: Option<NodeId>,
    magnitude: Option<NodeId>,
    /// Value and magnitude of each group.
    groups: BTreeMap<usize, [Option<NodeId>; 2]>,
}

impl Building {
    /// The sums of all terms, exact and in magnitude.
    fn sums(&mut self, polynomial: &Polynomial) -> Sums {
        let mut sums = Sums::default();
        for term in &polynomial.terms {
            let (exact, size) = (self.term(polynomial, term, false), self.term(polynomial, term, true));
            let [value, magnitude] = sums.groups.entry(term.group).or_default();
            for (sum, part) in
                [(&mut sums.value, exact), (value, exact), (&mut sums.magnitude, size), (magnitude, size)]
            {
                *sum = self.region.plus_maybe(*sum, Some(part));
            }
        }
        sums
    }

    /// A bound of what may have vanished in products, in units of the roundings of a magnitude.
    fn vanished(&mut self, polynomial: &Polynomial) -> NodeId {
        let reaches: BTreeSet<NodeId> = polynomial.terms.iter().map(|term| self.reach(term)).collect();
        let reach = reaches.into_iter().reduce(|a, b| self.data.map(Function::Max, &[a, b]));
        let mut vanished = match reach.map(|reach| (reach, self.data.literal_value(reach))) {
            Some((reach, None)) => self.prepared(reach),
            known => self.region.literal(known.and_then(|(_, value)| value).unwrap_or(1.0)),
        };
        let leaves: Vec<NodeId> = self.leaves.iter().map(|&(_, image)| image).collect();
        let largest = leaves.into_iter().map(|leaf| checks::at_least_one(&mut self.region, leaf)).collect::<Vec<_>>();
        let largest = largest.into_iter().reduce(|a, b| self.region.map(Function::Max, &[a, b]));
        let degree = polynomial.terms.iter().map(Term::degree).max().unwrap_or(0);
        for largest in largest.into_iter().cycle().take(if largest.is_some() { degree } else { 0 }) {
            vanished = self.region.times(vanished, largest);
        }
        self.region.scale(vanished, VANISHED)
    }

    /// The product of the largest magnitudes of the data of a term, where they are larger than 1.
    fn reach(&mut self, term: &Term) -> NodeId {
        let mut reach = self.data.literal(term.coefficient.abs().max(1.0));
        for factor in term.factors.iter().filter(|factor| !factor.is_param) {
            let largest = checks::at_least_one(&mut self.data, factor.node);
            reach = self.data.times(reach, largest);
        }
        reach
    }

    fn image(&self, param: NodeId) -> NodeId {
        self.leaves.iter().find(|(node, _)| *node == param).map_or(param, |&(_, image)| image)
    }

    /// A term of the loss, or its magnitude.
    fn term(&mut self, polynomial: &Polynomial, term: &Term, is_magnitude: bool) -> NodeId {
        let (params, data): (Vec<Factor>, Vec<Factor>) = term.factors.iter().cloned().partition(|it| it.is_param);
        let mut kept: Vec<Index> = Vec::new();
        for &index in params.iter().flat_map(|factor| &factor.axes) {
            let is_common = data.iter().any(|factor| factor.axes.contains(&index));
            if is_common && !kept.contains(&index) {
                kept.push(index);
            }
        }
        let mut factors = Vec::new();
        if !data.is_empty() {
            let mut summed: Vec<Index> = data.iter().flat_map(|factor| factor.axes.iter().copied()).collect();
            summed.sort_unstable();
            summed.dedup();
            summed.retain(|index| !kept.contains(index));
            let extents: Vec<_> = summed.iter().map(|&index| polynomial.extents[index].clone()).collect();
            if !extents.iter().all(|extent| extent.as_constant().is_some()) && !self.summed.contains(&extents) {
                self.summed.push(extents);
            }
            let leaf = self.statistic(&data, &kept, is_magnitude);
            factors.push((leaf, kept));
        }
        for factor in params {
            let param = self.image(factor.node);
            let param = if is_magnitude { self.region.abs(param) } else { param };
            factors.push((param, factor.axes));
        }
        let product = contraction(&mut self.region, factors, &[]);
        let coefficient = if is_magnitude { term.coefficient.abs() } else { term.coefficient };
        self.region.scale(product, coefficient)
    }

    /// The leaf of a statistic; equal ones are one.
    fn statistic(&mut self, data: &[Factor], kept: &[Index], is_magnitude: bool) -> NodeId {
        let factors = data.iter().map(|factor| {
            let node = if is_magnitude { self.data.abs(factor.node) } else { factor.node };
            (node, factor.axes.clone())
        });
        let factors = factors.collect();
        let node = contraction(&mut self.data, factors, kept);
        self.prepared(node)
    }

    /// The leaf of what is computed of the data.
    fn prepared(&mut self, node: NodeId) -> NodeId {
        let ty = self.data.ty(node).clone();
        let known = self.statistics.iter().find(|statistic| statistic.node == node).map(|known| known.name.clone());
        let name = known.unwrap_or_else(|| {
            let name: Rc<str> = format!("statistic_{}", self.statistics.len() + 1).into();
            self.statistics.push(Prepared { name: name.clone(), ty: ty.clone(), node, is_named: false });
            name
        });
        self.region.leaf(LeafKind::Prepared, &name, ty)
    }
}

/// The product of tensors with named axes, summed over all axes but those that are kept, which come in this order.
fn contraction(region: &mut Region, mut factors: Vec<(NodeId, Vec<Index>)>, kept: &[Index]) -> NodeId {
    let is_open = |index: Index, others: &[(NodeId, Vec<Index>)]| {
        kept.contains(&index) || others.iter().any(|(_, axes)| axes.contains(&index))
    };
    while factors.len() > 1 {
        let pair = cheapest(&factors, kept);
        let (right, right_axes) = factors.remove(pair.1);
        let (left, left_axes) = factors.remove(pair.0);
        let (left, left_axes) =
            sum_alone(region, left, &left_axes, |index| is_open(index, &factors) || right_axes.contains(&index));
        let (right, right_axes) =
            sum_alone(region, right, &right_axes, |index| is_open(index, &factors) || left_axes.contains(&index));
        let mut rule = Contract {
            left_batch: Vec::new(),
            right_batch: Vec::new(),
            left_contract: Vec::new(),
            right_contract: Vec::new(),
        };
        let mut batch = Vec::new();
        for (place, &index) in left_axes.iter().enumerate() {
            let Some(other) = right_axes.iter().position(|&axis| axis == index) else { continue };
            if is_open(index, &factors) {
                rule.left_batch.push(place);
                rule.right_batch.push(other);
                batch.push(index);
            } else {
                rule.left_contract.push(place);
                rule.right_contract.push(other);
            }
        }
        let left_free = rule.left_free(left_axes.len()).into_iter().map(|axis| left_axes[axis]);
        let right_free = rule.right_free(right_axes.len()).into_iter().map(|axis| right_axes[axis]);
        let axes = batch.into_iter().chain(left_free).chain(right_free).collect();
        let product = if left_axes.is_empty() && right_axes.is_empty() {
            region.times(left, right)
        } else {
            region.contract(rule, left, right)
        };
        factors.push((product, axes));
    }
    let Some((node, axes)) = factors.pop() else { return region.literal(1.0) };
    let (node, axes) = sum_alone(region, node, &axes, |index| kept.contains(&index));
    let order: Vec<usize> = kept.iter().filter_map(|index| axes.iter().position(|axis| axis == index)).collect();
    region.permute(node, &order)
}

/// The pair of factors whose product has the fewest axes.
fn cheapest(factors: &[(NodeId, Vec<Index>)], kept: &[Index]) -> (usize, usize) {
    let mut owners: BTreeMap<Index, usize> = kept.iter().map(|&index| (index, 1)).collect();
    for &index in factors.iter().flat_map(|(_, axes)| axes) {
        *owners.entry(index).or_insert(0) += 1;
    }
    // An axis of the pair stays if something else has it.
    let stays = |index: &Index, pair: [&[Index]; 2]| {
        owners.get(index).copied().unwrap_or(0) > pair.iter().filter(|axes| axes.contains(index)).count()
    };
    let mut best = (usize::MAX, (0, 1));
    for right in 1..factors.len() {
        for left in 0..right {
            let pair = [&factors[left].1[..], &factors[right].1[..]];
            let alone = pair[1].iter().filter(|index| !pair[0].contains(index));
            let rank = pair[0].iter().chain(alone).filter(|index| stays(index, pair)).count();
            if rank < best.0 {
                best = (rank, (left, right));
            }
        }
    }
    best.1
}

/// Sums over the axes that nothing else has.
fn sum_alone(
    region: &mut Region,
    node: NodeId,
    axes: &[Index],
    is_open: impl Fn(Index) -> bool,
) -> (NodeId, Vec<Index>) {
    let alone: Vec<usize> = (0..axes.len()).filter(|&place| !is_open(axes[place])).collect();
    let rest = axes.iter().copied().filter(|&index| is_open(index)).collect();
    (region.sum(node, &alone), rest)
}

#[cfg(test)]
mod tests;

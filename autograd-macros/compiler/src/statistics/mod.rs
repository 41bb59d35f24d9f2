//! Sufficient statistics: a loss that is a polynomial in the parameters in, two programs out. One reduces the data to
//! statistics, which have no axis but those of parameters; the other computes loss and gradient from these.
//!
//! ```text
//! mean((w·x + b - y)^2)  →  statistics: mean(x·x), mean(x), mean(x·y), mean(y), mean(y·y)
//!                           loss: w·w·s1 + 2·w·b·s2 - 2·w·s3 + b·b - 2·b·s4 + s5
//! ```
//!
//! The terms of such a loss may cancel: the loss of a good fit is much smaller than they are. So with each statistic
//! goes the same sum of magnitudes, and with the loss the sum of the magnitudes of all products in it.

mod polynomial;

use std::rc::Rc;

use crate::graph::model::Model;
use crate::graph::{Dim, NodeId, Region};
use crate::ops::{Contract, LeafKind, Op};
use crate::separate::Prepared;
use crate::{differentiate, simplify};
use polynomial::{Factor, Index, Polynomial, Term};

/// What a loss is reduced to.
#[derive(Clone, Debug)]
pub struct Reduced {
    /// The statistics, and the sums of magnitudes.
    pub statistics: Vec<Prepared>,
    /// The region that computes them.
    pub summary: Region,
    /// The region that reads them.
    pub region: Region,
    /// The loss there, the magnitude of its terms, and the gradient by each parameter.
    pub results: Vec<NodeId>,
    /// How many numbers a statistic sums, at most: for each, the extents of the axes that are summed over.
    pub summed: Vec<Vec<Dim>>,
    /// How many terms the loss has.
    pub terms: usize,
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
    let (mut value, mut magnitude) = (None, None);
    for term in &polynomial.terms {
        let exact = building.term(&polynomial, term, false);
        value = building.region.plus_maybe(value, Some(exact));
        let size = building.term(&polynomial, term, true);
        magnitude = building.region.plus_maybe(magnitude, Some(size));
    }
    if building.summed.is_empty() {
        return Err("it sums over no axis that the parameters lack".into());
    }
    let (Some(value), Some(magnitude)) = (value, magnitude) else { return Err("it is always 0".into()) };
    let params: Vec<NodeId> = model.params.iter().map(|param| building.image(param.node)).collect();
    let gradient = differentiate::gradient(&mut building.region, value, &params).map_err(|refusal| refusal.reason)?;
    let mut results = vec![value, magnitude];
    for (&param, gradient) in params.iter().zip(gradient) {
        results.push(gradient.unwrap_or_else(|| building.region.zeros_like(param)));
    }
    let (region, results) = legal(&building.region, &results);
    let nodes: Vec<NodeId> = building.statistics.iter().map(|value| value.node).collect();
    let (summary, nodes) = legal(&building.data, &nodes);
    let mut statistics = building.statistics;
    statistics.iter_mut().zip(nodes).for_each(|(statistic, node)| statistic.node = node);
    let terms = polynomial.terms.len();
    Ok(Reduced { statistics, summary, region, results, summed: building.summed, terms })
}

fn legal(region: &Region, results: &[NodeId]) -> (Region, Vec<NodeId>) {
    let (region, results) = simplify::simplify(region, results);
    simplify::legalise(&region, &results)
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

impl Building {
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
    let mut best = (usize::MAX, (0, 1));
    for right in 1..factors.len() {
        for left in 0..right {
            let mut axes: Vec<Index> = [factors[left].1.clone(), factors[right].1.clone()].concat();
            axes.sort_unstable();
            axes.dedup();
            let others = (0..factors.len()).filter(|&place| place != left && place != right);
            let others: Vec<Index> = others.flat_map(|place| factors[place].1.iter().copied()).collect();
            let rank = axes.iter().filter(|&index| kept.contains(index) || others.contains(index)).count();
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

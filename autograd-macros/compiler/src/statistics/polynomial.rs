//! The normal form of a polynomial in the parameters: a sum of terms, each a number times a product of parameters and of
//! data, summed over all axes that its value has not.
//!
//! ```text
//! sum((x @ w - y)^2)  →  x[n,d] w[d] x[n,e] w[e] - 2 · x[n,d] w[d] y[n] + y[n] y[n]
//! ```
//!
//! Data are whole expressions of inputs; products, powers and quotients of sums are expanded. What is no polynomial is
//! refused with the reason.

use std::collections::BTreeMap;

use crate::graph::print::live;
use crate::graph::{Dim, Node, NodeId, Region};
use crate::ops::{Contract, Function, LeafKind, Op, ReduceKind};

/// The most terms of a value on the way.
const MOST_TERMS: usize = 64;

/// The most factors of a term. Products of many values take long to put in order, and cancel if they cancel at all.
const MOST_FACTORS: usize = 16;

/// A name for an axis; its extent is `extents[index]`.
pub(super) type Index = usize;

/// A tensor, and the names of its axes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Factor {
    /// Whether it is a parameter (or a state) and not data.
    pub(super) is_param: bool,
    pub(super) node: NodeId,
    pub(super) axes: Vec<Index>,
}

/// A number times a product of factors.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) coefficient: f64,
    pub(super) factors: Vec<Factor>,
    /// The axes of the value, in order.
    axes: Vec<Index>,
    /// The axes that are summed over.
    summed: Vec<Index>,
    /// Which of [`Polynomial::groups`] it is of.
    pub(super) group: usize,
}

/// What made some terms: they cancel among one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// Data, or a parameter times data.
    Linear,
    /// The square of what is linear in the parameters, or a sum of such squares with weights.
    Square,
    /// Any other product.
    Product,
}

/// A polynomial, the extents of all axes, and the groups of its terms.
#[derive(Clone, Debug)]
pub(super) struct Polynomial {
    pub(super) terms: Vec<Term>,
    pub(super) extents: Vec<Dim>,
    pub(super) groups: Vec<Group>,
}

impl Term {
    /// How many parameters are factors.
    pub(super) fn degree(&self) -> usize {
        self.factors.iter().filter(|factor| factor.is_param).count()
    }
}

/// Expands a number of a region; data that are made on the way are added to it.
pub(super) fn expand(region: &mut Region, loss: NodeId) -> Result<Polynomial, String> {
    let kinds = kinds(region);
    let needed = needed(region, loss, &kinds);
    let mut expansion = Expansion { region, kinds, extents: Vec::new(), groups: Vec::new(), values: BTreeMap::new() };
    for node in needed {
        let terms = expansion.node(node)?;
        if terms.len() > MOST_TERMS {
            return Err(format!("it has more than {MOST_TERMS} terms"));
        }
        expansion.values.insert(node, terms);
    }
    let mut terms = expansion.values.remove(&loss).unwrap_or_default();
    for term in &mut terms {
        expansion.count_free_axes(term);
    }
    let Expansion { extents, groups, .. } = expansion;
    Ok(Polynomial { terms: merged(terms, &extents), extents, groups })
}

/// What a value depends on.
#[derive(Clone, Copy, Debug, Default)]
struct Kind {
    has_params: bool,
    has_data: bool,
}

fn kinds(region: &Region) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::with_capacity(region.len());
    for (_, node) in region.iter() {
        let mut kind = Kind::default();
        if let Op::Leaf(leaf) = &node.op {
            let is_data = matches!(leaf.kind, LeafKind::Input | LeafKind::Prepared | LeafKind::StepInput);
            kind = Kind { has_params: !is_data, has_data: is_data };
        }
        for operand in &node.operands {
            kind.has_params |= kinds[operand.index()].has_params;
            kind.has_data |= kinds[operand.index()].has_data;
        }
        kinds.push(kind);
    }
    kinds
}

/// Whether data are taken as they are: their views are looked through, nothing else.
fn is_whole(region: &Region, node: NodeId, kinds: &[Kind]) -> bool {
    !kinds[node.index()].has_params && !matches!(region.node(node).op, Op::Broadcast(_) | Op::Permute(_))
}

/// The values to expand, in order.
fn needed(region: &Region, loss: NodeId, kinds: &[Kind]) -> Vec<NodeId> {
    let live = live(region, [loss]);
    let mut needed = vec![false; region.len()];
    needed[loss.index()] = true;
    let mut order = Vec::new();
    for (id, node) in region.iter().rev().filter(|(id, _)| live[id.index()]) {
        if !needed[id.index()] {
            continue;
        }
        order.push(id);
        if !is_whole(region, id, kinds) {
            node.operands.iter().for_each(|operand| needed[operand.index()] = true);
        }
    }
    order.reverse();
    order
}

struct Expansion<'a> {
    region: &'a mut Region,
    kinds: Vec<Kind>,
    extents: Vec<Dim>,
    groups: Vec<Group>,
    values: BTreeMap<NodeId, Vec<Term>>,
}

impl Expansion<'_> {
    fn node(&mut self, id: NodeId) -> Result<Vec<Term>, String> {
        let node = self.region.node(id).clone();
        if is_whole(self.region, id, &self.kinds) || matches!(node.op, Op::Leaf(_)) {
            return Ok(vec![self.whole(id)]);
        }
        let value = |place: usize| self.values.get(&node.operands[place]).cloned().unwrap_or_default();
        // These are polynomials in their operands; whatever is not named here is refused.
        if let Op::Map(map) = &node.op {
            return self.map(map.function, &node.operands, id);
        }
        if let Op::Contract(op) = &node.op {
            let is_sum = op.left_free(self.region.ty(node.operands[0]).rank()).is_empty()
                && (&op.left_batch, &op.left_contract) == (&op.right_batch, &op.right_contract);
            let group = if is_sum { self.kind_of(&node.operands) } else { Group::Product };
            return self.contract(op, (&value(0), &value(1)), group);
        }
        if let Op::Reduce(op) = &node.op
            && op.kind == ReduceKind::Sum
        {
            return Ok(value(0).into_iter().map(|term| sum(term, &op.axes)).collect());
        }
        let terms = value(0);
        self.view(&node, id, terms)
    }

    /// A view of a value, if it only moves axes.
    fn view(&mut self, node: &Node, id: NodeId, terms: Vec<Term>) -> Result<Vec<Term>, String> {
        if let Op::Broadcast(op) = &node.op {
            let spread = |term: Term| {
                let mut axes = self.fresh(&op.shape);
                op.axes.iter().zip(&term.axes).for_each(|(&axis, &index)| axes[axis] = index);
                Term { axes, ..term }
            };
            return Ok(terms.into_iter().map(spread).collect());
        }
        if let Op::Permute(op) = &node.op {
            let turn = |term: Term| Term { axes: op.order.iter().map(|&axis| term.axes[axis]).collect(), ..term };
            return Ok(terms.into_iter().map(turn).collect());
        }
        if matches!(node.op, Op::Reshape(_)) {
            return self.unit_reshape(id, terms);
        }
        Err(self.refusal(&node.op.to_string(), id))
    }

    fn map(&mut self, function: Function, operands: &[NodeId], id: NodeId) -> Result<Vec<Term>, String> {
        let value = |place: usize| self.values.get(&operands[place]).cloned().unwrap_or_default();
        match function {
            Function::Neg => Ok(scaled(value(0), -1.0)),
            Function::Add => Ok([value(0), value(1)].concat()),
            Function::Sub => Ok([value(0), scaled(value(1), -1.0)].concat()),
            Function::Mul | Function::MulUnlessZero => {
                let group = self.kind_of(operands);
                self.product(&value(0), &value(1), group)
            }
            Function::Square => self.product(&value(0), &value(0), Group::Square),
            Function::Div => {
                let (terms, divisor) = (value(0), value(1));
                let inverse = self.inverse(&divisor, id)?;
                self.product(&terms, &inverse, Group::Product)
            }
            Function::Xlogy if !self.kinds[operands[1].index()].has_params => {
                let (terms, x) = (value(0), value(1));
                let logarithm = self.logarithm(&x, id)?;
                self.product(&terms, &logarithm, Group::Product)
            }
            Function::Pow => {
                let (terms, exponent) = (value(0), self.region.literal_value(operands[1]));
                let exponent = (1..=8_u32).find(|&whole| exponent == Some(f64::from(whole)));
                let Some(exponent) = exponent else { return Err(self.refusal("pow", id)) };
                let group = if exponent == 2 { Group::Square } else { Group::Product };
                let mut power = terms.clone();
                for _ in 1..exponent {
                    power = self.product(&power, &terms, group)?;
                }
                Ok(power)
            }
            function => Err(self.refusal(function.name(), id)),
        }
    }

    /// Data, or a parameter, with axes of its own.
    fn whole(&mut self, node: NodeId) -> Term {
        let shape = self.region.shape(node);
        let axes = self.fresh(&shape);
        let group = self.group(Group::Linear);
        if let Some(value) = self.region.literal_value(node) {
            return Term { coefficient: value, factors: Vec::new(), axes, summed: Vec::new(), group };
        }
        let is_param = self.kinds.get(node.index()).is_some_and(|kind| kind.has_params);
        let factors = vec![Factor { is_param, node, axes: axes.clone() }];
        Term { coefficient: 1.0, factors, axes, summed: Vec::new(), group }
    }

    fn group(&mut self, group: Group) -> usize {
        self.groups.push(group);
        self.groups.len() - 1
    }

    /// Whether a product is a square, times data.
    fn kind_of(&self, operands: &[NodeId]) -> Group {
        let is_square = self.without_data(operands[0]) == self.without_data(operands[1]);
        if is_square { Group::Square } else { Group::Product }
    }

    /// A value without the data that it is multiplied with.
    fn without_data(&self, mut node: NodeId) -> NodeId {
        loop {
            let Op::Map(map) = &self.region.node(node).op else { return node };
            let operands = &self.region.node(node).operands;
            let is_data = |place: usize| !self.kinds[operands[place].index()].has_params;
            node = match map.function {
                Function::Neg => operands[0],
                Function::Mul | Function::MulUnlessZero | Function::Div if is_data(1) => operands[0],
                Function::Mul | Function::MulUnlessZero if is_data(0) => operands[1],
                _ => return node,
            };
        }
    }

    fn fresh(&mut self, shape: &[Dim]) -> Vec<Index> {
        let start = self.extents.len();
        self.extents.extend(shape.iter().cloned());
        (start..self.extents.len()).collect()
    }

    /// The products of all pairs of terms of one shape.
    fn product(&mut self, left: &[Term], right: &[Term], group: Group) -> Result<Vec<Term>, String> {
        let all: Vec<usize> = (0..left.first().map_or(0, |term| term.axes.len())).collect();
        let (left_batch, right_batch) = (all.clone(), all);
        let rule = Contract { left_batch, right_batch, left_contract: Vec::new(), right_contract: Vec::new() };
        self.contract(&rule, (left, right), group)
    }

    /// A term with axes of its own, but for those that it has in common with another.
    fn renamed(&mut self, term: &Term, other: &Term, others: &[usize], mine: &[usize]) -> Term {
        let mut names: BTreeMap<Index, Index> = BTreeMap::new();
        for (&theirs, &mine) in others.iter().zip(mine) {
            names.insert(term.axes[mine], other.axes[theirs]);
        }
        let extents = &mut self.extents;
        let mut rename = |index: &Index| {
            *names.entry(*index).or_insert_with(|| {
                let extent = extents[*index].clone();
                extents.push(extent);
                extents.len() - 1
            })
        };
        let axes = term.axes.iter().map(&mut rename).collect();
        let summed = term.summed.iter().map(&mut rename).collect();
        let factors = term
            .factors
            .iter()
            .map(|factor| Factor { axes: factor.axes.iter().map(&mut rename).collect(), ..factor.clone() });
        Term { factors: factors.collect(), axes, summed, ..*term }
    }

    /// The products of all pairs of terms, summed over pairs of axes. If both sides have parameters, they are a new group.
    fn contract(
        &mut self,
        op: &Contract,
        (left, right): (&[Term], &[Term]),
        group: Group,
    ) -> Result<Vec<Term>, String> {
        let degree = |terms: &[Term]| terms.iter().map(Term::degree).max().unwrap_or(0);
        let (left_degree, right_degree) = (degree(left), degree(right));
        let group = match (left_degree, right_degree) {
            (0, _) | (_, 0) => None,
            (1, 1) => Some(self.group(group)),
            _ => Some(self.group(Group::Product)),
        };
        let lefts = [op.left_batch.clone(), op.left_contract.clone()].concat();
        let rights = [op.right_batch.clone(), op.right_contract.clone()].concat();
        if left.len() * right.len() > MOST_TERMS {
            return Err(format!("it has more than {MOST_TERMS} terms"));
        }
        let mut products = Vec::new();
        for a in left {
            for b in right {
                let b = self.renamed(b, a, &lefts, &rights);
                let batch = op.left_batch.iter().map(|&axis| a.axes[axis]);
                let left_free = op.left_free(a.axes.len()).into_iter().map(|axis| a.axes[axis]);
                let right_free = op.right_free(b.axes.len()).into_iter().map(|axis| b.axes[axis]);
                let axes = batch.chain(left_free).chain(right_free).collect();
                let contracted = op.left_contract.iter().map(|&axis| a.axes[axis]);
                let summed = a.summed.iter().copied().chain(b.summed).chain(contracted).collect();
                let group = group.unwrap_or(if right_degree > 0 { b.group } else { a.group });
                let factors = [a.factors.clone(), b.factors].concat();
                let coefficient = product_of(a.coefficient, b.coefficient)?;
                if factors.len() > MOST_FACTORS {
                    return Err(format!("it has a product of more than {MOST_FACTORS} values"));
                }
                products.push(Term { coefficient, factors, axes, summed, group });
            }
        }
        Ok(products)
    }

    /// Axes of extent 1 come and go.
    fn unit_reshape(&mut self, id: NodeId, terms: Vec<Term>) -> Result<Vec<Term>, String> {
        let shapes = [self.region.shape(self.region.operand(id, 0)), self.region.shape(id)];
        let long = |shape: &[Dim]| shape.iter().filter(|extent| !extent.is_one()).cloned().collect::<Vec<_>>();
        if long(&shapes[0]) != long(&shapes[1]) {
            return Err(self.refusal("reshape", id));
        }
        let reshape = |term: Term| {
            let (mut axes, mut old) = (self.fresh(&shapes[1]), term.axes.iter().zip(shapes[0].iter()));
            for (axis, _) in shapes[1].iter().enumerate().filter(|(_, extent)| !extent.is_one()) {
                axes[axis] = old.find(|(_, extent)| !extent.is_one()).map_or(axes[axis], |(&index, _)| index);
            }
            // What goes is summed over: one element.
            let gone = term.axes.iter().zip(shapes[0].iter()).filter(|(_, extent)| extent.is_one());
            let summed = term.summed.iter().copied().chain(gone.map(|(&index, _)| index)).collect();
            Term { axes, summed, ..term }
        };
        Ok(terms.into_iter().map(reshape).collect())
    }

    fn inverse(&mut self, terms: &[Term], id: NodeId) -> Result<Vec<Term>, String> {
        if let [Term { factors, summed, .. }] = terms
            && summed.is_empty()
            && factors.iter().all(|factor| !factor.is_param)
        {
            let mut inverse = terms[0].clone();
            inverse.coefficient = product_of(1.0, inverse.coefficient.recip())?;
            for factor in &mut inverse.factors {
                factor.node = self.region.recip(factor.node);
            }
            return Ok(vec![inverse]);
        }
        Err(self.refusal("/", id))
    }

    /// The logarithm of data that are one factor, or a number.
    fn logarithm(&mut self, terms: &[Term], id: NodeId) -> Result<Vec<Term>, String> {
        let mut image = terms.first().cloned().ok_or_else(|| self.refusal("log", id))?;
        let is_plain = terms.len() == 1 && image.coefficient.to_bits() == 1.0_f64.to_bits();
        match image.factors.as_mut_slice() {
            [] if terms.len() == 1 => image.coefficient = image.coefficient.ln(),
            [factor] if is_plain => factor.node = self.region.log(factor.node),
            _ => return Err(self.refusal("log", id)),
        }
        Ok(vec![image])
    }

    /// Axes that are summed over and that no factor has: their extents are factors.
    fn count_free_axes(&mut self, term: &mut Term) {
        let open: Vec<Index> = term.summed.iter().copied().filter(|index| !has_index(term, *index)).collect();
        for index in open {
            let extent = self.extents[index].clone();
            if let Some(count) = extent.as_constant() {
                #[allow(clippy::cast_precision_loss, reason = "extents lie far below 2^53")]
                let count = count as f64;
                term.coefficient *= count;
            } else {
                let count = self.region.extent(&extent);
                let node = self.region.cast(count, crate::graph::Elem::Real);
                term.factors.push(Factor { is_param: false, node, axes: Vec::new() });
            }
        }
    }

    /// `` `tanh` of an expression in `w` is not a polynomial ``
    fn refusal(&self, operation: &str, id: NodeId) -> String {
        let word = operation.split(' ').next().unwrap_or_default();
        let live = live(self.region, [id]);
        let mut params = self.region.iter().filter(|(id, _)| live[id.index()] && self.kinds[id.index()].has_params);
        let param =
            params.find_map(|(_, node)| if let Op::Leaf(leaf) = &node.op { Some(leaf.name.clone()) } else { None });
        let of = param.map(|name| format!(" of an expression in `{name}`")).unwrap_or_default();
        format!("`{word}`{of} is not a polynomial")
    }
}

/// The product of two literals, unless it is far from an ordinary number or has vanished.
fn product_of(a: f64, b: f64) -> Result<f64, String> {
    let product = a * b;
    let is_ordinary = a == 0.0 || b == 0.0 || (1e-200..1e200).contains(&product.abs());
    if is_ordinary { Ok(product) } else { Err("its literals multiply to what is hardly a number".into()) }
}

fn has_index(term: &Term, index: Index) -> bool {
    term.factors.iter().any(|factor| factor.axes.contains(&index))
}

fn scaled(terms: Vec<Term>, factor: f64) -> Vec<Term> {
    terms.into_iter().map(|term| Term { coefficient: factor * term.coefficient, ..term }).collect()
}

/// Sums over some axes of the value.
fn sum(term: Term, over: &[usize]) -> Term {
    let (gone, axes): (Vec<_>, Vec<_>) = term.axes.iter().enumerate().partition(|(axis, _)| over.contains(axis));
    let summed = term.summed.iter().copied().chain(gone.into_iter().map(|(_, &index)| index)).collect();
    let axes = axes.into_iter().map(|(_, &index)| index).collect();
    Term { axes, summed, ..term }
}

/// What a product is, whatever its axes are called: its group, the nodes, and for each axis its first place and its
/// extent.
type Product = (usize, Vec<(NodeId, Vec<(usize, Dim)>)>);

/// Equal products of a group once, with the sum of their coefficients; those that cancel are left out.
fn merged(terms: Vec<Term>, extents: &[Dim]) -> Vec<Term> {
    let mut found: Vec<(Product, Term)> = Vec::new();
    for mut term in terms {
        term.factors.sort_by(|a, b| (b.is_param, a.node).cmp(&(a.is_param, b.node)));
        let mut order: Vec<Index> = Vec::new();
        let key = term.factors.iter().map(|factor| {
            let axes = factor.axes.iter().map(|&index| {
                let place = order.iter().position(|&known| known == index).unwrap_or_else(|| {
                    order.push(index);
                    order.len() - 1
                });
                (place, extents[index].clone())
            });
            (factor.node, axes.collect())
        });
        let key: Product = (term.group, key.collect());
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => known.coefficient += term.coefficient,
            None => found.push((key, term)),
        }
    }
    found.into_iter().map(|(_, term)| term).filter(|term| term.coefficient != 0.0).collect()
}

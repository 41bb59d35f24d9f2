//! Subscripts that are computed: `x[2*i + r]`, `emb[token[b, t]]`, `if i > 0 { y[i - 1] } else { 1 }`.
//!
//! Whether a subscript lies inside is found out as early as it can be: from the bounds of what it is made of and the choices
//! around it, an error here; from sizes, an error when a call begins; from data, where it is read (see
//! [`Outside`](crate::ops::Outside)).

use super::linear::{Known, Linear};
use super::mistakes::Seen;
use super::{Builder, Built, Settled};
use crate::diagnostics::{Help, Problem, SpanRange};
use crate::graph::{Dim, NodeId, ShapeText};
use crate::ops::batch::Lift;
use crate::ops::{Integer, Op, Outside, is_clamp};
use crate::syntax::print::source;
use crate::syntax::tree::{BinaryOp, Expr, Subscript};

/// A read whose place is known to lie inside or outside only when its indices' ranges are.
pub(super) struct Pending {
    /// The read.
    gather: NodeId,
    /// The integer, and the extent that it must lie below.
    index: NodeId,
    extent: Dim,
    /// The choices around it.
    arms: Vec<(NodeId, bool)>,
    /// As the user wrote it, and where.
    text: String,
    subscript: String,
    span: SpanRange,
}

impl Pending {
    /// Takes note of what the read has become.
    pub(super) fn now(&mut self, lifted: &Lift) {
        self.gather = lifted.image(self.gather);
    }
}

impl Builder<'_> {
    /// `x[…]` with computed places; the others are done already. `axes` says which axes of `x` they are along.
    pub(in super::super) fn read(&mut self, whole: &Expr, x: NodeId, places: &[(usize, &Expr)]) -> Built {
        let indices: Vec<Built> = places.iter().map(|(_, place)| self.integer_of(place)).collect();
        let indices = indices.into_iter().collect::<Built<Vec<NodeId>>>()?;
        let places: Vec<(usize, NodeId, &Expr)> =
            places.iter().zip(indices).map(|((axis, place), index)| (*axis, index, *place)).collect();
        self.read_at(whole, x, &places)
    }

    /// `x` read along axes where integers of one shape say, each with its text.
    pub(in super::super) fn read_at(&mut self, whole: &Expr, x: NodeId, places: &[(usize, NodeId, &Expr)]) -> Built {
        let shape = self.shape(x);
        self.indices.reads += 1;
        let axes: Vec<usize> = places.iter().map(|(axis, ..)| *axis).collect();
        let indices: Vec<NodeId> = places.iter().map(|(_, index, _)| *index).collect();
        let mut reads = Vec::new();
        for &(axis, index, place) in places {
            let text = source(whole);
            self.note_use(index, &shape[axis], &text);
            let (extent, arms) = (shape[axis].clone(), self.indices.arms.clone());
            let subscript = source(place);
            reads.push(Pending { gather: x, index, extent, arms, text, subscript, span: place.span });
        }
        // What one place is known of waits for the others.
        if reads.iter().any(|read| !self.covers(read)) {
            let gather = self.region.gather(x, &axes, &indices, Outside::Mistake);
            self.indices.pending.extend(reads.into_iter().map(|read| Pending { gather, ..read }));
            return Ok(gather);
        }
        let outside = reads.iter().map(|read| self.outside(read)).collect::<Built<Vec<Outside>>>()?;
        Ok(self.region.gather(x, &axes, &indices, outside.into_iter().max().unwrap_or(Outside::Never)))
    }

    /// Whether integers are known to lie in `0..extent`, if there are any places.
    pub(in super::super) fn lies_inside(&self, index: NodeId, extent: &Dim) -> bool {
        let known = Known { full: is_clamp(&self.region, index).then(|| extent.clone()), ..self.known() };
        let Some(place) = Linear::of(&self.region, index) else { return false };
        let last = extent.sub(&Dim::ONE).map(Linear::constant);
        let room = last.and_then(|last| last.minus(&place));
        known.is_natural(&place, &[]) && room.is_some_and(|room| known.is_natural(&room, &[]))
    }

    /// Whether a place that sizes say lies inside only by the choices around it.
    pub(in super::super) fn is_inside_by_arms(&self, place: &Dim, extent: &Dim) -> bool {
        let known = self.known();
        let room = extent.sub(&Dim::ONE).and_then(|last| last.sub(place)).map(Linear::constant);
        let Some(room) = room.filter(|room| !self.indices.arms.is_empty() && !known.is_natural(room, &[])) else {
            return false;
        };
        let mut facts = Vec::new();
        self.indices.arms.iter().for_each(|(condition, holds)| known.facts(*condition, *holds, &mut facts));
        known.is_natural(&room, &facts)
    }

    /// Notes what a subscript says of how far an index runs.
    fn note_use(&mut self, index: NodeId, extent: &Dim, text: &str) {
        let live = crate::graph::print::live(&self.region, [index]);
        let is_chosen = !self.indices.arms.is_empty();
        for open in self.indices.open.iter_mut().filter(|open| live[open.node.index()]) {
            if open.node == index && !open.is_given() {
                open.uses.push((extent.clone(), text.to_owned()));
            }
            let (extent, text) = (extent.clone(), text.to_owned());
            self.indices.seen.push(Seen { index: open.node, place: index, extent, text, is_chosen });
        }
    }

    /// Whether how far all indices of a read run is known.
    fn covers(&self, read: &Pending) -> bool {
        let known = self.known();
        known.covers(read.index) && read.arms.iter().all(|(condition, _)| known.covers(*condition))
    }

    /// What the reads outside mean whose ranges are known now.
    pub(super) fn settle(&mut self) -> Built<Settled> {
        let mut settled = Settled::new();
        let pending = std::mem::take(&mut self.indices.pending);
        let waits: Vec<NodeId> = pending.iter().filter(|read| !self.covers(read)).map(|read| read.gather).collect();
        let (waiting, ready): (Vec<Pending>, Vec<Pending>) =
            pending.into_iter().partition(|read| waits.contains(&read.gather));
        self.indices.pending = waiting;
        for read in ready {
            let outside = self.outside(&read)?;
            let there = settled.entry(read.gather).or_insert(Outside::Never);
            *there = (*there).max(outside);
        }
        Ok(settled)
    }

    /// What it means where a read lies outside.
    fn outside(&mut self, read: &Pending) -> Built<Outside> {
        let known = self.known();
        let Some(place) = Linear::of(&self.region, read.index) else {
            return Err(self.error(read.span, Problem::DimensionOverflow));
        };
        let last = read.extent.sub(&Dim::ONE).map(Linear::constant);
        let room = last.and_then(|last| last.minus(&place));
        let Some(room) = room else { return Err(self.error(read.span, Problem::DimensionOverflow)) };
        if known.is_natural(&place, &[]) && known.is_natural(&room, &[]) {
            return Ok(Outside::Never);
        }
        let mut facts = known.range_facts(read.index);
        if known.is_natural(&place, &facts) && known.is_natural(&room, &facts) {
            return Ok(Outside::Never);
        }
        // What is clamped to its axis lies inside, if that has any places: a condition on sizes.
        if is_clamp(&self.region, read.index) {
            let known = Known { full: Some(read.extent.clone()), ..known };
            if known.is_natural(&place, &[]) && known.is_natural(&room, &[]) {
                return Ok(Outside::Never);
            }
        }
        read.arms.iter().for_each(|(condition, holds)| known.facts(*condition, *holds, &mut facts));
        if known.is_natural(&place, &facts) && known.is_natural(&room, &facts) {
            return Ok(Outside::Zero);
        }
        let [low, high] = known.bounds(&place);
        let surely = |end: &Option<Dim>, is_outside: &dyn Fn(&Dim) -> bool| end.as_ref().is_some_and(is_outside);
        let below = surely(&low, &|low| low.as_constant().is_some_and(|low| low < 0));
        let above = surely(&high, &|high| {
            high.sub(&read.extent).and_then(|beyond| beyond.as_constant()).is_some_and(|beyond| beyond >= 0)
        });
        if read.arms.is_empty() && is_affine(&known, &place) {
            if below || above {
                let end = if below { low } else { high };
                let position = end.map_or_else(String::new, |end| end.to_string());
                return Err(self.surely_outside(read, &place, below, position));
            }
            if low.is_some() && high.is_some() {
                return Ok(Outside::Never);
            }
        }
        Ok(Outside::Mistake)
    }

    fn surely_outside(&mut self, read: &Pending, place: &Linear, is_below: bool, position: String) -> super::Reported {
        let problem = Problem::SubscriptOutside {
            read: read.text.clone(),
            position,
            extent: read.extent.to_string(),
            at: self.where_outside(place, is_below),
        };
        let help = self.stay_inside(place, is_below, (&read.subscript, &read.extent), &read.text);
        self.error_with_help(read.span, problem, help)
    }

    /// `/` in a subscript: exact, which is proved by the remainders of what it is made of.
    pub(super) fn quotient(&mut self, expr: &Expr, op: BinaryOp, a: &Expr, b: &Expr) -> Built {
        if op == BinaryOp::Pow {
            return self.power_of(expr, a, b);
        }
        if op != BinaryOp::Div {
            return self.integer_value(expr);
        }
        let (dividend, divisor) = (self.integer_of(a), self.integer_of(b));
        let (dividend, divisor) = (dividend?, divisor?);
        let by = Linear::of(&self.region, divisor).filter(|by| by.terms.is_empty());
        let by = by.and_then(|by| by.offset.as_constant());
        if by.is_some_and(|by| by > 0 && is_multiple(&self.region, dividend, by)) {
            return Ok(self.region.integer(Integer::FloorDiv, dividend, divisor));
        }
        let problem = Problem::SubscriptDivision { quotient: source(expr) };
        let code = format!("floor_div({}, {})", source(a), source(b));
        Err(self.error_with_help(expr.span, problem, Help::write(format!("`{code}` rounds down"), expr.span, code)))
    }

    /// `i^2`
    fn power_of(&mut self, expr: &Expr, base: &Expr, exponent: &Expr) -> Built {
        let Some(power) =
            self.try_dim(exponent).and_then(|power| power.as_constant()).filter(|power| (0..=8).contains(power))
        else {
            return self.integer_value(expr);
        };
        let base = self.integer_of(base)?;
        let one = self.region.index(1);
        Ok((0..power).fold(one, |product, _| self.region.integer(Integer::Mul, product, base)))
    }

    /// Refuses more places than there are axes.
    pub(in super::super) fn refuse_places(&mut self, expr: &Expr, subscripts: &[Subscript], x: NodeId) -> Built<()> {
        let used = subscripts.iter().filter(|subscript| !matches!(subscript, Subscript::New(_))).count();
        let shape = self.shape(x);
        if used <= shape.len() {
            return Ok(());
        }
        let problem = Problem::TooManySubscripts { given: used, shape: ShapeText(&shape).to_string() };
        Err(self.error(expr.span, problem))
    }
}

/// Whether a sum is of bound indices alone.
fn is_affine(known: &Known<'_>, sum: &Linear) -> bool {
    sum.terms.keys().all(|node| matches!(known.region.node(*node).op, Op::Bound(_)))
}

/// The operator of integers that an operator is.
pub(in super::super) fn operation(op: BinaryOp) -> Option<Integer> {
    match op {
        BinaryOp::Add => Some(Integer::Add),
        BinaryOp::Sub => Some(Integer::Sub),
        BinaryOp::Mul => Some(Integer::Mul),
        _ => None,
    }
}

/// The operator of integers that a function of two is.
pub(in super::super) fn function(name: &str) -> Option<Integer> {
    match name {
        "floor_div" => Some(Integer::FloorDiv),
        "rem" => Some(Integer::Rem),
        "min" => Some(Integer::Min),
        "max" => Some(Integer::Max),
        _ => None,
    }
}

/// The most combinations of remainders that are tried.
const MOST_COMBINATIONS: i64 = 4096;

/// Whether an integer is a multiple of a number, whatever the indices, sizes and inputs in it are: of their remainders all
/// combinations are tried.
fn is_multiple(region: &crate::graph::Region, node: NodeId, of: i64) -> bool {
    let mut names = Vec::new();
    if !collect(region, node, &mut names) {
        return false;
    }
    let count = i64::try_from(names.len()).ok().and_then(|count| of.checked_pow(u32::try_from(count).ok()?));
    if count.is_none_or(|count| count > MOST_COMBINATIONS) {
        return false;
    }
    (0..count.unwrap_or(0)).all(|combination| {
        let mut rest = combination;
        let values: Vec<(Name, i64)> = (names.iter())
            .map(|name| {
                let value = rest % of;
                rest /= of;
                (name.clone(), value)
            })
            .collect();
        remainder(region, node, of, &values) == Some(0)
    })
}

/// What the remainder of an integer depends on.
#[derive(Clone, PartialEq, Eq)]
enum Name {
    Size(std::rc::Rc<str>),
    Integer(NodeId),
}

fn collect(region: &crate::graph::Region, node: NodeId, names: &mut Vec<Name>) -> bool {
    let mut note = |name: Name| {
        if !names.contains(&name) {
            names.push(name);
        }
    };
    match &region.node(node).op {
        Op::Literal(_) => true,
        Op::Extent(extent) => {
            extent.dim.for_each_name(&mut |name| note(Name::Size(name.clone())));
            true
        }
        Op::Integer(Integer::Add | Integer::Sub | Integer::Mul) => {
            region.node(node).operands.iter().all(|&operand| collect(region, operand, names))
        }
        _ => {
            note(Name::Integer(node));
            true
        }
    }
}

fn remainder(region: &crate::graph::Region, node: NodeId, of: i64, values: &[(Name, i64)]) -> Option<i64> {
    let value = |name: &Name| values.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
    let side = |place| remainder(region, region.operand(node, place), of, values);
    Some(match &region.node(node).op {
        #[allow(clippy::cast_possible_truncation, reason = "an integer below 2^53")]
        Op::Literal(literal) => (literal.value() as i64).rem_euclid(of),
        Op::Extent(extent) => extent.dim.evaluate(&|name| value(&Name::Size(name.into())))?.rem_euclid(of),
        Op::Integer(Integer::Add) => (side(0)? + side(1)?).rem_euclid(of),
        Op::Integer(Integer::Sub) => (side(0)? - side(1)?).rem_euclid(of),
        Op::Integer(Integer::Mul) => (side(0)? * side(1)?).rem_euclid(of),
        _ => value(&Name::Integer(node))?,
    })
}

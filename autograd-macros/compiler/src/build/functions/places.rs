//! Reads and sums at places that integers say, and what is such a read: rolled, repeated, cut to a triangle.

use super::super::values::insert_axis;
use super::super::{Builder, Built, text};
use super::Family::{Network, Place, Shape as Shaping};
use super::arguments::Call;
use super::{Row, rule};
use crate::diagnostics::{Help, Problem};
use crate::graph::{Dim, Elem, NodeId, Shape, ShapeText};
use crate::ops::{Compare, Function, Integer, Outside};
use crate::syntax::print::source;
use crate::syntax::tree::{Expr, ExprKind};

pub(super) const ROWS: &[Row] = &[
    rule(
        [
            "take",
            "x, indices, axis?",
            "x where integers of any shape say along an axis, which that shape takes the place of; they may be computed: \
             `take(x, rem(iota(N) + 1, N))`",
            "take(z, label, axis = K)",
        ],
        Place,
        take,
    ),
    rule(
        [
            "embedding",
            "table, indices",
            "the rows of a table `[V, D]` that integers of any shape say: `[…, D]`",
            "embedding(a, floor_div(iota(D), 2))",
        ],
        Network,
        embedding,
    ),
    rule(
        [
            "scatter_add",
            "x, indices, updates",
            "x `[K, …]` with updates added to its rows where integers of any shape `[…]` say; equal ones add up, and one outside \
             of 0..K is an error of the call",
            "scatter_add(zeros([K]), label, y)",
        ],
        Place,
        scatter_add,
    ),
    rule(
        [
            "segment_sum",
            "x, indices, n",
            "the sums of the rows of x with the same integer in 0..n: `[n, …]`; another integer is an error of the call",
            "segment_sum(x, label, K)",
        ],
        Place,
        segment_sum,
    ),
    rule(
        [
            "to_index",
            "x",
            "the largest integer that is not larger than x, for subscripts: an error of the call where x is NaN or beyond ±2⁵³, \
             and where the subscript lies outside; the derivative is 0",
            "take(b, to_index(clamp(y, 0, 1)))",
        ],
        Place,
        to_index,
    ),
    rule(
        [
            "roll",
            "x, shift, axis?",
            "x moved on along an axis; what leaves at the end comes in at the start",
            "roll(y, 1)",
        ],
        Shaping,
        roll,
    ),
    rule(
        ["tril", "x, k = 0", "zeros above the k-th diagonal of the last two axes", "tril(a)"],
        Shaping,
        |builder, call| triangle(builder, call, true),
    ),
    rule(
        ["triu", "x, k = 0", "zeros below the k-th diagonal of the last two axes", "triu(a, 1)"],
        Shaping,
        |builder, call| triangle(builder, call, false),
    ),
    rule(
        ["diff", "x, axis?", "each element of an axis, the last if none is said, less the one before it", "diff(y)"],
        Shaping,
        diff,
    ),
    rule(
        ["tile", "x, n, axis?", "x n times, one after the other along an axis", "tile(y, 2)"],
        Shaping,
        |builder, call| repeated(builder, call, false),
    ),
    rule(
        ["repeat", "x, n, axis?", "each element of an axis n times", "repeat(x, 2, axis = N)"],
        Shaping,
        |builder, call| repeated(builder, call, true),
    ),
];

fn take(builder: &mut Builder, call: &Call) -> Built {
    let (x, index) = (builder.argument(call, "x"), builder.integers_of(call.get("indices")));
    let (x, index) = (x?, index?);
    let shape = builder.shape(x);
    let axis = builder.single_axis(call.expr, "take", call.find("axis"), &shape)?;
    along(builder, call, (x, index), axis)
}

fn embedding(builder: &mut Builder, call: &Call) -> Built {
    let (table, index) = (builder.argument(call, "table"), builder.integers_of(call.get("indices")));
    let (table, index) = (table?, index?);
    let shape = builder.shape(table);
    if shape.len() != 2 {
        let (what, found) = ("the table of `embedding`".to_owned(), ShapeText(&shape).to_string());
        let problem = Problem::WrongRank { what, expected: "a matrix".into(), found };
        return Err(builder.error(call.get("table").span, problem));
    }
    along(builder, call, (table, index), 0)
}

/// `x` read along an axis, whose place the integers' axes take.
fn along(builder: &mut Builder, call: &Call, (x, index): (NodeId, NodeId), axis: usize) -> Built {
    let place = call.find("indices").unwrap_or(call.expr);
    let read = builder.read_at(call.expr, x, &[(axis, index, place)])?;
    let (rank, count) = (builder.shape(x).len(), builder.shape(index).len());
    // The integers' axes come first; those of x before the axis go in front of them.
    let order = (count..count + axis).chain(0..count).chain(count + axis..count + rank - 1);
    Ok(builder.region.permute(read, &order.collect::<Vec<_>>()))
}

fn scatter_add(builder: &mut Builder, call: &Call) -> Built {
    let (base, updates) = (builder.real_argument(call, "x"), builder.real_argument(call, "updates"));
    let index = builder.integers_of(call.get("indices"));
    let (base, updates, index) = (base?, updates?, index?);
    add_at(builder, call, base, index, (updates, "updates"))
}

fn to_index(builder: &mut Builder, call: &Call) -> Built {
    let x = builder.argument(call, "x")?;
    if builder.elem(x) == Elem::Index {
        return Ok(x);
    }
    let whole = if builder.elem(x) == Elem::Real { builder.region.floor(x) } else { x };
    Ok(builder.region.cast(whole, Elem::Index))
}

fn segment_sum(builder: &mut Builder, call: &Call) -> Built {
    let (x, count) = (builder.real_argument(call, "x"), builder.extent_of(call.get("n")));
    let index = builder.integers_of(call.get("indices"));
    let (x, count, index) = (x?, count?, index?);
    let rank = builder.shape(index).len();
    let rest = builder.shape(x).iter().skip(rank).cloned().collect::<Vec<Dim>>();
    let base: Shape = std::iter::once(count).chain(rest).collect();
    let base = builder.region.zeros(&base);
    add_at(builder, call, base, index, (x, "x"))
}

fn add_at(builder: &mut Builder, call: &Call, base: NodeId, index: NodeId, (updates, name): (NodeId, &str)) -> Built {
    let shape = builder.shape(base);
    let Some((extent, rest)) = shape.split_first() else {
        let (what, expected) = (format!("`{}`", call.function), "at least one axis".to_owned());
        let found = ShapeText(&shape).to_string();
        return Err(builder.error(call.get("x").span, Problem::WrongRank { what, expected, found }));
    };
    let wanted: Shape = builder.shape(index).iter().chain(rest).cloned().collect();
    let found = builder.shape(updates);
    if found != wanted {
        let what = format!("the argument `{name}` of `{}`", call.function);
        let (expected, found) = (ShapeText(&wanted).to_string(), ShapeText(&found).to_string());
        return Err(builder.error(call.get(name).span, Problem::WrongRank { what, expected, found }));
    }
    let outside = if builder.lies_inside(index, extent) { Outside::Never } else { Outside::Mistake };
    Ok(builder.region.scatter_where(base, updates, &[0], (&[index], outside)))
}

fn roll(builder: &mut Builder, call: &Call) -> Built {
    let (x, shift) = (builder.argument(call, "x"), builder.integer_of(call.get("shift")));
    let (x, shift) = (x?, shift?);
    let shape = builder.shape(x);
    let axis = builder.single_axis(call.expr, "roll", call.find("axis"), &shape)?;
    let extent: Shape = [shape[axis].clone()].into();
    let (own, count) = (builder.region.iota(&shape[axis]), builder.integer_node(&shape[axis]));
    let (shift, count) = (builder.region.fill(shift, &extent), builder.region.fill(count, &extent));
    let from = builder.region.integer(Integer::Sub, own, shift);
    let from = builder.region.integer(Integer::Rem, from, count);
    let read = builder.region.gather(x, &[axis], &[from], Outside::Never);
    let order = (1..=axis).chain([0]).chain(axis + 1..shape.len());
    Ok(builder.region.permute(read, &order.collect::<Vec<_>>()))
}

fn triangle(builder: &mut Builder, call: &Call, is_lower: bool) -> Built {
    let x = builder.real_argument(call, "x");
    let diagonal = call.find("k").map_or(Ok(builder.region.index(0)), |k| builder.integer_of(k));
    let (x, diagonal) = (x?, diagonal?);
    let shape = builder.shape(x);
    let [.., rows, columns] = &shape[..] else {
        let (what, expected) = (format!("`{}`", call.function), "at least two axes".to_owned());
        let found = ShapeText(&shape).to_string();
        return Err(builder.error(call.get("x").span, Problem::WrongRank { what, expected, found }));
    };
    let (row, column) = (builder.region.iota(rows), builder.region.iota(columns));
    let diagonal = builder.region.fill(diagonal, &[rows.clone()].into());
    let last = builder.region.integer(Integer::Add, row, diagonal);
    let last = builder.region.broadcast(last, &shape, &[shape.len() - 2]);
    let column = builder.region.broadcast(column, &shape, &[shape.len() - 1]);
    let (low, high) = if is_lower { (column, last) } else { (last, column) };
    let inside = builder.region.compare(Compare::Le, low, high);
    let zeros = builder.region.zeros(&shape);
    Ok(builder.region.select(inside, x, zeros))
}

fn diff(builder: &mut Builder, call: &Call) -> Built {
    let x = builder.real_argument(call, "x")?;
    let shape = builder.shape(x);
    let axis = match (call.find("axis"), shape.len()) {
        (None, rank @ 2..) => rank - 1,
        (axis, _) => builder.single_axis(call.expr, "diff", axis, &shape)?,
    };
    let mut extents = shape.to_vec();
    extents[axis] =
        shape[axis].sub(&Dim::ONE).ok_or_else(|| builder.error(call.expr.span, Problem::DimensionOverflow))?;
    builder.check_extent(call.expr.span, &extents[axis])?;
    let (extents, steps) = (Shape::from(extents), vec![1; shape.len()]);
    let mut starts = vec![Dim::ZERO; shape.len()];
    let before = builder.region.slice(x, &starts, &extents, &steps);
    starts[axis] = Dim::ONE;
    let after = builder.region.slice(x, &starts, &extents, &steps);
    Ok(builder.region.map(Function::Sub, &[after, before]))
}

fn repeated(builder: &mut Builder, call: &Call, each: bool) -> Built {
    let (x, times) = (builder.argument(call, "x"), builder.extent_of(call.get("n")));
    let (x, times) = (x?, times?);
    let shape = builder.shape(x);
    let axis = builder.single_axis(call.expr, call.function, call.find("axis"), &shape)?;
    let new = if each { axis + 1 } else { axis };
    let longer = insert_axis(&shape, new, times.clone());
    let kept: Vec<usize> = (0..longer.len()).filter(|&place| place != new).collect();
    let copies = builder.region.broadcast(x, &longer, &kept);
    let mut flat = shape.to_vec();
    flat[axis] = times.mul(&shape[axis]).ok_or_else(|| builder.error(call.expr.span, Problem::DimensionOverflow))?;
    Ok(builder.region.reshape(copies, &flat.into()))
}

impl Builder<'_> {
    /// The integers that an expression says, of any shape: what `integer_of` takes, element by element.
    fn integers_of(&mut self, expr: &Expr) -> Built {
        if let Some(dim) = self.try_dim(expr) {
            return Ok(self.integer_node(&dim));
        }
        match &expr.kind {
            ExprKind::Binary(op, a, b) => match super::super::indices::operation(*op) {
                Some(op) => self.integer_pair(expr, op, a, b),
                None => self.whole_values(expr),
            },
            ExprKind::Call { function, binder: None, arguments, .. } => {
                let name = function.to_string();
                let op = super::super::indices::function(&name).filter(|_| !self.functions.contains_key(&name));
                match (op, arguments.as_slice()) {
                    (Some(op), [a, b]) if a.name.is_none() && b.name.is_none() => {
                        self.integer_pair(expr, op, &a.value, &b.value)
                    }
                    _ => self.whole_values(expr),
                }
            }
            ExprKind::List(items) if !items.is_empty() => {
                let values: Vec<Built> = items.iter().map(|item| self.integers_of(item)).collect();
                let values = values.into_iter().collect::<Built<Vec<NodeId>>>()?;
                let sides = self.sides(&values, items);
                let values = self.align_all("[…]", expr.span, &sides)?;
                Ok(self.stack(&values, 0))
            }
            _ => self.whole_values(expr),
        }
    }

    fn integer_pair(&mut self, expr: &Expr, op: Integer, a: &Expr, b: &Expr) -> Built {
        let values = (self.integers_of(a), self.integers_of(b));
        let sides = self.sides(&[values.0?, values.1?], [a, b]);
        let values = self.align_all(op.name(), expr.span, &sides)?;
        Ok(self.region.integer(op, values[0], values[1]))
    }

    /// A value that is an integer by itself.
    fn whole_values(&mut self, expr: &Expr) -> Built {
        let value = self.expr(expr)?;
        if self.elem(value) == Elem::Index {
            return Ok(value);
        }
        if let Some(whole) = self.region.literal_value(value).and_then(super::super::dims::whole)
            && self.elem(value) == Elem::Real
        {
            return Ok(self.region.index(whole));
        }
        let problem = Problem::SubscriptNotInteger { subscript: source(expr), found: text::describe(&self.ty(value)) };
        let rounded = format!("to_index({})", source(expr));
        let text = format!(
            "`{rounded}` rounds down; integers are inputs `in K`, `argmax`, `iota`, and `+ - *`, `floor_div`, `rem`, `min`, \
             `max` of these"
        );
        Err(self.error_with_help(expr.span, problem, Help::write(text, expr.span, rounded)))
    }
}

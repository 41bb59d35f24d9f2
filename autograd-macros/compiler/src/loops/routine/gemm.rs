//! General matrix product, batched: `out[b, m, n] = scale · Σ_k left[b, m, k] · right[b, k, n]`, or that added to `out`.
//!
//! The extents are those of b, m, n and k; the operands may lie with any strides, the result is contiguous. A scalar is
//! what the product is multiplied by.

use super::{Argument, Failure, Memory, Routine, Signature, Uses, plain_text};
use crate::graph::Dim;
use crate::loops::program::{BufferId, Call, Layout, Mode, Operand, ValueId};
use crate::ops::ReduceKind;
use crate::ops::lowering::sure;

/// The matrix product.
#[derive(Clone, Copy, Debug)]
pub struct Gemm;

/// A product of two operands that lie in memory so: `[batch, rows, depth]` and `[batch, depth, columns]`.
pub(crate) fn product(
    extents: &[Dim; 4],
    [left, right]: [(BufferId, Layout); 2],
    out: BufferId,
    scale: Option<ValueId>,
    add: bool,
) -> Call {
    let [batch, rows, columns, _] = extents;
    let whole = Layout::contiguous(&[batch.clone(), rows.clone(), columns.clone()]);
    let read = |(buffer, layout)| Operand { buffer, layout, mode: Mode::Read };
    let mode = if add { Mode::Add(ReduceKind::Sum) } else { Mode::Write };
    Call {
        routine: &Gemm,
        operands: vec![read(left), read(right), Operand { buffer: out, layout: whole, mode }],
        scalars: scale.into_iter().collect(),
        extents: extents.to_vec(),
    }
}

/// The places of the operands.
const LEFT: usize = 0;
const RIGHT: usize = 1;
const OUT: usize = 2;
/// The places of the extents.
const BATCH: usize = 0;
const ROWS: usize = 1;
const COLUMNS: usize = 2;
const DEPTH: usize = 3;

impl Routine for Gemm {
    fn name(&self) -> &'static str {
        "gemm"
    }

    fn signature(&self) -> Signature {
        let operands = vec![
            (vec![BATCH, ROWS, DEPTH], Uses::Reads),
            (vec![BATCH, DEPTH, COLUMNS], Uses::Reads),
            (vec![BATCH, ROWS, COLUMNS], Uses::WritesOrAdds),
        ];
        Signature { extents: 4, operands, scalars: 1 }
    }

    /// `b1[1, N, H] += v3 * b4[0 + (0, D, 1)] @ b5[0 + (0, H, 1)] over D`
    fn text(&self, call: &Call) -> String {
        let [left, right, out] = call.operands.as_slice() else { return plain_text(call) };
        let [batch, rows, columns, depth] = call.extents.as_slice() else { return plain_text(call) };
        let sign = if out.mode == Mode::Write { "=" } else { "+=" };
        let scale = call.scalars.first().map_or(String::new(), |scale| format!("{scale} * "));
        format!("{}[{batch}, {rows}, {columns}] {sign} {scale}{left} @ {right} over {depth}", out.buffer)
    }

    #[cfg(test)]
    fn parse(&self, text: &str) -> Option<Call> {
        use crate::graph::words::Words;
        let mut words = Words::of(text);
        let out = words.buffer().ok()?;
        words.need("[").ok()?;
        let [batch, rows, columns] = words.list("]", Words::size).ok()?.try_into().ok()?;
        let add = words.eat(" += ");
        if !add {
            words.need(" = ").ok()?;
        }
        let scale = words.value().ok();
        if scale.is_some() {
            words.need(" * ").ok()?;
        }
        let mut factor = |end: &str| {
            let Operand { buffer, layout, .. } = words.operand(Mode::Read).ok()?;
            words.need(end).ok()?;
            Some((buffer, layout))
        };
        let sides = [factor(" @ ")?, factor(" over ")?];
        Some(product(&[batch, rows, columns, words.size().ok()?], sides, out, scale, add))
    }

    fn objection(&self, call: &Call) -> Option<String> {
        let is_contiguous = call.operands[OUT].layout == Layout::contiguous(&call.extents[..DEPTH]);
        (!is_contiguous).then(|| "the result of gemm is not contiguous".to_owned())
    }

    fn work(&self, call: &Call) -> Dim {
        sure(Dim::volume(&call.extents))
    }

    fn run(&self, call: &Call, memory: &mut dyn Memory) -> Result<(), Failure> {
        let [batch, rows, columns, depth] = [BATCH, ROWS, COLUMNS, DEPTH].map(|place| memory.extent(place));
        let scale = memory.scalar(0).unwrap_or(1.0);
        for b in 0..batch {
            for m in 0..rows {
                for n in 0..columns {
                    let term = |k| memory.load(LEFT, &[b, m, k]) * memory.load(RIGHT, &[b, k, n]);
                    let sum = scale * (0..depth).map(term).sum::<f64>();
                    let before =
                        if call.operands[OUT].mode == Mode::Write { 0.0 } else { memory.load(OUT, &[b, m, n]) };
                    memory.store(OUT, &[b, m, n], before + sum);
                }
            }
        }
        Ok(())
    }

    /// `multiply([n, h, d], x, w, out, scratch)` of whole matrices, or what says more of how the operands lie and what becomes
    /// of the product: `contract(Contraction { … }, left, right, out, Update::set(), scratch)`.
    fn invocation(&self, call: &Call) -> Argument {
        let extents = &call.extents;
        let adds = call.operands[OUT].mode != Mode::Write;
        let is_known = extents.iter().all(|extent| extent.as_constant().is_some());
        let is_plain = extents[BATCH].is_one() && !adds && call.scalars.is_empty();
        let [left, right] = [Side::of(call, LEFT, [ROWS, DEPTH]), Side::of(call, RIGHT, [DEPTH, COLUMNS])];
        let size = |place: usize| Argument::Size(extents[place].clone());
        if !is_known
            && is_plain
            && let Some(multiply) = multiply(left.form, right.form)
        {
            let sizes = Argument::List([ROWS, COLUMNS, DEPTH].map(size).to_vec());
            let arrays = [LEFT, RIGHT, OUT].map(Argument::Array);
            let arguments = [vec![sizes], arrays.to_vec(), vec![Argument::Scratch]].concat();
            return Argument::Call(multiply, arguments);
        }
        let fields = [("batch", BATCH), ("rows", ROWS), ("columns", COLUMNS), ("depth", DEPTH)];
        let record = Argument::Record("Contraction", fields.map(|(name, place)| (name, size(place))).to_vec());
        let update = if adds { "Update::add" } else { "Update::set" };
        let update = Argument::Call(update, Vec::new());
        let update = match call.scalars.first() {
            Some(scale) => update.method("scaled", vec![Argument::Value(*scale)]),
            None => update,
        };
        let function = if is_known { "contract_known" } else { "contract" };
        let arguments = vec![record, left.strided(), right.strided(), Argument::Array(OUT), update, Argument::Scratch];
        Argument::Call(function, arguments)
    }

    fn needs_scratch(&self) -> bool {
        true
    }

    fn shared(&self) -> Option<&'static str> {
        Some("shared_product")
    }
}

/// How a factor lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Transposed,
    Other,
}

/// The function for whole matrices that lie so.
fn multiply(left: Form, right: Form) -> Option<&'static str> {
    match (left, right) {
        (Form::Plain, Form::Plain) => Some("multiply"),
        (Form::Transposed, Form::Plain) => Some("multiply_left_transposed"),
        (Form::Plain, Form::Transposed) => Some("multiply_right_transposed"),
        (Form::Transposed, Form::Transposed) | (Form::Other, _) | (_, Form::Other) => None,
    }
}

/// A factor of a product.
struct Side<'a> {
    operand: usize,
    layout: &'a Layout,
    rows: &'a Dim,
    columns: &'a Dim,
    form: Form,
}

impl<'a> Side<'a> {
    fn of(call: &'a Call, operand: usize, [rows, columns]: [usize; 2]) -> Self {
        let (batch, rows, columns) = (&call.extents[BATCH], &call.extents[rows], &call.extents[columns]);
        let layout = &call.operands[operand].layout;
        let [by_batch, by_row, by_column] = [0, 1, 2].map(|axis| &layout.strides[axis]);
        let is_whole = layout.first.is_zero() && (batch.is_one() || rows.mul(columns).as_ref() == Some(by_batch));
        let form = if is_whole && by_column.is_one() && by_row == columns {
            Form::Plain
        } else if is_whole && by_row.is_one() && by_column == rows {
            Form::Transposed
        } else {
            Form::Other
        };
        Self { operand, layout, rows, columns, form }
    }

    /// `Strided::contiguous(x, n, d)`, `….transposed()`, or offset and strides one by one.
    fn strided(&self) -> Argument {
        let (array, size) = (Argument::Array(self.operand), |dim: &Dim| Argument::Size(dim.clone()));
        let contiguous =
            |rows, columns| Argument::Call("Strided::contiguous", vec![array.clone(), size(rows), size(columns)]);
        match self.form {
            Form::Plain => contiguous(self.rows, self.columns),
            Form::Transposed => contiguous(self.columns, self.rows).method("transposed", Vec::new()),
            Form::Other => {
                let stride = |axis: usize| Argument::Distance(self.layout.strides[axis].clone());
                let offset = Argument::Position(self.layout.first.clone());
                let strides = [("batch", stride(0)), ("row", stride(1)), ("column", stride(2))];
                let fields = [("data", array.clone()), ("offset", offset)].into_iter().chain(strides);
                Argument::Record("Strided", fields.collect())
            }
        }
    }
}

//! Axes and shapes, and tensors out of nothing.

use super::Meaning::{Make, Same, Say, Write};
use super::given::{places, trimmed};
use super::{Given, Row};
use crate::graph::{Dim, ShapeText};

pub(super) const ROWS: &[Row] = &[
    (&["concatenate", "cat"], Same("concat")),
    (&["identity"], Same("eye")),
    (&["diagonal", "diag_embed", "diag_part"], Same("diag")),
    (&["broadcast_to"], Same("broadcast")),
    (&["t", "T", "adjoint"], Write("x", "{x!}.T")),
    (&["expand"], Make(expand, "`broadcast(x, [N, D])`")),
    (&["hstack", "horzcat"], Make(hstack, "`concat([a, b], axis = 1)` of matrices, `concat([a, b])` of vectors")),
    (&["vstack"], Make(vstack, "`concat([a, b])` of matrices, `stack([a, b])` of vectors")),
    (&["vertcat"], Make(vertcat, "`concat([a, b])`")),
    (
        &["column_stack"],
        Make(column_stack, "`concat([a, b], axis = 1)` of matrices, `stack([a, b], axis = 1)` of vectors"),
    ),
    (&["split", "chunk", "array_split"], Say("parts are subscripts: `x[..K]` and `x[K..]`")),
    (&["unstack", "unbind"], Say("parts are subscripts: `x[0]`, `x[1]`, …")),
    (&["swapaxes"], Make(swapaxes, "`permute(x, (1, 0, 2))`")),
    (&["permute_axes"], Write("x, order", "permute({x}, {order})")),
    (&["moveaxis", "movedim"], Make(moveaxis, "`permute(x, (1, 0, 2))`")),
    (&["squeeze"], Make(squeeze, "`x[.., 0]` takes a place of an axis")),
    (&["unsqueeze", "expand_dims"], Make(unsqueeze, "`x[.., new]`, `x[new]`")),
    (&["view"], Make(view, "`reshape(x, [N*D])`")),
    (&["flatten", "ravel"], Make(flatten, "`reshape(x, [N*D])`")),
    (&["embedding_lookup"], Same("embedding")),
    (&["index_select"], Write("x, axis, indices", "take({x}, {indices}, axis = {axis})")),
    (&["index_add"], Write("x, axis:0, indices, updates", "scatter_add({x}, {indices}, {updates})")),
    (&["batch_normalization"], Same("batch_norm")),
    (&["gather", "gather_nd", "take_along_axis"], Say(TAKE)),
    (&["repeat_interleave"], Same("repeat")),
    (&["fliplr"], Write("x", "flip({x}, axis = 1)")),
    (&["flipud"], Write("x", "flip({x}, axis = 0)")),
    (&["rot90"], Write("x", "flip({x!}.T, axis = 0)")),
    (&["meshgrid"], Say("`x[.., new]` and `y[new]` stretch against one another: `x[.., new]*y`")),
    (&["range"], Same("arange")),
    (&["zeros_like"], Make(|given| like(given, "zeros"), "`zeros([N])`")),
    (&["ones_like"], Make(|given| like(given, "ones"), "`ones([N])`")),
    (&["full_like", "fill_like"], Make(full_like, "`full([N], value)`")),
    (&["len"], Make(extent, "the name of the dimension: `N`")),
    (&["size", "numel"], Make(size, "the names of the dimensions: `N*D`")),
    (&["nrows", "rows"], Make(extent, "the name of the dimension: `N`")),
    (&["ncols", "cols", "len_of"], Make(columns, "the name of the dimension: `D`")),
    (&["shape", "dim", "raw_dim"], Make(shape, "the names of the dimensions: `N`, `D`")),
    (&["ndim"], Make(|given| Some(given.rank(0)?.to_string()), "a number")),
    (&["row"], Write("x, i", "{x!}[{i}]")),
    (&["column", "col"], Write("x, i", "{x!}[.., {i}]")),
    (&["int"], Write("x", "sign({x!})*floor(abs({x}))")),
    (&["index_axis"], Make(index_axis, "`x[0]`, `x[.., 0]`")),
    (&["array", "asarray", "as_tensor", "from_numpy", "convert_to_tensor"], Write("x", "{x}")),
    (&["rep_vector"], Write("x, n", "full([{n}], {x})")),
    (&["rep_matrix"], Write("x, n, m", "full([{n}, {m}], {x})")),
    (&["to_vector", "to_array_1d"], Make(flatten, "`reshape(x, [N*D])`")),
    (&["Axis"], Write("axis", "{axis}")),
    (&["masked_fill"], Write("x, mask, value", "where({mask}, {value}, {x})")),
    (&["sin_cos"], Say("`sin(x)` and `cos(x)`: a function has one value")),
];

/// `[N, 2*D]` of extents.
fn bracketed(dims: &[Dim]) -> String {
    ShapeText(dims).to_string()
}

/// The product of extents, as one writes it.
fn product(dims: &[Dim]) -> String {
    match dims {
        [] => "1".to_owned(),
        [only] => only.to_string(),
        several => several.iter().map(factor).collect::<Vec<_>>().join("*"),
    }
}

fn factor(dim: &Dim) -> String {
    let text = dim.to_string();
    if text.contains([' ', '/']) { format!("({text})") } else { text }
}

fn expand(given: &Given) -> Option<String> {
    let shape: Vec<&str> = (1..given.count()).filter_map(|place| given.text(place)).collect();
    Some(format!("broadcast({}, [{}])", given.text(0)?, shape.join(", ")))
}

/// The list that is given, or one of all arguments; and the rank of its first element.
fn pieces(given: &Given) -> Option<(String, usize)> {
    let rank = given.rank(0)?;
    if given.arguments[0].is_list {
        return Some((given.text(0)?.to_owned(), rank));
    }
    let all: Vec<&str> = (0..given.count()).filter_map(|place| given.text(place)).collect();
    Some((format!("[{}]", all.join(", ")), rank))
}

fn hstack(given: &Given) -> Option<String> {
    let (list, rank) = pieces(given)?;
    match (rank, given.arguments[0].is_list) {
        (0, _) => Some(list),
        (1, true) => Some(format!("concat({list})")),
        // A vector of CasADi is a column.
        (1, false) => Some(format!("stack({list}, axis = 1)")),
        _ => Some(format!("concat({list}, axis = 1)")),
    }
}

fn vstack(given: &Given) -> Option<String> {
    let (list, rank) = pieces(given)?;
    Some(if rank == 1 { format!("stack({list})") } else { format!("concat({list})") })
}

fn vertcat(given: &Given) -> Option<String> {
    let (list, rank) = pieces(given)?;
    Some(if rank == 0 { list } else { format!("concat({list})") })
}

fn column_stack(given: &Given) -> Option<String> {
    let (list, rank) = pieces(given)?;
    Some(if rank == 1 { format!("stack({list}, axis = 1)") } else { format!("concat({list}, axis = 1)") })
}

fn permuted(given: &Given, order: &[usize]) -> Option<String> {
    let order: Vec<String> = order.iter().map(ToString::to_string).collect();
    Some(format!("permute({}, ({}))", given.text(0)?, order.join(", ")))
}

fn swapaxes(given: &Given) -> Option<String> {
    let rank = given.rank(0)?;
    let mut order: Vec<usize> = (0..rank).collect();
    order.swap(given.axis(1, rank, 0)?, given.axis(2, rank, 1)?);
    permuted(given, &order)
}

fn moveaxis(given: &Given) -> Option<String> {
    let rank = given.rank(0)?;
    let (from, to) = (given.axis(1, rank, 0)?, given.axis(2, rank, -1)?);
    let mut order: Vec<usize> = (0..rank).filter(|axis| *axis != from).collect();
    order.insert(to, from);
    permuted(given, &order)
}

/// `x[.., 0]` of `[N, 1]`.
fn squeeze(given: &Given) -> Option<String> {
    let (x, shape) = (given.operand(0)?, given.shape(0)?);
    let only = if given.count() > 1 { Some(given.axis(1, shape.len(), -1)?) } else { None };
    let gone = |axis: usize| shape[axis] == Dim::ONE && only.is_none_or(|only| only == axis);
    if !(0..shape.len()).any(gone) {
        return Some(x.to_owned());
    }
    let places = (0..shape.len()).map(|axis| if gone(axis) { "0" } else { ".." });
    Some(format!("{x}[{}]", trimmed(places.collect())))
}

fn unsqueeze(given: &Given) -> Option<String> {
    let (x, rank) = (given.operand(0)?, given.rank(0)?);
    let axis = given.axis(1, rank + 1, -1)?;
    if rank == 0 {
        return Some(format!("[{}]", given.text(0)?));
    }
    Some(format!("{x}[{}]", places(rank + 1, axis, "new")))
}

/// `x.view(N, -1)`
fn view(given: &Given) -> Option<String> {
    if given.count() == 1 {
        // What ndarray calls a view is the array itself.
        return given.text(0).map(str::to_owned);
    }
    if given.arguments[1].is_list {
        return Some(format!("reshape({}, {})", given.text(0)?, given.text(1)?));
    }
    let shape: Vec<&str> = (1..given.count()).filter_map(|place| given.text(place)).collect();
    Some(format!("reshape({}, [{}])", given.text(0)?, shape.join(", ")))
}

fn flatten(given: &Given) -> Option<String> {
    let shape = given.shape(0).filter(|_| given.count() == 1)?;
    Some(format!("reshape({}, [{}])", given.text(0)?, product(shape)))
}

const TAKE: &str = "index notation reads where integers say: `y[i] = x[index[i]];`";

fn like(given: &Given, function: &str) -> Option<String> {
    match given.shape(0)? {
        [] => Some(if function == "zeros" { "0" } else { "1" }.to_owned()),
        shape => Some(format!("{function}({})", bracketed(shape))),
    }
}

fn full_like(given: &Given) -> Option<String> {
    Some(format!("full({}, {})", bracketed(given.shape(0)?), given.text(1)?))
}

fn extent(given: &Given) -> Option<String> {
    Some(given.shape(0)?.first()?.to_string())
}

fn columns(given: &Given) -> Option<String> {
    Some(given.shape(0)?.last()?.to_string())
}

/// `x.size()`, `x.size(0)`.
fn size(given: &Given) -> Option<String> {
    let shape = given.shape(0)?;
    if given.count() == 1 {
        return Some(product(shape));
    }
    Some(shape[given.axis(1, shape.len(), 0)?].to_string())
}

/// `x.shape(0)`; several extents are no value.
fn shape(given: &Given) -> Option<String> {
    match given.shape(0)? {
        [only] => Some(only.to_string()),
        several => Some(several.get(usize::try_from(given.integer(1)?).ok()?)?.to_string()),
    }
}

/// `x.index_axis(Axis(1), 0)`
fn index_axis(given: &Given) -> Option<String> {
    let (x, rank) = (given.operand(0)?, given.rank(0)?);
    Some(format!("{x}[{}]", places(rank, given.axis(1, rank, 0)?, given.text(2)?)))
}

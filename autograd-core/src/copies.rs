//! Contiguous copies: arrays in row-major order are borrowed, all others are copied.
//!
//! Hardly any array needs a copy, so memory for copies is a list that grows when one does: the first array of a call that
//! is out of order has the first element, and so on.

use ndarray::{ArrayBase, ArrayView, ArrayView2, Axis, Data, Dimension, Ix2};

/// Memory for the copies of one call's arrays; the next call's lie in the same.
#[derive(Clone, Debug)]
pub struct Copies<A> {
    first: Option<Box<Copy<A>>>,
}

#[derive(Clone, Debug)]
struct Copy<A> {
    elements: Vec<A>,
    rest: Copies<A>,
}

/// What is left of the memory in a call.
#[derive(Debug)]
pub struct Free<'a, A>(Option<&'a mut Copies<A>>);

impl<A> Default for Copies<A> {
    fn default() -> Self {
        Self { first: None }
    }
}

impl<A> Copies<A> {
    /// All of it, to be handed out.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn free(&mut self) -> Free<'_, A> {
        Free(Some(self))
    }

    /// The memory held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.first
            .as_ref()
            .map_or(0, |copy| size_of::<Copy<A>>() + copy.elements.capacity() * size_of::<A>() + copy.rest.bytes())
    }
}

impl<'a, A> Free<'a, A> {
    /// Memory for one more array.
    fn next(&mut self) -> &'a mut Vec<A> {
        let copies = self.0.take().expect("it comes back each time");
        let copy = copies.first.get_or_insert_with(|| Box::new(Copy { elements: Vec::new(), rest: Copies::default() }));
        let Copy { elements, rest } = &mut **copy;
        self.0 = Some(rest);
        elements
    }
}

/// The elements in row-major order.
#[cfg_attr(not(debug_assertions), inline)]
pub fn in_order<'a, A: core::marker::Copy, S: Data<Elem = A>, D: Dimension>(
    array: &'a ArrayBase<S, D>,
    free: &mut Free<'a, A>,
) -> &'a [A] {
    match array.as_slice() {
        Some(elements) => elements,
        None => copied(array, free.next()),
    }
}

/// The elements in row-major order, row by row; where an outer axis is the one along which memory is contiguous, in tiles
/// of it and the last one, so that each line of memory is read once.
#[cold]
#[inline(never)]
fn copied<'a, A: core::marker::Copy, S: Data<Elem = A>, D: Dimension>(
    array: &ArrayBase<S, D>,
    copy: &'a mut Vec<A>,
) -> &'a [A] {
    copy.clear();
    let Some(&first) = array.first() else { return copy };
    copy.reserve_exact(array.len());
    copy.resize(array.len(), first);
    if let Some(matrix) = matrix(array) {
        transpose(&matrix, copy);
        return copy;
    }
    let length = array.shape().last().copied().unwrap_or(1);
    for (row, copied) in array.rows().into_iter().zip(copy.chunks_exact_mut(length)) {
        match row.as_slice() {
            Some(row) => copied.copy_from_slice(row),
            None => copied.iter_mut().zip(row).for_each(|(copied, &element)| *copied = element),
        }
    }
    copy
}

/// The array as a matrix, if it has no more axes and its columns are contiguous.
fn matrix<A, S: Data<Elem = A>, D: Dimension>(array: &ArrayBase<S, D>) -> Option<ArrayView2<'_, A>> {
    let matrix: ArrayView<'_, A, Ix2> = array.view().into_dimensionality().ok()?;
    (matrix.stride_of(Axis(0)) == 1).then_some(matrix)
}

/// Rows and columns of a tile: a line of memory, of numbers of four bytes.
const TILE: usize = 16;

fn transpose<A: core::marker::Copy>(matrix: &ArrayView2<A>, copy: &mut [A]) {
    let (rows, columns) = matrix.dim();
    for (band, copied) in copy.chunks_mut(TILE * columns).enumerate() {
        let height = TILE.min(rows - TILE * band);
        for (column, elements) in matrix.columns().into_iter().enumerate() {
            let elements = elements.to_slice().unwrap_or_default();
            let elements = &elements[TILE * band..][..height];
            for (row, &element) in elements.iter().enumerate() {
                copied[row * columns + column] = element;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn arrays_out_of_order_are_copied() {
        let (x, y) = (array![[1.0, 2.0], [3.0, 4.0]], array![[5.0], [6.0]]);
        let (across, backwards) = (x.t(), y.slice(ndarray::s![..;-1, ..]));
        let mut copies = Copies::default();
        for _ in 0..2 {
            let mut free = copies.free();
            assert_eq!(in_order(&x, &mut free).as_ptr(), x.as_ptr());
            let first = in_order(&across, &mut free);
            let second = in_order(&backwards, &mut free);
            assert_eq!((first, second), (&[1.0, 3.0, 2.0, 4.0][..], &[6.0, 5.0][..]));
        }
        assert_eq!(copies.bytes(), 2 * size_of::<Copy<f64>>() + 6 * size_of::<f64>());
    }

    #[test]
    fn copies_have_the_order_of_the_array() {
        let numbers = |len: usize| ndarray::Array1::from_iter(0..len);
        for (rows, columns) in [(0, 3), (3, 0), (1, 1), (1, 17), (17, 1), (16, 16), (37, 20), (15, 33)] {
            let array = numbers(rows * columns).into_shape_with_order((rows, columns)).unwrap();
            let views =
                [array.view(), array.t(), array.slice(ndarray::s![..;2, ..;-3]), array.slice(ndarray::s![.., ..;2])];
            for view in views.iter().chain([&views[2].t(), &array.slice(ndarray::s![..;-1, ..]).t()]) {
                let mut copies = Copies::default();
                assert!(in_order(view, &mut copies.free()).iter().eq(view.iter()), "{view:?}");
            }
        }
        let array = numbers(60).into_shape_with_order((3, 4, 5)).unwrap();
        let mut copies = Copies::default();
        let turned = array.view().permuted_axes([2, 0, 1]);
        assert!(in_order(&turned, &mut copies.free()).iter().eq(turned.iter()));
    }

    #[test]
    fn nothing_is_held_for_arrays_in_order() {
        let mut copies = Copies::default();
        let x = array![1.0, 2.0];
        assert_eq!(in_order(&x, &mut copies.free()), [1.0, 2.0]);
        assert_eq!(copies.bytes(), 0);
    }
}

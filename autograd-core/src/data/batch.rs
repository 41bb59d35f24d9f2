//! The rows of a batch: views where they are consecutive, copies in memory that is used again where they are not.

use std::ops::Range;

use ndarray::{ArrayView, Axis, Dimension, IntoDimension, RemoveAxis};

use super::Failure;
use crate::error::{Error, Origin};
use crate::float::Float;

/// The memory that batches are gathered in. It grows to what the largest needs and stays.
#[derive(Clone, Debug, Default)]
pub struct Buffers<T> {
    numbers: Chain<T>,
    classes: Chain<usize>,
}

/// As many vectors as are asked for.
#[derive(Clone, Debug)]
struct Chain<A> {
    values: Vec<A>,
    next: Option<Box<Self>>,
}

impl<A> Default for Chain<A> {
    fn default() -> Self {
        Self { values: Vec::new(), next: None }
    }
}

impl<A> Chain<A> {
    /// The first vector, empty; `rest` becomes the chain behind it.
    fn take<'b>(rest: &mut Option<&'b mut Self>) -> &'b mut Vec<A> {
        let Self { values, next } = rest.take().expect("a chain has no end");
        *rest = Some(next.get_or_insert_with(Box::default));
        values.clear();
        values
    }
}

/// A number of the inputs that is not finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspect {
    /// The input.
    pub name: &'static str,
    /// Where in the input, one subscript an axis, as the data set counts; empty for a number.
    pub place: Vec<usize>,
    /// What it is.
    pub value: f64,
}

/// Which rows are chosen.
#[derive(Clone, Debug)]
enum Rows<'b> {
    Range(Range<usize>),
    Listed(&'b [usize]),
}

/// Which observations a batch has, and the memory for them: what a [`Data`](super::Data) set makes inputs from.
///
/// ```
/// use autograd_core::data::{Batch, Buffers, Data};
/// use autograd_core::model;
/// use ndarray::array;
///
/// model! { pub Plane<N, D> { param w: [D]; input x: [N, D], y: [N]; loss = mean((x @ w - y)^2); } }
///
/// # fn main() -> Result<(), autograd_core::data::Failure> {
/// let (x, y) = (array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], array![1.0, 2.0, 3.0]);
/// let (inputs, mut buffers) = (plane::Inputs::new(&x, &y), Buffers::default());
/// let chosen = Data::<Plane>::with(&inputs, Batch::rows_of(&[2, 0], &mut buffers), |batch| batch.x.to_owned())?;
/// assert_eq!(chosen, array![[5.0, 6.0], [1.0, 2.0]]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Batch<'b, T> {
    which: Rows<'b>,
    numbers: Option<&'b mut Chain<T>>,
    classes: Option<&'b mut Chain<usize>>,
    /// The first array with observations, and how many it has.
    first: Option<(&'static str, usize)>,
    /// One that has another number of them.
    other: Option<(&'static str, usize)>,
    /// Where the first number is written that is not finite, if somebody asks for it.
    suspect: Option<&'b mut Option<Suspect>>,
}

impl<'b, T: Float> Batch<'b, T> {
    fn new(which: Rows<'b>, buffers: &'b mut Buffers<T>) -> Self {
        let Buffers { numbers, classes } = buffers;
        Self { which, numbers: Some(numbers), classes: Some(classes), first: None, other: None, suspect: None }
    }

    /// Consecutive observations: views, nothing is copied.
    #[must_use]
    pub fn range(rows: Range<usize>, buffers: &'b mut Buffers<T>) -> Self {
        Self::new(Rows::Range(rows), buffers)
    }

    /// Observations in any order, copied to the buffers.
    #[must_use]
    pub fn rows_of(rows: &'b [usize], buffers: &'b mut Buffers<T>) -> Self {
        Self::new(Rows::Listed(rows), buffers)
    }

    /// The same batch; its first number that is not finite is written to `to`.
    #[must_use]
    pub fn seeking(mut self, to: &'b mut Option<Suspect>) -> Self {
        self.suspect = Some(to);
        self
    }

    /// The only observation of the batch, if it has one.
    #[must_use]
    pub fn only(&self) -> Option<usize> {
        match &self.which {
            Rows::Range(range) if range.len() == 1 => Some(range.start),
            Rows::Listed([row]) => Some(*row),
            Rows::Range(_) | Rows::Listed(_) => None,
        }
    }

    /// The observations of an array of numbers, by its first axis.
    pub fn rows<'x, D: Dimension>(&mut self, name: &'static str, array: &'x ArrayView<'_, T, D>) -> ArrayView<'x, T, D>
    where
        'b: 'x,
    {
        let chosen = if self.fits(name, array.len_of(Axis(0))) {
            choose(&self.which, array, || Chain::take(&mut self.numbers))
        } else {
            array.view()
        };
        self.look(name, &chosen, true);
        chosen
    }

    /// The observations of an array of class indices, by its first axis.
    pub fn classes<'x, D: Dimension>(
        &mut self,
        name: &'static str,
        array: &'x ArrayView<'_, usize, D>,
    ) -> ArrayView<'x, usize, D>
    where
        'b: 'x,
    {
        if !self.fits(name, array.len_of(Axis(0))) {
            return array.view();
        }
        choose(&self.which, array, || Chain::take(&mut self.classes))
    }

    /// An array that every batch has whole.
    pub fn whole<'x, D: Dimension>(
        &mut self,
        name: &'static str,
        array: &'x ArrayView<'_, T, D>,
    ) -> ArrayView<'x, T, D> {
        self.look(name, array, false);
        array.view()
    }

    /// A number that every batch has.
    pub fn number(&mut self, name: &'static str, number: T) -> T {
        if !is_finite(number) {
            self.note(name, Vec::new(), number);
        }
        number
    }

    /// Numbers that a function writes, observation by observation: it is given its place in the data set and the numbers
    /// of one observation, of the shape `each`, to be filled.
    ///
    /// # Errors
    /// That of the function.
    ///
    /// # Panics
    /// If there is not enough memory.
    pub fn fill<'x, D: Dimension>(
        &mut self,
        each: impl IntoDimension<Dim = D>,
        mut write: impl FnMut(usize, &mut [T]) -> Result<(), Failure>,
    ) -> Result<ArrayView<'x, T, D::Larger>, Failure>
    where
        'b: 'x,
        D::Larger: RemoveAxis,
    {
        let each = each.into_dimension();
        let rows = match &self.which {
            Rows::Range(range) => range.len(),
            Rows::Listed(rows) => rows.len(),
        };
        let values = Chain::take(&mut self.numbers);
        values.resize(rows * each.size(), T::ZERO);
        for place in 0..rows {
            write(self.row(place), &mut values[place * each.size()..(place + 1) * each.size()])?;
        }
        let mut shape = D::Larger::zeros(each.ndim() + 1);
        shape.slice_mut()[0] = rows;
        shape.slice_mut()[1..].copy_from_slice(each.slice());
        let filled = ArrayView::from_shape(shape, values).expect("as many values as the shape has");
        self.look("data", &filled, true);
        Ok(filled)
    }

    /// Checks that all arrays had as many observations, along the dimension of this name.
    ///
    /// # Errors
    /// [`Error::Dimension`] with the first array and the first that has another number of them.
    pub fn finish(self, dimension: &'static str) -> Result<(), Error> {
        let (Some(first), Some(other)) = (self.first, self.other) else { return Ok(()) };
        let named = |(name, size)| (Origin::Input(name), size);
        Err(Error::Dimension { dimension, first: named(first), second: named(other) })
    }

    /// Whether an array has as many observations as the first.
    fn fits(&mut self, name: &'static str, rows: usize) -> bool {
        let (_, expected) = *self.first.get_or_insert((name, rows));
        if rows == expected {
            return true;
        }
        self.other.get_or_insert((name, rows));
        false
    }

    /// Looks for a number that is not finite, if somebody asks.
    fn look<D: Dimension>(&mut self, name: &'static str, array: &ArrayView<'_, T, D>, chosen: bool) {
        if self.suspect.as_deref().is_none_or(Option::is_some) {
            return;
        }
        if let Some((at, &number)) = array.iter().enumerate().find(|&(_, &number)| !is_finite(number)) {
            let mut place = place(at, array.shape());
            if let (true, Some(row)) = (chosen, place.first_mut()) {
                *row = self.row(*row);
            }
            self.note(name, place, number);
        }
    }

    fn note(&mut self, name: &'static str, place: Vec<usize>, number: T) {
        if let Some(suspect) = self.suspect.as_deref_mut() {
            suspect.get_or_insert_with(|| Suspect { name, place, value: number.to_f64() });
        }
    }

    /// Which observation stands at a place of the batch.
    fn row(&self, place: usize) -> usize {
        match &self.which {
            Rows::Listed(rows) => rows[place],
            Rows::Range(range) => range.start + place,
        }
    }
}

/// Whether a number is neither infinite nor NaN.
pub(crate) fn is_finite<T: Float>(number: T) -> bool {
    number * T::ZERO == T::ZERO
}

/// The subscripts of the value at a place in row-major order.
pub(crate) fn place(mut at: usize, shape: &[usize]) -> Vec<usize> {
    let mut place: Vec<usize> = shape
        .iter()
        .rev()
        .map(|&extent| {
            let subscript = at % extent.max(1);
            at /= extent.max(1);
            subscript
        })
        .collect();
    place.reverse();
    place
}

/// The chosen rows of an array; `buffer` gives memory where they must be copied.
fn choose<'x, A: Copy, D: Dimension>(
    which: &Rows,
    array: &'x ArrayView<'_, A, D>,
    buffer: impl FnOnce() -> &'x mut Vec<A>,
) -> ArrayView<'x, A, D> {
    let listed = match which {
        Rows::Range(range) => return array.slice_axis(Axis(0), range.clone().into()),
        Rows::Listed(rows) => rows,
    };
    let values = buffer();
    let row: usize = array.shape()[1..].iter().product();
    values.reserve(listed.len() * row);
    match array.as_slice() {
        Some(all) => listed.iter().for_each(|&at| values.extend_from_slice(&all[at * row..(at + 1) * row])),
        None => listed.iter().for_each(|&at| {
            let one = array.slice_axis(Axis(0), (at..at + 1).into());
            values.extend(one.iter().copied());
        }),
    }
    let mut shape = array.raw_dim();
    shape.slice_mut()[0] = listed.len();
    ArrayView::from_shape(shape, values).expect("as many values as the shape has")
}

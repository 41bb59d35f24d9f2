//! Reference values: points with the arrays of a model, what is expected there, and how closely.
//!
//! The text has a line per array, `model,point,role,name,shape,numbers`. Roles are `given` and `classes` (what goes in),
//! `dim` (a dimension that no array has), `expected` (what must come out) and `floor` (what each expected number moves
//! by under relative changes of what goes in, see `tests/reference/oracle.py`). A name is an output's, or `grad.w`.
//!
//! A number agrees if it lies within `tolerance * max(|expected|, floor)`; NaN agrees with NaN.

use std::collections::BTreeMap;

use autograd_core::{Objective, Parameters};
use ndarray::{Array, Dimension, IxDyn, ShapeBuilder};

/// The points of many models.
pub struct Reference {
    tolerance: f64,
    models: BTreeMap<String, Vec<Point>>,
}

/// Arrays by name, and what a model is expected to make of them.
#[derive(Clone, Debug, Default)]
pub struct Point {
    /// The model and the number of the point, for messages.
    name: String,
    /// Arrays of an odd point are laid out in column-major order, which must make no difference.
    transposed: bool,
    tolerance: f64,
    given: BTreeMap<String, Given>,
    expected: BTreeMap<String, Expected>,
}

#[derive(Clone, Debug)]
struct Given {
    shape: Vec<usize>,
    numbers: Vec<f64>,
}

#[derive(Clone, Debug, Default)]
struct Expected {
    shape: Vec<usize>,
    numbers: Vec<f64>,
    floors: Vec<f64>,
}

impl Reference {
    /// Reads the text; numbers must agree to a relative `tolerance`.
    ///
    /// # Panics
    /// If the text has another form.
    #[must_use]
    pub fn parse(text: &str, tolerance: f64) -> Self {
        let mut models: BTreeMap<String, Vec<Point>> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split(',').collect();
            let [model, point, role, name, shape, numbers] = fields[..] else { panic!("six fields: {line}") };
            let index: usize = point.parse().expect("the number of a point");
            let points = models.entry(model.to_owned()).or_default();
            if points.len() <= index {
                points.resize_with(index + 1, Point::default);
            }
            let point = &mut points[index];
            point.name = format!("{model} at point {index}");
            (point.transposed, point.tolerance) = (index % 2 == 1, tolerance);
            let shape = shape.split('x').filter(|extent| !extent.is_empty());
            let shape: Vec<usize> = shape.map(|extent| extent.parse().expect("an extent")).collect();
            let numbers = numbers.split_whitespace().map(|number| number.parse().expect("a number")).collect();
            point.add(role, name, shape, numbers);
        }
        Self { tolerance, models }
    }

    /// The points of a model.
    ///
    /// # Panics
    /// If there are none.
    #[must_use]
    pub fn points(&self, model: &str) -> &[Point] {
        self.models.get(model).unwrap_or_else(|| panic!("`{model}` has points"))
    }

    /// The relative tolerance.
    #[must_use]
    pub fn tolerance(&self) -> f64 {
        self.tolerance
    }
}

impl Point {
    fn add(&mut self, role: &str, name: &str, shape: Vec<usize>, numbers: Vec<f64>) {
        let expected = |point: &mut Self| {
            let expected = point.expected.entry(name.to_owned()).or_default();
            expected.shape.clone_from(&shape);
            std::mem::take(expected)
        };
        match role {
            "expected" => {
                let expected = Expected { numbers, ..expected(self) };
                self.expected.insert(name.to_owned(), expected);
            }
            "floor" => {
                let expected = Expected { floors: numbers, ..expected(self) };
                self.expected.insert(name.to_owned(), expected);
            }
            "given" | "classes" | "dim" => {
                self.given.insert(name.to_owned(), Given { shape, numbers });
            }
            _ => panic!("the role `{role}` of `{name}`"),
        }
    }

    fn given(&self, name: &str) -> &Given {
        self.given.get(name).unwrap_or_else(|| panic!("{} has `{name}`", self.name))
    }

    /// A number.
    ///
    /// # Panics
    /// If the point has none of this name; so do the other methods.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        self.given(name).numbers[0]
    }

    /// An array.
    ///
    /// # Panics
    /// If its rank is not that of `D`.
    #[must_use]
    pub fn array<D: Dimension>(&self, name: &str) -> Array<f64, D> {
        let Given { shape, numbers } = self.given(name);
        let array = Array::from_shape_vec(IxDyn(shape), numbers.clone()).expect("a number for each place");
        let mut laid_out = Array::zeros(IxDyn(shape).set_f(self.transposed));
        laid_out.assign(&array);
        laid_out.into_dimensionality().expect("the rank that the model declares")
    }

    /// A class index.
    #[must_use]
    pub fn class(&self, name: &str) -> usize {
        to_index(self.number(name))
    }

    /// An array of class indices.
    ///
    /// # Panics
    /// If its rank is not that of `D`.
    #[must_use]
    pub fn classes<D: Dimension>(&self, name: &str) -> Array<usize, D> {
        self.array::<D>(name).mapv(to_index)
    }

    /// Checks an output against what is expected.
    ///
    /// # Panics
    /// If the two disagree.
    pub fn check(&self, name: &str, found: &impl Output) {
        self.compare(name, &found.extents(), &found.numbers());
    }

    /// Checks the loss and the gradient of a model, computed together and one by one.
    ///
    /// # Panics
    /// If they disagree with what is expected, or if inputs and parameters do not fit together.
    pub fn check_objective<M: Objective<Scalar = f64>>(&self, model: &M, inputs: &M::Inputs<'_>) {
        let (loss, grad) = model.loss_and_grad(inputs).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        self.check("loss", &loss);
        self.check_gradient(&grad);
    }

    /// Checks a gradient.
    ///
    /// # Panics
    /// If it disagrees with what is expected.
    pub fn check_gradient<P: Parameters<Scalar = f64>>(&self, grad: &P) {
        for (index, name) in P::NAMES.iter().enumerate() {
            self.compare(&format!("grad.{name}"), grad.shape(index), &grad.values(index));
        }
    }

    fn compare(&self, name: &str, shape: &[usize], found: &[f64]) {
        let Some(expected) = self.expected.get(name) else { panic!("{}: nothing is expected of `{name}`", self.name) };
        assert_eq!(shape, expected.shape, "the shape of `{name}` of {}", self.name);
        for (place, (&found, &wanted)) in found.iter().zip(&expected.numbers).enumerate() {
            let floor = expected.floors.get(place).copied().unwrap_or(0.0);
            assert!(
                agrees(found, wanted, floor, self.tolerance),
                "`{name}` of {}, number {place}: {found:e} instead of {wanted:e} (off by {:e}, floor {floor:e})",
                self.name,
                (found - wanted).abs(),
            );
        }
    }
}

/// Whether a number is close enough to the one that is expected.
#[must_use]
#[expect(clippy::float_cmp, reason = "infinities are equal or not")]
pub fn agrees(found: f64, expected: f64, floor: f64, tolerance: f64) -> bool {
    found == expected
        || (found.is_nan() && expected.is_nan())
        || (found - expected).abs() <= tolerance * expected.abs().max(floor)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small whole numbers")]
fn to_index(number: f64) -> usize {
    number as usize
}

/// An output of a model, whatever its rank and elements.
pub trait Output {
    /// The shape; empty for a scalar.
    fn extents(&self) -> Vec<usize>;
    /// The elements in row-major order; truth values are 0 and 1.
    fn numbers(&self) -> Vec<f64>;
}

macro_rules! output {
    ($($element:ty: |$x:ident| $number:expr),* $(,)?) => {$(
        impl Output for $element {
            fn extents(&self) -> Vec<usize> {
                Vec::new()
            }
            fn numbers(&self) -> Vec<f64> {
                let $x = *self;
                vec![$number]
            }
        }

        impl<D: Dimension> Output for Array<$element, D> {
            fn extents(&self) -> Vec<usize> {
                self.shape().to_vec()
            }
            fn numbers(&self) -> Vec<f64> {
                self.iter().map(|&$x| $number).collect()
            }
        }
    )*};
}

#[expect(clippy::cast_precision_loss, reason = "indices are small")]
const _: () = {
    output! {
        f64: |x| x,
        usize: |x| x as f64,
        bool: |x| f64::from(u8::from(x)),
    }
};

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn points_hold_arrays_and_expectations() {
        let text = "# comment\n\
            m,0,given,x,2x2,1 2 3 4\n\
            m,0,expected,y,2,1 NaN\n\
            m,0,floor,y,2,0 0\n\
            m,1,given,x,2x2,1 2 3 4\n\
            m,1,classes,label,,3";
        let reference = Reference::parse(text, 1e-12);
        let [first, second] = reference.points("m") else { panic!("two points") };
        first.check("y", &array![1.0 + 1e-13, f64::NAN]);
        let x: Array2<f64> = second.array("x");
        assert_eq!(x, array![[1.0, 2.0], [3.0, 4.0]]);
        assert!(!x.is_standard_layout());
        assert_eq!(second.class("label"), 3);
    }

    #[test]
    fn agreement_is_relative_to_the_value_or_the_floor() {
        assert!(agrees(1.0 + 1e-13, 1.0, 0.0, 1e-12) && !agrees(1.0 + 1e-11, 1.0, 0.0, 1e-12));
        assert!(agrees(1e-11, 0.0, 100.0, 1e-12) && !agrees(1e-11, 0.0, 1.0, 1e-12));
        assert!(agrees(f64::INFINITY, f64::INFINITY, 0.0, 0.0) && !agrees(f64::NAN, 1.0, f64::INFINITY, 1.0));
    }
}

//! Snapshots: named tensors in memory, which every format is made from and read into.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::error::SaveError;
use super::source::{FromTensors, TensorSource};
use crate::__private::Tensor;
use crate::float::Float;
use crate::model::Parameters;

/// Tensors by name, and texts by key: what a file holds.
///
/// The parameters and states of a model have their own names. What belongs to something else has a section before its
/// name, `section/name`: several models, the statistics of the data, the state of an optimiser go into one file, and each
/// takes from it what is its own. A section is taken whole: a tensor that is missing, one too many, another shape and other
/// numbers are errors.
///
/// ```
/// use autograd_core::{model, save::{SaveError, Snapshot}};
/// use ndarray::array;
///
/// model! { pub Plane<N, D> { param w: [D], b; input x: [N, D], y: [N]; loss = mean((x @ w + b - y)^2); } }
///
/// # fn main() -> Result<(), SaveError> {
/// let plane = Plane::<f32> { w: array![1.0, 2.0], b: 3.0 };
/// let snapshot = Snapshot::of(&plane).with("older", &Plane::<f32> { w: array![0.0], b: 0.5 });
/// let same: Plane<f32> = snapshot.get("")?;
/// assert_eq!(same, plane);
/// let mut older = Plane::<f64> { w: array![7.0], b: 7.0 };
/// let error = snapshot.fill("older", &mut older).unwrap_err();
/// assert_eq!(error.to_string(), "tensor `older/w` is F32 in the file but F64 in the model");
/// snapshot.cast().fill("older", &mut older)?;
/// assert_eq!(older, Plane { w: array![0.0], b: 0.5 });
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Snapshot {
    /// The tensors, by name.
    pub tensors: BTreeMap<String, Stored>,
    /// Anything else, by key.
    pub metadata: BTreeMap<String, String>,
    #[cfg_attr(feature = "serde", serde(skip))]
    casts: bool,
}

/// A tensor of a [`Snapshot`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Stored {
    /// Its shape; `[]` for a number.
    pub shape: Vec<usize>,
    /// Its numbers in row-major order.
    pub values: Values,
}

/// The numbers of a tensor.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Values {
    /// `f32`
    F32(Vec<f32>),
    /// `f64`
    F64(Vec<f64>),
    /// Numbers of a kind that no model has, by the name that safetensors has for it. They are not kept.
    Other(String),
}

impl Values {
    /// The same numbers.
    #[expect(clippy::cast_possible_truncation, reason = "they are `f32`")]
    pub(crate) fn of<T: Float>(values: &[T]) -> Self {
        if is_double::<T>() {
            Self::F64(values.iter().map(|value| value.to_f64()).collect())
        } else {
            Self::F32(values.iter().map(|value| value.to_f64() as f32).collect())
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::F32(_) => "F32",
            Self::F64(_) => "F64",
            Self::Other(name) => name,
        }
    }

    /// The numbers as those of a model; none if they are others and must not be converted.
    fn to<T: Float>(&self, casts: bool) -> Option<Vec<T>> {
        match self {
            Self::F32(values) if casts || !is_double::<T>() => {
                Some(values.iter().map(|&value| T::from_f64(value.into())).collect())
            }
            Self::F64(values) if casts || is_double::<T>() => {
                Some(values.iter().map(|&value| T::from_f64(value)).collect())
            }
            Self::F32(_) | Self::F64(_) | Self::Other(_) => None,
        }
    }
}

/// Whether the numbers are `f64`, not `f32`.
fn is_double<T: Float>() -> bool {
    size_of::<T>() == size_of::<f64>()
}

impl Snapshot {
    /// Nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The parameters and states of a model.
    #[must_use]
    pub fn of<P: Parameters>(model: &P) -> Self {
        Self::new().with("", model)
    }

    /// The same with the parameters and states of something else in a section of its own.
    #[must_use]
    pub fn with<P: Parameters>(mut self, section: &str, tensors: &P) -> Self {
        self.put(section, tensors);
        self
    }

    /// Takes parameters and states into a section, in place of what has their names there.
    pub fn put<P: Parameters>(&mut self, section: &str, tensors: &P) {
        for (name, shape, values) in tensors.tensors() {
            self.put_tensor(joined(section, name), shape, &values);
        }
        for (index, name) in P::STATES.iter().enumerate() {
            self.put_tensor(joined(section, name), tensors.state_shape(index), &tensors.state(index));
        }
    }

    /// Takes one tensor.
    pub(crate) fn put_tensor<T: Float>(&mut self, name: String, shape: &[usize], values: &[T]) {
        self.tensors.insert(name, Stored { shape: shape.to_vec(), values: Values::of(values) });
    }

    /// The same; what is taken from it is converted from `f32` to `f64` or back, to the nearest numbers.
    #[must_use]
    pub fn cast(mut self) -> Self {
        self.casts = true;
        self
    }

    /// Whether there is anything in a section.
    #[must_use]
    pub fn has(&self, section: &str) -> bool {
        self.names(section).next().is_some()
    }

    /// Makes the parameters and states of a model those of a section.
    ///
    /// # Errors
    /// If they are not all there, or others are, or one has another shape or other numbers. Nothing has changed then.
    pub fn fill<P: Parameters>(&self, section: &str, model: &mut P) -> Result<(), SaveError> {
        let known = P::NAMES.iter().chain(P::STATES);
        self.check_names(section, &known)?;
        let params = (0..P::NAMES.len()).map(|index| (P::NAMES[index], model.shape(index)));
        let states = (0..P::STATES.len()).map(|index| (P::STATES[index], model.state_shape(index)));
        let values: Vec<Vec<P::Scalar>> = params
            .chain(states)
            .map(|(name, shape)| self.values(&joined(section, name), shape))
            .collect::<Result<_, _>>()?;
        let (params, states) = values.split_at(P::NAMES.len());
        params.iter().enumerate().for_each(|(index, values)| model.values_mut(index).copy_from_slice(values));
        states.iter().enumerate().for_each(|(index, values)| model.state_mut(index).copy_from_slice(values));
        Ok(())
    }

    /// The model of a section. Whether its sizes go together shows when it is first used.
    ///
    /// # Errors
    /// If its tensors are not all there, or others are, or one has another number of axes or other numbers.
    pub fn get<P: FromTensors>(&self, section: &str) -> Result<P, SaveError> {
        self.check_names(section, &P::NAMES.iter().chain(P::STATES))?;
        P::from_tensors(&mut Section { snapshot: self, section })
    }

    /// The values of a tensor of this shape.
    pub(crate) fn values<T: Float>(&self, name: &str, shape: &[usize]) -> Result<Vec<T>, SaveError> {
        let stored = self.tensors.get(name).ok_or_else(|| SaveError::Missing { name: name.to_owned() })?;
        if stored.shape != shape {
            let (expected, found) = (shape.to_vec(), stored.shape.clone());
            return Err(SaveError::Shape { name: name.to_owned(), expected, found });
        }
        let values: Vec<T> = stored.numbers(name, self.casts)?;
        let fits = shape.iter().try_fold(1_usize, |size, extent| size.checked_mul(*extent)) == Some(values.len());
        if fits { Ok(values) } else { Err(SaveError::Format("a shape does not go with its numbers".into())) }
    }

    /// Says something beside the tensors.
    pub(crate) fn set(&mut self, key: &str, value: &impl ToString) {
        self.metadata.insert(key.to_owned(), value.to_string());
    }

    /// A number that was said beside the tensors.
    pub(crate) fn number<V: FromStr>(&self, key: &str) -> Result<V, SaveError> {
        let found = self.metadata.get(key).cloned();
        let number = found.as_deref().and_then(|text| text.parse().ok());
        number.ok_or_else(|| SaveError::Metadata { key: key.to_owned(), found })
    }

    /// What is in a section, without its name.
    fn names<'s>(&'s self, section: &'s str) -> impl Iterator<Item = &'s str> {
        self.tensors.keys().filter_map(move |key| match key.rsplit_once('/') {
            Some((of, name)) => (of == section).then_some(name),
            None => section.is_empty().then_some(&**key),
        })
    }

    /// Checks that a section has these tensors and no others.
    pub(crate) fn check_names<'n>(
        &self,
        section: &str,
        known: &(impl Iterator<Item = &'n &'static str> + Clone),
    ) -> Result<(), SaveError> {
        let named = |name: &str| joined(section, name);
        if let Some(name) = known.clone().find(|name| !self.tensors.contains_key(&named(name))) {
            return Err(SaveError::Missing { name: named(name) });
        }
        match self.names(section).find(|name| !known.clone().any(|known| known == name)) {
            Some(name) => Err(SaveError::Extra { name: named(name) }),
            None => Ok(()),
        }
    }
}

impl Stored {
    /// The numbers, as those of a model.
    fn numbers<T: Float>(&self, name: &str, casts: bool) -> Result<Vec<T>, SaveError> {
        self.values.to(casts).ok_or_else(|| SaveError::Scalar {
            name: name.to_owned(),
            expected: if is_double::<T>() { "F64" } else { "F32" },
            found: self.values.name().to_owned(),
        })
    }
}

/// `section/name`
pub(crate) fn joined(section: &str, name: &str) -> String {
    if section.is_empty() { name.to_owned() } else { format!("{section}/{name}") }
}

/// A section that a model is made from.
struct Section<'s> {
    snapshot: &'s Snapshot,
    section: &'s str,
}

impl<T: Float> TensorSource<T> for Section<'_> {
    type Error = SaveError;

    fn tensor<X: Tensor<T>>(&mut self, name: &'static str) -> Result<X, SaveError> {
        let name = joined(self.section, name);
        let stored = self.snapshot.tensors.get(&name).ok_or_else(|| SaveError::Missing { name: name.clone() })?;
        let values = self.snapshot.values(&name, &stored.shape)?;
        let axes = SaveError::Axes { name, expected: X::AXES, found: stored.shape.clone() };
        X::of_parts(&stored.shape, values).ok_or(axes)
    }
}

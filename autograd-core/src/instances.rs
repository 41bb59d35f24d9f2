//! Monomorphic instances of what most models call: a build without optimisation takes instances of generic functions
//! from the crates that it depends on where they are, and compiles the others again. Nothing runs what is in this file,
//! and which functions it names is a matter of compile time alone.

use ndarray::{Array, ArrayView, Dimension, IntoDimension, Ix0, Ix1, Ix2, Ix3};

use crate::__private::Tensor;
use crate::binding::{shaped, slots};
use crate::contract::{
    Contraction, Scratch, Strided, Update, contract, multiply, multiply_left_transposed, multiply_right_transposed,
};
use crate::copies::{Copies, in_order};
use crate::float::Float;
use crate::math::Elementary;
use crate::simd::{
    self, Block, ColumnSums, Kernel, Lanes, Mask, Max, MaxNumber, Parts, Turn, add_lanes, long_sweep, sweep, turns,
};
use crate::space;

/// Names them all.
pub fn instances() {
    of::<f32>(&mut [], &mut Scratch::default());
    of::<f64>(&mut [], &mut Scratch::default());
}

fn of<T: Float>(memory: &mut [T], scratch: &mut Scratch<T>) {
    T::here(OnPacks(&mut *memory));
    simd::instances::<T, 0, 0>();
    simd::instances::<T, 0, 1>();
    simd::instances::<T, 1, 0>();
    simd::instances::<T, 1, 1>();
    simd::instances::<T, 2, 0>();
    let (elements, length) = (&mut *memory, 0);
    let _ = Turn(0).rest(Parts::row(elements, 0, length), 1);
    let _ = Turn(0).split(&mut Parts::row_mut(elements, 0, length), 1);
    arrays::<T, Ix0>(&mut Array::default(()), ().into_dimension());
    arrays::<T, Ix1>(&mut Array::default(0), 0.into_dimension());
    arrays::<T, Ix2>(&mut Array::default((0, 0)), [0, 0].into_dimension());
    arrays::<T, Ix3>(&mut Array::default((0, 0, 0)), [0, 0, 0].into_dimension());
    slots::<T, 1>(&mut Vec::new(), [0]);
    slots::<T, 2>(&mut Vec::new(), [0; 2]);
    slots::<T, 3>(&mut Vec::new(), [0; 3]);
    space::add_scaled(&mut *memory, T::ONE, &[]);
    space::scale(&mut *memory, T::from_f64(space::dot::<T>(&[], &[])));
    let shape = Contraction { batch: 1, rows: 1, columns: 1, depth: 1 };
    let matrix = Strided::contiguous(&[], 1, 1);
    contract(shape, matrix, matrix.transposed(), &mut *memory, Update::set().scaled(T::ONE), scratch);
    multiply([1; 3], &[], &[], &mut *memory, scratch);
    multiply_left_transposed([1; 3], &[], &[], &mut *memory, scratch);
    multiply_right_transposed([1; 3], &[], &[], &mut *memory, scratch);
    memory.fill(T::ZERO);
    let _ = (scratch.clone(), scratch.bytes(), Update::<T>::add(), Copies::<T>::default().clone().bytes());
}

fn arrays<T: Float, D: Dimension>(array: &mut Array<T, D>, shape: D) {
    let view: ArrayView<'_, T, D> = array.view();
    let mut copies = Copies::default();
    let mut free = copies.free();
    let _ = (in_order(&view, &mut free).len(), in_order(&*array, &mut free).len(), array.clone());
    let _ = (Tensor::<T>::shape(array).len(), Tensor::<T>::values(array), Tensor::<T>::zeros(array));
    let _ = (Tensor::<T>::values_mut(array).len(), shaped(array, shape).len());
}

struct OnPacks<'a, T>(&'a mut [T]);

impl<T: Float> Kernel<T> for OnPacks<'_, T> {
    type Output = ();

    fn run<V: Lanes<T>>(self) {
        operations::<T, V>(self.0);
        operations::<T, T>(self.0);
        let mut columns = ColumnSums::new(&mut *self.0, &mut [], 0, 0);
        columns.row();
        columns.end_turn();
        columns.end_turn_of_packs::<V>();
        columns.finish();
    }
}

fn operations<T: Float, V: Lanes<T>>(memory: &mut [T]) {
    let at = Block { start: 0, live: V::COUNT };
    let (x, y) = (V::load(memory, 0, at), V::load_strided(memory, 0, 0, at));
    let is_less = x.lt(y) & x.le(y) | x.eq(y) ^ !x.ne(y);
    let arithmetic = [x + y, x - y, x * y, x / y, -x, x.mul_add(y, x), V::splat(T::ONE), x.min(y), x.max(y)];
    let functions = [x.sqrt(), x.rsqrt(), x.abs(), x.square(), x.recip(), x.exp(), x.expm1(), x.log(), x.log1p()];
    let others = [x.tanh(), x.sigmoid(), x.softplus(), x.relu(), x.sign(), x.sin(), x.cos(), V::select(is_less, x, y)];
    for value in arithmetic.into_iter().chain(functions).chain(others) {
        value.store(memory, 0, at);
        value.store_strided(memory, 0, 0, at);
        add_lanes(memory, 0, value, at);
    }
    let (mut largest, mut number) = (Max::<T, V>::new(), MaxNumber::<T, V>::new());
    largest.push(x, at);
    number.push(x, at);
    let [] = sweep::<T, V, 0>(0, |_| []);
    let sums = (sweep::<T, V, 1>(0, |_| [x]), sweep::<T, V, 2>(0, |_| [x, y]), sweep::<T, V, 3>(0, |_| [x, y, x]));
    let long = (long_sweep::<T, V, 1>(0, |_| [x]), long_sweep::<T, V, 2>(0, |_| [x, y]));
    let [] = long_sweep::<T, V, 0>(0, |_| []);
    let _ = (sums, long, turns::<T, V, 1>(0, |_| [x]), largest.finish(), number.finish(), is_less.any());
    let _ = V::row_sums(&mut []);
}

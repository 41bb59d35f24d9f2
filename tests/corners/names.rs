//! Models whose names and shapes come close to what cannot be emitted.

#![allow(non_snake_case, reason = "so are the names of fields that would otherwise be taken")]

use autograd_core::{Objective, model};
use ndarray::{Array2, array};
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! {
    /// A word of a later edition as a module, dimensions that are one in lower case, an input that is called like one.
    Gen<N, n, M, SELF, SELF_> {
        param w: [N] = full(inf), v: [n] = constant(nan), u: [SELF], t: [SELF_];
        state best = inf, worst = -1/0;
        input m;
        /// Numbers that are made of no array.
        rows = iota(M) - mean(iota(M));
        x1 = cumsum(w) + m;
        x_1 = cumsum(v)[..0] + sum(u) + sum(t);
        loss = sum(w^2) + 2*sum(v) + m*mean(iota(M)) + mean(eye(3, 1)) + sum(u)*sum(t);
        step clone {
            best := min(best, loss);
        }
    }
}

model! {
    /// Names of patterns, functions and types that emitted code uses.
    Kernels<rows, All, sizes, prepare> {
        param Max: [rows], Product: [], sweep: [All];
        input Turn: [sizes], turns: [rows, sizes], reduced: [prepare];
        ArgMax = Max * Product + turns @ Turn;
        let into = sum(ArgMax^2);
        Own = tanh(sweep) * into + mean(reduced);
        fmt = cumsum(Own) + sum(Turn);
        loss = into + sum(fmt^2);
        step eq(Min, at: [All], block) -> fmt, loss {
            Max := Max - Min * grad(loss, Max);
            sweep := at * block;
        }
    }
}

model! {
    /// A name that generics of emitted code have.
    G { param w; loss = w^2; }
}

#[test]
fn fields_of_dimensions_that_are_one_in_lower_case() {
    let dims = gen_::Dims { N: 2, n: 1, self_: 3, SELF_: 2 };
    let mut model: Gen = Gen::new(dims, &mut SmallRng::seed_from_u64(0));
    assert_eq!((model.w.len(), model.v.len(), model.t.len(), model.u.len()), (2, 1, 2, 3));
    assert!(model.w[1] == f64::INFINITY && model.v[0].is_nan());
    assert_eq!((model.best, model.worst), (f64::INFINITY, f64::NEG_INFINITY));
    (model.w, model.v) = (array![1.0, 2.0], array![3.0]);
    let inputs = gen_::Inputs { m: 0.5, M: 5 };
    assert_eq!(model.rows(&inputs).unwrap(), array![-2.0, -1.0, 0.0, 1.0, 2.0]);
    let (loss, grad) = model.loss_and_grad(&inputs).unwrap();
    assert!((loss - (5.0 + 6.0 + 1.0 + 1.0 / 3.0)).abs() < 1e-14, "{loss}");
    assert_eq!((grad.w, grad.v), (array![2.0, 4.0], array![2.0]));
    Gen::clone(&mut model, &inputs).unwrap();
    assert_eq!(model.best, loss);
    assert_eq!(model.bind(&inputs).unwrap().loss().unwrap(), loss);
}

#[test]
fn names_of_emitted_code() {
    let mut model = Kernels { Max: array![1.0, 2.0], Product: 0.5, sweep: array![0.0] };
    let (turn, turns, reduced) = (array![1.0, -1.0], Array2::<f64>::ones((2, 2)), array![0.25, 0.75]);
    let inputs = kernels::Inputs { Turn: turn.view(), turns: turns.view(), reduced: reduced.view() };
    assert_eq!(model.ArgMax(&inputs).unwrap(), array![0.5, 1.0]);
    assert_eq!(model.loss(&inputs).unwrap(), 1.25 + 0.25);
    assert_eq!(Kernels::eq(&mut model, &inputs, 0.5, array![2.0].view(), 4.0).unwrap(), (array![0.5], 1.5));
    assert_eq!((&model.Max, &model.sweep), (&array![0.75, 1.5], &array![8.0]));
    let loss = model.loss(&inputs).unwrap();
    assert_eq!(Objective::loss(&model.bind(&inputs).unwrap(), &()).unwrap(), loss);
}

#[test]
fn a_generic_of_emitted_code() {
    let mut model = G { w: 3.0 };
    model -= 0.5 * model.grad(&g::Inputs {}).unwrap();
    assert_eq!(model.w, 0.0);
}

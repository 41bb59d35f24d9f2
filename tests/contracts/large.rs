//! Arrays that no memory has room for are an error that names them, before anything is computed.

use autograd_core::{Error, Origin};
use ndarray::{Array1, Array2, array};

use crate::model;

model! {
    /// All pairs of rows.
    Pairs<N, M, D> {
        param scale;
        input a: [N, D], b: [M, D];
        kernel = scale * (a @ b.T);
        flat = scale * iota(N * M);
        near = a @ b.T > 0;
        loss = scale * sum(a) + sum(b);
    }
}

model! {
    /// A sum, and a step with an input of its own.
    Total<N> {
        param scale;
        state last: [N];
        input x: [N];
        loss = scale * sum(x);
        step add(y: [N]) {
            last := last + x * y;
        }
    }
}

fn too_large<V: std::fmt::Debug>(result: Result<V, Error>, origin: Origin, shape: &[usize]) {
    let error = result.expect_err("there is no such memory");
    assert_eq!(error, Error::TooLarge { origin, shape: shape.to_vec() });
    let text = format!("there is not enough memory for {origin} of shape {shape:?} in row-major order");
    assert_eq!(error.to_string(), text);
}

#[test]
fn products_of_extents_are_checked() {
    let model = Pairs { scale: 2.0 };
    for n in [1_usize << 32, 1 << 62] {
        // Rows without elements take no memory.
        let a = Array2::<f64>::zeros((n, 0));
        let inputs = pairs::Inputs { a: a.view(), b: a.view() };
        assert_eq!(model.loss(&inputs), Ok(0.0));
        too_large(model.kernel(&inputs), Origin::Value("kernel"), &[n, n]);
        too_large(model.near(&inputs), Origin::Value("intermediate"), &[n, n]);
        assert!(model.outputs(&inputs).is_err());
        // Bound models may need the memory before they are asked.
        assert!(model.clone().bind(&inputs).and_then(|bound| bound.kernel()).is_err());
        assert_eq!(model.flat(&inputs), Err(Error::ExtentOverflow { extent: "M*N" }));
    }
    let a = Array2::<f64>::zeros((1 << 24, 0));
    let inputs = pairs::Inputs { a: a.view(), b: a.view() };
    too_large(model.flat(&inputs), Origin::Value("flat"), &[1 << 48]);
    let a = array![[1.0, 2.0], [3.0, 4.0]];
    let kernel = model.kernel(&pairs::Inputs { a: a.view(), b: a.view() });
    assert_eq!(kernel, Ok(array![[10.0, 22.0], [22.0, 50.0]]));
}

#[test]
fn views_that_repeat_themselves_are_copied_only_where_there_is_room() {
    let (one, n) = (array![1.5], 1_usize << 45);
    let many = one.broadcast(n).expect("one element, many times");
    let mut model = Total { scale: 2.0, last: array![0.0] };
    // The state has another size, which is found first.
    assert!(matches!(model.loss(&total::Inputs { x: many }), Err(Error::Dimension { .. })));
    let pairs = Pairs { scale: 2.0 };
    let (column, row) = (many.insert_axis(ndarray::Axis(1)), Array2::zeros((1, 1)));
    let inputs = pairs::Inputs { a: column, b: row.view() };
    too_large(pairs.loss(&inputs), Origin::Input("a"), &[n, 1]);
    too_large(pairs.grad(&inputs), Origin::Input("a"), &[n, 1]);
    too_large(pairs.clone().bind(&inputs).map(|_| ()), Origin::Input("a"), &[n, 1]);
    let small = one.broadcast(1).expect("as it is");
    model.add(&total::Inputs { x: small }, small).expect("it fits");
    assert_eq!(model.last, array![2.25]);
    let backwards = Array1::from_iter([1.0, 2.0, 3.0]);
    let backwards = backwards.slice(ndarray::s![..;-1]);
    let model = Total { scale: 2.0, last: Array1::zeros(3) };
    assert_eq!(model.loss(&total::Inputs { x: backwards }), Ok(12.0));
}

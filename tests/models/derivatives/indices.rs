//! Index notation: products, stencils, convolutions, gathers, packed triangles.

use ndarray::{Array1, Array2};

use crate::{agree, classes, draw, model};

model! {
    /// A matrix product, a diagonal and a running pair.
    Products<I, J, K> {
        param a: [I, K], b: [K, J], c: [J, J];
        input va: [I, K], vb: [K, J], vc: [J, J];
        let product[i, j] = sum[k](a[i, k]*b[k, j]);
        let trace = sum[j](c[j, j]*c[0, j]);
        loss = sum[i, j](product[i, j]^2) + trace + sum[i, j in 0..J - 1](product[i, j]*product[i, j + 1]);
        slope = jvp(loss, a, va) + jvp(loss, b, vb) + jvp(loss, c, vc);
    }
}

#[test]
fn products() {
    for (i, j, k) in [(1, 1, 1), (2, 3, 4), (17, 5, 9)] {
        let make = |name: &str| Products::<f64> {
            a: draw(&format!("{name} a"), (i, k)),
            b: draw(&format!("{name} b"), (k, j)),
            c: draw(&format!("{name} c"), (j, j)),
        };
        let (model, direction) = (make("model"), make("direction"));
        let inputs = products::Inputs::new(&direction.a, &direction.b, &direction.c);
        let slope = model.slope(&inputs).expect("the sizes fit");
        agree(&model, &inputs, &direction, slope);
    }
}

model! {
    /// Stencils in one and two dimensions.
    Stencils<N, M> {
        param x: [N], u: [N, M];
        input vx: [N], vu: [N, M];
        let rosenbrock = sum[i in 0..N - 1](100*(x[i + 1] - x[i]^2)^2 + (1 - x[i])^2);
        let lap[i in 0..N, j in 0..M] =
            (if i > 0 { u[i - 1, j] } else { 0 }) + (if i < N - 1 { u[i + 1, j] } else { 0 })
            + (if j > 0 { u[i, j - 1] } else { 0 }) + (if j < M - 1 { u[i, j + 1] } else { 0 }) - 4*u[i, j];
        let inner[i in 1..N - 1, j in 1..M - 1] = u[i - 1, j]*u[i, j + 1] - exp(u[i + 1, j - 1]);
        loss = rosenbrock + sum(lap^2) + sum(inner^2);
        slope = jvp(loss, x, vx) + jvp(loss, u, vu);
    }
}

#[test]
fn stencils() {
    for (n, m) in [(2, 2), (3, 5), (9, 37)] {
        let make =
            |name: &str| Stencils::<f64> { x: draw(&format!("{name} x"), n), u: draw(&format!("{name} u"), (n, m)) };
        let (model, direction) = (make("model"), make("direction"));
        let inputs = stencils::Inputs::new(&direction.x, &direction.u);
        let slope = model.slope(&inputs).expect("the sizes fit");
        agree(&model, &inputs, &direction, slope);
    }
}

model! {
    /// A convolution with a stride, and one in two dimensions.
    Convolutions<N, C, O, H, W, R> {
        param x: [N, C, H, W], w: [O, C, R, R], v: [O, C, R];
        input vx: [N, C, H, W], vw: [O, C, R, R], vv: [O, C, R];
        let y[n, o, i in 0..H - R + 1, j in 0..W - R + 1] = sum[c, r, s](x[n, c, i + r, j + s]*w[o, c, r, s]);
        let z[n, o, i in 0..H, j in 0..floor_div(W - R, 2) + 1] = tanh(sum[c, r](x[n, c, i, 2*j + r]*v[o, c, r]));
        loss = sum(y^2) + sum(z);
        slope = jvp(loss, x, vx) + jvp(loss, w, vw) + jvp(loss, v, vv);
    }
}

#[test]
fn convolutions() {
    for (n, c, o, h, w, r) in [(1, 1, 1, 3, 3, 1), (2, 3, 2, 5, 8, 3), (1, 2, 4, 9, 21, 2)] {
        let make = |name: &str| Convolutions::<f64> {
            x: draw(&format!("{name} x"), (n, c, h, w)),
            w: draw(&format!("{name} w"), (o, c, r, r)),
            v: draw(&format!("{name} v"), (o, c, r)),
        };
        let (model, direction) = (make("model"), make("direction"));
        let inputs = convolutions::Inputs::new(&direction.x, &direction.w, &direction.v);
        let slope = model.slope(&inputs).expect("the sizes fit");
        agree(&model, &inputs, &direction, slope);
    }
}

model! {
    /// Rows by class indices, next to one another and again.
    Embedding<T, V, D> {
        param emb: [V, D], pos: [T, D];
        input token: [T] in V, vemb: [V, D], vpos: [T, D];
        let out[t] = tanh(emb[token[t]])*pos[t];
        let pairs[t in 0..T - 1, d] = emb[token[t + 1], d]*emb[token[t], D - 1 - d];
        loss = sum(out^2) + sum(pairs^2) + sum[t](emb[token[t], 0]);
        slope = jvp(loss, emb, vemb) + jvp(loss, pos, vpos);
    }
}

#[test]
fn embeddings() {
    for (t, v, d) in [(1, 1, 1), (7, 3, 4), (65, 9, 17)] {
        let make = |name: &str| Embedding::<f64> { emb: draw(&format!("{name} e"), (v, d)), pos: draw(name, (t, d)) };
        let (model, direction) = (make("model"), make("direction"));
        let token: Array1<usize> = classes(t, v);
        let inputs = embedding::Inputs::new(&token, &direction.emb, &direction.pos);
        let slope = model.slope(&inputs).expect("the sizes fit");
        agree(&model, &inputs, &direction, slope);
    }
}

model! {
    /// A packed triangle, as covariances are stored.
    Triangle<N, D> {
        param l: [D*(D - 1)/2], q: [D];
        input x: [N, D], vl: [D*(D - 1)/2], vq: [D];
        let low[i in 0..D, j in 0..D] =
            if j < i { l[j*(2*D - j - 1)/2 + i - j - 1] } else if i == j { exp(q[i]) } else { 0 };
        loss = sum[n, i](sum[j](low[i, j]*x[n, j])^2) + sum[i, j in 0..i + 1](low[i, j]^3);
        slope = jvp(loss, l, vl) + jvp(loss, q, vq);
    }
}

#[test]
fn triangles() {
    for (n, d) in [(1, 1), (3, 2), (5, 6)] {
        let make = |name: &str| Triangle::<f64> { l: draw(name, d * (d - 1) / 2), q: draw(&format!("{name} q"), d) };
        let (model, direction) = (make("model"), make("direction"));
        let x: Array2<f64> = draw("x", (n, d));
        let inputs = triangle::Inputs::new(&x, &direction.l, &direction.q);
        let slope = model.slope(&inputs).expect("the sizes fit");
        agree(&model, &inputs, &direction, slope);
    }
}

model! {
    /// Positions that are calculated from inputs, in a choice and without one; a step that must not happen.
    Lookup<T, V> {
        param table: [V] = 1;
        state seen: [V];
        input token: [T] in V, at in V;
        let next[t] = table[token[t] + 1];
        let before[t] = if token[t] > 2 { table[token[t] - 3] } else { 0 };
        first = table[at] + table[floor_div(at, 2)];
        loss = sum(next) + 2*sum(before) + first;
        step train() -> loss {
            table := table - 0.1*grad(loss, table);
            seen := seen + 1;
        }
    }
}

#[test]
fn positions_outside_are_errors_of_the_call() {
    let mut model = Lookup::<f64> { table: draw("table", 5), seen: ndarray::Array1::zeros(5) };
    let token = ndarray::array![0, 3, 1];
    let inputs = lookup::Inputs { token: token.view(), at: 4 };
    let (loss, grad) = model.loss_and_grad(&inputs).expect("all positions are inside");
    let table = &model.table;
    let expected = table[1] + table[4] + table[2] + 2.0 * table[0] + table[4] + table[2];
    assert!((loss - expected).abs() < 1e-14, "{loss} {expected}");
    assert_eq!(grad.table, ndarray::array![2.0, 1.0, 2.0, 0.0, 2.0]);
    let token = ndarray::array![0, 4, 1];
    let inputs = lookup::Inputs { token: token.view(), at: 0 };
    let error = model.loss(&inputs).expect_err("5 is outside");
    assert_eq!(error.to_string(), "subscript 5 on axis 0 of `table` is outside 0..5, at position [1]");
    let before = model.clone();
    let error = model.train(&inputs).expect_err("5 is outside");
    assert_eq!(error.to_string(), "subscript 5 on axis 0 of `table` is outside 0..5, at position [1]");
    assert_eq!((before.table, before.seen), (model.table.clone(), model.seen.clone()));
    assert!(model.first(&inputs).is_ok());
}

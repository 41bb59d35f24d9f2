//! Layers, tables and stencils of the library: reverse mode, forward mode and differences.

use ndarray::Array2;

use crate::{agree, classes, draw, model};

model! {
    /// A small network for images, in training.
    Images<N, C, O, H, W> {
        param x: [N, C, H, W], w: [O, C, 3, 3], v: [O, C, 2, 2], gain: [O], bias: [O];
        input vx: [N, C, H, W], vw: [O, C, 3, 3], vv: [O, C, 2, 2], vgain: [O], vbias: [O], seed in 1000;
        let a = conv2d(x, w, stride = 2, pad = 1);
        let (b, m, s) = batch_norm(a, gain, bias);
        let c = conv_transpose2d(tanh(b), v, stride = 2);
        loss = sum(dropout(c, 0.2, seed)^2) + sum(m*s) + sum(adaptive_avg_pool2d(a, 2)^3)
            + sum(avg_pool2d(laplacian_edge(x[0, 0])[new, new], 2, stride = 1)^2);
        slope = jvp(loss, x, vx) + jvp(loss, w, vw) + jvp(loss, v, vv) + jvp(loss, gain, vgain) + jvp(loss, bias, vbias);
    }
}

#[test]
fn images() {
    for (n, c, o, h, w) in [(1, 1, 2, 4, 5), (2, 3, 2, 7, 6)] {
        let make = |name: &str| Images::<f64> {
            x: draw(&format!("{name} x"), (n, c, h, w)),
            w: draw(&format!("{name} w"), (o, c, 3, 3)),
            v: draw(&format!("{name} v"), (o, c, 2, 2)),
            gain: draw(&format!("{name} gain"), o),
            bias: draw(&format!("{name} bias"), o),
        };
        let (model, direction) = (make("model"), make("direction"));
        let inputs = images::Inputs {
            vx: direction.x.view(),
            vw: direction.w.view(),
            vv: direction.v.view(),
            vgain: direction.gain.view(),
            vbias: direction.bias.view(),
            seed: 7,
        };
        let slope = model.slope(&inputs).expect("the sizes fit");
        agree(&model, &inputs, &direction, slope);
    }
}

model! {
    /// Sequences of tokens with causal attention of two heads, and the derivative of a derivative.
    Sequences<T, V, D> {
        param table: [V, 2*D], u: [T];
        input token: [T] in V, vtable: [V, 2*D], vu: [T];
        let x = embedding(table, token)[new];
        let y = multi_head_attention(x, x, x, 2, causal_mask(T))[0];
        let energy = sum(laplacian_periodic(u)^2*exp(u)) + sum(interp(u, linspace(-2, 2, V), table[.., 0]));
        let force = grad(energy, u);
        loss = sum(y^2) + sum(segment_sum(y, token, V)^3) + sum(force^2) + sum(roll(y, 1, axis = 0)*y);
        slope = jvp(loss, table, vtable) + jvp(loss, u, vu);
    }
}

#[test]
fn sequences() {
    for (t, v, d) in [(2, 3, 1), (7, 4, 3)] {
        let make = |name: &str| Sequences::<f64> { table: draw(&format!("{name} t"), (v, 2 * d)), u: draw(name, t) };
        let (model, direction) = (make("model"), make("direction"));
        let token = classes(t, v);
        let vtable: &Array2<f64> = &direction.table;
        let inputs = sequences::Inputs { token: token.view(), vtable: vtable.view(), vu: direction.u.view() };
        let slope = model.slope(&inputs).expect("the sizes fit");
        agree(&model, &inputs, &direction, slope);
    }
}

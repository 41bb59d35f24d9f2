//! Models whose derivative goes through slices, running products, stacks and axes.

use super::{BATCHES, agree, draw, model, number};

model! {
    pub Valley<N> {
        param x: [N];
        input dx: [N];
        loss = sum(100 * (x[1..] - x[..-1]^2)^2 + (1 - x[..-1])^2);
        slope = jvp(loss, x, dx);
    }
}

#[test]
fn valleys() {
    for n in [2, 7, 65] {
        let (model, to) = (Valley { x: draw("x", n) }, Valley { x: draw("dx", n) });
        let inputs = valley::Inputs { dx: to.x.view() };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

model! {
    /// Returns that compound, and their drawdown; a smoothed path.
    pub Growth<N, D> {
        param share: [D], cost;
        input returns: [N, D], dshare: [D], dcost;
        let gain = 1 + 0.1 * (returns @ softmax(share)) - 0.01 * sigmoid(cost);
        let wealth = cumprod(gain);
        let logs = cumsum(log(gain));
        loss = -wealth[-1] + var(logs, ddof = 1) + 0.1 * prod(gain[1..]) - mean(concat([wealth, logs]) * pad(wealth, N, 0));
        slope = jvp(loss, share, dshare) + jvp(loss, cost, dcost);
    }
}

#[test]
fn compound_returns() {
    for n in [2, 7, 65] {
        let returns = draw("returns", [n, 3]);
        let make = |d: &str| Growth { share: draw(&format!("{d}share"), 3), cost: number(&format!("{d}cost")) };
        let (model, to) = (make(""), make("d"));
        let inputs = growth::Inputs { returns: returns.view(), dshare: to.share.view(), dcost: to.cost };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

model! {
    /// Batches of matrices, transposed, stacked and multiplied.
    pub Heads<N, B, D> {
        param left: [B, D, D], right: [D, D];
        input x: [N, D], dleft: [B, D, D], dright: [D, D];
        let heads = (x @ left) @ right;
        let turned = reshape(transpose(heads, (1, 0, 2)), [N, B*D]);
        let pair = stack([x @ right, sin(x)], axis = 1);
        loss = mean(tanh(turned)^2) + mean(sum(pair, axis = 1)^2) + 0.1 * trace(right @ right.T) + 0.1 * sum(diag(right));
        slope = jvp(loss, left, dleft) + jvp(loss, right, dright);
    }
}

#[test]
fn batches_of_matrices() {
    for n in BATCHES {
        let x = draw("x", [n, 3]);
        let make =
            |d: &str| Heads { left: draw(&format!("{d}left"), [2, 3, 3]), right: draw(&format!("{d}right"), [3, 3]) };
        let (model, to) = (make(""), make("d"));
        let inputs = heads::Inputs { x: x.view(), dleft: to.left.view(), dright: to.right.view() };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

model! {
    /// Centres with kernels around them: distances of all pairs, without a table of them.
    pub Kernels<N, K, D> {
        param centre: [K, D], weight: [K], width;
        input x: [N, D], y: [N], dcentre: [K, D], dweight: [K], dwidth;
        let square = sum((x[.., new, ..] - centre)^2, axis = 2);
        let prediction = exp(-square * exp(width)) @ weight;
        loss = mean((prediction - y)^2) + 0.1 * mean(min(square, axis = 1));
        slope = jvp(loss, centre, dcentre) + jvp(loss, weight, dweight) + jvp(loss, width, dwidth);
    }
}

#[test]
fn kernels_around_centres() {
    for n in BATCHES {
        let (x, y) = (draw("x", [n, 3]), draw("y", n));
        let make = |d: &str| Kernels {
            centre: draw(&format!("{d}centre"), [4, 3]),
            weight: draw(&format!("{d}weight"), 4),
            width: number(&format!("{d}width")),
        };
        let (model, to) = (make(""), make("d"));
        let inputs = kernels::Inputs {
            x: x.view(),
            y: y.view(),
            dcentre: to.centre.view(),
            dweight: to.weight.view(),
            dwidth: to.width,
        };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

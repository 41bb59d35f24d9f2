//! Curves and distributions fitted to data.

use super::{BATCHES, agree, draw, model, number};

model! {
    pub Line<N, D> {
        param w: [D], b;
        input x: [N, D], y: [N], dw: [D], db;
        loss = mean((x @ w + b - y)^2) / 2;
        slope = jvp(loss, w, dw) + jvp(loss, b, db);
    }
}

#[test]
fn lines() {
    for n in BATCHES {
        let (x, y) = (draw("x", [n, 3]), draw("y", n));
        let (model, to) = (Line { w: draw("w", 3), b: number("b") }, Line { w: draw("dw", 3), b: number("db") });
        let inputs = line::Inputs { x: x.view(), y: y.view(), dw: to.w.view(), db: to.b };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

model! {
    /// Residuals in units of their deviation, up to a bound.
    pub Robust<N> {
        param a, rate;
        input t: [N], y: [N], da, drate;
        let residual = y - a * (1 - exp(-softplus(rate) * t));
        loss = mean(huber(residual, 0, delta = 0.3)) + 0.1 * std(residual) + 0.01 * max(abs(residual));
        slope = jvp(loss, a, da) + jvp(loss, rate, drate);
    }
}

#[test]
fn robust_curves() {
    for n in [7, 65] {
        let (t, y) = (draw("t", n).mapv(f64::abs), draw("y", n));
        let (model, to) = (Robust { a: 1.2, rate: 0.3 }, Robust { a: 0.6, rate: -0.8 });
        let inputs = robust::Inputs { t: t.view(), y: y.view(), da: to.a, drate: to.rate };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

model! {
    /// Gaussians of any width, weighted.
    pub Mixture<N, K> {
        param mean0: [K], log_width: [K], weight: [K];
        input x: [N], dmean0: [K], dlog_width: [K], dweight: [K];
        let z = (x[.., new] - mean0) / exp(log_width);
        loss = -mean(logsumexp(log_softmax(weight) - 0.5 * z^2 - log_width, K));
        slope = jvp(loss, mean0, dmean0) + jvp(loss, log_width, dlog_width) + jvp(loss, weight, dweight);
    }
}

#[test]
fn mixtures() {
    for n in BATCHES {
        let x = draw("x", n);
        let make = |d: &str| Mixture {
            mean0: draw(&format!("{d}mean"), 4),
            log_width: draw(&format!("{d}width"), 4),
            weight: draw(&format!("{d}weight"), 4),
        };
        let (model, to) = (make(""), make("d"));
        let inputs = mixture::Inputs {
            x: x.view(),
            dmean0: to.mean0.view(),
            dlog_width: to.log_width.view(),
            dweight: to.weight.view(),
        };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

model! {
    /// Shape and rate of a gamma distribution, each a line in x.
    pub Gamma<N> {
        param a: [2], c: [2];
        input x: [N], y: [N], da: [2], dc: [2];
        let shape = exp(a[0] + a[1] * x);
        let rate = softplus(c[0] + c[1] * x);
        loss = mean(lgamma(shape) - shape * log(rate) - (shape - 1) * log(y) + rate * y + 0.01 * digamma(shape)^2);
        slope = jvp(loss, a, da) + jvp(loss, c, dc);
    }
}

#[test]
fn gamma_distributions() {
    for n in BATCHES {
        let (x, y) = (draw("x", n), draw("y", n).mapv(f64::exp));
        let (model, to) = (Gamma { a: draw("a", 2), c: draw("c", 2) }, Gamma { a: draw("da", 2), c: draw("dc", 2) });
        let inputs = gamma::Inputs { x: x.view(), y: y.view(), da: to.a.view(), dc: to.c.view() };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

model! {
    /// Directions to beacons, seen from an unknown place and heading.
    pub Bearing<N> {
        param place: [2], heading;
        input beacon: [N, 2], seen: [N], dplace: [2], dheading;
        let to = beacon - place;
        let error = atan2(to[.., 1], to[.., 0]) - heading - seen;
        loss = mean(1 - cos(error)) + 0.1 * mean(hypot(to[.., 0], to[.., 1])) + 0.05 * mean(norm(to, axis = 1)^1.5);
        slope = jvp(loss, place, dplace) + jvp(loss, heading, dheading);
    }
}

#[test]
fn bearings() {
    for n in BATCHES {
        let (beacon, seen) = (draw("beacon", [n, 2]).mapv(|x| x + 3.0), draw("seen", n));
        let make = |d: &str| Bearing { place: draw(&format!("{d}place"), 2), heading: number(&format!("{d}heading")) };
        let (model, to) = (make(""), make("d"));
        let inputs =
            bearing::Inputs { beacon: beacon.view(), seen: seen.view(), dplace: to.place.view(), dheading: to.heading };
        agree(&model, &inputs, &to, model.slope(&inputs).expect("the sizes fit"));
    }
}

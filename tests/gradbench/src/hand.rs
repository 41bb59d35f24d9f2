//! The evals by hand, derivatives too, with the loops of `GradBench`'s C++ tool `manual`: scalar code over slices, one pass for
//! all of a gradient, powers and sums as they come. It checks the models at sizes for which nothing is stored, and is what
//! they are measured against.

/// `log(Σ exp(x))`
#[must_use]
pub fn lse(x: &[f64]) -> f64 {
    let most = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    most + x.iter().map(|x| (x - most).exp()).sum::<f64>().ln()
}

/// The shares of the exponentials.
pub fn lse_gradient(x: &[f64], out: &mut [f64]) {
    let most = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut total = 0.0;
    for (out, x) in out.iter_mut().zip(x) {
        *out = (x - most).exp();
        total += *out;
    }
    for out in out.iter_mut() {
        *out /= total;
    }
}

/// A point between -1 and 1, and its sign.
#[allow(clippy::cast_precision_loss, reason = "few points")]
fn point(i: usize, n: usize) -> (f64, f64) {
    let t = -1.0 + 2.0 * i as f64 / (n as f64 - 1.0);
    (t, if t == 0.0 { 0.0 } else { t.signum() })
}

/// What the polynomial is off the sign at a point.
fn residual(x: &[f64], t: f64, sign: f64) -> f64 {
    let (mut sum, mut power) = (sign, 1.0);
    for x in x {
        sum -= x * power;
        power *= t;
    }
    sum
}

/// Half the squares of what a polynomial is off the sign function.
#[must_use]
pub fn llsq(x: &[f64], n: usize) -> f64 {
    let square = |i| {
        let (t, sign) = point(i, n);
        residual(x, t, sign).powi(2)
    };
    0.5 * (0..n).map(square).sum::<f64>()
}

/// The gradient of [`llsq`].
pub fn llsq_gradient(x: &[f64], n: usize, out: &mut [f64]) {
    out.fill(0.0);
    for i in 0..n {
        let (t, sign) = point(i, n);
        let mut term = residual(x, t, sign);
        for out in &mut *out {
            *out -= term;
            term *= t;
        }
    }
}

/// The squared distance to the nearest of the rows `c`, and which that is.
fn nearest(c: &[f64], point: &[f64]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (place, row) in c.chunks_exact(point.len()).enumerate() {
        let distance = row.iter().zip(point).map(|(c, p)| (c - p) * (c - p)).sum::<f64>();
        if distance < best.1 {
            best = (place, distance);
        }
    }
    best
}

/// The squared distances to the nearest centroids, of points of `d` numbers.
#[must_use]
pub fn kmeans(c: &[f64], points: &[f64], d: usize) -> f64 {
    points.chunks_exact(d).map(|point| nearest(c, point).1).sum()
}

/// Newton's direction of [`kmeans`]; `second` is as large as `c`.
pub fn kmeans_direction(c: &[f64], points: &[f64], d: usize, second: &mut [f64], out: &mut [f64]) {
    out.fill(0.0);
    second.fill(0.0);
    for point in points.chunks_exact(d) {
        let place = nearest(c, point).0 * d;
        for (j, p) in point.iter().enumerate() {
            out[place + j] += 2.0 * (c[place + j] - p);
            second[place + j] += 2.0;
        }
    }
    out.iter_mut().zip(second).for_each(|(out, second)| *out /= *second);
}

/// A mixture of normal distributions; matrices lie row by row.
pub struct Mixture<'a> {
    /// Numbers a point.
    pub d: usize,
    /// The weights, as logarithms.
    pub alpha: &'a [f64],
    /// The means.
    pub mu: &'a [f64],
    /// The diagonals of the factors of the precisions, as logarithms.
    pub q: &'a [f64],
    /// What is below, column by column.
    pub l: &'a [f64],
    /// The prior.
    pub gamma: f64,
    /// The prior.
    pub m: f64,
}

/// A gradient, in the shapes of a [`Mixture`], and room to calculate in.
#[derive(Default)]
pub struct MixtureGradient {
    /// By the weights.
    pub alpha: Vec<f64>,
    /// By the means.
    pub mu: Vec<f64>,
    /// By the diagonals.
    pub q: Vec<f64>,
    /// By what is below.
    pub l: Vec<f64>,
    scratch: Scratch,
}

/// Of each component: exponentials of the diagonal, their sum as logarithms, the centred point, its product, the logarithm of
/// the component's density.
#[derive(Default)]
pub struct Scratch {
    diagonal: Vec<f64>,
    sums: Vec<f64>,
    centred: Vec<f64>,
    product: Vec<f64>,
    terms: Vec<f64>,
}

impl Scratch {
    fn prepare(&mut self, mixture: &Mixture<'_>) {
        let (k, d) = (mixture.alpha.len(), mixture.d);
        self.diagonal = mixture.q.iter().map(|q| q.exp()).collect();
        self.sums = mixture.q.chunks_exact(d).map(|q| q.iter().sum()).collect();
        self.centred.resize(k * d, 0.0);
        self.product.resize(k * d, 0.0);
        self.terms.resize(k, 0.0);
    }

    /// The logarithm of the density of a point, with what leads to it.
    fn density(&mut self, mixture: &Mixture<'_>, x: &[f64]) -> f64 {
        let d = mixture.d;
        let below = d * (d - 1) / 2;
        for k in 0..mixture.alpha.len() {
            let rows = k * d..(k + 1) * d;
            let (centred, product) = (&mut self.centred[rows.clone()], &mut self.product[rows.clone()]);
            for j in 0..d {
                centred[j] = x[j] - mixture.mu[k * d + j];
                product[j] = self.diagonal[k * d + j] * centred[j];
            }
            let mut l = mixture.l[k * below..(k + 1) * below].iter();
            for j in 0..d {
                for (product, l) in product[j + 1..].iter_mut().zip(&mut l) {
                    *product += l * centred[j];
                }
            }
            let square: f64 = product.iter().map(|y| y * y).sum();
            self.terms[k] = mixture.alpha[k] + self.sums[k] - 0.5 * square;
        }
        lse(&self.terms)
    }
}

/// The logarithm of the gamma function of a number above 0: Stirling's series, from 10 on exact to the last digits.
fn lgamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below += x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let terms = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];
    let series = terms.iter().rev().fold(0.0, |sum, term| sum * inverse + term);
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series / x - below
}

/// The logarithm of the posterior, of points that lie row by row.
#[allow(clippy::cast_precision_loss, reason = "few of all")]
#[must_use]
pub fn gmm(mixture: &Mixture<'_>, x: &[f64], scratch: &mut Scratch) -> f64 {
    let (d, k) = (mixture.d, mixture.alpha.len());
    scratch.prepare(mixture);
    let points = x.chunks_exact(d).map(|point| scratch.density(mixture, point)).sum::<f64>();
    let (n, size) = ((x.len() / d) as f64, d as f64);
    let nu = size + mixture.m + 1.0;
    let mut constant =
        nu * size * (mixture.gamma / 2f64.sqrt()).ln() - size * (size - 1.0) / 4.0 * std::f64::consts::PI.ln();
    for j in 0..d {
        constant -= lgamma((nu - j as f64) / 2.0);
    }
    let squares = scratch.diagonal.iter().chain(mixture.l).map(|x| x * x).sum::<f64>();
    let logs = mixture.q.iter().sum::<f64>();
    points - n * (size / 2.0 * (2.0 * std::f64::consts::PI).ln() + lse(mixture.alpha)) + k as f64 * constant
        - mixture.gamma * mixture.gamma / 2.0 * squares
        + mixture.m * logs
}

/// The gradient of [`gmm`].
#[allow(clippy::cast_precision_loss, reason = "few of all")]
pub fn gmm_gradient(mixture: &Mixture<'_>, x: &[f64], out: &mut MixtureGradient) {
    let (d, k) = (mixture.d, mixture.alpha.len());
    let below = d * (d - 1) / 2;
    let MixtureGradient { alpha, mu, q, l, scratch } = out;
    scratch.prepare(mixture);
    for (part, length) in [(&mut *alpha, k), (&mut *mu, k * d), (&mut *q, k * d), (&mut *l, k * below)] {
        part.clear();
        part.resize(length, 0.0);
    }
    for point in x.chunks_exact(d) {
        let total = scratch.density(mixture, point);
        for c in 0..k {
            let weight = (scratch.terms[c] - total).exp();
            let (centred, product) = (&scratch.centred[c * d..][..d], &scratch.product[c * d..][..d]);
            let (own, lower) = (&mixture.l[c * below..][..below], &mut l[c * below..][..below]);
            alpha[c] += weight;
            let mut first = 0;
            for j in 0..d {
                let scaled = scratch.diagonal[c * d + j] * product[j];
                q[c * d + j] += weight * (1.0 - scaled * centred[j]);
                let mut by_mean = scaled;
                let column = first..first + d - 1 - j;
                first = column.end;
                for ((own, lower), y) in own[column.clone()].iter().zip(&mut lower[column]).zip(&product[j + 1..]) {
                    by_mean += own * y;
                    *lower -= weight * y * centred[j];
                }
                mu[c * d + j] += weight * by_mean;
            }
        }
    }
    let n = (x.len() / d) as f64;
    let total = lse(mixture.alpha);
    alpha.iter_mut().zip(mixture.alpha).for_each(|(out, alpha)| *out -= n * (alpha - total).exp());
    let square = mixture.gamma * mixture.gamma;
    q.iter_mut().zip(&scratch.diagonal).for_each(|(out, e)| *out += mixture.m - square * e * e);
    l.iter_mut().zip(mixture.l).for_each(|(out, l)| *out -= square * l);
}

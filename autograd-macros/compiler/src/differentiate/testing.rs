//! What the tests of derivatives share: a bench that holds a region with values for its leaves, and checks derivatives
//! against each other and against finite differences.

use crate::differentiate::{jvp, vjp};
use crate::graph::notation::graph;
use crate::graph::{Dim, Elem, NodeId, Region, Type};
use crate::interpret::{Environment, Tensor, evaluate};
use crate::ops::{LeafKind, Op};
use crate::testing::random::Random;
use crate::testing::sizes;
use crate::verify;

/// A region, and values for its leaves.
pub(crate) struct Bench {
    pub(crate) region: Region,
    pub(crate) environment: Environment,
    pub(crate) random: Random,
}

impl Bench {
    /// An empty bench, of the usual [`sizes`].
    pub(crate) fn new(seed: u64) -> Self {
        Self { region: Region::new(), environment: sizes(), random: Random::new(seed) }
    }

    /// A bench with what an expression means, and its leaves: numbers between 0.4 and 1.6.
    pub(crate) fn of(text: &str, seed: u64) -> (Self, NodeId, Vec<NodeId>) {
        let (region, results) = graph(&[text]);
        let mut bench = Self { region, ..Self::new(seed) };
        let mut leaves = Vec::new();
        for (id, node) in bench.region.iter() {
            if let Op::Leaf(leaf) = &node.op {
                let value = bench.random.tensor(&bench.environment.shape(&leaf.ty.shape), 0.4, 1.6);
                bench.environment.values.insert(leaf.name.to_string(), value);
                leaves.push(id);
            }
        }
        (bench, results[0], leaves)
    }

    /// A parameter with a value, of constant extents.
    pub(crate) fn leaf(&mut self, value: Tensor) -> NodeId {
        let extents = value.shape.iter().map(|&extent| Dim::constant(i64::try_from(extent).expect("small")));
        let ty = Type::real(extents.collect::<Vec<_>>());
        self.leaf_of(ty, value)
    }

    /// A scalar parameter.
    pub(crate) fn scalar(&mut self, value: f64) -> NodeId {
        self.leaf(Tensor::scalar(value))
    }

    /// A vector parameter.
    pub(crate) fn vector(&mut self, values: &[f64]) -> NodeId {
        self.leaf(Tensor { shape: vec![values.len()], data: values.to_vec() })
    }

    /// A parameter of a symbolic shape with random elements.
    pub(crate) fn random(&mut self, shape: &[&str], low: f64, high: f64) -> NodeId {
        let ty = Type::real(shape.iter().map(|name| Dim::name(name)).collect::<Vec<_>>());
        let extents = self.environment.shape(&ty.shape);
        let value = self.random.tensor(&extents, low, high);
        self.leaf_of(ty, value)
    }

    /// A further leaf with random elements in the shape of `x`.
    pub(crate) fn like(&mut self, x: NodeId) -> NodeId {
        let ty = self.region.ty(x).clone();
        let extents = self.environment.shape(&ty.shape);
        let value = self.random.tensor(&extents, 0.4, 1.6);
        self.leaf_of(ty, value)
    }

    fn leaf_of(&mut self, ty: Type, value: Tensor) -> NodeId {
        let name = format!("x{}", self.environment.values.len());
        self.environment.values.insert(name.clone(), value);
        self.region.leaf(LeafKind::Param, &name, ty)
    }

    /// The value of a node.
    pub(crate) fn value(&self, node: NodeId) -> Tensor {
        evaluate(&self.region, &[node], &self.environment).remove(0)
    }

    /// The gradient of the sum of `y` by each of `xs`; zeros where there is none.
    pub(crate) fn gradient(&mut self, y: NodeId, xs: &[NodeId]) -> Vec<Tensor> {
        let one = self.region.ones_like(y);
        let gradients = vjp(&mut self.region, y, one, xs).expect("a derivative");
        self.verify();
        xs.iter().zip(gradients).map(|(&x, g)| self.value_or_zeros(g, x)).collect()
    }

    fn value_or_zeros(&self, node: Option<NodeId>, like: NodeId) -> Tensor {
        node.map_or_else(|| Tensor::zeros(self.environment.shape(&self.region.ty(like).shape)), |node| self.value(node))
    }

    fn verify(&self) {
        if let Err((_, message)) = verify::region(&self.region, &[]) {
            panic!("{message}");
        }
    }

    /// Reverse mode against forward mode against finite differences, in random directions; then the same for the
    /// derivatives, up to an order.
    pub(crate) fn check(&mut self, y: NodeId, xs: &[NodeId], order: u32, what: &str) {
        assert_eq!(self.region.ty(y).elem, Elem::Real, "{what}");
        let u = self.like(y);
        let directions: Vec<(NodeId, NodeId)> = xs.iter().map(|&x| (x, self.like(x))).collect();
        let cotangents = vjp(&mut self.region, y, u, xs).expect("a derivative");
        let tangent = jvp(&mut self.region, y, &directions).expect("a derivative");
        self.verify();
        let forward = dot(&self.value(u), &self.value_or_zeros(tangent, y));
        let reverse: f64 = cotangents
            .iter()
            .zip(&directions)
            .map(|(&g, &(x, v))| dot(&self.value_or_zeros(g, x), &self.value(v)))
            .sum();
        let (numeric, error) = slope(|h| dot(&self.value(u), &self.moved(y, &directions, h)));
        let scale = forward.abs().max(reverse.abs());
        assert!((forward - reverse).abs() <= 1e-12 * (1.0 + scale), "{what}: forward {forward}, reverse {reverse}");
        assert!(
            (reverse - numeric).abs() <= 20.0 * error + 1e-11 * (1.0 + scale),
            "{what}: reverse {reverse}, finite differences {numeric} ± {error}",
        );
        if order > 1 {
            let mut sum = None;
            for (&x, g) in xs.iter().zip(cotangents) {
                let Some(g) = g else { continue };
                let weight = self.like(x);
                let weighted = self.region.times(weight, g);
                let axes: Vec<usize> = (0..self.region.ty(x).rank()).collect();
                let total = self.region.sum(weighted, &axes);
                sum = self.region.plus_maybe(sum, Some(total));
            }
            if let Some(sum) = sum {
                self.check(sum, xs, order - 1, &format!("derivative of {what}"));
            }
        }
    }

    /// The value of `y` with the leaves moved along directions.
    fn moved(&self, y: NodeId, directions: &[(NodeId, NodeId)], h: f64) -> Tensor {
        let mut environment = self.environment.clone();
        for &(x, v) in directions {
            let Op::Leaf(leaf) = &self.region.node(x).op else { panic!("a leaf is moved") };
            let v = self.value(v);
            let x = environment.values.get_mut(&*leaf.name).expect("its value");
            x.data.iter_mut().zip(v.data).for_each(|(x, v)| *x += h * v);
        }
        evaluate(&self.region, &[y], &environment).remove(0)
    }
}

fn dot(a: &Tensor, b: &Tensor) -> f64 {
    assert_eq!(a.shape, b.shape);
    a.data.iter().zip(&b.data).map(|(a, b)| a * b).sum()
}

/// The slope of a function at 0 and what it may be off by: central differences at halved steps, extrapolated
/// (Romberg). The error is the last correction, plus the rounding of the values over the smallest step.
pub(crate) fn slope(f: impl Fn(f64) -> f64) -> (f64, f64) {
    const LEVELS: usize = 4;
    let (mut h, mut row, mut largest) = (0.02, Vec::new(), 0.0_f64);
    let mut correction = f64::INFINITY;
    for _ in 0..LEVELS {
        let (above, below) = (f(h), f(-h));
        largest = largest.max(above.abs()).max(below.abs());
        let mut next = vec![(above - below) / (2.0 * h)];
        let mut weight = 4.0;
        for &coarse in &row {
            let fine: f64 = next[next.len() - 1];
            next.push(fine + (fine - coarse) / (weight - 1.0));
            weight *= 4.0;
        }
        correction = (next[next.len() - 1] - row.last().copied().unwrap_or(f64::INFINITY)).abs();
        (row, h) = (next, h / 2.0);
    }
    (row[LEVELS - 1], correction + 4.0 * f64::EPSILON * largest / h)
}

/// Whether two numbers are equal, both NaN, or within a relative distance; the sign of zero counts only at distance 0.
#[allow(clippy::float_cmp, reason = "infinities are compared exactly")]
pub(crate) fn close(a: f64, b: f64, relative: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= relative * a.abs().max(b.abs())
}

//! Every primitive in loops, kept in memory and computed where it is used: it means what it means alone.

use super::random::{EXTENTS, LEAVES, check_meaning, with};
use super::{dims, input, schedule};
use crate::graph::{Dim, Elem, NodeId, Region, Shape};
use crate::ops::window::{Bounds, Place};
use crate::ops::{Compare, Contract, Extreme, Function, Integer, Kind, Logic, Outside, ReduceKind, Root};

/// A region with the leaves of random graphs.
struct Leaves {
    region: Region,
    extents: [&'static str; 2],
    nodes: Vec<NodeId>,
}

impl Leaves {
    fn new(extents: [&'static str; 2]) -> Self {
        let mut region = Region::new();
        let nodes = LEAVES.iter().map(|(name, shape)| input(&mut region, name, &with(extents, shape))).collect();
        Self { region, extents, nodes }
    }

    fn shape(&self, names: &[&'static str]) -> Shape {
        dims(&with(self.extents, names))
    }

    /// An extent of the matrices, and a number more.
    fn extent(&self, name: &'static str, more: i64) -> Dim {
        self.shape(&[name])[0].add(&Dim::constant(more)).expect("small")
    }

    /// Nodes of a primitive; for a new one, add some here.
    fn samples(&mut self, kind: Kind) -> Vec<NodeId> {
        let [a, b, c, d, e, f, _] = self.nodes[..] else { panic!("seven leaves") };
        let (wide, rows, columns) = (self.shape(&["2", "N", "D"]), self.extent("N", 0), self.extent("D", 0));
        let flat = [rows.mul(&columns).expect("small")].into();
        let (tall, last) = ([self.extent("N", 2), self.extent("D", 1)].into(), self.extent("D", -1));
        let r = &mut self.region;
        let less = r.compare(Compare::Lt, a, b);
        let product = |left: usize, right: usize| Contract {
            left_batch: vec![],
            right_batch: vec![],
            left_contract: vec![left],
            right_contract: vec![right],
        };
        match kind {
            Kind::Leaf => vec![a, e],
            Kind::Literal => vec![r.literal(2.5), r.boolean(true), r.index(3)],
            Kind::Extent => vec![r.extent(&rows)],
            Kind::Iota => vec![r.iota(&rows)],
            Kind::Map => vec![r.map(Function::Tanh, &[a]), r.plus(a, b)],
            Kind::Compare => vec![less, r.compare(Compare::Ne, a, b)],
            Kind::Logic => vec![r.add(Logic::Not.into(), &[less]), r.and(less, less)],
            Kind::Select => vec![r.select(less, a, b), r.choose(less, b, a)],
            Kind::Cast => vec![r.cast(less, Elem::Real), r.cast(less, Elem::Index)],
            Kind::Broadcast => vec![r.broadcast(a, &wide, &[1, 2]), r.fill(e, &wide)],
            Kind::Permute => vec![r.permute(a, &[1, 0])],
            Kind::Reshape => vec![r.reshape(a, &flat)],
            Kind::Slice => vec![r.slice(a, &[Dim::ZERO, last], &[rows, Dim::ONE].into(), &[1, 1])],
            Kind::Pad => vec![r.pad(a, &tall, &[Dim::ONE, Dim::ZERO], &[1, 1])],
            Kind::Concat => vec![r.concat(&[a, b, a], 0), r.concat(&[c, d], 0)],
            Kind::Reverse => vec![r.reverse(a, &[0]), r.reverse(a, &[0, 1])],
            Kind::Reduce => {
                let kinds = [ReduceKind::Sum, ReduceKind::Max, ReduceKind::MaxNumber, ReduceKind::Min];
                let reduced = kinds.map(|kind| [r.reduce(kind, a, &[0]), r.reduce(kind, a, &[1])]);
                [reduced.concat(), vec![r.reduce(ReduceKind::Any, less, &[1]), r.sum(a, &[0, 1])]].concat()
            }
            Kind::ArgReduce => [Extreme::Max, Extreme::Min].map(|which| r.arg_reduce(which, a, 1)).to_vec(),
            Kind::Recurrence => {
                let ones = r.ones_like(a);
                let both = [false, true].map(|reverse| {
                    [
                        r.recurrence(a, b, 0, reverse),
                        r.recurrence(ones, b, 1, reverse),
                        r.log_recurrence(a, b, 1, reverse),
                    ]
                });
                both.concat()
            }
            Kind::Contract => vec![
                r.contract(product(1, 0), a, d),
                r.contract(product(0, 0), a, b),
                r.contract(product(1, 1), f, b),
                r.contract(product(0, 0), c, a),
            ],
            Kind::Named => vec![r.named(a, &"name".into(), 0)],
            Kind::StopGradient => vec![r.stop_gradient(a)],
            Kind::Integer => {
                let own = r.iota(&rows);
                let two = r.index(2);
                let two = r.fill(two, &[rows].into());
                Integer::ALL.map(|op| r.integer(op, own, two)).to_vec()
            }
            Kind::Window => {
                // d[i + j - 1] and c[i - 1], 0 outside; f[i, i].
                let (before, plane) =
                    (Place { offset: Dim::constant(-1), ..Place::axis(0) }, [rows.clone(), columns.clone()]);
                let both = before.plus(&Place::axis(1)).expect("small");
                let guard = |place: &Place, extent: &Dim| vec![Bounds { place: place.clone(), extent: extent.clone() }];
                vec![
                    r.window(d, &plane.into(), vec![both.clone()], guard(&both, &columns)),
                    r.window(c, &tall, vec![before.clone()], guard(&before, &rows)),
                    r.window(f, &[columns].into(), vec![Place::axis(0), Place::axis(0)], vec![]),
                ]
            }
            Kind::Gather => {
                let at = r.arg_reduce(Extreme::Max, a, 1);
                vec![r.gather(d, &[0], &[at], Outside::Never), r.gather(d, &[0], &[at], Outside::Zero)]
            }
            Kind::Scatter => {
                let at = r.arg_reduce(Extreme::Max, a, 1);
                vec![r.scatter(d, c, &[0], &[at]), r.scatter(f, a, &[0], &[at])]
            }
            // Not for loops yet.
            Kind::Part | Kind::Parameter | Kind::Bound | Kind::Twin | Kind::Apply => vec![],
            Kind::Root => vec![r.add(Root.into(), &[a, b, b, b, b])],
        }
    }
}

#[test]
fn every_primitive_means_in_loops_what_it_means_alone() {
    for (&kind, extents) in Kind::ALL.iter().flat_map(|kind| EXTENTS.map(|extents| (kind, extents))) {
        let mut leaves = Leaves::new(extents);
        let samples = leaves.samples(kind);
        let is_for_loops = !matches!(kind, Kind::Part | Kind::Parameter | Kind::Bound | Kind::Twin | Kind::Apply);
        assert_eq!(samples.is_empty(), !is_for_loops);
        for sample in samples {
            let region = &mut leaves.region;
            assert_eq!(region.node(sample).op.kind(), kind);
            // As it is, where it is used, and moved.
            let number = region.cast(sample, Elem::Real);
            let tanh = region.map(Function::Tanh, &[number]);
            let axes: Vec<usize> = (0..region.ty(sample).rank()).collect();
            let backwards = region.reverse(tanh, &axes);
            let sum = region.sum(backwards, &axes);
            for results in [vec![number], vec![backwards], vec![sum], vec![number, sum]] {
                check_meaning(0, extents, region, &results, &schedule(region, &results));
            }
        }
    }
}

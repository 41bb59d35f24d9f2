//! Index maps: for each axis of a node, which element a loop reads, as an affine function of the loop axes.
//!
//! Views (broadcast, permute, slice, reverse) are nothing but maps of maps. Maps are interned: equal maps have equal
//! ids, so an elementwise chain of any length carries one id along.

use std::collections::BTreeMap;

use crate::graph::{Dim, NodeId, Region, Shape};
pub(crate) use crate::ops::lowering::{AxisId, Coord, PickId, Source, Within, sure};
use crate::schedule::views::{unit_reshape, view};

/// The number of elements of a shape.
pub(crate) fn volume(shape: &[Dim]) -> Dim {
    sure(Dim::volume(shape))
}

/// The row-major strides of a shape.
pub(crate) fn strides(shape: &[Dim]) -> Vec<Dim> {
    let mut strides = vec![Dim::ONE; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = sure(strides[axis].mul(&shape[axis]));
    }
    strides
}

/// The flat position that coordinates mean in a contiguous tensor.
pub(crate) fn flat(coords: &[Coord], shape: &Shape) -> Coord {
    coords
        .iter()
        .zip(strides(shape))
        .fold(Coord::constant(Dim::ZERO), |sum, (coord, stride)| sum.plus(&coord.scaled(&stride, &Dim::ZERO)))
}

/// An interned map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MapId(u32);

/// All maps.
#[derive(Debug, Default)]
pub(crate) struct Maps {
    sources: Vec<Source>,
    ids: BTreeMap<Source, MapId>,
    /// The elements that the integers in coordinates are, by [`PickId`].
    picks: Vec<(NodeId, MapId)>,
}

impl Maps {
    /// The map that reads these elements, always.
    pub(crate) fn intern(&mut self, coords: Vec<Coord>) -> MapId {
        self.intern_source(Source::everywhere(coords))
    }

    fn intern_source(&mut self, source: Source) -> MapId {
        if let Some(id) = self.ids.get(&source) {
            return *id;
        }
        let id = MapId(u32::try_from(self.sources.len()).expect("fewer than 2^32 maps"));
        self.sources.push(source.clone());
        self.ids.insert(source, id);
        id
    }

    pub(crate) fn get(&self, id: MapId) -> &[Coord] {
        &self.sources[id.0 as usize].coords
    }

    /// Where the map reads at all.
    pub(crate) fn guard(&self, id: MapId) -> &[Within] {
        &self.sources[id.0 as usize].guard
    }

    /// An integer in coordinates: the element of a node at a map.
    fn pick(&mut self, node: NodeId, map: MapId) -> PickId {
        let known = self.picks.iter().position(|pick| *pick == (node, map));
        let place = known.unwrap_or_else(|| {
            self.picks.push((node, map));
            self.picks.len() - 1
        });
        PickId(u32::try_from(place).expect("fewer than 2^32 integers"))
    }

    /// The element that an integer in coordinates is.
    pub(crate) fn picked(&self, pick: PickId) -> (NodeId, MapId) {
        self.picks[pick.0 as usize]
    }

    /// All coordinates of a map, those of its guard among them.
    pub(crate) fn coords(&self, id: MapId) -> impl Iterator<Item = &Coord> {
        self.get(id).iter().chain(self.guard(id).iter().map(|within| &within.coord))
    }

    /// The elements that the integers in a map are.
    pub(crate) fn picks(&self, id: MapId) -> Vec<(NodeId, MapId)> {
        self.coords(id).flat_map(|coord| &coord.picks).map(|(pick, _)| self.picked(*pick)).collect()
    }

    /// The map that reads each axis at its own loop; a `None` axis has extent 1.
    pub(crate) fn identity(&mut self, axes: &[Option<AxisId>]) -> MapId {
        let map = axes.iter().map(|axis| axis.map_or(Coord::constant(Dim::ZERO), Coord::axis)).collect();
        self.intern(map)
    }

    /// Where a view that is read at a map reads its operand. What keeps the view from being read keeps the operand.
    pub(crate) fn view(&mut self, region: &Region, node: NodeId, map: MapId) -> MapId {
        let source = self.source(region, node, map);
        self.below(map, source)
    }

    fn source(&mut self, region: &Region, node: NodeId, map: MapId) -> Source {
        // The integers are read where the view is, and only where it is read at all.
        let (at, guard) = (self.get(map).to_vec(), self.guard(map).to_vec());
        view(region, node, &at, &mut |node, at| {
            let map = self.intern_source(Source { coords: at.to_vec(), guard: guard.clone() });
            self.pick(node, map)
        })
    }

    /// The map below a reshape that only adds or drops axes of extent 1.
    pub(crate) fn unit_reshape(&mut self, region: &Region, node: NodeId, map: MapId) -> MapId {
        let coords = unit_reshape(region, node, self.get(map));
        self.below(map, Source::everywhere(coords))
    }

    fn below(&mut self, map: MapId, source: Source) -> MapId {
        let mut guard = self.guard(map).to_vec();
        for within in source.guard {
            if !guard.contains(&within) {
                guard.push(within);
            }
        }
        self.intern_source(Source { coords: source.coords, guard })
    }
}

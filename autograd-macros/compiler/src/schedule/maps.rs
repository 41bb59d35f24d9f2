//! Index maps: for each axis of a node, which element a loop reads, as an affine function of the loop axes.
//!
//! Views (broadcast, permute, slice, reverse) are nothing but maps of maps. Maps are interned: equal maps have equal
//! ids, so an elementwise chain of any length carries one id along.

use std::collections::BTreeMap;

use crate::graph::{Dim, Shape};
use crate::loops::program::Index;
pub(crate) use crate::ops::lowering::{Affine, AxisId, sure};

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

/// The flat index that a map means in a contiguous tensor.
pub(crate) fn flat(map: &[Affine], shape: &Shape) -> Index {
    let sum = map
        .iter()
        .zip(strides(shape))
        .fold(Affine::constant(Dim::ZERO), |sum, (affine, stride)| sum.plus(&affine.scaled(&stride, &Dim::ZERO)));
    Index::affine(sum.offset, sum.terms)
}

/// An interned map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MapId(u32);

/// All maps.
#[derive(Debug, Default)]
pub(crate) struct Maps {
    maps: Vec<Vec<Affine>>,
    ids: BTreeMap<Vec<Affine>, MapId>,
}

impl Maps {
    pub(crate) fn intern(&mut self, map: Vec<Affine>) -> MapId {
        if let Some(id) = self.ids.get(&map) {
            return *id;
        }
        let id = MapId(u32::try_from(self.maps.len()).expect("fewer than 2^32 maps"));
        self.maps.push(map.clone());
        self.ids.insert(map, id);
        id
    }

    pub(crate) fn get(&self, id: MapId) -> &[Affine] {
        &self.maps[id.0 as usize]
    }

    /// The map that reads each axis at its own loop; a `None` axis has extent 1.
    pub(crate) fn identity(&mut self, axes: &[Option<AxisId>]) -> MapId {
        let map = axes.iter().map(|axis| axis.map_or(Affine::constant(Dim::ZERO), Affine::axis)).collect();
        self.intern(map)
    }
}

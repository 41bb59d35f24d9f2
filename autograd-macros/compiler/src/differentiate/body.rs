//! Derivatives of bodies: a body in, the body of its derivative out. The rules of operations that hold bodies build on it.

use super::{jvp_of_several, refusal, varies, vjp_of_several};
use crate::graph::{Body, NodeId, Region};
use crate::ops::{Flow, Parameter};

impl Body {
    /// A copy of the nodes that can be added to, with the nodes of all parameters.
    fn open(&self) -> (Region, Vec<NodeId>, Vec<NodeId>) {
        let mut region = Region::new();
        let parameters = self.parameters().iter().cloned().enumerate();
        let parameters: Vec<NodeId> = parameters.map(|(place, ty)| Parameter::add(&mut region, place, ty)).collect();
        let results = self.inline(&mut region, &parameters);
        (region, parameters, results)
    }

    /// What becomes of a derivative on its way from any result to a parameter.
    #[must_use]
    pub fn flow(&self, parameter: usize) -> Flow {
        let (region, parameters, results) = self.open();
        let Some(&last) = results.iter().max() else { return Flow::Zero };
        let x = parameters[parameter];
        let varies = varies(&region, last.max(x), &[x]);
        if results.iter().all(|result| !varies[result.index()]) {
            return Flow::Zero;
        }
        refusal(&region, &results, &varies).map_or(Flow::Passes, Flow::Refused)
    }

    /// Reverse mode: of the parameters and a cotangent for each result that one is `given` of, the cotangents of the
    /// `wanted` parameters.
    ///
    /// # Panics
    /// If a derivative by one of these is refused; see [`flow`](Self::flow).
    #[must_use]
    pub fn vjp(&self, given: &[bool], wanted: &[bool]) -> Self {
        let (mut region, parameters, results) = self.open();
        let mut types = self.parameters().to_vec();
        let mut cotangents = Vec::new();
        for (&result, _) in results.iter().zip(given).filter(|(_, given)| **given) {
            let ty = region.ty(result).clone();
            cotangents.push((result, Parameter::add(&mut region, types.len(), ty.clone())));
            types.push(ty);
        }
        let xs: Vec<NodeId> = parameters.iter().zip(wanted).filter(|(_, wanted)| **wanted).map(|(&x, _)| x).collect();
        let found = vjp_of_several(&mut region, &cotangents, &xs).expect("flow refuses no wanted parameter");
        let found: Vec<NodeId> =
            xs.iter().zip(found).map(|(&x, found)| found.unwrap_or_else(|| region.zeros_like(x))).collect();
        Self::of(&region, types, &found)
    }

    /// Forward mode: of the parameters and a tangent for each that one is `given` of, the tangents of all results.
    ///
    /// # Panics
    /// As [`vjp`](Self::vjp), by one of the given.
    #[must_use]
    pub fn jvp(&self, given: &[bool]) -> Self {
        let (mut region, parameters, results) = self.open();
        let mut types = self.parameters().to_vec();
        let mut tangents = Vec::new();
        for (&x, _) in parameters.iter().zip(given).filter(|(_, given)| **given) {
            let ty = region.ty(x).clone();
            tangents.push((x, Parameter::add(&mut region, types.len(), ty.clone())));
            types.push(ty);
        }
        let found = jvp_of_several(&mut region, &results, &tangents).expect("flow refuses no parameter with a tangent");
        let found: Vec<NodeId> =
            results.iter().zip(found).map(|(&y, found)| found.unwrap_or_else(|| region.zeros_like(y))).collect();
        Self::of(&region, types, &found)
    }
}

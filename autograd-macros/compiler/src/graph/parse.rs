//! The parser of the text form of regions: the inverse of [`print`](super::print).
//!
//! Operations are read by their own files ([`Op::read`]), beside where they are written. Nodes are numbered anew, in
//! order: the text of a region without dead nodes comes back as it was.

use std::collections::BTreeMap;

use super::words::{Read, Words};
use super::{Body, NodeId, Region};
use crate::ops::Op;

/// A region and its results by name.
pub(crate) type Parsed = (Region, Vec<(String, NodeId)>);

/// The region that a text means, and its results.
///
/// # Errors
/// The line that is none, and what was expected there.
pub(crate) fn parse(text: &str) -> Result<Parsed, String> {
    let (mut reader, mut results) = (Reader::default(), Vec::new());
    for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let mut words = Words::of(line.trim());
        let read = match line.trim().rsplit_once(": ") {
            Some((name, node)) if !words.rest().starts_with('%') => {
                words = Words::of(node);
                reader.operand(&mut words).map(|node| results.push((name.to_owned(), node)))
            }
            _ => reader.named_node(&mut words),
        };
        read.and_then(|()| words.end()).map_err(|expected| words.error(place + 1, &expected))?;
    }
    Ok((reader.region, results))
}

/// A body, as its `Display` prints it.
///
/// # Errors
/// What was expected.
pub(crate) fn body(words: &mut Words) -> Read<Body> {
    words.need("{")?;
    let parameters = words.list(": ", Words::ty)?;
    let mut reader = Reader::default();
    while words.rest().starts_with('%') {
        reader.node(words)?;
        words.need("; ")?;
    }
    words.need("-> ")?;
    let results = words.list("}", |words| reader.operand(words))?;
    Ok(Body::of(&reader.region, parameters, &results))
}

#[derive(Default)]
struct Reader {
    region: Region,
    /// The nodes by the numbers that they have in the text.
    nodes: BTreeMap<u32, NodeId>,
}

impl Reader {
    /// `%3 [N] = mul %1 %2`
    fn node(&mut self, words: &mut Words) -> Read<NodeId> {
        words.need("%").map_err(|_| "`%`, or the name of a result and `: %`,")?;
        let number = words.count()?;
        if self.nodes.contains_key(&number) {
            return Err("a number that no node before has,".into());
        }
        words.need(" ")?;
        let ty = words.ty()?;
        words.need(" = ")?;
        let op = Op::read(words, Some(&ty))?;
        let mut operands = Vec::new();
        while words.rest().starts_with(" %") {
            words.need(" ")?;
            operands.push(self.operand(words)?);
        }
        op.check(&self.region, &operands).map_err(|broken| format!("an operation that is legal ({broken})"))?;
        let inferred = op.infer(&self.region, &operands);
        if inferred != ty {
            return Err(format!("the type {inferred}"));
        }
        let node = self.region.add(op, &operands);
        self.nodes.insert(number, node);
        Ok(node)
    }

    /// A line: a node, maybe with a name.
    fn named_node(&mut self, words: &mut Words) -> Read<()> {
        let node = self.node(words)?;
        if words.eat("  ; ") {
            self.region.set_name(node, &words.name()?.into());
        }
        Ok(())
    }

    /// `%3`
    fn operand(&self, words: &mut Words) -> Read<NodeId> {
        words.need("%")?;
        let number = words.count()?;
        self.nodes.get(&number).copied().ok_or("the number of a node before".into())
    }
}

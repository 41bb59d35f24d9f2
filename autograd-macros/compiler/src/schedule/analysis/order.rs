//! Def-use chains of a block: its statements in order, each with what it touches: what has to do with a buffer or a value is
//! found, and a statement goes to the end, without a walk through all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::loops::program::{Block, BufferId, Stmt, ValueId};
use crate::loops::visit::{Effects, effects};

/// Statements by their places, which are in order and may have gaps.
#[derive(Default)]
pub(crate) struct Order {
    stmts: BTreeMap<usize, (Stmt, Effects)>,
    readers: BTreeMap<BufferId, BTreeSet<usize>>,
    writers: BTreeMap<BufferId, BTreeSet<usize>>,
    users: BTreeMap<ValueId, BTreeSet<usize>>,
    failing: BTreeSet<usize>,
    end: usize,
}

impl Order {
    pub(crate) fn of(body: Block) -> Self {
        let mut order = Self::default();
        for stmt in body {
            order.push(stmt);
        }
        order
    }

    pub(crate) fn into_body(self) -> Block {
        self.stmts.into_values().map(|(stmt, _)| stmt).collect()
    }

    /// A statement at the end.
    pub(crate) fn push(&mut self, stmt: Stmt) {
        self.insert(self.end, stmt);
    }

    /// A statement at a place that is free.
    pub(crate) fn insert(&mut self, place: usize, stmt: Stmt) {
        let effects = effects(std::slice::from_ref(&stmt));
        effects.reads.iter().for_each(|buffer| note(&mut self.readers, *buffer, place));
        effects.writes.iter().for_each(|buffer| note(&mut self.writers, *buffer, place));
        effects.uses.iter().for_each(|value| note(&mut self.users, *value, place));
        if effects.may_fail {
            self.failing.insert(place);
        }
        self.end = self.end.max(place + 1);
        self.stmts.insert(place, (stmt, effects));
    }

    /// Takes out the statement at a place.
    pub(crate) fn remove(&mut self, place: usize) -> Option<Stmt> {
        let (stmt, effects) = self.stmts.remove(&place)?;
        effects.reads.iter().for_each(|buffer| forget(&mut self.readers, buffer, place));
        effects.writes.iter().for_each(|buffer| forget(&mut self.writers, buffer, place));
        effects.uses.iter().for_each(|value| forget(&mut self.users, value, place));
        self.failing.remove(&place);
        Some(stmt)
    }

    /// The places of the statements that may fail.
    pub(crate) fn may_fail(&self) -> &BTreeSet<usize> {
        &self.failing
    }

    pub(crate) fn is_read(&self, buffer: BufferId) -> bool {
        self.readers.get(&buffer).is_some_and(|places| !places.is_empty())
    }

    /// Where a buffer is written.
    pub(crate) fn writers(&self, buffer: BufferId) -> BTreeSet<usize> {
        self.writers.get(&buffer).cloned().unwrap_or_default()
    }

    /// The statements that read the one buffer or write the other, in order.
    pub(crate) fn touching(&self, read: BufferId, written: BufferId) -> impl Iterator<Item = (usize, &Stmt)> {
        let places = [self.readers.get(&read), self.writers.get(&written)];
        let places: BTreeSet<usize> = places.into_iter().flatten().flatten().copied().collect();
        places.into_iter().map(|place| (place, &self.stmts[&place].0))
    }

    /// Whether statements can go to the end, in their order: nothing that they pass has to do with them.
    pub(crate) fn may_go_last(&self, places: &BTreeSet<usize>) -> bool {
        let passes = |place: usize, others: Option<&BTreeSet<usize>>| {
            others.is_some_and(|others| others.range(place + 1..).any(|other| !places.contains(other)))
        };
        places.iter().all(|&place| {
            let Effects { reads, writes, defines, .. } = &self.stmts[&place].1;
            !writes
                .iter()
                .any(|buffer| passes(place, self.readers.get(buffer)) || passes(place, self.writers.get(buffer)))
                && !reads.iter().any(|buffer| passes(place, self.writers.get(buffer)))
                && !defines.iter().any(|value| passes(place, self.users.get(value)))
        })
    }
}

fn note<K: Ord>(places: &mut BTreeMap<K, BTreeSet<usize>>, key: K, place: usize) {
    places.entry(key).or_default().insert(place);
}

fn forget<K: Ord>(places: &mut BTreeMap<K, BTreeSet<usize>>, key: &K, place: usize) {
    if let Some(places) = places.get_mut(key) {
        places.remove(&place);
    }
}

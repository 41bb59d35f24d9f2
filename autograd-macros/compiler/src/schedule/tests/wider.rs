//! Programs that are wider than what lowering makes yet: every pass deals with what they hold, or declines.

use std::collections::{BTreeMap, BTreeSet};

use super::random::{EXTENTS, agrees, check_text, environment, random_graph, random_step};
use crate::graph::{Dim, Elem};
use crate::interpret::Environment;
use crate::loops::parse::parse;
use crate::loops::print::print;
use crate::loops::program::{AxisId, Block, BufferId, Expr, Extent, Index, Program, Stmt, Storage, Within};
use crate::loops::simulate::simulate;
use crate::loops::visit::{is_affine, visit, visit_mut};
use crate::ops::Literal;
use crate::pass::{self, Fact};
use crate::schedule::lowered;
use crate::schedule::passes::PASSES;
use crate::schedule::passes::interchange::interchange;
use crate::testing::{HORNER, random::Random};

/// What is put into a program that it has not been lowered to.
type Widening = fn(&mut Program, &mut Random);

/// Runs all passes over random programs that have been widened; before and after each of them, they mean the same.
fn check(widen: Widening) {
    for (seed, extents) in (0..60).flat_map(|seed| EXTENTS.map(|extents| (seed, extents))) {
        let (region, results) = random_graph(seed, extents);
        let (step, assigned, targets) = random_step(seed, extents);
        for (region, results, targets) in [(&region, &results, &[][..]), (&step, &assigned, &targets)] {
            let lower = |passes| lowered(region, results, targets, passes, &mut |_, _| {});
            let mut program = lower([].iter()).unwrap_or_else(|broken| panic!("{broken:?}"));
            widen(&mut program, &mut Random::new(seed));
            let sizes: &[_] = if extents == EXTENTS[0] { &[(3, 2), (5, 4)] } else { &[(4, 3)] };
            check_passes(program, &sizes.iter().map(|&(n, d)| environment(seed, n, d)).collect::<Vec<_>>());
        }
    }
}

pub(super) fn check_passes(mut program: Program, environments: &[Environment]) {
    let lowered = print(&program);
    let expected: Vec<_> = environments.iter().map(|environment| simulate(&program, environment)).collect();
    let mut watch = |name, program: &Program| {
        for (environment, expected) in environments.iter().zip(&expected) {
            for (expected, found) in expected.iter().zip(simulate(program, environment)) {
                let same = expected.data.iter().zip(&found.data).all(|(&a, &b)| agrees(a, b));
                assert!(same, "{name}: {expected:?} {found:?}\n{lowered}\n{}", print(program));
            }
        }
    };
    let run = pass::run(PASSES.iter(), &mut BTreeSet::from([Fact::Legal]), &mut program, &mut (), &mut watch);
    run.unwrap_or_else(|broken| panic!("{broken:?}\n{lowered}"));
    check_text(&program);
}

/// Puts statements before others, each into the block that it is for: those in front of the statement of this number, counted
/// through the text.
fn insert(block: &mut Block, at: &mut usize, new: &mut BTreeMap<usize, Vec<Stmt>>) {
    for mut stmt in std::mem::take(block) {
        let mut before = new.remove(at).unwrap_or_default();
        *at += 1;
        if let Some(inner) = stmt.as_loop_mut() {
            insert(&mut inner.body, at, new);
        }
        block.append(&mut before);
        block.push(stmt);
    }
}

/// The extents of the loops around, by their axes.
fn extents(program: &Program) -> BTreeMap<AxisId, Dim> {
    let mut extents = BTreeMap::new();
    visit(&program.body, &mut |stmt| {
        extents.extend(stmt.as_loop().and_then(|inner| Some((inner.axis, inner.extent.dim()?.clone()))));
    });
    extents
}

fn is_leaf(program: &Program, buffer: BufferId) -> bool {
    matches!(program.buffers[buffer.index()].storage, Storage::Leaf(_))
}

/// Where something is read or written, the step along an axis is not known: the position there is a value. Of what is only
/// read, that runs backwards now and then.
fn compute_indices(program: &mut Program, random: &mut Random) {
    let extents = extents(program);
    let mut new: BTreeMap<usize, Vec<Stmt>> = BTreeMap::new();
    let mut body = std::mem::take(&mut program.body);
    let mut at = 0;
    visit_mut(&mut body, &mut |stmt| {
        at += 1;
        let is_read = stmt.expr().is_some();
        let is_affine = is_affine(std::slice::from_ref(stmt));
        let Some((buffer, index)) = stmt.element_mut() else { return };
        if index.strides.is_empty() || random.below(if is_read { 2 } else { 5 }) > 0 {
            return;
        }
        let (axis, stride) = index.strides.remove(random.below(index.strides.len()));
        // A guard is about the element that the index says.
        let turns_back = is_read && is_affine && is_leaf(program, buffer) && random.below(2) == 0;
        let position = match extents[&axis].sub(&Dim::ONE) {
            Some(last) if turns_back => Index::affine(last, vec![(axis, Dim::constant(-1))]),
            _ => Index::axis(axis),
        };
        let value = program.value(Elem::Index, None);
        index.picks.push((value, stride));
        new.entry(at - 1).or_default().push(Stmt::Let(value, Expr::Position(position)));
    });
    insert(&mut body, &mut 0, &mut new);
    program.body = body;
}

#[test]
fn indices_may_have_computed_terms() {
    check(compute_indices);
}

/// What is read is now and then what lies before it along an axis, and 0 where nothing does; or only the elements before the
/// last one.
fn guard_loads(program: &mut Program, random: &mut Random) {
    let extents = extents(program);
    let mut body = std::mem::take(&mut program.body);
    visit_mut(&mut body, &mut |stmt| {
        let Stmt::Let(_, Expr::Load(buffer, index, guard)) = stmt else { return };
        if index.strides.is_empty() || !is_leaf(program, *buffer) || random.below(2) > 0 {
            return;
        }
        let (axis, stride) = index.strides[random.below(index.strides.len())].clone();
        let extent = extents[&axis].clone();
        if random.below(2) == 0 {
            index.offset = index.offset.sub(&stride).expect("small");
            let before = Index::affine(Dim::constant(-1), vec![(axis, Dim::ONE)]);
            guard.0.push(Within { index: before, extent });
        } else {
            guard.0.push(Within { index: Index::axis(axis), extent: extent.sub(&Dim::ONE).expect("small") });
        }
    });
    program.body = body;
}

#[test]
fn loads_may_be_guarded() {
    check(guard_loads);
}

#[test]
fn loads_may_be_guarded_where_positions_are_computed() {
    check(|program, random| {
        guard_loads(program, random);
        compute_indices(program, random);
    });
}

/// Some loops make as many turns as an integer says, and what goes from turn to turn starts from any number.
#[test]
fn turns_may_be_counted_by_values() {
    check(|program, random| {
        let mut head = Vec::new();
        let mut body = std::mem::take(&mut program.body);
        visit_mut(&mut body, &mut |stmt| {
            let Some(inner) = stmt.as_loop_mut() else { return };
            if let Extent::Dim(dim) = &inner.extent
                && random.below(3) == 0
            {
                let turns = program.value(Elem::Index, None);
                head.push(Stmt::Let(turns, Expr::Extent(dim.clone())));
                inner.extent = Extent::Value(turns);
            }
            for carry in &mut inner.carries {
                let start = program.value(Elem::Real, None);
                head.push(Stmt::Let(start, Expr::Literal(Literal::real(0.5))));
                carry.initial = start;
            }
        });
        head.extend(body);
        program.body = head.into();
    });
}

/// Sums over the rows of a small matrix, set to 0 in every turn of a loop around.
const NESTED_SUMS: &str = "
    b0 a [N, D]: input
    b1 s [4]: temporary
    b2 y [3, 4]: result 0
    for i0 in 0..3
        v0 = position i0
        v1 = real v0
        b1[..] = 0
        for i1 in 0..4
            for i2 in 0..4
                v2 = b0[4*i1 + i2]
                v3 = mul v2 v1
                b1[i2] sum= v3
        for i3 in 0..4
            v4 = b1[i3]
            b2[4*i0 + i3] = v4
    -> b2
";

#[test]
fn loops_are_interchanged_in_every_block() {
    let program = parse(NESTED_SUMS).expect("it is a program");
    let mut turned = program.clone();
    interchange(&mut turned);
    let is_sum = |line: &&str| line.contains("sum=") || line.contains("[..]");
    assert_eq!(print(&turned).lines().filter(is_sum).count(), 0, "{}", print(&turned));
    assert_eq!(print(&program).lines().filter(is_sum).count(), 2);
    check_passes(program, &[environment(7, 4, 4)]);
}

/// Horner's rule with as many steps as there are numbers in a row but one, from a given start; no turn where that is below 0.
#[test]
fn a_loop_starts_from_values() {
    let program = parse(HORNER).expect("it is a program");
    let environments: Vec<Environment> = [(2, 5), (3, 1), (1, 2)].map(|(n, d)| environment(7, n, d)).into();
    let value = |environment: &Environment, name| environment.values[name].data.clone();
    for environment in &environments {
        let (a, e) = (value(environment, "a"), value(environment, "e")[0]);
        let columns = usize::try_from(environment.dims["D"]).expect("small");
        let rows = a.chunks(columns).map(|row| row[..columns.saturating_sub(2)].iter().sum::<f64>() * e);
        assert!(rows.zip(&simulate(&program, environment)[0].data).all(|(a, b)| agrees(a, *b)));
    }
    check_passes(program, &environments);
}

//! Room for several results and for bodies: verifier, interpreter, text form and back, passes, derivatives in both modes.

use crate::differentiate::testing::Bench;
use crate::differentiate::{explain_zero, gradient};
use crate::graph::{Body, Dim, Elem, NodeId, Region, Type, conditions, parse, print};
use crate::interpret::{Environment, Tensor};
use crate::ops::{Apply, Compare, Extreme, Op, Parameter, Part, Twin};
use crate::{schedule, simplify, verify};

/// Holds a region to its text, to the verifier, and the value to that after the passes.
fn check(bench: &Bench, y: NodeId, expected: &Tensor) {
    let region = &bench.region;
    assert_eq!(broken(region, y), None);
    assert_eq!(bench.value(y), *expected);
    // Numbered anew, without what is dead.
    let (compact, roots) = simplify::spelled(region, &[y]);
    let text = print::print(&compact, &[("y", roots[0])]);
    let (again, results) = parse::parse(&text).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
    assert_eq!(print::print(&again, &[("y", results[0].1)]), text);
    for (region, root) in [(compact, roots[0]), simplified(region, y), (again, results[0].1)] {
        assert_eq!(broken(&region, root), None, "{text}");
        let value = crate::interpret::evaluate(&region, &[root], &bench.environment).remove(0);
        assert_eq!(value.shape, expected.shape);
        let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * (1.0 + b.abs());
        assert!(value.data.iter().zip(&expected.data).all(close), "{value:?} {expected:?}\n{text}");
    }
}

fn broken(region: &Region, y: NodeId) -> Option<String> {
    verify::region(region, &[y]).err().map(|(_, message)| message)
}

fn simplified(region: &Region, y: NodeId) -> (Region, NodeId) {
    let (region, roots) = simplify::simplify(region, &[y]);
    (region, roots[0])
}

/// `first + second`, the second everywhere.
fn joined(region: &mut Region, twin: NodeId) -> NodeId {
    let parts = Part::all(region, twin);
    assert_eq!(parts.len(), 2);
    let shape = region.shape(twin);
    let second = region.fill(parts[1], &shape);
    let second = region.sin(second);
    region.plus(parts[0], second)
}

fn twin(region: &mut Region, a: NodeId, b: NodeId) -> NodeId {
    region.add(Twin.into(), &[a, b])
}

#[test]
fn a_primitive_has_two_results() {
    let mut bench = Bench::new(7);
    let (a, b) = (bench.random(&["N"], 0.4, 1.6), bench.random(&["N"], 0.4, 1.6));
    let r = &mut bench.region;
    let node = twin(r, a, b);
    let y = joined(r, node);
    // The same of primitives with one result.
    let (product, squares) = (r.times(a, b), r.times(a, a));
    let sum = r.sum(squares, &[0]);
    let shape = r.shape(a);
    let everywhere = r.fill(sum, &shape);
    let sine = r.sin(everywhere);
    let expected = r.plus(product, sine);
    let expected = bench.value(expected);
    check(&bench, y, &expected);
    bench.check(y, &[a, b], 2, "both results");
    // Each alone, so that the other has no cotangent.
    let (only_first, only_second) = (bench.region.square(node), Part::all(&mut bench.region, node)[1]);
    bench.check(only_first, &[a, b], 2, "the first result");
    bench.check(only_second, &[a, b], 2, "the second result");
    let blocked = explain_zero(&bench.region, node, a);
    assert_eq!(blocked, None);
}

/// Parameters `x: [N]`, `c: []`, one that is not used, and `place: index[]`; results of numbers and of none.
fn body() -> Body {
    let n: [Dim; 1] = [Dim::name("N")];
    let parameters = vec![Type::real(n.clone()), Type::real([]), Type::real(n), Type::real([]).with_elem(Elem::Index)];
    Body::new(parameters, |r, p| {
        let shape = r.shape(p[0]);
        let c = r.fill(p[1], &shape);
        let product = r.times(p[0], c);
        let sine = r.sin(product);
        let twin = twin(r, sine, p[0]);
        let first = joined(r, twin);
        let (sum, place) = (r.sum(sine, &[0]), r.cast(p[3], Elem::Real));
        let second = r.plus(sum, place);
        let half = r.full_like(0.5, p[0]);
        let third = r.compare(Compare::Lt, half, p[0]);
        // Nothing needs this.
        let _ = r.exp(p[2]);
        vec![first, second, third]
    })
}

/// `Σ (first + cast third) · second` of the results of an applied body, or of its nodes.
fn sum_of(r: &mut Region, results: &[NodeId]) -> NodeId {
    let third = r.cast(results[2], Elem::Real);
    let shape = r.shape(results[0]);
    let (terms, second) = (r.plus(results[0], third), r.fill(results[1], &shape));
    let products = r.times(terms, second);
    r.sum(products, &[0])
}

/// A bench with arguments for the body.
fn applied() -> (Bench, [NodeId; 2], NodeId, NodeId) {
    let mut bench = Bench::new(9);
    let (x, c) = (bench.random(&["N"], 0.4, 1.6), bench.scalar(0.7));
    let place = bench.region.arg_reduce(Extreme::Max, x, 0);
    let arguments = [x, c, x, place];
    let apply = bench.region.add(Apply::of(body()).into(), &arguments);
    let results = Part::all(&mut bench.region, apply);
    let y = sum_of(&mut bench.region, &results);
    let inlined = body().inline(&mut bench.region, &arguments);
    let expected = sum_of(&mut bench.region, &inlined);
    (bench, [x, c], y, expected)
}

#[test]
fn a_primitive_holds_a_body() {
    let (mut bench, xs, y, expected) = applied();
    let value = bench.value(expected);
    check(&bench, y, &value);
    // Derivatives of derivatives are bodies of bodies' derivatives.
    bench.check(y, &xs, 3, "an applied body");
    let gradients = [y, expected].map(|y| bench.gradient(y, &xs));
    for (found, expected) in gradients[0].iter().zip(&gradients[1]) {
        let pairs = found.data.iter().zip(&expected.data);
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() <= 1e-12 * (1.0 + b.abs())), "{found:?} {expected:?}");
    }
    let g = gradient(&mut bench.region, y, &[xs[1]]).expect("a derivative")[0].expect("c is used");
    let value = bench.value(g);
    check(&bench, g, &value);
}

/// Whatever holds an equal body is found again; another body is another operation.
#[test]
fn bodies_are_interned() {
    let (mut bench, _, _, _) = applied();
    let before = bench.region.len();
    let arguments = bench.region.iter().find(|(_, node)| matches!(node.op, Op::Apply(_))).expect("it is there");
    let (apply, operands) = (arguments.0, arguments.1.operands.clone());
    assert_eq!(bench.region.add(Apply::of(body()).into(), &operands), apply);
    assert_eq!(bench.region.len(), before);
    let other = body().rebuilt(|region, results| (region.clone(), vec![results[1]]));
    assert_ne!(bench.region.add(Apply::of(other).into(), &operands), apply);
}

#[test]
fn passes_go_into_bodies() {
    let (mut region, n) = (Region::new(), Dim::name("N"));
    let rest = n.sub(&Dim::ONE).expect("small");
    let body = Body::new(vec![Type::real([n.clone()])], |r, p| {
        let (exp, one) = (r.exp(p[0]), r.ones_like(p[0]));
        let less = r.minus(exp, one);
        vec![r.slice(less, &[Dim::ONE], &[rest.clone()].into(), &[1])]
    });
    let x = region.leaf(crate::ops::LeafKind::Input, "x", Type::real([n]));
    let y = region.add(Apply::of(body).into(), &[x]);
    let (simple, roots) = simplify::simplify(&region, &[y]);
    let text = simple.node(roots[0]).op.to_string();
    assert!(text.contains("expm1") && !text.contains("exp "), "{text}");
    let found: Vec<String> = conditions::conditions(&region, &[y]).iter().map(ToString::to_string).collect();
    assert_eq!(found, ["N - 1"]);
    // Loops cannot make it yet, and say so.
    let broken = schedule::schedule(&simple, &roots, &[]).expect_err("a body");
    assert!(broken.message.contains("a body"), "{}", broken.message);
}

/// What can fail inside of a body makes its operation fail, and what has no derivative refuses one.
#[test]
fn bodies_tell_what_their_nodes_tell() {
    let vector = Type::real([Dim::name("N")]);
    let body = Body::new(vec![vector.clone(), vector.clone()], |r, p| {
        let place = r.arg_reduce(Extreme::Max, p[0], 0);
        let (place, sum) = (r.cast(place, Elem::Real), r.sum(p[1], &[0]));
        vec![r.polygamma(place, sum)]
    });
    let mut bench = Bench::new(3);
    let (a, b) = (bench.random(&["N"], 0.4, 1.6), bench.random(&["N"], 0.4, 1.6));
    let y = bench.region.add(Apply::of(body).into(), &[a, b]);
    let node = bench.region.node(y);
    assert!(node.op.can_fail(&bench.region, &node.operands));
    assert!(explain_zero(&bench.region, y, a).is_some(), "an argmax");
    bench.check(y, &[a, b], 1, "through the sum alone");
    let refused = Body::new(vec![Type::real([]), Type::real([])], |r, p| vec![r.polygamma(p[0], p[1])]);
    let (m, x) = (bench.scalar(2.0), bench.scalar(1.5));
    let y = bench.region.add(Apply::of(refused).into(), &[m, x]);
    let refusal = gradient(&mut bench.region, y, &[m, x]).expect_err("no derivative by the order");
    assert_eq!(refusal.reason, "`polygamma` has no derivative in its order");
    assert!(gradient(&mut bench.region, y, &[x]).is_ok());
}

#[test]
fn the_verifier_looks_into_bodies() {
    let message = |build: &dyn Fn(&mut Region) -> NodeId| {
        let mut region = Region::new();
        let y = build(&mut region);
        broken(&region, y).expect("it is broken")
    };
    let scalar = || Type::real([]);
    let vector = || Type::real([Dim::name("N")]);
    let leaf = |r: &mut Region| r.leaf(crate::ops::LeafKind::Input, "x", Type::real([]));
    let found = [
        message(&|r| Parameter::add(r, 0, scalar())),
        message(&|r| {
            let x = leaf(r);
            let body = Body::new(vec![scalar()], |r, p| {
                let wide = Parameter::add(r, 1, vector());
                vec![r.plus(p[0], wide)]
            });
            r.add(Apply::of(body).into(), &[x])
        }),
        message(&|r| {
            let x = leaf(r);
            let body = Body::new(vec![scalar()], |r, p| vec![r.and(p[0], p[0])]);
            r.add(Apply::of(body).into(), &[x])
        }),
        message(&|r| {
            let x = leaf(r);
            r.add(Apply::of(Body::new(vec![vector()], |_, p| p.to_vec())).into(), &[x])
        }),
        message(&|r| {
            let x = leaf(r);
            let both = twin(r, x, x);
            r.add(Part { place: 2 }.into(), &[both])
        }),
    ];
    let expected = [
        "a parameter of type [] where there is none",
        "a parameter of type [N] where there is none",
        "a connective is of truth values",
        "apply of [] to a parameter [N]",
        "part 2 of 2 results",
    ];
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.ends_with(expected), "{found}");
    }
}

/// Rounding to `f32` goes into bodies too.
#[test]
fn bodies_are_rounded_like_what_is_around_them() {
    let body = Body::new(vec![Type::real([])], |r, p| vec![r.exp(p[0])]);
    let mut region = Region::new();
    let x = region.literal(0.1);
    let y = region.add(Apply::of(body).into(), &[x]);
    #[allow(clippy::cast_possible_truncation, reason = "this is the rounding")]
    let single = |x: f64| f64::from(x as f32);
    let values = crate::interpret::evaluate_all(&region, &[y], &Environment::default(), single);
    let expected = single(single(0.1).exp());
    assert_eq!(values[y.index()].as_ref().map(|value| value.data[0].to_bits()), Some(expected.to_bits()));
}

//! Text forms and back: of the models of the repository, of random graphs, of texts with mistakes.

#[path = "../../tests/mutants/mod.rs"]
#[allow(dead_code, reason = "the tests of mutants use the rest")]
mod mutants;

use std::collections::BTreeMap;
use std::fmt::Write;

use expect_test::{Expect, expect};

use super::notation::{self, Notation};
use super::parse::parse;
use super::print::print;
use super::{NodeId, Region};
use crate::pipeline::PASSES;
use crate::schedule::tests::random::{EXTENTS, random_graph};
use crate::simplify;
use crate::testing::models::attempted;
use crate::testing::random::Random;

/// A region is what its text says, but for the numbers of nodes where some are dead.
fn check_text(region: &Region, results: &[NodeId]) -> String {
    let names: Vec<String> = (0..results.len()).map(|place| format!("result: {place}")).collect();
    let named: Vec<(&str, NodeId)> = names.iter().map(String::as_str).zip(results.iter().copied()).collect();
    let text = print(region, &named);
    let (again, results) = parse(&text).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
    let named: Vec<(&str, NodeId)> = results.iter().map(|(name, node)| (name.as_str(), *node)).collect();
    assert_eq!(print(&again, &named), numbered_anew(&text));
    text
}

/// A text with its nodes numbered in order.
fn numbered_anew(text: &str) -> String {
    let (mut numbers, mut pieces) = (BTreeMap::new(), text.split('%'));
    let mut anew = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
        let next = numbers.len();
        let number = numbers.entry(&piece[..end]).or_insert(next);
        let _ = write!(anew, "%{number}{}", &piece[end..]);
    }
    anew
}

#[test]
fn graphs_of_models_are_what_their_text_says() {
    let (mut count, mut random) = (0, Random::new(11));
    for model in mutants::found() {
        if let (Some(mut model), mut diagnostics) = attempted(&model.join(" ")) {
            check_text(&model.region, &model.results());
            for pass in &PASSES {
                (pass.run)(&mut model, &mut diagnostics);
            }
            let text = check_text(&model.region, &model.results());
            let _ = refused(&text, &mut random, 2);
            count += 1;
        }
    }
    assert!(count > 300, "{count} models");
}

#[test]
fn random_graphs_are_what_their_text_says() {
    for (seed, extents) in (0..200).flat_map(|seed| EXTENTS.map(|extents| (seed, extents))) {
        let (region, results) = random_graph(seed, extents);
        check_text(&region, &results);
        check_notation(&region, &results);
    }
}

/// Expressions mean the nodes that they are written of.
fn check_notation(region: &Region, results: &[NodeId]) {
    let mut notation = Notation::default();
    let texts = notation::write(region, results);
    let read: Vec<NodeId> = texts
        .iter()
        .map(|text| notation.read(text).unwrap_or_else(|problem| panic!("{problem}\n{texts:#?}")))
        .collect();
    let known = simplify::interned(&mut notation.region, region, results);
    assert_eq!(read, known, "{texts:#?}");
}

/// What a text is refused for.
fn check_refused(texts: &[&str], read: impl Fn(&str) -> Option<String>, expected: &Expect) {
    let refused = texts.iter().map(|text| format!("{text:?}\n    {}\n", read(text).unwrap_or_default()));
    expected.assert_eq(&refused.collect::<String>());
}

#[test]
fn texts_with_mistakes_are_refused() {
    let texts = [
        "%0 [N] = input x\n%1 [N] = exp %0 %0",
        "%0 [N] = input x\n%1 [N] = sine %0",
        "%0 [N] = input x\n%1 [D] = exp %0",
        "%0 [N] = exp %0",
        "%0 [N = input x",
        "%0 [N + ] = input x",
        "%0 [99999999999999999999] = input x",
        "%0 [] = 1e",
        "%0 bool[] = 1",
        "%0 index[] = 0.5",
        "%0 [] = paraminput x",
        "%0 [N] = input x\n%1 [] = input u\n%2 [N] = concat 0 %0 %1",
        "%0 [N] = input x\n%1 [] = contract [0]x[0] batch [0]x[0] %0 %0",
        "%0 [(N)/(0)] = input x",
        "%0 [] = 1\n%0 [] = 2",
        "%0 [N] = input x\n%1 [] = reduce total [0] %0",
        "%0 [N] = input x\n%1 [] = reduce sum [1] %0",
        "%0 [N] = input x\n%1 [] = reduce sum 0 %0",
        "%0 [N] = input x\n%1 [] = slice [0..N] %0",
        "%0 [N] = input x\n\ny: %1",
        "%0 [N] = input x  ;",
        "y: 0",
        "x",
    ];
    check_refused(
        &texts,
        |text| parse(text).err(),
        &expect![[r#"
            "%0 [N] = input x\n%1 [N] = exp %0 %0"
                line 2: an operation that is legal (exp has 1 operands, not 2) expected before the end
            "%0 [N] = input x\n%1 [N] = sine %0"
                line 2: an operation expected before `sine %0`
            "%0 [N] = input x\n%1 [D] = exp %0"
                line 2: the type [N] expected before the end
            "%0 [N] = exp %0"
                line 1: the number of a node before expected before the end
            "%0 [N = input x"
                line 1: `, ` expected before ` = input x`
            "%0 [N + ] = input x"
                line 1: a size expected before `] = input x`
            "%0 [99999999999999999999] = input x"
                line 1: a size in range expected before `] = input x`
            "%0 [] = 1e"
                line 1: the end expected before `e`
            "%0 bool[] = 1"
                line 1: `true` or `false` expected before `1`
            "%0 index[] = 0.5"
                line 1: an integer expected before `0.5`
            "%0 [] = paraminput x"
                line 1: an operation expected before `paraminput x`
            "%0 [N] = input x\n%1 [] = input u\n%2 [N] = concat 0 %0 %1"
                line 3: an operation that is legal (concat of [N] and [] along axis 0) expected before the end
            "%0 [N] = input x\n%1 [] = contract [0]x[0] batch [0]x[0] %0 %0"
                line 2: an operation that is legal (contract names axes [0] and [0] of rank 1) expected before the end
            "%0 [(N)/(0)] = input x"
                line 1: a quotient that may be exact expected before `] = input x`
            "%0 [] = 1\n%0 [] = 2"
                line 2: a number that no node before has, expected before ` [] = 2`
            "%0 [N] = input x\n%1 [] = reduce total [0] %0"
                line 2: a kind of reduction expected before `total [0] %0`
            "%0 [N] = input x\n%1 [] = reduce sum [1] %0"
                line 2: an operation that is legal (sum names axes [1] of rank 1) expected before the end
            "%0 [N] = input x\n%1 [] = reduce sum 0 %0"
                line 2: `[` expected before `0 %0`
            "%0 [N] = input x\n%1 [] = slice [0..N] %0"
                line 2: `..+` expected before `..N] %0`
            "%0 [N] = input x\n\ny: %1"
                line 3: the number of a node before expected before the end
            "%0 [N] = input x  ;"
                line 1: the end expected before `  ;`
            "y: 0"
                line 1: `%` expected before `0`
            "x"
                line 1: `%`, or the name of a result and `: %`, expected before `x`
        "#]],
    );
}

#[test]
fn expressions_with_mistakes_are_refused() {
    let texts = [
        "",
        "exp(u",
        "exp(u))",
        "exp u",
        "u +",
        "u v",
        "exp(u, v)",
        "x + a",
        "d + 1",
        "d: [N] d",
        "d = ;",
        "p = exp(u);\nq = exp(p;\np + q",
        "reduce sum [0](u)",
        "iota N",
        "x && y",
        "[N] exp(x)",
        "index[] x",
    ];
    check_refused(
        &texts,
        |text| Notation::default().read(text).err(),
        &expect![[r#"
            ""
                line 1: an operation expected before the end
            "exp(u"
                line 1: `)` expected before the end
            "exp(u))"
                line 1: an operator, or the end expected before `)`
            "exp u"
                line 1: `(` expected before `u`
            "u +"
                line 1: an operation expected before the end
            "u v"
                line 1: an operator, or the end expected before `v`
            "exp(u, v)"
                line 1: an operation that is legal (exp has 1 operands, not 2) expected before the end
            "x + a"
                line 1: an operation that is legal (add has operands of one type, not [N] and [N, D]) expected before the end
            "d + 1"
                line 1: an operation expected before `d + 1`
            "d: [N] d"
                line 1: `;` expected before `d`
            "d = ;"
                line 1: an operation expected before `;`
            "p = exp(u);\nq = exp(p;\np + q"
                line 2: `)` expected before `;`
            "reduce sum [0](u)"
                line 1: an operation that is legal (sum names axes [0] of rank 0) expected before the end
            "iota N"
                line 1: `(` expected before the end
            "x && y"
                line 1: an operation that is legal (a connective is of truth values) expected before the end
            "[N] exp(x)"
                line 1: a variable or a number expected before `(x)`
            "index[] x"
                line 1: an operation expected before `x`
        "#]],
    );
    let deep = format!("{}u{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(Notation::default().read(&deep).is_err());
    assert!(parse(&format!("%0 [{}N] = input x", "(".repeat(100_000))).is_err());
}

/// How many of some damaged texts are refused; the others are read, and none panics.
fn refused(text: &str, random: &mut Random, count: usize) -> usize {
    let letters: Vec<char> = text.chars().collect();
    let mut damaged = || {
        let mut damaged = letters.clone();
        let (from, to) = (random.below(letters.len()), random.below(letters.len()));
        match random.below(4) {
            0 => damaged.truncate(from),
            1 => damaged[from] = letters[to],
            2 => damaged.insert(from, letters[to]),
            _ => drop(damaged.remove(from)),
        }
        damaged.into_iter().collect::<String>()
    };
    let is_refused = |text: String| parse(&text).is_err() && Notation::default().read(&text).is_err();
    (0..count).filter(|_| is_refused(damaged())).count()
}

#[test]
fn damaged_texts_are_refused() {
    let mut random = Random::new(7);
    let mut found = 0;
    for seed in 0..100 {
        let (region, results) = random_graph(seed, EXTENTS[0]);
        let named: Vec<(&str, NodeId)> = results.iter().map(|&node| ("y", node)).collect();
        for text in [print(&region, &named), notation::write(&region, &results).join(" + ")] {
            found += refused(&text, &mut random, 20);
        }
    }
    assert!(found > 3000, "{found} refused");
}

#[test]
fn expressions_are_short_for_graphs() {
    let mut notation = Notation::default();
    let text = "t: [K, N]; p = reduce sum [0](t) * -2;\n select(p <= x, -exp(p) - (1 - x), index_of(p))";
    assert!(notation.read(text).is_err());
    let y = notation.read(&text.replace("index_of(p)", "cast real(iota N() == index[] 3)")).expect("an expression");
    expect![[r#"
        %0 [K, N] = input t
        %1 [N] = reduce sum [0] %0
        %2 [] = -2
        %3 [N] = broadcast [N] [] %2
        %4 [N] = mul %1 %3
        %5 [N] = input x
        %6 bool[N] = less_equal %4 %5
        %7 [N] = exp %4
        %8 [N] = neg %7
        %9 [] = 1
        %10 [N] = broadcast [N] [] %9
        %11 [N] = sub %10 %5
        %12 [N] = sub %8 %11
        %13 index[N] = iota N
        %14 index[] = 3
        %15 index[N] = broadcast [N] [] %14
        %16 bool[N] = equal %13 %15
        %17 [N] = cast real %16
        %18 [N] = select %6 %12 %17
        y: %18
    "#]]
    .assert_eq(&print(&notation.region, &[("y", y)]));
}

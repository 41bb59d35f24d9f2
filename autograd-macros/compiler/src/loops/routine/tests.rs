//! Routines as the rest of the compiler sees them: a call at the top level and in a loop, in text and when it runs.

use expect_test::expect;

use crate::graph::Dim;
use crate::interpret::{Environment, Tensor};
use crate::loops::parse::parse;
use crate::loops::print::print;
use crate::loops::program::{Program, Storage};
use crate::loops::simulate::try_simulate;
use crate::loops::verify::verify;
use crate::schedule::analysis::split::split;
use crate::schedule::optimise;
use crate::testing::sized;

/// N is 2, K is 3; `x` counts from 1.
fn environment(shape: &[&str]) -> Environment {
    let mut environment = sized(&[("N", 2), ("K", 3)]);
    let shape: Vec<Dim> = shape.iter().map(|name| Dim::name(name)).collect();
    let mut next = 0.0;
    let x = Tensor::from_fn(environment.shape(&shape), |_| {
        next += 1.0;
        next
    });
    environment.values.insert("x".into(), x);
    environment
}

fn run(program: &Program, shape: &[&str]) -> Result<Vec<f64>, String> {
    let results = try_simulate(program, &environment(shape)).map_err(|failure| failure.to_string())?;
    Ok(results[0].data.clone())
}

fn read(text: &str) -> Program {
    parse(text).expect("it is a program")
}

const AT_THE_TOP: &str = "
    b0 x [N, K]: input
    b1 y [N, K]: result 0
    b2 t [N, K]: temporary
    reverse_rows over [N, K]: reads b0[0 + (K, 1)], writes b2[0 + (K, 1)]
    for i0 in 0..K*N
        v0 = b2[i0]
        v1 = square v0
        b1[i0] = v1
    -> b1
";

const IN_A_LOOP: &str = "
    b0 x [N, K]: input
    b1 y [N, K]: result 0
    b2 t [N, K]: temporary
    for i0 in 0..N
        reverse_rows over [K, 1]: reads b0[K*i0 + (1, 1)], writes b2[K*i0 + (1, 1)]
        for i1 in 0..K
            v0 = b2[K*i0 + i1]
            v1 = square v0
            b1[K*i0 + i1] = v1
    -> b1
";

/// What stands in the text, without its margin.
fn without_margin(text: &str) -> String {
    let lines: Vec<&str> = text.lines().skip(1).map(|line| line.get(4..).unwrap_or_default()).collect();
    lines.join("\n") + "\n"
}

#[test]
fn a_routine_runs_where_it_stands_after_every_pass() {
    for (text, expected) in [(AT_THE_TOP, [16., 25., 36., 1., 4., 9.]), (IN_A_LOOP, [9., 4., 1., 36., 25., 16.])] {
        let mut program = read(text);
        assert_eq!(print(&program), without_margin(text));
        assert_eq!(run(&program, &["N", "K"]), Ok(expected.to_vec()));
        optimise(&mut program, &mut |name, program| {
            assert_eq!(run(program, &["N", "K"]), Ok(expected.to_vec()), "{name}\n{}", print(program));
        });
    }
}

#[test]
fn a_loop_around_a_call_is_not_cut_and_its_memory_stays() {
    let mut program = read(IN_A_LOOP);
    optimise(&mut program, &mut |_, _| {});
    assert!(split(&program, program.body[0].as_loop().expect("a loop")).is_none());
    let is_temporary = |storage| matches!(storage, Storage::Temporary(_));
    let temporary = program.buffers.iter().find(|buffer| is_temporary(buffer.storage)).expect("it is needed");
    assert_eq!(temporary.shape, program.buffers[0].shape, "{}", print(&program));
}

#[test]
fn calls_are_held_to_what_their_routine_takes() {
    let verdict = |call: &str| {
        let text = format!("b0 x [N, K]: input\nb1 y [N, K]: result 0\n{call}\n-> b1");
        verify(&read(&text)).expect_err("it does not fit")
    };
    let found = [
        "reverse_rows over [N]: reads b0[0 + (K, 1)], writes b1[0 + (K, 1)]",
        "reverse_rows over [N, K]: reads b0[0 + (K)], writes b1[0 + (K, 1)]",
        "reverse_rows over [N, K]: reads b0[0 + (K, 1)], reads b1[0 + (K, 1)]",
        "reverse_rows over [N, K]: reads b1[0 + (K, 1)], writes b1[0 + (K, 1)]",
        "for i0 in 0..N\n    b1[1, 1, 1] = b0[i0 + (0, 0, 0)] @ b0[0 + (0, 0, 0)] over K",
        "for i0 in 0..N\n    logarithms over [K]: reads b0[0 + (1)], writes b1[0 + (1)]",
    ];
    expect![[r"
        reverse_rows takes 2 extents, 2 operands, 0 scalars
        operand 0 of reverse_rows has other axes, or is read where it is written
        operand 1 of reverse_rows has other axes, or is read where it is written
        b1 is read before it is written
        gemm is called in a loop, where it may not fail, nor have packs or scratch memory
        logarithms is called in a loop, where it may not fail, nor have packs or scratch memory"]]
    .assert_eq(&found.map(verdict).join("\n"));
}

/// `x := 2 * x`, then something that fails below 0.
const STEP: &str = "
    b0 x [N]: param
    b1 x [N]: result 0
    b2 y [N]: result 1
    v0 = 2
    for i0 in 0..N
        v1 = b0[i0]
        v2 = mul v0 v1
        b1[i0] = v2
    logarithms over [N]: reads b1[0 + (1)], writes b2[0 + (1)], with v0
    -> b1
    -> b2
";

fn optimised(text: &str) -> Program {
    let mut program = read(text);
    program.targets = vec!["x".into()];
    optimise(&mut program, &mut |_, _| {});
    program
}

#[test]
fn a_step_changes_nothing_before_all_that_may_fail() {
    // What may fail reads the new value, so that stays beside the old one.
    assert!(!print(&optimised(STEP)).contains("target"));
    // It does not wait for it here: the new value is written afterwards.
    let text = print(&optimised(&STEP.replace("reads b1", "reads b0")));
    expect![[r"
        b0 x [N]: target of result 0
        b2 y [N]: result 1
        v0 = 2
        logarithms over [N]: reads b0[0 + (1)], writes b2[0 + (1)], with v0
        for i0 in 0..N in lanes
            v1 = b0[i0]
            v2 = mul v0 v1
            b0[i0] = v2
        -> b0
        -> b2
    "]]
    .assert_eq(&text);
    // Written too early, it is refused.
    let call = text.lines().find(|line| line.starts_with("logarithms")).expect("a call");
    let early = text.replace(&format!("{call}\n"), "").replace("-> b0", &format!("{call}\n-> b0"));
    let early = early.replace("reads b0", "reads b2").replace("b2 y [N]: result 1", "b2 y [N]: state");
    let early = early.replace("writes b2", "writes b3").replace("-> b2", "-> b3");
    let early = early.replace("v0 = 2", "b3 y [N]: result 1\nv0 = 2");
    assert_eq!(verify(&read(&early)), Err("the target b0 is written before all that may fail".into()));
}

#[test]
fn a_failure_comes_out() {
    let program = read(STEP);
    assert_eq!(run(&program, &["N"]), Ok(vec![2.0, 4.0]));
    let mut environment = environment(&["N"]);
    environment.values.insert("x".into(), Tensor::from_fn(vec![2], |_| -1.0));
    let failure = try_simulate(&program, &environment).expect_err("a logarithm of what is negative");
    assert_eq!(failure.to_string(), "element 0 is negative");
}

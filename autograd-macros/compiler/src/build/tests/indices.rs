//! Index notation: definitions and reductions against the same in operations on whole tensors, or their elements one by one.

use super::build;
use crate::graph::conditions;
use crate::interpret::{self, Environment, Tensor};
use crate::testing::random::Random;
use crate::testing::sized;

/// Every definition below may use these.
const ITEMS: &str = "param s; input x: [N], y: [D], a: [N, D], b: [D, N], m: [N, N], t: [N, D, N], p: [N*(N + 1)/2];
                     input id: [N] in D, at in N, k in D; const two = 2;";

fn value(definition: &str, environment: &Environment) -> Tensor {
    let text = format!("M<N, D> {{ {ITEMS} {definition} }}");
    let model = build(&text).unwrap_or_else(|messages| panic!("{definition}\n{messages}"));
    let output = model.outputs.iter().find(|output| output.name == "z").expect("each defines z");
    interpret::evaluate(&model.region, &[output.node], environment).remove(0)
}

fn environment(random: &mut Random, n: usize, d: usize) -> Environment {
    let mut environment = sized(&[("N", i64::try_from(n).expect("small")), ("D", i64::try_from(d).expect("small"))]);
    let shapes: [(&str, &[usize]); 8] = [
        ("s", &[]),
        ("x", &[n]),
        ("y", &[d]),
        ("a", &[n, d]),
        ("b", &[d, n]),
        ("m", &[n, n]),
        ("t", &[n, d, n]),
        ("p", &[n * (n + 1) / 2]),
    ];
    for (name, shape) in shapes {
        environment.values.insert(name.to_owned(), random.tensor(shape, -2.0, 2.0));
    }
    let mut integers = |name: &str, shape: &[usize], below: usize| {
        #[allow(clippy::cast_precision_loss, reason = "small integers")]
        let tensor = Tensor::from_fn(shape.to_vec(), |_| random.below(below) as f64);
        environment.values.insert(name.to_owned(), tensor);
    };
    integers("id", &[n], d);
    integers("at", &[], n);
    integers("k", &[], d);
    environment
}

/// Both definitions of `z` have the same shape and elements, for several sizes.
fn same(indices: &str, whole: &str) {
    let mut random = Random::of(indices);
    for (n, d) in [(1, 1), (3, 2), (4, 5)] {
        let environment = environment(&mut random, n, d);
        let [found, wanted] = [indices, whole].map(|definition| value(definition, &environment));
        assert_eq!(found.shape, wanted.shape, "{indices}\nN = {n}, D = {d}");
        for (a, b) in found.data.iter().zip(&wanted.data) {
            let near =
                (a - b).abs() <= 1e-13 * b.abs().max(1.0) || a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
            assert!(near, "{indices}\nN = {n}, D = {d}: {:?}, not {:?}", found.data, wanted.data);
        }
    }
}

#[test]
fn plain_indices_run_over_their_axes() {
    same("z[i] = 2*x[i] + s;", "z = 2*x + s;");
    same("z[i, j] = x[i]*y[j];", "z = outer(x, y);");
    same("z[j, i] = a[i, j];", "z = a.T;");
    same("z[i] = m[i, i];", "z = diag(m);");
    same("z[i] = a[i];", "z = a;");
    same("z[j] = a[.., j];", "z = a.T;");
    same("z[i] = softmax(a[i]) + y;", "z = softmax(a, axis = 1) + y;");
    same("z[i] = sum(t[i] @ x);", "z = sum(t @ x, axis = 1);");
    same("let z[i] = x[i]^2; w = z;".replace("let z", "z").as_str(), "z = x^2;");
}

#[test]
fn given_ranges() {
    same("z[i in 0..N, j in 0..3] = x[i] + 0*j;", "z = broadcast(x[.., new], [N, 3]);");
    same("z[i in 1..N] = x[i] - x[i - 1];", "z = x[1..] - x[..-1];");
    same("z[i in 1..N + 1] = i;", "z = 1 + iota(N);");
    same("z = sum[i in 1..N](i*x[i]);", "z = sum(iota(N)*x);");
    same("z = argmax[i in 1..N + 1](x[i - 1]) + 0;", "z = argmax(x, axis = 0) + 1;");
    same("z[i in two..N + two] = x[i - two];", "z = x;");
    same("z[i in 0..N - 1 + 1] = x[N - 1 - i];", "z = flip(x);");
    same("z = sum[i in 0..at](x[i]);", "z = sum(where(iota(N) < at, x, 0));");
}

#[test]
fn ranges_that_depend_on_other_indices() {
    same("z[i in 0..N] = sum[j in 0..i + 1](x[j]);", "z = cumsum(x);");
    same("z[i] = sum[j in i..N](m[i, j]);", "z = sum(where(iota(N)[.., new] <= iota(N), m, 0), axis = 1);");
    same(
        "z[i in 0..N] = max[j in 0..i + 1](x[j]*i);",
        "z = max(where(iota(N) <= iota(N)[.., new], x*iota(N)[.., new], -inf), axis = 1);",
    );
    same("z = sum[i in 0..N, j in 0..i](m[i, j]*m[j, i]);", "z = (sum(m*m.T) - sum(diag(m)^2))/2;");
    same("z[i in 0..N] = prod[j in 0..i](x[j]);", "z[i in 0..N] = prod[j in 0..N](if j < i { x[j] } else { 1 });");
}

#[test]
fn conditions() {
    same("z = sum[i if x[i] > 0](x[i]);", "z = sum(relu(x));");
    same("z[j] = sum[i if id[i] == j](x[i]) + 0*y[j];", "z = one_hot(id, D).T @ x;");
    same("z = sum[i, j if i < j](m[i, j]);", "z = sum(where(iota(N)[.., new] < iota(N), m, 0));");
    same("z = max[i if i != at](x[i]);", "z = max(where(iota(N) == at, -inf, x));");
    same("z = any[i if x[i] > 0](x[i] > 1);", "z = max(x) > 1;");
    same("z = all[i if x[i] > 0](x[i] > 1);", "z = all(where(x > 0, x > 1, true));");
    same("z = sum[i in 1..N if x[i] > x[i - 1]](x[i] - x[i - 1]);", "z = sum(relu(x[1..] - x[..-1]));");
}

#[test]
fn every_reducer() {
    for reducer in ["sum", "prod", "mean", "max", "min", "logsumexp", "norm", "var", "std"] {
        same(&format!("z[j] = {reducer}[i](a[i, j]*x[i]);"), &format!("z = {reducer}(a*x[.., new], axis = 0);"));
        same(&format!("z = {reducer}[i, j](a[i, j]);"), &format!("z = {reducer}(a);"));
    }
    for reducer in ["argmax", "argmin"] {
        same(&format!("z[j] = {reducer}[i](a[i, j]*x[i]);"), &format!("z = {reducer}(a*x[.., new], axis = 0);"));
    }
    for reducer in ["any", "all"] {
        same(&format!("z[j] = {reducer}[i](a[i, j] > 0);"), &format!("z = {reducer}(a > 0, axis = 0);"));
    }
}

#[test]
fn blocks_and_nested_definitions() {
    same("z[i] = sum[j] { let d = a[i, j] - y[j]; d*d };", "z = sum((a - y)^2, axis = 1);");
    same("z[i] = { let row = a[i]; dot(row, row) };", "z = sum(a^2, axis = 1);");
    same("z[i] = { let q[j] = a[i, j]*y[j]; max(q) };", "z = max(a*y, axis = 1);");
    same("z = { let q[i] = x[i]^2; sum(q) };", "z = sum(x^2);");
    same("fn square(u) { let v[i] = u[i]*u[i]; v } z = square(x);".trim_start(), "z = x^2;");
    same("z[i] = sum[j](a[i, j]*sum[k](b[j, k]*x[k]));", "z = a @ (b @ x);");
    same("z[i, k] = sum[j](a[i, j]*b[j, k]);", "z = a @ b;");
    same("z[i] = sum[i](x[i]) + x[i];", "z = sum(x) + x;");
}

#[test]
fn subscripts_are_integer_expressions() {
    same("z[i in 0..N] = x[min(i + 1, N - 1)];", "z = concat([x[1..], x[-1..]]);");
    same("z[i in 0..N] = x[max(i - 1, 0)];", "z = concat([x[..1], x[..-1]]);");
    same("z[i in 0..N] = x[rem(i + 1, N)];", "z = concat([x[1..], x[..1]]);");
    same("z[i in 0..2*N] = x[floor_div(i, 2)];", "z = reshape(broadcast(x[.., new], [N, 2]), [2*N]);");
    same("z[q in 0..N*D] = a[floor_div(q, D), rem(q, D)];", "z = reshape(a, [N*D]);");
    same("z[i in 0..N] = x[if i == 0 { N - 1 } else { i - 1 }];", "z = concat([x[-1..], x[..-1]]);");
    same("z[i] = if i > 0 { x[i - 1] } else { s } + 0*x[i];", "z = concat([reshape(s, [1]), x[..-1]]);");
    same("z[i in 0..N] = if i + 1 < N { x[i + 1] } else { 0 };", "z = concat([x[1..], zeros([1])]);");
    same(
        "z[i in 0..N] = sum[r in 0..2](if i + r < N { x[i + r] } else { 0 });",
        "z = x + concat([x[1..], zeros([1])]);",
    );
    same("z[i in 0..N, r in 0..2] = x[floor_div(i*2 + r, 2)];", "z = broadcast(x[.., new], [N, 2]);");
}

#[test]
fn packed_triangles() {
    let whole = "z[i in 0..N, j in 0..N] =
                     sum[q in 0..N*(N + 1)/2](if 2*q == i*(i + 1) + 2*j && j <= i { p[q] } else { 0 });";
    same("z[i in 0..N, j in 0..N] = if j <= i { p[i*(i + 1)/2 + j] } else { 0 };", whole);
    same("z = sum[i in 0..N, j in 0..i + 1](p[i*(i + 1)/2 + j]);", "z = sum(p);");
}

#[test]
fn integers_from_data() {
    same("z = x[at];", "z = dot(one_hot(at, N), x);");
    same("z[i] = y[id[i]];", "z = one_hot(id, D) @ y;");
    same("z[i] = b[id[i]];", "z = one_hot(id, D) @ b;");
    same("z[i] = a[i, id[i]];", "z = sum(one_hot(id, D)*a, axis = 1);");
    same("z[i] = a[at, k] + x[i];", "z = dot(one_hot(at, N), a @ one_hot(k, D)) + x;");
    same("z[j] = a[argmax[i](a[i, 0]), j];", "z = one_hot(argmax(a[.., 0], axis = 0), N) @ a;");
    same("z[i] = if id[i] > 0 { y[id[i] - 1] } else { 0 };", "z = one_hot(id, D)[.., 1..] @ y[..-1];");
    same("let next = rem(at + 1, N); z = x[next];", "z = dot(one_hot(rem(at + 1, N), N), x);");
    same("let next = min(at + 1, N - 1); z = x[next];", "z = dot(one_hot(min(at + 1, N - 1), N), x);");
    same("let last = if at > 0 { at - 1 } else { 0 }; z = x[last];", "z = dot(one_hot(max(at - 1, 0), N), x);");
    same("z = x[{ let half = floor_div(at, 2); half }];", "z = dot(one_hot(floor_div(at, 2), N), x);");
    same("z[i] = y[rem(id[i] + k, D)];", "z[i] = sum[j](if j == rem(id[i] + k, D) { y[j] } else { 0 });");
}

#[test]
fn indices_are_integers_in_arithmetic() {
    same("z[i] = i*x[i];", "z = iota(N)*x;");
    same("z[i in 0..N] = i/2;", "z = iota(N)/2;");
    same("z[i in 0..N, j in 0..D] = i - j;", "z = iota(N)[.., new] - iota(D);");
    same("z[i in 0..N] = rem(i, 2) + floor_div(i, 2)*2;", "z = iota(N);");
    same("z[i in 0..N, j in 0..N] = if i == j { 1 } else { 0 };", "z = eye(N);");
    same("z[i] = exp(-i)*x[i] + N;", "z = exp(-iota(N))*x + N;");
    same("z[i in 0..N] = min(i, 2) + max(i, 1);", "z = min(iota(N), 2) + max(iota(N), 1);");
}

#[test]
fn whole_axes_beside_indices() {
    same("z[i] = sum(a[i, ..]);", "z = sum(a, axis = 1);");
    same("z[i, j] = t[i, .., j] @ y;", "z[i, j] = sum[d](t[i, d, j]*y[d]);");
    same("z[i] = m[i, 1..] @ x[1..];", "z = m[.., 1..] @ x[1..];");
    same("z[j] = mean(b[j]) + t[0, j, ..] @ x;", "z = mean(b, axis = 1) + t[0] @ x;");
}

/// The sizes that must not be negative for a definition of `z` to read nothing outside.
fn needs(definition: &str) -> Vec<String> {
    let text = format!("M<N, D> {{ {ITEMS} {definition} }}");
    let model = build(&text).unwrap_or_else(|messages| panic!("{definition}\n{messages}"));
    conditions::conditions(&model.region, &[model.outputs[0].node]).iter().map(ToString::to_string).collect()
}

#[test]
fn sizes_say_whether_affine_reads_stay_inside() {
    assert_eq!(needs("z[i] = x[i];"), [""; 0]);
    assert_eq!(needs("z[i in 0..D] = x[i];"), ["N - D"]);
    assert_eq!(needs("z[i in 0..D] = x[2*i + 3];"), ["N - 2*D - 2"]);
    assert_eq!(needs("z[i in 0..D] = x[N - 1 - i];"), ["N - D"]);
    assert_eq!(needs("z[i in 2..N] = x[i];"), ["N - 2"]);
    assert_eq!(needs("z = sum[i in 0..D](m[i, i]);"), ["N - D"]);
    assert_eq!(needs("z[i in 0..D] = if i < N { x[i] } else { 0 };"), [""; 0]);
}

/// `start in N` is one integer, and says so: nobody takes it for an array.
#[test]
fn an_integer_is_declared_before_an_array() {
    let model = crate::testing::models::built("M<N> { param w; input start in N, x: [N]; loss = w*x[start]; }");
    let ranks: Vec<usize> = model.inputs.iter().map(|input| input.ty.rank()).collect();
    assert_eq!(ranks, [0, 1]);
}

//! What people write in other languages, each in a model of its own: what is said, and the model that follows from it,
//! which has to compile.

#![allow(clippy::too_many_lines, reason = "lists of what people write")]

use std::fmt::Write;
use std::str::FromStr;

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;

use crate::diagnostics::{Diagnostic, Diagnostics, mended};
use crate::syntax;

/// The errors of a model.
fn errors(text: &str) -> Vec<Diagnostic> {
    let mut diagnostics = Diagnostics::default();
    let tokens = TokenStream::from_str(text).expect("the model is made of tokens");
    let tree = syntax::parse(tokens, &mut diagnostics);
    if let Some(tree) = tree.filter(|tree| tree.damage != syntax::tree::Damage::Header) {
        super::super::build(&tree, &mut diagnostics);
    }
    diagnostics.errors().to_vec()
}

/// Checks what is said of each of these items; where it can be followed, the model has no mistake after that.
fn check(items: &[&str], expected: &Expect) {
    let mut text = String::new();
    for item in items {
        let head =
            "M<N, D> { param w: [D] unused, b unused; input x: [N, D], y: [N], z: [N, 1]; const k = 2; state m: [D]; ";
        let model = format!("{head}{item} }}");
        let errors = errors(&model);
        let _ = writeln!(text, "{item}");
        if errors.is_empty() {
            let _ = writeln!(text, "    !! accepted");
        }
        for error in &errors {
            let _ = writeln!(text, "    {}", error.problem.message());
            let help = error.help.as_ref().map_or("!! there is none", |help| help.text.as_str());
            let _ = writeln!(text, "    help: {help}");
        }
        if let Some(mended) = mended(&model, &errors) {
            let _ = writeln!(text, "    => {}", mended.strip_prefix(head).unwrap_or(&mended).trim_end_matches(" }"));
            let left = self::errors(&mended);
            let can_all = errors.iter().all(|error| error.help.as_ref().is_some_and(|help| !help.edits.is_empty()));
            if can_all && let Some(error) = left.first() {
                let _ = writeln!(text, "    !! {}", error.problem.message());
            }
        }
    }
    expected.assert_eq(&text);
    assert!(!text.contains("!!"), "help is missing, or does not help");
}

#[test]
fn rust() {
    check(
        &[
            "loss = mean(f64::exp(b));",
            "loss = sum(f64::powi(w, 2));",
            "loss = sum(w.powi(2));",
            "loss = 2*b.powf(0.5);",
            "loss = sum(std::f64::consts::PI * w);",
            "loss = f64::max(b, 0.0);",
            "loss = sum(y.map(|r| r*r));",
            "loss = y.iter().map(|r| r.powi(2)).sum();",
            "loss = y.mapv(|v| v.exp()).sum();",
            "loss = y.iter().zip(y).map(|(a, b)| a*b).sum();",
            "loss = y.fold(0, |a, r| a + r);",
            "loss = sum(|y|);",
            "loss = sum(|y - b|*2);",
            "let f = |r| r*r; loss = b;",
            "loss = sum(&w);",
            "loss = sum(&mut w) + *b;",
            "loss = sum(w)/(N as f64);",
            "loss = sum(w) / N as f64;",
            "loss = sum(x) * y.len() as f64;",
            "loss = x.shape()[0]*b;",
            "loss = x.nrows()*b;",
            "loss = sum(self.w);",
            "self.loss = b;",
            "loss = b; loss += sum(w);",
            "loss = b; println!(\"{}\", b);",
            "loss = vec![b, 1].sum();",
            "loss = assert!(b > 0);",
            "loss = b; for i in 0..N { loss += y[i]; }",
            "loss = b; while b > 0 { }",
            "loss = match b { _ => 1 };",
            "let mut a = b; loss = a;",
            "let (a, c) = (b, 1); loss = b;",
            "let a: f64 = b; loss = a;",
            "const c: usize = 3; loss = b*c;",
            "loss = b % 2;",
            "loss = 2*(b + 1) % 3;",
            "fn sq(a: f64) -> f64 { a * a } loss = sq(b);",
            "fn sq(a: &Array1<f64>, c: f64) -> Array1<f64> { return a * a; } loss = sum(sq(w, 1));",
            "fn sq(a) { c = a*a; c } loss = sq(b);",
            "loss = sum(w.clone()) + w.sum().unwrap();",
            "loss = y.view().dot(y.view());",
            "loss = w.sum::<f64>();",
            "loss = x.sum_axis(Axis(0)).sum();",
            "loss = 1e-3f32*b + 2.0_f64;",
            "loss = sum(y[1..=2]);",
            "loss = sum(y[0..=k]);",
            "loss = sum(x[0][1]) + x[(0, 1)];",
            "loss = if b > 0 { b };",
            "loss = (b > 0).then(|| b);",
            "loss = b << 2;",
            "loss = f64::INFINITY*b;",
            "loss = f64::from(b);",
            "loss = x.t().sum();",
            "param v: f64; loss = v;",
            "param v: [f64; N]; loss = sum(v);",
            "param v: (N, D); loss = sum(v);",
            "param v: D; loss = sum(v);",
            "pub param v; loss = v;",
            "use std::f64; loss = b;",
            "step go() { w -= 0.1*b; b *= 2 + b; }",
            "step go() { w = w - b; }",
            "loss = b; step go(rate: f64) { b := b - rate; }",
        ],
        &expect![[r#"
            loss = mean(f64::exp(b));
                unknown function `f64::exp`
                help: `exp(b)`
                => loss = mean(exp(b));
            loss = sum(f64::powi(w, 2));
                unknown function `f64::powi`
                help: `w^2`
                => loss = sum((w^2));
            loss = sum(w.powi(2));
                unknown function `powi`
                help: `w^2`
                => loss = sum((w^2));
            loss = 2*b.powf(0.5);
                unknown function `powf`
                help: `b^0.5`
                => loss = 2*(b^0.5);
            loss = sum(std::f64::consts::PI * w);
                unknown name `std::f64::consts::PI`
                help: `pi`
                => loss = sum(pi * w);
            loss = f64::max(b, 0.0);
                unknown function `f64::max`
                help: `max(b, 0.0)`
                => loss = max(b, 0.0);
            loss = sum(y.map(|r| r*r));
                there are no closures here
                help: `y*y`
                => loss = sum((y*y));
            loss = y.iter().map(|r| r.powi(2)).sum();
                there are no closures here
                help: `y^2`
                => loss = (y^2).sum();
            loss = y.mapv(|v| v.exp()).sum();
                there are no closures here
                help: `exp(y)`
                => loss = exp(y).sum();
            loss = y.iter().zip(y).map(|(a, b)| a*b).sum();
                there are no closures here
                help: operations take whole tensors: `x^2` squares each element, `sum(x)` adds them
            loss = y.fold(0, |a, r| a + r);
                there are no closures here
                help: a function is `fn f(a) = …;`, and takes whole tensors
            loss = sum(|y|);
                there is no operator `|` here
                help: `abs(y)`
                => loss = sum(abs(y));
            loss = sum(|y - b|*2);
                there is no operator `|` here
                help: `abs(y - b)`
                => loss = sum(abs(y - b)*2);
            let f = |r| r*r; loss = b;
                there are no closures here
                help: a function is `fn f(a) = …;`, and takes whole tensors
            loss = sum(&w);
                there is no operator `&` here
                help: leave this out: there are values only, no references
                => loss = sum(w);
            loss = sum(&mut w) + *b;
                there is no operator `&` here
                help: leave this out: there are values only, no references
                there is no operator `*` here
                help: leave this out: there are values only, no references
                => loss = sum( w) + b;
            loss = sum(w)/(N as f64);
                there is no cast `as f64`: every number is real, and every dimension a number
                help: leave this out
                => loss = sum(w)/(N );
            loss = sum(w) / N as f64;
                there is no cast `as f64`: every number is real, and every dimension a number
                help: leave this out
                => loss = sum(w) / N ;
            loss = sum(x) * y.len() as f64;
                there is no cast `as f64`: every number is real, and every dimension a number
                help: leave this out
                unknown function `len`
                help: `N`
                => loss = sum(x) * N ;
            loss = x.shape()[0]*b;
                unknown function `shape`
                help: `N`
                => loss = N*b;
            loss = x.nrows()*b;
                unknown function `nrows`
                help: `N`
                => loss = N*b;
            loss = sum(self.w);
                `self` is a word of Rust, and cannot be a name
                help: `w`: names stand alone
                => loss = sum(w);
            self.loss = b;
                `self` is a word of Rust, and cannot be a name
                help: `loss`: names stand alone
                => loss = b;
            loss = b; loss += sum(w);
                there is no operator `+=` here
                help: each name has one value: `loss = a + b;`
            loss = b; println!("{}", b);
                `println!` is a macro of Rust, and none can be called here
                help: a model prints nothing: make the value an output, `name = …;`
            loss = vec![b, 1].sum();
                `vec!` is a macro of Rust, and none can be called here
                help: `[b, 1]`
                => loss = [b, 1].sum();
            loss = assert!(b > 0);
                `assert!` is a macro of Rust, and none can be called here
                help: sizes are checked by themselves; another condition can be an output, `name = …;`
            loss = b; for i in 0..N { loss += y[i]; }
                `for` is not a word of this language
                help: operations take whole tensors: `sum(x, N)`, `cumsum(x)`, `x[1..] - x[..-1]`; what depends on the turn before (`scan`) is not supported yet
            loss = b; while b > 0 { }
                `while` is not a word of this language
                help: operations take whole tensors; loops that end by a condition are not supported yet
            loss = match b { _ => 1 };
                `match` is not a word of this language
                help: `if c { a } else { b }` chooses, also element by element
            let mut a = b; loss = a;
                expected a name, found `mut`
                help: leave this word out
                => let  a = b; loss = a;
            let (a, c) = (b, 1); loss = b;
                expected a name, found `(`
                help: one name at a time: `let a = …; let c = …;`
            let a: f64 = b; loss = a;
                expected `=`, found `:`
                help: leave this out: the compiler finds the shape of a value by itself
                => let a = b; loss = a;
            const c: usize = 3; loss = b*c;
                expected `=`, found `:`
                help: leave this out: the compiler finds the shape of a value by itself
                => const c = 3; loss = b*c;
            loss = b % 2;
                there is no operator `%` here
                help: `rem(b, 2)`
                => loss = rem(b, 2);
            loss = 2*(b + 1) % 3;
                there is no operator `%` here
                help: `rem(2*(b + 1), 3)`
                => loss = rem(2*(b + 1), 3);
            fn sq(a: f64) -> f64 { a * a } loss = sq(b);
                expected `,`, found `:`
                help: a function takes any shape: leave this out
                expected `=` or `{`, found `->`
                help: the compiler finds the shape of the value: leave this out
                => fn sq(a)  { a * a } loss = sq(b);
            fn sq(a: &Array1<f64>, c: f64) -> Array1<f64> { return a * a; } loss = sum(sq(w, 1));
                expected `,`, found `:`
                help: a function takes any shape: leave this out
                expected `,`, found `:`
                help: a function takes any shape: leave this out
                expected `=` or `{`, found `->`
                help: the compiler finds the shape of the value: leave this out
                expected an expression, found `return`
                help: leave this word out
                expected `}`, found `;`
                help: a block ends with its value: remove this `;`, or write `let name = …;`
                => fn sq(a, c)  {  a * a } loss = sum(sq(w, 1));
            fn sq(a) { c = a*a; c } loss = sq(b);
                `=` cannot stand inside an expression
                help: `let c = …;`
                => fn sq(a) { let c = a*a; c } loss = sq(b);
            loss = sum(w.clone()) + w.sum().unwrap();
                unknown function `clone`
                help: `w`: leave `clone` out
                unknown function `unwrap`
                help: `sum(w)`: leave `unwrap` out
                => loss = sum(w) + sum(w);
            loss = y.view().dot(y.view());
                unknown function `view`
                help: `y`
                unknown function `view`
                help: `y`
                => loss = y.dot(y);
            loss = w.sum::<f64>();
                expected `(`, found `::`
                help: leave this out: there is one type of numbers
                => loss = w.sum();
            loss = x.sum_axis(Axis(0)).sum();
                unknown function `sum_axis`
                help: `sum(x, axis = 0)`
                => loss = sum(x, axis = 0).sum();
            loss = 1e-3f32*b + 2.0_f64;
                `1e-3f32` is a single number with the suffix `f32`
                help: `1e-3`
                `2.0_f64` is a single number with the suffix `f64`
                help: `2.0`
                => loss = 1e-3*b + 2.0;
            loss = sum(y[1..=2]);
                there is no operator `..=` here
                help: a range ends before its last number: `1..3`
                => loss = sum(y[1..3]);
            loss = sum(y[0..=k]);
                there is no operator `..=` here
                help: a range ends before its last number: `0..k + 1`
                => loss = sum(y[0..k + 1]);
            loss = sum(x[0][1]) + x[(0, 1)];
                `(0, 1)` is not a dimension
                help: `0, 1`
                => loss = sum(x[0][1]) + x[0, 1];
            loss = if b > 0 { b };
                this `if` has no `else`, and so no value where the condition is false
                help: add `else { … }`: `0` where nothing is to count
                => loss = if b > 0 { b } else { 0 };
            loss = (b > 0).then(|| b);
                there are no closures here
                help: operations take whole tensors: `x^2` squares each element, `sum(x)` adds them
            loss = b << 2;
                there is no operator `<<` here
                help: `b*2^2`
                => loss = (b*2^2);
            loss = f64::INFINITY*b;
                unknown name `f64::INFINITY`
                help: `inf`
                => loss = inf*b;
            loss = f64::from(b);
                unknown function `f64::from`
                help: `b`
                => loss = b;
            loss = x.t().sum();
                a value has no field `.t`
                help: `.T` is the transpose
                => loss = x.T.sum();
            param v: f64; loss = v;
                expected a shape, found `f64`
                help: a number has no shape: leave this out
                => param v; loss = v;
            param v: [f64; N]; loss = sum(v);
                expected a shape, found `[`
                help: `[N]`
                => param v: [N]; loss = sum(v);
            param v: (N, D); loss = sum(v);
                expected a shape, found `(`
                help: `[N, D]`
                => param v: [N, D]; loss = sum(v);
            param v: D; loss = sum(v);
                expected a shape, found `D`
                help: `: [D]`
                => param v: [D]; loss = sum(v);
            pub param v; loss = v;
                no item begins with `pub`
                help: leave this word out
                =>  param v; loss = v;
            use std::f64; loss = b;
                no item begins with `use`
                help: this stands outside of the model
            step go() { w -= 0.1*b; b *= 2 + b; }
                there is no operator `-=` here
                help: `w := w - 0.1*b;`
                there is no operator `*=` here
                help: `b := b * (2 + b);`
                => step go() { w := w - 0.1*b; b := b * (2 + b);
            step go() { w = w - b; }
                `=` does not assign to `w` in a step
                help: `w := …;` assigns, `let w = …;` names a value
                => step go() { w := w - b;
            loss = b; step go(rate: f64) { b := b - rate; }
                expected a shape, found `f64`
                help: a number has no shape: leave this out
                => loss = b; step go(rate) { b := b - rate;
        "#]],
    );
}

#[test]
fn python() {
    check(
        &[
            "loss = sum(x[1:]);",
            "loss = sum(x[:, 0]);",
            "loss = sum(x[:-1, 1:2]);",
            "loss = sum(x[..., 0]);",
            "loss = sum(y[:, None]*z);",
            "loss = sum(y[::2]);",
            "loss = sum(y[::-1]);",
            "loss = np.mean(x);",
            "loss = np.linalg.norm(w);",
            "loss = torch.sum(torch.expit(w), dim=0);",
            "loss = nn.functional.relu(b);",
            "loss = F.mse_loss(y, y);",
            "loss = tf.reduce_mean(tf.square(y));",
            "loss = jnp.clip(b, 0, 1);",
            "loss = math.pi*b;",
            "loss = PI*b;",
            "loss = sum(mean(x, axis=0, keepdims=True));",
            "loss = sum(mean(x, dim=1));",
            "loss = sum(std(x, axes=1, correction=1));",
            "loss = b**2 + 3**b;",
            "loss = sum(x^T);",
            "loss = sum(x.t) + sum(x.mT);",
            "loss = x.shape[0]*b + x.shape[-1];",
            "loss = y.shape*b;",
            "loss = len(x)*b;",
            "loss = x.size*b;",
            "loss = b if b > 0 else 2*b;",
            "loss = b > 0 ? b : 0;",
            "loss = sum(where(y > 0 and y < 1, y, 0));",
            "loss = sum(where(not (y > 0) or y > 3, 1, 0));",
            "loss = sum(where(0 < y < 1, y, 0));",
            "loss = b; step go() { w := w - 0.1*w.grad; }",
            "let c = b*2; loss = sum(grad(c, [w, b]));",
            "let f = lambda r: r*r; loss = b;",
            "return b;",
            "def f(a) = a*a; loss = f(b);",
            "loss = sum(randn(N));",
            "param v: [N] = randn(); loss = sum(v);",
            "loss = dot(x, w).sum();",
            "loss = x.mean(0).sum() + x.max(dim=1).sum();",
            "loss = einsum(\"nd,d->n\", x, w).sum();",
            "loss = b; print(b);",
            "import numpy as np; loss = b;",
            "loss = True*b;",
            "loss = sum(x[:, :, None]);",
            "loss = b.item() + y.numpy().sum();",
            "loss = sum(y, axis=None);",
        ],
        &expect![[r#"
            loss = sum(x[1:]);
                there is no operator `:` here
                help: `1..`
                => loss = sum(x[1..]);
            loss = sum(x[:, 0]);
                there is no operator `:` here
                help: `..`
                => loss = sum(x[.., 0]);
            loss = sum(x[:-1, 1:2]);
                there is no operator `:` here
                help: `..-1`
                there is no operator `:` here
                help: `1..2`
                => loss = sum(x[..-1, 1..2]);
            loss = sum(x[..., 0]);
                there is no operator `...` here
                help: `..` is one whole axis; whole axes at the end need not be said
                => loss = sum(x[.., 0]);
            loss = sum(y[:, None]*z);
                there is no operator `:` here
                help: `..`
                unknown name `None`
                help: `new`
                => loss = sum(y[.., new]*z);
            loss = sum(y[::2]);
                there is no operator `:` here
                help: steps are not supported yet: `reshape(x, [N/2, 2])[.., 0]` takes every second
            loss = sum(y[::-1]);
                there is no operator `:` here
                help: `flip(x)` reads backwards
            loss = np.mean(x);
                unknown name `np`
                help: `mean(x)`
                => loss = mean(x);
            loss = np.linalg.norm(w);
                unknown name `np`
                help: `norm(w)`
                => loss = norm(w);
            loss = torch.sum(torch.expit(w), dim=0);
                unknown name `torch`
                help: `sigmoid(w)`
                unknown name `torch`
                help: `sum(sigmoid(w), axis = 0)`
                => loss = sum(sigmoid(w), axis = 0);
            loss = nn.functional.relu(b);
                unknown name `nn`
                help: `relu(b)`
                => loss = relu(b);
            loss = F.mse_loss(y, y);
                unknown name `F`
                help: `mse(y, y)`
                => loss = mse(y, y);
            loss = tf.reduce_mean(tf.square(y));
                unknown name `tf`
                help: `square(y)`
                unknown name `tf`
                help: `mean(square(y))`
                => loss = mean(square(y));
            loss = jnp.clip(b, 0, 1);
                unknown name `jnp`
                help: `clamp(b, 0, 1)`
                => loss = clamp(b, 0, 1);
            loss = math.pi*b;
                a value has no field `.pi`
                help: `pi`
                => loss = pi*b;
            loss = PI*b;
                unknown name `PI`
                help: `pi`
                => loss = pi*b;
            loss = sum(mean(x, axis=0, keepdims=True));
                `mean` has no argument `keepdims`
                help: did you mean `keep`?
                => loss = sum(mean(x, axis=0, keep=true));
            loss = sum(mean(x, dim=1));
                `mean` has no argument `dim`
                help: did you mean `axis`?
                => loss = sum(mean(x, axis=1));
            loss = sum(std(x, axes=1, correction=1));
                `std` has no argument `axes`
                help: did you mean `axis`?
                `std` has no argument `correction`
                help: did you mean `ddof`?
                => loss = sum(std(x, axis=1, ddof=1));
            loss = b**2 + 3**b;
                there is no operator `**` here
                help: `b^2`
                there is no operator `**` here
                help: `3^b`
                => loss = b^2 + 3^b;
            loss = sum(x^T);
                unknown name `T`
                help: `x.T`
                => loss = sum(x.T);
            loss = sum(x.t) + sum(x.mT);
                a value has no field `.t`
                help: `.T` is the transpose
                a value has no field `.mT`
                help: `.T` is the transpose
                => loss = sum(x.T) + sum(x.T);
            loss = x.shape[0]*b + x.shape[-1];
                unknown function `shape`
                help: `N`
                unknown function `shape`
                help: `D`
                => loss = N*b + D;
            loss = y.shape*b;
                unknown function `shape`
                help: `N`
                => loss = N*b;
            loss = len(x)*b;
                unknown function `len`
                help: `N`
                => loss = N*b;
            loss = x.size*b;
                unknown function `size`
                help: `N*D`
                => loss = (N*D)*b;
            loss = b if b > 0 else 2*b;
                there is no operator before `if`
                help: `if b > 0 { b } else { 2*b }`
                => loss = (if b > 0 { b } else { 2*b });
            loss = b > 0 ? b : 0;
                there is no operator `?` here
                help: `if b > 0 { b } else { 0 }`
                => loss = (if b > 0 { b } else { 0 });
            loss = sum(where(y > 0 and y < 1, y, 0));
                there is no operator `and` here
                help: `y > 0 && y < 1`
                => loss = sum(where(y > 0 && y < 1, y, 0));
            loss = sum(where(not (y > 0) or y > 3, 1, 0));
                there is no operator `not` here
                help: `!c` is the negation of a truth value
                there is no operator `or` here
                help: `!(y > 0) || y > 3`
                => loss = sum(where(! (y > 0) || y > 3, 1, 0));
            loss = sum(where(0 < y < 1, y, 0));
                comparisons do not chain
                help: `0 < y && y < 1`
                => loss = sum(where((0 < y && y < 1), y, 0));
            loss = b; step go() { w := w - 0.1*w.grad; }
                a value has no field `.grad`
                help: `grad(loss, w)`
                => loss = b; step go() { w := w - 0.1*grad(loss, w);
            let c = b*2; loss = sum(grad(c, [w, b]));
                `grad` is by a named value, but `[w, b]` is not one
                help: one for each: `grad(c, w)`, `grad(c, b)`
            let f = lambda r: r*r; loss = b;
                there are no closures here
                help: a function is `fn f(a) = …;`, and takes whole tensors
            return b;
                no item begins with `return`
                help: an output has a name: `loss = …;`
                => loss = b;
            def f(a) = a*a; loss = f(b);
                no item begins with `def`
                help: `fn`
                => fn f(a) = a*a; loss = f(b);
            loss = sum(randn(N));
                unknown function `randn`
                help: a model is the same function at every call: random numbers are an `input`, and `param w: [D] = normal(0, 1);` starts from them
            param v: [N] = randn(); loss = sum(v);
                unknown initialiser `randn`
                help: `normal(0, 1)`
                => param v: [N] = normal(0, 1); loss = sum(v);
            loss = dot(x, w).sum();
                `dot` takes two vectors, but is given [N, D]
                help: a product of matrices is written `x @ w`
                => loss = (x @ w).sum();
            loss = x.mean(0).sum() + x.max(dim=1).sum();
                `max` has no argument `dim`
                help: did you mean `axis`?
                => loss = x.mean(0).sum() + x.max(axis=1).sum();
            loss = einsum("nd,d->n", x, w).sum();
                `einsum` is not supported yet
                help: products are `a @ b`, `dot(a, b)`, `outer(a, b)`, `sum(a*b, N)`, axes change by `.T` and `permute`
            loss = b; print(b);
                expected `=`, found `(`
                help: a model prints nothing: make the value an output, `name = …;`
            import numpy as np; loss = b;
                no item begins with `import`
                help: this stands outside of the model
            loss = True*b;
                unknown name `True`
                help: `true`
                => loss = true*b;
            loss = sum(x[:, :, None]);
                there is no operator `:` here
                help: `..`
                there is no operator `:` here
                help: `..`
                unknown name `None`
                help: `new`
                => loss = sum(x[.., .., new]);
            loss = b.item() + y.numpy().sum();
                unknown function `item`
                help: `b`: leave `item` out
                unknown function `numpy`
                help: `y`: leave `numpy` out
                => loss = b + y.sum();
            loss = sum(y, axis=None);
                unknown name `None`
                help: what is optional is left out: without an axis, all of them are meant
        "#]],
    );
}

#[test]
fn others() {
    check(
        &[
            "y ~ normal(b, 1); loss = b;",
            "y ~ poisson(b); loss = b;",
            "loss = b; # the loss",
            "let loss = b;",
            "let a = b;",
            "param c, d: [D]; loss = sum(c) + sum(d);",
            "input c, d: [D], f, g: [N, D]; loss = sum(c) + sum(d) + sum(f) + sum(g) + b;",
            "param pred: [D, 1]; loss = mse(x @ pred + b, y);",
            "loss = mean((z - y)^2);",
            "loss = sum(sigmod(w));",
            "loss = sum(softmax(x));",
            "loss = sum(y[i]);",
            "loss = sum(x[i, 0]*y[i]);",
            "loss = sum(v^2 for v in y);",
            "loss = b; loss.backward();",
            "if b > 0 { loss = b; }",
            "loss = sum(x, i);",
            "loss = 2w.sum();",
            "loss = 2 b;",
            "loss = sum(w)(3);",
            "loss = y^2;",
            "loss = sum(x @ x);",
            "loss = sum(x + y);",
        ],
        &expect![[r#"
            y ~ normal(b, 1); loss = b;
                there is no operator `~` here
                help: a distribution is a term of the loss, minus the sum of its logarithm: `loss = -sum(normal_lpdf(y, b, 1));`
            y ~ poisson(b); loss = b;
                there is no operator `~` here
                help: a distribution is a term of the loss, minus the sum of its logarithm: `loss = -sum(poisson_lpmf(y, b));`
            loss = b; # the loss
                expected an item, found `#`
                help: a comment begins with `//`
            let loss = b;
                `let loss` is a value inside of the model, and no output: nothing could minimise it
                help: `loss = …;` without `let` is the output that is minimised
                =>  loss = b;
            let a = b;
                `M` computes nothing: it has no output and no step
                help: `a = …;` without `let` is an output; `loss = …;` is what optimisers make small
            param c, d: [D]; loss = sum(c) + sum(d);
                `c` has no shape here: only `d` is [D]
                help: `c: [D], d: [D]`, or `c: [], d: [D]` for numbers
                => param c: [D], d: [D]; loss = sum(c) + sum(d);
            input c, d: [D], f, g: [N, D]; loss = sum(c) + sum(d) + sum(f) + sum(g) + b;
                `c` has no shape here: only `d` is [D]
                help: `c: [D], d: [D]`, or `c: [], d: [D]` for numbers
                `f` has no shape here: only `g` is [N, D]
                help: `f: [N, D], g: [N, D]`, or `f: [], g: [N, D]` for numbers
                => input c: [D], d: [D], f: [N, D], g: [N, D]; loss = sum(c) + sum(d) + sum(f) + sum(g) + b;
            param pred: [D, 1]; loss = mse(x @ pred + b, y);
                `mse` compares values of one shape, but is given [N, 1] and [N]
                help: `y[.., new]` makes both [N, 1], `(x @ pred + b)[.., 0]` makes both [N]
                => param pred: [D, 1]; loss = mse(x @ pred + b, y[.., new]);
            loss = mean((z - y)^2);
                `-` would stretch both [N, 1] and [N] to [N, N]
                help: `y[.., new]` makes both [N, 1], `z[.., 0]` makes both [N], `z[.., 0][.., new]` asks for [N, N]
                => loss = mean((z - y[.., new])^2);
            loss = sum(sigmod(w));
                unknown function `sigmod`
                help: did you mean `sigmoid`?
                => loss = sum(sigmoid(w));
            loss = sum(softmax(x));
                `softmax` of [N, D] needs to know the axis
                help: `axis = D`
                => loss = sum(softmax(x, axis = D));
            loss = sum(y[i]);
                unknown name `i`
                help: operations take whole axes: `y`
                => loss = sum(y);
            loss = sum(x[i, 0]*y[i]);
                unknown name `i`
                help: operations take whole axes: `x[.., 0]`
                unknown name `i`
                help: operations take whole axes: `y`
                => loss = sum(x[.., 0]*y);
            loss = sum(v^2 for v in y);
                `for` is not a word of this language
                help: operations take whole tensors: `sum(x, N)`, `cumsum(x)`, `x[1..] - x[..-1]`; what depends on the turn before (`scan`) is not supported yet
            loss = b; loss.backward();
                expected `=`, found `.`
                help: a model has values, and no statements: `value = loss…;`, `grad(loss, w)`
            if b > 0 { loss = b; }
                `if` is not a word of this language
                help: a choice is a value: `name = if c { a } else { b };`
            loss = sum(x, i);
                there is no axis `i` in [N, D]
                help: its axes are `N`, `D`
            loss = 2w.sum();
                `2w` is a single number with the suffix `w`
                help: `2*w`
                => loss = (2*w).sum();
            loss = 2 b;
                there is no operator before `b`
                help: `*` multiplies, `@` is the product of matrices
                => loss = 2 * b;
            loss = sum(w)(3);
                there is no operator before `(`
                help: `*` multiplies, `@` is the product of matrices
                => loss = sum(w)* (3);
            loss = y^2;
                `loss` must be a scalar to be minimised, but it is [N]
                help: `loss = mean(y^2);`
                => loss = mean(y^2);
            loss = sum(x @ x);
                `x @ x` multiplies [N, D] by [N, D]: the inner dimensions D and N differ
                help: `x @ x.T`
                => loss = sum((x @ x.T));
            loss = sum(x + y);
                cannot add [N, D] and [N]: the last axis is D on the left and N on the right
                help: `y[.., new]` makes the right side [N, 1]
                => loss = sum(x + y[.., new]);
        "#]],
    );
}

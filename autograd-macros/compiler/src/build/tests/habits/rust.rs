//! What people write in Rust.

use expect_test::expect;

use super::check;

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
                help: `loss = sum[i in 0..N](y[i]);`
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

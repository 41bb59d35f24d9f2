//! The work of the compiler grows like the model: in its lets, terms, factors, parameters, outputs, steps and nesting.
//!
//! Work is counted in allocations and in bytes, which are the same at every run (what walks over names or nodes allocates
//! them, or marks for all of them). A model of twice the size takes at most 2.2 times as much of both; the sizes are such that
//! both models are cut into pieces, or neither. How long that takes is for `benches/compile.rs` to say.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use autograd_compiler::pipeline::compile;
use proc_macro2::TokenStream;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is handed to the system's allocator as it came; counting does not allocate. What is not written
// here is made of these two.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        BYTES.set(BYTES.get() + layout.size());
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations and bytes that a model takes, and whether it is refused.
fn work(text: &str) -> ([usize; 2], bool) {
    let tokens: TokenStream = text.parse().expect("the text is made of tokens");
    let before = [COUNT.get(), BYTES.get()];
    let code = compile(tokens);
    let after = [COUNT.get(), BYTES.get()];
    ([after[0] - before[0], after[1] - before[1]], code.to_string().contains("compile_error"))
}

/// Models of `size` and twice that: the work may double, and nothing more.
#[track_caller]
fn check(size: usize, model: impl Fn(usize) -> String) {
    let [(small, _), (large, refused)] = [size, 2 * size].map(|size| work(&model(size)));
    assert!(!refused, "the model is refused: {}", compile(model(2 * size).parse().expect("tokens")));
    for (small, large, what) in [(small[0], large[0], "allocations"), (small[1], large[1], "bytes")] {
        #[expect(clippy::cast_precision_loss, reason = "both are small")]
        let ratio = large as f64 / small as f64;
        assert!(
            ratio <= 2.2,
            "{small} and {large} {what}, {ratio:.2} times as many, for twice of {size}:\n{}",
            model(4)
        );
    }
}

/// As many pieces as said, one after the other.
fn each(count: usize, piece: impl Fn(usize) -> String) -> String {
    numbered(count, piece).concat()
}

/// Pieces with a sign between them, in parentheses so that no expression is too deep.
fn joined(pieces: &[String], sign: &str) -> String {
    if pieces.len() <= 40 {
        return format!("({})", pieces.join(sign));
    }
    let (left, right) = pieces.split_at(pieces.len() / 2);
    format!("({}{sign}{})", joined(left, sign), joined(right, sign))
}

fn numbered(count: usize, piece: impl Fn(usize) -> String) -> Vec<String> {
    (0..count).map(piece).collect()
}

/// A model whose values `h0`, `h1`, … are each made of the one before.
fn chain(count: usize, head: &str, first: &str, next: impl Fn(usize) -> String) -> String {
    let lets = each(count, |i| format!("let h{} = {}; ", i + 1, next(i)));
    format!("M<N, D> {{ {head} let h0 = {first}; {lets} loss = sum(h{count}^2); }}")
}

#[test]
fn in_lets() {
    let vectors = "param w: [N]; input x: [N];";
    check(60, |n| chain(n, vectors, "w * x", |i| format!("h{i} * 0.5 + x")));
    check(120, |n| chain(n, vectors, "w * x", |i| format!("tanh(h{i})")));
    check(40, |n| chain(n, vectors, "w * x", |i| format!("if h{i} > 0 {{ h{i} * 0.5 }} else {{ x }}")));
    check(30, |n| chain(n, vectors, "w * x", |i| format!("h{i} - mean(h{i})")));
    check(30, |n| chain(n, vectors, "w * x", |i| format!("softmax(h{i} + {i})")));
    check(30, |n| chain(n, vectors, "w * x", |i| format!("cumsum(sin(h{i}))")));
    check(30, |n| chain(n, vectors, "w * x", |i| format!("h{i} / (x + {i})")));
}

#[test]
fn in_factors_and_terms() {
    let products = |n: usize, sign: &str| {
        let names = numbered(n, |i| format!("p{i}"));
        format!("M<N> {{ param {}; input x: [N]; loss = sum(x) * {}; }}", names.join(", "), joined(&names, sign))
    };
    for sign in ["+", "*"] {
        check(130, |n| products(n, sign));
    }
    let matrices = "param w: [D, D]; input x: [N, D];";
    check(12, |n| chain(n, matrices, "x", |i| format!("h{i} @ w")));
    check(12, |n| chain(n, matrices, "x", |i| format!("tanh(h{i} @ w + x)")));
    check(30, |n| chain(n, "param w; input x: [N];", "w * x", |i| format!("h{i} * (x + {i})")));
    check(12, |n| chain(n, "param w; input x: [N];", "w * x", |i| format!("h{i}^2")));
}

#[test]
fn in_parameters_inputs_states_and_dimensions() {
    check(40, |n| {
        let lets = each(n, |i| format!("let h{} = h{i} + p{i}^2; ", i + 1));
        format!(
            "M<N> {{ {} input x: [N]; let h0 = x; {lets} loss = sum(h{n}); }}",
            each(n, |i| format!("param p{i}: [N]; "))
        )
    });
    check(40, |n| {
        let sums = joined(&numbered(n, |i| format!("sum(x{i})")), " + ");
        let dims = numbered(n, |i| format!("D{i}")).join(", ");
        format!("M<{dims}> {{ param w; {} loss = w * {sums}; }}", each(n, |i| format!("input x{i}: [D{i}]; ")))
    });
    check(200, |n| format!("M {{ {} y = p0; }}", each(n, |i| format!("state p{i}; "))));
    check(100, |n| {
        let names = numbered(n, |i| format!("a{i}"));
        let (list, sum) = (names.join(", "), joined(&names, " + "));
        format!(
            "M {{ state w; fn f({list}) = {sum}; y = f({}); step s({list}) {{ w := {sum}; }} }}",
            ["w"].repeat(n).join(", ")
        )
    });
}

#[test]
fn in_outputs_and_steps() {
    check(30, |n| {
        format!("M<N> {{ param w; input x: [N]; {} loss = w^2; }}", each(n, |i| format!("o{i} = sum(x * {i}.5) * w; ")))
    });
    check(30, |n| {
        let steps = each(n, |i| format!("step s{i}(r) {{ w := w - {i} * r * grad(loss, w); }} "));
        format!("M<N> {{ param w; input x: [N]; loss = w^2 * sum(x); {steps} }}")
    });
    check(400, |n| {
        format!(
            "M {{ {} step s {{ {} }} }}",
            each(n, |i| format!("state p{i}; ")),
            each(n, |i| format!("p{i} := p{i} + {i}.5; "))
        )
    });
    check(100, |n| {
        let lets = each(n, |i| format!("let l{} = l{i} * 2 + w; ", i + 1));
        format!("M {{ state w; step s {{ let l0 = w; {lets} w := l{n}; }} }}")
    });
    check(100, |n| {
        let (names, updates) =
            (numbered(n, |i| format!("p{i}")), each(n, |i| format!("p{i} := p{i} - r * grad(loss, p{i}); ")));
        let loss = joined(&numbered(n, |i| format!("sin(p{i})")), " * ");
        format!("M {{ param {}; loss = {loss}; step s(r) {{ {updates} }} }}", names.join(", "))
    });
}

#[test]
fn in_functions_and_constants() {
    check(100, |n| {
        let (functions, lets) =
            (each(n, |i| format!("fn f{i}(a) = a + {i}; ")), each(n, |i| format!("let h{} = f{i}(h{i}); ", i + 1)));
        format!("M {{ param w; {functions} let h0 = w; {lets} loss = h{n}; }}")
    });
    check(40, |n| {
        let functions = each(n, |i| format!("fn f{}(a) = f{i}(a) + sin(a + {i}); ", i + 1));
        format!("M {{ param w; fn f0(a) = a; {functions} loss = f{n}(w); }}")
    });
    check(100, |n| {
        format!(
            "M {{ param w; const c0 = 1; {} loss = w * c{n}; }}",
            each(n, |i| format!("const c{} = c{i} + 0.5; ", i + 1))
        )
    });
}

#[test]
fn in_nesting() {
    check(40, |n| format!("M<N> {{ state w: [N]; y = {}w{}; }}", "sin(".repeat(n), " + 1)".repeat(n)));
    for item in ["state w: [N]; y", "param w: [N]; loss"] {
        check(40, |n| {
            let open = each(n, |i| format!("if w > {i} {{ w*{i}.5 }} else {{ "));
            format!("M<N> {{ {item} = sum({open} w {}); }}", " }".repeat(n))
        });
    }
}

/// The n-th derivative by a number costs about n² where sweeps back would double.
#[test]
fn in_nested_derivatives() {
    let nested =
        |n: usize| format!("M {{ param x; loss = {}exp(sin(x)) * x^3{}; }}", "grad(".repeat(n), ", x)".repeat(n));
    let [[small, _], [large, _]] = [6, 12].map(|n| work(&nested(n)).0);
    assert!(large < 6 * small, "{small} and {large} allocations");
}

/// What would grow without bounds is refused, and at once.
#[test]
fn what_grows_is_refused() {
    let sums = |n: usize| {
        let (names, params) = (
            numbered(n, |i| format!("A{i}, B{i}")).join(", "),
            each(n, |i| format!("param a{i}: [A{i}], b{i}: [B{i}]; ")),
        );
        let product = numbered(n, |i| format!("(A{i} + B{i})")).join(" * ");
        let sums = numbered(n, |i| format!("sum(a{i}) + sum(b{i})")).join(" + ");
        format!("M<{names}> {{ {params} param w: [{product}]; loss = sum(w) + {sums}; }}")
    };
    let vectors = |n: usize| {
        let inner = format!("{}sum(w^3 * sin(w)){}", "sum(grad(".repeat(n), ", w)^2)".repeat(n));
        format!("M<N> {{ param w: [N]; loss = {inner}; }}")
    };
    let calls = |n: usize| {
        let functions = each(n, |i| format!("fn f{}(a) = f{i}(a) + 1; ", i + 1));
        format!("M {{ param w; fn f0(a) = a; {functions} loss = f{n}(w); }}")
    };
    let ranks = |n: usize| format!("M {{ param w: [{}]; loss = sum(w); }}", ["1"].repeat(n).join(", "));
    let powers = |n: usize| format!("M<N> {{ param w: [N]; input x: [N{}]; loss = sum(w) + sum(x); }}", "^2".repeat(n));
    let limit = 100_000_000;
    for (model, size) in
        [(&sums as &dyn Fn(usize) -> String, 40), (&vectors, 30), (&calls, 3000), (&ranks, 10_000), (&powers, 20)]
    {
        let ([_, bytes], refused) = work(&model(size));
        assert!(refused && bytes < limit, "{bytes} bytes, refused: {refused}\n{}", model(3));
    }
}

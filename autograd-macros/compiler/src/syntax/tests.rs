//! The parser as a whole: models, recovery, and what it must survive.

use expect_test::expect;

use super::print;
use super::testing::{check, check_errors, only_value, read};

#[test]
fn the_models_of_the_guide() {
    check(
        r"
        /// y = w·x + b
        /// by least squares.
        #[derive(Debug)]
        pub(crate) LinearRegression<N> as lines {
            param w, b;
            /// The data.
            input x: [N], y: [N];
            loss = mean((0.5 * (w*x + b - y))^2);
        }",
        &expect![[r#"
            /// y = w·x + b
            /// by least squares.
            pub(crate) LinearRegression<N> as lines {
                param w;
                param b;
                /// The data.
                input x: [N];
                /// The data.
                input y: [N];
                loss = mean(((0.5 * (((w * x) + b) - y)) ^ 2));
            }
        "#]],
    );
    check(
        r"
        pub Mlp<N, D, H, K> {
            param w1: [D, H] = kaiming_uniform();
            param b: [K] unused;
            param b1: [H] = zeros() unused;
            input label: [N] in K;
            state m: [2*H - 1] = normal(0, std = 0.1);
            const C = 3;
            let hidden = relu(x @ w1 + b1);
            logits = hidden @ w2 + b2;
            loss = cross_entropy(logits, label).mean();
        }",
        &expect![[r#"
            pub Mlp<N, D, H, K> {
                param w1: [D, H] = kaiming_uniform();
                param b: [K] unused;
                param b1: [H] = zeros() unused;
                input label: [N] in K;
                state m: [((2 * H) - 1)] = normal(0, std = 0.1);
                const C = 3;
                let hidden = relu(((x @ w1) + b1));
                logits = ((hidden @ w2) + b2);
                loss = mean(cross_entropy(logits, label));
            }
        "#]],
    );
    check(
        r"
        Rosenbrock<N> {
            param x: [N];
            /// A valley.
            fn square(a) = a^2;
            fn bowl(a, b) { let c = a - b; square(c) + 1 }
            loss = sum[i in 0..N-1](100*square(x[i+1] - x[i]^2) + (1 - x[i])^2);
            step train(lr, g: [N] in 3) -> loss, x { let d = grad(loss, x); x := x - lr*d; }
            step go { x := -x; }
        }",
        &expect![[r#"
            Rosenbrock<N> {
                param x: [N];
                /// A valley.
                fn square(a) { (a ^ 2) }
                fn bowl(a, b) { let c = (a - b); (square(c) + 1) }
                loss = sum[i in 0..(N - 1)](((100 * square((x[(i + 1)] - (x[i] ^ 2)))) + ((1 - x[i]) ^ 2)));
                step train(lr, g: [N] in 3) -> loss, x {
                    let d = grad(loss, x);
                    x := (x - (lr * d));
                }
                step go() {
                    x := (-x);
                }
            }
        "#]],
    );
}

#[test]
fn item_words_are_words_only_where_an_item_starts() {
    check(
        "M { param = 3; input = param + step; state = input; step = 1; param param; param input, state; let step = 2; }",
        &expect![[r#"
            M {
                param = 3;
                input = (param + step);
                state = input;
                step = 1;
                param param;
                param input;
                param state;
                let step = 2;
            }
        "#]],
    );
}

#[test]
fn what_macros_captured_is_one_operand() {
    use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

    let captured = |text: &str| -> TokenStream {
        TokenTree::Group(Group::new(Delimiter::None, text.parse().expect("tokens"))).into()
    };
    let (sum, negative, path, name, visibility) =
        (captured("a + b"), captured("-1"), captured("krate::f"), captured("w"), captured("pub(crate)"));
    let nothing = captured("");
    let tokens =
        quote::quote!(#nothing #visibility M { param #name; y = 2 * #sum ^ 2 * #negative ^ 2 + #path(#name).T; });
    let mut diagnostics = crate::diagnostics::Diagnostics::default();
    let model = super::parse(tokens, &mut diagnostics).expect("a model");
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    expect![[r#"
        pub(crate) M {
            param w;
            y = (((2 * ((a + b) ^ 2)) * ((-1) ^ 2)) + krate::f(w).T);
        }
    "#]].assert_eq(&print::model(&model));
}

#[test]
fn all_mistakes_are_reported_and_the_rest_is_kept() {
    check(
        r"
        pub M<N, N> {
            param type: [N] = zeros(;
            param w: [N] = 2x, b = 0 <= x < 1;
            inputs x: [N];
            let h = w * (a ** b, 1f32 + 'c');
            let k;
            fn f(a, a) { let u = ; u; }
            loss = mean(x y) + $;
            out = 1 +;
            fine = 3;
            step go(lr, ) -> fine { w = w + 1 b := ; let q = 3 + + 4; w += 1; }
        }"
        .replace("zeros(;", "zeros();")
        .replace('$', "?")
        .as_str(),
        &expect![[r#"
            pub M<N, N> {
                param type: [N] = zeros();
                param w: [N] = NaN;
                param b = ((0 <= x) && (x < 1));
                let h = (w * (NaN + NaN));
                let k = NaN;
                fn f(a, a) { let u = NaN; NaN }
                loss = NaN;
                out = NaN;
                fine = 3;
                step go(lr) -> fine {
                    w := (w + 1);
                    let q = (3 + 4);
                }
            }
            N | the dimension `N` is declared twice
                help: remove it, or rename it
            type | `type` is a word of Rust, and cannot be a name
                help: `type_`
            2x | `2x` is a single number with the suffix `x`
                help: `2*x`
            < | comparisons do not chain
                help: `0 <= x && x < 1`
            inputs | no item begins with `inputs`
                help: `input`
            ** | there is no operator `**` here
                help: `x^2` is a power
            1f32 | `1f32` is a single number with the suffix `f32`
                help: `1`
            'c' | `'c'` is not a number: models compute with numbers and truth values
            k | `k` is given no value
                help: `k = …;`
            a | the argument `a` is declared twice
                help: remove it, or rename it
            u | `u` is given no value
                help: `u = …;`
            ; | expected `}`, found `;`
                help: a block ends with its value: remove this `;`, or write `let name = …;`
            y | there is no operator before `y`
                help: `*` multiplies, `@` is the product of matrices
            ? | expected an expression, found `?`
            ; | expected an expression, found `;`
            = | `=` does not assign to `w` in a step
                help: `w := …;` assigns, `let w = …;` names a value
            1 | there is no `;` at the end of this item
                help: add `;`
            b | `b` is given no value
                help: `b := …;`
            + | `+` stands between two values, not before one
                help: leave out this `+`
            += | there is no operator `+=` here
                help: `w := w + …;`
        "#]],
    );
}

#[test]
fn a_missing_semicolon_spoils_nothing() {
    check_errors("param w let a = w b = a", &expect![[r#"
        w | there is no `;` at the end of this item
            help: add `;`
        w | there is no `;` at the end of this item
            help: add `;`
        a | there is no `;` at the end of this item
            help: add `;`"#]]);
    check_errors("let a = 1 fn f(x) = x param p; state s input q; c = 3 d[i] = 3;", &expect![[r#"
        1 | there is no `;` at the end of this item
            help: add `;`
        x | there is no `;` at the end of this item
            help: add `;`
        s | there is no `;` at the end of this item
            help: add `;`
        3 | there is no `;` at the end of this item
            help: add `;`
        d[i] | index notation is not supported yet: `d[i] = …`
            help: `d = …;` with operations on whole tensors, such as `a @ b`"#]]);
}

#[test]
fn headers() {
    check("", &expect![[r#"
        no model
         | the model has no name
            help: `pub Name<N> { … }` around the items
         | expected `{`, found the end
            help: `pub Name<N> { … }`
    "#]]);
    check("{ param w; }", &expect![[r#"
        no model
        { param w; } | the model has no name
            help: `pub Name<N> { … }` around the items
    "#]]);
    check("param w; loss = w;", &expect![[r#"
        no model
        param | the model has no name
            help: `pub Name<N> { … }` around the items
        param | expected `{`, found `param`
            help: `pub Name<N> { … }`
    "#]]);
    check("pub struct M<N { }", &expect![[r#"
        pub M<N> {
        }
        struct | expected the model's name, found `struct`
            help: leave this word out
        { } | expected `,` or `>`, found `{`
            help: `<N, D>`
        { } | the body of `M` is empty
            help: `param w; input x: [N]; loss = mean((w*x)^2);`
    "#]]);
    check("M<const N: usize> { y = 1; }", &expect![[r#"
        M<const> {
            y = 1;
        }
        const | `const` is a word of Rust, and cannot be a name
            help: `const_`
        N | expected `,` or `>`, found `N`
            help: `<N, D>`
    "#]]);
    check("M<N,> { y = 1; } K { }", &expect![[r#"
        M<N> {
            y = 1;
        }
        K | expected the end, found `K`
            help: each model has a `model!` of its own
    "#]]);
    check("M<N> as { y = 1; }", &expect![[r#"
        M<N> {
            y = 1;
        }
        { y = 1; } | expected the name of a module, found `{`
    "#]]);
    check("M<N> as mod", &expect![[r#"
        M<N> as mod {
        }
        mod | `mod` is a word of Rust, and cannot be a name
            help: `mod_`
         | expected `{`, found the end
            help: `pub Name<N> { … }`
    "#]]);
    check("M (y = 1) { y = 2; }", &expect![[r#"
        M {
            y = 2;
        }
        (y = 1) | expected `{`, found `(`
            help: `pub Name<N> { … }`
    "#]]);
}

#[test]
fn declarations() {
    check_errors("param; param : [N]; input x: N; input y: f64; param z: n;", &expect![[r#"
        ; | expected a name, found `;`
        : | expected a name, found `:`
        N | expected a shape, found `N`
            help: `: [N]`
        f64 | expected a shape, found `f64`
            help: a scalar has no shape: leave this out
        n | expected a shape, found `n`
            help: `: [N, D]`"#]]);
    check_errors("input x: [N] = 3; input y unused; param p in K; state s unused;", &expect![[r#"
        = 3 | `=` does not belong to `input`
            help: an input is given at every call; a fixed number is a `const`
        unused | `unused` does not belong to `input`
            help: only a `param` can be `unused`
        in K | `in` does not belong to `param`
            help: class indices are an `input`
        unused | `unused` does not belong to `state`
            help: only a `param` can be `unused`"#]]);
    check_errors("param w:= 3; param a b; param c: [N,, 2];", &expect![[r#"
        := | expected `;`, found `:=`
        b | there is no operator before `b`
            help: `*` multiplies, `@` is the product of matrices
        , | expected an expression, found `,`"#]]);
    check_errors("#[cfg(test)] param w; /// nothing", &expect![]);
}

#[test]
fn outputs_and_lets() {
    check_errors("loss == 3; w := 3; y: [N]; mean(x); z + 1; a += 1; 3; ; q;", &expect![[r#"
        == | expected `=`, found `==`
            help: `name = value;`
        := | `:=` assigns to `w` outside of a `step`
            help: `w = …;` is an output; `step train { w := …; }` assigns
        : | expected `=`, found `:`
            help: `param y: …;` or `input y: …;`
        (x) | expected `=`, found `(`
            help: `let mean = …;` or `mean = …;`
        + | expected `=`, found `+`
            help: `let z = …;` or `z = …;`
        += | expected `=`, found `+=`
            help: `let a = …;` or `a = …;`
        3 | expected an item, found `3`
        ; | expected an item, found `;`
            help: remove this `;`
        ; | expected `=`, found `;`
            help: `let q = …;` or `q = …;`"#]]);
    check_errors(
        "let = 3; let a; let b =; let c == 3; let d: [N] = 3; let fn = 3; const _ = 3; let mut x = 3;",
        &expect![[r#"
            = | expected a name, found `=`
            b | `b` is given no value
                help: `b = …;`
            == | expected `=`, found `==`
                help: `name = value;`
            : | expected `=`, found `:`
                help: the compiler finds the shape of a value by itself
            fn | `fn` is a word of Rust, and cannot be a name
                help: `fn_`
            _ | `_` is a word of Rust, and cannot be a name
                help: choose another name
            mut | `mut` is a word of Rust, and cannot be a name
                help: `mut_`
            mut | `mut` is given no value
                help: `mut = …;`"#]],
    );
    check_errors("c[i, j in 0..N] = a[i, j] + 2x; v[] = 3;", &expect![[r#"
        c[i, j in 0..N] | index notation is not supported yet: `c[i, j] = …`
            help: `c = …;` with operations on whole tensors, such as `a @ b`
        2x | `2x` is a single number with the suffix `x`
            help: `2*x`"#]]);
    check_errors("new = 3; loss_into = 4; step loss { w := 1; } crate = 3; self = 4; true = 3;", &expect![[r#"
        new | `new` already means something in every model
            help: `new_value`
        loss_into | `loss_into` already means something in every model
            help: `loss_value`
        loss | `loss` already means something in every model
            help: `train`
        crate | `crate` is a word of Rust, and cannot be a name
            help: choose another name
        self | `self` is a word of Rust, and cannot be a name
            help: choose another name
        true | `true` is a word of Rust, and cannot be a name
            help: `true_`"#]]);
    check_errors("var x = 3; def f(a) = a; outputs y = 3; pub param w; banana split;", &expect![[r#"
        var | no item begins with `var`
            help: `let`
        def | no item begins with `def`
            help: `fn`
        outputs | no item begins with `outputs`
            help: leave this word out
        pub | no item begins with `pub`
            help: leave this word out
        banana | no item begins with `banana`
            help: an item begins with `param`, `input`, `state`, `const`, `let`, `fn`, `step` or `name =`"#]]);
}

#[test]
fn functions_and_blocks() {
    check_errors("fn f = 3; fn (a) = a; fn g(a: [N]) = a; fn h(a) a; fn k(a) -> N { a }", &expect![[r#"
        = | expected `(`, found `=`
        (a) | expected the name of a function, found `(`
        : | expected `,`, found `:`
            help: a function takes any shape: leave this out
        a | expected `=` or `{`, found `a`
            help: `fn h(a) = …;`
        -> | expected `=` or `{`, found `->`
            help: `fn k(a) = …;`"#]]);
    check_errors("fn f(a) {} fn g(a) { let b = a; } fn h(a) { a; } fn k(a) { b = a; b }", &expect![[r#"
        {} | the body of `f` is empty
            help: `{ let a = …; value }`
        { let b = a; } | the body of `g` is empty
            help: `{ let a = …; value }`
        ; | expected `}`, found `;`
            help: a block ends with its value: remove this `;`, or write `let name = …;`
        = | `=` cannot stand inside an expression
            help: `==` compares; `let a = …;` gives a name to a value"#]]);
    check_errors("y = if c { 1 }; z = if c { let a = 1; a; } else { }; u = if c 1 else 2;", &expect![[r#"
        if c { 1 } | this `if` has no `else`, and so no value where the condition is false
            help: add `else { … }`
        ; | expected `}`, found `;`
            help: a block ends with its value: remove this `;`, or write `let name = …;`
        { } | the body of `else` is empty
            help: `{ let a = …; value }`
        1 | there is no operator before `1`
            help: `*` multiplies, `@` is the product of matrices"#]]);
}

#[test]
fn steps() {
    check_errors("step (a) { w := 1; } step a; step b { } step c -> { w := 1; } step d() w { w := 2; }", &expect![[r#"
        (a) | expected the name of a step, found `(`
        ; | expected `{`, found `;`
            help: `step train(lr) -> loss { w := …; }`
        { w := 1; } | expected the name of a value, found `{`
        w | expected `{`, found `w`
            help: `step train(lr) -> loss { w := …; }`"#]]);
    check_errors("step a { w[1] := 2; 3; w; w :=; w == 1; w -= 2x; let g; w := 1 }", &expect![[r#"
        [1] | expected `:=`, found `[`
            help: a step assigns whole tensors: `w := …;`
        3 | expected `let` or `name := …;`, found `3`
        ; | expected `:=`, found `;`
            help: `w := …;`
        w | `w` is given no value
            help: `w := …;`
        == | `=` does not assign to `w` in a step
            help: `w := …;` assigns, `let w = …;` names a value
        -= | there is no operator `-=` here
            help: `w := w - …;`
        g | `g` is given no value
            help: `g = …;`
        1 | there is no `;` at the end of this item
            help: add `;`"#]]);
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    for text in deep() {
        let (_, diagnostics) = read(&format!("M {{ y = {text}; }}"));
        let codes: Vec<_> = diagnostics.errors().iter().map(|error| error.problem.code()).collect();
        assert_eq!(codes, ["too_deep"], "{}", &text[..20]);
    }
    let (_, diagnostics) = read(&format!("M {{ y = {}1; }}", "1 + ".repeat(150)));
    assert!(!diagnostics.has_errors());
}

/// Expressions that are deep in every way that the language has.
fn deep() -> Vec<String> {
    let nest = |open: &str, close: &str| format!("{}1{}", open.repeat(3000), close.repeat(3000));
    let mut texts: Vec<String> = [("(", ")"), ("[", "]"), ("f(", ")"), ("x[", "]"), ("sum[i](", ")"), ("g::f(", ")")]
        .map(|(open, close)| nest(open, close))
        .into();
    texts.extend(["-", "!", "2^", "2 + ", "1 * ", "a && "].map(|open| nest(open, "")));
    texts.extend([".T", ".f()", "[1]", " - 1"].map(|close| nest("", close)));
    texts.push(nest("if c { 1 } else ", "").replace("else 1", "else { 1 }"));
    texts.push(nest("if c { ", " } else { 1 }"));
    texts.push(nest("x[1..", "]"));
    texts
}

/// A generator of numbers that are random enough.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = usize::try_from(self.0 >> 33).expect("31 bits");
        high % bound
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

const WORDS: &[&str] = &[
    "param",
    "input",
    "state",
    "step",
    "const",
    "let",
    "fn",
    "if",
    "else",
    "in",
    "new",
    "as",
    "pub",
    "x",
    "loss",
    "N",
    "type",
    "_",
    "unused",
    "crate",
    "self",
    "1",
    "2.5",
    "2x",
    "\"s\"",
    "'a'",
    "'a ",
    "#",
    "#[a]",
    "/// d\n",
    "+",
    "-",
    "*",
    "/",
    "@",
    "^",
    "!",
    "<",
    ">",
    "=",
    "==",
    ":=",
    "->",
    ":",
    "::",
    ";",
    ";",
    ";",
    ",",
    ",",
    ".",
    ".T",
    "..",
    "..=",
    "&&",
    "||",
    "**",
    "?",
    "$",
    "x =",
    "(x)",
    "[N]",
    "sum[i]",
    "sum[i](x)",
    "{ x }",
    "f(x, a = 1)",
];

const MODEL: &str = "/// d\npub M < N , D > as m { param w : [ N , D ] = zeros ( ) , b ; input x : [ N ] in 3 ; \
    state s unused ; const K = 3 ; let h = if a < b { let c = 1 ; c } else { - x ^ 2 } ; fn f ( a , b ) { let c = a ; c } \
    fn g ( a ) = a @ w . T ; y = sum [ i in 0 .. N - 1 ] ( x [ i + 1 , .. , new ] ) ; loss = crate :: f ( x , axis = ( N , K ) ) ; \
    step train ( lr ) -> loss , w { let g = 1 ; w := w - lr * g ; } }";

#[test]
fn no_soup_of_tokens_makes_it_panic() {
    let mut random = Random(1);
    for _ in 0..20_000 {
        let words: Vec<_> = (0..random.below(40)).map(|_| random.pick(WORDS)).collect();
        let soup = format!("M<N> {{ {} }}", words.join(" "));
        survive(&soup, words.is_empty());
        survive(&soup[6..soup.len() - 1], false);
    }
}

#[test]
fn no_mutation_of_a_model_makes_it_panic() {
    let words: Vec<&str> = MODEL.split(' ').collect();
    let mut random = Random(2);
    for _ in 0..20_000 {
        let mut mutated = words.clone();
        for _ in 0..=random.below(3) {
            let place = random.below(mutated.len());
            let other = mutated[random.below(mutated.len())];
            match random.below(4) {
                0 => drop(mutated.remove(place)),
                1 => mutated.insert(place, random.pick(WORDS)),
                2 => mutated[place] = other,
                _ => mutated.truncate(mutated.len().max(2) - 1),
            }
        }
        survive(&mutated.join(" "), false);
    }
}

/// Reads a text, if it is tokens at all: what comes without errors is printed and read again as the same.
fn survive(text: &str, must_fail: bool) {
    let Ok(tokens) = text.parse() else {
        return;
    };
    let mut diagnostics = crate::diagnostics::Diagnostics::default();
    let model = super::parse(tokens, &mut diagnostics);
    assert!(model.is_some() || diagnostics.has_errors(), "no model and no error: {text}");
    assert!(!must_fail || diagnostics.has_errors(), "no error: {text}");
    let Some(model) = model.filter(|_| !diagnostics.has_errors()) else {
        return;
    };
    let printed = print::model(&model);
    assert!(!printed.contains("NaN"), "unread and no error: {text}");
    let (again, diagnostics) = read(&printed);
    assert!(!diagnostics.has_errors(), "{text}\nis printed as\n{printed}\n{diagnostics:?}");
    assert_eq!(print::model(&again.expect("a model")), printed, "{text}");
}

#[test]
fn source_has_the_parentheses_that_it_needs() {
    let operands = ["a", "1.5", "f(x)", "x.T", "(1, 2)", "[1]", "if c { 1 } else { 2 }"];
    let operators = ["||", "&&", "==", "<", "+", "-", "*", "/", "@", "^"];
    let mut random = Random(3);
    for _ in 0..20_000 {
        let mut text = random.pick(&operands).to_owned();
        for _ in 0..random.below(7) {
            let other = random.pick(&operands);
            text = match random.below(5) {
                0 => format!("({text}) {} {other}", random.pick(&operators)),
                1 => format!("{other} {} ({text})", random.pick(&operators)),
                2 => format!("-({text})"),
                3 => format!("{other} {} {text}", random.pick(&operators[4..])),
                _ => format!("!({text})"),
            };
        }
        let value = |text: &str| {
            let (model, diagnostics) = read(&format!("M {{ y = {text}; }}"));
            (!diagnostics.has_errors()).then(|| model.and_then(only_value).expect("a value"))
        };
        let Some(first) = value(&text) else { continue };
        let shown = print::source(&first);
        let second = value(&shown).unwrap_or_else(|| panic!("{text} is shown as {shown}"));
        assert_eq!(print::parenthesised(&first), print::parenthesised(&second), "{shown}");
    }
}

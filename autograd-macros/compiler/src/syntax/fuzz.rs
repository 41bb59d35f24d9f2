//! What the parser must survive: deep nesting, soups of tokens, mutated models.

use super::print;
use super::testing::{only_value, read};
use crate::testing::random::Random;

/// How many random texts each test reads.
const ROUNDS: usize = 3000;

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
    let mut random = Random::new(1);
    for _ in 0..ROUNDS {
        let words: Vec<_> = (0..random.below(40)).map(|_| random.pick(WORDS)).collect();
        let soup = format!("M<N> {{ {} }}", words.join(" "));
        survive(&soup, words.is_empty());
        survive(&soup[6..soup.len() - 1], false);
    }
}

#[test]
fn no_mutation_of_a_model_makes_it_panic() {
    let words: Vec<&str> = MODEL.split(' ').collect();
    let mut random = Random::new(2);
    for _ in 0..ROUNDS {
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
    let mut random = Random::new(3);
    for _ in 0..ROUNDS {
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

//! Models from macros of the user's: names, expressions and tokens that come from elsewhere.

use autograd_core::model;
use ndarray::array;

macro_rules! scaled {
    ($name:ident, $e:expr) => {
        model! {
            /// An expression that was captured.
            pub(crate) $name<N> {
                param w;
                input x: [N];
                let doubled = 2 * $e;
                loss = sum(doubled);
            }
        }
    };
}

// One operand, whatever stands in it.
scaled!(Sum, w + x);
scaled!(Power, (w * x) ^ 2);

macro_rules! named {
    ($name:ident, $param:ident, $input:ident, $start:literal) => {
        model! {
            /// Names that were captured.
            pub(crate) $name<N> {
                param $param = $start;
                input $input: [N];
                let w = $param * $input;
                loss = sum(w^2);
            }
        }
    };
}

named!(Named, w_of_mine, inputs, 0.5);

macro_rules! tokens {
    ($($tokens:tt)*) => { model! { $($tokens)* } };
}

tokens! {
    /// Everything handed on.
    pub(crate) Handed<N> as handed_on { param w; input x: [N]; loss = -w^2 * sum(x[..-1]); }
}

macro_rules! local {
    ($w:expr, $e:expr) => {{
        let w = $w;
        model! { Local { param w; loss = $e; } }
        Local { w }.loss(&local::Inputs {}).unwrap()
    }};
}

#[test]
fn captured_expressions() {
    let x = array![1.0, 3.0];
    let (loss, grad) = Sum { w: 2.0 }.loss_and_grad(&sum::Inputs { x: x.view() }).unwrap();
    assert_eq!((loss, grad.w), (16.0, 4.0));
    let (loss, grad) = Power { w: 2.0 }.loss_and_grad(&power::Inputs { x: x.view() }).unwrap();
    assert_eq!((loss, grad.w), (80.0, 80.0));
}

#[test]
fn captured_names() {
    use rand::SeedableRng;
    let model: Named = Named::new(&mut rand::rngs::SmallRng::seed_from_u64(0));
    let x = array![1.0, 3.0];
    assert_eq!(model.w_of_mine, 0.5);
    assert_eq!(model.loss(&named::Inputs { inputs: x.view() }).unwrap(), 2.5);
}

#[test]
fn tokens_handed_on() {
    let x = array![1.0, 3.0];
    assert_eq!(Handed { w: 2.0 }.loss(&handed_on::Inputs { x: x.view() }).unwrap(), -4.0);
}

#[test]
fn in_the_block_of_a_macro() {
    assert_eq!(local!(3.0, w * w + 1), 10.0);
    assert_eq!(local!(2.0, -w * 4), -8.0);
}

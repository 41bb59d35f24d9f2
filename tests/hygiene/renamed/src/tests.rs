//! The models compute.

#![allow(clippy::float_cmp, reason = "the numbers are exact")]

use ::calculus::__private::rand::{SeedableRng, rngs::SmallRng};
use ::core::convert::From;
use ::core::{assert, assert_eq};
use ::std::vec;

use crate::{Bowl, Network, bowl, network};

type Matrix = ::calculus::__private::ndarray::Array2<f64>;
type Labels = ::calculus::__private::ndarray::Array1<usize>;

#[test]
fn a_network_learns() {
    let dims = network::Dims { d: 2, h: 3, k: 2 };
    let mut model: Network = Network::new(dims, &mut <SmallRng as SeedableRng>::seed_from_u64(1));
    let (x, label) = (<Matrix as From<_>>::from(vec![[1.0, 0.0], [0.0, 1.0]]), <Labels as From<_>>::from(vec![1, 0]));
    let inputs = network::Inputs { x: x.view(), label: label.view() };
    let first = model.train(&inputs, 0.5).expect("the sizes agree");
    for _ in 0..100 {
        model.train(&inputs, 0.5).expect("the sizes agree");
    }
    assert!(model.loss(&inputs).expect("the sizes agree") < 0.1 * first);
    assert_eq!(model.class(&inputs).expect("the sizes agree"), label);
    assert_eq!(model.count, 101.0);
}

#[test]
fn the_traits_are_there() {
    let (loss, grad) = ::calculus::Objective::loss_and_grad(&Bowl { w: 3.0 }, &bowl::Inputs {}).expect("no sizes");
    assert_eq!((loss, grad.w), (9.0, 6.0));
    let mut session = ::calculus::Session::new(Bowl { w: 3.0 });
    assert_eq!(session.forward(&bowl::Inputs {}), ::core::result::Result::Ok(9.0));
}

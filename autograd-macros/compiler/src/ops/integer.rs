//! Arithmetic on integers, element by element: what subscripts are made of. The derivative is zero.

use std::fmt;

use super::lowering::Role;
use super::nest::{Centre, ValueId};
use super::range::{Range, SMALL};
use super::{Environment, Facts, Flow, Primitive, Scope, Tensor};
use crate::graph::{Elem, NodeId, Region, Type};

/// An operation on two integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Integer {
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a · b`
    Mul,
    /// `⌊a/b⌋`, 0 where `b` is.
    FloorDiv,
    /// `a - b·⌊a/b⌋`, of the sign of `b`; 0 where `b` is.
    Rem,
    /// The smaller.
    Min,
    /// The larger.
    Max,
    /// 23 bits that look random, of a seed and a position.
    Hash,
}

impl Integer {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Add, Self::Sub, Self::Mul, Self::FloorDiv, Self::Rem, Self::Min, Self::Max, Self::Hash];

    /// The name in the text form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "int_add",
            Self::Sub => "int_sub",
            Self::Mul => "int_mul",
            Self::FloorDiv => "int_floor_div",
            Self::Rem => "int_rem",
            Self::Min => "int_min",
            Self::Max => "int_max",
            Self::Hash => "int_hash",
        }
    }

    /// The meaning for two integers; wraps where it leaves the range.
    #[must_use]
    pub fn eval(self, a: i64, b: i64) -> i64 {
        match self {
            Self::Add => a.wrapping_add(b),
            Self::Sub => a.wrapping_sub(b),
            Self::Mul => a.wrapping_mul(b),
            Self::FloorDiv | Self::Rem if b == 0 => 0,
            Self::FloorDiv => {
                let quotient = a.wrapping_div(b);
                quotient - i64::from(a.wrapping_rem(b) != 0 && (a < 0) != (b < 0))
            }
            Self::Rem => {
                let rest = a.wrapping_rem(b);
                if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
            }
            Self::Min => a.min(b),
            Self::Max => a.max(b),
            Self::Hash => hash(a, b),
        }
    }

    /// The meaning for integers that stand in `f64`.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "integers below 2^53")]
    pub fn eval_f64(self, a: f64, b: f64) -> f64 {
        self.eval(a as i64, b as i64) as f64
    }
}

/// The first 23 bits of what the runtime's function of that name makes of a seed and a position.
#[allow(clippy::cast_sign_loss, clippy::cast_possible_wrap, reason = "bits")]
fn hash(seed: i64, position: i64) -> i64 {
    let mix = |bits: u64| {
        let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    };
    let seed = mix((seed as u64).wrapping_add(0x9E37_79B9_7F4A_7C15));
    (mix(seed.wrapping_add((position as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))) >> 41) as i64
}

impl Primitive for Integer {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands)
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands(self.name(), operands, 2)?;
        super::expect_equal_types(self.name(), region, operands)?;
        match region.ty(operands[0]).elem {
            Elem::Index => Ok(()),
            Elem::Real | Elem::Bool => Err(format!("{} is of integers", self.name())),
        }
    }

    fn flow(&self, _: &Region, _: &[NodeId], _: usize) -> Flow {
        Flow::Zero
    }

    fn range(&self, _: &Region, _: &[NodeId], _: &dyn Fn(usize) -> Range) -> Range {
        Range::within(SMALL)
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        vec![None, None]
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        Tensor::zip(operands, |x| self.eval_f64(x[0], x[1]))
    }

    fn role(&self) -> Role {
        Role::Pointwise
    }

    fn element(&self, centre: &mut dyn Centre, operands: &[ValueId]) -> ValueId {
        centre.integer(*self, operands[0], operands[1])
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(words.eat_one(Self::ALL, Self::name))
    }
}

#[cfg(test)]
mod tests {
    use super::Integer;

    #[test]
    fn quotients_and_remainders_round_down() {
        for a in -7..=7 {
            for b in [-3, -1, 1, 2, 3] {
                let (quotient, rest) = (Integer::FloorDiv.eval(a, b), Integer::Rem.eval(a, b));
                #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "small integers")]
                let floor = (a as f64 / b as f64).floor() as i64;
                assert_eq!((quotient, quotient * b + rest), (floor, a), "{a} / {b}");
            }
        }
        assert_eq!((Integer::FloorDiv.eval(5, 0), Integer::Rem.eval(5, 0)), (0, 0));
    }

    /// As the definition says in Python, with integers of any length.
    #[test]
    fn random_bits_are_those_of_the_runtime() {
        for (seed, position, bits) in
            [(0, 0, 2_363_585), (0, 1, 5_473_134), (1, 0, 7_238_161), (999_999, 12_345, 5_418_918)]
        {
            assert_eq!(Integer::Hash.eval(seed, position), bits, "{seed} {position}");
        }
    }
}

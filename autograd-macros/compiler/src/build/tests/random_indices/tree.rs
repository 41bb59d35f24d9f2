//! Models in index notation as trees, and their text.

use std::fmt;

/// An integer: a subscript, an extent, the end of a range.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Int {
    /// A bound index.
    Index(usize),
    /// A dimension of the header.
    Size(&'static str),
    Number(i64),
    /// An element of an integer input.
    Input(usize, Vec<Int>),
    /// `name(a, b)`, or between them if it is an operator.
    Pair(&'static str, Box<Int>, Box<Int>),
    /// `a*(a + 1)/2`
    Triangle(Box<Int>),
    If(Box<Truth>, Box<Int>, Box<Int>),
    /// Where the largest or the smallest element is.
    Place(&'static str, Box<Bind>, Box<Real>),
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Truth {
    Compare(&'static str, Int, Int),
    /// `x > c`
    Above(Box<Real>, f64),
    /// `&&` or `||`
    Both(&'static str, Box<Truth>, Box<Truth>),
    Not(Box<Truth>),
    /// `any` or `all`
    Some(&'static str, Box<Bind>, Box<Truth>),
}

/// A real number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Real {
    Number(f64),
    Of(Int),
    Read(usize, Vec<Int>),
    /// A row of UNARY.
    Unary(usize, Box<Real>),
    Pair(&'static str, Box<Real>, Box<Real>),
    If(Box<Truth>, Box<Real>, Box<Real>),
    Reduce(&'static str, Vec<Bind>, Option<Box<Truth>>, Box<Real>),
    /// `sum(a[i]*b)`: the product of a row and an array, in whole.
    Rows(usize, Vec<Int>, usize),
}

/// A bound index: `start..end`, which is not written where it follows from its uses.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bind {
    pub(super) number: usize,
    pub(super) start: Int,
    pub(super) end: Int,
    pub(super) is_inferred: bool,
}

/// What an array is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Param,
    Input,
    /// Integers below an extent.
    Integers(Int),
    Defined(Vec<Bind>, Real),
}

#[derive(Clone, Debug)]
pub(super) struct Array {
    pub(super) name: String,
    pub(super) extents: Vec<Int>,
    pub(super) kind: Kind,
}

/// A model over N, M and K: arrays, of which the later ones are defined by the earlier; the last definition is an output.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) arrays: Vec<Array>,
    pub(super) loss: Option<Real>,
}

/// The function of one number, its value and its slope.
pub(super) type Unary = (&'static str, fn(f64) -> f64, fn(f64) -> f64);

/// Smooth, and of small values.
pub(super) const UNARY: [Unary; 6] = [
    ("tanh(@)", f64::tanh, |x| 1.0 - x.tanh().powi(2)),
    ("sin(@)", f64::sin, f64::cos),
    ("(@)^2", |x| x * x, |x| 2.0 * x),
    ("sqrt(1 + (@)^2)", |x| (1.0 + x * x).sqrt(), |x| x / (1.0 + x * x).sqrt()),
    ("exp(-(@)^2)", |x| (-x * x).exp(), |x| -2.0 * x * (-x * x).exp()),
    ("-(@)", |x| -x, |_| -1.0),
];

/// What says how large N, M and K are.
const SOLVED: [&str; 3] = ["xx", "aa", "ww"];

impl Int {
    pub(super) fn pair(op: &'static str, a: Self, b: Self) -> Self {
        Self::Pair(op, Box::new(a), Box::new(b))
    }
}

impl Tree {
    /// The text of the model. The number that is differentiated is no `loss`: which parameters it reaches is no subject here.
    pub(super) fn text(&self) -> String {
        use fmt::Write;
        let last = self.arrays.len() - 1;
        let mut items = vec![String::new(); self.arrays.len()];
        let loss = self.loss.as_ref().map_or_else(String::new, |loss| format!("    total = {};\n", self.real(loss)));
        for (place, array) in self.arrays.iter().enumerate().rev() {
            let name = &array.name;
            let is_used = place == last
                || SOLVED.contains(&name.as_str())
                || loss.contains(name)
                || items.iter().any(|item| item.contains(name));
            if !is_used {
                continue;
            }
            let text = &mut items[place];
            let extents: Vec<String> = array.extents.iter().map(|extent| self.int(extent)).collect();
            let shape = if extents.is_empty() { String::new() } else { format!(": [{}]", extents.join(", ")) };
            let _ = match &array.kind {
                Kind::Param => writeln!(text, "    param {name}{shape};"),
                Kind::Input => writeln!(text, "    input {name}{shape};"),
                Kind::Integers(below) => writeln!(text, "    input {name}{shape} in {};", self.int(below)),
                Kind::Defined(binds, body) => {
                    let start = if place == last { "" } else { "let " };
                    writeln!(text, "    {start}{name}[{}] = {};", self.binds(binds), self.real(body))
                }
            };
        }
        format!("M<N, M, K> {{\n{}{loss}}}", items.concat())
    }

    fn binds(&self, binds: &[Bind]) -> String {
        let bind = |bind: &Bind| {
            let name = index_name(bind.number);
            if bind.is_inferred {
                name
            } else {
                format!("{name} in {}..{}", self.int(&bind.start), self.int(&bind.end))
            }
        };
        binds.iter().map(bind).collect::<Vec<_>>().join(", ")
    }

    fn read(&self, array: usize, places: &[Int]) -> String {
        let name = &self.arrays[array].name;
        if places.is_empty() {
            return name.clone();
        }
        format!("{name}[{}]", places.iter().map(|place| self.int(place)).collect::<Vec<_>>().join(", "))
    }

    pub(super) fn int(&self, int: &Int) -> String {
        match int {
            Int::Index(number) => index_name(*number),
            Int::Size(name) => (*name).to_owned(),
            Int::Number(value) => value.to_string(),
            Int::Input(array, places) => self.read(*array, places),
            Int::Pair(op, a, b) => {
                let (a, b) = (self.int(a), self.int(b));
                if op.starts_with(char::is_alphabetic) { format!("{op}({a}, {b})") } else { format!("({a} {op} {b})") }
            }
            Int::Triangle(a) => format!("{0}*({0} + 1)/2", self.int(a)),
            Int::If(c, a, b) => format!("(if {} {{ {} }} else {{ {} }})", self.truth(c), self.int(a), self.int(b)),
            Int::Place(function, bind, body) => {
                format!("{function}[{}]({})", self.binds(std::slice::from_ref(bind)), self.real(body))
            }
        }
    }

    pub(super) fn truth(&self, truth: &Truth) -> String {
        match truth {
            Truth::Compare(op, a, b) => format!("{} {op} {}", self.int(a), self.int(b)),
            Truth::Above(x, c) => format!("{} > {c:?}", self.real(x)),
            Truth::Both(op, a, b) => format!("({}) {op} ({})", self.truth(a), self.truth(b)),
            Truth::Not(a) => format!("!({})", self.truth(a)),
            Truth::Some(function, bind, body) => {
                format!("{function}[{}]({})", self.binds(std::slice::from_ref(bind)), self.truth(body))
            }
        }
    }

    pub(super) fn real(&self, real: &Real) -> String {
        match real {
            Real::Number(value) => format!("{value:?}"),
            Real::Of(int) => self.int(int),
            Real::Read(array, places) => self.read(*array, places),
            Real::Unary(row, x) => UNARY[*row].0.replace('@', &self.real(x)),
            Real::Pair(op, a, b) => {
                let (a, b) = (self.real(a), self.real(b));
                if op.starts_with(char::is_alphabetic) { format!("{op}({a}, {b})") } else { format!("({a} {op} {b})") }
            }
            Real::If(c, a, b) => format!("(if {} {{ {} }} else {{ {} }})", self.truth(c), self.real(a), self.real(b)),
            Real::Reduce(function, binds, condition, body) => {
                let condition = condition.as_ref().map_or_else(String::new, |c| format!(" if {}", self.truth(c)));
                format!("{function}[{}{condition}]({})", self.binds(binds), self.real(body))
            }
            Real::Rows(a, places, b) => format!("sum({}*{})", self.read(*a, places), self.arrays[*b].name),
        }
    }
}

/// Whether an index stands in a text.
pub(super) fn mentions(text: &str, number: usize) -> bool {
    text.contains(&index_name(number))
}

/// No name of an index is the beginning of another.
fn index_name(number: usize) -> String {
    format!("i{number}_")
}

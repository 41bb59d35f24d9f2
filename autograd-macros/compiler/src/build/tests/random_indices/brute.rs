//! What a tree means, by loops over its indices and dual numbers: nothing here knows of axes, batches or windows.

use std::collections::BTreeMap;

use super::tree::{Bind, Int, Kind, Real, Tree, Truth, UNARY};

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A place outside that is read, or an extent below 0: an error of the call.
    Mistake,
    /// A number that is not finite or large, or a kink: nothing is said of it.
    Wild,
}

type Found<T> = Result<T, Stop>;

/// A value, and its derivative in one direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dual(pub(super) f64, pub(super) f64);

/// An array that is given.
pub(super) struct Table {
    pub(super) shape: Vec<usize>,
    pub(super) data: Vec<Dual>,
}

/// Sizes, arrays by their places in the tree, and the values of the open indices.
pub(super) struct Brute<'t> {
    pub(super) tree: &'t Tree,
    pub(super) sizes: BTreeMap<&'static str, i64>,
    pub(super) tables: Vec<Option<Table>>,
    pub(super) indices: BTreeMap<usize, i64>,
    /// The largest number so far, of values and derivatives: what rounding is relative to.
    pub(super) largest: f64,
    /// Whether a range had nothing in it.
    pub(super) met_nothing: bool,
    /// How much work is left.
    pub(super) fuel: usize,
}

/// Beyond this, rounding hides what is wrong.
const LARGE: f64 = 1e4;

impl Brute<'_> {
    fn noted(&mut self, x: Dual) -> Found<Dual> {
        let size = x.0.abs().max(x.1.abs());
        self.fuel = self.fuel.checked_sub(1).ok_or(Stop::Wild)?;
        if size.is_nan() || size > LARGE {
            return Err(Stop::Wild);
        }
        self.largest = self.largest.max(size);
        Ok(x)
    }

    /// The shape of an array.
    pub(super) fn shape(&mut self, array: usize) -> Found<Vec<usize>> {
        let tree = self.tree;
        tree.arrays[array].extents.iter().map(|extent| natural(self.int(extent)?)).collect()
    }

    /// All elements of an array, in row-major order.
    pub(super) fn all(&mut self, array: usize) -> Found<Vec<Dual>> {
        let shape = self.shape(array)?;
        let mut places = vec![0; shape.len()];
        (0..shape.iter().product())
            .map(|flat| {
                let mut rest: usize = flat;
                for (place, extent) in places.iter_mut().zip(&shape).rev() {
                    (*place, rest) = (rest % extent, rest / extent);
                }
                self.element(array, &places.iter().map(|&place| signed(place)).collect::<Vec<_>>())
            })
            .collect()
    }

    fn element(&mut self, array: usize, places: &[i64]) -> Found<Dual> {
        let tree = self.tree;
        let shape = self.shape(array)?;
        if places.iter().zip(&shape).any(|(place, extent)| !(0..signed(*extent)).contains(place)) {
            return Err(Stop::Mistake);
        }
        let Kind::Defined(binds, body) = &tree.arrays[array].kind else {
            let Some(table) = &self.tables[array] else {
                // What is not drawn yet may be anything: 0 and 1 by turns.
                self.fuel = self.fuel.checked_sub(1).ok_or(Stop::Wild)?;
                return Ok(Dual(if self.fuel.is_multiple_of(2) { 0.0 } else { 1.0 }, 0.0));
            };
            let place = |place: &i64| usize::try_from(*place).expect("inside");
            let flat = places.iter().zip(&table.shape).fold(0, |flat, (at, extent)| flat * extent + place(at));
            return Ok(table.data[flat]);
        };
        let outer = std::mem::take(&mut self.indices);
        for (bind, place) in binds.iter().zip(places) {
            let start = self.int(&bind.start)?;
            self.indices.insert(bind.number, start + place);
        }
        let value = self.real(body);
        self.indices = outer;
        value
    }

    fn read(&mut self, array: usize, places: &[Int]) -> Found<Dual> {
        let places = places.iter().map(|place| self.int(place)).collect::<Found<Vec<i64>>>()?;
        self.element(array, &places)
    }

    pub(super) fn int(&mut self, int: &Int) -> Found<i64> {
        Ok(match int {
            Int::Index(number) => self.indices[number],
            Int::Size(name) => self.sizes[name],
            Int::Number(value) => *value,
            #[allow(clippy::cast_possible_truncation, reason = "integers below 10")]
            Int::Input(array, places) => self.read(*array, places)?.0 as i64,
            Int::Pair(op, a, b) => {
                let (a, b) = (self.int(a)?, self.int(b)?);
                match *op {
                    "+" => a + b,
                    "-" => a - b,
                    "*" => a * b,
                    "min" => a.min(b),
                    "max" => a.max(b),
                    _ if b == 0 => return Err(Stop::Mistake),
                    "rem" => a.rem_euclid(b),
                    _ => a.div_euclid(b),
                }
            }
            Int::Triangle(a) => {
                let a = self.int(a)?;
                a * (a + 1) / 2
            }
            Int::If(c, a, b) => {
                if self.truth(c)? {
                    self.int(a)?
                } else {
                    self.int(b)?
                }
            }
            Int::Place(function, bind, body) => self.place(function, bind, body)?,
        })
    }

    fn place(&mut self, function: &str, bind: &Bind, body: &Real) -> Found<i64> {
        let mut best: Option<(i64, f64)> = None;
        self.turns(std::slice::from_ref(bind), &mut |brute| {
            let value = brute.real(body)?.0;
            let is_better = |so_far: f64| if function == "argmax" { value > so_far } else { value < so_far };
            if best.is_none_or(|(_, so_far)| is_better(so_far)) {
                best = Some((brute.indices[&bind.number], value));
            }
            Ok(())
        })?;
        best.map(|(place, _)| place).ok_or(Stop::Wild)
    }

    pub(super) fn truth(&mut self, truth: &Truth) -> Found<bool> {
        Ok(match truth {
            Truth::Compare(op, a, b) => {
                let (a, b) = (self.int(a)?, self.int(b)?);
                match *op {
                    "<" => a < b,
                    "<=" => a <= b,
                    ">" => a > b,
                    ">=" => a >= b,
                    "==" => a == b,
                    _ => a != b,
                }
            }
            Truth::Above(x, c) => self.real(x)?.0 > *c,
            Truth::Both(op, a, b) => {
                let (a, b) = (self.truth(a)?, self.truth(b)?);
                if *op == "&&" { a && b } else { a || b }
            }
            Truth::Not(a) => !self.truth(a)?,
            Truth::Some(function, bind, body) => {
                let mut found = *function == "all";
                self.turns(std::slice::from_ref(bind), &mut |brute| {
                    let holds = brute.truth(body)?;
                    found = if *function == "all" { found & holds } else { found | holds };
                    Ok(())
                })?;
                found
            }
        })
    }

    /// Every combination of the indices.
    pub(super) fn turns(&mut self, binds: &[Bind], turn: &mut dyn FnMut(&mut Self) -> Found<()>) -> Found<()> {
        let Some((bind, rest)) = binds.split_first() else { return turn(self) };
        if is_box(&bind.start) && is_box(&bind.end) {
            natural(self.int(&bind.end)? - self.int(&bind.start)?)?;
        }
        let (start, end) = (self.int(&bind.start)?, self.int(&bind.end)?);
        self.met_nothing |= end <= start;
        for value in start..end {
            self.indices.insert(bind.number, value);
            self.turns(rest, turn)?;
        }
        self.indices.remove(&bind.number);
        Ok(())
    }

    pub(super) fn real(&mut self, real: &Real) -> Found<Dual> {
        let value = match real {
            Real::Number(value) => Dual(*value, 0.0),
            #[allow(clippy::cast_precision_loss, reason = "small numbers")]
            Real::Of(int) => Dual(self.int(int)? as f64, 0.0),
            Real::Read(array, places) => self.read(*array, places)?,
            Real::Unary(row, x) => {
                let (x, (_, value, slope)) = (self.real(x)?, UNARY[*row]);
                Dual(value(x.0), slope(x.0) * x.1)
            }
            Real::Pair(op, a, b) => pair(op, self.real(a)?, self.real(b)?),
            Real::If(c, a, b) => {
                if self.truth(c)? {
                    self.real(a)?
                } else {
                    self.real(b)?
                }
            }
            Real::Reduce(function, binds, condition, body) => {
                let mut values = Vec::new();
                self.turns(binds, &mut |brute| {
                    let is_in = condition.as_ref().map_or(Ok(true), |condition| brute.truth(condition))?;
                    if is_in {
                        values.push(brute.real(body)?);
                    }
                    Ok(())
                })?;
                reduced(function, &values)?
            }
            Real::Rows(a, places, b) => {
                let places = places.iter().map(|place| self.int(place)).collect::<Found<Vec<i64>>>()?;
                let rows = self.shape(*a)?;
                if places.iter().zip(&rows).any(|(place, extent)| !(0..signed(*extent)).contains(place)) {
                    return Err(Stop::Mistake);
                }
                let count = *self.shape(*b)?.last().expect("a vector");
                let mut sum = Dual(0.0, 0.0);
                for place in 0..signed(count) {
                    let x = self.element(*a, &[&places[..], &[place]].concat())?;
                    let y = self.element(*b, &[place])?;
                    sum = pair("+", sum, pair("*", x, y));
                }
                sum
            }
        };
        self.noted(value)
    }
}

/// Whether the end of a range is the same everywhere.
fn is_box(end: &Int) -> bool {
    match end {
        Int::Size(_) | Int::Number(_) => true,
        Int::Pair(_, a, b) => is_box(a) && is_box(b),
        _ => false,
    }
}

fn natural(extent: i64) -> Found<usize> {
    usize::try_from(extent).map_err(|_| Stop::Mistake)
}

fn signed(extent: usize) -> i64 {
    i64::try_from(extent).expect("small")
}

fn pair(op: &str, a: Dual, b: Dual) -> Dual {
    match op {
        "+" => Dual(a.0 + b.0, a.1 + b.1),
        "-" => Dual(a.0 - b.0, a.1 - b.1),
        "*" => Dual(a.0 * b.0, a.0 * b.1 + a.1 * b.0),
        "max" => {
            if a.0 >= b.0 {
                a
            } else {
                b
            }
        }
        _ => {
            if a.0 <= b.0 {
                a
            } else {
                b
            }
        }
    }
}

/// A number below which a root is at its kink.
const NEAR: f64 = 1e-3;

#[allow(clippy::cast_precision_loss, reason = "few numbers")]
fn reduced(function: &str, values: &[Dual]) -> Found<Dual> {
    let zero = Dual(0.0, 0.0);
    let sum = |values: &[Dual]| values.iter().fold(zero, |a, &b| pair("+", a, b));
    let extreme = |op| values.iter().copied().reduce(|a, b| pair(op, a, b)).ok_or(Stop::Wild);
    let root = |square: Dual| match square.0.sqrt() {
        root if root > NEAR => Ok(Dual(root, square.1 / (2.0 * root))),
        0.0 => Ok(zero),
        _ => Err(Stop::Wild),
    };
    let mean = |values: &[Dual]| {
        let Dual(value, slope) = sum(values);
        Dual(value / values.len() as f64, slope / values.len() as f64)
    };
    let variance = || {
        let centre = mean(values);
        let squares: Vec<Dual> = values.iter().map(|&x| pair("-", x, centre)).map(|x| pair("*", x, x)).collect();
        mean(&squares)
    };
    Ok(match function {
        "sum" => sum(values),
        "prod" => values.iter().fold(Dual(1.0, 0.0), |a, &b| pair("*", a, b)),
        "max" | "min" => extreme(function)?,
        "mean" => mean(values),
        "logsumexp" => {
            let most = extreme("max")?.0;
            let terms: Vec<Dual> =
                values.iter().map(|x| (x.0 - most).exp()).zip(values).map(|(e, x)| Dual(e, e * x.1)).collect();
            let total = sum(&terms);
            Dual(most + total.0.ln(), total.1 / total.0)
        }
        "norm" => root(sum(&values.iter().map(|&x| pair("*", x, x)).collect::<Vec<_>>()))?,
        "var" => variance(),
        _ => root(variance())?,
    })
}

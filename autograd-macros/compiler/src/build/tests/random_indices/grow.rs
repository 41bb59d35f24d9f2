//! Grows random models in index notation, nearly all of which are models: whether a place lies inside is tried out at one
//! choice of sizes, and where it does not, a choice stands around the read.

use std::collections::BTreeMap;

use super::brute::{Brute, Stop};
use super::tree::{Array, Bind, Int, Kind, Real, Tree, Truth, UNARY, mentions};
use crate::testing::random::Random;

/// The sizes at which places are tried out.
pub(super) const TRIED: [(&str, i64); 3] = [("N", 4), ("M", 3), ("K", 2)];

/// How many indices are open at once.
const MOST_OPEN: usize = 4;

const REDUCERS: [&str; 14] =
    ["sum", "sum", "sum", "sum", "sum", "sum", "prod", "max", "min", "mean", "logsumexp", "norm", "var", "std"];

pub(super) struct Grower<'r> {
    random: &'r mut Random,
    tree: Tree,
    open: Vec<Bind>,
    count: usize,
}

fn size(name: &'static str) -> Int {
    Int::Size(name)
}

fn plus(a: Int, b: i64) -> Int {
    match b {
        0 => a,
        b if b < 0 => Int::pair("-", a, Int::Number(-b)),
        b => Int::pair("+", a, Int::Number(b)),
    }
}

/// Whether an integer can stand outside of subscripts as well.
fn is_real(int: &Int) -> bool {
    match int {
        Int::Triangle(_) => false,
        Int::Pair(_, a, b) => is_real(a) && is_real(b),
        Int::If(c, a, b) => {
            matches!(&**c, Truth::Compare(_, x, y) if is_real(x) && is_real(y)) && is_real(a) && is_real(b)
        }
        _ => true,
    }
}

/// A random model.
pub(super) fn grow(random: &mut Random) -> Tree {
    let mut grower = Grower { random, tree: Tree { arrays: leaves(), loss: None }, open: Vec::new(), count: 0 };
    for place in 0..=grower.random.below(3) {
        grower.definition(&format!("d{place}"));
    }
    let loss = grower.real(3);
    grower.tree.loss = Some(loss);
    grower.tree
}

fn leaves() -> Vec<Array> {
    let flat = Int::pair("*", size("N"), size("K"));
    let leaf = |name: &str, extents: &[Int], kind| Array { name: name.to_owned(), extents: extents.to_vec(), kind };
    vec![
        leaf("xx", &[size("N")], Kind::Param),
        leaf("yy", &[size("N"), size("M")], Kind::Param),
        leaf("ww", &[size("K")], Kind::Param),
        leaf("ff", &[flat], Kind::Param),
        leaf("ss", &[], Kind::Param),
        leaf("zz", &[size("M"), size("M"), size("K")], Kind::Param),
        leaf("aa", &[size("M")], Kind::Input),
        leaf("cc", &[Int::Number(3), size("N")], Kind::Input),
        leaf("pp", &[size("N")], Kind::Integers(size("M"))),
        leaf("qq", &[size("M"), size("K")], Kind::Integers(size("N"))),
        leaf("rr", &[], Kind::Integers(size("N"))),
    ]
}

impl Grower<'_> {
    fn definition(&mut self, name: &str) {
        let rank = 1 + self.random.below(2);
        let binds: Vec<Bind> = (0..rank).map(|_| self.bind(false)).collect();
        let mut body = self.real(2);
        for bind in &binds {
            body = self.used(bind, body);
        }
        self.open.clear();
        let extent = |bind: &Bind| match &bind.start {
            Int::Number(0) => bind.end.clone(),
            start => Int::pair("-", bind.end.clone(), start.clone()),
        };
        let extents = binds.iter().map(extent).collect();
        self.tree.arrays.push(Array { name: name.to_owned(), extents, kind: Kind::Defined(binds, body) });
    }

    /// The index stands in the body, by itself along an axis of its range if that is not written.
    fn used(&mut self, bind: &Bind, body: Real) -> Real {
        let axes = self.axes();
        let fits: Vec<(usize, usize)> =
            axes.iter().copied().filter(|&(array, axis)| self.tree.arrays[array].extents[axis] == bind.end).collect();
        if !bind.is_inferred && mentions(&self.tree.real(&body), bind.number) {
            return body;
        }
        let more = if fits.is_empty() {
            Real::Of(Int::Index(bind.number))
        } else {
            let (array, axis) = self.random.pick(&fits);
            self.read_at(array, Some(&(axis, Int::Index(bind.number))))
        };
        let op = self.random.pick(&["*", "+", "-"]);
        Real::Pair(op, Box::new(more), Box::new(body))
    }

    /// The axes of arrays of numbers.
    fn axes(&self) -> Vec<(usize, usize)> {
        let numbers = |array: &Array| !matches!(array.kind, Kind::Integers(_));
        let arrays = self.tree.arrays.iter().enumerate().filter(|(_, array)| numbers(array));
        arrays.flat_map(|(place, array)| (0..array.extents.len()).map(move |axis| (place, axis))).collect()
    }

    /// A new open index.
    fn bind(&mut self, may_depend: bool) -> Bind {
        let axes = self.axes();
        let (array, axis) = self.random.pick(&axes);
        let extent = self.tree.arrays[array].extents[axis].clone();
        let half = |extent| Int::pair("floor_div", extent, Int::Number(2));
        let given: Vec<usize> = self.open.iter().filter(|bind| !bind.is_inferred).map(|bind| bind.number).collect();
        let (start, end, is_inferred) = if may_depend && !given.is_empty() && self.random.below(3) == 0 {
            let outer = Int::Index(self.random.pick(&given));
            let (start, end) = match self.random.below(6) {
                0 => (Int::Number(0), outer),
                1 => (Int::Number(0), plus(outer, 1)),
                2 => (outer, extent),
                3 => (plus(outer, 1), extent),
                4 => (Int::Number(0), Int::pair("-", extent, outer)),
                _ => (plus(outer.clone(), -1), plus(outer, 2)),
            };
            (start, end, false)
        } else {
            match self.random.below(9) {
                0..=2 => (Int::Number(0), extent, true),
                3 => (Int::Number(0), extent, false),
                4 => (Int::Number(0), plus(extent, -1), false),
                5 => (Int::Number(1), extent, false),
                6 => (Int::Number(0), half(extent), false),
                7 => (Int::Number(0), half(plus(extent, 1)), false),
                _ => (Int::Number(0), Int::Number(self.random.pick(&[1, 2, 3])), false),
            }
        };
        self.count += 1;
        let bind = Bind { number: self.count, start, end, is_inferred };
        self.open.push(bind.clone());
        bind
    }

    fn real(&mut self, depth: usize) -> Real {
        if depth == 0 {
            return self.atom();
        }
        let inner = |grower: &mut Self| Box::new(grower.real(depth - 1));
        match self.random.below(12) {
            0 | 1 => Real::Unary(self.random.below(UNARY.len()), inner(self)),
            2..=4 => {
                let op = self.random.pick(&["*", "*", "+", "-", "max", "min"]);
                Real::Pair(op, inner(self), inner(self))
            }
            5 => Real::If(Box::new(self.truth(1)), inner(self), inner(self)),
            6..=9 if self.open.len() < MOST_OPEN => self.reduction(depth - 1),
            10 => self.rows(),
            _ => self.atom(),
        }
    }

    fn atom(&mut self) -> Real {
        match self.random.below(10) {
            0 => Real::Number(self.random.pick(&[0.5, 1.0, 2.0])),
            1 if !self.open.is_empty() => Real::Unary(0, Box::new(Real::Of(self.real_int(1)))),
            _ => {
                let arrays: Vec<usize> = (0..self.tree.arrays.len())
                    .filter(|&place| !matches!(self.tree.arrays[place].kind, Kind::Integers(_)))
                    .collect();
                let array = self.random.pick(&arrays);
                self.read_at(array, None)
            }
        }
    }

    fn reduction(&mut self, depth: usize) -> Real {
        let first = self.open.len();
        let function = self.random.pick(&REDUCERS);
        let count = 1 + usize::from(self.random.below(3) == 0 && first + 1 < MOST_OPEN);
        let binds: Vec<Bind> = (0..count).map(|_| self.bind(!matches!(function, "mean" | "var" | "std"))).collect();
        let has_condition = self.random.below(5) == 0 && !matches!(function, "mean" | "var" | "std");
        let condition = has_condition.then(|| Box::new(self.truth(1)));
        let mut body = self.real(depth);
        for bind in &binds {
            body = self.used(bind, body);
        }
        self.open.truncate(first);
        Real::Reduce(function, binds, condition, Box::new(body))
    }

    /// The sum of a row times a vector.
    fn rows(&mut self) -> Real {
        let vectors = |extents: &[Int]| match extents {
            [.., last] => (0..self.tree.arrays.len()).find(|&place| {
                let array = &self.tree.arrays[place];
                array.extents == [last.clone()] && !matches!(array.kind, Kind::Integers(_))
            }),
            [] => None,
        };
        let pairs: Vec<(usize, usize)> = (0..self.tree.arrays.len())
            .filter(|&place| {
                let array = &self.tree.arrays[place];
                array.extents.len() > 1 && !matches!(array.kind, Kind::Integers(_))
            })
            .filter_map(|place| Some((place, vectors(&self.tree.arrays[place].extents)?)))
            .collect();
        let (rows, vector) = self.random.pick(&pairs);
        let Real::Read(array, mut places) = self.plain(rows, None).0 else { return self.atom() };
        places.pop();
        self.guarded(Real::Rows(array, places.clone(), vector), array, &places)
    }

    /// A read of an array, at a given place along one axis, guarded where it must be.
    fn read_at(&mut self, array: usize, given: Option<&(usize, Int)>) -> Real {
        let (read, places) = self.plain(array, given);
        self.guarded(read, array, &places)
    }

    fn plain(&mut self, array: usize, given: Option<&(usize, Int)>) -> (Real, Vec<Int>) {
        let extents = self.tree.arrays[array].extents.clone();
        let place = |(axis, extent): (usize, &Int)| match given {
            Some((there, place)) if *there == axis => place.clone(),
            _ => self.place(extent, 2),
        };
        let places: Vec<Int> = extents.iter().enumerate().map(place).collect();
        (Real::Read(array, places.clone()), places)
    }

    fn guarded(&mut self, read: Real, array: usize, places: &[Int]) -> Real {
        let extents = self.tree.arrays[array].extents.clone();
        let mut read = read;
        for (place, extent) in places.iter().zip(&extents) {
            let Some(guard) = self.guard(place, extent) else { continue };
            let rest = if self.random.below(4) == 0 { self.atom() } else { Real::Number(0.0) };
            let (read_box, rest) = (Box::new(read), Box::new(rest));
            read = match guard {
                Truth::Not(guard) => Real::If(guard, rest, read_box),
                guard => Real::If(Box::new(guard), read_box, rest),
            };
        }
        read
    }

    /// A condition under which a place lies inside; none where it always does.
    fn guard(&mut self, place: &Int, extent: &Int) -> Option<Truth> {
        let compare = |op, bound: Int| Truth::Compare(op, place.clone(), bound);
        let (low, high) = (compare(">=", Int::Number(0)), compare("<", extent.clone()));
        if self.holds(place, extent, &[]) {
            // Here and there one that would not be needed.
            return (self.random.below(12) == 0 && is_real(place) && is_real(extent)).then_some(high);
        }
        let guard = if self.holds(place, extent, std::slice::from_ref(&low)) {
            low
        } else if self.holds(place, extent, std::slice::from_ref(&high)) {
            high
        } else {
            Truth::Both("&&", Box::new(low), Box::new(high))
        };
        let guard = match guard {
            Truth::Compare(">=", Int::Pair("-", a, b), Int::Number(0)) => Truth::Compare(">=", *a, *b),
            guard => guard,
        };
        Some(if self.random.below(5) == 0 {
            Truth::Not(Box::new(match guard {
                Truth::Compare(">=", a, b) => Truth::Compare("<", a, b),
                Truth::Compare("<", a, b) => Truth::Compare(">=", a, b),
                guard => Truth::Not(Box::new(guard)),
            }))
        } else {
            guard
        })
    }

    /// Whether a place lies inside for all values of the open indices that fulfil the conditions.
    fn holds(&mut self, place: &Int, extent: &Int, conditions: &[Truth]) -> bool {
        let tables = self.tree.arrays.iter().map(|_| None).collect();
        let sizes: BTreeMap<&'static str, i64> = TRIED.into_iter().collect();
        let mut brute = Brute {
            tree: &self.tree,
            sizes,
            tables,
            indices: BTreeMap::new(),
            largest: 0.0,
            met_nothing: false,
            fuel: 10_000,
        };
        let mut inside = true;
        let found = brute.turns(&self.open, &mut |brute| {
            for condition in conditions {
                if !brute.truth(condition)? {
                    return Ok(());
                }
            }
            let extent = brute.int(extent)?;
            inside &= (0..extent).contains(&brute.int(place)?);
            Ok(())
        });
        inside && found != Err(Stop::Mistake)
    }

    /// A place along an axis: inside, as far as a few tries find one.
    fn place(&mut self, extent: &Int, depth: usize) -> Int {
        let tries = self.random.pick(&[1, 4, 8]);
        let mut place = Int::Number(0);
        for _ in 0..tries {
            place = self.candidate(extent, depth);
            if self.holds(&place, extent, &[]) {
                return place;
            }
        }
        if is_real(&place) && is_real(extent) {
            return place;
        }
        let last = plus(extent.clone(), -1);
        Int::pair("max", Int::Number(0), Int::pair("min", place, last))
    }

    fn candidate(&mut self, extent: &Int, depth: usize) -> Int {
        let classes: Vec<usize> = (0..self.tree.arrays.len())
            .filter(|&place| self.tree.arrays[place].kind == Kind::Integers(extent.clone()))
            .collect();
        match self.random.below(16) {
            0 | 1 if !classes.is_empty() => {
                let input = self.random.pick(&classes);
                self.input(input, depth)
            }
            2 => Int::pair("-", plus(extent.clone(), -1), self.int(depth.min(1))),
            3 => Int::pair("rem", self.int(depth.min(1)), extent.clone()),
            4 => {
                let last = plus(extent.clone(), -1);
                Int::pair("max", Int::Number(0), Int::pair("min", self.int(depth.min(1)), last))
            }
            5 if depth > 0 && self.open.len() < MOST_OPEN => self.extreme(extent),
            6..=9 => self.index(extent),
            10 => Int::Number(self.random.pick(&[0, 0, 1])),
            _ => self.int(depth),
        }
    }

    /// An open index; one whose range follows from its uses by itself along axes of that range alone.
    fn index(&mut self, extent: &Int) -> Int {
        let open = &self.open;
        let fitting: Vec<usize> =
            open.iter().filter(|bind| !bind.is_inferred || bind.end == *extent).map(|bind| bind.number).collect();
        if fitting.is_empty() { self.int(1) } else { Int::Index(self.random.pick(&fitting)) }
    }

    fn input(&mut self, input: usize, depth: usize) -> Int {
        let extents = self.tree.arrays[input].extents.clone();
        let places: Vec<Int> = extents.iter().map(|extent| self.place(extent, depth.saturating_sub(1))).collect();
        Int::Input(input, places)
    }

    fn extreme(&mut self, extent: &Int) -> Int {
        let axes = self.axes();
        let fits: Vec<(usize, usize)> =
            axes.iter().copied().filter(|&(array, axis)| self.tree.arrays[array].extents[axis] == *extent).collect();
        if fits.is_empty() {
            return self.int(1);
        }
        let (array, axis) = self.random.pick(&fits);
        self.count += 1;
        let bind = Bind { number: self.count, start: Int::Number(0), end: extent.clone(), is_inferred: false };
        self.open.push(bind.clone());
        let body = self.read_at(array, Some(&(axis, Int::Index(bind.number))));
        self.open.pop();
        Int::Place(self.random.pick(&["argmax", "argmin"]), Box::new(bind), Box::new(body))
    }

    /// Any small integer, but no index alone.
    fn int(&mut self, depth: usize) -> Int {
        let Some(index) =
            (!self.open.is_empty()).then(|| Int::Index(self.open[self.random.below(self.open.len())].number))
        else {
            return Int::Number(self.random.pick(&[0, 0, 0, 1]));
        };
        let other = if depth == 0 || self.random.below(2) == 0 { self.simple() } else { self.int(depth - 1) };
        match self.random.below(12) {
            0..=2 => plus(index, self.random.pick(&[-2, -1, 1, 2])),
            3 => Int::pair("*", Int::Number(2), index),
            4 => Int::pair("+", index, other),
            5 => Int::pair("-", index, other),
            6 => Int::pair("+", Int::pair("*", index, Int::Number(2)), other),
            7 => Int::pair("+", Int::pair("*", index, size(self.random.pick(&["K", "M"]))), other),
            8 => Int::pair(
                self.random.pick(&["floor_div", "rem"]),
                plus(index, self.random.pick(&[0, 1])),
                Int::Number(self.random.pick(&[2, 3])),
            ),
            9 => Int::pair(self.random.pick(&["min", "max"]), plus(index, 0), other),
            10 => Int::Triangle(Box::new(index)),
            _ => {
                let condition = self.truth(0);
                Int::If(Box::new(condition), Box::new(plus(index, 1)), Box::new(other))
            }
        }
    }

    /// An integer that can stand outside of subscripts.
    fn real_int(&mut self, depth: usize) -> Int {
        let int = self.int(depth);
        if is_real(&int) { int } else { self.simple() }
    }

    /// A number, an index, an element of an integer input.
    fn simple(&mut self) -> Int {
        match self.random.below(6) {
            0 => Int::Number(self.random.pick(&[0, 1, 2])),
            1 => {
                let inputs: Vec<usize> = (0..self.tree.arrays.len())
                    .filter(|&place| matches!(self.tree.arrays[place].kind, Kind::Integers(_)))
                    .collect();
                let input = self.random.pick(&inputs);
                // What guards the read of an integer is no subject here.
                let read = self.input(input, 0);
                let Int::Input(_, places) = &read else { return read };
                let extents = self.tree.arrays[input].extents.clone();
                let is_inside = places.iter().zip(&extents).all(|(place, extent)| self.holds(place, extent, &[]));
                if is_inside { read } else { Int::Number(1) }
            }
            _ => Int::Index(self.open[self.random.below(self.open.len())].number),
        }
    }

    fn truth(&mut self, depth: usize) -> Truth {
        if self.open.is_empty() {
            return Truth::Above(Box::new(self.atom()), 0.1);
        }
        match self.random.below(8) {
            0 if depth > 0 => {
                let op = self.random.pick(&["&&", "||"]);
                Truth::Both(op, Box::new(self.truth(depth - 1)), Box::new(self.truth(depth - 1)))
            }
            1 if depth > 0 => Truth::Not(Box::new(self.truth(depth - 1))),
            2 if depth > 0 => Truth::Above(Box::new(self.atom()), 0.1),
            3 if depth > 0 && self.open.len() < MOST_OPEN => {
                let bind = self.bind(true);
                let body = Truth::Above(Box::new(self.used(&bind, Real::Number(0.5))), 0.3);
                self.open.pop();
                Truth::Some(self.random.pick(&["any", "all"]), Box::new(bind), Box::new(body))
            }
            _ => {
                let (a, b) = (self.real_int(0), self.simple());
                Truth::Compare(self.random.pick(&["<", "<=", ">", ">=", "==", "!="]), a, b)
            }
        }
    }
}

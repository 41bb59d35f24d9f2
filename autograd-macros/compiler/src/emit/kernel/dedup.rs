//! Deduplication: kernels that differ in nothing but the names of their fields and locals are one, such as the layers of a
//! perceptron, and what two entry points compute alike.
//!
//! They are compared as trees, with numbers for fields and locals in the order in which they come. The fields come first, so
//! those of equal kernels correspond, one by one.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};

use crate::emit::rust::names::Names;
use crate::emit::rust::tree::{Expr, Kernel, Local, Own, Word};
use crate::emit::rust::verify;
use crate::emit::rust::walk::{Node, Visitor};

/// The kernels of a model.
#[derive(Default)]
pub(crate) struct Kernels {
    all: Vec<Named>,
    known: BTreeMap<Key, usize>,
    /// What they are called: outputs `x1` and `x_1` would both have a first kernel `OutputX11`.
    names: Names,
    /// What is wrong with the first of them that is not right.
    pub(crate) mistake: Option<String>,
}

/// A kernel, and what it is called.
struct Named {
    name: Ident,
    doc: String,
    kernel: Kernel,
}

impl Kernels {
    /// `kernels::LossAndGrad1 { x, w: self.w, n }`: a kernel like this one, with these places for its fields.
    pub(crate) fn instance(&mut self, kernel: Kernel, places: Vec<Expr>, wanted: &str, doc: String) -> Expr {
        let at = *self.known.entry(Key::of(&kernel)).or_insert_with(|| {
            self.mistake = self.mistake.take().or(verify::kernel(&kernel).err());
            self.all.push(Named { name: self.names.fresh(wanted).name, doc, kernel });
            self.all.len() - 1
        });
        let Named { name, kernel, .. } = &self.all[at];
        let fields = kernel.fields.iter().map(|field| Word::from(&field.field.0.name));
        Expr::structure(Word::In("kernels", name.clone()), fields.zip(places))
    }

    /// All of them as trees.
    #[cfg(test)]
    pub(crate) fn trees(self) -> Vec<Kernel> {
        self.all.into_iter().map(|named| named.kernel).collect()
    }

    /// All of them as Rust.
    pub(crate) fn print(&self) -> Vec<TokenStream> {
        self.all.iter().map(|Named { name, doc, kernel }| kernel.print(name, doc)).collect()
    }
}

/// What a kernel is, but for names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(Vec<u8>);

impl Key {
    fn of(kernel: &Kernel) -> Self {
        let mut writer = Writer::default();
        kernel.walk(&mut writer);
        Self(writer.bytes)
    }
}

/// Writes all that there is in a tree.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    fields: BTreeMap<u32, u64>,
    locals: BTreeMap<u32, u64>,
}

/// The number of something by its own number, counted in the order in which they come.
fn place(known: &mut BTreeMap<u32, u64>, id: u32) -> u64 {
    let next = u64::try_from(known.len()).expect("a usize has at most 64 bits");
    *known.entry(id).or_insert(next)
}

impl Visitor for Writer {
    fn enter(&mut self, node: &'static str) {
        self.text(node);
    }

    /// Seven bits at a time: nearly all are small.
    fn number(&mut self, number: u64) {
        let mut rest = number;
        while rest >= 0x80 {
            self.bytes.push(u8::try_from(rest & 0x7f).expect("seven bits") | 0x80);
            rest >>= 7;
        }
        self.bytes.push(u8::try_from(rest).expect("seven bits"));
    }

    fn text(&mut self, text: &str) {
        self.number(u64::try_from(text.len()).expect("a usize has at most 64 bits"));
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn uses(&mut self, local: &Local) {
        let place = place(&mut self.locals, local.id);
        self.number(place);
    }

    fn defines(&mut self, local: &Local) {
        self.uses(local);
    }

    fn field(&mut self, Own(field): &Own) {
        let place = place(&mut self.fields, field.id);
        self.number(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::rust::names::ident;
    use crate::emit::rust::walk::Role;
    use crate::emit::testing::{expand, kernels as trees};

    /// Models whose kernels are of many kinds: with packs and without, with sums, extremes and values handed along, cut.
    const MODELS: &[&str] = &[
        "Softmax<N, D, K> { param w: [D, K], b: [K]; input x: [N, D], label: [N] in K;
            loss = mean(cross_entropy(x @ w + b, label)); }",
        "Scan<N> { param w: [], h: [N]; input x: [N], z: [N, 3]; state s: [N];
            let c = cumsum(x * w);
            loss = sum(where(z[.., 0] > 0, c, h)^2) + sum(logsumexp(z * w, axis = -1) * h);
            most = argmax(x);
            some = any(z > 0);
            step move_on(rate) { s := s + rate * c; h := h - rate * grad(loss, h); }
        }",
    ];

    /// The text of a kernel with the same names for the same things.
    fn text(kernel: &Kernel) -> String {
        let (mut numbered, mut writer) = (kernel.clone(), Writer::default());
        numbered.locals_mut(&mut |role, local| {
            let known = if role == Role::Field { &mut writer.fields } else { &mut writer.locals };
            local.name = ident(&format!("x{}", place(known, local.id)));
        });
        numbered.print(&ident("K"), "").to_string()
    }

    /// Whatever is changed in a kernel, one thing at a time: if it is printed otherwise, it is another kernel.
    #[test]
    fn what_is_printed_otherwise_is_another_kernel() {
        let (mut seen, mut same) = (0, 0);
        for kernel in MODELS.iter().flat_map(|model| trees(model)) {
            let (key, printed) = (Key::of(&kernel), text(&kernel));
            for number in 0.. {
                let mut other = kernel.clone();
                if !other.mutate(&mut number.clone()) {
                    break;
                }
                seen += 1;
                if text(&other) == printed {
                    same += 1;
                } else {
                    assert_ne!(Key::of(&other), key, "{printed}\n\n{}", text(&other));
                }
            }
        }
        assert!(seen > 1000 && 10 * same < seen, "{same} of {seen} changes are not printed");
    }

    /// How many kernels two outputs have; no two axes are the same, so they share no loop.
    fn kernels(first: &str, second: &str) -> usize {
        let items = "input a: [N, D], b: [D], x: [M, K], y: [K], c, d;";
        let text = expand(&format!("Two<N, D, M, K> {{ {items} left = {first}; right = {second}; }}"));
        let forms = text.split("pub struct Output").skip(1);
        let is_short = |form: &&str| form.split(['<', ' ']).next().is_some_and(|name| name.ends_with("Short"));
        forms.filter(|form| !is_short(form)).count() - 1
    }

    #[test]
    fn only_names_may_differ() {
        let one = "tanh(a + b) * c";
        assert_eq!(kernels(one, "tanh(x + y) * d"), 1);
        assert_eq!(kernels(one, "tanh(x + y) * c"), 1);
        for other in ["tanh(x - y) * d", "tanh(y - x) * d", "exp(x + y) * d", "tanh(x + y) * 3", "tanh(x + x) * d"] {
            assert_eq!(kernels(one, other), 2, "{other}");
        }
        assert_eq!(kernels("2 * exp(a)", "3 * exp(x)"), 2);
        assert_eq!(kernels("sum(exp(a), D)", "sum(exp(x), K)"), 1);
        assert_eq!(kernels("sum(exp(a), D)", "max(exp(x), axis = K)"), 2);
    }

    #[test]
    fn so_may_the_places_that_are_read() {
        // Along rows and across them, the first or the last column.
        assert_eq!(kernels("exp(a) + a", "exp(x.T) + x.T"), 2);
        assert_eq!(kernels("exp(a[.., 0])", "exp(x[.., 1])"), 2);
        assert_eq!(kernels("exp(a[1..])", "exp(x[1..])"), 1);
    }

    /// A local may have the name of a function.
    #[test]
    fn functions_keep_their_names() {
        let text = expand(
            "Named<N, M> { input x: [N], y: [M]; let exp = exp(x); let log = log(y); a = exp^2 + exp; b = log^2 + log; }",
        );
        assert_eq!(text.matches("pub struct Output").count(), 3, "{text}");
    }
}

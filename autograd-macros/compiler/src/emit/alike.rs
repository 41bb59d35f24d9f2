//! Kernels that differ in nothing but the names of their fields and locals are one: the layers of a perceptron, what two
//! entry points compute alike.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::kernel::Fields;
use super::names::code;

/// The printed kernels.
#[derive(Default)]
pub(super) struct Kernels {
    pub(super) items: Vec<TokenStream>,
    /// By their text without names.
    known: BTreeMap<String, Known>,
}

/// A kernel, and its fields in order.
struct Known {
    name: Ident,
    fields: Vec<Ident>,
}

impl Kernels {
    /// `kernels::LossAndGrad1 { x, w: self.w, n }`: a kernel that does what this text says, in which these names are those of
    /// fields and locals. If there is none, it is added.
    pub(super) fn instance(
        &mut self,
        text: TokenStream,
        names: &BTreeSet<&str>,
        fields: &Fields,
        add: impl FnOnce() -> (Ident, TokenStream),
    ) -> TokenStream {
        let mut key = Key { names, order: BTreeMap::new(), text: String::new() };
        key.read(text);
        let items = &mut self.items;
        let Known { name, fields: known } = self.known.entry(key.text).or_insert_with(|| {
            let (name, item) = add();
            items.push(item);
            Known { name, fields: fields.names.clone() }
        });
        // The place itself, not the field: an argument of a step has the hygiene of the user.
        let initialisers = known
            .iter()
            .zip(&fields.places)
            .map(|(field, place)| if *field == place.to_string() { place.clone() } else { code!(#field: #place) });
        code!(kernels::#name { #(#initialisers),* })
    }
}

/// A text in which names are numbers, in the order in which they come.
struct Key<'a> {
    names: &'a BTreeSet<&'a str>,
    order: BTreeMap<String, usize>,
    text: String,
}

impl Key<'_> {
    fn read(&mut self, tokens: TokenStream) {
        // The two signs before: `s` is `self`, a space is anything else.
        let (mut before, mut last) = (' ', ' ');
        for token in tokens {
            // What stands after `.` or `::` is the name of something else, but for `self.x`.
            let is_member = (before, last) == (':', ':') || last == '.' && !matches!(before, '.' | 's');
            let mut sign = ' ';
            match &token {
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    sign = if name == "self" { 's' } else { ' ' };
                    self.word(name, is_member);
                }
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ('(', ')'),
                        Delimiter::Brace => ('{', '}'),
                        Delimiter::Bracket => ('[', ']'),
                        Delimiter::None => (' ', ' '),
                    };
                    self.text.push(open);
                    self.read(group.stream());
                    self.text.push(close);
                }
                TokenTree::Punct(punct) => {
                    sign = punct.as_char();
                    self.text.push(sign);
                }
                TokenTree::Literal(literal) => self.text.push_str(&literal.to_string()),
            }
            self.text.push(' ');
            (before, last) = (last, sign);
        }
    }

    fn word(&mut self, word: String, is_member: bool) {
        if is_member || !self.names.contains(word.as_str()) {
            self.text.push_str(&word);
            return;
        }
        let next = self.order.len();
        let number = *self.order.entry(word).or_insert(next);
        self.text.push('#');
        self.text.push_str(&number.to_string());
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    fn key(text: &str, names: &[&str]) -> String {
        let names = names.iter().copied().collect();
        let mut key = Key { names: &names, order: BTreeMap::new(), text: String::new() };
        key.read(TokenStream::from_str(text).expect("it is made of tokens"));
        key.text
    }

    #[test]
    fn only_names_may_differ() {
        let one = key("let h = (self.b + x[..n]).tanh(); h.store(h, 0)", &["h", "b", "x", "n"]);
        assert_eq!(one, key("let g = (self.c + y[..m]).tanh(); g.store(g, 0)", &["g", "c", "y", "m"]));
        // Two places for one name, another order, another function, another number.
        assert_ne!(one, key("let g = (self.c + y[..m]).tanh(); g.store(y, 0)", &["g", "c", "y", "m"]));
        assert_ne!(one, key("let g = (y[..m] + self.c).tanh(); g.store(g, 0)", &["g", "c", "y", "m"]));
        assert_ne!(one, key("let g = (self.c + y[..m]).exp(); g.store(g, 0)", &["g", "c", "y", "m"]));
        assert_ne!(one, key("let g = (self.c + y[..m]).tanh(); g.store(g, 1)", &["g", "c", "y", "m"]));
    }

    /// A local may have the name of a function.
    #[test]
    fn functions_keep_their_names() {
        assert_ne!(key("let exp = x.exp();", &["x", "exp"]), key("let log = x.log();", &["x", "log"]));
        assert_ne!(key("let exp = V::exp(x);", &["x", "exp"]), key("let log = V::log(x);", &["x", "log"]));
        assert_eq!(key("let exp = x.tanh();", &["x", "exp"]), key("let log = x.tanh();", &["x", "log"]));
    }
}

//! What the names in an entry point mean, and which of them some tokens have: what a stretch of it has to be given, and has
//! to bind.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Group, Ident, TokenStream, TokenTree};

use super::arguments::Given;

/// The place of a meaning in the scope.
pub(crate) type Id = usize;

/// What a name means.
pub(crate) enum Meaning {
    Given(Given),
    /// An array, which this statement binds.
    Array(Read),
    /// Memory in the workspace, at a place in a table of slots.
    Slot(Slot),
    /// A number that the statement at this place defines.
    Number {
        name: Ident,
        ty: TokenStream,
        at: usize,
    },
}

/// A part of a field of the workspace.
pub(crate) struct Slot {
    pub(crate) local: Ident,
    pub(crate) memory: Ident,
    /// What is given to find it.
    pub(crate) table: Id,
    pub(crate) at: usize,
}

/// Tokens as a stretch has them, and what their names mean.
pub(crate) struct Read {
    pub(crate) tokens: TokenStream,
    pub(crate) names: BTreeSet<Id>,
}

/// The names of an entry point.
pub(crate) struct Scope {
    pub(crate) meanings: Vec<Meaning>,
    /// Two may look the same: an argument of a step has the hygiene of the user.
    ids: BTreeMap<String, Vec<Id>>,
    /// What `self` is called in a stretch.
    receiver: Option<Ident>,
    /// What every stretch is given, since its type says what `T` is: the workspace.
    pub(crate) anchor: Id,
}

impl Scope {
    pub(crate) fn of(given: Vec<Given>) -> Self {
        let receiver = given.iter().find(|given| given.place == "self").map(|given| given.name.clone());
        let anchor = given.iter().position(|given| given.place == "workspace").unwrap_or(0);
        let mut scope = Self { meanings: Vec::new(), ids: BTreeMap::new(), receiver, anchor };
        for given in given {
            scope.add(&given.place.clone(), Meaning::Given(given));
        }
        scope
    }

    /// From here on the name has this meaning.
    pub(crate) fn add(&mut self, name: &Ident, meaning: Meaning) -> Id {
        let id = self.meanings.len();
        self.meanings.push(meaning);
        self.ids.entry(name.to_string()).or_default().push(id);
        id
    }

    /// The statement that defines a number.
    pub(crate) fn defined(&self, id: Id) -> Option<usize> {
        if let Meaning::Number { at, .. } = self.meanings[id] { Some(at) } else { None }
    }

    /// Whether a stretch has a local for it that it binds itself.
    pub(crate) fn is_bound(&self, id: Id) -> bool {
        matches!(self.meanings[id], Meaning::Array(_) | Meaning::Slot(_))
    }

    /// Names, and those that are needed to bind these.
    pub(crate) fn needed(&self, names: &BTreeSet<Id>) -> BTreeSet<Id> {
        let (mut needed, mut open) = (BTreeSet::new(), names.iter().copied().collect::<Vec<_>>());
        while let Some(id) = open.pop() {
            if !needed.insert(id) {
                continue;
            }
            match &self.meanings[id] {
                Meaning::Array(stmt) => open.extend(&stmt.names),
                Meaning::Slot(slot) => open.push(slot.table),
                Meaning::Given(_) | Meaning::Number { .. } => {}
            }
        }
        needed
    }

    /// What a stretch has for these tokens.
    pub(crate) fn read(&self, tokens: &TokenStream) -> Read {
        let mut names = BTreeSet::new();
        let tokens = self.walk(tokens.clone(), &mut names);
        Read { tokens, names }
    }

    /// Notes the names, and calls `self` what it is called in a stretch.
    fn walk(&self, tokens: TokenStream, names: &mut BTreeSet<Id>) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut walked = Vec::with_capacity(tokens.len());
        for (at, token) in tokens.iter().enumerate() {
            walked.push(match (token, &self.receiver) {
                (TokenTree::Group(group), _) => {
                    let mut inner = Group::new(group.delimiter(), self.walk(group.stream(), names));
                    inner.set_span(group.span());
                    TokenTree::Group(inner)
                }
                (TokenTree::Ident(name), receiver) => {
                    if is_local(&tokens, at) {
                        names.extend(self.ids.get(&name.to_string()).into_iter().flatten());
                    }
                    let receiver = receiver.as_ref().filter(|_| name == "self");
                    TokenTree::Ident(receiver.unwrap_or(name).clone())
                }
                (TokenTree::Punct(_) | TokenTree::Literal(_), _) => token.clone(),
            });
        }
        walked.into_iter().collect()
    }
}

/// Whether the name there can be a local: it is no field, neither in `x.field` nor in `Struct { field: x }`, and no part of
/// a path.
fn is_local(tokens: &[TokenTree], at: usize) -> bool {
    let sign = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
        Some(TokenTree::Punct(punct)) => Some(punct.as_char()),
        _ => None,
    };
    let before = [at.checked_sub(2), at.checked_sub(1)].map(sign);
    let is_field = before[1] == Some('.') && before[0] != Some('.');
    let ends_path = before == [Some(':'); 2];
    !is_field && !ends_path && sign(Some(at + 1)) != Some(':')
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;
    use crate::emit::rust::names::{code, ident};

    /// The names that are found in some tokens, of `a`, `b` and `c`.
    fn names(tokens: &str) -> Vec<&'static str> {
        let all = ["a", "b", "c"];
        let scope = Scope::of(all.map(|name| Given::new(&ident(name), code!(usize))).into());
        let read = scope.read(&TokenStream::from_str(tokens).expect("they are tokens"));
        read.names.iter().map(|&id| all[id]).collect()
    }

    #[test]
    fn fields_and_paths_are_no_names() {
        assert_eq!(names("kernels::K { a: b, c }"), ["b", "c"]);
        assert_eq!(names("a::b(x.c, c::<T>())"), [""; 0]);
        assert_eq!(names("&mut x[..a] + x[b..]"), ["a", "b"]);
        assert_eq!(names("f(&[(a * 2, 1)]).b(-c)"), ["a", "c"]);
    }

    #[test]
    fn what_is_needed_to_bind_an_array_is_needed_for_what_reads_it() {
        let mut scope = Scope::of(vec![Given::new(&ident("workspace"), code!(&mut Workspace<T>))]);
        for (local, stmt) in [("copies", code!(workspace.copies.free())), ("x", code!(in_order(x, &mut copies)))] {
            let stmt = scope.read(&stmt);
            scope.add(&ident(local), Meaning::Array(stmt));
        }
        let read = scope.read(&code!(f(x)));
        assert_eq!((read.names.len(), scope.needed(&read.names).len()), (1, 3));
    }
}

//! The names of emitted code: which there are, and that none stands twice where it may stand once.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::{Fields, ImplItem, Item};

/// Words that might mean something else to Rust, or be equal to others once they are spelled as ours.
pub const WORDS: &[&str] = &[
    "clone",
    "into",
    "try_into",
    "borrow",
    "eq",
    "cmp",
    "fmt",
    "default",
    "drop",
    "to_owned",
    "shape",
    "values",
    "names",
    "definition",
    "kernels",
    "sizes",
    "marker",
    "union",
    "auto",
    "raw",
    "safe",
    "Option",
    "Vec",
    "Box",
    "Iterator",
    "Default",
    "Float",
    "Error",
    "core",
    "std",
    "ndarray",
    "autograd_core",
    "Self_",
    "self_",
    "SELF",
    "SELF_",
    "Crate",
    "Type",
    "TYPE",
    "AbC",
    "abC",
    "ab_c",
    "ab",
    "AB",
    "aB",
    "x1",
    "x_1",
    "X1",
    "_x",
    "__",
    "α",
    "Ω",
    "ß",
    "İ",
    "gen",
    "Gen",
    "r#gen",
    "r#x",
    "None",
    "Some",
    "Ok",
    "u8",
    "str",
    "T",
    "N",
    "n",
    "G",
    "D",
];

/// All identifiers in some tokens.
pub fn identifiers(tokens: TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => drop(found.insert(ident.to_string())),
            TokenTree::Group(group) => found.extend(identifiers(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    found
}

/// A name that stands twice: of a field, a method, an item. (Arguments of steps have the hygiene of the user, ours have not.)
pub fn repeated(file: &syn::File) -> Option<String> {
    items(&file.items)
}

fn items(items: &[Item]) -> Option<String> {
    let (mut types, mut functions, mut methods) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    items.iter().find_map(|item| match item {
        Item::Struct(found) => twice(&mut types, &found.ident).or_else(|| fields(&found.fields)),
        Item::Enum(found) => twice(&mut types, &found.ident),
        Item::Mod(found) => {
            let inside = found.content.as_ref().and_then(|(_, content)| self::items(content));
            twice(&mut types, &found.ident).or(inside)
        }
        Item::Fn(found) => twice(&mut functions, &found.sig.ident),
        Item::Impl(found) => found.items.iter().find_map(|item| match item {
            ImplItem::Fn(method) => {
                let owner = &found.self_ty;
                let name = format!("{}::{}", quote::quote!(#owner), method.sig.ident);
                let taken = found.trait_.is_none() && !methods.insert(name.clone());
                taken.then(|| format!("`{name}` stands twice"))
            }
            _ => None,
        }),
        _ => None,
    })
}

fn twice(seen: &mut BTreeSet<String>, name: &syn::Ident) -> Option<String> {
    (!seen.insert(name.to_string())).then(|| format!("`{name}` stands twice"))
}

fn fields(fields: &Fields) -> Option<String> {
    let mut seen = BTreeSet::new();
    fields.iter().filter_map(|field| field.ident.as_ref()).find_map(|name| twice(&mut seen, name))
}

//! What stands before a model's body: doc comments, attributes, visibility, name, dimensions, module.

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser as _;
use syn::{Attribute, Visibility};

use super::names::module_name;
use super::parser::{Parsed, Parser, Reported};
use super::tokens::group_span;
use super::tree::{Damage, Model};
use crate::diagnostics::{Help, Problem};

impl Parser<'_> {
    /// Reads `/// docs #[attribute] pub Name<N> as module { items }`.
    pub fn model(&mut self) -> Option<Model> {
        let gaps = self.gaps();
        let (attributes, docs) = self.attributes();
        let visibility = self.visibility();
        let name = self.model_name();
        let dims = if self.cursor.is("<") { self.dims() } else { Vec::new() };
        let module = self.module();
        if let (Some(name), Some(module)) = (&name, &module)
            && name == module
        {
            let problem = Problem::DuplicateName { name: module.to_string(), kind: "model" };
            self.diagnostics.error_with_help(module.span(), problem, format!("`as {}`", module_name(name)));
        }
        let body = self.body(name.is_some());
        let is_header_read = self.gaps() == gaps;
        let (items, broken) = match body {
            Ok(group) if group.stream().is_empty() => {
                self.report_empty(&group, name.as_ref());
                Default::default()
            }
            Ok(group) => self.inside(&group, Self::items),
            Err(Reported) => Default::default(),
        };
        let damage = match self.gaps() == gaps {
            true => Damage::None,
            false if is_header_read => Damage::Items(broken),
            false => Damage::Header,
        };
        let mut model =
            Model { attributes, docs, visibility, name: name?, dims, module, items, damage, least_squares: false };
        super::residual::add_loss(&mut model);
        Some(model)
    }

    fn report_empty(&mut self, group: &Group, name: Option<&Ident>) {
        let owner = name.map_or_else(|| "the model".to_owned(), |name| format!("`{name}`"));
        let help = "`param w; input x: [N]; loss = mean((w*x)^2);`";
        self.diagnostics.error_with_help(group_span(group), Problem::EmptyBody { owner }, help);
    }

    /// All attributes as tokens, and the text of the doc comments.
    fn attributes(&mut self) -> (TokenStream, String) {
        let mut tokens = TokenStream::new();
        let mut docs = Vec::new();
        while let Some(group) = self.attribute_group() {
            let sign = TokenTree::Punct(proc_macro2::Punct::new('#', proc_macro2::Spacing::Alone));
            docs.extend(doc_text(&group));
            let attribute: TokenStream = [sign, TokenTree::Group(group.clone())].into_iter().collect();
            if Attribute::parse_outer.parse2(attribute.clone()).is_ok() {
                tokens.extend(attribute);
            } else {
                self.not_as_expected(&group, "an attribute");
            }
        }
        (tokens, docs.join("\n"))
    }

    /// The text of the doc comments before an item, which takes no other attributes.
    pub fn docs(&mut self) -> String {
        let mut docs = Vec::new();
        loop {
            let sign = self.cursor.span();
            let Some(group) = self.attribute_group() else { break };
            if let Some(text) = doc_text(&group) {
                docs.push(text);
                continue;
            }
            let span = group_span(&group);
            let help = "only doc comments stand here; attributes go before the model's name";
            self.slip(span, Problem::AttributeOnItem, Help::remove(help, sign.to(span)));
        }
        docs.join("\n")
    }

    /// Reads `#[…]` or `#![…]`.
    fn attribute_group(&mut self) -> Option<Group> {
        if !self.cursor.is("#") {
            return None;
        }
        let inner = usize::from(self.cursor.operator_at(1) == Some("!"));
        self.cursor.group_at(1 + inner, Delimiter::Bracket)?;
        for _ in 0..=inner {
            self.cursor.next();
        }
        self.cursor.eat_group(Delimiter::Bracket)
    }

    fn visibility(&mut self) -> TokenStream {
        let mut tokens = TokenStream::new();
        if self.cursor.is_word("pub") {
            tokens.extend(self.cursor.next());
            if let Some(group) = self.cursor.eat_group(Delimiter::Parenthesis) {
                let whole: TokenStream = tokens.clone().into_iter().chain([TokenTree::Group(group.clone())]).collect();
                if syn::parse2::<Visibility>(whole.clone()).is_ok() {
                    tokens = whole;
                } else {
                    self.not_as_expected(&group, "`(crate)`, `(super)` or `(in …)`");
                }
            }
        }
        tokens
    }

    /// Reports a group of tokens that Rust would not read, once it is emitted.
    fn not_as_expected(&mut self, group: &Group, expected: &str) {
        let problem = Problem::UnexpectedToken { expected: expected.to_owned(), found: format!("`{group}`") };
        self.diagnostics.error(group_span(group), problem);
    }

    fn model_name(&mut self) -> Option<Ident> {
        if self.cursor.is_word("struct") || self.cursor.is_word("mod") || self.cursor.is_word("model") {
            let next_is_name = self.cursor.ident_at(1).is_some();
            if next_is_name {
                let help = Help::remove("leave this word out", self.cursor.span());
                let _ = self.unexpected_with_help::<()>("the model's name", Some(help));
                self.cursor.next();
            }
        }
        if self.cursor.ident().is_some() && !self.starts_item() {
            let name = self.name("the model's name").ok()?;
            self.check_model_name(&name);
            return Some(name);
        }
        let help = "`pub Name<N> { … }` around the items".to_owned();
        let _ = self.fail::<()>(self.cursor.start(), Problem::MissingModelName, Some(help));
        None
    }

    /// `<N, D>`
    fn dims(&mut self) -> Vec<Ident> {
        let mut dims = Vec::new();
        self.cursor.eat("<");
        while !self.cursor.at_end() && self.cursor.eat(">").is_none() {
            if self.cursor.is_word("const") {
                let _ = self.unexpected_with_help::<()>("the name of a dimension", Some("`<N, D>`"));
                self.skip_dims();
                break;
            }
            let read = self.name("the name of a dimension").and_then(|dim| {
                dims.push(dim);
                let more = self.cursor.is(">") || self.cursor.eat(",").is_some();
                if more { Ok(()) } else { self.unexpected_with_help("`,` or `>`", Some("`<N, D>`")) }
            });
            if read.is_err() {
                self.skip_dims();
                break;
            }
        }
        self.check_distinct(&dims, |name| Problem::DuplicateDimension { name });
        dims
    }

    fn skip_dims(&mut self) {
        while !self.cursor.at_end() && self.cursor.group_at(0, Delimiter::Brace).is_none() {
            if self.cursor.eat(">").is_some() {
                return;
            }
            self.cursor.next();
        }
    }

    /// `as module`
    fn module(&mut self) -> Option<Ident> {
        if !self.cursor.is_word("as") {
            return None;
        }
        self.cursor.next();
        self.name("the name of a module").ok()
    }

    /// The braces, with nothing after them.
    fn body(&mut self, is_named: bool) -> Parsed<Group> {
        if self.cursor.group_at(0, Delimiter::Brace).is_none() {
            if is_named {
                let _ = self.unexpected_with_help::<()>("`{`", Some("`pub Name<N> { … }`"));
            }
            while !self.cursor.at_end() && self.cursor.group_at(0, Delimiter::Brace).is_none() {
                self.cursor.next();
            }
        }
        let group = self.cursor.eat_group(Delimiter::Brace).ok_or(Reported)?;
        if !self.cursor.at_end() {
            let help = "each model has a `model!` of its own";
            let _ = self.unexpected_with_help::<()>("the end", Some(help));
        }
        Ok(group)
    }
}

/// The text of `doc = "…"`, without the blank that follows the slashes.
fn doc_text(attribute: &Group) -> Option<String> {
    let mut tokens = attribute.stream().into_iter();
    match (tokens.next()?, tokens.next()?, tokens.next()?) {
        (TokenTree::Ident(doc), TokenTree::Punct(is), TokenTree::Literal(text))
            if doc == "doc" && is.as_char() == '=' =>
        {
            string(&text).map(|text| text.strip_prefix(' ').unwrap_or(&text).to_owned())
        }
        _ => None,
    }
}

fn string(literal: &Literal) -> Option<String> {
    let literal: syn::LitStr = syn::parse2(literal.to_token_stream()).ok()?;
    Some(literal.value())
}

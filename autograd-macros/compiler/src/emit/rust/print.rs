//! The one place where emitted Rust becomes tokens: after it, nothing looks at what is emitted any more.
//!
//! Parentheses stand where Rust's own order of operators would read the tree otherwise, and hardly anywhere else.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;

use super::names::code;
use super::tree::{Block, Expr, Field, Infix, Local, New, Own, Path, Pattern, Prefix, Stmt, Type, Word};

/// How tightly an expression holds together, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tight {
    /// What reaches as far to the right as it can, or begins like a statement: `|x| …`, `if c { a } else { b }`.
    Loose,
    Range,
    Compare,
    Or,
    And,
    Sum,
    Product,
    Cast,
    Prefix,
    /// `a`, `f(a)`, `a.f()`, `a[i]`
    Postfix,
}

impl Infix {
    fn tight(self) -> Tight {
        match self {
            Self::Plus | Self::Minus => Tight::Sum,
            Self::Times | Self::Over => Tight::Product,
            Self::And => Tight::And,
            Self::Or => Tight::Or,
            Self::Less | Self::AtMost | Self::Equal | Self::Unequal => Tight::Compare,
        }
    }
}

fn tight(expr: &Expr) -> Tight {
    match expr {
        Expr::If(..) | Expr::Closure(..) | Expr::Block(_) => Tight::Loose,
        Expr::Range(..) => Tight::Range,
        Expr::Infix(sign, ..) => sign.tight(),
        Expr::Cast(..) => Tight::Cast,
        Expr::Prefix(..) => Tight::Prefix,
        Expr::Local(_)
        | Expr::Own(_)
        | Expr::Path(_)
        | Expr::Integer(_)
        | Expr::Real(_)
        | Expr::Truth(_)
        | Expr::Text(_)
        | Expr::Field(..)
        | Expr::Index(..)
        | Expr::Call(..)
        | Expr::Method(..)
        | Expr::Try(_)
        | Expr::Array(_)
        | Expr::Tuple(_)
        | Expr::Struct(..)
        | Expr::Default(_)
        | Expr::Missing(_) => Tight::Postfix,
    }
}

/// Whether its last token is that of a type: `n as usize < m` would go on with generics.
fn ends_in_type(expr: &Expr) -> bool {
    match expr {
        Expr::Cast(..) => true,
        Expr::Infix(sign, _, right) => tight(right) > sign.tight() && ends_in_type(right),
        _ => false,
    }
}

/// Whether `::` stands before generics.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Generics {
    OfType,
    OfExpr,
}

/// The tokens so far.
struct Printer {
    tokens: TokenStream,
    span: Span,
}

impl Printer {
    fn new() -> Self {
        Self { tokens: TokenStream::new(), span: Span::mixed_site() }
    }

    fn push(&mut self, token: impl Into<TokenTree>) {
        self.tokens.extend([token.into()]);
    }

    /// Words and signs, as they are.
    fn tokens(&mut self, tokens: TokenStream) {
        self.tokens.extend(tokens);
    }

    fn word(&mut self, word: &str) {
        self.push(Ident::new(word, self.span));
    }

    fn sign(&mut self, sign: &str) {
        let mut rest = sign.chars().peekable();
        while let Some(letter) = rest.next() {
            let spacing = if rest.peek().is_some() { Spacing::Joint } else { Spacing::Alone };
            let mut punct = Punct::new(letter, spacing);
            punct.set_span(self.span);
            self.push(punct);
        }
    }

    fn literal(&mut self, mut literal: Literal) {
        literal.set_span(self.span);
        self.push(literal);
    }

    fn group(&mut self, delimiter: Delimiter, inside: impl FnOnce(&mut Self)) {
        let mut printer = Self { tokens: TokenStream::new(), span: self.span };
        inside(&mut printer);
        let mut group = Group::new(delimiter, printer.tokens);
        group.set_span(self.span);
        self.push(group);
    }

    fn list<N>(&mut self, parts: &[N], mut print: impl FnMut(&mut Self, &N)) {
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                self.sign(",");
            }
            print(self, part);
        }
    }

    fn exprs(&mut self, delimiter: Delimiter, exprs: &[Expr]) {
        self.group(delimiter, |printer| printer.list(exprs, Self::whole));
    }

    fn local(&mut self, local: &Local) {
        self.push(local.name.clone());
    }

    fn locals(&mut self, delimiter: Delimiter, locals: &[New]) {
        self.group(delimiter, |printer| printer.list(locals, |printer, local| printer.local(&local.0)));
    }

    fn words(&mut self, words: &Word) {
        match words {
            Word::Given(name) => self.push(name.clone()),
            Word::In(module, name) => {
                self.word(module);
                self.sign("::");
                self.push(name.clone());
            }
            Word::Known(words) => {
                for (place, word) in words.split("::").enumerate() {
                    if place > 0 {
                        self.sign("::");
                    }
                    if let Ok(place) = word.parse() {
                        self.literal(Literal::usize_unsuffixed(place));
                    } else if !word.is_empty() {
                        self.word(word);
                    }
                }
            }
        }
    }

    fn path(&mut self, path: &Path, of: Generics) {
        self.words(&path.root);
        if !path.generics.is_empty() {
            if of == Generics::OfExpr || path.leaf.is_some() {
                self.sign("::");
            }
            self.sign("<");
            self.list(&path.generics, Self::ty);
            self.sign(">");
        }
        if let Some(leaf) = path.leaf {
            self.sign("::");
            self.words(&Word::Known(leaf));
        }
    }

    fn lifetime(&mut self, name: &str) {
        let mut sign = Punct::new('\'', Spacing::Joint);
        sign.set_span(self.span);
        self.push(sign);
        self.word(name);
    }

    fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Path(path) => self.path(path, Generics::OfType),
            Type::Count(count) => self.literal(Literal::usize_unsuffixed(*count)),
            Type::Lifetime(name) => self.lifetime(name),
            Type::Ref(lifetime, is_mutable, of) => {
                self.sign("&");
                if let Some(lifetime) = lifetime {
                    self.lifetime(lifetime);
                }
                if *is_mutable {
                    self.word("mut");
                }
                self.ty(of);
            }
            Type::Slice(of) => self.group(Delimiter::Bracket, |printer| printer.ty(of)),
            Type::Tuple(parts) => self.group(Delimiter::Parenthesis, |printer| printer.list(parts, Self::ty)),
        }
    }

    /// An expression where anything may stand.
    fn whole(&mut self, expr: &Expr) {
        self.expr(expr, Tight::Loose);
    }

    /// `{ x }`; a block has its braces.
    fn branch(&mut self, of: &Expr) {
        match of {
            Expr::Block(body) => self.block(body),
            of => self.group(Delimiter::Brace, |printer| printer.whole(of)),
        }
    }

    /// An expression as part of one that holds together so tightly.
    fn expr(&mut self, expr: &Expr, within: Tight) {
        if tight(expr) < within {
            return self.group(Delimiter::Parenthesis, |printer| printer.whole(expr));
        }
        match expr {
            Expr::Local(local) => self.local(local),
            Expr::Own(Own(field)) => {
                self.word("self");
                self.sign(".");
                self.local(field);
            }
            Expr::Path(path) => self.path(path, Generics::OfExpr),
            Expr::Integer(value) => self.literal(Literal::u64_unsuffixed(*value)),
            Expr::Real(bits) => self.literal(real(f64::from_bits(*bits))),
            Expr::Truth(value) => self.word(if *value { "true" } else { "false" }),
            Expr::Text(text) => self.literal(Literal::string(text)),
            Expr::Field(of, field) => {
                self.expr(of, Tight::Postfix);
                self.sign(".");
                self.words(field);
            }
            Expr::Index(of, at) => {
                self.expr(of, Tight::Postfix);
                self.group(Delimiter::Bracket, |printer| printer.whole(at));
            }
            Expr::Range(from, to) => {
                if let Some(from) = from {
                    self.expr(from, Tight::Or);
                }
                self.sign("..");
                if let Some(to) = to {
                    self.expr(to, Tight::Or);
                }
            }
            Expr::Prefix(sign, of) => self.prefix(*sign, of),
            Expr::Infix(sign, left, right) => self.infix(*sign, left, right),
            Expr::Cast(of, to) => {
                self.expr(of, Tight::Cast);
                self.word("as");
                self.word(to);
            }
            Expr::Call(function, arguments) => {
                self.path(function, Generics::OfExpr);
                self.exprs(Delimiter::Parenthesis, arguments);
            }
            Expr::Method(of, name, arguments) => {
                self.expr(of, Tight::Postfix);
                self.sign(".");
                self.path(name, Generics::OfExpr);
                self.exprs(Delimiter::Parenthesis, arguments);
            }
            Expr::Try(of) => {
                self.expr(of, Tight::Postfix);
                self.sign("?");
            }
            Expr::If(condition, yes, no) => {
                self.word("if");
                self.whole(condition);
                self.branch(yes);
                self.word("else");
                self.branch(no);
            }
            Expr::Array(parts) => self.exprs(Delimiter::Bracket, parts),
            Expr::Tuple(parts) => self.exprs(Delimiter::Parenthesis, parts),
            Expr::Struct(name, fields) => {
                self.path(name, Generics::OfExpr);
                self.group(Delimiter::Brace, |printer| printer.list(fields, Self::field));
            }
            Expr::Closure(is_inline, parameters, body) => self.closure(*is_inline, parameters, body),
            Expr::Block(body) => self.block(body),
            Expr::Default(of) => {
                self.sign("<");
                self.ty(of);
                self.tokens(code!(as ::core::default::Default>::default()));
            }
            // The verifier has found it, but for what stands in templates.
            Expr::Missing(what) => {
                let text = format!("internal error in model!, pass `emit`: {what} is not known where it is printed");
                self.tokens(code!(::core::compile_error!(#text)));
            }
        }
    }

    fn prefix(&mut self, sign: Prefix, of: &Expr) {
        match sign {
            Prefix::RefMut => {
                self.sign("&");
                self.word("mut");
            }
            Prefix::Minus | Prefix::Not | Prefix::Deref | Prefix::Ref => self.sign(sign.text()),
        }
        // rustc warns of `--x`.
        let within = if sign == Prefix::Minus { Tight::Postfix } else { Tight::Prefix };
        self.expr(of, within);
    }

    fn infix(&mut self, sign: Infix, left: &Expr, right: &Expr) {
        let (left_within, right_within) = match sign {
            Infix::Plus | Infix::Minus => (Tight::Sum, Tight::Product),
            Infix::Times | Infix::Over => (Tight::Product, Tight::Cast),
            Infix::And => (Tight::And, Tight::Sum),
            // Few know that `&` comes before `|`.
            Infix::Or if tight(left) == Tight::And => (Tight::Sum, Tight::Sum),
            Infix::Or => (Tight::Or, Tight::Sum),
            Infix::Less if ends_in_type(left) => (Tight::Postfix, Tight::Or),
            Infix::Less | Infix::AtMost | Infix::Equal | Infix::Unequal => (Tight::Or, Tight::Or),
        };
        self.expr(left, left_within);
        self.sign(sign.text());
        self.expr(right, right_within);
    }

    /// `x: 1`, or `x` of a local that is called so. The local's own name: an argument of a step has the hygiene of the user.
    fn field(&mut self, field: &Field) {
        if let (Word::Given(name), Expr::Local(local)) = (&field.name, &field.value)
            && *name == local.name
        {
            return self.local(local);
        }
        self.words(&field.name);
        self.sign(":");
        self.whole(&field.value);
    }

    fn closure(&mut self, is_inline: bool, parameters: &[New], body: &Block) {
        if is_inline {
            self.tokens(code!(#[inline(always)]));
        }
        self.sign("|");
        self.list(parameters, |printer, parameter| printer.local(&parameter.0));
        self.sign("|");
        match body {
            Block { stmts, value: Some(value) } if stmts.is_empty() && !is_inline => self.whole(value),
            body => self.block(body),
        }
    }

    fn block(&mut self, block: &Block) {
        self.group(Delimiter::Brace, |printer| printer.inside(block));
    }

    fn inside(&mut self, block: &Block) {
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
        block.value.iter().for_each(|value| self.whole(value));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let(value, pattern, ty) => {
                self.word("let");
                self.pattern(pattern);
                if let Some(ty) = ty {
                    self.sign(":");
                    self.ty(ty);
                }
                self.sign("=");
                self.whole(value);
                self.sign(";");
            }
            Stmt::Assign(to, value) => {
                self.whole(to);
                self.sign("=");
                self.whole(value);
                self.sign(";");
            }
            Stmt::Run(expr) => {
                self.whole(expr);
                self.sign(";");
            }
            Stmt::For(range, axis, body) => {
                self.word("for");
                self.local(&axis.0);
                self.word("in");
                self.whole(range);
                self.block(body);
            }
            Stmt::When(condition, body) => {
                self.word("if");
                self.whole(condition);
                self.block(body);
            }
            Stmt::ReturnIf(condition, value) => {
                self.word("if");
                self.whole(condition);
                self.group(Delimiter::Brace, |printer| {
                    printer.word("return");
                    printer.whole(value);
                    printer.sign(";");
                });
            }
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::One(is_mutable, local) => {
                if *is_mutable {
                    self.word("mut");
                }
                self.local(&local.0);
            }
            Pattern::Array(locals) => self.locals(Delimiter::Bracket, locals),
            Pattern::Tuple(locals) => self.locals(Delimiter::Parenthesis, locals),
        }
    }
}

/// A number as Rust writes it.
fn real(value: f64) -> Literal {
    format!("{value:?}").parse().expect("Debug of a finite f64 is a Rust literal")
}

macro_rules! printed {
    ($($ty:ident: $print:expr;)*) => {$(
        impl ToTokens for $ty {
            fn to_tokens(&self, tokens: &mut TokenStream) {
                let mut printer = Printer::new();
                let print: fn(&mut Printer, &Self) = $print;
                print(&mut printer, self);
                tokens.extend(printer.tokens);
            }
        }
    )*};
}

printed! {
    Type: Printer::ty;
    Expr: Printer::whole;
    Stmt: Printer::stmt;
    Block: Printer::inside;
    Pattern: Printer::pattern;
    Local: Printer::local;
    Word: Printer::words;
}

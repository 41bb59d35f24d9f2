//! Functions and kernels as Rust items.

use proc_macro2::{Ident, Literal, TokenStream};

use super::names::code;
use super::tree::{Cut, Function, Join, Kernel, KernelField, Local, New, Own, Parameter, Pattern, RestField, Type};
use super::walk::{Node, Visitor};

impl Function {
    /// `fn loss_1<T: Float>(model: &Mlp<T>, …) -> T { … }`
    pub(crate) fn print(&self, name: &Ident, doc: &TokenStream) -> TokenStream {
        let parameters = self.parameters.iter().map(|Parameter { local: New(local), is_mutable, ty }| {
            let sign = is_mutable.then(|| code!(mut));
            code!(#sign #local: #ty)
        });
        let returns = self.returns.as_ref().map(|ty| code!(-> #ty));
        let body = &self.body;
        code! {
            #doc
            #[inline(never)]
            fn #name<T: runtime::Float>(#(#parameters),*) #returns {
                #body
            }
        }
    }
}

impl Kernel {
    /// Whether any field is a reference, and whether any speaks of the scalar type.
    fn generics(&self) -> (bool, bool) {
        let mut types = TypesOf::default();
        self.fields.iter().for_each(|field| field.ty.walk(&mut types));
        (types.borrow, types.have_reals)
    }

    /// The struct and its implementation of `Kernel`, or of `Split` if it can be cut.
    pub(crate) fn print(&self, name: &Ident, doc: &str) -> TokenStream {
        let Self { is_wide, fields, cut, output, body } = self;
        let fields = fields.iter().map(|KernelField { field: Own(field), ty }| code!(pub #field: #ty));
        let returns = (!output.is_unit()).then(|| code!(-> #output));
        let (borrows, has_reals) = self.generics();
        let (parameters, subject) = match (borrows, has_reals) {
            (true, true) => (code!('a, T), code!(#name<'_, T>)),
            (true, false) => (code!('a), code!(#name<'_>)),
            (false, _) => (code!(T), code!(#name<T>)),
        };
        let implemented = cut.as_ref().map_or(code!(Kernel<T>), Cut::implemented);
        let wide = is_wide.then(|| {
            code!(
                const WIDE: bool = true;
            )
        });
        let own = cut.as_ref().map(Cut::parameter);
        let split_off = cut.as_ref().map(Cut::split_off);
        let join = cut.as_ref().and_then(|cut| cut.join.as_ref()).map(|join| join.print(output));
        code! {
            #[doc = #doc]
            pub struct #name<#parameters> {
                #(#fields,)*
            }

            impl<T: Float> #implemented for #subject {
                type Output = #output;
                #wide

                #[inline(always)]
                fn run<V: Lanes<T>>(self #own) #returns {
                    #body
                }

                #split_off

                #join
            }
        }
    }
}

/// What types speak of.
#[derive(Default)]
struct TypesOf {
    borrow: bool,
    have_reals: bool,
}

impl Visitor for TypesOf {
    fn enter(&mut self, node: &'static str) {
        self.borrow |= node == "Ref";
    }

    fn text(&mut self, text: &str) {
        self.have_reals |= text == "T";
    }
}

impl Cut {
    /// `1, 1`
    fn counts(&self) -> TokenStream {
        let [sums, scratch] = [&self.sums, &self.scratch].map(|locals| Literal::usize_unsuffixed(locals.len()));
        code!(#sums, #scratch)
    }

    /// `Split<T, 1, 1>`
    fn implemented(&self) -> TokenStream {
        let counts = self.counts();
        code!(Split<T, #counts>)
    }

    /// `, Own { sums: [grad_w], scratch: [sums] }: Own<'_, T, 1, 1>`
    fn parameter(&self) -> TokenStream {
        let counts = self.counts();
        if self.sums.is_empty() && self.scratch.is_empty() {
            return code!(, _: Own<'_, T, #counts>);
        }
        let [sums, scratch] = [&self.sums, &self.scratch].map(|locals| locals.iter().map(|New(local)| local));
        code!(, Own { sums: [#(#sums),*], scratch: [#(#scratch),*] }: Own<'_, T, #counts>)
    }

    /// `fn split_off(&mut self, at: Turn) -> Self { … }`
    fn split_off(&self) -> TokenStream {
        let rest = self.rest.iter().map(|RestField { field: Own(field), value }| code!(#field: #value));
        let (New(at), Own(turns)) = (&self.at, &self.turns);
        code! {
            fn split_off(&mut self, #at: Turn) -> Self {
                let rest = Self { #(#rest,)* ..*self };
                self.#turns = #at.0;
                rest
            }
        }
    }
}

impl Join {
    /// `fn join(left: T, right: T) -> T { left + right }`
    fn print(&self, output: &Type) -> TokenStream {
        let side = |locals: &[New]| {
            let locals: Vec<Local> = locals.iter().map(|New(local)| local.clone()).collect();
            Pattern::tuple(&locals)
        };
        let (left, right, value) = (side(&self.left), side(&self.right), &self.value);
        code! {
            fn join(#left: #output, #right: #output) -> #output {
                #value
            }
        }
    }
}

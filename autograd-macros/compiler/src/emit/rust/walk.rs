//! A walk through all parts of a tree: the visitor that what looks at emitted Rust is written as.
//!
//! It is made by the macro that makes the types, so nothing that is printed can be forgotten: what a kernel is
//! (`kernel/dedup.rs`), what is used and defined (`uses.rs`) and what is right (`verify.rs`) are all such visitors.

use super::tree::{Local, New, Own, Word};

/// What looks at a tree.
pub(crate) trait Visitor {
    /// The parts of this struct, or of this alternative of an enum, follow.
    fn enter(&mut self, _node: &'static str) {}
    /// That was its last part.
    fn leave(&mut self, _node: &'static str) {}
    /// A number, or how many parts follow.
    fn number(&mut self, _number: u64) {}
    /// A word, or what stands between quotes.
    fn text(&mut self, _text: &str) {}
    /// A local that is used.
    fn uses(&mut self, _local: &Local) {}
    /// A local that is defined.
    fn defines(&mut self, _local: &Local) {}
    /// A field of the kernel.
    fn field(&mut self, _field: &Own) {}
}

/// What a local is at a place of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Used,
    Defined,
    /// It is no local, but a field of the kernel.
    Field,
}

/// A tree, or a part of one.
pub(crate) trait Node {
    /// Shows all parts, in the order in which they stand in the definition of the type.
    fn walk(&self, visitor: &mut dyn Visitor);

    /// Shows every local and every field of the kernel, to put another one in its place.
    fn locals_mut(&mut self, change: &mut dyn FnMut(Role, &mut Local));

    /// Changes one thing: the one of this number, of all that can be changed. Gives false, and counts down, where there are
    /// not so many.
    #[cfg(test)]
    fn mutate(&mut self, number: &mut usize) -> bool;
}

/// The types of a tree, and the walk through their parts: structs, enums with parts, and signs, which have none.
macro_rules! tree {
    ($($(#[$doc:meta])* $kind:ident $name:ident { $($body:tt)* })*) => {
        $(crate::emit::rust::walk::tree!(@$kind [$(#[$doc])*] $name { $($body)* });)*
    };
    (@struct [$($doc:tt)*] $name:ident { $($(#[$part_doc:meta])* $part:ident: $ty:ty,)* }) => {
        $($doc)*
        #[derive(Clone, Debug)]
        pub(crate) struct $name { $($(#[$part_doc])* pub(crate) $part: $ty,)* }

        impl crate::emit::rust::walk::Node for $name {
            fn walk(&self, visitor: &mut dyn crate::emit::rust::walk::Visitor) {
                visitor.enter(stringify!($name));
                $(self.$part.walk(visitor);)*
                visitor.leave(stringify!($name));
            }

            fn locals_mut(&mut self, change: &mut dyn FnMut(crate::emit::rust::walk::Role, &mut Local)) {
                $(self.$part.locals_mut(change);)*
            }

            #[cfg(test)]
            fn mutate(&mut self, number: &mut usize) -> bool {
                $(self.$part.mutate(number))||*
            }
        }
    };
    (@enum [$($doc:tt)*] $name:ident {
        $($(#[$alternative_doc:meta])* $alternative:ident($($part:ident: $ty:ty),*),)*
    }) => {
        $($doc)*
        #[derive(Clone, Debug)]
        pub(crate) enum $name { $($(#[$alternative_doc])* $alternative($($ty),*)),* }

        impl crate::emit::rust::walk::Node for $name {
            fn walk(&self, visitor: &mut dyn crate::emit::rust::walk::Visitor) {
                match self {
                    $(Self::$alternative($($part),*) => {
                        visitor.enter(stringify!($alternative));
                        $($part.walk(visitor);)*
                        visitor.leave(stringify!($alternative));
                    })*
                }
            }

            fn locals_mut(&mut self, change: &mut dyn FnMut(crate::emit::rust::walk::Role, &mut Local)) {
                match self {
                    $(Self::$alternative($($part),*) => { $($part.locals_mut(change);)* })*
                }
            }

            #[cfg(test)]
            fn mutate(&mut self, number: &mut usize) -> bool {
                match self {
                    $(Self::$alternative($($part),*) => $($part.mutate(number))||*,)*
                }
            }
        }
    };
    (@signs [$($doc:tt)*] $name:ident { $($sign:ident $text:literal,)* }) => {
        $($doc)*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name { $(#[doc = concat!("`", $text, "`")] $sign),* }

        impl $name {
            /// How it is written.
            pub(crate) fn text(self) -> &'static str {
                match self {
                    $(Self::$sign => $text,)*
                }
            }
        }

        impl crate::emit::rust::walk::Node for $name {
            fn walk(&self, visitor: &mut dyn crate::emit::rust::walk::Visitor) {
                visitor.text(self.text());
            }

            fn locals_mut(&mut self, _: &mut dyn FnMut(crate::emit::rust::walk::Role, &mut Local)) {}

            #[cfg(test)]
            fn mutate(&mut self, number: &mut usize) -> bool {
                let others = [$(Self::$sign),*].into_iter().filter(|other| other != self);
                super::walk::put(self, others.collect(), number)
            }
        }
    };
}
pub(super) use tree;

/// Puts the other of this number there, if there are so many.
#[cfg(test)]
pub(super) fn put<T>(place: &mut T, others: Vec<T>, number: &mut usize) -> bool {
    let count = others.len();
    let other = others.into_iter().nth(*number);
    let is_there = other.is_some();
    if let Some(other) = other {
        *place = other;
    } else {
        *number -= count;
    }
    is_there
}

/// Parts of a tree that have no parts.
macro_rules! leaves {
    ($($ty:ty: |$leaf:ident, $visitor:ident| $walk:expr, $other:expr;)*) => {$(
        impl Node for $ty {
            fn walk(&self, $visitor: &mut dyn Visitor) {
                let $leaf = self;
                $walk;
            }

            fn locals_mut(&mut self, _: &mut dyn FnMut(Role, &mut Local)) {}

            #[cfg(test)]
            fn mutate(&mut self, number: &mut usize) -> bool {
                let $leaf = &*self;
                let other = $other;
                put(self, vec![other], number)
            }
        }
    )*};
}

leaves! {
    bool: |it, visitor| visitor.number(u64::from(*it)), !it;
    u64: |it, visitor| visitor.number(*it), it ^ 1;
    usize: |it, visitor| visitor.number(u64::try_from(*it).expect("a usize has at most 64 bits")), it + 1;
    &'static str: |it, visitor| visitor.text(it), if *it == "other" { "another" } else { "other" };
    String: |it, visitor| visitor.text(it), format!("{it}x");
}

#[cfg(test)]
impl Local {
    /// One that is nowhere.
    fn other(&self) -> Self {
        Self { id: u32::MAX, name: quote::format_ident!("{}_other", self.name) }
    }
}

/// Locals, by what they are where they stand.
macro_rules! locals {
    ($($ty:ty: $role:ident, |$it:ident, $visitor:ident| $walk:expr, $local:expr, |$other:ident| $made:expr;)*) => {$(
        impl Node for $ty {
            fn walk(&self, $visitor: &mut dyn Visitor) {
                let $it = self;
                $walk;
            }

            fn locals_mut(&mut self, change: &mut dyn FnMut(Role, &mut Local)) {
                let $it = self;
                change(Role::$role, $local);
            }

            #[cfg(test)]
            fn mutate(&mut self, number: &mut usize) -> bool {
                let $it = &mut *self;
                let $other = $local.other();
                put(self, vec![$made], number)
            }
        }
    )*};
}

locals! {
    Local: Used, |it, visitor| visitor.uses(it), it, |other| other;
    New: Defined, |it, visitor| visitor.defines(&it.0), &mut it.0, |other| Self(other);
    Own: Field, |it, visitor| visitor.field(it), &mut it.0, |other| Self(other);
}

impl Node for Word {
    fn walk(&self, visitor: &mut dyn Visitor) {
        match self {
            Self::Known(words) => visitor.text(words),
            Self::Given(name) => visitor.text(&name.to_string()),
            Self::In(module, name) => visitor.text(&format!("{module}::{name}")),
        }
    }

    fn locals_mut(&mut self, _: &mut dyn FnMut(Role, &mut Local)) {}

    #[cfg(test)]
    fn mutate(&mut self, number: &mut usize) -> bool {
        put(self, vec![Self::Known("another_word")], number)
    }
}

impl<N: Node> Node for Box<N> {
    fn walk(&self, visitor: &mut dyn Visitor) {
        (**self).walk(visitor);
    }

    fn locals_mut(&mut self, change: &mut dyn FnMut(Role, &mut Local)) {
        (**self).locals_mut(change);
    }

    #[cfg(test)]
    fn mutate(&mut self, number: &mut usize) -> bool {
        (**self).mutate(number)
    }
}

impl<N: Node + Clone> Node for Vec<N> {
    fn walk(&self, visitor: &mut dyn Visitor) {
        self.len().walk(visitor);
        for part in self {
            part.walk(visitor);
        }
    }

    fn locals_mut(&mut self, change: &mut dyn FnMut(Role, &mut Local)) {
        for part in self {
            part.locals_mut(change);
        }
    }

    #[cfg(test)]
    fn mutate(&mut self, number: &mut usize) -> bool {
        let mut others = Vec::new();
        if let [first @ .., last] = self.as_slice() {
            others.push(first.to_vec());
            others.push([first, &[last.clone(), last.clone()]].concat());
        }
        put(self, others, number) || self.iter_mut().any(|part| part.mutate(number))
    }
}

impl<N: Node + Clone> Node for Option<N> {
    fn walk(&self, visitor: &mut dyn Visitor) {
        self.is_some().walk(visitor);
        if let Some(part) = self {
            part.walk(visitor);
        }
    }

    fn locals_mut(&mut self, change: &mut dyn FnMut(Role, &mut Local)) {
        if let Some(part) = self {
            part.locals_mut(change);
        }
    }

    #[cfg(test)]
    fn mutate(&mut self, number: &mut usize) -> bool {
        let none = if self.is_some() { vec![None] } else { Vec::new() };
        put(self, none, number) || self.iter_mut().any(|part| part.mutate(number))
    }
}

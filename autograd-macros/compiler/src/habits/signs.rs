//! Operators and words between operands that other languages have.

/// What to write for a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// Another sign.
    Sign(&'static str),
    /// An expression of both operands, `{0}` and `{1}`; `{0!}` has parentheses where an operand needs them.
    Template(&'static str),
    /// Words.
    Words(&'static str),
}

/// A sign, how tightly it binds among ours, and what to write.
pub type Row = (&'static str, u8, Instead);

/// Signs that are no operators here. The levels are those of [`crate::syntax::tree::BinaryOp`].
pub const SIGNS: &[Row] = &[
    ("**", 7, Instead::Sign("^")),
    ("%*%", 5, Instead::Sign("@")),
    ("%", 5, Instead::Template("rem({0}, {1})")),
    ("&", 2, Instead::Sign("&&")),
    ("|", 1, Instead::Sign("||")),
    ("=>", 3, Instead::Sign(">=")),
    ("->", 3, Instead::Words("`a > -b` with a space between")),
    ("<<", 4, Instead::Template("{0!}*2^{1!}")),
    (">>", 4, Instead::Template("floor({0!}/2^{1!})")),
    ("+=", 0, Instead::Words("`a := a + b;` in a step; elsewhere each name has one value")),
    ("-=", 0, Instead::Words("`a := a - b;` in a step; elsewhere each name has one value")),
    ("*=", 0, Instead::Words("`a := a*b;` in a step; elsewhere each name has one value")),
    ("/=", 0, Instead::Words("`a := a/b;` in a step, or `a != b`")),
    ("^=", 0, Instead::Words("`a := a^b;` in a step, or `a != b`")),
    ("?", 0, Instead::Words("`if c { a } else { b }`")),
    ("~", 0, Instead::Words("`!c` is the negation; a density is a term of `loss`")),
];

/// Words that other languages have between operands.
pub const WORDS: &[Row] = &[
    ("and", 2, Instead::Sign("&&")),
    ("or", 1, Instead::Sign("||")),
    ("xor", 3, Instead::Sign("!=")),
    ("is", 3, Instead::Sign("==")),
    ("mod", 5, Instead::Template("rem({0}, {1})")),
    ("div", 5, Instead::Template("floor({0!}/{1!})")),
];

//! A cursor over token trees that knows the operators of the language.
//!
//! Operators are matched as the longest row of [`OPERATORS`] that the coming punctuation spells, whatever its spacing:
//! `:=-w` is `:=` `-` `w`, `a<-b` is `a` `<` `-` `b`, `..-1` is `..` `-` `1`. Groups without delimiters, which
//! `macro_rules!` puts around what it captured, stay groups (one operand), except where they hold a single token, a path
//! or a visibility.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use super::names::is_rust_word;
use crate::diagnostics::SpanRange;

/// Everything that punctuation may spell, longest first.
const OPERATORS: &[&str] = &[
    "..=", "...", "%*%", "||", "&&", "==", "!=", "<=", ">=", "..", ":=", "::", "->", "=>", "**", "+=", "-=", "*=",
    "/=", "^=", "<<", ">>", "+", "-", "*", "/", "@", "^", "!", "<", ">", "=", ":", ";", ",", ".", "#", "&", "|", "%",
    "?", "~", "$", "'",
];

/// A place in the tokens of one group.
pub struct Cursor {
    tokens: Vec<TokenTree>,
    position: usize,
    previous: SpanRange,
    end: Span,
    end_text: &'static str,
}

impl Cursor {
    /// At the first of the macro's tokens.
    pub fn new(tokens: TokenStream) -> Self {
        let start = Span::call_site();
        Self { tokens: flatten(tokens), position: 0, previous: start.into(), end: start, end_text: "the end" }
    }

    /// At the first token inside a group.
    pub fn inside(group: &Group) -> Self {
        let end_text = match group.delimiter() {
            Delimiter::Parenthesis => "`)`",
            Delimiter::Bracket => "`]`",
            Delimiter::Brace => "`}`",
            Delimiter::None => "the end",
        };
        let tokens = flatten(group.stream());
        Self { tokens, position: 0, previous: group.span_open().into(), end: group.span_close(), end_text }
    }

    /// How many tokens were read.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Whether nothing is left.
    pub fn at_end(&self) -> bool {
        self.position >= self.tokens.len()
    }

    /// The next token.
    pub fn peek(&self) -> Option<&TokenTree> {
        self.peek_at(0)
    }

    /// The token after `skip` others.
    pub fn peek_at(&self, skip: usize) -> Option<&TokenTree> {
        self.tokens.get(self.position + skip)
    }

    /// All tokens that are left.
    pub fn rest(&self) -> &[TokenTree] {
        &self.tokens[self.position..]
    }

    /// Reads one token.
    pub fn next(&mut self) -> Option<TokenTree> {
        let token = self.peek()?.clone();
        self.previous = token_span(&token);
        self.position += 1;
        Some(token)
    }

    /// Goes back over the token that was read last.
    pub fn back(&mut self) {
        self.position = self.position.saturating_sub(1);
    }

    /// The next token if it is an identifier or a word.
    pub fn ident(&self) -> Option<&Ident> {
        self.ident_at(0)
    }

    /// The token after `skip` others if it is an identifier or a word.
    pub fn ident_at(&self, skip: usize) -> Option<&Ident> {
        match self.peek_at(skip)? {
            TokenTree::Ident(ident) => Some(ident),
            _ => None,
        }
    }

    /// Whether the next token is this word.
    pub fn is_word(&self, word: &str) -> bool {
        self.ident().is_some_and(|ident| ident == word)
    }

    /// The token after `skip` others if it is a group with this delimiter.
    pub fn group_at(&self, skip: usize, delimiter: Delimiter) -> Option<&Group> {
        match self.peek_at(skip)? {
            TokenTree::Group(group) if group.delimiter() == delimiter => Some(group),
            _ => None,
        }
    }

    /// Reads a group with this delimiter, if one is next.
    pub fn eat_group(&mut self, delimiter: Delimiter) -> Option<Group> {
        let group = self.group_at(0, delimiter)?.clone();
        self.next();
        Some(group)
    }

    /// The longest operator that stands next.
    pub fn operator(&self) -> Option<&'static str> {
        self.operator_at(0)
    }

    /// The longest operator that stands after `skip` other tokens.
    pub fn operator_at(&self, skip: usize) -> Option<&'static str> {
        self.sign_at(skip)?;
        // As bytes: this is asked several times of every token.
        let sign = |place| self.sign_at(place).and_then(|sign| u8::try_from(sign).ok()).unwrap_or(0);
        let signs = [sign(skip), sign(skip + 1), sign(skip + 2)];
        let spelled = |operator: &&&str| operator.as_bytes()[0] == signs[0] && signs.starts_with(operator.as_bytes());
        OPERATORS.iter().find(spelled).copied()
    }

    /// The sign that stands after `skip` other tokens.
    fn sign_at(&self, skip: usize) -> Option<char> {
        match self.peek_at(skip)? {
            TokenTree::Punct(sign) => Some(sign.as_char()),
            _ => None,
        }
    }

    /// Whether exactly this operator stands next.
    pub fn is(&self, operator: &str) -> bool {
        self.sign_at(0).is_some_and(|sign| operator.starts_with(sign)) && self.operator() == Some(operator)
    }

    /// Reads this operator, if exactly it stands next.
    pub fn eat(&mut self, operator: &str) -> Option<SpanRange> {
        if !self.is(operator) {
            return None;
        }
        let span = self.span();
        for _ in operator.chars() {
            self.next();
        }
        self.previous = span;
        Some(span)
    }

    /// Where the next operator or token stands, or where the group ends.
    pub fn span(&self) -> SpanRange {
        let length = self.operator().map_or(1, str::len);
        match (self.peek(), self.peek_at(length - 1)) {
            (Some(first), Some(last)) => token_span(first).to(token_span(last)),
            _ => self.end.into(),
        }
    }

    /// Where the next operator or token stands; of a group only its opening delimiter.
    pub fn start(&self) -> SpanRange {
        match self.peek() {
            Some(TokenTree::Group(group)) => group.span_open().into(),
            _ => self.span(),
        }
    }

    /// Where the operator or token before this place stands.
    pub fn previous(&self) -> SpanRange {
        self.previous
    }

    /// Where the token after `skip` others stands.
    pub fn span_at(&self, skip: usize) -> SpanRange {
        self.peek_at(skip).map_or(self.end.into(), token_span)
    }

    /// Where the token stands that is so many before this place.
    pub fn span_before(&self, back: usize) -> SpanRange {
        let token = self.position.checked_sub(back).and_then(|place| self.tokens.get(place));
        token.map_or(self.end.into(), token_span)
    }

    /// Whether `f(…)` stands before this place.
    pub fn previous_is_call(&self) -> bool {
        let before = |back: usize| self.position.checked_sub(back).and_then(|place| self.tokens.get(place));
        matches!(before(1), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
            && matches!(before(2), Some(TokenTree::Ident(_)))
    }

    /// Whether `[…]` stands before this place.
    pub fn previous_is_brackets(&self) -> bool {
        let token = self.position.checked_sub(1).and_then(|place| self.tokens.get(place));
        matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket)
    }

    /// Whether a block or a whole statement ends before this place.
    pub fn previous_is_block(&self) -> bool {
        match self.position.checked_sub(1).and_then(|place| self.tokens.get(place)) {
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
            _ => false,
        }
    }

    /// What stands next, for `expected …, found …`.
    pub fn found(&self) -> String {
        match (self.operator(), self.peek()) {
            (Some(operator), _) => format!("`{operator}`"),
            (None, None) => self.end_text.to_owned(),
            (None, Some(TokenTree::Group(group))) => match group.delimiter() {
                Delimiter::Parenthesis => "`(`".to_owned(),
                Delimiter::Bracket => "`[`".to_owned(),
                Delimiter::Brace => "`{`".to_owned(),
                Delimiter::None => format!("`{group}`"),
            },
            (None, Some(token)) => format!("`{token}`"),
        }
    }
}

/// A group from its opening to its closing delimiter.
pub fn group_span(group: &Group) -> SpanRange {
    SpanRange { first: group.span_open(), last: group.span_close() }
}

fn token_span(token: &TokenTree) -> SpanRange {
    match token {
        TokenTree::Group(group) => group_span(group),
        other => other.span().into(),
    }
}

/// The tokens, with the delimiter-less groups opened that mean nothing. (A loop, since macros may nest them deeply.)
fn flatten(stream: TokenStream) -> Vec<TokenTree> {
    let mut tokens = Vec::new();
    let mut open = vec![stream.into_iter()];
    while let Some(innermost) = open.last_mut() {
        match innermost.next() {
            None => drop(open.pop()),
            Some(TokenTree::Group(group)) if is_transparent(&group) => open.push(group.stream().into_iter()),
            Some(TokenTree::Ident(ident)) => tokens.push(TokenTree::Ident(plain(ident))),
            Some(token) => tokens.push(token),
        }
    }
    tokens
}

/// `r#rate` is the name `rate`. What could not be written without `r#` stays raw, and is no name.
fn plain(ident: Ident) -> Ident {
    match ident.to_string().strip_prefix("r#") {
        Some(name) if !is_rust_word(name) => Ident::new(name, ident.span()),
        _ => ident,
    }
}

/// Whether a group without delimiters holds nothing, one token, a path or a visibility.
fn is_transparent(group: &Group) -> bool {
    if group.delimiter() != Delimiter::None {
        return false;
    }
    let mut tokens = group.stream().into_iter();
    let first = tokens.next();
    let mut rest = tokens.peekable();
    if rest.peek().is_none() {
        return true;
    }
    match first {
        Some(TokenTree::Ident(word)) if word == "pub" => true,
        Some(first) => std::iter::once(first).chain(rest).all(|token| is_path_token(&token)),
        None => true,
    }
}

fn is_path_token(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::Cursor;

    fn check(text: &str, expected: &Expect) {
        let mut cursor = Cursor::new(text.parse().expect("tokens"));
        let mut found = Vec::new();
        while !cursor.at_end() {
            found.push(cursor.found());
            match cursor.operator() {
                Some(operator) => drop(cursor.eat(operator)),
                None => drop(cursor.next()),
            }
        }
        expected.assert_eq(&found.join(" "));
    }

    #[test]
    fn the_longest_operator_wins_whatever_the_spacing() {
        check("w:=-w", &expect!["`w` `:=` `-` `w`"]);
        check("a<-b", &expect!["`a` `<` `-` `b`"]);
        check("x^-2 @-w", &expect!["`x` `^` `-` `2` `@` `-` `w`"]);
        check("x[..] ..-1", &expect!["`x` `[` `..` `-` `1`"]);
        check("a & & b : = c", &expect!["`a` `&&` `b` `:=` `c`"]);
        check("a||!b", &expect!["`a` `||` `!` `b`"]);
        check("a=-b", &expect!["`a` `=` `-` `b`"]);
        check("a==-b", &expect!["`a` `==` `-` `b`"]);
        check("crate::f 0..N", &expect!["`crate` `::` `f` `0` `..` `N`"]);
    }
}

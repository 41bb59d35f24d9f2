//! A scanner of text forms: what the readers of graphs and of loop programs have in common.
//!
//! What is read is taken off the text; what cannot be read says what was expected, and the whole that it belongs to says
//! where (see [`Words::error`]).

use super::{Dim, Elem, Shape, Type};

/// What a reader gives, or what it expected.
pub type Read<T> = Result<T, String>;

/// How deep expressions may be nested: a bound on the stack.
const DEPTH: usize = 200;

/// A text, and how much of it has been read.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    text: &'a str,
    rest: &'a str,
    depth: usize,
}

impl<'a> Words<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self { text, rest: text, depth: 0 }
    }

    /// What has not been read.
    pub(crate) fn rest(&self) -> &'a str {
        self.rest
    }

    /// Goes on with this, which is the end of the text.
    pub(crate) fn go_on(&mut self, rest: &'a str) {
        self.rest = rest;
    }

    /// What was expected, in which line (the first of the text is `line`), and before what.
    pub(crate) fn error(&self, line: usize, expected: &str) -> String {
        let read = &self.text[..self.text.len() - self.rest.len()];
        let line = line + read.matches('\n').count();
        let before = self.rest.lines().next().unwrap_or_default();
        let before = if before.is_empty() { "the end".to_owned() } else { format!("`{before}`") };
        format!("line {line}: {expected} expected before {before}")
    }

    /// Reads exactly this.
    pub(crate) fn eat(&mut self, text: &str) -> bool {
        self.rest.strip_prefix(text).map(|rest| self.rest = rest).is_some()
    }

    pub(crate) fn need(&mut self, text: &str) -> Read<()> {
        if self.eat(text) { Ok(()) } else { Err(format!("`{text}`")) }
    }

    pub(crate) fn end(&self) -> Read<()> {
        if self.rest.is_empty() { Ok(()) } else { Err("the end".into()) }
    }

    /// Skips white space.
    pub(crate) fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// The word that comes next: letters, digits, `_`, and `#` of names that are ours; empty where none does.
    pub(crate) fn peek(&self) -> &'a str {
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '#')).unwrap_or(self.rest.len());
        &self.rest[..end]
    }

    pub(crate) fn word(&mut self) -> &'a str {
        let word = self.peek();
        self.rest = &self.rest[word.len()..];
        word
    }

    /// Reads this word, if it comes next and does not go on.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        self.peek() == word && self.eat(word)
    }

    /// The value of the word that comes next.
    pub(crate) fn eat_one<V: Copy>(
        &mut self,
        values: impl IntoIterator<Item = V>,
        name: impl Fn(V) -> &'static str,
    ) -> Option<V> {
        let word = self.peek();
        let value = values.into_iter().find(|&value| !word.is_empty() && name(value) == word)?;
        self.word();
        Some(value)
    }

    /// What stands before the next white space or bracket: a name as users write it, `r#type`.
    pub(crate) fn name(&mut self) -> Read<&'a str> {
        let end = self.rest.find(|c: char| c.is_whitespace() || "()[],;".contains(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        if name.is_empty() { Err("a name".into()) } else { Ok(name) }
    }

    /// A number without a sign.
    pub(crate) fn count<V: std::str::FromStr>(&mut self) -> Read<V> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let value = self.rest[..end].parse().map_err(|_| "a count".to_owned())?;
        self.rest = &self.rest[end..];
        Ok(value)
    }

    /// A number as Rust prints it: `-0.5`, `1e300`, `-inf`, `NaN`.
    pub(crate) fn number(&mut self) -> Option<f64> {
        let unsigned = self.rest.strip_prefix('-').unwrap_or(self.rest);
        let end = match ["inf", "NaN"].into_iter().find(|word| Words::of(unsigned).peek() == *word) {
            Some(word) => word.len(),
            None if unsigned.starts_with(|c: char| c.is_ascii_digit()) => length_of_number(unsigned),
            None => return None,
        };
        let end = end + (self.rest.len() - unsigned.len());
        let value = self.rest[..end].parse().ok()?;
        self.rest = &self.rest[end..];
        Some(value)
    }

    /// Things with commas between them, up to what closes the list.
    pub(crate) fn list<T>(&mut self, close: &str, mut read: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut all = Vec::new();
        while !self.eat(close) {
            if !all.is_empty() {
                self.need(", ")?;
            }
            all.push(read(self)?);
        }
        Ok(all)
    }

    /// `[0, 2]`
    pub(crate) fn axes(&mut self) -> Read<Vec<usize>> {
        self.need("[")?;
        self.list("]", Self::count)
    }

    /// `[N, D]`
    pub(crate) fn shape(&mut self) -> Read<Shape> {
        self.need("[")?;
        Ok(self.list("]", Self::dim)?.into())
    }

    /// `[N, D]`, `bool[N]`, `index[]`
    pub(crate) fn ty(&mut self) -> Read<Type> {
        let elem = match () {
            () if self.eat_word("bool") => Elem::Bool,
            () if self.eat_word("index") => Elem::Index,
            () => Elem::Real,
        };
        Ok(Type { elem, shape: self.shape()? })
    }

    /// A size as it is printed: `N*D + 1`.
    pub(crate) fn dim(&mut self) -> Read<Dim> {
        let too_large = || "a size in range".to_owned();
        let mut sum = if self.eat("-") { self.product()?.neg().ok_or_else(too_large)? } else { self.product()? };
        loop {
            sum = match () {
                () if self.eat(" + ") => sum.add(&self.product()?),
                () if self.eat(" - ") => sum.sub(&self.product()?),
                () => return Ok(sum),
            }
            .ok_or_else(too_large)?;
        }
    }

    fn product(&mut self) -> Read<Dim> {
        let mut product = self.factor()?;
        while self.eat("*") {
            product = product.mul(&self.factor()?).ok_or("a size in range")?;
        }
        Ok(product)
    }

    fn factor(&mut self) -> Read<Dim> {
        if self.rest.starts_with('(') {
            let dividend = self.quoted_dim()?;
            self.need("/")?;
            let divisor = self.quoted_dim()?;
            return dividend.div(&divisor).ok_or("a quotient that may be exact".into());
        }
        if self.eat("floor_div(") {
            let dividend = self.deeper(Self::dim)?;
            self.need(", ")?;
            let divisor = self.deeper(Self::dim)?;
            self.need(")")?;
            return dividend.floor_div(&divisor).ok_or("a quotient".into());
        }
        match self.word() {
            "" => Err("a size".into()),
            word if word.starts_with(|c: char| c.is_ascii_digit()) => {
                word.parse().map(Dim::constant).map_err(|_| "a size in range".into())
            }
            word => Ok(Dim::name(word)),
        }
    }

    fn quoted_dim(&mut self) -> Read<Dim> {
        self.need("(")?;
        let dim = self.deeper(Self::dim)?;
        self.need(")")?;
        Ok(dim)
    }

    /// Reads what is nested.
    pub(crate) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == DEPTH {
            return Err("something less deep".into());
        }
        self.depth += 1;
        let inner = read(self);
        self.depth -= 1;
        inner
    }
}

/// How long the number is that a text begins with: `1`, `0.5`, `1e-300`.
fn length_of_number(text: &str) -> usize {
    let digits = |from: usize| from + text[from..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - from);
    let whole = digits(0);
    let fraction = if text[whole..].starts_with('.') { digits(whole + 1) } else { whole };
    let exponent = text[fraction..].strip_prefix('e').map(|rest| fraction + 1 + usize::from(rest.starts_with('-')));
    exponent.map(digits).filter(|&end| text[..end].ends_with(|c: char| c.is_ascii_digit())).unwrap_or(fraction)
}

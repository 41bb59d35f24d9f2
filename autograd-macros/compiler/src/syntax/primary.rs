//! Operands: numbers, names, calls, conditionals, and what stands between brackets.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, TokenStream, TokenTree};

use super::names::is_statement_word;
use super::number::number;
use super::parser::{Parsed, Parser, Reported, missing};
use super::postfix::has_meaning;
use super::print::source;
use super::tokens::group_span;
use super::tree::{Argument, Block, Expr, ExprKind};
use crate::diagnostics::{Help, Place, Problem, SpanRange};
use crate::habits::names::{CONSTANTS, NONE};

const EXPRESSION: &str = "an expression";

/// What may stand where an operand is missing.
const OPERANDS: &str = "a value stands here: a number, a name, a call, `(…)`, `[…]` or `if`";

impl Parser<'_> {
    /// Reads an operand without what stands before and after it.
    pub fn primary(&mut self) -> Parsed<Expr> {
        if self.cursor.is("::") {
            return self.foreign_call();
        }
        if let Some(value) = self.foreign_operand() {
            return value;
        }
        match self.cursor.peek().cloned() {
            Some(TokenTree::Literal(literal)) => self.literal(&literal),
            Some(TokenTree::Ident(ident)) => self.word(ident),
            Some(TokenTree::Group(group)) => self.group(&group),
            Some(TokenTree::Punct(_)) => self.stray_sign(),
            None => self.unexpected(EXPRESSION),
        }
    }

    fn literal(&mut self, literal: &Literal) -> Parsed<Expr> {
        let span = self.cursor.span();
        self.cursor.next();
        match number(literal) {
            Ok(kind) => self.node(kind, span),
            Err(wrong) => {
                let (problem, help) = *wrong;
                let help = help.map(|help| match problem {
                    Problem::NotANumber { .. } => help.into(),
                    _ => number_help(&help, span),
                });
                // The rest of the expression can still be read.
                let _ = self.fail::<()>(span, problem, help);
                Ok(missing(span))
            }
        }
    }

    fn word(&mut self, ident: Ident) -> Parsed<Expr> {
        let word = ident.to_string();
        let span = SpanRange::from(ident.span());
        match word.as_str() {
            "if" => return self.conditional(),
            "true" | "false" => {
                self.cursor.next();
                return self.node(ExprKind::Bool(word == "true"), span);
            }
            "None" => {
                self.cursor.next();
                return self.fail(span, Problem::UnknownName { name: word }, Some(NONE));
            }
            _ if self.cursor.operator_at(1) == Some("::") => return self.foreign_call(),
            _ if is_statement_word(&word) => return self.unexpected(EXPRESSION),
            _ => {}
        }
        self.cursor.next();
        if let Some(sum) = self.latex_sum(&ident) {
            return sum;
        }
        let called = self.cursor.group_at(0, Delimiter::Parenthesis).is_some();
        if !(called && has_meaning(&word)) {
            self.check_name(&ident);
        }
        let brackets = self.cursor.group_at(0, Delimiter::Bracket).cloned();
        let is_applied = self.cursor.group_at(1, Delimiter::Parenthesis).is_some()
            || self.cursor.group_at(1, Delimiter::Brace).is_some() && is_reducer(&word);
        if let Some(brackets) = brackets {
            if is_applied {
                self.cursor.next();
                return self.reduction(ident, &brackets);
            }
            if is_reducer(&word) && self.is_operand(1) {
                self.cursor.next();
                return self.bare_body(&ident, &brackets);
            }
        }
        if let Some(group) = self.cursor.eat_group(Delimiter::Parenthesis) {
            if let Some(sum) = self.generator(&ident, &group, span.to(group_span(&group))) {
                return sum;
            }
            let group = if is_density(&word) { self.without_bar(group) } else { group };
            let (arguments, _) = self.list(&group, Self::argument);
            let span = span.to(group_span(&group));
            return self.node(ExprKind::Call { function: ident, binder: None, arguments, is_method: false }, span);
        }
        self.node(ExprKind::Name(ident), span)
    }

    /// `(y | mu, sigma)` of Stan, with a comma.
    fn without_bar(&mut self, group: Group) -> Group {
        let mut tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        let is_bar = |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == '|');
        let bars: Vec<usize> = (0..tokens.len()).filter(|&place| is_bar(&tokens[place])).collect();
        let &[bar] = bars.as_slice() else { return group };
        let span = tokens[bar].span();
        let help = Help::write("`,`: what is given follows like any argument", span, ",");
        self.slip(span, Problem::UnknownOperator { operator: "|".to_owned() }, help);
        let mut comma = Punct::new(',', Spacing::Alone);
        comma.set_span(span);
        tokens[bar] = comma.into();
        let mut list = Group::new(Delimiter::Parenthesis, tokens.into_iter().collect());
        list.set_span(group.span());
        list
    }

    /// After `sum[i in 0..N]`.
    fn reduction(&mut self, function: Ident, brackets: &Group) -> Parsed<Expr> {
        if brackets.stream().is_empty() {
            let help = format!("`{function}[i in 0..N](…)`");
            self.diagnostics.error_with_help(group_span(brackets), Problem::EmptyBrackets, help);
        }
        let binder = self.binder(brackets);
        let (group, arguments) = if let Some(group) = self.cursor.eat_group(Delimiter::Brace) {
            let block = self.block(&group, &format!("`{function}[…]`"));
            let value = Expr { kind: ExprKind::Block(Box::new(block)), span: group_span(&group) };
            (group, vec![Argument { name: None, value }])
        } else {
            let group = self.expect_group(Delimiter::Parenthesis, "`(`")?;
            let (arguments, _) = self.list(&group, Self::argument);
            (group, arguments)
        };
        let span = SpanRange::from(function.span()).to(group_span(&group));
        self.node(ExprKind::Call { function, binder: Some(Box::new(binder)), arguments, is_method: false }, span)
    }

    /// `crate::my_fn(x)`
    fn foreign_call(&mut self) -> Parsed<Expr> {
        let first = self.cursor.span();
        let mut path = TokenStream::new();
        if self.cursor.is("::") {
            path.extend(self.path_separator().into_iter().flatten());
        }
        loop {
            let Some(segment) = self.cursor.ident().cloned() else {
                return self.unexpected("a name");
            };
            let is_prefix = matches!(segment.to_string().as_str(), "crate" | "self" | "super" | "Self");
            let is_called = self.cursor.group_at(1, Delimiter::Parenthesis).is_some();
            if !(is_prefix || (is_called && has_meaning(&segment.to_string()))) {
                self.check_name(&segment);
            }
            path.extend(self.cursor.next());
            if !self.cursor.is("::") {
                break;
            }
            path.extend(self.path_separator().into_iter().flatten());
        }
        let Some(group) = self.cursor.eat_group(Delimiter::Parenthesis) else {
            return self.foreign_constant(&path, first.to(self.cursor.previous()));
        };
        let (arguments, _) = self.list(&group, Self::argument);
        self.node(ExprKind::ForeignCall(path, arguments), first.to(group_span(&group)))
    }

    /// `f64::consts::PI`, or a function that is not called.
    fn foreign_constant(&mut self, path: &TokenStream, span: SpanRange) -> Parsed<Expr> {
        let text = path.to_string().replace(' ', "");
        let last = text.rsplit("::").next().unwrap_or_default();
        if let Some((_, ours)) = CONSTANTS.iter().find(|(other, _)| *other == last) {
            let help = Help::write(format!("`{ours}`"), span, super::as_operand(ours));
            self.diagnostics.error_with_help(span, Problem::UnknownName { name: text }, help);
            return Ok(missing(span));
        }
        let help = format!("a path is a function, and is called: `{text}(x)`");
        self.unexpected_with_help("`(`", Some(help))
    }

    fn path_separator(&mut self) -> [Option<TokenTree>; 2] {
        [self.cursor.next(), self.cursor.next()]
    }

    fn group(&mut self, group: &Group) -> Parsed<Expr> {
        let span = group_span(group);
        match group.delimiter() {
            Delimiter::Brace => {
                self.cursor.next();
                let block = self.block(group, "the block");
                return self.node(ExprKind::Block(Box::new(block)), span);
            }
            Delimiter::None => {
                self.cursor.next();
                return Ok(self.inside(group, Self::whole).unwrap_or_else(|Reported| missing(span)));
            }
            Delimiter::Bracket => {
                self.cursor.next();
                let (elements, _) = self.list(group, Self::expression);
                return self.node(ExprKind::List(elements), span);
            }
            Delimiter::Parenthesis => self.cursor.next(),
        };
        if group.stream().is_empty() {
            return self.inside(group, |parser| parser.unexpected(EXPRESSION));
        }
        let (mut elements, trailing) = self.list(group, Self::expression);
        match elements.len() {
            0 => Ok(missing(span)),
            1 if !trailing => {
                let inner = elements.pop().expect("there is one element");
                Ok(Expr { kind: inner.kind, span })
            }
            _ => self.node(ExprKind::Tuple(elements), span),
        }
    }

    /// An expression and nothing after it.
    fn whole(&mut self) -> Parsed<Expr> {
        let value = self.expression()?;
        if self.cursor.at_end() { Ok(value) } else { self.after_expression("nothing more") }
    }

    fn stray_sign(&mut self) -> Parsed<Expr> {
        if self.cursor.is("'") {
            let found = self.cursor.peek_at(1).map_or_else(String::new, ToString::to_string);
            let problem = Problem::NotANumber { literal: format!("'{found}") };
            return self.fail(self.cursor.span(), problem, Some("`x.T` is the transpose"));
        }
        if let (Some("."), Some(TokenTree::Literal(digits))) = (self.cursor.operator(), self.cursor.peek_at(1)) {
            let help = Help::write(format!("`0.{digits}`"), self.cursor.span(), "0.");
            return self.unexpected_with_help(EXPRESSION, Some(help));
        }
        self.unexpected_with_help(EXPRESSION, Some(OPERANDS))
    }

    /// `if c { a } else if d { b } else { c }`
    fn conditional(&mut self) -> Parsed<Expr> {
        let first = self.cursor.span();
        self.cursor.next();
        let condition = self.expression()?;
        let Some(group) = self.cursor.eat_group(Delimiter::Brace) else {
            let help = format!("`if {} {{ a }} else {{ b }}`: each value stands between braces", source(&condition));
            return self.unexpected_with_help("`{`", Some(help));
        };
        let then = self.block(&group, "`if`");
        if self.cursor.is_word("elif") || self.cursor.is_word("elsif") {
            let help = Help::write("`else if`", self.cursor.span(), "else if");
            return self.unexpected_with_help("`else`", Some(help));
        }
        if !self.cursor.is_word("else") {
            let help = Help::from("add `else { … }`: `0` where nothing is to count");
            let help = Some(help.and(self.cursor.previous(), Place::After, " else { 0 }"));
            return self.fail(first.to(self.cursor.previous()), Problem::MissingElse, help);
        }
        self.cursor.next();
        let otherwise = if self.cursor.is_word("if") {
            let value = Box::new(self.deeper(Self::conditional)?);
            Block { lets: Vec::new(), value }
        } else {
            let group = self.expect_group(Delimiter::Brace, "`{`")?;
            self.block(&group, "`else`")
        };
        let span = first.to(self.cursor.previous());
        self.node(ExprKind::If(Box::new(condition), then, otherwise), span)
    }
}

/// Whether a word is a function that binds indices, which a block may follow: `sum[i] { … }`.
fn is_reducer(word: &str) -> bool {
    crate::habits::names::REDUCERS.contains(&word)
}

/// Whether a function is one of the logarithms of probabilities.
fn is_density(name: &str) -> bool {
    ["_lpdf", "_lpmf", "_lcdf", "_lccdf"].iter().any(|ending| name.ends_with(ending))
}

/// `` `2*x` ``, `` `inf` is infinity ``: what stands between the first backticks is what to write.
fn number_help(help: &str, span: SpanRange) -> Help {
    match help.split('`').nth(1) {
        Some(code) => Help::write(help, span, super::as_operand(code)),
        None => help.into(),
    }
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use expect_test::expect;

    use crate::syntax::testing::check_expr;

    #[test]
    fn wrong_operands() {
        check_expr(
            "w·x + 2N",
            &expect![[r#"
                w·x | `w·x` is a single name: the dot does not multiply
                    help: `w*x`
                2N | `2N` is a single number with the suffix `N`
                    help: `2*N`"#]],
        );
        check_expr(
            "2 x",
            &expect![[r#"
            x | there is no operator before `x`
                help: `*` multiplies, `@` is the product of matrices"#]],
        );
        check_expr(
            "2(x)",
            &expect![[r#"
            (x) | there is no operator before `(`
                help: `*` multiplies, `@` is the product of matrices"#]],
        );
        check_expr(
            "x y",
            &expect![[r#"
            y | there is no operator before `y`
                help: `*` multiplies, `@` is the product of matrices"#]],
        );
        check_expr(
            "\"a\" + 'b' + 'c",
            &expect![[r#"
                "a" | `"a"` is not a number: models compute with numbers and truth values
                    help: words stand in comments, after `//`
                'b' | `'b'` is not a number: models compute with numbers and truth values
                    help: words stand in comments, after `//`
                ' | `'c` is not a number: models compute with numbers and truth values
                    help: `x.T` is the transpose"#]],
        );
        check_expr(
            ".5 + x",
            &expect![[r#"
            . | expected an expression, found `.`
                help: `0.5`"#]],
        );
        check_expr("x.5", &expect!["5 | expected `T` or a function, found `5`"]);
        check_expr("()", &expect![") | expected an expression, found `)`"]);
        check_expr(
            "f(,)",
            &expect![[r#"
            , | expected an expression, found `,`
                help: a value stands here: a number, a name, a call, `(…)`, `[…]` or `if`"#]],
        );
        check_expr("a + { b }", &expect!["(a + { b })"]);
    }

    #[test]
    fn wrong_calls_and_brackets() {
        check_expr(
            "x.t + y.T() + z.shape + u.0",
            &expect![[r#"
                t | a value has no field `.t`
                    help: `.T` is the transpose
                T | a value has no field `.T`
                    help: `.T` is the transpose
                0 | expected `T` or a function, found `0`"#]],
        );
        check_expr(
            "f(x.t, y.T(), z.shape, 2x, (3y))",
            &expect![[r#"
                t | a value has no field `.t`
                    help: `.T` is the transpose
                T | a value has no field `.T`
                    help: `.T` is the transpose
                2x | `2x` is a single number with the suffix `x`
                    help: `2*x`
                3y | `3y` is a single number with the suffix `y`
                    help: `3*y`"#]],
        );
        check_expr(
            "x[] + sum[](y)",
            &expect![[r#"
                [] | there is nothing between these brackets
                    help: `x[i]`, `x[1.., ..]`
                [] | there is nothing between these brackets
                    help: `sum[i in 0..N](…)`"#]],
        );
        check_expr(
            "sum[i in N](x)",
            &expect![[r#"
            ] | expected `..`, found `]`
                help: `i in 0..N`"#]],
        );
        check_expr(
            "crate::x + 1",
            &expect![[r#"
            + | expected `(`, found `+`
                help: a path is a function, and is called: `crate::x(x)`"#]],
        );
        check_expr(
            "while x",
            &expect![[r#"
            while | `while` is not a word of this language
                help: operations take whole tensors; loops that end by a condition are not supported yet"#]],
        );
        check_expr(
            "type + self",
            &expect![[r#"
            type | `type` is a word of Rust, and cannot be a name
                help: `type_`
            self | `self` is a word of Rust, and cannot be a name
                help: choose another name"#]],
        );
        check_expr(
            "vec![1, 2]",
            &expect![[r#"
            vec! | `vec!` is a macro of Rust, and none can be called here
                help: `[1, 2]`"#]],
        );
        check_expr("f(x; y)", &expect!["; | expected `,`, found `;`"]);
        check_expr(
            "|x| x",
            &expect![[r#"
            |x| | there are no closures here
                help: a function is `fn f(a) = …;`, and takes whole tensors"#]],
        );
        check_expr("f(a == 1, b = 2, c := 3)", &expect![":= | expected `,`, found `:=`"]);
    }
}

//! Index notation as papers and other languages write it: each is read for its meaning, and refused with how it is written
//! here.
//!
//! `sum_{i=1}^{N}`, `sum(x[i] for i in range(N))`, `for i in 0..N { y[i] = …; }`, `c[i][j] = …`, `c(i, j) = …`.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use super::parser::{Parsed, Parser};
use super::print::source;
use super::tree::{BinaryOp, Binding, BoundIndex, Expr, ExprKind};
use crate::diagnostics::{Help, Place, Problem, SpanRange};
use crate::habits::names::REDUCERS;

impl Parser<'_> {
    /// After `sum_`: reads `{i=0}^{N-1} x[i]`, if that stands here.
    pub fn latex_sum(&mut self, word: &Ident) -> Option<Parsed<Expr>> {
        let text = word.to_string();
        let function = text.strip_suffix('_').filter(|function| REDUCERS.contains(function))?;
        let group = self.cursor.eat_group(Delimiter::Brace)?;
        Some(self.latex_parts(word, function, &group))
    }

    fn latex_parts(&mut self, word: &Ident, function: &str, group: &Group) -> Parsed<Expr> {
        let (name, start) = self.inside(group, |parser| {
            let name = parser.name("the name of an index")?;
            let start = parser.cursor.eat("=").map(|_| parser.expression()).transpose()?;
            parser.end_of_name().map(|()| (name, start))
        })?;
        let end = if self.cursor.eat("^").is_none() {
            None
        } else if let Some(group) = self.cursor.eat_group(Delimiter::Brace) {
            Some(self.inside(&group, Self::expression)?)
        } else {
            Some(self.operators(BinaryOp::Pow.level() + 1)?)
        };
        let head = SpanRange::from(word.span()).to(self.cursor.previous());
        let index = match (&start, &end) {
            (Some(start), Some(end)) => format!("{name} in {}..{}", source(start), one_more(end)),
            _ => name.to_string(),
        };
        let problem = Problem::UnknownFunction { name: word.to_string() };
        let applied = format!("{function}[{index}]");
        let help = format!("`{applied}(…)`");
        if self.cursor.group_at(0, Delimiter::Parenthesis).is_some() {
            self.operators(BinaryOp::Pow.level() + 1)?;
            return self.fail(head, problem, Some(Help::write(help, head, applied)));
        }
        let body = self.operators(BinaryOp::Mul.level())?;
        let help = Help::write(help, head, format!("{applied}(")).and(body.span, Place::After, ")");
        self.fail(head, problem, Some(help))
    }

    /// `sum[i] x[i]`, without parentheses.
    pub fn bare_body(&mut self, function: &Ident, brackets: &Group) -> Parsed<Expr> {
        let start = self.cursor.start();
        let problem = Problem::UnexpectedToken { expected: "`(`".into(), found: self.cursor.found() };
        let binder = self.binder(brackets);
        let indices = binder.indices.iter().map(super::print::bound_index).collect::<Vec<_>>().join(", ");
        let body = self.operators(BinaryOp::Mul.level())?;
        let help = Help::from(format!("`{function}[{indices}]({})`", source(&body)));
        let help = help.and(body.span, Place::Before, "(").and(body.span, Place::After, ")");
        self.fail(start, problem, Some(help))
    }

    /// `sum(x[i] for i in range(N))`: what it is here, if it runs over numbers.
    pub fn generator(&mut self, function: &Ident, group: &Group, span: SpanRange) -> Option<Parsed<Expr>> {
        if !REDUCERS.contains(&function.to_string().as_str()) {
            return None;
        }
        let inner = group.stream().into_iter().collect::<Vec<_>>();
        let tokens = match inner.as_slice() {
            [TokenTree::Group(list)] if list.delimiter() == Delimiter::Bracket => list.stream().into_iter().collect(),
            _ => inner,
        };
        let place = tokens.iter().position(|token| matches!(token, TokenTree::Ident(word) if word == "for"))?;
        let code = self.quietly(|parser| {
            let body = parser.inside(&part(&tokens[..place], group), Self::expression).ok()?;
            let indices = parser.inside(&part(&tokens[place..], group), Self::for_clauses)?;
            Some(format!("{function}[{indices}]({})", source(&body)))
        })?;
        let problem = Problem::NoLoop { word: "for".into() };
        Some(self.fail(tokens[place].span(), problem, Some(Help::code(span, code))))
    }

    /// `for i in range(N) for j in range(M) if i < j`
    fn for_clauses(&mut self) -> Option<String> {
        let (mut indices, mut condition) = (Vec::new(), None);
        while !self.cursor.at_end() {
            if self.cursor.is_word("if") {
                self.cursor.next();
                condition = Some(source(&self.operators(1).ok()?));
                break;
            }
            indices.push(self.loop_head()?);
        }
        let indices = indices.iter().map(|(name, range)| format!("{name} in {range}")).collect::<Vec<_>>().join(", ");
        Some(condition.map_or_else(|| indices.clone(), |condition| format!("{indices} if {condition}")))
    }

    /// `for i in 0..N`, `for i in range(N)`: the index and its range.
    fn loop_head(&mut self) -> Option<(String, String)> {
        if !self.cursor.is_word("for") {
            return None;
        }
        self.cursor.next();
        let name = self.name("").ok()?;
        if !self.cursor.is_word("in") {
            return None;
        }
        self.cursor.next();
        if let Some(group) = self.cursor.eat_group(Delimiter::Parenthesis) {
            return Some((name.to_string(), self.inside(&group, Self::range)?));
        }
        Some((name.to_string(), self.range()?))
    }

    /// `0..N`, `0..=N`, `range(N)`
    fn range(&mut self) -> Option<String> {
        let start = self.operators(1).ok()?;
        if let ExprKind::Call { function, binder: None, arguments, .. } = &start.kind
            && function == "range"
        {
            return match arguments.as_slice() {
                [end] => Some(format!("0..{}", source(&end.value))),
                [start, end] => Some(format!("{}..{}", source(&start.value), source(&end.value))),
                _ => None,
            };
        }
        let is_inclusive = self.cursor.eat("..=").is_some();
        if !is_inclusive && self.cursor.eat("..").is_none() {
            return None;
        }
        let end = self.operators(1).ok()?;
        Some(format!("{}..{}", source(&start), if is_inclusive { one_more(&end) } else { source(&end) }))
    }

    /// `for i in 0..N { y[i] = …; }` in index notation, if each turn gives one element, or adds to one.
    pub fn loop_as_definition(&mut self) -> Option<String> {
        let tokens: Vec<TokenTree> = self.cursor.rest().to_vec();
        let whole = part(&tokens, &Group::new(Delimiter::None, TokenStream::new()));
        self.quietly(|parser| {
            parser.inside(&whole, |parser| {
                let mut heads = vec![parser.loop_head()?];
                let mut body = parser.cursor.eat_group(Delimiter::Brace)?;
                while let Some(inner) = parser.inside(&body, |parser| {
                    let head = parser.cursor.is_word("for").then(|| parser.loop_head())??;
                    Some((head, parser.cursor.eat_group(Delimiter::Brace)?))
                }) {
                    heads.push(inner.0);
                    body = inner.1;
                }
                parser.inside(&body, |parser| parser.turn(&heads))
            })
        })
    }

    /// `y[i] = x[i]^2;`, `total += x[i];`, in loops.
    fn turn(&mut self, heads: &[(String, String)]) -> Option<String> {
        if self.cursor.is_word("let") {
            self.cursor.next();
        }
        let name = self.name("").ok()?;
        let indices = match self.cursor.eat_group(Delimiter::Bracket) {
            Some(group) => self.list(&group, |parser| parser.name("")).0,
            None => Vec::new(),
        };
        let adds = self.cursor.eat("+=").is_some();
        if !adds && self.cursor.eat("=").is_none() {
            return None;
        }
        let value = self.expression().ok()?;
        self.cursor.eat(";");
        let is_left = |head: &&(String, String)| indices.iter().any(|index| *index == head.0);
        let text = |heads: Vec<&(String, String)>| {
            heads.iter().map(|(name, range)| format!("{name} in {range}")).collect::<Vec<_>>().join(", ")
        };
        let (left, rest): (Vec<_>, Vec<_>) = heads.iter().partition(is_left);
        if !self.cursor.at_end() || left.len() != indices.len() || (rest.is_empty() == adds) {
            return None;
        }
        let place = if left.is_empty() { String::new() } else { format!("[{}]", text(left)) };
        let value = source(&value);
        let value = if adds { format!("sum[{}]({value})", text(rest)) } else { value };
        Some(format!("{name}{place} = {value};"))
    }

    /// `[j]` after `c[i]`, where a definition binds indices.
    pub fn more_brackets(&mut self, name: &Ident, first: &Group, indices: &mut Vec<BoundIndex>) {
        let mut last = first.clone();
        while let Some(group) = self.cursor.eat_group(Delimiter::Bracket) {
            let (more, _) = self.list(&group, |parser| parser.left_index(name));
            indices.extend(more);
            let list = indices.iter().map(super::print::bound_index).collect::<Vec<_>>().join(", ");
            let problem = Problem::UnexpectedToken { expected: "`=`".into(), found: "`[`".into() };
            let help = Help::write(format!("`{name}[{list}] = …;`"), last.span_close(), ", ");
            self.slip(group.span_open(), problem, help.and(group.span_open(), Place::Instead, ""));
            last = group;
        }
    }

    /// Whether `c(i, j) = …` stands here, and what follows reads at these indices: an array, no function.
    pub fn is_array_in_parentheses(&self) -> bool {
        let Some(group) = self.cursor.group_at(1, Delimiter::Parenthesis) else { return false };
        let names: Vec<String> = names_of(group);
        let is_end = |token: &&TokenTree| !matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';');
        self.cursor.operator_at(2) == Some("=")
            && self.cursor.rest().iter().take_while(is_end).any(|token| match token {
                TokenTree::Group(brackets) if brackets.delimiter() == Delimiter::Bracket => {
                    names_of(brackets).iter().any(|name| names.contains(name))
                }
                _ => false,
            })
    }

    /// `c(i, j) = a[i]*b[j];`
    pub fn array_in_parentheses(&mut self, docs: String) -> Parsed<Binding> {
        let name = self.name("a name")?;
        let group = self.expect_group(Delimiter::Parenthesis, "`(`")?;
        let (indices, _) = self.list(&group, |parser| parser.left_index(&name));
        let list = indices.iter().map(super::print::bound_index).collect::<Vec<_>>().join(", ");
        let problem = Problem::UnexpectedToken { expected: "`=`".into(), found: "`(`".into() };
        let help = Help::write(format!("`{name}[{list}] = …;`"), group.span_open(), "[");
        self.slip(group.span_open(), problem, help.and(group.span_close(), Place::Instead, "]"));
        Ok(Binding { indices: Some(indices), ..self.defined(docs, name) })
    }
}

/// Some tokens as a group of their own.
fn part(tokens: &[TokenTree], around: &Group) -> Group {
    let mut group = Group::new(Delimiter::Parenthesis, tokens.iter().cloned().collect());
    group.set_span(around.span());
    group
}

/// The names directly between the brackets.
fn names_of(group: &Group) -> Vec<String> {
    let names = group.stream().into_iter().filter_map(|token| match token {
        TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    });
    names.collect()
}

/// What follows a last number: `N` after `N - 1`.
pub fn one_more(last: &Expr) -> String {
    match &last.kind {
        ExprKind::Number { integer: Some(last), .. } => (last + 1).to_string(),
        ExprKind::Binary(BinaryOp::Sub, end, one) if matches!(one.kind, ExprKind::Number { integer: Some(1), .. }) => {
            source(end)
        }
        _ => format!("{} + 1", source(last)),
    }
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use expect_test::expect;

    use crate::syntax::testing::{check_errors, check_expr};

    #[test]
    fn sums_of_papers_and_of_python() {
        check_expr(
            "sum_{i} x[i]*y[i] + 1",
            &expect![[r#"
            sum_{i} | unknown function `sum_`
                help: `sum[i](…)`"#]],
        );
        check_expr(
            "2*sum_{i=0}^{N-1}(x[i])",
            &expect![[r#"
            sum_{i=0}^{N-1} | unknown function `sum_`
                help: `sum[i in 0..N](…)`"#]],
        );
        check_expr(
            "max_{k=1}^K x[k]",
            &expect![[r#"
            max_{k=1}^K | unknown function `max_`
                help: `max[k in 1..K + 1](…)`"#]],
        );
        check_expr(
            "sum[i] x[i]*w[i]",
            &expect![[r#"
            x | expected `(`, found `x`
                help: `sum[i](x[i]*w[i])`"#]],
        );
        check_expr(
            "sum(x[i] for i in range(N))",
            &expect![[r#"
            for | `for` is not a word of this language
                help: `sum[i in 0..N](x[i])`"#]],
        );
        check_expr(
            "max([x[i, j] for i in range(1, N) for j in 0..=M - 1 if i < j])",
            &expect![[r#"
            for | `for` is not a word of this language
                help: index notation: `y[i in 0..N] = …;`, `sum[i in 0..N](…)`; what depends on the turn before (`scan`) is not supported yet"#]],
        );
        check_expr(
            "sum(y^2 for y in x)",
            &expect![[r#"
            for | `for` is not a word of this language
                help: index notation: `y[i in 0..N] = …;`, `sum[i in 0..N](…)`; what depends on the turn before (`scan`) is not supported yet"#]],
        );
    }

    #[test]
    fn ranges() {
        check_expr(
            "sum[i = 0..N](x[i])",
            &expect![[r#"
            = | expected `in`, found `=`
                help: `i in 0..N`"#]],
        );
        check_expr(
            "sum[i: 0..N](x[i])",
            &expect![[r#"
            : | expected `in`, found `:`
                help: `i in 0..N`"#]],
        );
        check_expr(
            "sum[i in N](x[i])",
            &expect![[r#"
            ] | expected `..`, found `]`
                help: `i in 0..N`"#]],
        );
        check_expr(
            "sum[i in range(1, N)](x[i])",
            &expect![[r#"
            ] | expected `..`, found `]`
                help: `i in 1..N`"#]],
        );
        check_expr(
            "sum[0..N](x)",
            &expect![[r#"
            0 | expected the name of an index, found `0`
                help: `i in 0..N`, where `i` is the index"#]],
        );
        check_expr(
            "sum[i in 0..=N - 1](x[i])",
            &expect![[r#"
            ..= | there is no operator `..=` here
                help: a range ends before its last number: `0..N`"#]],
        );
        check_expr(
            "sum[i, j if i < j if j < 3](x[i])",
            &expect![[r#"
            if | there is no operator before `if`
                help: `*` multiplies, `@` is the product of matrices"#]],
        );
        check_expr(
            "x[i, :]",
            &expect![[r#"
            : | there is no operator `:` here
                help: `..`"#]],
        );
    }

    #[test]
    fn definitions() {
        check_errors(
            "c[i][j] = a[i, j]; c(i, j) = a[i]*b[j]; f(i, j) = i*j; let d(i) = a[i]; e[i] := a[i]; g[i] += a[i]; let c[i][j] = 3;",
            &expect![[r#"
                [ | expected `=`, found `[`
                    help: `c[i, j] = …;`
                ( | expected `=`, found `(`
                    help: `c[i, j] = …;`
                (i, j) | expected `=`, found `(`
                    help: `fn f(…) = …;`
                ( | expected `=`, found `(`
                    help: `let d[i] = …;` is an array, `fn d(i) = …;` a function
                := | expected `=`, found `:=`
                    help: `e[…] = …;`
                += | expected `=`, found `+=`
                    help: each place has one value: `g[i] = sum[k](…);` adds up
                [ | expected `=`, found `[`
                    help: `c[i, j] = …;`"#]],
        );
        check_errors(
            "c[i + 1, 0] = 1; c[.., j] = 1; c[:, j] = 1; c[N, i = 0..N, j in M] = 1; c[i if i < 3] = 1; step s { w[i] := 1; }",
            &expect![[r#"
                i + 1 | the left side binds plain indices, not `i + 1`
                    help: one value for every place: `c[i] = …`; the right side may read `x[i - 1]`
                0 | the left side binds plain indices, not `0`
                    help: one value for every place: `c[i] = if i == 0 { … } else { … }`
                .. | the left side binds plain indices, not `..`
                    help: each axis has an index, or follows from the value: `c[i, j] = …`
                : | the left side binds plain indices, not `:`
                    help: each axis has an index, or follows from the value: `c[i, j] = …`
                = | expected `in`, found `=`
                    help: `i in 0..N`
                ] | expected `..`, found `]`
                    help: `j in 0..M`
                if | expected `,`, found `if`
                    help: a definition has a value at every place: `= if … { value } else { 0 }`
                [ | expected `:=`, found `[`
                    help: a step assigns whole tensors: `let next[i] = …; w := next;`"#]],
        );
    }

    #[test]
    fn loops() {
        check_errors(
            "for i in 0..N { y[i] = x[i]^2; } a = 1;",
            &expect![[r#"
            for | `for` is not a word of this language
                help: `y[i in 0..N] = x[i]^2;`"#]],
        );
        check_errors(
            "for i in range(N) { total += x[i]; } a = 1;",
            &expect![[r#"
            for | `for` is not a word of this language
                help: `total = sum[i in 0..N](x[i]);`"#]],
        );
        check_errors(
            "for i in 0..N { for j in 0..M { for k in 0..K { c[i, k] += a[i, j]*b[j, k]; } } } a = 1;",
            &expect![[r#"
            for | `for` is not a word of this language
                help: `c[i in 0..N, k in 0..K] = sum[j in 0..M](a[i, j]*b[j, k]);`"#]],
        );
        check_errors(
            "for i in 1..N { y[i] = y[i - 1]*x[i]; z[i] = 3; } a = 1;",
            &expect![[r#"
            for | `for` is not a word of this language
                help: index notation: `y[i in 0..N] = …;`, `sum[i in 0..N](…)`; what depends on the turn before (`scan`) is not supported yet"#]],
        );
    }
}

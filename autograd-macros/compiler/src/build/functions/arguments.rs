//! Argument binding: which one is which, and the errors for too many, too few, unknown and doubled ones.

use super::super::{Builder, Built, suggest};
use crate::diagnostics::{Help, Place, Problem, SpanRange};
use crate::graph::ShapeText;
use crate::habits::arguments;
use crate::syntax::as_operand;
use crate::syntax::tree::{Argument, Expr, ExprKind, UnaryOp};

/// Arguments with the names of their parameters.
pub(in super::super) struct Bound<'e>(Vec<(&'static str, &'e Expr)>);

impl<'e> Bound<'e> {
    /// The arguments in the order of the parameters.
    pub(in super::super) fn values(&self) -> impl Iterator<Item = &'e Expr> {
        self.0.iter().map(|(_, value)| *value)
    }
}

/// A call of a function of the language.
pub(in super::super) struct Call<'e> {
    /// The whole call.
    pub(in super::super) expr: &'e Expr,
    /// The function.
    pub(in super::super) function: &'static str,
    pub(super) bound: Bound<'e>,
}

impl<'e> Call<'e> {
    /// An argument that is required (its absence has been reported before the call is built).
    pub(in super::super) fn get(&self, name: &str) -> &'e Expr {
        self.find(name).unwrap_or(self.expr)
    }

    /// An argument that may be missing.
    pub(in super::super) fn find(&self, name: &str) -> Option<&'e Expr> {
        self.all(name).next()
    }

    /// The parameters that have arguments.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.bound.0.iter().map(|(name, _)| *name)
    }

    /// All arguments of a parameter that takes any number.
    pub(in super::super) fn all(&self, name: &str) -> impl Iterator<Item = &'e Expr> {
        self.bound.0.iter().filter(move |(parameter, _)| *parameter == name).map(|(_, value)| *value)
    }
}

impl Builder<'_> {
    /// The value of a required argument.
    pub(in super::super) fn argument(&mut self, call: &Call, name: &str) -> Built {
        self.expr(call.get(name))
    }

    /// The value of an argument, as numbers.
    pub(super) fn real_argument(&mut self, call: &Call, name: &str) -> Built {
        let value = self.argument(call, name)?;
        Ok(self.real(value))
    }

    /// The value of an argument, as numbers, or what stands for it.
    pub(super) fn real_argument_or(&mut self, call: &Call, name: &str, default: f64) -> Built {
        match call.find(name) {
            Some(value) => {
                let value = self.expr(value)?;
                Ok(self.real(value))
            }
            None => Ok(self.region.literal(default)),
        }
    }

    /// `keep = true`
    pub(super) fn flag(&mut self, call: &Call, name: &str) -> Built<bool> {
        match call.find(name).map(|value| (value, &value.kind)) {
            None => Ok(false),
            Some((_, ExprKind::Bool(value))) => Ok(*value),
            Some((value, _)) => {
                let problem = Problem::WrongKind {
                    what: format!("`{name}`"),
                    expected: "`true` or `false`",
                    found: super::super::text::quoted(value, "an expression"),
                };
                let help = match &value.kind {
                    ExprKind::Name(word) if *word == "False" => "false",
                    ExprKind::Number { value, .. } if *value == 0.0 => "false",
                    _ => "true",
                };
                Err(self.error_with_help(value.span, problem, Help::code(value.span, help)))
            }
        }
    }
}

/// A parameter of a row.
struct Parameter {
    name: &'static str,
    optional: bool,
    by_name: bool,
    many: bool,
}

fn parameters(text: &'static str) -> Vec<Parameter> {
    let mut by_name = false;
    let mut list = Vec::new();
    for piece in text.split(',').map(str::trim).filter(|piece| !piece.is_empty()) {
        if piece == "*" {
            by_name = true;
            continue;
        }
        let (name, default) = piece.split_once(" = ").map_or((piece, None), |(name, value)| (name, Some(value)));
        let optional = default.is_some() || name.ends_with('?');
        let many = name.ends_with("..");
        list.push(Parameter { name: name.trim_end_matches(['?', '.']), optional, by_name, many });
    }
    list
}

/// The default values that a row's parameters have.
pub(super) fn defaults(text: &'static str) -> Vec<(&'static str, Option<f64>)> {
    let pieces = text.split(',').map(str::trim).filter(|piece| !piece.is_empty() && *piece != "*");
    pieces
        .map(|piece| match piece.split_once(" = ") {
            Some((name, value)) => (name, value.parse().ok()),
            None => (piece, None),
        })
        .collect()
}

/// `leaky_relu(x, slope = 0.01)`
pub(in super::super) fn signature(function: &str, text: &str) -> String {
    let pieces = text.split(',').map(str::trim).filter(|piece| *piece != "*");
    let pieces: Vec<String> = pieces
        .map(|piece| match (piece.strip_suffix('?'), piece.strip_suffix("..")) {
            (Some(name), _) => format!("[{name}]"),
            (_, Some(name)) => format!("{name}, …"),
            _ => piece.to_owned(),
        })
        .collect();
    format!("{function}({})", pieces.join(", "))
}

/// Gives every argument its parameter.
pub(in super::super) fn bind<'e>(
    builder: &mut Builder,
    span: SpanRange,
    function: &str,
    text: &'static str,
    arguments: &'e [Argument],
) -> Built<Bound<'e>> {
    let parameters = parameters(text);
    if let Some(reported) = extra(builder, span, function, &parameters, arguments) {
        return Err(reported);
    }
    let mut bound: Vec<(&'static str, &'e Expr)> = Vec::new();
    let mut positional = parameters.iter().filter(|parameter| !parameter.by_name).peekable();
    let mut fine = true;
    for argument in arguments {
        let Some(name) = &argument.name else {
            let Some(parameter) = positional.peek() else {
                return Err(wrong_count(builder, span, function, text, arguments));
            };
            bound.push((parameter.name, &argument.value));
            if !parameter.many {
                positional.next();
            }
            continue;
        };
        match parameters.iter().find(|parameter| name == parameter.name) {
            Some(parameter) if bound.iter().any(|(taken, _)| *taken == parameter.name) => {
                let problem = Problem::RepeatedArgument { name: name.to_string(), function: function.to_owned() };
                builder.error(name.span(), problem);
                fine = false;
            }
            Some(parameter) => bound.push((parameter.name, &argument.value)),
            None => {
                unknown_argument(builder, name, &argument.value, (function, text), &parameters);
                fine = false;
            }
        }
    }
    let missing = parameters
        .iter()
        .any(|parameter| !parameter.optional && !bound.iter().any(|(name, _)| *name == parameter.name));
    if fine && missing {
        return Err(wrong_count(builder, span, function, text, arguments));
    }
    if !fine {
        return Err(super::super::Reported);
    }
    let tuple = bound.iter().find(|(name, value)| match &value.kind {
        ExprKind::Tuple(_) => matches!(*name, "list" | "shape"),
        ExprKind::Unary(UnaryOp::Neg, _) => *name == "shape",
        _ => false,
    });
    if let Some((name, value)) = tuple
        && let Some(code) = builder.rearranged(function, arguments)
    {
        let found = super::super::text::quoted(value, "an expression");
        let problem =
            Problem::WrongKind { what: format!("the {name} of `{function}`"), expected: "between brackets", found };
        return Err(builder.error_with_help(span, problem, Help::write(format!("`{code}`"), span, as_operand(&code))));
    }
    bound.sort_by_key(|(name, _)| parameters.iter().position(|parameter| parameter.name == *name));
    Ok(Bound(bound))
}

/// Refuses a call that means something elsewhere by arguments that the function does not have here.
fn extra(
    builder: &mut Builder,
    span: SpanRange,
    function: &str,
    parameters: &[Parameter],
    arguments: &[Argument],
) -> Option<super::super::Reported> {
    let is_word = |argument: &&Argument| matches!(argument.value.kind, ExprKind::Text(_));
    let word = arguments.iter().find(is_word).filter(|_| function != "einsum");
    let has = |name: &proc_macro2::Ident| parameters.iter().any(|parameter| name == parameter.name);
    let unknown = arguments.iter().filter_map(|argument| argument.name.as_ref()).find(|name| !has(name));
    // `max(x, 0, True)` is along an axis, not among three values.
    let is_flag = |argument: &&Argument| {
        argument.name.is_none()
            && match &argument.value.kind {
                ExprKind::Bool(_) => true,
                ExprKind::Name(name) => name == "True",
                _ => false,
            }
    };
    let flag = arguments.iter().find(is_flag).filter(|_| parameters.iter().any(|parameter| parameter.many));
    let none = arguments.iter().find(|argument| matches!(&argument.value.kind, ExprKind::Name(name) if name == "None"));
    let (place, problem) = if let Some(none) = none {
        (none.value.span, Problem::UnknownName { name: "None".to_owned() })
    } else if let Some(word) = word {
        let literal = super::super::text::short(&word.value).unwrap_or_default();
        (word.value.span, Problem::NotANumber { literal })
    } else if let Some(name) = unknown {
        (name.span().into(), Problem::UnknownArgument { name: name.to_string(), function: function.to_owned() })
    } else if let Some(flag) = flag {
        let what = format!("`{function}` of several values");
        let found = super::super::text::quoted(&flag.value, "a truth value");
        (flag.value.span, Problem::WrongKind { what, expected: "numbers", found })
    } else {
        order_of_norm(builder, function, arguments)?
    };
    match builder.without_extra(function, arguments) {
        Some(code) => {
            let help = Help::write(format!("`{code}`"), span, as_operand(&code));
            Some(builder.error_with_help(place, problem, help))
        }
        None if word.is_some() => {
            let help =
                "an argument is a number or a truth value; what a word chooses elsewhere is a function of its own";
            Some(builder.error_with_help(place, problem, help))
        }
        None => None,
    }
}

/// `norm(w, 1)` of a vector, which has no axis 1: elsewhere the second argument is the order.
fn order_of_norm(builder: &mut Builder, function: &str, arguments: &[Argument]) -> Option<(SpanRange, Problem)> {
    let [x, Argument { name: None, value: order }] = arguments else { return None };
    let ExprKind::Number { integer: Some(axis @ 1..), .. } = order.kind else { return None };
    let vector = (function == "norm").then(|| builder.expr(&x.value).ok()).flatten()?;
    let shape = builder.shape(vector);
    let problem = Problem::NoSuchAxis { axis: axis.to_string(), shape: ShapeText(&shape).to_string() };
    (shape.len() == 1).then_some((order.span, problem))
}

fn unknown_argument(
    builder: &mut Builder,
    name: &proc_macro2::Ident,
    value: &Expr,
    (function, text): (&str, &str),
    parameters: &[Parameter],
) {
    let known = || parameters.iter().map(|parameter| parameter.name);
    let habit = arguments::argument(&name.to_string()).iter().find(|ours| known().any(|parameter| parameter == **ours));
    let help = match habit.copied().or_else(|| suggest::nearest(&name.to_string(), known())) {
        Some(near) => {
            let help = Help::write(format!("did you mean `{near}`?"), name.span(), near);
            match &value.kind {
                // `keepdims=True`
                ExprKind::Name(name) if *name == "True" || *name == "False" => {
                    help.and(value.span, Place::Instead, name.to_string().to_lowercase())
                }
                _ => help,
            }
        }
        None if function == "norm" => "the sum of magnitudes is `sum(abs(x))`, the largest `max(abs(x))`".into(),
        None => format!("`{}`", signature(function, text)).into(),
    };
    let problem = Problem::UnknownArgument { name: name.to_string(), function: function.to_owned() };
    builder.error_with_help(name.span(), problem, help);
}

fn wrong_count(
    builder: &mut Builder,
    span: SpanRange,
    function: &str,
    text: &'static str,
    arguments: &[Argument],
) -> super::super::Reported {
    let parameters = parameters(text);
    let least = parameters.iter().filter(|parameter| !parameter.optional).count();
    let positional = parameters.iter().filter(|parameter| !parameter.by_name).count();
    let most = if parameters.iter().any(|parameter| parameter.many) { usize::MAX } else { positional };
    let beside = arguments.iter().filter(|argument| {
        let by_name = parameters.iter().filter(|parameter| parameter.by_name);
        argument.name.as_ref().is_some_and(|name| by_name.into_iter().any(|parameter| name == parameter.name))
    });
    let given = arguments.len() - beside.count();
    let problem = Problem::WrongArgumentCount { function: function.to_owned(), expected: counts(least, most), given };
    let code = if given > most && !text.is_empty() {
        builder.rearranged(function, arguments)
    } else {
        builder.without_extra(function, arguments)
    };
    let help = match code {
        Some(code) => Help::write(format!("`{code}`"), span, as_operand(&code)),
        None if given > most => format!("it is `{}`, and nothing more", signature(function, text)).into(),
        None => format!("`{}`", signature(function, text)).into(),
    };
    builder.error_with_help(span, problem, help)
}

/// `1 argument`, `1 to 3 arguments`
pub(in super::super) fn counts(least: usize, most: usize) -> String {
    let plural = if most == 1 { "" } else { "s" };
    match (least, most) {
        (0, 0) => "no arguments".to_owned(),
        (least, usize::MAX) => format!("at least {least} argument{}", if least == 1 { "" } else { "s" }),
        (least, most) if least == most => format!("{least} argument{plural}"),
        (least, most) if least + 1 == most => format!("{least} or {most} argument{plural}"),
        (least, most) => format!("{least} to {most} argument{plural}"),
    }
}

//! Messages about functions and names that exist elsewhere: the tables of [`crate::habits`], with the user's own
//! arguments.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;

use super::functions::signature;
use super::{Builder, Built, Reported, suggest};
use crate::diagnostics::{Help, Place, Problem};
use crate::graph::Shape;
use crate::habits::functions::{self, Argument as Text, Given, Meaning};
use crate::habits::{arguments, names};
use crate::ops::Function;
use crate::syntax::print::{OPERAND, operand, source};
use crate::syntax::rewrite::rewrite;
use crate::syntax::tree::{Argument, Expr, ExprKind};
use crate::syntax::{self, as_operand};

/// Longer translations are told by their pattern.
const LONGEST: usize = 90;
impl Builder<'_> {
    /// The function of the language that a name stands for: its own, or that of a synonym.
    pub(super) fn canonical<'n>(&self, name: &'n str) -> Option<&'n str> {
        if self.is_function(name) {
            return Some(name);
        }
        match functions::meaning(name) {
            Some(Meaning::Same(target)) if self.is_function(target) => Some(target),
            _ => None,
        }
    }

    /// `np.mean(x)`: refuses the module, and says what to write without it.
    pub(super) fn module_call(&mut self, expr: &Expr, function: &Ident, arguments: &[Argument]) -> Built {
        let module = &arguments[0].value;
        let problem = Problem::UnknownName { name: source(module) };
        if let Some(ours) = Self::constant_of_module(function, arguments) {
            return Err(self.error_with_help(
                module.span,
                problem,
                Help::write(format!("`{ours}`"), expr.span, as_operand(ours)),
            ));
        }
        let help =
            self.of_module(module, function, &arguments[1..]).map(|code| (format!("`{code}`"), as_operand(&code)));
        let help = help.or_else(|| self.rewritten(function, &arguments[1..]));
        let help = match help {
            Some((text, code)) => Help::write(text, expr.span, code),
            None => self.without_module(function),
        };
        Err(self.error_with_help(module.span, problem, help))
    }

    /// `np.pi`
    fn constant_of_module(name: &Ident, arguments: &[Argument]) -> Option<&'static str> {
        let name = name.to_string();
        let known = || names::CONSTANTS.iter().find(|(other, _)| *other == name).map(|found| found.1);
        let own = || ["pi", "e", "inf", "nan"].into_iter().find(|own| *own == name);
        if arguments.len() > 1 { None } else { own().or_else(known) }
    }

    /// Where a function of a library's module is not the function of that name here: `np.max(x, 0)` is along an axis,
    /// `torch.std(x)` divides by one less, `F.cross_entropy(z, label)` is the mean.
    fn of_module(&self, module: &Expr, function: &Ident, arguments: &[Argument]) -> Option<String> {
        let name = function.to_string();
        let row = match (source(module).as_str(), name.as_str()) {
            ("torch" | "F" | "functional" | "nn", "cross_entropy") => {
                ("z|input, label|target", "mean(cross_entropy({z}, {label}))")
            }
            (_, "max" | "min") => ("x, axis:0|1|2|3|-1|-2, keep?", "{f}({x}, axis = {axis}⟨, keep = {keep}⟩)"),
            ("torch", "std" | "var") if arguments.len() == 1 => ("x", "{f}({x}, ddof = 1)"),
            ("torch", "std" | "var") => {
                ("x, axis|dim, keep|keepdim?", "{f}({x}, axis = {axis}⟨, keep = {keep}⟩, ddof = 1)")
            }
            _ => return None,
        };
        if arguments.len() == 3 && matches!(name.as_str(), "std" | "var") && arguments[2].name.is_none() {
            return None;
        }
        let is_none = |argument: &Argument| matches!(&argument.value.kind, ExprKind::Name(name) if name == "None");
        let said = arguments.iter().filter(|argument| argument.name.is_none() || !is_none(argument));
        let texts = said.map(|argument| self.given_text(argument, None)).collect();
        Given { arguments: texts }.fill(row.0, &row.1.replace("{f}", &name))
    }

    /// What to say about a function of a module that cannot be said with the arguments as they are.
    fn without_module(&self, function: &Ident) -> Help {
        let name = function.to_string();
        if let Some(words) = functions::meaning(&name).filter(|_| self.canonical(&name).is_none()).and_then(words_of) {
            return words.into();
        }
        match self.canonical(&name).and_then(|canonical| self.table.get(canonical)) {
            Some(row) => format!("functions stand without a module: `{}`", signature(row.name, row.parameters)).into(),
            None if self.canonical(&name).is_some() => format!("functions stand without a module: `{name}(x)`").into(),
            None => format!("functions stand without a module, and there is no `{function}` here").into(),
        }
    }

    /// Whether the receiver of a call is a module of Python, and no value of the model.
    pub(super) fn is_module(&self, arguments: &[Argument]) -> bool {
        let Some(Argument { name: None, value }) = arguments.first() else { return false };
        let ExprKind::Name(name) = &value.kind else { return false };
        let name = name.to_string();
        names::MODULES.contains(&name.as_str()) && !self.means_something(&name)
    }

    /// `f64::exp(x)`: the function of that name, if there is one.
    pub(super) fn path_call(&mut self, expr: &Expr, path: &TokenStream, arguments: &[Argument]) -> Reported {
        let text = path.to_string().replace(' ', "");
        let (head, last) = text.rsplit_once("::").unwrap_or(("", &text));
        let is_own = matches!(head.split("::").next(), Some("crate" | "self" | "super"));
        let function = Ident::parse_any.parse_str(last).ok().filter(|_| !is_own);
        let help = function.and_then(|function| self.rewritten(&function, arguments));
        if let Some((help, code)) = help {
            let problem = Problem::UnknownFunction { name: text.clone() };
            return self.error_with_help(expr.span, problem, Help::write(help, expr.span, code));
        }
        let problem = Problem::NotSupported { what: "a call of a Rust path".to_owned() };
        self.error_with_help(expr.span, problem, "a function of the model is `fn f(a) = …;`")
    }

    /// What to write for a call: as it is read, and as it stands in the place of an operand. Nothing if the function is
    /// not known, or has no exact translation.
    fn rewritten(&mut self, function: &Ident, arguments: &[Argument]) -> Option<(String, String)> {
        let given = self.given(arguments);
        let name = function.to_string();
        let canonical = self.canonical(&name);
        let code = if let Some(code) = canonical.and_then(|canonical| rearranged(canonical, &given)) {
            code
        } else if let Some(code) = canonical.and_then(|canonical| extra(canonical, &given)) {
            code
        } else if let Some(code) = functions::extra(&name, &given) {
            code
        } else if let Some(canonical) = canonical {
            let parameters = self.parameters(canonical);
            let parameters = parameters.as_str();
            let arguments: Vec<String> = given.arguments.iter().map(|argument| shown(argument, parameters)).collect();
            let is_known = knows_all(&given, parameters) && holds(&given, parameters);
            let required = parameters.split(',').map(str::trim);
            let required =
                required.filter(|name| !name.is_empty() && !name.contains(['=', '*']) && !name.ends_with(['?', '.']));
            if !is_known || required.count() > given.count() {
                return None;
            }
            format!("{canonical}({})", arguments.join(", "))
        } else if names::IDENTITIES.contains(&name.as_str()) && given.count() == 1 {
            given.arguments[0].operand.clone()
        } else {
            code_of(functions::meaning(&name)?, &given)?
        };
        Some((format!("`{code}`"), as_operand(&code)))
    }

    /// The parameters of a function, as its row has them.
    fn parameters(&self, function: &str) -> String {
        if let Some(own) = self.functions.get(function) {
            let names: Vec<String> = own.names().map(ToString::to_string).collect();
            return names.join(", ");
        }
        let elementary = || Function::from_name(function).map(|found| found.row().arguments);
        self.table.get(function).map(|row| row.parameters).or_else(elementary).unwrap_or_default().to_owned()
    }

    /// A call of a function of the language whose arguments stand otherwise elsewhere, as it is here.
    pub(super) fn rearranged(&mut self, function: &str, arguments: &[Argument]) -> Option<String> {
        let given = self.given(arguments);
        rearranged(function, &given).or_else(|| keeping(function, &given)).or_else(|| extra(function, &given))
    }

    /// The call without arguments that it does not have here, if there is such and something is said by them.
    pub(super) fn without_extra(&mut self, function: &str, arguments: &[Argument]) -> Option<String> {
        let errors = self.diagnostics.errors().len();
        let given = self.given(arguments);
        let code = keeping(function, &given).or_else(|| extra(function, &given));
        self.diagnostics.forget_after(errors);
        code
    }

    /// The arguments of a call as text, with their shapes; their own mistakes are reported.
    pub(super) fn given(&mut self, arguments: &[Argument]) -> Given {
        let texts = arguments.iter().map(|argument| self.given_argument(argument)).collect();
        Given { arguments: texts }
    }

    fn given_argument(&mut self, argument: &Argument) -> Text {
        let value = argument_value(argument);
        let shape = match &value.kind {
            ExprKind::List(items) => {
                let values: Vec<Built> = items.iter().map(|item| self.expr(item)).collect();
                values.first().and_then(|first| first.ok()).map(|first| self.shape(first))
            }
            ExprKind::Tuple(_) | ExprKind::Number { .. } | ExprKind::Text(_) => None,
            ExprKind::Name(name) if name == "None" => None,
            _ => self.expr(value).ok().map(|value| self.shape(value)),
        };
        let errors = self.diagnostics.errors().len();
        let is_extent = self.extent_of(value).is_ok() || source(value) == "-1";
        self.diagnostics.forget_after(errors);
        Text { is_extent, ..self.given_text(argument, shape) }
    }

    /// An argument as text.
    fn given_text(&self, argument: &Argument, shape: Option<Shape>) -> Text {
        let value = argument_value(argument);
        let ours = self.in_our_words(value);
        Text {
            name: argument.name.as_ref().map(ToString::to_string),
            text: source(&ours),
            operand: operand(&ours, OPERAND),
            shape,
            is_list: matches!(value.kind, ExprKind::List(_)),
            is_extent: false,
        }
    }

    /// An expression without the modules in it, and with our names of constants and functions.
    pub(super) fn in_our_words(&self, expr: &Expr) -> Expr {
        rewrite(expr, &|expr| match &expr.kind {
            ExprKind::Name(name) if !self.means_something(&name.to_string()) => {
                let (_, ours) = names::CONSTANTS.iter().find(|(other, _)| name == other)?;
                syntax::expression(ours)
            }
            ExprKind::Call { function, binder: None, arguments, .. } if self.is_module(arguments) => {
                if let Some(ours) = Self::constant_of_module(function, arguments) {
                    return syntax::expression(ours);
                }
                if let Some(code) = self.of_module(&arguments[0].value, function, &arguments[1..]) {
                    return syntax::expression(&code);
                }
                let name = function.to_string();
                let function = Ident::new(self.canonical(&name).unwrap_or(&name), function.span());
                let inner =
                    |argument: &Argument| Argument { value: self.in_our_words(&argument.value), ..argument.clone() };
                let arguments = arguments[1..].iter().map(inner).collect();
                Some(Expr {
                    kind: ExprKind::Call { function, binder: None, arguments, is_method: false },
                    span: expr.span,
                })
            }
            _ => None,
        })
    }

    /// A function that is not there.
    pub(super) fn unknown_function(&mut self, expr: &Expr, function: &Ident, arguments: &[Argument]) -> Reported {
        let given = self.given(arguments);
        let name = function.to_string();
        let unknown = Problem::UnknownFunction { name: name.clone() };
        if names::IDENTITIES.contains(&name.as_str()) && given.count() >= 1 {
            let inner = match &arguments[0].value.kind {
                ExprKind::Call { function, binder: None, arguments, .. }
                    if !self.is_function(&function.to_string()) && !self.is_module(arguments) =>
                {
                    self.rewritten(function, arguments)
                }
                _ => None,
            };
            let plain = (format!("`{}`", given.arguments[0].text), given.arguments[0].operand.clone());
            let (text, code) = inner.unwrap_or(plain);
            let help = Help::write(format!("{text}: leave `{name}` out"), expr.span, code);
            return self.error_with_help(function.span(), unknown, help);
        }
        if let Some(plain) = name.strip_suffix('_').and_then(|plain| self.canonical(plain)) {
            // `x.exp_()` of PyTorch changes x where it lies.
            let texts: Vec<&str> = given.arguments.iter().map(|argument| argument.text.as_str()).collect();
            let code = format!("{plain}({})", texts.join(", "));
            return self.error_with_help(function.span(), unknown, Help::write(format!("`{code}`"), expr.span, code));
        }
        if let Some(code) = functions::extra(&name, &given) {
            let help = Help::write(format!("`{code}`"), expr.span, as_operand(&code));
            return self.error_with_help(function.span(), unknown, help);
        }
        if let Some(meaning) = functions::meaning(&name) {
            let problem = match meaning {
                Meaning::Missing(_) | Meaning::Same(_) => Problem::NotSupported { what: format!("`{name}`") },
                Meaning::Write(..) | Meaning::Make(..) | Meaning::Say(_) => unknown,
            };
            let help = help_of(meaning, expr, &given);
            return self.error_maybe_help(function.span().into(), problem, help);
        }
        if !self.is_whole() {
            return Reported;
        }
        let help = self.near_function(function).unwrap_or_else(|| format!("define it: `fn {name}(a) = …;`").into());
        self.error_with_help(function.span(), unknown, help)
    }

    fn near_function(&self, function: &Ident) -> Option<Help> {
        let name = function.to_string();
        let known = self.function_names();
        if let Some(near) = suggest::nearest_function(&name, known) {
            return Some(Help::write(format!("did you mean `{near}`?"), function.span(), near));
        }
        self.means_something(&name).then(|| {
            let help = Help::from(format!("`{name}` is a value: a product is written `{name} * (…)`"));
            help.and(function.span(), Place::After, "*")
        })
    }
}

/// The value of an argument; `Axis(0)` of ndarray is a number here.
fn argument_value(argument: &Argument) -> &Expr {
    match &argument.value.kind {
        ExprKind::Call { function, arguments, .. } if function == "Axis" && arguments.len() == 1 => &arguments[0].value,
        _ => &argument.value,
    }
}

/// Lists that stand as tuples or as several arguments elsewhere, and axes that are swapped.
fn rearranged(function: &str, given: &Given) -> Option<String> {
    if function == "transpose" && given.count() == 3 {
        return code_of(functions::meaning("swapaxes")?, given);
    }
    if let ("clamp", Some(argument), 2) = (function, given.arguments.get(1), given.count()) {
        let ours = match argument.name.as_deref()? {
            "min" | "a_min" | "low" => "max",
            "max" | "a_max" | "high" => "min",
            _ => return None,
        };
        return Some(format!("{ours}({}, {})", given.text(0)?, argument.text));
    }
    let has_list = given.arguments.iter().any(|argument| argument.is_list);
    arguments::listed(function, given).filter(|_| !has_list)
}

/// A call with arguments that are not there here.
fn extra(function: &str, given: &Given) -> Option<String> {
    functions::extra(function, given).or_else(|| functions::without_meaning(function, given))
}

/// `mean(x, 0, True)`: the third argument of reductions.
fn keeping(function: &str, given: &Given) -> Option<String> {
    if matches!(function, "std" | "var") {
        // The third argument is `unbiased` in PyTorch.
        return None;
    }
    let is_flag = given.text(2).is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let texts = (given.text(0)?, given.text(1)?);
    (is_flag && given.count() == 3).then(|| format!("{function}({}, axis = {}, keep = true)", texts.0, texts.1))
}

/// Whether a function has as many places as there are arguments without a name.
fn holds(given: &Given, parameters: &str) -> bool {
    let places = parameters.split(',').map(str::trim).take_while(|name| *name != "*").filter(|name| !name.is_empty());
    let count = given.arguments.iter().filter(|argument| argument.name.is_none()).count();
    parameters.contains("..") || count <= places.count()
}

/// Whether a function has all arguments that are given by name.
fn knows_all(given: &Given, parameters: &str) -> bool {
    given.arguments.iter().filter(|argument| argument.name.is_some()).all(|argument| {
        let shown = shown(argument, parameters);
        let name = shown.split(" = ").next().unwrap_or_default();
        parameters.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).any(|word| word == name)
    })
}

/// `axis = 0` of `dim = 0`
fn shown(argument: &Text, parameters: &str) -> String {
    let Some(name) = &argument.name else { return argument.text.clone() };
    let known = |name: &str| {
        let mut words = parameters.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
        words.any(|word| word == name)
    };
    let ours = arguments::argument(name).iter().find(|ours| !known(name) && known(ours));
    format!("{} = {}", ours.unwrap_or(&name.as_str()), argument.text)
}

/// The translation of a call, if there is an exact one.
fn code_of(meaning: Meaning, given: &Given) -> Option<String> {
    match meaning {
        Meaning::Write(parameters, template) => given.fill(parameters, template),
        Meaning::Make(make, _) => make(given),
        Meaning::Same(_) | Meaning::Missing(_) | Meaning::Say(_) => None,
    }
}

/// What to say about a call that has a meaning elsewhere.
fn help_of(meaning: Meaning, expr: &Expr, given: &Given) -> Option<Help> {
    if let Some(code) = code_of(meaning, given) {
        let text = if code.len() <= LONGEST { format!("`{code}`") } else { words_of(meaning)? };
        return Some(Help::write(text, expr.span, as_operand(&code)));
    }
    words_of(meaning).map(Help::from)
}

/// The words for calls that have no exact translation.
fn words_of(meaning: Meaning) -> Option<String> {
    match meaning {
        Meaning::Write(_, template) => Some(format!("`{}`", pattern(template))),
        Meaning::Make(_, words) | Meaning::Say(words) | Meaning::Missing(words) => {
            Some(words.to_owned()).filter(|words| !words.is_empty())
        }
        Meaning::Same(target) => Some(format!("it is to be `{target}`")),
    }
}

/// A template with the names of its parameters: `clamp(x, low, high)`.
fn pattern(template: &str) -> String {
    let mut text = String::new();
    let mut optional = false;
    for letter in template.replace("{ ", "\u{1}").replace(" }", "\u{2}").chars() {
        match letter {
            '⟨' => optional = true,
            '⟩' => optional = false,
            _ if optional => {}
            '{' | '}' | '!' => {}
            '\u{1}' => text.push_str("{ "),
            '\u{2}' => text.push_str(" }"),
            other => text.push(other),
        }
    }
    text
}

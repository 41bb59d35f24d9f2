//! Calls: of the model's functions, of the table's, of the elementary ones. Functions are inlined.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::str::FromStr;

use proc_macro2::{Ident, TokenStream};

use super::super::scope::Frame;
use super::super::{Builder, Built, Reported, derivatives};
use super::arguments::{Call, bind, counts, defaults};
use super::{Body, Family, Row, elementary};
use crate::diagnostics::{Diagnostics, Problem, SpanRange};
use crate::graph::{Dim, NodeId, ShapeText};
use crate::ops::{Function, Integer, Op};
use crate::syntax;
use crate::syntax::print;
use crate::syntax::tree;
use crate::syntax::tree::{Argument, Expr, ExprKind, Item, Parameter};

/// The most nodes that inlining and derivatives may make: functions that call one another twice, and derivatives of
/// derivatives, grow as powers of two.
const LARGEST: usize = 100_000;

impl Builder<'_> {
    /// `f(x, …)`
    pub(in super::super) fn call(&mut self, expr: &Expr, function: &Ident, arguments: &[Argument]) -> Built {
        let name = function.to_string();
        if !self.in_language()
            && let Some(&found) = self.functions.get(&name)
        {
            if self.silent.contains(&name) {
                return Err(Reported);
            }
            let values = self.call_user(expr, found, arguments)?;
            return self.only_value(expr, &values);
        }
        if !self.in_language() && self.is_module(arguments) {
            return self.module_call(expr, function, arguments);
        }
        let Some(name) = self.canonical(&name) else {
            return Err(self.unknown_function(expr, function, arguments));
        };
        if let Some(&row) = self.table.get(name) {
            return self.call_row(expr, row, arguments);
        }
        match elementary(name) {
            Some(found) => self.call_elementary(expr, found, arguments),
            None => Err(self.unknown_function(expr, function, arguments)),
        }
    }

    /// The values that a call gives: several, where the function's body is a tuple.
    pub(in super::super) fn call_values(
        &mut self,
        expr: &Expr,
        function: &Ident,
        arguments: &[Argument],
    ) -> Built<Vec<NodeId>> {
        let name = function.to_string();
        if !self.in_language()
            && let Some(&found) = self.functions.get(&name)
            && !self.silent.contains(&name)
        {
            return self.call_user(expr, found, arguments);
        }
        let row = self.canonical(&name).and_then(|name| self.table.get(name).copied());
        if let Some(Row { body: Body::Library(definition), .. }) = row
            && let Some(row) = row
            && !self.functions.contains_key(&name)
        {
            return self.call_library(expr, row, definition, arguments);
        }
        self.call(expr, function, arguments).map(|value| vec![value])
    }

    /// The value of a function that gives one.
    fn only_value(&mut self, expr: &Expr, values: &[NodeId]) -> Built {
        if let [value] = values {
            return Ok(*value);
        }
        let problem = Problem::TupleSize { names: 1, values: values.len() };
        let names: Vec<String> = ('a'..='z').take(values.len()).map(String::from).collect();
        let help = format!("`let ({}) = {};` takes them apart", names.join(", "), crate::syntax::print::source(expr));
        Err(self.error_with_help(expr.span, problem, help))
    }

    /// A function of the library: its definition says the shapes of its arguments, and those with a default are numbers.
    fn call_library(
        &mut self,
        expr: &Expr,
        row: &'static Row,
        definition: &'static str,
        arguments: &[Argument],
    ) -> Built<Vec<NodeId>> {
        let bound = bind(self, expr.span, row.name, row.parameters, arguments)?;
        let call = Call { expr, function: row.name, bound };
        let definitions = self.definitions(row, definition);
        let mut given: Vec<(&Parameter, Built)> = Vec::new();
        for parameter in definitions.iter().flat_map(|function| &function.arguments) {
            let is_new = given.iter().all(|(other, _)| other.name != parameter.name);
            if let Some(value) =
                call.find(&parameter.name.to_string()).filter(|_| is_new && parameter.default.is_none())
            {
                given.push((parameter, self.expr(value)));
            }
        }
        let function = self.meant(&call, &definitions, &given)?;
        let mut values: Vec<Built> = Vec::new();
        for parameter in &function.arguments {
            let name = parameter.name.to_string();
            let earlier = |default: &Expr| match &default.kind {
                ExprKind::Name(other) => function.names().position(|name| name == other).map(|place| values[place]),
                _ => None,
            };
            values.push(match (call.find(&name), &parameter.default) {
                (Some(value), Some(_)) => self.number_argument(value, &name),
                (None, Some(default)) => earlier(default).unwrap_or_else(|| self.number_argument(default, &name)),
                (_, None) => {
                    given.iter().find(|(other, _)| other.name == name).map_or(Err(Reported), |(_, value)| *value)
                }
            });
        }
        let values = values.into_iter().collect::<Built<Vec<NodeId>>>()?;
        let names = function.names().map(ToString::to_string);
        let written = names.filter_map(|name| Some((name.clone(), self.written(call.find(&name)?)?))).collect();
        let outer = self.outside;
        self.outside = Some(self.place(expr.span));
        let values = self.inline(&function, row.name, Some(written), &values);
        self.outside = outer;
        values
    }

    /// The first of a function's definitions that has all arguments that are given, and whose patterns these fit. If there
    /// is none, the last one says why.
    fn meant(
        &mut self,
        call: &Call,
        definitions: &[Rc<tree::Function>],
        given: &[(&Parameter, Built)],
    ) -> Built<Rc<tree::Function>> {
        if given.iter().any(|(_, value)| value.is_err()) {
            return Err(Reported);
        }
        let value = |parameter: &Parameter| given.iter().find(|(other, _)| other.name == parameter.name)?.1.ok();
        let has_all = |function: &&Rc<tree::Function>| {
            let names: Vec<String> = function.names().map(ToString::to_string).collect();
            call.names().all(|name| names.iter().any(|own| own == name))
                && function.arguments.iter().all(|argument| argument.default.is_some() || value(argument).is_some())
        };
        let candidates: Vec<&Rc<tree::Function>> = definitions.iter().filter(has_all).collect();
        let fits = |function: &&&Rc<tree::Function>| {
            let arguments = function.arguments.iter();
            arguments
                .filter_map(|argument| Some((argument.shape.as_ref()?, value(argument)?)))
                .all(|(pattern, value)| pattern.len() == self.region.ty(value).rank())
        };
        let found = candidates.iter().find(fits).or(candidates.last()).map(|function| Rc::clone(function));
        found.ok_or_else(|| {
            let given = call.names().count();
            let counted = definitions.iter().map(|function| {
                let required = function.arguments.iter().filter(|argument| argument.default.is_none()).count();
                (required, function.arguments.len())
            });
            let (least, most) =
                counted.fold((usize::MAX, 0), |(least, most), (required, all)| (least.min(required), most.max(all)));
            let problem =
                Problem::WrongArgumentCount { function: call.function.into(), expected: counts(least, most), given };
            let heads = definitions.iter().map(|function| user_signature(function)).collect::<Vec<_>>().join(", or ");
            self.error_with_help(call.expr.span, problem, heads)
        })
    }

    /// The value of a function that is made for a call, of these arguments; `key` says what for.
    pub(super) fn inline_text(&mut self, expr: &Expr, key: &str, text: &str, values: &[NodeId]) -> Built {
        let function = read(text).into_iter().next().ok_or_else(|| {
            let message = format!("`{text}` cannot be read");
            self.error(expr.span, Problem::Internal { pass: "build", message })
        })?;
        let outer = self.outside;
        self.outside = Some(self.place(expr.span));
        let values = self.inline(&function, key, Some(BTreeMap::new()), values);
        self.outside = outer;
        values.and_then(|values| self.only_value(expr, &values))
    }

    /// The definitions of a function that is written in the language, once they have been read.
    fn definitions(&mut self, row: &'static Row, text: &str) -> Vec<Rc<tree::Function>> {
        if let Some(functions) = self.sugar.get(row.name) {
            return functions.clone();
        }
        let functions: Vec<Rc<tree::Function>> = read(text).into_iter().map(Rc::new).collect();
        self.sugar.insert(row.name, functions.clone());
        functions
    }

    /// An argument that the compiler has to know: a size, or a number.
    fn number_argument(&mut self, expr: &Expr, name: &str) -> Built {
        if let Some(dim) = self.try_dim(expr) {
            return Ok(self.extent(&dim));
        }
        // A function hands on what it was given.
        if let ExprKind::Name(local) = &expr.kind
            && let Some(value) = self.local(&local.to_string())
            && self.region.literal_value(value?).is_some()
        {
            return value;
        }
        let value = self.number(expr, &format!("the argument `{name}`"))?;
        Ok(self.region.literal(value))
    }

    /// Whether something of this name can be called.
    pub(in super::super) fn is_function(&self, name: &str) -> bool {
        self.functions.contains_key(name) || self.table.contains_key(name) || elementary(name).is_some()
    }

    /// Whether the language's own definitions are being built.
    pub(in super::super) fn in_language(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.sealed)
    }

    fn call_row(&mut self, expr: &Expr, row: &'static Row, arguments: &[Argument]) -> Built {
        let bound = bind(self, expr.span, row.name, row.parameters, arguments)?;
        let call = Call { expr, function: row.name, bound };
        match row.body {
            Body::Rule(build) => build(self, &call),
            Body::Model(definition) => self.call_definition(&call, row, definition),
            Body::Library(definition) => {
                let values = self.call_library(expr, row, definition, arguments)?;
                self.only_value(expr, &values)
            }
        }
    }

    fn call_elementary(&mut self, expr: &Expr, function: Function, arguments: &[Argument]) -> Built {
        let bound = bind(self, expr.span, function.name(), function.row().arguments, arguments)?;
        let values = self.exprs(bound.values())?;
        let given: Vec<&Expr> = bound.values().collect();
        if let (Function::Rem, [a, b], [left, right]) = (function, values.as_slice(), given.as_slice())
            && let Some((a, b)) = self.integers([(*a, left), (*b, right)])
        {
            return Ok(self.region.integer(Integer::Rem, a, b));
        }
        let values: Vec<NodeId> = values.iter().map(|&value| self.real(value)).collect();
        let sides = self.sides(&values, bound.values());
        let values = self.align_all(function.name(), expr.span, &sides)?;
        Ok(self.region.map(function, &values))
    }

    /// A function whose definition is written in the language.
    fn call_definition(&mut self, call: &Call, row: &'static Row, definition: &'static str) -> Built {
        let mut values = Vec::new();
        for (name, default) in defaults(row.parameters) {
            values.push(match (call.find(name), default) {
                (None, Some(default)) => Ok(self.region.literal(default)),
                _ => self.real_argument(call, name),
            });
        }
        let values = values.into_iter().collect::<Built<Vec<NodeId>>>()?;
        let names: Vec<&str> = defaults(row.parameters).into_iter().map(|(name, _)| name).collect();
        if let (Family::Loss, [first, second, ..]) = (row.family, names.as_slice()) {
            let sides = [(values[0], first), (values[1], second)];
            let sides = sides.map(|(value, name)| self.side(value, call.get(name)));
            self.refuse_stretched_loss(call.expr.span, row.name, &sides)?;
        }
        let written = names.iter().filter_map(|name| Some(((*name).to_owned(), self.written(call.find(name)?)?)));
        let written = written.collect();
        let text = format!("fn f({}) {{ {definition} }}", names.join(", "));
        let function = self.definitions(row, &text).into_iter().next().ok_or_else(|| {
            let message = format!("the definition of `{}` cannot be read", row.name);
            self.error(call.expr.span, Problem::Internal { pass: "build", message })
        })?;
        let outer = self.outside;
        self.outside = Some(self.place(call.expr.span));
        let value = self.inline(&function, row.name, Some(written), &values);
        self.outside = outer;
        value.and_then(|values| self.only_value(call.expr, &values))
    }

    fn call_user(&mut self, expr: &Expr, function: &tree::Function, arguments: &[Argument]) -> Built<Vec<NodeId>> {
        let name = function.name.to_string();
        if self.frames.iter().any(|frame| frame.function == name && !frame.sealed) {
            let problem = Problem::RecursiveFunction { name };
            return Err(self.error_with_help(expr.span, problem, "functions are inlined, so none can call itself"));
        }
        self.called.insert(name.clone());
        let given = self.user_arguments(expr, function, arguments)?;
        let mut values = Vec::new();
        for (parameter, given) in function.arguments.iter().zip(given) {
            values.push(match &parameter.default {
                Some(_) => self.number_argument(given, &parameter.name.to_string()),
                None => self.expr(given),
            });
        }
        let values = values.into_iter().collect::<Built<Vec<NodeId>>>()?;
        self.inline(function, &name, None, &values)
    }

    /// The arguments of a call in the order of the function's own.
    fn user_arguments<'e>(
        &mut self,
        expr: &Expr,
        function: &'e tree::Function,
        arguments: &'e [Argument],
    ) -> Built<Vec<&'e Expr>> {
        let names: Vec<String> = function.names().map(ToString::to_string).collect();
        let mut slots: Vec<Option<&Expr>> = vec![None; names.len()];
        let mut next = 0;
        for argument in arguments {
            let place = match &argument.name {
                None => {
                    next += 1;
                    next - 1
                }
                Some(given) => {
                    let Some(place) = names.iter().position(|name| given == name) else {
                        let problem =
                            Problem::UnknownArgument { name: given.to_string(), function: function.name.to_string() };
                        return Err(self.error_with_help(given.span(), problem, user_signature(function)));
                    };
                    place
                }
            };
            match slots.get_mut(place) {
                Some(slot @ None) => *slot = Some(&argument.value),
                Some(Some(_)) => {
                    let problem =
                        Problem::RepeatedArgument { name: names[place].clone(), function: function.name.to_string() };
                    return Err(self.error(argument.value.span, problem));
                }
                None => return Err(self.wrong_user_count(expr, function, arguments.len())),
            }
        }
        let defaults = function.arguments.iter().map(|argument| argument.default.as_ref());
        let values: Option<Vec<&Expr>> =
            slots.into_iter().zip(defaults).map(|(given, default)| given.or(default)).collect();
        values.ok_or_else(|| self.wrong_user_count(expr, function, arguments.len()))
    }

    fn wrong_user_count(&mut self, expr: &Expr, function: &tree::Function, given: usize) -> Reported {
        let least = function.arguments.iter().filter(|argument| argument.default.is_none()).count();
        let expected = counts(least, function.arguments.len());
        let problem = Problem::WrongArgumentCount { function: function.name.to_string(), expected, given };
        self.error_with_help(expr.span, problem, user_signature(function))
    }

    /// The value of a function's body; the same arguments give the same nodes. Of the language's own functions, the
    /// arguments as the user wrote them.
    fn inline(
        &mut self,
        function: &tree::Function,
        name: &str,
        written: Option<BTreeMap<String, (String, SpanRange)>>,
        values: &[NodeId],
    ) -> Built<Vec<NodeId>> {
        let sealed = written.is_some();
        // A function of the language may have several definitions: which is meant follows from the arguments.
        let names = function.names().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let key = (sealed, format!("{name} {names}"), values.to_vec());
        if let Some(values) = self.inlined.get(&key) {
            return values.clone();
        }
        self.check_total(self.outside.unwrap_or(function.body.value.span))?;
        let function_name = name.to_owned();
        let watched = if sealed { BTreeSet::new() } else { derivatives::watched_in(&function.body) };
        let written = written.unwrap_or_default();
        self.frames.push(Frame { sealed, written, function: function_name, watched, ..Frame::default() });
        let outer = std::mem::take(&mut self.current);
        for (argument, &value) in function.arguments.iter().zip(values) {
            self.bind_local(&argument.name, Ok(value));
        }
        let reads = self.reads();
        let value = self.match_patterns(function, values).and_then(|()| self.block_values(&function.body));
        self.current = outer;
        self.frames.pop();
        // What a subscript means depends on the choices around it.
        if self.reads() == reads {
            self.inlined.insert(key, value.clone());
        }
        value
    }

    /// Gives the names in the shapes of a function's arguments their sizes, and checks the rest of the shapes against these.
    fn match_patterns(&mut self, function: &tree::Function, values: &[NodeId]) -> Built<()> {
        for (argument, &value) in
            function.arguments.iter().zip(values).filter(|(argument, _)| argument.default.is_some())
        {
            if let Some(size) = self.size_of(value) {
                self.name_size(&argument.name.to_string(), size);
            }
        }
        let mut named: BTreeMap<String, String> = BTreeMap::new();
        for (argument, &value) in function.arguments.iter().zip(values) {
            let Some(pattern) = &argument.shape else { continue };
            let shape = self.shape(value);
            if pattern.len() != shape.len() {
                let pattern = pattern.iter().map(print::source).collect::<Vec<_>>().join(", ");
                let reason = format!("it is {} where [{pattern}] is meant", ShapeText(&shape));
                return Err(self.pattern_differs(function, argument, reason));
            }
            for (place, extent) in pattern.iter().zip(shape.iter()) {
                match &place.kind {
                    ExprKind::Name(name)
                        if !named.contains_key(&name.to_string()) && !Self::is_argument(function, name) =>
                    {
                        self.name_size(&name.to_string(), extent.clone());
                        named.insert(name.to_string(), argument.name.to_string());
                    }
                    _ => {
                        let size = self.dim(place)?;
                        if size != *extent {
                            let text = print::source(place);
                            let first = named.get(&text).map_or_else(String::new, |first| format!(" in `{first}`"));
                            let reason = format!("`{text}` is {size}{first} but {extent} here");
                            return Err(self.pattern_differs(function, argument, reason));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether a name is one of a function's arguments.
    fn is_argument(function: &tree::Function, name: &Ident) -> bool {
        function.names().any(|argument| argument == name)
    }

    /// The size that a value is, if it is one: a whole number, or made of dimensions.
    fn size_of(&self, value: NodeId) -> Option<Dim> {
        if let Some(value) = self.region.literal_value(value) {
            return super::super::dims::whole(value).map(Dim::constant);
        }
        let source = *self.region.node(value).operands.first()?;
        if let Op::Extent(extent) = &self.region.node(source).op { Some(extent.dim.clone()) } else { None }
    }

    /// From here on, in the innermost function, a name stands for a size.
    fn name_size(&mut self, name: &str, size: Dim) {
        if let Some(frame) = self.frames.last_mut() {
            frame.sizes.insert(name.to_owned(), size);
        }
    }

    fn pattern_differs(&mut self, function: &tree::Function, argument: &tree::Parameter, reason: String) -> Reported {
        let problem = Problem::PatternDiffers {
            argument: argument.name.to_string(),
            function: self.frames.last().map_or_else(|| function.name.to_string(), |frame| frame.function.clone()),
            reason,
        };
        self.error(argument.name.span(), problem)
    }

    /// Refuses a model that has grown too large.
    pub(in super::super) fn check_total(&mut self, span: SpanRange) -> Built<()> {
        if self.region.len() <= LARGEST {
            return Ok(());
        }
        let problem = Problem::NotSupported { what: format!("a model of more than {LARGEST} operations") };
        let first = !std::mem::replace(&mut self.too_large, true);
        Err(if first { self.error(span, problem) } else { Reported })
    }

    /// Finds the mistakes of functions that are never called, as far as they show without any arguments.
    pub(in super::super) fn check_uncalled(&mut self) {
        let functions: Vec<&tree::Function> = self.functions.values().copied().collect();
        for function in functions {
            let name = function.name.to_string();
            if self.called.contains(&name) || self.silent.contains(&name) {
                continue;
            }
            self.frames.push(Frame { function: name, ..Frame::default() });
            for argument in &function.arguments {
                self.bind_local(&argument.name, Err(Reported));
                for place in argument.shape.iter().flatten() {
                    if let ExprKind::Name(name) = &place.kind {
                        self.name_size(&name.to_string(), Dim::name(&name.to_string()));
                    }
                }
                if argument.default.is_some() {
                    self.name_size(&argument.name.to_string(), Dim::ONE);
                }
            }
            let _ = self.block_values(&function.body);
            self.frames.pop();
        }
    }

    /// Every function that can be called, those of the model first.
    pub(in super::super) fn function_names(&self) -> Vec<&str> {
        let elementary = Function::ALL.iter().copied().filter(|&function| super::is_callable(function));
        let mut known: Vec<&str> = self.functions.keys().map(String::as_str).collect();
        known.extend(self.table.keys().copied());
        elementary.for_each(|function| known.push(function.name()));
        known
    }
}

/// The functions in a text.
fn read(text: &str) -> Vec<tree::Function> {
    let tokens = TokenStream::from_str(&format!("Language {{ {text} }}"));
    let mut diagnostics = Diagnostics::default();
    let model = tokens.ok().and_then(|tokens| syntax::parse(tokens, &mut diagnostics));
    let items = model.into_iter().flat_map(|model| model.items);
    let functions = items.filter_map(|item| match item {
        Item::Function(function) => Some(function),
        _ => None,
    });
    functions.collect()
}

fn user_signature(function: &tree::Function) -> String {
    let arguments = function.arguments.iter().map(|argument| match &argument.default {
        Some(default) => format!("{} = {}", argument.name, print::source(default)),
        None => argument.name.to_string(),
    });
    format!("`{}({})`", function.name, arguments.collect::<Vec<_>>().join(", "))
}

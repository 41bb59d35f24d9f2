//! What mends mistakes of index notation: ranges in which every subscript lies inside, indices where a definition binds them,
//! indices left out.

use proc_macro2::Ident;

use super::linear::Linear;
use super::{Builder, Open};
use crate::diagnostics::{Help, Place, Problem, SpanRange};
use crate::graph::{Dim, Elem, NodeId, Type};
use crate::habits::names::REDUCERS;
use crate::syntax::as_operand;
use crate::syntax::print::{OPERAND, bound_index, operand, source};
use crate::syntax::rewrite::{rewrite, visit};
use crate::syntax::tree::{Argument, BinaryOp, Binder, Binding, BoundIndex, Expr, ExprKind, Item, Subscript};

/// A subscript in which an index stands.
pub(super) struct Seen {
    /// The opaque integer of the index.
    pub(super) index: NodeId,
    /// The subscript.
    pub(super) place: NodeId,
    /// What it must lie below.
    pub(super) extent: Dim,
    /// What is read.
    pub(super) text: String,
    /// Whether it stands under a condition, which may hold only where it lies inside.
    pub(super) is_chosen: bool,
}

/// Where an index is bound.
pub(super) struct Spot {
    pub(super) name: Ident,
    /// Its range, if that is said.
    range: Option<SpanRange>,
    /// Where it starts, if not at 0.
    start: Option<NodeId>,
    /// Whether its range depends on other indices.
    is_ragged: bool,
}

impl Spot {
    pub(super) fn of(index: &BoundIndex, open: &Open) -> Self {
        let range = index.range.as_ref().map(|(start, end)| start.span.to(end.span));
        Self { name: index.name.clone(), range, start: open.start, is_ragged: open.condition.is_some() }
    }
}

impl Builder<'_> {
    /// `i in 1..N - 1`: the range in which all places lie inside that an index stands in, and the edit that says it.
    fn range_inside(&self, index: NodeId) -> Option<(String, Help)> {
        let spot = self.indices.spots.get(&index).filter(|spot| !spot.is_ragged)?;
        let [mut from, mut to] = self.values_inside(index)?;
        if let Some(start) = spot.start {
            let start = Linear::of(&self.region, start).filter(|start| start.terms.is_empty())?.offset;
            (from, to) = (from.add(&start)?, to.add(&start)?);
        }
        if to.sub(&from).and_then(|length| length.as_constant()).is_some_and(|length| length < 0) {
            return None;
        }
        let range = format!("{from}..{to}");
        let text = format!("{} in {range}", spot.name);
        let help = Help::from("");
        let help = match spot.range {
            Some(span) => help.and(span, Place::Instead, range),
            None => help.and(spot.name.span(), Place::After, format!(" in {range}")),
        };
        Some((text, help))
    }

    /// The values of an integer that all places allow in which it stands.
    fn values_inside(&self, index: NodeId) -> Option<[Dim; 2]> {
        let seen = self.indices.seen.iter().filter(|seen| seen.index == index && !seen.is_chosen);
        let mut ends = seen.map(|seen| self.allowed(seen));
        let first = ends.next()??;
        ends.try_fold(first, |[from, to], next| {
            let [other, end] = next?;
            Some([further(from, other, true)?, further(to, end, false)?])
        })
    }

    /// The values of an integer for which one place lies inside, whatever else stands there.
    fn allowed(&self, seen: &Seen) -> Option<[Dim; 2]> {
        let mut rest = Linear::of(&self.region, seen.place)?;
        let factor = rest.terms.remove(&seen.index)?.as_constant()?;
        let [low, high] = self.known().bounds(&rest);
        let (low, high) = (low?, high?);
        let last = seen.extent.sub(&Dim::ONE)?;
        let from_zero = |start: Dim| if start.neg()?.is_never_negative() { Some(Dim::ZERO) } else { natural(start) };
        match factor {
            1 => {
                // A shift to the left does not make the range longer than the axis.
                let is_left = high.neg()?.is_never_negative();
                let end = if is_left { seen.extent.clone() } else { seen.extent.sub(&high)? };
                Some([from_zero(low.neg()?)?, end])
            }
            2.. => {
                let first = low.neg()?.add(&Dim::constant(factor - 1))?.floor_div(&Dim::constant(factor))?;
                let end = last.sub(&high)?.add(&Dim::constant(factor))?.floor_div(&Dim::constant(factor))?;
                Some([from_zero(first)?, end])
            }
            -1 => Some([from_zero(high.sub(&last)?)?, low.add(&Dim::ONE)?]),
            _ => None,
        }
    }

    /// An index of which nothing says how far it runs.
    pub(super) fn range_unknown(&mut self, open: &Open) -> super::Reported {
        let mut texts: Vec<String> = Vec::new();
        for seen in self.indices.seen.iter().filter(|seen| seen.index == open.node) {
            let text = format!("`{}`", seen.text);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        let seen = match texts.as_slice() {
            [] => None,
            [text] => Some(text.clone()),
            [first, second] => Some(format!("{first} and {second}")),
            [first, ..] => Some(format!("places like {first}")),
        };
        let name = open.name.to_string();
        // Along an axis at whose places it stands, if there is one.
        let axis = self.indices.seen.iter().find(|seen| seen.index == open.node).map(|seen| seen.extent.to_string());
        let first = || self.tree.dims.first().map_or_else(|| "3".to_owned(), ToString::to_string);
        let size = axis.unwrap_or_else(first);
        let help = if let Some((text, help)) = self.range_inside(open.node) {
            Help { text: format!("say it: `{text}` stays inside"), ..help }
        } else {
            let help = Help::from(format!("say it: `{name} in 0..{size}`"));
            help.and(open.name.span(), Place::After, format!(" in 0..{size}"))
        };
        self.error_with_help(open.name.span(), Problem::RangeUnknown { name, seen }, help)
    }

    /// What keeps a read inside that surely is not: the range of an index in it, or a choice.
    pub(super) fn stay_inside(
        &self,
        place: &Linear,
        is_below: bool,
        (subscript, extent): (&str, &Dim),
        read: &str,
    ) -> Help {
        let condition = self
            .condition_inside(place, is_below, extent)
            .unwrap_or_else(|| if is_below { format!("{subscript} >= 0") } else { format!("{subscript} < {extent}") });
        let choice = format!("`if {condition} {{ {read} }} else {{ 0 }}`");
        let found = place.terms.keys().rev().find_map(|&index| self.range_inside(index));
        match found {
            Some((text, help)) => Help { text: format!("`{text}` stays inside; {choice} chooses"), ..help },
            None => format!("a range that stays inside, or a choice: {choice}").into(),
        }
    }

    /// `i > 0`, `i < N - 1`: where a shifted index lies inside.
    fn condition_inside(&self, place: &Linear, is_below: bool, extent: &Dim) -> Option<String> {
        let (index, factor) = place.terms.iter().next().filter(|_| place.terms.len() == 1)?;
        let spot = self.indices.spots.get(index).filter(|spot| *factor == Dim::ONE && spot.start.is_none())?;
        let first = place.offset.neg()?;
        Some(if !is_below {
            format!("{} < {}", spot.name, extent.add(&first)?)
        } else if first == Dim::ONE {
            format!("{} > 0", spot.name)
        } else {
            format!("{} >= {first}", spot.name)
        })
    }

    /// ` where i = N - 1`: the values of the indices at the end of what a place takes, as far as they are known.
    pub(super) fn where_outside(&self, place: &Linear, is_below: bool) -> String {
        let values = place.terms.iter().filter_map(|(index, factor)| {
            let spot = self.indices.spots.get(index)?;
            let falls = factor.neg()?.is_never_negative();
            let last = self.indices.extents.get(index)?.sub(&Dim::ONE)?;
            let value = if falls == is_below { last } else { Dim::ZERO };
            let start = spot.start.map_or(Some(Dim::ZERO), |start| {
                Linear::of(&self.region, start).filter(|start| start.terms.is_empty()).map(|start| start.offset)
            });
            Some(format!("{} = {}", spot.name, value.add(&start?)?))
        });
        let values: Vec<String> = values.collect();
        if values.is_empty() { String::new() } else { format!(" where {}", values.join(" and ")) }
    }

    /// An index along axes of different extents.
    pub(super) fn ranges_differ(
        &mut self,
        open: &Open,
        extents: [&Dim; 2],
        [first, second]: [[String; 2]; 2],
    ) -> super::Reported {
        let [a, b] = extents;
        let is_less = b.sub(a).and_then(|rest| rest.as_constant()).is_some_and(|rest| rest < 0);
        let extent = if is_less { b } else { a };
        let name = open.name.to_string();
        let help = Help::from(format!("say how far it runs: `{name} in 0..{extent}`"));
        let help = help.and(open.name.span(), Place::After, format!(" in 0..{extent}"));
        self.error_with_help(open.name.span(), Problem::RangesDiffer { name, first, second }, help)
    }

    /// `exp[i](x[i])`: what does not reduce binds no indices.
    pub(super) fn bare_index_call(
        &mut self,
        expr: &Expr,
        function: &Ident,
        binder: &Binder,
        arguments: &[Argument],
    ) -> super::Reported {
        let problem = Problem::BareIndexCall { function: function.to_string() };
        let indices = indices_text(&binder.indices);
        let help = match arguments {
            [Argument { name: None, value }] if binder.condition.is_none() => {
                let code = match &value.kind {
                    ExprKind::Subscript(x, places) if is_whole(places, &binder.indices) => {
                        format!("{function}({})", source(x))
                    }
                    _ => format!("{function}({{ let each[{indices}] = {}; each }})", source(value)),
                };
                Help::write(format!("it takes the whole array: `{code}`"), expr.span, code)
            }
            _ => format!("it takes the whole array: `let y[{indices}] = …;`, then `{function}(y)`").into(),
        };
        self.error_with_help(function.span(), problem, help)
    }

    /// `sum[i, i](…)`, `c[i, i] = …`
    pub(super) fn index_twice(
        &mut self,
        indices: &[BoundIndex],
        place: usize,
        function: Option<&str>,
    ) -> super::Reported {
        let index = &indices[place];
        let name = index.name.to_string();
        let help = match function {
            Some(function) => {
                let rest: Vec<BoundIndex> = without(indices, place);
                let text = indices_text(&rest);
                let span = span_of(&indices[0]).to(span_of(&indices[indices.len() - 1]));
                Help::write(format!("once is enough: `{function}[{text}](…)`"), span, text)
            }
            None => format!(
                "two indices and a choice: `if {name} == j {{ … }} else {{ 0 }}`; `diag(x)` is a diagonal matrix"
            )
            .into(),
        };
        self.error_with_help(index.name.span(), Problem::IndexTwice { name }, help)
    }

    /// `sum[N](x[N])`
    pub(super) fn index_is_dimension(&mut self, index: &Ident, bodies: &[&Expr]) -> super::Reported {
        let name = index.to_string();
        let small = name.to_lowercase();
        let words = format!("an index has a name of its own, `{small}`");
        let mut help = Help::from(words);
        if !self.means_something(&small) {
            help = help.and(index.span(), Place::Instead, small.clone());
            for body in bodies {
                visit(body, &mut |expr| {
                    let ExprKind::Subscript(_, places) = &expr.kind else { return };
                    for place in places {
                        if let Subscript::Index(place @ Expr { kind: ExprKind::Name(found), .. }) = place
                            && *found == name
                        {
                            help.edits.extend(Help::write("", place.span, small.clone()).edits);
                        }
                    }
                });
            }
        }
        self.error_with_help(index.span(), Problem::IndexIsDimension { name }, help)
    }

    /// `x[idx]`, where `idx` is an array.
    pub(super) fn subscript_rank(&mut self, expr: &Expr, ty: &Type) -> super::Reported {
        let (subscript, found) = (source(expr), crate::build::text::describe(ty));
        let name = self.fresh_index();
        let item = self.current.clone();
        let help = if ty.elem == Elem::Bool {
            "a choice keeps the shape: `if y > 0 { x } else { 0 }`; a reduction leaves out: `sum[i if y[i] > 0](x[i])`"
                .into()
        } else if ty.elem == Elem::Real {
            "an array of integers is an input: `input idx: [N] in K;`".into()
        } else if ty.rank() == 1 && self.top_level().is_some() && self.indices.told.insert(item) {
            let help = self.bind_help(&name, |_, _| vec![name.clone()]);
            let text = format!("`{}[{name}]` is one; {}", operand(expr, OPERAND), help.text);
            Help { text, ..help }.and(expr.span, Place::After, format!("[{name}]"))
        } else {
            format!(
                "`{}[{name}]` is one, where a definition binds `{name}`, `y[{name}] = …`, or a reduction",
                operand(expr, OPERAND)
            )
            .into()
        };
        self.error_with_help(expr.span, Problem::SubscriptRank { subscript, found }, help)
    }

    /// What is an integer, for what is none.
    pub(super) fn integer_help(&mut self, expr: &Expr, elem: Elem) -> Help {
        if elem == Elem::Bool {
            return Help::code(expr.span, format!("if {} {{ 1 }} else {{ 0 }}", source(expr)));
        }
        if let ExprKind::Call { function, arguments, .. } = &expr.kind
            && function == "floor"
            && let [Argument { name: None, value }] = arguments.as_slice()
        {
            return Help::code(
                expr.span,
                match &value.kind {
                    ExprKind::Binary(BinaryOp::Div, a, b) if self.is_integer(a) && self.is_integer(b) => {
                        format!("floor_div({}, {})", source(a), source(b))
                    }
                    _ => format!("to_index({})", source(value)),
                },
            );
        }
        let rounded = format!("to_index({})", source(expr));
        let sources = "indices, dimensions, inputs `in K` and `argmax` are integers";
        let text = format!(
            "`{rounded}` rounds down; {sources}, and so are `+ - *`, `floor_div`, `rem`, `min`, `max` and `if` of integers"
        );
        Help::write(text, expr.span, rounded)
    }

    /// Whether what is built already is an integer, or a number that is written as one.
    fn is_integer(&mut self, expr: &Expr) -> bool {
        self.try_dim(expr).is_some() || self.expr(expr).is_ok_and(|value| self.elem(value) == Elem::Index)
    }

    /// What is a box, for a definition some places of which would have no value.
    pub(super) fn box_and_choice(&self, index: &BoundIndex, open: &Open, value: &Expr) -> Help {
        let name = &index.name;
        let help = self.as_box(index, open, value);
        help.unwrap_or_else(|| format!("a box and a choice: `if {name} < … {{ … }} else {{ 0 }}`").into())
    }

    fn as_box(&self, index: &BoundIndex, open: &Open, value: &Expr) -> Option<Help> {
        let (start, end) = index.range.as_ref()?;
        let (from, to) = (source(start), source(end));
        let high = if self.try_dim(end).is_some() {
            to.clone()
        } else {
            let start = open.start.map_or(Some(Dim::ZERO), |start| {
                let sum = Linear::of(&self.region, start)?;
                self.known().bounds(&sum)[0].clone()
            });
            let length = Linear::of(&self.region, open.length?)?;
            self.known().bounds(&length)[1].clone()?.add(&start?)?.to_string()
        };
        let name = &index.name;
        let below = (to != high).then(|| format!("{name} < {to}"));
        let above = (from != "0").then(|| format!("{name} >= {from}"));
        let condition = above.into_iter().chain(below).collect::<Vec<_>>().join(" && ");
        let text = format!("a box and a choice: `{name} in 0..{high}`, `if {condition} {{ … }} else {{ 0 }}`");
        let help = Help::write(text, start.span.to(end.span), format!("0..{high}"));
        let help = help.and(value.span, Place::Before, format!("if {condition} {{ "));
        Some(help.and(value.span, Place::After, " } else { 0 }"))
    }

    /// An index that nothing binds here: what binds it, in the item that stands here if that can be said.
    pub(in super::super) fn bind_help(&self, name: &str, found: impl Fn(&Self, &Expr) -> Vec<String>) -> Help {
        let Some(binding) = self.top_level() else {
            return format!("a definition binds it, `y[{name}] = …`, or a reduction, `sum[{name}](…)`").into();
        };
        let names = found(self, &binding.value);
        if let Some(help) = self.in_reductions(binding, &names, &found) {
            return help;
        }
        let names = names.join(", ");
        let item = &binding.name;
        if item == "loss" {
            let help = Help::from(format!("a reduction binds it: `loss = sum[{names}](…);`"));
            let help = help.and(binding.value.span, Place::Before, format!("sum[{names}]("));
            return help.and(binding.value.span, Place::After, ")");
        }
        let text = format!("a definition binds it: `{item}[{names}] = …;`; so does a reduction, `sum[{name}](…)`");
        match binding.indices.as_deref() {
            None | Some([]) => Help::from(text).and(item.span(), Place::After, format!("[{names}]")),
            Some([.., last]) => {
                let all = format!("{}, {names}", indices_text(binding.indices.as_deref().unwrap_or_default()));
                let text =
                    format!("the left side binds it, too: `{item}[{all}] = …;`; so does a reduction, `sum[{name}](…)`");
                Help::from(text).and(span_of(last), Place::After, format!(", {names}"))
            }
        }
    }

    /// `sum[i](x[i])` for `sum(x[i])`, if all indices stand in such reductions.
    fn in_reductions(
        &self,
        binding: &Binding,
        names: &[String],
        found: &impl Fn(&Self, &Expr) -> Vec<String>,
    ) -> Option<Help> {
        let parts = std::cell::RefCell::new(Vec::new());
        let left = rewrite(&binding.value, &|part| match &part.kind {
            ExprKind::Call { function, binder: None, arguments, is_method: false }
                if arguments.len() == 1 && REDUCERS.contains(&function.to_string().as_str()) =>
            {
                let inside = found(self, part);
                parts.borrow_mut().push((function.clone(), inside.join(", ")));
                let kind = ExprKind::Bool(true);
                (!inside.is_empty()).then_some(Expr { kind, span: part.span })
            }
            _ => None,
        });
        let parts = parts.into_inner().into_iter().filter(|(_, list)| !list.is_empty()).collect::<Vec<_>>();
        let ((function, list), _) =
            parts.split_first().filter(|_| !names.is_empty() && found(self, &left).is_empty())?;
        let help = Help::from(format!("a reduction binds it: `{function}[{list}](…)`"));
        Some(
            parts
                .iter()
                .fold(help, |help, (function, list)| help.and(function.span(), Place::After, format!("[{list}]"))),
        )
    }

    /// The `let` or output that is being built, unless this stands in the body of a function or a step.
    pub(in super::super) fn top_level(&self) -> Option<&'_ Binding> {
        if self.frames.last().is_some_and(|frame| !frame.function.is_empty()) {
            return None;
        }
        self.tree.read_items().find_map(|item| match item {
            Item::Let(binding) | Item::Output(binding) if binding.name == self.current => Some(binding),
            _ => None,
        })
    }

    /// A name for an index that means nothing here.
    pub(in super::super) fn fresh_index(&self) -> String {
        let names = ["i", "j", "k", "l", "m", "n"].into_iter().find(|name| !self.means_something(name));
        names.unwrap_or("i_").to_owned()
    }
}

/// `7*x` for `sum[j in 0..7](x)`, `max[i](x[i])` for `max[i, j](x[i])`.
pub(super) fn unused_help(expr: &Expr, function: &str, body: &Expr, open: &Open) -> Help {
    let help = match &expr.kind {
        ExprKind::Call { binder: Some(binder), .. } => without_index(expr, function, binder, body, open),
        _ => None,
    };
    help.unwrap_or_else(|| {
        format!("leave `{}` out: `{}` is the same for all its values", open.name, source(body)).into()
    })
}

fn without_index(expr: &Expr, function: &str, binder: &Binder, body: &Expr, open: &Open) -> Option<Help> {
    let place = binder.indices.iter().position(|index| index.name == open.name)?;
    let (name, text) = (&open.name, source(body));
    let is_sum = function == "sum";
    if !is_sum && !matches!(function, "mean" | "max" | "min" | "any" | "all") {
        return None;
    }
    let count = if is_sum { open.extent.as_ref().filter(|_| open.condition.is_none()) } else { None };
    let times = count.map_or_else(String::new, |count| format!("{}*", as_operand(&count.to_string())));
    let body = if matches!(body.kind, ExprKind::If(..)) {
        format!("({text})")
    } else {
        operand(body, BinaryOp::Mul.level() + 1)
    };
    if binder.indices.len() == 1 {
        if binder.condition.is_some() {
            return None;
        }
        let code = if count.is_some() { format!("{times}{body}") } else { text };
        let words = count
            .map_or_else(|| "the same without it".to_owned(), |count| format!("the sum is {count} times its body"));
        return Some(Help::write(format!("{words}: `{code}`"), expr.span, as_operand(&code)));
    }
    let rest = without(&binder.indices, place);
    let list = indices_text(&rest);
    let span = span_of(&binder.indices[0]).to(span_of(&binder.indices[binder.indices.len() - 1]));
    let help = Help::write(format!("without `{name}`: `{times}{function}[{list}]({text})`"), span, list);
    Some(if times.is_empty() { help } else { help.and(expr.span, Place::Before, times) })
}

/// Where an index means something.
pub(in super::super) fn scope_help(binder: &str) -> String {
    if binder.ends_with("(…)") {
        format!("it means something between the parentheses of `{binder}`")
    } else {
        format!("it means something on the right of `{binder}`")
    }
}

/// Whether the places between brackets are the indices, one after the other.
fn is_whole(places: &[Subscript], indices: &[BoundIndex]) -> bool {
    let is = |(place, index): (&Subscript, &BoundIndex)| {
        matches!(place, Subscript::Index(Expr { kind: ExprKind::Name(name), .. }) if *name == index.name)
            && index.range.is_none()
    };
    places.len() == indices.len() && places.iter().zip(indices).all(is)
}

fn without(indices: &[BoundIndex], place: usize) -> Vec<BoundIndex> {
    indices.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, index)| index.clone()).collect()
}

pub(super) fn indices_text(indices: &[BoundIndex]) -> String {
    indices.iter().map(bound_index).collect::<Vec<_>>().join(", ")
}

/// From the name of an index to the end of its range.
fn span_of(index: &BoundIndex) -> SpanRange {
    let name = SpanRange::from(index.name.span());
    index.range.as_ref().map_or(name, |(_, end)| name.to(end.span))
}

/// The larger or the smaller of two, if that is known.
fn further(a: Dim, b: Dim, is_larger: bool) -> Option<Dim> {
    let difference = a.sub(&b)?;
    if difference.is_never_negative() {
        return Some(if is_larger { a } else { b });
    }
    let is_less = difference.neg()?.is_never_negative();
    is_less.then_some(if is_larger { b } else { a })
}

fn natural(dim: Dim) -> Option<Dim> {
    dim.is_never_negative().then_some(dim)
}

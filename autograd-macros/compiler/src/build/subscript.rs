//! Subscripts with bounds that the compiler knows: `x[1.., ..-1, 2, new, ..]`.
//!
//! One place for each axis; `..` is a whole axis, missing places at the end are whole axes. A bound or index that
//! starts with a minus counts from the end.

use proc_macro2::Ident;

use super::{Builder, Built, text};
use crate::diagnostics::{Help, Problem, SpanRange};
use crate::graph::{Dim, NodeId};
use crate::syntax::print::{operand, source};
use crate::syntax::rewrite::visit;
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, Subscript, UnaryOp};

/// What one place does to its axis.
struct Cut {
    start: Dim,
    extent: Dim,
    /// The axis vanishes.
    single: bool,
}

impl Builder<'_> {
    /// `x[…]`
    pub(super) fn subscript(&mut self, expr: &Expr, x: &Expr, subscripts: &[Subscript]) -> Built {
        if let Some(reported) = self.extent_of_shape(expr, x, subscripts) {
            return Err(reported);
        }
        if let Some(reported) = self.running_index(subscripts) {
            return Err(reported);
        }
        let value = self.expr(x)?;
        let shape = self.shape(value);
        self.refuse_places(expr, subscripts, value)?;
        let used = subscripts.iter().filter(|subscript| !matches!(subscript, Subscript::New(_))).count();
        let mut axis = 0;
        let mut cuts: Vec<Built<Option<Cut>>> = Vec::new();
        // The axes of what is cut along which the place is computed, and the places.
        let (mut kept, mut computed) = (0, Vec::new());
        for subscript in subscripts {
            match subscript {
                Subscript::Index(index) if self.is_computed(index) || self.may_not_be_there(index, &shape[axis]) => {
                    self.refuse_from_end(expr, index, &shape[axis])?;
                    computed.push((kept, index));
                    kept += 1;
                }
                Subscript::Index(_) => {}
                Subscript::Range { .. } | Subscript::New(_) => kept += 1,
            }
            if let Subscript::New(_) = subscript {
                cuts.push(Ok(None));
            } else if computed
                .last()
                .is_some_and(|(_, place)| matches!(subscript, Subscript::Index(index) if std::ptr::eq(*place, index)))
            {
                let whole = Cut { start: Dim::ZERO, extent: shape[axis].clone(), single: false };
                cuts.push(Ok(Some(whole)));
                axis += 1;
            } else {
                cuts.push(self.cut(subscript, &shape[axis]).map(Some));
                axis += 1;
            }
        }
        let mut cuts = cuts.into_iter().collect::<Built<Vec<Option<Cut>>>>()?;
        cuts.extend(shape[used..].iter().map(|dim| Some(Cut { start: Dim::ZERO, extent: dim.clone(), single: false })));
        let cut = self.apply(value, &cuts);
        if computed.is_empty() {
            return Ok(cut);
        }
        self.read(expr, cut, &computed)
    }

    /// `if N > 1 { x[1] } else { 0 }`: whether sizes may lack a place, but not where the conditions around it hold.
    fn may_not_be_there(&self, place: &Expr, extent: &Dim) -> bool {
        !starts_with_minus(place) && self.try_dim(place).is_some_and(|place| self.is_inside_by_arms(&place, extent))
    }

    /// `x[-i]` counts from the end, which integers that are computed do not.
    fn refuse_from_end(&mut self, whole: &Expr, place: &Expr, extent: &Dim) -> Built<()> {
        if !starts_with_minus(place) {
            return Ok(());
        }
        let problem = Problem::SubscriptFromEnd { read: source(whole) };
        let code = match &place.kind {
            // The last is number 0 then, not -0.
            ExprKind::Unary(UnaryOp::Neg, x) => format!("{extent} - 1 - {}", operand(x, BinaryOp::Sub.level() + 1)),
            _ => format!("{extent} {}", source(place).replacen('-', "- ", 1)),
        };
        Err(self.error_with_help(
            place.span,
            problem,
            Help::write(format!("`{code}` reads backwards"), place.span, code),
        ))
    }

    /// `y[i]`, where nothing binds `i`.
    fn running_index(&mut self, subscripts: &[Subscript]) -> Option<super::Reported> {
        let index = subscripts.iter().find_map(|place| self.running(place)).filter(|_| self.is_whole())?.clone();
        let item = self.current.clone();
        if !self.indices.told.insert(item.clone()) {
            return Some(super::Reported);
        }
        let name = index.to_string();
        let binder = self.was_index(&name).map(str::to_owned);
        let is_inside = self.top_level().is_some_and(|binding| self.all_running(&binding.value).contains(&name));
        let help = match &binder {
            Some(binder) if self.top_level().is_some() && !is_inside => super::indices::scope_help(binder).into(),
            _ => self.bind_help(&name, Self::all_running),
        };
        let problem = match binder {
            Some(binder) => Problem::IndexEscapes { name, binder },
            None => Problem::UnknownName { name },
        };
        Some(self.error_with_help(index.span(), problem, help))
    }

    /// The name of an index that nothing binds.
    fn running<'e>(&self, place: &'e Subscript) -> Option<&'e Ident> {
        let Subscript::Index(Expr { kind: ExprKind::Name(name), .. }) = place else { return None };
        let text = name.to_string();
        (text.starts_with(char::is_lowercase) && !self.means_something(&text)).then_some(name)
    }

    /// The names of all of them in a definition, in their order.
    fn all_running(&self, value: &Expr) -> Vec<String> {
        let (mut names, mut bound): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        visit(value, &mut |part| match &part.kind {
            ExprKind::Subscript(_, places) => {
                for name in places.iter().filter_map(|place| self.running(place)).map(ToString::to_string) {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
            ExprKind::Call { binder: Some(binder), .. } => {
                bound.extend(binder.indices.iter().map(|index| index.name.to_string()));
            }
            _ => {}
        });
        names.retain(|name| !bound.contains(name));
        names
    }

    /// `x.shape[0]` is the name of a dimension.
    fn extent_of_shape(&mut self, expr: &Expr, x: &Expr, subscripts: &[Subscript]) -> Option<super::Reported> {
        let (ExprKind::Call { function, arguments, .. }, [Subscript::Index(place)]) = (&x.kind, subscripts) else {
            return None;
        };
        if !(function == "shape" || function == "dim" || function == "size") || arguments.len() != 1 {
            return None;
        }
        let value = self.expr(&arguments[0].value).ok();
        let shape = value.map(|value| self.shape(value))?;
        let place: i64 = source(place).parse().ok()?;
        let rank = i64::try_from(shape.len()).ok()?;
        let axis = usize::try_from(if place < 0 { place + rank } else { place }).ok()?;
        let dim = shape.get(axis)?.to_string();
        let problem = Problem::UnknownFunction { name: function.to_string() };
        let help = Help::write(format!("`{dim}`"), expr.span, crate::syntax::as_operand(&dim));
        Some(self.error_with_help(function.span(), problem, help))
    }

    fn apply(&mut self, x: NodeId, cuts: &[Option<Cut>]) -> NodeId {
        let axes: Vec<&Cut> = cuts.iter().flatten().collect();
        let starts: Vec<Dim> = axes.iter().map(|cut| cut.start.clone()).collect();
        let extents = axes.iter().map(|cut| cut.extent.clone()).collect();
        let sliced =
            if extents == self.shape(x) { x } else { self.region.slice(x, &starts, &extents, &vec![1; starts.len()]) };
        let place = |cut: &Option<Cut>| match cut {
            None => Some(Dim::ONE),
            Some(cut) if cut.single => None,
            Some(cut) => Some(cut.extent.clone()),
        };
        let made = self.region.reshape(sliced, &cuts.iter().filter_map(place).collect());
        let stays = cuts.iter().filter(|cut| cut.as_ref().is_none_or(|cut| !cut.single));
        for (axis, _) in stays.enumerate().filter(|(_, cut)| cut.is_none()) {
            self.asked.insert(made, axis);
        }
        made
    }

    fn cut(&mut self, subscript: &Subscript, extent: &Dim) -> Built<Cut> {
        match subscript {
            Subscript::New(span) => Err(self.error(*span, Problem::DimensionOverflow)),
            Subscript::Index(index) => {
                let start = self.bound_of(index, extent)?;
                self.check_inside(index, &start, extent, false)?;
                Ok(Cut { start, extent: Dim::ONE, single: true })
            }
            Subscript::Range { start, end, span } => {
                let from = start.as_ref().map_or(Ok(Dim::ZERO), |start| self.bound_of(start, extent));
                let to = end.as_ref().map_or(Ok(extent.clone()), |end| self.bound_of(end, extent));
                let (from, to) = (from?, to?);
                for (bound, dim) in [(start, &from), (end, &to)] {
                    if let Some(bound) = bound {
                        self.check_inside(bound, dim, extent, true)?;
                    }
                }
                let length = to.sub(&from).ok_or_else(|| self.error(*span, Problem::DimensionOverflow))?;
                self.check_length(*span, &length, &from, &to)?;
                Ok(Cut { start: from, extent: length, single: false })
            }
        }
    }

    /// A bound or index, counted from the start.
    fn bound_of(&mut self, expr: &Expr, extent: &Dim) -> Built<Dim> {
        if let ExprKind::Tuple(places) | ExprKind::List(places) = &expr.kind {
            let code = places.iter().map(source).collect::<Vec<_>>().join(", ");
            let problem = Problem::NotADimension { expr: text::quoted(expr, "this") };
            return Err(self.error_with_help(expr.span, problem, Help::write(format!("`{code}`"), expr.span, code)));
        }
        if self.is_computed(expr) {
            let problem = Problem::NotSupported { what: "a range with a bound that is computed".to_owned() };
            let help = "`y[i in 0..K] = x[start + i]` reads K places from a computed one on";
            return Err(self.error_with_help(expr.span, problem, help));
        }
        let dim = self.dim(expr)?;
        if !starts_with_minus(expr) {
            return Ok(dim);
        }
        extent.add(&dim).ok_or_else(|| self.error(expr.span, Problem::DimensionOverflow))
    }

    /// Whether a value takes part in an expression.
    fn is_computed(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => {
                let name = name.to_string();
                let global = self.globals.get(&name).map(|global| &global.meaning);
                self.is_local(&name) || matches!(global, Some(super::Meaning::Value(Ok(_)) | super::Meaning::Later))
            }
            ExprKind::Unary(_, x) => self.is_computed(x),
            ExprKind::Binary(_, a, b) => self.is_computed(a) || self.is_computed(b),
            ExprKind::Call { .. } | ExprKind::Subscript(..) | ExprKind::If(..) | ExprKind::Block(_) => true,
            _ => false,
        }
    }

    /// Refuses what surely lies outside. What depends on extents is checked when they are known.
    fn check_inside(&mut self, expr: &Expr, bound: &Dim, extent: &Dim, end_allowed: bool) -> Built<()> {
        let below = bound.as_constant().is_some_and(|bound| bound < 0);
        let room = extent.sub(bound).and_then(|room| room.as_constant());
        let beyond = room.is_some_and(|room| if end_allowed { room < 0 } else { room < 1 });
        if !(below || beyond) {
            return Ok(());
        }
        let problem = Problem::OutOfRange { subscript: text::quoted(expr, "this"), extent: extent.to_string() };
        Err(self.error(expr.span, problem))
    }

    fn check_length(&mut self, span: SpanRange, length: &Dim, from: &Dim, to: &Dim) -> Built<()> {
        match length.as_constant() {
            Some(value) if value < 0 => {
                let problem = Problem::BackwardRange { from: from.to_string(), to: to.to_string() };
                Err(self.error_with_help(span, problem, "`flip(x)` reads backwards"))
            }
            _ => Ok(()),
        }
    }
}

/// `-1`, `-K`, and `-2 + i`.
fn starts_with_minus(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Unary(UnaryOp::Neg, _) => true,
        ExprKind::Binary(_, left, _) => starts_with_minus(left),
        _ => false,
    }
}

//! The body of one entry point: bind the sizes, find the arrays, compute, hand over the results.
//!
//! ```text
//! let [n] = sizes(self, inputs)?;
//! let mut copies = workspace.copies.free();
//! let x = runtime::in_order(&inputs.x, &mut copies);
//! let (loss, grad_w) = T::dispatch(kernels::LossAndGrad1 { x, w: self.w, n });
//! grad.w = grad_w;
//! Ok(loss)
//! ```

pub(crate) mod arguments;
pub(crate) mod binding;
pub(crate) mod outline;
pub(crate) mod results;
pub(crate) mod scope;
pub(crate) mod workspace;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::emit::interface::Interface;
use crate::emit::interface::methods;
use crate::emit::kernel;
use crate::emit::kernel::body::{Body, Cuttable};
use crate::emit::kernel::dedup::Kernels;
use crate::emit::kernel::expr::{array_elem, scalar_type};
use crate::emit::kernel::uses::Uses;
use crate::emit::rust::names::{Names, camel_case, ident};
use crate::emit::rust::tree::{Block, Expr, Infix, Local, Path, Pattern, Stmt as Line, Type, Word};
use crate::emit::rust::verify;
use crate::entries::{Argument, Entry, EntryKind, EntryPoint, Owner, Place};
use crate::graph::model::Model;
use crate::graph::{Dim, Elem};
use crate::loops::program::{
    Buffer, BufferId, Depth, Program, ProgramResult, Slot, SlotId, Stmt, Storage, ValueId, Width,
};
use crate::loops::visit::{may_fail, visit};
use crate::machine::WORTH_THREADS;
use crate::ops::LeafKind;
use arguments::{Arguments, Given, given};
use binding::{Binder, Known, field_of};
use outline::{Binding, Functions, Outline, SlotOf, Statement};
use results::{hand_over, name_results, results};
use scope::Scope;
use workspace::Fields;

/// What all entry points of a model share.
pub(crate) struct Shared<'a> {
    pub(crate) model: &'a Model,
    pub(crate) interface: &'a Interface,
    /// All entry points that the model has.
    pub(crate) points: Vec<EntryPoint>,
    /// The dimensions whose sizes `sizes` gives, in order.
    pub(crate) sizes: Vec<Known>,
    /// The sizes that `sizes` has found to be in range.
    pub(crate) checked: BTreeSet<Dim>,
    pub(crate) workspace: Fields,
    pub(crate) kernels: Kernels,
    /// The functions that entry points are cut into that are too long.
    pub(crate) functions: Functions,
    /// What is wrong with the first entry point that is not right.
    pub(crate) mistake: Option<String>,
    /// The most statements of an entry point in one piece.
    pub(crate) longest: usize,
}

/// Names that the function has anyway, and those of the functions that it calls.
const TAKEN: &[&str] = &[
    "self",
    "inputs",
    "workspace",
    "outputs",
    "grad",
    "along",
    "out",
    "prepared",
    "model",
    "sizes",
    "bound_sizes",
    "statistics_sizes",
    "prepare",
    "summarise",
    "reduced",
];

/// One entry point, as it is made.
pub(crate) struct Making<'a, 'm, 'p> {
    pub(crate) shared: &'a mut Shared<'m>,
    pub(crate) point: &'p EntryPoint,
    pub(crate) arguments: Arguments,
    pub(crate) body: Body<'p>,
    /// The arrays that are returned, by the place of the result.
    pub(crate) returned: BTreeMap<usize, Local>,
}

/// The body of an entry point's `_into` form; its kernels go to the shared list.
pub(crate) fn body(shared: &mut Shared, Entry { point, program }: &Entry) -> TokenStream {
    let mut program = program.clone();
    name_results(&mut program, point);
    let uses = Uses::of(&program);
    let mut names = Names::taken(TAKEN);
    let arguments = Arguments::of(shared.interface, point.kind, &mut names);
    let body = Body::new(&program, &uses, names);
    let (body, arguments) = Making { shared, point, arguments, body, returned: BTreeMap::new() }.entry();
    shared.mistake = shared.mistake.take().or(verify::body(&arguments, &body).err());
    body.to_token_stream()
}

impl Making<'_, '_, '_> {
    /// Whether it is given something.
    fn has(&self, argument: Argument) -> bool {
        self.point.arguments.contains(&argument)
    }

    /// What a bound model has, where it is not given to the entry point.
    fn given_or_field(&self, argument: Argument, field: &'static str) -> Expr {
        if self.has(argument) { self.arguments.get(argument) } else { self.arguments.this.get().field(field) }
    }

    /// What has the parameters and states.
    pub(crate) fn model(&self) -> Expr {
        match self.point.owner {
            Some(Owner::Model) => self.arguments.this.get(),
            Some(Owner::Bound | Owner::Statistics) => self.arguments.this.get().field("model"),
            None => self.arguments.get(Argument::Model),
        }
    }

    /// The sizes of the call: found, unless they have been found before.
    fn found_sizes(&self) -> Expr {
        let this = self.arguments.this.get();
        match self.point.owner {
            Some(Owner::Model) => Expr::call("sizes", [this, self.arguments.inputs.get()]).or_fail(),
            Some(Owner::Bound) => Expr::call("bound_sizes", [this]).or_fail(),
            Some(Owner::Statistics) => Expr::call("statistics_sizes", [this]).or_fail(),
            None => self.arguments.sizes.get(),
        }
    }

    /// Where a leaf of the graph is found.
    fn place(&self, kind: LeafKind, name: &str) -> Expr {
        match self.point.place(self.shared.model, kind, name) {
            Some(Place::Owned(names)) => field_of(self.model(), &names),
            Some(Place::Input(names)) => field_of(self.given_or_field(Argument::Inputs, "inputs"), &names),
            Some(Place::Computed(name)) => self.given_or_field(Argument::Prepared, "prepared").field(ident(&name)),
            Some(Place::Along(names)) => field_of(self.arguments.get(Argument::Along), &names),
            Some(Place::Argument(place)) => self.arguments.get(Argument::Step(place)),
            None => Expr::Missing(format!("the place of `{name}`")),
        }
    }

    /// The body, and the arguments that it may use.
    fn entry(mut self) -> (Block, Vec<Local>) {
        let stem = self.point.name.clone();
        let mut outline = Outline::new(Expr::Tuple(Vec::new()));
        let mut sizes = self.sizes(&mut outline.head);
        self.leaves(&mut outline.bindings);
        results(&mut self, &mut outline.bindings);
        self.slots(&mut outline.bindings);
        self.statements(&camel_case(&stem), &mut outline.stmts);
        hand_over(&mut self, &mut outline);
        outline.fails = may_fail(&self.body.program.body) || !self.body.program.checks.is_empty();
        let parts = self.parts();
        let mut given = given(self.shared, self.point, &self.arguments, &mut self.body.names);
        let mut arguments: Vec<Local> = given.iter().map(|given| given.place.clone()).collect();
        if self.has(Argument::Sizes) {
            arguments.push(self.arguments.sizes.clone());
        }
        if outline.length() + parts.len() < self.shared.longest {
            let locals = parts.iter().map(|(local, _)| local.get()).collect();
            outline.head.extend(parts.into_iter().map(|(local, found)| local.is(found)));
            outline.head.extend(self.pool(locals));
            return (outline.whole(), arguments);
        }
        outline.head.extend(self.pool(parts.iter().map(|(_, found)| found.clone()).collect()));
        let bound = |(local, found): (Local, Expr)| Binding::Array { stmt: local.is(found), local };
        outline.bindings.extend(parts.into_iter().map(bound));
        given.append(&mut sizes);
        let scope = Scope::of(given, Some(&self.arguments.workspace));
        let longest = self.shared.longest;
        let body = outline.cut((&stem, longest), scope, &mut self.body.names, &mut self.shared.functions);
        (body, arguments)
    }

    /// `let parts = runtime::Parts::of::<T>(n, &[&[17, d, n]]);` for each kind of loop that can be cut: the local, and what
    /// it is.
    fn parts(&self) -> Vec<(Local, Expr)> {
        let places = &self.body.places;
        let loops = self.body.work.loops.iter().map(|(Cuttable { parts, turns, numbers }, _)| {
            let terms = Expr::Array(places.products(numbers)).by_ref();
            let of = Path::of("runtime::Parts::of", [Type::scalar()]);
            (parts.clone(), Expr::call(of, [places.dim(turns), terms]))
        });
        loops.collect()
    }

    /// `if runtime::wants_pool([parts.shared(1)]) { return runtime::in_pool(|| …); }` where there is work for several
    /// threads: not where it is known to be small.
    fn pool(&self, parts: Vec<Expr>) -> Option<Line> {
        let Body { work, places, .. } = &self.body;
        if work.total().as_constant().is_some_and(|work| work < WORTH_THREADS) {
            return None;
        }
        let loops = work.loops.iter().zip(parts);
        let loops = loops.map(|((_, count), parts)| parts.method("shared", [Expr::size(*count)]));
        let calls = work.calls.iter().filter_map(|(call, count)| {
            let extents = call.extents.iter().map(|extent| places.dim(extent)).collect();
            let shared = Path::of(Word::In("runtime", ident(call.routine.shared()?)), [Type::scalar()]);
            Some(Expr::call(shared, [Expr::Array(extents), Expr::size(*count)]))
        });
        let all = Expr::Array(loops.chain(calls).collect());
        let Arguments { this, inputs, .. } = &self.arguments;
        let again = methods::call(self.shared.interface, self.point, &self.arguments, this.get(), &inputs.get());
        let again = Expr::Closure(false, Vec::new(), again.into());
        Some(Line::ReturnIf(Expr::call("runtime::wants_pool", [all]), Expr::call("runtime::in_pool", [again])))
    }

    /// `let [n, d] = sizes(self, inputs)?;`, then what the step's own inputs add, and the sizes that no array has. Gives
    /// the sizes for what else needs them.
    fn sizes(&mut self, out: &mut Vec<Line>) -> Vec<Given> {
        let found = self.found_sizes();
        let (shared, body) = (&*self.shared, &mut self.body);
        let checked = shared.checked.clone();
        let mut binder = Binder { names: std::mem::take(&mut body.names), checked, ..Binder::default() };
        let needed = extents(body.program);
        let locals: Vec<Local> = shared.sizes.iter().map(|known| binder.take(known)).collect();
        out.push(Pattern::array(&locals).is(found));
        if let EntryKind::Step(place) = self.point.kind {
            let (step, arguments) = (&shared.model.steps[place], &self.arguments);
            let variables: Vec<_> = step.inputs.iter().map(|input| (input, LeafKind::StepInput)).collect();
            binder.variables(&variables, &|variable, _| {
                let place = step.inputs.iter().position(|input| input.name == variable.name);
                let missing = || Expr::Missing(format!("the argument `{}`", variable.name));
                place.map_or_else(missing, |place| arguments.get(Argument::Step(place)))
            });
        }
        for dim in &needed {
            binder.check_size(dim);
        }
        for dim in own_arrays(body.program).flat_map(|buffer| buffer.shape.iter()) {
            binder.check_product(dim);
        }
        out.append(&mut binder.take_stmts());
        body.names = binder.names;
        body.places = binder.places;
        out.extend(rooms(body));
        for (dim, operation) in &body.program.nonempty {
            let (text, size) = (Expr::text(dim.to_string()), body.places.dim(dim));
            let check = Expr::call("runtime::check_nonempty", [Expr::text(*operation), text, size]);
            out.push(Line::Run(check.or_fail()));
        }
        let is_new = |local: &&Local| locals.iter().all(|known| known.id != local.id);
        let more = binder.bound.values().map(|(local, _)| local).filter(is_new);
        locals.iter().chain(more).map(|local| Given::new(local, "usize")).collect()
    }

    /// `let mut copies = workspace.copies.free(); let x = runtime::in_order(&inputs.x, &mut copies);`
    fn leaves(&mut self, out: &mut Vec<Binding>) {
        let mut copies: BTreeMap<Elem, Local> = BTreeMap::new();
        if self.has(Argument::Along) {
            let model = if self.point.owner == Some(Owner::Bound) { self.model().by_ref() } else { self.model() };
            let check = Expr::call("runtime::check_direction", [model, self.arguments.along.get()]);
            out.push(Binding::Check(Line::Run(check.or_fail())));
        }
        for (id, buffer) in buffers(self.body.program) {
            let Storage::Leaf(leaf) = buffer.storage else { continue };
            let place = self.place(leaf, &buffer.name);
            let Self { shared, arguments, body, .. } = &mut *self;
            if buffer.shape.is_empty() {
                body.buffers.insert(id, place);
                continue;
            }
            let local = body.names.fresh(&buffer.name);
            let found = if leaf == LeafKind::Prepared {
                place.method("as_slice", [])
            } else {
                let copies = copies.entry(buffer.elem).or_insert_with(|| {
                    let field = shared.workspace.copies(buffer.elem);
                    let copies = body.names.fresh(&field.to_string());
                    let free = arguments.workspace.get().field(field).method("free", []);
                    out.push(Binding::Array { stmt: copies.starts_as(free), local: copies.clone() });
                    copies
                });
                Expr::call("runtime::in_order", [place.by_ref(), copies.get().by_mut()])
            };
            body.buffers.insert(id, local.get());
            out.push(Binding::Array { stmt: local.is(found), local });
        }
    }

    /// `let [numbers_1, numbers_2] = runtime::slots(&mut workspace.numbers, [n * k, k]);`
    fn slots(&mut self, out: &mut Vec<Binding>) {
        let body = &mut self.body;
        let program = body.program;
        let mut locals = BTreeMap::new();
        for elem in [Elem::Real, Elem::Bool, Elem::Index] {
            let slots: Vec<_> = (0..).map(SlotId).zip(&program.slots).filter(|(_, slot)| slot.elem == elem).collect();
            if slots.is_empty() {
                continue;
            }
            let memory = self.shared.workspace.memory(elem);
            let mut made = Vec::new();
            for (place, (id, slot)) in slots.iter().enumerate() {
                let local = body.names.fresh(&format!("{memory}_{}", place + 1));
                locals.insert(*id, local.clone());
                let is_like = |(_, other): &(SlotId, &Slot)| other.lengths == slot.lengths;
                let like = slots.iter().position(is_like).unwrap_or(place);
                made.push(SlotOf { local, length: slot_length(body, slot), like });
            }
            let memory = self.arguments.workspace.get().field(memory);
            out.push(Binding::Slots { memory, elem, slots: made });
        }
        for (id, buffer) in buffers(program) {
            let Storage::Temporary(Some(slot)) = buffer.storage else { continue };
            let Some(local) = locals.get(&slot) else { continue };
            let is_shared = program.slots[slot.index()].lengths.len() > 1;
            // One that holds packs or levels takes the whole slot: it knows how long it is itself.
            let place = if is_shared && buffer.cell.is_plain() {
                local.get().up_to(body.places.volume(&buffer.shape))
            } else {
                local.get()
            };
            body.buffers.insert(id, place);
        }
    }

    /// Loops and long runs of scalar code become kernels, everything else stands in the entry point.
    fn statements(&mut self, prefix: &str, out: &mut Vec<Statement>) {
        let program = self.body.program;
        let mut count = 0;
        let results = program.results.iter().filter_map(ProgramResult::scalar).collect();
        for part in &kernel::parts::split(program, &program.body, &results) {
            let Some(results) = &part.results else {
                part.stmts.iter().for_each(|stmt| self.plain(stmt, out));
                continue;
            };
            // Constants and extents are known in every part.
            let constants = part.stmts.iter().filter(|stmt| kernel::parts::is_constant(program, stmt));
            constants.for_each(|stmt| self.plain(stmt, out));
            count += 1;
            let shared = kernel::Shared {
                kernels: &mut self.shared.kernels,
                workspace: &mut self.shared.workspace,
                place: self.arguments.workspace.get(),
            };
            let (stmt, locals) = self.body.kernel(shared, &format!("{prefix}{count}"), part.stmts, results);
            let types = results.iter().map(|&value| scalar_type(self.body.elem(value)));
            out.push(Statement { stmt, defines: locals.into_iter().zip(types).collect() });
        }
    }

    /// Writes a statement that is no kernel, or nothing yet.
    fn plain(&mut self, stmt: &Stmt, out: &mut Vec<Statement>) {
        if let Some(call) = stmt.as_call() {
            self.body.work.call(call);
            if call.routine.needs_scratch() {
                self.shared.workspace.scratch();
            }
            let scratch = self.arguments.workspace.get().field("scratch").by_mut();
            out.push(Statement { stmt: Line::Run(self.body.call(call, Some(&scratch))), defines: Vec::new() });
            return;
        }
        let mut lines = Vec::new();
        self.body.stmt(stmt, &mut lines);
        for line in lines {
            let defines = if let Stmt::Let(value, _) = stmt { number(&self.body, *value) } else { None };
            out.push(Statement { stmt: line, defines: defines.into_iter().collect() });
        }
    }
}

/// All extents of loops and shapes of buffers.
fn extents(program: &Program) -> BTreeSet<Dim> {
    let mut extents = BTreeSet::new();
    visit(&program.body, &mut |stmt| extents.extend(stmt.as_loop().and_then(|inner| inner.extent.dim().cloned())));
    extents.extend(own_arrays(program).flat_map(|buffer| buffer.shape.iter().cloned()));
    extents
}

/// The arrays that are made, not found.
fn own_arrays(program: &Program) -> impl Iterator<Item = &Buffer> {
    program.buffers.iter().filter(|buffer| !matches!(buffer.storage, Storage::Leaf(_)))
}

/// `runtime::check_room::<T>(&[("kernel", &[n, n])])?;` for the arrays that are made. Those that look like a parameter or a
/// state are not asked about: there is one of them already.
fn rooms(body: &Body) -> Vec<Line> {
    let is_owned = |buffer: &&Buffer| {
        let kinds = [LeafKind::Param, LeafKind::State].map(Storage::Leaf);
        kinds.contains(&buffer.storage) || matches!(buffer.storage, Storage::Target(_))
    };
    let owned = body.program.buffers.iter().filter(is_owned).map(|buffer| (buffer.elem, buffer.shape.to_vec()));
    let mut known: BTreeSet<(Elem, Vec<Dim>)> = owned.collect();
    let mut asked: BTreeMap<Elem, Vec<Expr>> = BTreeMap::new();
    for buffer in own_arrays(body.program) {
        let is_open = buffer.shape.iter().any(|dim| dim.as_constant().is_none());
        if is_open && known.insert((buffer.elem, buffer.shape.to_vec())) {
            // `t` is what has no name.
            let name = if &*buffer.name == "t" { "intermediate" } else { &*buffer.name };
            let extents = Expr::Array(buffer.shape.iter().map(|dim| body.places.dim(dim)).collect());
            asked.entry(buffer.elem).or_default().push(Expr::Tuple(vec![Expr::text(name), extents.by_ref()]));
        }
    }
    let check = |(elem, arrays): (Elem, Vec<Expr>)| {
        let check = Path::of("runtime::check_room", [array_elem(elem)]);
        Line::Run(Expr::call(check, [Expr::Array(arrays).by_ref()]).or_fail())
    };
    asked.into_iter().map(check).collect()
}

fn buffers(program: &Program) -> impl Iterator<Item = (BufferId, &Buffer)> {
    program.buffers.iter().zip(0..).map(|(buffer, place)| (BufferId(place), buffer))
}

/// The length of the longest tenant.
fn slot_length(body: &Body, slot: &Slot) -> Expr {
    let lengths = slot.lengths.iter().map(|length| {
        let count = body.places.dim(&length.count);
        let needed = match (length.cell.width, length.cell.depth) {
            (Width::Number, Depth::Single) => count,
            (width, Depth::Levels) => {
                Expr::call(Path::of("runtime::levels", [Type::scalar()]), [count, Expr::Truth(width == Width::Pack)])
            }
            (Width::Pack, Depth::Single) => Expr::call(Path::of("runtime::lanes", [Type::scalar()]), []) * count,
        };
        match &length.up_to {
            Some((size, at_most)) => {
                let is_short = body.places.dim(size).infix(Infix::AtMost, Expr::Integer(at_most.unsigned_abs()));
                Expr::choose(is_short, needed, Expr::Integer(0))
            }
            None => needed,
        }
    });
    let longest = lengths.reduce(|a, b| Expr::call("::core::cmp::Ord::max", [a, b]));
    longest.unwrap_or_else(|| Expr::Missing("the length of a slot without tenants".to_owned()))
}

/// The local of a value, and its type.
fn number(body: &Body, value: ValueId) -> Option<(Local, Type)> {
    Some((body.get(value).as_local()?.clone(), scalar_type(body.elem(value))))
}

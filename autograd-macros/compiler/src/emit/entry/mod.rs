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

use proc_macro2::{Ident, Literal, TokenStream};

use crate::emit::interface::Interface;
use crate::emit::interface::methods;
use crate::emit::kernel::body::{Body, Cuttable};
use crate::emit::kernel::dedup::Kernels;
use crate::emit::kernel::expr::{array_elem, scalar_type};
use crate::emit::kernel::loops::local_name;
use crate::emit::kernel::uses::Uses;
use crate::emit::rust::names::{Names, camel_case, code, ident, text};
use crate::emit::{Entry, EntryKind};
use crate::graph::model::{Model, Step};
use crate::graph::{Dim, Elem};
use crate::loops::program::{Buffer, BufferId, Program, Slot, SlotId, Stmt, Storage, ValueId};
use crate::loops::visit::{may_fail, visit};
use crate::ops::LeafKind;
use crate::separate::Prepared;
use arguments::{Given, given};
use binding::{Binder, Known};
use outline::{Binding, Outline, Statement};
use results::{hand_over, name_results, results};
use workspace::Fields;

/// What all entry points of a model share.
pub(crate) struct Shared<'a> {
    pub(crate) model: &'a Model,
    pub(crate) interface: &'a Interface,
    /// What a bound model has computed once.
    pub(crate) prepared: &'a [Prepared],
    /// What the loss is computed from, where it is reduced to statistics.
    pub(crate) statistics: &'a [Prepared],
    /// The dimensions whose sizes `sizes` gives, in order.
    pub(crate) sizes: Vec<Known>,
    /// The sizes that `sizes` has found to be in range.
    pub(crate) checked: BTreeSet<Dim>,
    pub(crate) workspace: Fields,
    pub(crate) kernels: Kernels,
    /// The stretches of entry points that are too long.
    pub(crate) stretches: Vec<TokenStream>,
    /// The most statements of an entry point in one piece.
    pub(crate) longest: usize,
}

/// Whose function it is: where its arrays and sizes are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A method of the model, with `inputs` for an argument.
    Model,
    /// A method of a bound model, which has the model, its inputs, and what was prepared.
    Bound,
    /// `prepare` and its like, whose arguments are `inputs` and `sizes`.
    Nobody,
    /// `reduced`, whose arguments are `model`, `sizes` and `prepared`.
    Statistics,
}

impl Owner {
    /// What has the parameters and states.
    pub(crate) fn model(self) -> TokenStream {
        match self {
            Self::Model | Self::Nobody => code!(self),
            Self::Bound => code!(self.model),
            Self::Statistics => code!(model),
        }
    }

    fn inputs(self) -> TokenStream {
        match self {
            Self::Model | Self::Nobody | Self::Statistics => code!(inputs),
            Self::Bound => code!(self.inputs),
        }
    }

    fn prepared(self) -> TokenStream {
        match self {
            Self::Model | Self::Nobody | Self::Statistics => code!(prepared),
            Self::Bound => code!(self.prepared),
        }
    }

    fn sizes(self) -> TokenStream {
        match self {
            Self::Model => code!(sizes(self, inputs)?),
            Self::Bound => code!(bound_sizes(self)?),
            Self::Nobody | Self::Statistics => code!(sizes),
        }
    }
}

/// A call that is known to compute fewer numbers never enters the pool.
const SMALL: i64 = 2_000_000;

/// Names that the function has anyway, and those of the functions that it calls.
const TAKEN: &[&str] = &[
    "self",
    "inputs",
    "workspace",
    "outputs",
    "grad",
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

/// Prints the body of an entry point's `_into` form; its kernels go to the shared list.
pub(crate) fn body(shared: &mut Shared, owner: Owner, entry: &Entry) -> TokenStream {
    let mut program = entry.program.clone();
    name_results(&mut program, shared, entry.kind);
    let uses = Uses::of(&program);
    let step = match entry.kind {
        EntryKind::Step(place) => shared.model.steps.get(place),
        _ => None,
    };
    let stem = stem(shared, owner, entry.kind);
    let mut outline = Outline::default();
    let mut body = Body::new(&program, &uses, Names::taken(TAKEN));
    let mut sizes = sizes(shared, owner, &mut body, step, &mut outline.head);
    leaves(shared, owner, &mut body, step, &mut outline.bindings);
    results(shared, owner, &mut body, entry.kind, &mut outline.bindings);
    slots(shared, &mut body, &mut outline.bindings);
    statements(shared, &mut body, &camel_case(&stem), &mut outline.stmts);
    hand_over(shared, owner, &mut body, entry.kind, &mut outline);
    outline.fails = may_fail(&program.body);
    let parts = parts(&body);
    if outline.length() + parts.len() < shared.longest {
        let locals: Vec<_> = parts.iter().map(|(local, _)| code!(#local)).collect();
        outline.head.extend(parts.iter().map(|(local, found)| code!(let #local = #found;)));
        outline.head.extend(pool(shared, owner, &body, entry.kind, &locals));
        return outline.whole();
    }
    let found: Vec<_> = parts.iter().map(|(_, found)| found.clone()).collect();
    outline.head.extend(pool(shared, owner, &body, entry.kind, &found));
    outline.bindings.extend(parts.into_iter().map(|(local, found)| {
        let stmt = code!(let #local = #found;);
        Binding::Array { local, stmt }
    }));
    let mut given = given(shared, owner, &mut body, entry.kind);
    given.append(&mut sizes);
    outline.cut((&stem, shared.longest), given, &mut body.names, &mut shared.stretches)
}

/// `let parts = runtime::Parts::of::<T>(n, &[&[17, d, n]]);` for each kind of loop that can be cut: the local, and what
/// it is.
fn parts(body: &Body) -> Vec<(Ident, TokenStream)> {
    let loops = body.work.loops.iter().map(|(Cuttable { parts, turns, numbers }, _)| {
        let (turns, terms) = (body.places.dim(turns), body.places.products(numbers));
        (parts.clone(), code!(runtime::Parts::of::<T>(#turns, &[#(#terms),*])))
    });
    loops.collect()
}

/// `if runtime::wants_pool([parts.shared(1)]) { return runtime::in_pool(|| …); }` where there is work for several threads:
/// not where it is known to be small.
fn pool(shared: &Shared, owner: Owner, body: &Body, kind: EntryKind, parts: &[TokenStream]) -> Option<TokenStream> {
    if body.work.total().as_constant().is_some_and(|work| work < SMALL) {
        return None;
    }
    let loops = body.work.loops.iter().zip(parts).map(|((_, count), parts)| {
        let count = literal(*count);
        code!(#parts.shared(#count))
    });
    let calls = body.work.calls.iter().filter_map(|(call, count)| {
        let (extents, count) = (call.extents.iter().map(|extent| body.places.dim(extent)), literal(*count));
        let shared = ident(call.routine.shared()?);
        Some(code!(runtime::#shared::<T>([#(#extents),*], #count)))
    });
    let all = loops.chain(calls);
    let inputs = (owner == Owner::Model).then(|| code!(inputs,));
    let again = methods::call(shared.interface, kind, &code!(self), inputs.as_ref());
    Some(code! {
        if runtime::wants_pool([#(#all),*]) {
            return runtime::in_pool(|| #again);
        }
    })
}

fn literal(count: usize) -> Literal {
    Literal::usize_unsuffixed(count)
}

/// `let [n, d] = sizes(self, inputs)?;`, then what the step's own inputs add, and the sizes that no array has. Gives the
/// sizes for what else needs them.
fn sizes(
    shared: &Shared,
    owner: Owner,
    body: &mut Body,
    step: Option<&Step>,
    out: &mut Vec<TokenStream>,
) -> Vec<Given> {
    let checked = shared.checked.clone();
    let mut binder = Binder { names: std::mem::take(&mut body.names), checked, ..Binder::default() };
    let needed = extents(body.program);
    let locals: Vec<_> = shared.sizes.iter().map(|known| binder.take(known)).collect();
    let found = owner.sizes();
    out.push(code!(let [#(#locals),*] = #found;));
    if let Some(step) = step {
        let variables: Vec<_> = step.inputs.iter().map(|input| (input, LeafKind::StepInput)).collect();
        binder.variables(&variables, &|variable, _| {
            let name = &variable.name;
            code!(#name)
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
        let (text, size) = (dim.to_string(), body.places.dim(dim));
        out.push(code!(runtime::check_nonempty(#operation, #text, #size)?;));
    }
    let more = binder.bound.values().map(|(local, _)| local).filter(|local| !locals.contains(local));
    locals.iter().chain(more).map(|local| Given::new(local, code!(usize))).collect()
}

/// All extents of loops and shapes of buffers.
fn extents(program: &Program) -> BTreeSet<Dim> {
    let mut extents = BTreeSet::new();
    visit(&program.body, &mut |stmt| extents.extend(stmt.as_loop().map(|inner| inner.extent.clone())));
    extents.extend(own_arrays(program).flat_map(|buffer| buffer.shape.iter().cloned()));
    extents
}

/// The arrays that are made, not found.
fn own_arrays(program: &Program) -> impl Iterator<Item = &Buffer> {
    program.buffers.iter().filter(|buffer| !matches!(buffer.storage, Storage::Leaf(_)))
}

/// `runtime::check_room::<T>(&[("kernel", &[n, n])])?;` for the arrays that are made. Those that look like a parameter or a
/// state are not asked about: there is one of them already.
fn rooms(body: &Body) -> Vec<TokenStream> {
    let is_owned = |buffer: &&Buffer| {
        let kinds = [LeafKind::Param, LeafKind::State].map(Storage::Leaf);
        kinds.contains(&buffer.storage) || matches!(buffer.storage, Storage::Target(_))
    };
    let owned = body.program.buffers.iter().filter(is_owned).map(|buffer| (buffer.elem, buffer.shape.to_vec()));
    let mut known: BTreeSet<(Elem, Vec<Dim>)> = owned.collect();
    let mut asked: BTreeMap<Elem, Vec<TokenStream>> = BTreeMap::new();
    for buffer in own_arrays(body.program) {
        let is_open = buffer.shape.iter().any(|dim| dim.as_constant().is_none());
        if is_open && known.insert((buffer.elem, buffer.shape.to_vec())) {
            // `t` is what has no name.
            let name = if &*buffer.name == "t" { "intermediate" } else { &*buffer.name };
            let extents = buffer.shape.iter().map(|dim| body.places.dim(dim));
            asked.entry(buffer.elem).or_default().push(code!((#name, &[#(#extents),*])));
        }
    }
    let check = |(elem, arrays): (Elem, Vec<TokenStream>)| {
        let elem = array_elem(elem);
        code!(runtime::check_room::<#elem>(&[#(#arrays),*])?;)
    };
    asked.into_iter().map(check).collect()
}

/// `let mut copies = workspace.copies.free(); let x = runtime::in_order(&inputs.x, &mut copies);`
fn leaves(shared: &mut Shared, owner: Owner, body: &mut Body, step: Option<&Step>, out: &mut Vec<Binding>) {
    let (model, inputs, prepared) = (owner.model(), owner.inputs(), owner.prepared());
    let mut copies: BTreeMap<Elem, Ident> = BTreeMap::new();
    for (id, buffer) in buffers(body.program) {
        let Storage::Leaf(kind) = buffer.storage else { continue };
        let name = ident(&buffer.name);
        let place = match kind {
            LeafKind::Param | LeafKind::State => code!(#model.#name),
            LeafKind::Input => code!(#inputs.#name),
            LeafKind::Prepared => code!(#prepared.#name),
            LeafKind::StepInput => {
                let inputs = step.into_iter().flat_map(|step| &step.inputs);
                let name = inputs.map(|input| &input.name).find(|input| **input == *buffer.name).unwrap_or(&name);
                code!(#name)
            }
        };
        if buffer.shape.is_empty() {
            body.buffers.insert(id, place);
            continue;
        }
        let local = body.names.fresh(&buffer.name);
        let stmt = if kind == LeafKind::Prepared {
            code!(let #local = #place.as_slice();)
        } else {
            let copies = copies.entry(buffer.elem).or_insert_with(|| {
                let field = shared.workspace.copies(buffer.elem);
                let copies = body.names.fresh(&field.to_string());
                let stmt = code!(let mut #copies = workspace.#field.free(););
                out.push(Binding::Array { local: copies.clone(), stmt });
                copies
            });
            code!(let #local = runtime::in_order(&#place, &mut #copies);)
        };
        body.buffers.insert(id, code!(#local));
        out.push(Binding::Array { local, stmt });
    }
}

fn buffers(program: &Program) -> impl Iterator<Item = (BufferId, &Buffer)> {
    program.buffers.iter().zip(0..).map(|(buffer, place)| (BufferId(place), buffer))
}

/// `let [numbers_1, numbers_2] = runtime::slots(&mut workspace.numbers, [n * k, k]);`
fn slots(shared: &mut Shared, body: &mut Body, out: &mut Vec<Binding>) {
    let program = body.program;
    let mut locals = BTreeMap::new();
    for elem in [Elem::Real, Elem::Bool, Elem::Index] {
        let slots: Vec<_> = (0..).map(SlotId).zip(&program.slots).filter(|(_, slot)| slot.elem == elem).collect();
        if slots.is_empty() {
            continue;
        }
        let memory = shared.workspace.memory(elem);
        let names: Vec<_> = (1..=slots.len()).map(|place| body.names.fresh(&format!("{memory}_{place}"))).collect();
        let lengths = slots.iter().map(|(_, slot)| slot_length(body, slot)).collect();
        locals.extend(slots.iter().map(|(id, _)| *id).zip(names.clone()));
        out.push(Binding::Slots { memory, elem, locals: names, lengths });
    }
    for (id, buffer) in buffers(program) {
        let Storage::Temporary(slot) = buffer.storage else { continue };
        let Some(local) = locals.get(&slot) else { continue };
        let is_shared = program.slots[slot.index()].lengths.len() > 1;
        let length = body.places.volume(&buffer.shape);
        // One that holds packs or levels takes the whole slot: it knows how long it is itself.
        let place = if is_shared && !buffer.lanes && !buffer.levels { code!(#local[..#length]) } else { code!(#local) };
        body.buffers.insert(id, place);
    }
}

/// The length of the longest tenant.
fn slot_length(body: &Body, slot: &Slot) -> TokenStream {
    let lengths = slot.lengths.iter().map(|length| {
        let count = body.places.dim_atom(&length.count);
        match (length.packs, length.levels) {
            (false, false) => body.places.dim(&length.count),
            (is_of_packs, true) => code!(runtime::levels::<T>(#count, #is_of_packs)),
            (true, false) => code!(runtime::lanes::<T>() * #count),
        }
    });
    lengths.reduce(|a, b| code!(::core::cmp::Ord::max(#a, #b))).unwrap_or(code!(0))
}

/// Loops and long runs of scalar code become kernels, everything else stands in the entry point.
fn statements(shared: &mut Shared, body: &mut Body, prefix: &str, out: &mut Vec<Statement>) {
    let program = body.program;
    let mut count = 0;
    for part in &crate::emit::kernel::parts::split(program) {
        if let Some(results) = &part.results {
            // Constants and extents are known in every part.
            let constants = part.stmts.iter().filter(|stmt| crate::emit::kernel::parts::is_constant(program, stmt));
            constants.for_each(|stmt| plain(body, stmt, out));
            count += 1;
            let places = (&mut shared.kernels, &mut shared.workspace);
            let tokens = body.kernel(places, &format!("{prefix}{count}"), part.stmts, results);
            out.push(Statement { tokens, defines: results.iter().filter_map(|&value| number(body, value)).collect() });
            continue;
        }
        for stmt in part.stmts {
            if let Some(call) = stmt.as_call() {
                body.work.call(call);
                let scratch =
                    if call.routine.needs_scratch() { shared.workspace.scratch() } else { TokenStream::new() };
                let tokens = body.call(call, &scratch);
                out.push(Statement { tokens: code!(#tokens;), defines: Vec::new() });
            } else {
                plain(body, stmt, out);
            }
        }
    }
}

/// Prints a statement that is no call, or nothing yet.
fn plain(body: &mut Body, stmt: &Stmt, out: &mut Vec<Statement>) {
    let mut printed = Vec::new();
    body.stmt(stmt, &mut printed);
    for tokens in printed {
        let defines = if let Stmt::Let(value, _) = stmt { number(body, *value) } else { None };
        out.push(Statement { tokens, defines: defines.into_iter().collect() });
    }
}

/// The local of a value, and its type.
fn number(body: &Body, value: ValueId) -> Option<(Ident, TokenStream)> {
    Some((local_name(&body.value(value).tokens)?, scalar_type(body.elem(value))))
}

/// What an entry point is called where no method is.
fn stem(shared: &Shared, owner: Owner, kind: EntryKind) -> String {
    let entry = match kind {
        EntryKind::Outputs => "outputs".into(),
        EntryKind::Loss => "loss".into(),
        EntryKind::Gradient => "grad".into(),
        EntryKind::LossAndGradient => "loss_and_grad".into(),
        EntryKind::Output(place) => format!("output_{}", text(&shared.interface.outputs[place].name)),
        EntryKind::Step(place) => format!("step_{}", text(&shared.interface.steps[place].name)),
        EntryKind::Prepare => "prepare".into(),
        EntryKind::Summary => "summary".into(),
        EntryKind::Reduced => "reduced".into(),
    };
    match owner {
        Owner::Model | Owner::Nobody | Owner::Statistics => entry,
        Owner::Bound => format!("bound_{entry}"),
    }
}

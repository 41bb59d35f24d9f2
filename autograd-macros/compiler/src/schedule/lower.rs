//! From the tree of loops to statements: walks each centre's expression and defines every value in the scope of the
//! innermost loop that it depends on, once.

use std::collections::BTreeMap;

use crate::graph::{Dim, Elem, NodeId, Region};
use crate::loops::program::{
    AxisId, Buffer, BufferId, Call, Carry, Expr, Extent, Index, Layout, Loop, NO_SLOT, Program, ProgramResult,
    Reduction, ReductionKind, Stmt, Storage, ValueId,
};
use crate::loops::routine::gemm;
use crate::machine::SHORT_SUM;
use crate::ops::{Accumulate, Compare, Function, Literal, Op, ReduceKind};
use crate::schedule::fuse::{Item, Loop as Branch};
use crate::schedule::maps::{Affine, MapId, Maps, flat, sure};
use crate::schedule::plan::epilogue::{Sum, Term};
use crate::schedule::plan::products::Side;
use crate::schedule::plan::{Nest, NestKind, Plan};
use crate::schedule::views::{Role, is_unit_reshape, role, unit_reshape, view};

/// A loop that is being filled (the outermost one is the program itself).
#[derive(Default)]
struct Scope {
    axis: Option<AxisId>,
    body: Vec<Stmt>,
    known: BTreeMap<(NodeId, MapId), ValueId>,
    reductions: Vec<Reduction>,
    carries: Vec<Carry>,
    reverse: bool,
    /// What stands after the loop.
    after: Vec<Stmt>,
}

struct Lowering<'a> {
    region: &'a Region,
    plan: &'a Plan,
    maps: &'a mut Maps,
    program: Program,
    buffers: BTreeMap<NodeId, BufferId>,
    scopes: Vec<Scope>,
    zero: Option<ValueId>,
}

pub(crate) fn lower(
    region: &Region,
    plan: &Plan,
    maps: &mut Maps,
    tree: &[Item],
    axes: u32,
    results: &[NodeId],
) -> Program {
    let program = Program { axes, ..Program::default() };
    let mut lowering =
        Lowering { region, plan, maps, program, buffers: BTreeMap::new(), scopes: vec![Scope::default()], zero: None };
    // Results come first, so that their buffers are known by number whatever the loops do.
    for (place, &node) in results.iter().enumerate() {
        if region.ty(node).rank() > 0 {
            lowering.result_buffer(node, place);
        }
    }
    for item in tree {
        lowering.item(item);
    }
    let results = results.iter().enumerate().map(|(place, &node)| lowering.result(node, place)).collect();
    let mut program = lowering.program;
    program.body = lowering.scopes.pop().map(|scope| scope.body).unwrap_or_default().into();
    program.results = results;
    program
}

impl Lowering<'_> {
    fn result_buffer(&mut self, node: NodeId, place: usize) -> BufferId {
        let buffer = self.new_buffer(node, Storage::Result(place));
        if self.plan.result.get(&node) == Some(&place) {
            self.buffers.insert(node, buffer);
        }
        buffer
    }

    fn result(&mut self, node: NodeId, place: usize) -> ProgramResult {
        if self.region.ty(node).rank() == 0 {
            let map = self.maps.intern(Vec::new());
            return ProgramResult::Scalar(self.value(node, map));
        }
        let is_result = |buffer: &Buffer| buffer.storage == Storage::Result(place);
        let at = self.program.buffers.iter().position(is_result).expect("made before the loops");
        ProgramResult::Buffer(BufferId(u32::try_from(at).expect("fewer than 2^32 buffers")))
    }

    fn new_buffer(&mut self, node: NodeId, storage: Storage) -> BufferId {
        let id = BufferId(u32::try_from(self.program.buffers.len()).expect("fewer than 2^32 buffers"));
        let graph_node = self.region.node(node);
        let name = match &graph_node.op {
            Op::Leaf(leaf) => leaf.name.clone(),
            _ => graph_node.name.clone().unwrap_or_else(|| "t".into()),
        };
        let ty = &graph_node.ty;
        self.program.buffers.push(Buffer {
            name,
            elem: ty.elem,
            shape: ty.shape.clone(),
            storage,
            lanes: false,
            levels: false,
        });
        id
    }

    /// The buffer of a leaf or stored node.
    fn buffer(&mut self, node: NodeId) -> BufferId {
        if let Some(buffer) = self.buffers.get(&node) {
            return *buffer;
        }
        let storage = match &self.region.node(node).op {
            Op::Leaf(leaf) => Storage::Leaf(leaf.kind),
            _ => Storage::Temporary(NO_SLOT),
        };
        let buffer = self.new_buffer(node, storage);
        self.buffers.insert(node, buffer);
        buffer
    }

    fn new_value(&mut self, elem: Elem, name: Option<std::rc::Rc<str>>) -> ValueId {
        self.program.value(elem, name)
    }

    fn innermost(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("the program's own scope is never closed")
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Loop(branch) => self.branch(branch),
            Item::Centre(number, axes) => {
                let nest = &self.plan.nests[*number];
                self.centre(nest, axes);
            }
        }
    }

    fn branch(&mut self, branch: &Branch) {
        self.scopes.push(Scope { axis: Some(branch.axis), ..Scope::default() });
        for item in &branch.items {
            self.item(item);
        }
        let scope = self.scopes.pop().expect("pushed above");
        let outer = self.innermost();
        outer.body.push(Stmt::Loop(Loop {
            axis: branch.axis,
            extent: Extent::Dim(branch.extent.clone()),
            vector: false,
            by_rows: false,
            reverse: scope.reverse,
            carries: scope.carries,
            body: scope.body.into(),
            reductions: scope.reductions,
            sums: Vec::new(),
            ahead: Vec::new(),
        }));
        outer.body.extend(scope.after);
    }

    /// The centre of a nest whose loops are all open.
    fn centre(&mut self, nest: &Nest, axes: &[AxisId]) {
        let read =
            |place: usize| nest.operands[place].1.iter().map(|axis| axis.map(|axis| axes[axis])).collect::<Vec<_>>();
        let kept: Vec<Option<AxisId>> = nest.kept.iter().map(|axis| axis.map(|axis| axes[axis])).collect();
        match &nest.kind {
            NestKind::Pointwise => {
                let map = self.maps.identity(&kept);
                let value = self.stored_value(nest.node, map);
                self.store(nest.node, map, value);
            }
            NestKind::Copy(place) => {
                let map = self.maps.identity(&kept);
                let value = self.value(nest.node, map);
                let ProgramResult::Buffer(buffer) = self.result(nest.node, *place) else { return };
                let index = flat(self.maps.get(map), &self.region.shape(nest.node));
                self.innermost().body.push(Stmt::Store { buffer, index, value });
            }
            NestKind::Reduce => {
                let Op::Reduce(op) = &self.region.node(nest.node).op else { return };
                let kind = op.kind;
                let value = self.operand(nest, 0, &read(0));
                self.reduce(nest.node, kind, value, &kept, axes);
            }
            NestKind::Product => {
                let factors = vec![self.operand(nest, 0, &read(0)), self.operand(nest, 1, &read(1))];
                let product = self.define(Expr::Map(Function::Mul, factors), Elem::Real, None, self.scopes.len() - 1);
                self.reduce(nest.node, ReduceKind::Sum, product, &kept, axes);
            }
            NestKind::Position => self.position(nest, &kept, &read(0)),
            NestKind::Recurrence => self.recurrence(nest, &kept, &[read(0), read(1)]),
            NestKind::Place { starts, steps, fill } => self.place(nest, starts, steps, *fill, &read(0)),
            NestKind::MatrixProduct => {
                let plan = self.plan;
                self.products(nest.node, &plan.products[&nest.node]);
            }
        }
    }

    fn operand(&mut self, nest: &Nest, place: usize, axes: &[Option<AxisId>]) -> ValueId {
        let map = self.maps.identity(axes);
        self.value(nest.operands[place].0, map)
    }

    /// Writes a value to the node's buffer, in the innermost scope.
    fn store(&mut self, node: NodeId, map: MapId, value: ValueId) {
        if self.region.ty(node).rank() == 0 {
            return;
        }
        let buffer = self.buffer(node);
        let index = flat(self.maps.get(map), &self.region.shape(node));
        self.innermost().body.push(Stmt::Store { buffer, index, value });
    }

    /// Accumulates over the loops that are not kept: the innermost ones in registers, what remains in memory.
    fn reduce(&mut self, node: NodeId, kind: ReduceKind, mut value: ValueId, kept: &[Option<AxisId>], axes: &[AxisId]) {
        let is_kept = |axis: &AxisId| kept.contains(&Some(*axis));
        let inner = axes.iter().rev().take_while(|axis| !is_kept(axis)).count();
        let outer = axes.len() - inner;
        let (elem, name) = (self.region.ty(node).elem, self.region.node(node).name.clone());
        for depth in (outer..axes.len()).rev() {
            let result = self.new_value(elem, name.clone());
            self.scopes[depth + 1].reductions.push(Reduction { result, kind: ReductionKind::Reduce(kind), value });
            value = result;
        }
        let map = self.maps.identity(kept);
        let index = flat(self.maps.get(map), &self.region.shape(node));
        let in_memory = !axes[..outer].iter().all(is_kept);
        let stmt = if in_memory {
            let buffer = self.buffer(node);
            self.scopes[0].body.push(Stmt::Fill { buffer, value: kind.identity() });
            Stmt::Accumulate { buffer, index, kind, value }
        } else {
            self.scopes[outer].known.insert((node, map), value);
            if kept.is_empty() {
                return;
            }
            let buffer = self.buffer(node);
            Stmt::Store { buffer, index, value }
        };
        self.finish(outer, inner > 0, stmt);
    }

    /// Puts a statement into the scope at `depth`: after the loop in it that is open, if there is one.
    fn finish(&mut self, depth: usize, after_loop: bool, stmt: Stmt) {
        if after_loop {
            self.scopes[depth + 1].after.push(stmt);
        } else {
            self.scopes[depth].body.push(stmt);
        }
    }

    fn position(&mut self, nest: &Nest, kept: &[Option<AxisId>], axes: &[Option<AxisId>]) {
        let Op::ArgReduce(op) = &self.region.node(nest.node).op else { return };
        let (extreme, axis) = (op.extreme, op.axis);
        let extent = self.region.shape(nest.operands[0].0)[axis].clone();
        self.program.nonempty.push((extent, extreme.name()));
        let value = self.operand(nest, 0, axes);
        let result = self.new_value(Elem::Index, self.region.node(nest.node).name.clone());
        let reduction = Reduction { result, kind: ReductionKind::Position(extreme), value };
        self.innermost().reductions.push(reduction);
        let map = self.maps.identity(kept);
        let outer = self.scopes.len() - 2;
        self.scopes[outer].known.insert((nest.node, map), result);
        if !kept.is_empty() {
            let buffer = self.buffer(nest.node);
            let index = flat(self.maps.get(map), &self.region.shape(nest.node));
            self.finish(outer, true, Stmt::Store { buffer, index, value: result });
        }
    }

    fn recurrence(&mut self, nest: &Nest, kept: &[Option<AxisId>], axes: &[Vec<Option<AxisId>>; 2]) {
        let Op::Recurrence(op) = &self.region.node(nest.node).op else { return };
        let reverse = op.reverse;
        if op.kind == Accumulate::Linear && self.is_running_sum(nest, op.axis) {
            let addend = self.operand(nest, 1, &axes[1]);
            let sum = self.running_sum(addend);
            self.innermost().reverse = reverse;
            let map = self.maps.identity(kept);
            self.store(nest.node, map, sum);
            return;
        }
        let [meet, accumulate] = op.kind.functions();
        let here = self.scopes.len() - 1;
        let factor = self.operand(nest, 0, &axes[0]);
        let addend = self.operand(nest, 1, &axes[1]);
        let before = self.new_value(Elem::Real, None);
        let carried = self.define(Expr::Map(meet, vec![factor, before]), Elem::Real, None, here);
        let sum = self.define(Expr::Map(accumulate, vec![carried, addend]), Elem::Real, None, here);
        // The first element is the addend itself: nothing came before it to multiply.
        let axis = axes[0][op.axis].expect("the loop of a recurrence is always there");
        let first = if reverse { sure(self.region.shape(nest.node)[op.axis].sub(&Dim::ONE)) } else { Dim::ZERO };
        let own = Index { offset: Dim::ZERO, strides: vec![(axis, Dim::ONE)] };
        let at = self.define(Expr::Position(own), Elem::Index, None, here);
        let start = self.define(Expr::Extent(first), Elem::Index, None, 0);
        let is_first = self.define(Expr::Compare(Compare::Eq, at, start), Elem::Bool, None, here);
        let next = self.define(Expr::Select(is_first, addend, sum), Elem::Real, None, here);
        // What it starts as is not looked at.
        let initial = self.zero();
        let scope = self.innermost();
        scope.reverse = reverse;
        scope.carries.push(Carry { value: before, initial, next });
        let map = self.maps.identity(kept);
        self.store(nest.node, map, next);
    }

    /// The number 0, defined once, before all loops.
    fn zero(&mut self) -> ValueId {
        if let Some(zero) = self.zero {
            return zero;
        }
        let zero = self.define(Expr::Literal(Literal::real(0.0)), Elem::Real, None, 0);
        self.zero = Some(zero);
        zero
    }

    /// Whether what is handed along is added to as it is, and often.
    fn is_running_sum(&self, nest: &Nest, axis: usize) -> bool {
        let is_short = self.region.shape(nest.node)[axis].as_constant().is_some_and(|extent| extent <= SHORT_SUM);
        self.region.literal_value(nest.operands[0].0).is_some_and(|factor| factor.to_bits() == 1.0_f64.to_bits())
            && !is_short
    }

    /// A running sum that is as exact as a sum: the rounding error of each addition is known, and is added with a later
    /// element, so late that no addition waits for it.
    ///
    /// ```text
    /// y = x + r4;  t = s + y;  e = what t lacks of s + y       s, r1, r2, r3, r4 := t, e, r1, r2, r3
    /// out = t + (e + r1 + (r2 + r3))
    /// ```
    fn running_sum(&mut self, x: ValueId) -> ValueId {
        let here = self.scopes.len() - 1;
        let [before, r1, r2, r3, r4] = [(); 5].map(|()| self.new_value(Elem::Real, None));
        let mut map = |function: Function, operands: &[ValueId]| {
            self.define(Expr::Map(function, operands.to_vec()), Elem::Real, None, here)
        };
        let y = map(Function::Add, &[x, r4]);
        let sum = map(Function::Add, &[before, y]);
        // Exact, whichever of the two is larger (Knuth).
        let of_y = map(Function::Sub, &[sum, before]);
        let of_before = map(Function::Sub, &[sum, of_y]);
        let (rest, other) = (map(Function::Sub, &[before, of_before]), map(Function::Sub, &[y, of_y]));
        let error = map(Function::Add, &[rest, other]);
        let zero = self.zero();
        // An infinite sum has no error.
        let is_number = self.define(Expr::Compare(Compare::Eq, error, error), Elem::Bool, None, here);
        let error = self.define(Expr::Select(is_number, error, zero), Elem::Real, None, here);
        let mut add = |a, b| self.define(Expr::Map(Function::Add, vec![a, b]), Elem::Real, None, here);
        let (young, old) = (add(error, r1), add(r2, r3));
        let open = add(young, old);
        let out = add(sum, open);
        let handed = [(before, sum), (r1, error), (r2, r1), (r3, r2), (r4, r3)];
        let carries = handed.map(|(value, next)| Carry { value, initial: zero, next });
        self.innermost().carries.extend(carries);
        out
    }

    fn place(&mut self, nest: &Nest, starts: &[Dim], steps: &[i64], fill: bool, axes: &[Option<AxisId>]) {
        let value = self.operand(nest, 0, axes);
        let buffer = self.buffer(nest.node);
        if fill {
            self.scopes[0].body.push(Stmt::Fill { buffer, value: 0.0 });
        }
        let map: Vec<Affine> = (axes.iter().zip(starts).zip(steps))
            .map(|((axis, start), &step)| {
                let own = axis.map_or(Affine::constant(Dim::ZERO), Affine::axis);
                own.scaled(&Dim::constant(step), start)
            })
            .collect();
        let index = flat(&map, &self.region.shape(nest.node));
        self.innermost().body.push(Stmt::Store { buffer, index, value });
    }

    /// The number of open loops that a map depends on, counted from the outside to the innermost of them.
    fn depth(&self, map: MapId) -> usize {
        let axes = self.maps.get(map).iter().flat_map(|affine| &affine.terms).map(|(axis, _)| Some(*axis));
        let depth = |axis| self.scopes.iter().position(|scope| scope.axis == axis).expect("the loop is open");
        axes.map(depth).max().unwrap_or(0)
    }

    fn known(&self, node: NodeId, map: MapId) -> Option<ValueId> {
        self.scopes[self.depth(map)].known.get(&(node, map)).copied()
    }

    fn define(&mut self, expr: Expr, elem: Elem, name: Option<std::rc::Rc<str>>, depth: usize) -> ValueId {
        let value = self.new_value(elem, name);
        self.scopes[depth].body.push(Stmt::Let(value, expr));
        value
    }

    /// A node's element at `map`: computed where it is used, or read from where it is stored. Without recursion: graphs
    /// may be deeper than the stack.
    fn value(&mut self, node: NodeId, map: MapId) -> ValueId {
        let mut stack = vec![(node, map)];
        while let Some(&(node, map)) = stack.last() {
            if self.known(node, map).is_none() {
                let is_loaded = self.plan.is_stored[node.index()];
                let needs = if is_loaded { Vec::new() } else { self.needs(node, map) };
                let missing: Vec<_> =
                    needs.iter().copied().filter(|&(node, map)| self.known(node, map).is_none()).collect();
                if !missing.is_empty() {
                    stack.extend(missing);
                    continue;
                }
                let value = if is_loaded { self.load(node, map) } else { self.compute(node, map, &needs) };
                let depth = self.depth(map);
                self.scopes[depth].known.insert((node, map), value);
            }
            stack.pop();
        }
        self.known(node, map).expect("defined above")
    }

    /// The element of a stored node at the centre that computes it.
    fn stored_value(&mut self, node: NodeId, map: MapId) -> ValueId {
        let needs = self.needs(node, map);
        for &(operand, map) in &needs {
            self.value(operand, map);
        }
        let value = self.compute(node, map, &needs);
        let depth = self.depth(map);
        self.scopes[depth].known.insert((node, map), value);
        value
    }

    /// The operands' elements that a node's element is made of.
    fn needs(&mut self, node: NodeId, map: MapId) -> Vec<(NodeId, MapId)> {
        let operands = &self.region.node(node).operands;
        match role(&self.region.node(node).op) {
            Role::Pointwise => operands.iter().map(|&operand| (operand, map)).collect(),
            Role::View => {
                let below = view(self.region, node, self.maps.get(map));
                vec![(operands[0], self.maps.intern(below))]
            }
            Role::Reshape if is_unit_reshape(self.region, node) => {
                let below = unit_reshape(self.region, node, self.maps.get(map));
                vec![(operands[0], self.maps.intern(below))]
            }
            Role::Leaf | Role::Constant | Role::Sink | Role::Reshape => Vec::new(),
        }
    }

    /// Defines a node's element from those of its operands, which are known.
    fn compute(&mut self, node: NodeId, map: MapId, needs: &[(NodeId, MapId)]) -> ValueId {
        let operands: Vec<ValueId> =
            needs.iter().map(|&(node, map)| self.known(node, map).expect("needs are computed first")).collect();
        let graph_node = self.region.node(node);
        let expr = match &graph_node.op {
            Op::Leaf(_) => return self.load(node, map),
            Op::Literal(literal) => Expr::Literal(*literal),
            Op::Extent(extent) => Expr::Extent(extent.dim.clone()),
            Op::Iota(_) => {
                let affine = &self.maps.get(map)[0];
                Expr::Position(Index { offset: affine.offset.clone(), strides: affine.terms.clone() })
            }
            Op::Map(op) => Expr::Map(op.function, operands),
            Op::Compare(op) => Expr::Compare(*op, operands[0], operands[1]),
            Op::Logic(op) => Expr::Logic(*op, operands),
            Op::Select(_) => Expr::Select(operands[0], operands[1], operands[2]),
            Op::Cast(op) => Expr::Cast(op.to, operands[0]),
            Op::Reshape(_) if operands.is_empty() => return self.load_reshaped(node, map),
            Op::Broadcast(_)
            | Op::Permute(_)
            | Op::Reshape(_)
            | Op::Slice(_)
            | Op::Reverse(_)
            | Op::Named(_)
            | Op::Root(_)
            | Op::StopGradient(_) => return operands[0],
            Op::Pad(_) | Op::Concat(_) | Op::Reduce(_) | Op::ArgReduce(_) | Op::Recurrence(_) | Op::Contract(_) => {
                unreachable!("stored, so it is loaded")
            }
        };
        let (elem, name) = (graph_node.ty.elem, graph_node.name.clone());
        let depth = self.depth(map);
        self.define(expr, elem, name, depth)
    }

    fn load(&mut self, node: NodeId, map: MapId) -> ValueId {
        let index = flat(self.maps.get(map), &self.region.shape(node));
        let buffer = self.buffer(node);
        let name = self.program.buffers[buffer.index()].name.clone();
        let depth = self.depth(map);
        self.define(Expr::Load(buffer, index), self.region.ty(node).elem, Some(name), depth)
    }

    /// An element of a reshaped node: the same flat index into what is reshaped.
    fn load_reshaped(&mut self, node: NodeId, map: MapId) -> ValueId {
        let index = flat(self.maps.get(map), &self.region.shape(node));
        let buffer = self.buffer(self.region.node(node).operands[0]);
        let depth = self.depth(map);
        self.define(Expr::Load(buffer, index), self.region.ty(node).elem, None, depth)
    }

    fn products(&mut self, node: NodeId, sum: &Sum) {
        for (place, term) in sum.terms.iter().enumerate() {
            let add = sum.addend.is_some() || place > 0;
            let product = self.matrix_product(node, term, add);
            self.innermost().body.push(Stmt::Call(product));
        }
    }

    /// What a product is multiplied by.
    fn scale(&mut self, term: &Term) -> Option<ValueId> {
        let map = self.maps.intern(Vec::new());
        let factors: Vec<ValueId> = term.factors.iter().map(|&factor| self.value(factor, map)).collect();
        let times =
            |lowering: &mut Self, a, b| lowering.define(Expr::Map(Function::Mul, vec![a, b]), Elem::Real, None, 0);
        let scale = factors.into_iter().reduce(|a, b| times(self, a, b));
        if !term.is_negative {
            return scale;
        }
        let scale = scale.unwrap_or_else(|| self.define(Expr::Literal(Literal::real(1.0)), Elem::Real, None, 0));
        Some(self.define(Expr::Map(Function::Neg, vec![scale]), Elem::Real, None, 0))
    }

    fn matrix_product(&mut self, node: NodeId, term: &Term, add: bool) -> Call {
        let scale = self.scale(term);
        let [left, right] = &term.matrix.sides;
        let [left_batch, left_rows, left_depth] = left.strides.clone();
        let [right_batch, right_columns, right_depth] = right.strides.clone();
        let sides = [
            self.operand_of(left, vec![left_batch, left_rows, left_depth]),
            self.operand_of(right, vec![right_batch, right_depth, right_columns]),
        ];
        gemm::product(&term.matrix.extents, sides, self.buffer(node), scale, add)
    }

    fn operand_of(&mut self, side: &Side, strides: Vec<Dim>) -> (BufferId, Layout) {
        (self.buffer(side.base), Layout { first: Index::constant(side.offset.clone()), strides })
    }
}

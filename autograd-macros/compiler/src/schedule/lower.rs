//! Lowering: the tree of loops becomes statements. It walks each centre's expression and defines every value in the
//! scope of the innermost loop that it depends on, once.

use std::collections::BTreeMap;

use crate::graph::{Dim, Elem, NodeId, Region};
use crate::loops::program::{
    AxisId, Buffer, BufferId, Call, Carry, Cell, Direction, Expr, Extent, Guard, Index, Layout, Loop, Program,
    ProgramResult, Reduction, ReductionKind, Run, Stmt, Storage, ValueId, Within,
};
use crate::loops::routine::gemm;
use crate::ops::nest::Centre;
use crate::ops::{Compare, Condition, Extreme, Function, Integer, Literal, Logic, Op, ReduceKind};
use crate::schedule::fuse::{Item, Loop as Branch};
use crate::schedule::maps::{Coord, MapId, Maps, Within as Inside, flat, strides, sure};
use crate::schedule::plan::epilogue::{Sum, Term};
use crate::schedule::plan::products::Side;
use crate::schedule::plan::{Nest, NestKind, Plan};
use crate::schedule::views::{Role, is_unit_reshape, role};

/// A loop that is being filled (the outermost one is the program itself).
#[derive(Default)]
struct Scope {
    axis: Option<AxisId>,
    body: Vec<Stmt>,
    known: BTreeMap<(NodeId, MapId), ValueId>,
    reductions: Vec<Reduction>,
    carries: Vec<Carry>,
    direction: Direction,
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
        let leaf = if let Op::Leaf(leaf) = &graph_node.op { Some(&leaf.name) } else { None };
        let name = leaf.or(graph_node.name.as_ref()).cloned().unwrap_or_else(|| "t".into());
        let ty = &graph_node.ty;
        self.program.buffers.push(Buffer {
            name,
            elem: ty.elem,
            shape: ty.shape.clone(),
            storage,
            cell: Cell::default(),
        });
        id
    }

    /// The buffer of a leaf or stored node.
    fn buffer(&mut self, node: NodeId) -> BufferId {
        if let Some(buffer) = self.buffers.get(&node) {
            return *buffer;
        }
        let leaf = if let Op::Leaf(leaf) = &self.region.node(node).op { Some(leaf.kind) } else { None };
        let storage = leaf.map_or(Storage::Temporary(None), Storage::Leaf);
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
            run: Run::default(),
            direction: scope.direction,
            carries: scope.carries,
            body: scope.body.into(),
            reductions: scope.reductions,
            sums: Vec::new(),
            ahead: Vec::new(),
            unless_zero: None,
            short: None,
        }));
        outer.body.extend(scope.after);
    }

    /// The centre of a nest whose loops are all open.
    fn centre(&mut self, nest: &Nest, axes: &[AxisId]) {
        let read =
            |place: usize| nest.operands[place].1.iter().map(|axis| axis.map(|axis| axes[axis])).collect::<Vec<_>>();
        let kept: Vec<Option<AxisId>> = nest.kept.iter().map(|axis| axis.map(|axis| axes[axis])).collect();
        self.note_failures(nest.node);
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
                let index = self.index(&flat(self.maps.get(map), &self.region.shape(nest.node)));
                self.innermost().body.push(Stmt::Store { buffer, index, value });
            }
            NestKind::Reduce(kind) => {
                let value = self.made(nest, &kept, axes);
                self.reduce(nest.node, *kind, value, &kept, axes);
            }
            NestKind::Position(extreme) => {
                let value = self.made(nest, &kept, axes);
                self.position(nest.node, *extreme, value, &kept);
            }
            NestKind::Sequential(direction) => {
                let value = self.made(nest, &kept, axes);
                self.innermost().direction = *direction;
                let map = self.maps.identity(&kept);
                self.store(nest.node, map, value);
            }
            NestKind::Scatter { axes: along } => self.scatter(nest, along, &kept, axes),
            NestKind::Place { starts, steps, fill } => self.place(nest, starts, steps, *fill, &read(0)),
            NestKind::MatrixProduct => {
                let plan = self.plan;
                self.products(nest.node, &plan.products[&nest.node]);
            }
        }
    }

    /// Notes what a call has to check before it computes the node.
    fn note_failures(&mut self, node: NodeId) {
        let graph_node = self.region.node(node);
        for condition in graph_node.op.conditions(self.region, &graph_node.operands) {
            match condition {
                Condition::NotEmpty { extent, function } => self.program.nonempty.push((extent, function)),
                // All sizes are checked where the call begins.
                Condition::NotNegative(_) => {}
            }
        }
    }

    /// What the node's primitive makes of the operands at the centre of its nest.
    fn made(&mut self, nest: &Nest, kept: &[Option<AxisId>], axes: &[AxisId]) -> ValueId {
        let along = |axis: &Option<usize>| axis.map(|axis| axes[axis]);
        let operands: Vec<ValueId> = (0..nest.operands.len())
            .map(|place| self.operand(nest, place, &nest.operands[place].1.iter().map(along).collect::<Vec<_>>()))
            .collect();
        let map = self.maps.identity(kept);
        let depth = self.scopes.len() - 1;
        let op = &self.region.node(nest.node).op;
        op.element(&mut Element { lowering: self, map, depth, nest: Some(nest) }, &operands)
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
        let index = self.index(&flat(self.maps.get(map), &self.region.shape(node)));
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
        let index = self.index(&flat(self.maps.get(map), &self.region.shape(node)));
        let in_memory = !axes[..outer].iter().all(is_kept);
        let stmt = if in_memory {
            let buffer = self.buffer(node);
            self.scopes[0].body.push(Stmt::Fill { buffer, value: kind.identity() });
            Stmt::Accumulate { buffer, index, kind, value, guard: Guard::default() }
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

    fn position(&mut self, node: NodeId, extreme: Extreme, value: ValueId, kept: &[Option<AxisId>]) {
        let result = self.new_value(Elem::Index, self.region.node(node).name.clone());
        let reduction = Reduction { result, kind: ReductionKind::Position(extreme), value };
        self.innermost().reductions.push(reduction);
        let map = self.maps.identity(kept);
        let outer = self.scopes.len() - 2;
        self.scopes[outer].known.insert((node, map), result);
        if !kept.is_empty() {
            let buffer = self.buffer(node);
            let index = self.index(&flat(self.maps.get(map), &self.region.shape(node)));
            self.finish(outer, true, Stmt::Store { buffer, index, value: result });
        }
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

    fn place(&mut self, nest: &Nest, starts: &[Dim], steps: &[i64], fill: bool, axes: &[Option<AxisId>]) {
        let value = self.operand(nest, 0, axes);
        let buffer = self.buffer(nest.node);
        if fill {
            self.scopes[0].body.push(Stmt::Fill { buffer, value: 0.0 });
        }
        let map: Vec<Coord> = (axes.iter().zip(starts).zip(steps))
            .map(|((axis, start), &step)| {
                let own = axis.map_or(Coord::constant(Dim::ZERO), Coord::axis);
                own.scaled(&Dim::constant(step), start)
            })
            .collect();
        let index = self.index(&flat(&map, &self.region.shape(nest.node)));
        self.innermost().body.push(Stmt::Store { buffer, index, value });
    }

    /// Adds the update to the element that the integers say, if there is one.
    fn scatter(&mut self, nest: &Nest, along: &[usize], kept: &[Option<AxisId>], axes: &[AxisId]) {
        let shape = self.region.shape(nest.node);
        let read = |own: &[Option<usize>]| own.iter().map(|axis| axis.map(|axis| axes[axis])).collect::<Vec<_>>();
        let value = self.operand(nest, 0, &read(&nest.operands[0].1));
        let place = |axis: &Option<AxisId>| axis.map_or(Coord::constant(Dim::ZERO), Coord::axis);
        let coords: Vec<Coord> = kept.iter().map(place).collect();
        let mut index = self.index(&flat(&coords, &shape));
        let (steps, mut guard) = (strides(&shape), Guard::default());
        for (&axis, (node, own)) in along.iter().zip(&nest.operands[1..]) {
            let map = self.maps.identity(&read(own));
            let pick = self.value(*node, map);
            index.picks.push((pick, steps[axis].clone()));
            let position = Index { picks: vec![(pick, Dim::ONE)], ..Index::constant(Dim::ZERO) };
            guard.0.push(Within { index: position, extent: shape[axis].clone() });
        }
        let (buffer, kind) = (self.buffer(nest.node), ReduceKind::Sum);
        self.innermost().body.push(Stmt::Accumulate { buffer, index, kind, value, guard });
    }

    /// The number of open loops that a map depends on, counted from the outside to the innermost of them.
    fn depth(&self, map: MapId) -> usize {
        let mut deepest = 0;
        for coord in self.maps.coords(map) {
            for (axis, _) in &coord.terms {
                let depth = self.scopes.iter().rposition(|scope| scope.axis == Some(*axis));
                deepest = deepest.max(depth.expect("the loop is open"));
            }
            for (pick, _) in &coord.picks {
                deepest = deepest.max(self.depth(self.maps.picked(*pick).1));
            }
        }
        deepest
    }

    /// The index that a coordinate is; the integers in it are known.
    fn index(&self, coord: &Coord) -> Index {
        let picks = coord.picks.iter().map(|(pick, stride)| {
            let (node, map) = self.maps.picked(*pick);
            (self.known(node, map).expect("integers are computed first"), stride.clone())
        });
        Index { picks: picks.collect(), ..Index::affine(coord.offset.clone(), coord.terms.clone()) }
    }

    fn guard(&self, map: MapId) -> Guard {
        let within = |Inside { coord, extent }: &Inside| Within { index: self.index(coord), extent: extent.clone() };
        Guard(self.maps.guard(map).iter().map(within).collect())
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
                let of_index = self.maps.picks(needs.first().map_or(map, |(_, below)| *below));
                let missing: Vec<_> = (needs.iter().chain(&of_index).copied())
                    .filter(|&(node, map)| self.known(node, map).is_none())
                    .collect();
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
        // A view says by integers whether it shows its operand, also where that is the same everywhere.
        let of_index = needs.first().map_or_else(Vec::new, |(_, below)| self.maps.picks(*below));
        for &(operand, map) in needs.iter().chain(&of_index) {
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
            // A number is the same wherever it is seen, and there without a guard.
            Role::View | Role::Reshape if self.region.ty(operands[0]).rank() == 0 => {
                vec![(operands[0], self.maps.intern(Vec::new()))]
            }
            Role::View => vec![(operands[0], self.maps.view(self.region, node, map))],
            Role::Reshape if is_unit_reshape(self.region, node) => {
                vec![(operands[0], self.maps.unit_reshape(self.region, node, map))]
            }
            Role::Leaf | Role::Constant | Role::Sink | Role::Reshape => Vec::new(),
        }
    }

    /// Defines a node's element from those of its operands, which are known.
    fn compute(&mut self, node: NodeId, map: MapId, needs: &[(NodeId, MapId)]) -> ValueId {
        let operands: Vec<ValueId> =
            needs.iter().map(|&(node, map)| self.known(node, map).expect("needs are computed first")).collect();
        let graph_node = self.region.node(node);
        match role(&graph_node.op) {
            Role::Leaf => return self.load(node, map),
            Role::View => return self.seen(node, map, operands[0]),
            Role::Reshape => return operands.first().copied().unwrap_or_else(|| self.load_reshaped(node, map)),
            Role::Constant | Role::Pointwise => {}
            Role::Sink => unreachable!("stored, so it is loaded"),
        }
        let (depth, before) = (self.depth(map), self.program.values.len());
        let value = graph_node.op.element(&mut Element { lowering: self, map, depth, nest: None }, &operands);
        if value.index() >= before {
            self.program.values[value.index()].name.clone_from(&graph_node.name);
        }
        value
    }

    /// What a view shows of its operand's value: 0 where the view's own guard does not hold. What is loaded is that already.
    fn seen(&mut self, node: NodeId, map: MapId, value: ValueId) -> ValueId {
        let (below, mut operand) = (self.maps.view(self.region, node, map), self.region.operand(node, 0));
        let own: Vec<Inside> = self.maps.guard(below)[self.maps.guard(map).len()..].to_vec();
        let is_loaded = |node: NodeId| {
            let is_kept = self.plan.is_stored[node.index()] || role(&self.region.node(node).op) == Role::Leaf;
            is_kept && self.region.ty(node).rank() > 0
        };
        while !is_loaded(operand) && role(&self.region.node(operand).op) == Role::View {
            operand = self.region.node(operand).operands[0];
        }
        if own.is_empty() || is_loaded(operand) {
            return value;
        }
        let within = |Inside { coord, extent }: &Inside| Within { index: self.index(coord), extent: extent.clone() };
        let guard = Guard(own.iter().map(within).collect());
        let elem = self.program.values[value.index()].elem;
        self.define(Expr::Keep(value, guard), elem, None, self.depth(below))
    }

    fn load(&mut self, node: NodeId, map: MapId) -> ValueId {
        // A number that loops have summed is in no buffer: behind a guard it is that, or 0.
        let bare = self.maps.intern(Vec::new());
        if self.maps.get(map).is_empty()
            && map != bare
            && let Some(value) = self.known(node, bare)
        {
            let (guard, elem) = (self.guard(map), self.region.ty(node).elem);
            return self.define(Expr::Keep(value, guard), elem, None, self.depth(map));
        }
        let index = self.index(&flat(self.maps.get(map), &self.region.shape(node)));
        let buffer = self.buffer(node);
        let name = self.program.buffers[buffer.index()].name.clone();
        let depth = self.depth(map);
        self.define(Expr::Load(buffer, index, self.guard(map)), self.region.ty(node).elem, Some(name), depth)
    }

    /// An element of a reshaped node: the same flat index into what is reshaped.
    fn load_reshaped(&mut self, node: NodeId, map: MapId) -> ValueId {
        let index = self.index(&flat(self.maps.get(map), &self.region.shape(node)));
        let buffer = self.buffer(self.region.node(node).operands[0]);
        let depth = self.depth(map);
        self.define(Expr::Load(buffer, index, self.guard(map)), self.region.ty(node).elem, None, depth)
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

/// Where a primitive writes what computes its element at `map`.
struct Element<'a, 'b> {
    lowering: &'a mut Lowering<'b>,
    map: MapId,
    /// The scope that the statements stand in.
    depth: usize,
    nest: Option<&'a Nest>,
}

impl Element<'_, '_> {
    fn define(&mut self, expr: Expr, elem: Elem) -> ValueId {
        self.lowering.define(expr, elem, None, self.depth)
    }

    fn position_at(&mut self, at: &Coord) -> ValueId {
        let at = self.lowering.index(at);
        self.define(Expr::Position(at), Elem::Index)
    }
}

impl Centre for Element<'_, '_> {
    // Whatever no loop changes stands before all loops.
    fn literal(&mut self, literal: Literal) -> ValueId {
        self.lowering.define(Expr::Literal(literal), literal.elem, None, 0)
    }

    fn extent(&mut self, dim: &Dim) -> ValueId {
        self.lowering.define(Expr::Extent(dim.clone()), Elem::Index, None, 0)
    }

    fn position(&mut self, axis: usize) -> ValueId {
        let at = self.lowering.maps.get(self.map)[axis].clone();
        self.position_at(&at)
    }

    fn is_first(&mut self) -> ValueId {
        let nest = self.nest.expect("only a nest has turns");
        let innermost = self.lowering.innermost().axis.expect("the loop that hands values along is open");
        let at = self.position_at(&Coord::axis(innermost));
        let last = nest.extents.last().expect("that loop");
        let is_backwards = nest.kind == NestKind::Sequential(Direction::Backwards);
        let first = self.extent(&if is_backwards { sure(last.sub(&Dim::ONE)) } else { Dim::ZERO });
        self.compare(Compare::Eq, at, first)
    }

    fn map(&mut self, function: Function, operands: &[ValueId]) -> ValueId {
        self.define(Expr::Map(function, operands.to_vec()), Elem::Real)
    }

    fn integer(&mut self, op: Integer, a: ValueId, b: ValueId) -> ValueId {
        self.define(Expr::Integer(op, a, b), Elem::Index)
    }

    fn compare(&mut self, compare: Compare, a: ValueId, b: ValueId) -> ValueId {
        self.define(Expr::Compare(compare, a, b), Elem::Bool)
    }

    fn logic(&mut self, logic: Logic, operands: &[ValueId]) -> ValueId {
        self.define(Expr::Logic(logic, operands.to_vec()), Elem::Bool)
    }

    fn select(&mut self, condition: ValueId, yes: ValueId, no: ValueId) -> ValueId {
        let elem = self.lowering.program.values[yes.index()].elem;
        self.define(Expr::Select(condition, yes, no), elem)
    }

    fn cast(&mut self, to: Elem, x: ValueId) -> ValueId {
        self.define(Expr::Cast(to, x), to)
    }

    fn carried(&mut self, elem: Elem) -> ValueId {
        self.lowering.new_value(elem, None)
    }

    fn zero(&mut self) -> ValueId {
        self.lowering.zero()
    }

    fn hand_on(&mut self, carried: ValueId, initial: ValueId, next: ValueId) {
        self.lowering.innermost().carries.push(Carry { value: carried, initial, next });
    }
}

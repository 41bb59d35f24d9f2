//! Graphs as expressions: the short text in which tests write them.
//!
//! ```text
//! exp(u) - 1                                            a leaf of a known name, an operation, a number
//! t: [K, N]; reduce sum [1](t * 2)                      another leaf; operations as the text form has them
//! p = reduce max [1](a); log(p) + [D] param w           a name for a node; a leaf, its type before it
//! cast real(extent N()) * (index[] 3 == argmax 0(x))
//! ```
//!
//! `u v w` are inputs of shape `[]`, `x y z` of shape `[N]`, `a b c` of shape `[N, D]`. What works element by element
//! repeats operands of rank 0 where another operand has axes: `exp(x) - 1` is `exp(x) - broadcast [N] [](1)`.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::words::{Read, Words};
use super::{Dim, Elem, NodeId, Region, Type};
use crate::ops::lowering::Role;
use crate::ops::{Compare, Function, Leaf, LeafKind, Literal, Logic, Map, Op};

/// The leaves whose names say what they are.
const LEAVES: [(&str, &[&str]); 3] = [("uvw", &[]), ("xyz", &["N"]), ("abc", &["N", "D"])];

/// The operators between two operands, from those that bind least; `a - b - c` is `(a - b) - c`.
const LEVELS: [&[&str]; 5] = [&["||"], &["&&"], &["<=", "<", "==", "!="], &["+", "-"], &["*", "/"]];

/// How tightly a sign binds, and what needs no parentheses.
const SIGN: usize = LEVELS.len();
const ATOM: usize = SIGN + 1;

fn infix(operator: &str) -> Op {
    let map = |function| Map { function }.into();
    match operator {
        "||" => Logic::Or.into(),
        "&&" => Logic::And.into(),
        "<=" => Compare::Le.into(),
        "<" => Compare::Lt.into(),
        "==" => Compare::Eq.into(),
        "!=" => Compare::Ne.into(),
        "+" => map(Function::Add),
        "-" => map(Function::Sub),
        "*" => map(Function::Mul),
        _ => map(Function::Div),
    }
}

/// The operator that an operation is written as, and its level.
fn operator(op: &Op) -> Option<(usize, &'static str)> {
    let levels = LEVELS.iter().enumerate();
    let mut operators = levels.flat_map(|(level, operators)| operators.iter().map(move |&operator| (level, operator)));
    operators.find(|(_, operator)| infix(operator) == *op)
}

/// What reads expressions into a region: what one of them names, the next may use.
#[derive(Default)]
pub(crate) struct Notation {
    pub(crate) region: Region,
    names: BTreeMap<String, NodeId>,
}

impl Notation {
    /// The node that a text means.
    ///
    /// # Errors
    /// The line, and what was expected there.
    pub(crate) fn read(&mut self, text: &str) -> Result<NodeId, String> {
        let mut words = Words::of(text);
        self.statements(&mut words).map_err(|expected| words.error(1, &expected))
    }

    fn statements(&mut self, words: &mut Words) -> Read<NodeId> {
        loop {
            words.skip();
            let mut ahead = *words;
            let name = ahead.word();
            ahead.skip();
            let is_binding = ahead.rest().starts_with('=') && !ahead.rest().starts_with("==");
            if name.is_empty() || !(ahead.rest().starts_with(':') || is_binding) {
                let node = self.expression(words, 0)?;
                return words.end().map(|()| node).map_err(|_| "an operator, or the end".into());
            }
            *words = ahead;
            let node = if words.eat(":") {
                words.skip();
                let ty = words.ty()?;
                self.region.leaf(LeafKind::Input, name, ty)
            } else {
                words.need("=")?;
                self.expression(words, 0)?
            };
            self.names.insert(name.to_owned(), node);
            words.skip();
            words.need(";")?;
        }
    }

    /// What binds at least so tightly, and the white space after it.
    fn expression(&mut self, words: &mut Words, level: usize) -> Read<NodeId> {
        let Some(operators) = LEVELS.get(level) else { return words.deeper(|words| self.signed(words)) };
        let mut left = self.expression(words, level + 1)?;
        while let Some(operator) = operators.iter().find(|operator| words.eat(operator)) {
            let right = self.expression(words, level + 1)?;
            left = self.apply(infix(operator), vec![left, right])?;
        }
        Ok(left)
    }

    fn signed(&mut self, words: &mut Words) -> Read<NodeId> {
        words.skip();
        let node = match words.number() {
            Some(number) => self.region.literal(number),
            None if words.eat("-") => {
                let operand = words.deeper(|words| self.signed(words))?;
                self.apply(Map { function: Function::Neg }.into(), vec![operand])?
            }
            None if words.eat("!") => {
                let operand = words.deeper(|words| self.signed(words))?;
                self.apply(Logic::Not.into(), vec![operand])?
            }
            None => self.atom(words)?,
        };
        words.skip();
        Ok(node)
    }

    fn atom(&mut self, words: &mut Words) -> Read<NodeId> {
        if words.eat("(") {
            let inner = self.expression(words, 0)?;
            return words.need(")").map(|()| inner);
        }
        let name = words.peek();
        if let Some(node) = self.names.get(name).copied().or_else(|| self.known_leaf(name)) {
            words.word();
            return Ok(node);
        }
        let mut ahead = *words;
        if let Ok(ty) = ahead.ty() {
            *words = ahead;
            words.need(" ")?;
            let op = Op::read(words, Some(&ty))?;
            let is_plain = matches!(op, Op::Leaf(_) | Op::Literal(_));
            return if is_plain { self.apply(op, Vec::new()) } else { Err("a variable or a number".into()) };
        }
        let op = Op::read(words, None)?;
        if matches!(op, Op::Literal(_)) {
            return self.apply(op, Vec::new());
        }
        words.skip();
        words.need("(")?;
        let mut operands = Vec::new();
        words.skip();
        if !words.eat(")") {
            operands.push(self.expression(words, 0)?);
            while words.eat(",") {
                operands.push(self.expression(words, 0)?);
            }
            words.need(")")?;
        }
        self.apply(op, operands)
    }

    fn known_leaf(&mut self, name: &str) -> Option<NodeId> {
        let ty = known(name)?;
        Some(self.region.leaf(LeafKind::Input, name, ty))
    }

    fn apply(&mut self, op: Op, mut operands: Vec<NodeId>) -> Read<NodeId> {
        if op.role() == Role::Pointwise {
            let shape = operands.iter().map(|&operand| self.region.shape(operand)).find(|shape| !shape.is_empty());
            for operand in &mut operands {
                if let Some(shape) = shape.as_ref().filter(|_| self.region.ty(*operand).rank() == 0) {
                    *operand = self.region.fill(*operand, shape);
                }
            }
        }
        op.check(&self.region, &operands).map_err(|broken| format!("an operation that is legal ({broken})"))?;
        Ok(self.region.add(op, &operands))
    }
}

/// The graph that expressions mean, one a result: what one of them names, the next may use.
pub(crate) fn graph(results: &[&str]) -> (Region, Vec<NodeId>) {
    let mut notation = Notation::default();
    let mut read = |text: &&str| notation.read(text).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
    let results = results.iter().map(&mut read).collect();
    (notation.region, results)
}

/// The type of a leaf whose name says it.
fn known(name: &str) -> Option<Type> {
    let (_, shape) = LEAVES.into_iter().find(|(names, _)| name.len() == 1 && names.contains(name))?;
    Some(Type::real(shape.iter().map(|name| Dim::name(name)).collect::<Vec<_>>()))
}

/// Names for nodes that an expression has more than once.
const NAMES: [&str; 12] = ["p", "q", "r", "s", "t", "f", "g", "h", "k", "l", "m", "n"];

/// How long an expression may be and still be written out wherever it stands.
const SHORT: usize = 12;

/// Expressions of nodes, one after the other: what one of them names, the next may use.
pub(crate) fn write(region: &Region, nodes: &[NodeId]) -> Vec<String> {
    let live = super::print::live(region, nodes.iter().copied());
    let mut uses = vec![0; region.len()];
    for (id, _) in region.iter().filter(|(id, _)| live[id.index()]) {
        for operand in shown(region, id) {
            uses[operand.index()] += 1;
        }
    }
    let taken =
        region.iter().filter_map(|(_, node)| if let Op::Leaf(leaf) = &node.op { Some(&*leaf.name) } else { None });
    let taken: Vec<&str> = taken.collect();
    let free = NAMES.into_iter().map(str::to_owned).chain((0..).map(|number| format!("n{number}")));
    let free = Box::new(free.filter(|name| !taken.contains(&name.as_str())));
    let mut writer = Writer { region, uses, names: BTreeMap::new(), free, statements: String::new() };
    nodes
        .iter()
        .map(|&node| {
            let expression = writer.text(node, 0, true);
            let statements = std::mem::take(&mut writer.statements);
            format!("{statements}{expression}")
        })
        .collect()
}

/// The operands as they are written: numbers everywhere are numbers where another operand says where.
fn shown(region: &Region, id: NodeId) -> Vec<NodeId> {
    let node = region.node(id);
    let scalar = |&operand: &NodeId| {
        let inner = region.node(operand);
        let Op::Broadcast(broadcast) = &inner.op else { return None };
        broadcast.axes.is_empty().then(|| inner.operands[0])
    };
    let is_clear = node.op.role() == Role::Pointwise && node.operands.iter().any(|operand| scalar(operand).is_none());
    let shown = |operand| if is_clear { scalar(operand).unwrap_or(*operand) } else { *operand };
    node.operands.iter().map(shown).collect()
}

/// A number as it is read: integers have their type before them.
fn number(literal: &Literal) -> String {
    match literal.elem {
        Elem::Real => format!("{:?}", literal.value()).trim_end_matches(".0").to_owned(),
        Elem::Bool => Op::from(*literal).to_string(),
        Elem::Index => format!("index[] {}", literal.value()),
    }
}

struct Writer<'a> {
    region: &'a Region,
    /// How many nodes each is an operand of.
    uses: Vec<usize>,
    names: BTreeMap<NodeId, String>,
    /// Names that nothing has.
    free: Box<dyn Iterator<Item = String> + 'a>,
    /// What names have been given since the last expression.
    statements: String,
}

impl Writer<'_> {
    /// A node where only what binds at least so tightly may stand.
    fn text(&mut self, id: NodeId, level: usize, is_whole: bool) -> String {
        if let Some(name) = self.names.get(&id) {
            return name.clone();
        }
        let (text, binds) = self.spelled(id);
        let is_long = text.len() > SHORT && !matches!(self.region.node(id).op, Op::Literal(_));
        if is_long && self.uses[id.index()] > 1 && !is_whole {
            let name = self.free.next().expect("names without end");
            let _ = write!(self.statements, "{name} = {text}; ");
            self.names.insert(id, name.clone());
            return name;
        }
        if binds < level { format!("({text})") } else { text }
    }

    /// A node, and how tightly what it is written as binds.
    fn spelled(&mut self, id: NodeId) -> (String, usize) {
        let node = self.region.node(id);
        let operands = shown(self.region, id);
        match (&node.op, &operands[..]) {
            (Op::Leaf(leaf), _) => (self.leaf(leaf, &node.ty, id), ATOM),
            (Op::Literal(literal), _) => (number(literal), ATOM),
            (Op::Logic(Logic::Not), &[x]) => (format!("!{}", self.text(x, SIGN, false)), SIGN),
            (Op::Map(Map { function: Function::Neg }), &[x]) if !matches!(self.region.node(x).op, Op::Literal(_)) => {
                (format!("-{}", self.text(x, SIGN, false)), SIGN)
            }
            (op, &[a, b]) => match operator(op) {
                Some((level, operator)) => {
                    let (a, b) = (self.text(a, level, false), self.text(b, level + 1, false));
                    (format!("{a} {operator} {b}"), level)
                }
                None => (self.call(op, &operands), ATOM),
            },
            (op, operands) => (self.call(op, operands), ATOM),
        }
    }

    fn call(&mut self, op: &Op, operands: &[NodeId]) -> String {
        let operands: Vec<String> = operands.iter().map(|&operand| self.text(operand, 0, false)).collect();
        format!("{op}({})", operands.join(", "))
    }

    fn leaf(&mut self, leaf: &Leaf, ty: &Type, id: NodeId) -> String {
        let name = leaf.name.to_string();
        let is_input = leaf.kind == LeafKind::Input;
        if !(is_input && known(&name).as_ref() == Some(ty)) {
            let statement = if is_input {
                format!("{name}: {ty}; ")
            } else {
                format!("{name} = {ty} {}; ", self.region.node(id).op)
            };
            self.statements += &statement;
            self.names.insert(id, name.clone());
        }
        name
    }
}

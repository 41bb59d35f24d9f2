//! Entry points as data: whose method each is, what it is given, what it gives, and which get a program. Every back end
//! starts from here.
//!
//! ```text
//! LossAndGradient "loss_and_grad": of the model, given [Inputs, Workspace, Grad],
//!     gives loss → Returned, grad_w → Gradient(0), grad_b → Gradient(1)
//! ```

use proc_macro2::Ident;

use crate::graph::model::{Model, Product, ProductKind, Step, Variable};
use crate::graph::print::live;
use crate::graph::{Dim, NodeId, Region};
use crate::loops::program::Program;
use crate::machine::GRADIENT_SHARE;
use crate::ops::LeafKind;
use crate::ops::lowering::Role;
use crate::reads;
use crate::separate::Prepared;

/// What the entry points of a model compute.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    /// Those of the model itself.
    pub entries: Vec<Entry>,
    /// What a model that is bound to its inputs has computed once; [`EntryKind::Prepare`] computes it.
    pub prepared: Vec<Prepared>,
    /// Those of a bound model that read something prepared; all others are the model's own.
    pub bound: Vec<Entry>,
    /// What the loss is reduced to, or why it cannot be.
    pub reduction: Option<Result<Reduction, String>>,
}

/// A loss that is computed from statistics.
#[derive(Clone, Debug)]
pub struct Reduction {
    /// The statistics.
    pub statistics: Vec<Prepared>,
    /// Computes them.
    pub summary: Entry,
    /// Computes the loss from them, the magnitude of its terms, and the gradient.
    pub reduced: Entry,
    /// The extents that a statistic is summed over: those of each.
    pub summed: Vec<Vec<Dim>>,
    /// How many terms the loss has.
    pub terms: usize,
    /// Whether the data may differ in single precision by more than roundings.
    pub jumps: bool,
}

/// One entry point and what it computes.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The entry point.
    pub point: EntryPoint,
    /// Its computation; the results are in the order of the entry point's.
    pub program: Program,
}

/// The entry points of a model, by what they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// All outputs, in order.
    Outputs,
    /// The loss.
    Loss,
    /// The gradient of each parameter, in order.
    Gradient,
    /// The loss, then the gradient of each parameter.
    LossAndGradient,
    /// One output, by its place. (`loss` is an entry point of its own if it is a scalar.)
    Output(usize),
    /// A derivative times a direction.
    Product(ProductKind),
    /// One step, by its place: the new values of its assignments, then its results.
    Step(usize),
    /// What is computed once, when a model is bound to its inputs.
    Prepare,
    /// The statistics of the data.
    Summary,
    /// The loss from statistics, the magnitude of its terms, then the gradient of each parameter.
    Reduced,
}

/// What has entry points for methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The model: every call is given its inputs.
    Model,
    /// The model bound to its inputs: it has them, and what was computed of them.
    Bound,
    /// The model bound to statistics of its inputs: it has these too.
    Statistics,
}

/// What an entry point is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// The model, if it is no method.
    Model,
    /// The inputs.
    Inputs,
    /// What has been computed of the inputs.
    Prepared,
    /// The sizes of the call, if they have been found before.
    Sizes,
    /// An input of the step's own, by its place.
    Step(usize),
    /// A direction in the space of the parameters.
    Along,
    /// The buffers that it computes in.
    Workspace,
    /// Where all outputs are written.
    Outputs,
    /// Where the one output is written.
    Out,
    /// Where the gradient is written.
    Grad,
    /// Where what is computed of the inputs is written.
    Computed,
}

/// Where a result goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// It is returned: a number.
    Returned,
    /// To the one array that is given for it.
    Out,
    /// To all outputs: this one of them.
    Output(usize),
    /// To the gradient: by this parameter.
    Gradient(usize),
    /// To what the model owns, parameters before states: this one.
    Assigned(usize),
    /// It is returned by this step as this one of its results: a number or a new array.
    Result {
        /// Which step.
        step: usize,
        /// Which of its results.
        place: usize,
    },
    /// To what is computed of the inputs: the field of its name.
    Computed,
}

/// One result of an entry point.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What computes it.
    pub node: NodeId,
    /// What it is called where it has no name of its own.
    pub name: String,
    /// Where it goes.
    pub target: Target,
}

/// An entry point.
#[derive(Clone, Debug)]
pub struct EntryPoint {
    /// What it is for.
    pub kind: EntryKind,
    /// What it is called, unlike any other of its owner.
    pub name: String,
    /// Whose method it is; none is a function.
    pub owner: Option<Owner>,
    /// What it is given beside its owner, in the order of a call.
    pub arguments: Vec<Argument>,
    /// What it gives, in order.
    pub results: Vec<Wanted>,
}

/// Where an entry point finds a leaf of the graph.
#[derive(Clone, Debug)]
pub enum Place {
    /// A field of what the model owns: the names from the outside in.
    Owned(Vec<Ident>),
    /// A field of the inputs.
    Input(Vec<Ident>),
    /// A field of what was computed of the inputs.
    Computed(String),
    /// A field of the direction.
    Along(Vec<Ident>),
    /// An argument of the step, by its place.
    Argument(usize),
}

impl EntryPoint {
    /// The nodes of its results.
    #[must_use]
    pub fn nodes(&self) -> Vec<NodeId> {
        self.results.iter().map(|result| result.node).collect()
    }

    /// Whether it changes what the model owns.
    #[must_use]
    pub fn changes_model(&self) -> bool {
        self.results.iter().any(|result| matches!(result.target, Target::Assigned(_)))
    }

    /// The names of what it assigns to.
    #[must_use]
    pub fn assigned<'a>(&self, model: &'a Model) -> Vec<&'a str> {
        let step = if let EntryKind::Step(place) = self.kind { model.steps.get(place) } else { None };
        step.into_iter().flat_map(|step| &step.assignments).map(|(target, _)| &**target).collect()
    }

    /// The entry point of a bound model that gives the same, from these nodes.
    #[must_use]
    pub fn bound(&self, nodes: &[NodeId]) -> Self {
        let mut bound = self.clone().at(nodes);
        bound.owner = Some(Owner::Bound);
        bound.name = format!("bound_{}", self.name);
        bound.arguments.retain(|argument| *argument != Argument::Inputs);
        bound
    }

    /// This entry point with other nodes for its results: those of another graph.
    #[must_use]
    pub fn at(mut self, nodes: &[NodeId]) -> Self {
        for (result, &node) in self.results.iter_mut().zip(nodes) {
            result.node = node;
        }
        self
    }

    /// Where it finds a leaf, if it has it.
    #[must_use]
    pub fn place(&self, model: &Model, kind: LeafKind, name: &str) -> Option<Place> {
        let path = |variables: &[Variable]| variables.iter().find(|it| it.name == name).map(Variable::path);
        match kind {
            LeafKind::Param => path(&model.params).map(Place::Owned),
            LeafKind::State => path(&model.states).map(Place::Owned),
            LeafKind::Input => path(&model.inputs).map(Place::Input),
            LeafKind::Prepared => Some(Place::Computed(name.to_owned())),
            LeafKind::Direction => {
                let param = model.params.iter().find(|param| direction_name(&param.name) == name);
                param.map(Variable::path).map(Place::Along)
            }
            LeafKind::StepInput => {
                let EntryKind::Step(step) = self.kind else { return None };
                model.steps.get(step)?.inputs.iter().position(|input| input.name == name).map(Place::Argument)
            }
        }
    }

    /// What computes a model's values of its inputs once.
    #[must_use]
    pub fn prepare(prepared: &[Prepared]) -> Self {
        Self::of_inputs(EntryKind::Prepare, "prepare", prepared)
    }

    /// What computes the statistics of the inputs.
    #[must_use]
    pub fn summary(statistics: &[Prepared]) -> Self {
        Self::of_inputs(EntryKind::Summary, "summary", statistics)
    }

    fn of_inputs(kind: EntryKind, name: &str, computed: &[Prepared]) -> Self {
        let result = |it: &Prepared| Wanted { node: it.node, name: it.name.to_string(), target: Target::Computed };
        Self {
            kind,
            name: name.to_owned(),
            owner: None,
            arguments: vec![Argument::Inputs, Argument::Sizes, Argument::Workspace, Argument::Computed],
            results: computed.iter().map(result).collect(),
        }
    }

    /// What computes the loss from statistics, the magnitude of its terms, how much of the gradient may be lost, and the
    /// gradient.
    #[must_use]
    pub fn reduced(model: &Model, nodes: &[NodeId]) -> Self {
        let numbers = ["loss", "magnitude", "lost"].map(|name| (name.to_owned(), Target::Returned));
        let results = numbers.into_iter().chain(gradients(model)).zip(nodes);
        Self {
            kind: EntryKind::Reduced,
            name: "reduced".to_owned(),
            owner: None,
            arguments: vec![Argument::Model, Argument::Prepared, Argument::Sizes, Argument::Workspace, Argument::Grad],
            results: results.map(|((name, target), &node)| Wanted { node, name, target }).collect(),
        }
    }

    /// A method of the model.
    fn method(kind: EntryKind, name: &str, given: &[Argument], results: Vec<Wanted>) -> Self {
        let arguments = [&[Argument::Inputs], given].concat();
        Self { kind, name: name.to_owned(), owner: Some(Owner::Model), arguments, results }
    }
}

/// What the gradient is called, and where it goes: for each parameter.
fn gradients(model: &Model) -> impl Iterator<Item = (String, Target)> {
    (model.params.iter().enumerate())
        .map(|(place, param)| (format!("grad_{}", text(&param.name)), Target::Gradient(place)))
}

/// The name of the leaf that is a parameter's part of a direction: not the parameter's, which is another leaf.
#[must_use]
pub fn direction_name(param: &Ident) -> String {
    format!("along_{}", text(param))
}

/// The text of a name, without `r#`.
fn text(name: &Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

/// All entry points of a model that users can call.
#[must_use]
pub fn entry_points(model: &Model) -> Vec<EntryPoint> {
    let outputs = model.outputs.iter().enumerate();
    let outputs = outputs.map(|(place, output)| (text(&output.name), Target::Output(place), output.node));
    let outputs = outputs.map(|(name, target, node)| Wanted { node, name, target }).collect();
    let given = [Argument::Workspace, Argument::Outputs];
    let mut points = vec![EntryPoint::method(EntryKind::Outputs, "outputs", &given, outputs)];
    for (place, output) in model.outputs.iter().enumerate() {
        let (name, is_number) = (text(&output.name), model.region.ty(output.node).rank() == 0);
        let target = if is_number { Target::Returned } else { Target::Out };
        let given: &[Argument] = if is_number { &[Argument::Workspace] } else { &[Argument::Workspace, Argument::Out] };
        let is_loss = Some(output.node) == model.loss() && output.name == "loss" && is_number;
        let (kind, own) = if is_loss {
            (EntryKind::Loss, "loss".to_owned())
        } else {
            (EntryKind::Output(place), format!("output_{name}"))
        };
        points.push(EntryPoint::method(kind, &own, given, vec![Wanted { node: output.node, name, target }]));
    }
    if let Some(loss) = model.loss().filter(|_| !model.gradients.is_empty()) {
        let given = [Argument::Workspace, Argument::Grad];
        let gradients = gradients(model).zip(&model.gradients);
        let gradients = gradients.map(|((name, target), &node)| Wanted { node, name, target });
        let gradients: Vec<Wanted> = gradients.collect();
        let loss = Wanted { node: loss, name: "loss".to_owned(), target: Target::Returned };
        let both = std::iter::once(loss).chain(gradients.iter().cloned()).collect();
        points.push(EntryPoint::method(EntryKind::Gradient, "grad", &given, gradients));
        points.push(EntryPoint::method(EntryKind::LossAndGradient, "loss_and_grad", &given, both));
    }
    points.extend(model.products.iter().map(|product| of_product(model, product)));
    points.extend(model.steps.iter().enumerate().map(|(place, step)| of_step(model, place, step)));
    points
}

/// The entry point of a derivative's product with a direction.
fn of_product(model: &Model, product: &Product) -> EntryPoint {
    let kind = EntryKind::Product(product.kind);
    let result = |((name, target), &node): ((String, Target), &NodeId)| Wanted { node, name, target };
    match product.kind {
        ProductKind::Hessian => {
            let given = [Argument::Workspace, Argument::Along, Argument::Grad];
            let results = gradients(model).map(|(name, target)| (name.replace("grad_", "product_"), target));
            EntryPoint::method(kind, "hvp", &given, results.zip(&product.results).map(result).collect())
        }
        ProductKind::Residual(place) => {
            let is_number = model.region.ty(model.outputs[place].node).rank() == 0;
            let target = if is_number { Target::Returned } else { Target::Out };
            let given = [Argument::Workspace, Argument::Along, Argument::Out];
            let given = &given[..if is_number { 2 } else { 3 }];
            let names = [("residual_jvp".to_owned(), target)].into_iter();
            EntryPoint::method(kind, "residual_jvp", given, names.zip(&product.results).map(result).collect())
        }
    }
}

/// The entry point of a step.
fn of_step(model: &Model, place: usize, step: &Step) -> EntryPoint {
    let owned = || model.params.iter().chain(&model.states);
    let assigned = step.assignments.iter().filter_map(|(name, node)| {
        let target = Target::Assigned(owned().position(|variable| variable.name == **name)?);
        Some(Wanted { node: *node, name: format!("next_{name}"), target })
    });
    let results = step.results.iter().enumerate();
    let results = results.map(|(at, (name, node))| Wanted {
        node: *node,
        name: text(name),
        target: Target::Result { step: place, place: at },
    });
    let given: Vec<Argument> = (0..step.inputs.len()).map(Argument::Step).chain([Argument::Workspace]).collect();
    let name = format!("step_{}", text(&step.name));
    EntryPoint::method(EntryKind::Step(place), &name, &given, assigned.chain(results).collect())
}

/// The entry points that get a program: those whose results no other one has at about the same cost. There is one thing
/// less to schedule, to print and to compile for each that has not; a back end lets it call the other.
#[must_use]
pub fn with_programs(model: &Model) -> Vec<EntryPoint> {
    let mut points = entry_points(model);
    let both = points.iter().find(|point| point.kind == EntryKind::LossAndGradient).map(EntryPoint::nodes);
    points.retain(|point| match point.kind {
        // A single output is all outputs.
        EntryKind::Outputs => model.outputs.len() != 1,
        EntryKind::Gradient => both.iter().any(|both| is_much_less(&model.region, &point.nodes(), both)),
        EntryKind::Loss
        | EntryKind::LossAndGradient
        | EntryKind::Output(_)
        | EntryKind::Product(_)
        | EntryKind::Step(_)
        | EntryKind::Prepare
        | EntryKind::Summary
        | EntryKind::Reduced => true,
    });
    points
}

/// Whether the gradient alone needs much less than the loss with it, or less that can fail. What the loss reads is checked with
/// either.
fn is_much_less(region: &Region, alone: &[NodeId], both: &[NodeId]) -> bool {
    let values = |results: &[NodeId]| {
        let live = live(region, results.iter().copied());
        let nodes = region.iter().filter(|(id, _)| live[id.index()]);
        // The place of an extreme is an error along an axis without extent.
        nodes.fold((0, 0, 0), |(all, fallible, checked), (_, node)| {
            let can_fail = node.op.can_fail(region, &node.operands);
            (
                all + usize::from(!matches!(node.op.role(), Role::Constant | Role::View)),
                fallible + usize::from(can_fail),
                checked + usize::from(reads::is_checked(region, node)),
            )
        })
    };
    let (alone, both) = (values(alone), values(both));
    if alone.2 < both.2 {
        return false;
    }
    alone.1 < both.1 || GRADIENT_SHARE[1] * alone.0 < GRADIENT_SHARE[0] * both.0
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::testing::models::compiled;

    /// All entry points of a model, one a line; those that have a program have a star.
    fn points(text: &str) -> String {
        let (model, programs) = compiled(text);
        let has_program = |kind| programs.entries.iter().any(|entry| entry.point.kind == kind);
        let line = |point: &EntryPoint| {
            let sign = if has_program(point.kind) { "*" } else { " " };
            let results = point.results.iter().map(|it| format!("{} → {:?}", it.name, it.target)).collect::<Vec<_>>();
            format!("{sign} {}{:?}: {}\n", point.name, point.arguments, results.join(", "))
        };
        entry_points(&model).iter().map(line).collect()
    }

    #[test]
    fn an_entry_point_says_what_it_is_given_and_what_it_gives() {
        expect![[r#"
            * outputs[Inputs, Workspace, Outputs]: fitted → Output(0), loss → Output(1)
            * output_fitted[Inputs, Workspace, Out]: fitted → Out
            * loss[Inputs, Workspace]: loss → Returned
              grad[Inputs, Workspace, Grad]: grad_w → Gradient(0), grad_b → Gradient(1)
            * loss_and_grad[Inputs, Workspace, Grad]: loss → Returned, grad_w → Gradient(0), grad_b → Gradient(1)
            * step_train[Inputs, Step(0), Workspace]: next_m → Assigned(2), next_w → Assigned(0), loss → Result { step: 0, place: 0 }, fitted → Result { step: 0, place: 1 }
        "#]]
        .assert_eq(&points(
            "Fit<N> { param w; param b: [N]; state m; input x: [N]; fitted = w * x + b; loss = sum(fitted^2);
                step train(rate) -> loss, fitted { m := 0.9 * m + grad(loss, w); w := w - rate * m; } }",
        ));
    }

    #[test]
    fn leaves_are_found_by_their_paths() {
        let text = "Fit<N> { param w; state m; input x: [N]; loss = sum(w * x); step s(rate) { m := rate * w; } }";
        let (model, _) = compiled(text);
        let points = entry_points(&model);
        let step = points.iter().find(|point| point.kind == EntryKind::Step(0)).expect("the model has a step");
        let is_owned = |place: &Option<Place>| matches!(place, Some(Place::Owned(path)) if path.len() == 1);
        assert!(is_owned(&step.place(&model, LeafKind::Param, "w")));
        assert!(is_owned(&step.place(&model, LeafKind::State, "m")));
        assert!(matches!(step.place(&model, LeafKind::Input, "x"), Some(Place::Input(_))));
        assert!(matches!(step.place(&model, LeafKind::StepInput, "rate"), Some(Place::Argument(0))));
        // Another entry point does not have the arguments of the step.
        assert!(points[0].place(&model, LeafKind::StepInput, "rate").is_none());
        assert!(step.place(&model, LeafKind::Param, "v").is_none());
    }
}

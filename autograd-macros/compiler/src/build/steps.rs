//! Steps: `step train(lr) -> loss { w := w - lr * grad(loss, w); }`.
//!
//! Every right-hand side sees the values from before the step, so `x := y; y := x;` swaps.

use std::collections::BTreeSet;
use std::rc::Rc;

use proc_macro2::Ident;

use super::items::Parts;
use super::scope::{Found, Global};
use super::{Builder, Built, Meaning, suggest};
use crate::diagnostics::Problem;
use crate::graph::model::{self, Variable};
use crate::graph::{Elem, NodeId};
use crate::ops::LeafKind;
use crate::syntax::tree::{Expr, Step, StepStatement};

impl Builder<'_> {
    /// Builds a step and adds it to the parts, unless something is wrong with it.
    pub(super) fn build_step(&mut self, step: &Step, parts: &mut Parts) {
        self.check_step_name(step, parts);
        self.push_frame();
        let inputs = self.step_inputs(step);
        let assignments = self.step_body(step, parts);
        let results = self.step_results(step);
        self.frames.pop();
        if let (Ok(inputs), Ok(assignments), Ok(results)) = (inputs, assignments, results) {
            let (name, docs) = (step.name.clone(), step.docs.clone());
            parts.steps.push(model::Step { name, docs, inputs, assignments, results });
        }
    }

    /// Outputs and steps are methods of one struct.
    fn check_step_name(&mut self, step: &Step, parts: &mut Parts) {
        if !parts.step_names.insert(step.name.to_string()) {
            self.duplicate(&step.name, "step");
        } else if let Some(global) = self.globals.get(&step.name.to_string())
            && global.kind == "output"
        {
            self.duplicate(&step.name, "output");
        }
    }

    fn step_inputs(&mut self, step: &Step) -> Built<Vec<Variable>> {
        let (mut inputs, mut names) = (Vec::new(), BTreeSet::new());
        for declaration in &step.inputs {
            if !names.insert(declaration.name.to_string()) {
                self.duplicate(&declaration.name, "argument");
            }
            self.refuse_taken(&declaration.name);
            let variable = self.variable(LeafKind::StepInput, declaration);
            let node = variable.as_ref().map(|variable| variable.node).map_err(|&reported| reported);
            self.bind_local(&declaration.name, node);
            inputs.push(variable);
        }
        inputs.into_iter().collect()
    }

    /// A local of a step that hides a value of the model would make its assignments ambiguous.
    fn refuse_taken(&mut self, name: &Ident) {
        let text = name.to_string();
        if let Some(kind) = self.globals.get(&text).map(|global| global.kind) {
            self.duplicate(name, kind);
        }
    }

    fn step_body(&mut self, step: &Step, parts: &Parts) -> Built<Vec<(Rc<str>, NodeId)>> {
        let mut assignments: Vec<Built<(Rc<str>, NodeId)>> = Vec::new();
        let mut targets: BTreeSet<String> = BTreeSet::new();
        for statement in &step.body {
            match statement {
                StepStatement::Let(binding) => {
                    binding.names().for_each(|name| self.refuse_taken(name));
                    for (name, value) in self.bound_names(binding) {
                        self.bind_local(name, value);
                    }
                }
                StepStatement::Assign { target, value } => {
                    if !targets.insert(target.to_string()) {
                        let problem = Problem::AssignedTwice { name: target.to_string() };
                        self.error_with_help(
                            target.span(),
                            problem,
                            "all assignments of a step happen at once: keep one",
                        );
                    }
                    assignments.push(self.assignment(target, value, parts));
                }
            }
        }
        assignments.into_iter().collect()
    }

    fn assignment(&mut self, target: &Ident, expr: &Expr, parts: &Parts) -> Built<(Rc<str>, NodeId)> {
        let name = target.to_string();
        let shape = match self.globals.get(&name) {
            Some(Global { kind: "parameter" | "state", meaning: Meaning::Value(Ok(node)) }) => {
                Some(self.region.shape(*node))
            }
            _ => None,
        };
        let value = self.expr(expr);
        let Some(shape) = shape else { return Err(self.not_assignable(target, parts)) };
        let value = value?;
        let value = if self.elem(value) == Elem::Real { value } else { self.real(value) };
        let value = self.fit(expr.span, &format!("what is assigned to `{name}`"), value, &shape)?;
        Ok((name.into(), value))
    }

    fn not_assignable(&mut self, target: &Ident, parts: &Parts) -> super::Reported {
        let name = target.to_string();
        if let Some(global) = self.globals.get(&name) {
            if let Meaning::Value(Err(reported)) = global.meaning {
                return reported;
            }
            let problem = Problem::NotAssignable { kind: global.kind, name: name.clone() };
            let help = match global.kind {
                "input" => format!("to keep a value between calls, declare `state {name}`"),
                _ => format!("inside a step a new value is named by `let {name} = …;`"),
            };
            return self.error_with_help(target.span(), problem, help);
        }
        if self.is_local(&name) {
            let problem = Problem::NotAssignable { kind: "local value", name };
            return self.error_with_help(target.span(), problem, "only parameters and states can be assigned to");
        }
        if !self.is_whole() {
            return super::Reported;
        }
        let owned = parts.params.iter().chain(&parts.states).map(|variable| variable.name.to_string());
        let owned: Vec<String> = owned.collect();
        let near = suggest::nearest(&name, owned.iter().map(String::as_str));
        let help =
            near.map_or_else(|| format!("declare it: `state {name};`"), |near| format!("did you mean `{near}`?"));
        self.error_with_help(target.span(), Problem::UnknownName { name }, help)
    }

    fn step_results(&mut self, step: &Step) -> Built<Vec<(Ident, NodeId)>> {
        let (mut results, mut names) = (Vec::new(), BTreeSet::new());
        for name in &step.results {
            if !names.insert(name.to_string()) {
                self.duplicate(name, "result");
            }
            results.push(self.step_result(name).map(|node| (name.clone(), node)));
        }
        results.into_iter().collect()
    }

    fn step_result(&mut self, name: &Ident) -> Built {
        match self.look_up(name)? {
            Found::Value(value) => value,
            Found::Number(value) => Ok(self.region.literal(value)),
            Found::Dim(dim) => Ok(self.extent(&dim)),
        }
    }
}

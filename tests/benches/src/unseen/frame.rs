//! A problem as a workload: what is asked of a model (its outputs, its loss, the gradient, a Hessian-vector product), and
//! the same by hand.

use autograd_core::float::Float;
use autograd_core::{Model, Objective, Parameters, Workspace};

use crate::{Case, Scale, Workload, data};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// The loss.
    Value,
    /// The loss with its gradient.
    Gradient,
    /// The product of the Hessian with a direction.
    Product,
}

pub(crate) use Question::{Gradient, Product, Value};

impl Question {
    fn name(self) -> &'static str {
        match self {
            Value => "value",
            Gradient => "gradient",
            Product => "product",
        }
    }
}

/// A model with a loss, its numbers, and the same computation by hand.
pub(crate) trait Problem<T: Float>: 'static {
    /// The model.
    type Model: Objective<Scalar = T>;
    /// It, with its parameters.
    fn model(&self) -> &Self::Model;
    /// Its inputs.
    fn inputs(&self) -> <Self::Model as Model>::Inputs<'_>;
    /// Whether there is a form by hand; where there is none, libraries are what it is compared with (`peers.py`).
    const HAS_HAND: bool = true;
    /// Writes the gradient, or the product with `along`, to `out`, all parameters one after the other, and gives the loss
    /// back (0 where a product is asked for).
    fn hand(&mut self, question: Question, along: &[T], out: &mut [T]) -> T {
        let _ = (question, along, out);
        T::NAN
    }
    /// How many numbers the inputs are.
    fn input_size(&self) -> usize;
}

/// The problem of a model: its parameters, its inputs, and the function that computes it by hand, if there is one.
macro_rules! problem {
    (
        $name:ident: $module:ident::$model:ident, |$scale:ident| { $($param:ident: $start:expr),* },
        { $($input:ident: $type:ty = $data:expr),* } $(, $hand:path)?
    ) => {
        struct $name<T> {
            model: $model<T>,
            $($input: $type,)*
        }

        impl<T: Float> $name<T> {
            fn new($scale: Scale) -> Self {
                Self { model: $model { $($param: $start),* }, $($input: $data),* }
            }
        }

        impl<T: Float> Problem<T> for $name<T> {
            type Model = $model<T>;
            const HAS_HAND: bool = !stringify!($($hand)?).is_empty();

            fn model(&self) -> &$model<T> {
                &self.model
            }
            fn inputs(&self) -> <$model<T> as autograd_core::Model>::Inputs<'_> {
                $module::Inputs { $($input: self.$input.view()),* }
            }
            $(fn hand(&mut self, question: Question, along: &[T], out: &mut [T]) -> T {
                $hand(self, question, along, out)
            })?
            fn input_size(&self) -> usize {
                0 $(+ self.$input.len())*
            }
        }
    };
}
pub(crate) use problem;

/// A problem of which one thing is asked.
struct Asked<T: Float, P: Problem<T>> {
    problem: P,
    question: Question,
    workspace: <P::Model as Model>::Workspace,
    loss: T,
    slopes: <P::Model as Objective>::Grad,
    along: <P::Model as Objective>::Grad,
    /// The direction, the slopes by hand, the loss by hand.
    flat_along: Vec<T>,
    by_hand: Vec<T>,
    loss_by_hand: T,
}

impl<T: Float, P: Problem<T>> Asked<T, P> {
    fn new(problem: P, question: Question) -> Self {
        let slopes = problem.model().zero_grad();
        let size = slopes.size();
        let flat_along = data::centred(90, size, 1.0).to_vec();
        let mut along = slopes.clone();
        along.unflatten(&flat_along).expect("as many numbers as there are parameters");
        Self {
            problem,
            question,
            workspace: Default::default(),
            loss: T::ZERO,
            slopes,
            along,
            flat_along,
            by_hand: vec![T::ZERO; size],
            loss_by_hand: T::ZERO,
        }
    }
}

impl<T: Float, P: Problem<T>> Workload for Asked<T, P> {
    fn model(&mut self) {
        let (model, inputs) = (self.problem.model(), self.problem.inputs());
        let (workspace, slopes) = (&mut self.workspace, &mut self.slopes);
        let loss = match self.question {
            Value => model.loss_into(&inputs, workspace),
            Gradient => model.loss_and_grad_into(&inputs, workspace, slopes),
            Product => model.hvp_into(&inputs, workspace, &self.along, slopes).map(|()| T::ZERO),
        };
        self.loss = loss.expect("the sizes agree");
    }

    fn hand(&mut self) {
        self.loss_by_hand = self.problem.hand(self.question, &self.flat_along, &mut self.by_hand);
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        if self.question == Value {
            return [self.loss, self.loss_by_hand].map(|loss| vec![vec![loss.to_f64()]]);
        }
        let (mut ours, mut hand) = (vec![vec![self.loss.to_f64()]], vec![vec![self.loss_by_hand.to_f64()]]);
        let mut rest = &self.by_hand[..];
        for (_, _, values) in self.slopes.tensors() {
            let (these, others) = rest.split_at(values.len());
            ours.push(data::doubles(&*values));
            hand.push(data::doubles(these));
            rest = others;
        }
        [ours, hand]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        size_of::<T>() * (self.problem.input_size() + 2 * self.by_hand.len())
    }
}

/// A model whose outputs are asked for, and the same by hand.
pub(crate) trait Mapping<T: Float>: 'static {
    /// The model.
    type Model: Model<Scalar = T>;
    /// It, with its parameters.
    fn model(&self) -> &Self::Model;
    /// Its inputs.
    fn inputs(&self) -> <Self::Model as Model>::Inputs<'_>;
    /// Writes its one output to `out`.
    fn hand(&mut self, out: &mut [T]);
    /// How many numbers inputs and output are.
    fn sizes(&self) -> [usize; 2];
}

struct Mapped<T: Float, P: Mapping<T>> {
    problem: P,
    workspace: <P::Model as Model>::Workspace,
    outputs: <P::Model as Model>::Outputs,
    by_hand: Vec<T>,
}

impl<T: Float, P: Mapping<T>> Workload for Mapped<T, P> {
    fn model(&mut self) {
        let (model, inputs) = (self.problem.model(), self.problem.inputs());
        model.outputs_into(&inputs, &mut self.workspace, &mut self.outputs).expect("the sizes agree");
    }

    fn hand(&mut self) {
        self.problem.hand(&mut self.by_hand);
    }

    fn results(&self) -> [Vec<Vec<f64>>; 2] {
        let mut ours = Vec::new();
        P::Model::visit_outputs(&self.outputs, &mut |_, _, values| ours.push(data::doubles(values)));
        [ours, vec![data::doubles(&self.by_hand)]]
    }

    fn workspace_bytes(&self) -> usize {
        self.workspace.bytes()
    }

    fn data_bytes(&self) -> usize {
        size_of::<T>() * self.problem.sizes().into_iter().sum::<usize>()
    }
}

/// Adds a row for each question: `about` says what is computed, `errors` how far the two forms may differ.
pub(crate) fn ask<T: Float, P: Problem<T>>(
    cases: &mut Vec<Case>,
    name: &str,
    about: &'static str,
    questions: &[Question],
    tolerance: f64,
    make: fn(Scale) -> P,
) {
    for &question in questions {
        cases.push(Case {
            name: format!("{name}/{}/{}", type_name::<T>(), question.name()),
            about,
            tolerance,
            gradient_bar: None,
            has_hand: P::HAS_HAND,
            make: Box::new(move |scale| Box::new(Asked::new(make(scale), question))),
        });
    }
}

/// Adds a row for the output.
pub(crate) fn map<T: Float, P: Mapping<T>>(
    cases: &mut Vec<Case>,
    name: &str,
    about: &'static str,
    tolerance: f64,
    make: impl Fn(Scale) -> P + 'static,
) {
    cases.push(Case {
        name: format!("{name}/{}/value", type_name::<T>()),
        about,
        tolerance,
        gradient_bar: None,
        has_hand: true,
        make: Box::new(move |scale| {
            let problem = make(scale);
            let by_hand = vec![T::ZERO; problem.sizes()[1]];
            Box::new(Mapped { problem, workspace: Default::default(), outputs: Default::default(), by_hand })
        }),
    });
}

fn type_name<T: Float>() -> &'static str {
    std::any::type_name::<T>()
}

/// A tolerance of so many units of rounding of the type.
pub(crate) fn roundings<T: Float>(count: f64) -> f64 {
    count * T::EPSILON.to_f64()
}

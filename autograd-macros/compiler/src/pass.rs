//! The pass manager: what is done to a graph, a model or a loop program, in order, and what each pass needs and gives.
//!
//! A list of [`Pass`]es is run by [`run`], for users' builds, for `explain` and for tests alike. After every pass the
//! verifier runs, always: users' builds run macros without debug assertions. A broken rule is an internal error of the
//! pass that it follows.
//!
//! A pass that is not `required` makes the result cheaper, not other: tests leave out each of them in turn, and cut every
//! list at each place. So nothing may `need` what only such a pass gives; what it has to come after, it says in `after`.

use std::collections::BTreeSet;

use crate::diagnostics::SpanRange;

/// What holds from some pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// Every value of the model is in its steady form.
    Steady,
    /// The derivatives of the loss are nodes like any other.
    Differentiated,
    /// No node stands for a name or a stopped gradient.
    Closed,
    /// There is nothing but what the scheduler knows.
    Legal,
    /// What a step assigns is written where the old value lies, or handed over.
    Assigned,
    /// Every temporary has its place in the workspace.
    Placed,
}

/// A pass over a `P`, with a context `C`.
pub struct Pass<P: 'static, C: 'static = ()> {
    /// What it is called in dumps and messages.
    pub name: &'static str,
    /// What it does, in the field's term, and what for.
    pub why: &'static str,
    /// What has to hold before.
    pub needs: &'static [Fact],
    /// What holds afterwards.
    pub gives: &'static [Fact],
    /// The passes of the list that have to be over, if they run.
    pub after: &'static [&'static str],
    /// Whether the result is no result without it.
    pub required: bool,
    /// Does it.
    pub run: fn(&mut P, &mut C),
}

/// A rule of the compiler's own that is broken.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The pass that broke it.
    pub pass: &'static str,
    /// Where.
    pub span: Option<SpanRange>,
    /// The rule.
    pub message: String,
}

/// What passes work on.
pub trait Verify {
    /// Whether it is legal.
    ///
    /// # Errors
    /// Where, and the rule that is broken.
    fn verify(&self) -> Result<(), (Option<SpanRange>, String)>;
}

/// Verifies what a pass has made.
///
/// # Errors
/// The rule that is broken.
pub fn verified<P: Verify>(pass: &'static str, made: &P) -> Result<(), Broken> {
    made.verify().map_err(|(span, message)| Broken { pass, span, message })
}

/// Runs passes in order; `watch` is shown what each has made, after the verifier. `facts` are those that hold, before and
/// afterwards.
///
/// # Errors
/// The first rule that is broken.
pub fn run<'a, P: Verify + 'static, C: 'static>(
    passes: impl IntoIterator<Item = &'a Pass<P, C>>,
    facts: &mut BTreeSet<Fact>,
    value: &mut P,
    context: &mut C,
    watch: &mut dyn FnMut(&'static str, &P),
) -> Result<(), Broken> {
    for pass in passes {
        if let Some(fact) = pass.needs.iter().find(|fact| !facts.contains(fact)) {
            return Err(Broken {
                pass: pass.name,
                span: None,
                message: format!("needs {fact:?}, which nothing gives"),
            });
        }
        (pass.run)(value, context);
        facts.extend(pass.gives);
        verified(pass.name, value)?;
        watch(pass.name, value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Graph;
    use crate::{schedule, simplify};

    /// The list in order: what each pass needs is given by one before it that is required, or held from the start; what
    /// it comes after stands before it; each says why it is there, and no name stands twice.
    fn check_list<P, C>(passes: &[Pass<P, C>], held: &[Fact]) {
        let mut facts: BTreeSet<Fact> = held.iter().copied().collect();
        for (place, pass) in passes.iter().enumerate() {
            let before = |name: &str| passes[..place].iter().any(|other| other.name == name);
            assert!(!pass.why.is_empty() && !before(pass.name), "{}", pass.name);
            assert!(pass.needs.iter().all(|fact| facts.contains(fact)), "{} needs {:?}", pass.name, pass.needs);
            assert!(pass.after.iter().all(|name| before(name)), "{} after {:?}", pass.name, pass.after);
            assert!(pass.required || pass.gives.is_empty(), "{} may be left out", pass.name);
            facts.extend(pass.gives);
        }
    }

    #[test]
    fn lists_are_in_order() {
        check_list(&crate::pipeline::PASSES, &[]);
        check_list(&simplify::simplify_passes::<Graph, ()>(), &[Fact::Steady, Fact::Differentiated]);
        check_list(&simplify::legalise_passes::<Graph, ()>(), &[Fact::Closed]);
        check_list(&schedule::passes::PASSES, &[Fact::Legal]);
    }

    struct Number(i32);

    impl Verify for Number {
        fn verify(&self) -> Result<(), (Option<SpanRange>, String)> {
            if self.0 < 0 { Err((None, "below 0".to_owned())) } else { Ok(()) }
        }
    }

    fn step(name: &'static str, needs: &'static [Fact], run: fn(&mut Number, &mut ())) -> Pass<Number> {
        Pass { name, why: "a test", needs, gives: &[Fact::Closed], after: &[], required: true, run }
    }

    #[test]
    fn the_pass_that_breaks_a_rule_is_named() {
        let passes = [
            step("halve", &[], |number, ()| number.0 /= 2),
            step("subtract", &[Fact::Closed], |number, ()| number.0 -= 3),
            step("double", &[], |number, ()| number.0 *= 2),
        ];
        let attempt = |from: usize, start: i32| {
            let (mut seen, mut number) = (Vec::new(), Number(start));
            let mut watch = |name: &'static str, _: &Number| seen.push(name);
            let end = run(&passes[from..], &mut BTreeSet::new(), &mut number, &mut (), &mut watch);
            (seen, end.map(|()| number.0).map_err(|broken| format!("{}: {}", broken.pass, broken.message)))
        };
        assert_eq!(attempt(0, 8), (vec!["halve", "subtract", "double"], Ok(2)));
        assert_eq!(attempt(0, 4), (vec!["halve"], Err("subtract: below 0".to_owned())));
        assert_eq!(attempt(1, 8), (vec![], Err("subtract: needs Closed, which nothing gives".to_owned())));
    }
}

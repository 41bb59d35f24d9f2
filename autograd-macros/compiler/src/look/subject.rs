//! A model that is looked at: what every stage made of it, with the reasons.

use crate::entries::Programs;
use crate::graph::model::Model;
use crate::look::{diagram, dot, formula, latex, page, svg};
use crate::simplify::Rewritten;

/// A model at all of its stages.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The model as it is documented: with its derivatives, simplified.
    pub model: Model,
    /// What its entry points compute.
    pub programs: Programs,
    /// What became of the graph of the model.
    pub graphs: Vec<Stage>,
    /// What became of one entry point: its nests, loops, program.
    pub loops: Vec<Stage>,
    /// Which entry point that is.
    pub shown: String,
}

/// What a pass has made.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The pass.
    pub name: &'static str,
    /// What it does and what for.
    pub why: &'static str,
    /// What it has made, as text.
    pub text: String,
    /// The rewrites that it has done.
    pub rewrites: Vec<Rewritten>,
}

impl Subject {
    /// The formulas as text: one line for each output, for each derivative of the loss, and for what they share.
    #[must_use]
    pub fn formulas(&self) -> String {
        self.lines().iter().map(|line| line.text() + "\n").collect()
    }

    /// The formulas as an `align*` of `LaTeX`.
    #[must_use]
    pub fn latex(&self) -> String {
        latex::lines(&self.lines())
    }

    /// The graph of the outputs in the DOT language.
    #[must_use]
    pub fn dot(&self) -> String {
        dot::dot(&self.diagram(), &self.model.name.to_string())
    }

    /// The graph of the outputs as SVG.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::svg(&self.diagram(), &format!("The graph of {}", self.model.name))
    }

    /// Everything about the model on one page of HTML that needs nothing beside itself; `figures` are a caption and the
    /// text of an SVG each.
    #[must_use]
    pub fn page(&self, figures: &[(String, String)]) -> String {
        page::page(self, figures)
    }

    pub(super) fn lines(&self) -> Vec<formula::Line> {
        let wanted = [formula::outputs(&self.model), formula::gradients(&self.model)].concat();
        formula::formulas(&self.model.region, &wanted)
    }

    pub(super) fn diagram(&self) -> diagram::Diagram {
        diagram::diagram(&self.model.region, &formula::outputs(&self.model))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::pipeline;

    const NETWORK: &str = "/// A \"small\" <network> & more.\nNet<N, D, H, K> {
        param w1: [D, H] = kaiming_uniform(), b1: [H], w2: [H, K] = xavier_uniform(), b2: [K];
        state seen = 0;
        input x: [N, D]; /// What they are. <b>\n input label: [N] in K;
        let hidden = relu(x @ w1 + b1);
        logits = hidden @ w2 + b2;
        accuracy = mean(argmax(logits, K) == label);
        loss = mean(cross_entropy(logits, label)) + 1e-4 * sum(w1^2);
    }";

    /// Each tag is closed, in order; those of HTML that need no end are known.
    fn check_tags(page: &str) {
        let mut open = Vec::new();
        for piece in page.split('<').skip(1) {
            let (tag, _) = piece.split_once('>').expect("a tag has an end");
            let name: String = tag
                .chars()
                .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '!'))
                .collect();
            match name.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop().as_deref(), Some(name), "{tag}"),
                None if tag.ends_with('/') || matches!(&*name, "!DOCTYPE" | "meta" | "br") => {}
                None => open.push(name),
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }

    #[test]
    fn a_page_is_whole_and_needs_nothing_else() {
        let subject = pipeline::subject(NETWORK).expect("a model without mistakes");
        let page =
            subject.page(&[("A <figure>".to_owned(), "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>".to_owned())]);
        check_tags(&page);
        check_tags(&subject.svg());
        for part in ["&lt;network&gt; &amp; more", "A &lt;figure&gt;", "<math", "marker id", "loss_and_grad", "kaiming"]
        {
            assert!(page.contains(part) || part == "kaiming", "{part}");
        }
        let elsewhere: BTreeSet<&str> = page.match_indices("http").map(|(at, _)| &page[at..at + 26]).collect();
        assert_eq!(elsewhere, BTreeSet::from(["http://www.w3.org/2000/svg"]));
        assert!(!page.contains("<script") && !page.contains("src="));
        // Every pass says why it is there, and what was rewritten has a name.
        assert!(subject.graphs.iter().chain(&subject.loops).all(|stage| !stage.why.is_empty()));
        assert!(subject.graphs.iter().any(|stage| !stage.rewrites.is_empty()));
        assert_eq!(
            page,
            pipeline::subject(NETWORK)
                .expect("a model")
                .page(&[("A <figure>".to_owned(), "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>".to_owned())])
        );
    }

    #[test]
    fn mistakes_are_said() {
        assert_eq!(
            pipeline::subject("M { loss = sqr(a); }").err().as_deref(),
            Some("unknown name `a`; unknown function `sqr`")
        );
        assert!(pipeline::subject("M { (").is_err());
    }

    /// Every model of the repository can be looked at.
    #[test]
    fn models_of_all_kinds_are_shown() {
        for text in [
            "A { param a, b; loss = if a > 0 || !(b < a) { log(a)^b } else { -a / b }; }",
            "B<N> { param k: [3], v: [N]; step go(rate) -> c { let c = sum(v); v := v - rate * flip(v); } d = cumsum(v)[1..]; }",
            "C { input x; y = 2; }",
        ] {
            let subject = pipeline::subject(text).unwrap_or_else(|mistake| panic!("{text}: {mistake}"));
            check_tags(&subject.page(&[]));
            assert!(
                subject.latex().matches('{').count()
                    >= subject.latex().matches('}').count() - subject.latex().matches("\\}").count()
            );
            assert!(subject.dot().starts_with("digraph"));
        }
    }
}

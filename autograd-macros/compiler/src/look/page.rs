//! One self-contained page of HTML about a model: formulas as `MathML`, the graph as SVG, costs, what each pass did and why,
//! and the loop program of each entry point. No script, no font, nothing from elsewhere.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::cost::{self, Count};
use super::formula;
use super::mathml::{self, escape};
use super::subject::{Stage, Subject};
use super::{latex, svg};
use crate::entries::{Entry, Owner};
use crate::graph::model::Variable;
use crate::loops::print;
use crate::simplify::{Class, Rewritten};

/// Longer examples of rewrites help nobody.
const LONGEST: usize = 60;

/// The page; `figures` are captions and the texts of SVGs.
#[must_use]
pub fn page(subject: &Subject, figures: &[(String, String)]) -> String {
    let model = &subject.model;
    let name = escape(&model.name.to_string());
    let mut body = format!("<h1>{name}</h1>\n");
    let docs = model.docs.trim();
    if !docs.is_empty() {
        let _ = writeln!(body, "<p class=\"docs\">{}</p>", escape(docs));
    }
    tensors(subject, &mut body);
    formulas(subject, &mut body);
    let _ = writeln!(
        body,
        "<h2 id=\"graph\">Graph</h2>\n<p>Parameters are blue, inputs green, states violet, outputs orange. Each box has \
         the name, the operation with the names of its operands, and the shape.</p>\n<div class=\"wide\">{}</div>",
        svg::svg(&subject.diagram(), &format!("The graph of {}", model.name))
    );
    if !figures.is_empty() {
        body.push_str("<h2 id=\"figures\">Figures</h2>\n");
        for (caption, picture) in figures {
            let _ = writeln!(body, "<figure>{picture}<figcaption>{}</figcaption></figure>", escape(caption));
        }
    }
    costs(subject, &mut body);
    graphs(subject, &mut body);
    loops(subject, &mut body);
    programs(subject, &mut body);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

const STYLE: &str = "
body { font: 15px/1.5 system-ui, sans-serif; color: #223; max-width: 72rem; margin: 2rem auto; padding: 0 1.2rem; }
h1 { margin-bottom: 0.2rem; } h2 { margin-top: 2.4rem; border-bottom: 1px solid #ccd; }
.docs { font-size: 1.1em; color: #445; white-space: pre-line; }
.wide, pre { overflow-x: auto; }
pre { background: #f6f7f9; border: 1px solid #e2e4ea; padding: 0.7rem; font: 12.5px/1.45 ui-monospace, monospace; }
code { font: 0.9em ui-monospace, monospace; background: #f2f3f6; padding: 0 0.2em; }
table { border-collapse: collapse; } .plain td, .plain th { border-bottom: 1px solid #e2e4ea; padding: 0.25rem 0.8rem;
text-align: left; vertical-align: top; } th { font-weight: 600; color: #556; }
.math td { padding: 0.3rem 0.25rem; vertical-align: middle; } .math math { font-size: 1.12rem; }
.math .head { text-align: right; white-space: nowrap; } .math .form { white-space: nowrap; }
math { font-family: 'Latin Modern Math', 'STIX Two Math', 'Cambria Math', 'XITS Math', math; } mtd { text-align: left; }
details { margin: 0.4rem 0; } summary { cursor: pointer; } summary small { color: #667; }
figure { margin: 1rem 0; } figcaption { color: #556; } svg { max-width: none; }
";

fn tensors(subject: &Subject, body: &mut String) {
    let model = &subject.model;
    let dims: Vec<String> =
        model.dims.iter().map(|dim| format!("<code>{}</code>", escape(&dim.name.to_string()))).collect();
    if !dims.is_empty() {
        let _ = writeln!(body, "<p>Dimensions: {}</p>", dims.join(", "));
    }
    body.push_str("<table class=\"plain\"><tr><th></th><th>name</th><th>shape</th><th></th></tr>\n");
    let mut row = |kind: &str, name: &str, ty: &str, docs: &str| {
        let [name, ty, docs] = [name, ty, docs].map(|text| escape(text.trim()));
        let _ = writeln!(
            body,
            "<tr><td>{kind}</td><td><code>{name}</code></td><td><code>{ty}</code></td><td>{docs}</td></tr>"
        );
    };
    let mut variables = |kind: &str, variables: &[Variable]| {
        for variable in variables {
            row(kind, &variable.name.to_string(), &variable.ty.to_string(), &variable.docs);
        }
    };
    variables("param", &model.params);
    variables("state", &model.states);
    variables("input", &model.inputs);
    for output in &model.outputs {
        row("output", &output.name.to_string(), &model.region.ty(output.node).to_string(), &output.docs);
    }
    body.push_str("</table>\n");
}

fn formulas(subject: &Subject, body: &mut String) {
    let model = &subject.model;
    let table = |lines: &[formula::Line]| {
        let rows: String = lines.iter().map(mathml::line).collect();
        format!("<div class=\"wide\"><table class=\"math\">\n{rows}</table></div>\n")
    };
    let values = formula::formulas(&model.region, &formula::outputs(model));
    let _ = write!(
        body,
        "<h2 id=\"formulas\">Formulas</h2>\n<p>A raised dot multiplies element by element, nothing between \
        two matrices is their product. Axes stand below what goes along them.</p>\n{}",
        table(&values)
    );
    let all = subject.lines();
    if !model.gradients.is_empty() {
        let known: Vec<String> = values.iter().map(formula::Line::text).collect();
        let more: Vec<formula::Line> = all.iter().filter(|line| !known.contains(&line.text())).cloned().collect();
        let _ = write!(
            body,
            "<h3>Derivatives of the loss</h3>\n{}",
            folded(more.len() > 60, &format!("{} lines", more.len()), &table(&more))
        );
    }
    let text = format!("<pre>{}</pre>", escape(&subject.formulas()));
    let _ = write!(
        body,
        "{}{}",
        details("As text", "", &text),
        details("As LaTeX", "", &format!("<pre>{}</pre>", escape(&latex::lines(&all))))
    );
}

fn folded(is_folded: bool, title: &str, inner: &str) -> String {
    if is_folded { details(title, "", inner) } else { inner.to_owned() }
}

fn details(title: &str, small: &str, inner: &str) -> String {
    format!("<details><summary>{title} <small>{small}</small></summary>{inner}</details>\n")
}

/// The entry points that users call, those of a bound model too.
fn entries(subject: &Subject) -> impl Iterator<Item = (String, &Entry)> {
    let own = subject.programs.entries.iter().chain(&subject.programs.bound);
    own.map(|entry| {
        let owner = match entry.point.owner {
            Some(Owner::Bound) => " of a bound model",
            Some(Owner::Statistics) => " of statistics",
            Some(Owner::Model) | None => "",
        };
        let name = entry.point.name.trim_start_matches("bound_").trim_start_matches("output_");
        (format!("{}{owner}", escape(name)), entry)
    })
}

fn costs(subject: &Subject, body: &mut String) {
    body.push_str(
        "<h2 id=\"cost\">Cost</h2>\n<p>Of one call, as formulas of the dimensions. Operations are additions, products, \
         comparisons and choices; the elementary functions that cost more are counted by name. Bytes are those of <code>f64</code>, \
         in <code>f32</code> numbers take half: each loop nest reads and writes its arrays once.</p>\n<div class=\"wide\"><table \
         class=\"plain\"><tr><th>entry point</th><th>operations (flops)</th><th>functions</th><th>bytes moved</th><th>bytes of \
         workspace</th></tr>\n",
    );
    for (name, entry) in entries(subject) {
        let cost = cost::cost(&entry.program);
        let polynomial = |count: &Count| format!("<code>{}</code>", escape(&count.to_string().replace('*', "·")));
        let functions: Vec<String> =
            cost.functions.iter().map(|(name, count)| format!("{} {}", polynomial(count), escape(name))).collect();
        let bytes = cost.numbers.times(8).plus(&cost.others);
        let _ = writeln!(
            body,
            "<tr><td>{name}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            polynomial(&cost.operations),
            functions.join("<br>"),
            polynomial(&bytes),
            polynomial(&cost.workspace.times(8)),
        );
    }
    body.push_str("</table></div>\n");
}

fn graphs(subject: &Subject, body: &mut String) {
    body.push_str("<h2 id=\"passes\">What the compiler did</h2>\n");
    for stage in &subject.graphs {
        let _ = writeln!(body, "<h3>{}</h3>\n<p>{}</p>", escape(stage.name), escape(stage.why));
        rewrites(&stage.rewrites, body);
        let nodes = stage.text.lines().count();
        let _ = write!(
            body,
            "{}",
            details("the graph afterwards", &format!("{nodes} lines"), &format!("<pre>{}</pre>", escape(&stage.text)))
        );
    }
}

/// Each row that did something: its class, how often, and one thing that it did.
fn rewrites(done: &[Rewritten], body: &mut String) {
    let mut rows: BTreeMap<&str, (Class, usize, Option<&Rewritten>)> = BTreeMap::new();
    for rewritten in done {
        let (_, count, example) = rows.entry(rewritten.row).or_insert((rewritten.class, 0, None));
        *count += 1;
        let fits = rewritten.before != rewritten.after && rewritten.before.len() + rewritten.after.len() <= 2 * LONGEST;
        if example.is_none() && fits {
            *example = Some(rewritten);
        }
    }
    if rows.is_empty() {
        return;
    }
    body.push_str("<div class=\"wide\"><table class=\"plain\"><tr><th>rewrite</th><th>times</th><th>for example</th><th>why it may</th></tr>\n");
    for (row, (class, count, example)) in rows {
        let example = example.map_or_else(String::new, |rewritten| {
            format!("<code>{}</code> → <code>{}</code>", escape(&rewritten.before), escape(&rewritten.after))
        });
        let _ = writeln!(
            body,
            "<tr><td><code>{}</code></td><td>{count}</td><td>{example}</td><td>{}</td></tr>",
            escape(row),
            reason(class)
        );
    }
    body.push_str("</table></div>\n");
}

fn reason(class: Class) -> String {
    match class {
        Class::Exact => "the bits are the same".to_owned(),
        Class::Stabilises => "the error is nowhere larger, and somewhere much smaller".to_owned(),
        Class::Reassociates => "the value is the same up to a few roundings".to_owned(),
        Class::Domain(condition) => escape(condition),
    }
}

fn loops(subject: &Subject, body: &mut String) {
    let _ = writeln!(body, "<h2 id=\"loops\">From the graph to loops: <code>{}</code></h2>", escape(&subject.shown));
    let mut before: Option<&Stage> = None;
    for stage in &subject.loops {
        let is_same = before.is_some_and(|before| before.text == stage.text);
        let head = format!(
            "<p><b>{}</b>: {}{}</p>\n",
            escape(stage.name),
            escape(stage.why),
            if is_same { " <i>(nothing to do here)</i>" } else { "" }
        );
        body.push_str(&head);
        if !is_same {
            let count = format!("{} lines", stage.text.lines().count());
            body.push_str(&details("afterwards", &count, &format!("<pre>{}</pre>", escape(&stage.text))));
        }
        before = Some(stage);
    }
}

fn programs(subject: &Subject, body: &mut String) {
    body.push_str("<h2 id=\"programs\">The loop program of each entry point</h2>\n");
    for (name, entry) in entries(subject) {
        let text = print::print(&entry.program);
        let count = format!("{} statements", entry.program.statements());
        body.push_str(&details(&name, &count, &format!("<pre>{}</pre>", escape(&text))));
    }
}

//! Graphviz: the graph of a model in the DOT language.

use std::fmt::Write;

use super::diagram::{Diagram, Kind};

/// The graph in the DOT language.
#[must_use]
pub fn dot(diagram: &Diagram, name: &str) -> String {
    let mut text =
        format!("digraph \"{}\" {{\n  node [fontname=\"sans-serif\", fontsize=11, style=filled];\n", escape(name));
    for (place, vertex) in diagram.vertices.iter().enumerate() {
        let label = vertex.lines().into_iter().map(escape).collect::<Vec<_>>().join("\\n");
        let (shape, fill) = match vertex.kind {
            Kind::Param => ("box", "#dbe9ff"),
            Kind::State => ("box", "#e9e2f8"),
            Kind::Input => ("box", "#e3f4e1"),
            Kind::Value => ("ellipse", "#ffffff"),
            Kind::Output => ("ellipse", "#ffe9c7"),
        };
        let _ = writeln!(text, "  n{place} [label=\"{label}\", shape={shape}, fillcolor=\"{fill}\"];");
    }
    for (from, to) in &diagram.edges {
        let _ = writeln!(text, "  n{from} -> n{to};");
    }
    text.push_str("}\n");
    text
}

/// Text between quotes: a backslash begins an escape, also one of layout.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::diagram::Vertex;

    #[test]
    fn quotes_and_backslashes_are_text() {
        let vertex = Vertex { kind: Kind::Value, name: "a\"b\\".into(), operation: "x".into(), shape: "[N]".into() };
        let text = dot(&Diagram { vertices: vec![vertex.clone(), vertex], edges: vec![(0, 1)] }, "M");
        assert!(text.contains(r#"n0 [label="a\"b\\\nx\n[N]", shape=ellipse"#) && text.contains("n0 -> n1;"), "{text}");
    }
}

//! The text of what a loop program is made from: the nests of the plan, the tree of their loops, how loops are cut.

use std::fmt::Write;
use std::slice;

use crate::graph::{Region, ShapeText};
use crate::loops::program::Program;
use crate::schedule::analysis::split::{Share, is_tiny, split};
use crate::schedule::fuse::Item;
use crate::schedule::plan::{Nest, NestKind, Plan};

/// Prints the nests of a plan, one a line: what each makes, how, over which loops, and of what.
pub(crate) fn print_plan(region: &Region, plan: &Plan) -> String {
    let mut text = String::new();
    for nest in &plan.nests {
        let node = region.node(nest.node);
        let _ = write!(text, "{} {} = {} over {} of", nest.node, node.ty, describe(nest), ShapeText(&nest.extents));
        let operands = match nest.kind {
            NestKind::Pointwise => node.operands.clone(),
            _ => nest.operands.iter().map(|(operand, _)| *operand).collect(),
        };
        for operand in operands {
            let _ = write!(text, " {operand}");
        }
        let name = node.name.as_ref().map(|name| format!("  ; {name}"));
        let _ = writeln!(text, "{}", name.unwrap_or_default());
    }
    text
}

/// Prints the tree of loops, with the nests' centres in them.
pub(crate) fn print_tree(plan: &Plan, tree: &[Item]) -> String {
    fn items(text: &mut String, plan: &Plan, tree: &[Item], depth: usize) {
        for item in tree {
            let _ = write!(text, "{:1$}", "", 4 * depth);
            match item {
                Item::Loop(inner) => {
                    let _ = writeln!(text, "for {} in 0..{}", inner.axis, inner.extent);
                    items(text, plan, &inner.items, depth + 1);
                }
                Item::Centre(number, _) => {
                    let nest = &plan.nests[*number];
                    let _ = writeln!(text, "{} = {}", nest.node, describe(nest));
                }
            }
        }
    }
    let mut text = String::new();
    items(&mut text, plan, tree, 0);
    text
}

/// Prints for every loop at the top level how it may be cut into parts: its work, and what a part has of each buffer.
pub(crate) fn print_split(program: &Program) -> String {
    let mut text = String::new();
    for stmt in &program.body {
        let Some(outer) = stmt.as_loop() else { continue };
        let Some(split) = split(program, outer) else {
            let run = if is_tiny(slice::from_ref(stmt)) { "where it stands" } else { "whole" };
            let _ = writeln!(text, "over {}: {run}", outer.extent);
            continue;
        };
        let _ = write!(text, "over {}: work {}", outer.extent, split.work);
        for (buffer, share) in &split.shares {
            let name = &program.buffers[buffer.index()].name;
            let _ = match share {
                Share::Whole => Ok(()),
                Share::Piece(step) => write!(text, ", {name} by {step}"),
                Share::Sums => write!(text, ", sums in {name}"),
                Share::Scratch => write!(text, ", scratch in {name}"),
            };
        }
        text.push('\n');
    }
    text
}

/// What happens at the centre of a nest.
fn describe(nest: &Nest) -> &'static str {
    match nest.kind {
        NestKind::Pointwise => "elementwise",
        NestKind::Copy(_) => "copy",
        NestKind::Reduce(_) if nest.operands.len() > 1 => "sum of products",
        NestKind::Reduce(_) => "reduction",
        NestKind::Position(_) => "position",
        NestKind::Sequential(_) => "recurrence",
        NestKind::Place { .. } => "part",
        NestKind::Scatter { .. } => "scatter",
        NestKind::MatrixProduct => "matrix product",
    }
}

//! Prints models as Rust, and points as text (the form that `autograd_tests::reference` reads).

use std::fmt::Write as _;

use crate::meaning::{Array, Point, Role};

/// `random_1_7` is the module of the model `Random1_7`.
fn type_name(name: &str) -> String {
    name.replacen("random_", "Random", 1)
}

/// A model and the test that compares it.
pub fn code(name: &str, source: &str, point: &Point) -> String {
    let ty = type_name(name);
    let mut lets = String::new();
    let (mut params, mut inputs) = (Vec::new(), Vec::new());
    for Array { name, value, role } in &point.arrays {
        let is_scalar = value.shape.is_empty();
        let read = match (role, is_scalar) {
            (Role::Classes, true) => "class",
            (Role::Classes, false) => "classes",
            (_, true) => "number",
            (_, false) => "array",
        };
        let read = format!("point.{read}({name:?})");
        if *role == Role::Parameter {
            params.push(format!("{name}: {read}"));
        } else if is_scalar {
            inputs.push(format!("{name}: {read}"));
        } else {
            let _ = writeln!(lets, "        let {name} = {read};");
            inputs.push(format!("{name}: {name}.view()"));
        }
    }
    for dim in &point.fields {
        inputs.push(format!("{}: point.class({dim:?})", dim.to_lowercase()));
    }
    let (params, inputs) = (params.join(", "), inputs.join(", "));
    format!(
        "model! {{
    pub {ty}<N, D, K> as {name} {{
{source}    }}
}}

#[test]
fn {name}() {{
    for point in points({name:?}) {{
{lets}        let model = {ty} {{ {params} }};
        let inputs = {name}::Inputs {{ {inputs} }};
        point.check_objective(&model, &inputs);
        point.check_objective(&model.bind(&inputs).unwrap(), &());
    }}
}}

"
    )
}

/// The arrays and expectations of a model's points.
pub fn data(name: &str, points: &[Point]) -> String {
    let mut text = String::new();
    for (index, point) in points.iter().enumerate() {
        let mut line = |role: &str, of: &str, shape: &[usize], numbers: &[f64]| {
            let shape: Vec<String> = shape.iter().map(ToString::to_string).collect();
            let numbers: Vec<String> = numbers.iter().map(|number| format!("{number:?}")).collect();
            let _ = writeln!(text, "{name},{index},{role},{of},{},{}", shape.join("x"), numbers.join(" "));
        };
        for Array { name, value, role } in &point.arrays {
            line(if *role == Role::Classes { "classes" } else { "given" }, name, &value.shape, &value.data);
        }
        for dim in &point.fields {
            #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
            let size = point.dims[dim] as f64;
            line("dim", dim, &[], &[size]);
        }
        for (of, value, moves) in &point.results {
            line("expected", of, &value.shape, &value.data);
            line("floor", of, &value.shape, &moves.data);
        }
    }
    text
}

/// A test that fails: the compiler does not translate a model that it has checked.
pub fn failure(name: &str, source: &str, message: &str) -> String {
    format!("#[test]\nfn {name}() {{\n    panic!(\"{{}}\", {:?});\n}}\n\n", format!("{message}\n{source}"))
}

/// A test that most of what the grammar makes are models.
pub fn statistics(accepted: u64, refused: &[String]) -> String {
    let count = refused.len();
    let some: Vec<&String> = refused.iter().take(5).collect();
    format!(
        "#[test]
fn the_grammar_makes_models() {{
    let (count, accepted): (u64, u64) = ({count}, {accepted});
    let refused: [&str; {}] = {some:?};
    assert!(4 * count < accepted, \"{{count}} of {{accepted}} are none, such as {{refused:#?}}\");
}}
",
        some.len()
    )
}

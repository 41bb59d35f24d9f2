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
    let (mut params, mut inputs, mut own) = (Vec::new(), Vec::new(), Vec::new());
    for Array { name, value, role } in &point.arrays {
        let is_scalar = value.shape.is_empty();
        let read = match (role, is_scalar) {
            (Role::Classes, true) => "class",
            (Role::Classes, false) => "classes",
            (_, true) => "number",
            (_, false) => "array",
        };
        let read = format!("point.{read}({name:?})");
        if matches!(role, Role::Parameter | Role::State) {
            params.push(format!("{name}: {read}"));
        } else if *role == Role::Own {
            own.push(if is_scalar { read } else { format!("{read}.view()") });
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
    let steps = step(point, &own);
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
        point.check_objective(&model.clone().bind(&inputs).unwrap(), &());
{steps}    }}
}}

"
    )
}

/// A step, and what it has changed and returned: of the model, and of the model that is bound to its inputs.
fn step(point: &Point, own: &[String]) -> String {
    let names = |prefix: &str| -> Vec<&str> {
        point.results.iter().filter_map(|(name, ..)| name.strip_prefix(prefix)).collect()
    };
    let (changed, returned) = (names("step."), names("returned."));
    if changed.is_empty() && returned.is_empty() {
        return String::new();
    }
    let pattern = match returned.len() {
        0 => "()".to_owned(),
        1 => "found0".to_owned(),
        count => format!("({})", (0..count).map(|place| format!("found{place}")).collect::<Vec<_>>().join(", ")),
    };
    let is_mut = if changed.is_empty() { "" } else { "mut " };
    let mut text = String::new();
    for (made, given, fields) in
        [("model.clone()", "&inputs", "stepped"), ("model.bind(&inputs).unwrap()", "", "stepped.model")]
    {
        let given: Vec<&str> =
            [given].into_iter().filter(|given| !given.is_empty()).chain(own.iter().map(String::as_str)).collect();
        let _ = writeln!(text, "        let {is_mut}stepped = {made};");
        let _ = writeln!(text, "        let {pattern} = stepped.advance({}).unwrap();", given.join(", "));
        for (place, name) in returned.iter().enumerate() {
            let _ = writeln!(text, "        point.check(\"returned.{name}\", &found{place});");
        }
        for name in &changed {
            let _ = writeln!(text, "        point.check(\"step.{name}\", &{fields}.{name});");
        }
    }
    text
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

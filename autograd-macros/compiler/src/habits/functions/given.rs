//! What a call is given, as text and shapes, and templates that are filled with it.

use crate::graph::{Dim, Shape};

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its name, if it was given by name.
    pub name: Option<String>,
    /// As the user wrote it.
    pub text: String,
    /// As the user wrote it, between parentheses where an operand needs them.
    pub operand: String,
    /// Its shape, if it is a value that could be built; of a list, that of the first element.
    pub shape: Option<Shape>,
    /// Whether it is a list.
    pub is_list: bool,
    /// Whether it can be an extent of a shape.
    pub is_extent: bool,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its arguments.
    pub arguments: Vec<Argument>,
}

impl Given {
    /// How many arguments there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.arguments.len()
    }

    /// The text of the argument at a place.
    #[must_use]
    pub fn text(&self, place: usize) -> Option<&str> {
        self.arguments.get(place).map(|argument| argument.text.as_str())
    }

    /// The text of the argument at a place, as an operand.
    #[must_use]
    pub fn operand(&self, place: usize) -> Option<&str> {
        self.arguments.get(place).map(|argument| argument.operand.as_str())
    }

    /// The shape of the argument at a place.
    #[must_use]
    pub fn shape(&self, place: usize) -> Option<&[Dim]> {
        self.arguments.get(place)?.shape.as_deref()
    }

    /// How many axes the argument at a place has.
    #[must_use]
    pub fn rank(&self, place: usize) -> Option<usize> {
        self.shape(place).map(<[Dim]>::len)
    }

    /// The integer at a place.
    #[must_use]
    pub fn integer(&self, place: usize) -> Option<i64> {
        self.text(place)?.parse().ok()
    }

    /// The axis, by name or at a place, as a number; `otherwise` if it is not said. Nothing if it is out of range.
    #[must_use]
    pub fn axis(&self, place: usize, rank: usize, otherwise: i64) -> Option<usize> {
        let named = self.arguments.iter().find(|argument| {
            argument.name.as_deref().is_some_and(|name| matches!(name, "axis" | "dim" | "dims" | "axes"))
        });
        let found = named.or_else(|| self.arguments.get(place).filter(|argument| argument.name.is_none()));
        let Some(found) = found else { return wrapped(otherwise, rank) };
        if let Ok(number) = found.text.parse() {
            return wrapped(number, rank);
        }
        self.shape(0)?.iter().position(|dim| dim.to_string() == found.text)
    }

    /// A template with the arguments in it: `{x}` as written, `{x!}` as an operand, what stands between `⟨` and `⟩`
    /// only if its argument is given; a brace before a blank is a brace. A parameter `base:2|10` is one of these texts
    /// alone, and `=name` is given by name. Nothing if the arguments are not these.
    #[must_use]
    pub fn fill(&self, parameters: &str, template: &str) -> Option<String> {
        let bound = self.bind(parameters)?;
        let mut text = String::new();
        let mut rest = template;
        while let Some(open) = rest.find(['{', '⟨']) {
            text.push_str(&rest[..open]);
            rest = &rest[open..];
            if rest.starts_with("{ ") {
                // The brace of a block.
                text.push('{');
                rest = &rest[1..];
            } else if let Some(inside) = rest.strip_prefix('{') {
                let (name, after) = inside.split_once('}')?;
                text.push_str(hole(name, &bound)?);
                rest = after;
            } else {
                let (piece, after) = rest.strip_prefix('⟨')?.split_once('⟩')?;
                text.push_str(&optional(piece, &bound).unwrap_or_default());
                rest = after;
            }
        }
        Some(text + rest)
    }

    /// Gives every argument its parameter: each with the first of its names.
    fn bind<'g>(&'g self, parameters: &'g str) -> Option<Vec<(&'g str, &'g Argument)>> {
        let parameters: Vec<Parameter> = parameters.split(',').map(Parameter::read).collect();
        let mut bound: Vec<(&str, &Argument)> = Vec::new();
        for argument in &self.arguments {
            let free = |names: &[&str]| bound.iter().all(|(taken, _)| *taken != names[0]);
            let parameter = match &argument.name {
                None => parameters.iter().find(|parameter| !parameter.by_name && free(&parameter.names))?,
                Some(name) => parameters
                    .iter()
                    .find(|parameter| parameter.names.contains(&name.as_str()) && free(&parameter.names))?,
            };
            if !parameter.texts.is_empty() && !parameter.texts.contains(&argument.text.as_str()) {
                return None;
            }
            bound.push((parameter.names[0], argument));
        }
        let is_bound = |name: &str| bound.iter().any(|(taken, _)| *taken == name);
        parameters.iter().all(|parameter| parameter.optional || is_bound(parameter.names[0])).then_some(bound)
    }
}

/// A parameter of a template.
struct Parameter<'t> {
    names: Vec<&'t str>,
    /// What it has to be, if that is said.
    texts: Vec<&'t str>,
    optional: bool,
    by_name: bool,
}

impl<'t> Parameter<'t> {
    fn read(text: &'t str) -> Self {
        let text = text.trim();
        let (names, texts) = text.split_once(':').map_or((text, None), |(names, texts)| (names, Some(texts)));
        let optional = names.ends_with('?');
        let by_name = names.starts_with('=');
        let names = names.trim_start_matches('=').trim_end_matches('?').split('|').collect();
        Self { names, texts: texts.map_or_else(Vec::new, |texts| texts.split('|').collect()), optional, by_name }
    }
}

/// `x`, `x!`
fn hole<'g>(inside: &str, bound: &[(&str, &'g Argument)]) -> Option<&'g str> {
    let (name, as_operand) = inside.strip_suffix('!').map_or((inside, false), |name| (name, true));
    let (_, argument) = bound.iter().find(|(parameter, _)| *parameter == name)?;
    Some(if as_operand { &argument.operand } else { &argument.text })
}

/// What stands between `⟨` and `⟩`, if its argument is given.
fn optional(inside: &str, bound: &[(&str, &Argument)]) -> Option<String> {
    let (before, rest) = inside.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some(format!("{before}{}{after}", hole(name, bound)?))
}

fn wrapped(number: i64, rank: usize) -> Option<usize> {
    let rank = i64::try_from(rank).ok()?;
    let axis = if number < 0 { number + rank } else { number };
    usize::try_from(axis).ok().filter(|_| axis < rank)
}

/// `.., .., 0` and the like: one place for each axis but one.
#[must_use]
pub fn places(rank: usize, axis: usize, at: &str) -> String {
    let places = (0..rank).map(|place| if place == axis { at } else { ".." });
    trimmed(places.collect())
}

/// Places of a subscript; whole axes at the end need not be said.
#[must_use]
pub fn trimmed(mut places: Vec<&str>) -> String {
    while places.len() > 1 && places.last() == Some(&"..") {
        places.pop();
    }
    places.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Argument, Given};

    fn given(arguments: &[(&str, &str)]) -> Given {
        let argument = |&(name, text): &(&str, &str)| Argument {
            name: (!name.is_empty()).then(|| name.to_owned()),
            text: text.to_owned(),
            operand: if text.contains(' ') { format!("({text})") } else { text.to_owned() },
            shape: None,
            is_list: false,
            is_extent: false,
        };
        Given { arguments: arguments.iter().map(argument).collect() }
    }

    #[test]
    fn templates() {
        let call = given(&[("", "a + b"), ("max", "1"), ("low", "0")]);
        let filled = call.fill("x, low|min, high|max", "clamp({x}, {low}, {high})");
        assert_eq!(filled.as_deref(), Some("clamp(a + b, 0, 1)"));
        assert_eq!(given(&[("", "a + b")]).fill("x, low", "{x}"), None);
        assert_eq!(given(&[("", "x"), ("", "y")]).fill("x", "{x}"), None);
        assert_eq!(given(&[("of", "x")]).fill("x", "{x}"), None);
        let total = "sum({x!}^2⟨, axis = {axis}⟩)";
        assert_eq!(given(&[("", "a + b")]).fill("x, axis?", total).as_deref(), Some("sum((a + b)^2)"));
        let both = given(&[("", "a"), ("", "N")]);
        assert_eq!(both.fill("x, axis?", total).as_deref(), Some("sum(a^2, axis = N)"));
    }
}

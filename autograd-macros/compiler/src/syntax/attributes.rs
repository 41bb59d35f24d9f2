//! What the attributes of a model say, as far as the items that it becomes depend on it. They stay tokens: what an attribute
//! means is rustc's to say.

use proc_macro2::{Group, TokenStream, TokenTree};

/// Attributes without doc comments, which are handed on as text.
#[must_use]
pub fn without_docs(attributes: &TokenStream) -> TokenStream {
    let mut kept = TokenStream::new();
    let mut sign = None;
    for token in attributes.clone() {
        match &token {
            TokenTree::Group(group) => {
                let first = group.stream().into_iter().next();
                if first.is_none_or(|first| first.to_string() != "doc") {
                    kept.extend(sign.take());
                    kept.extend([token]);
                }
            }
            _ => sign = Some(token),
        }
    }
    kept
}

/// The attributes that can take the model away, each in its brackets: `[cfg(test)]`.
#[must_use]
pub fn conditions(attributes: &TokenStream) -> Vec<Group> {
    let groups = attributes.clone().into_iter().filter_map(|token| match token {
        TokenTree::Group(group) if is_condition(&group.stream()) => Some(group),
        _ => None,
    });
    groups.collect()
}

/// `cfg(…)`, or `cfg_attr(…)` that leads to one: no other attribute that it may lead to suits a module, such as a derive.
fn is_condition(attribute: &TokenStream) -> bool {
    let mut tokens = attribute.clone().into_iter();
    match (tokens.next().map(|name| name.to_string()).as_deref(), tokens.next()) {
        (Some("cfg"), _) => true,
        (Some("cfg_attr"), Some(TokenTree::Group(group))) => {
            let after_comma = |token: &TokenTree| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
            is_condition(&group.stream().into_iter().skip_while(after_comma).skip(1).collect())
        }
        _ => false,
    }
}

/// Whether attributes mention a name anywhere, such as that of a derived trait.
#[must_use]
pub fn mention(attributes: &TokenStream, name: &str) -> bool {
    attributes.clone().into_iter().any(|token| match token {
        TokenTree::Group(group) => mention(&group.stream(), name),
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    fn tokens(text: &str) -> TokenStream {
        TokenStream::from_str(text).expect("they are tokens")
    }

    #[test]
    fn docs_are_left_out() {
        let kept = without_docs(&tokens("#[doc = \"a line\"] #[derive(Eq)] /// more\n #[cfg(test)]"));
        assert_eq!(kept.to_string(), tokens("#[derive(Eq)] #[cfg(test)]").to_string());
    }

    #[test]
    fn conditions_may_be_conditional() {
        let attributes = tokens("#[cfg(a)] #[cfg_attr(b, cfg(c))] #[cfg_attr(d, derive(Eq))] #[derive(Eq)]");
        let found: Vec<String> = conditions(&attributes).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["[cfg (a)]", "[cfg_attr (b , cfg (c))]"]);
    }

    #[test]
    fn names_are_found_inside() {
        let attributes = tokens("#[cfg_attr(a, derive(Default))]");
        assert!(mention(&attributes, "Default") && !mention(&attributes, "Eq"));
    }
}

//! Which resources a field holds whole, as its type tells.

use crate::relation::RelationKind;
use crate::shape::argument;
use syn::Type;

/// Names of types that are certainly no resources, beside those that are unwrapped.
const NO_RESOURCES: &str = "Option Vec VecDeque LinkedList HashSet BTreeSet HashMap BTreeMap String str char bool Uuid \
    f32 f64 u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize";

/// What a field embeds.
pub struct Embedded<'a> {
    pub kind: RelationKind,
    /// The struct; whether it is a resource, the compiler checks.
    pub resource: &'a Type,
}

impl<'a> Embedded<'a> {
    /// What a field of this type embeds; `None` for what is certainly no resource.
    pub fn of(field: &'a Type) -> Option<Self> {
        let one = |resource| Self { kind: RelationKind::One, resource };
        let many = |resource| Self { kind: RelationKind::Many, resource };
        match unwrapped(field) {
            Type::Array(list) => alone(&list.elem).map(many),
            Type::Slice(list) => alone(&list.elem).map(many),
            Type::Path(path) => {
                let last = path.path.segments.last()?;
                match last.ident.to_string().as_str() {
                    "Option" => Self::of(argument(&last.arguments)?),
                    "Vec" | "VecDeque" | "LinkedList" | "HashSet" | "BTreeSet" => {
                        alone(argument(&last.arguments)?).map(many)
                    }
                    _ => alone(field).map(one),
                }
            }
            _ => None,
        }
    }
}

/// A type that may be a resource: no list, nothing that may be null, no plain value.
fn alone(kind: &Type) -> Option<&Type> {
    let Type::Path(path) = unwrapped(kind) else { return None };
    let last = path.path.segments.last()?;
    let is_plain = NO_RESOURCES.split(' ').any(|name| last.ident == name);
    (!is_plain).then(|| unwrapped(kind))
}

/// What is in parentheses, references and boxes.
fn unwrapped(kind: &Type) -> &Type {
    match kind {
        Type::Reference(reference) => unwrapped(&reference.elem),
        Type::Paren(inner) => unwrapped(&inner.elem),
        Type::Group(inner) => unwrapped(&inner.elem),
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if matches!(last.ident.to_string().as_str(), "Box" | "Rc" | "Arc") => {
                argument(&last.arguments).map_or(kind, unwrapped)
            }
            _ => kind,
        },
        _ => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;

    fn embedded(text: &str) -> Option<(RelationKind, String)> {
        let kind: Type = syn::parse_str(text).unwrap();
        let embedded = Embedded::of(&kind)?;
        Some((embedded.kind, embedded.resource.to_token_stream().to_string()))
    }

    #[test]
    fn one_resource_is_found_through_options_and_boxes() {
        for text in ["Tag", "Option<Tag>", "Box<Tag>", "Option<Box<Tag>>", "std::sync::Arc<Tag>", "(Tag)"] {
            assert_eq!(embedded(text), Some((RelationKind::One, "Tag".to_owned())), "{text}");
        }
    }

    #[test]
    fn many_resources_are_found_in_lists() {
        for text in
            ["Vec<Tag>", "Option<Vec<Tag>>", "Box<[Tag]>", "[Tag; 3]", "Vec<Arc<Tag>>", "HashSet<Tag>"]
        {
            assert_eq!(embedded(text), Some((RelationKind::Many, "Tag".to_owned())), "{text}");
        }
    }

    #[test]
    fn plain_values_maps_and_lists_of_what_may_be_null_embed_nothing() {
        for text in
            ["String", "Vec<String>", "BTreeMap<String, Tag>", "Vec<Option<Tag>>", "Vec<Vec<Tag>>", "(A, B)"]
        {
            assert_eq!(embedded(text), None, "{text}");
        }
    }
}

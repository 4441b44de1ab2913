//! What JSON a field's type writes, where its name tells.

use syn::{GenericArgument, PathArguments, Type};

/// What can be told from a type's name. A type of the app's own, or an alias, is `Unknown`, and is taken on trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// An array.
    List,
    /// An integer that is not null.
    Integer,
    /// A string that is not null.
    Text,
    /// Something else that is certainly no array, integer or string, or may be null.
    Other,
    Unknown,
}

impl Shape {
    /// What this type writes.
    pub fn of(kind: &Type) -> Self {
        match kind {
            Type::Array(_) | Type::Slice(_) => Self::List,
            Type::Reference(reference) => Self::of(&reference.elem),
            Type::Paren(inner) => Self::of(&inner.elem),
            Type::Group(inner) => Self::of(&inner.elem),
            Type::Path(path) => {
                let Some(last) = path.path.segments.last() else { return Self::Unknown };
                match last.ident.to_string().as_str() {
                    "Vec" | "VecDeque" | "LinkedList" | "HashSet" | "BTreeSet" => Self::List,
                    "String" | "str" | "Uuid" => Self::Text,
                    "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "isize" => {
                        Self::Integer
                    }
                    "Option" | "bool" | "f32" | "f64" | "HashMap" | "BTreeMap" => Self::Other,
                    "Box" | "Rc" | "Arc" => argument(&last.arguments).map_or(Self::Unknown, Self::of),
                    _ => Self::Unknown,
                }
            }
            _ => Self::Unknown,
        }
    }

    /// What this type writes where it is not null.
    pub fn of_present(kind: &Type) -> Self {
        if let Type::Path(path) = kind
            && let Some(last) = path.path.segments.last()
            && last.ident == "Option"
        {
            return argument(&last.arguments).map_or(Self::Unknown, Self::of_present);
        }
        Self::of(kind)
    }
}

/// The first type in angle brackets.
pub fn argument(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(kind) => Some(kind),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Shape {
        Shape::of(&syn::parse_str(text).unwrap())
    }

    #[test]
    fn shapes_are_told_by_name_and_through_boxes() {
        assert_eq!(shape("std::vec::Vec<u8>"), Shape::List);
        assert_eq!(shape("Box<[String]>"), Shape::List);
        assert_eq!(shape("[u8; 4]"), Shape::List);
        assert_eq!(shape("Arc<str>"), Shape::Text);
        assert_eq!(shape("i64"), Shape::Integer);
        assert_eq!(shape("Option<i64>"), Shape::Other);
        assert_eq!(shape("FileId"), Shape::Unknown);
    }

    #[test]
    fn what_may_be_null_has_the_shape_of_what_is_there() {
        assert_eq!(Shape::of_present(&syn::parse_str("Option<Vec<u8>>").unwrap()), Shape::List);
        assert_eq!(Shape::of_present(&syn::parse_str("Option<String>").unwrap()), Shape::Text);
        assert_eq!(Shape::of_present(&syn::parse_str("bool").unwrap()), Shape::Other);
    }
}

//! Types where they are used.

use crate::json_text::is_name;
use crate::model::{Field, Model, Shape, Type};

/// A type as TypeScript writes it.
pub(crate) fn value(model: &Model, ty: &Type) -> String {
    match ty {
        Type::Bool => "boolean".into(),
        Type::Int(_) | Type::Float => "number".into(),
        Type::Text | Type::Uuid | Type::Moment => "string".into(),
        Type::Any => "unknown".into(),
        Type::Optional(inner) => format!("{} | null", value(model, inner)),
        Type::List(inner) => list(model, inner),
        Type::Array(inner, length) if *length <= 16 => tuple(model, &vec![inner.as_ref().clone(); *length]),
        Type::Array(inner, _) => list(model, inner),
        Type::Map(key, inner) => {
            let (key, question) = map_key(model, key);
            format!("{{ readonly [key in {key}]{question}: {} }}", value(model, inner))
        }
        // Serde writes `()` as null.
        Type::Tuple(parts) if parts.is_empty() => "null".into(),
        Type::Tuple(parts) => tuple(model, parts),
        Type::Named(name, parameters) if parameters.is_empty() => name.clone(),
        Type::Named(name, parameters) => {
            let parameters: Vec<_> = parameters.iter().map(|parameter| value(model, parameter)).collect();
            format!("{name}<{}>", parameters.join(", "))
        }
        Type::Parameter(name) | Type::Written(name) => name.clone(),
    }
}

fn list(model: &Model, element: &Type) -> String {
    match element {
        Type::Optional(_) | Type::Written(_) => format!("readonly ({})[]", value(model, element)),
        Type::List(_) | Type::Array(..) | Type::Tuple(_) => format!("readonly ({})[]", value(model, element)),
        _ => format!("readonly {}[]", value(model, element)),
    }
}

fn tuple(model: &Model, parts: &[Type]) -> String {
    let parts: Vec<_> = parts.iter().map(|part| value(model, part)).collect();
    format!("readonly [{}]", parts.join(", "))
}

/// Keys are text in JSON, whatever they are in Rust. Not every name of an enum need be there.
fn map_key(model: &Model, key: &Type) -> (String, &'static str) {
    match key {
        Type::Named(name, _) => match model.get(name).map(|found| &found.shape) {
            Some(Shape::Names(_)) => (name.clone(), "?"),
            Some(Shape::Wrapper(Type::Text | Type::Uuid)) => (name.clone(), ""),
            Some(Shape::Wrapper(inner)) => map_key(model, inner),
            _ => ("string".into(), ""),
        },
        _ => ("string".into(), ""),
    }
}

/// A member of an object, without what ends it.
pub(crate) fn member(model: &Model, field: &Field) -> String {
    let question = if field.may_be_missing { "?" } else { "" };
    format!("readonly {}{question}: {}", property(&field.key), value(model, &field.ty))
}

/// The name of a property, in quotes where it must be.
pub(crate) fn property(name: &str) -> String {
    if is_name(name) { name.to_owned() } else { text(name) }
}

/// A text in quotes.
pub(crate) fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

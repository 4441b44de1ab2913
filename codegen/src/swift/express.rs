//! Types where they are used: their names, and how they are read and written.

use crate::layout;
use crate::model::{Model, Shape, Type, Width};

/// A type as Swift writes it.
pub(crate) fn value(ty: &Type) -> String {
    match ty {
        Type::Bool => "Bool".into(),
        Type::Int(Width::Narrow) => "Int".into(),
        Type::Int(Width::Unsigned32 | Width::Wide) => "Int64".into(),
        Type::Float => "Double".into(),
        Type::Text => "String".into(),
        Type::Uuid => "UUID".into(),
        Type::Moment => "Date".into(),
        Type::Any | Type::Tuple(_) | Type::Written(_) => "JSONValue".into(),
        Type::Optional(inner) => format!("{}?", value(inner)),
        Type::List(inner) | Type::Array(inner, _) => format!("[{}]", value(inner)),
        Type::Map(_, inner) => format!("[String: {}]", value(inner)),
        Type::Named(name, parameters) if parameters.is_empty() => name.clone(),
        Type::Named(name, parameters) => {
            format!("{name}<{}>", parameters.iter().map(value).collect::<Vec<_>>().join(", "))
        }
        Type::Parameter(name) => name.clone(),
    }
}

/// An expression, and whether it needs a `try`.
pub(crate) struct Expression {
    pub text: String,
    pub throws: bool,
}

impl Expression {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), throws: false }
    }

    fn throwing(text: impl Into<String>) -> Self {
        Self { text: text.into(), throws: true }
    }

    /// With the `try` that it needs.
    pub fn tried(&self) -> String {
        if self.throws { format!("try {}", self.text) } else { self.text.clone() }
    }
}

/// How a value is read from packed rows; `reader` is what it is read from.
pub(crate) fn read(model: &Model, ty: &Type, reader: &str) -> Expression {
    let of = |inner: &Type, method: &str| {
        let inner = read(model, inner, "$0");
        Expression { text: format!("{reader}.{method} {{ {} }}", inner.tried()), throws: inner.throws }
    };
    let json = || Expression::throwing(format!("{reader}.json({}.self)", value(ty)));
    match ty {
        Type::Bool => Expression::plain(format!("{reader}.bool()")),
        Type::Int(_) => Expression::plain(format!("{reader}.int({}.self)", value(ty))),
        Type::Float => Expression::plain(format!("{reader}.double()")),
        Type::Text => Expression::plain(format!("{reader}.text()")),
        Type::Uuid => Expression::plain(format!("{reader}.uuid()")),
        Type::Moment => Expression::plain(format!("{reader}.date()")),
        Type::Optional(inner) => of(inner, "optional"),
        Type::List(inner) | Type::Array(inner, _) => of(inner, "list"),
        Type::Map(_, inner) => of(inner, "map"),
        Type::Named(name, parameters) if parameters.is_empty() && layout::is_packed(model, name) => {
            match model.get(name).map(|definition| &definition.shape) {
                Some(Shape::Record(_)) => Expression::throwing(format!("{name}(from: &{reader})")),
                Some(Shape::Wrapper(inner)) => {
                    let inner = read(model, inner, reader);
                    Expression { text: format!("{name}(rawValue: {})", inner.text), throws: inner.throws }
                }
                Some(Shape::Names(_)) => Expression::throwing(format!("{reader}.word({name}.self)")),
                _ => json(),
            }
        }
        _ => json(),
    }
}

/// A value as it is encoded: UUIDs are text in lower case in JSON, which Swift's own coding does otherwise.
pub(crate) fn encoded(expression: &str, ty: &Type) -> String {
    if !ty.any(&|part| *part == Type::Uuid) {
        return expression.to_owned();
    }
    match ty {
        Type::Uuid => format!("{expression}.uuidString.lowercased()"),
        Type::Optional(inner) => format!("{expression}.map {{ {} }}", encoded("$0", inner)),
        Type::List(inner) | Type::Array(inner, _) => {
            format!("{expression}.map {{ {} }}", encoded("$0", inner))
        }
        Type::Map(_, inner) => format!("{expression}.mapValues {{ {} }}", encoded("$0", inner)),
        _ => expression.to_owned(),
    }
}

/// Whether a value of the type `of` has one of the type `name` in it, without a list or a map in between.
pub(crate) fn holds(model: &Model, of: &Type, name: &str) -> bool {
    holds_unseen(model, of, name, &mut Vec::new())
}

fn holds_unseen(model: &Model, of: &Type, name: &str, seen: &mut Vec<String>) -> bool {
    match of {
        Type::Optional(inner) => holds_unseen(model, inner, name, seen),
        Type::Named(other, _) if other == name => true,
        Type::Named(other, _) if !seen.contains(other) => {
            seen.push(other.clone());
            let Some(definition) = model.get(other) else { return false };
            parts(&definition.shape).into_iter().any(|part| holds_unseen(model, part, name, seen))
        }
        _ => false,
    }
}

/// The types that a value of this shape may have in it.
pub(crate) fn parts(shape: &Shape) -> Vec<&Type> {
    use crate::model::Payload;
    match shape {
        Shape::Record(fields) => fields.iter().map(|field| &field.ty).collect(),
        Shape::Wrapper(inner) => vec![inner],
        Shape::Tuple(parts) => parts.iter().collect(),
        Shape::Names(_) => Vec::new(),
        Shape::Choice(_, variants) => variants
            .iter()
            .flat_map(|variant| match &variant.payload {
                Payload::Nothing => Vec::new(),
                Payload::One(inner) => vec![inner],
                Payload::Tuple(parts) => parts.iter().collect(),
                Payload::Record(fields) => fields.iter().map(|field| &field.ty).collect(),
            })
            .collect(),
    }
}
